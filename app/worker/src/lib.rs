//! The inference worker.
//!
//! A worker holds one engine (CPU or WebGPU), one network and no camera state: it takes a frame and answers with boxes.
//! Tracks, dwell times and signals live in the page, so a worker may be replaced at any moment without losing any.
//!
//! What lives here: the messages, what the page needs to choose a worker ([`support`]), how an adapter is named
//! ([`adapter`]), and behind the feature `host` the loop inside the worker. What may not: anything that knows of cameras,
//! zones or signals, and any choice between workers: that is the page's.

pub mod adapter;
#[cfg(feature = "host")]
pub mod host;
pub mod messages;
pub mod support;
