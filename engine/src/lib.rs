//! From frames with timestamps to events.
//!
//! What lives here: boxes and geometry, detection (behind the `detector` feature), tracking, zones, event machines, and
//! the grouping of events into signals. What may not: a browser, a clock, a random number, I/O. Everything is a function
//! of settings and timestamped input, so that a recorded run replays to the same events, byte for byte.
//!
//! [`CameraAnalysis`] is the way in: one per camera, one call per analysed frame.
//!
//! Coordinates are shares of the picture, 0 to 1, origin at the top left, unless a name says otherwise (`_px`).

pub mod analysis;
pub mod counting;
pub mod detection;
#[cfg(feature = "detector")]
pub mod detector;
pub mod events;
pub mod geometry;
pub mod health;
pub mod luma;
pub mod motion;
pub mod network;
pub mod scene;
pub mod signals;
pub mod tiles;
pub mod time;
pub mod tracker;

pub use analysis::{CameraAnalysis, Counted, FrameInput, StepOutput, TrackView, ZoneState, ZoneView};
pub use detection::{ClassGroup, Detection};
pub use geometry::{BBox, Point, Polygon, PolygonError};
pub use health::Health;
pub use luma::Luma;
pub use scene::{CameraSettings, Zone};
pub use signals::{ClearedIncident, RaisedSignal};
pub use time::Micros;
