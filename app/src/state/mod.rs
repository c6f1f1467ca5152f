//! What the interface shows, as plain data. The runtime ([`crate::post`]) turns what happens into [`Action`]s; the reducer
//! in [`reduce`] applies them; components only read. What the operator does goes the other way, as a [`Command`].
//!
//! Pictures and boxes change many times a second and do not pass through here: a tile reads them from its
//! [`crate::post::LiveCamera`] when it paints.

mod action;
mod command;
mod view;

pub use action::{Action, reduce};
pub use command::{CameraSource, Command};
pub use view::{
    AppState, CameraStatus, CameraView, EngineStatus, EngineView, Link, Notice, NoticeLevel, RecordRow, RelayView, SignalState,
    SignalView, StorageView, ZoneView,
};
