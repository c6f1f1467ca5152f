//! Who was where in the last half minute: the ones who may have put something down.

use crate::geometry::length;
use crate::scene::Ground;
use crate::tracker::{Track, TrackId};
use crate::{BBox, ClassGroup, Micros, Point};

/// Height of a standing person, metres: the yardstick where the camera is not calibrated.
const BODY_METRES: f32 = 1.7;
/// How much further apart two places are in depth than they look, without a calibration: a camera that looks down at 34
/// degrees shortens a metre on the ground to two thirds of a metre on a standing person.
const DEPTH: f32 = 1.5;
/// Most people remembered; the ones unseen for longest make room.
const MAX_PEOPLE: usize = 128;
/// How long somebody is remembered who is not seen any more, seconds.
const REMEMBERED_SECS: f32 = 60.0;
/// Most places remembered of one person.
const MAX_STAYS: usize = 16;
/// A place is left when a person has moved on by so much of their height.
const STEP: f32 = 0.35;
/// A person's height falls no faster than this (they bend, or something hides their feet), share per second.
const SHRINK_PER_SEC: f32 = 0.03;

/// Turns distances on the picture into metres.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale<'a> {
    /// The picture's width over its height.
    pub(super) aspect: f32,
    /// The calibration, if there is one.
    pub(super) ground: Option<&'a Ground>,
}

impl Scale<'_> {
    /// Metres between two places on the ground. `body` is how high a person looks there, as a share of the picture's height.
    pub(super) fn metres(&self, a: Point, b: Point, body: f32) -> f32 {
        if let Some(metres) = self.ground.and_then(|ground| ground.metres_between(a, b)) {
            return metres;
        }
        let (dx, dy) = ((a.x - b.x) * self.aspect, (a.y - b.y) * DEPTH);
        length(dx, dy) / body.max(0.01) * BODY_METRES
    }

    /// How high a person looks at a place by the calibration, as a share of the picture's height.
    pub(super) fn body_at(&self, place: Point) -> Option<f32> {
        let picture = self.ground?.metres_per_picture(place)?;
        (picture.value > 0.0).then(|| BODY_METRES / picture.value)
    }

    /// Width and height of a box in metres.
    pub(super) fn size(&self, bbox: &BBox, body: f32) -> (f32, f32) {
        let metres = BODY_METRES / body.max(0.01);
        (bbox.width() * self.aspect * metres, bbox.height() * metres)
    }
}

/// A place where somebody was.
#[derive(Clone, Copy, Debug, Default)]
struct Stay {
    from: Micros,
    until: Micros,
    foot: Point,
}

/// Somebody, as far as objects are concerned.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub(super) track: TrackId,
    /// Whether the detector calls them a person; else something that moves.
    pub(super) named: bool,
    pub(super) bbox: BBox,
    pub(super) foot: Point,
    /// When they were first seen, and where their feet were.
    pub(super) first_seen: Micros,
    pub(super) first_foot: Point,
    /// Height when upright, share of the picture's height.
    pub(super) body: f32,
    pub(super) last_seen: Micros,
    stays: [Stay; MAX_STAYS],
    /// How many of `stays` are in use, oldest first.
    used: usize,
}

impl Person {
    fn begin(track: &Track, at: Micros) -> Self {
        let mut stays = [Stay::default(); MAX_STAYS];
        stays[0] = Stay { from: at, until: at, foot: track.foot() };
        Self {
            track: track.id(),
            named: track.group() == ClassGroup::Person,
            bbox: track.bbox().on_picture(),
            foot: track.foot(),
            first_seen: at,
            first_foot: track.foot(),
            body: track.bbox().height(),
            last_seen: at,
            stays,
            used: 1,
        }
    }

    fn follow(&mut self, track: &Track, at: Micros, aspect: f32) {
        let shrunk = self.body * (1.0 - SHRINK_PER_SEC * at.secs_since(self.last_seen).min(10.0));
        self.body = track.bbox().height().max(shrunk);
        self.named |= track.group() == ClassGroup::Person;
        self.bbox = track.bbox().on_picture();
        self.foot = track.foot();
        self.last_seen = at;
        let last = &mut self.stays[self.used - 1];
        let moved = length((self.foot.x - last.foot.x) * aspect, self.foot.y - last.foot.y);
        if moved <= STEP * self.body {
            last.until = at;
            return;
        }
        if self.used == MAX_STAYS {
            self.stays.copy_within(1.., 0);
            self.used -= 1;
        }
        self.stays[self.used] = Stay { from: at, until: at, foot: self.foot };
        self.used += 1;
    }

    /// How near they came to a place between two times: metres, and until when they were there.
    fn nearest(&self, place: Point, from: Micros, until: Micros, scale: Scale<'_>) -> Option<(f32, Micros)> {
        let there = self.stays[..self.used].iter().filter(|stay| stay.from <= until && stay.until >= from);
        let metres = there.map(|stay| (scale.metres(stay.foot, place, self.body), stay.until));
        metres.min_by(|a, b| a.0.total_cmp(&b.0))
    }
}

/// Who brought something.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Carrier {
    pub(super) track: TrackId,
    /// When they were last there.
    pub(super) seen: Micros,
    /// How near they were when it appeared, metres.
    pub(super) metres: f32,
    /// Their height, share of the picture's height.
    pub(super) body: f32,
}

/// Everybody of the last minute.
#[derive(Clone, Debug, Default)]
pub(super) struct People {
    people: Vec<Person>,
    at: Micros,
}

impl People {
    /// Takes the tracks of a frame.
    pub(super) fn step(&mut self, at: Micros, tracks: &[Track], aspect: f32) {
        self.at = at;
        self.people.retain(|person| at.secs_since(person.last_seen) <= REMEMBERED_SECS);
        let somebody = |track: &&Track| {
            let moves = matches!(track.group(), ClassGroup::Person | ClassGroup::MovingObject);
            moves && track.last_seen() == at && track.bbox().height() > 0.0
        };
        for track in tracks.iter().filter(somebody) {
            if let Some(person) = self.people.iter_mut().find(|person| person.track == track.id()) {
                person.follow(track, at, aspect);
                continue;
            }
            if self.people.len() == MAX_PEOPLE {
                let oldest =
                    (0..MAX_PEOPLE).min_by_key(|n| (self.people[*n].last_seen, self.people[*n].track));
                self.people.swap_remove(oldest.unwrap_or(0));
            }
            self.people.push(Person::begin(track, at));
        }
        self.people.sort_unstable_by_key(|person| person.track);
    }

    /// Those whom the last frame shows, by track.
    pub(super) fn in_sight(&self) -> impl Iterator<Item = &Person> {
        self.people.iter().filter(|person| person.last_seen == self.at)
    }

    /// Who came nearest to a place between two times, at most `within` metres. Somebody whom the detector calls a person goes
    /// before what merely moves.
    pub(super) fn carrier(
        &self,
        place: Point,
        (from, until): (Micros, Micros),
        within: f32,
        scale: Scale<'_>,
    ) -> Option<Carrier> {
        let near = self.people.iter().filter_map(|person| {
            let (metres, seen) = person.nearest(place, from, until, scale)?;
            (metres <= within).then_some((!person.named, metres, seen, person))
        });
        let (_, metres, seen, person) = near.min_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)))?;
        Some(Carrier { track: person.track, seen, metres, body: person.body })
    }

    /// How high a person looks at a place, as a share of the picture's height, going by those who were nearest to it.
    pub(super) fn body_at(&self, place: Point) -> Option<f32> {
        let named = self.people.iter().filter(|person| person.named);
        // Height changes with depth, which is up and down on the picture.
        let nearest = named.min_by(|a, b| (a.foot.y - place.y).abs().total_cmp(&(b.foot.y - place.y).abs()));
        nearest.map(|person| person.body)
    }

    /// Forgets everybody.
    pub(super) fn clear(&mut self) {
        self.people.clear();
    }
}
