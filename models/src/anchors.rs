//! Anchors: the boxes that the network's box codes are relative to.

use crate::config::{ANCHORS, LEVELS};

/// Size of an anchor at octave 0, in strides.
const SCALE: f32 = 3.0;
/// Sizes per octave step.
const OCTAVES: usize = 3;

/// A box by its centre, in pixels of the network's input.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Anchor {
    /// Centre, down.
    pub cy: f32,
    /// Centre, to the right.
    pub cx: f32,
    /// Height.
    pub h: f32,
    /// Width.
    pub w: f32,
}

impl Anchor {
    /// The box that a code (centre y, centre x, height, width) stands for at this anchor.
    ///
    /// Sizes are limited to e⁸ anchors, far beyond any picture, so that a wild code stays a number.
    #[must_use]
    pub fn decode(&self, code: [f32; 4]) -> Self {
        let [y, x, h, w] = code;
        Self {
            cy: y * self.h + self.cy,
            cx: x * self.w + self.cx,
            h: h.min(8.0).exp() * self.h,
            w: w.min(8.0).exp() * self.w,
        }
    }
}

/// Height and width of every level's map, P3 first, for an input of this size: halved and rounded up, again and again.
#[must_use]
pub fn level_sizes(height: usize, width: usize) -> [[usize; 2]; LEVELS] {
    let halve = |[h, w]: [usize; 2]| [h.div_ceil(2), w.div_ceil(2)];
    let mut size = halve(halve([height, width]));
    std::array::from_fn(|_| {
        size = halve(size);
        size
    })
}

/// The anchors of one level: what differs between positions is only the centre.
#[derive(Clone, Debug, PartialEq)]
pub struct LevelAnchors {
    /// Rows and columns of positions.
    pub size: [usize; 2],
    /// Pixels from one position to the next, down and across.
    pub stride: [f32; 2],
    /// Height and width of each anchor.
    pub shapes: [[f32; 2]; ANCHORS],
}

impl LevelAnchors {
    /// The levels of an input of this size, P3 first.
    ///
    /// Source: google/automl, `efficientdet/tf2/anchors.py`: strides are the input's side over the map's, aspects are 1, 2 and ½
    /// as width over height, octaves are thirds.
    #[must_use]
    pub fn for_input(height: usize, width: usize) -> [Self; LEVELS] {
        level_sizes(height, width).map(|size| {
            let stride = [height as f32 / size[0] as f32, width as f32 / size[1] as f32];
            let shapes = std::array::from_fn(|anchor| {
                let octave = 2f32.powf((anchor / OCTAVES) as f32 / OCTAVES as f32);
                let aspect = [1.0, 2.0f32, 0.5][anchor % OCTAVES].sqrt();
                [SCALE * stride[0] * octave / aspect, SCALE * stride[1] * octave * aspect]
            });
            Self { size, stride, shapes }
        })
    }

    /// The anchor at a position.
    #[must_use]
    pub fn at(&self, row: usize, column: usize, anchor: usize) -> Anchor {
        let [h, w] = self.shapes[anchor];
        Anchor { cy: (row as f32 + 0.5) * self.stride[0], cx: (column as f32 + 0.5) * self.stride[1], h, w }
    }

    /// Number of anchors.
    #[must_use]
    pub fn count(&self) -> usize {
        self.size[0] * self.size[1] * ANCHORS
    }
}

#[cfg(test)]
mod tests {
    use super::{Anchor, LevelAnchors, level_sizes};
    use crate::config::Variant;

    #[test]
    fn counts_are_those_of_the_published_networks() {
        let counts = Variant::ALL.map(|variant| {
            let side = variant.nominal_side();
            LevelAnchors::for_input(side, side).iter().map(LevelAnchors::count).sum::<usize>()
        });
        assert_eq!(counts, [19_206, 27_621, 37_629]);
    }

    #[test]
    fn odd_maps_round_up() {
        assert_eq!(level_sizes(320, 448), [[40, 56], [20, 28], [10, 14], [5, 7], [3, 4]]);
    }

    #[test]
    fn anchors_of_the_finest_level() {
        let level = &LevelAnchors::for_input(384, 512)[0];
        assert_eq!(level.at(0, 0, 0), Anchor { cy: 4.0, cx: 4.0, h: 24.0, w: 24.0 });
        let wide = level.at(1, 2, 1);
        assert_eq!((wide.cy, wide.cx), (12.0, 20.0));
        assert!((wide.w / wide.h - 2.0).abs() < 1e-5 && (wide.w * wide.h - 576.0).abs() < 1e-2);
        let last = level.at(0, 0, 6);
        assert!((last.h - 24.0 * 2f32.powf(2.0 / 3.0)).abs() < 1e-4);
    }

    #[test]
    fn a_zero_code_is_the_anchor_and_a_wild_one_stays_finite() {
        let anchor = Anchor { cy: 10.0, cx: 20.0, h: 24.0, w: 12.0 };
        assert_eq!(anchor.decode([0.0; 4]), anchor);
        assert_eq!(anchor.decode([0.5, -1.0, 0.0, 0.0]), Anchor { cy: 22.0, cx: 8.0, ..anchor });
        assert!(anchor.decode([0.0, 0.0, 1e30, 1e30]).h.is_finite());
    }
}
