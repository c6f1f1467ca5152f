//! How boxes lie over one another where they need not be the same.

use crate::BBox;

/// Boxes of one thing may differ in area by this factor: legs that move, and the person. A person before a car is smaller.
const AREA_RATIO: f32 = 0.35;
/// So much of the smaller one lies within the larger one.
const WITHIN: f32 = 0.6;

/// Shared area, in squared shares of the picture.
pub(super) fn shared_area(a: &BBox, b: &BBox) -> f32 {
    let width = a.x1.min(b.x1) - a.x0.max(b.x0);
    let height = a.y1.min(b.y1) - a.y0.max(b.y0);
    width.max(0.0) * height.max(0.0)
}

/// Share of the smaller box that lies within the other, 0 to 1.
pub(super) fn share_within(a: &BBox, b: &BBox) -> f32 {
    let smaller = a.area().min(b.area());
    if smaller > 0.0 { shared_area(a, b) / smaller } else { 0.0 }
}

/// Whether two boxes can be around the same thing although one may show only part of it.
pub(super) fn same_thing(a: &BBox, b: &BBox) -> bool {
    let (a_area, b_area) = (a.area(), b.area());
    a_area.min(b_area) > AREA_RATIO * a_area.max(b_area) && share_within(a, b) > WITHIN
}
