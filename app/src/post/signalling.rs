//! From an engine's finding to a recorded signal with its loop.

use super::{
    Inner,
    camera::{Camera, Findings},
    policy::{HealthChange, JournalUse, measures},
};
use crate::platform::{clock, db::ClipPicture, ids, task};
use crate::state::Action;
use std::rc::Rc;
use vigie_engine::RaisedSignal;
use vigie_protocol::{PostId, Record, Signal, SignalId};
use vigie_worker::messages::EngineReport;

/// Seconds of the loop before the signal.
const BEFORE_SECS: f64 = 4.0;
/// Seconds of the loop after it.
const AFTER_SECS: f64 = 1.0;

/// The software's version, as on the record.
pub(super) const SOFTWARE: &str = env!("CARGO_PKG_VERSION");

/// A network's name on the record.
pub(super) fn model_name(model: vigie_engine::network::ModelName) -> &'static str {
    use vigie_engine::network::ModelName;
    match model {
        ModelName::Lite0 => "efficientdet-lite0",
        ModelName::Lite1 => "efficientdet-lite1",
        ModelName::Lite2 => "efficientdet-lite2",
    }
}

impl Inner {
    /// Brings what a frame brought to where it belongs.
    pub(super) fn found(self: &Rc<Self>, camera: &Rc<Camera>, found: Findings, engine: &EngineReport) {
        for change in found.health {
            let camera = camera.id.clone();
            self.record_soon(match change {
                HealthChange::Began(state) => Record::HealthBegan { camera, state },
                HealthChange::Ended(state, secs) => Record::HealthEnded { camera, state, secs },
            });
        }
        if !found.vetoed.is_empty() {
            let drawn = crate::state::zones::drawn(&camera.stored().settings);
            for (vetoed, unwritten) in found.vetoed {
                let zone = drawn.iter().find(|zone| Some(zone.id) == vetoed.zone);
                self.record_soon(Record::SignalVetoed {
                    camera: camera.id.clone(),
                    event: vetoed.event,
                    zone: vetoed.zone,
                    zone_name: zone.map(|zone| zone.name.clone()),
                    veto: vetoed.veto,
                    score: vetoed.score,
                    region: vetoed.region,
                    unwritten,
                });
            }
        }
        for raised in found.raised {
            self.raise(camera, raised, engine);
        }
    }

    /// Brings a finding to the operator: identity and time of day, then the record, then the screen, then the loop.
    fn raise(self: &Rc<Self>, camera: &Rc<Camera>, raised: RaisedSignal, engine: &EngineReport) {
        let at_ms = raised.at.0 as f64 / 1e3;
        let signal = Signal {
            id: SignalId(ids::uuid()),
            event: raised.event,
            camera: camera.id.clone(),
            zone: raised.zone,
            zone_name: raised.zone_name,
            since_ms: clock::epoch_of(raised.since.0 as f64 / 1e3),
            raised_ms: clock::epoch_of(at_ms),
            score: raised.score,
            region: raised.region,
            dwell_secs: raised.dwell_secs,
            why: measures(&raised.why),
            model: model_name(engine.model).to_owned(),
            engine: engine.engine.name().to_owned(),
            software: SOFTWARE.to_owned(),
        };
        let (me, camera) = (Rc::clone(self), Rc::clone(camera));
        task::spawn(async move {
            // Shown by the recorder, once it is on disk.
            if !me.record_in_time(Record::SignalRaised(signal.clone())).await {
                // A disk that fails must not hide a danger: shown with a warning, stored when it works again.
                let post =
                    me.recorder.journal().map_or(PostId(uuid::Uuid::nil()), |journal| journal.identity().id);
                let shown = me.register.borrow_mut().show_unstored(signal.clone(), post);
                for action in shown {
                    me.dispatch(action);
                }
            }
            me.sound.chime();
            me.keep_loop(&camera, signal.id, at_ms).await;
        });
    }

    /// Stores the seconds around a signal, here and nowhere else.
    async fn keep_loop(&self, camera: &Camera, signal: SignalId, at_ms: f64) {
        let until = at_ms + AFTER_SECS * 1e3;
        clock::sleep(until - clock::monotonic_ms() + 100.0).await;
        let shots = camera.shots(at_ms - BEFORE_SECS * 1e3, until);
        let Some(first_ms) = shots.first().map(|(at, _)| *at) else { return };
        let pictures: Vec<_> = shots
            .into_iter()
            .map(|(at, shot)| ClipPicture {
                jpeg: shot.jpeg,
                at_secs: ((at - first_ms) / 1e3) as f32,
                boxes: shot.boxes,
            })
            .collect();
        let Some(journal) = self.recorder.journal() else { return };
        let decided = self.register.borrow().decided();
        match journal.keep_clip(signal, &pictures, &decided).await {
            Ok(()) => {
                self.register.borrow_mut().has_clip(signal);
                self.dispatch(Action::ClipStored(signal));
            }
            // The signal is complete without its loop; the operator hears that storage is in trouble.
            Err(error) => self.journal_failed(JournalUse::Write, &error),
        }
    }
}
