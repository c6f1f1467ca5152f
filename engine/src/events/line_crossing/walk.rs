//! One track's way about a line.

use crate::scene::{LineDirection, Tripwire};
use crate::tracker::Track;
use crate::{ClassGroup, Micros, Point};

/// A box that lost this share of its height shows less than the whole person …
const WHOLE: f32 = 0.8;
/// … unless it stays so for this long, seconds.
const ODD_SECS: f32 = 2.0;
/// In this time the height that is expected follows the one seen, seconds.
const HEIGHT_SECS: f32 = 0.5;

/// A side of the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

/// A line crossed from one clear side to the other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Crossing {
    pub(super) direction: LineDirection,
    pub(super) crossed: Micros,
    pub(super) place: Point,
    /// Last time on the side before.
    pub(super) left: Micros,
}

/// One track's way about a line.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Walk {
    before: Option<(Micros, Point)>,
    /// The clear side on which it was last, and when.
    clear: Option<(Side, Micros)>,
    /// Cuts to the right minus cuts to the left since then.
    cuts: i32,
    /// The last of them.
    cut: Option<(Micros, Point)>,
    /// A crossing that waits for the track to be confirmed.
    pending: Option<Crossing>,
    /// When a crossing of this track was last told.
    pub(super) signalled: Option<Micros>,
    height: Option<f32>,
    odd_since: Option<Micros>,
    scores: f32,
    observations: u32,
    last: Micros,
}

impl Walk {
    /// Mean detection score, 0 to 1.
    pub(super) fn mean_score(&self) -> f32 {
        (self.scores / self.observations.max(1) as f32).clamp(0.0, 1.0)
    }

    /// Takes an observation. Gives a crossing once, when it is complete and the track is confirmed.
    pub(super) fn follow(
        &mut self,
        at: Micros,
        track: &Track,
        line: &Tripwire,
        aspect: f32,
    ) -> Option<Crossing> {
        self.scores += track.score();
        self.observations = self.observations.saturating_add(1);
        if self.shows_feet(at, track) {
            let foot = track.foot();
            if let Some(before) = self.before {
                self.go(before, (at, foot), line);
            }
            self.before = Some((at, foot));
            let distance = distance_right(line, foot, aspect) / track.bbox().height();
            // Not so for a distance that is not a number: a line without length.
            if distance > line.clear {
                self.arrive(Side::Right, at);
            } else if distance < -line.clear {
                self.arrive(Side::Left, at);
            }
        }
        self.last = at;
        if track.is_confirmed() { self.pending.take() } else { None }
    }

    /// Whether the lower edge of the box is where the person stands.
    fn shows_feet(&mut self, at: Micros, track: &Track) -> bool {
        let seen = track.observed().height();
        let expected = self.height.unwrap_or(seen);
        if track.group() == ClassGroup::Person && seen < WHOLE * expected {
            let since = *self.odd_since.get_or_insert(at);
            if at.secs_since(since) <= ODD_SECS {
                return false;
            }
            self.height = Some(seen);
        } else {
            let share = (at.secs_since(self.last) / HEIGHT_SECS).clamp(0.0, 1.0);
            self.height = Some(expected + share * (seen - expected));
        }
        self.odd_since = None;
        true
    }

    /// Notes where the way from one observation to the next cuts the line.
    fn go(&mut self, before: (Micros, Point), now: (Micros, Point), line: &Tripwire) {
        // Distances cancel in their ratio, so that the aspect does not matter here.
        let (from, to) = (distance_right(line, before.1, 1.0), distance_right(line, now.1, 1.0));
        if (from > 0.0) == (to > 0.0) {
            return;
        }
        let share = from / (from - to);
        let between = |a: f32, b: f32| a + share * (b - a);
        let place = Point { x: between(before.1.x, now.1.x), y: between(before.1.y, now.1.y) };
        let (dx, dy) = (line.to.x - line.from.x, line.to.y - line.from.y);
        let along = (place.x - line.from.x) * dx + (place.y - line.from.y) * dy;
        if (0.0..=dx * dx + dy * dy).contains(&along) {
            self.cuts = self.cuts.saturating_add(if to > from { 1 } else { -1 });
            self.cut = Some((before.0.plus_secs(share * now.0.secs_since(before.0)), place));
        }
    }

    fn arrive(&mut self, side: Side, at: Micros) {
        if let (Some((before, left)), Some((crossed, place))) = (self.clear, self.cut)
            && before != side
        {
            let (direction, sense) = match side {
                Side::Right => (LineDirection::LeftToRight, 1),
                Side::Left => (LineDirection::RightToLeft, -1),
            };
            if self.cuts == sense {
                self.pending = Some(Crossing { direction, crossed, place, left });
            }
        }
        self.clear = Some((side, at));
        self.cuts = 0;
        self.cut = None;
    }
}

/// How far to the right of the line a point is, in shares of the picture's height; negative on the left.
fn distance_right(line: &Tripwire, point: Point, aspect: f32) -> f32 {
    let (dx, dy) = ((line.to.x - line.from.x) * aspect, line.to.y - line.from.y);
    let (px, py) = ((point.x - line.from.x) * aspect, point.y - line.from.y);
    (dx * py - dy * px) / (dx * dx + dy * dy).sqrt()
}
