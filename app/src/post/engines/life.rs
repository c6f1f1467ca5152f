//! From nothing to a running engine, and what follows when one fails.

use super::super::{
    Inner,
    policy::{EngineChoice, Ladder, Means, Rung},
    signalling::model_name,
};
use super::{Lane, LaneWork};
use crate::platform::{
    clock, gpu,
    http::{self, Call},
    page,
    task::{self, Task},
    worker::{self, EngineWorker},
};
use crate::state::{EngineStatus, NoticeArg, NoticeLevel};
use futures::{channel::mpsc, stream::StreamExt};
use serde::Deserialize;
use std::{cell::RefCell, rc::Rc};
use vigie_engine::network::ModelName;
use vigie_protocol::Record;
use vigie_worker::messages::{Drill, EngineKind, EngineReport, FailureCode, ToWorker};
use vigie_worker::support::RELAXED_SIMD_PROBE;

/// Workers on the CPU at most, however many cores there are.
const POOL: usize = 3;
const MANIFEST: &str = "/models/manifest.json";

/// What is served under [`MANIFEST`]; more is in it than the page needs.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Manifest {
    networks: Vec<ManifestEntry>,
}

#[derive(Clone, Debug, Deserialize)]
struct ManifestEntry {
    variant: ModelName,
    file: String,
    sha256: String,
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
pub(in crate::post) async fn begin(post: Rc<Inner>) {
    let choice = match page::parameter("engine").as_deref() {
        Some("cpu") => EngineChoice::Cpu,
        Some("webgpu") => EngineChoice::WebGpu,
        _ => EngineChoice::Auto,
    };
    post.engines.flow.set(page::parameter("flow").as_deref() == Some("webgpu"));
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
    /// Starts a worker of the present rung.
    pub(super) async fn start_engine(&self) {
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
        self.engines.telling.borrow_mut().started();
        self.engines.pool_limit.set(POOL);
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

    pub(super) fn start_lane(&self, rung: Rung) -> Result<(), (FailureCode, String)> {
        let model = self.engines.model();
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
            flow: self.engines.flow.get(),
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

    pub(super) fn lane_ready(self: &Rc<Self>, lane: u64, report: EngineReport) {
        self.engines.with_lane(lane, |lane| {
            lane.work = LaneWork::Idle;
            lane.report = Some(report.clone());
        });
        let first = !matches!(self.engines.view.borrow().status, EngineStatus::Ready(_));
        let fallback = self.engines.ladder.borrow().as_ref().and_then(|ladder| ladder.given_up().cloned());
        let rung = self.engines.ladder.borrow().as_ref().map(Ladder::rung);
        if first {
            self.engines.latency.borrow_mut().clear();
        }
        if first && rung.is_some_and(|rung| self.engines.telling.borrow_mut().ready(rung, report.model)) {
            self.record_soon(Record::EngineReady {
                engine: report.engine.name().to_owned(),
                adapter: report.adapter.clone(),
                model: model_name(report.model).to_owned(),
                selftest_deviation: report.selftest_deviation,
                flow: report.flow.name().to_owned(),
                fallback_reason: fallback.as_ref().map(|(code, why)| code.line(why)).unwrap_or_default(),
            });
            if let Some((code, _)) = fallback.as_ref().filter(|(code, _)| *code != FailureCode::NoDevice) {
                let args =
                    vec![("engine", NoticeArg::Engine(report.engine)), ("reason", NoticeArg::Failure(*code))];
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

    /// A worker is of no further use. While another one works, the pool goes on with one less.
    pub(super) fn lane_failed(&self, lane: u64, code: FailureCode, message: String) {
        let failed = {
            let mut lanes = self.engines.lanes.borrow_mut();
            let Some(at) = lanes.iter().position(|other| other.id == lane) else { return };
            let another_works = lanes.iter().any(|other| other.id != lane && other.report.is_some());
            another_works.then(|| (lanes.remove(at), lanes.len()))
        };
        let Some((failed, left)) = failed else { return self.engine_failed(code, message) };
        self.hand_back(&failed.work);
        // Dropped by a task: it may be what is speaking just now.
        task::spawn(async move { drop(failed) });
        self.engines.pool_limit.set(left);
        self.record_soon(Record::EngineFault { message: code.line(&message) });
    }

    /// The present engine is of no further use: the next one down, or the same again after a while.
    pub(super) fn engine_failed(&self, code: FailureCode, message: String) {
        let lanes = std::mem::take(&mut *self.engines.lanes.borrow_mut());
        for lane in &lanes {
            self.hand_back(&lane.work);
        }
        // Dropped by a task: one of the lanes may be what is speaking just now.
        task::spawn(async move { drop(lanes) });
        let new = self.engines.telling.borrow_mut().fault(code, &message);
        if new {
            self.record_soon(Record::EngineFault { message: code.line(&message) });
        }
        // Weights that are not there are no fault of the engine; the next one would miss them, too.
        let no_model = matches!(code, FailureCode::ModelMissing | FailureCode::ModelCorrupt);
        if no_model {
            // The relay may have got other networks since the list was read: the next attempt reads it again.
            self.engines.manifest.borrow_mut().take();
        }
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
            self.change_engine(|view| view.status = EngineStatus::Failed { code, message });
            if new {
                self.notify(
                    NoticeLevel::Error,
                    "notice-engine-failed",
                    vec![("reason", NoticeArg::Failure(code))],
                );
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

    /// On the CPU, several cameras get several workers, as far as there are cores.
    pub(super) fn widen_pool(&self) {
        let lanes = self.engines.lanes.borrow().len();
        let all_ready = self.engines.lanes.borrow().iter().all(|lane| lane.report.is_some());
        let Some(rung) = self.engines.ladder.borrow().as_ref().map(Ladder::rung) else { return };
        let most = (page::cores() - 1)
            .clamp(1, POOL)
            .min(self.engines.pool_limit.get())
            .min(self.cameras.all().len());
        if lanes == 0 || !all_ready || rung.kind() != EngineKind::Cpu || lanes >= most {
            return;
        }
        // One that does not start leaves the others as they are.
        if let Err((code, message)) = self.start_lane(rung) {
            self.engines.pool_limit.set(lanes);
            self.record_soon(Record::EngineFault { message: code.line(&message) });
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
