//! What the operator asks for.

use super::editor::Drawn;
use vigie_engine::{CameraSettings, network::InputSize, network::ModelName};
use vigie_protocol::{CameraId, EventKind, Reason, SignalId, Verb, ZoneId};

/// Where a camera's picture comes from.
#[derive(Clone, Debug)]
pub enum CameraSource {
    /// A WHEP endpoint, relative to the relay or absolute.
    Whep {
        /// Where to POST the offer.
        url: String,
        /// The endpoint makes the offer itself (as Janus does).
        server_offers: bool,
    },
    /// A video file chosen by the operator; played in a loop.
    File(web_sys::File),
    /// A camera of this device; the empty string is the default one.
    Webcam {
        /// The browser's device id.
        device_id: String,
    },
}

/// An order to the runtime. None of them blocks; what comes of it arrives as actions.
#[derive(Clone, Debug)]
pub enum Command {
    /// Put a camera on the wall and analyse it.
    OpenCamera {
        /// Its name.
        id: CameraId,
        /// Its display name.
        name: String,
        /// Its picture.
        source: CameraSource,
    },
    /// Take a camera off the wall.
    CloseCamera(CameraId),
    /// Try to connect again now.
    RetryCamera(CameraId),
    /// Save something drawn: a zone, a line.
    SaveDrawn {
        /// On which camera.
        camera: CameraId,
        /// `None` for a new one.
        id: Option<ZoneId>,
        /// Its name and shape; already checked by the editor.
        drawn: Drawn,
    },
    /// Watch for a kind of situation that needs no drawing, or no longer.
    SwitchSituation {
        /// On which camera.
        camera: CameraId,
        /// Which kind.
        event: EventKind,
        /// Whether to watch for it.
        on: bool,
    },
    /// Set the main threshold of such a kind.
    SetThreshold {
        /// On which camera.
        camera: CameraId,
        /// Which kind.
        event: EventKind,
        /// The threshold, in the unit in which it is shown.
        value: f32,
    },
    /// Replace everything that is set for a camera, as a file says.
    LoadSettings {
        /// Which camera.
        camera: CameraId,
        /// The settings, already checked.
        settings: Box<CameraSettings>,
    },
    /// Remove a zone or a line.
    RemoveDrawn {
        /// From which camera.
        camera: CameraId,
        /// Which one.
        id: ZoneId,
    },
    /// Answer a signal.
    Decide {
        /// Which one.
        signal: SignalId,
        /// The verb.
        verb: Verb,
        /// The reason.
        reason: Reason,
        /// Free text.
        note: String,
    },
    /// Take an answer back.
    Reopen(SignalId),
    /// The signal's card became visible for the first time.
    Shown(SignalId),
    /// Use another network or input size; `None` lets the post choose.
    SetNetwork {
        /// Which network.
        model: Option<ModelName>,
        /// Which input size.
        input: Option<InputSize>,
    },
    /// Rename this post.
    RenamePost(String),
    /// Close a notice.
    Dismiss(u64),
    /// The operator touched the page: sound may be played from now on.
    UnlockSound,
    /// Sound on or off.
    SetSound(bool),
}
