//! The gpu inference worker as its own wasm module.

fn main() {}
