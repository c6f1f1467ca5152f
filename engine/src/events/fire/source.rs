//! One place that may burn: the boxes that belong to it, and what they add up to.

use super::flicker::{Change, Flicker};
use super::{FireVetoes, Matter};
use crate::events::evidence::Evidence;
use crate::geometry::length;
use crate::{BBox, Micros, Point};

/// Weight of a new box in the smoothed one.
const SMOOTH: f32 = 0.4;
/// Evidence of smoke counts for less: steam, fog and clouds look like it.
const SMOKE_WEIGHT: f32 = 0.75;
/// Most that growth adds to the weight of a box, as a share.
const GROWTH_BONUS: f32 = 0.3;
/// Upward speed of smoke that adds as much, shares of the picture's height per second.
const RISING: f32 = 0.02;
/// A light that has moved on by so many of its own sizes moves as a whole.
const MOVED_SIZES: f32 = 1.2;
/// Boxes this much alike are at one place and of one size.
const SAME: f32 = 0.75;
/// Gaps of a light that goes on and off, seconds.
const OFF_SECS: std::ops::RangeInclusive<f32> = 0.12..=1.5;

/// A place that may burn.
#[derive(Clone, Debug)]
pub(super) struct Source {
    pub(super) bbox: BBox,
    pub(super) evidence: Evidence,
    pub(super) flicker: Flicker,
    /// Time for which boxes were flame, and smoke, seconds.
    pub(super) flame_secs: f32,
    pub(super) smoke_secs: f32,
    first_area: f32,
    origin: Point,
    /// The last box, and how often the same one came back after a gap.
    last: BBox,
    returns: u32,
    has_changed_shape: bool,
    /// Whether a veto has been told.
    pub(super) veto_told: bool,
    /// Whether it is part of an incident.
    pub(super) raised: bool,
}

impl Source {
    pub(super) fn begin(at: Micros, bbox: BBox) -> Self {
        Self {
            bbox,
            evidence: Evidence::begin(at),
            flicker: Flicker::default(),
            flame_secs: 0.0,
            smoke_secs: 0.0,
            first_area: bbox.area(),
            origin: bbox.centre(),
            last: bbox,
            returns: 0,
            has_changed_shape: false,
            veto_told: false,
            raised: false,
        }
    }

    /// Whether a box belongs to this place: it touches the box grown by half its size.
    pub(super) fn takes(&self, bbox: &BBox) -> bool {
        let (dx, dy) = (0.5 * self.bbox.width(), 0.5 * self.bbox.height());
        let grown = BBox {
            x0: self.bbox.x0 - dx,
            x1: self.bbox.x1 + dx,
            y0: self.bbox.y0 - dy,
            y1: self.bbox.y1 + dy,
        };
        grown.iou(bbox) > 0.0
    }

    /// Takes what this frame shows: all boxes of the place as one, the best score, what it is, and how its pixels changed.
    pub(super) fn step(&mut self, at: Micros, passed_secs: f32, found: Option<&Found>) {
        let Some(found) = found else {
            self.evidence.step(at, passed_secs, None, 1.0);
            return;
        };
        let growth = self.growth();
        let rises = (found.rising_per_sec / RISING).clamp(0.0, 1.0);
        let liveliness = ((growth - 1.0) / 2.0).clamp(0.0, 1.0).max(rises);
        let matter = if found.matter == Matter::Flame { 1.0 } else { SMOKE_WEIGHT };
        let gap_secs = at.secs_since(self.evidence.last_box());
        self.evidence.step(at, passed_secs, Some(found.score), matter * (1.0 + GROWTH_BONUS * liveliness));
        let alike = self.last.iou(&found.bbox) >= SAME;
        self.has_changed_shape |= !alike;
        if alike && self.evidence.boxes() > 1 && gap_secs > 1.5 * passed_secs && OFF_SECS.contains(&gap_secs)
        {
            self.returns = self.returns.saturating_add(1);
        }
        self.last = found.bbox;
        let mix = |old: f32, new: f32| old + SMOOTH * (new - old);
        self.bbox = BBox {
            x0: mix(self.bbox.x0, found.bbox.x0),
            y0: mix(self.bbox.y0, found.bbox.y0),
            x1: mix(self.bbox.x1, found.bbox.x1),
            y1: mix(self.bbox.y1, found.bbox.y1),
        };
        match found.matter {
            Matter::Flame => self.flame_secs += passed_secs,
            Matter::Smoke => self.smoke_secs += passed_secs,
        }
    }

    /// Takes how the pixels of the place have changed, boxed in this frame or not: what goes off is not boxed.
    pub(super) fn flickers(&mut self, change: Change, passed_secs: f32) {
        self.flicker.push(change, passed_secs);
    }

    /// The camera itself has moved by so much, shares of the picture.
    pub(super) fn shift(&mut self, x: f32, y: f32) {
        self.origin = Point { x: self.origin.x + x, y: self.origin.y + y };
    }

    pub(super) fn matter(&self) -> Matter {
        if self.flame_secs > 0.0 { Matter::Flame } else { Matter::Smoke }
    }

    /// Area now over area at first.
    pub(super) fn growth(&self) -> f32 {
        self.bbox.area() / self.first_area.max(1e-9)
    }

    /// Distance of the last box from the first, in its own sizes.
    pub(super) fn moved_sizes(&self) -> f32 {
        let centre = self.last.centre();
        let x = (centre.x - self.origin.x) / self.last.width().max(1e-6);
        let y = (centre.y - self.origin.y) / self.last.height().max(1e-6);
        length(x, y)
    }

    /// What speaks against fire, although the boxes speak for it. Only flames are judged: smoke drifts and hardly flickers.
    pub(super) fn veto(&self, vetoes: FireVetoes) -> Option<&'static str> {
        if self.matter() == Matter::Smoke {
            return None;
        }
        let flicker = &self.flicker;
        let judged = flicker.count() >= 3;
        let steady = judged && flicker.changing_share() < 0.5;
        let as_a_whole = judged && flicker.coherence() > 0.8 && flicker.alternation() > 0.4;
        let blinks = !judged && self.returns >= 1 && !self.has_changed_shape;
        // Fire that spreads keeps the place where it began.
        let moved = self.moved_sizes() > MOVED_SIZES && self.growth() < 2.0;
        [
            (vetoes.moving && moved, "moving"),
            (vetoes.beacon && (as_a_whole || blinks), "beacon"),
            (vetoes.steady && steady, "steady"),
        ]
        .into_iter()
        .find_map(|(holds, name)| holds.then_some(name))
    }
}

/// What one frame shows of a place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    pub(super) bbox: BBox,
    pub(super) score: f32,
    pub(super) matter: Matter,
    /// Mean upward speed inside, shares of the picture's height per second.
    pub(super) rising_per_sec: f32,
}
