//! placeholder docs

mod attendance;
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
use crate::{BBox, ClassGroup, Detection, Luma, Micros};
use attendance::{COMPANY_SECS, Left};
use object::{Object, State, Surroundings};
use people::{People, Scale};
use region::{Pictures, Regions};
use vigie_protocol::{EventKind, Region as SignalRegion};

/// Most objects and boxes that may become one; the ones that mean least make room.
const MAX_OBJECTS: usize = 96;
/// Most open incidents.
const MAX_INCIDENTS: usize = 16;
/// Boxes of bags under this score are left out.
const LEAST_BAG_SCORE: f32 = 0.15;
/// Boxes of persons under this score hide nothing.
const LEAST_PERSON_SCORE: f32 = 0.2;
/// A box that a person's covers by so much is carried, or hidden.
const COVERED: f32 = 0.5;
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
    /// The boxes of bags in a frame, by falling score.
    bags: Vec<(BBox, f32)>,
    /// Boxes of persons, and of vehicles.
    persons: Vec<BBox>,
    vehicles: Vec<BBox>,
    /// Boxes of what merely moves.
    movers: Vec<BBox>,
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
            bags: Vec::new(),
            persons: Vec::new(),
            vehicles: Vec::new(),
            movers: Vec::new(),
        }
    }

    /// Sorts the boxes of a frame by what they mean here.
    fn sort(&mut self, seen: &Observation<'_>) {
        self.bags.clear();
        self.persons.clear();
        self.vehicles.clear();
        self.movers.clear();
        let usable =
            |detection: &&Detection| detection.bbox.is_valid() && detection.bbox.on_picture().is_valid();
        for detection in seen.detections.iter().filter(usable) {
            let bbox = detection.bbox.on_picture();
            match detection.group() {
                Some(ClassGroup::Bag) if detection.score >= LEAST_BAG_SCORE => {
                    self.bags.push((bbox, detection.score.min(1.0)));
                }
                Some(ClassGroup::Person) if detection.score >= LEAST_PERSON_SCORE => self.persons.push(bbox),
                Some(ClassGroup::Vehicle) if detection.score >= LEAST_PERSON_SCORE => {
                    self.vehicles.push(bbox)
                }
                _ => {}
            }
        }
        for track in seen.tracks.iter().filter(|track| seen.at.secs_since(track.last_seen()) <= 0.5) {
            match track.group() {
                ClassGroup::Person => self.persons.push(track.bbox().on_picture()),
                ClassGroup::Vehicle => self.vehicles.push(track.bbox().on_picture()),
                ClassGroup::MovingObject => self.movers.push(track.bbox().on_picture()),
                ClassGroup::Bag => {}
            }
        }
        self.bags.sort_unstable_by(|a, b| {
            let edges = |bbox: &BBox| [bbox.x0, bbox.y0, bbox.x1, bbox.y1];
            let pairs = edges(&a.0).into_iter().zip(edges(&b.0));
            let by_edges = pairs.map(|(a, b)| a.total_cmp(&b)).find(|order| order.is_ne());
            b.1.total_cmp(&a.1).then(by_edges.unwrap_or(std::cmp::Ordering::Equal))
        });
    }

    /// Takes the detector's boxes of bags.
    fn take_sightings(&mut self, at: Micros, aspect: f32) {
        for n in 0..self.bags.len() {
            let (bbox, score) = self.bags[n];
            let covered = self.persons.iter().any(|person| share_covered(&bbox, person) >= COVERED);
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
            match self.nearest_to(&region.bbox, aspect) {
                Some(n) => self.objects[n].show(&region),
                None => self.admit(Object::from_region(&region, at)),
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

    /// What is around and before an object.
    fn surroundings(&self, object: &BBox) -> Surroundings {
        let touches = |other: &BBox| {
            other.x0 < object.x1 && other.x1 > object.x0 && other.y0 < object.y1 && other.y1 > object.y0
        };
        let itself = |other: &BBox| object::is_itself(other, object);
        Surroundings {
            hidden: self.persons.iter().chain(&self.vehicles).any(touches)
                || self.movers.iter().any(|mover| touches(mover) && !itself(mover)),
            person: self.persons.iter().any(itself),
            vehicle: self.vehicles.iter().any(itself),
        }
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
        self.sort(seen);
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
            let around = self.surroundings(&self.objects[n].bbox);
            let changed = pictures.filter(|_| !around.hidden).map(|p| p.changed(&self.objects[n].bbox));
            let object = &mut self.objects[n];
            if object.may_settle(at) {
                let background = pictures.map(|pictures| pictures.background);
                object.settle(at, &self.people, background, seen.luma, &self.settings, scale);
                object.doubtful =
                    self.untrusted.is_some_and(|when| object.appeared.secs_since(when) <= RECOVERY_SECS);
            }
            if object.is_settled() {
                object.attendance.step(at, object.place(), &self.people, &self.settings, scale);
            }
            object.step(at, around, seen.luma, changed);
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

/// Share of a box that another covers.
fn share_covered(bbox: &BBox, other: &BBox) -> f32 {
    let width = bbox.x1.min(other.x1) - bbox.x0.max(other.x0);
    let height = bbox.y1.min(other.y1) - bbox.y0.max(other.y0);
    width.max(0.0) * height.max(0.0) / bbox.area().max(f32::MIN_POSITIVE)
}

fn on_picture(bbox: &BBox) -> SignalRegion {
    let BBox { x0, y0, x1, y1 } = bbox.on_picture();
    SignalRegion { x0, y0, x1, y1 }
}
