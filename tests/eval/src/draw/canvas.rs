//! Lines, boxes and a few letters on RGBA pixels.

use super::font::{GLYPH_HEIGHT, GLYPH_WIDTH, glyph};
use vigie_engine::{BBox, Point};

/// Red, green, blue.
pub(super) type Colour = [u8; 3];

/// A picture to draw on. Whatever lies beyond its edges is left out.
pub(super) struct Canvas<'a> {
    rgba: &'a mut [u8],
    width: i64,
    height: i64,
}

impl<'a> Canvas<'a> {
    /// A canvas over these bytes; `None` when they are not `4 · width · height`.
    pub(super) fn new(rgba: &'a mut [u8], width: u32, height: u32) -> Option<Self> {
        let fits = rgba.len() as u64 == 4 * u64::from(width) * u64::from(height);
        fits.then_some(Self { rgba, width: width.into(), height: height.into() })
    }

    /// Thickness of lines and size of letters that suit the picture, pixels.
    pub(super) fn unit(&self) -> i64 {
        (self.height.max(self.width) / 640).max(1)
    }

    /// Where a point in shares of the picture lies, pixels.
    pub(super) fn px(&self, point: Point) -> (i64, i64) {
        // The cast saturates: a point far out stays far out.
        let px = |share: f32, side: i64| ((share * side as f32).round() as i64).clamp(-side, 2 * side);
        (px(point.x, self.width), px(point.y, self.height))
    }

    /// Fills a rectangle: first pixel, size.
    pub(super) fn fill(&mut self, (left, top): (i64, i64), (width, height): (i64, i64), colour: Colour) {
        for y in top.max(0)..(top + height).min(self.height) {
            for x in left.max(0)..(left + width).min(self.width) {
                let at = 4 * (y * self.width + x) as usize;
                self.rgba[at..at + 3].copy_from_slice(&colour);
            }
        }
    }

    /// The outline of a box.
    pub(super) fn frame(&mut self, bbox: &BBox, colour: Colour, thickness: i64) {
        let (x0, y0) = self.px(Point { x: bbox.x0, y: bbox.y0 });
        let (x1, y1) = self.px(Point { x: bbox.x1, y: bbox.y1 });
        let (width, height) = ((x1 - x0).max(thickness), (y1 - y0).max(thickness));
        self.fill((x0, y0), (width, thickness), colour);
        self.fill((x0, y1 - thickness), (width, thickness), colour);
        self.fill((x0, y0), (thickness, height), colour);
        self.fill((x1 - thickness, y0), (thickness, height), colour);
    }

    /// A straight line between points in shares of the picture.
    pub(super) fn line(&mut self, from: Point, to: Point, colour: Colour, thickness: i64) {
        let ((x0, y0), (x1, y1)) = (self.px(from), self.px(to));
        let steps = (x1 - x0).abs().max((y1 - y0).abs()).max(1);
        for n in 0..=steps {
            let at = (x0 + (x1 - x0) * n / steps, y0 + (y1 - y0) * n / steps);
            self.fill(at, (thickness, thickness), colour);
        }
    }

    /// Letters on a dark ground, their first pixel at `(left, top)`, kept on the picture where they fit.
    pub(super) fn text(&mut self, (left, top): (i64, i64), text: &str, colour: Colour, size: i64) {
        let width = (text.chars().count() as i64 * (GLYPH_WIDTH + 1) + 1) * size;
        let height = (GLYPH_HEIGHT + 2) * size;
        let left = left.min(self.width - width).max(0);
        let top = top.min(self.height - height).max(0);
        self.fill((left, top), (width, height), [0, 0, 0]);
        for (n, letter) in text.chars().enumerate() {
            let start = left + size + n as i64 * (GLYPH_WIDTH + 1) * size;
            for (row, bits) in glyph(letter).into_iter().enumerate() {
                for column in (0..GLYPH_WIDTH).filter(|column| bits >> (GLYPH_WIDTH - 1 - column) & 1 == 1) {
                    let at = (start + column * size, top + (row as i64 + 1) * size);
                    self.fill(at, (size, size), colour);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RED: Colour = [255, 0, 0];

    fn reds(rgba: &[u8]) -> Vec<usize> {
        (0..rgba.len() / 4).filter(|n| rgba[4 * n..4 * n + 3] == RED).collect()
    }

    #[test]
    fn a_box_is_an_outline() {
        let mut rgba = vec![0; 4 * 10 * 10];
        let mut canvas = Canvas::new(&mut rgba, 10, 10).unwrap();
        canvas.frame(&BBox { x0: 0.2, y0: 0.2, x1: 0.5, y1: 0.5 }, RED, 1);
        assert_eq!(reds(&rgba), [22, 23, 24, 32, 34, 42, 43, 44]);
    }

    #[test]
    fn what_lies_outside_is_left_out() {
        let mut rgba = vec![0; 4 * 10 * 10];
        let mut canvas = Canvas::new(&mut rgba, 10, 10).unwrap();
        canvas.line(Point { x: f32::NAN, y: f32::INFINITY }, Point { x: 0.0, y: -9.0 }, [0, 1, 0], 1);
        canvas.line(Point { x: -5.0, y: 0.55 }, Point { x: 1e9, y: 0.55 }, RED, 1);
        canvas.fill((20, 20), (5, 5), RED);
        assert_eq!(reds(&rgba).len(), 10);
        assert!(Canvas::new(&mut rgba, 10, 11).is_none());
    }

    #[test]
    fn text_is_moved_onto_the_picture() {
        let mut rgba = vec![9; 4 * 40 * 10];
        Canvas::new(&mut rgba, 40, 10).unwrap().text((38, 9), "17", RED, 1);
        // Five rows of a one and the bars of a seven.
        assert_eq!(reds(&rgba).len(), 8 + 7);
    }
}
