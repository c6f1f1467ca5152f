//! Which box goes to which track.

use super::assign::Assigner;
use super::intake::{Candidate, Intake};
use super::{Track, TrackerSettings};
use crate::{BBox, Micros, Point};

/// Overlap from which a pair is possible however far the centres are apart.
const ENOUGH_OVERLAP: f32 = 0.3;
/// Pairs whose heights differ by more than this factor are impossible.
const SIZE_RATIO: f32 = 0.5;
/// Distance of centres, in box heights, that is possible at once …
const REACH: f32 = 0.3;
/// … and per second since the track was last seen, for a track whose speed is known …
const REACH_PER_SEC: f32 = 0.6;
/// … for one seen only once or twice …
const REACH_PER_SEC_AT_FIRST: f32 = 1.2;
/// … and at most.
const REACH_AT_MOST: f32 = 1.0;
/// Boxes of low score only continue a track seen within this time, seconds.
const FRESH_SECS: f32 = 0.6;
/// Cost of a row without a partner, that of a pair with likeness 0: staying alone neither gains nor loses.
const NO_PARTNER: f32 = 1.0;

/// A possible pair.
#[derive(Clone, Copy, Debug)]
struct Pair {
    track: u32,
    candidate: u32,
    likeness: f32,
    cluster: u32,
}

/// Pairs boxes and tracks; keeps its working memory from frame to frame.
#[derive(Clone, Debug, Default)]
pub(super) struct Associator {
    pairs: Vec<Pair>,
    /// Union-find over tracks, then boxes.
    parents: Vec<u32>,
    rows: Vec<u32>,
    columns: Vec<u32>,
    cost: Vec<f32>,
    chosen: Vec<(u32, u32)>,
    assigner: Assigner,
}

impl Associator {
    /// Gives every track at most one box, and tells both.
    pub(super) fn run(
        &mut self,
        tracks: &mut [Track],
        intake: &mut Intake,
        at: Micros,
        aspect: f32,
        settings: &TrackerSettings,
    ) {
        let high = |candidate: &Candidate| candidate.score >= settings.high_score;
        self.stage(tracks, intake, at, aspect, settings, |_, candidate| high(candidate));
        // What is left of the tracks may go on with the weak boxes.
        self.stage(tracks, intake, at, aspect, settings, |track, candidate| {
            !high(candidate) && at.secs_since(track.last_seen()) <= FRESH_SECS
        });
    }

    fn stage(
        &mut self,
        tracks: &mut [Track],
        intake: &mut Intake,
        at: Micros,
        aspect: f32,
        settings: &TrackerSettings,
        admits: impl Fn(&Track, &Candidate) -> bool,
    ) {
        self.pairs.clear();
        for (t, track) in tracks.iter().enumerate() {
            // A track that the stage before served; a frame at the same time as the last serves nobody twice.
            if track.last_seen() >= at {
                continue;
            }
            let expected = Expectation::of(track, at);
            for (c, candidate) in intake.boxes().iter().enumerate() {
                if candidate.taken || candidate.group != track.group() || !admits(track, candidate) {
                    continue;
                }
                let likeness = expected.likeness(&candidate.bbox, aspect);
                if likeness > 0.0 {
                    self.pairs.push(Pair { track: t as u32, candidate: c as u32, likeness, cluster: 0 });
                }
            }
        }
        self.choose(tracks.len(), intake.boxes().len());
        for (t, c) in self.chosen.drain(..) {
            let candidate = &mut intake.boxes_mut()[c as usize];
            candidate.taken = true;
            tracks[t as usize].observe(candidate.bbox, candidate.score, at, aspect, settings.confirm_secs);
        }
    }

    /// Picks from the possible pairs those with the largest sum of likeness, cluster by cluster.
    fn choose(&mut self, tracks: usize, candidates: usize) {
        self.parents.clear();
        self.parents.extend(0..(tracks + candidates) as u32);
        for pair in &self.pairs {
            let a = root(&mut self.parents, pair.track);
            let b = root(&mut self.parents, tracks as u32 + pair.candidate);
            self.parents[a.max(b) as usize] = a.min(b);
        }
        for pair in &mut self.pairs {
            pair.cluster = root(&mut self.parents, pair.track);
        }
        self.pairs.sort_unstable_by_key(|pair| (pair.cluster, pair.track, pair.candidate));
        self.chosen.clear();
        for cluster in self.pairs.chunk_by(|a, b| a.cluster == b.cluster) {
            if let [only] = cluster {
                self.chosen.push((only.track, only.candidate));
                continue;
            }
            self.rows.clear();
            self.rows.extend(cluster.iter().map(|pair| pair.track));
            self.rows.dedup();
            self.columns.clear();
            self.columns.extend(cluster.iter().map(|pair| pair.candidate));
            self.columns.sort_unstable();
            self.columns.dedup();
            // One more column for every row, for staying without a box.
            let width = self.columns.len() + self.rows.len();
            self.cost.clear();
            self.cost.resize(self.rows.len() * width, NO_PARTNER);
            for pair in cluster {
                // Both were collected from these very pairs.
                let row = self.rows.partition_point(|track| *track < pair.track);
                let column = self.columns.partition_point(|candidate| *candidate < pair.candidate);
                self.cost[row * width + column] = 1.0 - pair.likeness;
            }
            let (rows, columns, cost, chosen) = (&self.rows, &self.columns, &self.cost, &mut self.chosen);
            self.assigner.solve(rows.len(), width, cost, |row, column| {
                if column < columns.len() && cost[row * width + column] < NO_PARTNER {
                    chosen.push((rows[row], columns[column]));
                }
            });
        }
    }
}

fn root(parents: &mut [u32], mut node: u32) -> u32 {
    while parents[node as usize] != node {
        let above = parents[parents[node as usize] as usize];
        parents[node as usize] = above;
        node = above;
    }
    node
}

/// Where a track should be now.
struct Expectation {
    bbox: BBox,
    centre: Point,
    height: f32,
    /// How far from there it is still looked for, in box heights.
    reach: f32,
}

impl Expectation {
    fn of(track: &Track, at: Micros) -> Self {
        let bbox = track.bbox();
        let per_sec = if track.observations() < 3 { REACH_PER_SEC_AT_FIRST } else { REACH_PER_SEC };
        let reach = (REACH + per_sec * at.secs_since(track.last_seen())).min(REACH_AT_MOST);
        Self { bbox, centre: bbox.centre(), height: bbox.height(), reach }
    }

    /// How much a box looks like what is expected, 0 (impossible) to 1.
    fn likeness(&self, found: &BBox, aspect: f32) -> f32 {
        let height = found.height();
        let (to, mean) = (found.centre(), f32::midpoint(self.height, height));
        let (dx, dy) = ((to.x - self.centre.x) * aspect, to.y - self.centre.y);
        let (square, limit) = (dx * dx + dy * dy, self.reach * mean);
        let iou = self.bbox.iou(found);
        // Most pairs end here.
        if square >= limit * limit && iou < ENOUGH_OVERLAP {
            return 0.0;
        }
        let size = self.height.min(height) / self.height.max(height);
        // Also true for a ratio that is not a number.
        if size.is_nan() || size < SIZE_RATIO {
            return 0.0;
        }
        let nearness = (1.0 - square.sqrt() / limit).max(0.0);
        (0.5 * (iou + nearness * size)).clamp(f32::MIN_POSITIVE, 1.0)
    }
}
