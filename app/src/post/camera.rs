//! One camera: the frames that come from it, their analysis, and what the interface knows of it.

mod findings;

pub(super) use findings::{Findings, Picture};

use super::{
    LiveCamera, Overlay,
    policy::{Counting, HealthLog, Ring, Scene, Vetoes},
};
use crate::platform::{
    clock, page, snapshots,
    task::{self, Bell, Task},
    video::{self, FrameCallbacks, Shown},
    whep::Session,
};
use crate::state::{CameraSource, CameraStatus, CameraView, situations::any_on, zones::drawn};
use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::Rc,
};
use vigie_engine::{BBox, CameraAnalysis, CameraSettings, Health, Micros, scene::Rule, signals::IncidentId};
use vigie_protocol::{CameraId, ZoneId};
use web_sys::Blob;

/// The cameras on the wall, in order.
#[derive(Default)]
pub(super) struct Cameras {
    list: RefCell<Vec<Rc<Camera>>>,
    /// What is set for all cameras ever set up here, on the wall or not.
    stored: RefCell<BTreeMap<CameraId, Stored>>,
}

impl Cameras {
    pub(super) fn find(&self, id: &CameraId) -> Option<Rc<Camera>> {
        self.list.borrow().iter().find(|camera| camera.id == *id).cloned()
    }

    pub(super) fn all(&self) -> Vec<Rc<Camera>> {
        self.list.borrow().clone()
    }

    pub(super) fn add(&self, camera: Rc<Camera>) {
        self.list.borrow_mut().push(camera);
    }

    pub(super) fn stored(&self, id: &CameraId) -> Stored {
        self.stored.borrow().get(id).cloned().unwrap_or_default()
    }

    pub(super) fn store(&self, id: &CameraId, stored: Stored) {
        self.stored.borrow_mut().insert(id.clone(), stored);
    }

    pub(super) fn remove(&self, id: &CameraId) -> Option<Rc<Camera>> {
        let mut list = self.list.borrow_mut();
        let at = list.iter().position(|camera| camera.id == *id)?;
        Some(list.remove(at))
    }
}

/// What is set for a camera.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Stored {
    /// As the engine takes it.
    pub(super) settings: CameraSettings,
    /// Rules that were switched off, kept with their thresholds.
    pub(super) off: Vec<Rule>,
}

/// A picture kept for a loop.
#[derive(Clone, Debug)]
pub(super) struct Shot {
    pub(super) jpeg: Blob,
    pub(super) boxes: Vec<BBox>,
}

/// A frame that is about to be analysed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Moment {
    pub(super) at: Micros,
    /// It does not continue the one before.
    pub(super) discontinuity: bool,
}

/// One camera on the wall.
pub(super) struct Camera {
    pub(super) id: CameraId,
    pub(super) name: String,
    pub(super) source: CameraSource,
    pub(super) live: Rc<LiveCamera>,
    /// Rung by the operator: connect now.
    pub(super) retry: Bell,
    pub(super) session: RefCell<Option<Rc<Session>>>,
    state: RefCell<State>,
    ring: RefCell<Ring<Shot>>,
    shooting: Cell<bool>,
    callbacks: RefCell<Option<FrameCallbacks>>,
    tasks: RefCell<Vec<Task>>,
}

struct State {
    status: CameraStatus,
    analysis: CameraAnalysis,
    settings: Rc<CameraSettings>,
    off: Vec<Rule>,
    /// Incidents that are open in a zone or at a line.
    open: Vec<(IncidentId, ZoneId)>,
    health: Health,
    health_log: HealthLog,
    vetoes: Vetoes,
    counting: Counting,
    /// Whether the last frame was analysed whole: parts of a counting pass come between such.
    whole_last: bool,
    /// When the newest frame that was not analysed yet came, on the monotonic clock.
    pending_ms: Option<f64>,
    last_at: Micros,
    /// When the last frame came, however it was noticed.
    last_frame_ms: f64,
    /// When the browser last told of one by itself.
    last_callback_ms: f64,
    last_shot_ms: f64,
    last_media_secs: f64,
    last_presented: u64,
    last_played: u64,
    /// The scene of a looped clip, where the relay told how long it is.
    scene: Option<Scene>,
    discontinuity: bool,
    /// The grey picture that was analysed last, for a worker that measures motion; else empty.
    last_grey: Vec<u8>,
    seen: u64,
    analysed: u64,
    persons: usize,
    analysed_ms: Option<f64>,
    /// Since when the picture is missing, once it was there.
    blind_since_ms: Option<f64>,
    was_live: bool,
    shown: Option<CameraView>,
}

/// Seconds of pictures kept for a loop, with a margin for what is being stored.
const RING_MS: f64 = 8_000.0;
/// Milliseconds between them.
const SHOT_EVERY_MS: f64 = 200.0;
/// A frame callback this late is not coming: the tab is hidden, or the browser has none.
const CALLBACK_LATE_MS: f64 = 700.0;

impl Camera {
    pub(super) fn new(
        id: CameraId,
        name: String,
        source: CameraSource,
        stored: Stored,
        retry: Bell,
    ) -> Result<Rc<Self>, String> {
        let video = video::create().map_err(|thrown| crate::platform::js::describe(&thrown))?;
        let Stored { settings, off } = stored;
        Ok(Rc::new(Self {
            id,
            name,
            source,
            live: Rc::new(LiveCamera { video, overlay: RefCell::new(Overlay::default()) }),
            retry,
            session: RefCell::default(),
            state: RefCell::new(State {
                status: CameraStatus::Connecting,
                analysis: CameraAnalysis::new(settings.clone()),
                settings: Rc::new(settings),
                off,
                open: Vec::new(),
                health: Health::default(),
                health_log: HealthLog::default(),
                vetoes: Vetoes::default(),
                counting: Counting::default(),
                whole_last: false,
                pending_ms: None,
                last_at: Micros(i64::MIN),
                last_frame_ms: 0.0,
                last_callback_ms: 0.0,
                last_shot_ms: 0.0,
                last_media_secs: 0.0,
                last_presented: 0,
                last_played: 0,
                scene: None,
                discontinuity: true,
                last_grey: Vec::new(),
                seen: 0,
                analysed: 0,
                persons: 0,
                analysed_ms: None,
                blind_since_ms: None,
                was_live: false,
                shown: None,
            }),
            ring: RefCell::new(Ring::new(RING_MS, 64)),
            shooting: Cell::new(false),
            callbacks: RefCell::default(),
            tasks: RefCell::default(),
        }))
    }

    /// Starts listening for frames; `on_frame` is called after each.
    pub(super) fn listen(self: &Rc<Self>, on_frame: impl Fn() + 'static) {
        let me = Rc::downgrade(self);
        *self.callbacks.borrow_mut() = FrameCallbacks::start(&self.live.video, move |shown| {
            if let Some(me) = me.upgrade() {
                me.frame_shown(shown);
                on_frame();
            }
        });
    }

    pub(super) fn keep(&self, task: Task) {
        self.tasks.borrow_mut().push(task);
    }

    /// Lets go of everything; the camera is not used after this.
    pub(super) fn close(&self) {
        self.tasks.borrow_mut().clear();
        self.callbacks.borrow_mut().take();
        self.session.borrow_mut().take();
        video::clear(&self.live.video);
    }

    /// Kind of source, as in the record.
    pub(super) fn kind(&self) -> &'static str {
        match self.source {
            CameraSource::Whep { .. } => "whep",
            CameraSource::File(_) => "file",
            CameraSource::Webcam { .. } => "webcam",
        }
    }

    /// Frames so far, from every counter there is: any of them moving means that the picture moves.
    pub(super) fn frames(&self) -> u64 {
        self.state.borrow().seen + video::frames_played(&self.live.video)
    }

    /// The next frame does not continue the last one.
    pub(super) fn break_continuity(&self) {
        self.state.borrow_mut().discontinuity = true;
    }

    /// The source is a clip of this length, played again and again.
    pub(super) fn set_loop_ms(&self, loop_ms: Option<u32>) {
        let scene = &mut self.state.borrow_mut().scene;
        // The relay says it again at every contact: the place in the clip is kept.
        if !matches!((&*scene, loop_ms), (Some(scene), Some(loop_ms)) if scene.is_of_loop(loop_ms)) {
            *scene = loop_ms.and_then(Scene::of_loop);
        }
    }

    fn frame_shown(self: &Rc<Self>, shown: Shown) {
        {
            let state = &mut *self.state.borrow_mut();
            let new = shown
                .presented
                .checked_sub(state.last_presented)
                .filter(|n| (1..1_000).contains(n))
                .unwrap_or(1);
            state.seen += new;
            state.last_presented = shown.presented;
            // A file that starts again, or was wound back.
            if matches!(self.source, CameraSource::File(_)) && shown.media_secs < state.last_media_secs - 0.05
            {
                state.discontinuity = true;
            }
            state.last_media_secs = shown.media_secs;
            if let (Some(scene), Some(rtp)) = (&mut state.scene, shown.rtp)
                && scene.starts_again(rtp)
            {
                state.discontinuity = true;
            }
            state.last_played = video::frames_played(&self.live.video);
            state.pending_ms = Some(shown.at_ms);
            state.last_frame_ms = clock::monotonic_ms();
            state.last_callback_ms = state.last_frame_ms;
        }
        self.shoot(shown.at_ms);
    }

    /// Frames came that nobody saw: a hidden tab decodes them and shows none.
    pub(super) fn frames_came_unseen(&self) {
        self.state.borrow_mut().last_frame_ms = clock::monotonic_ms();
    }

    /// Looks whether frames came that no callback told of: a hidden tab shows none. True when there is a new one.
    pub(super) fn look(self: &Rc<Self>) -> bool {
        video::keep_playing(&self.live.video);
        let now = clock::monotonic_ms();
        {
            let state = &mut *self.state.borrow_mut();
            let played = video::frames_played(&self.live.video);
            let new = played.saturating_sub(state.last_played);
            state.last_played = played;
            if now - state.last_callback_ms < CALLBACK_LATE_MS || new == 0 {
                return false;
            }
            state.seen += new;
            state.last_frame_ms = now;
            state.pending_ms = Some(now);
        }
        self.shoot(now);
        true
    }

    /// Keeps a picture for the loop, where a signal may arise.
    fn shoot(self: &Rc<Self>, at_ms: f64) {
        {
            let state = &mut *self.state.borrow_mut();
            let due = at_ms - state.last_shot_ms >= SHOT_EVERY_MS - 20.0;
            if !due || self.shooting.get() || !any_on(&state.settings) {
                return;
            }
            state.last_shot_ms = at_ms;
        }
        self.shooting.set(true);
        let me = Rc::clone(self);
        task::spawn(async move {
            if let Some(jpeg) = snapshots::take(&me.live.video).await {
                let boxes = me.live.overlay.borrow().tracks.iter().map(|track| track.bbox).collect();
                me.ring.borrow_mut().push(at_ms, Shot { jpeg, boxes });
            }
            me.shooting.set(false);
        });
    }

    /// The pictures from `from_ms` to `to_ms` on the monotonic clock.
    pub(super) fn shots(&self, from_ms: f64, to_ms: f64) -> Vec<(f64, Shot)> {
        self.ring.borrow().between(from_ms, to_ms).map(|(at, shot)| (at, shot.clone())).collect()
    }

    /// Whether a frame waits to be analysed.
    pub(super) fn wants_turn(&self) -> bool {
        self.state.borrow().pending_ms.is_some()
    }

    /// The newest frame's moment; it counts as taken.
    pub(super) fn take_moment(&self) -> Option<Moment> {
        let state = &mut *self.state.borrow_mut();
        let at_ms = state.pending_ms.take()?;
        // Two clocks feed this time line (the network's and the page's): it never goes back.
        let at = Micros(((at_ms * 1e3) as i64).max(state.last_at.0.saturating_add(1)));
        state.last_at = at;
        Some(Moment { at, discontinuity: std::mem::take(&mut state.discontinuity) })
    }

    /// A frame that was taken could not be analysed.
    pub(super) fn give_back(&self, moment: Moment) {
        self.state.borrow_mut().discontinuity |= moment.discontinuity;
    }

    /// The picture's width over its height, once known.
    pub(super) fn aspect(&self) -> Option<f32> {
        video::size(&self.live.video).map(|(width, height)| width as f32 / height as f32)
    }

    /// Whether it waits for its next attempt, or for a person.
    pub(super) fn is_waiting(&self) -> bool {
        matches!(self.state.borrow().status, CameraStatus::Reconnecting { .. } | CameraStatus::Ended { .. })
    }

    pub(super) fn set_status(&self, status: CameraStatus) {
        self.state.borrow_mut().status = status;
    }

    /// The picture is there. Returns for how long it was missing, in seconds, when it was.
    pub(super) fn picture_is_there(&self) -> Option<f32> {
        let state = &mut *self.state.borrow_mut();
        state.status = CameraStatus::Live;
        state.was_live = true;
        let since = state.blind_since_ms.take()?;
        Some(((clock::monotonic_ms() - since) / 1e3) as f32)
    }

    /// The picture is missing. True the first time, when it is to be recorded.
    pub(super) fn picture_is_lost(&self) -> bool {
        let state = &mut *self.state.borrow_mut();
        state.pending_ms = None;
        let first = state.blind_since_ms.is_none();
        let since = if state.was_live { state.last_frame_ms } else { clock::monotonic_ms() };
        state.blind_since_ms.get_or_insert(since);
        first
    }

    /// What the interface shows, when it changed since the last call.
    pub(super) fn changed_view(&self) -> Option<CameraView> {
        let state = &mut *self.state.borrow_mut();
        let age = state.analysed_ms.map(|at| ((clock::monotonic_ms() - at) / 100.0).round() as f32 / 10.0);
        let view = CameraView {
            id: self.id.clone(),
            name: self.name.clone(),
            source: self.kind().to_owned(),
            status: state.status.clone(),
            zones: drawn(&state.settings),
            settings: Rc::clone(&state.settings),
            off: state.off.clone(),
            health: state.health,
            seen: state.seen,
            analysed: state.analysed,
            // The newest frame is not passed over: it is being analysed or comes next.
            dropped: state.seen.saturating_sub(state.analysed + 1),
            persons: state.persons,
            analysis_age_secs: age,
        };
        (state.shown.as_ref() != Some(&view)).then(|| {
            state.shown = Some(view.clone());
            view
        })
    }

    /// Whether the tab shows frames at all: a hidden one does not, and that is no stall.
    pub(super) fn is_watched() -> bool {
        !page::is_hidden()
    }
}
