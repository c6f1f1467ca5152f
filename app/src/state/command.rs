//! What the operator asks for.

use vigie_engine::{Point, network::InputSize, network::ModelName};
use vigie_protocol::{CameraId, Reason, SignalId, Verb, ZoneId};

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
    /// Create or change a zone.
    SaveZone {
        /// On which camera.
        camera: CameraId,
        /// `None` for a new one.
        id: Option<ZoneId>,
        /// Its name.
        name: String,
        /// Corners in shares of the picture; already checked by `Polygon::new` in the editor.
        polygon: Vec<Point>,
        /// Presence needed before a signal, seconds.
        dwell_secs: f32,
    },
    /// Remove a zone.
    RemoveZone {
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
