//! What a crowd does as a whole, from the flow of the cells inside a polygon: no box, no track, nobody counted.
//!
//! Lengths are in picture heights unless [`ZoneCells::scaled`] gave a scale, then in its unit (metres). The flow as a fluid, its local order and its
//! breaks: S. Ali and M. Shah, "A Lagrangian Particle Dynamics Approach for Crowd Flow Segmentation and Stability Analysis", CVPR 2007; a
//! person's motion against that of those around as the sign of unrest: R. Mehran, A. Oyama and M. Shah, "Abnormal Crowd Behavior Detection
//! using Social Force Model", CVPR 2009.

use super::{MotionView, length};
use crate::{Micros, Point, Polygon};
use serde::{Deserialize, Serialize};

/// Cells whose flow is trusted less than this are left out.
const MIN_TRUST: f32 = 0.3;
/// Cells of which less than this is foreground are left out.
const MIN_FOREGROUND: f32 = 0.25;
/// Slower than this, in picture heights per second before scaling, a cell has no direction.
const HAS_DIRECTION: f32 = 0.01;
/// Cosine of the angle to the main axis within which a cell goes along it, either way.
const ALONG: f32 = 0.5;
/// Points a cell is tested at to find how much of it lies inside, each way.
const TESTS: usize = 4;

/// Which cells of the grid a zone covers, and how long things are there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ZoneCells {
    columns: usize,
    rows: usize,
    /// Share of each cell inside, 0 to 1.
    inside: Vec<f32>,
    /// Length of a picture height at each cell.
    scale: Vec<f32>,
}

impl ZoneCells {
    /// The cells of a grid under a polygon; all of them without one.
    #[must_use]
    pub fn new(polygon: Option<&Polygon>, columns: usize, rows: usize) -> Self {
        let place = |n: usize, of: usize| (n as f32 + 0.5) / (of * TESTS) as f32;
        let share = |cell: usize| {
            let Some(polygon) = polygon else { return 1.0 };
            let (column, row) = (cell % columns, cell / columns);
            let tests = (0..TESTS * TESTS).map(|test| Point {
                x: place(column * TESTS + test % TESTS, columns),
                y: place(row * TESTS + test / TESTS, rows),
            });
            tests.filter(|&point| polygon.contains(point)).count() as f32 / (TESTS * TESTS) as f32
        };
        let inside = (0..columns * rows).map(share).collect();
        Self { columns, rows, inside, scale: vec![1.0; columns * rows] }
    }

    /// With the length of a picture height at each place on the picture, in metres say.
    #[must_use]
    pub fn scaled(mut self, length_at: impl Fn(Point) -> f32) -> Self {
        for (cell, scale) in self.scale.iter_mut().enumerate() {
            *scale = length_at(Point {
                x: ((cell % self.columns) as f32 + 0.5) / self.columns as f32,
                y: ((cell / self.columns) as f32 + 0.5) / self.rows as f32,
            });
        }
        self
    }

    /// Whether they were made for a grid of this size.
    #[must_use]
    pub fn fits(&self, view: &MotionView) -> bool {
        (self.columns, self.rows) == (view.columns, view.rows)
    }
}

/// What a crowd does, in one frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CrowdMotion {
    /// Share of the zone that is foreground, 0 to 1.
    pub foreground: f32,
    /// Share of the zone whose flow could be taken, 0 to 1: what the other figures rest on.
    pub measured: f32,
    /// Mean speed, lengths per second.
    pub speed: f32,
    /// From 0, every way at once, to 1, all one way: the length of the mean velocity over the mean speed.
    pub order: f32,
    /// Mean velocity to the right, lengths per second.
    pub drift_x: f32,
    /// Mean velocity downwards on the picture, lengths per second.
    pub drift_y: f32,
    /// Growth of the crowd's area by its motion, per second: above 0 it spreads, below 0 it closes in. Trace of the linear flow fitted to the zone.
    pub expansion: f32,
    /// Mean of the local divergence where it is positive, per second.
    pub divergence: f32,
    /// Mean of the local divergence where it is negative, without its sign, per second.
    pub convergence: f32,
    /// Share of those going along the main axis who go against the larger stream, 0 to .5.
    pub counter_flow: f32,
    /// Mean difference of velocity to the neighbours, over the mean speed: unrest.
    pub unrest: f32,
}

/// Velocity of a cell, lengths per second, and its weight; `None` where it says nothing.
fn velocity(view: &MotionView, zone: &ZoneCells, aspect: f32, cell: usize) -> Option<(f32, f32, f32)> {
    let weight = zone.inside[cell] * view.confidence[cell] * view.foreground[cell];
    let counts = zone.inside[cell] > 0.0
        && view.confidence[cell] >= MIN_TRUST
        && view.foreground[cell] >= MIN_FOREGROUND;
    let scale = zone.scale[cell];
    counts.then(|| (view.flow_x[cell] * aspect * scale, view.flow_y[cell] * scale, weight))
}

/// Measures the crowd in a zone. `aspect` is the picture's width over its height. `None` when the zone's cells are of another
/// grid, or the view has no flow.
#[must_use]
pub fn measure(view: &MotionView, zone: &ZoneCells, aspect: f32) -> Option<CrowdMotion> {
    if !zone.fits(view) || view.dt_secs <= 0.0 {
        return None;
    }
    let area: f32 = zone.inside.iter().sum();
    if area <= 0.0 {
        return None;
    }
    let mut crowd = CrowdMotion::default();
    let mut sums = Sums::default();
    let (mut spreading, mut closing, mut apart, mut pairs) = (0.0, 0.0, 0.0, 0.0);
    for cell in 0..view.columns * view.rows {
        crowd.foreground += zone.inside[cell] * view.foreground[cell] / area;
        let Some((u, v, weight)) = velocity(view, zone, aspect, cell) else { continue };
        crowd.measured += zone.inside[cell] / area;
        let scale = zone.scale[cell];
        let x = (cell % view.columns) as f32 / view.columns as f32 * aspect * scale;
        let y = (cell / view.columns) as f32 / view.rows as f32 * scale;
        sums.add(x, y, u, v, weight, HAS_DIRECTION * scale);
        let beside = (cell % view.columns + 1 < view.columns)
            .then(|| velocity(view, zone, aspect, cell + 1))
            .flatten();
        let below = (cell / view.columns + 1 < view.rows)
            .then(|| velocity(view, zone, aspect, cell + view.columns))
            .flatten();
        if let (Some((right_u, right_v, _)), Some((below_u, below_v, _))) = (beside, below) {
            let width = aspect * scale / view.columns as f32;
            let height = scale / view.rows as f32;
            let divergence = (right_u - u) / width + (below_v - v) / height;
            spreading += weight * divergence.max(0.0);
            closing += weight * (-divergence).max(0.0);
            apart += weight * 0.5 * (length(right_u - u, right_v - v) + length(below_u - u, below_v - v));
            pairs += weight;
        }
    }
    sums.fill(&mut crowd);
    if pairs > 0.0 {
        crowd.divergence = spreading / pairs;
        crowd.convergence = closing / pairs;
        crowd.unrest = if crowd.speed > 0.0 { apart / pairs / crowd.speed } else { 0.0 };
    }
    crowd.counter_flow = counter_flow(view, zone, aspect, &sums);
    Some(crowd)
}

/// Weighted sums over the cells of a zone.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    weight: f32,
    x: f32,
    y: f32,
    u: f32,
    v: f32,
    xx: f32,
    yy: f32,
    xu: f32,
    yv: f32,
    speed: f32,
    /// Directions with their angle doubled, so that either way along an axis counts the same.
    axis_cos: f32,
    axis_sin: f32,
}

impl Sums {
    fn add(&mut self, x: f32, y: f32, u: f32, v: f32, weight: f32, has_direction: f32) {
        let speed = length(u, v);
        self.weight += weight;
        self.x += weight * x;
        self.y += weight * y;
        self.u += weight * u;
        self.v += weight * v;
        self.xx += weight * x * x;
        self.yy += weight * y * y;
        self.xu += weight * x * u;
        self.yv += weight * y * v;
        self.speed += weight * speed;
        if speed > has_direction {
            self.axis_cos += weight * (u * u - v * v) / speed;
            self.axis_sin += weight * 2.0 * u * v / speed;
        }
    }

    fn fill(&self, crowd: &mut CrowdMotion) {
        if self.weight <= 0.0 {
            return;
        }
        let w = self.weight;
        crowd.speed = self.speed / w;
        (crowd.drift_x, crowd.drift_y) = (self.u / w, self.v / w);
        crowd.order = if self.speed > 0.0 { length(self.u, self.v) / self.speed } else { 0.0 };
        let slope = |along: f32, by: f32, both: f32, square: f32| {
            let spread = square - along * along / w;
            if spread > 1e-9 * w { (both - along * by / w) / spread } else { 0.0 }
        };
        crowd.expansion = slope(self.x, self.u, self.xu, self.xx) + slope(self.y, self.v, self.yv, self.yy);
    }

    /// The main axis, a unit vector; either way along it is the same.
    fn axis(&self) -> (f32, f32) {
        let long = length(self.axis_cos, self.axis_sin);
        let cosine = if long > 0.0 { self.axis_cos / long } else { 1.0 };
        // The half angle.
        let (x, y) = ((0.5 + 0.5 * cosine).max(0.0).sqrt(), (0.5 - 0.5 * cosine).max(0.0).sqrt());
        (x, if self.axis_sin < 0.0 { -y } else { y })
    }
}

fn counter_flow(view: &MotionView, zone: &ZoneCells, aspect: f32, sums: &Sums) -> f32 {
    let axis = sums.axis();
    let (mut one_way, mut other_way) = (0.0, 0.0);
    for cell in 0..view.columns * view.rows {
        let Some((u, v, weight)) = velocity(view, zone, aspect, cell) else { continue };
        let speed = length(u, v);
        let along = u * axis.0 + v * axis.1;
        if speed > HAS_DIRECTION * zone.scale[cell] && along.abs() > ALONG * speed {
            if along > 0.0 { one_way += weight } else { other_way += weight }
        }
    }
    if one_way + other_way > 0.0 { one_way.min(other_way) / (one_way + other_way) } else { 0.0 }
}

/// How a crowd has changed: a short mean over a long one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CrowdTrend {
    /// Foreground of the last second over that of the last ten.
    pub foreground_ratio: f32,
    /// Speed of the last second over that of the last ten.
    pub speed_ratio: f32,
    /// The zone fills while it slows down: 0 for none, about .25 where foreground grows by half and speed halves. A bottleneck.
    pub compression: f32,
}

/// Follows the trend of one zone.
#[derive(Clone, Copy, Debug, Default)]
pub struct TrendWatch {
    last: Option<Micros>,
    secs: f32,
    foreground: [f32; 2],
    speed: [f32; 2],
}

impl TrendWatch {
    /// Times of the short and the long mean, seconds.
    pub const SECS: [f32; 2] = [1.0, 10.0];

    /// Takes a frame's figures. `None` until the long mean is half full.
    pub fn step(&mut self, at: Micros, crowd: &CrowdMotion) -> Option<CrowdTrend> {
        let passed = self.last.map_or(0.0, |last| at.secs_since(last)).max(0.0);
        self.last = Some(at);
        self.secs += passed;
        for (place, secs) in Self::SECS.into_iter().enumerate() {
            // A plain mean until the time is full.
            let rate = if self.secs > 0.0 { (passed / secs.min(self.secs)).min(1.0) } else { 1.0 };
            self.foreground[place] += rate * (crowd.foreground - self.foreground[place]);
            self.speed[place] += rate * (crowd.speed - self.speed[place]);
        }
        let ratio = |[short, long]: [f32; 2]| if long > 1e-4 { short / long } else { 1.0 };
        let (foreground_ratio, speed_ratio) = (ratio(self.foreground), ratio(self.speed));
        let compression = (foreground_ratio - 1.0).max(0.0) * (1.0 - speed_ratio).max(0.0);
        (self.secs >= 0.5 * Self::SECS[1]).then_some(CrowdTrend {
            foreground_ratio,
            speed_ratio,
            compression,
        })
    }

    /// Forgets everything.
    pub fn reset(&mut self) {
        *self = Self::default();
    }
}
