//! Simple polygons on the picture: checked when they are made, so that nothing later has to ask.

use super::{BBox, Point};
use serde::{Deserialize, Serialize};

/// A simple polygon: three corners or more, edges that do not cross, an area that is not nothing.
///
/// Reading one from JSON (an array of points) makes the same checks as [`Polygon::new`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Point>", into = "Vec<Point>")]
pub struct Polygon {
    corners: Vec<Point>,
}

impl Polygon {
    /// Fewest corners.
    pub const MIN_CORNERS: usize = 3;
    /// Most corners.
    pub const MAX_CORNERS: usize = 64;
    /// Smallest area, as a share of the picture: a square of 1 % of its width and height.
    pub const MIN_AREA: f32 = 1e-4;
    /// A corner this far outside the picture is taken for one on its edge (a hand that overshot).
    pub const EDGE_SLACK: f32 = 0.05;
    /// Neighbouring corners closer than this are one corner (a double click).
    pub const SAME_CORNER: f32 = 1e-3;

    /// Checks the corners, in drawing order of either sense, and makes the polygon. The last edge closes by itself.
    /// Corners within [`Self::EDGE_SLACK`] of the picture are moved onto it; neighbours within
    /// [`Self::SAME_CORNER`] are merged.
    ///
    /// # Errors
    /// The first [`PolygonError`] found, in the order of its variants.
    pub fn new(corners: impl IntoIterator<Item = Point>) -> Result<Self, PolygonError> {
        let mut kept: Vec<Point> = Vec::new();
        for (index, corner) in corners.into_iter().enumerate() {
            if !corner.x.is_finite() || !corner.y.is_finite() {
                return Err(PolygonError::NotFinite { corner: index });
            }
            let on_picture = Point { x: corner.x.clamp(0.0, 1.0), y: corner.y.clamp(0.0, 1.0) };
            if (corner.x - on_picture.x).abs().max((corner.y - on_picture.y).abs()) > Self::EDGE_SLACK {
                return Err(PolygonError::OutsidePicture { corner: index });
            }
            if kept.last().is_none_or(|last| !same_corner(*last, on_picture)) {
                kept.push(on_picture);
            }
            if kept.len() > Self::MAX_CORNERS + 1 {
                return Err(PolygonError::TooManyCorners);
            }
        }
        while kept.len() > 1 && same_corner(kept[0], kept[kept.len() - 1]) {
            kept.pop();
        }
        if kept.len() < Self::MIN_CORNERS {
            return Err(PolygonError::TooFewCorners { found: kept.len() });
        }
        if kept.len() > Self::MAX_CORNERS {
            return Err(PolygonError::TooManyCorners);
        }
        if let Some((first, second)) = crossing_edges(&kept) {
            return Err(PolygonError::CrossingEdges { first, second });
        }
        let area = shoelace(&kept).abs();
        if area < Self::MIN_AREA {
            return Err(PolygonError::TooSmall { area });
        }
        Ok(Self { corners: kept })
    }

    /// The corners in drawing order.
    #[must_use]
    pub fn corners(&self) -> &[Point] {
        &self.corners
    }

    /// Area, as a share of the picture.
    #[must_use]
    pub fn area(&self) -> f32 {
        shoelace(&self.corners).abs()
    }

    /// Whether `point` lies inside. A point on an edge or a corner counts as inside: the feet of a person whom the
    /// picture's lower edge cuts off lie exactly on the edge of a zone that reaches down to it.
    #[must_use]
    pub fn contains(&self, point: Point) -> bool {
        let mut inside = false;
        for (a, b) in edges(&self.corners) {
            if square_distance_to_edge(point, a, b, 1.0) < 1e-12 {
                return true;
            }
            // A ray to the right crosses the edge; the half-open test counts a corner once.
            if (a.y > point.y) != (b.y > point.y)
                && point.x < a.x + (point.y - a.y) / (b.y - a.y) * (b.x - a.x)
            {
                inside = !inside;
            }
        }
        inside
    }

    /// How far `point` lies outside, in shares of the picture's height; 0 inside. `aspect` is the picture's width over
    /// its height: it makes distances along x and y comparable.
    #[must_use]
    pub fn distance_outside(&self, point: Point, aspect: f32) -> f32 {
        if self.contains(point) {
            return 0.0;
        }
        let square = edges(&self.corners)
            .map(|(a, b)| square_distance_to_edge(point, a, b, aspect))
            .fold(f32::INFINITY, f32::min);
        square.sqrt()
    }

    /// Share of the box's area that lies inside, 0 to 1; 0 for an empty box.
    #[must_use]
    pub fn share_inside(&self, bbox: &BBox) -> f32 {
        let area = bbox.area();
        if !bbox.is_valid() || area <= 0.0 {
            return 0.0;
        }
        // Sutherland–Hodgman: the box is convex, so the polygon is cut by one of its edges after the other. Where a
        // concave polygon falls apart, the pieces stay joined by edges without area.
        let mut cut = self.corners.clone();
        let mut next = Vec::with_capacity(cut.len() + 4);
        let depths: [&dyn Fn(Point) -> f32; 4] =
            [&|p| p.x - bbox.x0, &|p| bbox.x1 - p.x, &|p| p.y - bbox.y0, &|p| bbox.y1 - p.y];
        for depth in depths {
            next.clear();
            for (a, b) in edges(&cut) {
                let (depth_a, depth_b) = (depth(a), depth(b));
                if depth_a >= 0.0 {
                    next.push(a);
                }
                if (depth_a >= 0.0) != (depth_b >= 0.0) {
                    let t = depth_a / (depth_a - depth_b);
                    next.push(Point { x: a.x + t * (b.x - a.x), y: a.y + t * (b.y - a.y) });
                }
            }
            std::mem::swap(&mut cut, &mut next);
        }
        (shoelace(&cut).abs() / area).clamp(0.0, 1.0)
    }
}

impl TryFrom<Vec<Point>> for Polygon {
    type Error = PolygonError;

    fn try_from(corners: Vec<Point>) -> Result<Self, PolygonError> {
        Self::new(corners)
    }
}

impl From<Polygon> for Vec<Point> {
    fn from(polygon: Polygon) -> Self {
        polygon.corners
    }
}

/// Why corners do not make a polygon. Corner and edge numbers count from 0 in the order given; edge `n` runs from corner
/// `n` (after merging doubled corners) to the next.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum PolygonError {
    /// A coordinate is not a number.
    #[error("corner {corner} is not a point")]
    NotFinite {
        /// Which one.
        corner: usize,
    },
    /// A corner lies clearly outside the picture.
    #[error("corner {corner} lies outside the picture")]
    OutsidePicture {
        /// Which one.
        corner: usize,
    },
    /// Fewer than [`Polygon::MIN_CORNERS`] different corners.
    #[error("{found} corners are too few: three at least")]
    TooFewCorners {
        /// Different corners found.
        found: usize,
    },
    /// More than [`Polygon::MAX_CORNERS`] corners.
    #[error("more than {} corners", Polygon::MAX_CORNERS)]
    TooManyCorners,
    /// Two edges cross or touch.
    #[error("edges {first} and {second} cross")]
    CrossingEdges {
        /// One edge.
        first: usize,
        /// The other.
        second: usize,
    },
    /// The area is under [`Polygon::MIN_AREA`].
    #[error("an area of {area} of the picture is too small")]
    TooSmall {
        /// Its area, as a share of the picture.
        area: f32,
    },
}

fn same_corner(a: Point, b: Point) -> bool {
    (a.x - b.x).abs().max((a.y - b.y).abs()) < Polygon::SAME_CORNER
}

fn edges(corners: &[Point]) -> impl Iterator<Item = (Point, Point)> + '_ {
    corners.iter().zip(corners.iter().cycle().skip(1)).map(|(a, b)| (*a, *b))
}

/// Signed area. Differences to the first corner keep the precision for small polygons far from the origin.
fn shoelace(corners: &[Point]) -> f32 {
    let Some(origin) = corners.first() else { return 0.0 };
    let twice: f32 = edges(corners)
        .map(|(a, b)| (a.x - origin.x) * (b.y - origin.y) - (b.x - origin.x) * (a.y - origin.y))
        .sum();
    twice / 2.0
}

/// Squared distance to the segment `a`–`b`, x stretched by `aspect`.
fn square_distance_to_edge(point: Point, a: Point, b: Point, aspect: f32) -> f32 {
    let (dx, dy) = ((b.x - a.x) * aspect, b.y - a.y);
    let (px, py) = ((point.x - a.x) * aspect, point.y - a.y);
    let length = dx * dx + dy * dy;
    let t = if length > 0.0 { ((px * dx + py * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
    (px - t * dx).powi(2) + (py - t * dy).powi(2)
}

/// On which side of `a`→`b` the point lies: sign of the turn. In `f64`, where the products of `f32` are exact.
fn turn(a: Point, b: Point, point: Point) -> f64 {
    let wide = |p: Point| (f64::from(p.x), f64::from(p.y));
    let ((ax, ay), (bx, by), (px, py)) = (wide(a), wide(b), wide(point));
    (bx - ax) * (py - ay) - (by - ay) * (px - ax)
}

fn within(a: Point, b: Point, point: Point) -> bool {
    (a.x.min(b.x)..=a.x.max(b.x)).contains(&point.x) && (a.y.min(b.y)..=a.y.max(b.y)).contains(&point.y)
}

fn touches((a, b): (Point, Point), (c, d): (Point, Point)) -> bool {
    let (c_side, d_side) = (turn(a, b, c), turn(a, b, d));
    let (a_side, b_side) = (turn(c, d, a), turn(c, d, b));
    if c_side * d_side < 0.0 && a_side * b_side < 0.0 {
        return true;
    }
    (c_side == 0.0 && within(a, b, c))
        || (d_side == 0.0 && within(a, b, d))
        || (a_side == 0.0 && within(c, d, a))
        || (b_side == 0.0 && within(c, d, b))
}

/// The first two edges that cross, touch, or fold back onto each other.
fn crossing_edges(corners: &[Point]) -> Option<(usize, usize)> {
    let count = corners.len();
    let edge = |i: usize| (corners[i % count], corners[(i + 1) % count]);
    for first in 0..count {
        let (a, b) = edge(first);
        let (_, after) = edge(first + 1);
        // Neighbours share a corner; they are wrong only where the second runs back along the first.
        let back =
            turn(a, b, after) == 0.0 && (b.x - a.x) * (after.x - b.x) + (b.y - a.y) * (after.y - b.y) < 0.0;
        if back {
            return Some((first, (first + 1) % count));
        }
        for second in first + 2..count {
            if (second + 1) % count != first && touches((a, b), edge(second)) {
                return Some((first, second));
            }
        }
    }
    None
}
