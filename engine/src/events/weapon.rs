//! Weapon: a firearm or blade carried or aimed.

use super::{EventMachine, Observation, Outbox};
use crate::Micros;
use crate::scene::WeaponSettings;
use crate::signals::Clearing;
use serde::{Deserialize, Serialize};

/// Why it fired.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WeaponReason {}

/// The machine of one rule.
#[derive(Clone, Debug)]
pub struct Weapon {
    settings: WeaponSettings,
}

impl Weapon {
    /// A machine that has seen nothing yet.
    #[must_use]
    pub fn new(settings: WeaponSettings) -> Self {
        Self { settings }
    }
}

impl EventMachine for Weapon {
    fn step(&mut self, _seen: &Observation<'_>, _out: &mut Outbox) {
        let _ = &self.settings;
    }

    fn interrupt(&mut self, _last: Micros, _at: Micros, _continues: bool, _out: &mut Outbox) {}

    fn close(&mut self, _at: Micros, _cause: Clearing, _out: &mut Outbox) {}
}
