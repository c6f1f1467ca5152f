//! The web app: Trunk builds the page, and its hook puts workers and models beside it.

use crate::context::Context;
use crate::failure::Stop;
use crate::process::Run;
use crate::stamp::{Inputs, hex, unless_fresh};
use crate::workers::{Choice, Purpose};
use crate::{models, tools, workers};
use anyhow::Context as _;
use sha2::{Digest as _, Sha256};
use std::path::{Path, PathBuf};

/// What the page is made from, apart from [`workers::SHARED`], its workers and models.
const SOURCES: &[&str] = &[
    "app/Cargo.toml",
    "app/src",
    "app/i18n",
    "app/index.html",
    "app/worker/Cargo.toml",
    "app/worker/src",
    "Trunk.toml",
    "static",
];

/// Where the finished app is.
pub(crate) fn folder(context: &Context, purpose: Purpose) -> PathBuf {
    match purpose {
        Purpose::Demo => context.made().join("dist"),
        Purpose::Dist => context.made().join("dist-small"),
    }
}

/// Builds the page with what lies beside it; the tools must be there.
pub(crate) fn build(context: &Context, choice: Choice) -> anyhow::Result<()> {
    build_for(context, choice, Purpose::Demo)
}

/// Builds the page for a purpose. Workers and models are put beside it again each time, which costs nothing.
pub(crate) fn build_for(context: &Context, choice: Choice, purpose: Purpose) -> anyhow::Result<()> {
    let dist = folder(context, purpose);
    let step = match purpose {
        Purpose::Demo => "app",
        Purpose::Dist => "app dist",
    };
    let inputs = Inputs::new()
        .paths(context, workers::SHARED)?
        .paths(context, SOURCES)?
        .text(tools::TRUNK.version.unwrap_or_default());
    unless_fresh(context, step, "compiling", inputs, &[dist.join("index.html")], || {
        Run::new(context, step, "trunk")
            .args(["build", "--release", "--cargo-profile", "wasm", "--dist"])
            .arg(&dist)
            .env("TRUNK_OFFLINE", "true")
            .env("TRUNK_SKIP_VERSION_CHECK", "true")
            // Trunk takes 1 for an unknown value of its own setting of that name.
            .env("NO_COLOR", "true")
            .env("VIGIE_SKIP_STAGE", "1")
            .go()
            .map(drop)
    })?;
    stage(context, choice, purpose, &dist)
}

/// Called by Trunk after each build, with the folder that will become the app's.
pub(crate) fn stage_from_hook(context: &Context) -> anyhow::Result<()> {
    // xtask itself runs Trunk and stages afterwards.
    if std::env::var_os("VIGIE_SKIP_STAGE").is_some() {
        return Ok(());
    }
    let staging = std::env::var_os("TRUNK_STAGING_DIR").ok_or_else(|| {
        Stop::new(
            "`stage` is for Trunk, which names the folder in TRUNK_STAGING_DIR.",
            "run `cargo xtask build`",
        )
    })?;
    models::build(context)?;
    workers::build(context, Choice::default(), Purpose::Demo)?;
    stage(context, Choice::default(), Purpose::Demo, Path::new(&staging))
}

/// Puts workers and models into a built app.
fn stage(context: &Context, choice: Choice, purpose: Purpose, dist: &Path) -> anyhow::Result<()> {
    let made = workers::folder(context, purpose);
    std::fs::remove_dir_all(dist.join("workers")).ok();
    for worker in workers::chosen(choice) {
        place(&made.join(worker.name), &dist.join("workers").join(worker.name))?;
    }
    place(&models::folder(context), &dist.join("models"))?;
    service_worker(context, dist)
}

/// Writes the service worker with the list of what the page needs to start without the relay: the page itself, the CPU
/// workers and the smallest network. The rest is kept when it is first used.
fn service_worker(context: &Context, dist: &Path) -> anyhow::Result<()> {
    let mut paths = Vec::new();
    collect(dist, &mut paths)?;
    let wanted = |path: &Path| {
        let name = path.strip_prefix(dist).unwrap_or(path);
        let late =
            name.starts_with("models") || name.starts_with("workers/gpu") || name == Path::new("sw.js");
        !late
            || ["models/manifest.json", "models/efficientdet-lite0.bpk"]
                .iter()
                .any(|first| name == Path::new(first))
    };
    paths.retain(|path| wanted(path));
    paths.sort();
    let mut hasher = Sha256::new();
    let mut names = Vec::new();
    for path in &paths {
        let name = format!("/{}", path.strip_prefix(dist).unwrap_or(path).to_string_lossy());
        hasher.update(&name);
        hasher.update(std::fs::read(path).with_context(|| format!("reading {name}"))?);
        names.push(name);
    }
    let template =
        std::fs::read_to_string(context.root.join("static/sw.js")).context("reading static/sw.js")?;
    let script = template
        .replace("'unstaged'", &format!("'{}'", &hex(&hasher.finalize())[..16]))
        .replace("const FILES = [];", &format!("const FILES = {};", serde_json::to_string(&names)?));
    std::fs::write(dist.join("sw.js"), script).context("writing sw.js")
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(folder).with_context(|| format!("listing {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, paths)?;
        } else {
            paths.push(path);
        }
    }
    Ok(())
}

/// Hard links where the file system allows, copies elsewhere.
fn place(from: &Path, to: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(to).with_context(|| format!("creating {}", to.display()))?;
    for entry in std::fs::read_dir(from).with_context(|| format!("listing {}", from.display()))? {
        let source = entry?.path();
        let Some(name) = source.file_name() else { continue };
        let target = to.join(name);
        std::fs::remove_file(&target).ok();
        if source.is_file() && std::fs::hard_link(&source, &target).is_err() {
            std::fs::copy(&source, &target).with_context(|| format!("copying {}", source.display()))?;
        }
    }
    Ok(())
}
