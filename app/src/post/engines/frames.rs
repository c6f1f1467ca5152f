//! A frame's turn: which camera's is next, where it goes, and what its answer says of the engine's pace.

use super::super::{
    Inner,
    camera::{Camera, Picture},
};
use super::{Lane, LaneWork};
use crate::platform::{clock, frames::Frame, task};
use crate::state::{EngineStatus, NoticeArg, NoticeLevel};
use std::rc::Rc;
use vigie_engine::{BBox, Detection, tracker::TrackerSettings};
use vigie_protocol::{CameraId, Record};
use vigie_worker::messages::{EngineReport, FailureCode, FlowReport, Timing, ToWorker};

/// Frames in a row that cannot be taken before the operator is told.
const UNTAKEN: u32 = 100;

impl Inner {
    /// Gives free workers the newest frames of the cameras whose turn it is.
    pub(in crate::post) fn pump(self: &Rc<Self>) {
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
            let part = camera.part_to_count();
            let job = self.engines.number();
            self.engines.with_lane(lane, |lane| {
                lane.work = LaneWork::Busy { job, camera: camera.id.clone(), moment, part };
                lane.sign_ms = clock::monotonic_ms();
            });
            let me = Rc::clone(self);
            task::spawn(async move { me.hand_over(lane, job, part, &camera).await });
        }
    }

    async fn hand_over(&self, lane: u64, job: u32, part: Option<BBox>, camera: &Camera) {
        let sent = match Frame::take(&camera.live.video).await {
            Ok(frame) => {
                let low = TrackerSettings::default().low_score;
                // Parts are only counted in.
                let last_grey = camera.last_grey().filter(|_| part.is_none());
                let send = |lane: &mut Lane| {
                    let device = |report: &EngineReport| matches!(report.flow, FlowReport::Device { .. });
                    let measures = lane.report.as_ref().is_some_and(device);
                    let last_grey = last_grey.as_deref().filter(|_| measures);
                    lane.worker.analyse(job, low, part, &frame, last_grey)
                };
                self.engines.with_lane(lane, send).unwrap_or(Ok(()))
            }
            Err(why) => Err(why),
        };
        let Err(why) = sent else { return self.engines.untaken.set(0) };
        // No picture just now: the next frame brings the next attempt.
        self.free(lane);
        let untaken = self.engines.untaken.get().saturating_add(1);
        self.engines.untaken.set(untaken);
        // None at all any more: no engine is at fault, but nothing is analysed.
        if untaken == UNTAKEN {
            self.record_soon(Record::EngineFault { message: FailureCode::BadFrame.line(&why) });
            self.notify(
                NoticeLevel::Error,
                "notice-engine-failed",
                vec![("reason", NoticeArg::Failure(FailureCode::BadFrame))],
            );
        }
    }

    pub(super) fn hand_back(&self, work: &LaneWork) {
        if let LaneWork::Busy { camera, moment, part, .. } = work
            && let Some(camera) = self.cameras.find(camera)
        {
            camera.give_back(*moment);
            if part.is_some() {
                camera.part_is_lost();
            }
        }
    }

    /// A frame was not analysed; its worker is free again.
    pub(super) fn free(&self, lane: u64) {
        let work = self.engines.with_lane(lane, |lane| std::mem::replace(&mut lane.work, LaneWork::Idle));
        if let Some(work) = work {
            self.hand_back(&work);
        }
    }

    /// The answer to a frame came.
    pub(super) fn lane_analysed(
        self: &Rc<Self>,
        lane: u64,
        job: u32,
        detections: &[Detection],
        picture: Picture<'_>,
        timing: Timing,
    ) {
        let done = self.engines.with_lane(lane, |lane| {
            lane.bad_frames = 0;
            match std::mem::replace(&mut lane.work, LaneWork::Idle) {
                LaneWork::Busy { job: asked, camera, moment, part } if asked == job => {
                    lane.report.clone().map(|report| (camera, moment, part, report))
                }
                _ => None,
            }
        });
        self.pump();
        if let Some((camera, moment, part, report)) = done.flatten() {
            if part.is_some() {
                if let Some(camera) = self.cameras.find(&camera) {
                    camera.give_back(moment);
                    camera.part_counted(moment.at, detections);
                }
                return;
            }
            self.count(timing);
            if self.engines.telling.borrow_mut().analysed() {
                self.engines.backoff.borrow_mut().reset();
            }
            if let Some(camera) = self.cameras.find(&camera) {
                let keeps = self.engines.flow.get();
                let found = camera.analysed(moment, report.input, detections, picture, keeps);
                self.found(&camera, found, &report);
            }
        }
    }

    fn count(&self, timing: Timing) {
        self.engines.latency.borrow_mut().push(timing.total());
        self.engines.rate.borrow_mut().push(clock::monotonic_ms());
    }

    /// Fits the input to the first camera's aspect and to what the machine can do.
    pub(super) fn fit_input(&self, tell: bool) {
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

    pub(super) fn resize(&self) {
        let input = self.engines.input();
        self.engines.latency.borrow_mut().clear();
        let mut trouble = None;
        for lane in self.engines.lanes.borrow_mut().iter_mut() {
            if let Some(report) = lane.report.as_mut().filter(|report| report.input != input) {
                report.input = input;
                let told = lane.worker.send(&ToWorker::Resize { input });
                trouble = told.err().map(|why| (lane.id, why)).or(trouble);
            }
        }
        match trouble {
            Some((lane, message)) => self.lane_failed(lane, FailureCode::Internal, message),
            None => self.change_engine(|view| {
                if let EngineStatus::Ready(report) = &mut view.status {
                    report.input = input;
                }
            }),
        }
    }
}
