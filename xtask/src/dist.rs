//! `cargo xtask dist`: the smallest build; `cargo xtask sizes`: holds it against the budget.

use crate::context::Context;
use crate::failure::Stop;
use crate::process::Run;
use crate::workers::{self, Choice, Purpose};
use crate::{app, models, tools};
use anyhow::Context as _;
use std::path::{Path, PathBuf};

/// Most that the page with the CPU engine may weigh, in bytes of brotli, without models.
const APP_BUDGET: u64 = 1_500_000;
/// Most that the WebGPU engine may weigh.
const GPU_BUDGET: u64 = 3_500_000;

/// Compresses each file named in its arguments as far as brotli goes and prints its size.
const BROTLI: &str = "
const { brotliCompressSync, constants } = require('node:zlib');
const { readFileSync } = require('node:fs');
for (const file of process.argv.slice(1)) {
  const bytes = readFileSync(file);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  console.log(brotliCompressSync(bytes, { params }).length);
}";

/// Builds page and workers as small as they get, and the relay for release.
pub(crate) fn build(context: &Context) -> anyhow::Result<()> {
    let choice = Choice::default();
    tools::for_build(context)?;
    models::build(context)?;
    workers::build(context, choice, Purpose::Dist)?;
    app::build_for(context, choice, Purpose::Dist)?;
    context.console.step("relay dist", "compiling", || {
        Run::cargo(context, "relay dist")
            .args(["build", "--locked", "--release", "--bin", "vigie-relay"])
            .go()
    })?;
    let dist = app::folder(context, Purpose::Dist);
    context.console.line("app", &format!("is in {}", dist.display()));
    context.console.line("relay", &format!("is {}", context.target.join("release/vigie-relay").display()));
    Ok(())
}

/// Prints the sizes; an error when one is over its budget.
pub(crate) fn sizes(context: &Context) -> anyhow::Result<()> {
    let choice = Choice::default();
    tools::for_build(context)?;
    models::build(context)?;
    workers::build(context, choice, Purpose::Dist)?;
    app::build_for(context, choice, Purpose::Dist)?;
    let dist = app::folder(context, Purpose::Dist);
    let page = files(&dist, &["workers", "models"])?;
    let cpu = files(&dist.join("workers/cpu"), &[])?;
    let gpu = files(&dist.join("workers/gpu"), &[])?;
    let page = brotli(context, &page)?;
    let cpu = brotli(context, &cpu)?;
    let gpu = brotli(context, &gpu)?;
    let mut over = Vec::new();
    println!("\n{:<26} {:>12} {:>12}", "brotli", "bytes", "budget");
    println!("{:<26} {page:>12}", "app");
    println!("{:<26} {cpu:>12}", "CPU engine");
    for (name, size, budget) in
        [("app + CPU engine", page + cpu, APP_BUDGET), ("WebGPU engine", gpu, GPU_BUDGET)]
    {
        println!("{name:<26} {size:>12} {budget:>12}");
        if size > budget {
            over.push(name);
        }
    }
    if over.is_empty() {
        return Ok(());
    }
    Err(Stop::new(
        format!("Over the size budget: {}.", over.join(", ")),
        "find what grew (twiggy or wasm-objdump on the module), or raise the budget in xtask/src/dist.rs with a reason",
    ))
}

/// Files under a folder, without some of its sub-folders.
fn files(folder: &Path, without: &[&str]) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| format!("listing {}", folder.display()))? {
        let path = entry?.path();
        if path.is_file() {
            found.push(path);
        } else if !without.iter().any(|name| path.ends_with(name)) {
            found.extend(files(&path, &[])?);
        }
    }
    Ok(found)
}

fn brotli(context: &Context, files: &[PathBuf]) -> anyhow::Result<u64> {
    let lines = Run::new(context, "sizes", "node").args(["-e", BROTLI, "--"]).args(files).go()?;
    lines.iter().map(|line| line.trim().parse::<u64>().context("reading a compressed size")).sum()
}
