//! The common directions of a zone, place by place: as drawn, or as learnt from those who pass.
//!
//! Learnt: the zone's surroundings on the picture are a grid. Every track that moves on by a stride counts once for its direction, one
//! of eight, in the cell where it is; counts fade by half in an hour. A direction is common in a cell when it holds a fair share
//! of all counts in the cell and its neighbours. Where too few have passed, nothing is said.

use crate::scene::DirectionZone;
use crate::{Micros, Point};

/// Cells along each side of the zone's surroundings.
const CELLS: usize = 16;
/// Directions told apart.
const OCTANTS: usize = 8;
/// Counts in a cell and its neighbours from which it is known.
const ENOUGH: f32 = 12.0;
/// Share of the counts from which a direction is common.
const COMMON_SHARE: f32 = 0.15;
/// Counts fade once in this time, seconds …
const FADE_EVERY_SECS: f32 = 60.0;
/// … by this factor: half in an hour.
const FADE: f32 = 0.988_514;

/// Unit vectors of the octants, to the right and down, from *right* on clockwise.
const UNITS: [Point; OCTANTS] = {
    const H: f32 = std::f32::consts::FRAC_1_SQRT_2;
    [
        Point { x: 1.0, y: 0.0 },
        Point { x: H, y: H },
        Point { x: 0.0, y: 1.0 },
        Point { x: -H, y: H },
        Point { x: -1.0, y: 0.0 },
        Point { x: -H, y: -H },
        Point { x: 0.0, y: -1.0 },
        Point { x: H, y: -H },
    ]
};

/// A cell and an octant: what a track has already counted for.
pub(super) type Counted = (u16, u8);

/// The directions at a place: unit vectors on the picture, both axes in picture heights. None where they are not known.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Directions {
    units: [Point; OCTANTS],
    count: usize,
}

impl Directions {
    pub(super) fn iter(&self) -> impl Iterator<Item = Point> + '_ {
        self.units[..self.count].iter().copied()
    }

    fn push(&mut self, unit: Point) {
        if let Some(place) = self.units.get_mut(self.count) {
            *place = unit;
            self.count += 1;
        }
    }
}

/// What is known of the common directions of a zone.
#[derive(Clone, Debug)]
pub(super) struct Common {
    learnt: Option<Learnt>,
}

#[derive(Clone, Debug)]
struct Learnt {
    counts: Vec<[f32; OCTANTS]>,
    from: Point,
    size: Point,
    learn_secs: f32,
    /// Watched so far, seconds.
    watched_secs: f32,
    last: Option<Micros>,
    since_fade_secs: f32,
}

impl Common {
    pub(super) fn new(zone: &DirectionZone) -> Self {
        let learnt = zone.learn.then(|| {
            let corners = zone.area.polygon.corners().iter();
            let (mut low, mut high) = (Point { x: 1.0, y: 1.0 }, Point { x: 0.0, y: 0.0 });
            for corner in corners {
                low = Point { x: low.x.min(corner.x), y: low.y.min(corner.y) };
                high = Point { x: high.x.max(corner.x), y: high.y.max(corner.y) };
            }
            Learnt {
                counts: vec![[0.0; OCTANTS]; CELLS * CELLS],
                from: low,
                size: Point { x: high.x - low.x, y: high.y - low.y },
                learn_secs: zone.learn_secs,
                watched_secs: 0.0,
                last: None,
                since_fade_secs: 0.0,
            }
        });
        Self { learnt }
    }

    /// Lets time pass.
    pub(super) fn pass(&mut self, at: Micros) {
        let Some(learnt) = &mut self.learnt else { return };
        let secs = learnt.last.map_or(0.0, |last| at.secs_since(last)).clamp(0.0, FADE_EVERY_SECS);
        learnt.last = Some(at);
        learnt.watched_secs = (learnt.watched_secs + secs).min(learnt.learn_secs);
        learnt.since_fade_secs += secs;
        if learnt.since_fade_secs >= FADE_EVERY_SECS {
            learnt.since_fade_secs -= FADE_EVERY_SECS;
            for count in learnt.counts.iter_mut().flatten() {
                *count *= FADE;
            }
        }
    }

    /// Counts a stride at a place (in shares of the picture) by a vector (both axes in picture heights), once for a track that has
    /// not just counted for the same.
    pub(super) fn count(&mut self, place: Point, stride: Point, counted: &mut Option<Counted>) {
        let Some(learnt) = &mut self.learnt else { return };
        let Some(cell) = learnt.cell(place) else { return };
        let octant = octant(stride);
        let what = (cell as u16, octant as u8);
        if *counted != Some(what) {
            *counted = Some(what);
            learnt.counts[cell][octant] += 1.0;
        }
    }

    /// Whether what was learnt is what counts.
    pub(super) fn is_learnt(&self) -> bool {
        self.learnt.as_ref().is_some_and(Learnt::is_ready)
    }

    /// The common directions at a place.
    pub(super) fn at(&self, place: Point, zone: &DirectionZone, aspect: f32) -> Directions {
        match &self.learnt {
            Some(learnt) if learnt.is_ready() => learnt.at(place),
            _ => {
                let mut directions = Directions::default();
                for drawn in zone.drawn() {
                    let (x, y) = (drawn.x * aspect, drawn.y);
                    let length = (x * x + y * y).sqrt();
                    directions.push(Point { x: x / length, y: y / length });
                }
                directions
            }
        }
    }
}

impl Learnt {
    fn is_ready(&self) -> bool {
        self.watched_secs >= self.learn_secs
    }

    fn cell(&self, place: Point) -> Option<usize> {
        let across = (place.x - self.from.x) / self.size.x;
        let down = (place.y - self.from.y) / self.size.y;
        let inside = (0.0..=1.0).contains(&across) && (0.0..=1.0).contains(&down);
        let index = |share: f32| ((share * CELLS as f32) as usize).min(CELLS - 1);
        inside.then(|| index(down) * CELLS + index(across))
    }

    fn at(&self, place: Point) -> Directions {
        let mut directions = Directions::default();
        let Some(cell) = self.cell(place) else { return directions };
        let (row, column) = (cell / CELLS, cell % CELLS);
        let mut sums = [0.0; OCTANTS];
        for row in row.saturating_sub(1)..=(row + 1).min(CELLS - 1) {
            for column in column.saturating_sub(1)..=(column + 1).min(CELLS - 1) {
                for (sum, count) in sums.iter_mut().zip(&self.counts[row * CELLS + column]) {
                    *sum += count;
                }
            }
        }
        let total: f32 = sums.iter().sum();
        if total >= ENOUGH {
            for (unit, sum) in UNITS.iter().zip(sums) {
                if sum >= COMMON_SHARE * total {
                    directions.push(*unit);
                }
            }
        }
        directions
    }
}

/// The octant of a vector that is not nothing.
fn octant(vector: Point) -> usize {
    /// Tangent of 22.5°.
    const EDGE: f32 = 0.414_213_57;
    let (across, down) = (vector.x.abs(), vector.y.abs());
    match (down < EDGE * across, across < EDGE * down, vector.x >= 0.0, vector.y >= 0.0) {
        (true, _, right, _) => {
            if right {
                0
            } else {
                4
            }
        }
        (_, true, _, below) => {
            if below {
                2
            } else {
                6
            }
        }
        (_, _, true, true) => 1,
        (_, _, false, true) => 3,
        (_, _, false, false) => 5,
        (_, _, true, false) => 7,
    }
}
