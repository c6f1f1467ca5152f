//! What happens to the picture: light, weather, and what people do to cameras.

use super::{OverTime, within};
use crate::Dice;
use crate::sketch::View;
use serde::Deserialize;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct PictureScript {
    /// Largest error of a pixel, grey levels.
    noise: f32,
    /// Brightness over time, 1 is as usual.
    light: OverTime<1>,
    /// The view is elsewhere: from, until, to the right and down in shares of the picture.
    bumps: Vec<(f64, f64, f32, f32)>,
    /// The view trembles: from, until, largest shift in shares of the picture.
    shakes: Vec<(f64, f64, f32)>,
    /// The view slides evenly: shift to the right and down over time.
    pans: OverTime<2>,
    /// Something covers the lens: from, until, its grey level.
    covered: Vec<(f64, f64, u8)>,
    /// The same picture again and again.
    frozen: Vec<(f64, f64)>,
    /// Out of focus.
    blurred: Vec<(f64, f64)>,
    /// From, until, streaks a frame.
    rain: Vec<(f64, f64, u16)>,
}

impl Default for PictureScript {
    fn default() -> Self {
        Self {
            noise: 1.5,
            light: OverTime::default(),
            bumps: Vec::new(),
            shakes: Vec::new(),
            pans: OverTime::default(),
            covered: Vec::new(),
            frozen: Vec::new(),
            blurred: Vec::new(),
            rain: Vec::new(),
        }
    }
}

impl PictureScript {
    /// Since when the picture has been frozen.
    pub(super) fn frozen_since(&self, secs: f64) -> Option<f64> {
        self.frozen.iter().find(|(from, until)| (*from..*until).contains(&secs)).map(|(from, _)| *from)
    }

    /// How frame number `n` is seen.
    pub(super) fn at(&self, secs: f64, n: u32) -> View {
        let mut dice = Dice(u64::from(n) << 8 | 5);
        dice.roll();
        let holds = |from: f64, until: f64| (from..until).contains(&secs);
        let [mut dx, mut dy] = self.pans.at(secs).unwrap_or_default();
        for &(from, until, x, y) in &self.bumps {
            if holds(from, until) {
                (dx, dy) = (dx + x, dy + y);
            }
        }
        for &(from, until, most) in &self.shakes {
            let (x, y) = (2.0 * dice.roll() - 1.0, 2.0 * dice.roll() - 1.0);
            if holds(from, until) {
                (dx, dy) = (dx + most * x, dy + most * y);
            }
        }
        let covered = self.covered.iter().find(|(from, until, _)| holds(*from, *until));
        let streaks =
            self.rain.iter().filter(|(from, until, _)| holds(*from, *until)).map(|rain| rain.2).sum();
        let [light] = self.light.at(secs).unwrap_or([1.0]);
        View {
            shift: (dx, dy),
            light,
            cover: covered.map(|(_, _, grey)| *grey),
            blind: covered.is_some() || light < 0.02,
            blurred: within(&self.blurred, secs),
            streaks,
            noise: self.noise,
            seed: n,
        }
    }
}
