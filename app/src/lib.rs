//! The Vigie web app: a command post in a browser.
//!
//! What lives here: the interface ([`ui`], in the words of [`i18n`]; [`state`] is its contract), the runtime of the post ([`post`]), and the rim to the
//! browser ([`platform`]). Only the rim touches `web-sys` and `js-sys`, apart from event types in the interface.

pub mod i18n;
pub mod platform;
pub mod post;
pub mod state;
pub mod ui;
