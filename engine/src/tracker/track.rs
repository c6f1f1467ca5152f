//! One thing followed over time.

use super::intake::Candidate;
use super::sightings::{Sighting, Sightings, Source};
use super::{BoxFilter, TrackerSettings};
use crate::{BBox, ClassGroup, Micros, Point};
use serde::{Deserialize, Serialize};

/// Number of a track, unique within one tracker's life and meaningless beyond it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TrackId(pub u64);

/// A track that is not confirmed is given up when unseen for this long, seconds, and for two frames at least.
const TENTATIVE_SECS: f32 = 0.4;
/// From this gap on the filter is run again along the line between the observations on either side, seconds.
const RERUN_SECS: f32 = 0.2;
/// Most virtual observations on that line.
const RERUN_STEPS: u16 = 8;
/// For a thing that the detector has named, the edges of a proposal are so many times less exact than those of a detection. For one without
/// a name they are all there is, and are taken as they come: whatever drives into the view grows faster than a filter in doubt believes.
const PROPOSAL_DOUBT: f32 = 3.0;
/// What moves without a name is taken for real after this time, seconds: leaves and reflections come and go.
const MOVING_SECS: f32 = 0.5;
/// A track under a proposal that may be somebody else's is remembered for so much longer, seconds.
const COVERED_SECS: f32 = 3.0;
/// So long after the last detection nobody can say that what moves there is still what the detector saw, seconds.
const UNNAMED_SECS: f32 = 60.0;
/// A name that the detector gives is forgotten when it does not repeat it for this time, seconds.
const NAMING_PAUSE_SECS: f32 = 1.0;

/// What the detector has said so far.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Evidence {
    group: ClassGroup,
    since: Micros,
    last: Micros,
    score_sum: f32,
    detections: u32,
}

impl Evidence {
    fn begin(group: ClassGroup, at: Micros) -> Self {
        Self { group, since: at, last: at, score_sum: 0.0, detections: 0 }
    }

    fn add(&mut self, score: f32, at: Micros) {
        self.last = at;
        self.score_sum += score;
        self.detections = self.detections.saturating_add(1);
    }

    /// Whether it was said for long enough, and surely enough.
    fn is_enough(&self, settings: &TrackerSettings) -> bool {
        let mean = self.score_sum / self.detections.max(1) as f32;
        self.last.secs_since(self.since) >= settings.wanted_secs(mean)
    }
}

/// One thing followed over time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Track {
    id: TrackId,
    group: ClassGroup,
    filter: BoxFilter,
    /// The filter as it was right after the last observation.
    filter_when_seen: BoxFilter,
    sightings: Sightings,
    score: f32,
    born: Micros,
    /// What the detector says that it is; of a moving object, what it may turn out to be.
    evidence: Evidence,
    /// When the detector was last sure of it.
    last_sure: Micros,
    /// When a proposal last covered it without being its own.
    covered: Option<Micros>,
    /// Time and foot point of the observation before the last one.
    before: Option<(Micros, Point)>,
    foot: Point,
    observations: u32,
    missed_frames: u32,
    confirmed: bool,
}

impl Track {
    pub(super) fn begin(
        id: TrackId,
        group: ClassGroup,
        bbox: BBox,
        score: f32,
        at: Micros,
        aspect: f32,
    ) -> Self {
        let filter = BoxFilter::begin(&bbox, aspect);
        let moving = group == ClassGroup::MovingObject;
        let source = if moving { Source::Proposal } else { Source::Detection };
        let mut evidence = Evidence::begin(group, at);
        evidence.add(score, at);
        Self {
            id,
            group,
            filter,
            filter_when_seen: filter,
            sightings: Sightings::begin(Sighting { at, bbox, source }),
            score,
            born: at,
            evidence,
            last_sure: at,
            covered: None,
            before: None,
            foot: bbox.on_picture().foot(),
            observations: 1,
            missed_frames: 0,
            confirmed: false,
        }
    }

    pub(super) fn predict(&mut self, dt_secs: f32, aspect: f32) {
        self.filter.predict(dt_secs, aspect);
        self.missed_frames = self.missed_frames.saturating_add(1);
    }

    /// Takes a box of the detector: of the track's own group, or of any where it has no name yet.
    pub(super) fn detect(
        &mut self,
        candidate: &Candidate,
        at: Micros,
        aspect: f32,
        settings: &TrackerSettings,
    ) {
        let Candidate { bbox, group, score, .. } = *candidate;
        let doubt = 2.0 - score.clamp(0.0, 1.0);
        self.observe(Sighting { at, bbox, source: Source::Detection }, doubt, aspect);
        self.score = score;
        if score >= settings.high_score {
            self.last_sure = at;
        }
        let unnamed = self.group == ClassGroup::MovingObject;
        if unnamed && (self.evidence.group != group || at.secs_since(self.evidence.last) > NAMING_PAUSE_SECS)
        {
            self.evidence = Evidence::begin(group, at);
        }
        self.evidence.add(score, at);
        let enough = self.evidence.is_enough(settings);
        // A single box may be a mistake, and a track that believed it would be lost with it.
        if unnamed && enough {
            self.group = group;
        }
        self.confirmed |= enough;
    }

    /// Takes a proposal that is this track's alone.
    pub(super) fn glimpse(&mut self, bbox: &BBox, strength: f32, at: Micros, aspect: f32) {
        let unnamed = self.group == ClassGroup::MovingObject;
        let doubt = if unnamed { 1.0 } else { PROPOSAL_DOUBT };
        self.observe(Sighting { at, bbox: *bbox, source: Source::Proposal }, doubt, aspect);
        if unnamed {
            self.score = strength;
            self.confirmed |= at.secs_since(self.born) >= MOVING_SECS;
        }
    }

    /// When the detector was last sure of it.
    pub(super) fn last_sure(&self) -> Micros {
        self.last_sure
    }

    /// Remembers that something moves where it should be.
    pub(super) fn keep(&mut self, at: Micros) {
        self.covered = Some(at);
    }

    /// Whether proposals concern it: not as long as it may be a mistake of the detector.
    pub(super) fn lives_on_motion(&self) -> bool {
        self.confirmed || self.group == ClassGroup::MovingObject
    }

    fn observe(&mut self, sighting: Sighting, doubt: f32, aspect: f32) {
        let gap_secs = sighting.at.secs_since(self.last_seen());
        if self.missed_frames > 1 && gap_secs > RERUN_SECS {
            self.rerun(&sighting.bbox, doubt, gap_secs, aspect);
        } else {
            self.filter.correct_in_doubt(&sighting.bbox, doubt, aspect);
        }
        self.before = Some((self.last_seen(), self.foot));
        self.foot = self.filter.bbox().on_picture().foot();
        self.filter_when_seen = self.filter;
        self.sightings.push(sighting);
        self.missed_frames = 0;
        self.observations = self.observations.saturating_add(1);
    }

    /// Replaces a prediction that drifted through a gap by the straight line to where the thing turned up.
    fn rerun(&mut self, bbox: &BBox, doubt: f32, gap_secs: f32, aspect: f32) {
        let from = self.observed();
        let steps = u16::try_from(self.missed_frames).unwrap_or(u16::MAX).clamp(1, RERUN_STEPS);
        self.filter = self.filter_when_seen;
        for step in 1..=steps {
            let t = f32::from(step) / f32::from(steps);
            let between = |a: f32, b: f32| a + t * (b - a);
            let virtual_box = BBox {
                x0: between(from.x0, bbox.x0),
                y0: between(from.y0, bbox.y0),
                x1: between(from.x1, bbox.x1),
                y1: between(from.y1, bbox.y1),
            };
            self.filter.predict(gap_secs / f32::from(steps), aspect);
            self.filter.correct_in_doubt(&virtual_box, doubt, aspect);
        }
    }

    /// Whether nobody expects to see it again.
    pub(super) fn is_given_up(&self, at: Micros, lost_secs: f32) -> bool {
        let unseen_secs = at.secs_since(self.last_seen());
        if !self.confirmed {
            return self.missed_frames >= 2 && unseen_secs > TENTATIVE_SECS.min(lost_secs);
        }
        let named = self.group != ClassGroup::MovingObject;
        let covered = self.covered.is_some_and(|covered| at.secs_since(covered) <= lost_secs);
        let patience_secs = if covered { lost_secs.max(COVERED_SECS) } else { lost_secs };
        unseen_secs > patience_secs || named && at.secs_since(self.evidence.last) > UNNAMED_SECS
    }

    /// Its number.
    #[must_use]
    pub fn id(&self) -> TrackId {
        self.id
    }

    /// What it is.
    #[must_use]
    pub fn group(&self) -> ClassGroup {
        self.group
    }

    /// The filter's box at the time of the last step: smoothed where it was seen, predicted where not. It may reach
    /// beyond the picture.
    #[must_use]
    pub fn bbox(&self) -> BBox {
        self.filter.bbox()
    }

    /// The box as last observed.
    #[must_use]
    pub fn observed(&self) -> BBox {
        self.sightings.last().bbox
    }

    /// What showed it when it was last seen.
    #[must_use]
    pub fn source(&self) -> Source {
        self.sightings.last().source
    }

    /// Where it was seen in the last few seconds.
    #[must_use]
    pub fn sightings(&self) -> &Sightings {
        &self.sightings
    }

    /// The filter.
    #[must_use]
    pub fn filter(&self) -> &BoxFilter {
        &self.filter
    }

    /// Where the feet were when it was last seen, smoothed, on the picture.
    #[must_use]
    pub fn foot(&self) -> Point {
        self.foot
    }

    /// Time and foot point of the observation before the last one.
    #[must_use]
    pub fn foot_before(&self) -> Option<(Micros, Point)> {
        self.before
    }

    /// Score of the last detection; strength of the last proposal where the detector has not named it.
    #[must_use]
    pub fn score(&self) -> f32 {
        self.score
    }

    /// When it was first seen.
    #[must_use]
    pub fn born(&self) -> Micros {
        self.born
    }

    /// When it was last seen, by the detector or because it moved.
    #[must_use]
    pub fn last_seen(&self) -> Micros {
        self.sightings.last().at
    }

    /// When the detector last saw it; `None` for a moving object.
    #[must_use]
    pub fn last_detected(&self) -> Option<Micros> {
        (self.group != ClassGroup::MovingObject).then_some(self.evidence.last)
    }

    /// How often it was seen.
    #[must_use]
    pub fn observations(&self) -> u32 {
        self.observations
    }

    /// Whether it has been seen for long enough to be taken for real.
    #[must_use]
    pub fn is_confirmed(&self) -> bool {
        self.confirmed
    }
}
