//! The order of the queue: what waits stands on top, newest first; below it what was answered, newest first.

use super::view::{SignalState, SignalView};
use std::rc::Rc;
use vigie_protocol::SignalId;

/// The queue in display order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Queue {
    /// Wait for an answer, on whichever post.
    pub open: Vec<Rc<SignalView>>,
    /// Answered.
    pub answered: Vec<Rc<SignalView>>,
}

impl Queue {
    /// Sorts the signals, which come newest first.
    #[must_use]
    pub fn of(signals: &[Rc<SignalView>]) -> Self {
        let (open, answered) = signals.iter().cloned().partition(|s| s.state == SignalState::Open);
        Self { open, answered }
    }

    /// Signals that this post has to answer.
    #[must_use]
    pub fn waiting_here(&self) -> usize {
        self.open.iter().filter(|s| s.own).count()
    }

    /// All, in display order.
    #[must_use]
    pub fn ids(&self) -> Vec<SignalId> {
        self.open.iter().chain(&self.answered).map(|s| s.id()).collect()
    }

    /// The signal to take in hand when none is: the newest that waits here.
    #[must_use]
    pub fn next_to_answer(&self, except: Option<SignalId>) -> Option<SignalId> {
        self.open.iter().filter(|s| s.own).map(|s| s.id()).find(|id| Some(*id) != except)
    }
}

/// The neighbour of `current` in `ids`, `by` steps further down, without running over the ends; the first one when
/// nothing is selected.
#[must_use]
pub fn step(ids: &[SignalId], current: Option<SignalId>, by: isize) -> Option<SignalId> {
    let Some(at) = current.and_then(|id| ids.iter().position(|other| *other == id)) else {
        return ids.first().copied();
    };
    let to = at.saturating_add_signed(by).min(ids.len() - 1);
    ids.get(to).copied()
}
