//! What a detector says of one frame.

use crate::BBox;
use serde::{Deserialize, Serialize};

/// One box that the network proposes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Detection {
    /// Where, in shares of the picture.
    pub bbox: BBox,
    /// COCO category id, 1 to 90.
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
