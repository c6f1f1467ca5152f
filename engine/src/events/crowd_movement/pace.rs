//! Who walks where and how fast, in metres and seconds.
//!
//! A speed is a displacement over most of a second, not a filter's velocity: boxes jitter, and a track that jumps from one person to
//! another moves once, not twice. Both halves of the time must show the speed.

use super::super::person_scale::{PERSON_METRES, PersonScale};
use crate::events::Observation;
use crate::tracker::{Track, TrackId};
use crate::{ClassGroup, Micros, Point};

/// Time over which a displacement is taken, seconds: at least …
const SPAN_LEAST_SECS: f32 = 0.6;
/// … and, at low frame rates, at most.
const SPAN_MOST_SECS: f32 = 1.6;
/// Places remembered of a person, one each [`SAMPLE_SECS`] at most.
const SAMPLES: usize = 10;
/// Time between two of them, seconds.
const SAMPLE_SECS: f32 = 0.1;
/// Somebody unseen for longer than this is not judged, seconds.
const UNSEEN_SECS: f32 = 0.35;
/// Most people followed; further ones are not judged. More do not walk freely.
const MAX_WALKERS: usize = 256;
/// A person's box overlapping a vehicle's by this share of itself rides.
const RIDES_SHARE: f32 = 0.3;
/// Scores from here on teach the scale.
const SURE_SCORE: f32 = 0.5;
/// From this speed on a person is under way, metres per second.
const UNDER_WAY: f32 = 0.5;
/// The usual speed of a person follows the present one in this time, seconds.
const USUAL_SECS: f32 = 8.0;

/// A place or a velocity: to the right and towards the camera (down the picture).
pub(super) type Pair = (f32, f32);

/// A person as of this frame.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mover {
    pub(super) track: TrackId,
    /// Foot point on the picture.
    pub(super) foot: Point,
    /// Metres, from any origin; good for directions. For the distance of two people see [`Mover::apart`].
    pub(super) place: Pair,
    /// The same in picture heights, or in metres where the ground is known.
    spot: Pair,
    /// Metres in a unit of `spot` here.
    unit_metres: f32,
    /// How much shorter a metre away from the camera looks than one across, here.
    flattening: f32,
    /// Metres per second.
    pub(super) velocity: Pair,
    /// Shares of the picture's height per second, both ways.
    pub(super) on_picture: Pair,
    /// The direction last walked in, of length 1; `(0, 0)` for somebody who has not walked yet.
    pub(super) heading: Pair,
    /// The speed that this person had lately when under way, metres per second.
    pub(super) usual_speed: f32,
    /// Detection score.
    pub(super) score: f32,
}

impl Mover {
    pub(super) fn speed(&self) -> f32 {
        length(self.velocity)
    }

    /// Distance of two people, metres.
    pub(super) fn apart(&self, other: &Self) -> f32 {
        let (across, away) = minus(self.spot, other.spot);
        let unit_metres = f32::midpoint(self.unit_metres, other.unit_metres);
        length((across, away / f32::midpoint(self.flattening, other.flattening))) * unit_metres
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Sample {
    at: Micros,
    /// Head and feet: middle of the box's top and bottom edge, in picture heights.
    head: Pair,
    foot: Pair,
}

#[derive(Clone, Debug)]
struct Walker {
    track: TrackId,
    /// The newest is at `newest`, the one before it at the place before.
    samples: [Sample; SAMPLES],
    newest: usize,
    count: usize,
    heading: Pair,
    usual_speed: f32,
    last_seen: Micros,
}

/// The people of one camera or area.
#[derive(Clone, Debug, Default)]
pub(super) struct Pace {
    scale: PersonScale,
    walkers: Vec<Walker>,
    movers: Vec<Mover>,
    now: Option<Micros>,
}

impl Pace {
    /// Those who can be judged in the frame stepped last.
    pub(super) fn movers(&self) -> &[Mover] {
        &self.movers
    }

    /// What was seen so far belongs to another view.
    pub(super) fn forget_view(&mut self) {
        self.scale.reset();
        self.forget_people();
    }

    /// Everybody seen from now on is somebody new.
    pub(super) fn forget_people(&mut self) {
        self.walkers.clear();
        self.movers.clear();
        self.now = None;
    }

    /// Takes a frame. `in_area` says whose foot point counts; riders are left out where `without_riders`.
    pub(super) fn step(
        &mut self,
        seen: &Observation<'_>,
        in_area: impl Fn(Point) -> bool,
        without_riders: bool,
    ) {
        let dt_secs = self.now.map_or(0.0, |now| seen.at.secs_since(now)).max(0.0);
        self.now = Some(seen.at);
        self.scale.pass(dt_secs);
        self.movers.clear();
        let ground = self.scale.ground(seen.aspect);
        let people = seen.tracks.iter().filter(|track| {
            track.group() == ClassGroup::Person && track.is_confirmed() && track.last_seen() == seen.at
        });
        for track in people {
            let sure = track.score() >= SURE_SCORE;
            if sure {
                self.scale.learn(&track.observed(), dt_secs, seen.aspect);
            }
            if without_riders && rides(track, seen.tracks) {
                continue;
            }
            let walker = match self.walkers.iter().position(|walker| walker.track == track.id()) {
                Some(index) => &mut self.walkers[index],
                None if self.walkers.len() < MAX_WALKERS => {
                    self.walkers.push(Walker::begin(track.id()));
                    let last = self.walkers.len() - 1;
                    &mut self.walkers[last]
                }
                None => continue,
            };
            walker.see(seen.at, track, seen.aspect);
            if let Some(mut mover) = walker.mover(track, &self.scale, dt_secs)
                && in_area(mover.foot)
            {
                mover.flattening = ground.map_or(1.0, |ground| ground.flattening(mover.foot.y));
                self.movers.push(mover);
            }
        }
        let mean =
            self.movers.iter().map(|mover| mover.unit_metres).sum::<f32>() / self.movers.len().max(1) as f32;
        for mover in &mut self.movers {
            mover.place = (mover.spot.0 * mean, mover.spot.1 * mean);
        }
        self.walkers.retain(|walker| seen.at.secs_since(walker.last_seen) <= UNSEEN_SECS.max(2.0 * dt_secs));
    }
}

impl Walker {
    fn begin(track: TrackId) -> Self {
        Self {
            track,
            samples: [Sample::default(); SAMPLES],
            newest: 0,
            count: 0,
            heading: (0.0, 0.0),
            usual_speed: 0.0,
            last_seen: Micros::default(),
        }
    }

    fn see(&mut self, at: Micros, track: &Track, aspect: f32) {
        self.last_seen = at;
        let bbox = track.bbox();
        let x = bbox.centre().x * aspect;
        let sample = Sample { at, head: (x, bbox.y0), foot: (x, bbox.y1) };
        // A high frame rate replaces the newest sample until it is old enough to be kept.
        let before = self.samples[(self.newest + SAMPLES - 1) % SAMPLES];
        let replaces = self.count >= 2 && at.secs_since(before.at) < SAMPLE_SECS;
        if !replaces {
            self.newest = (self.newest + 1) % SAMPLES;
            self.count = (self.count + 1).min(SAMPLES);
        }
        self.samples[self.newest] = sample;
    }

    /// Samples from the newest back.
    fn back(&self) -> impl Iterator<Item = &Sample> {
        (0..self.count).map(|n| &self.samples[(self.newest + SAMPLES - n) % SAMPLES])
    }

    /// Where and how fast; `None` before there is enough to tell.
    fn mover(&mut self, track: &Track, scale: &PersonScale, dt_secs: f32) -> Option<Mover> {
        let newest = self.samples[self.newest];
        let age = |sample: &&Sample| newest.at.secs_since(sample.at);
        let first = *self.back().find(|sample| age(sample) >= SPAN_LEAST_SECS)?;
        let span_secs = newest.at.secs_since(first.at);
        if span_secs > SPAN_MOST_SECS {
            return None;
        }
        let middle = *self.back().min_by(|a, b| {
            let off = |sample: &&Sample| (age(sample) - span_secs / 2.0).abs();
            off(a).total_cmp(&off(b))
        })?;
        let (early, late) = (displacement(&first, &middle), displacement(&middle, &newest));
        let whole = displacement(&first, &newest);
        // Somebody who really moves does so in both halves, or has just begun to: a jump of the box is in one of them only.
        let (early_secs, late_secs) = (middle.at.secs_since(first.at), newest.at.secs_since(middle.at));
        let steady = if early_secs > 0.0 && late_secs > 0.0 {
            let least = (length(early) / early_secs).min(length(late) / late_secs) * 1.5;
            (least * span_secs / length(whole).max(1e-6)).min(1.0)
        } else {
            1.0
        };
        let on_picture = (whole.0 / span_secs * steady, whole.1 / span_secs * steady);
        let metres = metres_per_height(track, scale);
        let velocity = (on_picture.0 * metres, on_picture.1 * metres);
        let speed = length(velocity);
        if speed >= UNDER_WAY {
            self.heading = (velocity.0 / speed, velocity.1 / speed);
        }
        // Follows a rise at once, and forgets it slowly: what somebody would walk at if the way were free.
        let keep = (-dt_secs / USUAL_SECS).exp();
        self.usual_speed = (self.usual_speed * keep + speed * (1.0 - keep)).max(speed);
        let foot = track.bbox().on_picture().foot();
        Some(Mover {
            track: self.track,
            foot,
            place: (0.0, 0.0),
            spot: newest.foot,
            unit_metres: metres,
            flattening: 1.0,
            velocity,
            on_picture,
            heading: self.heading,
            usual_speed: self.usual_speed,
            score: track.score(),
        })
    }
}

/// How the box moved between two samples, in picture heights. Where head and feet disagree, legs came out from behind somebody, or went: the
/// edge that moved less is the person.
fn displacement(from: &Sample, to: &Sample) -> Pair {
    let (head, foot) = (to.head.1 - from.head.1, to.foot.1 - from.foot.1);
    let down = if head * foot <= 0.0 {
        0.0
    } else if head.abs() < foot.abs() {
        head
    } else {
        foot
    };
    (to.foot.0 - from.foot.0, down)
}

/// Metres in a picture's height, at this person: from their own height or that of people in their row, whichever is more, so that a
/// child or a box of a torso does not make somebody fast; less where the camera looks down on them.
fn metres_per_height(track: &Track, scale: &PersonScale) -> f32 {
    let bbox = track.bbox();
    let height = scale.height_at(bbox.y1).unwrap_or(0.0).max(bbox.height()).max(1e-3);
    PERSON_METRES * scale.foreshortening() / height
}

/// Whether a person is on or in a vehicle.
fn rides(person: &Track, tracks: &[Track]) -> bool {
    let bbox = person.bbox();
    let vehicles = tracks.iter().filter(|track| track.group() == ClassGroup::Vehicle);
    vehicles.map(Track::bbox).any(|vehicle| {
        let width = bbox.x1.min(vehicle.x1) - bbox.x0.max(vehicle.x0);
        let height = bbox.y1.min(vehicle.y1) - bbox.y0.max(vehicle.y0);
        width > 0.0 && height > 0.0 && width * height > RIDES_SHARE * bbox.area()
    })
}

pub(super) fn length((x, y): Pair) -> f32 {
    x.hypot(y)
}

pub(super) fn minus(a: Pair, b: Pair) -> Pair {
    (a.0 - b.0, a.1 - b.1)
}

pub(super) fn dot(a: Pair, b: Pair) -> f32 {
    a.0 * b.0 + a.1 * b.1
}
