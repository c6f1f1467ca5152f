//! `eval run`: one camera, from its footage or its recorded detections to its signals.

use crate::outputs::{Collector, Outcome};
use crate::settings;
use crate::source::Selection;
use anyhow::Context as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use vigie_engine::{CameraAnalysis, CameraSettings, FrameInput};
use vigie_scenarios::{RecordedFrame, read_recording};

/// Options of a run.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// The camera's settings, as the app saves them
    #[arg(long)]
    settings: PathBuf,
    /// Detections that were recorded before, instead of running the network
    #[arg(long)]
    detections: PathBuf,
    /// Where the signals go
    #[arg(long)]
    out: PathBuf,
    /// Where vetoes, health and interruptions go
    #[arg(long)]
    log: Option<PathBuf>,
    /// At most so many frames a second
    #[arg(long)]
    fps: Option<f64>,
    /// Nothing before this, seconds
    #[arg(long)]
    from: Option<f64>,
    /// Nothing from this on, seconds
    #[arg(long)]
    until: Option<f64>,
}

/// Runs and writes.
pub(crate) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let settings = settings::read(&options.settings)?;
    let selection = Selection { from: options.from, until: options.until, fps: options.fps };
    let frames = read_recording(&options.detections)?;
    let outcome = analyse(settings, &frames, selection)?;
    write(&options.out, &outcome.signals_text()?)?;
    if let Some(log) = &options.log {
        write(log, &outcome.log_text()?)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn analyse(
    settings: CameraSettings,
    frames: &[RecordedFrame],
    selection: Selection,
) -> anyhow::Result<Outcome> {
    let mut camera = CameraAnalysis::new(settings);
    let mut collector = Collector::default();
    let mut last = None;
    for frame in frames {
        let at = frame.at();
        if !selection.takes(at, last) {
            continue;
        }
        last = Some(at);
        let detections = frame.detections();
        let input = FrameInput { discontinuity: frame.discontinuity, ..FrameInput::new(at, &detections) };
        collector.take(&camera.step(&input))?;
    }
    Ok(collector.finish())
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    std::fs::write(path, text).with_context(|| format!("writing {}", path.display()))
}
