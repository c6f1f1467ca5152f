//! `cargo xtask eval …`: builds the evaluation as a release and hands everything on to it.

use crate::context::Context;
use crate::process::Run;
use crate::{models, system};
use anyhow::Context as _;

/// Arguments for the evaluation.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// run, record, all, mot …; `cargo xtask eval --help` lists them, `cargo xtask eval run --help` explains one
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

/// Builds and runs.
pub(crate) fn run(context: &Context, options: &Options) -> anyhow::Result<()> {
    let needs = needs(&options.arguments);
    if needs.ffmpeg {
        system::ffmpeg(context)?;
    }
    let mut build = vec!["build", "--release", "--locked", "-p", "vigie-eval"];
    if needs.network {
        models::build(context)?;
        build.extend(["--features", "detector"]);
    }
    context.console.step("eval", "building", || Run::cargo(context, "eval build").args(build).go())?;
    let here = std::env::current_dir().context("finding the current folder")?;
    Run::new(context, "eval", context.target.join("release/vigie-eval"))
        .args(&options.arguments)
        .dir(here)
        .env("VIGIE_MODELS", models::folder(context))
        .shown()
        .go()
        .map(drop)
}

/// What has to be there before the evaluation is started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Needs {
    network: bool,
    /// Without it the table of all cases says what it left out; whoever names footage needs it.
    ffmpeg: bool,
}

fn needs(arguments: &[String]) -> Needs {
    let given = |name: &str| {
        arguments.iter().any(|argument| argument.split('=').next().is_some_and(|argument| argument == name))
    };
    let help = given("--help") || given("-h") || arguments.is_empty();
    let network = !help
        && match arguments.first().map(String::as_str) {
            Some("run") => !given("--detections"),
            Some("mot") => false,
            _ => true,
        };
    Needs { network, ffmpeg: !help && given("--video") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_made_that_is_not_needed() {
        let of = |line: &str| {
            let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
            let Needs { network, ffmpeg } = needs(&words);
            (network, ffmpeg)
        };
        assert_eq!(of("run --video a.mp4 --settings s.json --out o"), (true, true));
        assert_eq!(of("run --video=a.mp4 --detections=d.jsonl --settings s --out o"), (false, true));
        assert_eq!(of("run --detections d.jsonl --settings s --out o"), (false, false));
        assert_eq!(of("record --video a.mp4 --out o"), (true, true));
        assert_eq!(of("mot --det d.txt --fps 25 --out r.txt"), (false, false));
        assert_eq!(of("all"), (true, false));
        assert_eq!(of("run --help"), (false, false));
        assert_eq!(of(""), (false, false));
    }
}
