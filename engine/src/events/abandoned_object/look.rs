//! How a place on the grey picture looks, so that one can tell whether what stood there still does.

use crate::{BBox, Luma};

/// Samples across and down.
const SIDE: usize = 16;
const COUNT: usize = SIDE * SIDE;
/// How far beyond the box it reaches on every side, as a share of the box: the edge against the ground is what shows.
const MARGIN: f32 = 0.25;
/// Spread of grey levels under which a place has no look of its own: noise and compression come to two.
const LEAST_SPREAD: f32 = 4.0;

/// A box and its surroundings, as a grid of grey levels.
#[derive(Clone, Debug)]
pub(super) struct Look {
    grey: [f32; COUNT],
    mean: f32,
    spread: f32,
}

impl Look {
    /// How the surroundings of `bbox` look; `None` when the box is empty, or there is nothing to tell it by.
    pub(super) fn of(luma: Luma<'_>, bbox: &BBox) -> Option<Self> {
        let look = Self::sample(luma, bbox)?;
        (look.spread >= LEAST_SPREAD).then_some(look)
    }

    fn sample(luma: Luma<'_>, bbox: &BBox) -> Option<Self> {
        if !bbox.is_valid() {
            return None;
        }
        let (dx, dy) = (MARGIN * bbox.width(), MARGIN * bbox.height());
        let (x0, y0) = (bbox.x0 - dx, bbox.y0 - dy);
        let (step_x, step_y) =
            ((bbox.width() + 2.0 * dx) / SIDE as f32, (bbox.height() + 2.0 * dy) / SIDE as f32);
        let mut grey = [0.0; COUNT];
        for (row, line) in grey.chunks_exact_mut(SIDE).enumerate() {
            for (column, value) in line.iter_mut().enumerate() {
                let x = x0 + (column as f32 + 0.5) * step_x;
                let y = y0 + (row as f32 + 0.5) * step_y;
                *value = between_pixels(luma, x, y);
            }
        }
        let mean = grey.iter().sum::<f32>() / COUNT as f32;
        let spread = (grey.iter().map(|g| (g - mean) * (g - mean)).sum::<f32>() / COUNT as f32).sqrt();
        Some(Self { grey, mean, spread })
    }

    /// Normalised correlation with how the same place looks on another picture: 1 when it looks the same but for brightness and
    /// contrast, 0 when it has nothing to do with it.
    pub(super) fn likeness(&self, luma: Luma<'_>, bbox: &BBox) -> f32 {
        let Some(other) = Self::sample(luma, bbox) else { return 0.0 };
        if other.spread < 0.5 {
            return 0.0;
        }
        let pairs = self.grey.iter().zip(&other.grey);
        let covariance = pairs.map(|(a, b)| (a - self.mean) * (b - other.mean)).sum::<f32>() / COUNT as f32;
        covariance / (self.spread * other.spread)
    }
}

/// The grey level at a point, in shares of the picture, between the four pixels around it.
fn between_pixels(luma: Luma<'_>, x: f32, y: f32) -> f32 {
    let along = |share: f32, count: usize| {
        let place = (share * count as f32 - 0.5).clamp(0.0, (count - 1) as f32);
        let first = place as usize;
        (first, (first + 1).min(count - 1), place - first as f32)
    };
    let (left, right, tx) = along(x, luma.width());
    let (above, below, ty) = along(y, luma.height());
    let at = |x: usize, y: usize| f32::from(luma.pixels()[y * luma.width() + x]);
    let upper = at(left, above) + tx * (at(right, above) - at(left, above));
    let lower = at(left, below) + tx * (at(right, below) - at(left, below));
    upper + ty * (lower - upper)
}

#[cfg(test)]
mod tests {
    use super::Look;
    use crate::{BBox, Luma};

    /// A striped floor with a dark box on it where `object` says so, times `light`.
    fn picture(object: bool, light: f32) -> Vec<u8> {
        let pixel = |x: usize, y: usize| {
            let inside = object && (30..50).contains(&x) && (40..60).contains(&y);
            let grey = if inside { 30.0 } else { 120.0 + 15.0 * ((x / 5 + y / 7) % 2) as f32 };
            (grey * light) as u8
        };
        (0..80 * 80).map(|n| pixel(n % 80, n / 80)).collect()
    }

    const PLACE: BBox = BBox { x0: 30.0 / 80.0, y0: 0.5, x1: 50.0 / 80.0, y1: 0.75 };

    #[test]
    fn an_object_is_told_from_the_bare_floor_in_any_light() {
        let (with, without, dim) = (picture(true, 1.0), picture(false, 1.0), picture(true, 0.6));
        let luma = |pixels| Luma::new(pixels, 80, 80).unwrap();
        let look = Look::of(luma(&with), &PLACE).unwrap();
        assert!(look.likeness(luma(&dim), &PLACE) > 0.95);
        assert!(look.likeness(luma(&without), &PLACE) < 0.4);
    }

    #[test]
    fn a_bare_wall_has_no_look() {
        let wall = vec![90; 80 * 80];
        assert!(Look::of(Luma::new(&wall, 80, 80).unwrap(), &PLACE).is_none());
    }
}
