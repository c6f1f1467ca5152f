use super::{Crossing, Kind, Limit, Point, Problem, Shape, ZoneEditor, arrow_in};
use vigie_engine::PolygonError;

const REACH: Point = Point { x: 0.02, y: 0.03 };

fn p(x: f32, y: f32) -> Point {
    Point { x, y }
}

fn tap(editor: &mut ZoneEditor, x: f32, y: f32) {
    editor.press(p(x, y), REACH);
    editor.release(p(x, y));
}

fn triangle() -> ZoneEditor {
    let mut editor = ZoneEditor::blank(Kind::Forbidden, "Gate".into());
    tap(&mut editor, 0.2, 0.2);
    tap(&mut editor, 0.8, 0.2);
    tap(&mut editor, 0.5, 0.8);
    editor
}

#[test]
fn taps_add_corners_and_a_tap_on_the_first_closes() {
    let mut editor = triangle();
    assert_eq!(editor.corners.len(), 3);
    assert!(!editor.closed);
    tap(&mut editor, 0.205, 0.21);
    assert!(editor.closed);
    assert_eq!(editor.corners.len(), 3);
    tap(&mut editor, 0.5, 0.4);
    assert_eq!(editor.corners.len(), 3, "a closed outline takes no further corner");
    let drawn = editor.check().unwrap();
    let Shape::Forbidden { polygon, dwell_secs } = drawn.shape else { panic!("{drawn:?}") };
    assert_eq!((drawn.name.as_str(), dwell_secs, polygon.len()), ("Gate", 2.0, 3));
}

#[test]
fn a_drag_from_nothing_makes_a_rectangle() {
    let mut editor = ZoneEditor::blank(Kind::Forbidden, "Gate".into());
    editor.press(p(0.1, 0.1), REACH);
    editor.drag(p(0.3, 0.3), REACH);
    editor.drag(p(0.5, 0.6), REACH);
    editor.release(p(0.5, 0.6));
    assert!(editor.closed);
    assert_eq!(editor.corners, [p(0.1, 0.1), p(0.5, 0.1), p(0.5, 0.6), p(0.1, 0.6)]);
    editor.undo();
    assert!(editor.corners.is_empty() && !editor.closed);
}

#[test]
fn corners_move_and_stay_on_the_picture() {
    let mut editor = triangle();
    editor.close();
    editor.press(p(0.8, 0.2), REACH);
    editor.drag(p(1.2, 0.1), REACH);
    editor.release(p(1.2, 0.1));
    assert_eq!(editor.corners[1], p(1.0, 0.1));
    editor.undo();
    assert_eq!(editor.corners[1], p(0.8, 0.2));
}

#[test]
fn undo_takes_back_one_corner_after_the_other() {
    let mut editor = triangle();
    editor.undo();
    assert_eq!(editor.corners.len(), 2);
    assert_eq!(editor.check(), Err(Problem::Shape(PolygonError::TooFewCorners { found: 2 })));
    editor.undo();
    editor.undo();
    editor.undo();
    assert!(editor.corners.is_empty() && !editor.can_undo());
}

#[test]
fn a_step_taken_back_under_the_pointer_is_over() {
    let mut editor = ZoneEditor::blank(Kind::Forbidden, "Gate".into());
    editor.press(p(0.1, 0.1), REACH);
    editor.drag(p(0.3, 0.3), REACH);
    editor.undo();
    editor.drag(p(0.5, 0.6), REACH);
    editor.release(p(0.5, 0.6));
    assert!(editor.corners.is_empty() && !editor.closed && !editor.can_undo());

    let mut editor = triangle();
    editor.press(p(0.8, 0.2), REACH);
    editor.drag(p(0.9, 0.3), REACH);
    editor.undo();
    editor.drag(p(0.95, 0.4), REACH);
    editor.release(p(0.95, 0.4));
    assert_eq!(editor.corners[1], p(0.8, 0.2));
    editor.undo();
    assert_eq!(editor.corners.len(), 2, "the steps before are still there");
}

#[test]
fn an_interrupted_rectangle_leaves_nothing() {
    let mut editor = ZoneEditor::blank(Kind::Forbidden, "Gate".into());
    editor.press(p(0.1, 0.1), REACH);
    editor.drag(p(0.3, 0.3), REACH);
    editor.interrupt();
    assert!(editor.corners.is_empty() && !editor.can_undo());
}

#[test]
fn what_cannot_be_saved_is_named() {
    let mut editor = triangle();
    editor.name = "  ".into();
    assert_eq!(editor.check(), Err(Problem::NoName));
    editor.name = "Gate".into();
    for bad in ["", "soon", "-1", "NaN", "99999"] {
        editor.dwell = bad.into();
        assert_eq!(editor.check(), Err(Problem::BadDwell), "{bad}");
    }
    editor.dwell = "1,5".into();
    assert!(matches!(editor.check().unwrap().shape, Shape::Forbidden { dwell_secs: 1.5, .. }));
    tap(&mut editor, 0.9, 0.9);
    tap(&mut editor, 0.5, 0.05);
    assert!(matches!(editor.check(), Err(Problem::Shape(PolygonError::CrossingEdges { .. }))));
}

#[test]
fn an_interrupted_press_adds_nothing() {
    let mut editor = ZoneEditor::blank(Kind::Forbidden, "Gate".into());
    editor.press(p(0.4, 0.4), REACH);
    editor.interrupt();
    editor.release(p(0.4, 0.4));
    assert!(editor.corners.is_empty());
}

#[test]
fn two_taps_or_one_drag_make_a_line() {
    let mut tapped = ZoneEditor::blank(Kind::Line, "Line".into());
    tap(&mut tapped, 0.2, 0.2);
    assert_eq!(tapped.check(), Err(Problem::FewPoints { left: 1 }));
    tap(&mut tapped, 0.8, 0.6);
    tap(&mut tapped, 0.5, 0.9);
    let mut dragged = ZoneEditor::blank(Kind::Line, "Line".into());
    dragged.press(p(0.2, 0.2), REACH);
    dragged.drag(p(0.5, 0.5), REACH);
    dragged.drag(p(0.8, 0.6), REACH);
    dragged.release(p(0.8, 0.6));
    for editor in [&tapped, &dragged] {
        let shape = Shape::Line { from: p(0.2, 0.2), to: p(0.8, 0.6), crossing: Crossing::Both };
        assert_eq!(editor.check().unwrap().shape, shape, "a line takes no third point");
    }
    tapped.press(p(0.8, 0.6), REACH);
    tapped.drag(p(0.21, 0.21), REACH);
    tapped.release(p(0.21, 0.21));
    assert_eq!(tapped.check(), Err(Problem::ShortLine));
}

#[test]
fn a_press_on_the_middle_of_a_line_switches_its_side() {
    let mut editor = ZoneEditor::blank(Kind::Line, "Line".into());
    tap(&mut editor, 0.2, 0.2);
    tap(&mut editor, 0.8, 0.6);
    tap(&mut editor, 0.5, 0.4);
    assert_eq!(editor.crossing, Crossing::ToRight);
    editor.turn(1);
    assert_eq!(editor.crossing, Crossing::ToLeft);
    editor.turn(-1);
    assert_eq!(editor.crossing, Crossing::ToRight);
    editor.undo();
    editor.undo();
    editor.undo();
    assert_eq!((editor.crossing, editor.corners.len()), (Crossing::Both, 2));
}

fn direction_zone() -> ZoneEditor {
    let mut editor = ZoneEditor::blank(Kind::Direction, "Way".into());
    editor.press(p(0.2, 0.2), REACH);
    editor.drag(p(0.8, 0.8), REACH);
    editor.release(p(0.8, 0.8));
    editor
}

#[test]
fn a_direction_is_dragged_on_the_picture() {
    let mut editor = direction_zone();
    assert_eq!(editor.check(), Err(Problem::NoDirection));
    tap(&mut editor, 0.5, 0.5);
    assert_eq!(editor.arrow, None, "a tap is no direction");
    editor.press(p(0.4, 0.5), REACH);
    editor.drag(p(0.5, 0.5), REACH);
    editor.drag(p(0.6, 0.4), REACH);
    editor.release(p(0.6, 0.4));
    let Shape::Direction { direction: Some(direction), .. } = editor.check().unwrap().shape else {
        panic!("{editor:?}")
    };
    assert!((direction.x - 0.2).abs() < 1e-6 && (direction.y + 0.1).abs() < 1e-6, "{direction:?}");
    // Its ends and the corners move on.
    editor.press(p(0.6, 0.4), REACH);
    editor.drag(p(0.6, 0.6), REACH);
    editor.release(p(0.6, 0.6));
    assert_eq!(editor.arrow, Some([p(0.4, 0.5), p(0.6, 0.6)]));
    editor.press(p(0.2, 0.2), REACH);
    editor.drag(p(0.1, 0.1), REACH);
    editor.release(p(0.1, 0.1));
    assert_eq!(editor.corners[0], p(0.1, 0.1));
    editor.undo();
    editor.undo();
    assert_eq!(editor.arrow, Some([p(0.4, 0.5), p(0.6, 0.4)]));
    editor.undo();
    assert_eq!((editor.arrow, editor.closed), (None, true));
}

#[test]
fn keys_turn_a_direction() {
    let mut editor = direction_zone();
    editor.turn(1);
    let [tail, tip] = editor.arrow.unwrap();
    assert!(tip.x > tail.x && (tip.y - tail.y).abs() < 1e-6, "to the right at first");
    for _ in 0..6 {
        editor.turn(1);
    }
    let [tail, tip] = editor.arrow.unwrap();
    assert!(tip.y > tail.y && (tip.x - tail.x).abs() < 1e-4, "a quarter turn clockwise is down");
    let saved = editor.check().unwrap().shape;
    let Shape::Direction { direction: Some(direction), polygon } = &saved else { panic!("{saved:?}") };
    let again = arrow_in(polygon, *direction);
    assert!((again[1].y - tip.y).abs() < 1e-4, "it comes back where it was");
}

#[test]
fn a_limit_is_a_number_that_can_be_reached() {
    let mut editor = triangle();
    editor.become_kind(Kind::Density, "Density 1".into());
    assert_eq!(editor.name, "Density 1", "nobody has given it a name");
    for bad in ["", "many", "0", "-1", "11", "NaN"] {
        editor.limit = bad.into();
        assert_eq!(editor.check(), Err(Problem::BadLimit), "{bad}");
    }
    editor.limit = "3,5".into();
    assert!(matches!(editor.check().unwrap().shape, Shape::Density { limit: Limit::PerM2(3.5), .. }));
    editor.in_persons = true;
    for bad in ["", "3,5", "0", "-1", "10001"] {
        editor.limit = bad.into();
        assert_eq!(editor.check(), Err(Problem::BadPersons), "{bad}");
    }
    editor.limit = "120".into();
    assert!(matches!(editor.check().unwrap().shape, Shape::Density { limit: Limit::Persons(120), .. }));
}

#[test]
fn another_kind_keeps_what_fits_and_can_be_taken_back() {
    let mut editor = triangle();
    editor.name = "Quai".into();
    editor.close();
    editor.become_kind(Kind::Line, "Line 1".into());
    assert_eq!((editor.corners.len(), editor.closed, editor.name.as_str()), (2, true, "Quai"));
    editor.undo();
    assert_eq!((editor.kind, editor.corners.len(), editor.closed), (Kind::Forbidden, 3, true));
    editor.become_kind(Kind::Line, String::new());
    editor.become_kind(Kind::Direction, String::new());
    assert!(!editor.closed && editor.corners.len() == 2);
    let view = super::ZoneView {
        id: vigie_protocol::ZoneId(uuid::Uuid::nil()),
        name: "A".into(),
        shape: Shape::Line { from: p(0.1, 0.1), to: p(0.9, 0.9), crossing: Crossing::ToLeft },
    };
    let mut editor = ZoneEditor::of(&view, |value| value.to_string());
    editor.become_kind(Kind::Forbidden, String::new());
    assert_eq!(editor.check().unwrap().shape, view.shape, "what is there stays what it is");
}

#[test]
fn steps_that_can_be_taken_back_are_bounded() {
    let mut editor = direction_zone();
    for _ in 0..2 * ZoneEditor::MAX_STEPS {
        editor.turn(1);
    }
    assert_eq!(editor.history.len(), ZoneEditor::MAX_STEPS);
}
