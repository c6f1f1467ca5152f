//! The networks of Vigie.
