//! The runtime of a command post: cameras, engine, analysis, journal, relay. It owns everything that lives longer than a
//! component and speaks to the interface in [`Action`]s.
//!
//! | file | what |
//! |---|---|
//! | `boot` | from an open page to a working post |
//! | `commands` | what the operator asks for |
//! | `camera`, `connect` | one camera: its frames and analysis; how its picture is got and kept |
//! | `engines` | the workers: which one, whose turn, how fast |
//! | `settings` | what is set for a camera: changed, recorded, brought back |
//! | `signalling` | from an engine's finding to a recorded signal with its loop |
//! | `recorder`, `register` | the journal as the post uses it; what is known of signals |
//! | `link` | the relay: what goes out, what comes in |
//! | `policy` | the decisions in all of these, as plain functions |

mod boot;
mod camera;
mod commands;
mod connect;
mod engines;
mod link;
pub mod policy;
mod recorder;
mod register;
mod settings;
mod signalling;

use crate::platform::{sound::Sound, task::Task};
use crate::state::{Action, Command, Notice, NoticeArg, NoticeLevel};
use camera::Cameras;
use engines::Engines;
use link::RelayLink;
use recorder::Recorder;
use register::Register;
use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};
use vigie_engine::{BBox, ClassGroup, Point};
use vigie_protocol::{CameraId, SignalId, ZoneId};

/// The handle that components hold. Cheap to clone; equal when it is the same post.
#[derive(Clone)]
pub struct Post {
    inner: Rc<Inner>,
}

/// The parts of the post. Each keeps its own state; none is borrowed across an `await`.
struct Inner {
    me: Weak<Inner>,
    dispatch: Box<dyn Fn(Action)>,
    cameras: Cameras,
    engines: Engines,
    recorder: Recorder,
    register: RefCell<Register>,
    link: RelayLink,
    sound: Sound,
    tasks: RefCell<Vec<Task>>,
    next_notice: Cell<u64>,
}

impl PartialEq for Post {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.inner, &other.inner)
    }
}

impl std::fmt::Debug for Post {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Post").finish_non_exhaustive()
    }
}

impl Post {
    /// Starts the post: opens the journal, the relay link and the engine. Reports through `dispatch`.
    pub fn start(dispatch: impl Fn(Action) + 'static) -> Self {
        let inner = Rc::new_cyclic(|me| Inner {
            me: me.clone(),
            dispatch: Box::new(dispatch),
            cameras: Cameras::default(),
            engines: Engines::default(),
            recorder: Recorder::default(),
            register: RefCell::default(),
            link: RelayLink::default(),
            sound: Sound::default(),
            tasks: RefCell::default(),
            next_notice: Cell::new(1),
        });
        boot::begin(&inner);
        Self { inner }
    }

    /// Carries out an order.
    pub fn send(&self, command: Command) {
        self.inner.obey(command);
    }

    /// The moving part of a camera on the wall.
    #[must_use]
    pub fn live(&self, camera: &CameraId) -> Option<Rc<LiveCamera>> {
        self.inner.cameras.find(camera).map(|camera| Rc::clone(&camera.live))
    }

    /// The stored loop of a signal: JPEG pictures with the seconds between them, oldest first; empty when there is none.
    pub async fn clip(&self, signal: SignalId) -> Vec<ClipFrame> {
        let Some(journal) = self.inner.recorder.journal() else { return Vec::new() };
        // A loop that cannot be read is shown as none; the signal itself is complete without it.
        let stored = journal.clip(signal).await.unwrap_or_default();
        stored.into_iter().map(|p| ClipFrame { jpeg: p.jpeg, at_secs: p.at_secs, boxes: p.boxes }).collect()
    }
}

impl Inner {
    fn dispatch(&self, action: Action) {
        (self.dispatch)(action);
    }

    /// Keeps a task until the post ends.
    fn keep(&self, task: Task) {
        self.tasks.borrow_mut().push(task);
    }

    fn notify(&self, level: NoticeLevel, message: &'static str, args: Vec<(&'static str, NoticeArg)>) {
        let id = self.next_notice.get();
        self.next_notice.set(id + 1);
        self.dispatch(Action::Notify(Notice { id, level, message, args }));
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
#[derive(Debug)]
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
    /// When the analysed frame came, milliseconds on the page's monotonic clock.
    pub at_ms: f64,
    /// Counts up with every analysis, so that a painter knows that there is something new.
    pub generation: u64,
}

/// A track on the picture.
#[derive(Clone, Debug, PartialEq)]
pub struct TrackMark {
    /// Ephemeral number of the track on this camera.
    pub id: u64,
    /// Where, in the analysed frame.
    pub bbox: BBox,
    /// Speed of the box, in shares of the picture's width and height per second.
    pub velocity: Point,
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
