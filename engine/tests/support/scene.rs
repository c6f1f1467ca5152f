//! Made-up grey pictures: texture that can be shifted by any part of a pixel.

/// Pixels across.
pub const WIDTH: usize = 320;
/// Pixels down.
pub const HEIGHT: usize = 184;

/// Smooth, without a period within the picture; `seed` gives another one. Grey levels 20 to 235.
pub fn texture(seed: u32, x: f32, y: f32) -> f32 {
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(12345);
    let mut random = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1_u32 << 24) as f32
    };
    let mut sum = 0.0;
    for octave in 0..12 {
        // Waves of 60 down to 7 pixels, the longer ones stronger.
        let frequency = 0.1 * 1.21_f32.powi(octave);
        let angle = std::f32::consts::TAU * random();
        let phase = std::f32::consts::TAU * random();
        sum += (frequency * (angle.cos() * x + angle.sin() * y) + phase).sin() / frequency.sqrt();
    }
    (128.0 + 16.0 * sum).clamp(20.0, 235.0)
}

/// The whole picture of a texture, its content shifted to the right and down.
pub fn picture(seed: u32, right: f32, down: f32) -> Vec<u8> {
    let at = |index: usize| texture(seed, (index % WIDTH) as f32 - right, (index / WIDTH) as f32 - down);
    (0..WIDTH * HEIGHT).map(|index| at(index).round() as u8).collect()
}

/// Puts a textured rectangle on a picture, its upper left corner at (x, y), which may lie between pixels: edges are hard, content is not.
pub fn put(grey: &mut [u8], seed: u32, (x, y): (f32, f32), (width, height): (usize, usize)) {
    for row in y.round().max(0.0) as usize..((y.round() as usize) + height).min(HEIGHT) {
        for column in x.round().max(0.0) as usize..((x.round() as usize) + width).min(WIDTH) {
            grey[row * WIDTH + column] = texture(seed, column as f32 - x, row as f32 - y).round() as u8;
        }
    }
}

/// Adds noise of a few grey levels, another for each `time`.
pub fn noisy(mut grey: Vec<u8>, time: u32) -> Vec<u8> {
    let mut state = time.wrapping_mul(747_796_405).wrapping_add(1);
    for pixel in &mut grey {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        *pixel = pixel.saturating_add((state >> 30) as u8);
    }
    grey
}
