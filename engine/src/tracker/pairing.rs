//! Who belongs to whom, when several boxes would do for several tracks.

use super::assign::Assigner;

/// Cost of a row without a partner, that of a pair with likeness 0: staying alone neither gains nor loses.
const NO_PARTNER: f32 = 1.0;

/// A possible pair.
#[derive(Clone, Copy, Debug)]
struct Pair {
    track: u32,
    to: u32,
    likeness: f32,
    cluster: u32,
}

/// Pairs tracks and boxes; keeps its working memory from frame to frame.
#[derive(Clone, Debug, Default)]
pub(super) struct Pairing {
    pairs: Vec<Pair>,
    /// Union-find over tracks, then boxes.
    parents: Vec<u32>,
    rows: Vec<u32>,
    columns: Vec<u32>,
    cost: Vec<f32>,
    chosen: Vec<(u32, u32)>,
    assigner: Assigner,
}

impl Pairing {
    /// Begins with no possible pair.
    pub(super) fn clear(&mut self) {
        self.pairs.clear();
    }

    /// A track and a box that may be one, the more likely the higher `likeness` (0, which is none, to 1).
    pub(super) fn offer(&mut self, track: usize, to: usize, likeness: f32) {
        if likeness > 0.0 {
            self.pairs.push(Pair { track: track as u32, to: to as u32, likeness, cluster: 0 });
        }
    }

    /// Picks from the possible pairs those with the largest sum of likeness, cluster by cluster.
    pub(super) fn choose(&mut self, tracks: usize, boxes: usize) -> &[(u32, u32)] {
        self.parents.clear();
        self.parents.extend(0..(tracks + boxes) as u32);
        for pair in &self.pairs {
            let a = root(&mut self.parents, pair.track);
            let b = root(&mut self.parents, tracks as u32 + pair.to);
            self.parents[a.max(b) as usize] = a.min(b);
        }
        for pair in &mut self.pairs {
            pair.cluster = root(&mut self.parents, pair.track);
        }
        self.pairs.sort_unstable_by_key(|pair| (pair.cluster, pair.track, pair.to));
        self.chosen.clear();
        for cluster in self.pairs.chunk_by(|a, b| a.cluster == b.cluster) {
            if let [only] = cluster {
                self.chosen.push((only.track, only.to));
                continue;
            }
            self.rows.clear();
            self.rows.extend(cluster.iter().map(|pair| pair.track));
            self.rows.dedup();
            self.columns.clear();
            self.columns.extend(cluster.iter().map(|pair| pair.to));
            self.columns.sort_unstable();
            self.columns.dedup();
            // One more column for every row, for staying without a box.
            let width = self.columns.len() + self.rows.len();
            self.cost.clear();
            self.cost.resize(self.rows.len() * width, NO_PARTNER);
            for pair in cluster {
                // Both were collected from these very pairs.
                let row = self.rows.partition_point(|track| *track < pair.track);
                let column = self.columns.partition_point(|to| *to < pair.to);
                self.cost[row * width + column] = 1.0 - pair.likeness;
            }
            let (rows, columns, cost, chosen) = (&self.rows, &self.columns, &self.cost, &mut self.chosen);
            self.assigner.solve(rows.len(), width, cost, |row, column| {
                if column < columns.len() && cost[row * width + column] < NO_PARTNER {
                    chosen.push((rows[row], columns[column]));
                }
            });
        }
        &self.chosen
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
