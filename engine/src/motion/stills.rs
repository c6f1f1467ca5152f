//! What was not there before and does not move: foreground, block by block, with since when it has looked the same.
//!
//! The short-term memory beside the long-term background, after F. Porikli, Y. Ivanov and T. Haga, "Robust abandoned object detection using dual
//! foregrounds", EURASIP JASP 2008; with one state a block in place of two models, so that "since when" is known and somebody who passes in front of a
//! thing does not make it new.

use super::background::{BLOCK, Background};
use crate::{Luma, Micros};

/// Foreground that has looked the same for this long is still, seconds. Between two steps a foot rests for .6 s at most.
const SETTLE_SECS: f32 = 1.5;
/// A still block may be hidden by something else for this long and is then the same as before, seconds.
const HIDDEN_SECS: f32 = 30.0;
/// A block that has been background for this long holds nothing any more, seconds.
const CLEAR_SECS: f32 = 1.0;
/// Of 16 pixels, at most so many may have changed in a block that looks the same.
const CHANGED_PIXELS: usize = 4;
/// A pixel has changed from this difference on, grey levels.
const CHANGED_LEVELS: u8 = 12;

#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    Background,
    /// Foreground that has looked the same since then, not yet for long.
    Settling(Micros),
    /// Foreground that has looked the same for long.
    Still {
        since: Micros,
        hidden: Option<Micros>,
        clear: Option<Micros>,
    },
}

/// The blocks of one view.
#[derive(Clone, Debug, Default)]
pub(super) struct Stills {
    /// What each foreground block looked like when it was last taken for changed.
    snapshot: Vec<u8>,
    states: Vec<State>,
    moving: Vec<bool>,
    since: Vec<Option<Micros>>,
}

impl Stills {
    /// Which blocks hold something that moves or has moved a moment ago.
    pub(super) fn moving(&self) -> &[bool] {
        &self.moving
    }

    /// Since when each block has held the same still thing. Set, too, while something else hides it.
    pub(super) fn since(&self) -> &[Option<Micros>] {
        &self.since
    }

    /// The next picture is the background.
    pub(super) fn reset(&mut self) {
        self.states.fill(State::Background);
        self.moving.fill(false);
        self.since.fill(None);
    }

    /// A block's content has become background.
    pub(super) fn forget(&mut self, block: usize) {
        self.states[block] = State::Background;
        self.moving[block] = false;
        self.since[block] = None;
    }

    /// Takes a picture and what in it differs from the background.
    pub(super) fn step(&mut self, at: Micros, luma: Luma<'_>, background: &Background) {
        let (columns, rows) = background.size();
        if self.states.len() != columns * rows || self.snapshot.len() != luma.pixels().len() {
            self.snapshot.clear();
            self.snapshot.extend_from_slice(luma.pixels());
            self.states.clear();
            self.states.resize(columns * rows, State::Background);
            self.moving.clear();
            self.moving.resize(columns * rows, false);
            self.since.clear();
            self.since.resize(columns * rows, None);
        }
        let relit = background.exposure_changed();
        for block in 0..self.states.len() {
            let foreground = background.blocks()[block];
            let state = self.states[block];
            if !foreground && state == State::Background {
                continue;
            }
            let corner = block / columns * BLOCK * luma.width() + block % columns * BLOCK;
            let same = foreground && (relit || self.looks_the_same(luma, corner));
            let next = after(state, foreground, same, at);
            let new_look = match next {
                State::Settling(since) => since == at,
                State::Background => false,
                State::Still { .. } => same && relit,
            };
            if new_look || relit && foreground {
                self.take_snapshot(luma, corner);
            }
            self.states[block] = next;
            let (moving, since) = match next {
                State::Background => (false, None),
                State::Settling(_) => (true, None),
                State::Still { since, hidden, .. } => (hidden.is_some(), Some(since)),
            };
            self.moving[block] = moving && foreground;
            self.since[block] = since;
        }
    }

    fn looks_the_same(&self, luma: Luma<'_>, corner: usize) -> bool {
        let mut changed = 0;
        for row in 0..BLOCK {
            let line = corner + row * luma.width()..corner + row * luma.width() + BLOCK;
            let pixels = luma.pixels()[line.clone()].iter().zip(&self.snapshot[line]);
            changed += pixels.filter(|&(&now, &then)| now.abs_diff(then) > CHANGED_LEVELS).count();
        }
        changed <= CHANGED_PIXELS
    }

    fn take_snapshot(&mut self, luma: Luma<'_>, corner: usize) {
        for row in 0..BLOCK {
            let line = corner + row * luma.width()..corner + row * luma.width() + BLOCK;
            self.snapshot[line.clone()].copy_from_slice(&luma.pixels()[line]);
        }
    }
}

fn after(state: State, foreground: bool, same: bool, at: Micros) -> State {
    match state {
        State::Background => State::Settling(at),
        State::Settling(_) if !foreground => State::Background,
        State::Settling(_) if !same => State::Settling(at),
        State::Settling(since) if at.secs_since(since) >= SETTLE_SECS => {
            State::Still { since, hidden: None, clear: None }
        }
        State::Settling(since) => State::Settling(since),
        State::Still { since, hidden, clear } if !foreground => {
            let clear = clear.unwrap_or(at);
            if at.secs_since(clear) >= CLEAR_SECS {
                State::Background
            } else {
                State::Still { since, hidden, clear: Some(clear) }
            }
        }
        State::Still { since, hidden, .. } if !same => {
            let hidden = hidden.unwrap_or(at);
            if at.secs_since(hidden) >= HIDDEN_SECS {
                State::Settling(at)
            } else {
                State::Still { since, hidden: Some(hidden), clear: None }
            }
        }
        State::Still { since, .. } => State::Still { since, hidden: None, clear: None },
    }
}
