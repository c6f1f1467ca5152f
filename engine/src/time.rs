//! Time as an argument. The engine never reads a clock.

use serde::{Deserialize, Serialize};

/// A point on a camera's own monotonic time line, in microseconds. Its origin means nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Micros(pub i64);

impl Micros {
    /// Seconds from `earlier` to `self`; negative when `self` comes first.
    #[must_use]
    pub fn secs_since(self, earlier: Self) -> f32 {
        (self.0.saturating_sub(earlier.0)) as f32 / 1e6
    }

    /// This time plus `secs` (may be negative).
    #[must_use]
    pub fn plus_secs(self, secs: f32) -> Self {
        Self(self.0.saturating_add((f64::from(secs) * 1e6) as i64))
    }
}
