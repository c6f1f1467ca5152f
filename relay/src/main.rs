//! The command line of the relay.

use anyhow::Context as _;
use clap::{Args, Parser, Subcommand};
use std::io::IsTerminal as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;
use vigie_protocol::CameraId;
use vigie_relay::audit;
use vigie_relay::serve::{Config, start};

/// Serves Vigie, keeps the record of every post, and checks it.
#[derive(Debug, Parser)]
#[command(name = "vigie-relay", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves the app, the record and the demo cameras, to this machine only (demo mode has no sign-in).
    Serve(Serve),
    /// Checks every post's chain and names the first broken entry of each; exit code 1 when something is wrong.
    Verify(Verify),
    /// Writes the record as JSON Lines.
    Export(Export),
}

#[derive(Debug, Args)]
struct Serve {
    /// Loopback address and port.
    #[arg(long, default_value = "127.0.0.1:8440", env = "VIGIE_LISTEN")]
    listen: SocketAddr,
    /// Folder of the built app; without it, the relay serves the API alone.
    #[arg(long, value_name = "DIR")]
    app: Option<PathBuf>,
    /// Folder of the record; made when it is not there.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// A demo camera: a VP8 or VP9 clip in WebM that it repeats. May be given several times.
    #[arg(long = "camera", value_name = "NAME=CLIP", value_parser = parse_camera)]
    cameras: Vec<(CameraId, PathBuf)>,
    /// Origin of a camera gateway that the page may connect to, such as `https://gateway.example:8889`.
    #[arg(long = "gateway", value_name = "ORIGIN")]
    gateways: Vec<String>,
    /// Origin of a development server whose pages may call the relay, such as `http://127.0.0.1:8080`.
    #[arg(long = "allow-origin", value_name = "ORIGIN")]
    allow_origins: Vec<String>,
    /// Largest database in mebibytes; when it is reached, posts keep their entries and are told to try later.
    #[arg(long, value_name = "MIB")]
    max_data: Option<u32>,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Verify {
    /// Folder of the record; a relay may be running on it.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// An export.
    #[arg(long, value_name = "FILE")]
    export: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct Export {
    /// Folder of the record; a relay may be running on it.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// File to write.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

fn parse_camera(text: &str) -> Result<(CameraId, PathBuf), String> {
    let (name, clip) = text.split_once('=').ok_or("give a name and a clip, as in plaza=people.webm")?;
    let id = CameraId::new(name).map_err(|error| error.to_string())?;
    Ok((id, clip.into()))
}

#[tokio::main]
async fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new("info,str0m=warn,is=warn,dimpl=warn"));
    let colours = std::io::stderr().is_terminal();
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(colours).init();
    let done = match Cli::parse().command {
        Command::Serve(options) => serve(options).await,
        Command::Verify(options) => verify(options).await,
        Command::Export(options) => export(options).await,
    };
    done.unwrap_or_else(|error| {
        eprintln!("vigie-relay: {error:#}");
        ExitCode::from(2)
    })
}

async fn serve(options: Serve) -> anyhow::Result<ExitCode> {
    let data = options.data.clone();
    // Signals are taken before the address is announced: whoever waits for it may stop the relay at once.
    let stop = stop_signal()?;
    let running = start(Config {
        listen: options.listen,
        app: options.app,
        data: options.data,
        max_data_mib: options.max_data,
        cameras: options.cameras,
        gateways: options.gateways,
        allow_origins: options.allow_origins,
    })
    .await?;
    println!(
        "Vigie is ready at http://{}/ (demo mode: this machine only, no sign-in; record in {})",
        running.address(),
        data.display()
    );
    stop.await;
    tracing::info!("stopping");
    running.stop().await?;
    Ok(ExitCode::SUCCESS)
}

async fn verify(options: Verify) -> anyhow::Result<ExitCode> {
    let report = match (options.data, options.export) {
        (Some(folder), _) => audit::verify_data(&folder).await?,
        (None, Some(file)) => audit::verify_export(&file)?,
        (None, None) => anyhow::bail!("give --data or --export"),
    };
    println!("{report}");
    Ok(if report.is_sound() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn export(options: Export) -> anyhow::Result<ExitCode> {
    let count = audit::export(&options.data, &options.out).await?;
    println!("{count} entries written to {}", options.out.display());
    Ok(ExitCode::SUCCESS)
}

/// Ends when the relay is asked to stop: SIGTERM or ctrl-c.
fn stop_signal() -> anyhow::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
        .context("the stop signal cannot be awaited")?;
    Ok(async move {
        #[cfg(unix)]
        tokio::select! {
            _ = terminate.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
        #[cfg(not(unix))]
        let _ = tokio::signal::ctrl_c().await;
    })
}
