//! Playwright in a real Chromium, against the real relay and the built app.

use crate::context::Context;
use crate::failure::Stop;
use crate::process::{Run, find};
use crate::workers::{Choice, Purpose};
use crate::{app, demo, npm};
use std::path::{Path, PathBuf};

/// Names under which Chromium is installed.
const CHROMIUM: &[&str] = &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Builds what is missing and runs the tests in `e2e/`; gives the closing lines.
pub(super) fn run(context: &Context, rest: &[String]) -> anyhow::Result<Vec<String>> {
    let chromium = chromium(context)?;
    require_ffmpeg(context)?;
    let built = demo::build_all(context, Choice::default())?;
    let clip = built.clips.iter().find(|clip| clip.id == "plaza").ok_or_else(|| {
        Stop::new(
            "The tests need the plaza clip.",
            "make the npm registry reachable, then run the same command again",
        )
    })?;
    let modules = npm::install(context, "e2e", "e2e")?;
    let out = context.target.join("e2e");
    let lines = Run::new(context, "e2e", modules.join(".bin/playwright"))
        .args(["test", "--config"])
        .arg(context.root.join("e2e/playwright.config.ts"))
        .args(rest)
        .dir(context.root.join("e2e"))
        .env("NODE_PATH", &modules)
        .env("VIGIE_CHROMIUM", chromium)
        .env("VIGIE_RELAY", &built.relay)
        .env("VIGIE_APP", app::folder(context, Purpose::Demo))
        .env("VIGIE_CLIP", &clip.file)
        .env("VIGIE_OUT", &out)
        .env("VIGIE_MODELS", crate::models::folder(context))
        .env("FORCE_COLOR", "0")
        .shown()
        .go()?;
    context.console.line("e2e", &format!("pictures are in {}", out.display()));
    let closing =
        |line: &String| [" passed", " failed", " skipped", " flaky"].iter().any(|end| line.contains(end));
    Ok(lines.into_iter().rev().take(8).filter(closing).collect())
}

/// Chromium, installed through apt where that is allowed.
pub(crate) fn chromium(context: &Context) -> anyhow::Result<PathBuf> {
    if let Some(given) = std::env::var_os("VIGIE_CHROMIUM") {
        return Ok(given.into());
    }
    if find(context, CHROMIUM).is_none() {
        apt(context, "chromium")?;
    }
    find(context, CHROMIUM).ok_or_else(|| missing("Chromium", "chromium"))
}

fn require_ffmpeg(context: &Context) -> anyhow::Result<()> {
    if find(context, &["ffmpeg"]).is_none() {
        apt(context, "ffmpeg")?;
    }
    Ok(())
}

fn missing(what: &str, package: &str) -> anyhow::Error {
    Stop::new(
        format!("{what} is needed and not on the path."),
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
        return Err(missing(package, package));
    }
    context.console.step(&format!("apt {package}"), "installing", || {
        let apt = || {
            Run::new(context, &format!("apt {package}"), "apt-get").env("DEBIAN_FRONTEND", "noninteractive")
        };
        apt().arg("update").go()?;
        apt().args(["install", "--yes", "--no-install-recommends", package]).go().map(drop)
    })
}
