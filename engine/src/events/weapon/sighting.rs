//! One thing that may be a weapon: its boxes over time.

use super::{WeaponKind, WeaponVetoes};
use crate::events::evidence::Evidence;
use crate::geometry::length;
use crate::tracker::TrackId;
use crate::{BBox, Micros, Point};

/// A box beyond anybody's reach counts so much.
const FAR_WEIGHT: f32 = 0.5;
/// A thing whose middle stays within this distance has not moved, its own sizes.
const MOVED_SIZES: f32 = 0.6;
/// Time in which somebody must have been within reach of a thing that has not moved, as a share.
const ATTENDED: f32 = 0.5;
/// How much surer something must be that is beyond anybody's reach.
const ALONE: f32 = 2.0;

/// A box of this frame.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spotted {
    pub(super) bbox: BBox,
    pub(super) kind: WeaponKind,
    pub(super) score: f32,
    /// Whose reach it is in: the box of that person and, where the tracker knows them, their track.
    pub(super) holder: Option<Holder>,
    /// Set when a sighting has taken it.
    pub(super) taken: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Holder {
    pub(super) bbox: BBox,
    pub(super) track: Option<TrackId>,
}

/// A thing that may be a weapon.
#[derive(Clone, Debug)]
pub(super) struct Sighting {
    pub(super) bbox: BBox,
    pub(super) evidence: Evidence,
    pub(super) holder: Option<Holder>,
    /// Sum of scores by kind.
    kinds: [f32; 3],
    near_boxes: u32,
    origin: Point,
    moved: bool,
    pub(super) veto_told: bool,
    pub(super) raised: bool,
}

impl Sighting {
    pub(super) fn begin(at: Micros, spotted: &Spotted) -> Self {
        Self {
            bbox: spotted.bbox,
            evidence: Evidence::begin(at),
            holder: spotted.holder,
            kinds: [0.0; 3],
            near_boxes: 0,
            origin: spotted.bbox.centre(),
            moved: false,
            veto_told: false,
            raised: false,
        }
    }

    /// Distance from the last box, in sizes: how far a thing may have come in `gap_secs`. `None` where that is too far.
    ///
    /// A hand moves at up to 3 of a pistol's lengths in a fifth of a second; what the same person holds is the same thing.
    pub(super) fn distance_to(&self, spotted: &Spotted, at: Micros, aspect: f32) -> Option<f32> {
        let (own, other) = (self.bbox.centre(), spotted.bbox.centre());
        let size = |b: &BBox| (b.width() * aspect).max(b.height());
        let scale = size(&self.bbox).max(size(&spotted.bbox)).max(1e-6);
        let sizes = length((own.x - other.x) * aspect, own.y - other.y) / scale;
        let gap_secs = at.secs_since(self.evidence.last_box());
        let same_holder = match (self.holder, spotted.holder) {
            (Some(a), Some(b)) => a.track.is_some() && a.track == b.track,
            _ => false,
        };
        (same_holder || sizes <= 1.5 + 3.0 * gap_secs.min(1.0)).then_some(sizes)
    }

    pub(super) fn step(&mut self, at: Micros, passed_secs: f32, spotted: Option<&Spotted>, aspect: f32) {
        let Some(spotted) = spotted else {
            self.evidence.step(at, passed_secs, None, 1.0);
            return;
        };
        let weight = if spotted.holder.is_some() { 1.0 } else { FAR_WEIGHT };
        self.evidence.step(at, passed_secs, Some(spotted.score), weight);
        self.kinds[spotted.kind as usize] += spotted.score;
        self.near_boxes += u32::from(spotted.holder.is_some());
        self.bbox = spotted.bbox;
        self.holder = spotted.holder.or(self.holder);
        let centre = spotted.bbox.centre();
        let size = (spotted.bbox.width() * aspect).max(spotted.bbox.height()).max(1e-6);
        let way = length((centre.x - self.origin.x) * aspect, centre.y - self.origin.y) / size;
        self.moved |= way > MOVED_SIZES;
    }

    /// The camera itself has moved by so much, shares of the picture.
    pub(super) fn shift(&mut self, x: f32, y: f32) {
        self.origin = Point { x: self.origin.x + x, y: self.origin.y + y };
    }

    /// What it most likely is.
    pub(super) fn kind(&self) -> WeaponKind {
        let best = |a: WeaponKind, b: WeaponKind| {
            if self.kinds[b as usize] > self.kinds[a as usize] { b } else { a }
        };
        best(best(WeaponKind::Handgun, WeaponKind::LongGun), WeaponKind::Knife)
    }

    /// Share of its boxes that were within somebody's reach, 0 to 1.
    pub(super) fn attended(&self) -> f32 {
        self.near_boxes as f32 / self.evidence.boxes().max(1) as f32
    }

    /// What speaks against a weapon in somebody's hands, although the boxes speak for one.
    pub(super) fn veto(&self, vetoes: WeaponVetoes, needed: f32) -> Option<&'static str> {
        let fixed = !self.moved && self.attended() < ATTENDED;
        let alone = self.near_boxes == 0 && self.evidence.log_odds() < ALONE * needed;
        [(vetoes.fixed && fixed, "fixed"), (vetoes.nobody_near && alone, "nobody_near")]
            .into_iter()
            .find_map(|(holds, name)| holds.then_some(name))
    }
}
