//! How good a result is: HOTA (Luiten et al., IJCV 2021), IDF1 (Ristani et al., 2016) and MOTA (Bernardin and Stiefelhagen, 2008),
//! as `TrackEval` 1.3 computes them for one class without ignore regions: overlap 0.5 for IDF1 and MOTA, the mean over 0.05 to 0.95
//! for HOTA.

use super::format::Row;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Shares, 0 to 1 (MOTA may be negative), and counts.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Scores {
    /// HOTA, the mean over the overlaps 0.05, 0.10 … 0.95.
    pub(super) hota: f64,
    /// Its detection part.
    pub(super) det_a: f64,
    /// Its association part.
    pub(super) ass_a: f64,
    /// F1 of the identities.
    pub(super) idf1: f64,
    /// 1 − (misses + false boxes + switches) / true boxes.
    pub(super) mota: f64,
    /// Boxes that show nobody.
    pub(super) false_boxes: usize,
    /// True boxes without one.
    pub(super) misses: usize,
    /// Changes of identity.
    pub(super) switches: usize,
}

impl fmt::Display for Scores {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { hota, det_a, ass_a, idf1, mota, false_boxes, misses, switches } = self;
        write!(f, "HOTA {hota:.4} IDF1 {idf1:.4} MOTA {mota:.4} DetA {det_a:.4} AssA {ass_a:.4} ")?;
        write!(f, "false {false_boxes} missed {misses} switches {switches}")
    }
}

/// A frame's identities, renumbered from 0, and overlaps, `rows = truth`.
struct Frame {
    truth: Vec<usize>,
    found: Vec<usize>,
    overlap: Vec<f64>,
}

impl Frame {
    fn iou(&self, row: usize, column: usize) -> f64 {
        self.overlap[row * self.found.len() + column]
    }
}

const HALF: f64 = 0.5;
/// Rounding that a threshold forgives.
const EPS: f64 = f64::EPSILON;

/// Compares a result with the truth. Rows of the truth with score 0 are left out.
pub(super) fn score(truth: &[Row], found: &[Row]) -> Scores {
    let truth: Vec<Row> = truth.iter().filter(|row| row.confidence != 0.0).copied().collect();
    let (frames, truth_ids, found_ids) = frames(&truth, found);
    let (hota, det_a, ass_a) = hota(&frames, truth_ids, found_ids);
    let (false_boxes, misses, switches) = clear(&frames, truth_ids);
    let mota = 1.0 - (false_boxes + misses + switches) as f64 / truth.len().max(1) as f64;
    let idf1 = idf1(&frames, truth_ids, found_ids, truth.len(), found.len());
    Scores { hota, det_a, ass_a, idf1, mota, false_boxes, misses, switches }
}

fn frames(truth: &[Row], found: &[Row]) -> (Vec<Frame>, usize, usize) {
    let mut by_frame: BTreeMap<u32, (Vec<&Row>, Vec<&Row>)> = BTreeMap::new();
    for row in truth {
        by_frame.entry(row.frame).or_default().0.push(row);
    }
    for row in found {
        by_frame.entry(row.frame).or_default().1.push(row);
    }
    let number = |rows: &[Row]| {
        let ids: BTreeSet<i64> = rows.iter().map(|row| row.id).collect();
        ids.into_iter().enumerate().map(|(n, id)| (id, n)).collect::<BTreeMap<_, _>>()
    };
    let (truth_ids, found_ids) = (number(truth), number(found));
    let frames = by_frame.into_values().map(|(truth, found)| Frame {
        overlap: truth.iter().flat_map(|a| found.iter().map(|b| iou(&a.rect, &b.rect))).collect(),
        truth: truth.iter().map(|row| truth_ids[&row.id]).collect(),
        found: found.iter().map(|row| found_ids[&row.id]).collect(),
    });
    (frames.collect(), truth_ids.len(), found_ids.len())
}

fn iou(a: &[f64; 4], b: &[f64; 4]) -> f64 {
    let shared_side = |n: usize| ((a[n] + a[n + 2]).min(b[n] + b[n + 2]) - a[n].max(b[n])).max(0.0);
    let shared = shared_side(0) * shared_side(1);
    let all = a[2] * a[3] + b[2] * b[3] - shared;
    if all > 0.0 { shared / all } else { 0.0 }
}

fn hota(frames: &[Frame], truth_ids: usize, found_ids: usize) -> (f64, f64, f64) {
    let mut together = vec![0.0; truth_ids * found_ids];
    let (mut truth_count, mut found_count) = (vec![0.0; truth_ids], vec![0.0; found_ids]);
    for frame in frames {
        let columns = frame.found.len();
        let row_sum: Vec<f64> =
            (0..frame.truth.len()).map(|r| (0..columns).map(|c| frame.iou(r, c)).sum()).collect();
        let column_sum: Vec<f64> =
            (0..columns).map(|c| (0..frame.truth.len()).map(|r| frame.iou(r, c)).sum()).collect();
        for (r, t) in frame.truth.iter().enumerate() {
            for (c, f) in frame.found.iter().enumerate() {
                let all = row_sum[r] + column_sum[c] - frame.iou(r, c);
                if all > EPS {
                    together[t * found_ids + f] += frame.iou(r, c) / all;
                }
            }
        }
        frame.truth.iter().for_each(|t| truth_count[*t] += 1.0);
        frame.found.iter().for_each(|f| found_count[*f] += 1.0);
    }
    let thresholds: Vec<f64> = (1..20).map(|n| f64::from(n) * 0.05).collect();
    let mut matches = vec![vec![0.0; truth_ids * found_ids]; thresholds.len()];
    let mut hits = vec![0.0; thresholds.len()];
    for frame in frames {
        let alignment = |r: usize, c: usize| {
            let (t, f) = (frame.truth[r], frame.found[c]);
            let both = together[t * found_ids + f];
            both / (truth_count[t] + found_count[f] - both) * frame.iou(r, c)
        };
        for (r, c) in best_pairs(frame.truth.len(), frame.found.len(), &alignment) {
            for (n, threshold) in thresholds.iter().enumerate() {
                if frame.iou(r, c) >= threshold - EPS {
                    hits[n] += 1.0;
                    matches[n][frame.truth[r] * found_ids + frame.found[c]] += 1.0;
                }
            }
        }
    }
    let (truth_boxes, found_boxes): (f64, f64) = (truth_count.iter().sum(), found_count.iter().sum());
    let (mut hota, mut det_sum, mut ass_sum) = (0.0, 0.0, 0.0);
    for (n, matches) in matches.iter().enumerate() {
        let det_a = hits[n] / (truth_boxes + found_boxes - hits[n]).max(1.0);
        let association =
            matches.iter().enumerate().filter(|(_, m)| **m > 0.0).map(|(at, m)| {
                m * m / (truth_count[at / found_ids] + found_count[at % found_ids] - m).max(1.0)
            });
        let ass_a = association.sum::<f64>() / hits[n].max(1.0);
        hota += (det_a * ass_a).sqrt();
        det_sum += det_a;
        ass_sum += ass_a;
    }
    let count = thresholds.len() as f64;
    (hota / count, det_sum / count, ass_sum / count)
}

fn clear(frames: &[Frame], truth_ids: usize) -> (usize, usize, usize) {
    let (mut false_boxes, mut misses, mut switches) = (0, 0, 0);
    let mut last: Vec<Option<usize>> = vec![None; truth_ids];
    let mut just_before: Vec<Option<usize>> = vec![None; truth_ids];
    for frame in frames {
        if frame.truth.is_empty() || frame.found.is_empty() {
            false_boxes += frame.found.len();
            misses += frame.truth.len();
            continue;
        }
        let worth = |r: usize, c: usize| {
            let stays = just_before[frame.truth[r]] == Some(frame.found[c]);
            let iou = frame.iou(r, c);
            if iou < HALF - EPS { 0.0 } else { iou + if stays { 1000.0 } else { 0.0 } }
        };
        let mut pairs = best_pairs(frame.truth.len(), frame.found.len(), &worth);
        pairs.retain(|(r, c)| frame.iou(*r, *c) >= HALF - EPS);
        just_before.fill(None);
        for (r, c) in &pairs {
            let (t, f) = (frame.truth[*r], frame.found[*c]);
            switches += usize::from(last[t].is_some_and(|before| before != f));
            last[t] = Some(f);
            just_before[t] = Some(f);
        }
        misses += frame.truth.len() - pairs.len();
        false_boxes += frame.found.len() - pairs.len();
    }
    (false_boxes, misses, switches)
}

fn idf1(frames: &[Frame], truth_ids: usize, found_ids: usize, truth_boxes: usize, found_boxes: usize) -> f64 {
    let mut together = vec![0.0; truth_ids * found_ids];
    for frame in frames {
        for (r, t) in frame.truth.iter().enumerate() {
            for (c, f) in frame.found.iter().enumerate() {
                if frame.iou(r, c) >= HALF {
                    together[t * found_ids + f] += 1.0;
                }
            }
        }
    }
    // Leaving a pair apart costs as much as its shared boxes are worth, so the best sum of shared boxes is the least cost.
    let at = |t: usize, f: usize| together[t * found_ids + f];
    let shared: f64 = best_pairs(truth_ids, found_ids, &at).into_iter().map(|(t, f)| at(t, f)).sum();
    2.0 * shared / (truth_boxes + found_boxes).max(1) as f64
}

/// The pairing of rows and columns with the largest sum of `worth` (Kuhn–Munkres); the smaller side is paired whole.
fn best_pairs(rows: usize, columns: usize, worth: &dyn Fn(usize, usize) -> f64) -> Vec<(usize, usize)> {
    if rows == 0 || columns == 0 {
        return Vec::new();
    }
    if rows > columns {
        let turned = best_pairs(columns, rows, &|r, c| worth(c, r));
        return turned.into_iter().map(|(r, c)| (c, r)).collect();
    }
    let (mut row_price, mut column_price) = (vec![0.0; rows + 1], vec![0.0; columns + 1]);
    let mut row_of = vec![0; columns + 1];
    for row in 1..=rows {
        let (mut least, mut way) = (vec![f64::INFINITY; columns + 1], vec![0; columns + 1]);
        let mut done = vec![false; columns + 1];
        row_of[0] = row;
        let mut column = 0;
        while row_of[column] != 0 {
            done[column] = true;
            let (mut step, mut next) = (f64::INFINITY, 0);
            for other in (1..=columns).filter(|c| !done[*c]) {
                let from = row_of[column];
                let reduced = -worth(from - 1, other - 1) - row_price[from] - column_price[other];
                if reduced < least[other] {
                    least[other] = reduced;
                    way[other] = column;
                }
                if least[other] < step {
                    step = least[other];
                    next = other;
                }
            }
            for other in 0..=columns {
                if done[other] {
                    row_price[row_of[other]] += step;
                    column_price[other] -= step;
                } else {
                    least[other] -= step;
                }
            }
            column = next;
        }
        while column != 0 {
            row_of[column] = row_of[way[column]];
            column = way[column];
        }
    }
    (1..=columns).filter(|c| row_of[*c] > 0).map(|c| (row_of[c] - 1, c - 1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(frame: u32, id: i64, left: f64) -> Row {
        Row { frame, id, rect: [left, 0.0, 10.0, 20.0], confidence: 1.0 }
    }

    /// Two who stand apart for four frames.
    fn truth() -> Vec<Row> {
        (1..=4).flat_map(|frame| [row(frame, 1, 0.0), row(frame, 2, 100.0)]).collect()
    }

    #[test]
    fn the_truth_itself_is_perfect() {
        let scores = score(&truth(), &truth());
        for score in [scores.hota, scores.idf1, scores.mota] {
            assert!((score - 1.0).abs() < 1e-9, "{scores}");
        }
    }

    #[test]
    fn a_swap_of_identities_costs_as_the_definitions_say() {
        let swapped = truth().into_iter().map(|row| {
            let id = if row.frame > 2 { 3 - row.id } else { row.id };
            Row { id, ..row }
        });
        let scores = score(&truth(), &swapped.collect::<Vec<_>>());
        // Each truth shares two frames with either track: A = 2 / (4 + 4 - 2).
        assert!((scores.ass_a - 1.0 / 3.0).abs() < 1e-9 && (scores.det_a - 1.0).abs() < 1e-9, "{scores}");
        assert!((scores.hota - (1.0_f64 / 3.0).sqrt()).abs() < 1e-9, "{scores}");
        assert_eq!((scores.switches, scores.misses, scores.false_boxes), (2, 0, 0));
        assert!((scores.mota - 0.75).abs() < 1e-9 && (scores.idf1 - 0.5).abs() < 1e-9, "{scores}");
    }

    #[test]
    fn what_does_not_count_is_left_out_of_the_truth() {
        let mut truth = truth();
        truth.iter_mut().filter(|row| row.id == 2).for_each(|row| row.confidence = 0.0);
        let scores = score(&truth, &[row(1, 9, 1.0)]);
        assert_eq!((scores.misses, scores.false_boxes), (3, 0));
    }
}
