//! The rim to the browser: the only place that touches `web-sys` and `js-sys`. One file per browser facility, each behind
//! a small facade that hides what differs between browsers. No rule of the post lives here.
//!
//! Handles to browser objects are closed when they are dropped.

pub mod clock;
pub mod db;
pub mod dom;
pub mod feed;
pub mod files;
pub mod frames;
pub mod gpu;
pub mod http;
pub mod ids;
pub mod js;
pub mod offline;
pub mod overlay;
pub mod page;
pub mod sdp;
pub mod snapshots;
pub mod sound;
pub mod sources;
pub mod tab_lock;
pub mod task;
pub mod video;
pub mod whep;
pub mod worker;
