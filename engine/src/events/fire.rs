//! Fire start: flame or smoke in its first seconds.

use super::{EventMachine, Observation, Outbox};
use crate::Micros;
use crate::scene::FireSettings;
use crate::signals::Clearing;
use serde::{Deserialize, Serialize};

/// Why it fired.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FireReason {}

/// The machine of one rule.
#[derive(Clone, Debug)]
pub struct Fire {
    settings: FireSettings,
}

impl Fire {
    /// A machine that has seen nothing yet.
    #[must_use]
    pub fn new(settings: FireSettings) -> Self {
        Self { settings }
    }
}

impl EventMachine for Fire {
    fn step(&mut self, _seen: &Observation<'_>, _out: &mut Outbox) {
        let _ = &self.settings;
    }

    fn interrupt(&mut self, _last: Micros, _at: Micros, _continues: bool, _out: &mut Outbox) {}

    fn close(&mut self, _at: Micros, _cause: Clearing, _out: &mut Outbox) {}
}
