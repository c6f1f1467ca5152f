//! Frames through the engine.

use crate::{Frame, Run};
use vigie_engine::{CameraAnalysis, FrameInput};
use vigie_protocol::EventKind;

/// A signal as a case sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Got {
    /// Kind of situation.
    pub event: EventKind,
    /// Name of the zone.
    pub zone: Option<String>,
    /// When it was raised, seconds from the start of the case.
    pub secs: f64,
    /// People in the zone.
    pub count: u16,
}

/// The signals of a run.
#[must_use]
pub fn replay(run: &Run) -> Vec<Got> {
    let mut camera = CameraAnalysis::new(run.settings.clone());
    let mut got = Vec::new();
    for frame in &run.frames {
        let step = camera.step(&input(frame));
        got.extend(step.raised.iter().map(|signal| Got {
            event: signal.event,
            zone: signal.zone_name.clone(),
            secs: frame.scenario_secs,
            count: signal.count,
        }));
    }
    got
}

/// Everything that the engine says of these frames, as text, a line a frame; `before_step` may meddle.
///
/// # Panics
/// Never: what the engine says can be written as JSON.
#[must_use]
pub fn transcript(run: &Run, frames: &[Frame], mut before_step: impl FnMut(&mut CameraAnalysis)) -> String {
    let mut camera = CameraAnalysis::new(run.settings.clone());
    let mut transcript = String::new();
    for frame in frames {
        before_step(&mut camera);
        let step = camera.step(&input(frame));
        transcript += &serde_json::to_string(&step).expect("output is serialisable");
        transcript.push('\n');
    }
    transcript
}

fn input(frame: &Frame) -> FrameInput<'_> {
    FrameInput { discontinuity: frame.discontinuity, ..FrameInput::new(frame.at, &frame.detections) }
}
