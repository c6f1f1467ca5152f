//! `cargo xtask test`: what the build server does, step by step, on any machine.
//!
//! A step that fails does not keep the next ones from running, except those that need what it makes; the command fails in
//! the end. The closing lines of the test runners are printed once more at the end.

mod checks;
mod e2e;

use crate::context::Context;
use crate::failure::Stop;
use crate::process::Run;
use crate::workers::Choice;
use crate::{demo, models, npm, system, tools};
use std::time::Instant;

/// What a native build selects. Demo and tests use the same words, so that cargo gives every dependency the same features and
/// compiles it once. The two workers are nothing but wasm.
pub(crate) const NATIVE: [&str; 9] = [
    "--workspace",
    "--exclude",
    "vigie-worker-cpu",
    "--exclude",
    "vigie-worker-gpu",
    "--features",
    NATIVE_FEATURES,
    "--features",
    "vigie-worker/host",
];
const NATIVE_FEATURES: &str = "vigie-models/import,vigie-engine/detector";

/// Options of the tests.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Run these steps only; may be given several times
    #[arg(long, value_enum)]
    only: Vec<Step>,
    /// Arguments for the runner of the last step, after --
    #[arg(last = true)]
    rest: Vec<String>,
}

/// The steps, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Step {
    /// Formatting
    Fmt,
    /// What must not be in the repository: paths of a machine, registry hosts, forbidden capabilities
    Checks,
    /// Spelling
    Typos,
    /// Licences, sources and doubled crates
    Deny,
    /// Clippy on the native crates
    Clippy,
    /// Clippy on the crates for wasm
    ClippyWasm,
    /// Unit and integration tests
    Unit,
    /// Examples in the documentation
    Doc,
    /// Tests that run as wasm
    Wasm,
    /// Everything that the demo serves
    Build,
    /// Playwright in Chromium
    E2e,
}

impl Step {
    const ALL: [Self; 11] = [
        Self::Fmt,
        Self::Checks,
        Self::Typos,
        Self::Deny,
        Self::Clippy,
        Self::ClippyWasm,
        Self::Unit,
        Self::Doc,
        Self::Wasm,
        Self::Build,
        Self::E2e,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Fmt => "fmt",
            Self::Checks => "checks",
            Self::Typos => "typos",
            Self::Deny => "deny",
            Self::Clippy => "clippy",
            Self::ClippyWasm => "clippy-wasm",
            Self::Unit => "unit",
            Self::Doc => "doc",
            Self::Wasm => "wasm",
            Self::Build => "build",
            Self::E2e => "e2e",
        }
    }

    /// Does the step; gives the runner's closing lines.
    fn run(self, context: &Context, rest: &[String]) -> anyhow::Result<Vec<String>> {
        let cargo = |args: &[&str]| cargo(context, self.name(), args, rest);
        match self {
            Self::Fmt => cargo(&["fmt", "--all", "--", "--check"]),
            Self::Checks => checks::run(context).map(|line| vec![line]),
            Self::Typos => {
                tools::install(context, &tools::TYPOS)?;
                Run::new(context, "typos", "typos").go()
            }
            Self::Deny => {
                tools::install(context, &tools::DENY)?;
                context.console.line("deny", "licences, sources and bans; advisories need a database from the internet and are not looked at");
                // Not `cargo`'s closing lines only: its last line names what was judged.
                Run::cargo(context, "deny")
                    .args(["deny", "--locked", "--color", "never", "check", "bans", "licenses", "sources"])
                    .go()
                    .map(|lines| last(&lines, |line| line.contains("bans ok")))
            }
            Self::Clippy => cargo(&[
                "clippy",
                "--locked",
                "--all-targets",
                "--features",
                NATIVE_FEATURES,
                "--",
                "-D",
                "warnings",
            ]),
            Self::ClippyWasm => {
                tools::wasm_target(context)?;
                cargo(&[
                    "clippy",
                    "--locked",
                    "--target",
                    "wasm32-unknown-unknown",
                    "--all-targets",
                    "-p",
                    "vigie-app",
                    "-p",
                    "vigie-worker",
                    "-p",
                    "vigie-worker-cpu",
                    "-p",
                    "vigie-worker-gpu",
                    "--",
                    "-D",
                    "warnings",
                ])
            }
            Self::Unit => {
                tools::install(context, &tools::NEXTEST)?;
                // Parity tests read the networks; they stand aside without them, so have them.
                models::build(context)?;
                let run = Run::cargo(context, "unit").args(["nextest", "run", "--locked"]).args(NATIVE);
                let lines = run
                    .args(rest)
                    .env("VIGIE_MODELS", models::folder(context))
                    .env("CARGO_TERM_COLOR", "never")
                    .go()?;
                Ok(last(&lines, |line| line.trim_start().starts_with("Summary")))
            }
            Self::Doc => {
                let lines = Run::cargo(context, "doc")
                    .args(["test", "--locked", "--doc"])
                    .args(NATIVE)
                    .args(rest)
                    .env("CARGO_TERM_COLOR", "never")
                    .go()?;
                Ok(lines.into_iter().filter(|line| line.starts_with("test result")).collect())
            }
            Self::Wasm => wasm_tests(context, rest),
            Self::Build => demo::build(context, Choice::default()).map(|()| Vec::new()),
            Self::E2e => e2e::run(context, rest),
        }
    }
}

/// The kernels as wasm on node, with plain and with relaxed SIMD, and the engine's analysis.
fn wasm_tests(context: &Context, rest: &[String]) -> anyhow::Result<Vec<String>> {
    tools::for_workers(context)?;
    // Older versions of Node.js have relaxed SIMD behind an option that newer ones, which need none, refuse.
    let option = "--experimental-wasm-relaxed-simd";
    let behind_option = Run::new(context, "node option", "node").args([option, "--version"]).go().is_ok();
    let mut closing = Vec::new();
    for feature in ["flex", "relaxed"] {
        let lines = Run::cargo(context, &format!("wasm {feature}"))
            .args(["test", "--locked", "--target", "wasm32-unknown-unknown", "-p", "vigie-models", "--lib"])
            .args(["--no-default-features", "--features", feature])
            .args(rest)
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner")
            .env("NODE_ARGS", if behind_option { option } else { "" })
            .go()?;
        closing.extend(last(&lines, |line| line.starts_with("test result")));
    }
    // The same scene as natively, and the same bytes.
    let lines = Run::cargo(context, "wasm engine")
        .args([
            "test",
            "--locked",
            "--target",
            "wasm32-unknown-unknown",
            "-p",
            "vigie-engine",
            "--test",
            "same_bytes",
        ])
        .args(rest)
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner")
        .go()?;
    closing.extend(last(&lines, |line| line.starts_with("test result")));
    Ok(closing)
}

fn cargo(context: &Context, step: &str, args: &[&str], rest: &[String]) -> anyhow::Result<Vec<String>> {
    Run::cargo(context, step).args(args).args(rest).env("CARGO_TERM_COLOR", "never").go()
}

fn last(lines: &[String], wanted: impl Fn(&str) -> bool) -> Vec<String> {
    lines.iter().rev().find(|line| wanted(line)).map(|line| line.trim().to_owned()).into_iter().collect()
}

/// Says at once what the machine lacks, and not after half an hour of compiling.
fn preflight(context: &Context, steps: &[Step]) -> anyhow::Result<()> {
    let links = |step: &Step| !matches!(step, Step::Fmt | Step::Checks);
    if steps.iter().any(links) {
        tools::require_cc(context)?;
    }
    if steps.contains(&Step::E2e) {
        npm::require_node(context, npm::NODE_FOR_TESTS)?;
        system::chromium(context)?;
    } else if steps.iter().any(|step| matches!(step, Step::Unit | Step::Wasm | Step::Build)) {
        npm::require_node(context, npm::NODE_FOR_BUILD)?;
    }
    Ok(())
}

/// Runs the steps.
pub(crate) fn run(context: &Context, options: &Options) -> anyhow::Result<()> {
    let steps: Vec<Step> = if options.only.is_empty() { Step::ALL.to_vec() } else { options.only.clone() };
    preflight(context, &steps)?;
    let mut report = Vec::new();
    let mut failed: Vec<Step> = Vec::new();
    for step in steps {
        let name = step.name();
        if step == Step::E2e && failed.contains(&Step::Build) {
            report.push(format!("{name:<12} not run: the build failed"));
            continue;
        }
        let rest: &[String] = if options.only.last() == Some(&step) { &options.rest } else { &[] };
        let began = Instant::now();
        let done = context.console.step(name, "running", || step.run(context, rest));
        let seconds = began.elapsed().as_secs_f64();
        match done {
            Ok(lines) => {
                report.push(format!("{name:<12} ok      {seconds:>7.1} s"));
                let closing = !matches!(step, Step::Fmt | Step::Clippy | Step::ClippyWasm | Step::Typos);
                report.extend(
                    lines.into_iter().filter(|_| closing).map(|line| format!("             {}", line.trim())),
                );
            }
            Err(error) => {
                report.push(format!("{name:<12} FAILED  {seconds:>7.1} s"));
                report.extend(error.to_string().lines().map(|line| format!("             {line}")));
                failed.push(step);
            }
        }
    }
    println!("\n{}\n", report.join("\n"));
    if failed.is_empty() {
        println!("All steps passed.");
        return Ok(());
    }
    let names: Vec<_> = failed.iter().map(|step| step.name()).collect();
    let again: Vec<_> = names.iter().map(|name| format!("--only {name}")).collect();
    Err(Stop::new(
        format!("{} of the steps failed: {}.", names.len(), names.join(", ")),
        format!("repeat what failed alone: cargo xtask test {}", again.join(" ")),
    ))
}
