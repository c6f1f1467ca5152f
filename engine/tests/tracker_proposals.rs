//! The second source of boxes: what moves, whatever it is.

use vigie_engine::motion::Proposal;
use vigie_engine::tracker::{Source, Track, TrackId, Tracker, TrackerSettings};
use vigie_engine::{BBox, ClassGroup, Detection, Micros};

const FPS: f32 = 10.0;

fn at(frame: u32) -> Micros {
    Micros(0).plus_secs(frame as f32 / FPS)
}

fn tracker() -> Tracker {
    Tracker::new(TrackerSettings::default(), 16.0 / 9.0)
}

fn bbox(x0: f32, y0: f32, width: f32, height: f32) -> BBox {
    BBox { x0, y0, x1: x0 + width, y1: y0 + height }
}

/// A walker who goes to the right, a tenth of the picture in two seconds.
fn walker(frame: u32) -> BBox {
    bbox(0.2 + 0.005 * frame as f32, 0.4, 0.05, 0.25)
}

fn person(bbox: BBox) -> Detection {
    Detection { bbox, class_id: 1, score: 0.8 }
}

fn moves(bbox: BBox) -> Proposal {
    Proposal { bbox, strength: 0.9, flow_x: 0.0, flow_y: 0.0, still_secs: 0.0, newness: 0.0 }
}

fn only(tracker: &Tracker) -> &Track {
    let [track] = tracker.tracks() else { panic!("one track: {:?}", tracker.tracks()) };
    track
}

#[test]
fn a_person_whom_the_detector_loses_goes_on_as_what_moves() {
    let mut tracker = tracker();
    for frame in 0..10 {
        tracker.step(at(frame), &[person(walker(frame))], &[moves(walker(frame))]);
    }
    let id = only(&tracker).id();
    for frame in 10..100 {
        tracker.step(at(frame), &[], &[moves(walker(frame))]);
        let track = only(&tracker);
        assert_eq!((track.id(), track.group(), track.source()), (id, ClassGroup::Person, Source::Proposal));
        assert!(track.last_seen() == at(frame) && track.bbox().iou(&walker(frame)) > 0.6);
        assert_eq!(track.last_detected(), Some(at(9)));
    }
    tracker.step(at(100), &[person(walker(100))], &[]);
    assert_eq!((only(&tracker).id(), only(&tracker).source()), (id, Source::Detection));
}

#[test]
fn somebody_who_falls_out_of_the_detectors_sight_is_followed_down() {
    let mut tracker = tracker();
    let standing = |frame: u32| bbox(0.2 + 0.004 * frame as f32, 0.4, 0.06, 0.3);
    for frame in 0..15 {
        tracker.step(at(frame), &[person(standing(frame))], &[]);
    }
    let id = only(&tracker).id();
    // Down within 0.8 seconds: from 0.06 × 0.3 to 0.2 × 0.09 with the feet in place; then still.
    for frame in 15..60 {
        let share = ((frame - 14) as f32 / 8.0).min(1.0);
        let (width, height) = (0.06 + 0.14 * share, 0.3 - 0.21 * share);
        let down = bbox(0.26, 0.7 - height, width, height);
        tracker.step(at(frame), &[], &[moves(down)]);
    }
    let track = only(&tracker);
    assert!(track.id() == id && track.group() == ClassGroup::Person && track.last_seen() == at(59));
    assert!(track.observed().width() > track.observed().height(), "its posture can be read");
    let upright = track.sightings().iter().find(|s| s.source == Source::Detection).expect("4.5 seconds back");
    assert!(upright.bbox.height() > upright.bbox.width());
}

#[test]
fn what_has_no_name_is_a_moving_object_until_the_detector_agrees() {
    let mut tracker = tracker();
    for frame in 0..20 {
        tracker.step(at(frame), &[], &[moves(walker(frame))]);
    }
    let id = only(&tracker).id();
    assert!(only(&tracker).is_confirmed() && only(&tracker).group() == ClassGroup::MovingObject);
    assert_eq!(only(&tracker).last_detected(), None);
    let car = |frame| Detection { bbox: walker(frame), class_id: 3, score: 0.7 };
    // A single detection may be a mistake.
    tracker.step(at(20), &[car(20)], &[moves(walker(20))]);
    assert_eq!(only(&tracker).group(), ClassGroup::MovingObject);
    for frame in 21..30 {
        tracker.step(at(frame), &[car(frame)], &[moves(walker(frame))]);
    }
    assert_eq!((only(&tracker).id(), only(&tracker).group()), (id, ClassGroup::Vehicle));
}

#[test]
fn no_doubles_beside_the_detectors_tracks() {
    let mut tracker = tracker();
    for frame in 0..40 {
        let whole = walker(frame);
        let legs = BBox { y0: whole.y1 - 0.12, ..whole };
        let shadow_too = BBox { x1: whole.x1 + 0.06, ..whole };
        // What moves is found first, then the person.
        let detections: &[Detection] = if frame < 6 { &[] } else { &[person(whole)] };
        tracker.step(at(frame), detections, &[moves(if frame % 2 == 0 { legs } else { shadow_too })]);
    }
    assert_eq!(only(&tracker).group(), ClassGroup::Person);
}

#[test]
fn two_who_meet_in_one_blob_keep_their_tracks() {
    let mut tracker = tracker();
    // They walk towards each other, pass between frames 30 and 50 unseen by the detector, and walk on.
    let left = |frame: u32| bbox(0.2 + 0.005 * frame as f32, 0.4, 0.05, 0.25);
    let right = |frame: u32| bbox(0.6 - 0.005 * frame as f32, 0.42, 0.05, 0.25);
    let mut ids: Option<(TrackId, TrackId)> = None;
    for frame in 0..80 {
        let (a, b) = (left(frame), right(frame));
        let together = BBox { x0: a.x0.min(b.x0), y0: a.y0, x1: a.x1.max(b.x1), y1: b.y1 };
        if (34..46).contains(&frame) {
            tracker.step(at(frame), &[], &[moves(together)]);
        } else {
            tracker.step(at(frame), &[person(a), person(b)], &[moves(a), moves(b)]);
        }
        let nearest = |to: &BBox| {
            let tracks = tracker.tracks().iter().max_by(|x, y| x.bbox().iou(to).total_cmp(&y.bbox().iou(to)));
            tracks.expect("a track").id()
        };
        assert_eq!(tracker.tracks().len(), 2, "frame {frame}: {:?}", tracker.tracks());
        if frame == 20 {
            ids = Some((nearest(&a), nearest(&b)));
        }
        if frame == 79 {
            assert_eq!(ids, Some((nearest(&a), nearest(&b))));
        }
    }
}

#[test]
fn a_mistake_of_the_detector_is_not_confirmed_by_what_moves_there() {
    let mut tracker = tracker();
    tracker.step(at(0), &[person(walker(0))], &[]);
    for frame in 1..30 {
        tracker.step(at(frame), &[], &[moves(walker(frame))]);
    }
    assert!(tracker.tracks().iter().all(|track| track.group() == ClassGroup::MovingObject));
}

#[test]
fn what_stopped_moving_is_forgotten() {
    let mut tracker = tracker();
    for frame in 0..20 {
        tracker.step(at(frame), &[], &[moves(walker(frame))]);
    }
    for frame in 20..60 {
        tracker.step(at(frame), &[], &[]);
    }
    assert!(tracker.tracks().is_empty());
}

#[test]
fn a_car_that_drives_into_view_is_followed_though_the_detector_names_it_but_once() {
    let mut tracker = tracker();
    // From the upper edge down, as fast as it grows; the detector is fairly sure once and hardly ever again.
    let seen = |frame: u32| bbox(0.3, 0.0, 0.2, 0.1 + 0.05 * frame as f32);
    for frame in 0..14 {
        let score = match frame {
            3 => 0.42,
            4..8 => 0.2,
            _ => 0.05,
        };
        tracker.step(
            at(frame),
            &[Detection { bbox: seen(frame), class_id: 3, score }],
            &[moves(seen(frame))],
        );
    }
    let track = only(&tracker);
    assert!(track.is_confirmed() && track.id() == TrackId(1), "{track:?}");
    assert!(track.bbox().iou(&seen(13)) > 0.7, "{:?} for {:?}", track.bbox(), seen(13));
}
