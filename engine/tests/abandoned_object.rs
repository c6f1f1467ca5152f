//! Abandoned objects that only the grey picture shows, on drawn scenes: a textured floor, people who are detected, and things
//! for which the detector has no name.

use vigie_engine::events::abandoned_object::{AbandonedObjectReason, AbandonedObjectSettings};
use vigie_engine::scene::Rule;
use vigie_engine::signals::Why;
use vigie_engine::{BBox, CameraAnalysis, CameraSettings, Detection, FrameInput, Luma, Micros};
use vigie_protocol::EventKind;

const WIDTH: usize = 200;
const HEIGHT: usize = 120;
/// A person's height and width, pixels; 1.7 m.
const PERSON: (f32, f32) = (36.0, 12.0);
const METRE: f32 = 36.0 / 1.7;
/// Where things are put down: the middle of the lower edge, pixels.
const SPOT: (f32, f32) = (110.0, 90.0);
const AFTER_SECS: f32 = 5.0;

/// A picture in the making, with what the detector finds on it.
struct Canvas {
    pixels: Vec<u8>,
    detections: Vec<Detection>,
}

impl Canvas {
    /// A floor of tiles, no two alike.
    fn floor() -> Self {
        let tile = |n: usize| {
            let (x, y) = (n % WIDTH / 10, n / WIDTH / 7);
            let grout = (n % WIDTH).is_multiple_of(10) || (n / WIDTH).is_multiple_of(7);
            let shade = 120 + (x * 37 + y * 91) % 41;
            if grout { shade - 25 } else { shade }
        };
        Self { pixels: (0..WIDTH * HEIGHT).map(|n| tile(n) as u8).collect(), detections: Vec::new() }
    }

    /// Fills a box around a foot point (pixels) with a pattern of its own.
    fn thing(&mut self, foot: (f32, f32), (height, width): (f32, f32), shade: u8) {
        self.each(foot, (height, width), |x, y, _| {
            let stripe = (x + 2 * y) / 4 % 2 == 0;
            if stripe { shade } else { shade + 30 }
        });
    }

    /// Makes a box brighter or darker.
    fn light(&mut self, foot: (f32, f32), size: (f32, f32), times: f32) {
        self.each(foot, size, |_, _, pixel| (f32::from(pixel) * times).min(255.0) as u8);
    }

    fn each(
        &mut self,
        (x, y): (f32, f32),
        (height, width): (f32, f32),
        pixel: impl Fn(usize, usize, u8) -> u8,
    ) {
        let clamp = |value: f32, most: usize| value.clamp(0.0, most as f32) as usize;
        for row in clamp(y - height, HEIGHT)..clamp(y, HEIGHT) {
            for column in clamp(x - width / 2.0, WIDTH)..clamp(x + width / 2.0, WIDTH) {
                let index = row * WIDTH + column;
                self.pixels[index] = pixel(column, row, self.pixels[index]);
            }
        }
    }

    /// A person with their feet there, seen by the detector.
    fn person(&mut self, foot: (f32, f32)) {
        self.thing(foot, PERSON, 40);
        self.detect(foot, PERSON, 1, 0.6);
    }

    fn detect(&mut self, (x, y): (f32, f32), (height, width): (f32, f32), class_id: u8, score: f32) {
        let (w, h) = (WIDTH as f32, HEIGHT as f32);
        let bbox =
            BBox { x0: (x - width / 2.0) / w, y0: (y - height) / h, x1: (x + width / 2.0) / w, y1: y / h };
        if x > -0.3 * width && x < w + 0.3 * width {
            self.detections.push(Detection { bbox: bbox.on_picture(), class_id, score });
        }
    }
}

/// What came of a scene.
#[derive(Default)]
struct Outcome {
    raised: Vec<(f32, AbandonedObjectReason)>,
    cleared: Vec<f32>,
    vetoed: Vec<String>,
}

fn watch(secs: f32, fps: f32, settings: AbandonedObjectSettings, draw: impl Fn(f32, &mut Canvas)) -> Outcome {
    let mut camera = CameraAnalysis::new(CameraSettings {
        aspect: WIDTH as f32 / HEIGHT as f32,
        rules: vec![Rule::AbandonedObject(settings)],
        ..CameraSettings::default()
    });
    let mut outcome = Outcome::default();
    let mut noise = 1_u32;
    for n in 0..(secs * fps) as usize {
        let t = n as f32 / fps;
        let mut canvas = Canvas::floor();
        draw(t, &mut canvas);
        for pixel in &mut canvas.pixels {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            *pixel = pixel.saturating_add((noise >> 30) as u8);
        }
        let luma = Luma::new(&canvas.pixels, WIDTH, HEIGHT);
        let at = Micros((f64::from(t) * 1e6) as i64);
        let step = camera.step(&FrameInput { luma, ..FrameInput::new(at, &canvas.detections) });
        for signal in step.raised {
            assert_eq!(signal.event, EventKind::AbandonedObject);
            let Why::AbandonedObject(reason) = &signal.why else { panic!("{:?}", signal.why) };
            outcome.raised.push((t, reason.clone()));
        }
        outcome.cleared.extend(step.cleared.iter().map(|_| t));
        outcome.vetoed.extend(step.vetoed.iter().map(|vetoed| vetoed.veto.clone()));
    }
    outcome
}

fn settings() -> AbandonedObjectSettings {
    AbandonedObjectSettings { after_secs: AFTER_SECS, ..AbandonedObjectSettings::default() }
}

/// Where somebody's feet are who comes from the left, is at the spot from 8 s to `leaves` and goes back; `None` when out of the picture.
fn visitor(t: f32, leaves: f32) -> Option<(f32, f32)> {
    let pace = 1.2 * METRE;
    let x =
        if t < 8.0 { SPOT.0 - 12.0 - (8.0 - t) * pace } else { SPOT.0 - 12.0 - (t - leaves).max(0.0) * pace };
    (x > -10.0).then_some((x, SPOT.1 + 3.0))
}

const PARCEL: (f32, f32) = (10.0, 12.0);

#[test]
fn a_parcel_without_a_name_is_signalled_once_after_its_carrier_has_left() {
    for fps in [3.0, 8.0] {
        let outcome = watch(24.0, fps, settings(), |t, canvas| {
            if t >= 9.0 {
                canvas.thing(SPOT, PARCEL, 20);
            }
            if let Some(foot) = visitor(t, 13.0) {
                canvas.person(foot);
            }
        });
        assert_eq!(outcome.raised.len(), 1, "{fps} fps: {:?} {:?}", outcome.raised, outcome.vetoed);
        let (at, reason) = &outcome.raised[0];
        // Three metres away 2.05 s after leaving, half a metre of which they stood aside.
        assert!((19.5..22.0).contains(at), "{fps} fps: {at}");
        assert!(
            reason.seen_leaving && reason.carrier.is_some() && reason.evidence.sightings == 0,
            "{reason:?}"
        );
        let width = reason.width_metres.unwrap_or_default();
        assert!((0.4..0.8).contains(&width), "{fps} fps: {width} m");
        assert!(outcome.vetoed.is_empty() && outcome.cleared.is_empty());
    }
}

#[test]
fn people_who_pass_before_it_do_not_hide_it_for_good() {
    let outcome = watch(32.0, 6.0, settings(), |t, canvas| {
        if t >= 9.0 {
            canvas.thing(SPOT, PARCEL, 20);
        }
        if let Some(foot) = visitor(t, 13.0) {
            canvas.person(foot);
        }
        for k in 0..12 {
            let since = t - 10.0 - 3.0 * k as f32;
            let x = since * 1.3 * METRE;
            if since > 0.0 && x < 206.0 {
                canvas.person((x, SPOT.1 + 10.0));
            }
        }
    });
    assert_eq!(outcome.raised.len(), 1, "{:?} {:?}", outcome.raised, outcome.vetoed);
}

#[test]
fn it_clears_when_the_parcel_is_taken_away() {
    let outcome = watch(36.0, 6.0, settings(), |t, canvas| {
        if (9.0..26.0).contains(&t) {
            canvas.thing(SPOT, PARCEL, 20);
        }
        if let Some(foot) = visitor(t, 13.0) {
            canvas.person(foot);
        }
        if (22.0..27.0).contains(&t) {
            canvas.person((SPOT.0 + 12.0 + (t - 25.0).abs().max(1.0) * 25.0 - 25.0, SPOT.1 + 3.0));
        }
    });
    assert_eq!((outcome.raised.len(), outcome.cleared.len()), (1, 1), "{:?}", outcome.cleared);
    assert!((26.0..34.0).contains(&outcome.cleared[0]), "{:?}", outcome.cleared);
}

/// Scenes in which a person is at the spot from 8 s to 13 s, and nothing is left behind.
fn nothing_comes_of(about: &str, draw: impl Fn(f32, &mut Canvas)) -> Vec<String> {
    let outcome = watch(28.0, 4.0, settings(), |t, canvas| {
        draw(t, canvas);
        if let Some(foot) = visitor(t, 13.0) {
            canvas.person(foot);
        }
    });
    assert!(outcome.raised.is_empty(), "{about}: {:?}", outcome.raised);
    outcome.vetoed
}

#[test]
fn a_visit_that_leaves_nothing_gives_nothing() {
    let vetoed = nothing_comes_of("visit", |_, _| ());
    assert!(vetoed.is_empty(), "{vetoed:?}");
}

#[test]
fn a_shadow_that_stays_is_no_object() {
    nothing_comes_of("shadow", |t, canvas| {
        if t >= 9.0 {
            canvas.light(SPOT, (14.0, 18.0), 0.6);
        }
    });
}

#[test]
fn a_lamp_that_goes_on_is_no_object() {
    nothing_comes_of("lamp", |t, canvas| {
        if t >= 9.0 {
            canvas.light(SPOT, (16.0, 24.0), 1.5);
        }
    });
}

#[test]
fn the_light_over_everything_may_change() {
    nothing_comes_of("light", |t, canvas| {
        if t >= 10.0 {
            canvas.light((100.0, 120.0), (120.0, 200.0), 0.7);
        }
    });
}

#[test]
fn what_was_taken_away_is_not_left_behind() {
    let vetoed = nothing_comes_of("taken", |t, canvas| {
        if t < 9.0 {
            canvas.thing(SPOT, PARCEL, 20);
        }
    });
    // The background may know it first; then there is nothing to veto.
    assert!(vetoed.iter().all(|veto| veto == "uncovered"), "{vetoed:?}");
}

#[test]
fn furniture_that_is_called_a_bag_now_and_then_is_none() {
    nothing_comes_of("bin", |t, canvas| {
        canvas.thing(SPOT, PARCEL, 20);
        // Only somebody's shadow on it makes the detector see a bag there, from then on.
        if t >= 9.0 && ((t * 8.0) as u32).is_multiple_of(3) {
            canvas.detect(SPOT, PARCEL, 27, 0.4);
        }
    });
}

#[test]
fn reflections_that_come_and_go_are_no_objects() {
    nothing_comes_of("puddle", |t, canvas| {
        if t >= 9.0 && (t as u32 / 3).is_multiple_of(2) {
            canvas.light(SPOT, (10.0, 22.0), 1.4);
        }
    });
}

#[test]
fn somebody_whom_the_detector_loses_when_they_sit_down_is_no_object() {
    let vetoed = nothing_comes_of("sitter", |t, canvas| {
        // A second person comes with the first, sits down and is no longer detected.
        if let Some((x, y)) = visitor(t, 99.0) {
            let foot = (x + 30.0, y);
            if t < 9.0 {
                canvas.person(foot);
            } else {
                canvas.thing(foot, (22.0, 15.0), 40);
            }
        }
    });
    assert!(vetoed.iter().all(|veto| veto == "person"), "{vetoed:?}");
}

#[test]
fn a_veto_that_is_switched_off_lets_the_signal_through() {
    let mut open = settings();
    open.vetoes.no_carrier = false;
    let appears = |t: f32, canvas: &mut Canvas| {
        if t >= 9.0 {
            canvas.thing(SPOT, PARCEL, 20);
        }
        // Somebody far away shows how high people are.
        canvas.person((15.0, SPOT.1 + 6.0));
    };
    let held_back = watch(24.0, 4.0, settings(), appears);
    assert!(held_back.raised.is_empty());
    assert_eq!(held_back.vetoed, ["no_carrier"]);
    assert_eq!(watch(24.0, 4.0, open, appears).raised.len(), 1);
}
