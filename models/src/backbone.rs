//! EfficientNet-Lite: a stem and seven stages of inverted bottlenecks.

use crate::config::{Block, Config};
use crate::layers::Conv;
use burn::module::Module;
use burn::tensor::{Device, Tensor};

/// An inverted bottleneck: widen, filter each channel, narrow, and add the input where shapes agree.
#[derive(Module, Debug)]
pub struct Bottleneck {
    /// 1×1, absent where the block does not widen.
    pub expand: Option<Conv>,
    /// Depthwise.
    pub depthwise: Conv,
    /// 1×1, no activation.
    pub project: Conv,
    residual: bool,
    ends_stage: Option<usize>,
}

impl Bottleneck {
    fn new(block: &Block, device: &Device) -> Self {
        let wide = block.channels_in * block.expansion;
        Self {
            expand: (block.expansion > 1).then(|| Conv::dense([block.channels_in, wide], 1, 1, true, device)),
            depthwise: Conv::depthwise(wide, block.kernel, block.stride, true, device),
            project: Conv::dense([wide, block.channels_out], 1, 1, false, device),
            residual: block.has_residual(),
            ends_stage: block.ends_stage.then_some(block.stage),
        }
    }

    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let residual = self.residual.then(|| x.clone());
        let wide = match &self.expand {
            Some(expand) => expand.forward(x),
            None => x,
        };
        let filtered = self.depthwise.forward(wide);
        match residual {
            Some(residual) => self.project.forward_add(filtered, residual),
            None => self.project.forward(filtered),
        }
    }
}

/// The backbone.
#[derive(Module, Debug)]
pub struct Backbone {
    /// 3×3, stride 2.
    pub stem: Conv,
    /// All bottlenecks, in order.
    pub blocks: Vec<Bottleneck>,
}

impl Backbone {
    /// A backbone whose weights are yet to be loaded.
    #[must_use]
    pub fn new(config: &Config, device: &Device) -> Self {
        Self {
            stem: Conv::dense([3, config.stem_channels], 3, 2, true, device),
            blocks: config.blocks().iter().map(|block| Bottleneck::new(block, device)).collect(),
        }
    }

    /// Features at strides 8, 16 and 32.
    ///
    /// # Shapes
    /// - `image`: `[batch, 3, height, width]`
    /// - result: `[batch, channels, height / stride, width / stride]` each, rounded up at every halving
    #[must_use]
    pub fn forward(&self, image: Tensor<4>) -> Vec<Tensor<4>> {
        let mut x = self.stem.forward(image);
        let mut features = Vec::with_capacity(Config::FEATURE_STAGES.len());
        for block in &self.blocks {
            x = block.forward(x);
            if block.ends_stage.is_some_and(|stage| Config::FEATURE_STAGES.contains(&stage)) {
                features.push(x.clone());
            }
        }
        features
    }
}
