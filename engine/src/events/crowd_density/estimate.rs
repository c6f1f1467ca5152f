//! How many people are in the zone, on how much ground, and how far that can be trusted.

use super::CORRECTION_SECS;
use crate::counting::{self, Count, probability};
use crate::events::Observation;
use crate::events::person_scale::{AREA_ERROR, PERSON_METRES, PersonScale};
use crate::scene;
use crate::tiles::suppress;
use crate::{BBox, ClassGroup, Detection, Micros, Point, Polygon};
use serde::{Deserialize, Serialize};

/// The area of the zone is computed again after this long, seconds: the estimated scale learns.
const AREA_SECS: f32 = 5.0;
/// A smaller area is no place for a crowd, and a density on it no number, square metres.
const LEAST_AREA_M2: f32 = 0.5;
/// Scores from here on teach the scale.
const SURE_SCORE: f32 = 0.5;
/// From so many people on …
const PACKED_PERSONS: f32 = 20.0;
/// … whose boxes others cover by so much on average, some are hidden altogether.
const PACKED_SHARE: f32 = 0.35;
/// Somebody who stands before so much of a person may hide their legs.
const COVERED_SHARE: f32 = 0.1;
/// A tiled pass is believed within these factors of the single pass.
const FACTORS: std::ops::RangeInclusive<f32> = 0.5..=4.0;
/// More than this share of the zone, or of what moves in it, unseen by the detector makes the count a lower bound.
const UNSEEN_SHARE: f32 = 0.3;
/// Less of the zone in motion than this says nothing.
const LEAST_FOREGROUND: f32 = 0.05;
/// Most boxes that a pass gives (`decode::MAX_DETECTIONS`, which builds without the networks lack).
const MOST_BOXES: usize = 300;

/// Where an area comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AreaSource {
    /// The calibration of the camera.
    Calibration,
    /// How high people appear.
    PersonHeights,
    /// Not known.
    Unknown,
}

/// Why a count is a lower bound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Saturation {
    /// Share of the zone, 0 to 1, in which people are too small for the detector at this input.
    pub too_small: f32,
    /// Share of what moves in the zone, 0 to 1, that no person's box covers.
    pub unseen_motion: f32,
    /// Whether there were as many boxes as a pass can give.
    pub boxes_exhausted: bool,
    /// Whether so many stand so close that they hide others. Where more than twenty were found close together on pictures with known
    /// numbers, there were 1.1 to 1.9 times as many.
    pub packed: bool,
}

impl Saturation {
    /// Whether any of it makes the count a lower bound.
    #[must_use]
    pub fn is_any(&self) -> bool {
        self.boxes_exhausted
            || self.packed
            || self.too_small > UNSEEN_SHARE
            || self.unseen_motion > UNSEEN_SHARE
    }
}

/// An area of ground.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Ground {
    pub(super) m2: f32,
    error_share: f32,
    pub(super) source: AreaSource,
}

/// What is known as of a frame.
#[derive(Clone, Copy, Debug)]
pub(super) struct Estimate {
    pub(super) persons: f32,
    pub(super) persons_error: f32,
    pub(super) mean_score: f32,
    pub(super) area: Option<Ground>,
}

impl Estimate {
    pub(super) fn per_m2(&self) -> Option<f32> {
        self.area.map(|area| self.persons / area.m2)
    }

    pub(super) fn per_m2_error(&self) -> Option<f32> {
        let area = self.area?;
        let count_share = self.persons_error / self.persons.max(1.0);
        Some(
            self.persons / area.m2 * (count_share * count_share + area.error_share * area.error_share).sqrt(),
        )
    }
}

/// The running estimate of one zone.
#[derive(Clone, Debug, Default)]
pub(super) struct Estimator {
    scale: PersonScale,
    now: Option<Micros>,
    /// Smoothed count of the frames' own boxes.
    count: Option<Count>,
    /// Smoothed mean score of the people counted.
    score: f32,
    /// What the last tiled pass made of the count, and when.
    factor: Option<(Micros, f32)>,
    area: Option<(Micros, Ground)>,
    /// The people in the zone, each once; used again for every frame.
    people: Vec<Detection>,
}

impl Estimator {
    /// Counts from the next frame on as if from the first.
    pub(super) fn restart_count(&mut self) {
        self.count = None;
        self.now = None;
    }

    /// The view is another one: nothing learnt of it holds.
    pub(super) fn forget_view(&mut self) {
        self.restart_count();
        self.forget_scale();
        self.factor = None;
    }

    /// The view changes: people appear in other sizes.
    pub(super) fn forget_scale(&mut self) {
        self.scale.reset();
        self.area = None;
    }

    pub(super) fn step(&mut self, seen: &Observation<'_>, zone: &Polygon, smooth_secs: f32) -> Estimate {
        let dt_secs = self.now.map_or(0.0, |now| seen.at.secs_since(now)).max(0.0);
        self.now = Some(seen.at);
        self.scale.pass(dt_secs);
        let sure = persons(seen.detections).filter(|found| found.score >= SURE_SCORE);
        for person in sure.filter(|person| stands_free(person, seen.detections)) {
            self.scale.learn(&person.bbox, dt_secs, seen.aspect);
        }
        self.people.clear();
        self.people.extend(persons_in(seen.detections, zone));
        // A large input shows one person as a body, a torso and a head.
        suppress(&mut self.people);
        let frame = counting::count(&self.people);
        let score = mean_score(&self.people);
        let weight = if smooth_secs > 0.0 { dt_secs / (smooth_secs + dt_secs) } else { 1.0 };
        let blend = |before: f32, now: f32| before + weight * (now - before);
        let count = match self.count {
            None => {
                self.score = score;
                frame
            }
            Some(before) => {
                self.score = blend(self.score, score);
                Count {
                    persons: blend(before.persons, frame.persons),
                    variance: blend(before.variance, frame.variance),
                }
            }
        };
        self.count = Some(count);
        self.correct(seen, zone, count);
        self.measure(seen, zone);
        let factor = self.factor(seen.at);
        let corrected = Count { persons: count.persons * factor, variance: count.variance * factor * factor };
        Estimate {
            persons: corrected.persons,
            persons_error: corrected.error(),
            mean_score: self.score,
            area: self.area.map(|(_, area)| area),
        }
    }

    /// Takes a tiled pass, if a new one has come.
    fn correct(&mut self, seen: &Observation<'_>, zone: &Polygon, count: Count) {
        let Some(tiled) = seen.counted else { return };
        if self.factor.is_some_and(|(at, _)| at >= tiled.at) || seen.at.secs_since(tiled.at) > CORRECTION_SECS
        {
            return;
        }
        let found = counting::count(persons_in(tiled.boxes, zone));
        // One on either side: a single box more or less is no factor.
        let factor = (found.persons + 1.0) / (count.persons + 1.0);
        self.factor = Some((tiled.at, factor.clamp(*FACTORS.start(), *FACTORS.end())));
    }

    /// By how much the last tiled pass corrects the count.
    pub(super) fn factor(&self, at: Micros) -> f32 {
        let fresh = self.factor.filter(|(when, _)| at.secs_since(*when) <= CORRECTION_SECS);
        fresh.map_or(1.0, |(_, factor)| factor)
    }

    fn measure(&mut self, seen: &Observation<'_>, zone: &Polygon) {
        if self.area.is_some_and(|(when, _)| seen.at.secs_since(when) < AREA_SECS) {
            return;
        }
        let approximate = || {
            let m2 = self.scale.ground(seen.aspect)?.area_m2(zone);
            Some(Ground { m2, error_share: AREA_ERROR, source: AreaSource::PersonHeights })
        };
        let calibrated = || {
            let area = seen.ground?.area(zone)?;
            let error_share = area.error / area.value.max(f32::EPSILON);
            Some(Ground { m2: area.value, error_share, source: AreaSource::Calibration })
        };
        let area = calibrated().or_else(approximate).filter(|area| area.m2 > LEAST_AREA_M2);
        self.area = area.map(|area| (seen.at, area));
    }

    /// How far the count is a lower bound.
    pub(super) fn saturation(&self, seen: &Observation<'_>, zone: &Polygon) -> Saturation {
        let tiled = seen.counted.filter(|tiled| seen.at.secs_since(tiled.at) <= CORRECTION_SECS);
        let smallest = tiled.map_or(seen.smallest_person, |tiled| tiled.smallest_person);
        let boxes = tiled.map_or(seen.detections, |tiled| tiled.boxes);
        Saturation {
            too_small: smallest.map_or(0.0, |smallest| self.share_too_small(seen.ground, zone, smallest)),
            unseen_motion: unseen_motion(seen, boxes, zone),
            boxes_exhausted: tiled.is_none() && boxes.len() >= MOST_BOXES,
            packed: is_packed(boxes, zone),
        }
    }

    /// Share of the zone's picture in which people appear smaller than that; what lies at the horizon of a calibrated ground included.
    fn share_too_small(&self, ground: Option<&scene::Ground>, zone: &Polygon, smallest: f32) -> f32 {
        share_of(zone, |point| match ground {
            Some(ground) => {
                ground.metres_per_picture(point).is_none_or(|metres| PERSON_METRES < smallest * metres.value)
            }
            None => self.scale.height_at(point.y).is_some_and(|height| height < smallest),
        })
    }
}

/// The share of the polygon where that holds.
fn share_of(zone: &Polygon, holds: impl Fn(Point) -> bool) -> f32 {
    const CELLS: u16 = 24;
    let place = |n: u16| (f32::from(n) + 0.5) / f32::from(CELLS);
    let (mut all, mut those) = (0_u16, 0_u16);
    for row in 0..CELLS {
        for column in 0..CELLS {
            let point = Point { x: place(column), y: place(row) };
            if zone.contains(point) {
                all += 1;
                those += u16::from(holds(point));
            }
        }
    }
    f32::from(those) / f32::from(all.max(1))
}

/// Share of the foreground in the zone that lies in no person's box.
fn unseen_motion(seen: &Observation<'_>, boxes: &[Detection], zone: &Polygon) -> f32 {
    let Some(motion) = seen.motion else { return 0.0 };
    let (mut cells, mut all, mut unseen) = (0.0, 0.0, 0.0);
    for (index, share) in motion.foreground.iter().enumerate() {
        let (row, column) = (index / motion.columns.max(1), index % motion.columns.max(1));
        let place = |n: usize, of: usize| (n as f32 + 0.5) / of.max(1) as f32;
        let point = Point { x: place(column, motion.columns), y: place(row, motion.rows) };
        if !zone.contains(point) {
            continue;
        }
        cells += 1.0;
        all += share;
        let covers =
            |bbox: &BBox| (bbox.x0..=bbox.x1).contains(&point.x) && (bbox.y0..=bbox.y1).contains(&point.y);
        if !persons(boxes).any(|person| covers(&person.bbox)) {
            unseen += share;
        }
    }
    if all < LEAST_FOREGROUND * cells || all <= 0.0 { 0.0 } else { unseen / all }
}

/// Whether many are found in the polygon, and boxes cover each other as in a crowd.
fn is_packed(boxes: &[Detection], zone: &Polygon) -> bool {
    let people = || persons_in(boxes, zone).map(|found| (found.bbox, probability(found.score)));
    let (mut count, mut covered) = (0.0, 0.0);
    for (n, (bbox, sure)) in people().enumerate().filter(|(_, (_, sure))| *sure > 0.0) {
        let others = people().enumerate().filter(|(other, _)| *other != n);
        let shared: f32 = others.map(|(_, (other, weight))| weight * shared_area(&bbox, &other)).sum();
        count += sure;
        covered += sure * (shared / bbox.area().max(f32::EPSILON)).min(1.0);
    }
    count >= PACKED_PERSONS && covered >= PACKED_SHARE * count
}

/// Area that two boxes share.
fn shared_area(a: &BBox, b: &BBox) -> f32 {
    let (width, height) = (a.x1.min(b.x1) - a.x0.max(b.x0), a.y1.min(b.y1) - a.y0.max(b.y0));
    width.max(0.0) * height.max(0.0)
}

/// Whether nobody stands before a person: in a crowd, boxes end at the waist of whoever is hidden from there on.
fn stands_free(person: &Detection, boxes: &[Detection]) -> bool {
    let covers = |other: &BBox| {
        other.y1 > person.bbox.y1 && shared_area(&person.bbox, other) > COVERED_SHARE * person.bbox.area()
    };
    !persons(boxes).any(|other| other.score >= SURE_SCORE && covers(&other.bbox))
}

fn persons(boxes: &[Detection]) -> impl Iterator<Item = &Detection> {
    boxes.iter().filter(|found| found.group() == Some(ClassGroup::Person) && found.bbox.is_valid())
}

fn persons_in<'a>(boxes: &'a [Detection], zone: &'a Polygon) -> impl Iterator<Item = &'a Detection> {
    persons(boxes).filter(|found| zone.contains(found.bbox.on_picture().foot()))
}

/// Mean score, each weighted as it counts.
fn mean_score(people: &[Detection]) -> f32 {
    let weighted = people.iter().map(|found| (probability(found.score), found.score));
    let (weight, sum) = weighted.fold((0.0, 0.0), |(weight, sum), (p, score)| (weight + p, sum + p * score));
    if weight > 0.0 { sum / weight } else { 0.0 }
}
