//! Where one track is heading, stride by stride.
//!
//! Observations jitter and come at any rate; what is judged are strides: from where the thing was to where it has come clearly away
//! from there. So the same way gives the same strides at 3 and at 30 frames a second.

use super::common::{Common, Counted};
use crate::events::Observation;
use crate::scene::DirectionZone;
use crate::tracker::Track;
use crate::{BBox, ClassGroup, Micros, Point};
use arrayvec::ArrayVec;

/// A stride, in lengths of the thing itself: three times what boxes jitter by.
const STRIDE: f32 = 0.15;
/// Nor is it shorter than this share of the picture's height: boxes of far things jitter by pixels.
const SHORTEST_STRIDE: f32 = 0.01;
/// Between two observations a thing moves less than this many of its own lengths. Beyond, it may be another one.
const LONGEST_STEP: f32 = 0.8;
/// Cosine from which a stride leads along a direction …
const ALONG: f32 = 0.5;
/// … and from which it leads against one.
const AGAINST: f32 = 0.707;
/// A step between two observations is open to doubt when another of its kind is in line with it and nearer than the step over this share: in
/// a file that moves on by seven tenths of its spacing, everybody seems to go back by three tenths …
const ALIAS_SHARE: f32 = 0.3;
/// … which takes steps of this many lengths at least.
const ALIAS_STEP: f32 = 0.12;
/// Somebody unseen for longer is not the other one, seconds.
const ALIAS_SECS: f32 = 0.7;
/// A box that comes this close to the picture's edge is cut off by it.
const PICTURE_EDGE: f32 = 0.015;
/// Fewest strides against the direction.
const MIN_STRIDES: u32 = 3;
/// A thing that makes no stride for so long begins anew, seconds.
const STALL_SECS: f32 = 10.0;
/// Smallest unnamed thing that is judged, share of the picture's height.
const SMALLEST_UNNAMED: f32 = 0.04;
/// Of the way against a direction, the share that the picture's own motion must confirm …
const FLOW_SHARE: f32 = 0.25;
/// … when it could be measured for at least this share of the time.
const FLOW_TIME: f32 = 0.5;
/// Fewest cells, by confidence, whose motion says something.
const ENOUGH_FLOW: f32 = 0.5;
/// Most points of a path.
pub(super) const MAX_PATH: usize = 32;

/// How a stride leads.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Sense {
    /// Along a common direction.
    With,
    /// Against one and along none; with this cosine to its opposite.
    Against(f32),
    Sideways,
}

/// What speaks for a way against the common direction, since it began.
#[derive(Clone, Debug, Default)]
pub(super) struct Evidence {
    pub(super) since: Micros,
    /// Strides against the direction.
    pub(super) strides: u32,
    /// Way against it, in own lengths …
    pub(super) lengths: f32,
    /// … and in metres, where the camera was calibrated all along.
    pub(super) metres: Option<f32>,
    /// All of the way, in own lengths.
    way: f32,
    /// Where each stride began, thinned evenly.
    pub(super) path: ArrayVec<Point, MAX_PATH>,
    every: u32,
    pub(super) scores: f32,
    pub(super) observations: u32,
    /// Way by the picture's own motion, both axes in picture heights, and for how long it was measured.
    flow: Point,
    flow_secs: f32,
}

impl Evidence {
    /// Share of the way that leads against the direction.
    pub(super) fn straight(&self) -> f32 {
        if self.way > 0.0 { (self.lengths / self.way).min(1.0) } else { 0.0 }
    }

    pub(super) fn mean_score(&self) -> f32 {
        (self.scores / self.observations.max(1) as f32).clamp(0.0, 1.0)
    }

    fn is_enough(&self, at: Micros, needed: f32, zone: &DirectionZone) -> bool {
        let far = match self.metres {
            Some(metres) => metres >= zone.metres && self.lengths >= needed / 2.0,
            None => self.lengths >= needed,
        };
        far && self.strides >= MIN_STRIDES
            && at.secs_since(self.since) >= zone.secs
            && self.straight() >= zone.straight
    }

    /// Whether the picture's own motion within the boxes was measured and did not lead the same way, as far as `here`.
    pub(super) fn flow_disagrees(&self, at: Micros, here: Point, aspect: f32) -> bool {
        let Some(began) = self.path.first() else { return false };
        let way = between(*began, here, aspect);
        let along = self.flow.x * way.vector.x + self.flow.y * way.vector.y;
        self.flow_secs >= FLOW_TIME * at.secs_since(self.since)
            && along < FLOW_SHARE * way.length * way.length
    }

    fn note(&mut self, place: Point) {
        self.every = self.every.max(1);
        if self.strides.is_multiple_of(self.every) {
            if self.path.is_full() {
                let mut n = 0;
                self.path.retain(|_| {
                    n += 1;
                    n % 2 == 1
                });
                self.every *= 2;
            }
            self.path.push(place);
        }
    }
}

/// What becomes of an observation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Nothing to say.
    Nothing,
    /// The way against the direction is long enough, for the first time.
    Ripe,
    /// As has been said before.
    Still,
}

/// Where one track is heading.
#[derive(Clone, Debug, Default)]
pub(super) struct Heading {
    /// Where the current stride began.
    anchor: Option<(Micros, Point)>,
    /// How far it has come since, shares of the picture.
    gone: Point,
    last: Option<(Micros, BBox)>,
    /// Whether a step of the current stride may have led from one thing to another.
    doubtful: bool,
    /// Length of the thing along its way, the largest seen, in picture heights.
    length: f32,
    pub(super) evidence: Evidence,
    counted: Option<Counted>,
    /// Whether a signal was raised or joined; it is the only one for this thing.
    pub(super) told: bool,
}

impl Heading {
    /// Begins anew, except that what was told remains told.
    pub(super) fn restart(&mut self) {
        self.anchor = None;
        self.gone = Point::default();
        self.last = None;
        self.evidence = Evidence::default();
    }

    /// Takes an observation inside the zone.
    pub(super) fn follow(
        &mut self,
        seen: &Observation<'_>,
        track: &Track,
        zone: &DirectionZone,
        common: &mut Common,
    ) -> Verdict {
        let (at, here) = (seen.at, place(track));
        let bbox = track.bbox().on_picture();
        let is_person = track.group() == ClassGroup::Person;
        let before = self.last.replace((at, bbox));
        let step = before.map_or(Point::default(), |(_, last)| drift(&last, &bbox, is_person));
        self.gone = Point { x: self.gone.x + step.x, y: self.gone.y + step.y };
        let step = Way::of(step, seen.aspect);
        // What the box measures along the way: a car from the side is long, from the front it is high.
        let (across, down) = (step.vector.x.abs(), step.vector.y.abs());
        let along = (across * bbox.width() * seen.aspect + down * bbox.height()) / step.length;
        if is_person {
            self.length = self.length.max(bbox.height());
        } else if along.is_finite() {
            self.length = self.length.max(along);
        }
        self.evidence.scores += track.score();
        self.evidence.observations += 1;
        let (Some((anchored, anchor)), Some((when, _))) = (self.anchor, before) else {
            self.stand(at, here);
            return Verdict::Nothing;
        };
        let gone = self.gone;
        let mut stride = Way::of(gone, seen.aspect);
        self.note_flow(seen, &bbox, when);
        let unnamed = track.group() == ClassGroup::MovingObject;
        self.doubtful |= self.may_be_another(seen, track, here, step);
        if step.length > LONGEST_STEP * self.length || at.secs_since(anchored) > STALL_SECS {
            self.restart_at(at, here);
        } else if stride.length >= (STRIDE * self.length).max(SHORTEST_STRIDE) {
            let began = Point { x: here.x - gone.x, y: here.y - gone.y };
            let doubtful = self.doubtful;
            self.stand(at, here);
            let middle = Point { x: f32::midpoint(anchor.x, here.x), y: f32::midpoint(anchor.y, here.y) };
            let sense = sense_of(seen, middle, stride, zone, common);
            if track.is_confirmed() && !doubtful {
                common.count(middle, stride.vector, &mut self.counted);
            }
            match sense {
                Sense::With => self.restart_at(at, here),
                // Neither for it nor against it.
                _ if doubtful => {}
                Sense::Sideways if self.evidence.strides == 0 => self.restart_at(at, here),
                Sense::Sideways => self.evidence.way += stride.length / self.length,
                Sense::Against(cosine) => {
                    let metres = seen.ground.and_then(|ground| ground.metres_between(began, here));
                    if self.evidence.strides == 0 {
                        self.evidence.since = anchored;
                        self.evidence.metres = Some(0.0);
                    }
                    self.evidence.note(anchor);
                    self.evidence.strides += 1;
                    stride.length /= self.length;
                    self.evidence.way += stride.length;
                    self.evidence.lengths += stride.length * cosine;
                    self.evidence.metres = self.evidence.metres.and_then(|sum| Some(sum + metres? * cosine));
                }
            }
        }
        if unnamed && self.length < SMALLEST_UNNAMED {
            return Verdict::Nothing;
        }
        match (
            track.is_confirmed() && self.evidence.is_enough(at, needed_lengths(track, zone), zone),
            self.told,
        ) {
            (true, false) => Verdict::Ripe,
            (true, true) => Verdict::Still,
            (false, _) => Verdict::Nothing,
        }
    }

    /// Whether somebody else of its kind is so placed that this step may have led from the one to the other.
    fn may_be_another(&self, seen: &Observation<'_>, track: &Track, here: Point, step: Way) -> bool {
        if step.length < ALIAS_STEP * self.length || step.length <= 0.0 {
            return false;
        }
        let half_width = track.bbox().width() * seen.aspect / 2.0;
        seen.tracks.iter().any(|other| {
            let to = between(here, place(other), seen.aspect).vector;
            let along = (to.x * step.vector.x + to.y * step.vector.y) / step.length;
            let aside = (to.x * step.vector.y - to.y * step.vector.x) / step.length;
            other.id() != track.id()
                && other.group() == track.group()
                && seen.at.secs_since(other.last_seen()) <= ALIAS_SECS
                && aside.abs() < half_width
                && ALIAS_SHARE * along.abs() < step.length
        })
    }

    fn restart_at(&mut self, at: Micros, here: Point) {
        self.evidence = Evidence::default();
        self.stand(at, here);
    }

    /// The next stride begins here.
    fn stand(&mut self, at: Micros, here: Point) {
        self.anchor = Some((at, here));
        self.gone = Point::default();
        self.doubtful = false;
    }

    /// Adds up the picture's own motion within the box.
    fn note_flow(&mut self, seen: &Observation<'_>, bbox: &BBox, when: Micros) {
        let Some(motion) = seen.motion else { return };
        let secs = seen.at.secs_since(when);
        let index = |share: f32, cells: usize| ((share * cells as f32) as usize).min(cells.saturating_sub(1));
        let (mut sum, mut weight) = (Point::default(), 0.0);
        for row in index(bbox.y0, motion.rows)..=index(bbox.y1, motion.rows) {
            for column in index(bbox.x0, motion.columns)..=index(bbox.x1, motion.columns) {
                let cell = row * motion.columns + column;
                let (Some(x), Some(y)) = (motion.flow_x.get(cell), motion.flow_y.get(cell)) else { continue };
                let (Some(sure), Some(new)) = (motion.confidence.get(cell), motion.foreground.get(cell))
                else {
                    continue;
                };
                // Only what differs from the background belongs to the thing.
                let trust = sure * new;
                sum = Point { x: sum.x + trust * x * seen.aspect, y: sum.y + trust * y };
                weight += trust;
            }
        }
        if weight > ENOUGH_FLOW {
            let evidence = &mut self.evidence;
            evidence.flow.x += sum.x / weight * secs;
            evidence.flow.y += sum.y / weight * secs;
            evidence.flow_secs += secs;
        }
    }
}

/// The way that is asked for, in the thing's own lengths.
pub(super) fn needed_lengths(track: &Track, zone: &DirectionZone) -> f32 {
    if track.group() == ClassGroup::Person { zone.heights } else { zone.lengths }
}

/// Where a thing is: a person at the feet, anything else in its middle, which does not jump with its shadow.
pub(super) fn place(track: &Track) -> Point {
    match track.group() {
        ClassGroup::Person => track.foot(),
        _ => track.bbox().on_picture().centre(),
    }
}

/// A way on the picture, both axes in picture heights.
#[derive(Clone, Copy, Debug)]
struct Way {
    vector: Point,
    length: f32,
}

impl Way {
    /// From a movement in shares of the picture.
    fn of(shares: Point, aspect: f32) -> Self {
        let vector = Point { x: shares.x * aspect, y: shares.y };
        Self { vector, length: (vector.x * vector.x + vector.y * vector.y).sqrt() }
    }
}

/// The way from one point of the picture to another.
fn between(from: Point, to: Point, aspect: f32) -> Way {
    Way::of(Point { x: to.x - from.x, y: to.y - from.y }, aspect)
}

/// How far a thing has come between two boxes on the picture, in shares of it. Of a thing that the picture's edge cuts off the middle
/// moves half as fast as the thing, and the edge of the box that is in sight as fast; it is what counts then.
fn drift(from: &BBox, to: &BBox, is_person: bool) -> Point {
    let along = |from: (f32, f32), to: (f32, f32)| {
        let low = from.0.min(to.0) > PICTURE_EDGE;
        let high = from.1.max(to.1) < 1.0 - PICTURE_EDGE;
        match (low, high) {
            (true, false) => to.0 - from.0,
            (false, true) => to.1 - from.1,
            _ => f32::midpoint(to.0, to.1) - f32::midpoint(from.0, from.1),
        }
    };
    if is_person {
        let (before, now) = (from.foot(), to.foot());
        return Point { x: now.x - before.x, y: now.y - before.y };
    }
    Point { x: along((from.x0, from.x1), (to.x0, to.x1)), y: along((from.y0, from.y1), (to.y0, to.y1)) }
}

/// How a stride leads, on the ground where the camera is calibrated, else on the picture.
fn sense_of(seen: &Observation<'_>, at: Point, stride: Way, zone: &DirectionZone, common: &Common) -> Sense {
    let on_ground = |v: Point| {
        let share = Point { x: v.x / seen.aspect, y: v.y };
        seen.ground.and_then(|ground| ground.velocity(at, share)).unwrap_or(v)
    };
    let moved = on_ground(stride.vector);
    let (mut along, mut against) = (-1.0_f32, -1.0_f32);
    for direction in common.at(at, zone, seen.aspect).iter() {
        let common = on_ground(direction);
        let lengths =
            ((moved.x * moved.x + moved.y * moved.y) * (common.x * common.x + common.y * common.y)).sqrt();
        let cosine = (moved.x * common.x + moved.y * common.y) / lengths;
        if cosine.is_finite() {
            along = along.max(cosine);
            against = against.max(-cosine);
        }
    }
    if along >= ALONG {
        Sense::With
    } else if against >= AGAINST {
        Sense::Against(against.min(1.0))
    } else {
        Sense::Sideways
    }
}
