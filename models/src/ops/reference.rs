//! The same operations, composed from burn's own: what runs on devices without kernels of ours, and what the kernels are
//! tested against.

use burn::tensor::{Tensor, module, ops::ConvOptions};

use super::{Activation, ConvSpec};

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
