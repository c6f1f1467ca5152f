//! Records what the detector sees, for the scenarios in `tests/scenarios`: raw RGBA frames on standard input, one line of
//! `detections.jsonl` per frame on standard output.
//!
//! ```text
//! ffmpeg -i CLIP -vf fps=12.5,scale=640:360 -pix_fmt rgba -f rawvideo - |
//!   cargo run -p vigie-engine --features detector --example record -- \
//!     lite0 efficientdet-lite0.bpk 640x384 640x360 12.5 0.15 > detections.jsonl
//! ```
//!
//! Arguments: network, its weights, input size, frame size, frames per second, lowest score.

use burn::tensor::Device;
use std::error::Error;
use std::io::{Read, Write};
use std::task::{Context, Poll, Waker};
use vigie_engine::detector::{BurnDetector, CLASSES_IN_USE, Detector, Frame};
use vigie_engine::network::{InputSize, ModelName};

fn size(text: &str) -> Result<(u32, u32), Box<dyn Error>> {
    let (width, height) = text.split_once('x').ok_or("a size is written as 640x360")?;
    Ok((width.parse()?, height.parse()?))
}

/// Runs a future to its end. On the CPU nothing ever has to be waited for.
fn finish<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    loop {
        if let Poll::Ready(done) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return done;
        }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [model, weights, input, frame, fps, min_score] = args.as_slice() else {
        return Err("arguments: MODEL WEIGHTS INPUT FRAME FPS MIN_SCORE".into());
    };
    let model = match model.as_str() {
        "lite0" => ModelName::Lite0,
        "lite1" => ModelName::Lite1,
        "lite2" => ModelName::Lite2,
        other => return Err(format!("no network is called {other}").into()),
    };
    let (width, height) = size(input)?;
    let (frame_width, frame_height) = size(frame)?;
    let (fps, min_score): (f64, f32) = (fps.parse()?, min_score.parse()?);
    let input = InputSize { width, height };
    let mut detector =
        BurnDetector::from_bpk(std::fs::read(weights)?, model, input, &CLASSES_IN_USE, &Device::flex())?;

    let mut rgba = vec![0; 4 * frame_width as usize * frame_height as usize];
    let (mut stdin, mut stdout) = (std::io::stdin().lock(), std::io::stdout().lock());
    for n in 0_u32.. {
        // The pipe ends between two frames.
        if stdin.read_exact(&mut rgba).is_err() {
            break;
        }
        let frame = Frame::new(&rgba, frame_width, frame_height)?;
        let found = finish(detector.detect(&frame, min_score))?;
        let boxes: Vec<String> = found
            .iter()
            .map(|d| {
                let b = d.bbox;
                format!("[{:.3},{:.3},{:.3},{:.3},{:.2},{}]", b.x0, b.y0, b.x1, b.y1, d.score, d.class_id)
            })
            .collect();
        writeln!(stdout, "{{\"t\":{:.3},\"boxes\":[{}]}}", f64::from(n) / fps, boxes.join(","))?;
    }
    Ok(())
}
