//! Polygons: what is accepted, what is refused and why, and what lies inside.

use vigie_engine::{BBox, Point, Polygon, PolygonError};

fn polygon(corners: &[(f32, f32)]) -> Result<Polygon, PolygonError> {
    Polygon::new(corners.iter().map(|&(x, y)| Point { x, y }))
}

fn point(x: f32, y: f32) -> Point {
    Point { x, y }
}

/// A notched square: a U that is open at the top.
fn letter_u() -> Polygon {
    polygon(&[(0.2, 0.2), (0.4, 0.2), (0.4, 0.6), (0.6, 0.6), (0.6, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8)])
        .expect("the U is simple")
}

#[test]
fn refusals_name_the_fault() {
    assert_eq!(polygon(&[]), Err(PolygonError::TooFewCorners { found: 0 }));
    assert_eq!(polygon(&[(0.1, 0.1), (0.5, 0.5)]), Err(PolygonError::TooFewCorners { found: 2 }));
    let with_nan = polygon(&[(0.1, 0.1), (f32::NAN, 0.5), (0.5, 0.9)]);
    assert_eq!(with_nan, Err(PolygonError::NotFinite { corner: 1 }));
    assert_eq!(
        polygon(&[(0.1, 0.1), (0.5, 0.1), (0.5, 1.2)]),
        Err(PolygonError::OutsidePicture { corner: 2 })
    );
    let bow_tie = polygon(&[(0.1, 0.1), (0.9, 0.9), (0.9, 0.1), (0.1, 0.9)]);
    assert_eq!(bow_tie, Err(PolygonError::CrossingEdges { first: 0, second: 2 }));
    let spike = polygon(&[(0.1, 0.1), (0.9, 0.1), (0.5, 0.1), (0.5, 0.9)]);
    assert_eq!(spike, Err(PolygonError::CrossingEdges { first: 0, second: 1 }));
    let touching = polygon(&[(0.1, 0.1), (0.5, 0.1), (0.5, 0.5), (0.3, 0.1), (0.1, 0.5)]);
    assert_eq!(touching, Err(PolygonError::CrossingEdges { first: 0, second: 2 }));
    let sliver = polygon(&[(0.1, 0.1), (0.11, 0.1), (0.1, 0.105)]);
    assert!(matches!(sliver, Err(PolygonError::TooSmall { .. })), "{sliver:?}");
    let circle = |corners: usize| {
        Polygon::new((0..corners).map(|n| {
            let (sin, cos) = (n as f32 / corners as f32 * std::f32::consts::TAU).sin_cos();
            point(0.5 + 0.4 * cos, 0.5 + 0.4 * sin)
        }))
    };
    assert!(circle(Polygon::MAX_CORNERS).is_ok());
    assert_eq!(circle(Polygon::MAX_CORNERS + 1), Err(PolygonError::TooManyCorners));
    let read: Result<Polygon, _> = serde_json::from_str(r#"[{"x":0.1,"y":0.1},{"x":0.5,"y":0.5}]"#);
    assert!(read.is_err(), "what comes from a file is checked as well");
}

#[test]
fn small_slips_of_the_hand_are_mended() {
    let mended =
        polygon(&[(-0.03, 0.5), (0.5, 0.5), (0.5, 0.5), (0.5, 1.04), (0.0, 1.0), (0.0, 0.5)]).unwrap();
    let corners = [point(0.0, 0.5), point(0.5, 0.5), point(0.5, 1.0), point(0.0, 1.0)];
    assert_eq!(mended.corners(), corners);
}

#[test]
fn inside_includes_the_edge_and_minds_the_notch() {
    let u = letter_u();
    for (x, y) in
        [(0.3, 0.3), (0.7, 0.3), (0.5, 0.7), (0.2, 0.2), (0.2, 0.5), (0.5, 0.6), (0.8, 0.8), (0.5, 0.8)]
    {
        assert!(u.contains(point(x, y)), "{x} {y}");
    }
    for (x, y) in [(0.5, 0.5), (0.5, 0.2), (0.1, 0.5), (0.9, 0.6), (0.5, 0.81), (0.9, 0.8), (0.1, 0.2)] {
        assert!(!u.contains(point(x, y)), "{x} {y}");
    }
    assert!((u.area() - 0.28).abs() < 1e-6);
}

#[test]
fn distance_is_in_shares_of_the_height() {
    let square = polygon(&[(0.2, 0.2), (0.4, 0.2), (0.4, 0.4), (0.2, 0.4)]).unwrap();
    assert!((square.distance_outside(point(0.5, 0.3), 2.0) - 0.2).abs() < 1e-6);
    assert!((square.distance_outside(point(0.3, 0.5), 2.0) - 0.1).abs() < 1e-6);
    assert!((square.distance_outside(point(0.415, 0.44), 2.0) - 0.05).abs() < 1e-6);
    assert!(square.distance_outside(point(0.3, 0.3), 2.0).abs() < f32::EPSILON);
}

#[test]
fn share_of_a_box_inside() {
    let u = letter_u();
    let share = |x0, y0, x1, y1| u.share_inside(&BBox { x0, y0, x1, y1 });
    assert!((share(0.25, 0.25, 0.35, 0.35) - 1.0).abs() < 1e-5);
    assert!(share(0.45, 0.3, 0.55, 0.5).abs() < 1e-5);
    assert!((share(0.3, 0.3, 0.7, 0.5) - 0.5).abs() < 1e-5);
    assert!((share(0.0, 0.0, 1.0, 1.0) - 0.28).abs() < 1e-5);
    assert!(share(0.5, 0.5, 0.5, 0.5).abs() < f32::EPSILON);
}
