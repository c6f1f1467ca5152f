//! Reads a scenario: a folder with the camera's settings, what was detected, and the signals that should come of it.
//! The files are described in `tests/scenarios/README.md`.

use serde::Deserialize;
use std::path::{Path, PathBuf};
use vigie_engine::{BBox, CameraSettings, Detection, Micros};

/// One frame as the engine gets it.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    /// Seconds from the start of the scenario; differs from `at` where a clock jumps.
    pub(crate) scenario_secs: f64,
    pub(crate) at: Micros,
    pub(crate) discontinuity: bool,
    pub(crate) detections: Vec<Detection>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExpectedSignal {
    /// Name of the zone.
    pub(crate) zone: String,
    /// Window for the moment of raising, seconds.
    pub(crate) from: f64,
    pub(crate) until: f64,
    /// People in the zone when it is raised.
    pub(crate) count: Option<u16>,
    /// Why this signal may stay away in the runs that leave out frames at random or begin with a later one.
    #[serde(default)]
    pub(crate) optional: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expected {
    pub(crate) about: String,
    pub(crate) signals: Vec<ExpectedSignal>,
    /// Why the engine does not manage this yet.
    pub(crate) known_failure: Option<String>,
}

/// A scenario at one frame rate.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) name: String,
    pub(crate) settings: CameraSettings,
    pub(crate) frames: Vec<Frame>,
    /// Every frame, or evenly every second to fourth, from the first one on: nothing is excused.
    pub(crate) strict: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RecordedFrame {
    t: f64,
    #[serde(default)]
    discontinuity: bool,
    /// Left, top, right, bottom, score, COCO class.
    boxes: Vec<(f32, f32, f32, f32, f32, u8)>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Script {
    secs: f64,
    fps: Vec<f64>,
    /// Largest error of a box's edges, in box heights.
    jitter: f32,
    /// Share of the boxes that the detector misses.
    #[serde(default)]
    missed: f32,
    /// Times at which another picture begins.
    #[serde(default)]
    discontinuities: Vec<f64>,
    /// Times without frames: from, until.
    #[serde(default)]
    gaps: Vec<(f64, f64)>,
    /// From this time on the clock differs by so much: time, seconds.
    #[serde(default)]
    clock_jumps: Vec<(f64, f64)>,
    walkers: Vec<Walker>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Walker {
    #[serde(default = "person")]
    class: u8,
    /// Height of the box, share of the picture.
    height: f32,
    score: f32,
    /// Where the feet are: time, x, y. Straight lines in between; not there before and after.
    path: Vec<(f64, f32, f32)>,
    /// Times at which it is not detected: from, until.
    #[serde(default)]
    hidden: Vec<(f64, f64)>,
}

fn person() -> u8 {
    1
}

/// A number generator that gives the same numbers everywhere (Knuth's MMIX constants).
#[derive(Debug)]
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    /// Evenly from 0 to 1.
    pub(crate) fn roll(&mut self) -> f32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 40) as f32 / (1_u64 << 24) as f32
    }
}

impl Walker {
    fn foot(&self, secs: f64) -> Option<(f32, f32)> {
        let leg = self.path.windows(2).find(|leg| leg[0].0 <= secs && secs < leg[1].0)?;
        let share = ((secs - leg[0].0) / (leg[1].0 - leg[0].0)) as f32;
        Some((leg[0].1 + share * (leg[1].1 - leg[0].1), leg[0].2 + share * (leg[1].2 - leg[0].2)))
    }

    fn detected(&self, secs: f64, aspect: f32, script: &Script, dice: &mut Dice) -> Option<Detection> {
        let (x, y) = self.foot(secs)?;
        // Rolled in any case, so that a hidden walker does not change the others.
        let luck = dice.roll();
        let mut error = || (2.0 * dice.roll() - 1.0) * script.jitter * self.height;
        let half_width = 0.2 * self.height / aspect;
        let bbox = BBox {
            x0: x - half_width + error() / aspect,
            y0: y - self.height + error(),
            x1: x + half_width + error() / aspect,
            y1: y + error(),
        };
        let hidden = self.hidden.iter().any(|(from, until)| (*from..*until).contains(&secs));
        let seen = !hidden && luck >= script.missed;
        seen.then(|| Detection { bbox: bbox.on_picture(), class_id: self.class, score: self.score })
    }
}

impl Script {
    fn frames(&self, fps: f64, aspect: f32) -> Vec<Frame> {
        let mut dice = Dice(7);
        let mut last_secs = -1.0;
        let mut frames = Vec::new();
        let count = (self.secs * fps) as u32;
        for n in 0..count {
            let secs = f64::from(n) / fps;
            let detections =
                self.walkers.iter().filter_map(|w| w.detected(secs, aspect, self, &mut dice)).collect();
            if self.gaps.iter().any(|(from, until)| (*from..*until).contains(&secs)) {
                continue;
            }
            let shift: f64 =
                self.clock_jumps.iter().filter(|(when, _)| *when <= secs).map(|(_, by)| by).sum();
            let discontinuity = self.discontinuities.iter().any(|when| last_secs < *when && *when <= secs);
            last_secs = secs;
            let at = Micros(((secs + shift) * 1e6) as i64);
            frames.push(Frame { scenario_secs: secs, at, discontinuity, detections });
        }
        frames
    }
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn parse<T: serde::de::DeserializeOwned>(path: &Path) -> T {
    serde_json::from_str(&read(path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The folders of all cases, in order.
pub(crate) fn cases() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/scenarios");
    let folders = |path: &Path| {
        let entries = std::fs::read_dir(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut folders: Vec<PathBuf> =
            entries.map(|entry| entry.expect("a readable folder").path()).filter(|p| p.is_dir()).collect();
        folders.sort();
        folders
    };
    folders(&root).iter().flat_map(|event| folders(event)).collect()
}

/// Reads a case: what should happen, and each way in which it is run.
pub(crate) fn load(case: &Path) -> (Expected, Vec<Run>) {
    let settings: CameraSettings = parse(&case.join("settings.json"));
    let name = |rate: &str| {
        let tail: Vec<_> = case.iter().rev().take(2).map(|part| part.to_string_lossy()).collect();
        format!("{}/{}{rate}", tail[1], tail[0])
    };
    let recorded = case.join("detections.jsonl");
    let runs = if recorded.exists() {
        let frames: Vec<Frame> = read(&recorded).lines().map(recorded_frame).collect();
        let run = |what: String, frames: Vec<Frame>, strict: bool| Run {
            name: name(&what),
            settings: settings.clone(),
            frames,
            strict,
        };
        // Slower machines see every second, third or fourth of these frames, from any of them on, and come to the same
        // signals. Busy ones see them as they can.
        let even = (1..=4).flat_map(|stride| (0..stride).map(move |first| (stride, first)));
        let even = even.map(|(stride, first)| {
            let frames = frames.iter().skip(first).step_by(stride).cloned().collect();
            run(format!(" every {stride} from {first}"), frames, first == 0)
        });
        let uneven = (0..20).map(|seed| run(format!(" uneven {seed}"), unevenly(&frames, seed), false));
        even.chain(uneven).collect()
    } else {
        let script: Script = parse(&case.join("script.json"));
        let run = |fps: &f64| Run {
            name: name(&format!(" at {fps} fps")),
            settings: settings.clone(),
            frames: script.frames(*fps, settings.aspect),
            strict: true,
        };
        script.fps.iter().map(run).collect()
    };
    (parse(&case.join("expected.json")), runs)
}

/// Every second to fourth frame, at random.
fn unevenly(frames: &[Frame], seed: u64) -> Vec<Frame> {
    let mut dice = Dice(seed);
    let (mut kept, mut next) = (Vec::new(), (4.0 * dice.roll()) as usize);
    while let Some(frame) = frames.get(next) {
        kept.push(frame.clone());
        next += 2 + (3.0 * dice.roll()) as usize;
    }
    kept
}

fn recorded_frame(line: &str) -> Frame {
    let frame: RecordedFrame = serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}"));
    let detection =
        |(x0, y0, x1, y1, score, class_id)| Detection { bbox: BBox { x0, y0, x1, y1 }, class_id, score };
    Frame {
        scenario_secs: frame.t,
        at: Micros((frame.t * 1e6) as i64),
        discontinuity: frame.discontinuity,
        detections: frame.boxes.into_iter().map(detection).collect(),
    }
}
