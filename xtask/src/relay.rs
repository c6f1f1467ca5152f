//! The relay, as a native program.

use crate::context::Context;
use crate::process::Run;
use crate::stamp::{Inputs, unless_fresh};
use crate::test::NATIVE;
use anyhow::Context as _;
use std::path::PathBuf;

/// Builds the relay as the tests do, so that demo and tests compile it once. The parts that must be quick (cryptography)
/// are optimised there as well, see the workspace's `Cargo.toml`.
///
/// What is served is a copy: any other call of cargo overwrites the file that it was made from, whatever the stamp says.
pub(crate) fn build(context: &Context) -> anyhow::Result<PathBuf> {
    let program = context.made().join("bin/vigie-relay");
    let inputs = Inputs::new()
        .paths(context, &["Cargo.toml", "Cargo.lock", "rust-toolchain.toml", "protocol", "relay"])?;
    unless_fresh(context, "relay", "compiling", inputs, std::slice::from_ref(&program), || {
        Run::cargo(context, "relay")
            .args(["build", "--locked"])
            .args(NATIVE)
            .args(["--bin", "vigie-relay"])
            .go()?;
        // Renamed into its place: a relay that is running keeps the file that it was started from.
        let unfinished = program.with_extension("part");
        std::fs::create_dir_all(context.made().join("bin")).context("creating the folder of the relay")?;
        std::fs::copy(context.target.join("debug/vigie-relay"), &unfinished).context("copying the relay")?;
        std::fs::rename(&unfinished, &program).context("putting the relay into its place")
    })?;
    Ok(program)
}
