//! What moves: dense flow on a coarse grid, the camera's own motion taken out, a background, and boxes around whatever moves.
//!
//! Grey pictures in, one [`MotionView`] each. What the networks are blind to, cars from straight above or a person on the ground, still moves and still
//! differs from the background. Brightness alone is looked at, in cells of 8 pixels of the small picture: nobody can be told from anybody by it.
//!
//! A change of exposure, a shadow over textured ground and noise are not motion. The background follows a camera that sways or pans slowly; while
//! it moves fast, zooms or turns there is none, and foreground is what moves against the rest of the picture.

mod background;
mod camera;
pub mod crowd;
mod flow;
mod light;
mod patch;
mod proposals;
mod pyramid;
mod regions;
mod register;
mod stills;

pub use proposals::Proposal;

use crate::geometry::length;
use crate::{Luma, Micros};
use background::{BLOCK, Background};
use flow::{CELL, CellFlow, Flow};
use regions::Regions;
use stills::Stills;

/// A picture that comes later than this after the last one has no flow, seconds: nothing would be where it was.
const MAX_GAP_SECS: f32 = 1.0;
/// The camera moves when its view shifts faster than this, shares of the picture per second, over [`CAMERA_SECS`].
const CAMERA_MOVES: f32 = 0.01;
/// The background follows a pan up to this speed, shares of the picture per second.
const BACKGROUND_FOLLOWS: f32 = 0.1;
/// Time over which the camera's shift is judged, seconds.
const CAMERA_SECS: f32 = 0.5;
/// Flow against the camera's from which a cell counts as moving while there is no background, pixels.
const MOVES_PX: f32 = 1.0;
/// More of the picture than this in the foreground, seconds on end, is another view, not things before the old one.
const OTHER_VIEW_SHARE: f32 = 0.75;
/// How long that must last, seconds.
const OTHER_VIEW_SECS: f32 = 2.0;

/// What is known of a frame's motion. The flow of cell (column, row) is at index `row · columns + column`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MotionView {
    /// Seconds since the picture before; 0 when there is no flow.
    pub dt_secs: f32,
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
    /// Share of each cell that differs from the background and has not moved for a while, 0 to 1. Not larger than `foreground`
    /// but where something passes in front of it.
    pub still: Vec<f32>,
    /// The camera's own shift since the last frame, shares of the picture's width and height.
    pub camera_shift: (f32, f32),
    /// The camera's zoom since the last frame, growth as a share.
    pub camera_zoom: f32,
    /// The camera's turn since the last frame, radians, clockwise.
    pub camera_turn: f32,
    /// Share of the trusted cells that move as the camera does, 0 to 1.
    pub camera_support: f32,
    /// Whether the camera itself moves: pan, zoom, drone. A sway that comes back is taken out and does not count.
    pub camera_moves: bool,
    /// Whether it moves in a way that the background cannot follow: fast, or with a zoom or turn. Foreground is then what
    /// moves against the rest of the picture, and there are no boxes.
    pub lost: bool,
    /// Whether the exposure changed with this frame.
    pub exposure_changed: bool,
    /// Boxes around what moves, then around what stands still and was not there before.
    pub proposals: Vec<Proposal>,
    /// What the view looks like without foreground, of the grey picture's size; empty while there is no background.
    pub background: Vec<u8>,
    /// Since when each block of [`MotionView::BLOCK`] pixels differs from the background without a change, row by row; empty as above.
    pub still_since: Vec<Option<Micros>>,
}

impl MotionView {
    /// Side of a block of [`MotionView::still_since`], pixels.
    pub const BLOCK: usize = BLOCK;
}

/// The motion analysis of one camera.
#[derive(Clone, Debug, Default)]
pub struct Motion {
    view: MotionView,
    flow: Flow,
    /// The flow without the camera's own, pixels since the last picture.
    own: Vec<CellFlow>,
    order: Vec<f32>,
    background: Background,
    stills: Stills,
    regions: Regions,
    last: Option<Micros>,
    /// The camera's shift per second, pixels, over the last [`CAMERA_SECS`].
    camera_pace: (f32, f32),
    /// How fast the picture's corner moves by zoom and by turn, shares of the width per second.
    camera_bend: (f32, f32),
    other_view_since: Option<Micros>,
}

impl Motion {
    /// Takes the next grey picture. `None` until there are two that belong together.
    pub fn step(&mut self, at: Micros, luma: Luma<'_>) -> Option<&MotionView> {
        let dt_secs = self.last.map_or(0.0, |last| at.secs_since(last));
        self.last = Some(at);
        if dt_secs > MAX_GAP_SECS {
            self.flow.reset();
        }
        let has_flow = self.flow.step(luma, dt_secs) && dt_secs > 0.0;
        self.begin_view(if has_flow { dt_secs } else { 0.0 });
        if has_flow {
            self.take_camera_out(luma, dt_secs);
        }
        if self.view.lost {
            self.background.reset();
            self.stills.reset();
        } else {
            self.step_background(at, luma);
        }
        self.fill_foreground();
        self.show_background();
        self.propose(at, luma);
        has_flow.then_some(&self.view)
    }

    /// What was last computed.
    #[must_use]
    pub fn view(&self) -> &MotionView {
        &self.view
    }

    /// Forgets everything: the next picture does not continue the last one.
    pub fn reset(&mut self) {
        self.flow.reset();
        self.background.reset();
        self.stills.reset();
        self.last = None;
        (self.camera_pace, self.camera_bend) = ((0.0, 0.0), (0.0, 0.0));
        self.other_view_since = None;
        self.begin_view(0.0);
    }

    fn show_background(&mut self) {
        self.view.background.clear();
        self.view.still_since.clear();
        if !self.view.camera_moves {
            self.view.background.extend_from_slice(self.background.shown());
            self.view.still_since.extend_from_slice(self.stills.since());
        }
    }

    fn begin_view(&mut self, dt_secs: f32) {
        let (columns, rows) = self.flow.size();
        let view = &mut self.view;
        (view.columns, view.rows, view.dt_secs) = (columns, rows, dt_secs);
        for values in
            [&mut view.flow_x, &mut view.flow_y, &mut view.confidence, &mut view.foreground, &mut view.still]
        {
            values.clear();
            values.resize(columns * rows, 0.0);
        }
        (view.camera_shift, view.camera_zoom, view.camera_turn) = ((0.0, 0.0), 0.0, 0.0);
        (view.camera_support, view.camera_moves) = (0.0, false);
        (view.lost, view.exposure_changed) = (false, false);
        view.proposals.clear();
        self.own.clear();
        self.own.resize(columns * rows, CellFlow::default());
    }

    fn take_camera_out(&mut self, luma: Luma<'_>, dt_secs: f32) {
        let (columns, rows) = self.flow.size();
        let (width, height) = (luma.width() as f32, luma.height() as f32);
        let camera = camera::fit(self.flow.cells(), columns, rows, &mut self.order);
        let view = &mut self.view;
        for (index, (own, cell)) in self.own.iter_mut().zip(self.flow.cells()).enumerate() {
            let (x, y) = camera::place(index, columns, rows);
            let (u, v) = camera.at(x, y);
            *own = CellFlow { x: cell.x - u, y: cell.y - v, ..*cell };
            view.flow_x[index] = own.x / width / dt_secs;
            view.flow_y[index] = own.y / height / dt_secs;
            view.confidence[index] = cell.confidence;
        }
        view.camera_shift = (camera.x / width, camera.y / height);
        (view.camera_zoom, view.camera_turn) = (camera.zoom, camera.turn);
        view.camera_support = camera.support;
        let follow = (dt_secs / CAMERA_SECS).min(1.0);
        self.camera_pace.0 += follow * (camera.x / dt_secs - self.camera_pace.0);
        self.camera_pace.1 += follow * (camera.y / dt_secs - self.camera_pace.1);
        let pace = length(self.camera_pace.0 / width, self.camera_pace.1 / height);
        let edge = length(0.5 * width, 0.5 * height);
        let corner = edge / width / dt_secs;
        self.camera_bend.0 += follow * (camera.zoom * corner - self.camera_bend.0);
        self.camera_bend.1 += follow * (camera.turn * corner - self.camera_bend.1);
        let bend = length(self.camera_bend.0, self.camera_bend.1);
        view.camera_moves = pace > CAMERA_MOVES || bend > CAMERA_MOVES;
        view.lost = pace > BACKGROUND_FOLLOWS || bend > CAMERA_MOVES;
    }

    fn step_background(&mut self, at: Micros, luma: Luma<'_>) {
        let (x, y) = self.view.camera_shift;
        let camera = (x * luma.width() as f32, y * luma.height() as f32);
        let (right, down) = self.background.compare(at, luma, camera);
        self.stills.shift(luma.width(), right, down);
        self.stills.step(at, luma, &self.background);
        self.background.learn(at, luma, self.stills.since());
        self.view.exposure_changed = self.background.exposure_changed();
        self.notice_another_view(at);
    }

    /// Begins the background anew where the whole picture is another one.
    fn notice_another_view(&mut self, at: Micros) {
        if self.background.share() < OTHER_VIEW_SHARE {
            self.other_view_since = None;
            return;
        }
        let since = *self.other_view_since.get_or_insert(at);
        if at.secs_since(since) >= OTHER_VIEW_SECS {
            self.other_view_since = None;
            self.background.reset();
            self.stills.reset();
        }
    }

    fn fill_foreground(&mut self) {
        let (columns, rows) = self.flow.size();
        if self.view.lost {
            for (foreground, own) in self.view.foreground.iter_mut().zip(&self.own) {
                let moves = own.confidence > 0.4 && length(own.x, own.y) > MOVES_PX;
                *foreground = f32::from(u8::from(moves));
            }
            return;
        }
        let (across, down) = self.background.size();
        let blocks_a_cell = CELL / BLOCK;
        let share = 1.0 / (blocks_a_cell * blocks_a_cell) as f32;
        for block in 0..across * down {
            let (column, row) = (block % across / blocks_a_cell, block / across / blocks_a_cell);
            if column < columns && row < rows {
                let cell = row * columns + column;
                if self.background.blocks()[block] {
                    self.view.foreground[cell] += share;
                }
                if self.stills.since()[block].is_some() {
                    self.view.still[cell] += share;
                }
            }
        }
    }

    /// Boxes around what moves and around what is still; what something has uncovered goes into the background.
    fn propose(&mut self, at: Micros, luma: Luma<'_>) {
        if self.view.lost {
            return;
        }
        let (columns, _) = self.flow.size();
        let (stills, background) = (&self.stills, &self.background);
        let size = (luma.width() as f32, luma.height() as f32);
        let is_moving = |block: usize| stills.moving()[block];
        for region in self.regions.find(background, None, &self.own, columns, is_moving) {
            self.view.proposals.extend(Proposal::moving(region, size, self.view.dt_secs));
        }
        let is_still = |block: usize| stills.since()[block].is_some() && !stills.moving()[block];
        for region in self.regions.find(background, Some(luma), &self.own, columns, is_still) {
            let secs = at.secs_since(stills.since_in(region, background).unwrap_or(at));
            self.view.proposals.extend(Proposal::still(region, size, secs));
        }
        for &block in self.regions.uncovered() {
            self.background.absorb(block, luma);
            self.stills.forget(block);
        }
    }
}
