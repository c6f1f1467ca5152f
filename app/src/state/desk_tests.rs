use super::{Desk, DeskAction, Draft, EditorInput, Kind, Sheet, UndoStep, View};
use crate::state::ZoneEditor;
use vigie_engine::Point;
use vigie_protocol::{CameraId, Reason, SignalId, Verb};

fn signal(n: u128) -> SignalId {
    SignalId(uuid::Uuid::from_u128(n))
}

fn camera() -> CameraId {
    CameraId::new("plaza").unwrap()
}

fn after(actions: impl IntoIterator<Item = DeskAction>) -> Desk {
    let mut desk = Desk::default();
    actions.into_iter().for_each(|a| desk.apply(a));
    desk
}

#[test]
fn a_new_signal_never_takes_the_place_of_the_one_in_hand() {
    let desk = after([DeskAction::Arrived(signal(1)), DeskAction::Arrived(signal(2))]);
    assert_eq!(desk.selected, Some(signal(1)));
}

#[test]
fn nothing_is_answered_before_verb_and_reason_are_chosen() {
    let mut desk = after([DeskAction::Select(Some(signal(1)))]);
    assert_eq!(desk.draft, Draft::default());
    desk.apply(DeskAction::Reason(Reason::TeamSent));
    assert_eq!(desk.draft.complete(), None, "a reason without a verb is none");
    desk.apply(DeskAction::Verb(Verb::LiftDoubt));
    desk.apply(DeskAction::Reason(Reason::TeamSent));
    assert_eq!(desk.draft.complete(), None, "a reason of the other verb is none");
    desk.apply(DeskAction::Reason(Reason::Ended));
    assert_eq!(desk.draft.complete(), Some((Verb::LiftDoubt, Reason::Ended, String::new())));
}

#[test]
fn another_reason_needs_a_note() {
    let mut desk = after([
        DeskAction::Select(Some(signal(1))),
        DeskAction::Verb(Verb::Confirm),
        DeskAction::Reason(Reason::Other),
    ]);
    desk.apply(DeskAction::Note("  ".into()));
    assert_eq!(desk.draft.complete(), None);
    desk.apply(DeskAction::Note(" ladder on the wall ".into()));
    assert_eq!(desk.draft.complete(), Some((Verb::Confirm, Reason::Other, "ladder on the wall".into())));
}

#[test]
fn a_choice_does_not_carry_over_to_the_next_signal() {
    let choose = [
        DeskAction::Select(Some(signal(1))),
        DeskAction::Verb(Verb::Confirm),
        DeskAction::Reason(Reason::TeamSent),
    ];
    let mut desk = after(choose);
    desk.apply(DeskAction::Answered { signal: signal(1), verb: Verb::Confirm, next: Some(signal(2)) });
    assert_eq!((desk.selected, desk.draft.clone()), (Some(signal(2)), Draft::default()));
    assert!(matches!(desk.undos[0].step, UndoStep::Answer { verb: Verb::Confirm, .. }));
    desk.apply(DeskAction::UndoGone(desk.undos[0].id));
    assert!(desk.undos.is_empty());
}

#[test]
fn back_goes_one_step_at_a_time() {
    let choose = [
        DeskAction::Select(Some(signal(1))),
        DeskAction::Verb(Verb::Confirm),
        DeskAction::Reason(Reason::TeamSent),
    ];
    let mut desk = after(choose);
    desk.apply(DeskAction::Back);
    assert_eq!((desk.draft.verb, desk.draft.reason), (Some(Verb::Confirm), None));
    desk.apply(DeskAction::Back);
    assert_eq!((desk.draft.verb, desk.selected), (None, Some(signal(1))));
    desk.apply(DeskAction::Back);
    assert_eq!(desk.selected, None);
}

#[test]
fn steps_through_the_queue_stop_at_its_ends() {
    let ids = vec![signal(1), signal(2), signal(3)];
    let mut desk = after([DeskAction::Step { ids: ids.clone(), by: 1 }]);
    assert_eq!(desk.selected, Some(signal(1)));
    desk.apply(DeskAction::Step { ids: ids.clone(), by: -1 });
    assert_eq!(desk.selected, Some(signal(1)));
    for _ in 0..5 {
        desk.apply(DeskAction::Step { ids: ids.clone(), by: 1 });
    }
    assert_eq!(desk.selected, Some(signal(3)));
    desk.apply(DeskAction::Step { ids: Vec::new(), by: 1 });
    assert_eq!(desk.selected, None, "an empty queue leaves nothing in hand");
}

#[test]
fn drawing_shows_the_camera_large_and_puts_the_wall_back_afterwards() {
    let mut desk = after([
        DeskAction::Show(View::Record),
        DeskAction::Draw(camera(), Box::new(ZoneEditor::blank(Kind::Forbidden, "Gate".into()))),
    ]);
    assert_eq!((desk.view, desk.solo.clone()), (View::Live, Some(camera())));
    let (at, reach) = (Point { x: 0.5, y: 0.5 }, Point { x: 0.01, y: 0.01 });
    desk.apply(DeskAction::Edit(EditorInput::Press(at, reach)));
    desk.apply(DeskAction::Edit(EditorInput::Release(at)));
    desk.apply(DeskAction::DropDrawing);
    assert_eq!((desk.solo.clone(), desk.editor.clone()), (None, None));
    let UndoStep::DrawingDropped { camera, editor } = desk.undos[0].step.clone() else {
        panic!("the drawing is kept")
    };
    desk.apply(DeskAction::Draw(camera, editor));
    assert_eq!(desk.editor.map(|(_, e)| e.corners), Some(vec![at]));
}

fn tapped(name: &str) -> ZoneEditor {
    let mut editor = ZoneEditor::blank(Kind::Forbidden, name.into());
    let (at, reach) = (Point { x: 0.5, y: 0.5 }, Point { x: 0.01, y: 0.01 });
    editor.press(at, reach);
    editor.release(at);
    editor
}

fn gate() -> CameraId {
    CameraId::new("gate").unwrap()
}

#[test]
fn the_same_verb_again_keeps_what_was_typed() {
    let mut desk = after([
        DeskAction::Select(Some(signal(1))),
        DeskAction::Verb(Verb::Confirm),
        DeskAction::Reason(Reason::Other),
        DeskAction::Note("ladder".into()),
    ]);
    desk.apply(DeskAction::Verb(Verb::Confirm));
    assert_eq!(desk.draft.complete(), Some((Verb::Confirm, Reason::Other, "ladder".into())));
    desk.apply(DeskAction::Verb(Verb::LiftDoubt));
    assert_eq!(desk.draft, Draft { verb: Some(Verb::LiftDoubt), ..Draft::default() });
}

#[test]
fn a_drawing_that_gives_way_to_another_can_be_taken_up_again() {
    let mut desk = after([
        DeskAction::Draw(camera(), Box::new(tapped("Gate"))),
        DeskAction::Draw(gate(), Box::new(tapped("Yard"))),
    ]);
    assert_eq!(desk.solo, Some(gate()));
    let UndoStep::DrawingDropped { camera: on, editor } = desk.undos[0].step.clone() else {
        panic!("the drawing is kept")
    };
    assert_eq!((on.clone(), editor.name.as_str()), (camera(), "Gate"));
    desk.apply(DeskAction::Draw(on, editor));
    assert_eq!(desk.undos.len(), 2, "the second one gave way in its turn");
    desk.apply(DeskAction::DrawingSaved);
    assert_eq!(desk.solo, None, "the wall is as it was before the first one");
}

#[test]
fn no_other_camera_becomes_large_under_a_drawing() {
    let mut desk =
        after([DeskAction::Draw(camera(), Box::new(tapped("Gate"))), DeskAction::ToggleSolo(gate())]);
    assert_eq!(desk.solo, Some(camera()));
    desk.apply(DeskAction::ToggleSolo(camera()));
    assert_eq!(desk.solo, None);
    desk.apply(DeskAction::DrawingSaved);
    desk.apply(DeskAction::ToggleSolo(gate()));
    assert_eq!(desk.solo, Some(gate()));
}

#[test]
fn nothing_leads_back_to_a_camera_that_left() {
    let mut desk = after([
        DeskAction::ToggleSolo(gate()),
        DeskAction::Draw(camera(), Box::new(tapped("Gate"))),
        DeskAction::Draw(gate(), Box::new(tapped("Yard"))),
        DeskAction::Draw(camera(), Box::new(tapped("Stairs"))),
        DeskAction::Answered { signal: signal(1), verb: Verb::Confirm, next: None },
    ]);
    assert_eq!(desk.undos.len(), 3);
    desk.apply(DeskAction::CameraGone(camera()));
    assert_eq!((desk.editor.clone(), desk.solo.clone()), (None, Some(gate())));
    let left = desk.undos.iter().map(|undo| &undo.step).collect::<Vec<_>>();
    assert!(
        matches!(left[..], [UndoStep::DrawingDropped { camera: on, .. }, UndoStep::Answer { .. }] if *on == gate())
    );
    desk.apply(DeskAction::CameraGone(gate()));
    assert_eq!((desk.solo, desk.undos.len()), (None, 1));
}

#[test]
fn an_empty_drawing_is_dropped_without_a_word() {
    let desk = after([
        DeskAction::Draw(camera(), Box::new(ZoneEditor::blank(Kind::Forbidden, "Gate".into()))),
        DeskAction::DropDrawing,
    ]);
    assert!(desk.undos.is_empty());
}

#[test]
fn views_have_addresses() {
    assert_eq!(View::at_path("/record/"), View::Record);
    assert_eq!(View::at_path("/nowhere"), View::Live);
    assert_eq!(View::at_path(View::Record.path()), View::Record);
}

#[test]
fn drawing_closes_the_sheet_that_it_was_started_from() {
    let mut desk = after([DeskAction::Sheet(Some(Sheet::Situations(camera())))]);
    desk.apply(DeskAction::Draw(camera(), Box::new(ZoneEditor::blank(Kind::Line, "Line".into()))));
    assert_eq!(desk.sheet, None);
}

#[test]
fn a_camera_that_goes_takes_its_sheet_along() {
    let mut desk = after([DeskAction::Sheet(Some(Sheet::Situations(camera())))]);
    desk.apply(DeskAction::CameraGone(CameraId::new("other").unwrap()));
    assert_eq!(desk.sheet, Some(Sheet::Situations(camera())));
    desk.apply(DeskAction::CameraGone(camera()));
    assert_eq!(desk.sheet, None);
}
