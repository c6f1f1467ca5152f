//! Person down: a person on the ground after a fall.
//!
//! **Law.** Decree 2023-828, article 3: a person on the ground after a fall. This machine takes upright → down → still. It
//! looks at boxes and at motion, never at who it is.
//!
//! **Input.** Tracks of persons; the frame's boxes as they came, since the detector calls people on the ground a cat or a
//! dog or finds them at scores at which no track begins; boxes of [`PERSON_DOWN`](crate::detection::own_class::PERSON_DOWN) where that head runs (they
//! can confirm a posture that the shape leaves open, and are never needed); and where the detector finds nothing at all,
//! what differs from the background at the place where somebody was lost while going down.
//!
//! **Upright.** Looks of the last [`FALL_SECS`] whose box is [`UPRIGHT_SHAPE`] times as high as wide (in pixels):
//! standing, walking, and sitting on a chair. Full height is their upper quartile: the person's own height at this place.
//! One look makes nobody upright.
//!
//! **Down.** Within [`FALL_SECS`] of the last look at full height, all of this holds: the box is at most [`LYING_SHAPE`]
//! times as high as wide and its shape has fallen to [`SHAPE_CHANGE`] of the upright one; the top has come down by
//! [`MIN_DROP`] upright heights; and the box is [`MIN_LENGTH`] upright heights wide. The height of the box need not
//! shrink: who falls towards the camera comes nearer. Once down, thresholds are a fifth easier.
//!
//! **Still.** From the first look on the ground to the last, `still_secs` have passed; the smoothed middle of the box has
//! stayed within a third of an upright height for the last second; and three looks of five show somebody on the ground
//! (frames that show nothing do not count against it, but a fifth of the time must show somebody). Then: one signal. Who
//! is seen upright again for half a second has got up. Where nothing has been seen for [`LOST_SECS`] the fall is
//! forgotten.
//!
//! | threshold | default | unit | why |
//! |---|---|---|---|
//! | `still_secs` | 2.0 | seconds | who gets up at once does so within two |
//! | `min_height` | 0.1 | picture heights | 38 px at an input of 640 × 384; smaller, a lying person is 10 px high |
//! | [`UPRIGHT_SHAPE`] | 1.5 | height / width | see below |
//! | [`LYING_SHAPE`] | 1.1 | height / width | see below |
//! | [`SHAPE_CHANGE`] | 0.65 | ratio | |
//! | [`MIN_DROP`] | 0.6 | upright heights | the head comes down by 0.25 to 0.35 on a chair, 0.4 to 0.5 crouching, 0.48 to 0.55 sitting on the ground, 0.7 lying across the view |
//! | [`MAX_DROP`] | 1.3 | upright heights | the whole height, and a step towards the camera |
//! | [`MIN_LENGTH`] | 0.4 | upright heights | shoulders are 0.25 wide |
//! | [`MIN_LENGTH_UNSEEN`] | 0.6 | upright heights | without a detection: no bag, no heap of clothes |
//! | [`FALL_SECS`] | 2.5 | seconds | a fall takes 0.5 to 1 s, a slump along a wall 2 s; lying down to rest 3 s and more |
//! | [`LOST_SECS`] | 2.0 | seconds | |
//! | [`MAX_RISE`] | 0.12 | upright heights | a bed or bench is 0.25 above the floor |
//!
//! Shapes of the labelled boxes of the person-down sets, low camera (26 fallen, 43 upright, 17 sitting or crouching) |
//! high camera (176, 635, 177):
//!
//! | share of the boxes | fallen | upright | sitting, crouching |
//! |---|---|---|---|
//! | at most 1.1 times as high as wide | 100 % \| 47 % | 0 % \| 0 % | 12 % \| 11 % |
//! | at least 1.5 times | 0 % \| 29 % | 100 % \| 100 % | 88 % \| 64 % |
//!
//! One crouching person in nine passes by shape; the drop must hold as well. Half of those seen lying from high up do
//! not: people who fall along the line of sight look like people who sit, and are missed unless the head for people on
//! the ground tells them apart. So is who slumps against a wall and stays sitting.
//!
//! **Without a detection** the fall must have been seen to begin: the upper body comes down on the feet at [`SINKING`]
//! upright heights a second in the flow, the ground beside the feet looked like the background until then, and no more
//! than three tenths of the picture differ from it.
//!
//! **Vetoes**, each told once and switchable: `raised` (the box ends higher than the feet stood: bench, bed, or hidden from
//! below), `leaving_below` (walked to the lower edge of the picture and is cut off by it), `there_before` (what lies there
//! did so before the fall: the track went over from somebody standing to somebody else), `too_small`.
//! People who were never seen upright (asleep on a bench, in a wheelchair) never begin.
//!
//! **One incident** per fallen person: a second track or a late box at the same place joins it. It is cleared when nobody
//! has been seen on the ground there for [`CLEAR_SECS`].

mod look;
mod remains;
mod search;
mod settings;
mod subject;

pub use look::Source;
pub use settings::{PersonDownSettings, PersonDownVetoes};

use super::{EventMachine, Observation, Outbox, place};
use crate::signals::{ClearedIncident, Clearing, IncidentId, RaisedSignal, VetoedSignal, Why};
use crate::tracker::TrackId;
use crate::{BBox, Micros};
use look::{Look, Posture};
use remains::Scratch;
use search::{persons, shown};
use serde::{Deserialize, Serialize};
use subject::{Course, Descent, Subject};
use vigie_protocol::EventKind;

/// From this height over width on a box is that of somebody whose trunk is upright.
pub const UPRIGHT_SHAPE: f32 = 1.5;
/// Up to this height over width a box may be that of somebody on the ground.
pub const LYING_SHAPE: f32 = 1.1;
/// Share of the upright shape that a lying one has at most.
pub const SHAPE_CHANGE: f32 = 0.65;
/// Distance by which the top comes down in a fall, upright heights.
pub const MIN_DROP: f32 = 0.6;
/// And at most, lest it be somebody else, nearer to the camera.
pub const MAX_DROP: f32 = 1.3;
/// Width of somebody on the ground, upright heights.
pub const MIN_LENGTH: f32 = 0.4;
/// The same where no detection but the background tells: a body across the view, no bag and no heap of clothes.
pub const MIN_LENGTH_UNSEEN: f32 = 0.6;
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
/// Bodies on the ground whose middles are closer than this are one, upright heights.
const ONE_BODY: f32 = 0.8;
/// From this speed on, at which the upper body comes down on the feet, somebody falls: upright heights per second.
/// Sitting down takes 0.3 heights in about a second; who walks down the picture moves as a whole.
pub const SINKING: f32 = 0.4;

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

    fn follow(&mut self, index: usize, seen: &Observation<'_>, out: &mut Outbox) {
        self.note_sinking(index, seen);
        let look = self.look_at(index, seen).or_else(|| self.remains_of(index, seen));
        let subject = &mut self.subjects[index];
        if let Some(look) = look {
            subject.remember(look);
            if let (Some(motion), Source::Person, None) = (seen.motion, look.source, subject.descent) {
                subject.clear_around = remains::is_clear_around(motion, &look, seen.aspect);
            }
        }
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
        let Some(look) = look else { return };
        // Nearly everybody, nearly always; how they look upright is then not worth the sorting.
        if look.source != Source::OwnHead && look.shape(seen.aspect) > LYING_SHAPE {
            return;
        }
        let subject = &self.subjects[index];
        let Some((upright, shape)) = subject.upright(seen.at, seen.aspect) else { return };
        // Whether they were going down already when the tracker lost them.
        let sinking = subject.look_before(&look).is_some_and(|last| {
            last.at > upright.at && last.shape(seen.aspect) <= SHAPE_CHANGE.sqrt() * shape
        });
        if look.at == upright.at
            || look.posture(&upright, seen.aspect, false) != Posture::Lying
            || look.shape(seen.aspect) > SHAPE_CHANGE * shape
        {
            return;
        }
        let mut others = self.subjects.iter().enumerate().filter(|(other, _)| *other != index);
        let there_before = others.any(|(_, other)| other.was_at(&look.bbox, upright.at));
        let subject = &mut self.subjects[index];
        subject.fall(upright, shape, look);
        let lost = subject.track.is_none_or(|id| shown(seen, id).is_none());
        if let Some(descent) = &mut subject.descent {
            descent.there_before = there_before;
            descent.adopted = lost && !sinking && look.source != Source::Foreground;
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
        if let Some(veto) = self.veto(descent, seen.aspect) {
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
            ground.distance_to(fallen.bbox.centre(), &descent.upright, seen.aspect) < ONE_BODY
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
    fn veto(&self, descent: &Descent, aspect: f32) -> Option<&'static str> {
        let vetoes = self.settings.vetoes;
        let ground = Look { bbox: descent.bbox, ..descent.last_lying };
        [
            (vetoes.too_small && descent.upright.height() < self.settings.min_height, "too_small"),
            (vetoes.there_before && descent.there_before, "there_before"),
            (vetoes.leaving_below && descent.is_leaving_below(aspect), "leaving_below"),
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
