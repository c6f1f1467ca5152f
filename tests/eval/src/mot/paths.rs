//! From the tracks of every frame to a result file, written when all is over and therefore wiser than the tracker was.
//!
//! A track that was ever confirmed is written from its first observation on; others are left out. Where a track was out of sight for
//! at most [`BRIDGED_SECS`], the boxes in between lie on the straight line from the observation before to the one after.

use super::format::Row;
use std::collections::BTreeMap;

/// The longest gap that is filled, seconds.
const BRIDGED_SECS: f64 = 0.5;

#[derive(Debug, Default)]
struct Path {
    confirmed: bool,
    /// Time, seconds, and row, in order.
    seen: Vec<(f64, Row)>,
}

/// The paths of all tracks.
#[derive(Debug, Default)]
pub(crate) struct Paths {
    by_id: BTreeMap<i64, Path>,
}

impl Paths {
    /// Takes a track that is observed in this row's frame. Frames come in order.
    pub(crate) fn observe(&mut self, at_secs: f64, row: Row, confirmed: bool) {
        let path = self.by_id.entry(row.id).or_default();
        path.confirmed |= confirmed;
        path.seen.push((at_secs, row));
    }

    /// The rows of the result, by frame, then identity.
    pub(crate) fn rows(&self) -> Vec<Row> {
        let mut rows = Vec::new();
        for path in self.by_id.values().filter(|path| path.confirmed) {
            for pair in path.seen.windows(2) {
                let [(from_secs, from), (to_secs, to)] = pair else { continue };
                rows.push(*from);
                if to_secs - from_secs <= BRIDGED_SECS {
                    rows.extend((from.frame + 1..to.frame).map(|frame| between(from, to, frame)));
                }
            }
            rows.extend(path.seen.last().map(|(_, row)| *row));
        }
        rows.sort_unstable_by_key(|row| (row.frame, row.id));
        rows
    }
}

fn between(from: &Row, to: &Row, frame: u32) -> Row {
    let share = f64::from(frame - from.frame) / f64::from(to.frame - from.frame);
    let rect = std::array::from_fn(|n| from.rect[n] + share * (to.rect[n] - from.rect[n]));
    Row { frame, rect, ..*from }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(frame: u32, id: i64, left: f64) -> Row {
        Row { frame, id, rect: [left, 0.0, 10.0, 20.0], confidence: 1.0 }
    }

    #[test]
    fn short_gaps_are_bridged_and_what_was_never_confirmed_is_left_out() {
        let mut paths = Paths::default();
        for (row, confirmed) in [
            (row(1, 1, 0.0), false),
            (row(1, 2, 50.0), false),
            (row(3, 1, 8.0), true),
            (row(20, 1, 30.0), true),
        ] {
            paths.observe(f64::from(row.frame) / 10.0, row, confirmed);
        }
        assert_eq!(paths.rows(), [row(1, 1, 0.0), row(2, 1, 4.0), row(3, 1, 8.0), row(20, 1, 30.0)]);
    }
}
