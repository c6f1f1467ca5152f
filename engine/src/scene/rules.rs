//! The rules of a camera and their thresholds. What each threshold does is explained in its event's module.

pub use crate::events::abandoned_object::{AbandonedObjectSettings, AbandonedObjectVetoes};
pub use crate::events::person_down::PersonDownSettings;

use super::crowd::{CrowdMovementSettings, DensityZone};
use super::{DirectionZone, Tripwire};
use crate::Polygon;
use serde::{Deserialize, Serialize};
use vigie_protocol::ZoneId;

/// One rule. In JSON, `"rule"` names its kind: `{"rule": "wrong_way", …}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum Rule {
    /// A line that may not be crossed.
    Line(Tripwire),
    /// A zone with a common direction.
    WrongWay(DirectionZone),
    /// A zone that may hold so many people.
    CrowdDensity(DensityZone),
    /// Sudden movements of a crowd.
    CrowdMovement(CrowdMovementSettings),
    /// Objects left behind.
    AbandonedObject(AbandonedObjectSettings),
    /// People who have fallen.
    PersonDown(PersonDownSettings),
    /// Flame and smoke.
    Fire(FireSettings),
    /// Firearms and blades.
    Weapon(WeaponSettings),
}

impl Rule {
    /// The rules that need nothing drawn, with their default thresholds.
    #[must_use]
    pub fn without_drawing() -> Vec<Self> {
        vec![
            Self::CrowdMovement(CrowdMovementSettings::default()),
            Self::AbandonedObject(AbandonedObjectSettings::default()),
            Self::PersonDown(PersonDownSettings::default()),
            Self::Fire(FireSettings::default()),
            Self::Weapon(WeaponSettings::default()),
        ]
    }
}

/// A named part of the picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Area {
    /// Identity, made by the caller.
    pub id: ZoneId,
    /// Name that the supervisor gave.
    pub name: String,
    /// Where it is, in shares of the picture.
    pub polygon: Polygon,
}

/// Flame and smoke.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FireSettings {
    /// Where; everywhere when left out.
    pub area: Option<Area>,
}

/// Firearms and blades.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct WeaponSettings {
    /// Where; everywhere when left out.
    pub area: Option<Area>,
}
