//! Where a track was seen in the last few seconds.

use crate::{BBox, Micros};

/// What showed a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A box of the detector.
    Detection,
    /// A box around something that moves, whatever it is: less exact, and it may cover more or less than the thing.
    Proposal,
}

/// One time that a thing was seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sighting {
    /// When.
    pub at: Micros,
    /// The box as it came, not smoothed.
    pub bbox: BBox,
    /// What showed it.
    pub source: Source,
}

/// Sightings kept.
const KEPT: usize = 24;
/// Time between two that are kept, seconds; at five frames a second and fewer all are.
const SPACING_SECS: f32 = 0.19;

/// The last sighting, and those of the seconds before, about five to the second: [`KEPT`] in all, so that it reaches back 4.5
/// seconds or more whatever the frame rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sightings {
    /// A ring; the newest is at `newest`.
    ring: [Sighting; KEPT],
    newest: u8,
    len: u8,
}

impl Sightings {
    pub(super) fn begin(first: Sighting) -> Self {
        Self { ring: [first; KEPT], newest: 0, len: 1 }
    }

    /// The last one.
    #[must_use]
    pub fn last(&self) -> &Sighting {
        &self.ring[usize::from(self.newest)]
    }

    /// From the last one back.
    pub fn iter(&self) -> impl Iterator<Item = &Sighting> {
        let newest = usize::from(self.newest);
        (0..usize::from(self.len)).map(move |back| &self.ring[(newest + KEPT - back) % KEPT])
    }

    /// The youngest that is at least so many seconds older than the last one.
    #[must_use]
    pub fn before(&self, secs: f32) -> Option<&Sighting> {
        let last = self.last().at;
        self.iter().find(|sighting| last.secs_since(sighting.at) >= secs)
    }

    pub(super) fn push(&mut self, sighting: Sighting) {
        // The last one gives way to its successor where the one before is too close to keep both.
        let close = |before: &Sighting| self.last().at.secs_since(before.at) < SPACING_SECS;
        if self.len < 2 || !self.iter().nth(1).is_some_and(close) {
            self.newest = (self.newest + 1) % KEPT as u8;
            self.len = (self.len + 1).min(KEPT as u8);
        }
        self.ring[usize::from(self.newest)] = sighting;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sighting(at: Micros) -> Sighting {
        let x0 = at.0 as f32 / 1e8;
        Sighting { at, bbox: BBox { x0, y0: 0.0, x1: x0 + 0.1, y1: 0.2 }, source: Source::Detection }
    }

    #[test]
    fn the_last_seconds_are_kept_at_any_rate() {
        for fps in [3.0, 5.0, 10.0, 25.0, 60.0] {
            let mut sightings = Sightings::begin(sighting(Micros(0)));
            let mut at = Micros(0);
            while at.secs_since(Micros(0)) < 20.0 {
                at = at.plus_secs(1.0 / fps);
                sightings.push(sighting(at));
                assert_eq!(sightings.last(), &sighting(at));
            }
            let all: Vec<Micros> = sightings.iter().map(|sighting| sighting.at).collect();
            assert!(all.windows(2).all(|pair| pair[0] > pair[1]), "newest first: {all:?}");
            assert!(at.secs_since(all[all.len() - 1]) >= 4.0, "{fps} fps: {all:?}");
            let second_ago = sightings.before(1.0).expect("one that old");
            assert!((1.0..1.6).contains(&at.secs_since(second_ago.at)), "{fps} fps");
        }
    }
}
