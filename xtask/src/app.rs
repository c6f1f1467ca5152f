//! The web app: Trunk builds the page, and its hook puts workers and models beside it.

use crate::context::Context;
use crate::failure::Stop;
use crate::process::Run;
use crate::stamp::{Inputs, unless_fresh};
use crate::workers::{Choice, Purpose};
use crate::{models, tools, workers};
use anyhow::Context as _;
use std::path::{Path, PathBuf};

/// What the page is made from, apart from its workers and models.
const SOURCES: &[&str] = &[
    "Cargo.toml",
    "Cargo.lock",
    ".cargo/config.toml",
    "rust-toolchain.toml",
    "protocol",
    "engine/Cargo.toml",
    "engine/src",
    "app/Cargo.toml",
    "app/src",
    "app/i18n",
    "app/index.html",
    "app/worker/Cargo.toml",
    "app/worker/src",
    "Trunk.toml",
    "app/Trunk.toml",
    "static",
];

/// Tells the hook for whom it stages.
const PURPOSE: &str = "VIGIE_PURPOSE";

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
    let inputs =
        Inputs::new().paths(context, SOURCES)?.text(&tools::locked_version(context, "wasm-bindgen")?);
    unless_fresh(context, step, "compiling", inputs, &[dist.join("index.html")], || {
        Run::new(context, step, "trunk")
            .args(["build", "--release", "--cargo-profile", "wasm", "--dist"])
            .arg(&dist)
            .env("TRUNK_OFFLINE", "true")
            .env("TRUNK_SKIP_VERSION_CHECK", "true")
            // Trunk takes 1 for an unknown value of its own setting of that name.
            .env("NO_COLOR", "true")
            .env(
                PURPOSE,
                match purpose {
                    Purpose::Demo => "demo",
                    Purpose::Dist => "dist",
                },
            )
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
    place(&models::folder(context), &dist.join("models"))
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
