//! In the steady state the tracker takes no memory from frame to frame.

#![expect(unsafe_code, reason = "an allocator that counts is unsafe by its trait")]

mod walkers;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use vigie_engine::tracker::{Tracker, TrackerSettings};
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
