//! The boxes of a frame, by what they mean for objects: bags, and what may stand before them.

use super::Observation;
use super::object::{Surroundings, is_itself};
use crate::{BBox, ClassGroup, Detection};

/// Boxes of bags under this score are left out.
const LEAST_BAG_SCORE: f32 = 0.15;
/// Boxes of persons under this score hide nothing.
const LEAST_PERSON_SCORE: f32 = 0.2;
/// A box that a person's covers by so much is carried, or hidden.
const COVERED: f32 = 0.5;

/// The boxes of a frame; keeps its memory from frame to frame.
#[derive(Clone, Debug, Default)]
pub(super) struct Boxes {
    /// Boxes of bags, by falling score.
    bags: Vec<(BBox, f32)>,
    /// Boxes of persons, and of vehicles.
    persons: Vec<BBox>,
    vehicles: Vec<BBox>,
    /// Boxes of what merely moves.
    movers: Vec<BBox>,
}

impl Boxes {
    /// Boxes of bags with their scores, the highest first.
    pub(super) fn bags(&self) -> &[(BBox, f32)] {
        &self.bags
    }

    /// Whether a person covers a box, or carries what is in it.
    pub(super) fn covers(&self, bbox: &BBox) -> bool {
        self.persons.iter().any(|person| share_covered(bbox, person) >= COVERED)
    }

    /// Sorts the boxes of a frame by what they mean here.
    pub(super) fn sort(&mut self, seen: &Observation<'_>) {
        self.bags.clear();
        self.persons.clear();
        self.vehicles.clear();
        self.movers.clear();
        let usable =
            |detection: &&Detection| detection.bbox.is_valid() && detection.bbox.on_picture().is_valid();
        for detection in seen.detections.iter().filter(usable) {
            let bbox = detection.bbox.on_picture();
            match detection.group() {
                Some(ClassGroup::Bag) if detection.score >= LEAST_BAG_SCORE => {
                    self.bags.push((bbox, detection.score.min(1.0)));
                }
                Some(ClassGroup::Person) if detection.score >= LEAST_PERSON_SCORE => self.persons.push(bbox),
                Some(ClassGroup::Vehicle) if detection.score >= LEAST_PERSON_SCORE => {
                    self.vehicles.push(bbox);
                }
                _ => {}
            }
        }
        for track in seen.tracks.iter().filter(|track| seen.at.secs_since(track.last_seen()) <= 0.5) {
            match track.group() {
                ClassGroup::Person => self.persons.push(track.bbox().on_picture()),
                ClassGroup::Vehicle => self.vehicles.push(track.bbox().on_picture()),
                ClassGroup::MovingObject => self.movers.push(track.bbox().on_picture()),
                ClassGroup::Bag => {}
            }
        }
        self.bags.sort_unstable_by(|a, b| {
            let edges = |bbox: &BBox| [bbox.x0, bbox.y0, bbox.x1, bbox.y1];
            let pairs = edges(&a.0).into_iter().zip(edges(&b.0));
            let by_edges = pairs.map(|(a, b)| a.total_cmp(&b)).find(|order| order.is_ne());
            b.1.total_cmp(&a.1).then(by_edges.unwrap_or(std::cmp::Ordering::Equal))
        });
    }

    /// What is around and before an object.
    pub(super) fn around(&self, object: &BBox) -> Surroundings {
        let touches = |other: &BBox| {
            other.x0 < object.x1 && other.x1 > object.x0 && other.y0 < object.y1 && other.y1 > object.y0
        };
        let itself = |other: &BBox| is_itself(other, object);
        Surroundings {
            hidden: self.persons.iter().chain(&self.vehicles).any(touches)
                || self.movers.iter().any(|mover| touches(mover) && !itself(mover)),
            person: self.persons.iter().any(itself),
            vehicle: self.vehicles.iter().any(itself),
        }
    }
}

/// Share of a box that another covers.
fn share_covered(bbox: &BBox, other: &BBox) -> f32 {
    let width = bbox.x1.min(other.x1) - bbox.x0.max(other.x0);
    let height = bbox.y1.min(other.y1) - bbox.y0.max(other.y0);
    width.max(0.0) * height.max(0.0) / bbox.area().max(f32::MIN_POSITIVE)
}
