//! Agreement with a reference run: the fixture's form, and the comparison of one picture.
//!
//! The fixture is `models/tests/fixtures/parity.json`, made by `models/reference/make_fixture.py`; natively and in the browser
//! the same pictures go through the same comparison.

use crate::network::{InputSize, ModelName};
use crate::{BBox, Detection};
use serde::{Deserialize, Serialize};

/// Boxes of the reference from this score on must be found. Lower ones say little: near the threshold that the suppression
/// starts from, which of two near-equal boxes survives is chance.
pub const MIN_SCORE: f32 = 0.4;
/// A found box must overlap the reference's by at least this (IoU).
pub const MIN_IOU: f32 = 0.95;
/// A score may differ from the reference's by at most this.
pub const MAX_SCORE_DIFFERENCE: f32 = 0.03;

/// The whole fixture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fixture {
    /// How the reference was run, in words.
    pub reference: String,
    /// One entry for each network and picture.
    pub cases: Vec<Case>,
}

/// A picture through a network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// File name of the picture, beside the fixture.
    pub picture: String,
    /// Network.
    pub model: ModelName,
    /// Input size; the picture has this very size.
    pub input: InputSize,
    /// Boxes of the reference.
    pub boxes: Vec<ReferenceBox>,
}

/// A box of the reference.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReferenceBox {
    /// Left, top, right, bottom, in shares of the picture.
    pub bbox: [f32; 4],
    /// COCO category id.
    pub class_id: u8,
    /// Score.
    pub score: f32,
}

/// How one picture compares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Comparison {
    /// Reference boxes that count.
    pub boxes: usize,
    /// Of these, found within the bounds.
    pub agreeing: usize,
    /// Lowest overlap of a reference box with the best box found for it.
    pub worst_iou: f32,
    /// Largest difference of score between a reference box and the best box found for it.
    pub worst_score_difference: f32,
    /// Found boxes at [`MIN_SCORE`] plus [`MAX_SCORE_DIFFERENCE`] or above that the reference has not at all.
    pub extra: usize,
}

impl Comparison {
    /// True when every box agrees and none is made up.
    #[must_use]
    pub fn passes(&self) -> bool {
        self.agreeing == self.boxes && self.extra == 0
    }
}

/// Compares what was found in a picture (at a minimum score well below [`MIN_SCORE`]) with the reference.
#[must_use]
pub fn compare(case: &Case, found: &[Detection]) -> Comparison {
    let mut result = Comparison { worst_iou: 1.0, ..Comparison::default() };
    for reference in case.boxes.iter().filter(|reference| reference.score >= MIN_SCORE) {
        let bbox = reference.as_bbox();
        let best = found
            .iter()
            .filter(|found| found.class_id == reference.class_id)
            .map(|found| (found.bbox.iou(&bbox), (found.score - reference.score).abs()))
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .unwrap_or((0.0, reference.score));
        result.boxes += 1;
        result.worst_iou = result.worst_iou.min(best.0);
        result.worst_score_difference = result.worst_score_difference.max(best.1);
        result.agreeing += usize::from(best.0 >= MIN_IOU && best.1 <= MAX_SCORE_DIFFERENCE);
    }
    let known = |found: &Detection| {
        let same =
            |r: &&ReferenceBox| r.class_id == found.class_id && r.as_bbox().iou(&found.bbox) >= MIN_IOU;
        case.boxes.iter().any(|r| same(&r))
    };
    result.extra = found.iter().filter(|f| f.score >= MIN_SCORE + MAX_SCORE_DIFFERENCE && !known(f)).count();
    result
}

impl ReferenceBox {
    fn as_bbox(&self) -> BBox {
        let [x0, y0, x1, y1] = self.bbox;
        BBox { x0, y0, x1, y1 }
    }
}

#[cfg(test)]
mod tests {
    use super::{Case, ReferenceBox, compare};
    use crate::network::{InputSize, ModelName};
    use crate::{BBox, Detection};

    fn case() -> Case {
        Case {
            picture: "a.png".into(),
            model: ModelName::Lite0,
            input: InputSize { width: 320, height: 320 },
            boxes: vec![
                ReferenceBox { bbox: [0.1, 0.1, 0.5, 0.5], class_id: 1, score: 0.8 },
                ReferenceBox { bbox: [0.6, 0.6, 0.9, 0.9], class_id: 3, score: 0.3 },
            ],
        }
    }

    fn person(x0: f32, score: f32) -> Detection {
        Detection { bbox: BBox { x0, y0: 0.1, x1: 0.5, y1: 0.5 }, class_id: 1, score }
    }

    #[test]
    fn agreement_is_overlap_and_score_and_class() {
        assert!(compare(&case(), &[person(0.1, 0.82)]).passes());
        assert!(!compare(&case(), &[person(0.1, 0.76)]).passes());
        assert!(!compare(&case(), &[person(0.15, 0.8)]).passes());
        assert!(!compare(&case(), &[Detection { class_id: 2, ..person(0.1, 0.8) }]).passes());
        assert!(!compare(&case(), &[]).passes());
    }

    #[test]
    fn a_made_up_box_fails() {
        let made_up =
            Detection { bbox: BBox { x0: 0.7, y0: 0.0, x1: 0.9, y1: 0.2 }, class_id: 1, score: 0.6 };
        assert_eq!(compare(&case(), &[person(0.1, 0.8), made_up]).extra, 1);
    }
}
