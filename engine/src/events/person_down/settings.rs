//! What a supervisor can set for falls.

use crate::scene::Area;
use serde::{Deserialize, Serialize};

/// People who have fallen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PersonDownSettings {
    /// Where; everywhere when left out.
    pub area: Option<Area>,
    /// So long somebody must lie before a signal, the last second of it nearly still; seconds, 0.5 to 60.
    pub still_secs: f32,
    /// Smallest height of the upright person, share of the picture's height, 0.02 to 1.
    pub min_height: f32,
    /// What holds a signal back.
    pub vetoes: PersonDownVetoes,
}

impl Default for PersonDownSettings {
    fn default() -> Self {
        Self { area: None, still_secs: 2.0, min_height: 0.1, vetoes: PersonDownVetoes::default() }
    }
}

impl PersonDownSettings {
    /// The same with every threshold inside its range; what is not a number becomes the default.
    #[must_use]
    pub fn within_ranges(mut self) -> Self {
        let default = Self::default();
        let within = |value: f32, low: f32, high: f32, default: f32| {
            if value.is_finite() { value.clamp(low, high) } else { default }
        };
        self.still_secs = within(self.still_secs, 0.5, 60.0, default.still_secs);
        self.min_height = within(self.min_height, 0.02, 1.0, default.min_height);
        self
    }
}

/// Vetoes, each of which can be switched off.
#[expect(clippy::struct_excessive_bools, reason = "independent switches")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PersonDownVetoes {
    /// Lies higher than the feet stood: on a bench or bed, or hidden from below.
    pub raised: bool,
    /// Walked towards the lower edge of the picture and is cut off by it.
    pub leaving_below: bool,
    /// What lies there was there before the fall: the track went over to somebody else.
    pub there_before: bool,
    /// Was upright smaller than `min_height`.
    pub too_small: bool,
}

impl Default for PersonDownVetoes {
    fn default() -> Self {
        Self { raised: true, leaving_below: true, there_before: true, too_small: true }
    }
}
