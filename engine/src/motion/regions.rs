//! Connected blocks that move alike, and boxes around them.

use super::background::{BLOCK, Background};
use super::flow::{CELL, CellFlow};

/// Most regions looked at in a picture; the rest are left out.
pub(super) const MAX_REGIONS: usize = 256;
/// Fewer foreground pixels than this are noise. A person of 12 pixels has about 30.
const MIN_PIXELS: u32 = 14;
/// Flow of neighbours counts only where it is trusted this much.
const MIN_TRUST: f32 = 0.35;
/// Flows further apart than this belong to two things, pixels.
const APART_PX: f32 = 1.5;
/// … or than this share of the faster one.
const APART_SHARE: f32 = 0.6;

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
        self.length += cell.confidence * cell.x.hypot(cell.y);
    }

    fn join(&mut self, other: &Self) {
        self.x0 = self.x0.min(other.x0);
        self.y0 = self.y0.min(other.y0);
        self.x1 = self.x1.max(other.x1);
        self.y1 = self.y1.max(other.y1);
        self.pixels += other.pixels;
        self.blocks += other.blocks;
        self.trust += other.trust;
        self.flow_x += other.flow_x;
        self.flow_y += other.flow_y;
        self.length += other.length;
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
    found: Vec<Region>,
}

/// Label of a block without a region.
const NONE: u16 = u16::MAX;

impl Regions {
    /// Regions of the blocks for which `is_in` holds. `cells` hold the flow without the camera's own, `columns` across.
    ///
    /// Blocks whose flow is trusted come first, each with the neighbours that move like it; the others then join the nearest of
    /// these, so that two cars that pass each other stay two although their shadows touch.
    pub(super) fn find(
        &mut self,
        background: &Background,
        cells: &[CellFlow],
        cell_columns: usize,
        is_in: impl Fn(usize) -> bool,
    ) -> &[Region] {
        let (columns, rows) = background.size();
        self.found.clear();
        self.labels.clear();
        self.labels.resize(columns * rows, NONE);
        self.queue.clear();
        let cell_of = |block: usize| -> CellFlow {
            let (column, row) = (block % columns * BLOCK / CELL, block / columns * BLOCK / CELL);
            cells.get(row * cell_columns + column.min(cell_columns - 1)).copied().unwrap_or_default()
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

    /// Joins what lies close and moves alike: one thing whose middle looks like what is behind it.
    fn merge(&mut self) {
        let mut index = 0;
        while index < self.found.len() {
            let mut other = index + 1;
            let mut grew = false;
            while other < self.found.len() {
                if belong_together(&self.found[index], &self.found[other]) {
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

/// Whether two flows may belong to one thing.
fn alike(a: &CellFlow, b: &CellFlow) -> bool {
    let faster = a.x.hypot(a.y).max(b.x.hypot(b.y));
    (a.x - b.x).hypot(a.y - b.y) <= APART_PX.max(APART_SHARE * faster)
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
