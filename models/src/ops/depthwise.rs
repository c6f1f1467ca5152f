//! Depthwise convolution: one small filter per channel.
//!
//! Each channel's plane is walked row by row. The rows that the filter covers are kept, with their zero padding, in a ring of
//! as many rows as the filter is high, so borders cost nothing in the inner loop and the working set is a few kilobytes
//! whatever the size of the plane. With stride 2 a row is stored as its even pixels, then its odd ones: every tap then reads
//! consecutive floats, as with stride 1. Eight outputs are computed at a time.
//!
//! Measured in V8 (node 24): 4 to 7 billion multiply-adds a second for planes of 40 pixels and wider, less for smaller ones,
//! where the cost of filling rows shows. All depthwise layers together take a fifth of a pass.

use super::{
    Activation, ConvSpec,
    simd::{F32x4, LANES},
};

/// Outputs per turn of the inner loop.
const STEP: usize = 2 * LANES;

/// Pixels of one row that a step may touch: its outputs, and the reach of the widest filter.
const WINDOW: usize = STEP + LANES;

/// Why a window always fits.
const MARGIN: &str = "rows are stored with a margin for the last window";

/// Geometry of a depthwise convolution over planes of one size.
#[derive(Clone, Copy)]
pub(super) struct Depthwise {
    spec: ConvSpec,
    input: [usize; 2],
    output: [usize; 2],
    /// Length of one parity of a stored row: enough for whole steps of reads past the last output.
    row: usize,
}

impl Depthwise {
    /// Whether there is a kernel for this filter and these strides.
    pub(super) fn supports(kernel: [usize; 2], spec: &ConvSpec) -> bool {
        matches!(kernel, [3, 3] | [5, 5]) && matches!(spec.stride, [1, 1] | [2, 2])
    }

    /// Prepares for planes of this size.
    pub(super) fn new(spec: &ConvSpec, input: [usize; 2], kernel: [usize; 2]) -> Self {
        let output = spec.output_size(input, kernel);
        let padded = input[1] + spec.padding.left + spec.padding.right;
        let row = (output[1].next_multiple_of(STEP) + WINDOW - STEP).max(padded.div_ceil(spec.stride[1]) + 1);
        Self { spec: *spec, input, output, row }
    }

    /// All channels: `x` and `out` are `[channels, height, width]`, `filters` is `[channels, height, width]` of the filter.
    pub(super) fn image(
        &self,
        x: &[f32],
        filters: &[f32],
        bias: &[f32],
        out: &mut [f32],
        ring: &mut Vec<f32>,
    ) {
        let kernel_height = (filters.len() / bias.len()).isqrt();
        ring.clear();
        ring.resize(kernel_height * self.spec.stride[1] * self.row, 0.0);
        let planes = x.chunks_exact(self.input[0] * self.input[1]);
        let outs = out.chunks_exact_mut(self.output[0] * self.output[1]);
        let filters = filters.chunks_exact(filters.len() / bias.len());
        for (((plane, out), filter), &bias) in planes.zip(outs).zip(filters).zip(bias) {
            self.plane(plane, filter, bias, out, ring);
        }
    }

    /// One channel: `plane` and `out` are row-major `[height, width]`. The margins of `ring` are zero before and after.
    pub(super) fn plane(&self, plane: &[f32], filter: &[f32], bias: f32, out: &mut [f32], ring: &mut [f32]) {
        let stride = self.spec.stride[1];
        match (filter.len(), stride) {
            (9, 1) => self.plane_of::<3, 1>(plane, filter, bias, out, ring),
            (9, _) => self.plane_of::<3, 2>(plane, filter, bias, out, ring),
            (_, 1) => self.plane_of::<5, 1>(plane, filter, bias, out, ring),
            _ => self.plane_of::<5, 2>(plane, filter, bias, out, ring),
        }
    }

    #[cfg_attr(all(target_arch = "wasm32", feature = "relaxed"), target_feature(enable = "relaxed-simd"))]
    fn plane_of<const K: usize, const S: usize>(
        &self,
        plane: &[f32],
        filter: &[f32],
        bias: f32,
        out: &mut [f32],
        ring: &mut [f32],
    ) {
        let slot_len = S * self.row;
        let filter: [[F32x4; K]; K] =
            core::array::from_fn(|y| core::array::from_fn(|x| F32x4::splat(filter[y * K + x])));
        let bias = F32x4::splat(bias);

        let mut filled = 0;
        for (out_y, out_row) in out.chunks_exact_mut(self.output[1]).enumerate() {
            // Rows are counted in the padded plane; row `y` lives in slot `y % K`.
            let top = out_y * S;
            for y in filled.max(top)..top + K {
                self.fill_row::<S>(plane, y, &mut ring[y % K * slot_len..][..slot_len]);
            }
            filled = top + K;
            let rows: [&[f32]; K] = core::array::from_fn(|y| &ring[(top + y) % K * slot_len..][..slot_len]);
            convolve_row::<K, S>(&rows, &filter, bias, self.spec.activation, out_row);
        }
    }

    /// Copies padded row `y` into its slot. The margins of a slot stay zero once zeroed, because every row has the same ones.
    #[inline]
    fn fill_row<const S: usize>(&self, plane: &[f32], y: usize, slot: &mut [f32]) {
        let [height, width] = self.input;
        let left = self.spec.padding.left;
        let Some(from) = y
            .checked_sub(self.spec.padding.top)
            .filter(|&y| y < height)
            .map(|y| &plane[y * width..][..width])
        else {
            slot.fill(0.0);
            return;
        };
        if S == 1 {
            slot[left..left + width].copy_from_slice(from);
            return;
        }
        let (even, odd) = slot.split_at_mut(self.row);
        // The first pixel lands at padded column `left`: in an odd one when `left` is odd.
        let (first, second, at_first, at_second) = if left.is_multiple_of(2) {
            (even, odd, left / 2, left / 2)
        } else {
            (odd, even, left / 2, left / 2 + 1)
        };
        let (first, second) = (&mut first[at_first..], &mut second[at_second..]);
        let (eights, rest) = from.as_chunks::<{ 2 * LANES }>();
        let (first_fours, second_fours) =
            (first.as_chunks_mut::<LANES>().0, second.as_chunks_mut::<LANES>().0);
        for ((eight, first), second) in eights.iter().zip(first_fours).zip(second_fours) {
            let (fours, _) = eight.as_chunks::<LANES>();
            let (a, b) = F32x4::deinterleave(F32x4::load(&fours[0]), F32x4::load(&fours[1]));
            a.store(first);
            b.store(second);
        }
        let done = eights.len() * LANES;
        for (i, &pixel) in rest.iter().enumerate() {
            if i % 2 == 0 {
                first[done + i / 2] = pixel;
            } else {
                second[done + i / 2] = pixel;
            }
        }
    }
}

/// One row of output.
///
/// Each row of pixels is cut to a window of fixed size once per step, so that the taps need no bounds checks of their own.
#[cfg_attr(all(target_arch = "wasm32", feature = "relaxed"), target_feature(enable = "relaxed-simd"))]
#[inline]
fn convolve_row<const K: usize, const S: usize>(
    rows: &[&[f32]; K],
    filter: &[[F32x4; K]; K],
    bias: F32x4,
    activation: Activation,
    out: &mut [f32],
) {
    let width = out.len();
    let halves: [(&[f32], &[f32]); K] =
        core::array::from_fn(
            |y| if S == 1 { (rows[y], rows[y]) } else { rows[y].split_at(rows[y].len() / 2) },
        );
    let zero = F32x4::splat(0.0);
    for x in (0..width).step_by(STEP) {
        // Two sums per output: a single one would wait for each multiply-add in turn. Which of them is known once the inner
        // loop is unrolled; a choice by the outer one would put them into memory.
        let mut sums = [[bias; 2], [zero; 2]];
        for ky in 0..K {
            let (even, odd) = halves[ky];
            let even: &[f32; WINDOW] = even[x..].first_chunk().expect(MARGIN);
            let odd: &[f32; WINDOW] = if S == 1 { even } else { odd[x..].first_chunk().expect(MARGIN) };
            for kx in 0..K {
                let from = if kx % S == 0 { even } else { odd };
                let (pixels, _) = from[kx / S..kx / S + STEP].as_chunks::<LANES>();
                let sum = &mut sums[kx % 2];
                sum[0] = filter[ky][kx].mul_add(F32x4::load(&pixels[0]), sum[0]);
                sum[1] = filter[ky][kx].mul_add(F32x4::load(&pixels[1]), sum[1]);
            }
        }
        let low = sums[0][0].add(sums[1][0]).activate(activation);
        let high = sums[0][1].add(sums[1][1]).activate(activation);
        if let Some(out) = out.get_mut(x..x + STEP) {
            let (out, _) = out.as_chunks_mut::<LANES>();
            low.store(&mut out[0]);
            high.store(&mut out[1]);
        } else {
            let mut last = [[0.0; LANES]; 2];
            low.store(&mut last[0]);
            high.store(&mut last[1]);
            out[x..].copy_from_slice(&last.as_flattened()[..width - x]);
        }
    }
}
