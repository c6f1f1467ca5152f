//! The interface: components that read [`crate::state::AppState`] and the desk, and give orders to the runtime.
//!
//! What lives here: markup, wiring, words. What may not: rules of the post (they are the runtime's), browser calls (they
//! are the rim's), literal texts (they are Fluent messages) and literal colours (they are tokens of the style sheet).

mod answer;
mod app;
mod banners;
mod card;
mod clock;
mod context;
mod detail;
mod engine_panel;
mod fact;
#[cfg(feature = "gallery")]
pub mod gallery;
mod icons;
mod keyboard;
mod loop_player;
mod notices;
mod picture;
mod queue;
mod record;
mod settings_file;
mod sheets;
mod shell;
mod situations;
mod sources;
mod tile;
mod topbar;
mod wall;
mod words;
mod zone_editor;
mod zones;

pub use app::App;
