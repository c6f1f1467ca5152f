//! From frames with timestamps to events.
//!
//! What lives here: boxes and geometry, detection (behind the `detector` feature), tracking, zones, event machines, and
//! the grouping of events into signals. What may not: a browser, a clock, a random number, I/O. Everything is a function
//! of settings and timestamped input, so that a recorded run replays to the same events, byte for byte.
//!
//! Coordinates are shares of the picture, 0 to 1, origin at the top left, unless a name says otherwise (`_px`).

pub mod detection;
pub mod geometry;
pub mod network;
pub mod time;

pub use detection::{ClassGroup, Detection};
pub use geometry::{BBox, Point, Polygon};
pub use time::Micros;
