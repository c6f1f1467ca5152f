//! The networks of Vigie.

pub mod ops;
