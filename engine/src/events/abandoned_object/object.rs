//! One object: where it stands, who brought it, and what shows that it still does.

use super::attendance::Attendance;
use super::look::Look;
use super::people::{Carrier, People, Scale};
use super::reason::ObjectEvidence;
use super::region::{Pictures, Region, RegionFacts};
use super::settings::AbandonedObjectSettings;
use crate::geometry::length;
use crate::signals::IncidentId;
use crate::{BBox, Luma, Micros, Point};

/// Seen in the same place for this long, it stands, seconds …
const SETTLE_SECS: f32 = 2.0;
/// … and in so many frames.
const SETTLE_SIGHTINGS: u32 = 3;
/// A box that is not seen again for this long while it has yet to settle was carried on, or was nothing, seconds.
const UNSETTLED_SECS: f32 = 3.0;
/// The same for one seen in a single frame: the boxes that a carried bag leaves behind.
const SEEN_ONCE_SECS: f32 = 1.2;
/// Detectors lose bags for seconds. Unseen for this long with nobody before it, it is gone …
pub(super) const GONE_SECS: f32 = 8.0;
/// … and for this long when it has been signalled.
const GONE_SIGNALLED_SECS: f32 = 20.0;
/// A place that looks otherwise for this long with nobody before it has lost its object, seconds.
const UNLIKE_SECS: f32 = 3.0;
/// Correlation from which a place looks as it did. Bare ground in its stead comes to less than 0.4, other light to more than 0.9.
const LIKE: f32 = 0.65;
/// Time between two looks, seconds.
const LOOK_SECS: f32 = 0.5;
/// Overlap from which a box is the object's own …
const SAME_OVERLAP: f32 = 0.35;
/// … or the distance of the centres as a share of the larger side, for boxes of like size.
const SAME_PLACE: f32 = 0.4;
/// Overlap from which a person's or vehicle's box is about the object itself and not about somebody before it.
const ITSELF: f32 = 0.5;
/// Whoever was there this long before something appeared may have brought it, seconds …
const BROUGHT_BEFORE_SECS: f32 = 5.0;
/// … or this long after: the detector may see the bag before the person.
const BROUGHT_AFTER_SECS: f32 = 1.0;
/// How much later boxes move the object's place.
const ANCHOR_RATE: f32 = 0.05;

/// Where an object is on its way to a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Not yet known to stand.
    Settling,
    /// Stands, attended or not.
    Standing,
    /// Part of an incident.
    Signalled(IncidentId),
    /// It would have been, had a veto not held it back.
    HeldBack,
}

/// What a frame tells about the surroundings of an object.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Surroundings {
    /// Somebody or something may stand before it.
    pub(super) hidden: bool,
    /// A person's box is about the object itself.
    pub(super) person: bool,
    /// A vehicle's box is.
    pub(super) vehicle: bool,
}

/// An object, or a box that may become one.
#[derive(Clone, Debug)]
pub(super) struct Object {
    pub(super) bbox: BBox,
    pub(super) state: State,
    pub(super) appeared: Micros,
    pub(super) carrier: Option<Carrier>,
    pub(super) attendance: Attendance,
    pub(super) region: Option<RegionFacts>,
    /// Whether it appeared while the camera could not be trusted, or right after.
    pub(super) doubtful: bool,
    /// Whether a veto on it has been told.
    pub(super) told: bool,
    /// Height of a person there, share of the picture's height.
    pub(super) body: Option<f32>,
    /// Seconds during which a person's or a vehicle's box was about the object itself.
    pub(super) person_secs: f32,
    pub(super) vehicle_secs: f32,
    /// Share of its box that differed from the background, at first sight with nobody before it.
    pub(super) changed: Option<f32>,
    /// Correlation with what the background showed there then; `None` where that had no texture.
    pub(super) like_before: Option<f32>,
    /// Whether its box is that of a region with nobody before it.
    outlined: bool,
    settled: Option<Micros>,
    sightings: u32,
    score_sum: f32,
    last_sighting: Option<Micros>,
    /// Sightings with nobody before it: since it was left, and the last one.
    clear_since_left: u32,
    last_clear: Option<Micros>,
    /// When it was last seen as a part of the view that has changed.
    last_shown: Option<Micros>,
    /// Seconds since it was left with nobody before it.
    clear_secs: f32,
    /// Seconds with nobody before it, without a sign of it.
    missing_secs: f32,
    look: Option<Look>,
    looked: Option<Micros>,
    last_like: Option<Micros>,
    unlike_since: Option<Micros>,
    /// Looks since it was left, and those in which it looked the same.
    looks: u32,
    like: u32,
    last_step: Micros,
}

impl Object {
    fn new(bbox: BBox, at: Micros) -> Self {
        Self {
            bbox,
            state: State::Settling,
            appeared: at,
            carrier: None,
            attendance: Attendance::default(),
            region: None,
            doubtful: false,
            told: false,
            body: None,
            person_secs: 0.0,
            vehicle_secs: 0.0,
            changed: None,
            like_before: None,
            outlined: false,
            settled: None,
            sightings: 0,
            score_sum: 0.0,
            last_sighting: None,
            clear_since_left: 0,
            last_clear: None,
            last_shown: None,
            clear_secs: 0.0,
            missing_secs: 0.0,
            look: None,
            looked: None,
            last_like: None,
            unlike_since: None,
            looks: 0,
            like: 0,
            last_step: at,
        }
    }

    /// Begins with a detector's box.
    pub(super) fn from_sighting(bbox: BBox, score: f32, covered: bool, at: Micros) -> Self {
        let mut object = Self::new(bbox, at);
        object.sight(&bbox, score, covered, at);
        object
    }

    /// Begins with a part of the view that has changed and does not move.
    pub(super) fn from_region(region: &Region, hidden: bool, at: Micros) -> Self {
        let mut object = Self::new(region.bbox, region.since);
        object.show(region, hidden, at);
        object.last_step = at;
        object
    }

    /// Where it stands: the middle of its lower edge.
    pub(super) fn place(&self) -> Point {
        self.bbox.foot()
    }

    /// Whether a box is of this object. More is allowed for one that stands: other boxes on it are no other objects.
    pub(super) fn matches(&self, bbox: &BBox, aspect: f32) -> bool {
        let iou = self.bbox.iou(bbox);
        let (a, b) = (self.bbox.centre(), bbox.centre());
        let apart = length((a.x - b.x) * aspect, a.y - b.y);
        let side = |bbox: &BBox| (bbox.width() * aspect).max(bbox.height());
        let ratio = bbox.area() / self.bbox.area().max(f32::MIN_POSITIVE);
        let near = apart <= SAME_PLACE * side(&self.bbox).max(side(bbox));
        if self.state == State::Settling {
            iou >= SAME_OVERLAP || (near && (0.5..=2.0).contains(&ratio))
        } else {
            iou >= 0.5 * SAME_OVERLAP || (near && (0.33..=3.0).contains(&ratio))
        }
    }

    /// Takes a detector's box. `covered` when a person is in front of it or carries it.
    pub(super) fn sight(&mut self, bbox: &BBox, score: f32, covered: bool, at: Micros) {
        self.sightings = self.sightings.saturating_add(1);
        self.score_sum += score;
        self.last_sighting = Some(at);
        if !covered {
            self.clear_since_left = self.clear_since_left.saturating_add(1);
            self.last_clear = Some(at);
            self.missing_secs = 0.0;
        }
        let rate = ANCHOR_RATE.max(1.0 / self.sightings as f32);
        if self.region.is_none() {
            let towards = |from: &mut f32, to: f32| *from += rate * (to - *from);
            towards(&mut self.bbox.x0, bbox.x0);
            towards(&mut self.bbox.y0, bbox.y0);
            towards(&mut self.bbox.x1, bbox.x1);
            towards(&mut self.bbox.y1, bbox.y1);
        }
    }

    /// Takes a changed part of the view that is this object. Its outline is better than a detector's box. While it is `hidden`, it and
    /// whoever stands before it may be one region, so that only the first look without them settles the outline.
    pub(super) fn show(&mut self, region: &Region, hidden: bool, at: Micros) {
        self.last_shown = Some(at);
        self.missing_secs = 0.0;
        let first_clear = !hidden && !self.outlined;
        if first_clear {
            self.look = None;
            self.outlined = true;
        }
        if first_clear || self.region.is_none() {
            self.bbox = region.bbox;
            self.region = Some(region.facts);
        }
    }

    /// Whether it stands.
    pub(super) fn is_settled(&self) -> bool {
        self.settled.is_some()
    }

    /// Whether it has now stood for long enough.
    pub(super) fn may_settle(&self, at: Micros) -> bool {
        let seen = self.last_sighting == Some(at)
            && self.sightings >= SETTLE_SIGHTINGS
            && at.secs_since(self.appeared) >= SETTLE_SECS;
        !self.is_settled() && (self.region.is_some() || seen)
    }

    /// It stands: somebody brought it, or nobody did.
    pub(super) fn settle(
        &mut self,
        at: Micros,
        people: &People,
        settings: &AbandonedObjectSettings,
        scale: Scale<'_>,
    ) {
        self.settled = Some(at);
        self.state = State::Standing;
        let window =
            (self.appeared.plus_secs(-BROUGHT_BEFORE_SECS), self.appeared.plus_secs(BROUGHT_AFTER_SECS));
        self.carrier = people.carrier(self.place(), window, settings.attend_metres, scale);
        let estimated = self.carrier.map(|carrier| carrier.body).or_else(|| people.body_at(self.place()));
        self.body = scale.body_at(self.place()).or(estimated);
        if let Some(carrier) = self.carrier {
            self.attendance.set_owner(carrier.track, carrier.seen, self.place(), carrier.metres);
        }
    }

    /// Takes what a frame shows around it, once every frame.
    pub(super) fn step(
        &mut self,
        at: Micros,
        around: Surroundings,
        luma: Option<Luma<'_>>,
        pictures: Option<&Pictures<'_>>,
    ) {
        let passed_secs = at.secs_since(self.last_step).clamp(0.0, 1.0);
        self.last_step = at;
        if around.person {
            self.person_secs += passed_secs;
        }
        if around.vehicle {
            self.vehicle_secs += passed_secs;
        }
        if self.attendance.is_attended() {
            (self.clear_since_left, self.clear_secs) = (0, 0.0);
            (self.looks, self.like) = (0, 0);
        }
        if around.hidden {
            self.unlike_since = None;
            return;
        }
        self.clear_secs += passed_secs;
        if self.last_clear != Some(at) {
            self.missing_secs += passed_secs;
        }
        if let Some(luma) = luma.filter(|_| self.is_settled()) {
            self.look(at, luma, pictures);
        }
    }

    fn look(&mut self, at: Micros, luma: Luma<'_>, pictures: Option<&Pictures<'_>>) {
        if self.look.is_some() && self.looked.is_some_and(|looked| at.secs_since(looked) < LOOK_SECS) {
            return;
        }
        self.looked = Some(at);
        let Some(look) = &self.look else {
            // Only while something shows that it is there: a look at the bare ground would be the wrong one to go by.
            if self.last_shown == Some(at) || self.last_clear == Some(at) {
                self.look = Look::of(luma, &self.bbox);
                let before = pictures.and_then(|pictures| Look::of(pictures.background, &self.bbox));
                self.like_before = before.map(|before| before.likeness(luma, &self.bbox));
                self.changed = pictures.map(|pictures| pictures.changed(&self.bbox));
            }
            return;
        };
        self.looks = self.looks.saturating_add(1);
        if look.likeness(luma, &self.bbox) >= LIKE {
            self.like = self.like.saturating_add(1);
            self.last_like = Some(at);
            self.unlike_since = None;
            self.missing_secs = 0.0;
        } else {
            self.unlike_since.get_or_insert(at);
        }
    }

    /// Whether it is not there any more.
    pub(super) fn is_gone(&self, at: Micros) -> bool {
        if !self.is_settled() {
            let seen = self.last_sighting.unwrap_or(self.appeared);
            let patience = if self.sightings < 2 { SEEN_ONCE_SECS } else { UNSETTLED_SECS };
            return at.secs_since(seen) > patience;
        }
        let unlike = self.unlike_since.is_some_and(|since| {
            at.secs_since(since) >= UNLIKE_SECS && self.last_clear.is_none_or(|clear| clear <= since)
        });
        let patience =
            if matches!(self.state, State::Signalled(_)) { GONE_SIGNALLED_SECS } else { GONE_SECS };
        unlike || self.missing_secs > patience
    }

    /// Whether something shows that it is there now, after whoever was last close to it.
    pub(super) fn is_there(&self, at: Micros) -> bool {
        let fresh = |seen: Option<Micros>, secs: f32| seen.is_some_and(|seen| at.secs_since(seen) <= secs);
        let close = self.attendance.last_close();
        let after = |seen: Option<Micros>| seen > close;
        if self.look.is_some() {
            return fresh(self.last_like, 2.0 * LOOK_SECS) && after(self.last_like);
        }
        self.clear_since_left >= 2 && fresh(self.last_clear, 0.5 * GONE_SECS) && after(self.last_clear)
    }

    /// Sightings per second with nobody before it, since it was left.
    pub(super) fn sighting_rate(&self) -> f32 {
        self.clear_since_left as f32 / self.clear_secs.max(1.0)
    }

    /// Share of the looks since it was left in which it looked the same; `None` before three.
    pub(super) fn steady(&self) -> Option<f32> {
        (self.looks >= 3).then(|| self.like as f32 / self.looks as f32)
    }

    /// What shows it.
    pub(super) fn evidence(&self) -> ObjectEvidence {
        ObjectEvidence {
            sightings: self.sightings,
            score: self.mean_score(),
            sightings_since_left: self.clear_since_left,
            changed: self.changed,
            steady: self.steady(),
        }
    }

    fn mean_score(&self) -> f32 {
        self.score_sum / self.sightings.max(1) as f32
    }

    /// Whether the detector calls it a bag often enough to be believed.
    pub(super) fn is_named(&self) -> bool {
        self.clear_since_left >= SETTLE_SIGHTINGS && self.mean_score() >= 0.3
    }

    /// Confidence, 0 to 1: the detector's mean score and how clearly the view has changed, either of which may do.
    pub(super) fn score(&self) -> f32 {
        let seen = if self.sightings >= SETTLE_SIGHTINGS { self.mean_score() } else { 0.0 };
        let shown = self.region.map_or(0.0, |facts| {
            let contrast = facts.edge / (facts.edge + 20.0);
            contrast * self.steady().unwrap_or(0.5)
        });
        1.0 - (1.0 - seen) * (1.0 - shown)
    }

    /// Seconds for which it has been there.
    pub(super) fn since_settled(&self) -> Option<Micros> {
        self.settled
    }

    /// How much would be lost with it; for making room.
    pub(super) fn weight(&self) -> (bool, bool, u32) {
        (matches!(self.state, State::Signalled(_)), self.is_settled(), self.sightings)
    }
}

/// Whether a person's or vehicle's box is about the object itself.
pub(super) fn is_itself(bbox: &BBox, object: &BBox) -> bool {
    bbox.iou(object) >= ITSELF
}
