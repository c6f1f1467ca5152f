//! The view that zones and ground were drawn on, kept as the direction of its strongest edges.
//!
//! Directions, not strengths: exposure and weather change how strong an edge is, not which way it runs. What moves through the view leaves no
//! mark, because only edges that stay for the whole time of learning are kept. It is far too coarse to show anybody: squares of 4 pixels of the small
//! grey picture, and of these only edges.

use crate::Micros;

/// Time of learning, seconds.
const LEARN_SECS: f32 = 3.0;
/// Pictures that learning takes at least.
const LEARN_PICTURES: u32 = 6;
/// Most edges kept.
const MAX_EDGES: usize = 600;
/// Fewer edges than this are no view to compare with.
const MIN_EDGES: usize = 40;
/// Mean step of an edge, grey levels per square.
const EDGE_STEP: f32 = 3.0;
/// An edge that stays has a mean step of at least this share of its steps' mean size.
const STEADY: f32 = 0.8;
/// Added to the size of a step: what noise is worth, grey levels.
const NOISE: f32 = 1.5;
/// How far the view is looked for around its place, squares: 6 % of the width.
const REACH: i32 = 5;
/// The view takes in slow change (sun, snow, parked cars) with this time constant, seconds.
const FOLLOW_SECS: f32 = 600.0;
/// Edges are chosen anew this often, seconds.
const CHOOSE_SECS: f32 = 60.0;

#[derive(Clone, Copy, Debug)]
struct Edge {
    column: i32,
    row: i32,
    /// Direction of the step, a unit vector.
    x: f32,
    y: f32,
}

/// How a picture compares with the view.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Comparison {
    /// Mean agreement of the edges where they were, −1 to 1; about 0 for another view.
    pub(super) in_place: f32,
    /// The best agreement with the view shifted.
    pub(super) shifted: f32,
    /// How far it is shifted there, squares.
    pub(super) distance: f32,
}

/// The reference view of one camera.
#[derive(Clone, Debug, Default)]
pub(super) struct Reference {
    columns: usize,
    rows: usize,
    /// Running means of the steps across and down, and of their size.
    step_x: Vec<f32>,
    step_y: Vec<f32>,
    size: Vec<f32>,
    pictures: u32,
    began: Option<Micros>,
    last: Option<Micros>,
    chosen: Option<Micros>,
    edges: Vec<Edge>,
    strongest: Vec<(f32, u32)>,
}

impl Reference {
    /// Whether there is a view to compare with.
    pub(super) fn is_known(&self) -> bool {
        self.edges.len() >= MIN_EDGES
    }

    /// The view that comes next is the one.
    pub(super) fn forget(&mut self) {
        self.pictures = 0;
        (self.began, self.last, self.chosen) = (None, None, None);
        self.edges.clear();
    }

    /// Learns from a picture of the view, means over squares.
    pub(super) fn learn(&mut self, at: Micros, small: &[f32], columns: usize, rows: usize) {
        if (columns, rows) != (self.columns, self.rows) {
            self.forget();
            (self.columns, self.rows) = (columns, rows);
        }
        if self.pictures == 0 {
            for values in [&mut self.step_x, &mut self.step_y, &mut self.size] {
                values.clear();
                values.resize(columns * rows, 0.0);
            }
        }
        let began = *self.began.get_or_insert(at);
        let passed = self.last.map_or(0.0, |last| at.secs_since(last)).max(0.0);
        self.last = Some(at);
        self.pictures = self.pictures.saturating_add(1);
        let rate = (1.0 / self.pictures as f32).max((passed / FOLLOW_SECS).min(1.0));
        for row in 1..rows.saturating_sub(1) {
            for column in 1..columns.saturating_sub(1) {
                let here = row * columns + column;
                let (x, y) = step(small, columns, here);
                self.step_x[here] += rate * (x - self.step_x[here]);
                self.step_y[here] += rate * (y - self.step_y[here]);
                self.size[here] += rate * ((x * x + y * y).sqrt() - self.size[here]);
            }
        }
        let due = self
            .chosen
            .map_or(at.secs_since(began) >= LEARN_SECS && self.pictures >= LEARN_PICTURES, |chosen| {
                at.secs_since(chosen) >= CHOOSE_SECS
            });
        if due {
            self.choose();
            self.chosen = Some(at);
        }
    }

    fn choose(&mut self) {
        self.strongest.clear();
        for (index, ((x, y), size)) in self.step_x.iter().zip(&self.step_y).zip(&self.size).enumerate() {
            let step = (x * x + y * y).sqrt();
            if step >= EDGE_STEP && step >= STEADY * size {
                self.strongest.push((step, index as u32));
            }
        }
        self.strongest.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        self.edges.clear();
        for &(step, index) in self.strongest.iter().take(MAX_EDGES) {
            let index = index as usize;
            self.edges.push(Edge {
                column: (index % self.columns) as i32,
                row: (index / self.columns) as i32,
                x: self.step_x[index] / step,
                y: self.step_y[index] / step,
            });
        }
    }

    /// Compares a picture with the view; `None` when there is none of this size.
    pub(super) fn compare(&self, small: &[f32], columns: usize, rows: usize) -> Option<Comparison> {
        if !self.is_known() || (columns, rows) != (self.columns, self.rows) {
            return None;
        }
        let in_place = self.agreement(small, 0, 0);
        let (mut shifted, mut distance) = (in_place, 0.0);
        for down in -REACH..=REACH {
            for right in -REACH..=REACH {
                let agreement = self.agreement(small, right, down);
                if agreement > shifted {
                    (shifted, distance) = (agreement, ((right * right + down * down) as f32).sqrt());
                }
            }
        }
        Some(Comparison { in_place, shifted, distance })
    }

    fn agreement(&self, small: &[f32], right: i32, down: i32) -> f32 {
        let (mut sum, mut count) = (0.0, 0.0);
        let (columns, rows) = (self.columns as i32, self.rows as i32);
        for edge in &self.edges {
            let (column, row) = (edge.column + right, edge.row + down);
            if (1..columns - 1).contains(&column) && (1..rows - 1).contains(&row) {
                let (x, y) = step(small, self.columns, (row * columns + column) as usize);
                sum += (x * edge.x + y * edge.y) / ((x * x + y * y).sqrt() + NOISE);
                count += 1.0;
            }
        }
        if count > 0.0 { sum / count } else { 0.0 }
    }
}

/// Step of brightness at a square that is not at the picture's edge, grey levels per square.
fn step(small: &[f32], columns: usize, here: usize) -> (f32, f32) {
    (0.5 * (small[here + 1] - small[here - 1]), 0.5 * (small[here + columns] - small[here - columns]))
}
