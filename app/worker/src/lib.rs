//! The inference worker.
//!
//! A worker holds one engine (CPU or WebGPU), one network and no camera state: it takes a frame and answers with boxes.
//! Tracks, dwell times and signals live in the page, so a worker may be replaced at any moment without losing any.

pub mod messages;
