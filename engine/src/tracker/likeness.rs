//! How much a box looks like what a track should be now.

use super::Track;
use crate::{BBox, Micros, Point};

/// Overlap from which a pair is possible however far the centres are apart.
const ENOUGH_OVERLAP: f32 = 0.3;
/// Pairs whose heights differ by more than this factor are impossible.
const SIZE_RATIO: f32 = 0.5;
/// Distance of centres, in box heights, that is possible at once …
const REACH: f32 = 0.2;
/// … and per second since the track was last seen, for a track whose speed is known …
const REACH_PER_SEC: f32 = 0.45;
/// … for one seen only once or twice …
const REACH_PER_SEC_AT_FIRST: f32 = 1.2;
/// … and at most.
const REACH_AT_MOST: f32 = 1.0;
/// Boxes are compared with this share of their size added on every side (C-BIoU, Yang et al., WACV 2023): people seen small and
/// seldom no longer overlap their last box.
const BUFFER: f32 = 0.4;
/// So soon after it was seen a thing may also be near where that was: whoever starts, stops or turns round does not do as expected,
/// seconds …
const TURN_SECS: f32 = 0.25;
/// … and so near, box heights.
const TURN_REACH: f32 = 0.35;
/// Weight of the overlap; the rest is that of the nearness of the centres.
const OVERLAP_WEIGHT: f32 = 0.3;
/// What going on in the same direction adds, and turning back takes (observation-centric momentum, OC-SORT).
const DIRECTION_WEIGHT: f32 = 0.15;
/// Time over which the direction is measured, seconds.
const DIRECTION_SECS: f32 = 0.4;
/// A direction needs a way of so many box heights: less is jitter.
const DIRECTION_WAY: f32 = 0.1;
/// What every second out of sight takes: of two tracks that a box may belong to, the one in sight has it.
const UNSEEN_PER_SEC: f32 = 0.15;

/// Likeness of what is possible and has everything against it.
const UNLIKELY: f32 = 1e-6;

/// Where a track should be now.
pub(super) struct Expectation {
    bbox: BBox,
    buffered: BBox,
    centre: Point,
    height: f32,
    /// How far from there it is still looked for, in box heights.
    reach: f32,
    unseen_secs: f32,
    /// Centre when it was last seen.
    last: Point,
    /// The unit vector in which it went.
    direction: Option<(f32, f32)>,
}

impl Expectation {
    pub(super) fn of(track: &Track, at: Micros, aspect: f32) -> Self {
        let bbox = track.bbox();
        let unseen_secs = at.secs_since(track.last_seen());
        let per_sec = if track.observations() < 3 { REACH_PER_SEC_AT_FIRST } else { REACH_PER_SEC };
        Self {
            bbox,
            buffered: buffered(&bbox),
            centre: bbox.centre(),
            height: bbox.height(),
            reach: (REACH + per_sec * unseen_secs).min(REACH_AT_MOST),
            unseen_secs,
            last: track.observed().centre(),
            direction: direction(track, aspect),
        }
    }

    /// How much a box looks like what is expected, 0 (impossible) to 1.
    pub(super) fn likeness(&self, found: &BBox, aspect: f32) -> f32 {
        let height = found.height();
        let (to, mean) = (found.centre(), f32::midpoint(self.height, height));
        let square_to = |from: Point| {
            let (dx, dy) = ((to.x - from.x) * aspect, to.y - from.y);
            dx * dx + dy * dy
        };
        let (square, limit) = (square_to(self.centre), self.reach * mean);
        let turned = || {
            self.unseen_secs <= TURN_SECS && square_to(self.last) < (TURN_REACH * mean) * (TURN_REACH * mean)
        };
        let near = square < limit * limit || turned();
        // Most pairs end here.
        if !near && self.bbox.iou(found) < ENOUGH_OVERLAP {
            return 0.0;
        }
        let size = self.height.min(height) / self.height.max(height);
        // Also true for a ratio that is not a number.
        if size.is_nan() || size < SIZE_RATIO {
            return 0.0;
        }
        let nearness = (1.0 - square.sqrt() / limit).max(0.0) * size;
        let overlap = self.buffered.iou(&buffered(found));
        let likeness = OVERLAP_WEIGHT * overlap
            + (1.0 - OVERLAP_WEIGHT) * nearness
            + DIRECTION_WEIGHT * self.agreement(to, mean, aspect)
            - UNSEEN_PER_SEC * self.unseen_secs;
        // Unlikely, but possible: better than nobody.
        likeness.clamp(UNLIKELY, 1.0)
    }

    /// Cosine of the angle between the direction so far and the one to here, less where the way is too short to tell.
    fn agreement(&self, to: Point, height: f32, aspect: f32) -> f32 {
        let Some((x, y)) = self.direction else { return 0.0 };
        let (dx, dy) = ((to.x - self.last.x) * aspect, to.y - self.last.y);
        // The way's length cancels out until it is long enough.
        let way = (dx * dx + dy * dy).sqrt();
        (dx * x + dy * y) / way.max(DIRECTION_WAY * height).max(f32::MIN_POSITIVE)
    }
}

fn direction(track: &Track, aspect: f32) -> Option<(f32, f32)> {
    let (last, before) = (track.sightings().last(), track.sightings().before(DIRECTION_SECS)?);
    let (to, from) = (last.bbox.centre(), before.bbox.centre());
    let (dx, dy) = ((to.x - from.x) * aspect, to.y - from.y);
    let way = (dx * dx + dy * dy).sqrt();
    (way > DIRECTION_WAY * last.bbox.height()).then(|| (dx / way, dy / way))
}

fn buffered(bbox: &BBox) -> BBox {
    let (x, y) = (BUFFER * bbox.width(), BUFFER * bbox.height());
    BBox { x0: bbox.x0 - x, y0: bbox.y0 - y, x1: bbox.x1 + x, y1: bbox.y1 + y }
}
