//! Where things lie. All that is made or installed is under cargo's target directory, so that it can be put anywhere
//! with `CARGO_TARGET_DIR`.

use crate::console::Console;
use crate::failure::Stop;
use anyhow::Context as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The workspace and its places.
pub(crate) struct Context {
    /// Root of the checkout.
    pub(crate) root: PathBuf,
    /// Cargo's target directory.
    pub(crate) target: PathBuf,
    /// What the user sees.
    pub(crate) console: Console,
}

impl Context {
    /// Asks cargo for the workspace.
    pub(crate) fn discover() -> anyhow::Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask has no parent folder")?;
        // The binary may be older than a move of the checkout; cargo tells by CARGO_MANIFEST_DIR which one it runs for.
        let root = std::env::var_os("CARGO_MANIFEST_DIR")
            .and_then(|dir| Path::new(&dir).parent().map(Path::to_path_buf))
            .unwrap_or_else(|| root.to_path_buf());
        let output = Command::new(cargo())
            .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
            .current_dir(&root)
            .output()
            .map_err(|_| {
                Stop::new("cargo is not on the path.", "install Rust with rustup, then try again")
            })?;
        anyhow::ensure!(
            output.status.success(),
            "cargo metadata failed: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        let metadata: serde_json::Value =
            serde_json::from_slice(&output.stdout).context("reading cargo metadata")?;
        let target =
            metadata["target_directory"].as_str().context("cargo metadata names no target directory")?;
        Ok(Self { root, target: PathBuf::from(target), console: Console::new() })
    }

    /// Tools of the build.
    pub(crate) fn tools(&self) -> PathBuf {
        self.target.join("tools")
    }

    /// Binaries that cargo installed.
    pub(crate) fn tools_bin(&self) -> PathBuf {
        self.tools().join("cargo/bin")
    }

    /// Things made by xtask: packages, models, clips, workers, the app.
    pub(crate) fn made(&self) -> PathBuf {
        self.target.join("vigie")
    }

    /// Full output of every step.
    pub(crate) fn logs(&self) -> PathBuf {
        self.made().join("logs")
    }
}

/// The cargo that runs this command.
pub(crate) fn cargo() -> std::ffi::OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}
