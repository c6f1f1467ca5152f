//! The networks with their real weights, on the CPU: parity with a reference, the self-test, and accuracy on footage.
//!
//! The weights are looked for in the folder that `VIGIE_MODELS` names, else in `models/` under cargo's target folder, where
//! `cargo xtask models` puts them. Without them these tests say that they skip.

#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

mod parity;
mod pets;
mod selftest;
mod support;
