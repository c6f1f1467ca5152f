//! The two heads: class scores and box codes, the same for every level but for the normalisation folded into their 1×1
//! convolutions.

use crate::config::{ANCHORS, CLASSES, HEAD_DEPTH, LEVELS};
use crate::layers::Conv;
use burn::module::Module;
use burn::tensor::{Device, Tensor};

/// 1×1 convolutions of one level, with that level's normalisation folded in.
#[derive(Module, Debug)]
pub struct LevelConvs {
    /// One for each hidden layer.
    pub pointwise: Vec<Conv>,
}

/// A head.
#[derive(Module, Debug)]
pub struct Head {
    /// 3×3 within each channel: one for each hidden layer and one before the prediction; shared by all levels.
    pub depthwise: Vec<Conv>,
    /// For each level, P3 first.
    pub levels: Vec<LevelConvs>,
    /// 1×1 to the outputs; shared by all levels.
    pub predict: Conv,
}

impl Head {
    /// Class logits: channel `anchor · CLASSES + (category id − 1)`.
    #[must_use]
    pub fn classes(channels: usize, device: &Device) -> Self {
        Self::new(channels, ANCHORS * CLASSES, device)
    }

    /// Box codes: channel `anchor · 4 + (0 centre y, 1 centre x, 2 height, 3 width)`.
    #[must_use]
    pub fn boxes(channels: usize, device: &Device) -> Self {
        Self::new(channels, ANCHORS * 4, device)
    }

    fn new(channels: usize, outputs: usize, device: &Device) -> Self {
        let pointwise = || LevelConvs {
            pointwise: (0..HEAD_DEPTH)
                .map(|_| Conv::dense([channels, channels], 1, 1, true, device))
                .collect(),
        };
        Self {
            depthwise: (0..=HEAD_DEPTH).map(|_| Conv::depthwise(channels, 3, 1, false, device)).collect(),
            levels: (0..LEVELS).map(|_| pointwise()).collect(),
            predict: Conv::dense([channels, outputs], 1, 1, false, device),
        }
    }

    /// # Shapes
    /// - `x`: `[batch, pyramid_channels, height, width]` of level `level` (0 for P3)
    /// - result: `[batch, outputs, height, width]`
    #[must_use]
    pub fn forward(&self, level: usize, mut x: Tensor<4>) -> Tensor<4> {
        for (depthwise, pointwise) in self.depthwise.iter().zip(&self.levels[level].pointwise) {
            x = pointwise.forward(depthwise.forward(x));
        }
        self.predict.forward(self.depthwise[HEAD_DEPTH].forward(x))
    }
}
