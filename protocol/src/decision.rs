//! What a human answered. A signal asks for attention; only a person decides (law 2023-380, article 10).

use crate::SignalId;
use serde::{Deserialize, Serialize};

/// The two verbs. Nothing is pre-selected and nothing follows by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    /// The situation is real.
    Confirm,
    /// There is nothing to act on (*levée de doute*).
    LiftDoubt,
}

/// Why, from a short list; [`Reason::Other`] asks for a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Confirmed: a team is being sent.
    TeamSent,
    /// Confirmed: kept under watch.
    UnderWatch,
    /// Confirmed: already known, being dealt with.
    AlreadyHandled,
    /// Lifted: the person or thing is allowed there.
    Authorised,
    /// Lifted: the situation ended by itself.
    Ended,
    /// Lifted: the engine was wrong (shadow, reflection, wrong class …).
    FalseDetection,
    /// Lifted: real, but of no interest for safety.
    NotRelevant,
    /// Either verb: see the note.
    Other,
}

impl Reason {
    /// The reasons offered for a verb, in display order.
    #[must_use]
    pub fn offered_for(verb: Verb) -> &'static [Self] {
        match verb {
            Verb::Confirm => &[Self::TeamSent, Self::UnderWatch, Self::AlreadyHandled, Self::Other],
            Verb::LiftDoubt => {
                &[Self::Authorised, Self::Ended, Self::FalseDetection, Self::NotRelevant, Self::Other]
            }
        }
    }
}

/// An operator's answer to a signal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// The signal answered.
    pub signal: SignalId,
    /// The verb.
    pub verb: Verb,
    /// The reason.
    pub reason: Reason,
    /// Free text, 500 characters at most; required for [`Reason::Other`].
    pub note: String,
    /// When, milliseconds since the Unix epoch on the post's clock.
    pub decided_ms: i64,
    /// Milliseconds from first display to answer, on a monotonic clock.
    pub took_ms: u64,
}

impl Decision {
    /// Longest note, in characters.
    pub const MAX_NOTE: usize = 500;
}
