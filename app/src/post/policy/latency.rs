//! How long frames take, and how many there are.

use std::collections::VecDeque;

/// The last [`LatencyWindow::LEN`] durations.
#[derive(Clone, Debug, Default)]
pub struct LatencyWindow {
    last: VecDeque<f64>,
}

impl LatencyWindow {
    /// Durations kept.
    pub const LEN: usize = 100;

    /// Adds a duration in milliseconds; the oldest goes when the window is full.
    pub fn push(&mut self, ms: f64) {
        if self.last.len() == Self::LEN {
            self.last.pop_front();
        }
        self.last.push_back(ms);
    }

    /// Forgets everything: the engine or its input changed.
    pub fn clear(&mut self) {
        self.last.clear();
    }

    /// Durations held.
    #[must_use]
    pub fn len(&self) -> usize {
        self.last.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.last.is_empty()
    }

    /// Percentile by nearest rank; `share` 0 to 1. `None` when there is no duration.
    #[must_use]
    pub fn percentile(&self, share: f64) -> Option<f64> {
        let mut sorted: Vec<f64> = self.last.iter().copied().collect();
        sorted.sort_by(f64::total_cmp);
        let rank = (share.clamp(0.0, 1.0) * sorted.len() as f64).ceil() as usize;
        sorted.get(rank.max(1) - 1).copied()
    }
}

/// Counts events per second over the last [`RateWindow::SECS`].
#[derive(Clone, Debug, Default)]
pub struct RateWindow {
    at_ms: VecDeque<f64>,
}

impl RateWindow {
    /// Length of the window in seconds.
    pub const SECS: f64 = 5.0;
    /// Most events held: 32 cameras at 60 a second would fill it; the rate then reads low rather than memory growing.
    const MAX: usize = 10_000;

    /// One event at `now_ms`.
    pub fn push(&mut self, now_ms: f64) {
        if self.at_ms.len() == Self::MAX {
            self.at_ms.pop_front();
        }
        self.at_ms.push_back(now_ms);
    }

    /// Events per second.
    pub fn rate(&mut self, now_ms: f64) -> f32 {
        let from = now_ms - Self::SECS * 1_000.0;
        while self.at_ms.front().is_some_and(|at| *at < from) {
            self.at_ms.pop_front();
        }
        (self.at_ms.len() as f64 / Self::SECS) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_nearest_rank_over_the_last_hundred() {
        let mut window = LatencyWindow::default();
        assert_eq!(window.percentile(0.5), None);
        for ms in 1..=200 {
            window.push(f64::from(ms));
        }
        assert_eq!(window.len(), LatencyWindow::LEN);
        assert_eq!(window.percentile(0.5), Some(150.0));
        assert_eq!(window.percentile(0.95), Some(195.0));
        assert_eq!(window.percentile(0.0), Some(101.0));
        assert_eq!(window.percentile(1.0), Some(200.0));
    }

    #[test]
    fn the_rate_forgets_what_is_older_than_the_window() {
        let mut window = RateWindow::default();
        for tenth in 0..100 {
            window.push(f64::from(tenth) * 100.0);
        }
        assert!((window.rate(10_000.0) - 10.0).abs() < 0.3);
        assert!(window.rate(20_000.0).abs() < f32::EPSILON);
    }
}
