//! Abandoned object: a bag or parcel that stays put after its carrier has left.
//!
//! **Law.** Decree 2023-828, article 3: the presence of abandoned objects. What counts is that somebody brought it and left it, not
//! that it stands still; the person is a track of this camera and nothing more. An object that somebody else takes away is not abandoned
//! any more; that it was a theft is not for this machine to say.
//!
//! **Input.** Two kinds of evidence, of which either is enough and both make one object:
//! - the detector's boxes of bags (backpack, handbag, suitcase) in the same place. They come and go, at scores from 0.15;
//! - parts of the view that differ from the background and do not move (`region`): parcels, boxes, bags that the detector has no
//!   name for. Where there is a grey picture it also says whether an object is new and whether it is still there (`look`).
//!
//! Persons and moving things are the tracks of the frame. Where the camera is calibrated, distances are metres on the ground; else
//! they are estimated: a person is 1.7 m high, and a step in depth looks two thirds as long as one across.
//!
//! **States of an object.**
//!
//! | state | what | ends |
//! |---|---|---|
//! | carried | boxes that move; the machine remembers none for longer than three seconds | seen in one place for 2 s, or the view there is still for 2 s |
//! | put down | it *appeared* when it was first seen there. Its *owner* is who came nearest, within `attend_metres`, in the five seconds before | at once |
//! | attended | the owner is within `leave_metres` and was seen in the last 3 s; or somebody else has stayed within 1 m for 4 s | the last one who attends *leaves*: goes beyond `leave_metres`, or is not seen any more for 3 s |
//! | unattended | counted from when they were beyond `leave_metres`, or last seen | after `after_secs` |
//! | signalled | one signal. What the same person left, and what stands within 2 m of it, joins without another | attended again, or gone |
//!
//! Whoever passes or stands near is not an owner. The owner who comes back attends to the object again after 2.5 s within 1 m or 5 s
//! within `attend_metres`; walking past it takes less. Tracks break: one that begins where another ended goes on with its part. While
//! somebody is within a metre, or the owner within `attend_metres`, the signal waits for what they do, 5 s at most. An object is gone when its place
//! looks otherwise for 3 s, or, without a grey picture, when no box of it is seen for 8 s with nobody before it (20 s once signalled).
//!
//! | threshold | default | unit |
//! |---|---|---|
//! | `after_secs` | 30 | seconds since the owner has left |
//! | `attend_metres` | 2 | metres |
//! | `leave_metres` | 3 | metres |
//! | `least_metres`, `most_metres` | 0.1, 1.2 | metres, the larger side |
//!
//! **Vetoes** ([`AbandonedObjectVetoes`]), applied when everything else speaks for a signal, told once for each object, and each with its
//! switch: `furniture` (the view there has not changed; without a grey picture: there since the start, or seen so seldom that it may have been),
//! `camera`, `vehicle`, `person` (who sits, lies or stands still), `size`, `light`, `uncovered` (something was taken away and the ground shows),
//! `reflection` (comes and goes, or has no outline), `no_carrier` (nobody brought it).
//!
//! **After an interruption** objects are remembered over a gap in the picture; whoever attended counts as having left when it
//! began, until they are seen to stay. Where another picture follows, all are forgotten and open incidents close.

mod attendance;
mod boxes;
mod look;
mod object;
mod people;
mod reason;
mod region;
mod settings;
mod veto;

pub use reason::{AbandonedObjectReason, ObjectEvidence};
pub use settings::{AbandonedObjectSettings, AbandonedObjectVetoes};

use super::{EventMachine, Observation, Outbox};
use crate::motion::MotionView;
use crate::signals::{ClearedIncident, Clearing, IncidentId, RaisedSignal, VetoedSignal, Why};
use crate::tracker::TrackId;
use crate::{BBox, Luma, Micros};
use attendance::{COMPANY_SECS, Left};
use boxes::Boxes;
use object::{Object, State};
use people::{People, Scale};
use region::{Pictures, Regions};
use vigie_protocol::{EventKind, Region as SignalRegion};

/// Most objects and boxes that may become one; the ones that mean least make room.
const MAX_OBJECTS: usize = 96;
/// Most open incidents.
const MAX_INCIDENTS: usize = 16;
/// Objects this close to one that was signalled belong to its incident: luggage is left together, metres.
const TOGETHER_METRES: f32 = 2.0;
/// What appears so soon after the camera could not be trusted may have been there before, seconds.
const RECOVERY_SECS: f32 = 3.0;

/// An incident that is open.
#[derive(Clone, Copy, Debug)]
struct Open {
    id: IncidentId,
    since: Micros,
    carrier: Option<TrackId>,
}

/// The machine of one rule.
#[derive(Clone, Debug)]
pub struct AbandonedObject {
    settings: AbandonedObjectSettings,
    people: People,
    objects: Vec<Object>,
    regions: Regions,
    open: Vec<Open>,
    watched_since: Option<Micros>,
    /// When the camera could last not be trusted.
    untrusted: Option<Micros>,
    boxes: Boxes,
}

/// What the motion analysis says of the background, if there is one.
fn pictures<'a>(seen: &Observation<'a>) -> Option<Pictures<'a>> {
    let (luma, motion) = (seen.luma?, seen.motion?);
    let background = Luma::new(&motion.background, luma.width(), luma.height())?;
    let block = MotionView::BLOCK;
    let blocks = (luma.width() / block) * (luma.height() / block);
    let still_since = &motion.still_since;
    (still_since.len() == blocks).then_some(Pictures { luma, background, still_since, block })
}

impl AbandonedObject {
    /// A machine that has seen nothing yet. Thresholds outside their ranges are put inside.
    #[must_use]
    pub fn new(settings: AbandonedObjectSettings) -> Self {
        Self {
            settings: settings.within_ranges(),
            people: People::default(),
            objects: Vec::new(),
            regions: Regions::default(),
            open: Vec::new(),
            watched_since: None,
            untrusted: None,
            boxes: Boxes::default(),
        }
    }

    /// Takes the detector's boxes of bags.
    fn take_sightings(&mut self, at: Micros, aspect: f32) {
        for n in 0..self.boxes.bags().len() {
            let (bbox, score) = self.boxes.bags()[n];
            let covered = self.boxes.covers(&bbox);
            let own = self.nearest_to(&bbox, aspect);
            match own {
                Some(n) => self.objects[n].sight(&bbox, score, covered, at),
                None => self.admit(Object::from_sighting(bbox, score, covered, at)),
            }
        }
    }

    /// Takes the parts of the view that have changed and do not move.
    fn take_regions(&mut self, at: Micros, aspect: f32) {
        for n in 0..self.regions.found().len() {
            let region = self.regions.found()[n];
            let hidden = self.boxes.around(&region.bbox).hidden;
            match self.nearest_to(&region.bbox, aspect) {
                Some(n) => self.objects[n].show(&region, hidden, at),
                None => self.admit(Object::from_region(&region, hidden, at)),
            }
        }
    }

    /// The object to which a box belongs: the one that overlaps it most.
    fn nearest_to(&self, bbox: &BBox, aspect: f32) -> Option<usize> {
        let matching = self.objects.iter().enumerate().filter(|(_, object)| object.matches(bbox, aspect));
        let by_overlap = |a: &(usize, &Object), b: &(usize, &Object)| {
            let settled = a.1.is_settled().cmp(&b.1.is_settled());
            settled.then(a.1.bbox.iou(bbox).total_cmp(&b.1.bbox.iou(bbox))).then(b.0.cmp(&a.0))
        };
        matching.max_by(by_overlap).map(|(n, _)| n)
    }

    fn admit(&mut self, object: Object) {
        if self.objects.len() == MAX_OBJECTS {
            let least = (0..MAX_OBJECTS).min_by_key(|n| (self.objects[*n].weight(), *n));
            self.objects.remove(least.unwrap_or(0));
        }
        self.objects.push(object);
    }

    fn judge(&mut self, at: Micros, n: usize, scale: Scale<'_>, out: &mut Outbox) {
        let object = &self.objects[n];
        let left = object.attendance.left();
        let since = match (left, object.carrier) {
            (Some(left), _) => Some(left.at),
            (None, None) if !object.attendance.is_attended() => object.since_settled(),
            _ => None,
        };
        let Some(since) = since.filter(|_| object.state == State::Standing) else { return };
        let unattended_secs = at.secs_since(since);
        let over_secs = unattended_secs - self.settings.after_secs;
        let inside = self.settings.area.as_ref().is_none_or(|area| area.polygon.contains(object.place()));
        // Whoever stands close to it may be about to take it or to stay; not for ever, where many pass.
        let waits = object.attendance.is_undecided(at, self.settings.attend_metres)
            && over_secs <= COMPANY_SECS + 1.0;
        if over_secs < 0.0 || !inside || waits || !object.is_there(at) {
            return;
        }
        let watched_since = self.watched_since.unwrap_or(at);
        if let Some(name) = veto::veto(object, left, watched_since, &self.settings, scale) {
            if !object.told {
                out.vetoed.push(VetoedSignal {
                    event: EventKind::AbandonedObject,
                    zone: self.settings.area.as_ref().map(|area| area.id),
                    at,
                    veto: name.to_owned(),
                    region: on_picture(&object.bbox),
                    score: object.score(),
                });
            }
            let object = &mut self.objects[n];
            (object.state, object.told) = (State::HeldBack, true);
            return;
        }
        if let Some(id) = self.belongs_to(n, scale) {
            self.objects[n].state = State::Signalled(id);
            return;
        }
        if self.open.len() == MAX_INCIDENTS {
            return;
        }
        let id = out.number();
        self.open.push(Open { id, since, carrier: object.carrier.map(|carrier| carrier.track) });
        out.raised.push(RaisedSignal {
            incident: id,
            event: EventKind::AbandonedObject,
            zone: self.settings.area.as_ref().map(|area| area.id),
            zone_name: self.settings.area.as_ref().map(|area| area.name.clone()),
            since,
            at,
            dwell_secs: unattended_secs,
            score: object.score(),
            region: on_picture(&object.bbox),
            count: 0,
            why: Why::AbandonedObject(self.reason(object, since, left, unattended_secs, scale)),
        });
        self.objects[n].state = State::Signalled(id);
    }

    fn reason(
        &self,
        object: &Object,
        since: Micros,
        left: Option<Left>,
        unattended_secs: f32,
        scale: Scale<'_>,
    ) -> AbandonedObjectReason {
        let size = object.body.map(|body| scale.size(&object.bbox, body));
        AbandonedObjectReason {
            appeared: object.appeared,
            carrier: object.carrier.map(|carrier| carrier.track),
            carrier_metres: object.carrier.map(|carrier| carrier.metres),
            left: since,
            left_track: left.map(|left| left.track),
            left_metres: left.map(|left| left.metres),
            seen_leaving: left.is_some_and(|left| left.seen),
            unattended_secs,
            needed_secs: self.settings.after_secs,
            evidence: object.evidence(),
            width_metres: size.map(|(width, _)| width),
            height_metres: size.map(|(_, height)| height),
            calibrated: scale.ground.is_some(),
        }
    }

    /// The open incident that an object belongs to: left by the same person, or beside what was signalled.
    fn belongs_to(&self, n: usize, scale: Scale<'_>) -> Option<IncidentId> {
        let object = &self.objects[n];
        let carrier = object.carrier.map(|carrier| carrier.track);
        let same_person = self.open.iter().find(|open| carrier.is_some() && open.carrier == carrier);
        same_person.map(|open| open.id).or_else(|| {
            let body = object.body.unwrap_or(MAX_BODY);
            self.objects.iter().find_map(|other| match other.state {
                State::Signalled(id)
                    if scale.metres(other.place(), object.place(), body) <= TOGETHER_METRES =>
                {
                    Some(id)
                }
                _ => None,
            })
        })
    }

    /// Lets go of objects that are gone or attended to again, and closes the incidents that have no object any more.
    fn part(&mut self, at: Micros, out: &mut Outbox) {
        self.objects.retain(|object| !object.is_gone(at));
        let objects = &mut self.objects;
        self.open.retain(|open| {
            let its = |object: &&mut Object| object.state == State::Signalled(open.id);
            let (mut left, mut attended) = (false, false);
            for object in objects.iter_mut().filter(its) {
                if object.attendance.is_attended() {
                    object.state = State::Standing;
                    attended = true;
                } else {
                    left = true;
                }
            }
            if !left {
                let cause = if attended { Clearing::Attended } else { Clearing::Emptied };
                out.cleared.push(self.settings.cleared(open, at, cause));
            }
            left
        });
        for object in objects.iter_mut().filter(|object| object.state == State::HeldBack) {
            if object.attendance.is_attended() {
                object.state = State::Standing;
            }
        }
    }
}

/// Height of a person where nobody has been seen, share of the picture's height.
const MAX_BODY: f32 = 0.3;

impl AbandonedObjectSettings {
    fn cleared(&self, open: &Open, at: Micros, cause: Clearing) -> ClearedIncident {
        ClearedIncident {
            incident: open.id,
            event: EventKind::AbandonedObject,
            zone: self.area.as_ref().map(|area| area.id),
            since: open.since,
            at,
            people: 1,
            cause,
        }
    }
}

impl EventMachine for AbandonedObject {
    fn step(&mut self, seen: &Observation<'_>, out: &mut Outbox) {
        let at = seen.at;
        let scale = Scale { aspect: seen.aspect, ground: seen.ground };
        if !seen.health.scene_holds() {
            // Nothing is concluded from what a camera shows that moves or sees nothing.
            self.untrusted = Some(at);
            self.regions.reset();
            return;
        }
        self.watched_since.get_or_insert(at);
        self.people.step(at, seen.tracks, seen.aspect);
        self.boxes.sort(seen);
        self.take_sightings(at, seen.aspect);
        let pictures = pictures(seen);
        match &pictures {
            Some(pictures) => {
                if self.regions.step(at, pictures) {
                    self.take_regions(at, seen.aspect);
                }
            }
            None => self.regions.reset(),
        }
        for n in 0..self.objects.len() {
            let around = self.boxes.around(&self.objects[n].bbox);
            let object = &mut self.objects[n];
            if object.may_settle(at) {
                object.settle(at, &self.people, &self.settings, scale);
                object.doubtful =
                    self.untrusted.is_some_and(|when| object.appeared.secs_since(when) <= RECOVERY_SECS);
            }
            if object.is_settled() {
                object.attendance.step(at, object.place(), &self.people, &self.settings, scale);
            }
            object.step(at, around, seen.luma, pictures.as_ref());
        }
        self.part(at, out);
        for n in 0..self.objects.len() {
            self.judge(at, n, scale, out);
        }
    }

    fn interrupt(&mut self, last: Micros, _at: Micros, continues: bool, out: &mut Outbox) {
        self.people.clear();
        self.regions.reset();
        if continues {
            for object in &mut self.objects {
                object.attendance.forget_tracks(last);
            }
        } else {
            self.objects.clear();
            self.watched_since = None;
            self.close(last, Clearing::Interrupted, out);
        }
    }

    fn close(&mut self, at: Micros, cause: Clearing, out: &mut Outbox) {
        for open in self.open.drain(..) {
            out.cleared.push(self.settings.cleared(&open, at, cause));
        }
    }
}

fn on_picture(bbox: &BBox) -> SignalRegion {
    let BBox { x0, y0, x1, y1 } = bbox.on_picture();
    SignalRegion { x0, y0, x1, y1 }
}
