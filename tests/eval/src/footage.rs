//! The shared footage: what happens in it, as data in `footage/*.json`. The footage itself is not part of the project.

use crate::feed::{Feed, Source};
use crate::network::NetworkOptions;
use crate::record::record;
use crate::run::{DEFAULT_FPS, analyse};
use crate::source::Selection;
use crate::table::Row;
use anyhow::Context as _;
use serde::Deserialize;
use std::path::{Path, PathBuf};
use vigie_engine::CameraSettings;
use vigie_scenarios::{Expected, Got, Playback, judge, read_recording};

/// A piece of footage, and what should come of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Footage {
    /// Name of the case: that of its file, under `footage/`.
    #[serde(skip)]
    pub(crate) name: String,
    /// Where it is, in the shared folder's `data`.
    file: PathBuf,
    /// From the last frame to the first.
    #[serde(default)]
    reverse: bool,
    /// The camera.
    settings: CameraSettings,
    /// What should come of it.
    expected: Expected,
}

/// The shared folder beside the checkout.
pub(crate) fn default_shared() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared")
}

/// All of them, by name.
pub(crate) fn read_all() -> anyhow::Result<Vec<Footage>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("footage");
    let entries = std::fs::read_dir(&folder).with_context(|| format!("listing {}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|end| end == "json"));
    files.sort();
    files.iter().map(|file| read(file)).collect()
}

fn read(file: &Path) -> anyhow::Result<Footage> {
    let text = std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    let mut footage: Footage =
        serde_json::from_str(&text).with_context(|| format!("reading {}", file.display()))?;
    footage.name = format!("footage/{}", stem(file));
    Ok(footage)
}

fn stem(file: &Path) -> String {
    file.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// Runs one. Detections come from `recordings` where it has them, else from what an earlier run left in the target directory, else
/// from the network.
pub(crate) fn run(
    footage: &Footage,
    shared: &Path,
    recordings: Option<&Path>,
    network: &NetworkOptions,
) -> anyhow::Result<Row> {
    let video = shared.join("data").join(&footage.file);
    anyhow::ensure!(video.exists(), "{} is not there", video.display());
    let selection = Selection { fps: Some(DEFAULT_FPS), ..Selection::default() };
    let recording = detections(&video, recordings, network, selection)?;
    let source = Source::Both(&video, read_recording(&recording)?);
    let feed = Feed::open(source, selection, footage.reverse, false)?;
    let outcome = analyse(footage.settings.clone(), feed, |_, _| Ok(()))?;
    let got = Playback {
        signals: outcome
            .signals
            .iter()
            .map(|line| Got {
                event: line.event,
                zone: line.zone.clone(),
                secs: line.at_secs,
                count: line.count,
            })
            .collect(),
        health: outcome.health,
        ..Playback::default()
    };
    let verdict = judge(&footage.expected, &got, true);
    let mut row = Row::new(&footage.name);
    row.add(&footage.expected, &got, &verdict, outcome.hours);
    row.complaints.clone_from(&verdict.complaints);
    row.judged(verdict.passes(), footage.expected.known_failure.as_deref());
    Ok(row)
}

/// A recording of this footage, made now if need be.
fn detections(
    video: &Path,
    recordings: Option<&Path>,
    network: &NetworkOptions,
    selection: Selection,
) -> anyhow::Result<PathBuf> {
    let name = stem(video);
    let model = network.model_name();
    let given = recordings.map(|folder| folder.join(format!("{name}.{model}.jsonl")));
    if let Some(given) = given.filter(|given| given.exists()) {
        return Ok(given);
    }
    let folder = target_folder().join("vigie/eval/detections");
    let kept = folder.join(format!("{name}.{model}.{}.jsonl", network.input_name()));
    if !kept.exists() {
        std::fs::create_dir_all(&folder).context("creating a folder for recordings")?;
        record(video, network, selection, &kept)?;
    }
    Ok(kept)
}

/// Cargo's target directory, seen from `<target>/<profile>/vigie-eval`.
pub(crate) fn target_folder() -> PathBuf {
    let binary = std::env::current_exe().unwrap_or_default();
    binary.ancestors().nth(2).unwrap_or(Path::new("")).to_path_buf()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happens_in_the_footage_is_well_formed() {
        let all = read_all().unwrap();
        assert!(all.len() >= 10);
        for footage in all {
            assert!(footage.file.starts_with("footage"), "{}", footage.name);
            assert!(
                footage.expected.signals.iter().all(|signal| signal.from < signal.until),
                "{}",
                footage.name
            );
        }
    }
}
