//! Where a looped clip starts again: its people jump there, and no track may cross the seam.

/// RTP ticks of video in a millisecond (RFC 3551: 90 kHz).
const TICKS_PER_MS: u64 = 90;

/// The place in a looped clip whose frames carry RTP time from 0 at its first frame. Where the sender steps back in the
/// scene, for a receiver that asked for a key frame, the place is off by that step until the next session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scene {
    length: u64,
    /// The last frame: its RTP time, and the same without wraps.
    last: Option<(u32, u64)>,
}

impl Scene {
    /// The scene of a clip that takes `loop_ms` milliseconds; `None` for a clip of no length.
    #[must_use]
    pub fn of_loop(loop_ms: u32) -> Option<Self> {
        (loop_ms > 0).then_some(Self { length: u64::from(loop_ms) * TICKS_PER_MS, last: None })
    }

    /// Whether this is the scene of a clip that takes `loop_ms` milliseconds.
    #[must_use]
    pub fn is_of_loop(&self, loop_ms: u32) -> bool {
        self.length == u64::from(loop_ms) * TICKS_PER_MS
    }

    /// Takes the RTP time of the next frame; true when the clip has started again since the one before.
    pub fn starts_again(&mut self, rtp: u32) -> bool {
        let Some((before, place)) = self.last else {
            self.last = Some((rtp, u64::from(rtp)));
            return false;
        };
        let passed = rtp.wrapping_sub(before);
        // Back in time by less than half the range: another session, which starts the clip anew.
        if passed > u32::MAX / 2 {
            self.last = Some((rtp, u64::from(rtp)));
            return true;
        }
        let now = place + u64::from(passed);
        self.last = Some((rtp, now));
        now / self.length != place / self.length
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seams(frames: impl IntoIterator<Item = u32>) -> Vec<u32> {
        let mut scene = Scene::of_loop(1000).unwrap();
        assert!(scene.is_of_loop(1000) && !scene.is_of_loop(999));
        frames.into_iter().filter(|rtp| scene.starts_again(*rtp)).collect()
    }

    #[test]
    fn each_seam_is_seen_once_whatever_the_frames_left_out() {
        assert_eq!(seams((0..100).map(|frame| frame * 3_600)), [90_000, 180_000, 270_000]);
        assert_eq!(seams([0, 80_000, 100_000, 170_000, 290_000]), [100_000, 290_000]);
    }

    #[test]
    fn a_new_session_starts_the_clip_anew() {
        assert_eq!(seams([0, 80_000, 3_600, 88_000, 91_000]), [3_600, 91_000]);
    }

    #[test]
    fn the_wrap_of_the_counter_is_no_seam() {
        // 2³² is no multiple of the loop: only a count without wraps keeps the place.
        let start = u32::MAX - 10_000;
        let to_seam = 90_000 - u64::from(start) % 90_000;
        let seam = start.wrapping_add(to_seam as u32);
        assert_eq!(seams([start, start.wrapping_add(10_100), seam]), [seam]);
    }

    #[test]
    fn a_clip_of_no_length_has_no_seam() {
        assert_eq!(Scene::of_loop(0), None);
    }
}
