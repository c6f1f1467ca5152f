//! Lines: whatever people do on one side of one is no crossing, whatever they do to get to the other side over it is one.

use proptest::prelude::*;
use vigie_engine::scene::{LineDirection, Rule, Tripwire};
use vigie_engine::signals::Why;
use vigie_engine::{
    BBox, CameraAnalysis, CameraSettings, Detection, FrameInput, Micros, Point, RaisedSignal,
};

const HEIGHT: f32 = 0.2;
const ASPECT: f32 = 1.6;

/// The line: from the left to the right edge's neighbourhood, so that left is above it.
fn settings(forbidden: LineDirection) -> CameraSettings {
    let id = "0192f000-0000-7000-8000-000000000011".parse().expect("a UUID");
    let line = Tripwire {
        forbidden,
        ..Tripwire::new(id, "line", Point { x: 0.2, y: 0.6 }, Point { x: 0.8, y: 0.6 })
    };
    CameraSettings { aspect: ASPECT, rules: vec![Rule::Line(line)], ..CameraSettings::default() }
}

fn person(foot: Point) -> Detection {
    let half = 0.2 * HEIGHT / ASPECT;
    let bbox = BBox { x0: foot.x - half, y0: foot.y - HEIGHT, x1: foot.x + half, y1: foot.y };
    Detection { bbox, class_id: 1, score: 0.7 }
}

/// Walks from one point to the next at a walker's pace and gives the signals.
fn walk(camera: &mut CameraAnalysis, way: &[Point], fps: f32) -> Vec<RaisedSignal> {
    let mut raised = Vec::new();
    let (mut at, pace) = (Micros(0), 0.75 * HEIGHT);
    for leg in way.windows(2) {
        let (dx, dy) = ((leg[1].x - leg[0].x) * ASPECT, leg[1].y - leg[0].y);
        let steps = ((dx * dx + dy * dy).sqrt() / pace * fps).ceil().max(1.0);
        for step in 0..steps as u32 {
            let share = step as f32 / steps;
            let foot = Point {
                x: leg[0].x + share * (leg[1].x - leg[0].x),
                y: leg[0].y + share * (leg[1].y - leg[0].y),
            };
            at = at.plus_secs(1.0 / fps);
            raised.extend_from_slice(camera.step(&FrameInput::new(at, &[person(foot)])).raised);
        }
    }
    raised
}

fn points(y: std::ops::Range<f32>) -> impl Strategy<Value = Vec<Point>> {
    prop::collection::vec((0.05_f32..0.95, y).prop_map(|(x, y)| Point { x, y }), 2..12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_way_on_one_side_is_no_crossing(above in points(0.25..0.58), below in points(0.62..0.98), fps in 3.0_f32..25.0) {
        for way in [above, below] {
            let mut camera = CameraAnalysis::new(settings(LineDirection::Both));
            prop_assert_eq!(walk(&mut camera, &way, fps), vec![]);
        }
    }

    #[test]
    fn a_way_over_it_is_one_crossing(
        above in points(0.3..0.5),
        below in points(0.7..0.95),
        x in 0.3_f32..0.7,
        fps in 3.0_f32..25.0,
        downwards in prop::bool::ANY,
    ) {
        let over = [Point { x, y: 0.5 }, Point { x, y: 0.7 }];
        let mut way: Vec<Point> = above.into_iter().chain(over).chain(below).collect();
        let (mut direction, mut opposite) = (LineDirection::LeftToRight, LineDirection::RightToLeft);
        if !downwards {
            way.reverse();
            std::mem::swap(&mut direction, &mut opposite);
        }
        let raised = walk(&mut CameraAnalysis::new(settings(LineDirection::Both)), &way, fps);
        prop_assert_eq!(raised.len(), 1);
        let Why::LineCrossing(reason) = &raised[0].why else { panic!("{raised:?}") };
        prop_assert_eq!(reason.direction, direction);
        prop_assert!((reason.place.x - x).abs() < 0.05 && (reason.place.y - 0.6).abs() < 1e-3, "{reason:?}");
        prop_assert!(reason.left <= reason.crossed && reason.crossed <= raised[0].at);
        prop_assert_eq!(walk(&mut CameraAnalysis::new(settings(direction)), &way, fps).len(), 1);
        prop_assert_eq!(walk(&mut CameraAnalysis::new(settings(opposite)), &way, fps).len(), 0);
    }

    #[test]
    fn round_the_end_is_no_crossing(below in points(0.7..0.95), above in points(0.3..0.5), fps in 3.0_f32..25.0) {
        let end = [Point { x: 0.9, y: 0.7 }, Point { x: 0.9, y: 0.5 }];
        let way: Vec<Point> = below.into_iter().chain(end).chain(above).collect();
        prop_assert_eq!(walk(&mut CameraAnalysis::new(settings(LineDirection::Both)), &way, fps), vec![]);
    }
}
