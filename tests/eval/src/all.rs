//! `eval all`: every scenario and, where it is present, the shared footage, in one table.

use crate::footage::{self, Footage};
use crate::network::NetworkOptions;
use crate::table::{Row, Word, print};
use anyhow::Context as _;
use std::path::PathBuf;
use std::process::ExitCode;
use vigie_scenarios::{Case, Playback, cases, judge, load, replay};

/// Options of the table.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Only cases whose name contains this; may be given several times
    #[arg(long)]
    only: Vec<String>,
    /// Folder of the shared footage [default: `shared` beside the checkout]
    #[arg(long, env = "VIGIE_SHARED")]
    shared: Option<PathBuf>,
    /// Folder with recordings, FOOTAGE.MODEL.jsonl, that are used instead of running the network
    #[arg(long)]
    recordings: Option<PathBuf>,
    #[command(flatten)]
    network: NetworkOptions,
    /// Say what is wrong with each case that fails
    #[arg(long)]
    verbose: bool,
}

/// Runs everything; fails when a case without a known failure does.
pub(crate) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let wanted = |name: &str| options.only.is_empty() || options.only.iter().any(|part| name.contains(part));
    let mut rows = Vec::new();
    for folder in cases()? {
        let case = load(&folder)?;
        if wanted(&case.name) {
            rows.push(scenario(&case));
        }
    }
    let shared = options.shared.clone().unwrap_or_else(footage::default_shared);
    let footage: Vec<Footage> = footage::read_all()?;
    let present = shared.join("data/footage").is_dir();
    if !present {
        eprintln!(
            "no footage at {}: only the scenarios are run (VIGIE_SHARED names the folder)",
            shared.display()
        );
    }
    for footage in footage.iter().filter(|footage| wanted(&footage.name)) {
        let row = if present {
            footage::run(footage, &shared, options.recordings.as_deref(), &options.network)
                .with_context(|| footage.name.clone())
                .unwrap_or_else(|error| Row::skipped(&footage.name, &format!("{error:#}")))
        } else {
            Row::skipped(&footage.name, "no footage")
        };
        rows.push(row);
    }
    print(&rows, options.verbose);
    let failed = rows.iter().any(|row| row.word == Word::Failed);
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// All runs of a scenario, as one row.
fn scenario(case: &Case) -> Row {
    let mut row = Row::new(&case.name);
    let mut passed = 0;
    for run in &case.runs {
        let got = replay(run);
        let verdict = judge(&case.expected, &got, run.strict);
        passed += usize::from(verdict.passes());
        row.add(
            &case.expected,
            &got,
            &verdict,
            hours(&got, run.frames.last().map_or(0.0, |f| f.scenario_secs)),
        );
        row.complaints
            .extend(verdict.complaints.iter().map(|complaint| format!("{}: {complaint}", run.name)));
    }
    row.note = format!("{passed} of {} runs", case.runs.len());
    row.judged(passed == case.runs.len(), case.expected.known_failure.as_deref());
    row
}

fn hours(got: &Playback, end_secs: f64) -> f64 {
    (end_secs - got.start_secs).max(0.0) / 3600.0
}
