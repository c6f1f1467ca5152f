//! What an entry of the audit log says. The list grows; a reader keeps what it does not know as [`Record::Unknown`].

use crate::{CameraId, Decision, Signal, SignalId, ZoneId};
use serde::{Deserialize, Serialize};

/// One fact on the record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Record {
    /// The post started (page opened or reloaded).
    PostStarted {
        /// Version of Vigie.
        software: String,
        /// Display name of the post.
        name: String,
    },
    /// A signal was raised. Written before anyone sees it.
    SignalRaised(Signal),
    /// A signal was first shown to the operator.
    SignalShown {
        /// Which one.
        signal: SignalId,
    },
    /// A signal was answered.
    SignalDecided(Decision),
    /// An answer was taken back; the signal waits again.
    SignalReopened {
        /// Which one.
        signal: SignalId,
    },
    /// A camera began to be analysed here.
    CameraOpened {
        /// Which one.
        camera: CameraId,
        /// Kind of source: `whep`, `file` or `webcam`.
        source: String,
    },
    /// A camera stopped being analysed here.
    CameraClosed {
        /// Which one.
        camera: CameraId,
    },
    /// A camera's picture was lost.
    CameraLost {
        /// Which one.
        camera: CameraId,
        /// Why: `stalled`, `disconnected` or `refused`.
        cause: String,
    },
    /// A camera's picture came back.
    CameraRestored {
        /// Which one.
        camera: CameraId,
        /// Seconds without a picture.
        blind_secs: f32,
    },
    /// A zone was drawn or changed.
    ZoneSaved {
        /// Which one.
        zone: ZoneId,
        /// On which camera.
        camera: CameraId,
        /// Its name.
        name: String,
        /// Corners in shares of the picture's width and height.
        polygon: Vec<[f32; 2]>,
        /// Presence needed before a signal, seconds.
        dwell_secs: f32,
    },
    /// A zone was removed.
    ZoneRemoved {
        /// Which one.
        zone: ZoneId,
        /// From which camera.
        camera: CameraId,
    },
    /// The engine started, or another one took over.
    EngineReady {
        /// `cpu` or `webgpu`.
        engine: String,
        /// Adapter as the browser names it.
        adapter: String,
        /// Network.
        model: String,
        /// Largest deviation that the start-up self-test found.
        selftest_deviation: f32,
        /// Why an engine higher in the order is not in use; empty when there is none.
        fallback_reason: String,
    },
    /// The engine failed.
    EngineFault {
        /// What happened.
        message: String,
    },
    /// A record of a later version of Vigie. Kept, chained, and shown as such.
    #[serde(other)]
    Unknown,
}
