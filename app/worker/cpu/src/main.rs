//! The cpu inference worker as its own wasm module.

fn main() {}
