//! Settings of the two rules about crowds. What each threshold does is explained in [`crate::events::crowd_density`] and
//! [`crate::events::crowd_movement`].

use super::Area;
use serde::{Deserialize, Serialize};

/// A zone that may hold so many people. Without either limit it is [`DensityZone::USUAL_PER_M2`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DensityZone {
    /// Where.
    #[serde(flatten)]
    pub area: Area,
    /// Limit, persons per square metre, above 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit_per_m2: Option<f32>,
    /// Limit, persons in the zone, above 0; for cameras without calibration, and for rooms with a licensed capacity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit_persons: Option<u16>,
    /// How long the limit has to be exceeded, seconds, 0 to 600.
    #[serde(default = "defaults::dwell_secs")]
    pub dwell_secs: f32,
    /// Time over which the count is smoothed, seconds, 0 to 60.
    #[serde(default = "defaults::smooth_secs")]
    pub smooth_secs: f32,
    /// The incident is over below this share of the limit, 0.1 to 1 …
    #[serde(default = "defaults::clear_share")]
    pub clear_share: f32,
    /// … for this long, seconds, 0 to 600.
    #[serde(default = "defaults::density_clear_secs")]
    pub clear_secs: f32,
}

/// Sudden movements of a crowd.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CrowdMovementSettings {
    /// Where; everywhere when left out.
    pub area: Option<Area>,
    /// Fewest people who have to do the same, 3 to 100.
    pub min_people: u16,
    /// Speed from which on somebody runs, metres per second, 1.5 to 6.
    pub run_speed: f32,
    /// Share of the people in the area who have to take part, 0.1 to 1.
    pub share: f32,
    /// How long they have to, seconds, 0.3 to 60.
    pub sustain_secs: f32,
    /// The incident is over when nothing of the kind was seen for this long, seconds, 0 to 600.
    pub clear_secs: f32,
    /// Veto: where everything on the picture shifts alike, the camera moved and not the people.
    pub veto_camera_shift: bool,
    /// Veto: people on and in vehicles do not count.
    pub veto_riders: bool,
}

/// Default thresholds, in one place.
mod defaults {
    pub(super) fn dwell_secs() -> f32 {
        3.0
    }
    pub(super) fn smooth_secs() -> f32 {
        2.0
    }
    pub(super) fn clear_share() -> f32 {
        0.8
    }
    pub(super) fn density_clear_secs() -> f32 {
        5.0
    }
}

/// The value inside its range, or the default where it is no number.
fn fix(value: &mut f32, default: f32, range: std::ops::RangeInclusive<f32>) {
    *value = if value.is_nan() { default } else { value.clamp(*range.start(), *range.end()) };
}

impl DensityZone {
    /// Persons per square metre from which on a standing crowd is watched closely: at 4 people cannot move freely any more, at 5 they
    /// push (Fruin 1993; the Green Guide's 4.7 is the most for a standing area).
    pub const USUAL_PER_M2: f32 = 4.0;

    /// A zone with the default thresholds.
    #[must_use]
    pub fn new(area: Area) -> Self {
        Self {
            area,
            limit_per_m2: None,
            limit_persons: None,
            dwell_secs: defaults::dwell_secs(),
            smooth_secs: defaults::smooth_secs(),
            clear_share: defaults::clear_share(),
            clear_secs: defaults::density_clear_secs(),
        }
    }

    /// The zone with every threshold inside its range; a limit that is none is left out.
    #[must_use]
    pub fn within_ranges(mut self) -> Self {
        self.limit_per_m2 = self.limit_per_m2.filter(|limit| *limit > 0.0 && limit.is_finite());
        self.limit_persons = self.limit_persons.filter(|limit| *limit > 0);
        if self.limit_per_m2.is_none() && self.limit_persons.is_none() {
            self.limit_per_m2 = Some(Self::USUAL_PER_M2);
        }
        fix(&mut self.dwell_secs, defaults::dwell_secs(), 0.0..=600.0);
        fix(&mut self.smooth_secs, defaults::smooth_secs(), 0.0..=60.0);
        fix(&mut self.clear_share, defaults::clear_share(), 0.1..=1.0);
        fix(&mut self.clear_secs, defaults::density_clear_secs(), 0.0..=600.0);
        self
    }
}

impl Default for CrowdMovementSettings {
    fn default() -> Self {
        Self {
            area: None,
            min_people: 5,
            run_speed: 2.5,
            share: 0.4,
            sustain_secs: 1.0,
            clear_secs: 5.0,
            veto_camera_shift: true,
            veto_riders: true,
        }
    }
}

impl CrowdMovementSettings {
    /// The settings with every threshold inside its range.
    #[must_use]
    pub fn within_ranges(mut self) -> Self {
        let usual = Self::default();
        self.min_people = self.min_people.clamp(3, 100);
        fix(&mut self.run_speed, usual.run_speed, 1.5..=6.0);
        fix(&mut self.share, usual.share, 0.1..=1.0);
        fix(&mut self.sustain_secs, usual.sustain_secs, 0.3..=60.0);
        fix(&mut self.clear_secs, usual.clear_secs, 0.0..=600.0);
        self
    }
}
