//! What light does to a picture and is no motion: a change of exposure, shadows, patches of sun.

/// Gain and offset are taken for a change of exposure from this mean change on, grey levels.
const EXPOSURE_STEP: f32 = 1.5;
/// A pixel agrees with an exposure within this, grey levels.
const AGREES: f32 = 6.0;
/// Where more than this share agrees without a change …
const UNCHANGED_SHARE: f32 = 0.8;
/// … and differs by less than this on average, dark and bright, nothing has changed, grey levels.
const UNCHANGED: f32 = 1.0;
/// Fewer pixels than this tell nothing.
const MIN_SAMPLES: f32 = 50.0;
/// Where the picture is black or burnt out, nothing can be measured.
const MEASURABLE: std::ops::RangeInclusive<u8> = 3..=250;
/// Variance of the background's texture from which it can show through, grey levels².
const TEXTURED: i32 = 36;
/// Square of the correlation from which the background's texture shows through.
const SHOWS_THROUGH: f32 = 0.85;

/// Gain and offset (levels) from the background to a picture, when they have changed: a line through pairs of background level and pixel by
/// reweighted least squares, so that what moves has no say.
pub(super) fn exposure(pairs: &(impl Iterator<Item = (f32, u8)> + Clone)) -> Option<(f32, f32)> {
    let samples = || {
        let measurable = pairs.clone().filter(|(_, pixel)| MEASURABLE.contains(pixel));
        measurable.map(|(before, pixel)| (before, f32::from(pixel)))
    };
    let (mut count, mut sum, mut near) = (0.0_f32, 0.0, 0.0);
    // Of the dark and the bright half: how many, and by how much they differ.
    let mut halves = [(0.0_f32, 0.0_f32); 2];
    for (before, now) in samples() {
        let difference = (now - before).clamp(-40.0, 40.0);
        count += 1.0;
        sum += difference;
        if difference.abs() < AGREES {
            near += 1.0;
            let half = &mut halves[usize::from(before >= 128.0)];
            *half = (half.0 + 1.0, half.1 + difference);
        }
    }
    if count < MIN_SAMPLES {
        return None;
    }
    // Nearly always nothing has changed, and that is quickly seen.
    if near > UNCHANGED_SHARE * count && halves.iter().all(|&(n, sum)| sum.abs() <= UNCHANGED * n.max(1.0)) {
        return None;
    }
    let mut line = (1.0, sum / count);
    for scale in [24.0_f32, 12.0, 8.0, 6.0] {
        let (mut w, mut wx, mut wy, mut wxx, mut wxy) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for (before, now) in samples() {
            let apart = (now - line.0 * before - line.1) / scale;
            let weight = 1.0 / ((1.0 + apart * apart) * (1.0 + apart * apart));
            w += weight;
            wx += weight * before;
            wy += weight * now;
            wxx += weight * before * before;
            wxy += weight * before * now;
        }
        let spread = wxx - wx * wx / w;
        if spread < 25.0 * w {
            // Too little contrast for a gain.
            line = (1.0, (wy - wx) / w);
        } else {
            let gain = ((wxy - wx * wy / w) / spread).clamp(0.4, 2.5);
            line = (gain, (wy - gain * wx) / w);
        }
    }
    let (mut change, mut agree, mut agreed) = (0.0, 0.0, 0.0);
    for (before, now) in samples() {
        let predicted = line.0 * before + line.1;
        change += (predicted - before).abs();
        agree += f32::from(u8::from((now - predicted).abs() < AGREES));
        agreed += f32::from(u8::from((now - before).abs() < AGREES));
    }
    (change > EXPOSURE_STEP * count && agree > 0.5 * count && agree > agreed).then_some(line)
}

/// Whether the background's own texture shows through around the block whose corner this is, brighter or darker: a shadow or a patch of
/// light. By normalised correlation over 8 by 8 pixels (J. Jacques, C. Jung and S. Musse, SIBGRAPI 2005).
pub(super) fn shows_through(
    picture: &[u8],
    background: &[u8],
    width: usize,
    left: usize,
    top: usize,
) -> bool {
    let height = picture.len() / width;
    let left = left.saturating_sub(2).min(width - 8);
    let top = top.saturating_sub(2).min(height - 8);
    let (mut a, mut b, mut aa, mut bb, mut ab) = (0_i32, 0_i32, 0_i32, 0_i32, 0_i32);
    for y in top..top + 8 {
        let start = y * width + left;
        let rows = picture[start..start + 8].iter().zip(&background[start..start + 8]);
        for (&now, &before) in rows {
            let (now, before) = (i32::from(now), i32::from(before));
            a += now;
            b += before;
            aa += now * now;
            bb += before * before;
            ab += now * before;
        }
    }
    // 64 times the (co)variances times 64, so that all stays whole.
    let (var_now, var_before, both) = (64 * aa - a * a, 64 * bb - b * b, 64 * ab - a * b);
    let textured = 64 * 64 * TEXTURED;
    if var_now < textured / 4 || var_before < textured || both <= 0 {
        return false;
    }
    let correlation = (both as f32) * (both as f32) / (var_now as f32 * var_before as f32);
    correlation > SHOWS_THROUGH
}
