//! The same input gives the same bytes on every machine: the busy square goes through the analysis natively and in wasm, and both must come
//! to what is stored beside this file.
//!
//! ```text
//! cargo test -p vigie-engine --test same_bytes
//! cargo xtask test --only wasm
//! ```
//!
//! Whoever changes what the engine decides or measures stores the new values with `VIGIE_STORE=1 cargo test -p vigie-engine --test same_bytes`;
//! the run in wasm then has to agree. The parts have a value each, so that a difference shows where it begins.

mod plaza;

use plaza::Camera;
use std::fmt::Write;
use vigie_engine::motion::Motion;
use vigie_engine::{CameraAnalysis, FrameInput, Luma, Micros};

const STORED: &str = include_str!("same_bytes/expected.txt");

/// FNV-1a, 64 bits: enough to tell two runs apart, and the same everywhere.
struct Fingerprint(u64);

impl Fingerprint {
    fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn take(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn take_json(&mut self, value: &impl serde::Serialize) {
        self.take(&serde_json::to_vec(value).expect("outputs are plain data"));
    }
}

/// Every part's value, a line each.
fn run(name: &str, frames: impl Iterator<Item = plaza::Frame>) -> String {
    let [mut input, mut flow, mut view, mut tracks, mut told] = std::array::from_fn(|_| Fingerprint::new());
    let (mut analysis, mut motion) = (CameraAnalysis::new(plaza::settings()), Motion::default());
    let (mut count, mut signals) = (0, String::new());
    for frame in frames {
        count += 1;
        input.take(&frame.grey);
        input.take_json(&frame.detections);
        let luma = Luma::new(&frame.grey, plaza::WIDTH, plaza::HEIGHT).expect("the square has a picture");
        if let Some(seen) = motion.step(frame.at, luma) {
            for value in seen.flow_x.iter().chain(&seen.flow_y).chain(&seen.confidence) {
                flow.take(&value.to_bits().to_le_bytes());
            }
            view.take_json(&(
                seen.camera_shift,
                seen.camera_zoom,
                seen.camera_turn,
                &seen.foreground,
                &seen.background,
            ));
        }
        let mut shown = FrameInput::new(frame.at, &frame.detections);
        (shown.luma, shown.smallest_person) = (Some(luma), Some(0.05));
        let step = analysis.step(&shown);
        tracks.take_json(&(step.tracks, step.zones, step.health));
        told.take_json(&(step.raised, step.cleared, step.vetoed));
        for signal in step.raised {
            let _ = write!(signals, " {:?}@{}", signal.event, signal.at.0 / 1000);
        }
    }
    assert!(count > 100, "{name} has frames");
    let parts = [("input", input), ("flow", flow), ("view", view), ("tracks", tracks), ("signals", told)];
    let mut text = String::new();
    for (part, value) in parts {
        let _ = writeln!(text, "{name} {part} {:016x}", value.0);
    }
    let _ = writeln!(text, "{name} raised{signals}");
    text
}

fn found() -> String {
    // As it comes from a good camera, and as from a bad one: four frames a second at no steady pace, bumps, the sun comes and goes.
    let steady = plaza::frames(10, Camera::Fixed);
    let rough = (0..140_u32).map(|n| {
        let at = Micros(i64::from(n) * 250_000 + i64::from(n * 7919 % 97) * 1_000);
        plaza::frame(n, at, Camera::Restless)
    });
    run("steady", steady) + &run("rough", rough)
}

fn compare(found: &str) {
    for (found, stored) in found.lines().zip(STORED.lines()) {
        assert_eq!(found, stored, "the first part that differs");
    }
    assert_eq!(found, STORED);
}

#[cfg(not(target_arch = "wasm32"))]
#[test]
fn the_square_gives_the_stored_bytes_natively() {
    let found = found();
    if std::env::var_os("VIGIE_STORE").is_some() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/same_bytes/expected.txt");
        std::fs::write(file, &found).expect("the stored values can be written");
        return;
    }
    compare(&found);
}

#[cfg(target_arch = "wasm32")]
#[wasm_bindgen_test::wasm_bindgen_test]
fn the_square_gives_the_stored_bytes_in_wasm() {
    compare(&found());
}
