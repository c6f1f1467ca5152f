//! Points, boxes and polygons on the picture, in shares of its width and height.

mod polygon;

pub use polygon::{Polygon, PolygonError};

use serde::{Deserialize, Serialize};

/// Length of a vector. Not the library's `hypot`, which is slower and not the same to the last bit everywhere.
pub(crate) fn length(x: f32, y: f32) -> f32 {
    (x * x + y * y).sqrt()
}

/// A point on the picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Share of the width, 0 at the left.
    pub x: f32,
    /// Share of the height, 0 at the top.
    pub y: f32,
}

/// An axis-parallel box: `x0 ≤ x1`, `y0 ≤ y1`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BBox {
    /// Left edge.
    pub x0: f32,
    /// Top edge.
    pub y0: f32,
    /// Right edge.
    pub x1: f32,
    /// Bottom edge.
    pub y1: f32,
}

impl BBox {
    /// Width.
    #[must_use]
    pub fn width(&self) -> f32 {
        self.x1 - self.x0
    }

    /// Height.
    #[must_use]
    pub fn height(&self) -> f32 {
        self.y1 - self.y0
    }

    /// Area; 0 for an empty box.
    #[must_use]
    pub fn area(&self) -> f32 {
        self.width().max(0.0) * self.height().max(0.0)
    }

    /// Where the feet of a standing person touch the ground: the middle of the bottom edge.
    #[must_use]
    pub fn foot(&self) -> Point {
        Point { x: f32::midpoint(self.x0, self.x1), y: self.y1 }
    }

    /// The middle.
    #[must_use]
    pub fn centre(&self) -> Point {
        Point { x: f32::midpoint(self.x0, self.x1), y: f32::midpoint(self.y0, self.y1) }
    }

    /// Whether all four edges are finite numbers and the box has an inside.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        let finite = [self.x0, self.y0, self.x1, self.y1].iter().all(|edge| edge.is_finite());
        finite && self.x0 < self.x1 && self.y0 < self.y1
    }

    /// The part of the box that lies on the picture.
    #[must_use]
    pub fn on_picture(&self) -> Self {
        Self {
            x0: self.x0.clamp(0.0, 1.0),
            y0: self.y0.clamp(0.0, 1.0),
            x1: self.x1.clamp(0.0, 1.0),
            y1: self.y1.clamp(0.0, 1.0),
        }
    }

    /// An order without a meaning, in which boxes can be put so that it does not matter how they came.
    pub(crate) fn order(&self, other: &Self) -> std::cmp::Ordering {
        let edges = |b: &Self| [b.x0, b.y0, b.x1, b.y1];
        let pairs = edges(self).into_iter().zip(edges(other));
        pairs.map(|(a, b)| a.total_cmp(&b)).find(|order| order.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
    }

    /// Intersection over union, 0 to 1; 0 when either box is empty.
    #[must_use]
    pub fn iou(&self, other: &Self) -> f32 {
        let width = self.x1.min(other.x1) - self.x0.max(other.x0);
        let height = self.y1.min(other.y1) - self.y0.max(other.y0);
        if width <= 0.0 || height <= 0.0 {
            return 0.0;
        }
        let shared = width * height;
        shared / (self.area() + other.area() - shared)
    }
}
