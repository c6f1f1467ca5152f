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
    #[arg(long, default_value_t = PORT)]
    port: u16,
    /// Folder of the record [default: target/vigie/data, or target/vigie/data-PORT on another port]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    #[command(flatten)]
    choice: Choice,
    /// Arguments for the relay, after --
    #[arg(last = true)]
    rest: Vec<String>,
}

/// Where the demo listens unless it is told otherwise.
const PORT: u16 = 8440;

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
    serve(context, &built, options)
}

/// Builds only.
pub(crate) fn build(context: &Context, choice: Choice) -> anyhow::Result<()> {
    let built = build_all(context, choice)?;
    context.console.line("app", &format!("is in {}", built.dist.display()));
    context.console.line("relay", &format!("is {}", built.relay.display()));
    Ok(())
}

/// Two lanes, because the last minutes of each wasm module keep one core busy only: the WebGPU worker in one, everything
/// else in the other. They use different cargo profiles, so cargo's locks do not make one wait for the other. What is
/// fetched comes before all that: a wrong hash or a registry that is down shows in seconds.
pub(crate) fn build_all(context: &Context, choice: Choice) -> anyhow::Result<Built> {
    tools::require_system(context)?;
    models::fetch(context)?;
    let clips = clips::prepare(context)?;
    tools::for_build(context)?;
    std::thread::scope(|scope| {
        let gpu = scope.spawn(|| {
            let gpu = WORKERS.iter().filter(|worker| worker.name == "gpu" && !choice.no_gpu_engine);
            gpu.into_iter().try_for_each(|worker| workers::build_one(context, worker, Purpose::Demo))
        });
        workers::build(context, Choice { no_gpu_engine: true }, Purpose::Demo)?;
        models::build(context)?;
        let relay = relay::build(context)?;
        gpu.join().map_err(|_| anyhow::anyhow!("the thread that builds the WebGPU worker ended badly"))??;
        app::build(context, choice)?;
        Ok(Built { relay, dist: app::folder(context, Purpose::Demo), clips })
    })
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

/// Each port has a record of its own, because a record takes one relay at a time.
fn data_folder(context: &Context, options: &Options) -> PathBuf {
    match &options.data {
        Some(folder) => folder.clone(),
        None if options.port == PORT => context.made().join("data"),
        None => context.made().join(format!("data-{}", options.port)),
    }
}

fn serve(context: &Context, built: &Built, options: &Options) -> anyhow::Result<()> {
    let data = data_folder(context, options);
    let seconds = context.console.elapsed().as_secs_f64();
    println!("\nBuilt after {seconds:.1} s. The relay says when it is ready; Ctrl-C ends it.");
    if built.clips.is_empty() {
        println!("No demo camera could be had: choose a video file or a webcam in the page.");
    }
    println!();
    let arguments = relay_arguments(&built.dist, &data, &built.clips, options.port);
    // The relay takes this process's place, so that whatever ends the demo ends the relay.
    let error = Command::new(&built.relay)
        .args(arguments)
        .args(&options.rest)
        .env("RUST_LOG", std::env::var("RUST_LOG").unwrap_or_else(|_| "warn".to_owned()))
        .exec();
    Err(error).context("starting the relay")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::Console;

    #[test]
    fn each_port_has_a_record_of_its_own() {
        let context = Context { root: "r".into(), target: "t".into(), console: Console::new() };
        let folder = |port, data: Option<&str>| {
            let data = data.map(PathBuf::from);
            data_folder(&context, &Options { port, data, choice: Choice::default(), rest: Vec::new() })
        };
        assert_eq!(folder(PORT, None), Path::new("t/vigie/data"));
        assert_eq!(folder(9000, None), Path::new("t/vigie/data-9000"));
        assert_eq!(folder(9000, Some("mine")), Path::new("mine"));
    }
}
