//! What a frame costs as a bare wasm module, to be timed from JavaScript: see `engine/benches/README.md`.

#[path = "../tests/plaza/mod.rs"]
mod plaza;

use plaza::measured::{Measured, Show};
use std::cell::RefCell;
use vigie_engine::CameraAnalysis;
use vigie_engine::health::HealthWatch;
use vigie_engine::motion::Motion;

/// Shows the next frame. How many things were seen, so that nothing is left out as unused.
type Step = Box<dyn FnMut() -> usize>;

thread_local! {
    static STEP: RefCell<Option<Step>> = const { RefCell::new(None) };
}

/// Prepares what is timed: 0 tracker, scene and all rules (`machines_100_objects`), 1 motion, 2 health, 3 the whole analysis.
#[expect(unsafe_code, reason = "the name is what JavaScript calls")]
#[unsafe(no_mangle)]
pub extern "C" fn prepare(what: u32) {
    STEP.set(None);
    let frames: &'static [Measured] = Box::leak(Measured::all().into_boxed_slice());
    let mut n = 0;
    let mut next = move || {
        n += 1;
        let mut input = frames[(n - 1) % frames.len()].input();
        input.discontinuity = (n - 1) % frames.len() == 0;
        input
    };
    STEP.set(Some(match what {
        0 => {
            let mut show = Show::new(frames, plaza::settings());
            Box::new(move || show.step())
        }
        1 => {
            let mut motion = Motion::default();
            Box::new(move || {
                let frame = next();
                if frame.discontinuity {
                    motion.reset();
                }
                let view = frame.luma.and_then(|luma| motion.step(frame.at, luma));
                view.map_or(0, |view| view.proposals.len())
            })
        }
        2 => {
            let mut health = HealthWatch::default();
            Box::new(move || {
                let frame = next();
                if frame.discontinuity {
                    health.reset();
                }
                frame.luma.map_or(0, |luma| usize::from(health.step(frame.at, luma, None).frozen))
            })
        }
        _ => {
            let mut analysis = CameraAnalysis::new(plaza::settings());
            Box::new(move || analysis.step(&next()).tracks.len())
        }
    }));
}

/// Shows this many frames. How many things were seen in the last one.
#[expect(unsafe_code, reason = "the name is what JavaScript calls")]
#[unsafe(no_mangle)]
pub extern "C" fn run(frames: u32) -> usize {
    STEP.with_borrow_mut(|step| {
        let step = step.as_mut()?;
        (0..frames).map(|_| step()).last()
    })
    .unwrap_or_default()
}
