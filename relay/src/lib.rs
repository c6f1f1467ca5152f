//! The Vigie relay: serves the app, keeps the record of every post, pushes it to the others, and serves demo cameras.
//!
//! | module | what lives there |
//! |---|---|
//! | [`serve`] | start and stop, routes |
//! | [`api`], [`feed`] | the calls of `vigie_protocol::sync` |
//! | [`store`] | the record in SQLite: one writer, many readers |
//! | [`audit`] | `verify` and `export` |
//! | [`camera`] | demo cameras: clips, WHEP, WebRTC sessions |
//! | [`site`], [`guard`] | the app's files and headers; who may talk to the relay |
//! | [`error`] | the one error type and its table of status codes |
//!
//! The relay never sees pixels of a real camera and knows nothing of signals: it keeps and passes on what posts wrote.

pub mod api;
pub mod audit;
pub mod camera;
pub mod error;
pub mod feed;
pub mod guard;
pub mod serve;
pub mod site;
pub mod store;
