//! How what shines inside a box changes: flames flicker, in part and all the time; signs do not, beacons do as a whole.

use crate::{BBox, Luma, Micros};

/// Pictures are compared over at least this time, seconds: nearer ones differ by little more than their coding.
const STRIDE_SECS: f32 = 0.09;
/// And over no more than this: later ones have nothing to do with each other.
const MAX_STRIDE_SECS: f32 = 1.0;
/// A box changes when its pixels do by so much more than those of the picture on the whole, grey levels of 256.
///
/// Over 0.1 s the pixels of 95 % of the flames of a labelled house fire (426 × 240) change by 1.8 levels and more, of 89
/// % by over 2.5; over 0.2 s, 94 %; those of a sign by the picture's noise, 0 to 1.
const CHANGES_BY: f32 = 2.5;
/// Every pixel of so many is looked at for the picture's noise.
const NOISE_EVERY: usize = 37;

/// The picture that boxes are compared with.
#[derive(Clone, Debug, Default)]
pub(super) struct Before {
    pixels: Vec<u8>,
    width: usize,
    at: Option<Micros>,
    /// Median change of the picture's pixels since, grey levels.
    noise: f32,
    histogram: Vec<u32>,
}

/// Change inside a box since the picture before, grey levels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Change {
    /// Mean size of the change of a pixel, less that of the picture on the whole.
    pub(super) size: f32,
    /// Mean change.
    pub(super) mean: f32,
}

impl Before {
    /// Whether there is an earlier picture to compare this one with.
    pub(super) fn is_comparable(&mut self, at: Micros, luma: Luma<'_>) -> bool {
        let passed = self.at.map_or(f32::MAX, |before| at.secs_since(before));
        let same_size = self.pixels.len() == luma.pixels().len() && self.width == luma.width();
        if !same_size || !(STRIDE_SECS..=MAX_STRIDE_SECS).contains(&passed) {
            return false;
        }
        self.histogram.clear();
        self.histogram.resize(256, 0);
        let mut count = 0;
        for (now, before) in
            luma.pixels().iter().step_by(NOISE_EVERY).zip(self.pixels.iter().step_by(NOISE_EVERY))
        {
            self.histogram[usize::from(now.abs_diff(*before))] += 1;
            count += 1;
        }
        let mut seen = 0;
        let median = self.histogram.iter().position(|n| {
            seen += n;
            2 * seen >= count
        });
        self.noise = median.unwrap_or(0) as f32;
        true
    }

    /// The change inside a box; `None` where it is smaller than 3 × 3 pixels.
    pub(super) fn change(&self, luma: Luma<'_>, bbox: &BBox) -> Option<Change> {
        let (width, height) = (luma.width(), luma.height());
        let bbox = bbox.on_picture();
        let span = |from: f32, until: f32, size: usize| {
            let until = ((until * size as f32).ceil() as usize).min(size);
            ((from * size as f32) as usize).min(until)..until
        };
        let (columns, rows) = (span(bbox.x0, bbox.x1, width), span(bbox.y0, bbox.y1, height));
        if columns.len() < 3 || rows.len() < 3 {
            return None;
        }
        let (mut size, mut sum) = (0_u32, 0_i32);
        let count = (columns.len() * rows.len()) as f32;
        for y in rows {
            let row = y * width + columns.start..y * width + columns.end;
            for (now, before) in luma.pixels()[row.clone()].iter().zip(&self.pixels[row]) {
                size += u32::from(now.abs_diff(*before));
                sum += i32::from(*now) - i32::from(*before);
            }
        }
        Some(Change { size: (size as f32 / count - self.noise).max(0.0), mean: sum as f32 / count })
    }

    /// Takes the picture for the next comparison, when the last one is old enough.
    pub(super) fn take(&mut self, at: Micros, luma: Luma<'_>) {
        if self.at.is_some_and(|before| (0.0..STRIDE_SECS).contains(&at.secs_since(before))) {
            return;
        }
        self.pixels.clear();
        self.pixels.extend_from_slice(luma.pixels());
        self.width = luma.width();
        self.at = Some(at);
    }

    pub(super) fn forget(&mut self) {
        self.at = None;
    }
}

/// What the changes of one place were of late. Older ones fade with [`super::super::evidence::FADE_SECS`].
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Flicker {
    looks: f32,
    changing: f32,
    level_sum: f32,
    size_sum: f32,
    mean_size_sum: f32,
    mean_sum: f32,
    /// All looks ever.
    count: u32,
}

impl Flicker {
    pub(super) fn push(&mut self, change: Change, passed_secs: f32) {
        let keep = libm::expf(-passed_secs.max(0.0) / super::super::evidence::FADE_SECS);
        for sum in [
            &mut self.looks,
            &mut self.changing,
            &mut self.level_sum,
            &mut self.size_sum,
            &mut self.mean_size_sum,
            &mut self.mean_sum,
        ] {
            *sum *= keep;
        }
        self.count = self.count.saturating_add(1);
        self.looks += 1.0;
        self.changing += if change.size >= CHANGES_BY { 1.0 } else { 0.0 };
        self.level_sum += change.size;
        // How pixels change together shows where they change at all; elsewhere it is that of the noise.
        if change.size >= CHANGES_BY {
            self.size_sum += change.size.max(change.mean.abs());
            self.mean_size_sum += change.mean.abs();
            self.mean_sum += change.mean;
        }
    }

    /// Looks so far.
    pub(super) fn count(&self) -> u32 {
        self.count
    }

    /// Share of the looks that show a change, 0 to 1.
    pub(super) fn changing_share(&self) -> f32 {
        self.changing / self.looks.max(1e-6)
    }

    /// How far the pixels change together, 0 (each by itself) to 1 (all alike).
    pub(super) fn coherence(&self) -> f32 {
        self.mean_size_sum / self.size_sum.max(1e-6)
    }

    /// How far it comes back to where it was, 0 (only brighter or only darker) to 1 (as much up as down).
    pub(super) fn alternation(&self) -> f32 {
        1.0 - self.mean_sum.abs() / self.mean_size_sum.max(1e-6)
    }

    /// Mean change of a pixel, grey levels.
    pub(super) fn mean_change(&self) -> f32 {
        self.level_sum / self.looks.max(1e-6)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: BBox = BBox { x0: 0.25, y0: 0.25, x1: 0.75, y1: 0.75 };

    /// Flicker of a box in which every pixel is `level(frame, pixel)`.
    fn of(level: impl Fn(u32, u32) -> u8) -> Flicker {
        let (mut before, mut flicker) = (Before::default(), Flicker::default());
        for frame in 0..12 {
            let pixels: Vec<u8> = (0..64 * 64)
                .map(|n| {
                    let (x, y) = (n % 64, n / 64);
                    if (16..48).contains(&x) && (16..48).contains(&y) { level(frame, n) } else { 20 }
                })
                .collect();
            let luma = Luma::new(&pixels, 64, 64).unwrap();
            let at = Micros(i64::from(frame) * 200_000);
            if before.is_comparable(at, luma) {
                flicker.push(before.change(luma, &ALL).unwrap(), 0.2);
            }
            before.take(at, luma);
        }
        flicker
    }

    #[test]
    fn a_flame_changes_in_part_a_beacon_as_a_whole_and_a_sign_not_at_all() {
        let flame = of(|frame, n| {
            (120 + (n.wrapping_mul(2_654_435_761) ^ frame.wrapping_mul(40_503) >> 3) % 100) as u8
        });
        let flame_moves = of(|frame, n| (120 + ((n + frame * 7) * 37 % 100)) as u8);
        let beacon = of(|frame, _| if frame % 4 < 2 { 250 } else { 60 });
        let sign = of(|_, _| 220);
        assert!(flame_moves.changing_share() > 0.9 && flame_moves.coherence() < 0.4, "{flame_moves:?}");
        assert!(flame.coherence() < 0.5, "{flame:?}");
        assert!(beacon.coherence() > 0.9 && beacon.alternation() > 0.5, "{beacon:?}");
        assert!(sign.changing_share() < 0.1, "{sign:?}");
        assert_eq!(sign.count(), 11);
    }

    #[test]
    fn too_small_a_box_says_nothing() {
        let pixels = vec![0; 64 * 64];
        let luma = Luma::new(&pixels, 64, 64).unwrap();
        let mut before = Before::default();
        assert!(!before.is_comparable(Micros(0), luma));
        before.take(Micros(0), luma);
        assert!(!before.is_comparable(Micros(10_000), luma), "too soon");
        assert!(before.is_comparable(Micros(200_000), luma));
        assert_eq!(before.change(luma, &BBox { x0: 0.5, y0: 0.5, x1: 0.51, y1: 0.9 }), None);
    }
}
