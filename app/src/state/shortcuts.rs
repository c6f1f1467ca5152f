//! One key per answer: what a key means, given what is going on.

use super::desk::Desk;
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
    /// Drop the drawing.
    DropDrawing,
    /// Show the shortcuts.
    Shortcuts,
    /// Close the sheet over the page.
    CloseSheet,
}

/// What the key `key` (as in `KeyboardEvent.key`, no modifier held) asks for. `typing`: the focus is in a text field.
#[must_use]
pub fn intent(key: &str, typing: bool, desk: &Desk) -> Option<Intent> {
    if desk.sheet.is_some() {
        // The browser closes a dialog on Escape by itself and tells it by an event.
        return (key == "?" && !typing).then_some(Intent::CloseSheet);
    }
    if desk.editor.is_some() {
        return match key {
            "Enter" => Some(Intent::FinishDrawing),
            "Escape" => Some(Intent::DropDrawing),
            "Backspace" if !typing => Some(Intent::UndoDrawing),
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

/// The sheet: keys as printed, and the text that says what they do.
pub const SHEET: &[(&[&str], &str)] = &[
    (&["J", "↓"], "keys-next"),
    (&["K", "↑"], "keys-previous"),
    (&["C"], "keys-confirm"),
    (&["L"], "keys-lift"),
    (&["1", "5"], "keys-reason"),
    (&["Enter"], "keys-send"),
    (&["Esc"], "keys-back"),
    (&["Z"], "keys-draw"),
    (&["Backspace"], "keys-undo-corner"),
    (&["?"], "keys-sheet"),
];

#[cfg(test)]
mod tests {
    use super::{Intent, intent};
    use crate::state::{Desk, Draft, Sheet, ZoneEditor};
    use vigie_protocol::{CameraId, Reason, Verb};

    fn with_verb(verb: Verb) -> Desk {
        Desk { draft: Draft { verb: Some(verb), ..Draft::default() }, ..Desk::default() }
    }

    #[test]
    fn one_key_per_answer() {
        let desk = Desk::default();
        assert_eq!(intent("c", false, &desk), Some(Intent::Verb(Verb::Confirm)));
        assert_eq!(intent("L", false, &desk), Some(Intent::Verb(Verb::LiftDoubt)));
        assert_eq!(intent("3", false, &desk), None, "no reason before a verb");
        assert_eq!(intent("Enter", false, &desk), None, "nothing to send before a verb");
        let lifting = with_verb(Verb::LiftDoubt);
        assert_eq!(intent("3", false, &lifting), Some(Intent::Reason(Reason::FalseDetection)));
        assert_eq!(intent("\"", false, &lifting), Some(Intent::Reason(Reason::FalseDetection)));
        assert_eq!(intent("5", false, &with_verb(Verb::Confirm)), None, "four reasons to confirm");
    }

    #[test]
    fn letters_are_text_while_typing() {
        let desk = with_verb(Verb::Confirm);
        assert_eq!(intent("c", true, &desk), None);
        assert_eq!(intent("1", true, &desk), None);
        assert_eq!(intent("Enter", true, &desk), Some(Intent::Send));
        assert_eq!(intent("Escape", true, &desk), Some(Intent::Back));
    }

    #[test]
    fn a_drawing_or_a_sheet_takes_the_keys() {
        let camera = CameraId::new("plaza").unwrap();
        let drawing = Desk { editor: Some((camera, ZoneEditor::blank("Gate".into()))), ..Desk::default() };
        assert_eq!(intent("c", false, &drawing), None);
        assert_eq!(intent("Backspace", false, &drawing), Some(Intent::UndoDrawing));
        assert_eq!(intent("Backspace", true, &drawing), None, "it deletes a letter of the name");
        assert_eq!(intent("Escape", true, &drawing), Some(Intent::DropDrawing));
        let sheet = Desk { sheet: Some(Sheet::Shortcuts), ..Desk::default() };
        assert_eq!(intent("c", false, &sheet), None);
        assert_eq!(intent("?", false, &sheet), Some(Intent::CloseSheet));
    }
}
