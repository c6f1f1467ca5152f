//! What a detector says of one frame.

use crate::BBox;
use serde::{Deserialize, Serialize};

/// One box that the network proposes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Detection {
    /// Where, in shares of the picture.
    pub bbox: BBox,
    /// COCO category id, 1 to 90, or a class of our own heads ([`own_class`]).
    pub class_id: u8,
    /// Confidence, 0 to 1.
    pub score: f32,
}

impl Detection {
    /// The group under which this class is tracked; `None` for classes that no event needs.
    #[must_use]
    pub fn group(&self) -> Option<ClassGroup> {
        ClassGroup::of_coco(self.class_id)
    }
}

/// Class ids of our own heads, beyond those of COCO.
pub mod own_class {
    /// Pistol or revolver.
    pub const HANDGUN: u8 = 101;
    /// Rifle, shotgun, submachine gun.
    pub const LONG_GUN: u8 = 102;
    /// Blade.
    pub const KNIFE: u8 = 103;
    /// Flame.
    pub const FLAME: u8 = 111;
    /// Smoke.
    pub const SMOKE: u8 = 112;
    /// A person on the ground.
    pub const PERSON_DOWN: u8 = 121;
}

/// Classes that stand for the same kind of thing in the events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClassGroup {
    /// A person.
    Person,
    /// Bicycle, car, motorcycle, bus, train, truck, boat.
    Vehicle,
    /// Backpack, handbag, suitcase.
    Bag,
    /// Something that moves and that the detector has not named (yet).
    MovingObject,
}

impl ClassGroup {
    /// Group of a COCO category id.
    #[must_use]
    pub fn of_coco(class_id: u8) -> Option<Self> {
        match class_id {
            1 => Some(Self::Person),
            2 | 3 | 4 | 6 | 7 | 8 | 9 => Some(Self::Vehicle),
            27 | 31 | 33 => Some(Self::Bag),
            _ => None,
        }
    }
}
