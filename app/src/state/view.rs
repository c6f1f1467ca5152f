//! The view model.

use super::zones::ZoneView;
use std::rc::Rc;
use vigie_engine::{
    CameraSettings, Health, PolygonError,
    network::{InputSize, ModelName},
    scene::Rule,
};
use vigie_protocol::{CameraId, ChainError, ChainHead, Decision, PostId, Signal, SignalId, sync::CameraInfo};
use vigie_worker::messages::{EngineKind, EngineReport, FailureCode, Stage};

/// Everything that the interface shows. Long lists hold shared pointers: a new state is a cheap copy of the last.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct AppState {
    /// This post; `None` until the journal is open.
    pub post: Option<PostId>,
    /// Its display name.
    pub post_name: String,
    /// Cameras on the wall, in order.
    pub cameras: Vec<Rc<CameraView>>,
    /// Cameras that the relay offers.
    pub offered: Vec<CameraInfo>,
    /// Signals of this and other posts, newest first; at most [`AppState::MAX_SIGNALS`] or those that wait here, if they are
    /// more. Older ones are in the record.
    pub signals: Vec<Rc<SignalView>>,
    /// The engine.
    pub engine: EngineView,
    /// The relay.
    pub relay: RelayView,
    /// The journal.
    pub storage: StorageView,
    /// The last rows of the record, newest first; at most [`AppState::MAX_ROWS`].
    pub record: Vec<Rc<RecordRow>>,
    /// Messages to the operator, oldest first; at most [`AppState::MAX_NOTICES`].
    pub notices: Vec<Notice>,
    /// Whether the browser plays our sound (it wants a first touch or key).
    pub sound_unlocked: bool,
}

impl AppState {
    /// Signals kept in the interface.
    pub const MAX_SIGNALS: usize = 500;
    /// Record rows kept in the interface.
    pub const MAX_ROWS: usize = 500;
    /// Notices kept; the oldest goes first.
    pub const MAX_NOTICES: usize = 5;
}

/// One camera on the wall.
#[derive(Clone, Debug, PartialEq)]
pub struct CameraView {
    /// Its name.
    pub id: CameraId,
    /// Its display name.
    pub name: String,
    /// `whep`, `file` or `webcam`.
    pub source: String,
    /// How it does.
    pub status: CameraStatus,
    /// What is drawn on it.
    pub zones: Vec<ZoneView>,
    /// Everything that is set for it.
    pub settings: Rc<CameraSettings>,
    /// Rules that were switched off, with their thresholds.
    pub off: Vec<Rule>,
    /// What is the matter with its picture.
    pub health: Health,
    /// Frames that the camera delivered.
    pub seen: u64,
    /// Frames that were analysed.
    pub analysed: u64,
    /// Frames passed over because the engine was busy with an earlier one.
    pub dropped: u64,
    /// Persons in the last analysed frame.
    pub persons: usize,
    /// Seconds since the last analysis; `None` before the first.
    pub analysis_age_secs: Option<f32>,
}

/// How a camera does.
#[derive(Clone, Debug, PartialEq)]
pub enum CameraStatus {
    /// Connecting for the first time.
    Connecting,
    /// Pictures arrive.
    Live,
    /// Connected, but no new picture for some seconds.
    Stalled {
        /// For how long.
        secs: f32,
    },
    /// Not connected; trying again.
    Reconnecting {
        /// Which attempt this is, from 1.
        attempt: u32,
        /// Seconds to the next attempt.
        next_in_secs: f32,
        /// What went wrong, in English, for the details line.
        cause: String,
    },
    /// A file that has ended, or a source that the operator must give again (a webcam refused).
    Ended {
        /// What went wrong, if anything.
        cause: Option<String>,
    },
}

/// Where a signal stands.
#[derive(Clone, Debug, PartialEq)]
pub enum SignalState {
    /// Waits for an answer.
    Open,
    /// Answered.
    Decided(Decision),
}

/// A signal in the queue.
#[derive(Clone, Debug, PartialEq)]
pub struct SignalView {
    /// As recorded.
    pub signal: Signal,
    /// The post that raised it.
    pub post: PostId,
    /// Whether that is this post (only then is there a loop, and only then is it answered here).
    pub own: bool,
    /// Where it stands.
    pub state: SignalState,
    /// Whether the 5-second loop is stored here.
    pub has_clip: bool,
    /// Whether the relay has acknowledged the entry (own signals).
    pub synced: bool,
}

/// How the engine does.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum EngineStatus {
    /// Not started.
    #[default]
    Idle,
    /// Starting.
    Starting {
        /// What it is doing.
        stage: Option<Stage>,
        /// Share done, 0 to 1, when known.
        progress: Option<f32>,
    },
    /// Analysing.
    Ready(EngineReport),
    /// No engine works.
    Failed {
        /// Kind of failure.
        code: FailureCode,
        /// Details, in English.
        message: String,
    },
}

/// The engine panel.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct EngineView {
    /// How it does.
    pub status: EngineStatus,
    /// Why an engine higher in the order is not in use.
    pub fallback: Option<(FailureCode, String)>,
    /// Milliseconds per frame in the worker: median over the last 100 frames.
    pub p50_ms: Option<f64>,
    /// The same, 95th percentile.
    pub p95_ms: Option<f64>,
    /// Frames analysed per second, all cameras, over the last 5 seconds.
    pub rate: f32,
    /// Network chosen.
    pub model: Option<ModelName>,
    /// Input size chosen.
    pub input: Option<InputSize>,
}

/// Whether the relay is reached.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub enum Link {
    /// First attempt.
    #[default]
    Connecting,
    /// Entries flow.
    Online,
    /// Working alone.
    Offline {
        /// Since when, milliseconds since the Unix epoch.
        since_ms: i64,
    },
    /// The relay refuses this post's entries (its chain differs): a person must look.
    Refused,
}

/// The relay.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct RelayView {
    /// Whether it is reached.
    pub link: Link,
    /// Entries not yet acknowledged.
    pub pending: u64,
    /// Demo mode: localhost only, no sign-in.
    pub demo: bool,
    /// Its version.
    pub version: String,
    /// Why it refuses, when it does.
    pub refusal: Option<String>,
}

/// The journal in this browser.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct StorageView {
    /// Last entry of this post's chain.
    pub head: Option<ChainHead>,
    /// Whether the browser promised not to evict it.
    pub persistent: bool,
    /// What fails, in English: writing (signals are shown all the same, with this warning), opening, or reading back.
    pub error: Option<String>,
    /// Another tab of this browser is the post; this one waits and does nothing.
    pub other_tab: bool,
}

/// A line of the record.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordRow {
    /// Whose chain.
    pub post: PostId,
    /// Place in that chain.
    pub seq: u64,
    /// When, milliseconds since the Unix epoch.
    pub at_ms: i64,
    /// What.
    pub record: vigie_protocol::Record,
    /// Hash of the entry.
    pub hash: vigie_protocol::Hash,
    /// Whether the relay has acknowledged it.
    pub synced: bool,
}

/// How loud a notice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeLevel {
    /// Good to know; goes by itself.
    Info,
    /// Something is degraded.
    Warning,
    /// Something failed.
    Error,
}

/// A message to the operator.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// To close it by.
    pub id: u64,
    /// How loud.
    pub level: NoticeLevel,
    /// Fluent message id.
    pub message: &'static str,
    /// Its arguments.
    pub args: Vec<(&'static str, NoticeArg)>,
}

/// What a notice tells, to be put into words in the language of the interface.
#[derive(Clone, Debug, PartialEq)]
pub enum NoticeArg {
    /// A name, a number, or details in English.
    Text(String),
    /// Why an engine is not in use.
    Failure(FailureCode),
    /// Which engine.
    Engine(EngineKind),
    /// Why a zone is none.
    Shape(PolygonError),
    /// Why an entry does not continue the chain.
    Chain(ChainError),
    /// What is stored is no entry.
    Unreadable,
}

impl From<String> for NoticeArg {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl SignalView {
    /// Identity of the incident.
    #[must_use]
    pub fn id(&self) -> SignalId {
        self.signal.id
    }

    /// Whether this post still has to answer it: such a signal stays, however many there are.
    #[must_use]
    pub fn waits_here(&self) -> bool {
        self.own && self.state == SignalState::Open
    }
}
