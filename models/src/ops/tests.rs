//! The kernels against [`super::reference`], over random shapes.
//!
//! Run natively by `cargo test`, and in wasm (with and without relaxed SIMD) by wasm-bindgen's test runner on node.

use burn::tensor::{Device, Tensor, TensorData};

use super::{
    Activation, ConvSpec, Padding, add_coarser_relu6, add_finer_relu6, conv2d, conv2d_add, reference,
};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Largest allowed difference, for sums of up to some 300 products of values in -1..1: orders of summation differ.
const TOLERANCE: f32 = 2e-5;

/// Numerical Recipes' linear congruential generator: repeatable, and the same on every target.
struct Random(u32);

impl Random {
    fn next(&mut self) -> u32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        self.0 >> 8
    }

    /// One of `from..=to`.
    fn in_range(&mut self, from: usize, to: usize) -> usize {
        from + self.next() as usize % (to - from + 1)
    }

    /// Values in -1..1.
    fn tensor<const D: usize>(&mut self, shape: [usize; D]) -> Tensor<D> {
        let values: Vec<f32> =
            (0..shape.iter().product()).map(|_| self.next() as f32 / (1 << 23) as f32 - 1.0).collect();
        Tensor::from_data(TensorData::new(values, shape), &Device::flex())
    }

    fn padding(&mut self, most: usize) -> Padding {
        let mut side = || self.in_range(0, most);
        Padding { top: side(), bottom: side(), left: side(), right: side() }
    }

    fn activation(&mut self) -> Activation {
        if self.next().is_multiple_of(2) { Activation::None } else { Activation::Relu6 }
    }
}

fn assert_close<const D: usize>(got: Tensor<D>, expected: Tensor<D>, what: &str) {
    assert_eq!(got.dims(), expected.dims(), "{what}");
    let got = got.into_data().try_into_vec::<f32>().expect("made of f32");
    let expected = expected.into_data().try_into_vec::<f32>().expect("made of f32");
    for (i, (g, e)) in got.iter().zip(&expected).enumerate() {
        assert!((g - e).abs() <= TOLERANCE, "{what}: element {i} is {g}, not {e}");
    }
}

fn check(random: &mut Random, shape: [usize; 4], filter: [usize; 4], spec: &ConvSpec) {
    let what = format!("x {shape:?}, weight {filter:?}, {spec:?}");
    let (x, weight, bias) = (random.tensor(shape), random.tensor(filter), random.tensor([filter[0]]));
    let expected = reference::conv2d(x.clone(), weight.clone(), bias.clone(), spec);
    assert_close(conv2d(x.clone(), weight.clone(), bias.clone(), spec), expected.clone(), &what);
    let residual = random.tensor(expected.dims());
    assert_close(conv2d_add(x, weight, bias, residual.clone(), spec), expected + residual, &what);
}

#[test]
fn pointwise_agrees_with_burn() {
    let mut random = Random(1);
    for _ in 0..60 {
        let channels = [random.in_range(1, 70), random.in_range(1, 30)];
        let size = [random.in_range(1, 14), random.in_range(1, 40)];
        let spec = ConvSpec {
            stride: [1, 1],
            padding: Padding::default(),
            groups: 1,
            activation: random.activation(),
        };
        let batch = random.in_range(1, 2);
        check(&mut random, [batch, channels[0], size[0], size[1]], [channels[1], channels[0], 1, 1], &spec);
    }
}

#[test]
fn pointwise_agrees_over_several_blocks() {
    let mut random = Random(2);
    let spec =
        ConvSpec { stride: [1, 1], padding: Padding::default(), groups: 1, activation: Activation::Relu6 };
    check(&mut random, [1, 300, 41, 37], [13, 300, 1, 1], &spec);
}

#[test]
fn dense_agrees_with_burn() {
    let mut random = Random(3);
    for _ in 0..60 {
        let kernel = random.in_range(1, 5);
        let channels = [random.in_range(1, 5), random.in_range(1, 12)];
        let spec = ConvSpec {
            stride: [random.in_range(1, 3), random.in_range(1, 3)],
            padding: random.padding(kernel - 1),
            groups: 1,
            activation: random.activation(),
        };
        let size = [random.in_range(kernel, 20), random.in_range(kernel, 40)];
        check(
            &mut random,
            [1, channels[0], size[0], size[1]],
            [channels[1], channels[0], kernel, kernel],
            &spec,
        );
    }
}

#[test]
fn depthwise_agrees_with_burn() {
    let mut random = Random(4);
    for _ in 0..200 {
        let kernel = [3, 5][random.in_range(0, 1)];
        let stride = random.in_range(1, 2);
        let channels = random.in_range(2, 6);
        let spec = ConvSpec {
            stride: [stride, stride],
            padding: random.padding(kernel - 1),
            groups: channels,
            activation: random.activation(),
        };
        let size = [random.in_range(kernel, 20), random.in_range(kernel, 40)];
        let batch = random.in_range(1, 2);
        check(&mut random, [batch, channels, size[0], size[1]], [channels, 1, kernel, kernel], &spec);
    }
}

#[test]
fn other_convolutions_fall_back_to_burn() {
    let mut random = Random(5);
    let spec =
        ConvSpec { stride: [1, 2], padding: Padding::default(), groups: 2, activation: Activation::Relu6 };
    check(&mut random, [1, 4, 9, 11], [6, 2, 3, 3], &spec);
    check(&mut random, [1, 2, 9, 11], [2, 1, 3, 3], &spec);
    check(&mut random, [1, 2, 9, 11], [2, 1, 2, 4], &spec);
}

#[test]
fn a_view_is_read_in_its_own_order() {
    let mut random = Random(6);
    let x = random.tensor([1, 6, 9, 5]).swap_dims(1, 2);
    let (weight, bias) = (random.tensor([4, 9, 1, 1]), random.tensor([4]));
    let spec =
        ConvSpec { stride: [1, 1], padding: Padding::default(), groups: 1, activation: Activation::None };
    let expected = reference::conv2d(x.clone(), weight.clone(), bias.clone(), &spec);
    assert_close(conv2d(x, weight, bias, &spec), expected, "swapped dimensions");
}

#[test]
fn pyramid_sums_agree_with_burn() {
    let mut random = Random(7);
    for _ in 0..100 {
        let [height, width] = [random.in_range(1, 20), random.in_range(1, 20)];
        let [batch, channels] = [random.in_range(1, 2), random.in_range(1, 3)];
        let half = [batch, channels, height.div_ceil(2), width.div_ceil(2)];
        let fine = random.tensor([batch, channels, height, width]) * 4.0;
        let [coarse, more] = [random.tensor(half) * 4.0, random.tensor(half)];
        let what = format!("{height} × {width}");

        let expected = reference::add_coarser_relu6(fine.clone(), coarse.clone());
        assert_close(add_coarser_relu6(fine.clone(), coarse.clone()), expected, &what);
        let expected = reference::add_finer_relu6(coarse.clone(), Some(more.clone()), fine.clone());
        assert_close(add_finer_relu6(coarse.clone(), Some(more), fine.clone()), expected, &what);
        let expected = reference::add_finer_relu6(coarse.clone(), None, fine.clone());
        assert_close(add_finer_relu6(coarse, None, fine), expected, &what);
    }
}

#[test]
fn a_buffer_in_use_elsewhere_is_left_alone() {
    let mut random = Random(8);
    let spec =
        ConvSpec { stride: [1, 1], padding: Padding::default(), groups: 1, activation: Activation::None };
    let (weight, bias) = (random.tensor([8, 8, 1, 1]), random.tensor([8]));
    let x = random.tensor([1, 8, 6, 6]);
    let before = x.clone().into_data();
    let first = conv2d(x.clone(), weight.clone(), bias.clone(), &spec);
    let kept = first.clone().into_data();
    for _ in 0..4 {
        let again = conv2d(x.clone(), weight.clone(), bias.clone(), &spec);
        drop(conv2d(again, weight.clone(), bias.clone(), &spec));
    }
    assert_eq!(x.into_data(), before);
    assert_eq!(first.into_data(), kept);
}
