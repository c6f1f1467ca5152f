//! What is measured on a grey picture to judge it: brightness, contrast, sharpness, and whether it is the last one again.

use crate::Luma;
use crate::motion::MotionView;

/// Side of the squares that the small picture's pixels are the means of, pixels.
pub(super) const SQUARE: usize = 4;
/// Side of a cell of [`MotionView`], in squares.
const CELL_SQUARES: usize = 2;
/// Differences between neighbours up to this are noise, grey levels.
const NOISE: u8 = 2;
/// A cell of which more than this is foreground has no say in sharpness.
const MOSTLY_FOREGROUND: f32 = 0.25;

/// Figures of one picture.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Measures {
    /// Grey level that 1 % of the picture lies under.
    pub dark: u8,
    /// Grey level that 75 % of the picture lies under.
    pub upper: u8,
    /// Grey level that 99 % of the picture lies under.
    pub bright: u8,
    /// Steps between neighbouring pixels over what smooth ramps of the same coarse picture would have, both as root mean square: about 1 for a picture
    /// out of focus, above 2 for a sharp one. 0 when there is nothing to measure it by.
    pub sharpness: f32,
    /// Mean step between squares of 4 by 4 pixels, grey levels.
    pub structure: f32,
    /// Whether any pixel differs from the picture before.
    pub changed: bool,
}

/// Measures pictures. Keeps its buffers.
#[derive(Clone, Debug, Default)]
pub(super) struct Gauge {
    last: Vec<u8>,
    small: Vec<f32>,
    columns: usize,
    rows: usize,
}

impl Gauge {
    /// The last picture's means over squares, and how many across and down.
    pub(super) fn small(&self) -> (&[f32], usize, usize) {
        (&self.small, self.columns, self.rows)
    }

    /// Forgets the last picture.
    pub(super) fn reset(&mut self) {
        self.last.clear();
    }

    /// Takes a picture.
    pub(super) fn measure(&mut self, luma: Luma<'_>, motion: Option<&MotionView>) -> Measures {
        let changed = self.last != luma.pixels();
        if changed {
            self.last.clear();
            self.last.extend_from_slice(luma.pixels());
        }
        self.shrink(luma);
        let (dark, upper, bright) = levels(luma);
        let (sharpness, structure) = self.sharpness(luma, motion);
        Measures { dark, upper, bright, sharpness, structure, changed }
    }

    fn shrink(&mut self, luma: Luma<'_>) {
        (self.columns, self.rows) = (luma.width() / SQUARE, luma.height() / SQUARE);
        self.small.clear();
        self.small.resize(self.columns * self.rows, 0.0);
        let lines = luma.pixels().chunks_exact(luma.width() * SQUARE);
        for (means, lines) in self.small.chunks_exact_mut(self.columns).zip(lines) {
            for line in lines.chunks_exact(luma.width()) {
                for (mean, four) in means.iter_mut().zip(line.chunks_exact(SQUARE)) {
                    let sum =
                        u16::from(four[0]) + u16::from(four[1]) + u16::from(four[2]) + u16::from(four[3]);
                    *mean += f32::from(sum) / (SQUARE * SQUARE) as f32;
                }
            }
        }
    }

    /// Sharpness of what is not foreground, and structure of the whole picture.
    fn sharpness(&self, luma: Luma<'_>, motion: Option<&MotionView>) -> (f32, f32) {
        let (mut fine, mut coarse, mut structure, mut count) = (0.0, 0.0, 0.0, 0_u32);
        for row in 1..self.rows.saturating_sub(1) {
            for column in 1..self.columns.saturating_sub(1) {
                let here = row * self.columns + column;
                let across = self.small[here + 1] - self.small[here - 1];
                let down = self.small[here + self.columns] - self.small[here - self.columns];
                let steps = across.abs() + down.abs();
                structure += 0.5 * steps;
                count += 1;
                let covered = motion.is_some_and(|view| {
                    let cell = row / CELL_SQUARES * view.columns + column / CELL_SQUARES;
                    view.foreground.get(cell).is_some_and(|&share| share > MOSTLY_FOREGROUND)
                });
                if !covered {
                    coarse += across * across + down * down;
                    fine += steps_inside(luma, column * SQUARE, row * SQUARE);
                }
            }
        }
        // `coarse` spans two squares, `fine` one pixel.
        let ramp = coarse / (2 * SQUARE * 2 * SQUARE) as f32;
        let enough = count > 0 && coarse > 0.04 * count as f32;
        (if enough { (fine / ramp).sqrt() } else { 0.0 }, structure / (2 * count.max(1)) as f32)
    }
}

/// Mean squared step to the next pixel across and down inside a square, noise apart.
fn steps_inside(luma: Luma<'_>, left: usize, top: usize) -> f32 {
    let width = luma.width();
    let mut sum = 0_u32;
    for y in top..top + SQUARE {
        let Some(line) =
            luma.pixels().get(y * width + left..).and_then(<[u8]>::first_chunk::<{ SQUARE + 1 }>)
        else {
            continue;
        };
        let Some(below) = luma.pixels().get((y + 1) * width + left..).and_then(<[u8]>::first_chunk::<SQUARE>)
        else {
            continue;
        };
        for i in 0..SQUARE {
            let across = u32::from(line[i].abs_diff(line[i + 1]).saturating_sub(NOISE));
            let down = u32::from(line[i].abs_diff(below[i]).saturating_sub(NOISE));
            sum += across * across + down * down;
        }
    }
    sum as f32 / (SQUARE * SQUARE) as f32
}

/// Levels that 1 %, 75 % and 99 % of the picture lie under. Every other pixel is looked at.
fn levels(luma: Luma<'_>) -> (u8, u8, u8) {
    let mut histogram = [0_u32; 256];
    for &pixel in luma.pixels().iter().step_by(2) {
        histogram[usize::from(pixel)] += 1;
    }
    let all: u32 = histogram.iter().sum();
    let level = |share: f32| {
        let mut below = 0;
        let at = histogram.iter().position(|&count| {
            below += count;
            below as f32 > share * all as f32
        });
        at.map_or(u8::MAX, |level| level as u8)
    };
    (level(0.01), level(0.75), level(0.99))
}
