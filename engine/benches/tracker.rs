//! What a frame costs the tracker: ten and a hundred people who walk about and cross each other's ways, every tenth box missing.
//!
//! `cargo bench -p vigie-engine --bench tracker`; ten objects are to take less than 100 µs, a hundred less than 1 ms.

#[path = "../tests/walkers/mod.rs"]
mod walkers;

use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use vigie_engine::tracker::{Tracker, TrackerSettings};
use walkers::Walkers;

fn tracker(criterion: &mut Criterion) {
    for objects in [10, 100] {
        let walkers = Walkers::new(objects);
        let frames: Vec<_> = (0..1000).map(|n| walkers.frame(n)).collect();
        let mut tracker = Tracker::new(TrackerSettings::default(), 16.0 / 9.0);
        let mut n = 0;
        criterion.bench_function(&format!("tracker_{objects}_objects"), |bencher| {
            bencher.iter(|| {
                let (_, detections, proposals) = &frames[n % frames.len()];
                tracker.step(Walkers::time(n), black_box(detections), black_box(proposals));
                n += 1;
            });
        });
    }
}

criterion_group!(benches, tracker);
criterion_main!(benches);
