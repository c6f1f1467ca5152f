//! The relay, as a native program.

use crate::context::Context;
use crate::process::Run;
use crate::stamp::{Inputs, unless_fresh};
use crate::test::NATIVE;
use std::path::PathBuf;

/// Builds the relay as the tests do, so that demo and tests compile it once. The parts that must be quick (cryptography)
/// are optimised there as well, see the workspace's `Cargo.toml`.
pub(crate) fn build(context: &Context) -> anyhow::Result<PathBuf> {
    let program = context.target.join("debug/vigie-relay");
    let inputs = Inputs::new()
        .paths(context, &["Cargo.toml", "Cargo.lock", "rust-toolchain.toml", "protocol", "relay"])?;
    unless_fresh(context, "relay", "compiling", inputs, std::slice::from_ref(&program), || {
        Run::cargo(context, "relay")
            .args(["build", "--locked"])
            .args(NATIVE)
            .args(["--bin", "vigie-relay"])
            .go()
            .map(drop)
    })?;
    Ok(program)
}
