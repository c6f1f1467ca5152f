//! From RGBA pixels to the network's input: scaled bilinearly with its aspect kept, centred, the rest mid-grey.

use super::DetectorError;
use crate::BBox;
use crate::network::InputSize;

/// A picture: red, green, blue, alpha, a byte each, rows from the top without gaps. Alpha is not looked at.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    rgba: &'a [u8],
    width: u32,
    height: u32,
}

impl<'a> Frame<'a> {
    /// A frame over these bytes.
    ///
    /// # Errors
    /// [`DetectorError::BadFrame`] when `rgba` is not `4 · width · height` long, or the frame is empty.
    pub fn new(rgba: &'a [u8], width: u32, height: u32) -> Result<Self, DetectorError> {
        let expected = (width as usize).checked_mul(height as usize).and_then(|pixels| pixels.checked_mul(4));
        if expected != Some(rgba.len()) || rgba.is_empty() {
            return Err(DetectorError::BadFrame { width, height, bytes: rgba.len() });
        }
        Ok(Self { rgba, width, height })
    }

    /// The bytes.
    #[must_use]
    pub fn rgba(&self) -> &'a [u8] {
        self.rgba
    }

    /// Width, pixels.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Height, pixels.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.height
    }
}

/// Where in the network's input the frame lies, in pixels of the input.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Letterbox {
    /// First column.
    pub left: usize,
    /// First row.
    pub top: usize,
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
}

impl Letterbox {
    /// The largest centred rectangle with the frame's aspect.
    #[must_use]
    pub fn fit(frame_width: u32, frame_height: u32, input: InputSize) -> Self {
        let scale = (f64::from(input.width) / f64::from(frame_width))
            .min(f64::from(input.height) / f64::from(frame_height));
        let side =
            |frame: u32, input: u32| ((f64::from(frame) * scale).round() as usize).clamp(1, input as usize);
        let (width, height) = (side(frame_width, input.width), side(frame_height, input.height));
        Self {
            left: (input.width as usize - width) / 2,
            top: (input.height as usize - height) / 2,
            width,
            height,
        }
    }

    /// A box in pixels of the input (left, top, right, bottom), as shares of the frame, cut at its edges.
    #[must_use]
    pub fn to_frame(&self, [x0, y0, x1, y1]: [f32; 4]) -> BBox {
        let x = |px: f32| ((px - self.left as f32) / self.width as f32).clamp(0.0, 1.0);
        let y = |px: f32| ((px - self.top as f32) / self.height as f32).clamp(0.0, 1.0);
        BBox { x0: x(x0), y0: y(y0), x1: x(x1), y1: y(y1) }
    }
}

/// The network's input for a frame.
///
/// # Shapes
/// - `planes`: `[3, input.height, input.width]` in row order: red, green, blue, `(byte − 127) / 128`; resized as needed
pub fn fill(planes: &mut Vec<f32>, frame: &Frame<'_>, input: InputSize) -> Letterbox {
    let (input_width, input_height) = (input.width as usize, input.height as usize);
    let letterbox = Letterbox::fit(frame.width, frame.height, input);
    planes.clear();
    planes.resize(3 * input_width * input_height, 0.0);
    let columns = taps(letterbox.width, frame.width as usize);
    let rows = taps(letterbox.height, frame.height as usize);
    let stride = 4 * frame.width as usize;
    let plane = input_width * input_height;
    for (y, row) in rows.iter().enumerate() {
        let above = &frame.rgba[row.near * stride..][..stride];
        let below = &frame.rgba[row.far * stride..][..stride];
        let start = (letterbox.top + y) * input_width + letterbox.left;
        for (x, column) in columns.iter().enumerate() {
            let near = 4 * column.near;
            let far = 4 * column.far;
            for channel in 0..3 {
                let blend = |row: &[u8]| {
                    let (a, b) = (f32::from(row[near + channel]), f32::from(row[far + channel]));
                    a + (b - a) * column.share
                };
                let (a, b) = (blend(above), blend(below));
                planes[channel * plane + start + x] = (a + (b - a) * row.share - 127.0) / 128.0;
            }
        }
    }
    letterbox
}

/// Two neighbours and how much the second counts.
struct Tap {
    near: usize,
    far: usize,
    share: f32,
}

/// Bilinear taps along one axis, pixel centres at halves.
fn taps(to: usize, from: usize) -> Vec<Tap> {
    let step = from as f32 / to as f32;
    (0..to)
        .map(|i| {
            let position = ((i as f32 + 0.5) * step - 0.5).clamp(0.0, (from - 1) as f32);
            let near = position as usize;
            Tap { near, far: (near + 1).min(from - 1), share: position - near as f32 }
        })
        .collect()
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "these values are exact")]
mod tests {
    use super::{Frame, Letterbox, fill};
    use crate::network::InputSize;

    #[test]
    fn a_wide_frame_gets_bars_above_and_below() {
        let letterbox = Letterbox::fit(640, 360, InputSize { width: 320, height: 320 });
        assert_eq!(letterbox, Letterbox { left: 0, top: 70, width: 320, height: 180 });
        let whole = letterbox.to_frame([0.0, 70.0, 320.0, 250.0]);
        assert_eq!((whole.x0, whole.y0, whole.x1, whole.y1), (0.0, 0.0, 1.0, 1.0));
        assert_eq!(letterbox.to_frame([-50.0, 0.0, 160.0, 160.0]).x1, 0.5);
    }

    #[test]
    fn a_frame_of_the_inputs_size_is_copied() {
        let input = InputSize { width: 128, height: 128 };
        let rgba: Vec<u8> =
            (0..128 * 128).flat_map(|i| [(i % 256) as u8, (i / 128) as u8, 127, 255]).collect();
        let mut planes = Vec::new();
        fill(&mut planes, &Frame::new(&rgba, 128, 128).unwrap(), input);
        assert_eq!(planes.len(), 3 * 128 * 128);
        assert_eq!(planes[5], (5.0 - 127.0) / 128.0);
        assert_eq!(planes[128 * 128 + 3 * 128], (3.0 - 127.0) / 128.0);
        assert!(planes[2 * 128 * 128..].iter().all(|&v| v == 0.0));
    }

    #[test]
    fn scaling_by_two_averages_neighbours() {
        let rgba: Vec<u8> = (0..256 * 256).flat_map(|i| [if i % 2 == 0 { 0 } else { 254 }; 4]).collect();
        let mut planes = Vec::new();
        let frame = Frame::new(&rgba, 256, 256).unwrap();
        fill(&mut planes, &frame, InputSize { width: 128, height: 128 });
        assert!(planes.iter().all(|&v| v.abs() < 1e-6));
    }

    #[test]
    fn bytes_must_fit_the_size() {
        assert!(Frame::new(&[0; 15], 2, 2).is_err());
        assert!(Frame::new(&[], 0, 2).is_err());
        assert!(Frame::new(&[0; 4], u32::MAX, u32::MAX).is_err());
    }
}
