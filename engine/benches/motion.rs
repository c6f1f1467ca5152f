//! What the motion step costs on one 320×184 picture: a textured view in which ten things move, the same with thirty that fill two fifths of it, and
//! with the camera moving as well.
//!
//! `motion_320x184` is the bar: at most 2 ms.

use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use vigie_engine::health::HealthWatch;
use vigie_engine::motion::Motion;
use vigie_engine::{Luma, Micros};

const WIDTH: usize = 320;
const HEIGHT: usize = 184;
/// Pictures that the loop goes through; the last leads to the first.
const PICTURES: usize = 32;

/// Smooth noise, the same for every run.
fn texture(x: f32, y: f32) -> f32 {
    let wave = |a: f32, b: f32, c: f32| (a * x + b * y + c).sin();
    128.0
        + 24.0 * wave(0.21, 0.13, 0.0)
        + 20.0 * wave(-0.37, 0.29, 1.0)
        + 14.0 * wave(0.83, -0.61, 2.0)
        + 10.0 * wave(0.47, 1.13, 3.0)
}

/// Things of 20 by 40 pixels walk over a view that itself is shifted by `pan` pixels a picture.
fn pictures(things: usize, pan: f32) -> Vec<Vec<u8>> {
    let picture = |time: usize| {
        let mut noise = 1_u32;
        let swing = |of: f32| of * (time as f32 / PICTURES as f32 * std::f32::consts::TAU).sin();
        let shift = pan * swing(PICTURES as f32 / std::f32::consts::TAU);
        let mut grey: Vec<u8> = (0..WIDTH * HEIGHT)
            .map(|i| {
                noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                texture((i % WIDTH) as f32 - shift, (i / WIDTH) as f32) as u8 + (noise >> 30) as u8
            })
            .collect();
        for thing in 0..things {
            let left =
                (thing * 53 % 280) as f32 + 20.0 + swing(18.0) * if thing % 2 == 0 { 1.0 } else { -1.0 };
            let top = thing * 37 % (HEIGHT - 44);
            for y in 0..40 {
                for x in 0..20 {
                    let index = (top + y) * WIDTH + (left as usize + x).min(WIDTH - 1);
                    grey[index] = texture(x as f32 + 50.0 * thing as f32, y as f32) as u8 / 2;
                }
            }
        }
        grey
    };
    (0..PICTURES).map(picture).collect()
}

fn run(criterion: &mut Criterion, name: &str, things: usize, pan: f32) {
    let pictures = pictures(things, pan);
    let (mut motion, mut time) = (Motion::default(), 0_usize);
    criterion.bench_function(name, |bencher| {
        bencher.iter(|| {
            let luma = Luma::new(&pictures[time % PICTURES], WIDTH, HEIGHT);
            let at = Micros(time as i64 * 40_000);
            time += 1;
            luma.map(|luma| black_box(motion.step(at, luma).is_some()))
        });
    });
}

fn motion(criterion: &mut Criterion) {
    run(criterion, "motion_320x184", 10, 0.0);
    run(criterion, "motion_320x184_crowd", 30, 0.0);
    run(criterion, "motion_320x184_pan", 10, 3.0);
    let pictures = pictures(10, 0.0);
    let (mut health, mut time) = (HealthWatch::default(), 0_usize);
    criterion.bench_function("health_320x184", |bencher| {
        bencher.iter(|| {
            let luma = Luma::new(&pictures[time % PICTURES], WIDTH, HEIGHT);
            let at = Micros(time as i64 * 40_000);
            time += 1;
            luma.map(|luma| black_box(health.step(at, luma, None)))
        });
    });
}

criterion_group!(benches, motion);
criterion_main!(benches);
