//! `eval record`: what the network sees of some footage, one line a frame, for runs without the network and for scenarios.

use crate::feed::{Feed, Source};
use crate::network::{Network, NetworkOptions};
use crate::progress::Progress;
use crate::source::Selection;
use anyhow::Context as _;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use vigie_scenarios::RecordedFrame;

/// Options of a recording.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// The footage
    #[arg(long)]
    video: PathBuf,
    /// Where the recording goes
    #[arg(long)]
    out: PathBuf,
    #[command(flatten)]
    network: NetworkOptions,
    #[command(flatten)]
    selection: Selection,
}

/// Records.
pub(crate) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    record(&options.video, &options.network, options.selection, &options.out)?;
    Ok(ExitCode::SUCCESS)
}

/// Records into a file, which is there only when it is whole.
pub(crate) fn record(
    video: &Path,
    network: &NetworkOptions,
    selection: Selection,
    out: &Path,
) -> anyhow::Result<()> {
    let source = Source::Network(video, Box::new(Network::load(network)?));
    let mut feed = Feed::open(source, selection, false, false)?;
    let unfinished = out.with_extension("unfinished");
    let file = std::fs::File::create(&unfinished).with_context(|| format!("writing {}", out.display()))?;
    let mut file = BufWriter::new(file);
    let mut progress = Progress::new("recording");
    while let Some(moment) = feed.next()? {
        let frame = RecordedFrame::new(moment.at, &moment.detections);
        let counted = moment.counted.as_ref().filter(|(at, _)| *at == moment.at);
        let frame = frame.with_tiled(counted.map(|(_, boxes)| boxes.as_slice()));
        writeln!(file, "{}", frame.to_line())?;
        progress.frame(moment.at);
    }
    file.into_inner().context("writing the recording")?;
    std::fs::rename(&unfinished, out).with_context(|| format!("writing {}", out.display()))
}
