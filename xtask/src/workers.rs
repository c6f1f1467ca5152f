//! The inference workers: each a wasm module of its own, loaded by the page with `new Worker(…, {type: "module"})`.

use crate::context::Context;
use crate::process::Run;
use crate::stamp::{Inputs, unless_fresh};
use anyhow::Context as _;
use std::path::{Path, PathBuf};

/// What is built and what is left out.
#[derive(Clone, Copy, Default, clap::Args)]
pub(crate) struct Choice {
    /// Leave the WebGPU worker out: quicker to build, and the page then runs on the CPU engine
    #[arg(long)]
    pub(crate) no_gpu_engine: bool,
}

/// For whom a worker is built.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// This machine: same code, little time spent on size.
    Demo,
    /// Others: as small as it gets.
    Dist,
}

/// One worker.
pub(crate) struct Worker {
    /// Folder under `/workers/`.
    pub(crate) name: &'static str,
    package: &'static str,
    /// Program of the package. Variants have one each: under a shared name, cargo takes one for the other.
    program: &'static str,
    /// Cargo profile of the workspace.
    profile: &'static str,
    features: &'static [&'static str],
    /// Optimisation level for `wasm-opt`, for the demo and for others.
    levels: (Option<&'static str>, &'static str),
}

/// All of them.
pub(crate) const WORKERS: [Worker; 3] = [
    Worker {
        name: "cpu",
        package: "vigie-worker-cpu",
        program: "vigie-worker-cpu",
        profile: "wasm-fast",
        features: &[],
        levels: (Some("-O1"), "-O3"),
    },
    Worker {
        name: "cpu-relaxed",
        package: "vigie-worker-cpu",
        program: "vigie-worker-cpu-relaxed",
        profile: "wasm-fast",
        features: &["relaxed"],
        levels: (Some("-O1"), "-O3"),
    },
    // 25 MB of wasm: minutes of wasm-opt for a file that goes over the loopback once.
    Worker {
        name: "gpu",
        package: "vigie-worker-gpu",
        program: "vigie-worker-gpu",
        profile: "wasm",
        features: &[],
        levels: (None, "-Oz"),
    },
];

/// What both the page and the workers are made from and with. `Cargo.lock` gives the version of wasm-bindgen, the other lock
/// file that of wasm-opt.
pub(crate) const SHARED: &[&str] = &[
    "Cargo.toml",
    "Cargo.lock",
    ".cargo/config.toml",
    "rust-toolchain.toml",
    "xtask/npm/build/package-lock.json",
    "protocol",
    "engine/Cargo.toml",
    "engine/src",
];

/// What the workers' modules are made from besides.
const SOURCES: &[&str] = &["models/Cargo.toml", "models/src", "app/worker"];

/// Features of wasm that the modules may use, for `wasm-opt`.
const WASM_FEATURES: &[&str] = &[
    "--enable-simd",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
    "--enable-extended-const",
];

/// Where the finished workers are.
pub(crate) fn folder(context: &Context, purpose: Purpose) -> PathBuf {
    match purpose {
        Purpose::Demo => context.made().join("workers"),
        Purpose::Dist => context.made().join("workers-dist"),
    }
}

/// The workers of a choice.
pub(crate) fn chosen(choice: Choice) -> impl Iterator<Item = &'static Worker> {
    WORKERS.iter().filter(move |worker| !(choice.no_gpu_engine && worker.name == "gpu"))
}

/// Builds the workers one after the other; the tools must be there.
pub(crate) fn build(context: &Context, choice: Choice, purpose: Purpose) -> anyhow::Result<()> {
    chosen(choice).try_for_each(|worker| build_one(context, worker, purpose))
}

/// Builds one worker: cargo, wasm-bindgen, wasm-opt.
pub(crate) fn build_one(context: &Context, worker: &Worker, purpose: Purpose) -> anyhow::Result<()> {
    let level = match purpose {
        Purpose::Demo => worker.levels.0,
        Purpose::Dist => Some(worker.levels.1),
    };
    let step = match purpose {
        Purpose::Demo => format!("worker {}", worker.name),
        Purpose::Dist => format!("worker {} dist", worker.name),
    };
    let inputs = Inputs::new()
        .paths(context, SHARED)?
        .paths(context, SOURCES)?
        .text(level.unwrap_or_default())
        .text(&WASM_FEATURES.join(" "))
        .text(worker.profile)
        .text(&worker.features.join(" "));
    let place = folder(context, purpose).join(worker.name);
    let outputs = ["boot.js", "worker.js", "worker_bg.wasm"].map(|file| place.join(file));
    unless_fresh(context, &step, "compiling", inputs, &outputs, || {
        let wasm = compile(context, worker, &step)?;
        bind(context, &step, &wasm, &place)?;
        std::fs::copy(context.root.join("app/worker/boot.js"), place.join("boot.js"))
            .context("copying boot.js")?;
        if let Some(level) = level {
            optimise(context, &step, level, &place.join("worker_bg.wasm"))?;
        }
        Ok(())
    })
}

fn compile(context: &Context, worker: &Worker, step: &str) -> anyhow::Result<PathBuf> {
    Run::cargo(context, step)
        .args(["build", "--locked", "--target", "wasm32-unknown-unknown", "--profile", worker.profile])
        .args(["-p", worker.package, "--bin", worker.program, "--features", &worker.features.join(",")])
        .go()?;
    let built = context.target.join("wasm32-unknown-unknown").join(worker.profile);
    Ok(built.join(format!("{}.wasm", worker.program)))
}

fn bind(context: &Context, step: &str, wasm: &Path, place: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(place).context("creating a worker's folder")?;
    Run::new(context, step, "wasm-bindgen")
        .args(["--target", "web", "--no-typescript", "--out-name", "worker", "--out-dir"])
        .arg(place)
        .arg(wasm)
        .go()
        .map(drop)
}

fn optimise(context: &Context, step: &str, level: &str, wasm: &Path) -> anyhow::Result<()> {
    let smaller = wasm.with_extension("opt");
    let relaxed = wasm.parent().is_some_and(|folder| folder.ends_with("cpu-relaxed"));
    Run::new(context, step, "wasm-opt")
        .args([level, "--strip-debug", "--strip-producers"])
        .args(WASM_FEATURES)
        .args(relaxed.then_some("--enable-relaxed-simd"))
        .arg(wasm)
        .arg("-o")
        .arg(&smaller)
        .go()?;
    std::fs::rename(&smaller, wasm).context("replacing a module by its smaller form")
}
