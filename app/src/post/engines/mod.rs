//! The workers: which engine runs, whose frame it gets next, and what happens when it fails.
//!
//! A worker holds no state of a camera. When one fails, the next engine takes over and no track or dwell time is lost.
//!
//! | file | what |
//! |---|---|
//! | this one | which workers there are, and what they say |
//! | `life` | how an engine starts, and what follows when it fails |
//! | `frames` | whose frame is next, and at which size it is looked at |

mod frames;
mod life;

pub(super) use life::begin;

use super::{
    Inner,
    camera::{Moment, Picture},
    policy::{Backoff, Ladder, LatencyWindow, RateWindow, Sizer, Telling, Turns},
};
use crate::platform::{
    clock,
    task::{self, Task},
    worker::{EngineWorker, Heard},
};
use crate::state::{Action, EngineStatus, EngineView};
use life::Manifest;
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};
use vigie_engine::{
    BBox, Luma,
    motion::FlowField,
    network::{InputSize, ModelName},
};
use vigie_protocol::CameraId;
use vigie_worker::messages::{Drill, EngineReport, FailureCode, FromWorker};

/// Start-up without a sign of progress for this long is a failure.
const START_MS: f64 = 90_000.0;
/// A frame that takes longer than this is a failure.
const FRAME_MS: f64 = 20_000.0;
/// Two looks at the workers that are further apart say nothing of the time between.
const SLEPT_MS: f64 = 5_000.0;
/// Failures in a row, of frames alone, that make a worker useless.
const BAD_FRAMES: u32 = 5;

/// One worker.
struct Lane {
    id: u64,
    worker: EngineWorker,
    work: LaneWork,
    report: Option<EngineReport>,
    /// Last sign of life, on the monotonic clock.
    sign_ms: f64,
    bad_frames: u32,
    _listener: Task,
}

#[derive(Clone, Debug, PartialEq)]
enum LaneWork {
    Starting,
    Idle,
    /// With a frame, or with a part of one for a counting pass.
    Busy {
        job: u32,
        camera: CameraId,
        moment: Moment,
        part: Option<BBox>,
    },
}

/// The workers and what is decided about them.
pub(super) struct Engines {
    lanes: RefCell<Vec<Lane>>,
    ladder: RefCell<Option<Ladder>>,
    manifest: RefCell<Option<Manifest>>,
    turns: RefCell<Turns<CameraId>>,
    sizer: RefCell<Sizer>,
    /// Network that the operator chose.
    model_set: Cell<Option<ModelName>>,
    /// Input size that the operator chose.
    input_set: Cell<Option<InputSize>>,
    latency: RefCell<LatencyWindow>,
    rate: RefCell<RateWindow>,
    view: RefCell<EngineView>,
    backoff: RefCell<Backoff>,
    drill: Cell<Option<Drill>>,
    /// Whether engines that can are to measure motion.
    flow: Cell<bool>,
    telling: RefCell<Telling>,
    /// Most workers at a time, until the next start: fewer than there are cores for when one more did not do.
    pool_limit: Cell<usize>,
    /// When the workers were last looked after, on the monotonic clock.
    tended_ms: Cell<f64>,
    /// Frames in a row that could not be taken from their videos.
    untaken: Cell<u32>,
    next: Cell<u32>,
}

impl Default for Engines {
    fn default() -> Self {
        Self {
            lanes: RefCell::default(),
            ladder: RefCell::default(),
            manifest: RefCell::default(),
            turns: RefCell::default(),
            sizer: RefCell::new(Sizer::new(16.0 / 9.0)),
            model_set: Cell::default(),
            input_set: Cell::default(),
            latency: RefCell::default(),
            rate: RefCell::default(),
            view: RefCell::default(),
            backoff: RefCell::new(Backoff::network()),
            drill: Cell::default(),
            flow: Cell::default(),
            telling: RefCell::default(),
            pool_limit: Cell::new(usize::MAX),
            tended_ms: Cell::default(),
            untaken: Cell::default(),
            next: Cell::new(1),
        }
    }
}

impl Engines {
    /// The network to use.
    fn model(&self) -> ModelName {
        self.model_set.get().unwrap_or(ModelName::Lite0)
    }

    /// The input size to use.
    fn input(&self) -> InputSize {
        self.input_set.get().unwrap_or_else(|| self.sizer.borrow().size())
    }

    fn number(&self) -> u32 {
        let number = self.next.get();
        self.next.set(number.wrapping_add(1));
        number
    }

    /// A camera wants turns from now on, or no more.
    pub(super) fn join(&self, camera: &CameraId) {
        self.turns.borrow_mut().join(camera.clone());
    }

    pub(super) fn leave(&self, camera: &CameraId) {
        self.turns.borrow_mut().leave(camera);
    }

    fn with_lane<T>(&self, id: u64, f: impl FnOnce(&mut Lane) -> T) -> Option<T> {
        self.lanes.borrow_mut().iter_mut().find(|lane| lane.id == id).map(f)
    }
}

impl Inner {
    fn change_engine(&self, change: impl FnOnce(&mut EngineView)) {
        let view = {
            let mut view = self.engines.view.borrow_mut();
            let before = view.clone();
            change(&mut view);
            view.model = self.engines.model_set.get();
            view.input = self.engines.input_set.get();
            if *view == before {
                return;
            }
            view.clone()
        };
        self.dispatch(Action::EngineChanged(view));
    }

    fn heard_from(self: &Rc<Self>, lane: u64, heard: Heard) {
        self.engines.with_lane(lane, |lane| lane.sign_ms = clock::monotonic_ms());
        match heard.message {
            FromWorker::Progress { stage, done, total } => {
                let progress = (total > 0.0).then(|| (done / total).clamp(0.0, 1.0) as f32);
                self.change_engine(|view| {
                    if !matches!(view.status, EngineStatus::Ready(_) | EngineStatus::Failed { .. }) {
                        view.status = EngineStatus::Starting { stage: Some(stage), progress };
                    }
                });
            }
            FromWorker::Ready(report) => self.lane_ready(lane, report),
            FromWorker::Analysed { job, detections, luma, timing } => {
                // Without it, or with one of another size, the rules that rest on motion rest.
                let luma = Luma::new(&heard.grey, luma.width as usize, luma.height as usize);
                let size = luma.map(|luma| (luma.width(), luma.height()));
                let numbers = heard.flow.as_deref().zip(size);
                let flow = numbers.and_then(|(flow, (width, height))| FlowField::new(flow, width, height));
                self.lane_analysed(lane, job, &detections, Picture { luma, flow }, timing);
            }
            FromWorker::Failed { job, code, message, fatal } => {
                let useless = self.engines.with_lane(lane, |lane| {
                    lane.bad_frames += 1;
                    fatal || lane.bad_frames >= BAD_FRAMES || lane.work == LaneWork::Starting
                });
                match useless {
                    Some(true) => self.lane_failed(lane, code, message),
                    Some(false) if job.is_some() => {
                        self.free(lane);
                        self.pump();
                    }
                    _ => {}
                }
            }
        }
    }

    /// Uses another network or input size; `None` lets the post choose.
    pub(in crate::post) fn set_network(&self, model: Option<ModelName>, input: Option<InputSize>) {
        let multiple = |side: u32| side > 0 && side.is_multiple_of(InputSize::STEP);
        self.engines.input_set.set(input.filter(|size| multiple(size.width) && multiple(size.height)));
        let before = self.engines.model();
        self.engines.model_set.set(model);
        if self.engines.model() == before {
            return self.resize();
        }
        let lanes = std::mem::take(&mut *self.engines.lanes.borrow_mut());
        for lane in &lanes {
            self.hand_back(&lane.work);
        }
        drop(lanes);
        self.engines.latency.borrow_mut().clear();
        self.change_engine(|view| view.status = EngineStatus::Starting { stage: None, progress: None });
        if let Some(me) = self.me.upgrade() {
            task::spawn(async move { me.start_engine().await });
        }
    }

    /// Looks after the workers; called about once a second.
    pub(in crate::post) fn tend_engines(self: &Rc<Self>) {
        let now = clock::monotonic_ms();
        if now - self.engines.tended_ms.replace(now) > SLEPT_MS {
            // The machine or the tab slept, and the workers with it.
            self.engines.lanes.borrow_mut().iter_mut().for_each(|lane| lane.sign_ms = now);
        }
        let late = self.engines.lanes.borrow().iter().find_map(|lane| match lane.work {
            LaneWork::Starting if now - lane.sign_ms > START_MS => {
                Some((lane.id, "no progress for 90 s at start-up"))
            }
            LaneWork::Busy { .. } if now - lane.sign_ms > FRAME_MS => {
                Some((lane.id, "a frame took more than 20 s"))
            }
            _ => None,
        });
        if let Some((lane, why)) = late {
            return self.lane_failed(lane, FailureCode::Internal, why.to_owned());
        }
        self.fit_input(false);
        self.widen_pool();
        self.pump();
        let (p50, p95) = {
            let latency = self.engines.latency.borrow();
            (latency.percentile(0.5), latency.percentile(0.95))
        };
        let rate = self.engines.rate.borrow_mut().rate(now);
        self.change_engine(|view| {
            (view.p50_ms, view.p95_ms, view.rate) = (p50, p95, rate);
        });
    }
}
