//! The boxes of one frame, checked and brought into an order that does not depend on how they came.

use super::TrackerSettings;
use crate::{BBox, ClassGroup, Detection};

/// A box that may go to a track.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    pub(super) bbox: BBox,
    pub(super) group: ClassGroup,
    pub(super) score: f32,
    /// Set when a track has taken it.
    pub(super) taken: bool,
}

/// The boxes of one frame, by falling score.
#[derive(Clone, Debug, Default)]
pub(super) struct Intake {
    boxes: Vec<Candidate>,
}

/// Vehicles come twice where the network cannot tell a van from a lorry: one box of each class. From this overlap on the
/// weaker one is left out.
const DOUBLED_VEHICLE: f32 = 0.65;
/// Persons and bags stand closer together; only boxes that are all but the same are one.
const DOUBLED: f32 = 0.85;

impl Intake {
    pub(super) fn boxes(&self) -> &[Candidate] {
        &self.boxes
    }

    pub(super) fn boxes_mut(&mut self) -> &mut [Candidate] {
        &mut self.boxes
    }

    /// Replaces the boxes by those of a new frame.
    pub(super) fn sort(&mut self, detections: &[Detection], settings: &TrackerSettings) {
        self.boxes.clear();
        self.boxes.extend(detections.iter().filter_map(|detection| {
            let group = detection.group()?;
            // A score that is not a number fails the comparison.
            let usable = detection.bbox.is_valid() && detection.score >= settings.low_score;
            let bbox = detection.bbox.on_picture();
            (usable && bbox.is_valid()).then_some(Candidate {
                bbox,
                group,
                score: detection.score.min(1.0),
                taken: false,
            })
        }));
        self.boxes.sort_unstable_by(|a, b| {
            b.score.total_cmp(&a.score).then(a.group.cmp(&b.group)).then_with(|| a.bbox.order(&b.bbox))
        });
        self.boxes.truncate(settings.max_detections);
        self.leave_out_doubles();
    }

    fn leave_out_doubles(&mut self) {
        let mut kept = 0;
        for index in 0..self.boxes.len() {
            let candidate = self.boxes[index];
            let limit = if candidate.group == ClassGroup::Vehicle { DOUBLED_VEHICLE } else { DOUBLED };
            let doubles =
                |other: &Candidate| other.group == candidate.group && other.bbox.iou(&candidate.bbox) > limit;
            if !self.boxes[..kept].iter().any(doubles) {
                self.boxes[kept] = candidate;
                kept += 1;
            }
        }
        self.boxes.truncate(kept);
    }
}
