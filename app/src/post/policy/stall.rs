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

/// Watches a frame counter. A counter is as old as its camera and older than the watch: the first look only tells where
/// it stands. Nor does a counter that starts again at zero (another session, another source) show a picture by itself: the
/// next step up does.
#[derive(Clone, Debug, Default)]
pub struct StallWatch {
    /// Where the counter stood at the last look; `None` before the first.
    count: Option<u64>,
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

    /// Something else is counted from now on, which stands here: no picture came with that.
    pub fn recount(&mut self, count: u64) {
        self.count = Some(count);
    }

    /// One look at the counter.
    pub fn look(&mut self, now_ms: f64, count: u64) -> Picture {
        let slept = self.looked_ms.is_some_and(|last| now_ms - last > Self::SLEPT_MS);
        self.looked_ms = Some(now_ms);
        let moved = self.count.replace(count).is_some_and(|before| count > before);
        if moved || (slept && self.moved_ms.is_some()) {
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
    fn a_new_watch_on_an_old_counter_has_seen_no_picture_yet() {
        let mut watch = StallWatch::default();
        for look in 0..40 {
            assert_eq!(watch.look(f64::from(look) * 500.0, 900), Picture::Awaited);
        }
        assert_eq!(watch.look(20_000.0, 901), Picture::Moving);
    }

    #[test]
    fn a_counter_that_starts_again_moves_with_its_next_frame() {
        let mut watch = StallWatch::default();
        watch.look(0.0, 900);
        assert_eq!(watch.look(500.0, 0), Picture::Awaited, "another source, without a picture so far");
        assert_eq!(watch.look(1_000.0, 1), Picture::Moving);
        assert_eq!(
            watch.look(3_400.0, 0),
            Picture::Moving,
            "one more source, and the picture was just there"
        );
        assert!(matches!(watch.look(4_500.0, 0), Picture::Stalled { .. }));
        assert_eq!(watch.look(5_000.0, 3), Picture::Moving);
    }

    #[test]
    fn counting_something_else_is_no_picture() {
        let mut watch = StallWatch::default();
        watch.look(0.0, 0);
        watch.look(500.0, 1);
        let mut now = 500.0;
        while watch.look(now, 1) == Picture::Moving {
            now += 500.0;
        }
        watch.recount(5_001);
        assert!(matches!(watch.look(now + 500.0, 5_001), Picture::Stalled { .. }));
        assert_eq!(watch.look(now + 1_000.0, 5_002), Picture::Moving);
    }

    #[test]
    fn a_sleeping_tab_is_not_a_stall() {
        let mut watch = StallWatch::default();
        watch.look(0.0, 0);
        watch.look(500.0, 1);
        assert_eq!(watch.look(60_000.0, 1), Picture::Moving);
        assert_eq!(watch.look(61_000.0, 1), Picture::Moving);
        assert!(matches!(watch.look(63_200.0, 1), Picture::Stalled { .. } | Picture::Moving));
        assert!(matches!(watch.look(64_000.0, 1), Picture::Stalled { .. }));
    }
}
