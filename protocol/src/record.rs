//! What an entry of the audit log says. The list grows; a reader keeps what it does not know as [`Record::Unknown`].

use crate::{CameraId, Decision, EventKind, Region, Signal, SignalId, ZoneId};
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
    /// A rule beside the zones was drawn, switched on or changed.
    RuleSaved {
        /// On which camera.
        camera: CameraId,
        /// Kind of situation.
        event: EventKind,
        /// The line or zone of the rule, if it has one.
        zone: Option<ZoneId>,
        /// Its name; empty without one.
        name: String,
        /// The whole rule in JSON, word for word as in the camera's settings file.
        settings: String,
    },
    /// A rule was removed or switched off: the camera no longer watches for it.
    RuleRemoved {
        /// From which camera.
        camera: CameraId,
        /// Kind of situation.
        event: EventKind,
        /// The line or zone of the rule, if it had one.
        zone: Option<ZoneId>,
        /// Its name; empty without one.
        name: String,
    },
    /// The camera's settings were replaced by those of a file. What changed by it follows, an entry each.
    SettingsLoaded {
        /// Of which camera.
        camera: CameraId,
        /// Zones in the file.
        zones: u32,
        /// Rules in the file.
        rules: u32,
        /// Whether the file brought the places of points on the ground.
        calibrated: bool,
    },
    /// A signal was ripe, and a veto of its rule held it back. Of one veto on one camera, a few a minute are written.
    SignalVetoed {
        /// On which camera.
        camera: CameraId,
        /// Kind of situation.
        event: EventKind,
        /// Zone whose rule would have fired, if the rule has one.
        zone: Option<ZoneId>,
        /// Name of that zone.
        zone_name: Option<String>,
        /// The veto, by its name in the rule's settings.
        veto: String,
        /// Confidence that the signal would have had, 0 to 1.
        score: f32,
        /// Where on the picture.
        region: Region,
        /// How many more of this veto were held back since the last entry and not written.
        unwritten: u32,
    },
    /// The picture of a camera is no longer what it should be.
    HealthBegan {
        /// Which one.
        camera: CameraId,
        /// What is the matter.
        state: HealthState,
    },
    /// A camera's picture is again what it should be, in this respect.
    HealthEnded {
        /// Which one.
        camera: CameraId,
        /// What was the matter.
        state: HealthState,
        /// For how long, seconds.
        secs: f32,
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
        /// What measures motion: `webgpu`, or empty for the CPU, which gives the same to the last bit everywhere.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        flow: String,
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

/// What can be the matter with a camera's picture. Several can hold at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HealthState {
    /// Nothing to be seen: dark, white or covered.
    Blind,
    /// Out of focus, smeared or fogged.
    Blurred,
    /// The same picture again and again.
    Frozen,
    /// The view is no longer the one that zones were drawn on.
    Moved,
    /// So dark that little is found.
    LowLight,
    /// The camera itself moves.
    InMotion,
}

impl HealthState {
    /// All of them, the gravest first.
    pub const ALL: [Self; 6] =
        [Self::Blind, Self::Frozen, Self::Moved, Self::InMotion, Self::Blurred, Self::LowLight];

    /// Whether rules that rest on a fixed view cannot be judged meanwhile.
    #[must_use]
    pub fn stops_the_scene(self) -> bool {
        matches!(self, Self::Blind | Self::Frozen | Self::Moved | Self::InMotion)
    }

    /// The name on the wire, such as `low_light`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Blind => "blind",
            Self::Blurred => "blurred",
            Self::Frozen => "frozen",
            Self::Moved => "moved",
            Self::LowLight => "low_light",
            Self::InMotion => "in_motion",
        }
    }
}
