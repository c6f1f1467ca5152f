//! Counting passes: when a camera whose density is watched is looked at more closely, part by part.
//!
//! The parts of a pass are looked at one at a time, between whole frames, so that tracking never waits for more than one of them.
//! They are therefore of moments some seconds apart, in which a crowd changes little; whoever walks from one part to another may be
//! counted twice or not at all.

use std::collections::VecDeque;
use vigie_engine::{
    Detection, Micros,
    tiles::{Pass, Tile, counting_looks, merge},
};

/// Milliseconds between two parts, so that a slow engine has most of its time for whole frames.
const PART_EVERY_MS: f64 = 400.0;
/// Milliseconds between the ends of two passes and the begins of the next.
const REST_MS: f64 = 5_000.0;
/// A pass that takes longer than this says nothing of one moment any more, milliseconds.
const LONGEST_MS: f64 = 30_000.0;

/// The passes over one camera.
#[derive(Clone, Debug, Default)]
pub struct Counting {
    size: (u32, u32),
    to_do: VecDeque<Tile>,
    done: Vec<(Tile, Vec<Detection>)>,
    began_ms: f64,
    last_ms: Option<f64>,
    counted: Option<(Micros, Vec<Detection>)>,
}

impl Counting {
    /// The part that comes now, if one does, of a picture of this size, pixels.
    pub fn next(&mut self, now_ms: f64, size: (u32, u32)) -> Option<Tile> {
        if size.0 == 0 || size.1 == 0 {
            return None;
        }
        if self.size != size {
            *self = Self { size, last_ms: self.last_ms, ..Self::default() };
        }
        let under_way = !self.to_do.is_empty();
        if under_way && now_ms - self.began_ms > LONGEST_MS {
            self.give_up();
        }
        let rest = if under_way { PART_EVERY_MS } else { REST_MS };
        if self.last_ms.is_some_and(|last| now_ms - last < rest) {
            return None;
        }
        if self.to_do.is_empty() {
            self.began_ms = now_ms;
            self.done.clear();
            self.to_do.extend(counting_looks(size.0, size.1));
        }
        self.last_ms = Some(now_ms);
        self.to_do.front().copied()
    }

    /// What the engine found in the part that came last, in shares of it, in a frame of this time.
    pub fn found(&mut self, at: Micros, detections: &[Detection]) {
        let Some(tile) = self.to_do.pop_front() else { return };
        self.done.push((tile, detections.to_vec()));
        if self.to_do.is_empty() {
            let passes: Vec<Pass<'_>> =
                self.done.iter().map(|(tile, boxes)| Pass { tile: *tile, boxes }).collect();
            self.counted = Some((at, merge(self.size, &passes)));
            self.done.clear();
        }
    }

    /// The pass under way comes to nothing: a part of it was lost, or the picture is another one. The next one need not wait.
    pub fn give_up(&mut self) {
        if !self.to_do.is_empty() {
            self.last_ms = None;
        }
        self.to_do.clear();
        self.done.clear();
    }

    /// Nothing that was seen before holds.
    pub fn reset(&mut self) {
        self.give_up();
        self.counted = None;
    }

    /// The last whole pass: when it ended, and everybody it found, in shares of the picture.
    #[must_use]
    pub fn counted(&self) -> Option<(Micros, &[Detection])> {
        self.counted.as_ref().map(|(at, boxes)| (*at, boxes.as_slice()))
    }

    /// The longest side of a part over the picture's height: how much larger than the whole a part is shown.
    #[must_use]
    pub fn part_share(&self) -> f32 {
        let side = self.size.0.min(self.size.1).div_ceil(2);
        side as f32 / self.size.1.max(1) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vigie_engine::BBox;

    const SIZE: (u32, u32) = (1280, 720);

    fn person() -> Detection {
        Detection { bbox: BBox { x0: 0.4, y0: 0.3, x1: 0.5, y1: 0.7 }, class_id: 1, score: 0.9 }
    }

    /// Runs from a time on, a frame every 100 ms; the parts looked at.
    fn run(counting: &mut Counting, from_ms: f64, until_ms: f64) -> Vec<(f64, Tile)> {
        let mut looked = Vec::new();
        let mut now = from_ms;
        while now < until_ms {
            if let Some(tile) = counting.next(now, SIZE) {
                looked.push((now, tile));
                counting.found(Micros((now * 1e3) as i64), &[person()]);
            }
            now += 100.0;
        }
        looked
    }

    #[test]
    fn a_pass_covers_the_picture_a_part_at_a_time_and_then_rests() {
        let mut counting = Counting::default();
        let parts = counting_looks(SIZE.0, SIZE.1).len();
        let looked = run(&mut counting, 0.0, 60_000.0);
        let first: Vec<f64> = looked.iter().take(parts).map(|(at, _)| *at).collect();
        assert!(first.windows(2).all(|pair| pair[1] - pair[0] >= PART_EVERY_MS), "{first:?}");
        assert!(looked[parts].0 - looked[parts - 1].0 >= REST_MS, "it rests between passes");
        assert_eq!(looked[parts].1, looked[0].1, "and then begins again");
        let (at, found) = counting.counted().expect("a pass has ended");
        assert!(at > Micros(20_000_000) && found.len() > parts / 2, "{} people", found.len());
    }

    #[test]
    fn a_lost_part_loses_the_pass_and_keeps_the_last_count() {
        let mut counting = Counting::default();
        run(&mut counting, 0.0, 20_000.0);
        let before = counting.counted().map(|(at, _)| at);
        assert!(before.is_some());
        let begun = (0..200).find_map(|n| counting.next(20_000.0 + 100.0 * f64::from(n), SIZE));
        assert!(begun.is_some());
        counting.give_up();
        assert_eq!(counting.counted().map(|(at, _)| at), before);
        counting.found(Micros(99), &[person()]);
        assert_eq!(counting.counted().map(|(at, _)| at), before, "an answer that nobody waits for");
        counting.reset();
        assert_eq!(counting.counted(), None);
    }

    #[test]
    fn a_pass_that_drags_on_and_a_picture_of_another_size_begin_anew() {
        let mut counting = Counting::default();
        let first = counting.next(0.0, SIZE);
        counting.found(Micros(0), &[]);
        assert_eq!(counting.next(LONGEST_MS + 1_000.0, SIZE), first);
        let other = counting.next(LONGEST_MS + 9_000.0, (640, 360)).expect("a part of the other picture");
        assert!(other.width <= 180 && counting.counted().is_none());
        assert_eq!(counting.next(1e9, (0, 0)), None);
    }
}
