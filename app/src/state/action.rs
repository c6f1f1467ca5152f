//! What happened, and how the state follows from it.

use super::view::{
    AppState, CameraView, EngineView, Notice, RecordRow, RelayView, SignalState, SignalView, StorageView,
};
use std::rc::Rc;
use vigie_protocol::{CameraId, PostId, SignalId, sync::CameraInfo};

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// The journal is open: this is who we are.
    PostKnown {
        /// This post.
        id: PostId,
        /// Its display name.
        name: String,
    },
    /// The cameras that the relay offers.
    CamerasOffered(Vec<CameraInfo>),
    /// A camera joined the wall, or something about it changed.
    CameraChanged(CameraView),
    /// A camera left the wall.
    CameraClosed(CameraId),
    /// A signal of any post appeared or changed.
    SignalChanged(Box<SignalView>),
    /// A signal's state changed.
    SignalAnswered {
        /// Which one.
        id: SignalId,
        /// Its new state.
        state: SignalState,
    },
    /// The loop of a signal has been stored.
    ClipStored(SignalId),
    /// The engine changed.
    EngineChanged(EngineView),
    /// The relay changed.
    RelayChanged(RelayView),
    /// The journal changed.
    StorageChanged(StorageView),
    /// Rows for the record, in any order; known ones (same post and number) are replaced.
    RecordRows(Vec<RecordRow>),
    /// A message to the operator.
    Notify(Notice),
    /// A message was closed.
    Dismissed(u64),
    /// Whether the browser plays our sound.
    SoundUnlocked(bool),
}

/// Applies an action.
pub fn reduce(state: &mut AppState, action: Action) {
    match action {
        Action::PostKnown { id, name } => {
            state.post = Some(id);
            state.post_name = name;
        }
        Action::CamerasOffered(offered) => state.offered = offered,
        Action::CameraChanged(camera) => match state.cameras.iter_mut().find(|c| c.id == camera.id) {
            Some(known) => *known = Rc::new(camera),
            None => state.cameras.push(Rc::new(camera)),
        },
        Action::CameraClosed(id) => state.cameras.retain(|c| c.id != id),
        Action::SignalChanged(signal) => put_signal(state, *signal),
        Action::SignalAnswered { id, state: answer } => {
            if let Some(signal) = state.signals.iter_mut().find(|s| s.id() == id) {
                Rc::make_mut(signal).state = answer;
            }
        }
        Action::ClipStored(id) => {
            if let Some(signal) = state.signals.iter_mut().find(|s| s.id() == id) {
                Rc::make_mut(signal).has_clip = true;
            }
        }
        Action::EngineChanged(engine) => state.engine = engine,
        Action::RelayChanged(relay) => state.relay = relay,
        Action::StorageChanged(storage) => state.storage = storage,
        Action::RecordRows(rows) => put_rows(state, rows),
        Action::Notify(notice) => {
            state.notices.retain(|n| n.message != notice.message || n.args != notice.args);
            state.notices.push(notice);
            let excess = state.notices.len().saturating_sub(AppState::MAX_NOTICES);
            state.notices.drain(..excess);
        }
        Action::Dismissed(id) => state.notices.retain(|n| n.id != id),
        Action::SoundUnlocked(unlocked) => state.sound_unlocked = unlocked,
    }
}

fn put_signal(state: &mut AppState, signal: SignalView) {
    if let Some(known) = state.signals.iter_mut().find(|s| s.id() == signal.id()) {
        *known = Rc::new(signal);
    } else {
        let at = state.signals.partition_point(|s| s.signal.raised_ms > signal.signal.raised_ms);
        state.signals.insert(at, Rc::new(signal));
        while state.signals.len() > AppState::MAX_SIGNALS
            && let Some(oldest) = state.signals.iter().rposition(|s| !s.waits_here())
        {
            state.signals.remove(oldest);
        }
    }
}

fn put_rows(state: &mut AppState, rows: Vec<RecordRow>) {
    for row in rows {
        match state.record.iter_mut().find(|r| r.post == row.post && r.seq == row.seq) {
            Some(known) => *known = Rc::new(row),
            None => state.record.push(Rc::new(row)),
        }
    }
    state.record.sort_by_key(|row| std::cmp::Reverse((row.at_ms, row.post, row.seq)));
    state.record.truncate(AppState::MAX_ROWS);
}

/// Lets a component hold the state: each action makes the next one.
impl yew::Reducible for AppState {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        let mut next = Rc::unwrap_or_clone(self);
        reduce(&mut next, action);
        Rc::new(next)
    }
}
