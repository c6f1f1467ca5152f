//! Lines that may not be crossed.

use crate::Point;
use serde::{Deserialize, Serialize};
use vigie_protocol::ZoneId;

/// A line that may not be crossed. What each threshold does is explained in [`crate::events::line_crossing`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tripwire {
    /// Identity, made by the caller.
    pub id: ZoneId,
    /// Name that the supervisor gave.
    pub name: String,
    /// One end, in shares of the picture.
    pub from: Point,
    /// The other end.
    pub to: Point,
    /// Which way over it is forbidden.
    #[serde(default)]
    pub forbidden: LineDirection,
    /// Whether persons may not cross.
    #[serde(default = "yes")]
    pub persons: bool,
    /// Whether vehicles may not cross.
    #[serde(default = "yes")]
    pub vehicles: bool,
    /// Whether whatever moves may not cross, named by the detector or not: animals and shadows, too.
    #[serde(default)]
    pub unnamed: bool,
    /// How far from the line somebody must have been on the one side and must come on the other, in heights of their box, 0.05 to 1.
    #[serde(default = "defaults::clear")]
    pub clear: f32,
    /// Those who cross within this time of each other are one incident, seconds, 0 to 3600.
    #[serde(default = "defaults::group_secs")]
    pub group_secs: f32,
    /// Who crosses again within this time is not signalled again, seconds, 0 to 3600.
    #[serde(default = "defaults::again_secs")]
    pub again_secs: f32,
    /// What may hold a signal back.
    #[serde(default)]
    pub vetoes: LineVetoes,
}

/// Which way over a line is forbidden, for somebody who stands at `from` and looks towards `to`, as seen on the picture.
///
/// On a line drawn from the left edge of the picture to the right one, left is what lies above the line and right what lies below it:
/// *left to right* is then downwards, towards the camera. Drawn from top to bottom, left is the right half of the picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineDirection {
    /// Either way.
    #[default]
    Both,
    /// From the left-hand side to the right-hand side.
    LeftToRight,
    /// From the right-hand side to the left-hand side.
    RightToLeft,
}

/// What may hold back the signal of a line; each can be switched off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LineVetoes {
    /// The camera moves, or its view no longer matches the drawing.
    pub camera_motion: bool,
}

impl Default for LineVetoes {
    fn default() -> Self {
        Self { camera_motion: true }
    }
}

fn yes() -> bool {
    true
}

mod defaults {
    pub(super) fn clear() -> f32 {
        0.15
    }
    pub(super) fn group_secs() -> f32 {
        2.0
    }
    pub(super) fn again_secs() -> f32 {
        30.0
    }
}

impl Tripwire {
    /// A line that nobody may cross either way, with the default thresholds.
    #[must_use]
    pub fn new(id: ZoneId, name: impl Into<String>, from: Point, to: Point) -> Self {
        Self {
            id,
            name: name.into(),
            from,
            to,
            forbidden: LineDirection::Both,
            persons: true,
            vehicles: true,
            unnamed: false,
            clear: defaults::clear(),
            group_secs: defaults::group_secs(),
            again_secs: defaults::again_secs(),
            vetoes: LineVetoes::default(),
        }
    }

    /// The line with every threshold inside its range; one that is not a number takes its default.
    #[must_use]
    pub fn within_ranges(mut self) -> Self {
        super::fix(&mut self.clear, defaults::clear(), 0.05, 1.0);
        super::fix(&mut self.group_secs, defaults::group_secs(), 0.0, 3600.0);
        super::fix(&mut self.again_secs, defaults::again_secs(), 0.0, 3600.0);
        self
    }
}
