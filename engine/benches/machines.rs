//! What a frame costs one camera at 25 frames a second with a hundred things in view and every kind of rule set, once its picture has been
//! measured: `machines_100_objects`, at most 1 ms. And `analysis_100_objects`, the same with motion and health: all that the page does with a
//! frame.
//!
//! The scene of `tests/plaza` has somebody for every rule, so that all of them have work. With `SPLIT=1` the tracker alone, and the tracker
//! with each rule alone, are benched, too. The same in wasm: see `README.md` beside this file.

#[path = "../tests/plaza/mod.rs"]
mod plaza;

use criterion::{Criterion, criterion_group, criterion_main};
use plaza::measured::{Measured, Show};
use std::hint::black_box;
use vigie_engine::{CameraAnalysis, CameraSettings};

fn machines(criterion: &mut Criterion) {
    let frames = Measured::all();
    let mut bench = |name: &str, settings: CameraSettings| {
        let mut show = Show::new(&frames, settings);
        criterion.bench_function(name, |bencher| bencher.iter(|| black_box(show.step())));
    };
    bench("machines_100_objects", plaza::settings());
    if std::env::var_os("SPLIT").is_some() {
        let all = plaza::settings();
        let none = CameraSettings { zones: Vec::new(), rules: Vec::new(), ..all.clone() };
        bench("split_tracker", none.clone());
        bench("split_zones", CameraSettings { zones: all.zones.clone(), ..none.clone() });
        for (n, rule) in all.rules.iter().enumerate() {
            let json = serde_json::to_value(rule).unwrap_or_default();
            let kind = json["rule"].as_str().unwrap_or_default().to_owned();
            bench(&format!("split_{n}_{kind}"), CameraSettings { rules: vec![rule.clone()], ..none.clone() });
        }
    }
    let (mut analysis, mut n) = (CameraAnalysis::new(plaza::settings()), 0);
    criterion.bench_function("analysis_100_objects", |bencher| {
        bencher.iter(|| {
            let mut frame = frames[n % frames.len()].input();
            frame.discontinuity = n.is_multiple_of(frames.len());
            n += 1;
            black_box(analysis.step(&frame).tracks.len())
        });
    });
}

criterion_group!(benches, machines);
criterion_main!(benches);
