//! The whole network, from a picture to class logits and box codes on every level.

use crate::anchors::level_sizes;
use crate::backbone::Backbone;
use crate::bifpn::BiFpn;
use crate::config::{ANCHORS, CLASSES, Variant};
use crate::heads::Head;
use burn::module::Module;
use burn::tensor::{Device, Tensor};

/// An EfficientDet-Lite network.
#[derive(Module, Debug)]
pub struct EfficientDet {
    /// Features at strides 8, 16, 32.
    pub backbone: Backbone,
    /// Features at strides 8 to 128.
    pub bifpn: BiFpn,
    /// Box codes.
    pub box_head: Head,
    /// Class logits.
    pub class_head: Head,
}

/// What the network says, level by level (P3 first).
#[derive(Clone, Debug)]
pub struct RawTensors {
    /// `[batch, 9 · classes, height, width]` each: logits, channel `anchor · classes + class`.
    pub logits: Vec<Tensor<4>>,
    /// `[batch, 36, height, width]` each: channel `anchor · 4 + (cy, cx, h, w)`.
    pub codes: Vec<Tensor<4>>,
}

impl RawTensors {
    /// Everything in one tensor, so that one read brings it all to the host: the logits of every level, then the codes of
    /// every level, each plane in row order.
    ///
    /// # Shapes
    /// - result: `[sum over levels of batch · (9 · classes + 36) · height · width]`
    #[must_use]
    pub fn flatten(self) -> Tensor<1> {
        let parts = self.logits.into_iter().chain(self.codes);
        Tensor::cat(parts.map(|t| t.flatten::<1>(0, 3)).collect(), 0)
    }
}

impl EfficientDet {
    /// A network whose weights are yet to be loaded; see [`crate::weights::load`].
    #[must_use]
    pub fn new(variant: Variant, device: &Device) -> Self {
        let config = variant.config();
        Self {
            backbone: Backbone::new(&config, device),
            bifpn: BiFpn::new(&config, device),
            box_head: Head::boxes(config.pyramid_channels, device),
            class_head: Head::classes(config.pyramid_channels, device),
        }
    }

    /// Computes only the logits of these COCO categories (ids 1 to 90), in this order, from now on. To be called once, after
    /// the weights are loaded.
    ///
    /// # Panics
    /// When an id is not in 1..=90: the choice of categories is part of the program, not input.
    #[must_use]
    pub fn keep_classes(mut self, category_ids: &[u8]) -> Self {
        assert!(
            category_ids.iter().all(|&id| (1..=CLASSES).contains(&usize::from(id))),
            "COCO ids are 1 to 90"
        );
        let channels: Vec<usize> = (0..ANCHORS)
            .flat_map(|anchor| category_ids.iter().map(move |&id| anchor * CLASSES + usize::from(id) - 1))
            .collect();
        self.class_head.predict = self.class_head.predict.select_outputs(&channels);
        self
    }

    /// Makes one output channel of the first layer zero. A drill: what a faulty driver might do, for checks that must notice.
    ///
    /// # Panics
    /// When there is no such channel.
    #[must_use]
    pub fn silence_channel(mut self, channel: usize) -> Self {
        let stem = &mut self.backbone.stem;
        let [channels, ..] = stem.weight.dims();
        assert!(channel < channels, "the first layer has {channels} channels");
        let mut mask = vec![1.0f32; channels];
        mask[channel] = 0.0;
        let mask = Tensor::<1>::from_floats(mask.as_slice(), &stem.weight.val().device());
        let over_filters = mask.clone().reshape([channels, 1, 1, 1]);
        stem.weight = stem.weight.clone().map(|weight| weight * over_filters);
        stem.bias = stem.bias.clone().map(|bias| bias * mask);
        self
    }

    /// # Shapes
    /// - `image`: `[batch, 3, height, width]`, red, green, blue, each `(byte − 127) / 128`
    #[must_use]
    pub fn forward(&self, image: Tensor<4>) -> RawTensors {
        let [_, _, height, width] = image.dims();
        let levels = self.bifpn.forward(self.backbone.forward(image));
        debug_assert_eq!(
            levels.each_ref().map(|l| [l.dims()[2], l.dims()[3]]),
            level_sizes(height, width),
            "anchors are laid out for other level sizes than the network has"
        );
        let mut logits = Vec::with_capacity(levels.len());
        let mut codes = Vec::with_capacity(levels.len());
        for (index, level) in levels.into_iter().enumerate() {
            codes.push(self.box_head.forward(index, level.clone()));
            logits.push(self.class_head.forward(index, level));
        }
        RawTensors { logits, codes }
    }
}
