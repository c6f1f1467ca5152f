//! Every fault of a camera's settings is found, and a good camera has none.

use vigie_engine::scene::{
    Area, CameraSettings, DirectionZone, GroundError, GroundPoint, GroundSettings, Rule, SceneFault,
    Tripwire, check,
};
use vigie_engine::{Point, Polygon, Zone};
use vigie_protocol::ZoneId;

fn point(x: f32, y: f32) -> Point {
    Point { x, y }
}

fn id() -> ZoneId {
    "0192f000-0000-7000-8000-000000000001".parse().expect("a UUID")
}

fn square(x0: f32, y0: f32, x1: f32, y1: f32) -> Polygon {
    Polygon::new([point(x0, y0), point(x1, y0), point(x1, y1), point(x0, y1)]).expect("a square is simple")
}

/// A camera whose horizon is at a fifth of the picture: 4 m wide at the bottom, 12 m at the top of the calibration.
fn camera() -> CameraSettings {
    let corner = |x, y, mx, my| GroundPoint { image: point(x, y), metres: point(mx, my) };
    let ground = GroundSettings::Points(vec![
        corner(0.1, 1.0, 0.0, 0.0),
        corner(0.9, 1.0, 4.0, 0.0),
        corner(0.1 + 0.8 / 3.0, 0.4666, 0.0, 10.0),
        corner(0.9 - 0.8 / 3.0, 0.4666, 4.0, 10.0),
    ]);
    CameraSettings { ground: Some(ground), ..CameraSettings::default() }
}

fn faults(settings: &CameraSettings) -> Vec<SceneFault> {
    check(settings, (1280, 720)).into_iter().map(|problem| problem.fault).collect()
}

fn with_zone(polygon: Polygon) -> CameraSettings {
    CameraSettings { zones: vec![Zone::new(id(), "gate", polygon)], ..camera() }
}

fn with_rule(rule: Rule) -> CameraSettings {
    CameraSettings { rules: vec![rule], ..camera() }
}

fn arrow(direction: Point) -> DirectionZone {
    DirectionZone::new(
        Area { id: id(), name: "road".to_owned(), polygon: square(0.3, 0.6, 0.7, 0.9) },
        direction,
    )
}

#[test]
fn a_good_camera_has_no_fault() {
    let mut settings = with_zone(square(0.3, 0.6, 0.7, 0.9));
    settings.rules.push(Rule::Line(Tripwire::new(id(), "door", point(0.3, 0.7), point(0.6, 0.7))));
    settings.rules.push(Rule::WrongWay(arrow(point(0.0, 1.0))));
    assert_eq!(faults(&settings), []);
    settings.ground = None;
    assert_eq!(faults(&settings), []);
}

#[test]
fn zones_in_the_sky_and_far_away_are_told() {
    let sky = faults(&with_zone(square(0.3, 0.1, 0.7, 0.9)));
    assert!(sky.contains(&SceneFault::HorizonInside), "{sky:?}");
    let far = faults(&with_zone(square(0.45, 0.23, 0.55, 0.5)));
    assert!(
        far.iter().any(|fault| matches!(fault, SceneFault::FewPixels { person_px, .. } if *person_px < 30.0)),
        "{far:?}"
    );
    assert!(far.iter().all(|fault| !fault.stops()));
    let problem = &check(&with_zone(square(0.3, 0.1, 0.7, 0.9)), (1280, 720))[0];
    assert_eq!(
        problem.to_string(),
        "gate: part of it lies at the horizon or in the sky: draw it on the ground"
    );
    let json = serde_json::to_value(problem).unwrap();
    assert_eq!(json["code"], "horizon_inside");
    assert_eq!(json["name"], "gate");
}

#[test]
fn a_bad_calibration_is_told_once() {
    let mut settings = with_zone(square(0.3, 0.1, 0.7, 0.9));
    settings.ground = Some(GroundSettings::Points(Vec::new()));
    let expected = SceneFault::Calibration { error: GroundError::TooFewPoints { found: 0 } };
    assert_eq!(faults(&settings), [expected]);
    let json = serde_json::to_value(check(&settings, (1280, 720))).unwrap();
    assert_eq!(json[0]["code"], "calibration");
    assert_eq!(json[0]["error"]["code"], "too_few_points");
}

#[test]
fn lines_that_cannot_work_are_told() {
    let line = |from, to| Rule::Line(Tripwire::new(id(), "door", from, to));
    let short = with_rule(line(point(0.5, 0.7), point(0.51, 0.7)));
    assert_eq!(faults(&short), [SceneFault::LineTooShort]);
    let nothing = CameraSettings { ground: None, ..with_rule(line(point(0.5, 0.7), point(0.5, 0.7))) };
    assert_eq!(faults(&nothing), [SceneFault::LineTooShort]);
    let outside = with_rule(line(point(0.5, 0.7), point(f32::NAN, 0.7)));
    assert_eq!(faults(&outside), [SceneFault::LineOutside]);
    let nobody = Tripwire {
        persons: false,
        vehicles: false,
        ..Tripwire::new(id(), "door", point(0.3, 0.7), point(0.6, 0.7))
    };
    assert_eq!(faults(&with_rule(Rule::Line(nobody))), [SceneFault::NobodyMeant]);
}

#[test]
fn directions_that_cannot_work_are_told() {
    let told = |zone: DirectionZone| faults(&with_rule(Rule::WrongWay(zone)));
    assert_eq!(told(arrow(point(0.0, 0.0))), [SceneFault::ArrowWithoutLength]);
    assert_eq!(told(DirectionZone { direction: None, ..arrow(point(0.0, 1.0)) }), [SceneFault::NoDirection]);
    assert_eq!(told(DirectionZone { direction: None, learn: true, ..arrow(point(0.0, 1.0)) }), []);
    let both = DirectionZone { also: vec![point(0.0, -2.0)], ..arrow(point(0.0, 1.0)) };
    assert_eq!(told(both), [SceneFault::EveryWayAllowed]);
    let junction = DirectionZone { also: vec![point(1.0, 0.0)], ..arrow(point(0.0, 1.0)) };
    assert_eq!(told(junction), []);
}
