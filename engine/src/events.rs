//! The event machines, a file each: from tracks and measures to situations.
//!
//! What lives here: state machines with their definitions, thresholds and vetoes. What may not: knowledge of other
//! cameras, of the operator, or of the time of day.

pub mod zone_intrusion;
