//! Skips what is up to date. A stamp holds the hash over everything that a step depends on: names and contents of its
//! source files, versions of its tools, its own settings. Contents and not times, so that a fresh checkout beside a kept
//! target directory builds nothing twice.

use crate::context::Context;
use anyhow::Context as _;
use sha2::{Digest as _, Sha256};
use std::path::{Path, PathBuf};

/// Collects what a step depends on.
pub(crate) struct Inputs {
    hasher: Sha256,
}

impl Inputs {
    pub(crate) fn new() -> Self {
        Self { hasher: Sha256::new() }
    }

    /// A setting or a version.
    pub(crate) fn text(mut self, text: &str) -> Self {
        self.hasher.update((text.len() as u64).to_be_bytes());
        self.hasher.update(text);
        self
    }

    /// Files and folders, relative to the workspace root. What no build reads is left out: tests, benches, notes,
    /// hidden and fetched folders.
    pub(crate) fn paths(mut self, context: &Context, paths: &[&str]) -> anyhow::Result<Self> {
        for path in paths {
            let mut files = Vec::new();
            collect(&context.root.join(path), &mut files)?;
            files.sort();
            for file in files {
                let name = file.strip_prefix(&context.root).unwrap_or(&file).to_string_lossy().into_owned();
                let bytes = std::fs::read(&file).with_context(|| format!("reading {name}"))?;
                self = self.text(&name);
                self.hasher.update((bytes.len() as u64).to_be_bytes());
                self.hasher.update(bytes);
            }
        }
        Ok(self)
    }

    fn finish(self) -> String {
        hex(&self.hasher.finalize())
    }
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    if path.is_file() {
        files.push(path.to_path_buf());
        return Ok(());
    }
    if !path.is_dir() {
        return Ok(());
    }
    for entry in std::fs::read_dir(path).with_context(|| format!("listing {}", path.display()))? {
        let entry = entry?.path();
        let name = entry.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let skipped = name.starts_with('.')
            || matches!(name.as_str(), "tests" | "benches" | "bench" | "node_modules" | "dist" | "target")
            || entry.extension().is_some_and(|end| end == "md");
        if !skipped {
            collect(&entry, files)?;
        }
    }
    Ok(())
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Runs `work` unless its outputs are there and were made from the same inputs.
pub(crate) fn unless_fresh(
    context: &Context,
    step: &str,
    doing: &str,
    inputs: Inputs,
    outputs: &[PathBuf],
    work: impl FnOnce() -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let name: String = step.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let stamp = context.made().join("stamps").join(name);
    let hash = inputs.finish();
    let same = std::fs::read_to_string(&stamp).is_ok_and(|old| old == hash);
    if same && outputs.iter().all(|output| output.exists()) {
        context.console.line(step, "up to date");
        return Ok(());
    }
    std::fs::remove_file(&stamp).ok();
    context.console.step(step, doing, work)?;
    for output in outputs {
        anyhow::ensure!(output.exists(), "{step} ended well but did not make {}", output.display());
    }
    std::fs::create_dir_all(context.made().join("stamps")).context("creating the folder of stamps")?;
    std::fs::write(&stamp, hash).context("writing a stamp")
}
