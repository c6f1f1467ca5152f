//! Something that moves, or lies there: where it is, what the detector says of it, how it looks.

use super::{OverTime, within};
use crate::Dice;
use crate::sketch::Patch;
use serde::Deserialize;
use vigie_engine::{BBox, ClassGroup, Detection};

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Thing {
    #[serde(default = "person")]
    pub(super) class: u8,
    /// Height of the box, share of the picture.
    pub(super) height: f32,
    /// Width of the box, in box heights; what suits the class when left out.
    #[serde(default)]
    pub(super) width: Option<f32>,
    /// Instead of `height` and `width`, over time: width and height of the box, both in shares of the picture's height.
    #[serde(default)]
    pub(super) shape: OverTime<2>,
    /// 0 is never detected.
    pub(super) score: f32,
    /// Instead of `score`, over time.
    #[serde(default)]
    pub(super) scores: OverTime<1>,
    /// Where the feet are: time, x, y. Straight lines in between; not there before and after.
    pub(super) path: Vec<(f64, f32, f32)>,
    /// Times at which it is not detected, though it is there: from, until.
    #[serde(default)]
    pub(super) hidden: Vec<(f64, f64)>,
    /// Times at which something else hides it from the picture as well: from, until.
    #[serde(default)]
    pub(super) occluded: Vec<(f64, f64)>,
    /// How bright it is, 0 to 255; something that differs from the ground when left out.
    #[serde(default)]
    pub(super) shade: Option<u8>,
    /// How much its brightness and size change from frame to frame, 0 to 1: flames.
    #[serde(default)]
    pub(super) flicker: f32,
}

fn person() -> u8 {
    1
}

impl Thing {
    fn foot(&self, secs: f64) -> Option<(f32, f32)> {
        let leg = self.path.windows(2).find(|leg| leg[0].0 <= secs && secs < leg[1].0)?;
        let share = ((secs - leg[0].0) / (leg[1].0 - leg[0].0)) as f32;
        Some((leg[0].1 + share * (leg[1].1 - leg[0].1), leg[0].2 + share * (leg[1].2 - leg[0].2)))
    }

    /// Width and height of the box, in shares of the picture's height.
    fn size(&self, secs: f64) -> [f32; 2] {
        let usual = match ClassGroup::of_coco(self.class) {
            Some(ClassGroup::Vehicle) => 2.0,
            Some(ClassGroup::Bag) => 1.0,
            _ => 0.4,
        };
        self.shape.at(secs).unwrap_or([self.width.unwrap_or(usual) * self.height, self.height])
    }

    /// What the detector says of it; `jitter` is the largest error of an edge in box heights, `missed` the share of boxes that do
    /// not come.
    pub(super) fn detected(
        &self,
        secs: f64,
        aspect: f32,
        jitter: f32,
        missed: f32,
        dice: &mut Dice,
    ) -> Option<Detection> {
        let (x, y) = self.foot(secs)?;
        // Rolled in any case, so that a hidden thing does not change the others.
        let luck = dice.roll();
        let [width, height] = self.size(secs);
        let mut error = || (2.0 * dice.roll() - 1.0) * jitter * height;
        let half_width = 0.5 * width / aspect;
        let bbox = BBox {
            x0: x - half_width + error() / aspect,
            y0: y - height + error(),
            x1: x + half_width + error() / aspect,
            y1: y + error(),
        };
        let score = self.scores.at(secs).map_or(self.score, |[score]| score);
        let seen =
            score > 0.0 && luck >= missed && !within(&self.hidden, secs) && !within(&self.occluded, secs);
        let detection = Detection { bbox: bbox.on_picture(), class_id: self.class, score };
        (seen && detection.bbox.is_valid()).then_some(detection)
    }

    /// How it looks in frame number `n`; `seed` is its place in the script.
    pub(super) fn patch(&self, secs: f64, aspect: f32, seed: usize, n: u32) -> Option<Patch> {
        let (x, y) = self.foot(secs).filter(|_| !within(&self.occluded, secs))?;
        let [width, height] = self.size(secs);
        // Mixed, so that things flicker each by itself: from seeds that differ by a number, the dice differ by a number.
        let mixed = (seed as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut dice = Dice(mixed ^ u64::from(n).wrapping_mul(0xbf58_476d_1ce4_e5b9));
        dice.roll();
        let flicker = self.flicker * (2.0 * dice.roll() - 1.0);
        let height = height * (1.0 + 0.5 * flicker);
        let half_width = 0.5 * width / aspect * (1.0 + 0.5 * flicker);
        // Clearly darker or brighter than the ground, which is of middle grey.
        let usual = [40, 200, 60, 220][seed % 4];
        let shade = f32::from(self.shade.unwrap_or(usual)) * (1.0 + 0.3 * flicker);
        Some(Patch {
            bbox: BBox { x0: x - half_width, y0: y - height, x1: x + half_width, y1: y },
            shade: shade.clamp(0.0, 255.0),
            seed: seed as u32,
        })
    }
}
