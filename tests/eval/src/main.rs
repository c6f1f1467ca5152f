//! Replays footage and recorded detections through the engine and scores what comes of it.
//!
//! What lives here: reading footage through ffmpeg, detections from the network or from a recording, the run of one camera, its
//! outputs, and the table over all cases. What may not: anything that decides; that is the engine's. The formats are described in
//! `tests/eval/README.md`.

mod feed;
mod mot_output;
mod network;
mod outputs;
mod progress;
mod record;
mod run;
mod settings;
mod source;
mod video;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "eval", about = "Replay and evaluation", disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

/// One module each.
#[derive(Subcommand)]
enum Command {
    /// Run one camera's footage or recorded detections and write down its signals
    Run(run::Options),
    /// Write down what the network sees of some footage
    Record(record::Options),
}

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Run(options) => run::run(&options),
        Command::Record(options) => record::run(&options),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}
