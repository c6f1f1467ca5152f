//! Random numbers that are none.

/// A number generator that gives the same numbers everywhere (Knuth's MMIX constants).
#[derive(Clone, Debug)]
pub struct Dice(pub u64);

impl Dice {
    /// Evenly from 0 to 1.
    pub fn roll(&mut self) -> f32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 40) as f32 / (1_u64 << 24) as f32
    }
}
