//! One key per answer: what a key means, given what is going on.

use super::desk::{Desk, View};
use vigie_protocol::{Reason, Verb};

/// What a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intent {
    /// Take the next signal in hand.
    Next,
    /// Take the one before.
    Previous,
    /// Choose a verb.
    Verb(Verb),
    /// Choose a reason.
    Reason(Reason),
    /// Send the answer.
    Send,
    /// One step back.
    Back,
    /// Draw a zone.
    Draw,
    /// Close the outline being drawn, or save it when it is closed.
    FinishDrawing,
    /// Take the last step of the drawing back.
    UndoDrawing,
    /// Turn what has a direction: on, or back.
    TurnDrawing(i8),
    /// Drop the drawing.
    DropDrawing,
    /// Show the shortcuts.
    Shortcuts,
    /// Close the sheet over the page.
    CloseSheet,
    /// Close the engine panel.
    CloseEngine,
}

/// Where the focus is, as far as keys care.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Focus {
    /// In a field in which letters are text.
    pub typing: bool,
    /// In the queue: its keys come before those of a drawing.
    pub in_queue: bool,
    /// On something of its own, such as a button or a list that scrolls: arrow keys are left to the browser.
    pub on_other: bool,
}

/// What the key `key` (as in `KeyboardEvent.key`, no modifier held) asks for.
#[must_use]
pub fn intent(key: &str, focus: Focus, desk: &Desk) -> Option<Intent> {
    let typing = focus.typing;
    if desk.sheet.is_some() {
        // The browser closes a dialog on Escape by itself and tells it by an event.
        return (key == "?" && !typing).then_some(Intent::CloseSheet);
    }
    if desk.engine_open && key == "Escape" {
        return Some(Intent::CloseEngine);
    }
    // A signal can be answered while a zone is drawn: from the queue, or where the drawing is out of sight.
    if desk.editor.is_some() && desk.view == View::Live && !focus.in_queue {
        return match key {
            "Enter" => Some(Intent::FinishDrawing),
            "Escape" => Some(Intent::DropDrawing),
            "Backspace" if !typing => Some(Intent::UndoDrawing),
            "ArrowRight" if !typing => Some(Intent::TurnDrawing(1)),
            "ArrowLeft" if !typing => Some(Intent::TurnDrawing(-1)),
            _ => None,
        };
    }
    if typing {
        // Enter in the note sends; Escape leaves the step. All else is text.
        return match key {
            "Enter" => Some(Intent::Send),
            "Escape" => Some(Intent::Back),
            _ => None,
        };
    }
    match key {
        "ArrowDown" | "ArrowUp" if focus.on_other => None,
        "j" | "J" | "ArrowDown" => Some(Intent::Next),
        "k" | "K" | "ArrowUp" => Some(Intent::Previous),
        "c" | "C" => Some(Intent::Verb(Verb::Confirm)),
        "l" | "L" => Some(Intent::Verb(Verb::LiftDoubt)),
        "z" | "Z" => Some(Intent::Draw),
        "Enter" => desk.draft.verb.map(|_| Intent::Send),
        "Escape" => Some(Intent::Back),
        "?" => Some(Intent::Shortcuts),
        digit => reason(digit, desk.draft.verb?).map(Intent::Reason),
    }
}

/// The reason behind a digit; `AZERTY` keyboards give the sign on the digit key without shift.
fn reason(key: &str, verb: Verb) -> Option<Reason> {
    let number = match key {
        "1" | "&" => 1,
        "2" | "é" => 2,
        "3" | "\"" => 3,
        "4" | "'" => 4,
        "5" | "(" => 5,
        _ => return None,
    };
    Reason::offered_for(verb).get(number - 1).copied()
}

/// The sheet: keys as printed, or the message that names one whose print depends on the language, and the text that says
/// what they do.
pub const SHEET: &[(&[&str], &str)] = &[
    (&["J", "↓"], "keys-next"),
    (&["K", "↑"], "keys-previous"),
    (&["C"], "keys-confirm"),
    (&["L"], "keys-lift"),
    (&["1", "5"], "keys-reason"),
    (&["key-enter"], "keys-send"),
    (&["key-escape"], "keys-back"),
    (&["Z"], "keys-draw"),
    (&["key-backspace"], "keys-undo-corner"),
    (&["←", "→"], "keys-turn"),
    (&["?"], "keys-sheet"),
];

#[cfg(test)]
mod tests {
    use super::{Focus, Intent, intent};
    use crate::state::{Desk, Draft, Kind, Sheet, View, ZoneEditor};
    use vigie_protocol::{CameraId, Reason, Verb};

    const PAGE: Focus = Focus { typing: false, in_queue: false, on_other: false };
    const TYPING: Focus = Focus { typing: true, in_queue: false, on_other: true };

    fn with_verb(verb: Verb) -> Desk {
        Desk { draft: Draft { verb: Some(verb), ..Draft::default() }, ..Desk::default() }
    }

    #[test]
    fn one_key_per_answer() {
        let desk = Desk::default();
        assert_eq!(intent("c", PAGE, &desk), Some(Intent::Verb(Verb::Confirm)));
        assert_eq!(intent("L", PAGE, &desk), Some(Intent::Verb(Verb::LiftDoubt)));
        assert_eq!(intent("3", PAGE, &desk), None, "no reason before a verb");
        assert_eq!(intent("Enter", PAGE, &desk), None, "nothing to send before a verb");
        let lifting = with_verb(Verb::LiftDoubt);
        assert_eq!(intent("3", PAGE, &lifting), Some(Intent::Reason(Reason::FalseDetection)));
        assert_eq!(intent("\"", PAGE, &lifting), Some(Intent::Reason(Reason::FalseDetection)));
        assert_eq!(intent("5", PAGE, &with_verb(Verb::Confirm)), None, "four reasons to confirm");
    }

    #[test]
    fn letters_are_text_while_typing() {
        let desk = with_verb(Verb::Confirm);
        assert_eq!(intent("c", TYPING, &desk), None);
        assert_eq!(intent("1", TYPING, &desk), None);
        assert_eq!(intent("Enter", TYPING, &desk), Some(Intent::Send));
        assert_eq!(intent("Escape", TYPING, &desk), Some(Intent::Back));
    }

    #[test]
    fn a_drawing_or_a_sheet_takes_the_keys() {
        let camera = CameraId::new("plaza").unwrap();
        let drawing = Desk {
            editor: Some((camera, ZoneEditor::blank(Kind::Forbidden, "Gate".into()))),
            ..Desk::default()
        };
        assert_eq!(intent("c", PAGE, &drawing), None);
        assert_eq!(intent("Backspace", PAGE, &drawing), Some(Intent::UndoDrawing));
        assert_eq!(intent("Backspace", TYPING, &drawing), None, "it deletes a letter of the name");
        assert_eq!(intent("Escape", TYPING, &drawing), Some(Intent::DropDrawing));
        assert_eq!(intent("ArrowLeft", PAGE, &drawing), Some(Intent::TurnDrawing(-1)));
        assert_eq!(intent("ArrowLeft", TYPING, &drawing), None, "it moves in the name");
        let sheet = Desk { sheet: Some(Sheet::Shortcuts), ..Desk::default() };
        assert_eq!(intent("c", PAGE, &sheet), None);
        assert_eq!(intent("?", PAGE, &sheet), Some(Intent::CloseSheet));
    }

    #[test]
    fn a_drawing_leaves_the_queue_its_keys() {
        let camera = CameraId::new("plaza").unwrap();
        let drawing = Desk {
            editor: Some((camera, ZoneEditor::blank(Kind::Forbidden, "Gate".into()))),
            ..with_verb(Verb::Confirm)
        };
        let card = Focus { in_queue: true, ..PAGE };
        assert_eq!(intent("c", card, &drawing), Some(Intent::Verb(Verb::Confirm)));
        assert_eq!(intent("Enter", card, &drawing), Some(Intent::Send));
        let note = Focus { in_queue: true, ..TYPING };
        assert_eq!(intent("Enter", note, &drawing), Some(Intent::Send));
        assert_eq!(intent("Escape", note, &drawing), Some(Intent::Back), "the drawing stays");
        let out_of_sight = Desk { view: View::Record, ..drawing };
        assert_eq!(intent("Escape", PAGE, &out_of_sight), Some(Intent::Back));
        assert_eq!(intent("Backspace", PAGE, &out_of_sight), None);
    }

    #[test]
    fn arrows_are_left_to_what_has_the_focus() {
        let desk = Desk::default();
        assert_eq!(intent("ArrowDown", PAGE, &desk), Some(Intent::Next));
        let table = Focus { on_other: true, ..PAGE };
        assert_eq!(intent("ArrowDown", table, &desk), None);
        assert_eq!(intent("j", table, &desk), Some(Intent::Next));
    }

    #[test]
    fn escape_closes_the_engine_panel_first() {
        let desk = Desk { engine_open: true, ..with_verb(Verb::Confirm) };
        assert_eq!(intent("Escape", PAGE, &desk), Some(Intent::CloseEngine));
        assert_eq!(intent("Enter", PAGE, &desk), Some(Intent::Send));
    }
}
