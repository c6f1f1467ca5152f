//! What a supervisor can set for fire.

use crate::scene::Area;
use serde::{Deserialize, Serialize};

/// Flame and smoke.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FireSettings {
    /// Where; everywhere when left out.
    pub area: Option<Area>,
    /// Boxes under this score are not looked at, 0.05 to 0.95.
    pub min_score: f32,
    /// Log-odds that are needed for a signal, 0.3 to 10. Larger is later and rarer.
    pub needed: f32,
    /// What holds a signal back.
    pub vetoes: FireVetoes,
}

impl Default for FireSettings {
    fn default() -> Self {
        Self { area: None, min_score: 0.25, needed: 1.5, vetoes: FireVetoes::default() }
    }
}

impl FireSettings {
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
pub struct FireVetoes {
    /// Shines without flickering: a sign, a lamp, an advert between two cuts, the low sun.
    pub steady: bool,
    /// Goes on and off as a whole at one place and size: a beacon, an indicator.
    pub beacon: bool,
    /// Moves on as a whole: headlights, a torch.
    pub moving: bool,
}

impl Default for FireVetoes {
    fn default() -> Self {
        Self { steady: true, beacon: true, moving: true }
    }
}
