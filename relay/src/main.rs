//! The Vigie relay.

fn main() {}
