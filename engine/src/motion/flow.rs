//! Dense flow on a coarse grid, from coarse to fine.
//!
//! In the manner of T. Kroeger et al., "Fast Optical Flow using Dense Inverse Search", ECCV 2016: windows of 8 by 8 pixels, at each
//! size of the picture, start from the best of a few guesses (standing still, the picture's shift as a whole, what was found at half the
//! size there and beside it, and where this cell's flow of the frame before points to) and are then found to a fraction of a pixel. Windows that fit nowhere near a guess are looked for all around, so that a
//! thing that moves further than its own size between two frames is found, too.

use super::field::FlowField;
use super::light;
use super::patch::{Match, Patch, SIDE};
use super::pyramid::{Level, Pyramid};
use crate::Luma;

/// Side of a cell, pixels of the full picture.
pub(super) const CELL: usize = 8;
/// Distance of the windows at all but the full size, pixels there. At half size it makes one window a cell.
pub(super) const PITCH: usize = 4;
/// The size at which windows are looked for all around: a quarter.
const SEARCH_LEVEL: usize = 2;
/// How far, pixels there: 28 pixels of the full picture.
const SEARCH_REACH: i32 = 7;
/// Most windows looked for all around in a frame; the rest keep what they have.
const MAX_SEARCHES: usize = 24;
/// How far the coarsest pictures are shifted as a whole, pixels there: 48 of the full picture.
const SHIFT_REACH: i32 = 6;
/// A fit with a mean squared difference under this is as good as noise allows, grey levels².
const NOISE: f32 = 4.0;
/// A guess with a mean squared difference under this needs no better one, grey levels².
const QUIET: f32 = 2.0;
/// Texture at which a cell is half trusted, (grey levels per pixel)².
const HALF_TRUSTED_TEXTURE: f32 = 3.0;

/// What is known of a cell's motion.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct CellFlow {
    /// To the right since the last picture, pixels.
    pub(super) x: f32,
    /// Downwards.
    pub(super) y: f32,
    /// 0 (no texture, or found nowhere) to 1.
    pub(super) confidence: f32,
    /// The smaller eigenvalue of the matrix of squared gradients, per pixel: (grey levels per pixel)².
    pub(super) texture: f32,
    /// Mean squared difference to the last picture at the same place, means apart, grey levels².
    pub(super) error_at_rest: f32,
}

#[derive(Clone, Debug, Default)]
struct Grid {
    columns: usize,
    rows: usize,
    found: Vec<Match>,
}

impl Grid {
    fn set_size(&mut self, columns: usize, rows: usize) {
        (self.columns, self.rows) = (columns, rows);
        self.found.clear();
        self.found.resize(columns * rows, Match::default());
    }

    fn at(&self, column: usize, row: usize) -> Match {
        self.found[row.min(self.rows - 1) * self.columns + column.min(self.columns - 1)]
    }
}

/// The flow between the last two pictures.
#[derive(Clone, Debug, Default)]
pub(super) struct Flow {
    now: Pyramid,
    last: Pyramid,
    /// One for each size of the picture, the full size first.
    grids: Vec<Grid>,
    columns: usize,
    rows: usize,
    cells: Vec<CellFlow>,
    /// Whether `last` holds the picture before `now`.
    has_last: bool,
    /// Seconds between the last two pictures; 0 when not known.
    dt_secs: f32,
}

impl Flow {
    /// Cells across and down.
    pub(super) fn size(&self) -> (usize, usize) {
        (self.columns, self.rows)
    }

    /// The cells, row by row.
    pub(super) fn cells(&self) -> &[CellFlow] {
        &self.cells
    }

    /// Forgets the last picture.
    pub(super) fn reset(&mut self) {
        self.has_last = false;
        self.dt_secs = 0.0;
        self.cells.fill(CellFlow::default());
    }

    /// Takes the next picture, `dt_secs` after the last one. Whether there was a last one of the same size.
    pub(super) fn step(&mut self, luma: Luma<'_>, dt_secs: f32) -> bool {
        std::mem::swap(&mut self.now, &mut self.last);
        self.now.fill(luma);
        let (columns, rows) = ((luma.width() / CELL).max(1), (luma.height() / CELL).max(1));
        let same_size = (columns, rows) == (self.columns, self.rows);
        if !same_size {
            (self.columns, self.rows) = (columns, rows);
            self.cells.clear();
            self.cells.resize(columns * rows, CellFlow::default());
        }
        if !std::mem::replace(&mut self.has_last, true) || !same_size {
            return false;
        }
        // Flow of the frame before, as a guess for this one.
        let ahead = if self.dt_secs > 0.0 { (dt_secs / self.dt_secs).min(3.0) } else { 0.0 };
        self.dt_secs = dt_secs;
        let count = self.now.levels().len();
        self.grids.resize_with(count, Grid::default);
        let mut searches = MAX_SEARCHES;
        let whole = self.align();
        for level in (0..count).rev() {
            self.find_level(level, ahead, whole, &mut searches);
        }
        true
    }

    /// Takes the flow to this picture as somebody else has measured it. Whether it's one of this picture's size.
    pub(super) fn take(&mut self, luma: Luma<'_>, field: FlowField<'_>) -> bool {
        self.reset();
        (self.columns, self.rows) = ((luma.width() / CELL).max(1), (luma.height() / CELL).max(1));
        let fits = field.size() == (self.columns, self.rows);
        self.cells.clear();
        self.cells.extend(field.cells().filter(|_| fits));
        self.cells.resize(self.columns * self.rows, CellFlow::default());
        fits
    }

    /// Puts the exposure of this picture on the last one. The shift from this one to the last as a whole, pixels of the coarsest size.
    fn align(&mut self) -> (f32, f32) {
        let (Some(now), Some(last)) = (self.now.levels().last(), self.last.levels().last()) else {
            return (0.0, 0.0);
        };
        let whole = shift_of_the_whole(now, last);
        let (right, down) = (whole.0 as i32, whole.1 as i32);
        let (width, height) = (now.width() as i32, now.height() as i32);
        let columns = 0.max(-right)..width.min(width - right);
        let pairs = (0.max(-down)..height.min(height - down)).flat_map(|row| {
            columns.clone().map(move |column| {
                let before = last.pixels()[last.index(column + right, row + down)];
                (before, now.pixels()[now.index(column, row)].round() as u8)
            })
        });
        if let Some((gain, offset)) = light::exposure(&pairs) {
            self.last.relight(gain, offset);
        }
        whole
    }

    fn find_level(&mut self, level: usize, ahead: f32, whole: (f32, f32), searches: &mut usize) {
        let (now, last) = (&self.now.levels()[level], &self.last.levels()[level]);
        let (fine, coarse) = self.grids.split_at_mut(level + 1);
        let grid = &mut fine[level];
        let parents = coarse.first();
        if level == 0 {
            grid.set_size(self.columns, self.rows);
        } else {
            grid.set_size(now.width().div_ceil(PITCH), now.height().div_ceil(PITCH));
        }
        let scale = 1.0 / (1_u32 << level) as f32;
        for row in 0..grid.rows {
            for column in 0..grid.columns {
                let patch = if level == 0 {
                    Patch::new(now, (column * CELL) as i32, (row * CELL) as i32)
                } else {
                    let overlap = (SIDE - PITCH) as i32 / 2;
                    Patch::new(now, (column * PITCH) as i32 - overlap, (row * PITCH) as i32 - overlap)
                };
                let at_rest = patch.error_at(last, 0.0, 0.0);
                let mut guesses = Guesses::new(&patch, last, at_rest);
                if let Some(parents) = parents {
                    let (left, top) = if level == 0 { (column, row) } else { (column / 2, row / 2) };
                    for parent in around(parents, left, top, column % 2 == 1, row % 2 == 1, level == 0) {
                        guesses.add(2.0 * parent.x, 2.0 * parent.y);
                    }
                } else {
                    guesses.add(whole.0, whole.1);
                }
                // What a window beside it was found by, this one may be, too: one search serves a whole thing.
                if column > 0 {
                    let beside = grid.at(column - 1, row);
                    guesses.add(beside.x, beside.y);
                }
                if row > 0 {
                    let above = grid.at(column, row - 1);
                    guesses.add(above.x, above.y);
                }
                if level == 1 && ahead > 0.0 {
                    let before =
                        self.cells[row.min(self.rows - 1) * self.columns + column.min(self.columns - 1)];
                    guesses.add(-before.x * ahead * scale, -before.y * ahead * scale);
                }
                let guess = guesses.best;
                if level > 0 && guess.error <= QUIET {
                    // Whole pixels are near enough to go on from at the next size.
                    grid.found[row * grid.columns + column] = guess;
                    continue;
                }
                let slopes = patch.slopes(now);
                let steps = if level == 0 { 3 } else { 4 };
                let mut found = patch.find(&slopes, last, (guess.x, guess.y), steps, 3.0);
                if level == SEARCH_LEVEL && *searches > 0 && found.error > unexplained(&patch, at_rest) {
                    *searches -= 1;
                    let further = look_all_around(&patch, last);
                    if further.error < 0.7 * found.error {
                        found = patch.find(&slopes, last, (further.x, further.y), 3, 2.0);
                    }
                }
                grid.found[row * grid.columns + column] = found;
                if level == 0 {
                    self.cells[row * self.columns + column] = CellFlow {
                        x: -found.x,
                        y: -found.y,
                        confidence: trust(&patch, slopes.texture, found.error),
                        texture: slopes.texture,
                        error_at_rest: at_rest,
                    };
                }
            }
        }
    }
}

/// Where a window may be, and the best of these. A window that fits as well as noise allows where it is needs no other guess.
struct Guesses<'a> {
    patch: &'a Patch,
    last: &'a Level,
    best: Match,
    tried: [(f32, f32); 8],
    count: usize,
}

impl<'a> Guesses<'a> {
    fn new(patch: &'a Patch, last: &'a Level, at_rest: f32) -> Self {
        let best = Match { x: 0.0, y: 0.0, error: at_rest };
        Self { patch, last, best, tried: [(0.0, 0.0); 8], count: 1 }
    }

    fn add(&mut self, x: f32, y: f32) {
        let near = |&(a, b): &(f32, f32)| (x - a).abs() < 0.5 && (y - b).abs() < 0.5;
        if self.best.error <= QUIET || self.tried[..self.count].iter().any(near) {
            return;
        }
        if self.count < self.tried.len() {
            self.tried[self.count] = (x, y);
            self.count += 1;
        }
        let error = self.patch.error_at(self.last, x, y);
        if error < 0.95 * self.best.error - 0.5 {
            self.best = Match { x, y, error };
        }
    }
}

/// What was found at half the size where a window is, and beside it.
fn around(parents: &Grid, column: usize, row: usize, right: bool, down: bool, same_grid: bool) -> [Match; 4] {
    if same_grid {
        // One window a cell at half size, too: the cell itself and its neighbours.
        let here = parents.at(column, row);
        return [
            here,
            parents.at(column.saturating_sub(1), row),
            parents.at(column + 1, row),
            parents.at(column, if down { row + 1 } else { row.saturating_sub(1) }),
        ];
    }
    let beside_x = if right { column + 1 } else { column.saturating_sub(1) };
    let beside_y = if down { row + 1 } else { row.saturating_sub(1) };
    [
        parents.at(column, row),
        parents.at(beside_x, row),
        parents.at(column, beside_y),
        parents.at(beside_x, beside_y),
    ]
}

/// The error above which a window counts as not found: neither noise nor a small part of what it shows.
fn unexplained(patch: &Patch, at_rest: f32) -> f32 {
    (0.15 * patch.variance()).max(4.0 * NOISE).min(at_rest)
}

fn look_all_around(patch: &Patch, last: &Level) -> Match {
    let mut best = Match { x: 0.0, y: 0.0, error: f32::MAX };
    for y in -SEARCH_REACH..=SEARCH_REACH {
        for x in -SEARCH_REACH..=SEARCH_REACH {
            let (x, y) = (x as f32, y as f32);
            let error = patch.rough_error_at(last, x, y);
            if error < best.error {
                best = Match { x, y, error };
            }
        }
    }
    Match { error: patch.error_at(last, best.x, best.y), ..best }
}

/// How far a match can be trusted: by the window's texture, and by how much of what it shows was found again.
fn trust(patch: &Patch, texture: f32, error: f32) -> f32 {
    let texture = texture / (texture + HALF_TRUSTED_TEXTURE);
    let misfit = error / (NOISE + 0.15 * patch.variance());
    texture / (1.0 + misfit * misfit)
}

/// The shift from this picture to the last one as a whole, in whole pixels: where they differ least, means apart.
fn shift_of_the_whole(now: &Level, last: &Level) -> (f32, f32) {
    let reach = SHIFT_REACH.min(now.width() as i32 / 3).min(now.height() as i32 / 3);
    let at_rest = difference(now, last, 0, 0);
    if at_rest <= NOISE {
        return (0.0, 0.0);
    }
    // No shift wins a tie.
    let mut best = (0.0, 0.0, 0.9 * at_rest);
    for y in -reach..=reach {
        for x in -reach..=reach {
            let error = difference(now, last, x, y);
            if error < best.2 {
                best = (x as f32, y as f32, error);
            }
        }
    }
    (best.0, best.1)
}

/// Variance of the difference where two pictures overlap, one of them shifted by (x, y).
fn difference(now: &Level, last: &Level, x: i32, y: i32) -> f32 {
    let (width, height) = (now.width() as i32, now.height() as i32);
    let (left, right) = (0.max(-x), width.min(width - x));
    let length = (right - left) as usize;
    let (mut sums, mut squares, mut count) = ([0.0; 8], [0.0; 8], 0.0);
    for row in 0.max(-y)..height.min(height - y) {
        let own = &now.pixels()[now.index(left, row)..][..length];
        let other = &last.pixels()[last.index(left + x, row + y)..][..length];
        for (own, other) in own.chunks_exact(8).zip(other.chunks_exact(8)) {
            for i in 0..8 {
                let difference = own[i] - other[i];
                sums[i] += difference;
                squares[i] += difference * difference;
            }
        }
        count += (length / 8 * 8) as f32;
    }
    if count == 0.0 {
        return f32::MAX;
    }
    let mean = sums.iter().sum::<f32>() / count;
    squares.iter().sum::<f32>() / count - mean * mean
}
