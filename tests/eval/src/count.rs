//! `eval count`: people counted in still pictures by the whole picture and tiles of it, against the true numbers.

use crate::network::{Network, NetworkOptions};
use crate::source::Selection;
use crate::video::Video;
use anyhow::Context as _;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use vigie_engine::counting::count;

/// Options of a count.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Folder of the pictures
    #[arg(long)]
    images: PathBuf,
    /// Their true numbers: `{"picture.jpg": {"count": 12, …}, …}`
    #[arg(long)]
    points: PathBuf,
    /// Side of the square tiles that are looked at beside the whole picture, pixels of it; 0 for none [default: half the shorter side]
    #[arg(long)]
    tile: Option<u32>,
    #[command(flatten)]
    network: NetworkOptions,
}

/// What is known of a picture.
#[derive(Deserialize)]
struct Truth {
    count: u32,
}

/// Counts every picture and prints a table, with the mean absolute error last.
pub(crate) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let points = std::fs::read_to_string(&options.points)
        .with_context(|| format!("reading {}", options.points.display()))?;
    let truths: BTreeMap<String, Truth> =
        serde_json::from_str(&points).with_context(|| format!("reading {}", options.points.display()))?;
    anyhow::ensure!(!truths.is_empty(), "{} names no picture", options.points.display());
    let mut network = Network::load(&options.network)?;
    let (mut people, mut off, mut bias) = (0.0, 0.0, 0.0);
    println!("{:<28} {:>5} {:>7} {:>6}", "picture", "true", "counted", "error");
    for (name, truth) in &truths {
        let path = options.images.join(name);
        let mut video = Video::open(&path, Selection::default(), false)?;
        let picture = video.next()?.with_context(|| format!("{} is no picture", path.display()))?;
        let found = count(&network.detect_tiles(&picture, options.tile)?);
        let (true_count, error) = (truth.count as f32, found.persons - truth.count as f32);
        println!("{name:<28} {true_count:>5.0} {:>7.1} {error:>+6.1}", found.persons);
        people += true_count;
        off += error.abs();
        bias += error;
    }
    let pictures = truths.len() as f32;
    println!(
        "mean absolute error {:.2} of {:.2} people: {:.1} %; bias {:+.1} %",
        off / pictures,
        people / pictures,
        100.0 * off / people,
        100.0 * bias / people
    );
    Ok(ExitCode::SUCCESS)
}
