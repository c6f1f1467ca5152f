//! In the steady state a frame takes no memory: not the tracker, not motion and health, not the analysis as a whole. Only what is told (a
//! signal, a veto, an incident that is over) may take some, in the frame that tells it.

#![expect(unsafe_code, reason = "an allocator that counts is unsafe by its trait")]

mod plaza;
mod walkers;

use plaza::Camera;
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use vigie_engine::health::HealthWatch;
use vigie_engine::motion::Motion;
use vigie_engine::tracker::{Tracker, TrackerSettings};
use vigie_engine::{CameraAnalysis, FrameInput, Luma};
use walkers::Walkers;

struct Counting;

thread_local! {
    static TAKEN: Cell<u64> = const { Cell::new(0) };
}

// SAFETY: everything is passed on to the system's allocator as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // While a thread ends, nobody counts.
        let _ = TAKEN.try_with(|taken| taken.set(taken.get() + 1));
        // SAFETY: the caller keeps the promises that the system's allocator asks for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn taken() -> u64 {
    TAKEN.with(Cell::get)
}

#[test]
fn a_hundred_walkers_need_no_new_memory() {
    let walkers = Walkers::new(100);
    let frames: Vec<_> = (0..600).map(|n| walkers.frame(n)).collect();
    let mut tracker = Tracker::new(TrackerSettings::default(), 16.0 / 9.0);
    let run = |tracker: &mut Tracker| {
        for (at, detections, proposals) in &frames {
            tracker.step(*at, detections, proposals);
        }
    };
    // The first time round, the working memory grows to what the densest frame needs.
    run(&mut tracker);
    let before = taken();
    assert!(before > 0, "the allocator counts");
    tracker.reset();
    run(&mut tracker);
    assert_eq!(taken() - before, 0);
    assert!(tracker.tracks().len() >= 100);
}

fn luma(frame: &plaza::Frame) -> Luma<'_> {
    Luma::new(&frame.grey, plaza::WIDTH, plaza::HEIGHT).expect("the square has a picture")
}

#[test]
fn motion_and_health_need_no_new_memory() {
    for camera in [Camera::Fixed, Camera::Restless] {
        let frames: Vec<_> = plaza::frames(8, camera).collect();
        let (mut motion, mut health) = (Motion::default(), HealthWatch::default());
        let mut run = || {
            for frame in &frames {
                let view = motion.step(frame.at, luma(frame));
                health.step(frame.at, luma(frame), view);
            }
            motion.reset();
            health.reset();
            health.learn_view();
        };
        run();
        let before = taken();
        run();
        assert_eq!(taken() - before, 0);
    }
}

/// Frames that took memory although they had nothing to tell: which, and how often each.
fn silent_and_taking(analysis: &mut CameraAnalysis, frames: &[plaza::Frame]) -> (Vec<(usize, u64)>, usize) {
    let (mut taking, mut told) = (Vec::new(), 0);
    for (n, frame) in frames.iter().enumerate() {
        let mut input = FrameInput::new(frame.at, &frame.detections);
        (input.luma, input.smallest_person) = (Some(luma(frame)), Some(0.05));
        input.discontinuity = n == 0;
        let before = taken();
        let step = analysis.step(&input);
        let taken = taken() - before;
        let telling = step.raised.len() + step.vetoed.len() + step.cleared.len();
        told += telling;
        if taken > 0 && telling == 0 {
            taking.push((n, taken));
        }
    }
    (taking, told)
}

#[test]
fn a_busy_square_under_all_rules_needs_no_new_memory() {
    for camera in [Camera::Fixed, Camera::Restless] {
        let frames: Vec<_> = plaza::frames(12, camera).collect();
        let mut analysis = CameraAnalysis::new(plaza::settings());
        // Working memory grows to what the densest frame needs; what the camera has learnt by then makes the second round another one.
        silent_and_taking(&mut analysis, &frames);
        silent_and_taking(&mut analysis, &frames);
        let (taking, told) = silent_and_taking(&mut analysis, &frames);
        assert!(told >= 5, "the square has something for the rules: {told}");
        assert_eq!(taking, []);
    }
}
