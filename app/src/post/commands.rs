//! What the operator asks for.

use super::{Inner, camera::Camera, connect, policy::JournalUse, register::Shown};
use crate::platform::{
    clock,
    db::Put,
    task::{self, Bell},
};
use crate::state::{Action, CameraSource, Command, NoticeLevel, SignalState};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, rc::Rc};
use vigie_protocol::{CameraId, Decision, Reason, Record, SignalId, Verb, sync::CameraInfo};

/// What is kept of a camera, so that it comes back after a reload.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct StoredCamera {
    pub(super) name: String,
    /// Its WHEP endpoint; a file or a webcam has to be given again by a person.
    pub(super) url: String,
    #[serde(default)]
    pub(super) server_offers: bool,
    /// Taken off the wall on purpose: not opened by itself.
    #[serde(default)]
    pub(super) closed: bool,
}

/// Milliseconds that the relay's cameras wait for their settings.
const SETTINGS_MS: f64 = 5_000.0;

/// Prefix of a camera's setting.
pub(super) const CAMERA: &str = "camera/";
/// The setting with the network and input size that the operator chose.
pub(super) const NETWORK: &str = "network";

pub(super) fn put<T: Serialize>(key: String, value: &T) -> Put {
    // Plain data: this cannot fail. Were it to, the setting would be removed rather than kept wrong.
    Put { key, value: serde_json::to_value(value).ok() }
}

impl Inner {
    pub(super) fn obey(&self, command: Command) {
        let Some(me) = self.me.upgrade() else { return };
        match command {
            Command::OpenCamera { id, name, source } => me.open_camera(id, name, source, true),
            Command::CloseCamera(id) => me.close_camera(&id),
            Command::RetryCamera(id) => {
                if let Some(camera) = self.cameras.find(&id) {
                    camera.retry.ring();
                }
            }
            Command::SaveDrawn { camera, id, drawn } => me.save_drawn(&camera, id, drawn),
            Command::RemoveDrawn { camera, id } => me.remove_drawn(&camera, id),
            Command::SwitchSituation { camera, event, on } => me.switch_situation(&camera, event, on),
            Command::SetThreshold { camera, event, value } => me.set_threshold(&camera, event, value),
            Command::LoadSettings { camera, settings } => me.load_settings(&camera, *settings),
            Command::Decide { signal, verb, reason, note } => me.decide(signal, verb, reason, &note),
            Command::Reopen(signal) => me.reopen(signal),
            Command::Shown(signal) => {
                if self.register.borrow_mut().shown(signal, clock::monotonic_ms()) {
                    self.record_soon(Record::SignalShown { signal });
                }
            }
            Command::SetNetwork { model, input } => {
                self.set_network(model, input);
                me.keep_setting(NETWORK.to_owned(), (model, input));
            }
            Command::RenamePost(name) => task::spawn(async move { me.rename(name).await }),
            Command::Dismiss(notice) => self.dispatch(Action::Dismissed(notice)),
            Command::UnlockSound => {
                let me = self.me.clone();
                self.sound.unlock(move |playing| {
                    if let Some(me) = me.upgrade() {
                        me.dispatch(Action::SoundUnlocked(playing));
                    }
                });
            }
            Command::SetSound(on) => self.sound.set_muted(!on),
        }
    }

    /// Stores a setting that needs no record.
    pub(super) fn keep_setting<T: Serialize + 'static>(self: Rc<Self>, key: String, value: T) {
        task::spawn(async move {
            if let Some(journal) = self.recorder.journal()
                && let Err(error) = journal.put_setting(&key, &value).await
            {
                self.journal_failed(JournalUse::Write, &error);
            }
        });
    }

    async fn rename(&self, name: String) {
        let name: String = name.trim().chars().take(64).collect();
        let Some(journal) = self.recorder.journal().filter(|_| !name.is_empty()) else { return };
        match journal.rename(name.clone()).await {
            Ok(()) => self.dispatch(Action::PostKnown { id: journal.identity().id, name }),
            Err(error) => self.journal_failed(JournalUse::Write, &error),
        }
    }

    /// Puts a camera on the wall. One that is there already stays as it is; when it waits for its next attempt, that is now. `keep` says that it is to come back after a
    /// reload.
    pub(super) fn open_camera(self: &Rc<Self>, id: CameraId, name: String, source: CameraSource, keep: bool) {
        if let Some(camera) = self.cameras.find(&id) {
            if camera.is_waiting() {
                camera.retry.ring();
            }
            return;
        }
        let (retry, listener) = Bell::new();
        let stored = self.cameras.stored(&id);
        let camera = match Camera::new(id.clone(), name.clone(), source, stored, retry) {
            Ok(camera) => camera,
            Err(reason) => {
                return self.notify(
                    NoticeLevel::Error,
                    "notice-camera-impossible",
                    vec![("reason", reason.into())],
                );
            }
        };
        self.cameras.add(Rc::clone(&camera));
        self.engines.join(&id);
        self.show_camera(&camera);
        camera.listen({
            let me = self.me.clone();
            move || {
                if let Some(me) = me.upgrade() {
                    me.pump();
                }
            }
        });
        let mut puts = Vec::new();
        if let CameraSource::Whep { url, server_offers } = &camera.source
            && keep
        {
            let stored =
                StoredCamera { name, url: url.clone(), server_offers: *server_offers, closed: false };
            puts.push(put(format!("{CAMERA}{id}"), &stored));
        }
        connect::begin(self, &camera, listener);
        let (me, source) = (Rc::clone(self), camera.kind().to_owned());
        task::spawn(async move {
            me.record(Record::CameraOpened { camera: id, source }, puts).await;
        });
    }

    fn close_camera(self: Rc<Self>, id: &CameraId) {
        let Some(camera) = self.cameras.remove(id) else { return };
        self.engines.leave(id);
        let mut puts = Vec::new();
        if let CameraSource::Whep { url, server_offers } = camera.source.clone() {
            let stored = StoredCamera { name: camera.name.clone(), url, server_offers, closed: true };
            puts.push(put(format!("{CAMERA}{id}"), &stored));
        }
        camera.close();
        self.dispatch(Action::CameraClosed(id.clone()));
        let camera = id.clone();
        task::spawn(async move {
            self.record(Record::CameraClosed { camera }, puts).await;
        });
    }

    /// Tells the interface of a camera, if anything changed.
    pub(super) fn show_camera(&self, camera: &Camera) {
        if let Some(view) = camera.changed_view()
            && self.cameras.find(&camera.id).is_some()
        {
            self.dispatch(Action::CameraChanged(view));
        }
    }

    /// The relay's cameras open by themselves, but for those that the operator has taken off the wall.
    pub(super) async fn cameras_offered(&self, cameras: Vec<CameraInfo>) {
        self.dispatch(Action::CamerasOffered(cameras.clone()));
        let stored = match self.recorder.journal() {
            // Settings that cannot be read, or not soon, must not keep a camera off the wall.
            Some(journal) => {
                let stored = journal.settings::<StoredCamera>(CAMERA);
                task::within(SETTINGS_MS, stored).await.and_then(Result::ok).unwrap_or_default()
            }
            None => Vec::new(),
        };
        let stored: BTreeMap<String, StoredCamera> =
            stored.into_iter().filter_map(|(id, camera)| Some((id, camera.ok()?))).collect();
        let Some(me) = self.me.upgrade() else { return };
        for offered in cameras {
            let closed = stored.get(offered.id.as_str()).is_some_and(|camera| camera.closed);
            if !closed && self.cameras.find(&offered.id).is_none() {
                let source = CameraSource::Whep { url: offered.whep, server_offers: false };
                me.open_camera(offered.id.clone(), offered.name, source, true);
            }
            if let Some(camera) = self.cameras.find(&offered.id)
                && camera.kind() == "whep"
            {
                camera.set_loop_ms(offered.loop_ms);
            }
        }
    }

    fn decide(self: Rc<Self>, signal: SignalId, verb: Verb, reason: Reason, note: &str) {
        let note: String = note.trim().chars().take(Decision::MAX_NOTE).collect();
        let took_ms = {
            let register = self.register.borrow();
            let Some(known) = register.get(signal).filter(|known| known.view.own) else { return };
            // An answer stands until it is taken back.
            if known.view.state != SignalState::Open || (reason == Reason::Other && note.is_empty()) {
                return;
            }
            match known.shown {
                Some(Shown::Here(at_ms)) => clock::monotonic_ms() - at_ms,
                Some(Shown::Earlier(at_ms)) => (clock::epoch_ms() - at_ms) as f64,
                None => 0.0,
            }
        };
        let decision = Decision {
            signal,
            verb,
            reason,
            note,
            decided_ms: clock::epoch_ms(),
            took_ms: took_ms.max(0.0) as u64,
        };
        let state = SignalState::Decided(decision.clone());
        self.answer(signal, Record::SignalDecided(decision), state);
    }

    fn reopen(self: Rc<Self>, signal: SignalId) {
        let decided = {
            let register = self.register.borrow();
            register.get(signal).is_some_and(|known| known.view.own && known.view.state != SignalState::Open)
        };
        if decided {
            self.answer(signal, Record::SignalReopened { signal }, SignalState::Open);
        }
    }

    /// Shows an answer once it is on disk. A disk that refuses does not keep the operator from answering: the answer shows
    /// with a warning, and is stored when that works.
    fn answer(self: Rc<Self>, signal: SignalId, record: Record, state: SignalState) {
        task::spawn(async move {
            if !self.record_in_time(record).await {
                let shown = self.register.borrow_mut().answer_unstored(signal, state);
                for action in shown {
                    self.dispatch(action);
                }
            }
        });
    }
}
