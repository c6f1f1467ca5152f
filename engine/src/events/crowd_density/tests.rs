use super::{AreaSource, CORRECTION_SECS, CrowdDensity, DensityReason};
use crate::events::{EventMachine, Observation, Outbox};
use crate::scene::{Area, DensityZone, Ground, GroundPoint, GroundSettings};
use crate::signals::{Clearing, Why};
use crate::{BBox, Counted, Detection, Health, Micros, Point, Polygon};
use vigie_protocol::ZoneId;

const ASPECT: f32 = 16.0 / 9.0;

fn point(x: f32, y: f32) -> Point {
    Point { x, y }
}

/// A zone from the left edge to `right`, over the whole height.
fn zone(right: f32) -> DensityZone {
    let corners = [point(0.0, 0.0), point(right, 0.0), point(right, 1.0), point(0.0, 1.0)];
    let id: ZoneId = serde_json::from_str("\"0192f000-0000-7000-8000-000000000001\"").unwrap();
    DensityZone::new(Area { id, name: "square".into(), polygon: Polygon::new(corners).unwrap() })
}

fn for_persons(right: f32, limit: u16) -> CrowdDensity {
    CrowdDensity::new(DensityZone { limit_persons: Some(limit), ..zone(right) })
}

/// So many people in a grid on the left half of the picture.
fn people(count: usize) -> Vec<Detection> {
    let person = |n: usize| {
        let (x, y) = (0.03 + 0.02 * (n % 20) as f32, 0.3 + 0.08 * (n / 20) as f32);
        Detection { bbox: BBox { x0: x, y0: y - 0.1, x1: x + 0.02, y1: y }, class_id: 1, score: 0.8 }
    };
    (0..count).map(person).collect()
}

fn seen(secs: f32, detections: &[Detection]) -> Observation<'_> {
    Observation {
        at: Micros::default().plus_secs(secs),
        aspect: ASPECT,
        tracks: &[],
        detections,
        smallest_person: None,
        counted: None,
        luma: None,
        motion: None,
        ground: None,
        health: Health::default(),
    }
}

/// Steps five times a second from one time to another, and gives the times of signals with their reasons.
fn watch<'a>(
    machine: &mut CrowdDensity,
    (from, until): (f32, f32),
    frame: impl Fn(f32) -> Observation<'a>,
) -> (Vec<(f32, DensityReason)>, Outbox) {
    let mut out = Outbox::default();
    let mut raised = Vec::new();
    for n in 0..((until - from) * 5.0) as u16 {
        let secs = from + f32::from(n) / 5.0;
        machine.step(&frame(secs), &mut out);
        for signal in out.raised.drain(..) {
            let Why::CrowdDensity(reason) = signal.why else { panic!("a density") };
            raised.push((secs, reason));
        }
    }
    (raised, out)
}

#[test]
fn too_many_for_long_enough_are_one_signal_and_it_clears_below_the_limit() {
    let (many, few) = (people(40), people(10));
    let mut machine = for_persons(1.0, 30);
    let (raised, _) = watch(&mut machine, (0.0, 20.0), |secs| seen(secs, &many));
    let [(secs, reason)] = &raised[..] else { panic!("{raised:?}") };
    assert!((2.9..3.5).contains(secs), "{secs}");
    assert_eq!(reason.limit_persons, Some(30));
    assert!((reason.persons - 40.0).abs() < 0.1 && reason.persons_error > 4.0 && !reason.is_at_least());
    let (raised, out) = watch(&mut machine, (20.0, 40.0), |secs| seen(secs, &few));
    assert!(raised.is_empty());
    assert_eq!(
        out.cleared.iter().map(|c| (c.cause, c.people)).collect::<Vec<_>>(),
        [(Clearing::Emptied, 40)]
    );
}

#[test]
fn a_zone_waits_for_its_view_and_a_whole_picture_goes_on_in_any() {
    let many = people(40);
    let with = |secs, health| Observation { health, ..seen(secs, &many) };
    let in_motion = Health { in_motion: true, ..Health::default() };
    let moved = Health { moved: true, ..Health::default() };
    assert!(watch(&mut for_persons(0.5, 30), (0.0, 20.0), |secs| with(secs, in_motion)).0.is_empty());
    assert_eq!(watch(&mut for_persons(1.0, 30), (0.0, 20.0), |secs| with(secs, in_motion)).0.len(), 1);
    assert!(watch(&mut for_persons(0.5, 30), (0.0, 20.0), |secs| with(secs, moved)).0.is_empty());
    assert_eq!(watch(&mut for_persons(1.0, 30), (0.0, 20.0), |secs| with(secs, moved)).0.len(), 1);
    // The time before a pan does not count towards the dwell time after it.
    let mut machine = for_persons(0.5, 15);
    let still = Health::default();
    let pan = |secs| with(secs, if (2.0..2.5).contains(&secs) { in_motion } else { still });
    let (raised, _) = watch(&mut machine, (0.0, 10.0), pan);
    assert!((5.4..6.0).contains(&raised[0].0), "{}", raised[0].0);
}

#[test]
fn a_tiled_pass_corrects_the_count_for_a_while() {
    let (single, tiled) = (people(20), people(40));
    let counted =
        |at: f32| Counted { at: Micros::default().plus_secs(at), boxes: &tiled, smallest_person: None };
    let mut machine = for_persons(1.0, 30);
    let with =
        |secs: f32| Observation { counted: (secs >= 2.0).then(|| counted(2.0)), ..seen(secs, &single) };
    let (raised, out) = watch(&mut machine, (0.0, 2.0 + CORRECTION_SECS + 30.0), with);
    let [(secs, reason)] = &raised[..] else { panic!("{raised:?}") };
    assert!((4.9..5.6).contains(secs), "{secs}");
    assert!((reason.persons - 39.0).abs() < 1.5 && reason.tiled_factor > 1.8, "{reason:?}");
    assert_eq!(out.cleared.len(), 1, "the correction is too old to be believed");
}

#[test]
fn where_people_are_too_small_to_be_found_it_is_at_least_so_many() {
    let many = people(40);
    let mut machine = for_persons(1.0, 30);
    let coarse = |secs| Observation { smallest_person: Some(0.2), ..seen(secs, &many) };
    let (raised, _) = watch(&mut machine, (0.0, 5.0), coarse);
    assert!(raised[0].1.is_at_least() && raised[0].1.saturation.too_small > 0.9);
    let fine = |secs| Observation { smallest_person: Some(0.03), ..seen(secs, &many) };
    assert!(!watch(&mut for_persons(1.0, 30), (0.0, 5.0), fine).0[0].1.is_at_least());
}

#[test]
fn where_people_hide_each_other_it_is_at_least_so_many() {
    let close: Vec<Detection> = (0..30_u8)
        .map(|n| {
            let (x, y) = (0.05 + 0.03 * f32::from(n % 10), 0.5 + 0.05 * f32::from(n / 10));
            Detection { bbox: BBox { x0: x, y0: y - 0.1, x1: x + 0.04, y1: y }, class_id: 1, score: 0.8 }
        })
        .collect();
    let (raised, _) = watch(&mut for_persons(1.0, 25), (0.0, 5.0), |secs| seen(secs, &close));
    assert!(raised[0].1.saturation.packed && raised[0].1.is_at_least());
    let few = &close[..15];
    let (raised, _) = watch(&mut for_persons(1.0, 10), (0.0, 5.0), |secs| seen(secs, few));
    assert!(!raised[0].1.is_at_least(), "fifteen do not hide anybody for long");
}

#[test]
fn a_calibrated_ground_gives_persons_per_square_metre_with_an_error() {
    let many = people(44);
    let corner = |x: f32, y: f32| GroundPoint { image: point(x, y), metres: point(10.0 * x, 2.0 * y) };
    let points = vec![corner(0.0, 0.0), corner(1.0, 0.0), corner(1.0, 1.0), corner(0.0, 1.0)];
    let ground = Ground::new(&GroundSettings::Points(points), ASPECT).unwrap();
    // Half of the picture is 10 m²: 4.4 persons on each, above the usual limit.
    let mut machine = CrowdDensity::new(zone(0.5));
    let on_ground = |secs| Observation { ground: Some(&ground), ..seen(secs, &many) };
    let (raised, _) = watch(&mut machine, (0.0, 6.0), on_ground);
    let reason = &raised[0].1;
    assert_eq!(reason.area_source, AreaSource::Calibration);
    assert!((reason.area_m2.unwrap() - 10.0).abs() < 0.1, "{reason:?}");
    assert!((reason.per_m2.unwrap() - 4.4).abs() < 0.1 && reason.per_m2_error.unwrap() > 0.4);
    assert_eq!((reason.limit_per_m2, reason.limit_persons), (Some(4.0), None));
}

#[test]
fn without_people_there_is_no_scale_and_without_a_scale_no_density() {
    let mut machine = CrowdDensity::new(zone(1.0));
    assert!(watch(&mut machine, (0.0, 10.0), |secs| seen(secs, &[])).0.is_empty());
}
