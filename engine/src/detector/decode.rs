//! From the network's outputs to boxes: score filter first, then the best thousand, then non-maximum suppression.

use super::preprocess::Letterbox;
use crate::network::InputSize;
use crate::{ClassGroup, Detection};
use vigie_models::anchors::LevelAnchors;
use vigie_models::config::{ANCHORS, LEVELS};

/// Two boxes of a kind that overlap by more than this (IoU) are one thing.
pub const NMS_IOU: f32 = 0.5;
/// So many candidates go into the suppression at most, the best ones.
pub const MAX_CANDIDATES: usize = 1000;
/// So many boxes come out at most.
pub const MAX_DETECTIONS: usize = 300;

/// The network's outputs for one picture, on the host.
#[derive(Clone, Debug, PartialEq)]
pub struct RawOutput {
    /// COCO category ids of the classes, in the order of the logits' planes.
    pub classes: Vec<u8>,
    /// Anchors of every level.
    pub anchors: [LevelAnchors; LEVELS],
    /// For every level a plane of `[height, width]` per anchor and class.
    logits: [Vec<f32>; LEVELS],
    /// For every level a plane per anchor and coordinate (cy, cx, h, w).
    codes: [Vec<f32>; LEVELS],
}

/// A class at an anchor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// Pyramid level, 0 for the finest.
    pub level: usize,
    /// Anchor at the position.
    pub anchor: usize,
    /// Index into [`RawOutput::classes`].
    pub class: usize,
    /// Row and column, as one number in row order.
    pub position: usize,
    /// Logit.
    pub logit: f32,
}

impl RawOutput {
    /// Takes apart what [`vigie_models::RawTensors::flatten`] put together; `None` when the length is not that of this input
    /// and these classes.
    #[must_use]
    pub fn from_flat(flat: &[f32], classes: &[u8], input: InputSize) -> Option<Self> {
        let anchors = LevelAnchors::for_input(input.height as usize, input.width as usize);
        let mut rest = flat;
        let mut cut = |level: &LevelAnchors, planes: usize| {
            let (head, tail) = rest.split_at_checked(level.count() * planes)?;
            rest = tail;
            Some(head.to_vec())
        };
        let mut logits: [Vec<f32>; LEVELS] = Default::default();
        let mut codes: [Vec<f32>; LEVELS] = Default::default();
        for (part, level) in logits.iter_mut().zip(&anchors) {
            *part = cut(level, classes.len())?;
        }
        for (part, level) in codes.iter_mut().zip(&anchors) {
            *part = cut(level, 4)?;
        }
        rest.is_empty().then(|| Self { classes: classes.to_vec(), anchors, logits, codes })
    }

    /// Positions on a level.
    #[must_use]
    pub fn positions(&self, level: usize) -> usize {
        self.anchors[level].size[0] * self.anchors[level].size[1]
    }

    /// Logits of one class at one of the anchors, over all positions of a level in row order.
    #[must_use]
    pub fn logits(&self, level: usize, anchor: usize, class: usize) -> &[f32] {
        let positions = self.positions(level);
        &self.logits[level][(anchor * self.classes.len() + class) * positions..][..positions]
    }

    /// One coordinate (0 cy, 1 cx, 2 h, 3 w) of the box codes at one of the anchors, over all positions of a level.
    #[must_use]
    pub fn codes(&self, level: usize, anchor: usize, coordinate: usize) -> &[f32] {
        let positions = self.positions(level);
        &self.codes[level][(anchor * 4 + coordinate) * positions..][..positions]
    }

    /// Everything whose score is at least `min_score`.
    #[must_use]
    pub fn candidates(&self, min_score: f32) -> Vec<Candidate> {
        // Compares logits, so that no exponential is taken for the many that fall through.
        let min_logit = logit(min_score);
        let mut found = Vec::new();
        for level in 0..LEVELS {
            for anchor in 0..ANCHORS {
                for class in 0..self.classes.len() {
                    let plane = self.logits(level, anchor, class);
                    found.extend(
                        plane
                            .iter()
                            .enumerate()
                            .filter(|(_, logit)| **logit >= min_logit)
                            .map(|(position, &logit)| Candidate { level, anchor, class, position, logit }),
                    );
                }
            }
        }
        found
    }

    /// A candidate's box in pixels of the input: left, top, right, bottom.
    #[must_use]
    pub fn box_px(&self, candidate: &Candidate) -> [f32; 4] {
        let Candidate { level, anchor, position, .. } = *candidate;
        let anchors = &self.anchors[level];
        let columns = anchors.size[1];
        let code = std::array::from_fn(|i| self.codes(level, anchor, i)[position]);
        let found = anchors.at(position / columns, position % columns, anchor).decode(code);
        let (half_w, half_h) = (found.w / 2.0, found.h / 2.0);
        [found.cx - half_w, found.cy - half_h, found.cx + half_w, found.cy + half_h]
    }

    /// The boxes at or above `min_score`, by falling score.
    #[must_use]
    pub fn detections(&self, min_score: f32, letterbox: &Letterbox) -> Vec<Detection> {
        let mut candidates = self.candidates(min_score);
        // Ties are broken by place, so that the order is the same on every device and in every run.
        candidates.sort_by(|a, b| {
            b.logit
                .total_cmp(&a.logit)
                .then((a.level, a.position, a.anchor, a.class).cmp(&(b.level, b.position, b.anchor, b.class)))
        });
        candidates.truncate(MAX_CANDIDATES);
        let boxes = candidates.iter().map(|candidate| Detection {
            bbox: letterbox.to_frame(self.box_px(candidate)),
            class_id: self.classes[candidate.class],
            score: sigmoid(candidate.logit),
        });
        suppress(boxes.filter(|found| found.bbox.area() > 0.0))
    }
}

/// Greedy non-maximum suppression over boxes that come by falling score: within persons, within vehicles of any class (the
/// networks give one lorry as car, truck and bus), within bags of any class, and within every other class.
#[must_use]
pub fn suppress(detections: impl IntoIterator<Item = Detection>) -> Vec<Detection> {
    let mut kept: Vec<Detection> = Vec::new();
    for candidate in detections {
        if kept.len() == MAX_DETECTIONS {
            break;
        }
        let doubles = |k: &Detection| same_kind(k, &candidate) && k.bbox.iou(&candidate.bbox) > NMS_IOU;
        if !kept.iter().any(doubles) {
            kept.push(candidate);
        }
    }
    kept
}

fn same_kind(a: &Detection, b: &Detection) -> bool {
    match (ClassGroup::of_coco(a.class_id), ClassGroup::of_coco(b.class_id)) {
        (Some(a), Some(b)) => a == b,
        (None, None) => a.class_id == b.class_id,
        _ => false,
    }
}

/// Score of a logit.
#[must_use]
pub fn sigmoid(logit: f32) -> f32 {
    1.0 / (1.0 + libm::expf(-logit))
}

/// Logit of a score; scores outside 0 to 1 let everything or nothing through.
fn logit(score: f32) -> f32 {
    if score <= 0.0 {
        f32::NEG_INFINITY
    } else if score >= 1.0 {
        f32::INFINITY
    } else {
        libm::logf(score / (1.0 - score))
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "these values are exact")]
mod tests {
    use super::{RawOutput, logit, sigmoid, suppress};
    use crate::detector::preprocess::Letterbox;
    use crate::network::InputSize;
    use crate::{BBox, Detection};
    use vigie_models::anchors::LevelAnchors;
    use vigie_models::config::ANCHORS;

    const INPUT: InputSize = InputSize { width: 256, height: 128 };

    fn found(class_id: u8, score: f32, x0: f32) -> Detection {
        Detection { bbox: BBox { x0, y0: 0.0, x1: x0 + 0.2, y1: 0.4 }, class_id, score }
    }

    #[test]
    fn overlapping_boxes_of_a_kind_are_one() {
        let kept = suppress([found(1, 0.9, 0.10), found(1, 0.8, 0.12), found(1, 0.7, 0.35)]);
        assert_eq!(kept.iter().map(|d| d.score).collect::<Vec<_>>(), [0.9, 0.7]);
    }

    #[test]
    fn a_lorry_is_not_also_a_car_but_a_rider_stays_on_the_bicycle() {
        let kept =
            suppress([found(8, 0.9, 0.1), found(3, 0.8, 0.1), found(1, 0.7, 0.1), found(17, 0.6, 0.1)]);
        assert_eq!(kept.iter().map(|d| d.class_id).collect::<Vec<_>>(), [8, 1, 17]);
    }

    #[test]
    fn unknown_classes_suppress_only_themselves() {
        assert_eq!(suppress([found(17, 0.9, 0.1), found(18, 0.8, 0.1), found(17, 0.7, 0.1)]).len(), 2);
    }

    #[test]
    fn logit_undoes_sigmoid_and_knows_its_ends() {
        for score in [0.01, 0.4, 0.5, 0.99] {
            assert!((sigmoid(logit(score)) - score).abs() < 1e-6);
        }
        assert_eq!(logit(0.0), f32::NEG_INFINITY);
        assert_eq!(logit(1.5), f32::INFINITY);
    }

    #[test]
    fn a_logit_lands_on_its_anchor() {
        let classes = [1, 3];
        let anchors = LevelAnchors::for_input(128, 256);
        let total: usize = anchors.iter().map(|level| level.count() * (classes.len() + 4)).sum();
        let mut flat = vec![-9.0; total];
        let logits: usize = anchors.iter().map(|level| level.count() * classes.len()).sum();
        flat[logits..].fill(0.0);
        // Second level, anchor 4, class 3, row 2 of 8, column 5 of 16.
        let level_start = anchors[0].count() * classes.len();
        flat[level_start + (4 * classes.len() + 1) * 128 + 2 * 16 + 5] = 2.0;
        let raw = RawOutput::from_flat(&flat, &classes, INPUT).unwrap();
        let letterbox = Letterbox { left: 0, top: 0, width: 256, height: 128 };
        let [detection] = raw.detections(0.5, &letterbox)[..] else { panic!("one box") };
        assert_eq!(detection.class_id, 3);
        assert!((detection.score - sigmoid(2.0)).abs() < 1e-6);
        let anchor = anchors[1].at(2, 5, 4);
        assert!(((detection.bbox.x0 + detection.bbox.x1) * 128.0 - anchor.cx).abs() < 1e-3);
        assert!((detection.bbox.height() * 128.0 - anchor.h).abs() < 1e-3);
        assert_eq!(raw.logits(1, 4, 1)[2 * 16 + 5], 2.0);
        assert_eq!(raw.candidates(0.5).len(), 1);
        assert_eq!(raw.candidates(0.0).len(), anchors.iter().map(LevelAnchors::count).sum::<usize>() * 2);
        assert_eq!(raw.codes(0, ANCHORS - 1, 3).len(), 16 * 32);
    }

    #[test]
    fn outputs_of_another_size_are_refused() {
        assert!(RawOutput::from_flat(&[0.0; 100], &[1], INPUT).is_none());
        let total: usize = LevelAnchors::for_input(128, 256).iter().map(|l| l.count() * 5).sum();
        assert!(RawOutput::from_flat(&vec![0.0; total], &[1], INPUT).is_some());
        assert!(RawOutput::from_flat(&vec![0.0; total + 1], &[1], INPUT).is_none());
    }
}
