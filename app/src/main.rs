//! The Vigie web app.

fn main() {}
