//! What is said of a camera whose picture is made up to be covered, blurred, frozen, turned or dark.

#[path = "support/scene.rs"]
mod scene;

use scene::{HEIGHT, WIDTH, noisy, picture, put};
use std::sync::LazyLock;
use vigie_engine::health::HealthWatch;
use vigie_engine::motion::Motion;
use vigie_engine::{Health, Luma, Micros};

#[derive(Default)]
struct Camera {
    motion: Motion,
    watch: HealthWatch,
    frame: u32,
}

impl Camera {
    const FPS: f32 = 8.0;

    /// Shows a picture for some seconds, with noise, and tells what was said after each frame.
    fn show(&mut self, secs: f32, picture: impl Fn(u32) -> Vec<u8>) -> Vec<Health> {
        self.show_as_is(secs, |frame| noisy(picture(frame), frame))
    }

    fn show_as_is(&mut self, secs: f32, picture: impl Fn(u32) -> Vec<u8>) -> Vec<Health> {
        let frames = (secs * Self::FPS) as u32;
        let step = |_| {
            let grey = picture(self.frame);
            let luma = Luma::new(&grey, WIDTH, HEIGHT).expect("the picture's size");
            let at = Micros((self.frame as f32 * 1e6 / Self::FPS) as i64);
            self.frame += 1;
            let motion = self.motion.step(at, luma);
            self.watch.step(at, luma, motion)
        };
        (0..frames).map(step).collect()
    }
}

/// A view with hard edges: kerbs, walls, signs.
fn view(seed: u32, right: f32, down: f32) -> Vec<u8> {
    let mut grey = picture(seed, right, down);
    for pixel in &mut grey {
        *pixel = *pixel / 32 * 32 + 16;
    }
    grey
}

/// A street with somebody who walks through it.
fn street(frame: u32) -> Vec<u8> {
    static EMPTY: LazyLock<Vec<u8>> = LazyLock::new(|| view(11, 0.0, 0.0));
    let mut grey = EMPTY.clone();
    put(&mut grey, 12, ((frame * 7 % 400) as f32 - 20.0, 80.0), (18, 50));
    grey
}

fn well(said: &[Health]) -> bool {
    said.iter().all(|health| *health == Health::default())
}

/// Seconds until it was first said.
fn after(said: &[Health], is: impl Fn(&Health) -> bool) -> Option<f32> {
    said.iter().position(is).map(|frame| frame as f32 / Camera::FPS)
}

#[test]
fn an_ordinary_scene_is_well_and_stays_so_when_the_light_changes() {
    let mut camera = Camera::default();
    assert!(well(&camera.show(12.0, street)));
    let darker = |pixel: u8| (f32::from(pixel) * 0.6) as u8;
    assert!(well(&camera.show(8.0, |frame| street(frame).into_iter().map(darker).collect())));
    // A patch of sun.
    let sun = |frame| {
        let mut grey = street(frame);
        for row in grey.chunks_exact_mut(WIDTH).take(120) {
            for pixel in &mut row[..200] {
                *pixel = pixel.saturating_add(45);
            }
        }
        grey
    };
    assert!(well(&camera.show(8.0, sun)));
    // A crowd that hides half of the view.
    let crowd = |frame: u32| {
        let mut grey = street(frame);
        for person in 0..24 {
            let left = (person * 41 + frame * 3) % 340;
            put(&mut grey, 20 + person, (left as f32 - 10.0, (person * 29 % 130) as f32), (22, 52));
        }
        grey
    };
    assert!(well(&camera.show(10.0, crowd)));
}

#[test]
fn covered_black_and_white_are_blind_within_two_seconds_and_it_ends_when_they_do() {
    for level in [0_u8, 90, 250] {
        let mut camera = Camera::default();
        assert!(well(&camera.show(5.0, street)));
        let said = camera.show(4.0, |_| vec![level; WIDTH * HEIGHT]);
        let blind = after(&said, |health| health.blind);
        assert!(blind.is_some_and(|secs| (0.8..=2.0).contains(&secs)), "level {level}: {blind:?}");
        assert!(said.iter().all(|health| !health.moved && !health.blurred), "level {level}");
        let said = camera.show(6.0, street);
        assert!(said.last() == Some(&Health::default()), "level {level}: {:?}", said.last());
    }
    // Something close before the lens: smooth, brighter on one side.
    let mut camera = Camera::default();
    camera.show(6.0, street);
    let said = camera.show(4.0, |_| (0..WIDTH * HEIGHT).map(|i| 40 + (i % WIDTH / 8) as u8).collect());
    assert!(said.last().is_some_and(|health| health.blind));
}

#[test]
fn out_of_focus_is_blurred_not_moved() {
    let mut camera = Camera::default();
    assert!(well(&camera.show(8.0, street)));
    let soft = |frame| {
        let mut grey = street(frame);
        for _ in 0..3 {
            grey = box_blur(&grey, 2);
        }
        grey
    };
    let said = camera.show(8.0, soft);
    let blurred = after(&said, |health| health.blurred);
    assert!(blurred.is_some_and(|secs| (2.0..=5.0).contains(&secs)), "{blurred:?}");
    assert!(said.iter().all(|health| !health.moved && !health.blind));
    assert_eq!(camera.show(8.0, street).last(), Some(&Health::default()));
}

fn box_blur(grey: &[u8], reach: usize) -> Vec<u8> {
    let at = |index: usize| {
        let (x, y) = (index % WIDTH, index / WIDTH);
        let (mut sum, mut count) = (0, 0);
        for row in y.saturating_sub(reach)..(y + reach + 1).min(HEIGHT) {
            for column in x.saturating_sub(reach)..(x + reach + 1).min(WIDTH) {
                sum += u32::from(grey[row * WIDTH + column]);
                count += 1;
            }
        }
        (sum / count) as u8
    };
    (0..WIDTH * HEIGHT).map(at).collect()
}

#[test]
fn the_same_picture_for_seconds_is_frozen_unless_this_camera_repeats_itself() {
    let mut camera = Camera::default();
    camera.show(5.0, street);
    let still = noisy(street(3), 3);
    let said = camera.show_as_is(6.0, |_| still.clone());
    let frozen = after(&said, |health| health.frozen);
    assert!(frozen.is_some_and(|secs| (2.8..=3.6).contains(&secs)), "{frozen:?}");
    assert!(camera.show(1.0, street).iter().all(|health| !health.frozen));
    // Quiet video without noise repeats itself for two seconds now and then.
    let mut camera = Camera::default();
    let now_and_then = |frame: u32| noisy(street(frame / 16), frame / 16);
    camera.show_as_is(20.0, now_and_then);
    let said = camera.show_as_is(10.0, |_| still.clone());
    let frozen = after(&said, |health| health.frozen);
    assert!(frozen.is_some_and(|secs| secs > 4.5), "{frozen:?}");
}

#[test]
fn a_bump_and_another_view_are_moved_until_the_view_is_learnt_again() {
    let bumped = |frame: u32| {
        let mut grey = view(11, 14.0, 6.0);
        put(&mut grey, 12, ((frame * 7 % 400) as f32 - 20.0, 80.0), (18, 50));
        grey
    };
    let elsewhere = |frame: u32| {
        let mut grey = view(77, 0.0, 0.0);
        put(&mut grey, 12, ((frame * 7 % 400) as f32 - 20.0, 80.0), (18, 50));
        grey
    };
    let views: [&dyn Fn(u32) -> Vec<u8>; 2] = [&bumped, &elsewhere];
    for view in views {
        let mut camera = Camera::default();
        assert!(well(&camera.show(8.0, street)));
        let said = camera.show(10.0, view);
        let moved = after(&said, |health| health.moved);
        assert!(moved.is_some_and(|secs| (2.0..=7.0).contains(&secs)), "{moved:?}");
        assert!(said.last().is_some_and(|health| health.moved && !health.blind && !health.scene_holds()));
        camera.watch.learn_view();
        assert!(camera.show(8.0, view).last().is_some_and(Health::scene_holds));
        // And back: now that is another view.
        assert!(camera.show(10.0, street).last().is_some_and(|health| health.moved));
    }
}

#[test]
fn a_pan_is_said_while_it_lasts() {
    let mut camera = Camera::default();
    camera.show(6.0, |_| view(11, 0.0, 0.0));
    let start = camera.frame;
    let pan = move |frame: u32| view(11, -1.5 * (frame - start) as f32, 0.0);
    let said = camera.show(4.0, pan);
    let motion = after(&said, |health| health.in_motion);
    assert!(motion.is_some_and(|secs| secs <= 1.5), "{motion:?}");
    assert!(said.last().is_some_and(|health| health.in_motion && !health.moved));
    let said = camera.show(3.0, move |_| pan(start + 31));
    assert!(said.last().is_some_and(|health| !health.in_motion));
}

#[test]
fn night_without_lamps_is_low_light() {
    let mut camera = Camera::default();
    camera.show(5.0, street);
    let night = |frame| street(frame).into_iter().map(|pixel| pixel / 8).collect();
    let said = camera.show(6.0, night);
    assert!(said.last().is_some_and(|health| health.low_light && !health.moved), "{:?}", said.last());
}
