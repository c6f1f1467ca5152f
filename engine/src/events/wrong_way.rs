//! Wrong way: a person or vehicle against the common direction of a zone.
//!
//! **Law.** Decree 2023-828, article 3: a vehicle or person that does not respect the common direction of traffic. The direction is
//! what counts for everybody in the zone; nothing is known of who moves.
//!
//! **Input.** The tracks of each frame: persons, vehicles, and what moves without a name from the detector, which misses cars from
//! straight above; the picture's own motion, where there is a grey picture; metres, where the camera is calibrated.
//! A person is where their feet are, anything else in the middle of its box.
//!
//! **Common direction.** One or several, drawn for the whole zone; or learnt for every place of it from those who pass ([`common`]),
//! which also follows a curve. Where no direction is known, nothing is judged.
//!
//! **Strides.** A way is cut into strides of a seventh of the thing's own length (a person's height), whatever the frame rate. A stride
//! leads *with* when it is within 60° of any common direction, *against* when it is within 45° of the opposite of one and with none,
//! else *sideways*. On a calibrated camera angles are those on the ground.
//!
//! **Rule.** Three strides or more against, `heights` (persons), `lengths` (anything else) or `metres` of way, over `secs` or more, `straight` of all the way since the first of them, by a
//! confirmed track. One stride with the direction, ten seconds without any, or a leap (almost its own length between two
//! observations, which may join two things) and all begins anew: somebody who turns round and comes back, a queue that sways,
//! boxes that hop from car to car are not against the direction. Strides that may have led from one thing to another of its kind
//! in line with it, as happens in a file seen at three frames a second, do not count.
//!
//! **Incidents.** Every thing is told once and is an incident of its own, except that persons found within `group_secs` join. What
//! overlaps with something told before is part of it. An incident closes when its things have not gone against the direction within
//! the zone for two seconds.
//!
//! **Vetoes.** `camera_motion`: the camera moves or its view does not match the drawing. `flow_disagrees`: the picture's own motion within the
//! boxes could be measured and does not lead where the boxes do. Each holds the signal back, is logged once, and the evidence
//! begins anew. While the light jumps, things without a name make no strides: shadows and reflections move with it.
//!
//! | threshold | default | unit |
//! |---|---|---|
//! | `heights` | 1.0 | heights of a person: 1.75 m, or more where they come closer or go away |
//! | `lengths` | 0.6 | lengths of anything else: under 3 m for a car |
//! | `metres` | 2.5 | metres, on a calibrated camera, and half of `heights` or `lengths` |
//! | `secs` | 0.6 | seconds |
//! | `straight` | 0.75 | share of the way |
//! | `group_secs` | 2.0 | seconds |
//! | `learn_secs` | 3600 | seconds |
//!
//! **After an interruption** ways begin anew; what was learnt stays.

mod common;
mod heading;
mod light;

use super::followed::Followed;
use super::{EventMachine, Observation, Outbox, region};
use crate::scene::DirectionZone;
use crate::signals::{ClearedIncident, Clearing, Incident, Offer, RaisedSignal, VetoedSignal, Why};
use crate::tracker::{Track, TrackId};
use crate::{BBox, ClassGroup, Micros, Point};
use arrayvec::ArrayVec;
use common::Common;
use heading::{Evidence, Heading, MAX_PATH, Verdict, needed_lengths, place};
use light::Light;
use serde::{Deserialize, Serialize};
use vigie_protocol::EventKind;

/// Why a way raised a signal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WrongWayReason {
    /// Ephemeral number of the track.
    pub track: TrackId,
    /// Person, vehicle, or something that moves.
    pub group: ClassGroup,
    /// When the way against the direction began.
    pub since: Micros,
    /// Way against the direction, in the thing's own lengths (a person's heights).
    pub lengths: f32,
    /// The same in metres, on a calibrated camera.
    pub metres: Option<f32>,
    /// Lengths asked for.
    pub needed_lengths: f32,
    /// Share of the way that led against the direction, 0 to 1.
    pub straight: f32,
    /// Strides against the direction.
    pub strides: u32,
    /// Whether the common direction was learnt; else it was drawn.
    pub learnt: bool,
    /// Mean score of the boxes, 0 to 1.
    pub score: f32,
    /// The way on the picture, oldest point first, at most 33; thinned evenly when longer.
    pub path: Vec<Point>,
}

/// An incident is over when nothing of it has been seen going against the direction for this long, seconds.
const CLEAR_SECS: f32 = 2.0;
/// Most incidents open at a time; the oldest one closes for another.
const MAX_OPEN: usize = 64;
/// An unnamed thing that shares this much of the smaller area with something told before is the same or part of it; so is a named one
/// that shares this much of their common area.
const PART: f32 = 0.5;

/// The machine of one zone.
#[derive(Clone, Debug)]
pub struct WrongWay {
    zone: DirectionZone,
    common: Common,
    light: Light,
    headings: Followed<Heading>,
    /// Ways that became ripe with this frame.
    ripe: Vec<Ripe>,
    open: Vec<Open>,
}

#[derive(Clone, Debug)]
struct Ripe {
    bbox: BBox,
    /// With an empty path: most ways join an incident, and nobody is shown theirs.
    reason: WrongWayReason,
    path: ArrayVec<Point, MAX_PATH>,
    /// Where the way ends.
    end: Point,
    veto: Option<&'static str>,
}

#[derive(Clone, Debug)]
struct Open {
    incident: Incident,
    group: ClassGroup,
    /// Latest member and its box when last seen.
    track: TrackId,
    bbox: BBox,
    last: Micros,
}

impl WrongWay {
    /// A machine that has seen nothing yet. Thresholds outside their ranges are put inside.
    #[must_use]
    pub fn new(zone: DirectionZone) -> Self {
        let zone = zone.within_ranges();
        Self {
            common: Common::new(&zone),
            zone,
            light: Light::default(),
            headings: Followed::default(),
            ripe: Vec::new(),
            open: Vec::new(),
        }
    }

    /// Follows every track in the zone and collects ways that became ripe.
    fn follow(&mut self, seen: &Observation<'_>) {
        let (zone, common, ripe, open) = (&self.zone, &mut self.common, &mut self.ripe, &mut self.open);
        let dazzled = self.light.is_jumping(seen);
        let stands = !zone.vetoes.camera_motion || seen.health.scene_holds();
        self.headings.step(
            seen.at,
            seen.tracks,
            seen.aspect,
            |track| takes(zone, track),
            |track, heading| {
                let unnamed = track.group() == ClassGroup::MovingObject;
                if !zone.area.polygon.contains(place(track)) || unnamed && dazzled {
                    heading.restart();
                    return;
                }
                let verdict = heading.follow(seen, track, zone, common);
                if verdict == Verdict::Nothing {
                    return;
                }
                let bbox = track.bbox().on_picture();
                let member = open.iter_mut().find(|open| open.track == track.id());
                if let Some(open) = member {
                    open.bbox = bbox;
                    open.last = seen.at;
                }
                if verdict == Verdict::Ripe {
                    let evidence = &heading.evidence;
                    let astray = zone.vetoes.flow_disagrees
                        && evidence.flow_disagrees(seen.at, place(track), seen.aspect);
                    let veto = match (stands, astray) {
                        (false, _) => Some("camera_motion"),
                        (true, true) => Some("flow_disagrees"),
                        (true, false) => None,
                    };
                    ripe.push(Ripe {
                        bbox,
                        reason: reason(track, evidence, zone, common.is_learnt()),
                        path: evidence.path.clone(),
                        end: place(track),
                        veto,
                    });
                    if veto.is_some() {
                        heading.restart();
                    } else {
                        heading.told = true;
                    }
                }
            },
        );
    }

    /// Raises a signal for a ripe way, lets it join, or holds it back.
    fn judge(&mut self, ripe: Ripe, seen: &Observation<'_>, out: &mut Outbox) {
        let (Ripe { bbox, reason, path, end, veto }, zone, at) = (ripe, &self.zone, seen.at);
        if let Some(veto) = veto {
            out.vetoed.push(VetoedSignal {
                event: EventKind::WrongWay,
                zone: Some(zone.area.id),
                at,
                veto: veto.to_owned(),
                region: region(&bbox),
                score: reason.score,
            });
            return;
        }
        let person = reason.group == ClassGroup::Person;
        let unnamed = |group| group == ClassGroup::MovingObject;
        let part_of = |open: &Open| {
            let parts = unnamed(open.group) || unnamed(reason.group);
            let shared = if parts { share(&open.bbox, &bbox) } else { open.bbox.iou(&bbox) };
            open.track != reason.track && shared >= PART
        };
        if self.open.iter().any(part_of) {
            return;
        }
        let together = self.open.iter_mut().find(|open| {
            person
                && open.group == ClassGroup::Person
                && open.incident.offer(reason.track, at, true, zone.group_secs) == Offer::Join
        });
        if let Some(open) = together {
            open.incident.join(reason.track, at, true);
            (open.track, open.bbox, open.last) = (reason.track, bbox, at);
            return;
        }
        if self.open.len() == MAX_OPEN {
            let oldest = self.open.remove(0);
            out.cleared.push(oldest.cleared(zone, at, Clearing::Superseded));
        }
        let incident = Incident::open(out.number(), reason.track, at, true);
        let told = self.headings.states().filter(|heading| heading.told).count();
        out.raised.push(RaisedSignal {
            incident: incident.id(),
            event: EventKind::WrongWay,
            zone: Some(zone.area.id),
            zone_name: Some(zone.area.name.clone()),
            since: reason.since,
            at,
            dwell_secs: at.secs_since(reason.since),
            score: reason.score,
            region: region(&bbox),
            count: u16::try_from(told).unwrap_or(u16::MAX).max(1),
            why: Why::WrongWay(WrongWayReason {
                path: path.into_iter().chain([end]).collect(),
                ..reason.clone()
            }),
        });
        self.open.push(Open { incident, group: reason.group, track: reason.track, bbox, last: at });
    }

    /// Closes the incidents for which it is time.
    fn close_where(&mut self, over: impl Fn(&Open) -> bool, at: Micros, cause: Clearing, out: &mut Outbox) {
        let zone = &self.zone;
        for open in self.open.extract_if(.., |open| over(open)) {
            out.cleared.push(open.cleared(zone, at, cause));
        }
    }
}

impl Open {
    fn cleared(&self, zone: &DirectionZone, at: Micros, cause: Clearing) -> ClearedIncident {
        ClearedIncident {
            incident: self.incident.id(),
            event: EventKind::WrongWay,
            zone: Some(zone.area.id),
            since: self.incident.since(),
            at,
            people: self.incident.people(),
            cause,
        }
    }
}

/// Whether a kind of thing is meant.
fn takes(zone: &DirectionZone, track: &Track) -> bool {
    match track.group() {
        ClassGroup::Person => zone.persons,
        ClassGroup::Vehicle => zone.vehicles,
        ClassGroup::MovingObject => zone.unnamed,
        ClassGroup::Bag => false,
    }
}

fn reason(track: &Track, evidence: &Evidence, zone: &DirectionZone, learnt: bool) -> WrongWayReason {
    WrongWayReason {
        track: track.id(),
        group: track.group(),
        since: evidence.since,
        lengths: evidence.lengths,
        metres: evidence.metres,
        needed_lengths: needed_lengths(track, zone),
        straight: evidence.straight(),
        strides: evidence.strides,
        learnt,
        score: evidence.mean_score(),
        path: Vec::new(),
    }
}

/// Area that two boxes share, as a share of the smaller one's.
fn share(a: &BBox, b: &BBox) -> f32 {
    let width = (a.x1.min(b.x1) - a.x0.max(b.x0)).max(0.0);
    let height = (a.y1.min(b.y1) - a.y0.max(b.y0)).max(0.0);
    let smaller = a.area().min(b.area());
    if smaller > 0.0 { width * height / smaller } else { 0.0 }
}

impl EventMachine for WrongWay {
    fn step(&mut self, seen: &Observation<'_>, out: &mut Outbox) {
        self.common.pass(seen.at);
        self.ripe.clear();
        self.follow(seen);
        let mut ripe = std::mem::take(&mut self.ripe);
        for way in ripe.drain(..) {
            self.judge(way, seen, out);
        }
        self.ripe = ripe;
        let over = |open: &Open| seen.at.secs_since(open.last) > CLEAR_SECS;
        self.close_where(over, seen.at, Clearing::Emptied, out);
    }

    fn interrupt(&mut self, last: Micros, _at: Micros, continues: bool, out: &mut Outbox) {
        self.headings.clear();
        self.light = Light::default();
        if !continues {
            self.close(last, Clearing::Interrupted, out);
        }
    }

    fn close(&mut self, at: Micros, cause: Clearing, out: &mut Outbox) {
        self.close_where(|_| true, at, cause, out);
    }
}
