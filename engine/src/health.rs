//! What a camera can be trusted with: blind, blurred, frozen, moved, dark, or itself in motion.
//!
//! Each state comes and goes after it has held for some seconds, whatever the frame rate.
//!
//! | state | is judged by | comes after | goes after |
//! |---|---|---|---|
//! | `blind` | no contrast (black, white, covered), or a tenth of the structure that this camera usually shows | 1 s | 1 s |
//! | `blurred` | sharpness under 60 % of this camera's own | 3 s | 3 s |
//! | `frozen` | the same picture to the last bit; longer where this camera has repeated itself before | 3 s | at once |
//! | `moved` | the strongest edges of the reference view lie elsewhere, or nowhere after the camera has moved | 3 s at rest | 3 s |
//! | `low_light` | three quarters of the picture nearly black | 2 s | 2 s |
//! | `in_motion` | the shift, zoom or turn that most of the picture shares | 0.2 s | 1 s |
//!
//! The reference view is learnt from the first seconds at rest, and again after [`HealthWatch::learn_view`].

mod measures;
mod reference;

pub use measures::Measures;

use crate::motion::MotionView;
use crate::{Luma, Micros};
use measures::Gauge;
use reference::{Comparison, Reference};
use serde::{Deserialize, Serialize};

/// Less than this between the darkest and the brightest percent is no picture, grey levels.
const NO_CONTRAST: u8 = 16;
/// A picture of which 99 % is darker than this is black, grey levels.
const BLACK: u8 = 24;
/// A picture of which 99 % is brighter than this is white, grey levels.
const WHITE: u8 = 235;
/// Share of the usual structure under which the lens is covered or the view fogged.
const COVERED: f32 = 0.1;
/// Share of the usual sharpness under which the picture is blurred.
const BLURRED: f32 = 0.6;
/// Under this contrast sharpness says nothing, grey levels.
const SHARPNESS_CONTRAST: u8 = 40;
/// The same picture for this long is frozen, seconds.
const FROZEN_SECS: f32 = 3.0;
/// … or for this many times the longest repetition that ended by itself.
const FROZEN_TIMES: f32 = 3.0;
/// Three quarters of the picture darker than this is low light, grey levels.
const LOW_LIGHT: u8 = 36;
/// What is usual follows with this time constant, seconds.
const USUAL_SECS: f32 = 60.0;
/// The view is compared this often, seconds.
const COMPARE_SECS: f32 = 0.5;
/// Edges agree by less than this share of what is usual: another view.
const OTHER_VIEW: f32 = 0.35;
/// A shift of the view by at least so many squares of 4 pixels counts: 2.5 % of the picture's width.
const SHIFT_SQUARES: f32 = 2.0;
/// … where the edges agree by so much more than in place.
const SHIFT_GAIN: f32 = 0.25;
/// Foreground over more of the picture than this is a change that can be another view.
const DISTURBED_SHARE: f32 = 0.6;

/// States of a camera's picture. Several can hold at once.
#[expect(clippy::struct_excessive_bools, reason = "independent facts, not states of one machine")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// Nothing to be seen: dark, white or covered. No event can be judged.
    pub blind: bool,
    /// Out of focus, smeared or fogged.
    pub blurred: bool,
    /// The same picture again and again.
    pub frozen: bool,
    /// The view no longer matches the one that zones and ground were drawn on: events that need the scene stop.
    pub moved: bool,
    /// So dark that detections are few.
    pub low_light: bool,
    /// The camera itself moves: pan, zoom, shake, drone. Events that need a fixed scene pause.
    pub in_motion: bool,
}

impl Health {
    /// Whether rules that rest on a fixed view (zones, ground, background) can be judged.
    #[must_use]
    pub fn scene_holds(&self) -> bool {
        !(self.blind || self.frozen || self.moved || self.in_motion)
    }
}

/// A fact that comes and goes only after it has held for a while.
#[derive(Clone, Copy, Debug, Default)]
struct Latch {
    on: bool,
    /// Since when the opposite holds.
    otherwise: Option<Micros>,
}

impl Latch {
    fn step(&mut self, at: Micros, holds: bool, on_secs: f32, off_secs: f32) -> bool {
        if holds == self.on {
            self.otherwise = None;
        } else {
            let since = *self.otherwise.get_or_insert(at);
            if at.secs_since(since) >= if holds { on_secs } else { off_secs } {
                *self = Self { on: holds, otherwise: None };
            }
        }
        self.on
    }
}

/// A running mean that starts as a plain one.
#[derive(Clone, Copy, Debug, Default)]
struct Usual {
    value: f32,
    secs: f32,
}

impl Usual {
    fn follow(&mut self, value: f32, dt_secs: f32) {
        self.secs = (self.secs + dt_secs).min(USUAL_SECS);
        let rate = if self.secs > 0.0 { (dt_secs / self.secs).min(1.0) } else { 1.0 };
        self.value += rate * (value - self.value);
    }

    /// The value, once some seconds are behind it.
    fn known(self) -> Option<f32> {
        (self.secs >= 3.0).then_some(self.value)
    }
}

/// Watches one camera's picture.
#[derive(Clone, Debug, Default)]
pub struct HealthWatch {
    health: Health,
    gauge: Gauge,
    measures: Measures,
    reference: Reference,
    comparison: Option<Comparison>,
    compared: Option<Micros>,
    last: Option<Micros>,
    structure: Usual,
    sharpness: Usual,
    agreement: Usual,
    /// Since when the picture has been the same.
    same_since: Option<Micros>,
    /// The longest repetition that ended by itself, seconds.
    longest_repetition: f32,
    /// Whether something has happened since the view last agreed that can have changed it.
    disturbed: bool,
    blind: Latch,
    blurred: Latch,
    moved: Latch,
    low_light: Latch,
    in_motion: Latch,
}

impl HealthWatch {
    /// Takes a grey picture and its motion.
    pub fn step(&mut self, at: Micros, luma: Luma<'_>, motion: Option<&MotionView>) -> Health {
        let dt_secs = self.last.map_or(0.0, |last| at.secs_since(last)).clamp(0.0, 2.0);
        self.last = Some(at);
        self.measures = self.gauge.measure(luma, motion);
        let seen = self.measures;
        let moves = motion.is_some_and(|view| view.camera_moves);
        self.health.in_motion = self.in_motion.step(at, moves, 0.2, 1.0);
        self.health.low_light = self.low_light.step(at, seen.upper < LOW_LIGHT, 2.0, 2.0);
        self.health.frozen = self.is_frozen(at, seen.changed);
        let contrast = seen.bright.saturating_sub(seen.dark);
        let covered = self.structure.known().is_some_and(|usual| seen.structure < COVERED * usual);
        let nothing = contrast < NO_CONTRAST || seen.bright < BLACK || seen.dark > WHITE || covered;
        self.health.blind = self.blind.step(at, nothing, 1.0, 1.0);
        if !nothing {
            self.structure.follow(seen.structure, dt_secs);
        }
        self.judge_sharpness(at, dt_secs, contrast);
        self.judge_view(at, dt_secs, motion, moves, nothing);
        self.health
    }

    /// As of the last picture.
    #[must_use]
    pub fn health(&self) -> Health {
        self.health
    }

    /// What was measured on the last picture.
    #[must_use]
    pub fn measures(&self) -> Measures {
        self.measures
    }

    /// The view of the next seconds at rest is the one that zones and ground are drawn on.
    pub fn learn_view(&mut self) {
        self.reference.forget();
        self.comparison = None;
        self.agreement = Usual::default();
        self.moved = Latch::default();
        self.health.moved = false;
        self.disturbed = false;
    }

    /// The next picture does not continue the last one. The reference view and what is usual for this camera stay.
    pub fn reset(&mut self) {
        self.gauge.reset();
        self.last = None;
        self.same_since = None;
        self.disturbed = true;
        (self.blind, self.blurred, self.in_motion) = (Latch::default(), Latch::default(), Latch::default());
        self.health = Health { moved: self.health.moved, ..Health::default() };
    }

    fn is_frozen(&mut self, at: Micros, changed: bool) -> bool {
        if changed {
            if let Some(since) = self.same_since.take() {
                let repeated = at.secs_since(since);
                if !self.health.frozen {
                    self.longest_repetition = self.longest_repetition.max(repeated);
                }
            }
            return false;
        }
        let since = *self.same_since.get_or_insert(at);
        at.secs_since(since) >= FROZEN_SECS.max(FROZEN_TIMES * self.longest_repetition)
    }

    fn judge_sharpness(&mut self, at: Micros, dt_secs: f32, contrast: u8) {
        let sharpness = self.measures.sharpness;
        let measured = sharpness > 0.0 && contrast >= SHARPNESS_CONTRAST;
        let usual = self.sharpness.known();
        let blurred = measured && usual.is_some_and(|usual| sharpness < BLURRED * usual);
        self.health.blurred = self.blurred.step(at, blurred, 3.0, 3.0);
        // A camera that goes out of focus is not to become the new rule; one that pans shows what it showed at rest.
        if measured && !blurred && !self.health.in_motion {
            self.sharpness.follow(sharpness, dt_secs);
        }
    }

    fn judge_view(
        &mut self,
        at: Micros,
        dt_secs: f32,
        motion: Option<&MotionView>,
        moves: bool,
        nothing: bool,
    ) {
        let foreground = motion
            .map_or(0.0, |view| view.foreground.iter().sum::<f32>() / view.foreground.len().max(1) as f32);
        self.disturbed |= moves || foreground > DISTURBED_SHARE;
        if moves || nothing || self.health.in_motion || self.health.blurred {
            self.moved.otherwise = None;
            return;
        }
        let (small, columns, rows) = self.gauge.small();
        if self.compared.is_none_or(|compared| at.secs_since(compared).abs() >= COMPARE_SECS) {
            self.compared = Some(at);
            self.comparison = self.reference.compare(small, columns, rows);
        }
        let Some(seen) = self.comparison else {
            if !self.reference.is_known() {
                self.reference.learn(at, small, columns, rows);
            }
            return;
        };
        let usual = self.agreement.known();
        let elsewhere = seen.distance >= SHIFT_SQUARES && seen.shifted > seen.in_place + SHIFT_GAIN;
        let nowhere = self.disturbed && usual.is_some_and(|usual| seen.in_place < OTHER_VIEW * usual);
        self.health.moved = self.moved.step(at, elsewhere || nowhere, 3.0, 3.0);
        if !elsewhere && usual.is_none_or(|usual| seen.in_place > 0.6 * usual) {
            self.disturbed = false;
            self.agreement.follow(seen.in_place, dt_secs);
            self.reference.learn(at, small, columns, rows);
        }
    }
}
