//! What the view looks like when nobody is in it: a level and a usual deviation per pixel.
//!
//! A running mean with a time constant in seconds, updated where the pixel looks like background and frozen where it does not, so that a thing
//! left behind still shows after minutes; and a running median of the absolute deviation (sigma-delta, A. Manzanera and J. Richefeu, Pattern
//! Recognition Letters 28(3), 2007), so that leaves, water and screens lose their say while people who pass do not. Rows are updated in turn, [`SWEEP_SECS`] for all.
//!
//! A change of exposure is a change of brightness by one gain and offset all over the picture: it is measured and put into the background.

use crate::{Luma, Micros};

/// Side of a block, pixels: half a cell.
pub(super) const BLOCK: usize = 4;
/// Fraction bits of levels.
const Q: i32 = 6;
/// Time constant of the mean where the pixel looks like background, seconds.
const MEAN_SECS: f32 = 10.0;
/// How fast the deviation follows, grey levels per second.
const DEVIATION_RATE: f32 = 1.0;
/// Each row is updated this often, seconds.
const SWEEP_SECS: f32 = 0.2;
/// In the first seconds the mean is that of the frames so far.
const WARM_UP_SECS: f32 = 1.5;
/// Deviation that is assumed at first, grey levels.
const FIRST_DEVIATION: i16 = 3;
/// A pixel is foreground beyond this plus [`DEVIATIONS`] times its deviation, grey levels.
const LEAST_DIFFERENCE: i32 = 9;
/// A normal deviate is within 6 times its median absolute deviation but once in 20,000.
const DEVIATIONS: i32 = 5;
/// A pixel that varies all the time is foreground from this difference on, grey levels.
const LARGEST_THRESHOLD: i32 = 70;
/// Foreground pixels that make a block foreground, of 16.
const BLOCK_PIXELS: u8 = 6;
/// Gain and offset of the picture are taken for a change of exposure from this mean change on, grey levels.
const EXPOSURE_STEP: f32 = 1.5;

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
    /// Foreground pixels of each block.
    counts: Vec<u8>,
    /// Blocks that are foreground.
    blocks: Vec<bool>,
    exposure_changed: bool,
    share: f32,
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

    /// Takes a picture.
    pub(super) fn step(&mut self, at: Micros, luma: Luma<'_>) {
        self.exposure_changed = false;
        if self.began.is_none() || (luma.width(), luma.height()) != (self.width, self.height) {
            self.begin(at, luma);
            return;
        }
        self.follow_exposure(luma);
        self.compare(luma);
        self.update(at, luma);
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
    }

    /// Puts a change of exposure into the background.
    fn follow_exposure(&mut self, luma: Luma<'_>) {
        let Some((gain, offset)) = self.exposure(luma) else { return };
        self.exposure_changed = true;
        let shift = offset * (1 << Q) as f32;
        for (mean, shown) in self.mean.iter_mut().zip(&mut self.shown) {
            *mean = (f32::from(*mean) * gain + shift).clamp(-4096.0, 20480.0) as i16;
            *shown = as_byte(*mean);
        }
    }

    /// Gain and offset (levels) from the background to this picture, when they have changed: a line through one pixel in 16 by
    /// reweighted least squares, so that what moves has no say.
    fn exposure(&self, luma: Luma<'_>) -> Option<(f32, f32)> {
        let (columns, rows) = self.size();
        let crowded = self.share > 0.5;
        let samples = || {
            (0..columns * rows).filter(move |&block| crowded || !self.blocks[block]).filter_map(
                move |block| {
                    let index = (block / columns * BLOCK + 1) * self.width + block % columns * BLOCK + 1;
                    let pixel = luma.pixels()[index];
                    // Where the picture is burnt out or black, nothing can be measured.
                    (3..=250).contains(&pixel).then(|| (f32::from(self.mean[index]) / 64.0, f32::from(pixel)))
                },
            )
        };
        let (mut count, mut sum) = (0.0, 0.0);
        for (before, now) in samples() {
            count += 1.0;
            sum += (now - before).clamp(-40.0, 40.0);
        }
        if count < 50.0 {
            return None;
        }
        let mut line = (1.0, sum / count);
        for scale in [24.0_f32, 12.0, 8.0, 6.0] {
            let (mut w, mut wx, mut wy, mut wxx, mut wxy) = (0.0, 0.0, 0.0, 0.0, 0.0);
            for (before, now) in samples() {
                let apart = (now - line.0 * before - line.1) / scale;
                let weight = 1.0 / ((1.0 + apart * apart) * (1.0 + apart * apart));
                w += weight;
                wx += weight * before;
                wy += weight * now;
                wxx += weight * before * before;
                wxy += weight * before * now;
            }
            let spread = wxx - wx * wx / w;
            if spread < 25.0 * w {
                // Too little contrast for a gain.
                line = (1.0, (wy - wx) / w);
            } else {
                let gain = ((wxy - wx * wy / w) / spread).clamp(0.4, 2.5);
                line = (gain, (wy - gain * wx) / w);
            }
        }
        let (mut change, mut agree, mut agreed) = (0.0, 0.0, 0.0);
        for (before, now) in samples() {
            let predicted = line.0 * before + line.1;
            change += (predicted - before).abs();
            agree += f32::from(u8::from((now - predicted).abs() < 6.0));
            agreed += f32::from(u8::from((now - before).abs() < 6.0));
        }
        (change > EXPOSURE_STEP * count && agree > 0.5 * count && agree > agreed).then_some(line)
    }

    fn compare(&mut self, luma: Luma<'_>) {
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
            let differs = self.counts[block] >= BLOCK_PIXELS
                && !self.is_light(luma, block % columns * BLOCK, block / columns * BLOCK);
            self.blocks[block] = differs;
            foreground += usize::from(differs);
        }
        self.share = foreground as f32 / (columns * rows).max(1) as f32;
    }

    /// Whether the background's own texture shows through around this block, brighter or darker: a shadow or a patch of light. By
    /// normalised correlation over 8 by 8 pixels (J. Jacques, C. Jung and S. Musse, SIBGRAPI 2005).
    fn is_light(&self, luma: Luma<'_>, left: usize, top: usize) -> bool {
        let left = left.saturating_sub(2).min(self.width - 8);
        let top = top.saturating_sub(2).min(self.height - 8);
        let (mut a, mut b, mut aa, mut bb, mut ab) = (0_i32, 0_i32, 0_i32, 0_i32, 0_i32);
        for y in top..top + 8 {
            let start = y * self.width + left;
            let rows = luma.pixels()[start..start + 8].iter().zip(&self.shown[start..start + 8]);
            for (&now, &before) in rows {
                let (now, before) = (i32::from(now), i32::from(before));
                a += now;
                b += before;
                aa += now * now;
                bb += before * before;
                ab += now * before;
            }
        }
        // 64 times the (co)variances times 64, so that all stays whole.
        let (var_now, var_before, both) = (64 * aa - a * a, 64 * bb - b * b, 64 * ab - a * b);
        let textured = 64 * 64 * 36;
        if var_now < textured / 4 || var_before < textured || both <= 0 {
            return false;
        }
        let correlation = (both as f32) * (both as f32) / (var_now as f32 * var_before as f32);
        correlation > 0.85
    }

    fn update(&mut self, at: Micros, luma: Luma<'_>) {
        let warm = self.began.map_or(0.0, |began| at.secs_since(began));
        let width = self.width;
        for _ in 0..self.height {
            let row = self.next_row;
            let passed = at.secs_since(self.updated[row]);
            if passed < SWEEP_SECS && warm > WARM_UP_SECS {
                break;
            }
            if passed <= 0.0 {
                break;
            }
            self.updated[row] = at;
            self.next_row = (row + 1) % self.height;
            let time = if warm < WARM_UP_SECS { warm.max(passed) } else { MEAN_SECS };
            let rate = ((passed / time).min(0.5) * 32768.0) as i32;
            let faster = if warm < WARM_UP_SECS { 4.0 } else { 1.0 };
            let step = ((passed.min(1.0) * DEVIATION_RATE * faster * (1 << Q) as f32) as i16).max(1);
            let line = row * width..(row + 1) * width;
            let rows = self.mean[line.clone()]
                .iter_mut()
                .zip(&mut self.deviation[line.clone()])
                .zip(&mut self.shown[line.clone()])
                .zip(&mut self.threshold[line.clone()])
                .zip(&self.mask[line.clone()])
                .zip(&luma.pixels()[line]);
            for (((((mean, deviation), shown), threshold), &mask), &pixel) in rows {
                let difference = (i16::from(pixel) << Q) - *mean;
                let rate = if mask == 0 { rate } else { 0 };
                *mean += ((i32::from(difference) * rate + (1 << 14)) >> 15) as i16;
                *shown = as_byte(*mean);
                let wider = difference.saturating_abs() > *deviation;
                *deviation = if wider { *deviation + step } else { (*deviation - step).max(0) }.min(40 << Q);
                *threshold = threshold_for(*deviation);
            }
        }
    }
}

fn as_byte(mean: i16) -> u8 {
    ((mean + (1 << (Q - 1))) >> Q).clamp(0, 255) as u8
}

fn threshold_for(deviation: i16) -> u8 {
    (LEAST_DIFFERENCE + ((DEVIATIONS * i32::from(deviation)) >> Q)).min(LARGEST_THRESHOLD) as u8
}

fn refill<T: Clone>(values: &mut Vec<T>, count: usize, value: T) {
    values.clear();
    values.resize(count, value);
}
