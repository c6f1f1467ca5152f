//! Which network runs, and at which input size.

use serde::{Deserialize, Serialize};

/// A network of the EfficientDet-Lite family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ModelName {
    /// EfficientDet-Lite0.
    Lite0,
    /// EfficientDet-Lite1.
    Lite1,
    /// EfficientDet-Lite2.
    Lite2,
}

/// Size of the network's input, in pixels; both are multiples of 128.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct InputSize {
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
}

impl InputSize {
    /// Both sides are a multiple of this, so that every pyramid level halves evenly.
    pub const STEP: u32 = 128;
}

/// Height that a person should have at the network's input to be found reliably, in pixels.
///
/// Measured on the PETS clip with Lite0 (recall at precision .9, persons under 40 px in the frame): .51 where these are at most
/// 27 px high at the input, .77 at 33, .87 at 40, .92 at 53.
pub const PERSON_PX_AT_INPUT: f32 = 32.0;

/// Sides that [`fit_input`] chooses from, in steps.
const STEPS: std::ops::RangeInclusive<u32> = 2..=10;

/// The input size for a camera: the smallest that shows a person `smallest_person_px` high in the frame at
/// [`PERSON_PX_AT_INPUT`] or more, but of at most `budget_px` pixels in all (what the device can do at the wanted rate). When the
/// budget does not reach that far, the size within it at which the frame is shown largest.
///
/// Frames of zero size count as one pixel; a budget below the smallest size gives the smallest size, 256×256.
#[must_use]
pub fn fit_input(frame_width: u32, frame_height: u32, smallest_person_px: f32, budget_px: u32) -> InputSize {
    let (frame_width, frame_height) = (frame_width.max(1) as f32, frame_height.max(1) as f32);
    let wanted = PERSON_PX_AT_INPUT / smallest_person_px.max(1.0);
    let scale = |size: &InputSize| (size.width as f32 / frame_width).min(size.height as f32 / frame_height);
    let area = |size: &InputSize| size.width * size.height;
    let sizes = STEPS.flat_map(|w| {
        STEPS.map(move |h| InputSize { width: w * InputSize::STEP, height: h * InputSize::STEP })
    });
    let smallest = InputSize { width: 2 * InputSize::STEP, height: 2 * InputSize::STEP };
    sizes
        .filter(|size| area(size) <= budget_px)
        .min_by(|a, b| {
            // What lies beyond the wanted scale is of no use: among sizes that reach it, the smaller area wins.
            let useful = |size| scale(size).min(wanted);
            useful(b).total_cmp(&useful(a)).then(area(a).cmp(&area(b)))
        })
        .unwrap_or(smallest)
}

#[cfg(test)]
mod tests {
    use super::{InputSize, fit_input};

    fn size(width: u32, height: u32) -> InputSize {
        InputSize { width, height }
    }

    #[test]
    fn the_input_follows_the_frames_aspect() {
        assert_eq!(fit_input(640, 360, 32.0, 1_000_000), size(640, 384));
        assert_eq!(fit_input(360, 640, 32.0, 1_000_000), size(384, 640));
        assert_eq!(fit_input(768, 576, 48.0, 1_000_000), size(512, 384));
    }

    #[test]
    fn small_people_need_a_large_input_and_the_budget_limits_it() {
        assert_eq!(fit_input(1920, 1080, 48.0, 2_000_000), size(1280, 768));
        assert_eq!(fit_input(1920, 1080, 48.0, 640 * 384), size(640, 384));
        assert_eq!(fit_input(1920, 1080, 10_000.0, 2_000_000), size(256, 256));
    }

    #[test]
    fn odd_values_give_some_valid_size() {
        for (w, h, person, budget) in
            [(0, 0, 0.0, 0), (1, 100_000, f32::NAN, u32::MAX), (u32::MAX, 1, -5.0, 1)]
        {
            let size = fit_input(w, h, person, budget);
            assert!(size.width.is_multiple_of(128) && size.height.is_multiple_of(128));
            assert!((256..=1280).contains(&size.width) && (256..=1280).contains(&size.height));
        }
    }
}
