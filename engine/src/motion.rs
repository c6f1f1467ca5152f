//! What moves: dense flow on a coarse grid, the camera's own motion taken out, a background, and boxes around whatever moves.

use crate::{BBox, Luma, Micros};
use serde::Serialize;

/// Something that moves or was not there before, whatever it is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Proposal {
    /// Where, in shares of the picture.
    pub bbox: BBox,
    /// How sure, 0 to 1.
    pub strength: f32,
}

/// What is known of a frame's motion. The flow of cell (column, row) is at index `row · columns + column`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MotionView {
    /// Cells across.
    pub columns: usize,
    /// Cells down.
    pub rows: usize,
    /// Flow to the right, shares of the picture's width per second, without the camera's own motion.
    pub flow_x: Vec<f32>,
    /// Flow downwards, shares of the picture's height per second, without the camera's own motion.
    pub flow_y: Vec<f32>,
    /// How far each cell's flow can be trusted, 0 (no texture) to 1.
    pub confidence: Vec<f32>,
    /// Share of each cell that differs from the background, 0 to 1.
    pub foreground: Vec<f32>,
    /// The camera's own shift since the last frame, shares of the picture's width and height.
    pub camera_shift: (f32, f32),
    /// Boxes around what moves.
    pub proposals: Vec<Proposal>,
    /// What the view looks like without foreground, of the grey picture's size; empty while there is no background.
    pub background: Vec<u8>,
    /// Since when each block of [`MotionView::BLOCK`] pixels differs from the background without a change, row by row; empty as above.
    pub still_since: Vec<Option<Micros>>,
}

impl MotionView {
    /// Side of a block of [`MotionView::still_since`], pixels.
    pub const BLOCK: usize = 4;
}

/// The motion analysis of one camera.
#[derive(Clone, Debug, Default)]
pub struct Motion {
    view: MotionView,
}

impl Motion {
    /// Takes the next grey picture. `None` until there are two that belong together.
    pub fn step(&mut self, _at: Micros, _luma: Luma<'_>) -> Option<&MotionView> {
        None
    }

    /// What was last computed.
    #[must_use]
    pub fn view(&self) -> &MotionView {
        &self.view
    }

    /// Forgets everything: the next picture does not continue the last one.
    pub fn reset(&mut self) {}
}
