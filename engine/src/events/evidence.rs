//! Evidence that adds up over time: log-odds that grow with every scored box and fade without.
//!
//! Neighbouring frames say much the same, so evidence counts by time, not by frames: a camera at 25 frames a second comes
//! to the same verdict as one at 5. A box adds its log-odds over those of a score that says nothing, per second for which
//! it stands; everything fades with [`FADE_SECS`]. Scores are taken as calibrated: 0.7 is right seven times in ten.

use crate::Micros;

/// Time in which evidence fades to 37 %, seconds.
pub(super) const FADE_SECS: f32 = 4.0;
/// The score that says nothing either way.
pub(super) const NEUTRAL_SCORE: f32 = 0.2;
/// A box stands for the time since the last frame, but for no longer than this, seconds.
const MAX_STANDS_SECS: f32 = 0.4;

/// Evidence for one thing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Evidence {
    log_odds: f32,
    at: Micros,
    first: Micros,
    last_box: Micros,
    boxes: u32,
    score_sum: f32,
    best: f32,
}

impl Evidence {
    pub(super) fn begin(at: Micros) -> Self {
        Self { log_odds: 0.0, at, first: at, last_box: at, boxes: 0, score_sum: 0.0, best: 0.0 }
    }

    /// Takes a frame: the best box in it, if any, which counts `weight` times.
    pub(super) fn step(&mut self, at: Micros, passed_secs: f32, score: Option<f32>, weight: f32) {
        self.log_odds *= libm::expf(-at.secs_since(self.at).max(0.0) / FADE_SECS);
        self.at = at;
        let Some(score) = score else { return };
        let gain = (logit(score) - logit(NEUTRAL_SCORE)).max(0.0);
        self.log_odds += weight * gain * passed_secs.clamp(0.0, MAX_STANDS_SECS);
        self.boxes = self.boxes.saturating_add(1);
        self.score_sum += score;
        self.best = self.best.max(score);
        self.last_box = at;
    }

    pub(super) fn log_odds(&self) -> f32 {
        self.log_odds
    }

    /// Frames with a box.
    pub(super) fn boxes(&self) -> u32 {
        self.boxes
    }

    pub(super) fn first(&self) -> Micros {
        self.first
    }

    pub(super) fn last_box(&self) -> Micros {
        self.last_box
    }

    /// Seconds from the first to the last box.
    pub(super) fn span_secs(&self) -> f32 {
        self.last_box.secs_since(self.first)
    }

    pub(super) fn mean_score(&self) -> f32 {
        self.score_sum / self.boxes.max(1) as f32
    }

    pub(super) fn best_score(&self) -> f32 {
        self.best
    }
}

fn logit(score: f32) -> f32 {
    let score = score.clamp(0.02, 0.98);
    libm::logf(score / (1.0 - score))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// When evidence from boxes of this score, in this share of the frames, passes `needed`; seconds.
    fn passes_at(fps: f32, score: f32, every: u32, needed: f32) -> Option<f32> {
        let mut evidence = Evidence::begin(Micros(0));
        (0..(20.0 * fps) as u32).find_map(|n| {
            let secs = n as f32 / fps;
            let seen = n.is_multiple_of(every).then_some(score);
            evidence.step(Micros(0).plus_secs(secs), 1.0 / fps, seen, 1.0);
            (evidence.log_odds() >= needed).then_some(secs)
        })
    }

    #[test]
    fn the_same_time_passes_at_any_frame_rate() {
        let times: Vec<f32> =
            [3.0, 5.0, 12.0, 25.0].iter().filter_map(|fps| passes_at(*fps, 0.6, 1, 1.2)).collect();
        assert_eq!(times.len(), 4);
        assert!(times.iter().all(|secs| (0.3..=1.0).contains(secs)), "{times:?}");
    }

    #[test]
    fn every_second_box_takes_longer_and_weak_boxes_never_suffice() {
        let (all, half) = (passes_at(10.0, 0.6, 1, 1.2), passes_at(10.0, 0.6, 2, 1.2));
        assert!(all < half && half.is_some(), "{all:?} {half:?}");
        assert_eq!(passes_at(10.0, 0.2, 1, 1.2), None);
        assert_eq!(passes_at(10.0, f32::NAN, 1, 1.2), None);
    }

    #[test]
    fn evidence_fades() {
        let mut evidence = Evidence::begin(Micros(0));
        evidence.step(Micros(0), 0.2, Some(0.9), 1.0);
        let at_once = evidence.log_odds();
        evidence.step(Micros(4_000_000), 0.2, None, 1.0);
        assert!(evidence.log_odds() < 0.4 * at_once);
    }
}
