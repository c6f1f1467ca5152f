//! What the interface shows, as plain data. The runtime ([`crate::post`]) turns what happens into [`Action`]s; the reducer
//! in [`reduce`] applies them; components only read. What the operator does goes the other way, as a [`Command`].
//!
//! Pictures and boxes change many times a second and do not pass through here: a tile reads them from its
//! [`crate::post::LiveCamera`] when it paints.
//!
//! What is open, selected or half typed on this screen is the [`Desk`]: the runtime knows nothing of it.

mod action;
pub mod arrows;
mod command;
mod desk;
mod editor;
mod layout;
mod naming;
mod queue;
pub mod settings_file;
mod shortcuts;
pub mod situations;
mod view;
mod watch;
pub mod zones;

pub use action::{Action, reduce};
pub use command::{CameraSource, Command};
pub use desk::{Desk, DeskAction, Draft, EditorInput, Sheet, Undo, UndoStep, View};
pub use editor::{Drawn, Problem, ZoneEditor};
pub use layout::columns;
pub use naming::{free_id, name_from_url};
pub use queue::{Queue, step};
pub use shortcuts::{Focus, Intent, SHEET, intent};
pub use view::{
    AppState, CameraStatus, CameraView, EngineStatus, EngineView, Link, Notice, NoticeArg, NoticeLevel,
    RecordRow, RelayView, SignalState, SignalView, StorageView,
};
pub use watch::{Standby, Watch, holds};
pub use zones::{Crossing, Kind, Limit, Shape, ZoneView};
