//! Shows what motion and camera health make of a clip: grey pictures in on standard input, drawn pictures or lines of text out.
//!
//! ```sh
//! ffmpeg -i CLIP -vf scale=320:184:flags=area -pix_fmt gray -f rawvideo - |
//!   cargo run --release -p vigie-engine --example motion -- 320 184 25 1 draw |
//!   ffmpeg -f rawvideo -pix_fmt rgb24 -s 960x552 -r 25 -i - out.mp4
//! ```
//! Arguments: width, height, frames per second, take every n-th frame, `draw` or `text`.
#![expect(clippy::print_stdout, reason = "a command-line tool")]

use std::io::{Read, Write};
use vigie_engine::health::HealthWatch;
use vigie_engine::motion::{Motion, MotionView};
use vigie_engine::{Health, Luma, Micros};

/// Times that the grey picture is enlarged.
const SCALE: usize = 3;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [width, height, fps, every, mode] = arguments.as_slice() else {
        return Err("width height frames-per-second every-nth draw|text".into());
    };
    let (width, height, every) = (width.parse::<usize>()?, height.parse::<usize>()?, every.parse::<usize>()?);
    let fps: f64 = fps.parse()?;
    let (mut motion, mut health) = (Motion::default(), HealthWatch::default());
    let mut grey = vec![0; width * height];
    let (mut input, mut output) = (std::io::stdin().lock(), std::io::stdout().lock());
    for frame in 0.. {
        if input.read_exact(&mut grey).is_err() {
            break;
        }
        if frame % every != 0 {
            continue;
        }
        let luma = Luma::new(&grey, width, height).ok_or("no picture of this size")?;
        let at = Micros((frame as f64 * 1e6 / fps) as i64);
        let has_flow = motion.step(at, luma).is_some();
        let view = motion.view();
        let health = health.step(at, luma, has_flow.then_some(view));
        if mode == "draw" {
            output.write_all(&draw(luma, view, health))?;
        } else {
            describe(&mut output, frame, view, health)?;
        }
    }
    Ok(())
}

fn describe(out: &mut impl Write, frame: usize, view: &MotionView, health: Health) -> std::io::Result<()> {
    let share = |cells: &[f32]| cells.iter().sum::<f32>() / cells.len().max(1) as f32;
    let (x, y) = view.camera_shift;
    write!(
        out,
        "{frame} fg {:.3} still {:.3} camera {:.2} {:.2} px support {:.2}{}{}{}",
        share(&view.foreground),
        share(&view.still),
        x * 320.0,
        y * 320.0,
        view.camera_support,
        if view.camera_moves { " MOVES" } else { "" },
        if view.exposure_changed { " EXPOSURE" } else { "" },
        if health == Health::default() { String::new() } else { format!(" {health:?}") },
    )?;
    for proposal in &view.proposals {
        let b = proposal.bbox;
        write!(
            out,
            " [{:.2} {:.2} {:.2} {:.2} s{:.2} v{:.2},{:.2} t{:.1}]",
            b.x0, b.y0, b.x1, b.y1, proposal.strength, proposal.flow_x, proposal.flow_y, proposal.still_secs
        )?;
    }
    writeln!(out)
}

fn draw(luma: Luma<'_>, view: &MotionView, health: Health) -> Vec<u8> {
    let (width, height) = (luma.width() * SCALE, luma.height() * SCALE);
    let mut picture = vec![0; 3 * width * height];
    for (index, pixel) in picture.chunks_exact_mut(3).enumerate() {
        let (x, y) = (index % width / SCALE, index / width / SCALE);
        let grey = luma.pixels()[y * luma.width() + x];
        pixel.fill(grey);
        let cell = y / 8 * view.columns + (x / 8).min(view.columns.saturating_sub(1));
        if let (Some(&moving), Some(&still)) = (view.foreground.get(cell), view.still.get(cell)) {
            pixel[1] = pixel[1].saturating_add((40.0 * moving) as u8);
            pixel[2] = pixel[2].saturating_add((90.0 * still) as u8);
        }
    }
    let mut dot = |x: f32, y: f32, colour: [u8; 3]| {
        if x >= 0.0 && y >= 0.0 && (x as usize) < width && (y as usize) < height {
            let index = 3 * (y as usize * width + x as usize);
            picture[index..index + 3].copy_from_slice(&colour);
        }
    };
    for cell in 0..view.columns * view.rows {
        if view.confidence[cell] < 0.3 {
            continue;
        }
        let (x, y) = ((cell % view.columns) as f32 + 0.5, (cell / view.columns) as f32 + 0.5);
        let (x, y) = (x * 8.0 * SCALE as f32, y * 8.0 * SCALE as f32);
        // A quarter of a second's way.
        let (dx, dy) = (view.flow_x[cell] * width as f32 * 0.25, view.flow_y[cell] * height as f32 * 0.25);
        for step in 0..40 {
            let share = step as f32 / 40.0;
            dot(x + share * dx, y + share * dy, [255, 230, 0]);
        }
    }
    for proposal in &view.proposals {
        let b = proposal.bbox;
        let (x0, y0, x1, y1) =
            (b.x0 * width as f32, b.y0 * height as f32, b.x1 * width as f32, b.y1 * height as f32);
        let level = (80.0 + 175.0 * proposal.strength) as u8;
        let colour = if proposal.still_secs > 0.0 { [0, level, 255] } else { [level, 0, 0] };
        for step in 0..400 {
            let share = step as f32 / 400.0;
            for (x, y) in [
                (x0 + share * (x1 - x0), y0),
                (x0 + share * (x1 - x0), y1 - 1.0),
                (x0, y0 + share * (y1 - y0)),
                (x1 - 1.0, y0 + share * (y1 - y0)),
            ] {
                dot(x, y, colour);
            }
        }
    }
    // A bar for the camera's state: magenta where it moves, white where the exposure changed, red where something ails it.
    let ailing = Health { in_motion: false, ..health } != Health::default();
    let state =
        [(view.camera_moves, [255, 0, 255]), (view.exposure_changed, [255; 3]), (ailing, [255, 0, 0])];
    for (place, (holds, colour)) in state.into_iter().enumerate() {
        if holds {
            for index in 0..400 {
                dot((place * 24 + index % 20) as f32, (index / 20) as f32, colour);
            }
        }
    }
    picture
}
