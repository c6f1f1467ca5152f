//! What a camera can be trusted with: blind, blurred, frozen, moved, dark, or itself in motion.

use crate::motion::MotionView;
use crate::{Luma, Micros};
use serde::{Deserialize, Serialize};

/// States of a camera's picture. Several can hold at once.
#[expect(clippy::struct_excessive_bools, reason = "independent facts, not states of one machine")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// Nothing to be seen: dark, white or covered. No event can be judged.
    pub blind: bool,
    /// Out of focus, smeared or fogged.
    pub blurred: bool,
    /// The same picture again and again.
    pub frozen: bool,
    /// The view no longer matches the one that zones and ground were drawn on: events that need the scene stop.
    pub moved: bool,
    /// So dark that detections are few.
    pub low_light: bool,
    /// The camera itself moves: pan, zoom, shake, drone. Events that need a fixed scene pause.
    pub in_motion: bool,
}

impl Health {
    /// Whether rules that rest on a fixed view (zones, ground, background) can be judged.
    #[must_use]
    pub fn scene_holds(&self) -> bool {
        !(self.blind || self.frozen || self.moved || self.in_motion)
    }
}

/// Watches one camera's picture.
#[derive(Clone, Debug, Default)]
pub struct HealthWatch {
    health: Health,
}

impl HealthWatch {
    /// Takes a grey picture and its motion.
    pub fn step(&mut self, _at: Micros, _luma: Luma<'_>, _motion: Option<&MotionView>) -> Health {
        self.health
    }

    /// As of the last picture.
    #[must_use]
    pub fn health(&self) -> Health {
        self.health
    }

    /// The next picture does not continue the last one.
    pub fn reset(&mut self) {}
}
