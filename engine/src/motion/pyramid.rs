//! A grey picture at halving sizes, with a border, so that windows may reach beyond the edge.

use crate::Luma;

/// Replicated pixels around each level.
pub(super) const BORDER: usize = 12;
/// Most levels, the full picture included.
const MAX_LEVELS: usize = 4;
/// A level that would be shorter than this on one side is left out, pixels.
const MIN_SIDE: usize = 10;

/// How many levels a picture of this size has.
pub(super) fn level_count(width: usize, height: usize) -> usize {
    (1..MAX_LEVELS).take_while(|&level| width.min(height) >> level >= MIN_SIDE).count() + 1
}

/// One size of the picture. Pixel (0, 0) has `BORDER` pixels above and to the left of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Level {
    width: usize,
    height: usize,
    stride: usize,
    pixels: Vec<f32>,
    /// Column sums of a row, a pixel more at either end.
    row: Vec<u16>,
}

impl Level {
    fn set_size(&mut self, width: usize, height: usize) {
        if (self.width, self.height) != (width, height) {
            (self.width, self.height, self.stride) = (width, height, width + 2 * BORDER);
            self.pixels.clear();
            self.pixels.resize(self.stride * (height + 2 * BORDER), 0.0);
        }
    }

    /// Pixels across, without the border.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// Pixels down, without the border.
    pub(super) fn height(&self) -> usize {
        self.height
    }

    /// From a pixel to the one below.
    pub(super) fn stride(&self) -> usize {
        self.stride
    }

    /// All pixels, the border included.
    pub(super) fn pixels(&self) -> &[f32] {
        &self.pixels
    }

    /// Place of a pixel in [`Self::pixels`]; coordinates beyond the border count as on it.
    pub(super) fn index(&self, x: i32, y: i32) -> usize {
        let border = BORDER as i32;
        let x = (x + border).clamp(0, self.stride as i32 - 1) as usize;
        let y = (y + border).clamp(0, (self.height + 2 * BORDER) as i32 - 1) as usize;
        y * self.stride + x
    }

    /// The picture, smoothed with (1 2 1)/4 both ways: what compression leaves at the pixel's scale is no texture.
    fn fill(&mut self, luma: Luma<'_>) {
        let (width, height) = (luma.width(), luma.height());
        self.set_size(width, height);
        self.row.resize(width + 2, 0);
        let pixels = luma.pixels();
        for y in 0..height {
            let above = &pixels[y.saturating_sub(1) * width..][..width];
            let here = &pixels[y * width..][..width];
            let below = &pixels[(y + 1).min(height - 1) * width..][..width];
            for (sum, ((a, b), c)) in self.row[1..=width].iter_mut().zip(above.iter().zip(here).zip(below)) {
                *sum = u16::from(*a) + 2 * u16::from(*b) + u16::from(*c);
            }
            self.row[0] = self.row[1];
            self.row[width + 1] = self.row[width];
            let start = (y + BORDER) * self.stride + BORDER;
            let out = &mut self.pixels[start..start + width];
            let columns = self.row.iter().zip(&self.row[1..]).zip(&self.row[2..]);
            for (out, ((a, b), c)) in out.iter_mut().zip(columns) {
                *out = f32::from(i16::try_from(a + 2 * b + c).unwrap_or(i16::MAX)) / 16.0;
            }
        }
        self.replicate();
    }

    /// The mean of each two by two pixels of a larger level.
    fn halve(&mut self, larger: &Self) {
        self.set_size(larger.width / 2, larger.height / 2);
        for y in 0..self.height {
            let from = (2 * y + BORDER) * larger.stride + BORDER;
            let upper = &larger.pixels[from..from + 2 * self.width];
            let lower = &larger.pixels[from + larger.stride..][..2 * self.width];
            let to = (y + BORDER) * self.stride + BORDER;
            let out = &mut self.pixels[to..to + self.width];
            for (out, (a, b)) in out.iter_mut().zip(upper.chunks_exact(2).zip(lower.chunks_exact(2))) {
                *out = 0.25 * (a[0] + a[1] + b[0] + b[1]);
            }
        }
        self.replicate();
    }

    fn replicate(&mut self) {
        let (width, height, stride) = (self.width, self.height, self.stride);
        for row in self.pixels.chunks_exact_mut(stride).skip(BORDER).take(height) {
            let (left, right) = (row[BORDER], row[BORDER + width - 1]);
            row[..BORDER].fill(left);
            row[BORDER + width..].fill(right);
        }
        for y in 0..BORDER {
            self.pixels.copy_within(BORDER * stride..(BORDER + 1) * stride, y * stride);
            let last = (BORDER + height - 1) * stride;
            self.pixels.copy_within(last..last + stride, (BORDER + height + y) * stride);
        }
    }
}

/// The levels, the full picture first.
#[derive(Clone, Debug, Default)]
pub(super) struct Pyramid {
    levels: Vec<Level>,
}

impl Pyramid {
    /// Takes a picture. Buffers are kept while the size stays.
    pub(super) fn fill(&mut self, luma: Luma<'_>) {
        let count = level_count(luma.width(), luma.height());
        self.levels.resize_with(count, Level::default);
        self.levels[0].fill(luma);
        for level in 1..count {
            let (larger, smaller) = self.levels.split_at_mut(level);
            smaller[0].halve(&larger[level - 1]);
        }
    }

    /// Changes the brightness of every level by a gain and an offset, grey levels.
    pub(super) fn relight(&mut self, gain: f32, offset: f32) {
        for pixel in self.levels.iter_mut().flat_map(|level| &mut level.pixels) {
            *pixel = *pixel * gain + offset;
        }
    }

    /// The levels, the full picture first; none before the first picture.
    pub(super) fn levels(&self) -> &[Level] {
        &self.levels
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "these values are exact")]
mod tests {
    use super::{BORDER, Pyramid};
    use crate::Luma;

    #[test]
    fn a_flat_picture_is_flat_at_every_size() {
        let mut pyramid = Pyramid::default();
        pyramid.fill(Luma::new(&vec![77; 320 * 184], 320, 184).unwrap());
        let sizes: Vec<_> = pyramid.levels().iter().map(|level| (level.width(), level.height())).collect();
        assert_eq!(sizes, [(320, 184), (160, 92), (80, 46), (40, 23)]);
        assert!(pyramid.levels().iter().all(|level| level.pixels().iter().all(|&p| p == 77.0)));
        pyramid.fill(Luma::new(&[0; 64], 8, 8).unwrap());
        assert_eq!(pyramid.levels().len(), 1);
    }

    #[test]
    fn levels_halve_and_borders_repeat_the_edge() {
        let pixels: Vec<u8> = (0..64 * 32).map(|i| (i % 64) as u8 * 4).collect();
        let mut pyramid = Pyramid::default();
        pyramid.fill(Luma::new(&pixels, 64, 32).unwrap());
        let [full, half] = pyramid.levels() else { panic!("32 px have two levels") };
        // A ramp stays a ramp: (10, 5) is 40; at half size (5, 2) lies between (10, 4) and (11, 5).
        assert_eq!(full.pixels()[full.index(10, 5)], 40.0);
        assert_eq!(half.pixels()[half.index(5, 2)], 42.0);
        assert_eq!(full.pixels()[full.index(-100, 5)], full.pixels()[full.index(0, 5)]);
        assert_eq!(full.index(0, 0), BORDER * (64 + 2 * BORDER) + BORDER);
    }
}
