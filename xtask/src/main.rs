//! The commands of the project: everything that a newcomer, a colleague or the build server runs.
//!
//! | command | what |
//! |---|---|
//! | `demo` | build what is needed, then serve the app and the demo camera on one local address |
//! | `test` | exactly what the build server does |
//! | `build` | what `demo` builds, without serving it |
//! | `tools`, `models`, `clips`, `workers`, `app`, `relay` | one part of `build` |
//! | `dist`, `sizes` | smallest build, and its sizes against the budget |
//! | `bench` | measurements in the browser |
//! | `eval` | replay of footage and recorded detections: signals, tracks, the table of all cases |
//! | `stage` | what Trunk calls after a build, so that workers and models lie beside the app |
//! | `env` | shell lines after which `trunk serve` and `trunk build` find their tools |
//!
//! This crate is compiled before anything else, so it depends on little and never on the rest of the workspace.

mod app;
mod bench;
mod clips;
mod console;
mod context;
mod demo;
mod dist;
mod eval;
mod failure;
mod fetch;
mod models;
mod npm;
mod process;
mod relay;
mod stamp;
mod system;
mod test;
mod tools;
mod workers;

use clap::{Parser, Subcommand};
use context::Context;
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The commands of Vigie", disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build everything and serve the app with its demo cameras on this machine
    Demo(demo::Options),
    /// Build everything that the demo serves
    Build(workers::Choice),
    /// Do what the build server does
    Test(test::Options),
    /// Install the tools of the build
    Tools,
    /// Fetch the networks and convert them
    Models,
    /// Fetch the demo clips
    Clips,
    /// Build the inference workers
    Workers(workers::Choice),
    /// Build the web app
    App(workers::Choice),
    /// Build the relay
    Relay,
    /// Build everything as small as it gets
    Dist,
    /// Build as `dist` does and hold the sizes against the budget
    Sizes,
    /// Measure in the browser
    Bench(bench::Options),
    /// Replay footage or recorded detections: run, record, all, mot
    #[command(disable_help_flag = true)]
    Eval(eval::Options),
    /// Put workers and models into Trunk's output (Trunk's hook calls this)
    Stage,
    /// Print the shell lines that put the tools on the path: eval "$(cargo xtask env)"
    Env,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match Context::discover().and_then(|context| run(&context, cli.command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            failure::report(&error);
            ExitCode::FAILURE
        }
    }
}

fn run(context: &Context, command: Command) -> anyhow::Result<()> {
    match command {
        Command::Demo(options) => demo::run(context, &options),
        Command::Build(choice) => demo::build(context, choice),
        Command::Test(options) => test::run(context, &options),
        Command::Tools => tools::for_build(context),
        Command::Models => models::build(context).map(drop),
        Command::Clips => clips::prepare(context).map(drop),
        Command::Workers(choice) => {
            tools::for_build(context)?;
            workers::build(context, choice, workers::Purpose::Demo)
        }
        Command::App(choice) => {
            tools::for_build(context)?;
            app::build(context, choice)
        }
        Command::Relay => relay::build(context).map(drop),
        Command::Dist => dist::build(context),
        Command::Sizes => dist::sizes(context),
        Command::Bench(options) => bench::run(context, &options),
        Command::Eval(options) => eval::run(context, &options),
        Command::Stage => app::stage_from_hook(context),
        Command::Env => {
            tools::print_env(context);
            Ok(())
        }
    }
}
