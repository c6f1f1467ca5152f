//! `cargo xtask bench browser`: milliseconds per frame in a real Chromium, beside other runtimes.

use crate::context::Context;
use crate::failure::Stop;
use crate::process::{Run, find};
use crate::workers::{Choice, Purpose};
use crate::{clips, models, npm, system, tools, workers};

/// Options of the measurements.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// What to measure
    #[arg(value_enum)]
    what: What,
    /// Print one JSON object instead of a table
    #[arg(long)]
    json: bool,
    /// Arguments for the measuring script, after --
    #[arg(last = true)]
    rest: Vec<String>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum What {
    /// The CPU engine beside MediaPipe and onnxruntime-web, in one page
    Browser,
}

/// Builds the workers as they ship, fetches the peers, and measures.
pub(crate) fn run(context: &Context, options: &Options) -> anyhow::Result<()> {
    let What::Browser = options.what;
    tools::for_workers(context)?;
    let modules = npm::install(context, "bench", "app/worker/bench")?;
    let models = models::build(context)?;
    let clips = clips::prepare(context)?;
    workers::build(context, Choice { no_gpu_engine: true }, Purpose::Dist)?;
    let chromium = system::chromium(context)?;
    let clip = clips.iter().find(|clip| clip.id == "plaza").ok_or_else(|| {
        Stop::new(
            "The measurement needs the plaza clip.",
            "make the npm registry reachable, then run the same command again",
        )
    })?;
    anyhow::ensure!(find(context, &["node"]).is_some(), "node is not on the path");
    Run::new(context, "bench browser", "node")
        .arg("app/worker/bench/bench.mjs")
        .args(options.json.then_some("--json"))
        .args(&options.rest)
        .env("NODE_PATH", &modules)
        .env("VIGIE_CHROMIUM", chromium)
        .env("VIGIE_WORKERS", workers::folder(context, Purpose::Dist))
        .env("VIGIE_MODELS", models)
        .env("VIGIE_MODEL_SOURCES", models::sources(context))
        .env("VIGIE_CLIP", &clip.file)
        .shown()
        .go()
        .map(drop)
}
