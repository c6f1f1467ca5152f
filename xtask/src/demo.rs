//! `cargo xtask demo`: from a checkout to a page with a working camera.

use crate::clips::{self, Clip};
use crate::context::Context;
use crate::failure::Stop;
use crate::workers::{self, Choice, Purpose, WORKERS};
use crate::{app, models, relay, tools};
use anyhow::Context as _;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Options of the demo.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Port on this machine
    #[arg(long, default_value_t = 8440)]
    port: u16,
    #[command(flatten)]
    choice: Choice,
}

/// What the demo serves.
pub(crate) struct Built {
    pub(crate) relay: PathBuf,
    pub(crate) dist: PathBuf,
    pub(crate) clips: Vec<Clip>,
}

/// Builds, then serves until it is interrupted.
pub(crate) fn run(context: &Context, options: &Options) -> anyhow::Result<()> {
    check_port(options.port)?;
    let built = build_all(context, options.choice)?;
    check_port(options.port)?;
    serve(context, &built, options.port)
}

/// Builds only.
pub(crate) fn build(context: &Context, choice: Choice) -> anyhow::Result<()> {
    let built = build_all(context, choice)?;
    context.console.line("app", &format!("is in {}", built.dist.display()));
    context.console.line("relay", &format!("is {}", built.relay.display()));
    Ok(())
}

/// Two lanes, because the last minutes of each wasm module keep one core busy only: the WebGPU worker in one, everything
/// else in the other. They use different cargo profiles, so cargo's locks do not make one wait for the other.
pub(crate) fn build_all(context: &Context, choice: Choice) -> anyhow::Result<Built> {
    std::thread::scope(|scope| {
        let clips = scope.spawn(|| clips::prepare(context));
        let packages = scope.spawn(|| models::fetch(context));
        tools::for_build(context)?;
        let gpu = scope.spawn(|| {
            let gpu = WORKERS.iter().filter(|worker| worker.name == "gpu" && !choice.no_gpu_engine);
            gpu.into_iter().try_for_each(|worker| workers::build_one(context, worker, Purpose::Demo))
        });
        finished(packages.join())?;
        workers::build(context, Choice { no_gpu_engine: true }, Purpose::Demo)?;
        models::build(context)?;
        let relay = relay::build(context)?;
        finished(gpu.join())?;
        app::build(context, choice)?;
        let clips = finished(clips.join())?;
        Ok(Built { relay, dist: app::folder(context, Purpose::Demo), clips })
    })
}

fn finished<T>(joined: std::thread::Result<anyhow::Result<T>>) -> anyhow::Result<T> {
    joined.map_err(|_| anyhow::anyhow!("a build thread ended badly"))?
}

fn check_port(port: u16) -> anyhow::Result<()> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Ok(()),
        Err(error) => Err(Stop::new(
            format!("Port {port} cannot be used: {error}."),
            format!(
                "end the program that holds it, or take another: cargo xtask demo --port {}",
                port.wrapping_add(1)
            ),
        )),
    }
}

/// Arguments of the relay for the demo. The end-to-end tests start it in the same way.
fn relay_arguments(dist: &Path, data: &Path, clips: &[Clip], port: u16) -> Vec<String> {
    let mut arguments = vec!["serve".to_owned()];
    arguments.extend(["--listen".to_owned(), format!("127.0.0.1:{port}")]);
    arguments.extend(["--app".to_owned(), dist.display().to_string()]);
    arguments.extend(["--data".to_owned(), data.display().to_string()]);
    for clip in clips {
        arguments.extend(["--camera".to_owned(), format!("{}={}", clip.id, clip.file.display())]);
    }
    arguments
}

fn serve(context: &Context, built: &Built, port: u16) -> anyhow::Result<()> {
    let data = context.made().join("data");
    std::fs::create_dir_all(&data).context("creating the folder of the demo's record")?;
    let seconds = context.console.elapsed().as_secs_f64();
    println!("\nVigie is ready after {seconds:.1} s. Open\n\n    http://127.0.0.1:{port}/\n");
    if built.clips.is_empty() {
        println!("No demo camera could be had: choose a video file or a webcam in the page.");
    }
    println!("Only this machine can reach it. End it with Ctrl-C.\n");
    let arguments = relay_arguments(&built.dist, &data, &built.clips, port);
    // The relay takes this process's place, so that whatever ends the demo ends the relay.
    let error = Command::new(&built.relay)
        .args(arguments)
        .env("RUST_LOG", std::env::var("RUST_LOG").unwrap_or_else(|_| "warn".to_owned()))
        .exec();
    Err(error).context("starting the relay")
}
