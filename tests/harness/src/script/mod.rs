//! A situation made up: things that move on straight lines, from which boxes are made, and a grey picture where the script asks
//! for one.

mod crowd;
mod picture;
mod thing;

use crate::{Dice, Frame, Sketch};
use crowd::Crowd;
use picture::PictureScript;
use serde::Deserialize;
use std::rc::Rc;
use thing::Thing;
use vigie_engine::{BBox, Micros};

/// Values over time, `[time, value, …]` each: linear in between, held before the first and after the last.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(try_from = "Vec<Vec<f64>>")]
struct OverTime<const N: usize>(Vec<(f64, [f32; N])>);

impl<const N: usize> TryFrom<Vec<Vec<f64>>> for OverTime<N> {
    type Error = String;

    fn try_from(keys: Vec<Vec<f64>>) -> Result<Self, String> {
        let key = |key: Vec<f64>| match key.split_first() {
            Some((&when, values)) if values.len() == N => {
                Ok((when, std::array::from_fn(|n| values[n] as f32)))
            }
            _ => Err(format!("a time and {N} values are wanted, not {key:?}")),
        };
        keys.into_iter().map(key).collect::<Result<_, _>>().map(Self)
    }
}

impl<const N: usize> OverTime<N> {
    /// The values at a time; `None` when there are none at all.
    fn at(&self, secs: f64) -> Option<[f32; N]> {
        let after = self.0.partition_point(|(when, _)| *when <= secs);
        let first = self.0.get(after.saturating_sub(1))?;
        let last = self.0.get(after).unwrap_or(first);
        let span = last.0 - first.0;
        let passed = if span > 0.0 { ((secs - first.0) / span).clamp(0.0, 1.0) as f32 } else { 0.0 };
        Some(std::array::from_fn(|n| first.1[n] + passed * (last.1[n] - first.1[n])))
    }

    /// The times at which values are given.
    fn times(&self) -> impl Iterator<Item = f64> {
        self.0.iter().map(|(when, _)| *when)
    }
}

/// Whether one of these spans holds the time.
fn within(spans: &[(f64, f64)], secs: f64) -> bool {
    spans.iter().any(|(from, until)| (*from..*until).contains(&secs))
}

/// `script.json`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Script {
    secs: f64,
    pub(crate) fps: Vec<f64>,
    /// Largest error of a box's edges, in box heights.
    jitter: f32,
    /// Share of the boxes that the detector misses.
    #[serde(default)]
    missed: f32,
    /// Share of the frames that never arrive.
    #[serde(default)]
    dropped: f32,
    /// Times at which another picture begins.
    #[serde(default)]
    discontinuities: Vec<f64>,
    /// Times without frames: from, until.
    #[serde(default)]
    gaps: Vec<(f64, f64)>,
    /// From this time on the clock differs by so much: time, seconds.
    #[serde(default)]
    clock_jumps: Vec<(f64, f64)>,
    #[serde(default)]
    walkers: Vec<Thing>,
    #[serde(default)]
    crowds: Vec<Crowd>,
    /// Whether there is a grey picture, and what happens to it.
    #[serde(default)]
    picture: Option<PictureScript>,
}

impl Script {
    pub(crate) fn frames(&self, fps: f64, aspect: f32) -> Vec<Frame> {
        let mut dice = Dice(7);
        // Dice of their own: a script with a picture or dropped frames has the same boxes as one without.
        let mut drops = Dice(23);
        let members: Vec<Thing> = self.crowds.iter().flat_map(|crowd| crowd.members(self.secs)).collect();
        let backdrop = self.picture.as_ref().map(|_| Rc::new(Sketch::backdrop(aspect)));
        let mut last_secs = -1.0;
        let mut frames: Vec<Frame> = Vec::new();
        let count = (self.secs * fps) as u32;
        for n in 0..count {
            let secs = f64::from(n) / fps;
            // A frozen picture is the one that was there when it froze.
            let frozen_at = self.picture.as_ref().and_then(|picture| picture.frozen_since(secs));
            let things = || self.walkers.iter().chain(&members);
            let mut detections: Vec<_> = things()
                .filter_map(|thing| thing.detected(secs, aspect, self.jitter, self.missed, &mut dice))
                .collect();
            if within(&self.gaps, secs) || drops.roll() < self.dropped {
                continue;
            }
            let mut sketch = None;
            if let (Some(picture), Some(backdrop)) = (&self.picture, &backdrop) {
                let view = picture.at(secs, n);
                if view.blind {
                    detections.clear();
                }
                for detection in &mut detections {
                    let b = detection.bbox;
                    let (dx, dy) = view.shift;
                    detection.bbox =
                        BBox { x0: b.x0 + dx, y0: b.y0 + dy, x1: b.x1 + dx, y1: b.y1 + dy }.on_picture();
                }
                detections.retain(|detection| detection.bbox.is_valid());
                let patches =
                    things().enumerate().filter_map(|(seed, thing)| thing.patch(secs, aspect, seed, n));
                sketch = Some(Rc::new(Sketch::new(Rc::clone(backdrop), patches.collect(), view)));
            }
            if frozen_at.is_some()
                && let Some(before) = frames.last()
                && frozen_at.is_some_and(|since| before.scenario_secs >= since)
            {
                detections.clone_from(&before.detections);
                sketch.clone_from(&before.sketch);
            }
            let shift: f64 =
                self.clock_jumps.iter().filter(|(when, _)| *when <= secs).map(|(_, by)| by).sum();
            let discontinuity = self.discontinuities.iter().any(|when| last_secs < *when && *when <= secs);
            last_secs = secs;
            let at = Micros(((secs + shift) * 1e6) as i64);
            frames.push(Frame { scenario_secs: secs, at, discontinuity, detections, sketch });
        }
        frames
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script(text: &str) -> Script {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn values_are_linear_between_their_times_and_held_outside() {
        let keys: OverTime<1> = serde_json::from_str("[[1, 0], [3, 1], [3, 5]]").unwrap();
        let at = |secs| keys.at(secs).unwrap()[0];
        assert_eq!((at(0.0), at(1.0), at(2.0), at(3.0), at(9.0)), (0.0, 0.0, 0.5, 5.0, 5.0));
        assert!(OverTime::<1>::default().at(1.0).is_none());
        assert!(serde_json::from_str::<OverTime<2>>("[[1, 0]]").is_err());
    }

    #[test]
    fn a_picture_changes_no_boxes() {
        let walker = r#"{"height": 0.2, "score": 0.6, "path": [[0, 0.2, 0.7], [4, 0.6, 0.7]]}"#;
        let plain = format!(r#"{{"secs": 4, "fps": [5], "jitter": 0.04, "walkers": [{walker}]}}"#);
        let drawn =
            format!(r#"{{"secs": 4, "fps": [5], "jitter": 0.04, "walkers": [{walker}], "picture": {{}}}}"#);
        let (plain, drawn) = (script(&plain).frames(5.0, 1.5), script(&drawn).frames(5.0, 1.5));
        assert_eq!(plain.len(), 20);
        assert!(plain.iter().zip(&drawn).all(|(p, d)| p.detections == d.detections));
        assert!(plain.iter().all(|frame| frame.sketch.is_none()) && drawn.iter().all(|f| f.sketch.is_some()));
    }

    #[test]
    fn dropped_frames_and_gaps_leave_the_others_as_they_are() {
        let text = |more: &str| {
            format!(
                r#"{{"secs": 20, "fps": [10], "jitter": 0.1, "walkers":
                [{{"height": 0.2, "score": 0.6, "path": [[0, 0.2, 0.7], [20, 0.6, 0.7]]}}]{more}}}"#
            )
        };
        let all = script(&text("")).frames(10.0, 1.5);
        let some = script(&text(r#", "dropped": 0.5, "gaps": [[3, 5]]"#)).frames(10.0, 1.5);
        assert!((60..120).contains(&some.len()), "{}", some.len());
        assert!(some.iter().all(|frame| all.contains(frame)));
        assert!(some.iter().all(|frame| !(3.0..5.0).contains(&frame.scenario_secs)));
    }

    #[test]
    fn a_crowd_has_as_many_members_as_it_says_and_moves_together() {
        let text = r#"{"secs": 4, "fps": [5], "jitter": 0, "crowds": [
            {"count": 50, "area": [0.2, 0.3, 0.6, 0.8], "height": 0.1, "score": 0.7, "moves": [[0, 0, 0, 1], [4, 0.2, 0, 1]]}]}"#;
        let frames = script(text).frames(5.0, 1.5);
        let mean = |n: usize| {
            let found = &frames[n].detections;
            assert_eq!(found.len(), 50);
            found.iter().map(|d| d.bbox.foot().x).sum::<f32>() / 50.0
        };
        assert!((mean(10) - mean(0) - 0.1).abs() < 0.01, "{} {}", mean(0), mean(10));
    }
}
