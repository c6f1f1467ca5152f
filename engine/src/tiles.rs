//! Tiled passes: where to look more closely, and how the boxes of several looks at one picture become one set.
//!
//! Pure geometry, no network: the passes themselves are in `detector::tiles`. Whoever runs the network in other ways (several
//! workers, another machine) uses the same layout and the same merging.
//!
//! **Layout.** Tiles of one size that overlap by at least [`MIN_OVERLAP`] of their sides, so that whoever is cut by the edge of one lies whole
//! in its neighbour, if they are no larger than that. Larger people are found by the pass over the whole picture that goes with the
//! tiles.
//!
//! **Merging.** A box that touches an inner edge of its tile is a cut person: it's dropped, its owner is whole elsewhere. So are the
//! hands and faces that a tile shows of somebody who does not fit into it and whom a pass over more of the picture found. What is left goes through a suppression made for crowds ([`merge`]).

use crate::{BBox, ClassGroup, Detection};

/// Least overlap of neighbouring tiles, share of their sides.
pub const MIN_OVERLAP: f32 = 0.25;
/// Most tiles of a picture. What would need more gets larger tiles.
pub const MAX_TILES: usize = 64;
/// A box this close to an inner edge of its tile is taken for cut, pixels.
const EDGE_PX: f32 = 3.0;
/// Boxes of one kind that overlap by more than this (IoU) are one.
const SAME_IOU: f32 = 0.55;
/// A box of which so much lies in another one of its kind …
const CONTAINED: f32 = 0.85;
/// … and that has at least this share of its area is a part of the same person (a torso in a whole body); a smaller one is another
/// person behind or in front.
const PART_AREA: f32 = 0.15;
/// Who is larger than this share of a tile, one way or the other, does not fit into it: what it shows inside of them are their parts …
const TOO_LARGE: f32 = 0.9;
/// … if a pass that shows more says with this score that they are there.
const WHOLE_SCORE: f32 = 0.3;
/// Where boxes overlap less than that, the lower score is weakened by about `exp(−IoU² / SOFTNESS)` (soft-NMS, Bodla et al., ICCV 2017).
const SOFTNESS: f32 = 0.5;

/// Time between two counting passes where nothing else is asked for, seconds. Crowds fill and empty more slowly.
pub const COUNT_EVERY_SECS: f32 = 5.0;

/// What a counting pass looks at: the whole picture, and square tiles of half its shorter side, which show people at least twice as
/// large as the whole does.
#[must_use]
pub fn counting_looks(width: u32, height: u32) -> Vec<Tile> {
    let side = width.min(height).div_ceil(2);
    let mut looks = layout(width, height, side, side);
    let whole = Tile::whole(width, height);
    if !looks.contains(&whole) {
        looks.push(whole);
    }
    looks
}

/// A part of a picture, in pixels of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tile {
    /// First column.
    pub left: u32,
    /// First row.
    pub top: u32,
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
}

impl Tile {
    /// The whole picture.
    #[must_use]
    pub fn whole(width: u32, height: u32) -> Self {
        Self { left: 0, top: 0, width, height }
    }

    /// A box in shares of the tile, in shares of a picture of this size.
    #[must_use]
    pub fn to_picture(&self, bbox: &BBox, (width, height): (u32, u32)) -> BBox {
        let x = |share: f32| (self.left as f32 + share * self.width as f32) / width.max(1) as f32;
        let y = |share: f32| (self.top as f32 + share * self.height as f32) / height.max(1) as f32;
        BBox { x0: x(bbox.x0), y0: y(bbox.y0), x1: x(bbox.x1), y1: y(bbox.y1) }
    }

    /// Whether a box in shares of the tile touches one of those edges of the tile that lie inside the picture.
    #[must_use]
    pub fn cuts(&self, bbox: &BBox, (width, height): (u32, u32)) -> bool {
        let (slack_x, slack_y) = (EDGE_PX / self.width.max(1) as f32, EDGE_PX / self.height.max(1) as f32);
        (self.left > 0 && bbox.x0 < slack_x)
            || (self.top > 0 && bbox.y0 < slack_y)
            || (self.left + self.width < width && bbox.x1 > 1.0 - slack_x)
            || (self.top + self.height < height && bbox.y1 > 1.0 - slack_y)
    }
}

/// Tiles of at most this size that cover a picture, row by row, overlapping by [`MIN_OVERLAP`] or more, evenly spread.
/// One tile, the whole picture, where it is no larger. Larger ones where they would be more than [`MAX_TILES`].
#[must_use]
pub fn layout(width: u32, height: u32, tile_width: u32, tile_height: u32) -> Vec<Tile> {
    let (mut tile_width, mut tile_height) = (tile_width.max(32), tile_height.max(32));
    loop {
        let (columns, rows) = (starts(width, tile_width), starts(height, tile_height));
        if columns.len() * rows.len() > MAX_TILES {
            (tile_width, tile_height) = (tile_width.saturating_mul(2), tile_height.saturating_mul(2));
            continue;
        }
        let (w, h) = (tile_width.min(width), tile_height.min(height));
        let row = |top: u32| columns.iter().map(move |left| Tile { left: *left, top, width: w, height: h });
        return rows.iter().flat_map(|top| row(*top)).collect();
    }
}

/// First pixels of the tiles along one side.
fn starts(length: u32, tile: u32) -> Vec<u32> {
    if tile >= length {
        return vec![0];
    }
    let most_apart = ((tile as f32 * (1.0 - MIN_OVERLAP)) as u32).max(1);
    let steps = (length - tile).div_ceil(most_apart);
    (0..=steps).map(|n| (u64::from(length - tile) * u64::from(n) / u64::from(steps)) as u32).collect()
}

/// Boxes of one pass, in shares of its tile.
#[derive(Clone, Copy, Debug)]
pub struct Pass<'a> {
    /// What was looked at.
    pub tile: Tile,
    /// What was found there.
    pub boxes: &'a [Detection],
}

/// Makes one set of the boxes of several passes over a picture of this size, in shares of it, by falling score. Scores of boxes that
/// overlap a stronger one are weakened, which is right for counting ([`crate::counting`]).
///
/// The order of the passes, and of the boxes in them, does not matter.
#[must_use]
pub fn merge(size: (u32, u32), passes: &[Pass<'_>]) -> Vec<Detection> {
    let mut all: Vec<Look> = Vec::new();
    for pass in passes {
        let uncut =
            pass.boxes.iter().filter(|found| found.bbox.is_valid() && !pass.tile.cuts(&found.bbox, size));
        all.extend(uncut.map(|found| Look {
            found: Detection { bbox: pass.tile.to_picture(&found.bbox, size), ..*found },
            width: pass.tile.width as f32 / size.0.max(1) as f32,
            height: pass.tile.height as f32 / size.1.max(1) as f32,
        }));
    }
    let is_part_of_larger = |look: &Look| all.iter().any(|larger| larger.shows_as_parts(look));
    let mut left: Vec<Detection> =
        all.iter().filter(|look| !is_part_of_larger(look)).map(|look| look.found).collect();
    suppress(&mut left);
    left
}

/// Leaves one box per person, by falling score, with the scores of those that overlap a stronger one weakened. Works in place; the
/// order of the boxes does not matter.
pub fn suppress(found: &mut Vec<Detection>) {
    let mut kept = 0;
    while let Some(best) = (kept..found.len()).max_by(|a, b| rank(&found[*a], &found[*b])) {
        found.swap(kept, best);
        let best = found[kept];
        kept += 1;
        let mut end = kept;
        for n in kept..found.len() {
            let mut other = found[n];
            if outlives(&best, &mut other) {
                found[end] = other;
                end += 1;
            }
        }
        found.truncate(end);
    }
}

/// Weakens the lower of two boxes by how much they overlap; false when it is the same person, or has become too weak.
fn outlives(best: &Detection, other: &mut Detection) -> bool {
    let iou = best.bbox.iou(&other.bbox);
    if iou <= 0.0 || !same_kind(best, other) {
        return true;
    }
    // The exponential by its first terms: the same bits on every machine.
    let x = iou * iou / SOFTNESS;
    other.score /= 1.0 + x + x * x / 2.0;
    iou <= SAME_IOU && !is_part(&best.bbox, &other.bbox) && other.score > LEAST_SCORE
}

/// A box and the size of the tile that it was found in, in shares of the picture.
struct Look {
    found: Detection,
    width: f32,
    height: f32,
}

impl Look {
    /// Whether `part` lies in this box, which is of a person too large for the smaller tile of `part`.
    fn shows_as_parts(&self, part: &Self) -> bool {
        let bbox = &self.found.bbox;
        let shows_more = self.width > part.width || self.height > part.height;
        let too_large = bbox.width() > TOO_LARGE * part.width || bbox.height() > TOO_LARGE * part.height;
        shows_more
            && too_large
            && self.found.score >= WHOLE_SCORE
            && same_kind(&self.found, &part.found)
            && shared_area(bbox, &part.found.bbox) > CONTAINED * part.found.bbox.area()
    }
}

/// Area that two boxes share.
fn shared_area(a: &BBox, b: &BBox) -> f32 {
    let width = (a.x1.min(b.x1) - a.x0.max(b.x0)).max(0.0);
    width * (a.y1.min(b.y1) - a.y0.max(b.y0)).max(0.0)
}

/// What is weaker than this is dropped.
const LEAST_SCORE: f32 = 0.05;

/// Whether one box is a part of the other: mostly inside it, and not much smaller.
fn is_part(a: &BBox, b: &BBox) -> bool {
    let (small, large) = if a.area() < b.area() { (a, b) } else { (b, a) };
    shared_area(a, b) > CONTAINED * small.area() && small.area() > PART_AREA * large.area()
}

/// Higher scores first; ties by place, so that the order of the input does not matter.
fn rank(a: &Detection, b: &Detection) -> std::cmp::Ordering {
    let place = |d: &Detection| [d.bbox.x0, d.bbox.y0, d.bbox.x1, d.bbox.y1];
    let by_place = || {
        let pairs = place(b).into_iter().zip(place(a));
        pairs.map(|(b, a)| b.total_cmp(&a)).find(|order| order.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
    };
    a.score.total_cmp(&b.score).then_with(by_place).then(b.class_id.cmp(&a.class_id))
}

fn same_kind(a: &Detection, b: &Detection) -> bool {
    match (ClassGroup::of_coco(a.class_id), ClassGroup::of_coco(b.class_id)) {
        (Some(a), Some(b)) => a == b,
        (None, None) => a.class_id == b.class_id,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_TILES, MIN_OVERLAP, Pass, Tile, layout, merge};
    use crate::{BBox, Detection};
    use proptest::prelude::*;

    fn person(x0: f32, y0: f32, x1: f32, y1: f32, score: f32) -> Detection {
        Detection { bbox: BBox { x0, y0, x1, y1 }, class_id: 1, score }
    }

    proptest! {
        #[test]
        fn tiles_cover_the_picture_and_overlap(w in 1_u32..4000, h in 1_u32..4000, tw in 1_u32..1500, th in 1_u32..1500) {
            let tiles = layout(w, h, tw, th);
            prop_assert!(!tiles.is_empty() && tiles.len() <= MAX_TILES);
            prop_assert!(tiles.iter().all(|t| t.left + t.width <= w && t.top + t.height <= h));
            let covered = |x: u32, y: u32| tiles.iter().any(|t| {
                (t.left..t.left + t.width).contains(&x) && (t.top..t.top + t.height).contains(&y)
            });
            for x in (0..w).step_by((w as usize / 7).max(1)).chain([w - 1]) {
                for y in (0..h).step_by((h as usize / 7).max(1)).chain([h - 1]) {
                    prop_assert!(covered(x, y));
                }
            }
            let mut lefts: Vec<u32> = tiles.iter().map(|t| t.left).collect();
            lefts.sort_unstable();
            lefts.dedup();
            let overlap = (tiles[0].width as f32 * MIN_OVERLAP) as u32;
            prop_assert!(lefts.windows(2).all(|p| p[1] - p[0] + overlap <= tiles[0].width + 1));
        }

        #[test]
        fn the_order_of_passes_and_boxes_does_not_matter(
            boxes in prop::collection::vec((0.0_f32..0.8, 0.0_f32..0.8, 0.02_f32..0.2, 0.02_f32..0.2, 0.1_f32..1.0), 0..30),
        ) {
            let boxes: Vec<_> = boxes.iter().map(|(x, y, w, h, s)| person(*x, *y, x + w, y + h, *s)).collect();
            let backwards: Vec<_> = boxes.iter().rev().copied().collect();
            let (a, b) = (Tile::whole(640, 480), Tile { left: 100, top: 0, width: 300, height: 480 });
            let once = merge((640, 480), &[Pass { tile: a, boxes: &boxes }, Pass { tile: b, boxes: &backwards }]);
            let again = merge((640, 480), &[Pass { tile: b, boxes: &boxes }, Pass { tile: a, boxes: &backwards }]);
            prop_assert!(once.len() <= 2 * boxes.len());
            prop_assert_eq!(once, again);
        }
    }

    #[test]
    fn one_person_in_two_tiles_is_one_and_a_cut_one_is_dropped() {
        let size = (1000, 500);
        let (left, right) = (
            Tile { left: 0, top: 0, width: 600, height: 500 },
            Tile { left: 400, top: 0, width: 600, height: 500 },
        );
        // At 550 to 650 px: cut by the left tile's edge, whole in the right one. At 450 to 520 px: in both.
        let in_left =
            [person(550.0 / 600.0, 0.2, 1.0, 0.8, 0.9), person(450.0 / 600.0, 0.2, 520.0 / 600.0, 0.8, 0.8)];
        let in_right = [
            person(150.0 / 600.0, 0.2, 250.0 / 600.0, 0.8, 0.7),
            person(50.0 / 600.0, 0.2, 120.0 / 600.0, 0.8, 0.6),
        ];
        let found =
            merge(size, &[Pass { tile: left, boxes: &in_left }, Pass { tile: right, boxes: &in_right }]);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!((found[0].bbox.x0 - 0.45).abs() < 1e-5 && (found[1].bbox.x0 - 0.55).abs() < 1e-5);
        // At the edge of the picture itself nobody is dropped.
        let edge = [person(0.0, 0.2, 0.1, 0.8, 0.9)];
        assert_eq!(merge(size, &[Pass { tile: left, boxes: &edge }]).len(), 1);
    }

    #[test]
    fn a_torso_is_part_of_its_person_and_a_small_child_in_front_is_not() {
        let tile = Tile::whole(1000, 1000);
        let adult = person(0.4, 0.2, 0.6, 0.8, 0.9);
        let torso = person(0.41, 0.2, 0.59, 0.5, 0.6);
        // An eighth of the adult's area.
        let child = person(0.42, 0.6, 0.495, 0.8, 0.6);
        assert_eq!(merge((1000, 1000), &[Pass { tile, boxes: &[adult, torso] }]).len(), 1);
        assert_eq!(merge((1000, 1000), &[Pass { tile, boxes: &[adult, child] }]).len(), 2);
    }

    #[test]
    fn a_tile_shows_parts_of_somebody_who_does_not_fit_into_it() {
        let (whole, tile) = (Tile::whole(1000, 1000), Tile { left: 250, top: 250, width: 500, height: 500 });
        let close = person(0.3, 0.1, 0.7, 0.95, 0.8);
        // A hand of the first, 40 by 60 px.
        let hand = person(0.5, 0.5, 0.58, 0.62, 0.6);
        let looks = [Pass { tile: whole, boxes: &[close] }, Pass { tile, boxes: &[hand] }];
        assert_eq!(merge((1000, 1000), &looks).len(), 1);
        // In front of somebody who fits into the tile it may be somebody else.
        let far = person(0.4, 0.3, 0.7, 0.7, 0.8);
        let looks = [Pass { tile: whole, boxes: &[far] }, Pass { tile, boxes: &[hand] }];
        assert_eq!(merge((1000, 1000), &looks).len(), 2);
    }

    #[test]
    fn other_kinds_do_not_suppress_each_other() {
        let tile = Tile::whole(100, 100);
        let rider = person(0.4, 0.2, 0.6, 0.8, 0.9);
        let bicycle = Detection { class_id: 2, ..rider };
        assert_eq!(merge((100, 100), &[Pass { tile, boxes: &[rider, bicycle] }]).len(), 2);
    }
}
