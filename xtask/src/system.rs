//! Programs that come from the system: found on the path, or installed through apt where that is allowed.

use crate::context::Context;
use crate::failure::Stop;
use crate::process::{Run, find};
use std::path::{Path, PathBuf};

/// Names under which Chromium is installed.
const CHROMIUM: &[&str] = &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Chromium, or what `VIGIE_CHROMIUM` names.
pub(crate) fn chromium(context: &Context) -> anyhow::Result<PathBuf> {
    match std::env::var_os("VIGIE_CHROMIUM") {
        Some(given) => Ok(given.into()),
        None => program(context, CHROMIUM, "chromium"),
    }
}

/// Encodes the clip that no browser plays over WebRTC as it is.
pub(crate) fn ffmpeg(context: &Context) -> anyhow::Result<PathBuf> {
    program(context, &["ffmpeg"], "ffmpeg")
}

/// The first of these names on the path; without one, the package is installed.
fn program(context: &Context, names: &[&str], package: &str) -> anyhow::Result<PathBuf> {
    if let Some(found) = find(context, names) {
        return Ok(found);
    }
    apt(context, package)?;
    find(context, names).ok_or_else(|| missing(package))
}

fn missing(package: &str) -> anyhow::Error {
    Stop::new(
        format!("{package} is needed and not on the path."),
        format!(
            "install it (on Debian, as root: apt-get install {package}), then run the same command again"
        ),
    )
}

/// Installs a Debian package as root; elsewhere says what to install.
fn apt(context: &Context, package: &str) -> anyhow::Result<()> {
    let root = Run::new(context, "user", "id")
        .arg("-u")
        .go()
        .is_ok_and(|lines| lines.first().is_some_and(|id| id == "0"));
    if !root || !Path::new("/etc/debian_version").exists() {
        return Err(missing(package));
    }
    let step = format!("apt {package}");
    context.console.step(&step, "installing", || {
        let apt = || Run::new(context, &step, "apt-get").env("DEBIAN_FRONTEND", "noninteractive");
        apt().arg("update").go()?;
        apt().args(["install", "--yes", "--no-install-recommends", package]).go().map(drop)
    })
}
