//! Where a rule looks, and where on the picture something is.

use crate::scene::Area;
use crate::{BBox, Point};
use vigie_protocol::{Region, ZoneId};

/// Whether a rule that may be limited to an area looks at this point.
pub(super) fn counts(area: Option<&Area>, point: Point) -> bool {
    area.is_none_or(|area| area.polygon.contains(point))
}

/// Identity and name of a rule's area.
pub(super) fn label(area: Option<&Area>) -> (Option<ZoneId>, Option<String>) {
    (area.map(|area| area.id), area.map(|area| area.name.clone()))
}

/// The part of a box that lies on the picture, as the wire has it.
pub(super) fn region(bbox: &BBox) -> Region {
    let BBox { x0, y0, x1, y1 } = bbox.on_picture();
    Region { x0, y0, x1, y1 }
}
