//! `eval mot`: the tracker alone, from a file of detections to a file of tracks.

mod format;
mod paths;
mod score;

pub(crate) use format::{Row, write};
pub(crate) use paths::Paths;

use anyhow::{Context as _, ensure};
use std::path::PathBuf;
use std::process::ExitCode;
use vigie_engine::tracker::{Tracker, TrackerSettings};
use vigie_engine::{BBox, Detection, Micros};

/// COCO's number for a person; files of the MOT challenges show people.
const PERSON: u8 = 1;

/// Options of a run.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// The detections, a MOT file
    #[arg(long)]
    det: PathBuf,
    /// Frames per second
    #[arg(long)]
    fps: f64,
    /// Where the tracks go, a MOT file
    #[arg(long)]
    out: PathBuf,
    /// Width and height of the picture, pixels, as 640x480; else of the seqinfo.ini beside the detections, else from the boxes
    #[arg(long, value_parser = size)]
    size: Option<(f64, f64)>,
    /// The truth, a MOT file: says how good the tracks are
    #[arg(long)]
    gt: Option<PathBuf>,
}

fn size(text: &str) -> anyhow::Result<(f64, f64)> {
    let (width, height) = text.split_once('x').context("a size is written as 640x480")?;
    let size = (width.parse::<f64>()?, height.parse::<f64>()?);
    ensure!(size.0 >= 1.0 && size.1 >= 1.0, "a picture has at least one pixel");
    Ok(size)
}

/// Runs and writes.
pub(crate) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    ensure!(options.fps.is_finite() && options.fps > 0.0, "--fps needs a positive number");
    let found = format::read(&options.det)?;
    let size = options.size.unwrap_or_else(|| format::picture_size(&options.det, &found));
    let tracks = track(&found, options.fps, size);
    let text = write(&tracks);
    std::fs::write(&options.out, text).with_context(|| options.out.display().to_string())?;
    if let Some(path) = &options.gt {
        println!("{}", score::score(&format::read(path)?, &tracks));
    }
    Ok(ExitCode::SUCCESS)
}

/// The tracker with its default settings over a file of detections.
fn track(found: &[Row], fps: f64, (width, height): (f64, f64)) -> Vec<Row> {
    let settings = TrackerSettings::default();
    let scale = ScoreScale::of(found, &settings);
    let mut found = found.to_vec();
    found.sort_by_key(|row| row.frame);
    let mut tracker = Tracker::new(settings, (width / height) as f32);
    let mut paths = Paths::default();
    let mut detections = Vec::new();
    let mut unread = &found[..];
    for frame in 1..=found.last().map_or(0, |row| row.frame) {
        let (here, later) = unread.split_at(unread.partition_point(|row| row.frame == frame));
        unread = later;
        detections.clear();
        detections.extend(here.iter().map(|row| {
            let [left, top, w, h] = row.rect;
            let bbox = BBox {
                x0: (left / width) as f32,
                y0: (top / height) as f32,
                x1: ((left + w) / width) as f32,
                y1: ((top + h) / height) as f32,
            };
            Detection { bbox, class_id: PERSON, score: scale.score(row.confidence) }
        }));
        let at_secs = f64::from(frame - 1) / fps;
        let at = Micros((at_secs * 1e6).round() as i64);
        tracker.step(at, &detections, &[]);
        for track in tracker.tracks().iter().filter(|track| track.last_seen() == at) {
            let b = track.bbox();
            let (left, top) = (f64::from(b.x0) * width, f64::from(b.y0) * height);
            let rect = [left, top, f64::from(b.width()) * width, f64::from(b.height()) * height];
            let row = Row { frame, id: track.id().0 as i64, rect, confidence: f64::from(track.score()) };
            paths.observe(at_secs, row, track.is_confirmed());
        }
    }
    paths.rows()
}

/// From the confidences of a file to the engine's scores.
///
/// Every detector has its own scale, and what it is unsure of has been cut off at some point of it. The lowest confidence in the file
/// becomes the lowest score that the tracker uses, the highest becomes 1, and between them runs a power of the share of the way. Its
/// exponent, between 1 and 3, brings the file's median to the middle: the detectors of the challenges put most of what they find close to
/// the top, where the engine's own networks spread it out. The rule looks at nothing but the confidences.
#[derive(Clone, Copy, Debug)]
struct ScoreScale {
    lowest: f64,
    highest: f64,
    exponent: f64,
    floor: f64,
}

impl ScoreScale {
    fn of(rows: &[Row], settings: &TrackerSettings) -> Self {
        let mut all: Vec<f64> = rows.iter().map(|row| row.confidence).collect();
        all.sort_unstable_by(f64::total_cmp);
        let lowest = all.first().copied().unwrap_or(0.0);
        let highest = all.last().copied().unwrap_or(0.0);
        let median = all.get(all.len() / 2).map_or(0.5, |median| (median - lowest) / (highest - lowest));
        let exponent = 0.5_f64.ln() / median.min(1.0 - 1e-9).ln();
        // Where half of them are at an end, or all are the same, the exponent is at an end of its range, too.
        let exponent = if exponent.is_nan() { 1.0 } else { exponent.clamp(1.0, 3.0) };
        Self { lowest, highest, exponent, floor: f64::from(settings.low_score) }
    }

    fn score(&self, confidence: f64) -> f32 {
        if self.highest <= self.lowest {
            return 1.0;
        }
        let share = ((confidence - self.lowest) / (self.highest - self.lowest)).powf(self.exponent);
        // Rounding must not take the lowest below the floor.
        (self.floor + share * (1.0 - self.floor) + 1e-6).min(1.0) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn confidences_of_any_scale_become_scores() {
        let settings = TrackerSettings::default();
        let row = |confidence| Row { frame: 1, id: -1, rect: [0.0, 0.0, 10.0, 20.0], confidence };
        let scale = ScoreScale::of(&[row(-3.0), row(40.0), row(97.0)], &settings);
        let scores = [-3.0, 47.0, 97.0].map(|confidence| scale.score(confidence));
        assert!(scores[0] >= settings.low_score && scores[0] < settings.low_score + 1e-3, "{scores:?}");
        assert!((scores[1] - f32::midpoint(settings.low_score, 1.0)).abs() < 1e-3 && scores[2] > 0.999_999);
        let saturated: Vec<Row> = [0.5, 0.98, 0.99, 0.995, 1.0].map(row).to_vec();
        let scale = ScoreScale::of(&saturated, &settings);
        assert!(scale.score(0.75) < 0.3 && scale.score(0.99) > 0.9, "the upper end is spread");
        let flat = ScoreScale::of(&[row(1.0), row(1.0)], &settings);
        assert!(flat.score(1.0) > 0.999_999, "without a difference all are sure");
    }

    #[test]
    fn a_walker_is_one_track_from_the_first_frame_to_the_last() {
        let row = |frame: u32| Row {
            frame,
            id: -1,
            rect: [20.0 + 3.0 * f64::from(frame), 100.0, 40.0, 100.0],
            confidence: 1.0,
        };
        // Not seen in frames 11 and 12.
        let found: Vec<Row> = (1..=30).filter(|frame| !(11..=12).contains(frame)).map(row).collect();
        let truth: Vec<Row> = (1..=30).map(|frame| Row { id: 5, ..row(frame) }).collect();
        let tracks = track(&found, 10.0, (640.0, 480.0));
        let scores = score::score(&truth, &tracks);
        assert_eq!((scores.misses, scores.false_boxes, scores.switches), (0, 0, 0), "{tracks:?}");
        assert!(scores.hota > 0.9 && scores.idf1 > 0.999_999, "{scores}");
    }

    /// Folder of the sequences of `MOTChallenge`, which cannot be shipped: under `VIGIE_SHARED`, else in `shared` beside the repository.
    fn sequences() -> Option<PathBuf> {
        let shared =
            std::env::var_os("VIGIE_SHARED").map_or_else(crate::footage::default_shared, PathBuf::from);
        let folder = shared.join("data/footage/mot");
        if !folder.exists() {
            eprintln!("skipped: no sequences at {}", folder.display());
            return None;
        }
        Some(folder)
    }

    /// Mean HOTA, IDF1 and MOTA over the sequences, every `stride`th frame.
    fn means(folder: &Path, stride: u32) -> [f64; 3] {
        let names = ["ADL-Rundle-6", "ETH-Bahnhof", "KITTI-17", "PETS09-S2L1", "TUD-Stadtmitte"];
        let rates = [30.0, 14.0, 10.0, 7.0, 25.0];
        let mut means = [0.0; 3];
        for (name, fps) in names.iter().zip(rates) {
            let thin = |file: &str| {
                let rows = format::read(&folder.join(name).join(file)).expect("a MOT file");
                let kept = rows.into_iter().filter(|row| (row.frame - 1).is_multiple_of(stride));
                kept.map(|row| Row { frame: (row.frame - 1) / stride + 1, ..row }).collect::<Vec<_>>()
            };
            let (found, truth) = (thin("det.txt"), thin("gt.txt"));
            let size = format::picture_size(&folder.join(name).join("det.txt"), &found);
            let scores = score::score(&truth, &track(&found, fps / f64::from(stride), size));
            println!("{name:<16} every {stride}: {scores}");
            for (mean, score) in means.iter_mut().zip([scores.hota, scores.idf1, scores.mota]) {
                *mean += score / names.len() as f64;
            }
        }
        println!("mean: HOTA {:.4} IDF1 {:.4} MOTA {:.4}", means[0], means[1], means[2]);
        means
    }

    #[test]
    fn the_public_sequences_are_tracked_as_well_as_the_best_do() {
        let Some(folder) = sequences() else { return };
        let [hota, idf1, mota] = means(&folder, 1);
        assert!(hota >= 0.445 && idf1 >= 0.625 && mota >= 0.553);
        // At half the rate: 3.5 to 15 frames a second.
        let [hota, idf1, mota] = means(&folder, 2);
        assert!(hota >= 0.43 && idf1 >= 0.60 && mota >= 0.53);
    }
}
