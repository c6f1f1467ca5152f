//! Boxes around whatever moves, for tracks that the detector has lost sight of and for things that it has no name for.
//!
//! Such a box may hold several things that stand close, or part of one. So it moves a track only where it is plainly that
//! track's alone; where it merely covers one, the track is kept for a while and goes its way by itself.

use super::Track;
use super::likeness::Expectation;
use super::overlap::{share_within, shared_area};
use super::pairing::Pairing;
use crate::motion::Proposal;
use crate::{BBox, ClassGroup, Micros};

/// Most proposals taken from one frame, the strongest first.
const MOST: usize = 64;
/// So much of a box within another, and the one explains the other.
const EXPLAINS: f32 = 0.5;
/// A box continues a track that the detector has named only when it looks like the one expected or seen last: intersection over
/// union.
const NAMED_OVERLAP: f32 = 0.5;
/// A proposal that has nothing to do with any track shares less than this of the smaller box with each.
const APART: f32 = 0.3;
/// A thing begins a track from this strength on …
const BIRTH_STRENGTH: f32 = 0.5;
/// … while it moves: what has looked the same for longer than this was left there or is a change of the light, seconds.
const BIRTH_STILL_SECS: f32 = 0.5;

/// A proposal, and what is known of it in this frame.
#[derive(Clone, Copy, Debug)]
struct Moving {
    bbox: BBox,
    strength: f32,
    still_secs: f32,
    /// It shows somebody whom the frame has shown already.
    explained: bool,
    /// Tracks out of sight that it covers.
    covers: u16,
}

/// The proposals of one frame; keeps its working memory.
#[derive(Clone, Debug, Default)]
pub(super) struct MovingThings {
    things: Vec<Moving>,
}

impl MovingThings {
    /// Replaces the proposals by those of a new frame, in an order that does not depend on how they came.
    pub(super) fn sort(&mut self, proposals: &[Proposal]) {
        self.things.clear();
        self.things.extend(proposals.iter().filter_map(|proposal| {
            let bbox = proposal.bbox.on_picture();
            // A strength that is not a number fails the comparison.
            let usable = proposal.bbox.is_valid() && bbox.is_valid() && proposal.strength > 0.0;
            let strength = proposal.strength.min(1.0);
            usable.then_some(Moving {
                bbox,
                strength,
                still_secs: proposal.still_secs,
                explained: false,
                covers: 0,
            })
        }));
        self.things.sort_unstable_by(|a, b| {
            let still = || a.still_secs.total_cmp(&b.still_secs);
            b.strength.total_cmp(&a.strength).then_with(|| a.bbox.order(&b.bbox)).then_with(still)
        });
        self.things.truncate(MOST);
    }

    /// Shows the proposals to the tracks that no detection has served.
    pub(super) fn serve(&mut self, tracks: &mut [Track], pairing: &mut Pairing, at: Micros, aspect: f32) {
        if self.things.is_empty() {
            return;
        }
        for thing in &mut self.things {
            for track in tracks.iter() {
                let bbox = if track.last_seen() == at { track.observed() } else { track.bbox() };
                let shared = shared_area(&thing.bbox, &bbox);
                if track.last_seen() == at {
                    thing.explained |=
                        shared > EXPLAINS * thing.bbox.area() || shared > EXPLAINS * bbox.area();
                } else if track.lives_on_motion() && shared > EXPLAINS * bbox.area() {
                    thing.covers += 1;
                }
            }
        }
        let waits = |track: &Track| track.last_seen() < at && track.lives_on_motion();
        pairing.clear();
        for (t, track) in tracks.iter().enumerate().filter(|(_, track)| waits(track)) {
            let (expected, bbox, before) =
                (Expectation::of(track, at, aspect), track.bbox(), track.observed());
            let unnamed = track.group() == ClassGroup::MovingObject;
            for (n, thing) in self.things.iter().enumerate() {
                let alone = !thing.explained && thing.covers <= 1;
                // Somebody who falls changes shape faster than the filter believes, but not from one frame to the next.
                let overlap = bbox.iou(&thing.bbox).max(before.iou(&thing.bbox));
                let likeness = expected.likeness(&thing.bbox, aspect);
                if alone && overlap > NAMED_OVERLAP {
                    pairing.offer(t, n, likeness.max(overlap));
                } else if alone && unnamed {
                    pairing.offer(t, n, likeness);
                }
            }
        }
        for (t, n) in pairing.choose(tracks.len(), self.things.len()) {
            let thing = &mut self.things[*n as usize];
            thing.explained = true;
            tracks[*t as usize].glimpse(&thing.bbox, thing.strength, at, aspect);
        }
        for track in tracks.iter_mut().filter(|track| waits(track)) {
            let bbox = track.bbox();
            // What somebody in sight explains says nothing of who may be behind them.
            let unexplained = self.things.iter().filter(|thing| !thing.explained);
            let covered: f32 = unexplained.map(|thing| shared_area(&thing.bbox, &bbox)).sum();
            if covered > EXPLAINS * bbox.area() {
                track.keep(at);
            }
        }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.things.len()
    }

    /// The box and strength of this one, if it moves apart from all tracks.
    pub(super) fn newcomer(&self, index: usize, tracks: &[Track]) -> Option<(BBox, f32)> {
        let thing = &self.things[index];
        let apart = |track: &Track| {
            share_within(&thing.bbox, &track.bbox()) < APART
                && share_within(&thing.bbox, &track.observed()) < APART
        };
        let strong = thing.strength >= BIRTH_STRENGTH && thing.still_secs <= BIRTH_STILL_SECS;
        let new = !thing.explained && strong && tracks.iter().all(apart);
        new.then_some((thing.bbox, thing.strength))
    }
}
