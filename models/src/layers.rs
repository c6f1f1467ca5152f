//! Convolution layers with TFLite's SAME padding, and the two resamplings of the pyramid.

use crate::ops::{self, Activation, ConvSpec, Padding};
use burn::module::{Module, Param, ParamId};
use burn::tensor::{Device, Int, Tensor, TensorData, module, ops::MaxPoolOptions};

/// Zeros before and after one axis so that the output has `ceil(size / stride)` positions; the odd one goes after.
///
/// Source: TensorFlow, `tf.nn.convolution`, padding "SAME".
#[must_use]
pub fn same_padding(size: usize, kernel: usize, stride: usize) -> (usize, usize) {
    let total = ((size.div_ceil(stride) - 1) * stride + kernel).saturating_sub(size);
    (total / 2, total - total / 2)
}

/// A convolution with bias and activation.
#[derive(Module, Debug)]
pub struct Conv {
    /// `[channels_out, channels_in / groups, kernel, kernel]`.
    pub weight: Param<Tensor<4>>,
    /// `[channels_out]`.
    pub bias: Param<Tensor<1>>,
    kernel: usize,
    stride: usize,
    groups: usize,
    relu6: bool,
}

impl Conv {
    /// A convolution over all channels, its weights yet to be loaded.
    #[must_use]
    pub fn dense(channels: [usize; 2], kernel: usize, stride: usize, relu6: bool, device: &Device) -> Self {
        let [channels_in, channels_out] = channels;
        Self {
            weight: unloaded([channels_out, channels_in, kernel, kernel], device),
            bias: unloaded([channels_out], device),
            kernel,
            stride,
            groups: 1,
            relu6,
        }
    }

    /// A convolution within each channel, its weights yet to be loaded.
    #[must_use]
    pub fn depthwise(channels: usize, kernel: usize, stride: usize, relu6: bool, device: &Device) -> Self {
        Self {
            weight: unloaded([channels, 1, kernel, kernel], device),
            bias: unloaded([channels], device),
            kernel,
            stride,
            groups: channels,
            relu6,
        }
    }

    /// # Shapes
    /// - `x`: `[batch, channels_in, height, width]`
    /// - result: `[batch, channels_out, ceil(height / stride), ceil(width / stride)]`
    #[must_use]
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let spec = self.spec(&x);
        ops::conv2d(x, self.weight.val(), self.bias.val(), &spec)
    }

    /// [`Self::forward`], then `residual` added.
    ///
    /// # Shapes
    /// As for [`Self::forward`]; `residual` has the shape of the result.
    #[must_use]
    pub fn forward_add(&self, x: Tensor<4>, residual: Tensor<4>) -> Tensor<4> {
        let spec = self.spec(&x);
        ops::conv2d_add(x, self.weight.val(), self.bias.val(), residual, &spec)
    }

    /// Keeps only these output channels, in this order.
    #[must_use]
    pub fn select_outputs(self, channels: &[usize]) -> Self {
        let indices: Vec<i32> = channels.iter().map(|&c| c as i32).collect();
        let device = self.weight.val().device();
        let indices = Tensor::<1, Int>::from_data(TensorData::new(indices, [channels.len()]), &device);
        let select = indices.clone();
        Self {
            weight: self.weight.map(|w| w.select(0, select)),
            bias: self.bias.map(|b| b.select(0, indices)),
            ..self
        }
    }

    fn spec(&self, x: &Tensor<4>) -> ConvSpec {
        let [_, _, height, width] = x.dims();
        let (top, bottom) = same_padding(height, self.kernel, self.stride);
        let (left, right) = same_padding(width, self.kernel, self.stride);
        ConvSpec {
            stride: [self.stride; 2],
            padding: Padding { top, bottom, left, right },
            groups: self.groups,
            activation: if self.relu6 { Activation::Relu6 } else { Activation::None },
        }
    }
}

/// Depthwise, then 1×1.
#[derive(Module, Debug)]
pub struct SeparableConv {
    /// 3×3 within each channel, no activation.
    pub depthwise: Conv,
    /// 1×1 across channels.
    pub pointwise: Conv,
}

impl SeparableConv {
    /// A 3×3 separable convolution without activation that keeps the channel count, its weights yet to be loaded.
    #[must_use]
    pub fn new(channels: usize, device: &Device) -> Self {
        Self {
            depthwise: Conv::depthwise(channels, 3, 1, false, device),
            pointwise: Conv::dense([channels, channels], 1, 1, false, device),
        }
    }

    /// # Shapes
    /// - `x` and result: `[batch, channels, height, width]`
    #[must_use]
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        self.pointwise.forward(self.depthwise.forward(x))
    }
}

/// 3×3 maximum with stride 2 and SAME padding.
///
/// # Shapes
/// - `x`: `[batch, channels, height, width]`
/// - result: `[batch, channels, ceil(height / 2), ceil(width / 2)]`
#[must_use]
pub fn max_pool(x: Tensor<4>) -> Tensor<4> {
    let [_, _, height, width] = x.dims();
    let padding = [same_padding(height, 3, 2), same_padding(width, 3, 2)];
    module::max_pool2d(x, MaxPoolOptions::new([3, 3]).with_stride([2, 2]).with_padding_pairs(padding))
}

/// Nearest-neighbour resize as TFLite does it with neither `align_corners` nor `half_pixel_centers`: output position `i`
/// reads input position `floor(i · in / out)`.
///
/// # Shapes
/// - `x`: `[batch, channels, height, width]`
/// - result: `[batch, channels, size[0], size[1]]`
#[must_use]
pub fn resize_nearest(x: Tensor<4>, size: [usize; 2]) -> Tensor<4> {
    let [batch, channels, height, width] = x.dims();
    if size == [height, width] {
        return x;
    }
    if size == [2 * height, 2 * width] {
        // Repeats every row and column, without an index table: the only case at sizes that halve evenly.
        return x
            .reshape([batch, channels, height, 1, width, 1])
            .expand([batch, channels, height, 2, width, 2])
            .reshape([batch, channels, size[0], size[1]]);
    }
    let device = x.device();
    let indices = |from: usize, to: usize| {
        let table: Vec<i32> = (0..to).map(|i| (i * from / to) as i32).collect();
        Tensor::<1, Int>::from_data(TensorData::new(table, [to]), &device)
    };
    x.select(2, indices(height, size[0])).select(3, indices(width, size[1]))
}

/// A parameter that costs nothing until weights are loaded into it.
fn unloaded<const D: usize>(shape: [usize; D], device: &Device) -> Param<Tensor<D>> {
    Param::uninitialized(
        ParamId::new(),
        move |device, _| Tensor::zeros(shape, device),
        device.clone(),
        false,
        shape.into(),
    )
}

#[cfg(test)]
mod tests {
    use super::same_padding;

    #[test]
    fn same_padding_puts_the_odd_zero_after() {
        assert_eq!(same_padding(320, 3, 2), (0, 1));
        assert_eq!(same_padding(5, 3, 2), (1, 1));
        assert_eq!(same_padding(320, 5, 2), (1, 2));
        assert_eq!(same_padding(7, 5, 2), (2, 2));
        assert_eq!(same_padding(40, 3, 1), (1, 1));
        assert_eq!(same_padding(40, 1, 1), (0, 0));
        assert_eq!(same_padding(1, 3, 2), (1, 1));
    }

    #[cfg(feature = "flex")]
    mod on_flex {
        use crate::layers::{max_pool, resize_nearest};
        use burn::tensor::{Device, Tensor};

        fn row(values: &[f32]) -> Tensor<4> {
            Tensor::<1>::from_floats(values, &Device::flex()).reshape([1, 1, 1, values.len()])
        }

        fn values(x: Tensor<4>) -> Vec<f32> {
            x.into_data().try_into_vec().unwrap()
        }

        #[test]
        fn nearest_rounds_as_tflite_does() {
            let up = |from: &[f32], to| values(resize_nearest(row(from), [1, to]));
            assert_eq!(up(&[0., 1., 2.], 5), [0., 0., 1., 1., 2.]);
            assert_eq!(up(&[0., 1., 2., 3.], 7), [0., 0., 1., 1., 2., 2., 3.]);
            assert_eq!(
                values(resize_nearest(row(&[0., 1., 2.]), [2, 6])),
                [0., 0., 1., 1., 2., 2., 0., 0., 1., 1., 2., 2.]
            );
        }

        #[test]
        fn pooling_pads_with_nothing_rather_than_zero() {
            assert_eq!(values(max_pool(row(&[-4., -3., -2., -1.]))), [-2., -1.]);
            assert_eq!(values(max_pool(row(&[-5., -4., -3., -2., -1.]))), [-4., -2., -1.]);
        }
    }
}
