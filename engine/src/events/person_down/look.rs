//! One look at a person: a box, and what its shape says of the posture.

use super::{LYING_SHAPE, MAX_DROP, MAX_RISE, MIN_DROP, MIN_LENGTH, MIN_LENGTH_UNSEEN, SHAPE_CHANGE};
use crate::geometry::length;
use crate::{BBox, Micros, Point};
use serde::{Deserialize, Serialize};

/// Where a box comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The detector, as a person.
    Person,
    /// The detector, under a name that it gives to people on the ground: an animal.
    OtherName,
    /// Our own head for people on the ground.
    OwnHead,
    /// No detection: what differs from the background where the person was lost.
    Foreground,
}

/// One look at a person.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Look {
    pub(super) at: Micros,
    pub(super) bbox: BBox,
    pub(super) score: f32,
    pub(super) source: Source,
}

/// What a look says, held against the person's upright look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Posture {
    /// On the ground.
    Lying,
    /// Upright again.
    Up,
    /// Neither: bent, crouching, sitting, or a bad box.
    Between,
}

impl Look {
    /// Height over width, both in pixels. 3 stands, 1.8 sits, 0.4 lies across the view.
    pub(super) fn shape(&self, aspect: f32) -> f32 {
        self.bbox.height() / (self.bbox.width() * aspect).max(1e-6)
    }

    /// Height, share of the picture's height.
    pub(super) fn height(&self) -> f32 {
        self.bbox.height()
    }

    /// How far the top has come down since `upright`, in upright heights.
    pub(super) fn drop_since(&self, upright: &Look) -> f32 {
        (self.bbox.y0 - upright.bbox.y0) / upright.height().max(1e-6)
    }

    /// How far the lower edge is above that of `upright`, in upright heights.
    pub(super) fn rise_since(&self, upright: &Look) -> f32 {
        (upright.bbox.y1 - self.bbox.y1) / upright.height().max(1e-6)
    }

    /// Distance of a point from the box, in heights of `scale`; 0 inside.
    pub(super) fn distance_from(&self, point: Point, scale: &Look, aspect: f32) -> f32 {
        let b = &self.bbox;
        let beyond = |value: f32, low: f32, high: f32| (low - value).max(value - high).max(0.0);
        let (x, y) = (beyond(point.x, b.x0, b.x1) * aspect, beyond(point.y, b.y0, b.y1));
        length(x, y) / scale.height().max(1e-6)
    }

    /// Distance between centres, in heights of `scale`.
    pub(super) fn distance_to(&self, centre: Point, scale: &Look, aspect: f32) -> f32 {
        let own = self.bbox.centre();
        length((own.x - centre.x) * aspect, own.y - centre.y) / scale.height().max(1e-6)
    }

    /// What it says of the posture of somebody who looked like `upright` before. `already_down` asks a little less, so that
    /// a box that trembles about a threshold does not end what it began.
    pub(super) fn posture(&self, upright: &Look, aspect: f32, already_down: bool) -> Posture {
        let ease = if already_down { 0.8 } else { 1.0 };
        let shape = self.shape(aspect);
        let drop = self.drop_since(upright);
        let length = self.bbox.width() * aspect / upright.height().max(1e-6);
        let least = if self.source == Source::Foreground { MIN_LENGTH_UNSEEN } else { MIN_LENGTH };
        let told_by_head = self.source == Source::OwnHead && drop >= 0.5 * MIN_DROP;
        let lying = shape <= LYING_SHAPE / ease
            && shape <= SHAPE_CHANGE / ease * upright.shape(aspect)
            && (MIN_DROP * ease..=MAX_DROP).contains(&drop)
            && length >= least * ease
            && self.height() <= 1.1 * upright.height();
        if told_by_head || lying {
            Posture::Lying
        } else if self.source == Source::Person && drop < 0.6 * MIN_DROP && shape > LYING_SHAPE {
            Posture::Up
        } else {
            Posture::Between
        }
    }

    /// Whether it lies higher than the feet of `upright` stood.
    pub(super) fn is_raised(&self, upright: &Look) -> bool {
        self.rise_since(upright) > MAX_RISE
    }
}
