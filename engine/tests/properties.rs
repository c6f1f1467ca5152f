//! What must hold for any input.

use proptest::prelude::*;
use std::collections::BTreeSet;
use vigie_engine::motion::Proposal;
use vigie_engine::tracker::{BoxFilter, Tracker, TrackerSettings};
use vigie_engine::{
    BBox, CameraAnalysis, CameraSettings, Detection, FrameInput, Micros, Point, Polygon, Zone,
};
use vigie_protocol::ZoneId;

/// Numbers that a broken worker could send, among ordinary ones.
fn coordinate() -> impl Strategy<Value = f32> {
    prop_oneof![
        20 => 0.0_f32..1.0,
        2 => -2.0_f32..3.0,
        1 => prop_oneof![Just(f32::NAN), Just(f32::INFINITY), Just(f32::NEG_INFINITY), Just(1e30), Just(-0.0)],
    ]
}

fn any_box() -> impl Strategy<Value = BBox> {
    let sides = prop_oneof![10 => 0.01_f32..0.4, 1 => coordinate()];
    (coordinate(), coordinate(), sides.clone(), sides).prop_map(|(x, y, width, height)| BBox {
        x0: x,
        y0: y,
        x1: x + width,
        y1: y + height,
    })
}

fn any_detection() -> impl Strategy<Value = Detection> {
    (any_box(), 0_u8..40, coordinate()).prop_map(|(bbox, class_id, score)| Detection {
        bbox,
        class_id,
        score,
    })
}

fn any_proposal() -> impl Strategy<Value = Proposal> {
    (any_box(), coordinate(), prop_oneof![4 => Just(0.0), 1 => coordinate()]).prop_map(
        |(bbox, strength, still_secs)| Proposal {
            bbox,
            strength,
            flow_x: 0.0,
            flow_y: 0.0,
            still_secs,
            newness: 0.0,
        },
    )
}

/// Frames: seconds since the last one, boxes, discontinuity.
fn any_frames() -> impl Strategy<Value = Vec<(f32, Vec<Detection>, bool)>> {
    let pause = prop_oneof![20 => 0.0_f32..0.5, 1 => -5.0_f32..60.0];
    let frame = (pause, prop::collection::vec(any_detection(), 0..24), prop::bool::weighted(0.05));
    prop::collection::vec(frame, 1..40)
}

fn square(x0: f32, y0: f32, x1: f32, y1: f32) -> Polygon {
    let corners = [(x0, y0), (x1, y0), (x1, y1), (x0, y1)];
    Polygon::new(corners.map(|(x, y)| Point { x, y })).expect("a square is simple")
}

fn settings() -> CameraSettings {
    let zone = |n: &str, polygon| {
        let id: ZoneId = format!("0192f000-0000-7000-8000-00000000000{n}").parse().expect("a UUID");
        Zone { dwell_secs: 0.3, ..Zone::new(id, n, polygon) }
    };
    let zones = vec![zone("1", square(0.0, 0.0, 0.6, 0.6)), zone("2", square(0.4, 0.3, 1.0, 1.0))];
    CameraSettings { zones, ..CameraSettings::default() }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn tracks_stay_sound_few_and_unique(
        frames in any_frames(),
        moving in prop::collection::vec(prop::collection::vec(any_proposal(), 0..8), 40),
        max_tracks in 0_usize..30,
    ) {
        let mut backwards = Tracker::new(TrackerSettings { max_tracks, ..TrackerSettings::default() }, 1.6);
        let mut tracker = Tracker::new(TrackerSettings { max_tracks, ..TrackerSettings::default() }, 1.6);
        let (mut at, mut newest) = (Micros(0), 0);
        for ((pause, mut detections, restart), mut proposals) in frames.into_iter().zip(moving) {
            if restart {
                tracker.reset();
                backwards.reset();
            }
            at = at.plus_secs(pause.max(0.0));
            tracker.step(at, &detections, &proposals);
            detections.reverse();
            proposals.reverse();
            backwards.step(at, &detections, &proposals);
            prop_assert_eq!(tracker.tracks(), backwards.tracks());
            prop_assert!(tracker.tracks().len() <= max_tracks);
            let ids: Vec<u64> = tracker.tracks().iter().map(|track| track.id().0).collect();
            prop_assert!(ids.windows(2).all(|pair| pair[0] < pair[1]), "ids are unique and sorted: {ids:?}");
            for track in tracker.tracks() {
                // An id once used never comes back: it is either one that was there or higher than all before.
                prop_assert!(track.born() == at || track.id().0 <= newest);
                prop_assert!(track.bbox().is_valid(), "{track:?}");
                let times: Vec<Micros> = track.sightings().iter().map(|sighting| sighting.at).collect();
                prop_assert!(times[0] == track.last_seen() && times.windows(2).all(|pair| pair[0] >= pair[1]));
                for axis in track.filter().axes() {
                    prop_assert!(axis.is_sound(), "{axis:?}");
                }
            }
            newest = newest.max(ids.last().copied().unwrap_or(0));
        }
    }

    #[test]
    fn the_filter_stays_positive_definite(
        start in (0.0_f32..0.9, 0.0_f32..0.9, 0.002_f32..0.5, 0.002_f32..0.9),
        steps in prop::collection::vec((0.0_f32..3.0, prop::option::of((0.0_f32..1.0, 0.0_f32..1.0, 0.002_f32..0.9, 0.0_f32..1.0))), 1..200),
    ) {
        let (x, y, width, height) = start;
        let mut filter = BoxFilter::begin(&BBox { x0: x, y0: y, x1: x + width, y1: y + height }, 1.7);
        for (dt_secs, measured) in steps {
            filter.predict(dt_secs, 1.7);
            if let Some((x, y, height, score)) = measured {
                filter.correct(&BBox { x0: x, y0: y, x1: x + 0.4 * height, y1: y + height }, score, 1.7);
            }
            for axis in filter.axes() {
                prop_assert!(axis.is_sound(), "{axis:?}");
            }
        }
    }

    #[test]
    fn the_analysis_takes_anything(frames in any_frames()) {
        let mut camera = CameraAnalysis::new(settings());
        let mut shuffled = CameraAnalysis::new(settings());
        let mut at = Micros(0);
        let (mut raised, mut cleared) = (BTreeSet::new(), BTreeSet::new());
        for (pause, mut detections, discontinuity) in frames {
            at = at.plus_secs(pause);
            // Somebody who stands where the zones overlap, so that there is something to raise.
            let bbox = BBox { x0: 0.48, y0: 0.35, x1: 0.53, y1: 0.5 };
            detections.push(Detection { bbox, class_id: 1, score: 0.7 });
            let step = camera.step(&FrameInput { discontinuity, ..FrameInput::new(at, &detections) });
            for signal in step.raised {
                prop_assert!(raised.insert(signal.incident), "an incident raises one signal");
                prop_assert!((0.0..=1.0).contains(&signal.score) && signal.since <= signal.at);
                prop_assert!(signal.dwell_secs >= 0.3 && signal.count > 0);
            }
            for incident in step.cleared {
                prop_assert!(raised.contains(&incident.incident) && cleared.insert(incident.incident));
                prop_assert!(incident.people > 0);
            }
            prop_assert!(raised.len() - cleared.len() <= 2, "at most one open incident per zone");
            let forwards = serde_json::to_string(&step).unwrap();
            // A number that is none becomes null; the only null that is meant is the discontinuity that was not.
            let nulls = usize::from(step.discontinuity.is_none());
            prop_assert_eq!(forwards.matches(":null").count(), nulls, "no number is lost: {}", &forwards);
            detections.reverse();
            let backwards = serde_json::to_string(&shuffled.step(&FrameInput { discontinuity, ..FrameInput::new(at, &detections) })).unwrap();
            prop_assert_eq!(forwards, backwards);
        }
    }

    #[test]
    fn a_polygon_is_what_it_says(corners in prop::collection::vec((-0.1_f32..1.1, -0.1_f32..1.1), 0..8)) {
        let corners = corners.into_iter().map(|(x, y)| Point { x, y });
        if let Ok(polygon) = Polygon::new(corners) {
            let whole = BBox { x0: 0.0, y0: 0.0, x1: 1.0, y1: 1.0 };
            prop_assert!(polygon.area() >= Polygon::MIN_AREA);
            prop_assert!((polygon.share_inside(&whole) - polygon.area()).abs() < 1e-4);
            for corner in polygon.corners() {
                prop_assert!(polygon.contains(*corner) && polygon.distance_outside(*corner, 1.7) == 0.0);
            }
            let text = serde_json::to_string(&polygon).unwrap();
            prop_assert_eq!(serde_json::from_str::<Polygon>(&text).unwrap(), polygon);
        }
    }

    #[test]
    fn inside_does_not_depend_on_where_drawing_began(
        angles in prop::collection::btree_set(0_u16..360, 3..12),
        radii in prop::collection::vec(0.15_f32..0.45, 12),
        shift in 0_usize..12,
        points in prop::collection::vec((0.0_f32..1.0, 0.0_f32..1.0), 20),
    ) {
        // A star around the middle: simple, and concave more often than not.
        let star: Vec<Point> = angles.iter().zip(&radii).map(|(angle, radius)| {
            let (sin, cos) = f32::from(*angle).to_radians().sin_cos();
            Point { x: 0.5 + radius * cos, y: 0.5 + radius * sin }
        }).collect();
        let mut turned = star.clone();
        turned.rotate_left(shift % star.len());
        turned.reverse();
        if let (Ok(polygon), Ok(turned)) = (Polygon::new(star), Polygon::new(turned)) {
            for (x, y) in points {
                let point = Point { x, y };
                // On the very edge, rounding may tell them apart.
                let far = polygon.distance_outside(point, 1.0) > 1e-5;
                prop_assert!(!far || !turned.contains(point));
                let dot = BBox { x0: x - 1e-4, y0: y - 1e-4, x1: x + 1e-4, y1: y + 1e-4 };
                let share = polygon.share_inside(&dot);
                if share > 0.999 {
                    prop_assert!(polygon.contains(point));
                } else if share < 0.001 {
                    prop_assert!(!polygon.contains(point));
                }
            }
        }
    }
}
