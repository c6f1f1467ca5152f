//! The operations on the Flex device: burn tensors in, kernels on slices, burn tensors out.
//!
//! Results are written into buffers kept from earlier operations: a pass of the network makes a hundred tensors of a few
//! megabytes, and fresh ones would each be zeroed first, and would scatter a wasm heap that never shrinks. An input that nobody
//! else holds gives its buffer back when the operation is done with it.

use std::cell::RefCell;

use burn::backend::{BackendTypes, DispatchDevice, Flex};
use burn::tensor::{DType, Tensor, TensorData};

use super::depthwise::Depthwise;
use super::gemm::{self, Product};
use super::{ConvSpec, pyramid, stem};
use crate::layers::same_padding;

type FlexTensor = <Flex as BackendTypes>::FloatTensorPrimitive;

/// Most buffers kept for later: as many as a pass uses sizes, so that the large ones of its beginning are still there for the
/// next pass. Lite0 at 512 × 256 then keeps 37 MB.
const KEPT_BUFFERS: usize = 24;

/// Memory kept between operations, per thread.
#[derive(Default)]
struct Workspace {
    /// Buffers of earlier tensors, oldest first.
    free: Vec<Vec<f32>>,
    /// Operands of a product, packed.
    product: gemm::Scratch,
    /// Rows of a depthwise convolution.
    rows: Vec<f32>,
}

impl Workspace {
    /// A buffer of exactly `len` values, whatever they are.
    fn take(&mut self, len: usize) -> Vec<f32> {
        let fitting = self.free.iter().enumerate().filter(|(_, b)| (len..=2 * len).contains(&b.capacity()));
        let best = fitting.min_by_key(|(_, b)| b.capacity()).map(|(i, _)| i);
        let mut buffer = best.map_or_else(Vec::new, |i| self.free.remove(i));
        // Fills no more than what a shorter use had cut off.
        buffer.resize(len, 0.0);
        buffer
    }

    /// Keeps the buffer of a tensor that nobody else holds.
    fn give_back(&mut self, tensor: FlexTensor) {
        if !tensor.is_unique() {
            return;
        }
        if let Ok(buffer) = tensor.into_data().try_into_vec::<f32>() {
            if self.free.len() == KEPT_BUFFERS {
                self.free.remove(0);
            }
            self.free.push(buffer);
        }
    }
}

thread_local! {
    static WORKSPACE: RefCell<Workspace> = RefCell::default();
}

/// Whether a tensor is one that the kernels here can work on.
pub(super) fn is_ours(x: &Tensor<4>) -> bool {
    matches!(x.device().as_dispatch(), DispatchDevice::Flex(_)) && x.dtype() == DType::F32
}

/// Whether there is a kernel for this convolution.
pub(super) fn supports(x: &Tensor<4>, weight: &Tensor<4>, spec: &ConvSpec) -> bool {
    let [_, channels, _, _] = x.dims();
    let [_, _, height, width] = weight.dims();
    is_ours(x)
        && (spec.groups == 1
            || is_depthwise(channels, weight, spec) && Depthwise::supports([height, width], spec))
}

fn is_depthwise(channels: usize, weight: &Tensor<4>, spec: &ConvSpec) -> bool {
    spec.groups == channels && weight.dims()[0] == channels
}

/// The operand in row-major order. Rearranged where it was a view.
fn dense<const D: usize>(x: Tensor<D>) -> FlexTensor {
    let x = x.try_into_primitive::<Flex>().expect("checked to be on the Flex device");
    if x.as_slice::<f32>().is_some() { x } else { x.to_contiguous() }
}

fn values(x: &FlexTensor) -> &[f32] {
    x.as_slice().expect("made dense, and checked to be f32")
}

fn wrap(buffer: Vec<f32>, shape: [usize; 4]) -> Tensor<4> {
    Tensor::from_primitive::<Flex>(FlexTensor::from_data(TensorData::new(buffer, shape)))
}

/// [`super::conv2d_add`] with an optional residual.
pub(super) fn conv2d(
    x: Tensor<4>,
    weight: Tensor<4>,
    bias: Tensor<1>,
    residual: Option<Tensor<4>>,
    spec: &ConvSpec,
) -> Tensor<4> {
    let [batch, channels, height, width] = x.dims();
    let [channels_out, _, kernel_height, kernel_width] = weight.dims();
    let (input, kernel) = ([height, width], [kernel_height, kernel_width]);
    let output = spec.output_size(input, kernel);
    let pixels = output[0] * output[1];
    let shape = [batch, channels_out, output[0], output[1]];
    let depthwise = spec.groups > 1;

    let (x, weight, bias, residual) = (dense(x), dense(weight), dense(bias), residual.map(dense));
    WORKSPACE.with_borrow_mut(|workspace| {
        let mut out = workspace.take(shape.iter().product());
        for (n, out) in out.chunks_exact_mut(channels_out * pixels).enumerate() {
            let image = &values(&x)[n * channels * height * width..][..channels * height * width];
            let residual = residual.as_ref().map(|r| &values(r)[n * out.len()..][..out.len()]);
            if depthwise {
                let geometry = Depthwise::new(spec, input, kernel);
                geometry.image(image, values(&weight), values(&bias), out, &mut workspace.rows);
                if let Some(residual) = residual {
                    out.iter_mut().zip(residual).for_each(|(o, r)| *o += r);
                }
                continue;
            }
            let product = Product {
                weights: values(&weight),
                bias: values(&bias),
                columns: pixels,
                activation: spec.activation,
                residual,
            };
            let pointwise = kernel == [1, 1] && output == input;
            gemm::multiply(&product, out, &mut workspace.product, |first, count, panels| {
                if pointwise {
                    gemm::pack_columns(image, pixels, first, count, panels);
                } else {
                    stem::pack_patches(image, input, kernel, spec, first, count, panels);
                }
            });
        }
        for operand in residual.into_iter().chain([x]) {
            workspace.give_back(operand);
        }
        wrap(out, shape)
    })
}

/// [`super::add_coarser_relu6`].
pub(super) fn add_coarser_relu6(fine: Tensor<4>, coarse: Tensor<4>) -> Tensor<4> {
    let shape = fine.dims();
    let [_, _, height, width] = shape;
    let [_, _, coarse_height, coarse_width] = coarse.dims();
    let (fine, coarse) = (dense(fine), dense(coarse));
    WORKSPACE.with_borrow_mut(|workspace| {
        let mut out = workspace.take(shape.iter().product());
        let coarse_size = [coarse_height, coarse_width];
        pyramid::add_coarser(values(&fine), [height, width], values(&coarse), coarse_size, &mut out);
        workspace.give_back(fine);
        workspace.give_back(coarse);
        wrap(out, shape)
    })
}

/// [`super::add_finer_relu6`].
pub(super) fn add_finer_relu6(level: Tensor<4>, way_down: Option<Tensor<4>>, finer: Tensor<4>) -> Tensor<4> {
    let shape = level.dims();
    let [_, _, height, width] = shape;
    let [_, _, finer_height, finer_width] = finer.dims();
    let begin = [same_padding(finer_height, 3, 2).0, same_padding(finer_width, 3, 2).0];
    let (level, way_down, finer) = (dense(level), way_down.map(dense), dense(finer));
    WORKSPACE.with_borrow_mut(|workspace| {
        let mut out = workspace.take(shape.iter().product());
        let parts = [Some(values(&level)), way_down.as_ref().map(values)];
        pyramid::add_finer(
            parts,
            values(&finer),
            [finer_height, finer_width],
            begin,
            [height, width],
            &mut out,
        );
        for operand in [Some(level), way_down, Some(finer)].into_iter().flatten() {
            workspace.give_back(operand);
        }
        wrap(out, shape)
    })
}
