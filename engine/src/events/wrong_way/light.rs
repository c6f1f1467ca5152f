//! Jumps of the light: the exposure is set anew, the sun comes out, a headlight passes.

use crate::Micros;
use crate::events::Observation;

/// The picture's mean grey changes by this much within [`WITHIN_SECS`] when the light jumps, of 255.
const JUMP: f32 = 6.0;
/// Slower changes are the day's own, seconds.
const WITHIN_SECS: f32 = 1.0;
/// How long after a jump the picture settles, seconds.
const SETTLE_SECS: f32 = 0.4;

/// Watches the light of a picture.
#[derive(Clone, Debug, Default)]
pub(super) struct Light {
    last: Option<(Micros, f32)>,
    until: Option<Micros>,
}

impl Light {
    /// Whether the light jumps with this frame, or has just done so.
    pub(super) fn is_jumping(&mut self, seen: &Observation<'_>) -> bool {
        if let Some(luma) = seen.luma {
            let sum: u64 = luma.pixels().iter().map(|pixel| u64::from(*pixel)).sum();
            let mean = sum as f32 / luma.pixels().len() as f32;
            if let Some((at, before)) = self.last.replace((seen.at, mean))
                && seen.at.secs_since(at) <= WITHIN_SECS
                && (mean - before).abs() > JUMP
            {
                self.until = Some(seen.at.plus_secs(SETTLE_SECS));
            }
        }
        self.until.is_some_and(|until| seen.at < until)
    }
}
