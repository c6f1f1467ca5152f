//! The camera's own motion: the shift, turn and zoom that most of the picture shares.
//!
//! A similarity fitted to the flow of the cells by iteratively reweighted least squares with Geman–McClure weights, the scale shrinking from coarse to
//! fine (P. Huber, "Robust Statistics", 1981; M. Black and P. Anandan, CVIU 63(1), 1996). It starts from standing still and from the
//! median flow; standing still wins where a fair share of the picture says so: what moves before a fixed camera may fill most of the view.

use super::flow::{CELL, CellFlow};
use super::length;

/// Cells less trusted than this say nothing about the camera.
const MIN_TRUST: f32 = 0.2;
/// Flow within this of the model belongs to it, pixels.
const FITS_PX: f32 = 0.5;
/// Share of the trusted cells that must stand still for the camera to count as standing still, whatever the others do.
const STILL_SHARE: f32 = 0.4;
/// Share of the trusted cells that must agree for a motion of the camera to be believed.
const AGREEING_SHARE: f32 = 0.35;
/// A sway of the camera smaller than this is left to the cells, pixels: the flow's own noise.
const LEAST_SWAY_PX: f32 = 0.15;
/// Share of the trusted cells that must lie nearer to a sway than to rest.
const SWAY_SHARE: f32 = 0.9;
/// A mean squared difference that is no noise, grey levels².
const SHOWS: f32 = 3.0;
/// Scales of the weights, pixels.
const SCALES: [f32; 6] = [8.0, 4.0, 2.0, 1.0, 1.0, 1.0];

/// A similarity about the picture's middle: how a point that does not move by itself has moved on the picture.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct CameraStep {
    /// To the right at the middle, pixels.
    pub(super) x: f32,
    /// Downwards at the middle, pixels.
    pub(super) y: f32,
    /// Growth from the middle, a share.
    pub(super) zoom: f32,
    /// Turn about the middle, radians, clockwise on the screen.
    pub(super) turn: f32,
    /// Share of the trusted cells that move so, 0 to 1; 0 when too few can be trusted.
    pub(super) support: f32,
}

impl CameraStep {
    /// The motion at a point, pixels from the middle.
    pub(super) fn at(&self, x: f32, y: f32) -> (f32, f32) {
        (self.x + self.zoom * x - self.turn * y, self.y + self.zoom * y + self.turn * x)
    }
}

/// Middle of a cell, pixels from the middle of the picture.
pub(super) fn place(index: usize, columns: usize, rows: usize) -> (f32, f32) {
    let (column, row) = ((index % columns) as f32, (index / columns) as f32);
    let cell = CELL as f32;
    ((column + 0.5 - 0.5 * columns as f32) * cell, (row + 0.5 - 0.5 * rows as f32) * cell)
}

/// Fits the camera's motion. `order` is a working buffer.
pub(super) fn fit(cells: &[CellFlow], columns: usize, rows: usize, order: &mut Vec<f32>) -> CameraStep {
    let trusted = cells.iter().filter(|cell| cell.confidence >= MIN_TRUST).count();
    if trusted < (cells.len() / 50).max(6) {
        return CameraStep::default();
    }
    let still = CameraStep {
        support: support(cells, columns, rows, &CameraStep::default()),
        ..CameraStep::default()
    };
    // Nothing could beat that but a sway.
    if still.support > 0.9 {
        let sway = refine(cells, columns, rows, CameraStep::default(), 3);
        return if sways(cells, columns, rows, &sway) { sway } else { still };
    }
    let middle = CameraStep {
        x: median(cells, order, |cell| cell.x),
        y: median(cells, order, |cell| cell.y),
        ..CameraStep::default()
    };
    let mut best = refine(cells, columns, rows, CameraStep::default(), 2);
    let other = refine(cells, columns, rows, middle, 0);
    if other.support > best.support + 0.02 {
        best = other;
    }
    // A sway too small to tell from rest by the shares alone is told by which of the two the cells are nearer to.
    if still.support >= STILL_SHARE && best.support < still.support + 0.1 {
        return if sways(cells, columns, rows, &best) { best } else { still };
    }
    if best.support < AGREEING_SHARE {
        // Nobody knows; a camera that stands still is the better guess, and `support` says how little it rests on.
        return still;
    }
    best
}

fn median(cells: &[CellFlow], order: &mut Vec<f32>, of: impl Fn(&CellFlow) -> f32) -> f32 {
    order.clear();
    order.extend(cells.iter().filter(|cell| cell.confidence >= MIN_TRUST).map(of));
    let half = order.len() / 2;
    if order.is_empty() { 0.0 } else { *order.select_nth_unstable_by(half, f32::total_cmp).1 }
}

/// Whether a step too small to be told from rest by [`support`] is the camera's: nearly every trusted cell lies nearer to it than to rest.
/// What moves slowly and fills less of the view than that is a crowd.
fn sways(cells: &[CellFlow], columns: usize, rows: usize, step: &CameraStep) -> bool {
    if length(step.x, step.y) < LEAST_SWAY_PX {
        return false;
    }
    let (mut with, mut all) = (0_usize, 0_usize);
    for (index, cell) in cells.iter().enumerate().filter(|(_, cell)| cell.confidence >= MIN_TRUST) {
        let (x, y) = place(index, columns, rows);
        let (u, v) = step.at(x, y);
        all += 1;
        with += usize::from(length(cell.x - u, cell.y - v) < length(cell.x, cell.y));
    }
    with as f32 > SWAY_SHARE * all as f32
}

/// Share of the cells that move so, of those that could tell it from standing still or from their own motion: where a shift by this
/// step would show above the noise. Cells with little texture have a say, too, when the step is a large one: a car that fills the
/// view on plain asphalt is no pan.
fn support(cells: &[CellFlow], columns: usize, rows: usize, step: &CameraStep) -> f32 {
    let (mut agreeing, mut all) = (0.0, 0.0);
    for (index, cell) in cells.iter().enumerate() {
        let (x, y) = place(index, columns, rows);
        let (u, v) = step.at(x, y);
        let would_show = cell.texture * (u * u + v * v);
        if cell.confidence >= MIN_TRUST {
            let distance = length(cell.x - u, cell.y - v);
            all += 1.0;
            agreeing += f32::from(u8::from(distance < FITS_PX.max(0.1 * length(u, v))));
        } else if would_show > SHOWS && cell.error_at_rest < 0.3 * would_show {
            all += 1.0;
        }
    }
    if all > 0.0 { agreeing / all } else { 0.0 }
}

fn refine(cells: &[CellFlow], columns: usize, rows: usize, from: CameraStep, first: usize) -> CameraStep {
    let mut step = from;
    for scale in &SCALES[first..] {
        // Weighted sums: of the places, of the flows, and of their products.
        let (mut weights, mut wx, mut wy, mut wu, mut wv) = (0.0, 0.0, 0.0, 0.0, 0.0);
        let (mut wrr, mut along, mut across) = (0.0, 0.0, 0.0);
        for (index, cell) in cells.iter().enumerate() {
            if cell.confidence < MIN_TRUST {
                continue;
            }
            let (x, y) = place(index, columns, rows);
            let (u, v) = step.at(x, y);
            let apart = ((cell.x - u) * (cell.x - u) + (cell.y - v) * (cell.y - v)) / (scale * scale);
            let weight = cell.confidence / ((1.0 + apart) * (1.0 + apart));
            weights += weight;
            wx += weight * x;
            wy += weight * y;
            wu += weight * cell.x;
            wv += weight * cell.y;
            wrr += weight * (x * x + y * y);
            along += weight * (x * cell.x + y * cell.y);
            across += weight * (x * cell.y - y * cell.x);
        }
        if weights <= 1e-3 {
            return from;
        }
        let spread = wrr - (wx * wx + wy * wy) / weights;
        let (zoom, turn) = if spread > weights * 16.0 {
            (
                (along - (wx * wu + wy * wv) / weights) / spread,
                (across - (wx * wv - wy * wu) / weights) / spread,
            )
        } else {
            (0.0, 0.0)
        };
        step = CameraStep {
            x: (wu - zoom * wx + turn * wy) / weights,
            y: (wv - zoom * wy - turn * wx) / weights,
            zoom,
            turn,
            support: 0.0,
        };
    }
    step.support = support(cells, columns, rows, &step);
    step
}
