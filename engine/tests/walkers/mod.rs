//! People who walk up and down across the picture, as the detector and the motion analysis would show them. Shared by the tests and
//! the bench of the tracker.

use vigie_engine::motion::Proposal;
use vigie_engine::{BBox, Detection, Micros};

const FPS: usize = 25;

/// Some walkers, the same on every run.
pub(crate) struct Walkers {
    count: usize,
}

impl Walkers {
    pub(crate) fn new(count: usize) -> Self {
        Self { count }
    }

    /// Time of the frame.
    pub(crate) fn time(frame: usize) -> Micros {
        Micros((frame * 1_000_000 / FPS) as i64)
    }

    /// Boxes and proposals of the frame. Every walker's box is missing in every tenth frame, where a proposal is in its place.
    pub(crate) fn frame(&self, frame: usize) -> (Micros, Vec<Detection>, Vec<Proposal>) {
        let (mut detections, mut proposals) = (Vec::new(), Vec::new());
        for n in 0..self.count {
            let bbox = self.bbox(n, frame);
            if (frame + n).is_multiple_of(10) {
                proposals.push(Proposal {
                    bbox,
                    strength: 0.8,
                    flow_x: 0.0,
                    flow_y: 0.0,
                    still_secs: 0.0,
                    newness: 0.0,
                });
            } else {
                detections.push(Detection { bbox, class_id: 1, score: 0.75 });
            }
        }
        (Self::time(frame), detections, proposals)
    }

    /// Rows of walkers, each at a speed of its own, who turn back at the edges.
    fn bbox(&self, n: usize, frame: usize) -> BBox {
        let rows = self.count.isqrt().max(1);
        let (row, place) = (n % rows, n / rows);
        let speed = 0.02 + 0.01 * (n % 7) as f32;
        let secs = frame as f32 / FPS as f32;
        let way = place as f32 / rows as f32 + speed * secs;
        let x = 0.05 + 0.85 * (1.0 - (way.rem_euclid(2.0) - 1.0).abs());
        let y = 0.05 + 0.8 * row as f32 / rows as f32;
        let height = 0.9 / rows as f32;
        BBox { x0: x, y0: y, x1: x + 0.25 * height, y1: y + height.min(0.95 - y) }
    }
}
