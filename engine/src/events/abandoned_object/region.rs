//! Parts of the view that differ from the background and do not move: objects that the detector has no class for.
//!
//! Background and stillness are those of [`crate::motion`]. Here, what hangs together becomes one region, and is compared with
//! what it hides: an object has an outline of its own; a shadow lets the ground's texture through; and where something was taken
//! away, it is the background that has the outline.

use crate::geometry::length;
use crate::{BBox, Luma, Micros};

/// Time between two looks, seconds.
const EVERY_SECS: f32 = 0.5;
/// What differs has been still for this long when it is taken for an object, seconds: people who walk do not stop for that long.
const STILL_SECS: f32 = 2.0;
/// A pixel of a still block belongs to the region from this difference to the background on, grey levels.
const DIFFERS: u8 = 14;
/// Regions of fewer pixels are noise.
const LEAST_PIXELS: usize = 20;
/// Regions in a box of more than this share of the picture are no object: the light, or the camera.
const MOST_SHARE: f32 = 0.2;
/// Most regions of a look, the largest first.
const MAX_REGIONS: usize = 32;
/// Of what varies less than this, grey levels², nobody can tell the texture from noise.
const LEAST_VARIANCE: f32 = 16.0;

/// The grey picture of a frame beside what the view looks like without foreground.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pictures<'a> {
    pub(super) luma: Luma<'a>,
    pub(super) background: Luma<'a>,
    /// Since when each block of the picture differs from the background without a change, row by row.
    pub(super) still_since: &'a [Option<Micros>],
    /// Side of a block, pixels.
    pub(super) block: usize,
}

impl Pictures<'_> {
    /// Share of a box that differs from the background.
    pub(super) fn changed(&self, bbox: &BBox) -> f32 {
        let (width, height) = (self.luma.width(), self.luma.height());
        let span = |from: f32, to: f32, count: usize| {
            let first = ((from * count as f32) as usize).min(count - 1);
            first..((to * count as f32).ceil() as usize).clamp(first + 1, count)
        };
        let (columns, rows) = (span(bbox.x0, bbox.x1, width), span(bbox.y0, bbox.y1, height));
        let pixels = columns.len() * rows.len();
        let (now, before) = (self.luma.pixels(), self.background.pixels());
        let differing = |row: usize| {
            let line = columns.start + row * width..columns.end + row * width;
            let pairs = now[line.clone()].iter().zip(&before[line]);
            pairs.filter(|(now, before)| now.abs_diff(**before) >= DIFFERS).count()
        };
        rows.map(differing).sum::<usize>() as f32 / pixels as f32
    }
}

/// A part of the view that differs from the background and does not move.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Region {
    /// Around it, in shares of the picture.
    pub(super) bbox: BBox,
    /// Since when most of it has been still.
    pub(super) since: Micros,
    /// How it looks.
    pub(super) facts: RegionFacts,
}

/// How a region looks beside the background that it hides.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct RegionFacts {
    /// Share of its box that it fills, 0 to 1.
    pub(super) fill: f32,
    /// Mean step across its outline, grey levels per two pixels.
    pub(super) edge: f32,
    /// Of the steps by which picture and background differ along the outline, the share that the picture has and the background has
    /// not: near 1 for a thing that was put there, near 0 where one was taken away; 0.5 where neither shows.
    pub(super) edge_gained: f32,
    /// Normalised correlation with the background inside it, -1 to 1; 0 where the background has no texture.
    pub(super) likeness: f32,
}

/// Looks for such regions; keeps its working memory.
#[derive(Clone, Debug, Default)]
pub(super) struct Regions {
    looked: Option<Micros>,
    /// Blocks that belong to no region, or were taken into one.
    done: Vec<bool>,
    stack: Vec<usize>,
    members: Vec<usize>,
    since: Vec<Micros>,
    found: Vec<Region>,
}

impl Regions {
    /// The next picture is of another view.
    pub(super) fn reset(&mut self) {
        self.looked = None;
        self.found.clear();
    }

    /// The regions of the last look, the largest first.
    pub(super) fn found(&self) -> &[Region] {
        &self.found
    }

    /// Looks, twice a second; true when it did.
    pub(super) fn step(&mut self, at: Micros, pictures: &Pictures<'_>) -> bool {
        if self.looked.is_some_and(|looked| at.secs_since(looked) < EVERY_SECS) {
            return false;
        }
        self.looked = Some(at);
        self.found.clear();
        self.done.clear();
        let old = |since: &Option<Micros>| since.is_some_and(|since| at.secs_since(since) >= STILL_SECS);
        self.done.extend(pictures.still_since.iter().map(|since| !old(since)));
        let across = pictures.luma.width() / pictures.block;
        for start in 0..self.done.len() {
            if !self.done[start] {
                self.flood(start, across);
                let region = self.describe(pictures, across);
                self.found.extend(region);
            }
        }
        let pixels = |region: &Region| region.bbox.area() * region.facts.fill;
        self.found.sort_by(|a, b| pixels(b).total_cmp(&pixels(a)));
        self.found.truncate(MAX_REGIONS);
        true
    }

    /// Collects the blocks that hang together with one, corners included.
    fn flood(&mut self, start: usize, across: usize) {
        self.members.clear();
        self.stack.clear();
        self.stack.push(start);
        self.done[start] = true;
        let down = self.done.len() / across;
        while let Some(block) = self.stack.pop() {
            self.members.push(block);
            let (x, y) = (block % across, block / across);
            for row in y.saturating_sub(1)..(y + 2).min(down) {
                for column in x.saturating_sub(1)..(x + 2).min(across) {
                    let next = row * across + column;
                    if !self.done[next] {
                        self.done[next] = true;
                        self.stack.push(next);
                    }
                }
            }
        }
    }

    /// What is known of the blocks in `members`; `None` when they hold too little or too much.
    fn describe(&mut self, pictures: &Pictures<'_>, across: usize) -> Option<Region> {
        let (width, height, side) = (pictures.luma.width(), pictures.luma.height(), pictures.block);
        let (now, before) = (pictures.luma.pixels(), pictures.background.pixels());
        let differs = |index: usize| now[index].abs_diff(before[index]) >= DIFFERS;
        let (mut left, mut top, mut right, mut bottom) = (width, height, 0, 0);
        let mut sums = Sums::default();
        let (mut count, mut rim, mut edge, mut gained, mut lost) = (0, 0.0_f32, 0.0_f32, 0.0_f32, 0.0_f32);
        for &block in &self.members {
            for place in 0..side * side {
                let x = block % across * side + place % side;
                let y = block / across * side + place / side;
                let index = y * width + x;
                if !differs(index) {
                    continue;
                }
                sums.add(now[index], before[index]);
                count += 1;
                (left, right) = (left.min(x), right.max(x + 1));
                (top, bottom) = (top.min(y), bottom.max(y + 1));
                if x == 0 || y == 0 || x + 1 == width || y + 1 == height {
                    continue;
                }
                if [index - 1, index + 1, index - width, index + width].into_iter().any(|next| !differs(next))
                {
                    rim += 1.0;
                    let (seen, hidden) = (steepness(now, index, width), steepness(before, index, width));
                    edge += seen;
                    gained += (seen - hidden).max(0.0);
                    lost += (hidden - seen).max(0.0);
                }
            }
        }
        let bbox = BBox {
            x0: left as f32 / width as f32,
            y0: top as f32 / height as f32,
            x1: right as f32 / width as f32,
            y1: bottom as f32 / height as f32,
        };
        if count < LEAST_PIXELS || bbox.area() > MOST_SHARE {
            return None;
        }
        self.since.clear();
        self.since.extend(self.members.iter().filter_map(|&block| pictures.still_since[block]));
        let middle = self.since.len() / 2;
        let (_, since, _) = self.since.select_nth_unstable(middle);
        Some(Region {
            bbox,
            since: *since,
            facts: RegionFacts {
                fill: count as f32 / ((right - left) * (bottom - top)) as f32,
                edge: edge / rim.max(1.0),
                edge_gained: if gained + lost > 0.0 { gained / (gained + lost) } else { 0.5 },
                likeness: sums.correlation(),
            },
        })
    }
}

/// How steep a picture is at a pixel that is not on its edge, grey levels per two pixels.
fn steepness(pixels: &[u8], index: usize, width: usize) -> f32 {
    let across = f32::from(pixels[index + 1]) - f32::from(pixels[index - 1]);
    let down = f32::from(pixels[index + width]) - f32::from(pixels[index - width]);
    length(across, down)
}

/// What a correlation needs.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    count: f32,
    now: f32,
    before: f32,
    now_squared: f32,
    before_squared: f32,
    both: f32,
}

impl Sums {
    fn add(&mut self, now: u8, before: u8) {
        let (now, before) = (f32::from(now), f32::from(before));
        self.count += 1.0;
        self.now += now;
        self.before += before;
        self.now_squared += now * now;
        self.before_squared += before * before;
        self.both += now * before;
    }

    /// 0 where either has no texture.
    fn correlation(&self) -> f32 {
        let n = self.count.max(1.0);
        let variance = |sum: f32, squared: f32| squared / n - (sum / n) * (sum / n);
        let now = variance(self.now, self.now_squared);
        let before = variance(self.before, self.before_squared);
        if now.min(before) < LEAST_VARIANCE {
            return 0.0;
        }
        (self.both / n - self.now / n * (self.before / n)) / (now * before).sqrt()
    }
}
