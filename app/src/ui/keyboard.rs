//! The keyboard: from a key to what it does.

use super::{context::Ui, words};
use crate::{
    platform::dom,
    state::{
        AppState, CameraView, Command, Desk, DeskAction, Draft, EditorInput, Intent, Kind, Queue, Sheet,
        SignalState, View, ZoneEditor, intent,
    },
};
use std::rc::Rc;
use vigie_protocol::{CameraId, SignalId};
use yew::prelude::*;

/// What the listener looks at: the page as last rendered.
struct Seen {
    state: UseReducerHandle<AppState>,
    desk: UseReducerHandle<Desk>,
    queue: Rc<Queue>,
    ui: Ui,
}

/// Listens to the keys of the whole page.
#[hook]
pub(crate) fn use_keyboard(
    ui: &Ui,
    state: &UseReducerHandle<AppState>,
    desk: &UseReducerHandle<Desk>,
    queue: &Rc<Queue>,
) {
    let seen = use_mut_ref(|| None);
    *seen.borrow_mut() =
        Some(Seen { state: state.clone(), desk: desk.clone(), queue: Rc::clone(queue), ui: ui.clone() });
    use_effect_with((), move |()| {
        let listener = dom::on_key(move |event| {
            if event.ctrl_key() || event.alt_key() || event.meta_key() || event.is_composing() {
                return;
            }
            if let Some(seen) = seen.borrow().as_ref()
                && let Some(intent) = intent(&event.key(), dom::focus(), &seen.desk)
                && seen.perform(intent)
            {
                event.prevent_default();
            }
        });
        move || drop(listener)
    });
}

impl Seen {
    /// Does it; false when the key is left to the browser.
    fn perform(&self, intent: Intent) -> bool {
        let act = |action| {
            self.ui.act(action);
            true
        };
        match intent {
            Intent::Next => act(DeskAction::Step { ids: self.queue.ids(), by: 1 }),
            Intent::Previous => act(DeskAction::Step { ids: self.queue.ids(), by: -1 }),
            Intent::Verb(verb) => self.answerable().is_some() && act(DeskAction::Verb(verb)),
            Intent::Reason(reason) => act(DeskAction::Reason(reason)),
            Intent::Send => !dom::on_control() && self.send(),
            Intent::Back => act(DeskAction::Back),
            Intent::Draw => self.draw(),
            Intent::FinishDrawing => !dom::on_control() && self.finish_drawing(),
            Intent::TurnDrawing(by) => act(DeskAction::Edit(EditorInput::Turn(by))),
            Intent::UndoDrawing => act(DeskAction::Edit(EditorInput::Undo)),
            Intent::DropDrawing => act(DeskAction::DropDrawing),
            Intent::Shortcuts => act(DeskAction::Sheet(Some(Sheet::Shortcuts))),
            Intent::CloseSheet => act(DeskAction::Sheet(None)),
            Intent::CloseEngine => {
                if dom::focus_is_in("#engine-details") {
                    dom::focus_on("[aria-controls=engine-details]");
                }
                act(DeskAction::ToggleEngine)
            }
        }
    }

    /// The signal in hand, if this post may answer it.
    fn answerable(&self) -> Option<SignalId> {
        let id = self.desk.selected?;
        let signal = self.queue.open.iter().find(|s| s.id() == id)?;
        (signal.own && signal.state == SignalState::Open).then_some(id)
    }

    fn send(&self) -> bool {
        let Some(signal) = self.answerable() else { return false };
        send_answer(&self.ui, signal, &self.desk.draft, self.queue.next_to_answer(Some(signal)))
    }

    fn draw(&self) -> bool {
        if self.desk.editor.is_some() {
            // One is being drawn: it is shown again, not replaced.
            self.ui.act(DeskAction::Show(View::Live));
            return true;
        }
        let wanted = self.desk.solo.as_ref().or(self.desk.camera.as_ref());
        let on_wall = |id: &CameraId| self.state.cameras.iter().find(|c| c.id == *id);
        match wanted.and_then(on_wall).or_else(|| self.state.cameras.first()) {
            Some(camera) => {
                start_drawing(&self.ui, camera, Kind::default());
                true
            }
            None => false,
        }
    }

    fn finish_drawing(&self) -> bool {
        let Some((camera, editor)) = &self.desk.editor else { return false };
        if !editor.closed {
            self.ui.act(DeskAction::Edit(EditorInput::Close));
            return true;
        }
        save_drawing(&self.ui, camera, editor);
        true
    }
}

/// Sends the answer in the making, if it is complete, and takes the next signal in hand.
pub(crate) fn send_answer(ui: &Ui, signal: SignalId, draft: &Draft, next: Option<SignalId>) -> bool {
    let Some((verb, reason, note)) = draft.complete() else { return false };
    ui.send(Command::Decide { signal, verb, reason, note });
    ui.act(DeskAction::Answered { signal, verb, next });
    true
}

/// Starts something new on a camera, under the next free number.
pub(crate) fn start_drawing(ui: &Ui, camera: &CameraView, kind: Kind) {
    let name = default_name(ui, camera, kind);
    ui.act(DeskAction::Draw(camera.id.clone(), Box::new(ZoneEditor::blank(kind, name))));
}

/// What a new one of a kind is called: by the next free number.
pub(crate) fn default_name(ui: &Ui, camera: &CameraView, kind: Kind) -> String {
    // One number more than there are zones is always free.
    (1..=camera.zones.len() + 1)
        .map(|n| ui.ta(words::kind_default_name(kind), &[("number", n.into())]))
        .find(|name| camera.zones.iter().all(|z| z.name != *name))
        .unwrap_or_default()
}

/// Saves the drawing, if nothing is wrong with it.
pub(crate) fn save_drawing(ui: &Ui, camera: &CameraId, editor: &ZoneEditor) {
    if let Ok(drawn) = editor.check() {
        ui.send(Command::SaveDrawn { camera: camera.clone(), id: editor.id, drawn });
        ui.act(DeskAction::DrawingSaved);
    }
}
