use super::{CrowdMovement, MovementKind, MovementReason};
use crate::events::{EventMachine, Observation, Outbox};
use crate::scene::CrowdMovementSettings;
use crate::signals::Why;
use crate::tracker::{Tracker, TrackerSettings};
use crate::{BBox, Detection, Health, Micros};

/// Ten metres high, square: a person of 1.7 m is 0.17 high.
const HEIGHT: f32 = 0.17;

/// A person whose feet are at these metres from the middle of the picture.
fn person(x: f32, y: f32) -> Detection {
    let (x, y) = (0.5 + x / 10.0, 0.5 + y / 10.0);
    let bbox = BBox { x0: x - 0.036, y0: y - HEIGHT, x1: x + 0.036, y1: y };
    Detection { bbox, class_id: 1, score: 0.8 }
}

/// Ten people in two rows walk to the right at this speed, each a little differently, from a time on at another.
fn rows(secs: f32, before: f32, after: f32, change: f32) -> Vec<Detection> {
    let walked = before * secs.min(change) + after * (secs - change).max(0.0);
    let places = (0..10_u8).map(f32::from);
    places.map(|n| person(walked * (0.85 + 0.03 * n) - 4.5 + 0.3 * n, -0.5 + 0.45 * n)).collect()
}

fn watch(
    secs: f32,
    detections: impl Fn(f32) -> Vec<Detection>,
    health: impl Fn(f32) -> Health,
) -> Vec<(f32, MovementReason)> {
    let mut machine = CrowdMovement::new(CrowdMovementSettings::default());
    let mut tracker = Tracker::new(TrackerSettings::default(), 1.0);
    let (mut out, mut raised) = (Outbox::default(), Vec::new());
    for n in 0..(secs * 10.0) as u16 {
        let secs = f32::from(n) / 10.0;
        let at = Micros::default().plus_secs(secs);
        let detections = detections(secs);
        tracker.step(at, &detections, &[]);
        let seen = Observation {
            at,
            aspect: 1.0,
            tracks: tracker.tracks(),
            detections: &detections,
            smallest_person: None,
            counted: None,
            luma: None,
            motion: None,
            ground: None,
            health: health(secs),
        };
        machine.step(&seen, &mut out);
        for signal in out.raised.drain(..) {
            let Why::CrowdMovement(reason) = signal.why else { panic!("a movement") };
            raised.push((secs, reason));
        }
    }
    raised
}

fn well(_: f32) -> Health {
    Health::default()
}

#[test]
fn people_who_begin_to_run_are_a_signal_and_people_who_begin_to_walk_are_none() {
    let run = watch(11.0, |secs| rows(secs, 0.1, 3.2, 8.0), well);
    let [(secs, reason)] = &run[..] else { panic!("{run:?}") };
    assert!((9.2..10.6).contains(secs), "{secs}");
    assert_eq!(reason.kind, MovementKind::Run);
    assert!((2.6..3.6).contains(&reason.speed) && reason.people >= 5 && !reason.calibrated, "{reason:?}");
    assert!(watch(13.0, |secs| rows(secs, 0.0, 1.6, 8.0), well).is_empty());
}

#[test]
fn four_who_run_are_no_crowd() {
    let four = |secs| rows(secs, 0.1, 3.2, 8.0).into_iter().take(4).collect();
    assert!(watch(11.0, four, well).is_empty());
}

#[test]
fn those_who_run_from_the_first_frame_on_are_usual_here() {
    assert!(watch(4.0, |secs| rows(secs, 2.9, 2.9, 0.0), well).is_empty());
}

#[test]
fn nothing_is_judged_while_the_camera_moves() {
    let in_motion = |secs| Health { in_motion: secs > 7.5, ..Health::default() };
    assert!(watch(11.0, |secs| rows(secs, 0.1, 3.2, 8.0), in_motion).is_empty());
}
