//! The same operations, composed from burn's own: what runs on devices without kernels of ours, and what the kernels are
//! tested against.

use burn::tensor::{Tensor, module, ops::ConvOptions};

use super::{Activation, ConvSpec};
use crate::layers::{max_pool, resize_nearest};

/// [`super::conv2d`] in plain burn.
#[must_use]
pub fn conv2d(x: Tensor<4>, weight: Tensor<4>, bias: Tensor<1>, spec: &ConvSpec) -> Tensor<4> {
    let padding = [(spec.padding.top, spec.padding.bottom), (spec.padding.left, spec.padding.right)];
    let options = ConvOptions::new_with_padding(spec.stride, padding, [1, 1], spec.groups);
    let sum = module::conv2d(x, weight, Some(bias), options);
    activate(sum, spec.activation)
}

/// [`super::conv2d_add`] in plain burn.
#[must_use]
pub fn conv2d_add(
    x: Tensor<4>,
    weight: Tensor<4>,
    bias: Tensor<1>,
    residual: Tensor<4>,
    spec: &ConvSpec,
) -> Tensor<4> {
    conv2d(x, weight, bias, spec) + residual
}

/// Applies an activation.
#[must_use]
pub fn activate<const D: usize>(x: Tensor<D>, activation: Activation) -> Tensor<D> {
    match activation {
        Activation::None => x,
        Activation::Relu6 => x.clamp(0.0, 6.0),
    }
}

/// [`super::add_coarser_relu6`] in plain burn.
#[must_use]
pub fn add_coarser_relu6(fine: Tensor<4>, coarse: Tensor<4>) -> Tensor<4> {
    let [_, _, height, width] = fine.dims();
    activate(fine + resize_nearest(coarse, [height, width]), Activation::Relu6)
}

/// [`super::add_finer_relu6`] in plain burn.
#[must_use]
pub fn add_finer_relu6(level: Tensor<4>, way_down: Option<Tensor<4>>, finer: Tensor<4>) -> Tensor<4> {
    let sum = match way_down {
        Some(way_down) => level + way_down,
        None => level,
    };
    activate(sum + max_pool(finer), Activation::Relu6)
}
