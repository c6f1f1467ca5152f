//! The few operations that an EfficientDet pass spends its time in, as fused kernels.
//!
//! Everything here takes and returns ordinary burn tensors. On the Flex (CPU) device the work is done by the kernels of this
//! folder; on any other device the same result is composed from burn's own operations, in [`reference`]. The network code does
//! not know which of the two ran. No model structure, no weights and no I/O belong here.

#[cfg(feature = "flex")]
mod depthwise;
#[cfg(feature = "flex")]
mod flex;
#[cfg(feature = "flex")]
mod gemm;
#[cfg(feature = "flex")]
mod pyramid;
pub mod reference;
#[cfg(feature = "flex")]
mod simd;
#[cfg(feature = "flex")]
mod stem;

use burn::tensor::Tensor;

/// What happens to a value after the sum and the bias.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// The value as it is.
    None,
    /// `min(max(v, 0), 6)`.
    Relu6,
}

/// Rows and columns of zeros put around the input, in pixels of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Padding {
    /// Rows above.
    pub top: usize,
    /// Rows below.
    pub bottom: usize,
    /// Columns on the left.
    pub left: usize,
    /// Columns on the right.
    pub right: usize,
}

/// How a convolution is laid out, apart from its weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConvSpec {
    /// Step in rows, then in columns; each at least 1.
    pub stride: [usize; 2],
    /// Zeros around the input.
    pub padding: Padding,
    /// Number of groups: 1 for a dense convolution, the number of channels for a depthwise one.
    pub groups: usize,
    /// What follows the bias.
    pub activation: Activation,
}

impl ConvSpec {
    /// Height and width of the output for an input and a kernel of these heights and widths.
    #[must_use]
    pub fn output_size(&self, input: [usize; 2], kernel: [usize; 2]) -> [usize; 2] {
        let Padding { top, bottom, left, right } = self.padding;
        [
            (input[0] + top + bottom - kernel[0]) / self.stride[0] + 1,
            (input[1] + left + right - kernel[1]) / self.stride[1] + 1,
        ]
    }
}

/// Convolution, bias and activation in one pass.
///
/// # Shapes
/// - `x`: `[batch, channels_in, height, width]`
/// - `weight`: `[channels_out, channels_in / groups, kernel_height, kernel_width]`
/// - `bias`: `[channels_out]`
/// - output: `[batch, channels_out, height_out, width_out]`, see [`ConvSpec::output_size`]
#[must_use]
pub fn conv2d(x: Tensor<4>, weight: Tensor<4>, bias: Tensor<1>, spec: &ConvSpec) -> Tensor<4> {
    #[cfg(feature = "flex")]
    if flex::supports(&x, &weight, spec) {
        return flex::conv2d(x, weight, bias, None, spec);
    }
    reference::conv2d(x, weight, bias, spec)
}

/// [`conv2d`], then `residual` added to the result (after the activation).
///
/// # Shapes
/// As for [`conv2d`]; `residual` has the shape of the output.
#[must_use]
pub fn conv2d_add(
    x: Tensor<4>,
    weight: Tensor<4>,
    bias: Tensor<1>,
    residual: Tensor<4>,
    spec: &ConvSpec,
) -> Tensor<4> {
    #[cfg(feature = "flex")]
    if flex::supports(&x, &weight, spec) {
        return flex::conv2d(x, weight, bias, Some(residual), spec);
    }
    reference::conv2d_add(x, weight, bias, residual, spec)
}

/// `relu6(fine + coarse)`, with `coarse` brought to the size of `fine` by its nearest pixels.
///
/// # Shapes
/// - `fine` and output: `[batch, channels, height, width]`
/// - `coarse`: `[batch, channels, any, any]`
#[must_use]
pub fn add_coarser_relu6(fine: Tensor<4>, coarse: Tensor<4>) -> Tensor<4> {
    #[cfg(feature = "flex")]
    if flex::is_ours(&fine) {
        return flex::add_coarser_relu6(fine, coarse);
    }
    reference::add_coarser_relu6(fine, coarse)
}

/// `relu6(level + way_down + finer)`, with `finer` brought to half its size by its largest pixels (3×3, SAME padding).
///
/// # Shapes
/// - `level`, `way_down` and output: `[batch, channels, height, width]`
/// - `finer`: `[batch, channels, h, w]` with `height = ceil(h / 2)` and `width = ceil(w / 2)`
#[must_use]
pub fn add_finer_relu6(level: Tensor<4>, way_down: Option<Tensor<4>>, finer: Tensor<4>) -> Tensor<4> {
    #[cfg(feature = "flex")]
    if flex::is_ours(&level) {
        return flex::add_finer_relu6(level, way_down, finer);
    }
    reference::add_finer_relu6(level, way_down, finer)
}

#[cfg(all(test, feature = "flex"))]
mod tests;
