//! What sets Lite0, Lite1 and Lite2 apart: widths, depths and nominal input.

use serde::{Deserialize, Serialize};

/// Number of pyramid levels: P3 to P7, strides 8 to 128.
pub const LEVELS: usize = 5;
/// Anchors per position: three octaves times three aspects.
pub const ANCHORS: usize = 9;
/// Class slots: COCO category ids 1 to 90, some of which COCO never uses.
pub const CLASSES: usize = 90;
/// Separable convolutions in each head before the prediction.
pub const HEAD_DEPTH: usize = 3;

/// A network of the family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Variant {
    /// EfficientDet-Lite0.
    Lite0,
    /// EfficientDet-Lite1.
    Lite1,
    /// EfficientDet-Lite2.
    Lite2,
}

impl Variant {
    /// All of them, smallest first.
    pub const ALL: [Self; 3] = [Self::Lite0, Self::Lite1, Self::Lite2];

    /// The name in the manifest and in file names.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Lite0 => "efficientdet-lite0",
            Self::Lite1 => "efficientdet-lite1",
            Self::Lite2 => "efficientdet-lite2",
        }
    }

    /// Side of the square input that the network was trained at, in pixels.
    #[must_use]
    pub fn nominal_side(self) -> usize {
        match self {
            Self::Lite0 => 320,
            Self::Lite1 => 384,
            Self::Lite2 => 448,
        }
    }

    /// Its dimensions.
    #[must_use]
    pub fn config(self) -> Config {
        let (repeats, widths, pyramid_channels, pyramid_cells) = match self {
            Self::Lite0 => ([1, 2, 2, 3, 3, 4, 1], [16, 24, 40, 80, 112, 192, 320], 64, 3),
            Self::Lite1 => ([1, 3, 3, 4, 4, 5, 1], [16, 24, 40, 80, 112, 192, 320], 88, 4),
            Self::Lite2 => ([1, 3, 3, 4, 4, 5, 1], [16, 24, 48, 88, 120, 208, 352], 112, 5),
        };
        let kernels = [3, 3, 5, 3, 5, 5, 3];
        let strides = [1, 2, 2, 2, 1, 2, 1];
        let stages = std::array::from_fn(|i| Stage {
            repeats: repeats[i],
            channels: widths[i],
            kernel: kernels[i],
            stride: strides[i],
            expansion: if i == 0 { 1 } else { 6 },
        });
        Config { stem_channels: 32, stages, pyramid_channels, pyramid_cells }
    }
}

/// Dimensions of one network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Channels after the first convolution.
    pub stem_channels: usize,
    /// The seven stages of the EfficientNet-Lite backbone.
    pub stages: [Stage; 7],
    /// Channels on every pyramid level.
    pub pyramid_channels: usize,
    /// How often the pyramid is crossed down and up.
    pub pyramid_cells: usize,
}

impl Config {
    /// Stages whose outputs feed the pyramid at strides 8, 16 and 32.
    pub const FEATURE_STAGES: [usize; 3] = [2, 4, 6];

    /// Every inverted bottleneck of the backbone, in order.
    #[must_use]
    pub fn blocks(&self) -> Vec<Block> {
        let mut channels_in = self.stem_channels;
        let mut blocks = Vec::new();
        for (index, stage) in self.stages.iter().enumerate() {
            for repeat in 0..stage.repeats {
                blocks.push(Block {
                    stage: index,
                    channels_in,
                    channels_out: stage.channels,
                    kernel: stage.kernel,
                    stride: if repeat == 0 { stage.stride } else { 1 },
                    expansion: stage.expansion,
                    ends_stage: repeat + 1 == stage.repeats,
                });
                channels_in = stage.channels;
            }
        }
        blocks
    }
}

/// A run of equal blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stage {
    /// Number of blocks.
    pub repeats: usize,
    /// Channels of their output.
    pub channels: usize,
    /// Side of the depthwise kernel.
    pub kernel: usize,
    /// Stride of the first block.
    pub stride: usize,
    /// Factor by which a block widens its input inside.
    pub expansion: usize,
}

/// One inverted bottleneck.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// Stage it belongs to, from 0.
    pub stage: usize,
    /// Channels of its input.
    pub channels_in: usize,
    /// Channels of its output.
    pub channels_out: usize,
    /// Side of the depthwise kernel.
    pub kernel: usize,
    /// Stride of the depthwise convolution.
    pub stride: usize,
    /// Factor by which it widens its input inside; 1 means no widening convolution at all.
    pub expansion: usize,
    /// True for the last block of its stage.
    pub ends_stage: bool,
}

impl Block {
    /// True where the input is added to the output.
    #[must_use]
    pub fn has_residual(&self) -> bool {
        self.stride == 1 && self.channels_in == self.channels_out
    }
}
