//! A projective map between two planes.

/// A point of either plane.
pub(super) type Place = (f64, f64);

/// The 3 × 3 matrix, row by row, of a map `(u, v) → (x, y)`, scaled so that the third row is 1 in the middle of what it was fitted to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Plane(pub(super) [f64; 9]);

impl Plane {
    /// The third row at a place: 1 in the middle of what the map was fitted to, falling towards the horizon, 0 on it, negative
    /// above. In a picture of the ground, its inverse goes with the distance from the camera.
    pub(super) fn nearness(&self, (u, v): Place) -> f64 {
        self.0[6] * u + self.0[7] * v + self.0[8]
    }

    /// Where a place comes to lie; `None` on the horizon.
    pub(super) fn apply(&self, (u, v): Place) -> Option<Place> {
        let m = &self.0;
        let w = self.nearness((u, v));
        let place = ((m[0] * u + m[1] * v + m[2]) / w, (m[3] * u + m[4] * v + m[5]) / w);
        (place.0.is_finite() && place.1.is_finite()).then_some(place)
    }

    /// The derivatives there: `[∂x/∂u, ∂x/∂v, ∂y/∂u, ∂y/∂v]`.
    pub(super) fn slopes(&self, at: Place) -> Option<[f64; 4]> {
        let m = &self.0;
        let (w, (x, y)) = (self.nearness(at), self.apply(at)?);
        Some([(m[0] - x * m[6]) / w, (m[1] - x * m[7]) / w, (m[3] - y * m[6]) / w, (m[4] - y * m[7]) / w])
    }

    /// The map back; `None` where the map squashes the plane into a line.
    pub(super) fn inverse(&self) -> Option<Self> {
        let m = &self.0;
        let minor = |a: usize, b: usize, c: usize, d: usize| m[a] * m[d] - m[b] * m[c];
        let adjugate = [
            minor(4, 5, 7, 8),
            -minor(1, 2, 7, 8),
            minor(1, 2, 4, 5),
            -minor(3, 5, 6, 8),
            minor(0, 2, 6, 8),
            -minor(0, 2, 3, 5),
            minor(3, 4, 6, 7),
            -minor(0, 1, 6, 7),
            minor(0, 1, 3, 4),
        ];
        let determinant = m[0] * adjugate[0] + m[1] * adjugate[3] + m[2] * adjugate[6];
        let inverse = adjugate.map(|entry| entry / determinant);
        inverse.iter().all(|entry| entry.is_finite()).then_some(Self(inverse))
    }

    /// This map after `first`.
    pub(super) fn after(&self, first: &Self) -> Self {
        let mut product = [0.0; 9];
        for row in 0..3 {
            for column in 0..3 {
                product[3 * row + column] =
                    (0..3).map(|k| self.0[3 * row + k] * first.0[3 * k + column]).sum();
            }
        }
        Self(product)
    }

    /// The same map, with nearness 1 at `middle`.
    pub(super) fn scaled_at(self, middle: Place) -> Option<Self> {
        let nearness = self.nearness(middle);
        let scaled = self.0.map(|entry| entry / nearness);
        scaled.iter().all(|entry| entry.is_finite()).then_some(Self(scaled))
    }
}

/// Middle of the places and the factor by which to multiply so that they lie √2 from it in the mean (Hartley: *In Defense of the
/// Eight-Point Algorithm*, 1997); `None` when they all lie together.
pub(super) fn middle_and_scale(places: &[Place]) -> Option<(Place, f64)> {
    let count = places.len() as f64;
    let middle =
        (places.iter().map(|p| p.0).sum::<f64>() / count, places.iter().map(|p| p.1).sum::<f64>() / count);
    let distance = |p: &Place| ((p.0 - middle.0).powi(2) + (p.1 - middle.1).powi(2)).sqrt();
    let mean = places.iter().map(distance).sum::<f64>() / count;
    let scale = std::f64::consts::SQRT_2 / mean;
    scale.is_finite().then_some((middle, scale))
}
