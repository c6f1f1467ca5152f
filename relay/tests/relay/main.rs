//! The relay from outside: real HTTP, real WebSockets, real WebRTC, real processes that are killed.

#![expect(clippy::unwrap_used, reason = "a helper of a test may fail like the test itself")]

mod api;
mod audit;
mod crash;
mod feed;
mod site;
mod support;
mod whep;
