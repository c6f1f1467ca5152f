//! Weapon: a firearm or blade carried or aimed.
//!
//! **Law.** Decree 2023-828, article 3: presence or use of a weapon of those listed in article R. 311-2 of the Code de la
//! sécurité intérieure. This machine knows firearms held in one hand or two and blades; it does not tell real ones from
//! toys, nor who may carry one: a person looks at each signal.
//!
//! **Input.** Boxes of [`own_class::HANDGUN`], [`own_class::LONG_GUN`] and [`own_class::KNIFE`] with calibrated scores;
//! boxes of persons, tracked or not.
//!
//! **A thing.** Boxes go on as one thing while they come within 1.5 of its sizes and 3 more per second of gap, or while
//! the same tracked person has them in reach; of whatever kind, since the kinds are taken for one another. It has its
//! evidence's best kind.
//!
//! **In reach.** The middle of the box lies within a person's box, or within arm's length of it: [`ARM`] heights to the
//! sides, [`RAISED_ARM`] above, and not below the knees.
//!
//! **Evidence.** Log-odds of the box, over those of a score of 0.2, per second for which it stands; they fade to 37 % in
//! 4 s. Beyond anybody's reach a box counts half. From three frames with boxes, 0.5 s apart, on, and `needed` log-odds: a
//! signal. At a score of 0.5 in every frame that takes 1.0 s, in three frames of five 1.8 s, at 0.8 it takes 0.5 s. One
//! or two boxes never suffice: a phone that flashes.
//!
//! | threshold | default | unit |
//! |---|---|---|
//! | `min_score` | 0.25 | |
//! | `needed` | 1.2 | log-odds |
//! | [`MIN_BOXES`] | 3 | frames |
//! | [`MIN_SPAN_SECS`] | 0.5 | seconds |
//! | [`ARM`] | 0.35 | person heights |
//! | [`RAISED_ARM`] | 0.25 | person heights |
//! | [`CLEAR_SECS`] | 10 | seconds |
//!
//! **Vetoes**, each told once per thing and switchable, that hold for as long as they hold: `nobody_near` (never within
//! anybody's reach, and less than twice the log-odds needed), `fixed` (has not moved by 0.6 of its size, and for half of
//! its boxes nobody was in reach: a poster, a toy on a wall, something on a table).
//!
//! **One incident** per armed person: a thing in the same person's reach, or close to the last place, joins it. It is
//! cleared when no box has been seen for [`CLEAR_SECS`]: a weapon that is put away and drawn again within that time is
//! the same incident.

mod settings;
mod sighting;

pub use settings::{WeaponSettings, WeaponVetoes};

use super::{EventMachine, Observation, Outbox, place};
use crate::detection::own_class;
use crate::geometry::length;
use crate::signals::{ClearedIncident, Clearing, IncidentId, RaisedSignal, VetoedSignal, Why};
use crate::tracker::TrackId;
use crate::{BBox, ClassGroup, Detection, Micros, Point};
use serde::{Deserialize, Serialize};
use sighting::{Holder, Sighting, Spotted};
use vigie_protocol::EventKind;

/// Frames with boxes that a signal needs.
pub const MIN_BOXES: u32 = 3;
/// Time from the first to the last of them, seconds.
pub const MIN_SPAN_SECS: f32 = 0.5;
/// Reach to the sides of a person's box, heights of it. An arm is 0.44 heights long, and half of the shoulders are in the
/// box.
pub const ARM: f32 = 0.35;
/// Reach above a person's box, heights of it.
pub const RAISED_ARM: f32 = 0.25;
/// An incident without boxes for so long is over, seconds.
pub const CLEAR_SECS: f32 = 10.0;

/// Hands are above this share of a person's height, from the top.
const KNEES: f32 = 0.8;
/// Boxes of persons that have no track count from this score on.
const PERSON_SCORE: f32 = 0.25;
/// Most things at a time; further boxes are passed over.
const MAX_SIGHTINGS: usize = 64;
/// A thing without boxes for so long is forgotten, seconds.
const FORGET_SECS: f32 = 3.0;
/// A thing this close to an open incident is part of it, picture heights.
const SAME_PLACE: f32 = 0.15;

/// What kind of weapon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WeaponKind {
    /// Pistol or revolver.
    Handgun,
    /// Rifle, shotgun, submachine gun.
    LongGun,
    /// Blade.
    Knife,
}

impl WeaponKind {
    fn of(detection: &Detection) -> Option<Self> {
        match detection.class_id {
            own_class::HANDGUN => Some(Self::Handgun),
            own_class::LONG_GUN => Some(Self::LongGun),
            own_class::KNIFE => Some(Self::Knife),
            _ => None,
        }
    }
}

/// Why it fired.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WeaponReason {
    /// What it most likely is.
    pub kind: WeaponKind,
    /// First box.
    pub first_at: Micros,
    /// Frames with boxes.
    pub boxes: u32,
    /// Log-odds that came together.
    pub log_odds: f32,
    /// Log-odds that were needed.
    pub needed: f32,
    /// Best score.
    pub best_score: f32,
    /// Share of the boxes that were within somebody's reach, 0 to 1.
    pub in_reach: f32,
    /// The person who had it in reach last, where the tracker knows them.
    pub holder: Option<TrackId>,
}

#[derive(Clone, Debug)]
struct Armed {
    incident: IncidentId,
    since: Micros,
    at: Point,
    holder: Option<TrackId>,
    seen: Micros,
}

/// The machine of one rule.
#[derive(Clone, Debug)]
pub struct Weapon {
    settings: WeaponSettings,
    sightings: Vec<Sighting>,
    armed: Vec<Armed>,
    last: Option<Micros>,
    spotted: Vec<Spotted>,
}

impl Weapon {
    /// A machine that has seen nothing yet.
    #[must_use]
    pub fn new(settings: WeaponSettings) -> Self {
        Self {
            settings: settings.within_ranges(),
            sightings: Vec::new(),
            armed: Vec::new(),
            last: None,
            spotted: Vec::new(),
        }
    }

    /// The weapon boxes of the frame, the best first, each place once.
    fn spot(&mut self, seen: &Observation<'_>) {
        self.spotted.clear();
        for detection in seen.detections {
            let Some(kind) = WeaponKind::of(detection) else { continue };
            let bbox = detection.bbox.on_picture();
            let usable =
                detection.bbox.is_valid() && bbox.is_valid() && detection.score >= self.settings.min_score;
            if usable && place::counts(self.settings.area.as_ref(), bbox.centre()) {
                let (score, holder) = (detection.score.min(1.0), holder(&bbox, seen));
                self.spotted.push(Spotted { bbox, kind, score, holder, taken: false });
            }
        }
        self.spotted
            .sort_unstable_by(|a, b| b.score.total_cmp(&a.score).then(place::order(&a.bbox, &b.bbox)));
        // The head may call one thing a pistol and a knife at once.
        let mut kept = 0;
        for index in 0..self.spotted.len() {
            let spotted = self.spotted[index];
            if !self.spotted[..kept].iter().any(|other| other.bbox.iou(&spotted.bbox) > 0.5) {
                self.spotted[kept] = spotted;
                kept += 1;
            }
        }
        self.spotted.truncate(kept);
    }

    /// Gives each known thing its box, and begins new ones.
    fn associate(&mut self, seen: &Observation<'_>, passed_secs: f32) {
        for sighting in &mut self.sightings {
            let near = self.spotted.iter().enumerate().filter(|(_, spotted)| !spotted.taken);
            let near = near
                .filter_map(|(n, spotted)| Some((n, sighting.distance_to(spotted, seen.at, seen.aspect)?)));
            let nearest = near.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(n, _)| n);
            let spotted = nearest.map(|n| {
                self.spotted[n].taken = true;
                self.spotted[n]
            });
            sighting.step(seen.at, passed_secs, spotted.as_ref(), seen.aspect);
        }
        for spotted in self.spotted.iter().filter(|spotted| !spotted.taken) {
            if self.sightings.len() == MAX_SIGHTINGS {
                break;
            }
            let mut sighting = Sighting::begin(seen.at, spotted);
            sighting.step(seen.at, passed_secs, Some(spotted), seen.aspect);
            self.sightings.push(sighting);
        }
    }

    fn judge(&mut self, seen: &Observation<'_>, out: &mut Outbox) {
        let (at, settings) = (seen.at, &self.settings);
        let (zone, zone_name) = place::label(settings.area.as_ref());
        for sighting in &mut self.sightings {
            let evidence = &sighting.evidence;
            let ripe = evidence.log_odds() >= settings.needed
                && evidence.boxes() >= MIN_BOXES
                && evidence.span_secs() >= MIN_SPAN_SECS;
            if evidence.last_box() != at || !(ripe || sighting.raised) {
                continue;
            }
            let (centre, holder) = (sighting.bbox.centre(), sighting.holder.and_then(|holder| holder.track));
            let (region, score) = (place::region(&sighting.bbox), evidence.mean_score());
            if !sighting.raised
                && let Some(veto) = sighting.veto(settings.vetoes, settings.needed)
            {
                if !sighting.veto_told {
                    sighting.veto_told = true;
                    let veto = veto.to_owned();
                    out.vetoed.push(VetoedSignal { event: EventKind::Weapon, zone, at, veto, region, score });
                }
                continue;
            }
            sighting.raised = true;
            let same = |armed: &&mut Armed| {
                let way = length((armed.at.x - centre.x) * seen.aspect, armed.at.y - centre.y);
                (armed.holder.is_some() && armed.holder == holder) || way <= SAME_PLACE
            };
            if let Some(armed) = self.armed.iter_mut().find(same) {
                (armed.at, armed.seen, armed.holder) = (centre, at, holder.or(armed.holder));
                continue;
            }
            let incident = out.number();
            self.armed.push(Armed { incident, since: evidence.first(), at: centre, holder, seen: at });
            out.raised.push(RaisedSignal {
                incident,
                event: EventKind::Weapon,
                zone,
                zone_name: zone_name.clone(),
                since: evidence.first(),
                at,
                dwell_secs: at.secs_since(evidence.first()),
                score,
                region,
                count: 1,
                why: Why::Weapon(WeaponReason {
                    kind: sighting.kind(),
                    first_at: evidence.first(),
                    boxes: evidence.boxes(),
                    log_odds: evidence.log_odds(),
                    needed: settings.needed,
                    best_score: evidence.best_score(),
                    in_reach: sighting.attended(),
                    holder,
                }),
            });
        }
    }

    fn clear(&mut self, at: Micros, out: &mut Outbox) {
        let zone = place::label(self.settings.area.as_ref()).0;
        for over in self.armed.extract_if(.., |armed| at.secs_since(armed.seen) > CLEAR_SECS) {
            out.cleared.push(cleared(&over, zone, at, Clearing::Emptied));
        }
    }
}

impl EventMachine for Weapon {
    fn step(&mut self, seen: &Observation<'_>, out: &mut Outbox) {
        let passed_secs = self.last.map_or(0.0, |last| seen.at.secs_since(last).max(0.0));
        self.last = Some(seen.at);
        if let Some(motion) = seen.motion {
            for sighting in &mut self.sightings {
                sighting.shift(motion.camera_shift.0, motion.camera_shift.1);
            }
        }
        self.spot(seen);
        self.associate(seen, passed_secs);
        self.judge(seen, out);
        self.sightings.retain(|sighting| seen.at.secs_since(sighting.evidence.last_box()) <= FORGET_SECS);
        self.clear(seen.at, out);
    }

    fn interrupt(&mut self, last: Micros, at: Micros, continues: bool, out: &mut Outbox) {
        self.sightings.clear();
        self.last = None;
        if continues {
            for armed in &mut self.armed {
                armed.seen = at;
            }
        } else {
            self.close(last, Clearing::Interrupted, out);
        }
    }

    fn close(&mut self, at: Micros, cause: Clearing, out: &mut Outbox) {
        let zone = place::label(self.settings.area.as_ref()).0;
        for armed in self.armed.drain(..) {
            out.cleared.push(cleared(&armed, zone, at, cause));
        }
    }
}

/// Who has this place in reach: the one whose middle is nearest, tracked people before boxes without a track.
fn holder(weapon: &BBox, seen: &Observation<'_>) -> Option<Holder> {
    let tracked = seen.tracks.iter().filter(|t| t.group() == ClassGroup::Person && t.last_seen() == seen.at);
    let tracked = tracked.map(|track| Holder { bbox: track.observed(), track: Some(track.id()) });
    let loose = seen.detections.iter().filter(|detection| {
        detection.group() == Some(ClassGroup::Person)
            && detection.score >= PERSON_SCORE
            && detection.bbox.is_valid()
    });
    let loose = loose.map(|detection| Holder { bbox: detection.bbox.on_picture(), track: None });
    let centre = weapon.centre();
    let reaches = |holder: &Holder| in_reach(centre, &holder.bbox, seen.aspect);
    let distance = |holder: &Holder| {
        let middle = holder.bbox.centre();
        length((middle.x - centre.x) * seen.aspect, middle.y - centre.y)
    };
    let nearest = |a: &Holder, b: &Holder| distance(a).total_cmp(&distance(b));
    tracked.filter(reaches).min_by(nearest).or_else(|| loose.filter(reaches).min_by(nearest))
}

fn in_reach(point: Point, person: &BBox, aspect: f32) -> bool {
    let height = person.height();
    let side = ARM * height / aspect;
    (person.x0 - side..=person.x1 + side).contains(&point.x)
        && (person.y0 - RAISED_ARM * height..=person.y0 + KNEES * height).contains(&point.y)
}

fn cleared(
    armed: &Armed,
    zone: Option<vigie_protocol::ZoneId>,
    at: Micros,
    cause: Clearing,
) -> ClearedIncident {
    let (incident, since) = (armed.incident, armed.since);
    ClearedIncident { incident, event: EventKind::Weapon, zone, since, at, people: 1, cause }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reach_is_arms_length_about_the_upper_body() {
        let person = BBox { x0: 0.4, y0: 0.2, x1: 0.5, y1: 0.8 };
        let reached = |x: f32, y: f32| in_reach(Point { x, y }, &person, 16.0 / 9.0);
        assert!(reached(0.45, 0.5), "at the hip");
        assert!(reached(0.6, 0.3), "arm stretched out");
        assert!(reached(0.45, 0.1), "arm raised");
        assert!(!reached(0.45, 0.78), "at the feet");
        assert!(!reached(0.7, 0.4), "too far");
    }
}
