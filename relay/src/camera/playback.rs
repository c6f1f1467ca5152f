//! Which frame is due when. Time is counted in ticks from the start and passed in; no clock is read here.

use super::clip::{Clip, ClipFrame};
use std::sync::Arc;

/// One viewer's way through a clip, from its first frame on, again and again, on one clock that only grows.
#[derive(Clone, Debug)]
pub struct Playback {
    clip: Arc<Clip>,
    /// Next frame to send.
    next: usize,
    /// What to add to a frame's ticks in the clip to have its ticks on this viewer's clock.
    offset: u64,
    /// Ticks of the last keyframe sent.
    last_key: Option<u64>,
}

impl Playback {
    /// A keyframe that was sent less than this before answers a request for one; it may still be under way.
    const KEY_IS_FRESH: u64 = 45_000;

    /// Starts at the first frame.
    #[must_use]
    pub fn new(clip: Arc<Clip>) -> Self {
        Self { clip, next: 0, offset: 0, last_key: None }
    }

    /// When the next frame is to be sent: ticks of 1/90 000 s from the start.
    #[must_use]
    pub fn due(&self) -> u64 {
        self.offset + self.frame().ticks
    }

    /// The next frame and its ticks; moves on.
    pub fn take(&mut self) -> (u64, Arc<[u8]>) {
        let due = self.due();
        let frame = self.frame();
        let data = frame.data.clone();
        if frame.is_key {
            self.last_key = Some(due);
        }
        self.next += 1;
        if self.next == self.clip.frames.len() {
            self.next = 0;
            self.offset += self.clip.ticks;
        }
        (due, data)
    }

    /// The viewer cannot decode: the next frame will be the nearest keyframe before the one that was next. The scene
    /// steps back; the clock does not.
    pub fn answer_keyframe_request(&mut self) {
        let due = self.due();
        if self.last_key.is_some_and(|key| due - key < Self::KEY_IS_FRESH) {
            return;
        }
        let frames = &self.clip.frames;
        // The first frame is a keyframe, so there always is one.
        let key = (0..=self.next).rev().find(|&index| frames[index].is_key).unwrap_or(0);
        self.next = key;
        self.offset = due - frames[key].ticks;
    }

    /// The machine slept or stalled: leaves `ticks` out, instead of sending all that was missed at once.
    pub fn skip(&mut self, ticks: u64) {
        self.offset += ticks;
    }

    fn frame(&self) -> &ClipFrame {
        &self.clip.frames[self.next]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::camera::clip::ClipCodec;

    /// 50 frames of 40 ms; keyframes at 0 and 25; each frame holds its own number.
    fn playback() -> Playback {
        let frames = (0..50u8)
            .map(|n| ClipFrame { ticks: u64::from(n) * 3600, is_key: n % 25 == 0, data: vec![n].into() })
            .collect();
        Playback::new(Arc::new(Clip { codec: ClipCodec::Vp9, frames, ticks: 50 * 3600 }))
    }

    #[test]
    fn the_clock_grows_evenly_over_the_seam() {
        let mut playback = playback();
        for n in 0..175u64 {
            assert_eq!(playback.due(), n * 3600);
            let (ticks, data) = playback.take();
            assert_eq!((ticks, u64::from(data[0])), (n * 3600, n % 50));
        }
    }

    #[test]
    fn a_keyframe_request_steps_back_in_the_scene_but_not_in_time() {
        let mut playback = playback();
        for _ in 0..120 {
            playback.take();
        }
        // Frame 20 of the third pass is next; the keyframe before is frame 0.
        playback.answer_keyframe_request();
        let (ticks, data) = playback.take();
        assert_eq!((ticks, data[0]), (120 * 3600, 0));
        let (ticks, data) = playback.take();
        assert_eq!((ticks, data[0]), (121 * 3600, 1));
    }

    #[test]
    fn a_fresh_keyframe_is_not_sent_twice() {
        let mut playback = playback();
        for _ in 0..5 {
            playback.take();
        }
        playback.answer_keyframe_request();
        assert_eq!(playback.take().1[0], 5);
    }

    #[test]
    fn a_request_at_the_seam_changes_nothing() {
        let mut playback = playback();
        for _ in 0..50 {
            playback.take();
        }
        playback.answer_keyframe_request();
        assert_eq!(playback.take(), (50 * 3600, vec![0].into()));
    }

    #[test]
    fn a_stall_is_left_out() {
        let mut playback = playback();
        playback.take();
        playback.skip(90_000);
        assert_eq!(playback.take(), (3600 + 90_000, vec![1].into()));
    }
}
