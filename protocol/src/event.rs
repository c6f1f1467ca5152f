//! The eight kinds of situation that French law allows a camera to be analysed for (decree 2023-828, article 3).

use serde::{Deserialize, Serialize};

/// A kind of situation. Never a person's identity; the list is closed by law.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// A bag or parcel that stays put after its carrier has left.
    AbandonedObject,
    /// Presence or use of a weapon (Code de la sécurité intérieure, R. 311-2).
    Weapon,
    /// A person or vehicle against the common direction of a zone.
    WrongWay,
    /// Crossing of, or presence in, a forbidden or sensitive zone.
    ZoneIntrusion,
    /// A person on the ground after a fall.
    PersonDown,
    /// Sudden run, dispersal, convergence, counter-flow or bottleneck.
    CrowdMovement,
    /// Persons per square metre above the limit that is set.
    CrowdDensity,
    /// Flame or smoke in its first seconds.
    Fire,
}

impl EventKind {
    /// All eight, in the order of the decree.
    pub const ALL: [Self; 8] = [
        Self::AbandonedObject,
        Self::Weapon,
        Self::WrongWay,
        Self::ZoneIntrusion,
        Self::PersonDown,
        Self::CrowdMovement,
        Self::CrowdDensity,
        Self::Fire,
    ];

    /// The name on the wire and in the record, such as `zone_intrusion`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AbandonedObject => "abandoned_object",
            Self::Weapon => "weapon",
            Self::WrongWay => "wrong_way",
            Self::ZoneIntrusion => "zone_intrusion",
            Self::PersonDown => "person_down",
            Self::CrowdMovement => "crowd_movement",
            Self::CrowdDensity => "crowd_density",
            Self::Fire => "fire",
        }
    }
}
