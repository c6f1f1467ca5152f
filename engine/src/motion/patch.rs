//! One window of 8 by 8 pixels: found again in the last picture by the inverse compositional Lucas–Kanade method.
//!
//! S. Baker and I. Matthews, "Lucas-Kanade 20 Years On", IJCV 56(3), 2004; windows without their mean, as in T. Kroeger et al.,
//! "Fast Optical Flow using Dense Inverse Search", ECCV 2016. A change of brightness that is the same all over a window is no motion.

use super::pyramid::{BORDER, Level};

/// Side of the window, pixels.
pub(super) const SIDE: usize = 8;
const COUNT: f32 = (SIDE * SIDE) as f32;
/// Added to the squared gradient per pixel, (grey levels per pixel)²: what noise alone amounts to after smoothing. Keeps a window
/// without texture from running away.
const DAMPING: f32 = 1.0;
/// Steps under this end the search, pixels.
const SETTLED: f32 = 0.05;

/// A step under this is the last one, pixels.
const LAST_STEP: f32 = 0.25;

type Window = [[f32; SIDE]; SIDE];

/// A window of this picture.
#[derive(Clone, Debug)]
pub(super) struct Patch {
    pixels: Window,
    /// Where the window's upper left pixel is in its level.
    origin: (i32, i32),
}

/// What is needed to find a window between the pixels of another picture.
#[derive(Clone, Debug)]
pub(super) struct Slopes {
    x: Window,
    y: Window,
    /// Mean of each. Without it the steps are blind to a difference of brightness.
    mean: (f32, f32),
    /// Inverse of the matrix of squared gradients: xx, xy, yy.
    inverse: [f32; 3],
    /// The smaller eigenvalue of that matrix per pixel, (grey levels per pixel)²: 0 where the window could slide along.
    pub(super) texture: f32,
}

/// Where a window was in the last picture.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Match {
    /// From this picture to the last, pixels of the level.
    pub(super) x: f32,
    /// As `x`, downwards.
    pub(super) y: f32,
    /// Mean squared difference, without the windows' means, grey levels².
    pub(super) error: f32,
}

impl Patch {
    /// The window whose upper left pixel is at (x, y) of this level.
    pub(super) fn new(level: &Level, x: i32, y: i32) -> Self {
        let mut pixels = [[0.0; SIDE]; SIDE];
        let lines = level.pixels().get(level.index(x, y)..).unwrap_or(&[]).chunks(level.stride());
        for (row, line) in pixels.iter_mut().zip(lines) {
            if let Some(line) = line.first_chunk::<SIDE>() {
                *row = *line;
            }
        }
        Self { pixels, origin: (x, y) }
    }

    /// Its gradients; `level` is the one that it is from.
    #[expect(clippy::similar_names, reason = "the entries of a small matrix are named by their factors")]
    pub(super) fn slopes(&self, level: &Level) -> Slopes {
        let mut slopes = Slopes {
            x: [[0.0; SIDE]; SIDE],
            y: [[0.0; SIDE]; SIDE],
            mean: (0.0, 0.0),
            inverse: [0.0; 3],
            texture: 0.0,
        };
        let stride = level.stride();
        let start = level.index(self.origin.0, self.origin.1);
        let pixels = level.pixels();
        let (mut sum_x, mut sum_y) = ([0.0; SIDE], [0.0; SIDE]);
        let (mut sum_xx, mut sum_xy, mut sum_yy) = ([0.0; SIDE], [0.0; SIDE], [0.0; SIDE]);
        for row in 0..SIDE {
            let at = start + row * stride;
            let (Some(wide), Some(above), Some(below)) = (
                pixels.get(at - 1..).and_then(<[f32]>::first_chunk::<{ SIDE + 2 }>),
                pixels.get(at - stride..).and_then(<[f32]>::first_chunk::<SIDE>),
                pixels.get(at + stride..).and_then(<[f32]>::first_chunk::<SIDE>),
            ) else {
                return slopes;
            };
            for i in 0..SIDE {
                let (x, y) = (0.5 * (wide[i + 2] - wide[i]), 0.5 * (below[i] - above[i]));
                (slopes.x[row][i], slopes.y[row][i]) = (x, y);
                sum_x[i] += x;
                sum_y[i] += y;
                sum_xx[i] += x * x;
                sum_xy[i] += x * y;
                sum_yy[i] += y * y;
            }
        }
        let mean = |sums: &[f32; SIDE]| sums.iter().sum::<f32>() / COUNT;
        let (x, y) = (mean(&sum_x), mean(&sum_y));
        let (xx, xy, yy) = (mean(&sum_xx) - x * x, mean(&sum_xy) - x * y, mean(&sum_yy) - y * y);
        let half = 0.5 * (xx - yy);
        slopes.mean = (x, y);
        slopes.texture = (0.5 * (xx + yy) - (half * half + xy * xy).sqrt()).max(0.0);
        let (xx, yy) = (xx + DAMPING, yy + DAMPING);
        let scale = 1.0 / (COUNT * (xx * yy - xy * xy));
        slopes.inverse = [yy * scale, -xy * scale, xx * scale];
        slopes
    }

    /// Variance of its pixels, grey levels².
    pub(super) fn variance(&self) -> f32 {
        let (mut sums, mut squares) = ([0.0; SIDE], [0.0; SIDE]);
        for row in &self.pixels {
            for i in 0..SIDE {
                sums[i] += row[i];
                squares[i] += row[i] * row[i];
            }
        }
        spread(&sums, &squares, COUNT)
    }

    /// How well it fits the last picture at this shift, rounded to whole pixels, grey levels².
    pub(super) fn error_at(&self, last: &Level, x: f32, y: f32) -> f32 {
        self.error_on_rows::<1>(last, x, y)
    }

    /// As [`Self::error_at`], by every second row.
    pub(super) fn rough_error_at(&self, last: &Level, x: f32, y: f32) -> f32 {
        self.error_on_rows::<2>(last, x, y)
    }

    fn error_on_rows<const EVERY: usize>(&self, last: &Level, x: f32, y: f32) -> f32 {
        let (x, y) = within(last, self.origin, x, y);
        let start = last.index(self.origin.0 + floor(x + 0.5), self.origin.1 + floor(y + 0.5));
        let lines = last.pixels().get(start..).unwrap_or(&[]).chunks(last.stride());
        let (mut sums, mut squares) = ([0.0; SIDE], [0.0; SIDE]);
        for (own, other) in self.pixels.iter().zip(lines).step_by(EVERY) {
            let Some(other) = other.first_chunk::<SIDE>() else { return f32::MAX };
            for i in 0..SIDE {
                let difference = other[i] - own[i];
                sums[i] += difference;
                squares[i] += difference * difference;
            }
        }
        spread(&sums, &squares, COUNT / EVERY as f32)
    }

    /// Finds it in the last picture, starting from this shift, in at most `steps` steps. Never further than `reach` pixels
    /// from the start.
    pub(super) fn find(
        &self,
        slopes: &Slopes,
        last: &Level,
        from: (f32, f32),
        steps: usize,
        reach: f32,
    ) -> Match {
        let (mut x, mut y) = within(last, self.origin, from.0, from.1);
        let (start_x, start_y) = (x, y);
        let mut best = Match { x, y, error: f32::MAX };
        for step in 0..=steps {
            let (error, bx, by) = self.compare(slopes, last, x, y);
            if error < best.error {
                best = Match { x, y, error };
            } else if step > 0 {
                break;
            }
            let (dx, dy) = (
                -(slopes.inverse[0] * bx + slopes.inverse[1] * by),
                -(slopes.inverse[1] * bx + slopes.inverse[2] * by),
            );
            if dx * dx + dy * dy < SETTLED * SETTLED {
                break;
            }
            if dx * dx + dy * dy < LAST_STEP * LAST_STEP && error < f32::MAX {
                // So near, the surface is a bowl, and where its bottom is need not be looked at again.
                let gain = (-(dx * bx + dy * by) / COUNT).max(0.0);
                let (x, y) = within(last, self.origin, x + dx, y + dy);
                return Match { x, y, error: (error - gain).max(0.0) };
            }
            (x, y) = within(last, self.origin, x + dx, y + dy);
            if (x - start_x).abs().max((y - start_y).abs()) > reach {
                break;
            }
        }
        best
    }

    /// Error and gradient of the error at this shift, between pixels.
    fn compare(&self, slopes: &Slopes, last: &Level, x: f32, y: f32) -> (f32, f32, f32) {
        let (left, top) = (floor(x), floor(y));
        let (share_x, share_y) = (x - left as f32, y - top as f32);
        let start = last.index(self.origin.0 + left, self.origin.1 + top);
        let pixels = last.pixels();
        let across = |row: usize| -> Option<[f32; SIDE]> {
            let row = pixels.get(start + row * last.stride()..)?.first_chunk::<{ SIDE + 1 }>()?;
            let mut out = [0.0; SIDE];
            for i in 0..SIDE {
                out[i] = row[i] + share_x * (row[i + 1] - row[i]);
            }
            Some(out)
        };
        let (mut sums, mut squares) = ([0.0; SIDE], [0.0; SIDE]);
        let (mut along_x, mut along_y) = ([0.0; SIDE], [0.0; SIDE]);
        let Some(mut upper) = across(0) else { return (f32::MAX, 0.0, 0.0) };
        for row in 0..SIDE {
            let Some(lower) = across(row + 1) else { return (f32::MAX, 0.0, 0.0) };
            for i in 0..SIDE {
                let difference = upper[i] + share_y * (lower[i] - upper[i]) - self.pixels[row][i];
                sums[i] += difference;
                squares[i] += difference * difference;
                along_x[i] += difference * slopes.x[row][i];
                along_y[i] += difference * slopes.y[row][i];
            }
            upper = lower;
        }
        let all: f32 = sums.iter().sum();
        (
            spread(&sums, &squares, COUNT),
            along_x.iter().sum::<f32>() - slopes.mean.0 * all,
            along_y.iter().sum::<f32>() - slopes.mean.1 * all,
        )
    }
}

/// Keeps a window at this shift inside the border of the last picture.
fn within(last: &Level, origin: (i32, i32), x: f32, y: f32) -> (f32, f32) {
    let border = BORDER as f32;
    let (left, top) = (origin.0 as f32, origin.1 as f32);
    let (width, height, side) = (last.width() as f32, last.height() as f32, SIDE as f32);
    (
        x.clamp(1.0 - border - left, width + border - side - 2.0 - left),
        y.clamp(1.0 - border - top, height + border - side - 2.0 - top),
    )
}

fn spread(sums: &[f32; SIDE], squares: &[f32; SIDE], count: f32) -> f32 {
    let mean = sums.iter().sum::<f32>() / count;
    (squares.iter().sum::<f32>() / count - mean * mean).max(0.0)
}

/// The whole number below; the library's own is a call where the processor lacks the instruction. Shifts are far smaller than 8192 pixels.
fn floor(value: f32) -> i32 {
    (value + 8192.0) as i32 - 8192
}
