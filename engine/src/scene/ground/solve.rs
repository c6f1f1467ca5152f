//! Least squares in a few unknowns, by normal equations and Cholesky's factor.
//!
//! Sums, products and square roots only, in a fixed order: unlike a general linear-algebra crate, which may pick fused or wider
//! instructions by machine, it gives the same bits natively and in wasm.

/// Normal equations `A x = b` of a least-squares problem in `N` unknowns.
#[derive(Clone, Debug)]
pub(super) struct Normal<const N: usize> {
    matrix: [[f64; N]; N],
    right: [f64; N],
}

/// Cholesky's lower factor of a positive definite matrix.
#[derive(Clone, Debug)]
pub(super) struct Factor<const N: usize>([[f64; N]; N]);

/// A pivot that loses this share of its size is nothing but rounding: the unknowns are not told apart.
const SINGULAR: f64 = 1e-11;

impl<const N: usize> Normal<N> {
    pub(super) fn new() -> Self {
        Self { matrix: [[0.0; N]; N], right: [0.0; N] }
    }

    /// Adds the equation `row · x = value`.
    pub(super) fn add(&mut self, row: &[f64; N], value: f64) {
        for (i, a) in row.iter().enumerate() {
            for (sum, b) in self.matrix[i].iter_mut().zip(row) {
                *sum += a * b;
            }
            self.right[i] += a * value;
        }
    }

    /// Makes the diagonal heavier by this share: shorter, safer steps (Levenberg–Marquardt).
    pub(super) fn damp(&mut self, share: f64) {
        for i in 0..N {
            self.matrix[i][i] *= 1.0 + share;
        }
    }

    /// The factor; `None` when some unknowns cannot be told apart.
    pub(super) fn factor(&self) -> Option<Factor<N>> {
        let mut lower = [[0.0; N]; N];
        for i in 0..N {
            for j in 0..=i {
                let shared: f64 = (0..j).map(|k| lower[i][k] * lower[j][k]).sum();
                let rest = self.matrix[i][j] - shared;
                if i == j {
                    // Also refuses what is not a number.
                    if !(rest.is_finite() && rest > SINGULAR * self.matrix[i][i]) {
                        return None;
                    }
                    lower[i][i] = rest.sqrt();
                } else {
                    lower[i][j] = rest / lower[j][j];
                }
            }
        }
        Some(Factor(lower))
    }

    /// The solution.
    pub(super) fn solve(&self) -> Option<[f64; N]> {
        let Factor(lower) = self.factor()?;
        let mut half = self.right;
        for i in 0..N {
            let known: f64 = (0..i).map(|k| lower[i][k] * half[k]).sum();
            half[i] = (half[i] - known) / lower[i][i];
        }
        Some(Factor(lower).back(half))
    }
}

impl<const N: usize> Factor<N> {
    /// Solves `Lᵀ x = y`. For `y` the unit vectors, the `x` are the columns of a square root of the inverse: one standard deviation
    /// in each of `N` independent directions when the matrix is that of unit-noise least squares.
    pub(super) fn back(&self, mut y: [f64; N]) -> [f64; N] {
        for i in (0..N).rev() {
            let known: f64 = (i + 1..N).map(|k| self.0[k][i] * y[k]).sum();
            y[i] = (y[i] - known) / self.0[i][i];
        }
        y
    }

    /// Those columns.
    pub(super) fn deviations(&self) -> impl Iterator<Item = [f64; N]> + '_ {
        (0..N).map(|k| {
            let mut unit = [0.0; N];
            unit[k] = 1.0;
            self.back(unit)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Normal;

    #[test]
    fn a_line_through_points_and_its_uncertainty() {
        let mut normal = Normal::<2>::new();
        for (x, y) in [(0.0, 1.0), (1.0, 3.0), (2.0, 5.0), (3.0, 7.0)] {
            normal.add(&[1.0, x], y);
        }
        let [offset, slope] = normal.solve().unwrap();
        assert!((offset - 1.0).abs() < 1e-12 && (slope - 2.0).abs() < 1e-12);
        // Known variance of a slope: 1 / Σ (x − mean)² = 1 / 5.
        let variance: f64 = normal.factor().unwrap().deviations().map(|d| d[1] * d[1]).sum();
        assert!((variance - 0.2).abs() < 1e-12);
    }

    #[test]
    fn what_cannot_be_told_apart_is_refused() {
        let mut normal = Normal::<2>::new();
        for x in [1.0, 2.0, 3.0] {
            normal.add(&[x, 2.0 * x], x);
        }
        assert!(normal.solve().is_none());
        normal.add(&[f64::NAN, 1.0], 0.0);
        assert!(normal.solve().is_none());
    }
}
