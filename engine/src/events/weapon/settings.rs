//! What a supervisor can set for weapons.

use crate::scene::Area;
use serde::{Deserialize, Serialize};

/// Firearms and blades.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct WeaponSettings {
    /// Where; everywhere when left out.
    pub area: Option<Area>,
    /// Boxes under this score are not looked at, 0.05 to 0.95.
    pub min_score: f32,
    /// Log-odds that are needed for a signal, 0.3 to 10. Larger is later and rarer.
    pub needed: f32,
    /// What holds a signal back.
    pub vetoes: WeaponVetoes,
}

impl Default for WeaponSettings {
    fn default() -> Self {
        Self { area: None, min_score: 0.25, needed: 1.2, vetoes: WeaponVetoes::default() }
    }
}

impl WeaponSettings {
    /// The same with every threshold inside its range; what is not a number becomes the default.
    #[must_use]
    pub fn within_ranges(mut self) -> Self {
        let default = Self::default();
        let within = |value: f32, low: f32, high: f32, default: f32| {
            if value.is_finite() { value.clamp(low, high) } else { default }
        };
        self.min_score = within(self.min_score, 0.05, 0.95, default.min_score);
        self.needed = within(self.needed, 0.3, 10.0, default.needed);
        self
    }
}

/// Vetoes, each of which can be switched off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WeaponVetoes {
    /// Has never been within anybody's reach, and is not twice as sure as it would have to be.
    pub nobody_near: bool,
    /// Has not moved since it was first seen, and nobody was within reach for half of the time: a poster, something on a
    /// wall or table.
    pub fixed: bool,
}

impl Default for WeaponVetoes {
    fn default() -> Self {
        Self { nobody_near: true, fixed: true }
    }
}
