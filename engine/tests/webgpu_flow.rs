//! The flow on WebGPU holds together with the CPU's and with the truth, on whatever Vulkan, Metal or DirectX adapter this machine has; on a
//! machine with none this says so and passes. Mesa's lavapipe will do.
//!
//! ```text
//! cargo test -p vigie-engine --features webgpu --test webgpu_flow
//! ```
//!
//! The same shaders in Chromium: `e2e/engines.spec.ts`.

mod plaza;
#[path = "support/scene.rs"]
mod scene;

use burn::tensor::{Device, wgpu::wgpu};
use futures::executor::block_on;
use plaza::Camera;
use scene::{HEIGHT, WIDTH, noisy, picture, put};
use std::sync::LazyLock;
use std::time::Instant;
use vigie_engine::Luma;
use vigie_engine::motion::webgpu::selftest::{Agreement, self_test};
use vigie_engine::motion::webgpu::{WebGpuFlow, WebGpuFlowError};
use vigie_engine::motion::{FlowField, flow_between};

/// This machine's adapter, which a program can ask for once.
static GPU: LazyLock<Option<(wgpu::Device, wgpu::Queue)>> =
    LazyLock::new(|| match Device::wgpu_options().init_with_setup() {
        Ok((_, setup)) => {
            println!("on {:?}", setup.adapter.get_info().name);
            Some((setup.device, setup.queue))
        }
        Err(error) => {
            println!("not tested: this machine has no adapter ({error})");
            None
        }
    });

/// The flow on this machine's adapter.
fn flow() -> Option<WebGpuFlow> {
    let (device, queue) = GPU.clone()?;
    Some(block_on(WebGpuFlow::new(device, queue)).expect("the device takes the shaders"))
}

fn luma(grey: &[u8]) -> Luma<'_> {
    Luma::new(grey, WIDTH, HEIGHT).expect("the pictures have this size")
}

/// Way and trust of each cell, on the device.
fn on_device(flow: &mut WebGpuFlow, last: &[u8], now: &[u8]) -> Vec<[f32; 3]> {
    flow.start(luma(last), luma(now)).expect("the pictures fit");
    let field = block_on(flow.finish()).expect("the device answers");
    field.numbers().chunks_exact(5).map(|cell| [cell[0], cell[1], cell[2]]).collect()
}

/// Share of the trusted cells whose way is this one, to a quarter of a pixel; and how many are trusted.
fn right(cells: impl Iterator<Item = [f32; 3]>, way: (f32, f32)) -> (f32, usize) {
    let trusted: Vec<_> = cells.filter(|cell| cell[2] >= 0.5).collect();
    let near = |cell: &&[f32; 3]| (cell[0] - way.0).abs().max((cell[1] - way.1).abs()) < 0.25;
    (trusted.iter().filter(near).count() as f32 / trusted.len().max(1) as f32, trusted.len())
}

#[test]
fn ways_are_the_true_ones() {
    let Some(mut flow) = flow() else { return };
    let base = picture(1, 0.0, 0.0);
    for way in [(0.0, 0.0), (0.4, -0.3), (1.5, 2.25), (-6.0, 3.5), (17.0, -9.0), (30.0, 12.0)] {
        let cells = on_device(&mut flow, &base, &picture(1, way.0, way.1));
        let (share, count) = right(cells.into_iter(), way);
        assert!(share > 0.9 && count > 500, "{way:?}: {share} of {count}");
    }
    // Darker and with less contrast, and nothing has moved.
    let dim: Vec<u8> = base.iter().map(|level| (f32::from(*level) * 0.8 + 4.0).round() as u8).collect();
    let ours = flow_between(luma(&base), luma(&dim)).expect("of one size");
    let (share, _) = right(ours.chunks_exact(5).map(|cell| [cell[0], cell[1], cell[2]]), (0.0, 0.0));
    println!("a change of exposure: {share} of the cells at rest on the CPU");
    let (share, count) = right(on_device(&mut flow, &base, &dim).into_iter(), (0.0, 0.0));
    assert!(share > 0.95 && count > 300, "{share} of {count}");
    // Ground without texture says nothing, noise or not.
    let flat = |time| noisy(vec![120; WIDTH * HEIGHT], time);
    assert!(on_device(&mut flow, &flat(1), &flat(2)).iter().all(|cell| cell[2] < 0.3));
    // A thing moves before a view at rest.
    let with_thing = |x: f32| {
        let mut grey = base.clone();
        put(&mut grey, 9, (x, 64.0), (48, 48));
        grey
    };
    let cells = on_device(&mut flow, &with_thing(80.0), &with_thing(91.0));
    let (inner, rest): (Vec<_>, Vec<_>) = cells
        .iter()
        .enumerate()
        .partition(|(n, _)| (12..=16).contains(&(n % 40)) && (9..=12).contains(&(n / 40)));
    let (share, count) = right(inner.into_iter().map(|(_, cell)| *cell), (11.0, 0.0));
    assert!(share > 0.9 && count > 12, "{share} of {count}");
    let (share, _) = right(rest.into_iter().map(|(_, cell)| *cell), (0.0, 0.0));
    assert!(share > 0.93, "{share} at rest");
}

#[test]
fn it_agrees_with_the_cpu() {
    let Some(mut flow) = flow() else { return };
    let agreement = block_on(self_test(&mut flow)).expect("the device answers");
    println!("self-test: {agreement:?}");
    assert!(agreement.passes(), "{agreement:?}");
    for camera in [Camera::Fixed, Camera::Restless] {
        let frames: Vec<_> = plaza::frames(5, camera).skip(60).take(20).collect();
        let (mut cells, mut apart) = (0, 0.0);
        for pair in frames.windows(2) {
            let (last, now) = (luma(&pair[0].grey), luma(&pair[1].grey));
            let ours = flow_between(last, now).expect("of one size");
            flow.start(last, now).expect("the pictures fit");
            let theirs = block_on(flow.finish()).expect("the device answers");
            let ours = FlowField::new(&ours, WIDTH, HEIGHT).expect("a number for each");
            let agreement = Agreement::of(&ours, &theirs);
            cells += agreement.cells;
            apart += agreement.apart * agreement.cells as f32;
        }
        // The square has a thing's edge in nearly every cell, where two ways fit about as well.
        println!("busy square: {} of {cells} cells apart", apart.round());
        assert!(apart / cells as f32 <= 0.05, "{apart} of {cells} cells");
    }
}

#[test]
fn it_takes_pictures_of_any_size_in_turn_and_refuses_what_does_not_fit() {
    let Some(mut flow) = flow() else { return };
    assert_eq!(block_on(flow.finish()).err(), Some(WebGpuFlowError::NotStarted));
    for (width, height) in [(320, 184), (184, 320), (320, 8), (8, 8), (320, 184)] {
        let grey: Vec<u8> = (0..width * height).map(|n| (n * n / 7 % 251) as u8).collect();
        let luma = Luma::new(&grey, width, height).expect("a picture");
        // One that is not fetched is let go.
        flow.start(luma, luma).expect("of one size");
        flow.start(luma, luma).expect("of one size");
        let field = block_on(flow.finish()).expect("the device answers");
        assert_eq!(field.size(), (width / 8, height / 8));
        assert!(field.numbers().chunks_exact(5).all(|cell| cell[0].abs() < 0.01 && cell[1].abs() < 0.01));
    }
    let (one, other) = (vec![0; 64], vec![0; 128]);
    let (one, other) =
        (Luma::new(&one, 8, 8).expect("a picture"), Luma::new(&other, 16, 8).expect("a picture"));
    assert!(matches!(flow.start(one, other), Err(WebGpuFlowError::BadPictures { .. })));
}

/// Not a test of a bound: what a frame costs depends on the adapter.
#[test]
fn what_a_frame_takes() {
    let Some(mut flow) = flow() else { return };
    let frames: Vec<_> = plaza::frames(25, Camera::Fixed).take(60).collect();
    let mut times = Vec::new();
    for pair in frames.windows(2) {
        let began = Instant::now();
        flow.start(luma(&pair[0].grey), luma(&pair[1].grey)).expect("the pictures fit");
        block_on(flow.finish()).expect("the device answers");
        times.push(began.elapsed());
    }
    times.sort();
    println!("from two pictures to cells: median {:?}, least {:?}", times[times.len() / 2], times[0]);
}
