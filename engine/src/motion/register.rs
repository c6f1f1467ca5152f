//! How far the view has slipped against its background: one shift for the whole picture, by Lucas–Kanade over every fourth pixel.
//!
//! A camera on a mast sways; what is measured from picture to picture adds up its errors, so the background itself is the measure.

/// Pixels that differ by more than this show something else, grey levels.
const OUTLIER: i32 = 48;
/// Distance of the pixels looked at, both ways.
const STEP: usize = 2;
/// The smaller eigenvalue of the matrix of squared gradients, per pixel, under which nothing is measured, (grey levels per pixel)².
const LEAST_TEXTURE: f32 = 0.5;

/// The shift from the background to the picture, pixels to the right and down: `picture(x) ≈ background(x − shift)`. (0, 0) where there is too
/// little to go by.
#[expect(clippy::similar_names, reason = "the entries of a small matrix are named by their factors")]
pub(super) fn slip(background: &[u8], picture: &[u8], width: usize) -> (f32, f32) {
    let height = picture.len() / width.max(1);
    if width < 16 || height < 16 {
        return (0.0, 0.0);
    }
    // Sums over the pixels: count, gradients, difference, and their products.
    let (mut n, mut x, mut y, mut r) = (0_i64, 0_i64, 0_i64, 0_i64);
    let (mut xx, mut xy, mut yy, mut xr, mut yr) = (0_i64, 0_i64, 0_i64, 0_i64, 0_i64);
    for row in (STEP..height - STEP).step_by(STEP) {
        let above = &background[(row - STEP) * width..][..width];
        let here = &background[row * width..][..width];
        let below = &background[(row + STEP) * width..][..width];
        let seen = &picture[row * width..][..width];
        let (mut row_n, mut row_x, mut row_y, mut row_r) = (0_i32, 0_i32, 0_i32, 0_i32);
        let (mut row_xx, mut row_xy, mut row_yy, mut row_xr, mut row_yr) =
            (0_i32, 0_i32, 0_i32, 0_i32, 0_i32);
        for at in (STEP..width - STEP).step_by(STEP) {
            let difference = i32::from(seen[at]) - i32::from(here[at]);
            let counts = i32::from(difference.abs() <= OUTLIER);
            let gradient_x = counts * (i32::from(here[at + STEP]) - i32::from(here[at - STEP]));
            let gradient_y = counts * (i32::from(below[at]) - i32::from(above[at]));
            row_n += counts;
            row_x += gradient_x;
            row_y += gradient_y;
            row_r += counts * difference;
            row_xx += gradient_x * gradient_x;
            row_xy += gradient_x * gradient_y;
            row_yy += gradient_y * gradient_y;
            row_xr += gradient_x * difference;
            row_yr += gradient_y * difference;
        }
        n += i64::from(row_n);
        x += i64::from(row_x);
        y += i64::from(row_y);
        r += i64::from(row_r);
        xx += i64::from(row_xx);
        xy += i64::from(row_xy);
        yy += i64::from(row_yy);
        xr += i64::from(row_xr);
        yr += i64::from(row_yr);
    }
    if n < 200 {
        return (0.0, 0.0);
    }
    // Gradients are over 2 · STEP pixels; means are taken out, so that a change of brightness is no shift.
    let (n, scale) = (n as f32, 2.0 * STEP as f32);
    let (x, y, r) = (x as f32 / n, y as f32 / n, r as f32 / n);
    let squared = scale * scale;
    let (xx, xy, yy) = (
        (xx as f32 / n - x * x) / squared,
        (xy as f32 / n - x * y) / squared,
        (yy as f32 / n - y * y) / squared,
    );
    let (xr, yr) = ((xr as f32 / n - x * r) / scale, (yr as f32 / n - y * r) / scale);
    let half = 0.5 * (xx - yy);
    let texture = 0.5 * (xx + yy) - (half * half + xy * xy).sqrt();
    if texture < LEAST_TEXTURE {
        return (0.0, 0.0);
    }
    let determinant = xx * yy - xy * xy;
    (-(yy * xr - xy * yr) / determinant, -(xx * yr - xy * xr) / determinant)
}

/// Moves a picture by whole pixels to the right and down; what comes in at the edges stays as it was.
pub(super) fn shift<T: Copy>(pixels: &mut [T], width: usize, right: isize, down: isize) {
    let height = pixels.len() / width.max(1);
    let (across, lines) = (right.unsigned_abs(), down.unsigned_abs());
    if across >= width || lines >= height {
        return;
    }
    let kept = width - across;
    let (from_x, to_x) = if right >= 0 { (0, across) } else { (across, 0) };
    for line in 0..height - lines {
        // Rows are moved in the order in which none is overwritten before it is read.
        let (from, to) =
            if down >= 0 { (height - lines - 1 - line, height - 1 - line) } else { (line + lines, line) };
        let start = from * width + from_x;
        pixels.copy_within(start..start + kept, to * width + to_x);
    }
}

#[cfg(test)]
mod tests {
    use super::{shift, slip};

    fn picture(right: f32, down: f32) -> Vec<u8> {
        let wave =
            |x: f32, y: f32| 128.0 + 50.0 * (0.23 * x + 0.11 * y).sin() + 40.0 * (0.31 * y - 0.07 * x).cos();
        (0..160 * 96).map(|i| wave((i % 160) as f32 - right, (i / 160) as f32 - down) as u8).collect()
    }

    #[test]
    fn a_slip_is_measured_whatever_the_brightness() {
        for (x, y) in [(0.0, 0.0), (0.5, -0.25), (-1.0, 0.75)] {
            let brighter: Vec<u8> = picture(x, y).iter().map(|p| p.saturating_add(12)).collect();
            let (dx, dy) = slip(&picture(0.0, 0.0), &brighter, 160);
            assert!((dx - x).abs() < 0.12 && (dy - y).abs() < 0.12, "{x} {y} was measured as {dx} {dy}");
        }
        assert_eq!(slip(&[90; 160 * 96], &[95; 160 * 96], 160), (0.0, 0.0));
    }

    #[test]
    fn shifting_moves_every_pixel() {
        for (right, down) in [(3, 2), (-3, 2), (3, -2), (-3, -2), (0, 1), (-1, 0)] {
            let mut pixels = picture(0.0, 0.0);
            shift(&mut pixels, 160, right, down);
            let moved = picture(right as f32, down as f32);
            for y in 4..92 {
                assert_eq!(
                    pixels[y * 160 + 4..y * 160 + 156],
                    moved[y * 160 + 4..y * 160 + 156],
                    "{right} {down}"
                );
            }
        }
        let mut tiny = [1, 2, 3, 4];
        shift(&mut tiny, 2, 5, 0);
        assert_eq!(tiny, [1, 2, 3, 4]);
    }
}
