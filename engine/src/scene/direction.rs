//! Zones with a common direction.

use super::Area;
use crate::Point;
use serde::{Deserialize, Serialize};

/// A zone with a common direction. What each threshold does is explained in [`crate::events::wrong_way`].
#[expect(clippy::struct_excessive_bools, reason = "independent switches, as a supervisor sets them")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DirectionZone {
    /// Where.
    #[serde(flatten)]
    pub area: Area,
    /// The common direction on the picture: to the right (x, in widths) and down (y, in heights), of any length. May be left out
    /// where it is learnt.
    #[serde(default)]
    pub direction: Option<Point>,
    /// Further directions that are as good, such as those of a side street.
    #[serde(default)]
    pub also: Vec<Point>,
    /// Whether the common directions are learnt from those who pass, place by place. What was learnt then stands for what was drawn.
    #[serde(default)]
    pub learn: bool,
    /// Time of learning before anything is judged by it, seconds, 60 to 86400.
    #[serde(default = "defaults::learn_secs")]
    pub learn_secs: f32,
    /// Whether persons are judged.
    #[serde(default = "yes")]
    pub persons: bool,
    /// Whether vehicles are judged.
    #[serde(default = "yes")]
    pub vehicles: bool,
    /// Whether what moves is judged even if the detector does not name it: cars seen from above.
    #[serde(default = "yes")]
    pub unnamed: bool,
    /// Way against the direction before a signal: in heights of a person's box, in lengths of anything else, 0.3 to 20 …
    #[serde(default = "defaults::lengths")]
    pub lengths: f32,
    /// … and on a calibrated camera in metres, 0.5 to 200.
    #[serde(default = "defaults::metres")]
    pub metres: f32,
    /// Time against the direction before a signal, seconds, 0.2 to 60.
    #[serde(default = "defaults::secs")]
    pub secs: f32,
    /// How straight against the direction the way must lead: share of it that does, 0.5 to 1.
    #[serde(default = "defaults::straight")]
    pub straight: f32,
    /// Persons who are found to go against it within this time of each other are one incident, seconds, 0 to 3600. Everything else is
    /// one incident each.
    #[serde(default = "defaults::group_secs")]
    pub group_secs: f32,
    /// What may hold a signal back.
    #[serde(default)]
    pub vetoes: DirectionVetoes,
}

/// What may hold back the signal of a direction; each can be switched off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DirectionVetoes {
    /// The camera moves, or its view no longer matches the drawing.
    pub camera_motion: bool,
    /// The picture's own motion within the box does not go against the direction: the boxes belong to different objects.
    pub flow_disagrees: bool,
}

impl Default for DirectionVetoes {
    fn default() -> Self {
        Self { camera_motion: true, flow_disagrees: true }
    }
}

fn yes() -> bool {
    true
}

mod defaults {
    pub(super) fn learn_secs() -> f32 {
        3600.0
    }
    pub(super) fn lengths() -> f32 {
        1.0
    }
    pub(super) fn metres() -> f32 {
        2.5
    }
    pub(super) fn secs() -> f32 {
        0.6
    }
    pub(super) fn straight() -> f32 {
        0.75
    }
    pub(super) fn group_secs() -> f32 {
        2.0
    }
}

impl DirectionZone {
    /// Most further directions; those beyond are left out.
    pub const MAX_ALSO: usize = 7;

    /// A zone with one drawn direction and the default thresholds.
    #[must_use]
    pub fn new(area: Area, direction: Point) -> Self {
        Self {
            area,
            direction: Some(direction),
            also: Vec::new(),
            learn: false,
            learn_secs: defaults::learn_secs(),
            persons: true,
            vehicles: true,
            unnamed: true,
            lengths: defaults::lengths(),
            metres: defaults::metres(),
            secs: defaults::secs(),
            straight: defaults::straight(),
            group_secs: defaults::group_secs(),
            vetoes: DirectionVetoes::default(),
        }
    }

    /// The zone with every threshold inside its range; one that is not a number takes its default.
    #[must_use]
    pub fn within_ranges(mut self) -> Self {
        super::fix(&mut self.learn_secs, defaults::learn_secs(), 60.0, 86_400.0);
        super::fix(&mut self.lengths, defaults::lengths(), 0.3, 20.0);
        super::fix(&mut self.metres, defaults::metres(), 0.5, 200.0);
        super::fix(&mut self.secs, defaults::secs(), 0.2, 60.0);
        super::fix(&mut self.straight, defaults::straight(), 0.5, 1.0);
        super::fix(&mut self.group_secs, defaults::group_secs(), 0.0, 3600.0);
        self.also.truncate(Self::MAX_ALSO);
        self
    }

    /// The drawn directions that are directions: finite and not of length zero.
    pub fn drawn(&self) -> impl Iterator<Item = Point> + '_ {
        let all = self.direction.iter().chain(&self.also).copied();
        all.filter(|d| d.x.is_finite() && d.y.is_finite() && d.x.abs().max(d.y.abs()) > 1e-6)
    }
}
