//! The grey picture of the square: textures of whole numbers, which move with what they are on by parts of a pixel.

use super::things::{Kind, Thing};
use super::{HEIGHT, WIDTH, hash};
use std::sync::LazyLock;

/// Parts of a pixel.
const PARTS: i32 = 16;

/// Smooth noise over a grid of so many pixels, 0 to 255.
fn noise(seed: u32, x: i32, y: i32, grid: i32) -> i32 {
    let pitch = grid * PARTS;
    let (column, row) = (x.div_euclid(pitch), y.div_euclid(pitch));
    let (right, down) = (x.rem_euclid(pitch), y.rem_euclid(pitch));
    let corner = |column: i32, row: i32| {
        let place = (column as u32).wrapping_mul(0x1f12_3bb5) ^ (row as u32).wrapping_mul(0x5f35_6495);
        (hash(place ^ seed.wrapping_mul(0x9e37_79b1)) & 255) as i32
    };
    let mix = |a: i32, b: i32, share: i32| a * (pitch - share) + b * share;
    let upper = mix(corner(column, row), corner(column + 1, row), right);
    let lower = mix(corner(column, row + 1), corner(column + 1, row + 1), right);
    mix(upper, lower, down) / (pitch * pitch)
}

/// Pixels by which a bump may shift the view.
const MARGIN: i32 = 8;
const ACROSS: i32 = WIDTH as i32 + 2 * MARGIN;
const DOWN: i32 = HEIGHT as i32 + 2 * MARGIN;

/// The square without anybody, and a margin around it.
static GROUND: LazyLock<Vec<i32>> = LazyLock::new(|| {
    let level = |x: i32, y: i32| (5 * noise(1, x, y, 17) + 3 * noise(2, x, y, 6)) / 8;
    (0..ACROSS * DOWN).map(|at| 60 + level(at % ACROSS * PARTS, at / ACROSS * PARTS) / 2).collect()
});

/// The picture with these things, the farthest first. `bumped` shifts the view by so many pixels, `light` brightens it by so many levels.
pub(crate) fn picture(things: &[Thing], number: u32, bumped: i32, light: i32) -> Vec<u8> {
    let mut grey = Vec::with_capacity(WIDTH * HEIGHT);
    for y in 0..HEIGHT as i32 {
        let from = (y + MARGIN - bumped / 2) * ACROSS + MARGIN + bumped;
        grey.extend_from_slice(&GROUND[from as usize..from as usize + WIDTH]);
    }
    for thing in things {
        let part = |share: f32, of: usize| (share * (of as i32 * PARTS) as f32) as i32;
        let (left, right) = (part(thing.bbox.x0, WIDTH), part(thing.bbox.x1, WIDTH));
        let (top, bottom) = (part(thing.bbox.y0, HEIGHT), part(thing.bbox.y1, HEIGHT));
        let pixels = |from: i32, until: i32, of: usize| {
            (from / PARTS).clamp(0, of as i32)..(until / PARTS).clamp(0, of as i32)
        };
        for y in pixels(top, bottom, HEIGHT) {
            for x in pixels(left, right, WIDTH) {
                let own = noise(thing.seed + 7, x * PARTS - left, y * PARTS - top, 7);
                let level = match thing.kind {
                    // Brighter and darker eight times a second, and never the same twice.
                    Kind::Flame => {
                        200 + (hash(number / 3 + (x / 4) as u32 * 31 + (y / 4) as u32 * 17) % 56) as i32
                    }
                    Kind::Car => 30 + own,
                    _ => own * 3 / 4,
                };
                grey[y as usize * WIDTH + (x - bumped).clamp(0, WIDTH as i32 - 1) as usize] = level;
            }
        }
    }
    let mut grain = hash(number);
    grey.iter()
        .map(|level| {
            grain = grain.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (level + light + (grain >> 30) as i32).clamp(0, 255) as u8
        })
        .collect()
}
