//! Person down: upright, then down, then still.

use super::{EventMachine, Observation, Outbox};
use crate::Micros;
use crate::scene::PersonDownSettings;
use crate::signals::Clearing;
use serde::{Deserialize, Serialize};

/// Why it fired.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PersonDownReason {}

/// The machine of one rule.
#[derive(Clone, Debug)]
pub struct PersonDown {
    settings: PersonDownSettings,
}

impl PersonDown {
    /// A machine that has seen nothing yet.
    #[must_use]
    pub fn new(settings: PersonDownSettings) -> Self {
        Self { settings }
    }
}

impl EventMachine for PersonDown {
    fn step(&mut self, _seen: &Observation<'_>, _out: &mut Outbox) {
        let _ = &self.settings;
    }

    fn interrupt(&mut self, _last: Micros, _at: Micros, _continues: bool, _out: &mut Outbox) {}

    fn close(&mut self, _at: Micros, _cause: Clearing, _out: &mut Outbox) {}
}
