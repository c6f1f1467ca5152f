//! The start-up self-test of the flow on WebGPU: two made-up pictures through the device and through the CPU.
//!
//! The pictures hold what the shaders have branches for: a view that has shifted by parts of a pixel, a thing that moves much further and a
//! thing that moves further than any guess, ground without texture, and a change of exposure.

use super::{WebGpuFlow, WebGpuFlowError};
use crate::Luma;
use crate::motion::field::{FlowField, flow_between};

/// Width of the pictures, pixels: no multiple of what the shaders take at once.
const WIDTH: usize = 312;
/// Height.
const HEIGHT: usize = 184;
/// Share of the cells that may differ: things' edges, where two motions fit about as well.
pub const TOLERANCE: f32 = 0.05;
/// Cells that neither side trusts this far are not compared.
const TRUSTED: f32 = 0.5;
/// Ways that differ by more are different, pixels.
const APART_PX: f32 = 0.25;
/// Trust that differs by more is different.
const APART_TRUST: f32 = 0.25;
/// Parts of a pixel in which the pictures are shifted.
const PARTS: i32 = 16;

/// How well two flows of the same pictures agree.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Agreement {
    /// Cells that one or the other trusts.
    pub cells: usize,
    /// Share of them whose way or trust differs clearly, 0 to 1.
    pub apart: f32,
    /// Mean difference of the other ways, pixels.
    pub mean_px: f32,
}

impl Agreement {
    /// Compares two flows; those of different sizes differ wholly.
    #[must_use]
    pub fn of(one: &FlowField<'_>, other: &FlowField<'_>) -> Self {
        let (mut cells, mut apart, mut sum) = (0_usize, 0_usize, 0.0);
        if one.size() != other.size() {
            return Self { cells: 0, apart: 1.0, mean_px: 0.0 };
        }
        for (a, b) in one.cells().zip(other.cells()) {
            if a.confidence.max(b.confidence) < TRUSTED {
                continue;
            }
            cells += 1;
            let px = (a.x - b.x).abs().max((a.y - b.y).abs());
            if px > APART_PX || (a.confidence - b.confidence).abs() > APART_TRUST {
                apart += 1;
            } else {
                sum += px;
            }
        }
        let mean_px = sum / (cells - apart).max(1) as f32;
        Self { cells, apart: apart as f32 / cells.max(1) as f32, mean_px }
    }

    /// Whether the one may stand for the other. Where nothing is trusted, nothing was compared.
    #[must_use]
    pub fn passes(&self) -> bool {
        self.cells > 0 && self.apart <= TOLERANCE
    }
}

/// Measures the self-test's pictures on the device and here. A device that computes something else is no error, but an agreement that does
/// not pass.
///
/// # Errors
/// Those of the flow.
pub async fn self_test(flow: &mut WebGpuFlow) -> Result<Agreement, WebGpuFlowError> {
    let (last, now) = pictures();
    let pair = Luma::new(&last, WIDTH, HEIGHT).zip(Luma::new(&now, WIDTH, HEIGHT));
    let (last, now) = pair.ok_or(WebGpuFlowError::NotStarted)?;
    let ours = flow_between(last, now).ok_or(WebGpuFlowError::NotStarted)?;
    let ours = FlowField::new(&ours, WIDTH, HEIGHT).ok_or(WebGpuFlowError::NotStarted)?;
    flow.start(last, now)?;
    Ok(Agreement::of(&ours, &flow.finish().await?))
}

/// The last picture and this one.
fn pictures() -> (Vec<u8>, Vec<u8>) {
    (
        picture((0, 0), (40 * PARTS, 40 * PARTS), (200 * PARTS, 50 * PARTS), 100, 0),
        // 2.5 px to the right and 1.25 up; the one thing 9 px on, the other 21; an eighth brighter.
        picture((40, -20), (49 * PARTS, 44 * PARTS), (221 * PARTS, 50 * PARTS), 112, 5),
    )
}

/// A picture whose view lies at `view`, with two things whose upper left corners are at `one` and `other`, all in parts of a pixel; then its
/// levels, as percent and on top.
fn picture(view: (i32, i32), one: (i32, i32), other: (i32, i32), percent: i32, more: i32) -> Vec<u8> {
    let level = |index: usize| {
        let (x, y) = ((index % WIDTH) as i32 * PARTS, (index / WIDTH) as i32 * PARTS);
        let on = |corner: (i32, i32), side: i32| {
            let place = (x - corner.0, y - corner.1);
            let inside = |way: i32| (0..side * PARTS).contains(&way);
            (inside(place.0) && inside(place.1)).then_some(place)
        };
        let grey = if let Some((x, y)) = on(one, 40) {
            noise(2, x, y, 7)
        } else if let Some((x, y)) = on(other, 56) {
            noise(3, x, y, 11)
        } else if y > 140 * PARTS {
            90
        } else {
            let (x, y) = (x - view.0, y - view.1);
            i32::midpoint(noise(4, x, y, 13), noise(5, x, y, 5))
        };
        ((24 + grey * 7 / 10) * percent / 100 + more).clamp(0, 255) as u8
    };
    (0..WIDTH * HEIGHT).map(level).collect()
}

/// Smooth noise over a grid of so many pixels, 0 to 255, at a place in parts of a pixel.
fn noise(seed: u32, x: i32, y: i32, grid: i32) -> i32 {
    let pitch = grid * PARTS;
    let (column, row) = (x.div_euclid(pitch), y.div_euclid(pitch));
    let (right, down) = (x.rem_euclid(pitch), y.rem_euclid(pitch));
    let corner = |column: i32, row: i32| {
        let mut bits = (column as u32).wrapping_mul(0x1f12_3bb5) ^ (row as u32).wrapping_mul(0x5f35_6495);
        bits ^= seed.wrapping_mul(0x9e37_79b1);
        bits = (bits ^ (bits >> 16)).wrapping_mul(0x85eb_ca6b);
        bits = (bits ^ (bits >> 13)).wrapping_mul(0xc2b2_ae35);
        ((bits ^ (bits >> 16)) & 255) as i32
    };
    let mix = |a: i32, b: i32, share: i32| a * (pitch - share) + b * share;
    let upper = mix(corner(column, row), corner(column + 1, row), right);
    let lower = mix(corner(column, row + 1), corner(column + 1, row + 1), right);
    mix(upper, lower, down) / (pitch * pitch)
}

#[cfg(test)]
mod tests {
    use super::{Agreement, HEIGHT, WIDTH, pictures};
    use crate::Luma;
    use crate::motion::field::{FlowField, NUMBERS, flow_between};

    fn field(numbers: &[f32]) -> FlowField<'_> {
        FlowField::new(numbers, WIDTH, HEIGHT).unwrap()
    }

    #[test]
    fn the_pictures_move_as_they_say() {
        let (last, now) = pictures();
        let [last, now] = [&last, &now].map(|grey| Luma::new(grey, WIDTH, HEIGHT).unwrap());
        let numbers = flow_between(last, now).unwrap();
        let field = field(&numbers);
        let cells: Vec<_> = field.cells().collect();
        let at = |x: usize, y: usize| cells[y / 8 * field.size().0 + x / 8];
        let near = |x: usize, y: usize, way: (f32, f32)| {
            let cell = at(x, y);
            assert!((cell.x - way.0).abs() < 0.3 && (cell.y - way.1).abs() < 0.3, "{cell:?} for {way:?}");
            assert!(cell.confidence > 0.5, "{cell:?}");
        };
        near(130, 100, (2.5, -1.25));
        near(70, 64, (9.0, 4.0));
        near(249, 78, (21.0, 0.0));
        assert!(at(150, 170).confidence < 0.1, "ground without texture");
    }

    #[test]
    fn another_flow_does_not_pass() {
        let (last, now) = pictures();
        let [last, now] = [&last, &now].map(|grey| Luma::new(grey, WIDTH, HEIGHT).unwrap());
        let numbers = flow_between(last, now).unwrap();
        let against = |change: fn(usize, f32) -> f32| {
            let changed: Vec<f32> =
                numbers.iter().enumerate().map(|(n, number)| change(n, *number)).collect();
            Agreement::of(&field(&numbers), &field(&changed))
        };
        assert!(against(|_, number| number + 0.01).passes());
        assert!(!against(|n, number| if n % NUMBERS == 0 { number + 0.5 } else { number }).passes());
        assert!(!against(|_, number| -number).passes());
        assert!(!against(|_, _| 0.0).passes());
        assert!(!against(|_, _| f32::NAN).passes());
        let nothing = vec![0.0; numbers.len()];
        assert!(!Agreement::of(&field(&nothing), &field(&nothing)).passes(), "nothing was compared");
    }
}
