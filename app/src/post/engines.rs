//! The workers: which engine runs, whose frame it gets next, and what happens when it fails.
//!
//! A worker holds no state of a camera. When one fails, the next engine takes over and no track or dwell time is lost.

use super::{
    Inner,
    camera::{Camera, Moment},
    policy::{Backoff, EngineChoice, Ladder, LatencyWindow, Means, RateWindow, Rung, Sizer, Turns},
    signalling::{engine_name, model_name},
};
use crate::platform::{
    clock,
    frames::Frame,
    gpu,
    http::{self, Call},
    page,
    task::{self, Task},
    worker::{self, EngineWorker},
};
use crate::state::{Action, EngineStatus, EngineView, NoticeLevel};
use futures::{channel::mpsc, stream::StreamExt};
use serde::Deserialize;
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};
use vigie_engine::network::{InputSize, ModelName};
use vigie_engine::tracker::TrackerSettings;
use vigie_protocol::{CameraId, Record};
use vigie_worker::messages::{Drill, EngineKind, EngineReport, FailureCode, FromWorker, Timing, ToWorker};
use vigie_worker::support::RELAXED_SIMD_PROBE;

/// Start-up without a sign of progress for this long is a failure.
const START_MS: f64 = 90_000.0;
/// A frame that takes longer than this is a failure.
const FRAME_MS: f64 = 20_000.0;
/// Failures in a row, of frames alone, that make a worker useless.
const BAD_FRAMES: u32 = 5;
/// Workers on the CPU at most, however many cores there are.
const POOL: usize = 3;
const MANIFEST: &str = "/models/manifest.json";

/// What is served under [`MANIFEST`]; more is in it than the page needs.
#[derive(Clone, Debug, Deserialize)]
struct Manifest {
    networks: Vec<ManifestEntry>,
}

#[derive(Clone, Debug, Deserialize)]
struct ManifestEntry {
    variant: ModelName,
    file: String,
    sha256: String,
}

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
    Busy { job: u32, camera: CameraId, moment: Moment },
}

/// The workers and what is decided about them.
pub(super) struct Engines {
    lanes: RefCell<Vec<Lane>>,
    ladder: RefCell<Option<Ladder>>,
    manifest: RefCell<Option<Manifest>>,
    turns: RefCell<Turns<CameraId>>,
    sizer: RefCell<Sizer>,
    model: Cell<ModelName>,
    input_set: Cell<Option<InputSize>>,
    latency: RefCell<LatencyWindow>,
    rate: RefCell<RateWindow>,
    view: RefCell<EngineView>,
    backoff: RefCell<Backoff>,
    drill: Cell<Option<Drill>>,
    /// The last failure that was told: one that comes back every half minute is not told every time.
    told: RefCell<Option<(FailureCode, String)>>,
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
            model: Cell::new(ModelName::Lite0),
            input_set: Cell::default(),
            latency: RefCell::default(),
            rate: RefCell::default(),
            view: RefCell::default(),
            backoff: RefCell::new(Backoff::network()),
            drill: Cell::default(),
            told: RefCell::default(),
            next: Cell::new(1),
        }
    }
}

impl Engines {
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

/// Reads the drill in the page's address: `wrong_kernel` or `fail_after:N`.
fn drill_of(text: &str) -> Option<Drill> {
    match text.split_once(':') {
        None if text == "wrong_kernel" => Some(Drill::WrongKernel),
        Some(("fail_after", frames)) => frames.parse().ok().map(Drill::FailAfter),
        _ => None,
    }
}

/// Finds out what the machine has and starts the best engine.
pub(super) async fn begin(post: Rc<Inner>) {
    let choice = match page::parameter("engine").as_deref() {
        Some("cpu") => EngineChoice::Cpu,
        Some("webgpu") => EngineChoice::WebGpu,
        _ => EngineChoice::Auto,
    };
    post.engines.drill.set(page::parameter("drill").as_deref().and_then(drill_of));
    let (gpu, any_gpu) = if choice == EngineChoice::Cpu {
        (Err("the address asks for the CPU".to_owned()), false)
    } else {
        match gpu::adapter().await {
            Ok(facts) if facts.is_software() => (Err(format!("software GPU: {}", facts.name())), true),
            Ok(_) => (Ok(()), true),
            Err(why) => (Err(why), false),
        }
    };
    let means = Means { gpu, any_gpu, relaxed_simd: worker::accepts(RELAXED_SIMD_PROBE) };
    let ladder = Ladder::new(choice, &means);
    if ladder.rung() == Rung::Gpu && means.gpu.is_err() {
        // Asked for on purpose, to try things out: it needs seconds a frame.
        post.engines.sizer.borrow_mut().start_small();
    }
    post.change_engine(|view| view.fallback = ladder.given_up().cloned());
    *post.engines.ladder.borrow_mut() = Some(ladder);
    post.start_engine().await;
}

impl Inner {
    fn change_engine(&self, change: impl FnOnce(&mut EngineView)) {
        let view = {
            let mut view = self.engines.view.borrow_mut();
            let before = view.clone();
            change(&mut view);
            view.model = Some(self.engines.model.get());
            view.input = Some(self.engines.input());
            if *view == before {
                return;
            }
            view.clone()
        };
        self.dispatch(Action::EngineChanged(view));
    }

    /// Starts a worker of the present rung.
    async fn start_engine(&self) {
        let Some(rung) = self.engines.ladder.borrow().as_ref().map(Ladder::rung) else { return };
        self.change_engine(|view| {
            // An attempt after a failure shows when it gets somewhere: at its end.
            if view.status == EngineStatus::Idle {
                view.status = EngineStatus::Starting { stage: None, progress: None };
            }
        });
        if let Err((code, message)) = self.load_manifest().await {
            return self.engine_failed(code, message);
        }
        // Another order may have started one in the meantime.
        if !self.engines.lanes.borrow().is_empty() {
            return;
        }
        if let Err((code, message)) = self.start_lane(rung) {
            self.engine_failed(code, message);
        }
    }

    async fn load_manifest(&self) -> Result<(), (FailureCode, String)> {
        if self.engines.manifest.borrow().is_some() {
            return Ok(());
        }
        let missing = |why: String| (FailureCode::ModelMissing, why);
        let call = Call { method: "GET", url: MANIFEST, headers: &[], body: None, timeout_ms: 15_000.0 };
        let reply = http::send(call).await.map_err(|e| missing(e.to_string()))?;
        if !reply.is_ok() {
            return Err(missing(format!("{MANIFEST} answered {}", reply.status)));
        }
        let manifest = serde_json::from_str(&reply.body).map_err(|e| missing(format!("{MANIFEST}: {e}")))?;
        *self.engines.manifest.borrow_mut() = Some(manifest);
        Ok(())
    }

    fn start_lane(&self, rung: Rung) -> Result<(), (FailureCode, String)> {
        let model = self.engines.model.get();
        let (file, sha256) = {
            let manifest = self.engines.manifest.borrow();
            let entry =
                manifest.as_ref().and_then(|m| m.networks.iter().find(|entry| entry.variant == model));
            let entry = entry
                .ok_or_else(|| (FailureCode::ModelMissing, format!("{} is not here", model_name(model))))?;
            (entry.file.clone(), entry.sha256.clone())
        };
        let internal = |message: String| (FailureCode::Internal, message);
        let id = u64::from(self.engines.number());
        // Messages are few (one frame is under way at a time); what does not fit would be the noise of a broken worker.
        let (sender, mut messages) = mpsc::channel(64);
        let sender = Rc::new(RefCell::new(sender));
        let worker = EngineWorker::start(rung.script(), move |message| {
            let _ = sender.borrow_mut().try_send(message);
        })
        .map_err(internal)?;
        let order = ToWorker::Start {
            model,
            model_url: format!("/models/{file}"),
            model_sha256: sha256,
            input: self.engines.input(),
            // A drill is for the first engine alone: the one that takes over must work.
            drill: self.engines.drill.take(),
        };
        worker.send(&order).map_err(internal)?;
        let me = self.me.clone();
        let listener = Task::spawn(async move {
            while let Some(message) = messages.next().await {
                let Some(me) = me.upgrade() else { return };
                me.heard_from(id, message);
            }
        });
        self.engines.lanes.borrow_mut().push(Lane {
            id,
            worker,
            work: LaneWork::Starting,
            report: None,
            sign_ms: clock::monotonic_ms(),
            bad_frames: 0,
            _listener: listener,
        });
        Ok(())
    }

    fn heard_from(self: &Rc<Self>, lane: u64, message: FromWorker) {
        self.engines.with_lane(lane, |lane| lane.sign_ms = clock::monotonic_ms());
        match message {
            FromWorker::Progress { stage, done, total } => {
                let progress = (total > 0.0).then(|| (done / total).clamp(0.0, 1.0) as f32);
                self.change_engine(|view| {
                    if !matches!(view.status, EngineStatus::Ready(_) | EngineStatus::Failed { .. }) {
                        view.status = EngineStatus::Starting { stage: Some(stage), progress };
                    }
                });
            }
            FromWorker::Ready(report) => self.lane_ready(lane, report),
            FromWorker::Analysed { job, detections, timing } => {
                let done = self.engines.with_lane(lane, |lane| {
                    lane.bad_frames = 0;
                    match std::mem::replace(&mut lane.work, LaneWork::Idle) {
                        LaneWork::Busy { job: asked, camera, moment } if asked == job => {
                            lane.report.clone().map(|report| (camera, moment, report))
                        }
                        _ => None,
                    }
                });
                self.pump();
                if let Some((camera, moment, report)) = done.flatten() {
                    self.count(timing);
                    if let Some(camera) = self.cameras.find(&camera) {
                        for raised in camera.analysed(moment, &detections) {
                            self.raise(&camera, raised, &report);
                        }
                    }
                }
            }
            FromWorker::Failed { job, code, message, fatal } => {
                let useless = self.engines.with_lane(lane, |lane| {
                    lane.bad_frames += 1;
                    fatal || lane.bad_frames >= BAD_FRAMES || lane.work == LaneWork::Starting
                });
                match useless {
                    Some(true) => self.engine_failed(code, message),
                    Some(false) if job.is_some() => {
                        self.free(lane);
                        self.pump();
                    }
                    _ => {}
                }
            }
        }
    }

    fn lane_ready(self: &Rc<Self>, lane: u64, report: EngineReport) {
        self.engines.with_lane(lane, |lane| {
            lane.work = LaneWork::Idle;
            lane.report = Some(report.clone());
        });
        self.engines.backoff.borrow_mut().reset();
        self.engines.told.borrow_mut().take();
        let first = !matches!(self.engines.view.borrow().status, EngineStatus::Ready(_));
        let fallback = self.engines.ladder.borrow().as_ref().and_then(|ladder| ladder.given_up().cloned());
        if first {
            self.engines.latency.borrow_mut().clear();
            self.record_soon(Record::EngineReady {
                engine: engine_name(report.engine).to_owned(),
                adapter: report.adapter.clone(),
                model: model_name(report.model).to_owned(),
                selftest_deviation: report.selftest_deviation,
                fallback_reason: fallback.as_ref().map(|(_, why)| why.clone()).unwrap_or_default(),
            });
            if let Some((code, why)) = fallback.as_ref().filter(|(code, _)| *code != FailureCode::NoDevice) {
                let args = vec![
                    ("engine", engine_name(report.engine).to_owned()),
                    ("reason", why.clone()),
                    ("code", format!("{code:?}")),
                ];
                self.notify(NoticeLevel::Warning, "notice-engine-fallback", args);
            }
        }
        self.change_engine(|view| {
            view.status = EngineStatus::Ready(report);
            view.fallback = fallback;
        });
        self.fit_input(true);
        self.pump();
    }

    /// The present engine is of no further use: the next one down, or the same again after a while.
    fn engine_failed(&self, code: FailureCode, message: String) {
        let lanes = std::mem::take(&mut *self.engines.lanes.borrow_mut());
        for lane in &lanes {
            self.hand_back(&lane.work);
        }
        // Dropped by a task: one of the lanes may be what is speaking just now.
        task::spawn(async move { drop(lanes) });
        let new =
            self.engines.told.borrow_mut().replace((code, message.clone())) != Some((code, message.clone()));
        if new {
            self.record_soon(Record::EngineFault { message: format!("{code:?}: {message}") });
        }
        // Weights that are not there are no fault of the engine; the next one would miss them, too.
        let no_model = matches!(code, FailureCode::ModelMissing | FailureCode::ModelCorrupt);
        let next = if no_model {
            None
        } else {
            self.engines
                .ladder
                .borrow_mut()
                .as_mut()
                .and_then(|ladder| ladder.step_down(code, message.clone()))
        };
        let fallback = self.engines.ladder.borrow().as_ref().and_then(|ladder| ladder.given_up().cloned());
        let wait_ms = if next.is_some() {
            self.change_engine(|view| {
                view.status = EngineStatus::Starting { stage: None, progress: None };
                view.fallback = fallback;
            });
            0.0
        } else {
            self.change_engine(|view| view.status = EngineStatus::Failed { code, message: message.clone() });
            if new {
                self.notify(NoticeLevel::Error, "notice-engine-failed", vec![("reason", message)]);
            }
            self.engines.backoff.borrow_mut().next_ms(clock::chance()).max(1_000.0)
        };
        let me = self.me.clone();
        task::spawn(async move {
            clock::sleep(wait_ms).await;
            if let Some(me) = me.upgrade().filter(|me| me.engines.lanes.borrow().is_empty()) {
                me.start_engine().await;
            }
        });
    }

    fn hand_back(&self, work: &LaneWork) {
        if let LaneWork::Busy { camera, moment, .. } = work
            && let Some(camera) = self.cameras.find(camera)
        {
            camera.give_back(*moment);
        }
    }

    /// A frame was not analysed; its worker is free again.
    fn free(&self, lane: u64) {
        let work = self.engines.with_lane(lane, |lane| std::mem::replace(&mut lane.work, LaneWork::Idle));
        if let Some(work) = work {
            self.hand_back(&work);
        }
    }

    /// Gives free workers the newest frames of the cameras whose turn it is.
    pub(super) fn pump(self: &Rc<Self>) {
        loop {
            let idle = self
                .engines
                .lanes
                .borrow()
                .iter()
                .find(|lane| lane.work == LaneWork::Idle)
                .map(|lane| lane.id);
            let Some(lane) = idle else { return };
            let busy: Vec<CameraId> = self
                .engines
                .lanes
                .borrow()
                .iter()
                .filter_map(|lane| match &lane.work {
                    LaneWork::Busy { camera, .. } => Some(camera.clone()),
                    _ => None,
                })
                .collect();
            // Two frames of one camera at once could come back in the wrong order.
            let wants =
                |id: &CameraId| !busy.contains(id) && self.cameras.find(id).is_some_and(|c| c.wants_turn());
            let turn = self.engines.turns.borrow_mut().take(wants);
            let Some(camera) = turn.and_then(|id| self.cameras.find(&id)) else { return };
            let Some(moment) = camera.take_moment() else { return };
            let job = self.engines.number();
            self.engines.with_lane(lane, |lane| {
                lane.work = LaneWork::Busy { job, camera: camera.id.clone(), moment };
                lane.sign_ms = clock::monotonic_ms();
            });
            let me = Rc::clone(self);
            task::spawn(async move { me.hand_over(lane, job, &camera).await });
        }
    }

    async fn hand_over(&self, lane: u64, job: u32, camera: &Camera) {
        let sent = match Frame::take(&camera.live.video).await {
            Ok(frame) => {
                let low = TrackerSettings::default().low_score;
                self.engines.with_lane(lane, |lane| lane.worker.analyse(job, low, &frame)).unwrap_or(Ok(()))
            }
            Err(why) => Err(why),
        };
        // No picture just now: the next frame brings the next attempt.
        if sent.is_err() {
            self.free(lane);
        }
    }

    fn count(&self, timing: Timing) {
        let total = timing.ingest + timing.preprocess + timing.network + timing.decode;
        self.engines.latency.borrow_mut().push(total);
        self.engines.rate.borrow_mut().push(clock::monotonic_ms());
    }

    /// Fits the input to the first camera's aspect and to what the machine can do.
    fn fit_input(&self, tell: bool) {
        let before = self.engines.input();
        if let Some(aspect) = self.cameras.all().iter().find_map(|camera| camera.aspect()) {
            self.engines.sizer.borrow_mut().set_aspect(aspect);
        }
        if self.engines.input_set.get().is_none() {
            let (median, frames) = {
                let latency = self.engines.latency.borrow();
                (latency.percentile(0.5), latency.len())
            };
            if let Some(median) = median {
                self.engines.sizer.borrow_mut().judge(clock::monotonic_ms(), median, frames);
            }
        }
        if tell || self.engines.input() != before {
            self.resize();
        }
    }

    fn resize(&self) {
        let input = self.engines.input();
        self.engines.latency.borrow_mut().clear();
        let mut trouble = None;
        for lane in self.engines.lanes.borrow_mut().iter_mut() {
            if let Some(report) = lane.report.as_mut().filter(|report| report.input != input) {
                report.input = input;
                trouble = lane.worker.send(&ToWorker::Resize { input }).err().or(trouble);
            }
        }
        match trouble {
            Some(message) => self.engine_failed(FailureCode::Internal, message),
            None => self.change_engine(|view| {
                if let EngineStatus::Ready(report) = &mut view.status {
                    report.input = input;
                }
            }),
        }
    }

    /// Uses another network or input size; `None` lets the post choose.
    pub(super) fn set_network(&self, model: Option<ModelName>, input: Option<InputSize>) {
        let multiple = |side: u32| side > 0 && side.is_multiple_of(InputSize::STEP);
        self.engines.input_set.set(input.filter(|size| multiple(size.width) && multiple(size.height)));
        let model = model.unwrap_or(ModelName::Lite0);
        if model == self.engines.model.replace(model) {
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
    pub(super) fn tend_engines(self: &Rc<Self>) {
        let now = clock::monotonic_ms();
        let late = self.engines.lanes.borrow().iter().find_map(|lane| match lane.work {
            LaneWork::Starting if now - lane.sign_ms > START_MS => Some("no progress for 90 s at start-up"),
            LaneWork::Busy { .. } if now - lane.sign_ms > FRAME_MS => Some("a frame took more than 20 s"),
            _ => None,
        });
        if let Some(why) = late {
            return self.engine_failed(FailureCode::Internal, why.to_owned());
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

    /// On the CPU, several cameras get several workers, as far as there are cores.
    fn widen_pool(&self) {
        let lanes = self.engines.lanes.borrow().len();
        let all_ready = self.engines.lanes.borrow().iter().all(|lane| lane.report.is_some());
        let Some(rung) = self.engines.ladder.borrow().as_ref().map(Ladder::rung) else { return };
        let most = (page::cores() - 1).clamp(1, POOL).min(self.cameras.all().len());
        if lanes == 0 || !all_ready || rung.kind() != EngineKind::Cpu || lanes >= most {
            return;
        }
        // One that does not start leaves the others as they are.
        if let Err((_, message)) = self.start_lane(rung) {
            self.record_soon(Record::EngineFault { message });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drills_are_read_from_the_address() {
        assert_eq!(drill_of("wrong_kernel"), Some(Drill::WrongKernel));
        assert_eq!(drill_of("fail_after:12"), Some(Drill::FailAfter(12)));
        assert_eq!(drill_of("fail_after:x"), None);
        assert_eq!(drill_of("anything"), None);
    }

    #[test]
    fn the_manifest_may_hold_more_than_is_read() {
        let text = r#"{"package":{"name":"x"},"networks":[{"name":"efficientdet-lite0","variant":"lite0",
            "file":"efficientdet-lite0.bpk","sha256":"ab","bytes":1,"published_map":25.7}]}"#;
        let manifest: Manifest = serde_json::from_str(text).unwrap();
        assert_eq!(manifest.networks[0].variant, ModelName::Lite0);
    }
}
