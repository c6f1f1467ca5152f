//! A flow that was measured elsewhere, to be taken in place of our own.

use super::flow::{CELL, CellFlow, Flow};
use crate::Luma;

/// Numbers of a cell.
pub(super) const NUMBERS: usize = 5;

/// The flow between two grey pictures, cell by cell, as somebody else has measured it: a GPU.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FlowField<'a> {
    numbers: &'a [f32],
    columns: usize,
    rows: usize,
}

impl<'a> FlowField<'a> {
    /// The flow of a grey picture of this width and height, pixels: five numbers for each cell of 8 by 8 pixels, row by row. They are
    /// the way to the right and down since the last picture, pixels; how far it can be trusted, 0 to 1; the texture, (grey levels per
    /// pixel)²; the mean squared difference to the last picture at the same place, grey levels². `None` when there are not as many as
    /// that.
    #[must_use]
    pub fn new(numbers: &'a [f32], width: usize, height: usize) -> Option<Self> {
        let (columns, rows) = ((width / CELL).max(1), (height / CELL).max(1));
        (numbers.len() == NUMBERS * columns * rows).then_some(Self { numbers, columns, rows })
    }

    /// The numbers as they came.
    #[must_use]
    pub fn numbers(&self) -> &'a [f32] {
        self.numbers
    }

    /// Cells across and down.
    #[must_use]
    pub fn size(&self) -> (usize, usize) {
        (self.columns, self.rows)
    }

    /// The cells; one of which a number is none is taken for a cell without texture.
    pub(super) fn cells(&self) -> impl Iterator<Item = CellFlow> + 'a {
        self.numbers.chunks_exact(NUMBERS).map(|cell| match *cell {
            [x, y, confidence, texture, error_at_rest] if cell.iter().all(|number| number.is_finite()) => {
                CellFlow { x, y, confidence, texture, error_at_rest }
            }
            _ => CellFlow::default(),
        })
    }
}

/// The flow that is measured here between two pictures on their own, as the numbers of a [`FlowField`]; `None` for pictures of different
/// sizes. To hold another flow against it.
#[must_use]
pub fn flow_between(last: Luma<'_>, now: Luma<'_>) -> Option<Vec<f32>> {
    let mut flow = Flow::default();
    flow.step(last, 0.0);
    let numbers = |cell: &CellFlow| [cell.x, cell.y, cell.confidence, cell.texture, cell.error_at_rest];
    flow.step(now, 0.0).then(|| flow.cells().iter().flat_map(numbers).collect())
}
