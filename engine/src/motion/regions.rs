//! Connected blocks that move alike, and boxes around them.

use super::background::{BLOCK, Background};
use super::flow::{CELL, CellFlow};
use super::length;
use crate::Luma;

/// Most regions looked at in a picture; the rest are left out.
pub(super) const MAX_REGIONS: usize = 256;
/// Fewer foreground pixels than this are noise. A person of 12 pixels has about 30.
const MIN_PIXELS: u32 = 14;
/// Flow of neighbours counts only where it is trusted this much.
const MIN_TRUST: f32 = 0.25;
/// A cell of which less than this is foreground says nothing of what is in it.
const MIN_SHARE: f32 = 0.4;
/// Flows further apart than this belong to two things, pixels.
const APART_PX: f32 = 1.5;
/// … or than this share of the faster one.
const APART_SHARE: f32 = 0.6;

/// Mean step over an outline under which it is none, grey levels.
const UNCOVERED_STEP: u32 = 8;
/// A region whose border has less background beyond it than this is a part of something and has no outline to judge by.
const OUTLINED: f32 = 0.7;
/// Under this the outline belongs to what was there before.
const UNCOVERED: f32 = -0.2;

/// Blocks that belong together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Region {
    /// First and last pixel across.
    pub(super) x0: usize,
    pub(super) x1: usize,
    /// First and last pixel down.
    pub(super) y0: usize,
    pub(super) y1: usize,
    /// Foreground pixels.
    pub(super) pixels: u32,
    pub(super) blocks: u32,
    /// Pairs of pixels across the region's border.
    pub(super) border: u32,
    /// Those of them beyond which nothing else differs from the background: elsewhere the region ends in what it is a part of.
    pub(super) outline: u32,
    /// Steps of brightness over them in the picture, grey levels.
    pub(super) step_now: u32,
    /// The same in the background.
    pub(super) step_before: u32,
    /// Sums over the blocks' cells: of trust, of trusted flow without the camera's, of its length.
    pub(super) trust: f32,
    pub(super) flow_x: f32,
    pub(super) flow_y: f32,
    pub(super) length: f32,
}

impl Region {
    const EMPTY: Self = Self {
        x0: usize::MAX,
        y0: usize::MAX,
        x1: 0,
        y1: 0,
        pixels: 0,
        blocks: 0,
        border: 0,
        outline: 0,
        step_now: 0,
        step_before: 0,
        trust: 0.0,
        flow_x: 0.0,
        flow_y: 0.0,
        length: 0.0,
    };

    fn add(&mut self, block: usize, background: &Background, cell: &CellFlow) {
        let (columns, _) = background.size();
        let (left, top) = (block % columns * BLOCK, block / columns * BLOCK);
        self.blocks += 1;
        self.pixels += u32::from(background.counts()[block]);
        for y in top..top + BLOCK {
            let line = &background.mask()[y * background.width() + left..][..BLOCK];
            for (x, _) in line.iter().enumerate().filter(|&(_, &set)| set != 0) {
                self.x0 = self.x0.min(left + x);
                self.x1 = self.x1.max(left + x);
                self.y0 = self.y0.min(y);
                self.y1 = self.y1.max(y);
            }
        }
        self.trust += cell.confidence;
        self.flow_x += cell.confidence * cell.x;
        self.flow_y += cell.confidence * cell.y;
        self.length += cell.confidence * length(cell.x, cell.y);
    }

    fn join(&mut self, other: &Self) {
        self.x0 = self.x0.min(other.x0);
        self.y0 = self.y0.min(other.y0);
        self.x1 = self.x1.max(other.x1);
        self.y1 = self.y1.max(other.y1);
        self.pixels += other.pixels;
        self.blocks += other.blocks;
        self.border += other.border;
        self.outline += other.outline;
        self.step_now += other.step_now;
        self.step_before += other.step_before;
        self.trust += other.trust;
        self.flow_x += other.flow_x;
        self.flow_y += other.flow_y;
        self.length += other.length;
    }

    /// From −1, the background had the outline and the picture has it no more, to 1, it is new; 0 when not measured.
    pub(super) fn newness(&self) -> f32 {
        let (now, before) = (self.step_now as f32, self.step_before as f32);
        if now + before > 0.0 { (now - before) / (now + before) } else { 0.0 }
    }

    fn is_uncovered(&self) -> bool {
        self.outline as f32 >= OUTLINED * self.border as f32
            && self.step_before > UNCOVERED_STEP * self.outline
            && self.newness() < UNCOVERED
    }

    /// Mean flow, pixels since the last picture; `None` where nothing is trusted.
    pub(super) fn flow(&self) -> Option<(f32, f32)> {
        (self.trust > 0.2).then(|| (self.flow_x / self.trust, self.flow_y / self.trust))
    }

    fn width(&self) -> usize {
        self.x1 + 1 - self.x0
    }

    fn height(&self) -> usize {
        self.y1 + 1 - self.y0
    }
}

/// Finds regions. Keeps its buffers.
#[derive(Clone, Debug, Default)]
pub(super) struct Regions {
    /// Number of each block's region, or [`NONE`].
    labels: Vec<u16>,
    /// Blocks whose neighbours are still to be looked at, first in, first out.
    queue: Vec<usize>,
    /// The cells' flow, trusted by how much of each is foreground.
    says: Vec<CellFlow>,
    found: Vec<Region>,
    uncovered: Vec<usize>,
}

/// A box around two regions must be at least this full, as a share of how full the first one's own is.
const MERGED_FILL: f32 = 0.6;

/// A region with at most this share of the pixels of another …
const SCRAP: f32 = 0.15;
/// … and at least this share of its box inside the other's is a scrap of it.
const SCRAP_INSIDE: f32 = 0.6;

/// Label of a block without a region.
const NONE: u16 = u16::MAX;

impl Regions {
    /// Regions of the blocks for which `is_in` holds. `cells` hold the flow without the camera's own, `columns` across.
    ///
    /// Blocks whose flow is trusted come first, each with the neighbours that move like it; the others then join the nearest of
    /// these, so that two cars that pass each other stay two although their shadows touch. Outlines are measured when there is a picture
    /// to measure them in.
    pub(super) fn find(
        &mut self,
        background: &Background,
        outlines_in: Option<Luma<'_>>,
        cells: &[CellFlow],
        cell_columns: usize,
        is_in: impl Fn(usize) -> bool,
    ) -> &[Region] {
        let (columns, rows) = background.size();
        self.found.clear();
        self.labels.clear();
        self.labels.resize(columns * rows, NONE);
        self.queue.clear();
        let mut says = std::mem::take(&mut self.says);
        weigh(&mut says, cells, cell_columns, background);
        let cell_of = |block: usize| -> CellFlow {
            let (column, row) = (block % columns * BLOCK / CELL, block / columns * BLOCK / CELL);
            says.get(row * cell_columns + column.min(cell_columns - 1)).copied().unwrap_or_default()
        };
        let trusted = |block: usize| cell_of(block).confidence >= MIN_TRUST;
        let alike_in = |a: usize, b: usize| is_in(b) && trusted(b) && alike(&cell_of(a), &cell_of(b));
        for start in 0..columns * rows {
            if self.labels[start] == NONE && is_in(start) && trusted(start) {
                let Some(label) = self.begin(start) else { break };
                let mut first = self.queue.len() - 1;
                self.spread(&mut first, columns, rows, &alike_in, label);
            }
        }
        // From all of them at once, nearest first.
        let mut first = 0;
        while first < self.queue.len() {
            let label = self.labels[self.queue[first]];
            self.spread_one(&mut first, columns, rows, &|_, b| is_in(b), label);
        }
        for start in 0..columns * rows {
            if self.labels[start] == NONE && is_in(start) {
                let Some(label) = self.begin(start) else { break };
                let mut first = self.queue.len() - 1;
                self.spread(&mut first, columns, rows, &|_, b| is_in(b), label);
            }
        }
        for block in 0..columns * rows {
            if let Some(region) = self.found.get_mut(usize::from(self.labels[block])) {
                region.add(block, background, &cell_of(block));
            }
        }
        self.says = says;
        if let Some(luma) = outlines_in {
            self.outline(background, luma);
        }
        self.found.retain(|region| region.pixels >= MIN_PIXELS);
        self.merge();
        &self.found
    }

    /// A new region with this block; `None` when there is no room.
    fn begin(&mut self, block: usize) -> Option<u16> {
        let label = u16::try_from(self.found.len()).ok().filter(|&label| usize::from(label) < MAX_REGIONS)?;
        self.found.push(Region::EMPTY);
        self.labels[block] = label;
        self.queue.push(block);
        Some(label)
    }

    fn spread(
        &mut self,
        first: &mut usize,
        columns: usize,
        rows: usize,
        joins: &impl Fn(usize, usize) -> bool,
        label: u16,
    ) {
        while *first < self.queue.len() {
            self.spread_one(first, columns, rows, joins, label);
        }
    }

    /// Takes in the neighbours of the first block of the queue.
    fn spread_one(
        &mut self,
        first: &mut usize,
        columns: usize,
        rows: usize,
        joins: &impl Fn(usize, usize) -> bool,
        label: u16,
    ) {
        let block = self.queue[*first];
        *first += 1;
        let (column, row) = (block % columns, block / columns);
        for y in row.saturating_sub(1)..(row + 2).min(rows) {
            for x in column.saturating_sub(1)..(column + 2).min(columns) {
                let next = y * columns + x;
                if self.labels[next] == NONE && joins(block, next) {
                    self.labels[next] = label;
                    self.queue.push(next);
                }
            }
        }
    }

    /// Measures the steps of brightness over each region's outline, in the picture and in the background: a thing that was put there
    /// has an outline now, a place that something has left had one (after R. Evangelio and T. Sikora, AVSS 2010).
    fn outline(&mut self, background: &Background, luma: Luma<'_>) {
        let (columns, _) = background.size();
        let (width, height) = (luma.width() as isize, luma.height() as isize);
        let differs = |x: isize, y: isize| {
            let inside = (0..columns as isize * BLOCK as isize).contains(&x) && (0..height).contains(&y);
            inside && background.mask()[(y * width + x) as usize] != 0
        };
        let label_at = |x: isize, y: isize| {
            let block = y as usize / BLOCK * columns + x as usize / BLOCK;
            if differs(x, y) { self.labels.get(block).copied().unwrap_or(NONE) } else { NONE }
        };
        let step = |pixels: &[u8], from: isize, to: isize| {
            u32::from(pixels[from as usize].abs_diff(pixels[to as usize]))
        };
        for block in 0..self.labels.len() {
            let label = self.labels[block];
            let Some(region) = self.found.get_mut(usize::from(label)) else { continue };
            let (left, top) = ((block % columns * BLOCK) as isize, (block / columns * BLOCK) as isize);
            for y in top..top + BLOCK as isize {
                for x in left..left + BLOCK as isize {
                    if label_at(x, y) != label {
                        continue;
                    }
                    for (dx, dy) in [(1, 0), (-1, 0), (0, 1), (0, -1)] {
                        // Edges are soft: from a pixel inside to the second one outside.
                        let (far_x, far_y) = (x + 2 * dx, y + 2 * dy);
                        let on_picture = (0..width).contains(&far_x) && (0..height).contains(&far_y);
                        if !on_picture || label_at(x + dx, y + dy) == label {
                            continue;
                        }
                        region.border += 1;
                        let ends_in_other = |x, y| differs(x, y) && label_at(x, y) != label;
                        if !ends_in_other(x + dx, y + dy) && !ends_in_other(far_x, far_y) {
                            let (here, there) = (y * width + x, far_y * width + far_x);
                            region.outline += 1;
                            region.step_now += step(luma.pixels(), here, there);
                            region.step_before += step(background.shown(), here, there);
                        }
                    }
                }
            }
        }
        self.uncovered.clear();
        for (block, &label) in self.labels.iter().enumerate() {
            if self.found.get(usize::from(label)).is_some_and(Region::is_uncovered) {
                self.uncovered.push(block);
            }
        }
    }

    /// Blocks of the last regions that show what something left behind has hidden so far.
    pub(super) fn uncovered(&self) -> &[usize] {
        &self.uncovered
    }

    /// Joins what lies close and moves alike: one thing whose middle looks like what is behind it.
    fn merge(&mut self) {
        let mut index = 0;
        while index < self.found.len() {
            let mut other = index + 1;
            let mut grew = false;
            while other < self.found.len() {
                let (one, two) = (&self.found[index], &self.found[other]);
                if is_part_of(one, two) || belong_together(one, two) && fills(one, two) {
                    let second = self.found.swap_remove(other);
                    self.found[index].join(&second);
                    grew = true;
                } else {
                    other += 1;
                }
            }
            if !grew {
                index += 1;
            }
        }
    }
}

/// A cell of which a thing is a small part shows how the rest moves, so it is trusted by its share of foreground.
fn weigh(says: &mut Vec<CellFlow>, cells: &[CellFlow], cell_columns: usize, background: &Background) {
    let (columns, rows) = background.size();
    says.clear();
    says.extend_from_slice(cells);
    for (index, cell) in says.iter_mut().enumerate() {
        let (left, top) = (index % cell_columns * CELL / BLOCK, index / cell_columns * CELL / BLOCK);
        let mut pixels = 0;
        for y in top..(top + CELL / BLOCK).min(rows) {
            for x in left..(left + CELL / BLOCK).min(columns) {
                pixels += u32::from(background.counts()[y * columns + x]);
            }
        }
        let share = pixels as f32 / (CELL * CELL) as f32;
        cell.confidence = if share < MIN_SHARE { 0.0 } else { cell.confidence * share };
    }
}

/// Whether two flows may belong to one thing.
fn alike(a: &CellFlow, b: &CellFlow) -> bool {
    let faster = length(a.x, a.y).max(length(b.x, b.y));
    length(a.x - b.x, a.y - b.y) <= APART_PX.max(APART_SHARE * faster)
}

fn belong_together(a: &Region, b: &Region) -> bool {
    let gap_x = a.x0.max(b.x0).saturating_sub(a.x1.min(b.x1) + 1);
    let gap_y = a.y0.max(b.y0).saturating_sub(a.y1.min(b.y1) + 1);
    let smaller_width = a.width().min(b.width());
    let smaller_height = a.height().min(b.height());
    // A person in pieces is a person above himself, so gaps downwards may be larger.
    if gap_x > (smaller_width / 4).max(BLOCK / 2) || gap_y > (smaller_height / 2).max(BLOCK) {
        return false;
    }
    match (a.flow(), b.flow()) {
        (Some((ax, ay)), Some((bx, by))) => {
            let flow = |x, y| CellFlow { x, y, ..CellFlow::default() };
            alike(&flow(ax, ay), &flow(bx, by))
        }
        _ => true,
    }
}

/// Whether the smaller of two is a scrap in the larger one's box, whatever its flow: an arm, a rim, ground just uncovered.
fn is_part_of(a: &Region, b: &Region) -> bool {
    let (small, large) = if a.pixels < b.pixels { (a, b) } else { (b, a) };
    let across = (small.x1.min(large.x1) + 1).saturating_sub(small.x0.max(large.x0));
    let down = (small.y1.min(large.y1) + 1).saturating_sub(small.y0.max(large.y0));
    let inside = (across * down) as f32 >= SCRAP_INSIDE * (small.width() * small.height()) as f32;
    inside && small.pixels as f32 <= SCRAP * large.pixels as f32
}

/// Whether a box around both would be about as full as theirs.
fn fills(a: &Region, b: &Region) -> bool {
    let area = (a.x1.max(b.x1) + 1 - a.x0.min(b.x0)) * (a.y1.max(b.y1) + 1 - a.y0.min(b.y0));
    let own = (a.width() * a.height()) as f32 / a.pixels as f32;
    (a.pixels + b.pixels) as f32 * own.max(1.0) >= MERGED_FILL * area as f32
}
