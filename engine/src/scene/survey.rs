//! A calibration proposed from the people who pass: how high they are seen, by how far down the picture their feet are.
//!
//! The picture is cut into rows. In each, a running mean of the height of those who stand or walk there is kept, which no single odd box
//! can move far. Rows with enough people become the persons of a [`GroundSettings::PersonHeights`], for a supervisor to look at and
//! accept. The memory is a few numbers a row, however long it runs; nothing of any person stays.

use super::{Ground, GroundSettings};
use crate::tracker::{Track, TrackId};
use crate::{BBox, ClassGroup, Micros, Point};

/// Rows of the picture.
const ROWS: usize = 24;
/// People seen in a row before it counts.
const ENOUGH: u32 = 12;
/// Rows needed.
const MIN_ROWS: usize = 4;
/// A mean over more than this many follows slowly instead.
const MOST: u32 = 500;
/// How far a single box may be from the mean to count in full, as a share: the spread of adults and of boxes, twice.
const ODD: f32 = 0.13;
/// Width over height of somebody upright.
const UPRIGHT: std::ops::RangeInclusive<f32> = 0.2..=0.55;
/// Boxes nearer to the picture's edge than this are cut off.
const EDGE: f32 = 0.01;
/// Least score of a box that shows a whole person.
const SURE: f32 = 0.5;

#[derive(Clone, Copy, Debug, Default)]
struct Row {
    height: f32,
    foot: Point,
    count: u32,
    /// Whoever counted last does not count again before somebody else has.
    last: Option<TrackId>,
}

/// Looks at how high people are seen.
#[derive(Clone, Debug, Default)]
pub struct HeightSurvey {
    rows: [Row; ROWS],
}

impl HeightSurvey {
    /// Takes the tracks of a frame. `aspect` is the picture's width over its height.
    pub fn step(&mut self, at: Micros, tracks: &[Track], aspect: f32) {
        for track in tracks {
            let bbox = track.observed();
            let inside = EDGE..=1.0 - EDGE;
            let whole = [bbox.x0, bbox.y0, bbox.x1, bbox.y1].iter().all(|edge| inside.contains(edge));
            let is_person =
                track.group() == ClassGroup::Person && track.is_confirmed() && track.score() >= SURE;
            let upright = UPRIGHT.contains(&(bbox.width() * aspect / bbox.height()));
            if is_person && track.last_seen() == at && whole && upright {
                self.add(track.id(), &bbox);
            }
        }
    }

    fn add(&mut self, track: TrackId, bbox: &BBox) {
        let foot = bbox.foot();
        let row = &mut self.rows[((foot.y * ROWS as f32) as usize).min(ROWS - 1)];
        if row.last == Some(track) {
            return;
        }
        row.last = Some(track);
        row.count = (row.count + 1).min(MOST);
        let share = 1.0 / row.count as f32;
        let odd = if row.count == 1 { f32::INFINITY } else { ODD * row.height };
        row.height += share * (bbox.height() - row.height).clamp(-odd, odd);
        row.foot.x += share * (foot.x - row.foot.x);
        row.foot.y += share * (foot.y - row.foot.y);
    }

    /// The calibration that the people seen so far speak for; `None` while they are too few or stand too much at one distance.
    #[must_use]
    pub fn proposal(&self, aspect: f32) -> Option<GroundSettings> {
        let rows = self.rows.iter().filter(|row| row.count >= ENOUGH);
        let persons: Vec<BBox> = rows
            .map(|row| {
                let half = 0.2 * row.height / aspect;
                let Point { x, y } = row.foot;
                BBox { x0: x - half, y0: y - row.height, x1: x + half, y1: y }
            })
            .collect();
        let settings = GroundSettings::PersonHeights { persons, metres: Ground::PERSON_METRES };
        let GroundSettings::PersonHeights { persons, .. } = &settings else { return None };
        (persons.len() >= MIN_ROWS && Ground::new(&settings, aspect).is_ok()).then_some(settings)
    }
}

#[cfg(test)]
mod tests {
    use super::HeightSurvey;
    use crate::scene::Ground;
    use crate::tracker::{Tracker, TrackerSettings};
    use crate::{BBox, Detection, Micros, Point};

    /// Somebody seen by a camera with its horizon at 0.1 of the picture: they are a third as high as they are below it.
    fn person(x: f32, y: f32, metres: f32) -> Detection {
        let height = (y - 0.1) / 3.0 * metres / 1.75;
        let bbox = BBox { x0: x - 0.1 * height, y0: y - height, x1: x + 0.1 * height, y1: y };
        Detection { bbox, class_id: 1, score: 0.8 }
    }

    #[test]
    fn passers_by_propose_a_ground() {
        let aspect = 1.6;
        let mut survey = HeightSurvey::default();
        let mut tracker = Tracker::new(TrackerSettings::default(), aspect);
        for passer in 0_u8..40 {
            assert!(passer > 11 || survey.proposal(aspect).is_none(), "too early after {passer}");
            tracker.reset();
            for step in 0_u8..60 {
                let at = Micros(i64::from(passer) * 60_000_000 + i64::from(step) * 100_000);
                let (x, y) = (0.2 + 0.015 * f32::from(passer), 0.95 - 0.01 * f32::from(step));
                let metres = [1.65, 1.75, 1.85, 1.75][usize::from(passer % 4)];
                // Every tenth is seen only down to the waist behind something: wrong, and no reason to give up.
                let mut seen = person(x, y, metres);
                if passer % 10 == 9 {
                    seen.bbox.y1 -= 0.4 * seen.bbox.height();
                }
                tracker.step(at, &[seen], &[]);
                survey.step(at, tracker.tracks(), aspect);
            }
        }
        let settings = survey.proposal(aspect).expect("forty people are enough");
        let ground = Ground::new(&settings, aspect).expect("it was tried");
        let scale = ground.metres_per_picture(Point { x: 0.5, y: 0.7 }).expect("it is ground");
        // A person there is 0.2 of the picture high.
        assert!((scale.value * 0.2 / 1.75 - 1.0).abs() < 0.12, "{scale:?}");
        let horizon = ground.horizon(0.5).expect("it is not seen from straight above");
        assert!((-0.1..0.25).contains(&horizon), "{horizon}");
    }
}
