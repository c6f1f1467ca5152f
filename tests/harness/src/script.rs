//! A situation made up: walkers on straight lines, from which boxes are made.

use crate::{Dice, Frame};
use serde::Deserialize;
use vigie_engine::{BBox, Detection, Micros};

/// `script.json`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Script {
    secs: f64,
    pub(crate) fps: Vec<f64>,
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
    pub(crate) fn frames(&self, fps: f64, aspect: f32) -> Vec<Frame> {
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
