//! The Vigie web app: a command post in a browser.
//!
//! What lives here: the interface ([`state`] is its contract), the runtime of the post ([`post`]), and the rim to the
//! browser ([`platform`]). Only the rim touches `web-sys` and `js-sys`, apart from event types in the interface.

pub mod platform;
pub mod post;
pub mod state;
