//! Wire types shared by the app and the relay.
//!
//! What lives here: identifiers, event kinds, signals, decisions, the records of the audit log, the hash chain over
//! them, and the requests and replies of synchronisation. What may not: I/O, clocks, browser or server code.

pub mod chain;
pub mod decision;
pub mod event;
pub mod ids;
pub mod record;
pub mod signal;
pub mod sync;

pub use chain::{ChainError, ChainHead, Entry, Hash};
pub use decision::{Decision, Reason, Verb};
pub use event::EventKind;
pub use ids::{CameraId, PostId, RecordId, SignalId, ZoneId};
pub use record::{HealthState, Record};
pub use signal::{Measure, Region, Signal};
