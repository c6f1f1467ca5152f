//! Crowd density: persons per square metre in a zone above the set limit.

use super::{EventMachine, Observation, Outbox};
use crate::Micros;
use crate::scene::DensityZone;
use crate::signals::Clearing;
use serde::{Deserialize, Serialize};

/// Why it fired.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DensityReason {}

/// The machine of one rule.
#[derive(Clone, Debug)]
pub struct CrowdDensity {
    settings: DensityZone,
}

impl CrowdDensity {
    /// A machine that has seen nothing yet.
    #[must_use]
    pub fn new(settings: DensityZone) -> Self {
        Self { settings }
    }
}

impl EventMachine for CrowdDensity {
    fn step(&mut self, _seen: &Observation<'_>, _out: &mut Outbox) {
        let _ = &self.settings;
    }

    fn interrupt(&mut self, _last: Micros, _at: Micros, _continues: bool, _out: &mut Outbox) {}

    fn close(&mut self, _at: Micros, _cause: Clearing, _out: &mut Outbox) {}
}
