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
const SETTLED: f32 = 0.03;

type Window = [[f32; SIDE]; SIDE];

/// A window of this picture, with what is needed to find it again.
#[derive(Clone, Debug)]
pub(super) struct Patch {
    pixels: Window,
    gradient_x: Window,
    gradient_y: Window,
    /// Inverse of the matrix of squared gradients: xx, xy, yy.
    inverse: [f32; 3],
    /// The smaller eigenvalue of that matrix per pixel, (grey levels per pixel)²: 0 where the window could slide along.
    pub(super) texture: f32,
    /// Where the window's upper left pixel is in its level.
    origin: (i32, i32),
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
        let mut patch = Self {
            pixels: [[0.0; SIDE]; SIDE],
            gradient_x: [[0.0; SIDE]; SIDE],
            gradient_y: [[0.0; SIDE]; SIDE],
            inverse: [0.0; 3],
            texture: 0.0,
            origin: (x, y),
        };
        let stride = level.stride();
        let start = level.index(x, y);
        let pixels = level.pixels();
        for row in 0..SIDE {
            let at = start + row * stride;
            let (Some(wide), Some(above), Some(below)) = (
                pixels.get(at - 1..).and_then(<[f32]>::first_chunk::<{ SIDE + 2 }>),
                pixels.get(at - stride..).and_then(<[f32]>::first_chunk::<SIDE>),
                pixels.get(at + stride..).and_then(<[f32]>::first_chunk::<SIDE>),
            ) else {
                return patch;
            };
            for i in 0..SIDE {
                patch.pixels[row][i] = wide[i + 1];
                patch.gradient_x[row][i] = 0.5 * (wide[i + 2] - wide[i]);
                patch.gradient_y[row][i] = 0.5 * (below[i] - above[i]);
            }
        }
        // Gradients without their mean make the steps blind to a difference of brightness.
        remove_mean(&mut patch.gradient_x);
        remove_mean(&mut patch.gradient_y);
        let xx = product(&patch.gradient_x, &patch.gradient_x) / COUNT;
        let xy = product(&patch.gradient_x, &patch.gradient_y) / COUNT;
        let yy = product(&patch.gradient_y, &patch.gradient_y) / COUNT;
        let half = 0.5 * (xx - yy);
        patch.texture = (0.5 * (xx + yy) - (half * half + xy * xy).sqrt()).max(0.0);
        let (xx, yy) = (xx + DAMPING, yy + DAMPING);
        let scale = 1.0 / (COUNT * (xx * yy - xy * xy));
        patch.inverse = [yy * scale, -xy * scale, xx * scale];
        patch
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
        spread(&sums, &squares)
    }

    /// How well it fits the last picture at this shift, rounded to whole pixels, grey levels².
    pub(super) fn error_at(&self, last: &Level, x: f32, y: f32) -> f32 {
        let (x, y) = within(last, self.origin, x, y);
        let start = last.index(self.origin.0 + x.round() as i32, self.origin.1 + y.round() as i32);
        let pixels = last.pixels();
        let (mut sums, mut squares) = ([0.0; SIDE], [0.0; SIDE]);
        for (row, own) in self.pixels.iter().enumerate() {
            let Some(other) =
                pixels.get(start + row * last.stride()..).and_then(<[f32]>::first_chunk::<SIDE>)
            else {
                return f32::MAX;
            };
            for i in 0..SIDE {
                let difference = other[i] - own[i];
                sums[i] += difference;
                squares[i] += difference * difference;
            }
        }
        spread(&sums, &squares)
    }

    /// Finds it in the last picture, starting from this shift, in at most `steps` steps. Never further than `reach` pixels
    /// from the start.
    pub(super) fn find(&self, last: &Level, from: (f32, f32), steps: usize, reach: f32) -> Match {
        let (mut x, mut y) = within(last, self.origin, from.0, from.1);
        let (start_x, start_y) = (x, y);
        let mut best = Match { x, y, error: f32::MAX };
        for step in 0..=steps {
            let (error, bx, by) = self.compare(last, x, y);
            if error < best.error {
                best = Match { x, y, error };
            } else if step > 0 {
                break;
            }
            let (dx, dy) = (
                -(self.inverse[0] * bx + self.inverse[1] * by),
                -(self.inverse[1] * bx + self.inverse[2] * by),
            );
            if dx * dx + dy * dy < SETTLED * SETTLED {
                break;
            }
            (x, y) = within(last, self.origin, x + dx, y + dy);
            if (x - start_x).abs().max((y - start_y).abs()) > reach {
                break;
            }
        }
        best
    }

    /// Error and gradient of the error at this shift, between pixels.
    fn compare(&self, last: &Level, x: f32, y: f32) -> (f32, f32, f32) {
        let (left, top) = (x.floor(), y.floor());
        let (share_x, share_y) = (x - left, y - top);
        let start = last.index(self.origin.0 + left as i32, self.origin.1 + top as i32);
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
                along_x[i] += difference * self.gradient_x[row][i];
                along_y[i] += difference * self.gradient_y[row][i];
            }
            upper = lower;
        }
        (spread(&sums, &squares), along_x.iter().sum(), along_y.iter().sum())
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

fn spread(sums: &[f32; SIDE], squares: &[f32; SIDE]) -> f32 {
    let mean = sums.iter().sum::<f32>() / COUNT;
    (squares.iter().sum::<f32>() / COUNT - mean * mean).max(0.0)
}

fn remove_mean(window: &mut Window) {
    let mut sums = [0.0; SIDE];
    for row in &*window {
        for i in 0..SIDE {
            sums[i] += row[i];
        }
    }
    let mean = sums.iter().sum::<f32>() / COUNT;
    for row in window {
        for value in row {
            *value -= mean;
        }
    }
}

fn product(a: &Window, b: &Window) -> f32 {
    let mut sums = [0.0; SIDE];
    for (a, b) in a.iter().zip(b) {
        for i in 0..SIDE {
            sums[i] += a[i] * b[i];
        }
    }
    sums.iter().sum()
}
