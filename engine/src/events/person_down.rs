//! Person down: a person on the ground after a fall.
//!
//! **Law.** Decree 2023-828, article 3: a person on the ground after a fall. This machine takes upright → down → still. It
//! looks at boxes and at motion, never at who it is.
//!
//! **Input.** Tracks of persons; the frame's boxes as they came, since the detector calls people on the ground a cat or a dog or
//! finds them at scores at which no track begins; boxes of [`own_class::PERSON_DOWN`] where that head runs (they can confirm a
//! posture that the shape leaves open, and are never needed); and where the detector finds nothing at all, what differs from the
//! background at the place where somebody was lost while going down.
//!
//! **Upright.** Looks of the last [`FALL_SECS`] whose box is [`UPRIGHT_SHAPE`] times as high as wide (in pixels): standing,
//! walking, and sitting on a chair. Full height is their upper quartile: the person's own height at this place. One look makes
//! nobody upright.
//!
//! **Down.** Within [`FALL_SECS`] of the last look at full height, all of this holds: the box is at most [`LYING_SHAPE`] times as
//! high as wide and its shape has fallen to [`SHAPE_CHANGE`] of the upright one; the top has come down by [`MIN_DROP`] upright
//! heights; and the box is [`MIN_LENGTH`] upright heights wide. The height of the box need not shrink: who falls towards the camera comes
//! nearer. Once down, thresholds are a fifth easier.
//!
//! **Still.** From the first look on the ground to the last, `still_secs` have passed; the smoothed middle of the box has
//! stayed within a third of an upright height for the last second; and three looks of five show somebody on the ground (frames that show nothing do
//! not count against it, but a fifth of the time must show somebody). Then: one signal. Who is seen upright
//! again for half a second has got up. Where nothing has been seen for [`LOST_SECS`] the fall is forgotten.
//!
//! | threshold | default | unit | why |
//! |---|---|---|---|
//! | `still_secs` | 2.0 | seconds | who gets up at once does so within two |
//! | `min_height` | 0.1 | picture heights | 38 px at an input of 640 × 384; smaller, a lying person is 10 px high |
//! | [`UPRIGHT_SHAPE`] | 1.6 | height / width | 99.8 % of upright people, two sitters of three, 0 to 24 % of the fallen |
//! | [`LYING_SHAPE`] | 1.1 | height / width | see below |
//! | [`SHAPE_CHANGE`] | 0.65 | ratio | |
//! | [`MIN_DROP`] | 0.45 | upright heights | sitting down on a chair lowers the head by 0.25 to 0.35, crouching by 0.4 to 0.5 |
//! | [`MAX_DROP`] | 1.3 | upright heights | the whole height, and a step towards the camera |
//! | [`MIN_LENGTH`] | 0.4 | upright heights | shoulders are 0.25 wide, a crouching person 0.3 to 0.45 |
//! | [`FALL_SECS`] | 2.5 | seconds | a fall takes 0.5 to 1 s, a slump along a wall 2 s; lying down to rest 3 s and more |
//! | [`LOST_SECS`] | 2.0 | seconds | |
//! | [`MAX_RISE`] | 0.12 | upright heights | a bed or bench is 0.25 above the floor |
//!
//! Shapes of the labelled boxes of the person-down sets (low camera: 26 fallen, 43 upright, 17 sitting or crouching; high camera:
//! 176, 635, 177): at most 1.1 times as high as wide are 100 % of the fallen, none of the upright, 6 % of the sitting or crouching;
//! with the high camera 46 %, 0 % and 11 %. Seen from high up, people who fall along the line of sight
//! look like people who sit, and are missed unless the head for people on the ground tells them apart. Somebody who crouches passes by shape now and then; the drop, the length
//! and the two seconds must hold as well.
//!
//! **Vetoes**, each told once and switchable: `raised` (the box ends higher than the feet stood: bench, bed, or hidden from
//! below), `leaving_below` (walked to the lower edge of the picture and is cut off by it), `there_before` (what lies there
//! did so before the fall: the track went over from somebody standing to somebody else), `too_small`.
//! People who were never seen upright (asleep on a bench, in a wheelchair) never begin.
//!
//! **One incident** per fallen person: a second track or a late box at the same place joins it. It is cleared when the person
//! has got up or nothing has been seen of them for [`CLEAR_SECS`].

mod look;
mod remains;
mod settings;
mod subject;

pub use look::Source;
pub use settings::{PersonDownSettings, PersonDownVetoes};

use super::{EventMachine, Observation, Outbox, place};
use crate::detection::own_class;
use crate::signals::{ClearedIncident, Clearing, IncidentId, RaisedSignal, VetoedSignal, Why};
use crate::tracker::{Track, TrackId};
use crate::{BBox, ClassGroup, Detection, Micros};
use look::{Look, Posture};
use remains::Scratch;
use serde::{Deserialize, Serialize};
use subject::{Course, Descent, Subject};
use vigie_protocol::EventKind;

/// From this height over width on a box is that of somebody whose trunk is upright.
pub const UPRIGHT_SHAPE: f32 = 1.6;
/// Up to this height over width a box may be that of somebody on the ground.
pub const LYING_SHAPE: f32 = 1.1;
/// Share of the upright shape that a lying one has at most.
pub const SHAPE_CHANGE: f32 = 0.65;
/// Distance by which the top comes down in a fall, upright heights.
pub const MIN_DROP: f32 = 0.45;
/// And at most, lest it be somebody else, nearer to the camera.
pub const MAX_DROP: f32 = 1.3;
/// Width of somebody on the ground, upright heights.
pub const MIN_LENGTH: f32 = 0.4;
/// Longest time from the last look at full height to the first on the ground, seconds.
pub const FALL_SECS: f32 = 2.5;
/// Who has gone unseen on the ground for so long is forgotten, seconds.
pub const LOST_SECS: f32 = 2.0;
/// Distance by which somebody on the ground may end above where their feet stood, upright heights.
pub const MAX_RISE: f32 = 0.12;
/// An incident of which nothing is seen for so long is over, seconds.
pub const CLEAR_SECS: f32 = 10.0;

/// The last part of the time on the ground, in which they must be nearly still, seconds.
const STILL_WINDOW_SECS: f32 = 1.0;
/// Most people remembered; further ones are not watched.
const MAX_SUBJECTS: usize = 256;
/// Boxes under this score are not looked at.
const MIN_SCORE: f32 = 0.15;
/// Farthest that the middle of a body on the ground moves from one look to the next, upright heights.
const REACH_LYING: f32 = 0.8;
/// Farthest from a body on the ground that its feet were before, upright heights: whoever falls falls about the feet.
const REACH_OF_FEET: f32 = 0.35;
/// Somebody whom the tracker has lost is looked for under other boxes for so long, seconds.
const ADOPT_SECS: f32 = 1.0;
/// From this downward speed on somebody falls, upright heights per second. Sitting down takes 0.3 heights in about a second.
const SINKING: f32 = 0.4;

/// Why it fired.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PersonDownReason {
    /// The track, where the tracker still has one.
    pub track: Option<TrackId>,
    /// The last look at full height.
    pub upright_at: Micros,
    /// The first look on the ground.
    pub down_at: Micros,
    /// Height of the upright box, share of the picture's height.
    pub upright_height: f32,
    /// Height over width while upright, in pixels.
    pub upright_shape: f32,
    /// Height over width on the ground, in pixels.
    pub lying_shape: f32,
    /// How far the top came down, upright heights.
    pub drop: f32,
    /// Seconds on the ground when it fired.
    pub lain_secs: f32,
    /// Seconds of them nearly still, up to the end.
    pub still_secs: f32,
    /// Seconds that the rule asks for.
    pub needed_secs: f32,
    /// Share of the looks since the fall that show somebody on the ground, 0 to 1.
    pub lying_share: f32,
    /// What showed them last.
    pub source: Source,
    /// Whether the head for people on the ground agreed.
    pub own_head: bool,
}

/// Somebody on the ground for whom a signal was raised.
#[derive(Clone, Debug)]
struct Fallen {
    incident: IncidentId,
    since: Micros,
    bbox: BBox,
    seen: Micros,
}

/// The machine of one rule.
#[derive(Clone, Debug)]
pub struct PersonDown {
    settings: PersonDownSettings,
    subjects: Vec<Subject>,
    fallen: Vec<Fallen>,
    /// Vetoes told of late: which, where and when.
    told: Vec<(&'static str, BBox, Micros)>,
    scratch: Scratch,
}

impl PersonDown {
    /// A machine that has seen nothing yet.
    #[must_use]
    pub fn new(settings: PersonDownSettings) -> Self {
        Self {
            settings: settings.within_ranges(),
            subjects: Vec::new(),
            fallen: Vec::new(),
            told: Vec::new(),
            scratch: Scratch::default(),
        }
    }

    /// The look of this frame at one subject.
    fn look_at(&self, index: usize, seen: &Observation<'_>) -> Option<Look> {
        let subject = &self.subjects[index];
        let own = subject.track.and_then(|id| shown(seen, id)).map(|track| look_of(seen.at, track));
        if own.is_some_and(|own| match &subject.descent {
            Some(descent) => own.posture(&descent.upright, seen.aspect, true) == Posture::Lying,
            None => true,
        }) {
            return own;
        }
        // The tracker has lost them, or follows somebody who stands by. What else may be somebody on the ground at this place?
        let aspect = seen.aspect;
        let last = subject.last_look()?;
        let upright = match &subject.descent {
            Some(descent) => descent.upright,
            None if seen.at.secs_since(last.at) <= ADOPT_SECS => subject.upright(seen.at, aspect)?.0,
            None => return None,
        };
        let near = |look: &Look| match &subject.descent {
            Some(descent) => look.distance_to(descent.bbox.centre(), &upright, aspect) <= REACH_LYING,
            None => look.distance_from(last.bbox.foot(), &upright, aspect) <= REACH_OF_FEET,
        };
        let lies = |look: &Look| {
            near(look) && look.posture(&upright, aspect, subject.descent.is_some()) == Posture::Lying
        };
        let boxes = seen.detections.iter().filter_map(|detection| look_from(seen.at, detection));
        let mine = boxes.filter(lies).filter(|look| !self.belongs_to_another(index, look, seen));
        mine.max_by(|a, b| a.score.total_cmp(&b.score)).or(own)
    }

    /// Whether this box is all or part of somebody else in sight who is upright, or down in their own right.
    fn belongs_to_another(&self, index: usize, look: &Look, seen: &Observation<'_>) -> bool {
        let upright = |track: &Track| look_of(seen.at, track).shape(seen.aspect) >= UPRIGHT_SHAPE;
        let own = self.subjects[index].track;
        persons(seen).filter(|track| Some(track.id()) != own).any(|track| {
            let covered = share_inside(&look.bbox, &track.observed()) > 0.6 && upright(track);
            let theirs = || {
                let other = self.subjects.iter().find(|subject| subject.track == Some(track.id()));
                track.observed().iou(&look.bbox) > 0.6
                    && other.is_some_and(|other| {
                        other.descent.is_some() || other.upright(seen.at, seen.aspect).is_some()
                    })
            };
            covered || theirs()
        })
    }

    /// What is left to see of somebody whom the detector has lost: only for those whose fall was under way.
    fn remains_of(&mut self, index: usize, seen: &Observation<'_>) -> Option<Look> {
        let (motion, aspect) = (seen.motion?, seen.aspect);
        let subject = &mut self.subjects[index];
        let last = *subject.last_look()?;
        let upright = match &subject.descent {
            Some(descent) => descent.upright,
            None if seen.at.secs_since(last.at) <= 2.0 * ADOPT_SECS => subject.upright(seen.at, aspect)?.0,
            None => return None,
        };
        if subject.descent.is_none() {
            let reached = BBox { y1: last.bbox.y1.min(last.bbox.y0 + last.height()), ..last.bbox };
            if remains::downward(motion, &reached) >= SINKING * upright.height() {
                subject.sank = Some(seen.at);
            }
            if subject.sank.is_none_or(|sank| seen.at.secs_since(sank) > 2.0 * ADOPT_SECS) {
                return None;
            }
        }
        let look = remains::find(&mut self.scratch, motion, &upright, seen.at, aspect)?;
        let feet = look.distance_from(last.bbox.foot(), &upright, aspect);
        let already_down = self.subjects[index].descent.is_some();
        let lies = feet <= REACH_OF_FEET && look.posture(&upright, aspect, already_down) == Posture::Lying;
        lies.then_some(look)
    }

    fn follow(&mut self, index: usize, seen: &Observation<'_>, out: &mut Outbox) {
        let look = self.look_at(index, seen).or_else(|| self.remains_of(index, seen));
        if let Some(look) = look {
            self.subjects[index].remember(look);
        }
        let subject = &mut self.subjects[index];
        let Some(descent) = &mut subject.descent else {
            self.watch(index, look, seen);
            return;
        };
        if descent.follow(seen.at, look.as_ref(), seen.aspect) == Course::Over {
            subject.descent = None;
            return;
        }
        let descent = *descent;
        if !subject.told && descent.is_ripe(self.settings.still_secs) {
            self.subjects[index].told = true;
            self.tell(index, &descent, seen, out);
        }
        if self.subjects[index].told && descent.last_lying.at == seen.at {
            self.keep_open(&descent);
        }
    }

    /// Looks for the beginning of a fall.
    fn watch(&mut self, index: usize, look: Option<Look>, seen: &Observation<'_>) {
        let subject = &self.subjects[index];
        let (Some(look), Some((upright, shape))) = (look, subject.upright(seen.at, seen.aspect)) else {
            return;
        };
        if look.at == upright.at
            || look.posture(&upright, seen.aspect, false) != Posture::Lying
            || look.shape(seen.aspect) > SHAPE_CHANGE * shape
        {
            return;
        }
        let mut others = self.subjects.iter().enumerate().filter(|(other, _)| *other != index);
        let there_before = others.any(|(_, other)| other.was_at(&look.bbox, upright.at));
        let subject = &mut self.subjects[index];
        subject.fall(upright, shape, look, seen.aspect);
        if let Some(descent) = &mut subject.descent {
            descent.there_before = there_before;
        }
    }

    /// Raises a signal, joins one that is open at the same place, or says what held it back.
    fn tell(&mut self, index: usize, descent: &Descent, seen: &Observation<'_>, out: &mut Outbox) {
        let settings = &self.settings;
        let ground = Look { bbox: descent.bbox, ..descent.last_lying };
        if !place::counts(settings.area.as_ref(), ground.bbox.on_picture().foot()) {
            return;
        }
        let (zone, zone_name) = place::label(settings.area.as_ref());
        let (region, score) = (place::region(&ground.bbox), descent.mean_score());
        if let Some(veto) = self.veto(descent) {
            self.told.retain(|(_, _, told)| seen.at.secs_since(*told) <= CLEAR_SECS);
            let again = self.told.iter().any(|(name, bbox, _)| *name == veto && bbox.iou(&ground.bbox) > 0.1);
            if again || self.told.len() >= MAX_SUBJECTS {
                return;
            }
            self.told.push((veto, ground.bbox, seen.at));
            let veto = veto.to_owned();
            out.vetoed.push(VetoedSignal {
                event: EventKind::PersonDown,
                zone,
                at: seen.at,
                veto,
                region,
                score,
            });
            return;
        }
        let near = |fallen: &Fallen| {
            ground.distance_to(fallen.bbox.centre(), &descent.upright, seen.aspect) < REACH_LYING
        };
        if self.fallen.iter().any(near) {
            return;
        }
        let incident = out.number();
        self.fallen.push(Fallen { incident, since: descent.down_since, bbox: ground.bbox, seen: seen.at });
        out.raised.push(RaisedSignal {
            incident,
            event: EventKind::PersonDown,
            zone,
            zone_name,
            since: descent.down_since,
            at: seen.at,
            dwell_secs: descent.lain_secs(),
            score,
            region,
            count: 1,
            why: Why::PersonDown(PersonDownReason {
                track: self.subjects[index].track,
                upright_at: descent.upright.at,
                down_at: descent.down_since,
                upright_height: descent.upright.height(),
                upright_shape: descent.upright_shape,
                lying_shape: ground.shape(seen.aspect),
                drop: descent.drop,
                lain_secs: descent.lain_secs(),
                still_secs: descent.still_secs(),
                needed_secs: settings.still_secs,
                lying_share: descent.lying_share(),
                source: descent.last_lying.source,
                own_head: descent.own_head,
            }),
        });
    }

    /// What holds a ripe signal back.
    fn veto(&self, descent: &Descent) -> Option<&'static str> {
        let vetoes = self.settings.vetoes;
        let ground = Look { bbox: descent.bbox, ..descent.last_lying };
        [
            (vetoes.too_small && descent.upright.height() < self.settings.min_height, "too_small"),
            (vetoes.there_before && descent.there_before, "there_before"),
            (vetoes.leaving_below && descent.leaving_below, "leaving_below"),
            (vetoes.raised && ground.is_raised(&descent.upright), "raised"),
        ]
        .into_iter()
        .find_map(|(holds, name)| holds.then_some(name))
    }

    fn keep_open(&mut self, descent: &Descent) {
        let near = |fallen: &&mut Fallen| {
            let ground = Look { bbox: descent.bbox, ..descent.last_lying };
            ground.bbox.iou(&fallen.bbox) > 0.1
        };
        if let Some(fallen) = self.fallen.iter_mut().find(near) {
            fallen.bbox = descent.bbox;
            fallen.seen = descent.last_lying.at;
        }
    }

    /// Takes in new tracks and forgets people of whom nothing is seen any more.
    fn tidy(&mut self, seen: &Observation<'_>) {
        for subject in &mut self.subjects {
            subject.track = subject.track.filter(|id| seen.tracks.iter().any(|track| track.id() == *id));
        }
        self.subjects.retain(|subject| {
            let fresh = |look: &Look| seen.at.secs_since(look.at) <= FALL_SECS;
            subject.descent.is_some() || subject.track.is_some() || subject.last_look().is_some_and(fresh)
        });
        for track in persons(seen) {
            let known = self.subjects.iter().any(|subject| subject.track == Some(track.id()));
            if !known && self.subjects.len() < MAX_SUBJECTS {
                self.subjects.push(Subject::new(track.id()));
            }
        }
    }

    fn clear(&mut self, at: Micros, out: &mut Outbox) {
        let zone = place::label(self.settings.area.as_ref()).0;
        for over in self.fallen.extract_if(.., |fallen| at.secs_since(fallen.seen) > CLEAR_SECS) {
            out.cleared.push(cleared(&over, zone, at, Clearing::Emptied));
        }
    }
}

impl EventMachine for PersonDown {
    fn step(&mut self, seen: &Observation<'_>, out: &mut Outbox) {
        if seen.health.blind || seen.health.in_motion {
            self.subjects.clear();
            return;
        }
        self.tidy(seen);
        for index in 0..self.subjects.len() {
            self.follow(index, seen, out);
        }
        self.clear(seen.at, out);
    }

    fn interrupt(&mut self, last: Micros, at: Micros, continues: bool, out: &mut Outbox) {
        self.subjects.clear();
        if continues {
            for fallen in &mut self.fallen {
                fallen.seen = at;
            }
        } else {
            self.close(last, Clearing::Interrupted, out);
        }
    }

    fn close(&mut self, at: Micros, cause: Clearing, out: &mut Outbox) {
        let zone = place::label(self.settings.area.as_ref()).0;
        for fallen in self.fallen.drain(..) {
            out.cleared.push(cleared(&fallen, zone, at, cause));
        }
    }
}

fn cleared(
    fallen: &Fallen,
    zone: Option<vigie_protocol::ZoneId>,
    at: Micros,
    cause: Clearing,
) -> ClearedIncident {
    let (incident, since) = (fallen.incident, fallen.since);
    ClearedIncident { incident, event: EventKind::PersonDown, zone, since, at, people: 1, cause }
}

/// Share of one box that lies inside another, 0 to 1.
fn share_inside(inner: &BBox, outer: &BBox) -> f32 {
    let width = inner.x1.min(outer.x1) - inner.x0.max(outer.x0);
    let height = inner.y1.min(outer.y1) - inner.y0.max(outer.y0);
    width.max(0.0) * height.max(0.0) / inner.area().max(1e-9)
}

fn persons<'a>(seen: &Observation<'a>) -> impl Iterator<Item = &'a Track> {
    let at = seen.at;
    seen.tracks.iter().filter(move |track| track.group() == ClassGroup::Person && track.last_seen() == at)
}

/// The track with this number, where this frame shows it.
fn shown<'a>(seen: &Observation<'a>, id: TrackId) -> Option<&'a Track> {
    persons(seen).find(|track| track.id() == id)
}

fn look_of(at: Micros, track: &Track) -> Look {
    Look { at, bbox: track.observed(), score: track.score(), source: Source::Person }
}

/// A box as a look at somebody who may lie there.
fn look_from(at: Micros, detection: &Detection) -> Option<Look> {
    let source = match detection.class_id {
        1 => Source::Person,
        // Bird to giraffe, and teddy bear: what COCO networks call people on the ground.
        16..=25 | 88 => Source::OtherName,
        own_class::PERSON_DOWN => Source::OwnHead,
        _ => return None,
    };
    let usable = detection.score >= MIN_SCORE && detection.bbox.is_valid();
    usable.then_some(Look { at, bbox: detection.bbox.on_picture(), score: detection.score.min(1.0), source })
}
