//! Many people at once, moving together.

use super::OverTime;
use super::thing::Thing;
use crate::Dice;
use serde::Deserialize;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Crowd {
    count: u16,
    /// Where the feet are to begin with: left, top, right, bottom.
    area: [f32; 4],
    /// Height of a box, share of the picture.
    height: f32,
    score: f32,
    /// How the crowd moves: time, to the right and down in shares of the picture, and how far apart people are (1 is as they began).
    moves: OverTime<3>,
    /// Each begins a move up to so much later than the first, seconds.
    #[serde(default)]
    lag: f64,
    /// COCO class of its members.
    #[serde(default)]
    class: Option<u8>,
}

impl Crowd {
    /// Its members, each as a thing of its own, on the way for `secs`.
    pub(super) fn members(&self, secs: f64) -> Vec<Thing> {
        let mut dice = Dice(u64::from(self.count));
        let [left, top, right, bottom] = self.area;
        let centre = (f32::midpoint(left, right), f32::midpoint(top, bottom));
        let mut member = || {
            let start = (left + dice.roll() * (right - left), top + dice.roll() * (bottom - top));
            let lag = f64::from(dice.roll()) * self.lag;
            let mut times: Vec<f64> = vec![0.0];
            times.extend(self.moves.times().map(|when| when + lag));
            times.push(secs.max(times.last().copied().unwrap_or(0.0)) + 1.0);
            let path = times.into_iter().map(|when| {
                let [dx, dy, apart] = self.moves.at(when - lag).unwrap_or([0.0, 0.0, 1.0]);
                let x = centre.0 + apart * (start.0 - centre.0) + dx;
                (when, x, centre.1 + apart * (start.1 - centre.1) + dy)
            });
            Thing {
                class: self.class.unwrap_or(1),
                height: self.height,
                width: None,
                shape: OverTime::default(),
                score: self.score,
                scores: OverTime::default(),
                path: path.collect(),
                hidden: Vec::new(),
                occluded: Vec::new(),
                shade: None,
                flicker: 0.0,
            }
        };
        (0..self.count).map(|_| member()).collect()
    }
}
