//! `eval run`: one camera, from its footage or its recorded detections to its signals.

use crate::draw::Film;
use crate::feed::{Feed, Moment, Source};
use crate::mot_output::MotWriter;
use crate::network::{Network, NetworkOptions};
use crate::outputs::{Collector, Outcome};
use crate::progress::Progress;
use crate::settings;
use crate::source::Selection;
use crate::video::frame_rate;
use anyhow::Context as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use vigie_engine::{CameraAnalysis, CameraSettings, Counted, FrameInput, Luma, StepOutput};
use vigie_scenarios::read_recording;

/// Frames a second that a camera is analysed at when nothing else is asked for: what a post reaches with a GPU.
pub(crate) const DEFAULT_FPS: f64 = 12.5;

/// Options of a run.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// The footage; without it, --detections alone, and nothing is known of motion and health
    #[arg(long, required_unless_present = "detections")]
    video: Option<PathBuf>,
    /// The camera's settings, as the app saves them
    #[arg(long)]
    settings: PathBuf,
    /// Detections that were recorded before, instead of running the network
    #[arg(long)]
    detections: Option<PathBuf>,
    /// Where the signals go
    #[arg(long)]
    out: PathBuf,
    /// Where vetoes, health and interruptions go
    #[arg(long)]
    log: Option<PathBuf>,
    /// Where tracks go, in the format of MOT16
    #[arg(long)]
    mot: Option<PathBuf>,
    /// Where a film goes on which everything is drawn (needs --video)
    #[arg(long, requires = "video")]
    draw: Option<PathBuf>,
    #[command(flatten)]
    network: NetworkOptions,
    /// At most 12.5 frames a second unless --fps, --mot or --detections say otherwise
    #[command(flatten)]
    selection: Selection,
    /// From the last frame to the first
    #[arg(long)]
    reverse: bool,
}

/// Runs and writes.
pub(crate) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let settings = settings::read(&options.settings)?;
    let mut selection = options.selection;
    let source = match (&options.video, &options.detections) {
        (Some(video), Some(recording)) => Source::Both(video, read_recording(recording)?),
        (None, Some(recording)) => Source::Recording(read_recording(recording)?),
        (Some(video), None) => {
            if options.mot.is_none() {
                selection.fps = selection.fps.or(Some(DEFAULT_FPS));
            }
            Source::Network(video, Box::new(Network::load(&options.network)?))
        }
        (None, None) => anyhow::bail!("neither footage nor detections are given"),
    };
    let rate = rate_of(&source, selection);
    let feed = Feed::open(source, selection, options.reverse, options.draw.is_some())?;
    let mut mot = options.mot.as_ref().map(|_| MotWriter::default());
    let mut film = options.draw.as_ref().map(|out| Film::new(out, &settings, rate));
    let outcome = analyse(settings, feed, |step, moment| {
        if let Some(mot) = &mut mot {
            mot.frame(step.at, step.tracks, moment.size);
        }
        if let (Some(film), Some(size)) = (&mut film, moment.size) {
            film.frame(&mut moment.rgba, size, &moment.detections, step)?;
        }
        Ok(())
    })?;
    film.map_or(Ok(()), Film::finish)?;
    write(&options.out, &outcome.signals_text()?)?;
    if let Some(path) = &options.log {
        write(path, &outcome.log_text()?)?;
    }
    if let (Some(path), Some(mot)) = (&options.mot, &mot) {
        write(path, &mot.text())?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The rate at which a film of this source plays as fast as the situation did, frames a second.
fn rate_of(source: &Source<'_>, selection: Selection) -> f64 {
    let even = match source {
        Source::Recording(lines) | Source::Both(_, lines) => lines
            .first()
            .zip(lines.last())
            .map(|(first, last)| (lines.len() - 1) as f64 / (last.t - first.t))
            .filter(|rate| rate.is_finite() && *rate > 0.0),
        Source::Network(path, _) => frame_rate(path),
    };
    even.map_or(DEFAULT_FPS, |rate| selection.rate_of(rate))
}

/// Runs the engine over all frames. `each` sees every step and the frame that it was made from.
///
/// # Errors
/// Those of the frames and of `each`.
pub(crate) fn analyse(
    settings: CameraSettings,
    mut feed: Feed,
    mut each: impl FnMut(&StepOutput<'_>, &mut Moment) -> anyhow::Result<()>,
) -> anyhow::Result<Outcome> {
    let mut camera = CameraAnalysis::new(settings);
    let mut collector = Collector::default();
    let mut progress = Progress::new("run");
    while let Some(moment) = feed.next()? {
        if let Some((width, height)) = moment.size {
            camera.set_aspect(width as f32 / height as f32);
        }
        let luma = moment.grey.as_ref().and_then(|(width, height, grey)| Luma::new(grey, *width, *height));
        let counted = moment.counted.as_ref();
        let step = camera.step(&FrameInput {
            luma,
            counted: counted.map(|(at, boxes)| Counted { at: *at, boxes, smallest_person: None }),
            discontinuity: moment.discontinuity,
            ..FrameInput::new(moment.at, &moment.detections)
        });
        collector.take(&step)?;
        each(&step, moment)?;
        progress.frame(moment.at);
    }
    Ok(collector.finish())
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    std::fs::write(path, text).with_context(|| format!("writing {}", path.display()))
}
