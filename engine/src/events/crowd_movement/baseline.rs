//! What is usual in an area: how large a share of its people does such a thing at any time.

/// Before so much was watched nothing is sudden, seconds.
const WARM_SECS: f32 = 5.0;
/// What happened within this time is not yet usual, whole seconds: a panic that takes shape must not become its own baseline.
const LAG: usize = 2;
/// An unusual share is forgotten in this time (to a third), seconds.
const FORGET_SECS: f32 = 300.0;
/// So much more than what is usual is sudden.
const MARGIN: f32 = 0.2;
/// However usual something is, this share of everybody is sudden.
const MOST: f32 = 0.9;

/// The largest share that was usual lately.
#[derive(Clone, Debug, Default)]
pub(super) struct Baseline {
    watched_secs: f32,
    usual: f32,
    /// The running second: sum of share times seconds, and seconds.
    second: (f32, f32),
    /// Whole seconds that are not usual yet, the oldest first.
    waiting: [Option<f32>; LAG],
}

impl Baseline {
    /// Takes the share of a frame that lasted `dt_secs`.
    pub(super) fn learn(&mut self, share: f32, dt_secs: f32) {
        self.watched_secs = (self.watched_secs + dt_secs).min(1e6);
        self.second = (self.second.0 + share * dt_secs, self.second.1 + dt_secs);
        if self.second.1 < 1.0 {
            return;
        }
        let mean = self.second.0 / self.second.1;
        self.usual *= (-self.second.1 / FORGET_SECS).exp();
        if let Some(oldest) = self.waiting[0] {
            self.usual = self.usual.max(oldest);
        }
        self.waiting.rotate_left(1);
        self.waiting[LAG - 1] = Some(mean);
        self.second = (0.0, 0.0);
    }

    /// What waited was no part of what is usual.
    pub(super) fn drop_waiting(&mut self) {
        self.waiting = [None; LAG];
        self.second = (0.0, 0.0);
    }

    pub(super) fn usual(&self) -> f32 {
        self.usual
    }

    /// The share from which on something is sudden, where at least `floor` is asked for in any case; `None` before it is known what is
    /// usual.
    pub(super) fn sudden_from(&self, floor: f32) -> Option<f32> {
        (self.watched_secs >= WARM_SECS).then(|| (self.usual + MARGIN).min(MOST).max(floor))
    }
}

#[cfg(test)]
mod tests {
    use super::Baseline;

    #[test]
    fn what_is_usual_raises_the_threshold_and_what_began_just_now_does_not() {
        let mut baseline = Baseline::default();
        assert_eq!(baseline.sudden_from(0.4), None);
        for _ in 0..100 {
            baseline.learn(0.5, 0.1);
        }
        let after = baseline.sudden_from(0.4).unwrap();
        assert!((after - 0.7).abs() < 0.02, "{after}");
        for _ in 0..10 {
            baseline.learn(1.0, 0.1);
        }
        assert!(baseline.sudden_from(0.4).unwrap() < 0.72);
        baseline.drop_waiting();
        for _ in 0..20_000 {
            baseline.learn(0.0, 0.1);
        }
        assert!(baseline.sudden_from(0.4).unwrap() < 0.41);
    }

    #[test]
    fn it_is_the_same_at_any_frame_rate() {
        let learnt = |fps: f32| {
            let mut baseline = Baseline::default();
            for _ in 0..(20.0 * fps) as u32 {
                baseline.learn(0.3, 1.0 / fps);
            }
            baseline.usual()
        };
        assert!((learnt(3.0) - learnt(25.0)).abs() < 0.02);
    }
}
