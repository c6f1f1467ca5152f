//! Situations as data: the cases of `tests/scenarios`, whose formats `tests/scenarios/README.md` describes.
//!
//! What lives here: reading cases and recordings, making frames from scripts, running them through the engine, and judging the
//! signals. The engine's tests and the evaluation both use it, so that a case means the same to both. What may not: footage,
//! networks, other programs.

mod case;
mod dice;
mod expected;
mod judge;
mod recording;
mod replay;
mod script;
mod sketch;

pub use case::{Case, Run, cases, load};
pub use dice::Dice;
pub use expected::{Expected, ExpectedHealth, ExpectedSignal, ExpectedVeto, HealthState};
pub use judge::{Verdict, judge};
pub use recording::{RecordedFrame, read_recording};
pub use replay::{Got, GotVeto, Playback, replay, transcript};
pub use sketch::Sketch;

use std::path::{Path, PathBuf};
use std::rc::Rc;
use vigie_engine::{Detection, Micros};

/// One frame as the engine gets it.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    /// Seconds from the start of the case; differs from `at` where a clock jumps.
    pub scenario_secs: f64,
    /// The camera's time.
    pub at: Micros,
    /// Whether it does not continue the frame before.
    pub discontinuity: bool,
    /// What the detector found.
    pub detections: Vec<Detection>,
    /// The grey picture, where there is one.
    pub sketch: Option<Rc<Sketch>>,
}

/// What is wrong with a file of a case, and which file it is.
#[derive(Debug)]
pub struct CaseError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub message: String,
}

impl CaseError {
    fn new(path: &Path, message: &impl ToString) -> Self {
        Self { path: path.to_path_buf(), message: message.to_string() }
    }
}

impl std::fmt::Display for CaseError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.message)
    }
}

impl std::error::Error for CaseError {}
