//! Dense convolution with a filter larger than one pixel: in these networks only the stem, 3×3 over three colours.
//!
//! The patches under the filter are gathered straight into the panels of [`super::gemm`] (`im2col`, one block at a time, never
//! the whole matrix), and the product does the rest. The stem is 2 % of the work, so the gather is plain code.

use super::{ConvSpec, gemm::PANEL};

/// Gathers the patches of output pixels `first .. first + count` into panels `[panel][channel, ky, kx][8]`.
///
/// `x` is one image, `[channels, height, width]` with `[height, width] = input`.
pub(super) fn pack_patches(
    x: &[f32],
    input: [usize; 2],
    kernel: [usize; 2],
    spec: &ConvSpec,
    first: usize,
    count: usize,
    panels: &mut [f32],
) {
    let [height, width] = input;
    let [_, out_width] = spec.output_size(input, kernel);
    let channels = x.len() / (height * width);
    let depth = channels * kernel[0] * kernel[1];
    panels.fill(0.0);
    for (c, plane) in x.chunks_exact(height * width).enumerate() {
        for ky in 0..kernel[0] {
            for kx in 0..kernel[1] {
                let k = (c * kernel[0] + ky) * kernel[1] + kx;
                // Output columns whose tap falls inside the picture.
                let begin = spec.padding.left.saturating_sub(kx).div_ceil(spec.stride[1]);
                let end = (width + spec.padding.left).saturating_sub(kx).div_ceil(spec.stride[1]);
                let mut column = 0;
                while column < count {
                    let (out_y, out_x) = ((first + column) / out_width, (first + column) % out_width);
                    let run = (out_width - out_x).min(count - column);
                    let row =
                        (out_y * spec.stride[0] + ky).checked_sub(spec.padding.top).filter(|&y| y < height);
                    if let Some(y) = row {
                        let row = &plane[y * width..][..width];
                        for x in out_x.max(begin)..(out_x + run).min(end) {
                            let j = column + x - out_x;
                            panels[(j / PANEL * depth + k) * PANEL + j % PANEL] =
                                row[x * spec.stride[1] + kx - spec.padding.left];
                        }
                    }
                    column += run;
                }
            }
        }
    }
}
