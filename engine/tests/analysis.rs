//! The facade's promises one by one.

use vigie_engine::analysis::Discontinuity;
use vigie_engine::signals::{Clearing, Why};
use vigie_engine::tracker::{Tracker, TrackerSettings};
use vigie_engine::{
    BBox, CameraAnalysis, CameraSettings, ClassGroup, Detection, FrameInput, Micros, Point, Polygon, Zone,
    ZoneState,
};

fn person(x: f32, y: f32) -> Detection {
    let bbox = BBox { x0: x - 0.02, y0: y - 0.15, x1: x + 0.02, y1: y };
    Detection { bbox, class_id: 1, score: 0.6 }
}

fn zone() -> Zone {
    let corners = [(0.4, 0.5), (0.6, 0.5), (0.6, 0.9), (0.4, 0.9)].map(|(x, y)| Point { x, y });
    let id = "0192f000-0000-7000-8000-000000000001".parse().expect("a UUID");
    Zone::new(id, "yard", Polygon::new(corners).expect("a square is simple"))
}

fn camera() -> CameraAnalysis {
    CameraAnalysis::new(CameraSettings { zones: vec![zone()], ..CameraSettings::default() })
}

fn at(secs: f32) -> Micros {
    Micros(0).plus_secs(secs)
}

/// Somebody stands in the zone from 0 to 1.5 s, ten frames a second.
fn camera_with_incident() -> CameraAnalysis {
    let mut camera = camera();
    for n in 0_u8..=15 {
        camera.step(&FrameInput::new(at(f32::from(n) / 10.0), &[person(0.5, 0.7)]));
    }
    camera
}

#[test]
fn a_zone_fills_up_raises_and_clears() {
    let mut camera = camera();
    assert_eq!(camera.step(&FrameInput::new(at(0.0), &[])).zones[0].state, ZoneState::Empty);
    let mut progress = 0.0;
    for n in 1_u8..=10 {
        let step = camera.step(&FrameInput::new(at(f32::from(n) / 10.0), &[person(0.5, 0.7)]));
        let ZoneState::Occupied { dwell_progress } = step.zones[0].state else { panic!("{step:?}") };
        assert!(dwell_progress >= progress && dwell_progress < 1.0);
        assert!(step.tracks[0].is_in(0) && !step.tracks[0].is_in(1));
        progress = dwell_progress;
    }
    assert!(progress > 0.85);
    let step = camera.step(&FrameInput::new(at(1.1), &[person(0.5, 0.7)]));
    let [signal] = step.raised else { panic!("{step:?}") };
    assert!((signal.dwell_secs - 1.0).abs() < 1e-3 && signal.since == at(0.1) && signal.at == at(1.1));
    assert!((signal.score - 0.6).abs() < 1e-5 && signal.count == 1);
    let Why::ZoneIntrusion(why) = &signal.why else { panic!("{signal:?}") };
    assert_eq!((why.observations, why.path.len(), why.seen_entering), (11, 11, false));
    assert!(matches!(step.zones[0].state, ZoneState::Incident { people: 1, .. }));

    // Walks out to the right.
    let mut cleared = Vec::new();
    for n in 12_u8..40 {
        let x = 0.5 + 0.01 * f32::from(n - 12);
        cleared.extend_from_slice(
            camera.step(&FrameInput::new(at(f32::from(n) / 10.0), &[person(x, 0.7)])).cleared,
        );
    }
    assert_eq!(cleared.len(), 1);
    assert_eq!((cleared[0].cause, cleared[0].people), (Clearing::Emptied, 1));
}

#[test]
fn interruptions_are_told_apart() {
    let people = [person(0.5, 0.7)];
    assert_eq!(camera().step(&FrameInput::new(at(0.0), &people)).discontinuity, None);

    let mut gap = camera_with_incident();
    let step = gap.step(&FrameInput::new(at(4.0), &people));
    assert_eq!((step.discontinuity, step.cleared.len()), (Some(Discontinuity::Gap), 0));

    let mut long_gap = camera_with_incident();
    let step = long_gap.step(&FrameInput::new(at(60.0), &people));
    assert_eq!(step.discontinuity, Some(Discontinuity::Gap));
    assert_eq!(step.cleared[0].cause, Clearing::Interrupted);

    let mut back = camera_with_incident();
    let step = back.step(&FrameInput::new(at(1.0), &people));
    assert_eq!(step.discontinuity, Some(Discontinuity::TimeWentBack));
    assert_eq!((step.cleared[0].cause, step.cleared[0].at), (Clearing::Interrupted, at(1.5)));

    let mut seam = camera_with_incident();
    let before = seam.step(&FrameInput::new(at(1.6), &people)).tracks[0].id;
    let step = seam.step(&FrameInput { discontinuity: true, ..FrameInput::new(at(1.7), &people) });
    assert_eq!((step.discontinuity, step.cleared.len()), (Some(Discontinuity::Declared), 1));
    assert!(step.tracks[0].id > before, "an id is not given twice");
}

#[test]
fn a_frame_at_the_same_time_is_passed_over() {
    let mut camera = camera_with_incident();
    let step = camera.step(&FrameInput::new(at(1.5), &[]));
    assert!(step.tracks[0].unseen_secs.abs() < f32::EPSILON && step.raised.is_empty());
}

#[test]
fn a_changed_zone_begins_anew_and_a_renamed_one_goes_on() {
    let mut camera = camera_with_incident();
    camera.set_zones(vec![Zone { name: "court".into(), dwell_secs: 5.0, ..zone() }]);
    let step = camera.step(&FrameInput::new(at(1.6), &[person(0.5, 0.7)]));
    assert!(step.cleared.is_empty() && matches!(step.zones[0].state, ZoneState::Incident { .. }));

    let corners = [(0.4, 0.5), (0.6, 0.5), (0.6, 0.95)].map(|(x, y)| Point { x, y });
    camera.set_zones(vec![Zone { polygon: Polygon::new(corners).unwrap(), ..zone() }]);
    let step = camera.step(&FrameInput::new(at(1.7), &[person(0.5, 0.7)]));
    assert_eq!(step.cleared[0].cause, Clearing::ZoneChanged);

    camera.set_zones(Vec::new());
    assert!(camera.step(&FrameInput::new(at(1.8), &[person(0.5, 0.7)])).zones.is_empty());
}

#[test]
fn nonsense_thresholds_are_put_right() {
    let odd = Zone { dwell_secs: f32::NAN, leave_margin: -1.0, clear_secs: 1e9, ..zone() };
    let mut camera = camera();
    camera.set_zones(vec![odd; CameraSettings::MAX_ZONES + 5]);
    assert_eq!(camera.zones().len(), CameraSettings::MAX_ZONES);
    let zone = camera.zones().next().unwrap();
    assert!((zone.dwell_secs - 1.0).abs() < f32::EPSILON && zone.leave_margin.abs() < f32::EPSILON);
    assert!((zone.clear_secs - 3600.0).abs() < f32::EPSILON);
}

#[test]
fn a_full_tracker_gives_up_what_it_has_not_seen_for_longest() {
    let settings = TrackerSettings { max_tracks: 2, ..TrackerSettings::default() };
    let mut tracker = Tracker::new(settings, 1.0);
    let ids = |tracker: &Tracker| tracker.tracks().iter().map(|track| track.id().0).collect::<Vec<_>>();
    for n in 0_u8..5 {
        tracker.step(at(f32::from(n) / 10.0), &[person(0.2, 0.5), person(0.5, 0.5)], &[]);
    }
    assert_eq!(ids(&tracker), [1, 2]);
    tracker.step(at(0.5), &[person(0.2, 0.5), person(0.5, 0.5), person(0.8, 0.5)], &[]);
    assert_eq!(ids(&tracker), [1, 2], "both are in sight, the third has to wait");
    tracker.step(at(0.6), &[person(0.5, 0.5), person(0.8, 0.5)], &[]);
    assert_eq!(tracker.tracks().len(), 2);
    assert!(ids(&tracker).contains(&3), "the one out of sight made room");
}

#[test]
fn groups_do_not_mix_and_two_names_for_one_vehicle_are_one() {
    let bbox = BBox { x0: 0.3, y0: 0.4, x1: 0.5, y1: 0.6 };
    let thing = |class_id, score| Detection { bbox, class_id, score };
    let mut tracker = Tracker::new(TrackerSettings::default(), 1.6);
    for n in 0_u8..5 {
        tracker.step(
            at(f32::from(n) / 5.0),
            &[thing(1, 0.6), thing(3, 0.7), thing(8, 0.6), thing(33, 0.5), thing(47, 0.9)],
            &[],
        );
    }
    let mut groups: Vec<_> = tracker.tracks().iter().map(vigie_engine::tracker::Track::group).collect();
    groups.sort();
    assert_eq!(groups, [ClassGroup::Person, ClassGroup::Vehicle, ClassGroup::Bag]);
}

#[test]
fn a_walker_keeps_the_track_through_gaps_of_a_third_of_a_second() {
    // Three frames a second, one in three missed: gaps of up to 0.7 s at one box height per second.
    let mut tracker = Tracker::new(TrackerSettings::default(), 1.6);
    for n in 0_u8..30 {
        let secs = f32::from(n) / 3.0;
        let seen = [person(0.05 + 0.15 / 1.6 * secs, 0.5)];
        tracker.step(at(secs), if n % 3 == 2 { &[] } else { &seen }, &[]);
    }
    assert_eq!(tracker.tracks().len(), 1);
    assert_eq!(tracker.tracks()[0].id().0, 1);
    let speed = tracker.tracks()[0].filter().velocity().x;
    assert!((speed - 0.15 / 1.6).abs() < 0.01, "{speed}");
}
