//! The runtime of a command post: cameras, engine, analysis, journal, relay. It owns everything that lives longer than a
//! component and speaks to the interface in [`Action`]s.

use crate::state::{Action, Command};
use std::{cell::RefCell, rc::Rc};
use vigie_engine::{BBox, ClassGroup};
use vigie_protocol::{CameraId, SignalId, ZoneId};

/// The handle that components hold. Cheap to clone; equal when it is the same post.
#[derive(Clone)]
pub struct Post {
    inner: Rc<Inner>,
}

struct Inner {
    _dispatch: Box<dyn Fn(Action)>,
}

impl PartialEq for Post {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.inner, &other.inner)
    }
}

impl Post {
    /// Starts the post: opens the journal, the relay link and the engine. Reports through `dispatch`.
    pub fn start(dispatch: impl Fn(Action) + 'static) -> Self {
        Self { inner: Rc::new(Inner { _dispatch: Box::new(dispatch) }) }
    }

    /// Carries out an order.
    pub fn send(&self, _command: Command) {}

    /// The moving part of a camera on the wall.
    #[must_use]
    pub fn live(&self, _camera: &CameraId) -> Option<Rc<LiveCamera>> {
        None
    }

    /// The stored loop of a signal: JPEG pictures with the seconds between them, oldest first; empty when there is none.
    pub async fn clip(&self, _signal: SignalId) -> Vec<ClipFrame> {
        Vec::new()
    }
}

/// A picture of a stored loop.
#[derive(Clone, Debug)]
pub struct ClipFrame {
    /// JPEG.
    pub jpeg: web_sys::Blob,
    /// Seconds from the start of the loop.
    pub at_secs: f32,
    /// Boxes of that moment.
    pub boxes: Vec<BBox>,
}

/// What a tile paints: the video element, which the tile puts into its own node, and the last analysis.
pub struct LiveCamera {
    /// Muted, playing, `object-fit: contain`; the runtime owns it and moves it never.
    pub video: web_sys::HtmlVideoElement,
    /// The last analysis.
    pub overlay: RefCell<Overlay>,
}

/// The last analysis of a camera.
#[derive(Clone, Debug, Default)]
pub struct Overlay {
    /// Tracked things.
    pub tracks: Vec<TrackMark>,
    /// Zones with their state.
    pub zones: Vec<ZoneMark>,
    /// Picture size in pixels, (0, 0) before the first.
    pub picture: (u32, u32),
    /// Counts up with every analysis, so that a painter knows that there is something new.
    pub generation: u64,
}

/// A track on the picture.
#[derive(Clone, Debug, PartialEq)]
pub struct TrackMark {
    /// Ephemeral number of the track on this camera.
    pub id: u64,
    /// Where.
    pub bbox: BBox,
    /// What.
    pub group: ClassGroup,
    /// Mean detection score.
    pub score: f32,
    /// Seconds since the track was last seen; 0 for a fresh box.
    pub unseen_secs: f32,
    /// Whether it stands in a zone.
    pub in_zone: bool,
}

/// A zone's state on the picture.
#[derive(Clone, Debug, PartialEq)]
pub struct ZoneMark {
    /// Which one.
    pub id: ZoneId,
    /// Longest presence under way as a share of the dwell time, 0 to 1.
    pub dwell_share: f32,
    /// A signal is open for it.
    pub alarm: bool,
}
