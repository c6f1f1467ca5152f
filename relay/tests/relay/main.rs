//! The relay from outside: real HTTP, real WebSockets, real WebRTC, real processes that are killed.

mod api;
mod audit;
mod crash;
mod feed;
mod site;
mod support;
mod whep;
