//! Which input size the network gets: fitted to the frame's aspect, then as large as the machine can keep up with, and no
//! larger than the smallest person that counts needs.

use vigie_engine::network::{InputSize, fit_input};

/// Input sizes for a frame of this aspect (width over height), smallest first. Each has sides that are multiples of
/// [`InputSize::STEP`], as close to the aspect as those allow.
#[must_use]
pub fn input_sizes(aspect: f32) -> Vec<InputSize> {
    let aspect = if aspect.is_finite() { aspect.clamp(0.4, 3.0) } else { 16.0 / 9.0 };
    let step = InputSize::STEP as f32;
    // Steps of the longer side; the shorter one follows.
    (3..=10u32)
        .map(|n| {
            let long = n * InputSize::STEP;
            let short = |ratio: f32| ((long as f32 * ratio / step).round().max(1.0) as u32) * InputSize::STEP;
            if aspect >= 1.0 {
                InputSize { width: long, height: short(1.0 / aspect) }
            } else {
                InputSize { width: short(aspect), height: long }
            }
        })
        .collect()
}

/// The size at which the smallest person that counts is found.
fn enough(aspect: f32) -> InputSize {
    let aspect = if aspect.is_finite() { aspect.clamp(0.4, 3.0) } else { 16.0 / 9.0 };
    // Only ratios matter; a picture of a thousand rows stands for any.
    let rows = 1000.0;
    fit_input((rows * aspect) as u32, rows as u32, rows * Sizer::SMALLEST_PERSON, u32::MAX)
}

fn area(size: InputSize) -> f64 {
    f64::from(size.width) * f64::from(size.height)
}

/// Steps the input size down when frames take too long, and up when there is room.
#[derive(Clone, Debug)]
pub struct Sizer {
    sizes: Vec<InputSize>,
    /// Shows the smallest person that counts.
    enough: InputSize,
    at: usize,
    changed_ms: f64,
    /// A step up that had to be taken back is not tried again before this.
    no_step_up_before_ms: f64,
}

impl Sizer {
    /// Slower than this per frame (median) is too slow. Of the entries of the plaza clip, 4 in a hundred are missed at three
    /// frames a second, one at three and a half, and none at five, also at the next smaller size.
    pub const TOO_SLOW_MS: f64 = 280.0;
    /// The next size is taken when it is expected to stay under this.
    pub const ROOM_MS: f64 = 150.0;
    /// Frames that must have been measured at the present size before a step down.
    pub const FRAMES_DOWN: usize = 5;
    /// The same, before a step up.
    pub const FRAMES_UP: usize = 20;
    /// Milliseconds that a size is kept at least before a step up.
    pub const KEEP_MS: f64 = 10_000.0;
    /// After a step down, milliseconds before a step up.
    pub const AFTER_STEP_DOWN_MS: f64 = 120_000.0;
    /// Longer side to start with.
    pub const FIRST_LONG_SIDE: u32 = 640;
    /// Height of the smallest person that counts, as a share of the picture's. A larger input would only cost time.
    pub const SMALLEST_PERSON: f32 = 0.06;

    /// Sizes for frames of this aspect, starting at a longer side of 640.
    #[must_use]
    pub fn new(aspect: f32) -> Self {
        let sizes = input_sizes(aspect);
        let at = sizes.iter().position(|s| s.width.max(s.height) >= Self::FIRST_LONG_SIDE).unwrap_or(0);
        Self { sizes, enough: enough(aspect), at, changed_ms: 0.0, no_step_up_before_ms: 0.0 }
    }

    /// Starts at the smallest size, for an engine that is known to be slow.
    pub fn start_small(&mut self) {
        self.at = 0;
    }

    /// The size to use.
    #[must_use]
    pub fn size(&self) -> InputSize {
        self.sizes[self.at]
    }

    /// The frames have another aspect: the same step of its own sizes.
    pub fn set_aspect(&mut self, aspect: f32) {
        self.sizes = input_sizes(aspect);
        self.enough = enough(aspect);
        self.at = self.at.min(self.sizes.len() - 1);
    }

    /// Judges the median of `frames` frames at the present size; `Some` is a new size. Down goes fast, to the largest size
    /// that should keep up: people cannot be tracked at a frame every second. Up goes slowly, one size at a time.
    pub fn judge(&mut self, now_ms: f64, median_ms: f64, frames: usize) -> Option<InputSize> {
        let expected = |size: InputSize| median_ms * area(size) / area(self.size());
        if median_ms > Self::TOO_SLOW_MS {
            if frames < Self::FRAMES_DOWN || self.at == 0 {
                return None;
            }
            let fits = self.sizes[..self.at].iter().rposition(|size| expected(*size) <= Self::TOO_SLOW_MS);
            self.at = fits.unwrap_or(0);
            self.no_step_up_before_ms = now_ms + Self::AFTER_STEP_DOWN_MS;
        } else {
            let next = *self.sizes.get(self.at + 1).filter(|size| area(**size) <= area(self.enough))?;
            let kept = frames >= Self::FRAMES_UP && now_ms - self.changed_ms >= Self::KEEP_MS;
            if !kept || now_ms < self.no_step_up_before_ms || expected(next) > Self::ROOM_MS {
                return None;
            }
            self.at += 1;
        }
        self.changed_ms = now_ms;
        Some(self.size())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_follow_the_aspect_in_steps_that_halve_evenly() {
        for aspect in [16.0 / 9.0, 4.0 / 3.0, 1.0, 9.0 / 16.0, f32::NAN, 100.0] {
            let sizes = input_sizes(aspect);
            assert!(
                sizes
                    .iter()
                    .all(|s| s.width % 128 == 0 && s.height % 128 == 0 && s.height > 0 && s.width > 0)
            );
            assert!(sizes.windows(2).all(|pair| area(pair[0]) < area(pair[1])));
        }
        assert_eq!(Sizer::new(16.0 / 9.0).size(), InputSize { width: 640, height: 384 });
        assert_eq!(Sizer::new(4.0 / 3.0).size(), InputSize { width: 640, height: 512 });
        assert_eq!(Sizer::new(9.0 / 16.0).size(), InputSize { width: 384, height: 640 });
    }

    #[test]
    fn a_slow_machine_steps_down_and_does_not_bounce_back() {
        let mut sizer = Sizer::new(16.0 / 9.0);
        let full = area(sizer.size());
        // A machine whose time is in proportion to the area: 400 ms at 640 × 384.
        let median = |size: InputSize| 400.0 * area(size) / full;
        let mut changes = Vec::new();
        for second in 0..600 {
            changes.extend(sizer.judge(f64::from(second) * 1_000.0, median(sizer.size()), 30));
        }
        assert_eq!(changes, [InputSize { width: 512, height: 256 }]);
    }

    #[test]
    fn a_fast_machine_steps_up_as_far_as_it_keeps_up() {
        let mut sizer = Sizer::new(16.0 / 9.0);
        let full = area(sizer.size());
        for second in 0..600 {
            sizer.judge(f64::from(second) * 1_000.0, 60.0 * area(sizer.size()) / full, 30);
        }
        let settled = 60.0 * area(sizer.size()) / full;
        assert!(area(sizer.size()) > full && settled <= Sizer::ROOM_MS, "{settled}");
    }

    #[test]
    fn no_machine_goes_beyond_what_the_smallest_person_needs() {
        let mut sizer = Sizer::new(16.0 / 9.0);
        for second in 0..600 {
            sizer.judge(f64::from(second) * 1_000.0, 1.0, 30);
        }
        assert_eq!(sizer.size(), InputSize { width: 1024, height: 640 });
    }

    #[test]
    fn a_machine_that_is_far_too_slow_goes_down_in_one_go() {
        let mut sizer = Sizer::new(16.0 / 9.0);
        assert_eq!(
            sizer.judge(1_000.0, 2_400.0, Sizer::FRAMES_DOWN),
            Some(InputSize { width: 384, height: 256 })
        );
        assert_eq!(sizer.judge(2_000.0, 1_000.0, Sizer::FRAMES_DOWN), None, "there is nothing smaller");
    }

    #[test]
    fn nothing_is_decided_on_few_frames() {
        let mut sizer = Sizer::new(1.0);
        assert_eq!(sizer.judge(100_000.0, 5_000.0, Sizer::FRAMES_DOWN - 1), None);
        assert_eq!(sizer.judge(100_000.0, 10.0, Sizer::FRAMES_UP - 1), None);
    }
}
