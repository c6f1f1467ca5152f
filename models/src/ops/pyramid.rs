//! The sums at the nodes of the feature pyramid: resampling, addition and `ReLU6` in one pass over memory.
//!
//! A few per cent of the arithmetic, but five passes over the largest maps of the pyramid when composed from single
//! operations. Plain loops: without a call inside, LLVM vectorises what is worth it.

/// Largest of two, as one instruction; the networks make no NaN.
#[inline]
fn larger(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

#[inline]
fn relu6(v: f32) -> f32 {
    let v = if v > 0.0 { v } else { 0.0 };
    if v < 6.0 { v } else { 6.0 }
}

/// `out = relu6(fine + nearest(coarse))`, plane by plane; sizes are `[height, width]`. The position read for `i` is
/// `floor(i · coarse / fine)`.
pub(super) fn add_coarser(
    fine: &[f32],
    fine_size: [usize; 2],
    coarse: &[f32],
    coarse_size: [usize; 2],
    out: &mut [f32],
) {
    let [height, width] = fine_size;
    let columns: Vec<usize> = (0..width).map(|x| x * coarse_size[1] / width).collect();
    let planes = fine.chunks_exact(height * width).zip(coarse.chunks_exact(coarse_size[0] * coarse_size[1]));
    for (out, (fine, coarse)) in out.chunks_exact_mut(height * width).zip(planes) {
        let rows = out.chunks_exact_mut(width).zip(fine.chunks_exact(width)).enumerate();
        for (y, (out, fine)) in rows {
            let coarse = &coarse[y * coarse_size[0] / height * coarse_size[1]..][..coarse_size[1]];
            for ((out, fine), &x) in out.iter_mut().zip(fine).zip(&columns) {
                *out = relu6(fine + coarse[x]);
            }
        }
    }
}

/// `out = relu6(a + b + max_pool(finer))`, plane by plane; `b` may be absent. The maximum is over 3×3 with stride 2; rows and
/// columns outside the picture do not count. `begin` is how many of them lie above and to the left.
pub(super) fn add_finer(
    [a, b]: [Option<&[f32]>; 2],
    finer: &[f32],
    finer_size: [usize; 2],
    begin: [usize; 2],
    size: [usize; 2],
    out: &mut [f32],
) {
    let [height, width] = size;
    // Maxima down each column; those outside the picture, on either side, stay as they are.
    let mut tallest = vec![f32::NEG_INFINITY; 2 * width + 1];
    for (c, out) in out.chunks_exact_mut(height * width).enumerate() {
        let finer = &finer[c * finer_size[0] * finer_size[1]..][..finer_size[0] * finer_size[1]];
        for (y, out) in out.chunks_exact_mut(width).enumerate() {
            let rows = (2 * y).saturating_sub(begin[0])..(2 * y + 3 - begin[0]).min(finer_size[0]);
            let inside = &mut tallest[begin[1]..];
            let kept = inside.len().min(finer_size[1]);
            inside[..kept].fill(f32::NEG_INFINITY);
            for row in finer[rows.start * finer_size[1]..rows.end * finer_size[1]].chunks_exact(finer_size[1])
            {
                for (tallest, &pixel) in inside.iter_mut().zip(row) {
                    *tallest = larger(*tallest, pixel);
                }
            }
            let at = (c * height + y) * width;
            for (x, out) in out.iter_mut().enumerate() {
                let [left, middle, right] = [tallest[2 * x], tallest[2 * x + 1], tallest[2 * x + 2]];
                let mut sum = larger(larger(left, middle), right);
                for part in [a, b].into_iter().flatten() {
                    sum += part[at + x];
                }
                *out = relu6(sum);
            }
        }
    }
}
