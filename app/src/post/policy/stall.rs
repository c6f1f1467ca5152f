//! Whether a picture still moves.

/// How a picture does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Picture {
    /// None has come yet.
    Awaited,
    /// Frames arrive.
    Moving,
    /// None for this long.
    Stalled {
        /// Seconds since the last frame.
        secs: f32,
    },
}

/// Watches a frame counter. Counters may start again at zero (another session, another video element): every change
/// counts as movement.
#[derive(Clone, Debug, Default)]
pub struct StallWatch {
    count: u64,
    /// When the counter last changed; `None` before the first frame.
    moved_ms: Option<f64>,
    looked_ms: Option<f64>,
}

impl StallWatch {
    /// A picture without a new frame for this long is stalled. With a look every half second this is noticed well
    /// within 5 s.
    pub const STALLED_AFTER_MS: f64 = 3_000.0;
    /// Two looks further apart than this say nothing about the time between: the tab slept.
    pub const SLEPT_MS: f64 = 2_500.0;

    /// One look at the counter.
    pub fn look(&mut self, now_ms: f64, count: u64) -> Picture {
        let slept = self.looked_ms.is_some_and(|last| now_ms - last > Self::SLEPT_MS);
        self.looked_ms = Some(now_ms);
        if count != self.count || (slept && self.moved_ms.is_some()) {
            self.count = count;
            self.moved_ms = Some(now_ms);
        }
        match self.moved_ms {
            None => Picture::Awaited,
            Some(at) if now_ms - at >= Self::STALLED_AFTER_MS => {
                Picture::Stalled { secs: ((now_ms - at) / 1_000.0) as f32 }
            }
            Some(_) => Picture::Moving,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_still_counter_is_noticed_within_five_seconds() {
        let mut watch = StallWatch::default();
        assert_eq!(watch.look(0.0, 0), Picture::Awaited);
        let mut now = 500.0;
        for frame in 1..=20 {
            assert_eq!(watch.look(now, frame), Picture::Moving);
            now += 500.0;
        }
        let stopped = now - 500.0;
        while watch.look(now, 20) == Picture::Moving {
            now += 500.0;
            assert!(now < stopped + 5_000.0, "noticed too late");
        }
        assert_eq!(watch.look(now + 500.0, 21), Picture::Moving);
    }

    #[test]
    fn a_counter_that_starts_again_is_movement() {
        let mut watch = StallWatch::default();
        watch.look(0.0, 900);
        assert_eq!(watch.look(2_900.0, 3), Picture::Moving);
        assert_eq!(watch.look(5_000.0, 3), Picture::Moving);
    }

    #[test]
    fn a_sleeping_tab_is_not_a_stall() {
        let mut watch = StallWatch::default();
        watch.look(0.0, 1);
        assert_eq!(watch.look(60_000.0, 1), Picture::Moving);
        assert_eq!(watch.look(61_000.0, 1), Picture::Moving);
        assert!(matches!(watch.look(63_200.0, 1), Picture::Stalled { .. } | Picture::Moving));
        assert!(matches!(watch.look(64_000.0, 1), Picture::Stalled { .. }));
    }
}
