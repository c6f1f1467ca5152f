//! Frames through the engine.

use crate::{Frame, Run};
use vigie_engine::{CameraAnalysis, FrameInput, Health, Luma, StepOutput};
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

/// A veto as a case sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct GotVeto {
    /// Kind of situation that was held back.
    pub event: EventKind,
    /// Name of the veto.
    pub veto: String,
    /// When, seconds from the start of the case.
    pub secs: f64,
}

/// What came of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Playback {
    /// Time of the first frame, seconds from the start of the case.
    pub start_secs: f64,
    /// Signals, in the order in which they were raised.
    pub signals: Vec<Got>,
    /// Vetoes.
    pub vetoes: Vec<GotVeto>,
    /// What the camera could be trusted with: every change, from the first frame on.
    pub health: Vec<(f64, Health)>,
}

/// Runs a case.
#[must_use]
pub fn replay(run: &Run) -> Playback {
    let mut playback = Playback {
        start_secs: run.frames.first().map_or(0.0, |frame| frame.scenario_secs),
        ..Playback::default()
    };
    play(run, &run.frames, |_| (), |frame, step| playback.take(frame.scenario_secs, step));
    playback
}

/// Everything that the engine says of these frames, as text, a line a frame; `before_step` may meddle.
///
/// # Panics
/// Never: what the engine says can be written as JSON.
#[must_use]
pub fn transcript(run: &Run, frames: &[Frame], before_step: impl FnMut(&mut CameraAnalysis)) -> String {
    let mut transcript = String::new();
    play(run, frames, before_step, |_, step| {
        transcript += &serde_json::to_string(step).expect("output is serialisable");
        transcript.push('\n');
    });
    transcript
}

fn play(
    run: &Run,
    frames: &[Frame],
    mut before_step: impl FnMut(&mut CameraAnalysis),
    mut each: impl FnMut(&Frame, &StepOutput<'_>),
) {
    let mut camera = CameraAnalysis::new(run.settings.clone());
    let mut grey = Vec::new();
    for frame in frames {
        before_step(&mut camera);
        let size = frame.sketch.as_ref().map(|sketch| sketch.draw(&mut grey));
        let luma = size.and_then(|(width, height)| Luma::new(&grey, width, height));
        let input = FrameInput {
            discontinuity: frame.discontinuity,
            luma,
            ..FrameInput::new(frame.at, &frame.detections)
        };
        each(frame, &camera.step(&input));
    }
}

impl Playback {
    fn take(&mut self, secs: f64, step: &StepOutput<'_>) {
        self.signals.extend(step.raised.iter().map(|signal| Got {
            event: signal.event,
            zone: signal.zone_name.clone(),
            secs,
            count: signal.count,
        }));
        self.vetoes.extend(step.vetoed.iter().map(|vetoed| GotVeto {
            event: vetoed.event,
            veto: vetoed.veto.clone(),
            secs,
        }));
        if self.health.last().is_none_or(|(_, last)| *last != step.health) {
            self.health.push((secs, step.health));
        }
    }
}
