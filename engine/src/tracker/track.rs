//! One thing followed over time.

use super::BoxFilter;
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

/// One thing followed over time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Track {
    id: TrackId,
    group: ClassGroup,
    filter: BoxFilter,
    /// The filter as it was right after the last observation.
    filter_when_seen: BoxFilter,
    observed: BBox,
    score: f32,
    born: Micros,
    last_seen: Micros,
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
        Self {
            id,
            group,
            filter,
            filter_when_seen: filter,
            observed: bbox,
            score,
            born: at,
            last_seen: at,
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

    pub(super) fn observe(&mut self, bbox: BBox, score: f32, at: Micros, aspect: f32, confirm_secs: f32) {
        let gap_secs = at.secs_since(self.last_seen);
        if self.missed_frames > 1 && gap_secs > RERUN_SECS {
            self.rerun(&bbox, score, gap_secs, aspect);
        } else {
            self.filter.correct(&bbox, score, aspect);
        }
        self.before = Some((self.last_seen, self.foot));
        self.foot = self.filter.bbox().on_picture().foot();
        self.filter_when_seen = self.filter;
        self.observed = bbox;
        self.score = score;
        self.last_seen = at;
        self.missed_frames = 0;
        self.observations = self.observations.saturating_add(1);
        self.confirmed |= at.secs_since(self.born) >= confirm_secs;
    }

    /// Replaces a prediction that drifted through a gap by the straight line to where the thing turned up.
    fn rerun(&mut self, bbox: &BBox, score: f32, gap_secs: f32, aspect: f32) {
        let from = self.observed;
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
            self.filter.correct(&virtual_box, score, aspect);
        }
    }

    /// Whether nobody expects to see it again.
    pub(super) fn is_given_up(&self, at: Micros, lost_secs: f32) -> bool {
        let unseen_secs = at.secs_since(self.last_seen);
        if self.confirmed {
            unseen_secs > lost_secs
        } else {
            self.missed_frames >= 2 && unseen_secs > TENTATIVE_SECS.min(lost_secs)
        }
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
        self.observed
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

    /// Score of the last observation.
    #[must_use]
    pub fn score(&self) -> f32 {
        self.score
    }

    /// When it was first seen.
    #[must_use]
    pub fn born(&self) -> Micros {
        self.born
    }

    /// When it was last seen.
    #[must_use]
    pub fn last_seen(&self) -> Micros {
        self.last_seen
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
