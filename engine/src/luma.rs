//! A small grey picture of a frame: what motion, background and camera health look at.
//!
//! Made where the frame's pixels are (the worker in the browser, the evaluation natively) by [`shrink`], so that both see the
//! same bytes. It is too small to show a face: a person of 1.75 m who fills the picture's height is 180 to 320 px high.

/// A grey picture, a byte each, rows from the top without gaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Luma<'a> {
    pixels: &'a [u8],
    width: usize,
    height: usize,
}

impl<'a> Luma<'a> {
    /// Longest side of what [`shrink`] makes, pixels.
    pub const LONG_SIDE: usize = 320;

    /// A picture over these bytes; `None` when `pixels` is not `width · height` long, or a side is not 8 to 4096.
    #[must_use]
    pub fn new(pixels: &'a [u8], width: usize, height: usize) -> Option<Self> {
        let sides = 8..=4096;
        let fits =
            sides.contains(&width) && sides.contains(&height) && pixels.len() == width.checked_mul(height)?;
        fits.then_some(Self { pixels, width, height })
    }

    /// The bytes, `width · height`.
    #[must_use]
    pub fn pixels(&self) -> &'a [u8] {
        self.pixels
    }

    /// Width, pixels.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Height, pixels.
    #[must_use]
    pub fn height(&self) -> usize {
        self.height
    }
}

/// Width and height that [`shrink`] gives for a frame of this size: its aspect, the longer side
/// [`Luma::LONG_SIDE`], both multiples of 8. A smaller frame is scaled up, so that one size serves a camera for life.
#[must_use]
pub fn size_for(frame_width: usize, frame_height: usize) -> (usize, usize) {
    let (w, h) = (frame_width.max(1) as f32, frame_height.max(1) as f32);
    let scale = Luma::LONG_SIDE as f32 / w.max(h);
    let side = |px: f32| (((px * scale / 8.0).round() as usize) * 8).clamp(8, Luma::LONG_SIDE);
    (side(w), side(h))
}

/// Fills `grey` with the small grey picture of a frame and returns its width and height ([`size_for`] the frame): the mean over
/// each target pixel's area of BT.601 luma. `None`, with `grey` untouched, when `rgba` is not `4 · width · height` bytes or the
/// frame is empty.
pub fn shrink(rgba: &[u8], width: usize, height: usize, grey: &mut Vec<u8>) -> Option<(usize, usize)> {
    shrink_to(size_for(width, height), rgba, width, height, grey)
}

/// As [`shrink`], to this width and height: for pixels that were scaled from a frame whose own size decides, since rounding the
/// scaled size could give another one.
pub fn shrink_to(
    (to_width, to_height): (usize, usize),
    rgba: &[u8],
    width: usize,
    height: usize,
    grey: &mut Vec<u8>,
) -> Option<(usize, usize)> {
    let expected = width.checked_mul(height)?.checked_mul(4)?;
    if expected != rgba.len() || rgba.is_empty() {
        return None;
    }
    grey.clear();
    grey.resize(to_width * to_height, 0);
    let span = |n: usize, from: usize, to: usize| {
        let start = n * from / to;
        start..((n + 1) * from / to).clamp(start + 1, from)
    };
    let columns: Vec<_> = (0..to_width).map(|x| span(x, width, to_width)).collect();
    for (y, row) in grey.chunks_exact_mut(to_width).enumerate() {
        let rows = span(y, height, to_height);
        for (pixel, columns) in row.iter_mut().zip(&columns) {
            let mut sum = 0_u64;
            for y in rows.clone() {
                let line = &rgba[4 * (y * width + columns.start)..4 * (y * width + columns.end)];
                for p in line.chunks_exact(4) {
                    sum += u64::from(77 * u32::from(p[0]) + 150 * u32::from(p[1]) + 29 * u32::from(p[2]));
                }
            }
            let count = (rows.len() * columns.len()) as u64;
            *pixel = ((sum + 128 * count) / (256 * count)) as u8;
        }
    }
    Some((to_width, to_height))
}

#[cfg(test)]
mod tests {
    use super::{Luma, shrink, size_for};

    #[test]
    fn the_long_side_is_320_and_both_are_multiples_of_8() {
        assert_eq!(size_for(1920, 1080), (320, 184));
        assert_eq!(size_for(360, 640), (184, 320));
        assert_eq!(size_for(768, 576), (320, 240));
        assert_eq!(size_for(10_000, 1), (320, 8));
        assert_eq!(size_for(0, 0), (320, 320));
    }

    #[test]
    fn grey_is_the_mean_of_the_area() {
        // Left half white, right half black; at the seam of 640 → 320 every pixel is pure.
        let rgba: Vec<u8> =
            (0..640 * 320).flat_map(|i| if i % 640 < 320 { [255; 4] } else { [0, 0, 0, 255] }).collect();
        let mut grey = Vec::new();
        assert_eq!(shrink(&rgba, 640, 320, &mut grey), Some((320, 160)));
        assert!(grey.chunks(320).all(|row| row[..160].iter().all(|&p| p == 255) && row[160..] == [0; 160]));
        // Stripes of one pixel become grey.
        let rgba: Vec<u8> = (0..640 * 320).flat_map(|i| [if i % 2 == 0 { 0 } else { 254 }; 4]).collect();
        shrink(&rgba, 640, 320, &mut grey);
        assert!(grey.iter().all(|&p| p == 127));
    }

    #[test]
    fn small_frames_are_scaled_up_and_wrong_bytes_refused() {
        let mut grey = vec![9];
        assert_eq!(shrink(&[0; 15], 2, 2, &mut grey), None);
        assert_eq!(grey, [9]);
        assert_eq!(shrink(&[200; 4 * 4], 2, 2, &mut grey), Some((320, 320)));
        assert!(grey.iter().all(|&p| p == 200));
        assert!(Luma::new(&grey, 320, 320).is_some() && Luma::new(&grey, 319, 320).is_none());
        assert!(Luma::new(&[], usize::MAX, 2).is_none());
    }
}
