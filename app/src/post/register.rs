//! What this post knows of signals: its own and those of others, as the record tells.

use crate::state::{Action, AppState, SignalState, SignalView};
use std::collections::{BTreeMap, HashSet};
use vigie_protocol::{Entry, PostId, Record, Signal, SignalId};

/// A signal and what the interface does not need to know.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) view: SignalView,
    /// Number of its entry, for own ones; 0 while it is not on disk.
    seq: u64,
    /// When it was first shown: on the monotonic clock in this page's life, by the record otherwise.
    pub(super) shown: Option<Shown>,
}

/// When a signal was first shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Shown {
    /// In this page's life, milliseconds on the monotonic clock.
    Here(f64),
    /// Before the page was loaded, milliseconds since the Unix epoch.
    Earlier(i64),
}

/// Signals by identity, which sorts them by birth.
#[derive(Clone, Debug, Default)]
pub(super) struct Register {
    signals: BTreeMap<SignalId, Known>,
}

impl Register {
    /// More than the interface shows, so that an answer to an old one still finds it. What was answered and what others
    /// answer goes first, oldest first; an own signal without an answer never goes.
    const MOST: usize = 4 * AppState::MAX_SIGNALS;

    /// Takes an entry in; returns what changes on screen.
    pub(super) fn take_in(&mut self, entry: &Entry, record: &Record, own: bool, synced: bool) -> Vec<Action> {
        match record {
            Record::SignalRaised(signal) => {
                match self.signals.get_mut(&signal.id) {
                    // Shown before it could be stored, perhaps before the post knew who it is; or told again.
                    Some(known) if known.view.own == own && (own || known.view.post == entry.post) => {
                        known.seq = entry.seq;
                        known.view.post = entry.post;
                        known.view.synced = synced;
                    }
                    // Another post under whose name the same signal comes does not make it its own.
                    Some(_) => return Vec::new(),
                    None => self.insert(signal.clone(), entry.post, own, synced, entry.seq),
                }
                self.changed(signal.id)
            }
            Record::SignalShown { signal } => {
                if let Some(known) = self.of_post(*signal, entry.post) {
                    known.shown.get_or_insert(Shown::Earlier(entry.at_ms));
                }
                Vec::new()
            }
            Record::SignalDecided(decision) => {
                let state = SignalState::Decided(decision.clone());
                self.answer(decision.signal, entry.post, state)
            }
            Record::SignalReopened { signal } => self.answer(*signal, entry.post, SignalState::Open),
            _ => Vec::new(),
        }
    }

    /// A signal that could not be stored yet is shown all the same.
    pub(super) fn show_unstored(&mut self, signal: Signal, post: PostId) -> Vec<Action> {
        let id = signal.id;
        // The disk may have had it at the last moment.
        if self.signals.contains_key(&id) {
            return Vec::new();
        }
        self.insert(signal, post, true, false, 0);
        self.changed(id)
    }

    /// An answer that could not be stored yet stands all the same, for a signal of this post.
    pub(super) fn answer_unstored(&mut self, id: SignalId, state: SignalState) -> Vec<Action> {
        match self.signals.get(&id).filter(|known| known.view.own).map(|known| known.view.post) {
            Some(post) => self.answer(id, post, state),
            None => Vec::new(),
        }
    }

    fn insert(&mut self, signal: Signal, post: PostId, own: bool, synced: bool, seq: u64) {
        let id = signal.id;
        let view = SignalView { signal, post, own, state: SignalState::Open, has_clip: false, synced };
        self.signals.insert(id, Known { view, seq, shown: None });
        // Those that wait for an answer here stay: the list grows with them, and with nothing else.
        while self.signals.len() > Self::MOST
            && let Some(oldest) = self.signals.values().find(|k| !k.view.waits_here()).map(|k| k.view.id())
        {
            self.signals.remove(&oldest);
        }
    }

    /// Only the post that raised a signal answers it.
    fn of_post(&mut self, id: SignalId, post: PostId) -> Option<&mut Known> {
        self.signals.get_mut(&id).filter(|known| known.view.post == post)
    }

    fn answer(&mut self, id: SignalId, post: PostId, state: SignalState) -> Vec<Action> {
        match self.of_post(id, post) {
            Some(known) => {
                known.view.state = state.clone();
                vec![Action::SignalAnswered { id, state }]
            }
            None => Vec::new(),
        }
    }

    fn changed(&self, id: SignalId) -> Vec<Action> {
        self.signals
            .get(&id)
            .map(|known| Action::SignalChanged(Box::new(known.view.clone())))
            .into_iter()
            .collect()
    }

    /// What is known of a signal.
    pub(super) fn get(&self, id: SignalId) -> Option<&Known> {
        self.signals.get(&id)
    }

    /// Notes that a signal is being shown; false when it was shown before or is not ours.
    pub(super) fn shown(&mut self, id: SignalId, now_ms: f64) -> bool {
        match self.signals.get_mut(&id) {
            Some(known) if known.view.own && known.shown.is_none() => {
                known.shown = Some(Shown::Here(now_ms));
                true
            }
            _ => false,
        }
    }

    /// The loop of a signal is stored.
    pub(super) fn has_clip(&mut self, id: SignalId) {
        if let Some(known) = self.signals.get_mut(&id) {
            known.view.has_clip = true;
        }
    }

    /// Signals that are answered.
    pub(super) fn decided(&self) -> HashSet<SignalId> {
        let decided = self.signals.values().filter(|known| known.view.state != SignalState::Open);
        decided.map(|known| known.view.id()).collect()
    }

    /// The relay has acknowledged own entries up to here.
    pub(super) fn acknowledged(&mut self, seq: u64) -> Vec<Action> {
        let mut actions = Vec::new();
        for known in self.signals.values_mut() {
            if known.view.own && !known.view.synced && known.seq > 0 && known.seq <= seq {
                known.view.synced = true;
                actions.push(Action::SignalChanged(Box::new(known.view.clone())));
            }
        }
        actions
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vigie_protocol::{CameraId, ChainHead, Decision, EventKind, Reason, Region, Verb};

    fn id(n: u128) -> SignalId {
        SignalId(uuid::Uuid::from_u128(n))
    }

    fn post(n: u128) -> PostId {
        PostId(uuid::Uuid::from_u128(n))
    }

    fn signal(n: u128) -> Record {
        Record::SignalRaised(Signal {
            id: id(n),
            event: EventKind::ZoneIntrusion,
            camera: CameraId::new("plaza").unwrap(),
            zone: None,
            zone_name: None,
            since_ms: 0,
            raised_ms: n as i64,
            score: 0.5,
            region: Region { x0: 0.0, y0: 0.0, x1: 1.0, y1: 1.0 },
            dwell_secs: 1.0,
            why: Vec::new(),
            model: String::new(),
            engine: String::new(),
            software: String::new(),
        })
    }

    fn decided(n: u128) -> Record {
        Record::SignalDecided(Decision {
            signal: id(n),
            verb: Verb::Confirm,
            reason: Reason::TeamSent,
            note: String::new(),
            decided_ms: 1,
            took_ms: 1,
        })
    }

    fn take(register: &mut Register, by: u128, seq: u64, record: &Record) -> Vec<Action> {
        let mut entry = ChainHead::EMPTY.link(post(by), 7, record).unwrap();
        entry.seq = seq;
        register.take_in(&entry, record, by == 1, false)
    }

    #[test]
    fn an_answer_counts_only_from_the_post_that_raised() {
        let mut register = Register::default();
        assert_eq!(take(&mut register, 1, 1, &signal(9)).len(), 1);
        assert!(take(&mut register, 2, 1, &decided(9)).is_empty());
        assert!(register.decided().is_empty());
        assert_eq!(take(&mut register, 1, 2, &decided(9)).len(), 1);
        assert!(register.decided().contains(&id(9)));
        take(&mut register, 1, 3, &Record::SignalReopened { signal: id(9) });
        assert!(register.decided().is_empty());
    }

    #[test]
    fn telling_a_signal_again_keeps_its_answer() {
        let mut register = Register::default();
        take(&mut register, 1, 1, &signal(9));
        take(&mut register, 1, 2, &decided(9));
        take(&mut register, 1, 1, &signal(9));
        assert!(register.decided().contains(&id(9)));
    }

    #[test]
    fn acknowledging_marks_what_is_stored_and_nothing_else() {
        let mut register = Register::default();
        let Record::SignalRaised(unstored) = signal(8) else { unreachable!() };
        register.show_unstored(unstored, post(1));
        take(&mut register, 1, 4, &signal(9));
        assert!(register.acknowledged(3).is_empty());
        assert_eq!(register.acknowledged(4).len(), 1);
        assert!(register.acknowledged(4).is_empty());
        assert!(!register.get(id(8)).unwrap().view.synced);
    }

    #[test]
    fn a_signal_shown_before_the_post_knew_its_name_is_answered_like_any_other() {
        let mut register = Register::default();
        let (Record::SignalRaised(early), Record::SignalDecided(answer)) = (signal(9), decided(9)) else {
            unreachable!()
        };
        register.show_unstored(early, post(0));
        assert_eq!(register.answer_unstored(id(9), SignalState::Decided(answer)).len(), 1);
        assert_eq!(register.answer_unstored(id(9), SignalState::Open).len(), 1);
        take(&mut register, 2, 1, &signal(9));
        assert_eq!(register.get(id(9)).unwrap().view.post, post(0), "another post cannot take it over");
        take(&mut register, 1, 1, &signal(9));
        assert_eq!(register.get(id(9)).unwrap().view.post, post(1));
        assert_eq!(take(&mut register, 1, 2, &decided(9)).len(), 1);
        assert!(register.decided().contains(&id(9)));
        take(&mut register, 2, 3, &signal(10));
        assert!(register.answer_unstored(id(10), SignalState::Open).is_empty(), "not ours to answer");
    }

    #[test]
    fn a_flood_from_elsewhere_pushes_out_no_signal_that_waits_here() {
        let mut register = Register::default();
        take(&mut register, 1, 1, &signal(1));
        take(&mut register, 1, 2, &signal(2));
        take(&mut register, 1, 3, &decided(2));
        for n in 0..Register::MOST as u128 {
            take(&mut register, 2, 1, &signal(100 + n));
        }
        assert!(register.get(id(1)).is_some());
        assert!(register.get(id(2)).is_none() && register.get(id(100)).is_none());
        assert_eq!(register.signals.len(), Register::MOST);
        for n in 0..Register::MOST as u128 {
            take(&mut register, 1, 4, &signal(10_000 + n));
        }
        assert_eq!(register.signals.len(), Register::MOST + 1, "all of them wait here");
    }

    #[test]
    fn a_signal_is_shown_once() {
        let mut register = Register::default();
        take(&mut register, 1, 1, &signal(9));
        take(&mut register, 2, 1, &signal(10));
        assert!(register.shown(id(9), 5.0));
        assert!(!register.shown(id(9), 6.0));
        assert!(!register.shown(id(10), 6.0), "another post's signal is shown there");
    }
}
