//! What of a frame may show one person: their track, a box that nobody else has, or what differs from the background.

use super::look::{Look, Posture, Source};
use super::{PersonDown, SINKING, UPRIGHT_SHAPE, remains};
use crate::detection::own_class;
use crate::events::{Observation, place};
use crate::tracker::{Track, TrackId};
use crate::{BBox, ClassGroup, Detection, Micros};

/// Boxes under this score are not looked at.
const MIN_SCORE: f32 = 0.15;
/// A box shares so much with a body on the ground to be the same body (intersection over union).
const SAME_BODY: f32 = 0.25;
/// Farthest from a body on the ground that its feet were before, upright heights: whoever falls falls about the feet.
const REACH_OF_FEET: f32 = 0.35;
/// Somebody whom the tracker has lost is looked for under other boxes, and in what differs from the background, for so
/// long, seconds.
const ADOPT_SECS: f32 = 2.0;

impl PersonDown {
    /// The look of this frame at one subject.
    pub(super) fn look_at(&self, index: usize, seen: &Observation<'_>) -> Option<Look> {
        let subject = &self.subjects[index];
        let own = subject.track.and_then(|id| shown(seen, id)).map(|track| look_of(seen.at, track));
        if own.is_some_and(|own| match &subject.descent {
            Some(descent) => own.posture(&descent.upright, seen.aspect, true) == Posture::Lying,
            None => true,
        }) {
            return own;
        }
        // The tracker has lost them, or follows somebody who stands by. What else may be somebody on the ground at this
        // place?
        let aspect = seen.aspect;
        let last = subject.last_look()?;
        let upright = match &subject.descent {
            Some(descent) => descent.upright,
            None if seen.at.secs_since(last.at) <= ADOPT_SECS => subject.upright(seen.at, aspect)?.0,
            None => return None,
        };
        let near = |look: &Look| match &subject.descent {
            Some(descent) => look.bbox.iou(&descent.bbox) >= SAME_BODY,
            None => look.distance_from(last.bbox.foot(), &upright, aspect) <= REACH_OF_FEET,
        };
        let lies = |look: &Look| {
            near(look) && look.posture(&upright, aspect, subject.descent.is_some()) == Posture::Lying
        };
        let boxes = seen.detections.iter().filter_map(|detection| look_from(seen.at, detection));
        let mine = boxes.filter(lies).filter(|look| !self.belongs_to_another(index, look, seen));
        mine.max_by(|a, b| a.score.total_cmp(&b.score).then(place::order(&a.bbox, &b.bbox))).or(own)
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

    /// Remembers when what is seen at somebody's place moves down as fast as people fall.
    pub(super) fn note_sinking(&mut self, index: usize, seen: &Observation<'_>) {
        let subject = &mut self.subjects[index];
        if let (Some(motion), None, Some(last)) = (seen.motion, subject.descent, subject.last_look())
            && seen.at.secs_since(last.at) <= ADOPT_SECS
            && remains::sinking(motion, &last.bbox) >= SINKING * last.height()
        {
            subject.sank = Some(seen.at);
        }
    }

    /// What is left to see of somebody whom the detector has lost: only for those whose fall was under way.
    pub(super) fn remains_of(&mut self, index: usize, seen: &Observation<'_>) -> Option<Look> {
        let (motion, aspect) = (seen.motion?, seen.aspect);
        let subject = &mut self.subjects[index];
        let last = *subject.last_look()?;
        let upright = match &subject.descent {
            Some(descent) => descent.upright,
            None if seen.at.secs_since(last.at) <= ADOPT_SECS => subject.upright(seen.at, aspect)?.0,
            None => return None,
        };
        let fell = subject.sank.is_some_and(|sank| seen.at.secs_since(sank) <= ADOPT_SECS);
        let descent = subject.descent;
        if (descent.is_none() && !(fell && subject.clear_around)) || remains::is_restless(motion) {
            return None;
        }
        let found = remains::find(&mut self.scratch, motion, &upright, seen.at, aspect)?;
        // Nobody has given it a score: half of what they had upright.
        let look = Look { score: 0.5 * upright.score, ..found };
        let here = match &descent {
            Some(descent) => look.bbox.iou(&descent.bbox) >= SAME_BODY,
            None => look.distance_from(last.bbox.foot(), &upright, aspect) <= REACH_OF_FEET,
        };
        let lies = here && look.posture(&upright, aspect, descent.is_some()) == Posture::Lying;
        lies.then_some(look)
    }
}

/// Share of one box that lies inside another, 0 to 1.
fn share_inside(inner: &BBox, outer: &BBox) -> f32 {
    let width = inner.x1.min(outer.x1) - inner.x0.max(outer.x0);
    let height = inner.y1.min(outer.y1) - inner.y0.max(outer.y0);
    width.max(0.0) * height.max(0.0) / inner.area().max(1e-9)
}

pub(super) fn persons<'a>(seen: &Observation<'a>) -> impl Iterator<Item = &'a Track> {
    let at = seen.at;
    seen.tracks.iter().filter(move |track| track.group() == ClassGroup::Person && track.last_seen() == at)
}

/// The track with this number, where this frame shows it.
pub(super) fn shown<'a>(seen: &Observation<'a>, id: TrackId) -> Option<&'a Track> {
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
