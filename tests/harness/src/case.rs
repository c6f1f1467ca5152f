//! A case: its folder, what should happen, and each way in which it is run.

use crate::script::Script;
use crate::{CaseError, Dice, Expected, Frame, read_recording};
use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};
use vigie_engine::CameraSettings;

/// A case, read.
#[derive(Clone, Debug)]
pub struct Case {
    /// Event and name, as the folders are called: `zone_intrusion/plaza`.
    pub name: String,
    /// What should happen.
    pub expected: Expected,
    /// Each way in which it is run.
    pub runs: Vec<Run>,
}

/// A case at one frame rate.
#[derive(Clone, Debug)]
pub struct Run {
    /// Name of the case, and what is special about this run.
    pub name: String,
    /// The camera's settings.
    pub settings: CameraSettings,
    /// What the engine gets.
    pub frames: Vec<Frame>,
    /// Every frame, or evenly every second to fourth, from the first one on: nothing is excused.
    pub strict: bool,
}

/// The folders of all cases, in order.
///
/// # Errors
/// When a folder cannot be listed.
pub fn cases() -> Result<Vec<PathBuf>, CaseError> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios");
    let mut cases = Vec::new();
    for event in folders(&root)? {
        cases.extend(folders(&event)?);
    }
    Ok(cases)
}

fn folders(path: &Path) -> Result<Vec<PathBuf>, CaseError> {
    let entries = std::fs::read_dir(path).map_err(|error| CaseError::new(path, &error))?;
    let mut folders: Vec<PathBuf> =
        entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    Ok(folders)
}

/// Reads a case.
///
/// # Errors
/// When a file is missing or not what it should be.
pub fn load(folder: &Path) -> Result<Case, CaseError> {
    let tail: Vec<_> = folder.iter().rev().take(2).map(|part| part.to_string_lossy()).collect();
    let name = tail.iter().rev().map(AsRef::as_ref).collect::<Vec<&str>>().join("/");
    let settings: CameraSettings = parse(&folder.join("settings.json"))?;
    let run = |what: String, frames: Vec<Frame>, strict: bool| Run {
        name: format!("{name}{what}"),
        settings: settings.clone(),
        frames,
        strict,
    };
    let recorded = folder.join("detections.jsonl");
    let runs = if recorded.exists() {
        let frames: Vec<Frame> = read_recording(&recorded)?
            .iter()
            .map(|frame| Frame {
                scenario_secs: frame.t,
                at: frame.at(),
                discontinuity: frame.discontinuity,
                detections: frame.detections(),
                sketch: None,
            })
            .collect();
        // Slower machines see every second, third or fourth of these frames, from any of them on, and come to the same
        // signals. Busy ones see them as they can.
        let even = (1..=4).flat_map(|stride| (0..stride).map(move |first| (stride, first)));
        let even = even.map(|(stride, first)| {
            let frames = frames.iter().skip(first).step_by(stride).cloned().collect();
            run(format!(" every {stride} from {first}"), frames, first == 0)
        });
        let uneven = (0..20).map(|seed| run(format!(" uneven {seed}"), unevenly(&frames, seed), false));
        even.chain(uneven).collect()
    } else {
        let script: Script = parse(&folder.join("script.json"))?;
        let at = |fps: &f64| run(format!(" at {fps} fps"), script.frames(*fps, settings.aspect), true);
        script.fps.iter().map(at).collect()
    };
    let expected = parse(&folder.join("expected.json"))?;
    Ok(Case { name, expected, runs })
}

fn parse<T: DeserializeOwned>(path: &Path) -> Result<T, CaseError> {
    let text = std::fs::read_to_string(path).map_err(|error| CaseError::new(path, &error))?;
    serde_json::from_str(&text).map_err(|error| CaseError::new(path, &error))
}

/// Every second to fourth frame, at random.
fn unevenly(frames: &[Frame], seed: u64) -> Vec<Frame> {
    let mut dice = Dice(seed);
    let (mut kept, mut next) = (Vec::new(), (4.0 * dice.roll()) as usize);
    while let Some(frame) = frames.get(next) {
        kept.push(frame.clone());
        next += 2 + (3.0 * dice.roll()) as usize;
    }
    kept
}
