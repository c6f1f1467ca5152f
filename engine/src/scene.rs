//! What a supervisor has set for one camera, and how its picture lies on the ground.
//!
//! What lives here: zones, rules and their thresholds, the calibration, and the checks of all these. What may not: state that
//! changes from frame to frame, except the ground's view of it.

mod check;
mod crowd;
mod direction;
mod ground;
mod rules;
mod tripwire;
mod zone;

pub use check::{SceneFault, SceneProblem, check};
pub use crowd::{CrowdMovementSettings, DensityZone};
pub use direction::{DirectionVetoes, DirectionZone};
pub use ground::{Ground, GroundError, GroundPoint, GroundSettings, Measured};
pub use rules::{
    AbandonedObjectSettings, AbandonedObjectVetoes, Area, FireSettings, PersonDownSettings, Rule,
    WeaponSettings,
};
pub use tripwire::{LineDirection, LineVetoes, Tripwire};
pub use zone::Zone;

use crate::tracker::TrackerSettings;
use serde::{Deserialize, Serialize};

/// Everything that is set for one camera. The default is a 16:9 picture without zones, with the rules that need no drawing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CameraSettings {
    /// The picture's width over its height.
    #[serde(default = "default_aspect")]
    pub aspect: f32,
    /// Thresholds of the tracker.
    #[serde(default)]
    pub tracker: TrackerSettings,
    /// Zones, at most [`CameraSettings::MAX_ZONES`].
    #[serde(default)]
    pub zones: Vec<Zone>,
    /// Every other rule, at most [`CameraSettings::MAX_RULES`]. Left out, it is [`Rule::without_drawing`]; an empty list is none.
    #[serde(default = "Rule::without_drawing")]
    pub rules: Vec<Rule>,
    /// The calibration, if there is one.
    #[serde(default)]
    pub ground: Option<GroundSettings>,
}

impl CameraSettings {
    /// Most zones on one camera; further ones are left out.
    pub const MAX_ZONES: usize = 32;
    /// Most rules on one camera; further ones are left out.
    pub const MAX_RULES: usize = 64;
}

impl Default for CameraSettings {
    fn default() -> Self {
        Self {
            aspect: default_aspect(),
            tracker: TrackerSettings::default(),
            zones: Vec::new(),
            rules: Rule::without_drawing(),
            ground: None,
        }
    }
}

fn default_aspect() -> f32 {
    16.0 / 9.0
}

/// Puts a threshold inside its range; one that is not a number takes its default.
fn fix(value: &mut f32, default: f32, least: f32, most: f32) {
    *value = if value.is_nan() { default } else { value.clamp(least, most) };
}
