//! Boxes around whatever moves or was not there before, for a tracker that the networks leave blind.

use super::length;
use super::regions::Region;
use crate::BBox;
use serde::Serialize;

/// What flow amounts to where nothing moves, pixels.
const FLOW_NOISE_PX: f32 = 0.1;
/// A box around more of the picture than this is no thing in it.
const MAX_AREA: f32 = 0.5;

/// Something that moves or was not there before, whatever it is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Proposal {
    /// Where, in shares of the picture.
    pub bbox: BBox,
    /// How sure, 0 to 1. Of what moves: that it does move as one, see `strength`; a thing that has just stopped or waves about where it is is
    /// weak and still there. Of what is still: how much of the box it fills.
    pub strength: f32,
    /// Mean flow to the right inside, shares of the picture's width per second, without the camera's own motion.
    pub flow_x: f32,
    /// Mean flow downwards inside, shares of the picture's height per second.
    pub flow_y: f32,
    /// For how long it has looked the same where it is, seconds; 0 for one that moves.
    pub still_secs: f32,
    /// Of what is still: from 1, it has an outline that the background had not, a thing that came, to −1, the background had an outline
    /// there that is gone. 0 for what moves.
    pub newness: f32,
}

impl Proposal {
    /// A region that moves, in a picture of this size, pixels. `None` when it is too large for a thing.
    pub(super) fn moving(region: &Region, size: (f32, f32), dt_secs: f32) -> Option<Self> {
        let (x, y) = region.flow().unwrap_or_default();
        let per_sec = if dt_secs > 0.0 { 1.0 / dt_secs } else { 0.0 };
        within_bounds(Self {
            bbox: bbox(region, size),
            strength: strength(region),
            flow_x: x * per_sec / size.0,
            flow_y: y * per_sec / size.1,
            still_secs: 0.0,
            newness: 0.0,
        })
    }

    /// A region that has stood still for some seconds.
    pub(super) fn still(region: &Region, size: (f32, f32), still_secs: f32) -> Option<Self> {
        within_bounds(Self {
            bbox: bbox(region, size),
            strength: filled(region),
            flow_x: 0.0,
            flow_y: 0.0,
            still_secs,
            newness: region.newness(),
        })
    }
}

fn within_bounds(proposal: Proposal) -> Option<Proposal> {
    (proposal.bbox.area() <= MAX_AREA).then_some(proposal)
}

fn bbox(region: &Region, (width, height): (f32, f32)) -> BBox {
    BBox {
        x0: region.x0 as f32 / width,
        y0: region.y0 as f32 / height,
        x1: (region.x1 + 1) as f32 / width,
        y1: (region.y1 + 1) as f32 / height,
    }
}

/// Share of the box's pixels that belong to the region.
fn filled(region: &Region) -> f32 {
    let area = (region.x1 + 1 - region.x0) * (region.y1 + 1 - region.y0);
    (region.pixels as f32 / area.max(1) as f32).min(1.0)
}

/// How sure it is that something moves there: it is there, its flow is trusted, and all of it goes one way. What changes where it is, a
/// screen or a lamp, has a flow that points anywhere or none.
fn strength(region: &Region) -> f32 {
    let trust = (3.0 * region.trust / region.blocks.max(1) as f32).min(1.0);
    let way = length(region.flow_x, region.flow_y);
    let one_way = if region.length > 0.0 { way / region.length } else { 0.0 };
    let (x, y) = region.flow().unwrap_or_default();
    let pace = length(x, y);
    filled(region).sqrt() * (0.2 + 0.8 * trust * one_way * pace / (pace + FLOW_NOISE_PX))
}
