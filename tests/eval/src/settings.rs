//! The camera's settings, as the app saves them. Whatever a file leaves out has its default.

use anyhow::Context as _;
use std::path::Path;
use vigie_engine::CameraSettings;

/// Reads a settings file.
pub(crate) fn read(path: &Path) -> anyhow::Result<CameraSettings> {
    let text = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("reading {}", path.display()))
}
