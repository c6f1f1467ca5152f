//! Made-up grey pictures: texture that can be shifted by any part of a pixel.

/// Pixels across.
pub(crate) const WIDTH: usize = 320;
/// Pixels down.
pub(crate) const HEIGHT: usize = 184;

/// Waves of 60 down to 7 pixels, the longer ones stronger: across, down, phase, size.
type Waves = [[f32; 4]; 12];

fn waves(seed: u32) -> Waves {
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(12345);
    let mut random = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1_u32 << 24) as f32
    };
    let mut frequency = 0.1_f32;
    std::array::from_fn(|_| {
        let angle = std::f32::consts::TAU * random();
        let phase = std::f32::consts::TAU * random();
        let wave = [frequency * angle.cos(), frequency * angle.sin(), phase, 16.0 / frequency.sqrt()];
        frequency *= 1.21;
        wave
    })
}

/// Smooth, without a period within the picture. Grey levels 20 to 235.
fn level(waves: &Waves, x: f32, y: f32) -> u8 {
    let sum: f32 =
        waves.iter().map(|[across, down, phase, size]| size * (across * x + down * y + phase).sin()).sum();
    (128.0 + sum).clamp(20.0, 235.0).round() as u8
}

/// The whole picture of a texture, which `seed` chooses, its content shifted to the right and down.
pub(crate) fn picture(seed: u32, right: f32, down: f32) -> Vec<u8> {
    let waves = waves(seed);
    let at = |index: usize| level(&waves, (index % WIDTH) as f32 - right, (index / WIDTH) as f32 - down);
    (0..WIDTH * HEIGHT).map(at).collect()
}

/// Puts a textured rectangle on a picture, its upper left corner at (x, y), which may lie between pixels: edges are hard, content is not.
pub(crate) fn put(grey: &mut [u8], seed: u32, (x, y): (f32, f32), (width, height): (usize, usize)) {
    let waves = waves(seed);
    let span = |from: f32, length: usize, side: usize| {
        let from = from.round() as i32;
        from.clamp(0, side as i32) as usize..(from + length as i32).clamp(0, side as i32) as usize
    };
    for row in span(y, height, HEIGHT) {
        for column in span(x, width, WIDTH) {
            grey[row * WIDTH + column] = level(&waves, column as f32 - x, row as f32 - y);
        }
    }
}

/// Adds noise of a few grey levels, another for each `time`.
pub(crate) fn noisy(mut grey: Vec<u8>, time: u32) -> Vec<u8> {
    let mut state = time.wrapping_mul(747_796_405).wrapping_add(1);
    for pixel in &mut grey {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        *pixel = pixel.saturating_add((state >> 30) as u8);
    }
    grey
}
