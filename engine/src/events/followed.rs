//! What a machine remembers of each track, and hands on when the tracker loses somebody and finds them again under another number.

use crate::tracker::{Track, TrackId};
use crate::{ClassGroup, Micros, Point};

/// Somebody unseen for longer is forgotten, seconds.
const KEPT_SECS: f32 = 2.0;
/// How far from where they should be somebody lost turns up again, in heights of their box: at once …
const REACH: f32 = 0.5;
/// … and for every second that they were not seen.
const REACH_PER_SEC: f32 = 0.5;
/// Boxes of the same thing differ by this factor at most.
const SIZE_RATIO: f32 = 0.6;
/// Most tracks remembered; further ones are not followed until there is room.
const MAX_KNOWN: usize = 1024;

/// A state for each track.
#[derive(Clone, Debug)]
pub(super) struct Followed<S> {
    /// By track.
    known: Vec<Known<S>>,
}

#[derive(Clone, Debug)]
struct Known<S> {
    track: TrackId,
    group: ClassGroup,
    last_seen: Micros,
    foot: Point,
    height: f32,
    velocity: Point,
    state: S,
}

impl<S> Default for Followed<S> {
    fn default() -> Self {
        Self { known: Vec::new() }
    }
}

impl<S> Known<S> {
    fn look(&mut self, track: &Track, at: Micros) {
        self.track = track.id();
        self.group = track.group();
        self.last_seen = at;
        self.foot = track.foot();
        self.height = track.bbox().height();
        self.velocity = track.filter().velocity();
    }

    /// How far from where this one should be now the track is, in heights; `None` when it cannot be the same.
    fn distance(&self, track: &Track, at: Micros, aspect: f32) -> Option<f32> {
        let same = self.group == track.group()
            || self.group == ClassGroup::MovingObject
            || track.group() == ClassGroup::MovingObject;
        let height = track.bbox().height();
        let gap_secs = at.secs_since(self.last_seen);
        if !same || gap_secs <= 0.0 || self.height.min(height) < SIZE_RATIO * self.height.max(height) {
            return None;
        }
        let dx = (track.foot().x - self.foot.x - self.velocity.x * gap_secs) * aspect;
        let dy = track.foot().y - self.foot.y - self.velocity.y * gap_secs;
        let distance = (dx * dx + dy * dy).sqrt() / self.height.max(height);
        (distance <= REACH + REACH_PER_SEC * gap_secs).then_some(distance)
    }
}

impl<S: Default> Followed<S> {
    /// Shows every track that this frame sees and that `takes` wants to `visit`, with what was remembered of it.
    pub(super) fn step(
        &mut self,
        at: Micros,
        tracks: &[Track],
        aspect: f32,
        takes: impl Fn(&Track) -> bool,
        mut visit: impl FnMut(&Track, &mut S),
    ) {
        let seen = || tracks.iter().filter(|track| track.last_seen() == at && takes(track));
        // Those known first, so that nobody who is in sight counts as lost.
        for track in seen() {
            if let Ok(n) = self.find(track.id()) {
                self.known[n].look(track, at);
            }
        }
        for track in seen() {
            let n = match self.find(track.id()) {
                Ok(n) => n,
                Err(place) => {
                    let state = self.inherit(track, at, aspect);
                    // Taking one out moved the place.
                    let place = self.find(track.id()).err().unwrap_or(place);
                    if self.known.len() >= MAX_KNOWN {
                        continue;
                    }
                    let mut known = Known {
                        track: track.id(),
                        group: track.group(),
                        last_seen: at,
                        foot: track.foot(),
                        height: 0.0,
                        velocity: Point::default(),
                        state,
                    };
                    known.look(track, at);
                    self.known.insert(place, known);
                    place
                }
            };
            visit(track, &mut self.known[n].state);
        }
        self.known.retain(|known| at.secs_since(known.last_seen) <= KEPT_SECS);
    }

    fn find(&self, track: TrackId) -> Result<usize, usize> {
        self.known.binary_search_by_key(&track, |known| known.track)
    }

    /// The state of the one lost from sight who this new track most likely is; a fresh one when there is none.
    fn inherit(&mut self, track: &Track, at: Micros, aspect: f32) -> S {
        let lost = self.known.iter().enumerate().filter(|(_, known)| known.last_seen < at);
        let near = lost.filter_map(|(n, known)| Some((n, known.distance(track, at, aspect)?)));
        match near.min_by(|a, b| a.1.total_cmp(&b.1)) {
            Some((n, _)) => self.known.remove(n).state,
            None => S::default(),
        }
    }

    /// What is remembered, lost ones included.
    pub(super) fn states(&self) -> impl Iterator<Item = &S> {
        self.known.iter().map(|known| &known.state)
    }

    /// Forgets everybody.
    pub(super) fn clear(&mut self) {
        self.known.clear();
    }
}
