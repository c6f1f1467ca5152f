//! What the view looks like when nobody is in it: a level and a usual deviation per pixel.
//!
//! A running mean with a time constant in seconds, updated where the pixel looks like background and frozen where it does not, so that a thing
//! left behind still shows after minutes; and a running median of the absolute deviation (sigma-delta, A. Manzanera and J. Richefeu, Pattern
//! Recognition Letters 28(3), 2007), so that leaves, water and screens lose their say while people who pass do not. Rows are updated in turn, [`SWEEP_SECS`] for all.
//!
//! A change of exposure is a change of brightness by one gain and offset all over the picture: it is measured and put into the background.

use super::{light, register};
use crate::{Luma, Micros};

/// Side of a block, pixels: half a cell.
pub(super) const BLOCK: usize = 4;
/// Fraction bits of levels.
const Q: i32 = 6;
/// Time constant of the mean where the pixel looks like background, seconds.
const MEAN_SECS: f32 = 10.0;
/// How fast the deviation follows, grey levels per second: a screen loses its say within a minute or two, a corner where
/// people stop does not.
const DEVIATION_RATE: f32 = 0.1;
/// The same in the first seconds.
const WARM_UP_RATE: f32 = 4.0;
/// Each row is updated this often, seconds.
const SWEEP_SECS: f32 = 0.2;
/// In the first seconds the mean is that of the frames so far.
const WARM_UP_SECS: f32 = 1.5;
/// Deviation that is assumed at first, grey levels.
const FIRST_DEVIATION: i16 = 3;
/// A pixel is foreground beyond this plus [`DEVIATIONS`] times its deviation, grey levels.
const LEAST_DIFFERENCE: i16 = 7;
/// A normal deviate exceeds 4 times its median absolute deviation once in 140 times: six of 16 neighbours at once hardly ever do.
const DEVIATIONS: i16 = 4;
/// A deviation does not grow beyond this, grey levels.
const LARGEST_DEVIATION: i16 = 40;
/// A pixel that varies all the time is foreground from this difference on, grey levels.
const LARGEST_THRESHOLD: i16 = 60;
/// Foreground pixels that make a block foreground, of 16.
const BLOCK_PIXELS: u8 = 6;
/// Foreground pixels that make a block between foreground blocks one of them.
const RIM_PIXELS: u8 = 3;
/// The background follows a camera that has slipped by more than this, pixels.
const SLIP_PX: f32 = 0.6;

/// The background of one view.
#[derive(Clone, Debug, Default)]
pub(super) struct Background {
    width: usize,
    height: usize,
    /// Levels times 64. May lie outside what a byte holds: exposure that comes back finds it again.
    mean: Vec<i16>,
    /// Median absolute deviation, levels times 64.
    deviation: Vec<i16>,
    /// The mean as a byte.
    shown: Vec<u8>,
    threshold: Vec<u8>,
    /// When each row was last updated.
    updated: Vec<Micros>,
    next_row: usize,
    began: Option<Micros>,
    /// Foreground pixels, 0 or 1.
    mask: Vec<u8>,
    /// Pixels of the row at hand that may change, 0 or 1.
    learns: Vec<i16>,
    /// Foreground pixels of each block.
    counts: Vec<u8>,
    /// Blocks that are foreground.
    blocks: Vec<bool>,
    exposure_changed: bool,
    share: f32,
    /// How far the camera sways about the background, pixels.
    slip: f32,
}

impl Background {
    /// Blocks across and down.
    pub(super) fn size(&self) -> (usize, usize) {
        (self.width / BLOCK, self.height / BLOCK)
    }

    /// Pixels across.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// Which blocks are foreground.
    pub(super) fn blocks(&self) -> &[bool] {
        &self.blocks
    }

    /// How many pixels of each block differ, of 16.
    pub(super) fn counts(&self) -> &[u8] {
        &self.counts
    }

    /// Which pixels differ, 0 or 1, row by row.
    pub(super) fn mask(&self) -> &[u8] {
        &self.mask
    }

    /// What the view looks like without foreground.
    pub(super) fn shown(&self) -> &[u8] {
        &self.shown
    }

    /// Share of the picture that is foreground, 0 to 1.
    pub(super) fn share(&self) -> f32 {
        self.share
    }

    /// Whether the exposure changed with the last picture.
    pub(super) fn exposure_changed(&self) -> bool {
        self.exposure_changed
    }

    /// The next picture is the background.
    pub(super) fn reset(&mut self) {
        self.began = None;
    }

    /// Compares a picture, before which the camera has moved by about `camera` pixels. The whole pixels by which the background
    /// has moved with it, to the right and down.
    pub(super) fn compare(&mut self, at: Micros, luma: Luma<'_>, camera: (f32, f32)) -> (isize, isize) {
        self.exposure_changed = false;
        if self.began.is_none() || (luma.width(), luma.height()) != (self.width, self.height) {
            self.begin(at, luma);
            return (0, 0);
        }
        let by_camera = self.follow(luma, camera);
        let slip = register::slip(&self.shown, luma.pixels(), self.width);
        let by_slip = self.follow(luma, slip);
        self.slip = 0.9 * self.slip + 0.1 * slip.0.abs().max(slip.1.abs()).min(1.0);
        self.follow_exposure(luma);
        self.mark(luma);
        (by_camera.0 + by_slip.0, by_camera.1 + by_slip.1)
    }

    /// Moves the background by this many pixels, rounded, when they are more than [`SLIP_PX`].
    fn follow(&mut self, luma: Luma<'_>, (x, y): (f32, f32)) -> (isize, isize) {
        if x.abs().max(y.abs()) < SLIP_PX {
            return (0, 0);
        }
        let (right, down) = (x.round() as isize, y.round() as isize);
        register::shift(&mut self.mean, self.width, right, down);
        register::shift(&mut self.deviation, self.width, right, down);
        register::shift(&mut self.shown, self.width, right, down);
        register::shift(&mut self.threshold, self.width, right, down);
        // What comes into view is taken as it is.
        let (width, height) = (self.width as isize, self.height as isize);
        let columns = if right >= 0 { 0..right.min(width) } else { (width + right).max(0)..width };
        let rows = if down >= 0 { 0..down.min(height) } else { (height + down).max(0)..height };
        for row in 0..height {
            let whole = rows.contains(&row);
            let range = if whole { 0..width } else { columns.clone() };
            for column in range {
                let index = (row * width + column) as usize;
                self.shown[index] = luma.pixels()[index];
                self.mean[index] = i16::from(self.shown[index]) << Q;
                self.deviation[index] = FIRST_DEVIATION << Q;
                self.threshold[index] = threshold_for(FIRST_DEVIATION << Q);
            }
        }
        (right, down)
    }

    /// Takes what is seen in a block as its background.
    pub(super) fn absorb(&mut self, block: usize, luma: Luma<'_>) {
        let (columns, _) = self.size();
        let (left, top) = (block % columns * BLOCK, block / columns * BLOCK);
        for y in top..top + BLOCK {
            for index in y * self.width + left..y * self.width + left + BLOCK {
                let pixel = luma.pixels()[index];
                self.shown[index] = pixel;
                self.mean[index] = i16::from(pixel) << Q;
                self.mask[index] = 0;
            }
        }
        self.blocks[block] = false;
        self.counts[block] = 0;
    }

    fn begin(&mut self, at: Micros, luma: Luma<'_>) {
        (self.width, self.height) = (luma.width(), luma.height());
        let count = self.width * self.height;
        self.began = Some(at);
        self.next_row = 0;
        self.mean.clear();
        self.mean.extend(luma.pixels().iter().map(|&pixel| i16::from(pixel) << Q));
        self.shown.clear();
        self.shown.extend_from_slice(luma.pixels());
        refill(&mut self.deviation, count, FIRST_DEVIATION << Q);
        refill(&mut self.threshold, count, threshold_for(FIRST_DEVIATION << Q));
        refill(&mut self.updated, self.height, at);
        refill(&mut self.mask, count, 0);
        let (columns, rows) = self.size();
        refill(&mut self.counts, columns * rows, 0);
        refill(&mut self.blocks, columns * rows, false);
        self.share = 0.0;
        self.slip = 0.0;
    }

    /// Puts a change of exposure into the background.
    fn follow_exposure(&mut self, luma: Luma<'_>) {
        let (columns, rows) = self.size();
        let crowded = self.share > 0.5;
        // One pixel in 16, where nothing stood before.
        let samples = (0..columns * rows).filter(|&block| crowded || !self.blocks[block]).map(|block| {
            let index = (block / columns * BLOCK + 1) * self.width + block % columns * BLOCK + 1;
            (f32::from(self.mean[index]) / (1 << Q) as f32, luma.pixels()[index])
        });
        let Some((gain, offset)) = light::exposure(&samples) else { return };
        self.exposure_changed = true;
        let shift = offset * (1 << Q) as f32;
        for (mean, shown) in self.mean.iter_mut().zip(&mut self.shown) {
            *mean = (f32::from(*mean) * gain + shift).clamp(-4096.0, 20480.0) as i16;
            *shown = as_byte(*mean);
        }
    }

    fn mark(&mut self, luma: Luma<'_>) {
        let pixels = luma.pixels().iter().zip(&self.shown).zip(&self.threshold);
        for (mask, ((&pixel, &shown), &threshold)) in self.mask.iter_mut().zip(pixels) {
            *mask = u8::from(pixel.abs_diff(shown) > threshold);
        }
        let (columns, rows) = self.size();
        let mut foreground = 0_usize;
        for row in 0..rows {
            let lines = &self.mask[row * BLOCK * self.width..][..BLOCK * self.width];
            let counts = &mut self.counts[row * columns..][..columns];
            counts.fill(0);
            for line in lines.chunks_exact(self.width) {
                for (count, four) in counts.iter_mut().zip(line.chunks_exact(BLOCK)) {
                    *count += four[0] + four[1] + four[2] + four[3];
                }
            }
        }
        for block in 0..columns * rows {
            let differs = (self.counts[block] >= BLOCK_PIXELS || self.is_rim(block))
                && !light::shows_through(
                    luma.pixels(),
                    &self.shown,
                    self.width,
                    block % columns * BLOCK,
                    block / columns * BLOCK,
                );
            self.blocks[block] = differs;
            foreground += usize::from(differs);
        }
        self.share = foreground as f32 / (columns * rows).max(1) as f32;
    }

    /// Whether some pixels of a block differ, and most do in two blocks beside it: the rim of a thing, or a part of it that looks much like what is
    /// behind.
    fn is_rim(&self, block: usize) -> bool {
        let (columns, rows) = self.size();
        let (column, row) = (block % columns, block / columns);
        let full = |inside: bool, beside: usize| inside && self.counts[beside] >= BLOCK_PIXELS;
        self.counts[block] >= RIM_PIXELS
            && u8::from(full(column > 0, block.wrapping_sub(1)))
                + u8::from(full(column + 1 < columns, block + 1))
                + u8::from(full(row > 0, block.wrapping_sub(columns)))
                + u8::from(full(row + 1 < rows, block + columns))
                >= 2
    }

    /// Learns from the picture last compared. Where something stands still, `held`, neither level nor deviation change.
    pub(super) fn learn(&mut self, at: Micros, luma: Luma<'_>, held: &[Option<Micros>]) {
        let warm = self.began.map_or(0.0, |began| at.secs_since(began));
        for _ in 0..self.height {
            let passed = at.secs_since(self.updated[self.next_row]);
            if passed <= 0.0 || passed < SWEEP_SECS && warm > WARM_UP_SECS {
                break;
            }
            self.learn_row(at, luma, warm, held);
        }
    }

    fn learn_row(&mut self, at: Micros, luma: Luma<'_>, warm: f32, held: &[Option<Micros>]) {
        let (width, row) = (self.width, self.next_row);
        let passed = at.secs_since(self.updated[row]);
        self.updated[row] = at;
        self.next_row = (row + 1) % self.height;
        let warming = warm < WARM_UP_SECS;
        let time = if warming { warm.max(passed) } else { MEAN_SECS };
        let rate = ((passed / time).min(0.5) * 32768.0) as i32;
        let per_sec = if warming { WARM_UP_RATE } else { DEVIATION_RATE };
        let step = ((passed.min(1.0) * per_sec * (1 << Q) as f32) as i16).max(1);
        let (columns, rows) = self.size();
        let held = held.get((row / BLOCK).min(rows.saturating_sub(1)) * columns..).unwrap_or(&[]);
        // Pixels that change, as 1, so that the loop below has no branch.
        self.learns.clear();
        self.learns.resize(width, 1);
        for (pixels, held) in self.learns.chunks_mut(BLOCK).zip(&held[..columns.min(held.len())]) {
            pixels.fill(i16::from(held.is_none()));
        }
        let line = row * width..(row + 1) * width;
        let pixels = luma.pixels()[line.clone()].iter().zip(&self.mask[line.clone()]).zip(&self.learns);
        let levels = self.mean[line.clone()].iter_mut().zip(&mut self.deviation[line.clone()]);
        for ((mean, deviation), ((&pixel, &mask), &learns)) in levels.zip(pixels) {
            let difference = (i16::from(pixel) << Q) - *mean;
            let background = learns & (i16::from(mask) ^ 1);
            let change = ((i32::from(difference) * rate + (1 << 14)) >> 15) as i16;
            *mean += change * background;
            let wider = i16::from(difference.abs() > *deviation);
            *deviation = (*deviation + learns * step * (2 * wider - 1)).clamp(0, LARGEST_DEVIATION << Q);
        }
        let shown = &mut self.shown[line.clone()];
        for (shown, &mean) in shown.iter_mut().zip(&self.mean[line.clone()]) {
            *shown = as_byte(mean);
        }
        let threshold = &mut self.threshold[line.clone()];
        for (threshold, &deviation) in threshold.iter_mut().zip(&self.deviation[line]) {
            *threshold = threshold_for(deviation);
        }
        // A camera that sways by a fraction of a pixel changes pixels by as much of the step to their neighbours.
        let sway = (self.slip.min(0.6) * 64.0) as u16;
        if sway > 3 {
            for (threshold, pair) in threshold.iter_mut().zip(shown.windows(2)) {
                let more = (sway * u16::from(pair[0].abs_diff(pair[1]))) >> 6;
                *threshold = threshold.saturating_add(more as u8).min(LARGEST_THRESHOLD as u8);
            }
        }
    }
}

fn as_byte(mean: i16) -> u8 {
    ((mean + (1 << (Q - 1))) >> Q).clamp(0, 255) as u8
}

fn threshold_for(deviation: i16) -> u8 {
    (LEAST_DIFFERENCE + ((DEVIATIONS * deviation) >> Q)).min(LARGEST_THRESHOLD) as u8
}

fn refill<T: Clone>(values: &mut Vec<T>, count: usize, value: T) {
    values.clear();
    values.resize(count, value);
}
