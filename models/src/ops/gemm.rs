//! Matrix product with bias, activation and residual, for pointwise and dense convolutions.
//!
//! `out[m, n] = act(weights[m, k] × columns[k, n] + bias[m]) (+ residual[m, n])`, all row-major.
//!
//! **Blocking.** The columns are cut into blocks; the caller copies (or computes) each block into *panels* of eight columns,
//! `[k][8]`, so that the inner loop reads memory in order: in their own layout the rows of a 160×160 plane lie a multiple of
//! 4 KiB apart and evict each other from the L1 cache. A block is as wide as fits in [`BLOCK_FLOATS`]. For each group of up to
//! six weight rows the inner loop walks all panels of the block: six rows × eight columns are twelve accumulators, which with
//! two column registers and one broadcast weight fill the sixteen registers of x86-64. Weights are packed too, `[k][6]`, so
//! that two addresses advance per step instead of seven.
//!
//! Measured in V8 (node 24): 12 billion multiply-adds a second, 15 with relaxed SIMD. Weights read where they lie, with four
//! steps unrolled, gave 8 to 11.

use super::{
    Activation,
    simd::{F32x4, LANES},
};

/// Columns in a panel.
pub(super) const PANEL: usize = 2 * LANES;

/// Most weight rows handled at once.
const ROWS: usize = 6;

/// Size of a block of panels, in floats: 192 KiB, to stay in the second-level cache of small machines.
const BLOCK_FLOATS: usize = 48 * 1024;

/// Sizes and constant operands of one product.
#[derive(Clone, Copy)]
pub(super) struct Product<'a> {
    /// Row-major `[m, k]`.
    pub(super) weights: &'a [f32],
    /// `[m]`
    pub(super) bias: &'a [f32],
    /// Number of columns.
    pub(super) columns: usize,
    /// Applied to product plus bias.
    pub(super) activation: Activation,
    /// Row-major `[m, n]`, added last.
    pub(super) residual: Option<&'a [f32]>,
}

impl Product<'_> {
    /// Length of a weight row.
    pub(super) fn depth(&self) -> usize {
        self.weights.len() / self.bias.len()
    }

    /// How many columns to pack at a time: a multiple of [`PANEL`].
    pub(super) fn block_columns(&self) -> usize {
        let fitting = BLOCK_FLOATS / self.depth() / PANEL * PANEL;
        fitting.clamp(4 * PANEL, 64 * PANEL)
    }
}

/// Memory that products reuse.
#[derive(Default)]
pub(super) struct Scratch {
    panels: Vec<f32>,
    weights: Vec<f32>,
}

/// Computes a whole product. `pack(first, count, panels)` fills `panels`, laid out `[panel][k][8]`, with the columns
/// `first .. first + count`; lanes past the last column may hold anything finite.
pub(super) fn multiply(
    product: &Product<'_>,
    out: &mut [f32],
    scratch: &mut Scratch,
    mut pack: impl FnMut(usize, usize, &mut [f32]),
) {
    let depth = product.depth();
    pack_weights(product, &mut scratch.weights);
    let block = product.block_columns().min(product.columns.next_multiple_of(PANEL));
    if scratch.panels.len() < block * depth {
        scratch.panels.resize(block * depth, 0.0);
    }
    for first in (0..product.columns).step_by(block) {
        let count = block.min(product.columns - first);
        let panels = &mut scratch.panels[..count.next_multiple_of(PANEL) * depth];
        pack(first, count, panels);
        for (row, height) in row_groups(product.bias.len()) {
            let group = Group { row, weights: &scratch.weights[row * depth..][..height * depth] };
            match height {
                1 => row_group::<1>(product, group, panels, first, count, out),
                2 => row_group::<2>(product, group, panels, first, count, out),
                3 => row_group::<3>(product, group, panels, first, count, out),
                4 => row_group::<4>(product, group, panels, first, count, out),
                5 => row_group::<5>(product, group, panels, first, count, out),
                _ => row_group::<6>(product, group, panels, first, count, out),
            }
        }
    }
}

/// Cuts `rows` into groups of at most [`ROWS`]: `(first row, height)`. Low groups waste registers, so 8 rows go as 4 + 4.
fn row_groups(rows: usize) -> impl Iterator<Item = (usize, usize)> {
    let mut row = 0;
    std::iter::from_fn(move || {
        let height = match rows - row {
            0 => return None,
            left @ ..=ROWS => left,
            7 | 8 => 4,
            _ => ROWS,
        };
        row += height;
        Some((row - height, height))
    })
}

/// Lays out each group of weight rows as `[k][height]`, one group after the other.
fn pack_weights(product: &Product<'_>, packed: &mut Vec<f32>) {
    let depth = product.depth();
    packed.clear();
    packed.resize(product.weights.len(), 0.0);
    for (row, height) in row_groups(product.bias.len()) {
        let group = &mut packed[row * depth..][..height * depth];
        for (r, weights) in product.weights[row * depth..][..height * depth].chunks_exact(depth).enumerate() {
            for (to, weight) in group[r..].iter_mut().step_by(height).zip(weights) {
                *to = *weight;
            }
        }
    }
}

/// Some rows of weights, packed `[k][height]`.
#[derive(Clone, Copy)]
struct Group<'a> {
    row: usize,
    weights: &'a [f32],
}

/// `R` weight rows against all panels of a block.
#[cfg_attr(all(target_arch = "wasm32", feature = "relaxed"), target_feature(enable = "relaxed-simd"))]
fn row_group<const R: usize>(
    product: &Product<'_>,
    Group { row, weights }: Group<'_>,
    panels: &[f32],
    first: usize,
    count: usize,
    out: &mut [f32],
) {
    let depth = product.depth();
    let columns = product.columns;
    let weights = weights.as_chunks::<R>().0;
    let bias: [F32x4; R] = core::array::from_fn(|r| F32x4::splat(product.bias[row + r]));

    let panels = panels.chunks_exact(depth * PANEL);
    for (column, panel) in (0..count).step_by(PANEL).zip(panels) {
        let sums = tile(weights, panel, &bias);
        let width = PANEL.min(count - column);
        for (r, [low, high]) in sums.into_iter().enumerate() {
            let at = (row + r) * columns + first + column;
            let mut low = low.activate(product.activation);
            let mut high = high.activate(product.activation);
            let out = &mut out[at..at + width];
            if let Ok(out) = <&mut [f32; PANEL]>::try_from(&mut *out) {
                if let Some(residual) = product.residual {
                    let (more, _) = residual[at..at + PANEL].as_chunks::<LANES>();
                    low = low.add(F32x4::load(&more[0]));
                    high = high.add(F32x4::load(&more[1]));
                }
                let (out, _) = out.as_chunks_mut::<LANES>();
                low.store(&mut out[0]);
                high.store(&mut out[1]);
            } else {
                let mut last = [[0.0; LANES]; 2];
                low.store(&mut last[0]);
                high.store(&mut last[1]);
                out.copy_from_slice(&last.as_flattened()[..width]);
                if let Some(residual) = product.residual {
                    for (out, more) in out.iter_mut().zip(&residual[at..]) {
                        *out += more;
                    }
                }
            }
        }
    }
}

/// `R` × eight sums over the whole depth, started from the bias. `weights` is `[k][R]`.
///
/// One step per turn and no more: unrolled, LLVM orders the sums by accumulator, and the column registers of all steps have to
/// live at once, beyond the sixteen that there are.
#[cfg_attr(all(target_arch = "wasm32", feature = "relaxed"), target_feature(enable = "relaxed-simd"))]
#[inline]
fn tile<const R: usize>(weights: &[[f32; R]], panel: &[f32], bias: &[F32x4; R]) -> [[F32x4; 2]; R] {
    let mut sums: [[F32x4; 2]; R] = core::array::from_fn(|r| [bias[r]; 2]);
    for (weights, step) in weights.iter().zip(panel.as_chunks::<PANEL>().0) {
        let (step, _) = step.as_chunks::<LANES>();
        let (low, high) = (F32x4::load(&step[0]), F32x4::load(&step[1]));
        for r in 0..R {
            let weight = F32x4::splat(weights[r]);
            sums[r][0] = weight.mul_add(low, sums[r][0]);
            sums[r][1] = weight.mul_add(high, sums[r][1]);
        }
    }
    sums
}

/// Packs columns `first .. first + count` of the row-major matrix `x[k, columns]` into panels.
pub(super) fn pack_columns(x: &[f32], columns: usize, first: usize, count: usize, panels: &mut [f32]) {
    let depth = x.len() / columns;
    for (k, row) in x.chunks_exact(columns).enumerate() {
        let (whole, rest) = row[first..first + count].as_chunks::<PANEL>();
        let mut at = k * PANEL;
        for from in whole {
            panels[at..at + PANEL].copy_from_slice(from);
            at += depth * PANEL;
        }
        if !rest.is_empty() {
            panels[at..at + rest.len()].copy_from_slice(rest);
        }
    }
}
