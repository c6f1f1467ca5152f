//! The operator's desk: what is selected, half typed or open on this screen. Nothing here is on the record.

use super::{
    editor::ZoneEditor,
    queue,
    zones::{Kind, ZoneView},
};
use std::rc::Rc;
use vigie_engine::{CameraSettings, Point};
use vigie_protocol::{CameraId, Reason, SignalId, Verb};

/// The two views.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    /// The wall of cameras.
    #[default]
    Live,
    /// The record.
    Record,
}

impl View {
    /// The view at an address path; unknown paths show the wall.
    #[must_use]
    pub fn at_path(path: &str) -> Self {
        if path.trim_end_matches('/') == "/record" { Self::Record } else { Self::Live }
    }

    /// Its address path.
    #[must_use]
    pub fn path(self) -> &'static str {
        match self {
            Self::Live => "/",
            Self::Record => "/record",
        }
    }
}

/// An answer in the making: verb, then reason, then (where it must be) a note. Nothing is pre-selected.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draft {
    /// The verb, once chosen.
    pub verb: Option<Verb>,
    /// The reason, once chosen.
    pub reason: Option<Reason>,
    /// Free text.
    pub note: String,
}

impl Draft {
    /// The answer, when it is complete.
    #[must_use]
    pub fn complete(&self) -> Option<(Verb, Reason, String)> {
        let note = self.note.trim();
        let (verb, reason) = (self.verb?, self.reason?);
        (reason != Reason::Other || !note.is_empty()).then(|| (verb, reason, note.to_owned()))
    }
}

/// A sheet over the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sheet {
    /// Add a camera.
    AddCamera,
    /// What is watched for on a camera, and its settings file.
    Situations(CameraId),
    /// The keyboard shortcuts.
    Shortcuts,
}

/// A step that can be taken back for some seconds.
#[derive(Clone, Debug, PartialEq)]
pub struct Undo {
    /// To close it by; counts up.
    pub id: u64,
    /// What would be taken back.
    pub step: UndoStep,
}

/// What can be taken back.
#[derive(Clone, Debug, PartialEq)]
pub enum UndoStep {
    /// An answer.
    Answer {
        /// To which signal.
        signal: SignalId,
        /// What was answered.
        verb: Verb,
    },
    /// A zone that was removed.
    ZoneRemoved {
        /// From which camera.
        camera: CameraId,
        /// The zone.
        zone: ZoneView,
    },
    /// Settings that gave way to those of a file.
    SettingsLoaded {
        /// Of which camera.
        camera: CameraId,
        /// As they were.
        before: Rc<CameraSettings>,
    },
    /// A drawing that was dropped.
    DrawingDropped {
        /// On which camera.
        camera: CameraId,
        /// As it stood.
        editor: Box<ZoneEditor>,
    },
}

/// What is selected, half typed or open.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Desk {
    /// The view shown.
    pub view: View,
    /// The signal in hand.
    pub selected: Option<SignalId>,
    /// The answer to it in the making.
    pub draft: Draft,
    /// The camera shown large.
    pub solo: Option<CameraId>,
    /// The camera that was touched last: where `Z` draws.
    pub camera: Option<CameraId>,
    /// The zone being drawn.
    pub editor: Option<(CameraId, ZoneEditor)>,
    /// The sheet over the page.
    pub sheet: Option<Sheet>,
    /// Whether the engine panel is open.
    pub engine_open: bool,
    /// Steps that can still be taken back, oldest first.
    pub undos: Vec<Undo>,
    pub(super) last_undo: u64,
    pub(super) solo_before_drawing: Option<CameraId>,
}

/// What the operator does on the desk.
#[derive(Clone, Debug, PartialEq)]
pub enum DeskAction {
    /// Show a view.
    Show(View),
    /// Take a signal in hand, or none.
    Select(Option<SignalId>),
    /// Take the neighbour in the queue in hand.
    Step {
        /// The queue in display order.
        ids: Vec<SignalId>,
        /// Down (positive) or up.
        by: isize,
    },
    /// A new signal waits: it is taken in hand when the hand is empty, never from under it.
    Arrived(SignalId),
    /// Choose a verb.
    Verb(Verb),
    /// Choose a reason.
    Reason(Reason),
    /// Type a note.
    Note(String),
    /// The answer went out; the next signal to take in hand, if any.
    Answered {
        /// Which signal.
        signal: SignalId,
        /// What was answered.
        verb: Verb,
        /// The next one.
        next: Option<SignalId>,
    },
    /// One step back: from the reason to the verb, from the verb to nothing, from the signal to the queue.
    Back,
    /// Show a camera large, or all again; while a zone is drawn, its camera only.
    ToggleSolo(CameraId),
    /// A camera was touched.
    Touch(CameraId),
    /// A camera left the wall; a drawing on it and steps that could be taken back there go with it.
    CameraGone(CameraId),
    /// Draw a zone, or change one. A drawing under way gives way; it can be taken up again for some seconds.
    Draw(CameraId, Box<ZoneEditor>),
    /// A pointer or key for the drawing.
    Edit(EditorInput),
    /// Drop the drawing; it can be taken up again for some seconds.
    DropDrawing,
    /// The drawing was saved.
    DrawingSaved,
    /// A zone or line was removed.
    ZoneRemoved(CameraId, ZoneView),
    /// A camera's settings gave way to those of a file.
    SettingsLoaded(CameraId, Rc<CameraSettings>),
    /// Open a sheet, or close it.
    Sheet(Option<Sheet>),
    /// Open or close the engine panel.
    ToggleEngine,
    /// A step can no longer be taken back, or was.
    UndoGone(u64),
}

/// Input to the drawing.
#[derive(Clone, Debug, PartialEq)]
pub enum EditorInput {
    /// Pointer down: where, and how far from a corner still counts as on it.
    Press(Point, Point),
    /// Pointer moved, with the same reach.
    Drag(Point, Point),
    /// Pointer up.
    Release(Point),
    /// Pointer taken away.
    Interrupt,
    /// Draw something of another kind; what a new one of it is called.
    Kind(Kind, String),
    /// Turn what has a direction, by so many steps.
    Turn(i8),
    /// Close the outline.
    Close,
    /// Take the last step back.
    Undo,
    /// The name field.
    Name(String),
    /// The dwell field.
    Dwell(String),
    /// The limit field.
    Limit(String),
    /// Whether the limit counts persons in the zone.
    InPersons(bool),
}

impl yew::Reducible for Desk {
    type Action = DeskAction;

    fn reduce(self: Rc<Self>, action: DeskAction) -> Rc<Self> {
        let mut next = Rc::unwrap_or_clone(self);
        next.apply(action);
        Rc::new(next)
    }
}

impl Desk {
    /// Steps that are offered to be taken back at once.
    const MAX_UNDOS: usize = 3;

    /// An empty desk that shows a view.
    #[must_use]
    pub fn showing(view: View) -> Self {
        Self { view, ..Self::default() }
    }

    fn apply(&mut self, action: DeskAction) {
        match action {
            DeskAction::Show(view) => self.view = view,
            DeskAction::Select(signal) => self.take(signal),
            DeskAction::Step { ids, by } => self.take(queue::step(&ids, self.selected, by)),
            DeskAction::Arrived(signal) => {
                if self.selected.is_none() {
                    self.take(Some(signal));
                }
            }
            // The same verb once more changes nothing: a note that was begun stays.
            DeskAction::Verb(verb) => {
                if self.draft.verb != Some(verb) {
                    self.draft = Draft { verb: Some(verb), ..Draft::default() };
                }
            }
            DeskAction::Reason(reason) => self.choose(reason),
            DeskAction::Note(note) => {
                self.draft.note = note.chars().take(vigie_protocol::Decision::MAX_NOTE).collect();
            }
            DeskAction::Answered { signal, verb, next } => {
                self.offer_undo(UndoStep::Answer { signal, verb });
                self.take(next);
            }
            DeskAction::Back => self.back(),
            DeskAction::ToggleSolo(camera) => self.toggle_solo(camera),
            DeskAction::Touch(camera) => self.camera = Some(camera),
            DeskAction::CameraGone(camera) => self.forget(&camera),
            DeskAction::Draw(camera, editor) => self.draw(camera, *editor),
            DeskAction::Edit(input) => {
                if let Some((_, editor)) = &mut self.editor {
                    edit(editor, input);
                }
            }
            DeskAction::DropDrawing => {
                let dropped = self.end_drawing();
                self.offer_dropped(dropped);
            }
            DeskAction::DrawingSaved => drop(self.end_drawing()),
            DeskAction::ZoneRemoved(camera, zone) => self.offer_undo(UndoStep::ZoneRemoved { camera, zone }),
            DeskAction::SettingsLoaded(camera, before) => {
                self.offer_undo(UndoStep::SettingsLoaded { camera, before });
            }
            DeskAction::Sheet(sheet) => self.sheet = sheet,
            DeskAction::ToggleEngine => self.engine_open = !self.engine_open,
            DeskAction::UndoGone(id) => self.undos.retain(|u| u.id != id),
        }
    }

    fn take(&mut self, signal: Option<SignalId>) {
        if self.selected != signal {
            self.selected = signal;
            self.draft = Draft::default();
        }
    }

    fn choose(&mut self, reason: Reason) {
        if let Some(verb) = self.draft.verb
            && Reason::offered_for(verb).contains(&reason)
        {
            self.draft.reason = Some(reason);
        }
    }

    fn back(&mut self) {
        if self.draft.reason.is_some() {
            self.draft.reason = None;
        } else if self.draft.verb.is_some() {
            self.draft = Draft::default();
        } else if self.selected.is_some() {
            self.take(None);
        } else if self.editor.is_none() {
            self.solo = None;
        }
    }

    fn toggle_solo(&mut self, camera: CameraId) {
        // The camera that is drawn on stays where the pointer is.
        if self.editor.as_ref().is_some_and(|(drawn_on, _)| *drawn_on != camera) {
            return;
        }
        self.solo = if self.solo.as_ref() == Some(&camera) { None } else { Some(camera.clone()) };
        self.camera = Some(camera);
    }

    /// A camera left: nothing on the desk may lead back to it.
    fn forget(&mut self, camera: &CameraId) {
        self.solo_before_drawing.take_if(|c| *c == *camera);
        if self.editor.as_ref().is_some_and(|(drawn_on, _)| *drawn_on == *camera) {
            drop(self.end_drawing());
        }
        self.solo.take_if(|c| *c == *camera);
        self.camera.take_if(|c| *c == *camera);
        self.undos.retain(|undo| match &undo.step {
            UndoStep::Answer { .. } => true,
            UndoStep::ZoneRemoved { camera: on, .. }
            | UndoStep::SettingsLoaded { camera: on, .. }
            | UndoStep::DrawingDropped { camera: on, .. } => on != camera,
        });
        self.sheet.take_if(|sheet| matches!(sheet, Sheet::Situations(on) if on == camera));
    }

    fn draw(&mut self, camera: CameraId, editor: ZoneEditor) {
        if self.editor.is_none() {
            self.solo_before_drawing = self.solo.take();
        }
        let dropped = self.editor.take();
        self.offer_dropped(dropped);
        self.view = View::Live;
        self.sheet = None;
        self.solo = Some(camera.clone());
        self.camera = Some(camera.clone());
        self.editor = Some((camera, editor));
    }

    fn end_drawing(&mut self) -> Option<(CameraId, ZoneEditor)> {
        let drawing = self.editor.take();
        if drawing.is_some() {
            self.solo = self.solo_before_drawing.take();
        }
        drawing
    }

    /// A drawing that gave way can be taken up again, if there is anything in it.
    fn offer_dropped(&mut self, drawing: Option<(CameraId, ZoneEditor)>) {
        if let Some((camera, editor)) = drawing.filter(|(_, editor)| editor.can_undo()) {
            self.offer_undo(UndoStep::DrawingDropped { camera, editor: Box::new(editor) });
        }
    }

    fn offer_undo(&mut self, step: UndoStep) {
        self.last_undo += 1;
        self.undos.push(Undo { id: self.last_undo, step });
        let excess = self.undos.len().saturating_sub(Self::MAX_UNDOS);
        self.undos.drain(..excess);
    }
}

fn edit(editor: &mut ZoneEditor, input: EditorInput) {
    match input {
        EditorInput::Press(at, reach) => editor.press(at, reach),
        EditorInput::Drag(at, reach) => editor.drag(at, reach),
        EditorInput::Release(at) => editor.release(at),
        EditorInput::Interrupt => editor.interrupt(),
        EditorInput::Kind(kind, name) => editor.become_kind(kind, name),
        EditorInput::Turn(by) => editor.turn(by),
        EditorInput::Close => editor.close(),
        EditorInput::Undo => editor.undo(),
        EditorInput::Name(name) => editor.name = name,
        EditorInput::Dwell(dwell) => editor.dwell = dwell,
        EditorInput::Limit(limit) => editor.limit = limit,
        EditorInput::InPersons(in_persons) => editor.in_persons = in_persons,
    }
}

#[cfg(test)]
#[path = "desk_tests.rs"]
mod tests;
