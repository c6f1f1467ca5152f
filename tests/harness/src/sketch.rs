//! A grey picture made up from a script: things over a ground with texture, so that motion, background and camera health have
//! something to look at.

use crate::Dice;
use std::rc::Rc;
use vigie_engine::BBox;
use vigie_engine::luma::size_for;

/// Texture of things and ground, grey levels around the mean.
const CONTRAST: f32 = 35.0;

/// Something in the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Patch {
    /// Where, in shares of the picture; drawn as the ellipse in it.
    pub(crate) bbox: BBox,
    /// Mean grey level.
    pub(crate) shade: f32,
    /// Which texture it has.
    pub(crate) seed: u32,
}

/// How the camera sees it in one frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct View {
    /// By how much everything is displaced, shares of the picture.
    pub(crate) shift: (f32, f32),
    /// Brightness, 1 is as usual.
    pub(crate) light: f32,
    /// Grey level of what covers the lens.
    pub(crate) cover: Option<u8>,
    /// Whether nothing can be detected.
    pub(crate) blind: bool,
    /// Out of focus.
    pub(crate) blurred: bool,
    /// Streaks of rain.
    pub(crate) streaks: u16,
    /// Largest error of a pixel, grey levels.
    pub(crate) noise: f32,
    /// What the errors and streaks of this frame come from.
    pub(crate) seed: u32,
}

/// A frame's grey picture, drawn when it is needed: minutes of pictures take no memory.
#[derive(Clone, Debug, PartialEq)]
pub struct Sketch {
    backdrop: Rc<Backdrop>,
    patches: Vec<Patch>,
    view: View,
}

/// The ground, which stays as it is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Backdrop {
    width: usize,
    height: usize,
    grey: Vec<f32>,
}

/// Smooth noise, −1 to 1: random values on a grid, linear in between.
fn texture(x: f32, y: f32, cell: f32, seed: u32) -> f32 {
    let (column, row) = ((x / cell).floor(), (y / cell).floor());
    let corner = |dx: f32, dy: f32| {
        let key = [(column + dx) as i32 as u32, (row + dy) as i32 as u32, seed];
        // FNV-1a, finished as in MurmurHash3: neighbours differ.
        let mut hash =
            key.into_iter().fold(0x811c_9dc5_u32, |hash, part| (hash ^ part).wrapping_mul(0x0100_0193));
        hash = (hash ^ hash >> 16).wrapping_mul(0x85eb_ca6b);
        hash = (hash ^ hash >> 13).wrapping_mul(0xc2b2_ae35);
        (hash >> 16) as f32 / 32_768.0 - 1.0
    };
    let (u, v) = (x / cell - column, y / cell - row);
    let top = corner(0.0, 0.0) * (1.0 - u) + corner(1.0, 0.0) * u;
    let bottom = corner(0.0, 1.0) * (1.0 - u) + corner(1.0, 1.0) * u;
    top * (1.0 - v) + bottom * v
}

impl Sketch {
    /// The ground of a camera of this aspect.
    pub(crate) fn backdrop(aspect: f32) -> Backdrop {
        let (width, height) = size_for((1000.0 * aspect) as usize, 1000);
        let grey = (0..width * height).map(|n| {
            let (x, y) = ((n % width) as f32, (n / width) as f32);
            125.0 + CONTRAST * (0.7 * texture(x, y, 13.0, 1) + 0.5 * texture(x, y, 4.0, 2))
        });
        Backdrop { width, height, grey: grey.collect() }
    }

    /// A frame of it.
    pub(crate) fn new(backdrop: Rc<Backdrop>, patches: Vec<Patch>, view: View) -> Self {
        Self { backdrop, patches, view }
    }

    /// Fills `grey` with the picture; gives its width and height.
    pub fn draw(&self, grey: &mut Vec<u8>) -> (usize, usize) {
        let Backdrop { width, height, .. } = *self.backdrop;
        let mut canvas = self.shifted_ground();
        let (dx, dy) = self.view.shift;
        for patch in &self.patches {
            patch.draw(&mut canvas, width, (dx * width as f32, dy * height as f32));
        }
        let mut dice = Dice(u64::from(self.view.seed) << 20 | 0x4d);
        for _ in 0..self.view.streaks {
            let (x, y) = (dice.roll() * width as f32, dice.roll() * height as f32);
            let length = 4.0 + 12.0 * dice.roll();
            for step in 0..length as usize {
                let (column, row) = ((x - 0.2 * step as f32) as usize, y as usize + step);
                if let Some(pixel) = canvas.get_mut(row * width + column.min(width - 1)) {
                    *pixel += 45.0;
                }
            }
        }
        if self.view.blurred {
            canvas = blurred(&canvas, width, height);
        }
        grey.clear();
        grey.extend(canvas.iter().map(|pixel| {
            let error = (2.0 * dice.roll() - 1.0) * self.view.noise;
            let seen = self.view.cover.map_or(pixel * self.view.light, f32::from);
            (seen + error).clamp(0.0, 255.0) as u8
        }));
        (width, height)
    }

    /// The ground as the displaced camera sees it; beyond its edges the texture goes on as its own mirror image.
    fn shifted_ground(&self) -> Vec<f32> {
        let Backdrop { width, height, ref grey } = *self.backdrop;
        let (dx, dy) = self.view.shift;
        if (dx, dy) == (0.0, 0.0) {
            return grey.clone();
        }
        let mirror = |at: i64, side: usize| {
            let side = side as i64;
            let at = at.rem_euclid(2 * side);
            (if at < side { at } else { 2 * side - 1 - at }) as usize
        };
        let (dx, dy) = ((dx * width as f32).round() as i64, (dy * height as f32).round() as i64);
        let columns: Vec<usize> = (0..width).map(|x| mirror(x as i64 - dx, width)).collect();
        let rows = (0..height).map(|y| mirror(y as i64 - dy, height));
        rows.flat_map(|row| columns.iter().map(move |column| row * width + column)).map(|n| grey[n]).collect()
    }
}

impl Patch {
    fn draw(&self, canvas: &mut [f32], width: usize, (dx, dy): (f32, f32)) {
        let height = canvas.len() / width;
        let b = self.bbox;
        let (x0, x1) = (b.x0 * width as f32 + dx, b.x1 * width as f32 + dx);
        let (y0, y1) = (b.y0 * height as f32 + dy, b.y1 * height as f32 + dy);
        let (cx, cy) = (f32::midpoint(x0, x1), f32::midpoint(y0, y1));
        let (rx, ry) = ((0.5 * (x1 - x0)).max(0.5), (0.5 * (y1 - y0)).max(0.5));
        let span = |from: f32, until: f32, side: usize| {
            (from.max(0.0) as usize).min(side)..(until.max(0.0).ceil() as usize).min(side)
        };
        for y in span(y0, y1, height) {
            for x in span(x0, x1, width) {
                let (px, py) = (x as f32 + 0.5, y as f32 + 0.5);
                let inside = ((px - cx) / rx).powi(2) + ((py - cy) / ry).powi(2) <= 1.0;
                if inside {
                    // Fixed to the thing: it moves with it.
                    canvas[y * width + x] =
                        self.shade + 0.6 * CONTRAST * texture(px - x0, py - y0, 4.0, 100 + self.seed);
                }
            }
        }
    }
}

/// The mean over nine pixels across and down.
fn blurred(canvas: &[f32], width: usize, height: usize) -> Vec<f32> {
    const REACH: usize = 4;
    let mean = |of: &dyn Fn(usize) -> f32, at: usize, side: usize| {
        let span = at.saturating_sub(REACH)..(at + REACH + 1).min(side);
        let count = span.len() as f32;
        span.map(of).sum::<f32>() / count
    };
    let across: Vec<f32> =
        (0..canvas.len()).map(|n| mean(&|x| canvas[n / width * width + x], n % width, width)).collect();
    (0..canvas.len()).map(|n| mean(&|y| across[y * width + n % width], n / width, height)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view() -> View {
        View {
            shift: (0.0, 0.0),
            light: 1.0,
            cover: None,
            blind: false,
            blurred: false,
            streaks: 0,
            noise: 0.0,
            seed: 0,
        }
    }

    fn drawn(patches: Vec<Patch>, view: View) -> (Vec<u8>, usize) {
        let mut grey = Vec::new();
        let (width, height) = Sketch::new(Rc::new(Sketch::backdrop(1.6)), patches, view).draw(&mut grey);
        assert_eq!((width, height, grey.len()), (320, 200, 320 * 200));
        (grey, width)
    }

    fn deviation(grey: &[u8]) -> f32 {
        let mean = grey.iter().map(|&p| f32::from(p)).sum::<f32>() / grey.len() as f32;
        (grey.iter().map(|&p| (f32::from(p) - mean).powi(2)).sum::<f32>() / grey.len() as f32).sqrt()
    }

    #[test]
    fn a_thing_stands_out_where_it_is_and_nowhere_else() {
        let bbox = BBox { x0: 0.25, y0: 0.25, x1: 0.5, y1: 0.75 };
        let (empty, width) = drawn(Vec::new(), view());
        let (thing, _) = drawn(vec![Patch { bbox, shade: 10.0, seed: 0 }], view());
        let differs = |x: usize, y: usize| empty[y * width + x] != thing[y * width + x];
        assert!(differs(120, 100) && !differs(70, 100) && !differs(81, 51) && !differs(200, 100));
        assert!(deviation(&empty) > 8.0);
    }

    #[test]
    fn the_camera_is_bumped_covered_blurred_and_rained_on() {
        let (plain, width) = drawn(Vec::new(), view());
        let (bumped, _) = drawn(Vec::new(), View { shift: (0.1, 0.0), ..view() });
        assert_eq!(plain[50 * width + 40], bumped[50 * width + 72]);
        let (covered, _) = drawn(Vec::new(), View { cover: Some(9), ..view() });
        assert!(covered.iter().all(|&p| p == 9));
        let (soft, _) = drawn(Vec::new(), View { blurred: true, ..view() });
        // What a blur takes away are the differences between neighbours.
        let sharpness =
            |grey: &[u8]| grey.windows(2).map(|pair| u64::from(pair[0].abs_diff(pair[1]))).sum::<u64>();
        assert!(2 * sharpness(&soft) < sharpness(&plain));
        let (rain, _) = drawn(Vec::new(), View { streaks: 100, ..view() });
        assert!((300..3000).contains(&plain.iter().zip(&rain).filter(|(a, b)| a != b).count()));
        let (dark, _) = drawn(Vec::new(), View { light: 0.5, ..view() });
        assert!(plain.iter().zip(&dark).all(|(p, d)| p.abs_diff(2 * d) <= 2));
    }

    #[test]
    fn the_same_frame_has_the_same_noise_and_the_next_one_another() {
        let noisy = |seed| drawn(Vec::new(), View { noise: 2.0, seed, ..view() }).0;
        assert_eq!(noisy(1), noisy(1));
        assert_ne!(noisy(1), noisy(2));
    }
}
