//! Points, boxes and polygons on the picture, in shares of its width and height.

use serde::{Deserialize, Serialize};

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

/// A simple polygon: at least three corners, edges that do not cross, an area that is not nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Polygon {
    corners: Vec<Point>,
}

impl Polygon {
    /// The corners in drawing order.
    #[must_use]
    pub fn corners(&self) -> &[Point] {
        &self.corners
    }
}
