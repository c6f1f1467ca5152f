//! What moves: dense flow on a coarse grid, the camera's own motion taken out, a background, and boxes around whatever moves.
//!
//! Grey pictures in, one [`MotionView`] each. What the networks are blind to, cars from straight above or a person on the ground, still moves and still
//! differs from the background. Brightness alone is looked at, in cells of 8 pixels of the small picture: nobody can be told from anybody by it.
//!
//! A change of exposure, a shadow over textured ground and noise are not motion; while the camera itself moves there is no background,
//! and foreground is what moves against the rest of the picture.

mod background;
mod camera;
mod flow;
mod patch;
mod pyramid;
mod regions;
mod stills;

use crate::{BBox, Luma, Micros};
use background::{BLOCK, Background};
use flow::{CELL, CellFlow, Flow};
use regions::{Region, Regions};
use serde::Serialize;
use stills::Stills;

/// A picture that comes later than this after the last one has no flow, seconds: nothing would be where it was.
const MAX_GAP_SECS: f32 = 1.0;
/// The camera moves when its view shifts faster than this, shares of the picture per second, over [`CAMERA_SECS`].
const CAMERA_MOVES: f32 = 0.01;
/// Time over which the camera's shift is judged, seconds.
const CAMERA_SECS: f32 = 0.5;
/// Flow against the camera's from which a cell counts as moving while there is no background, pixels.
const MOVES_PX: f32 = 1.0;
/// What flow amounts to where nothing moves, pixels.
const FLOW_NOISE_PX: f32 = 0.1;
/// More of the picture than this in the foreground, seconds on end, is another view, not things before the old one.
const OTHER_VIEW_SHARE: f32 = 0.75;
/// How long that must last, seconds.
const OTHER_VIEW_SECS: f32 = 2.0;

/// Something that moves or was not there before, whatever it is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Proposal {
    /// Where, in shares of the picture.
    pub bbox: BBox,
    /// How sure, 0 to 1.
    pub strength: f32,
    /// Mean flow to the right inside, shares of the picture's width per second, without the camera's own motion.
    pub flow_x: f32,
    /// Mean flow downwards inside, shares of the picture's height per second.
    pub flow_y: f32,
    /// For how long it has looked the same where it is, seconds; 0 for one that moves.
    pub still_secs: f32,
}

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
    /// Whether the camera itself moves: pan, zoom, drone. There is no background then.
    pub camera_moves: bool,
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
    pub const BLOCK: usize = 4;
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
        if self.view.camera_moves {
            self.background.reset();
            self.stills.reset();
        } else {
            self.background.step(at, luma);
            self.stills.step(at, luma, &self.background);
            self.view.exposure_changed = self.background.exposure_changed();
            self.notice_another_view(at);
        }
        self.fill_foreground();
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
        self.camera_pace = (0.0, 0.0);
        self.other_view_since = None;
        self.begin_view(0.0);
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
        (view.camera_support, view.camera_moves, view.exposure_changed) = (0.0, false, false);
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
        let pace = (self.camera_pace.0 / width).hypot(self.camera_pace.1 / height);
        let edge = (0.5 * width).hypot(0.5 * height);
        let bend = edge * camera.zoom.hypot(camera.turn) / width / dt_secs;
        view.camera_moves = pace > CAMERA_MOVES || bend > 4.0 * CAMERA_MOVES;
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
        if self.view.camera_moves {
            for (foreground, own) in self.view.foreground.iter_mut().zip(&self.own) {
                let moves = own.confidence > 0.4 && own.x.hypot(own.y) > MOVES_PX;
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

    fn propose(&mut self, at: Micros, luma: Luma<'_>) {
        if self.view.camera_moves {
            return;
        }
        let (columns, _) = self.flow.size();
        let (width, height) = (luma.width() as f32, luma.height() as f32);
        let per_sec = if self.view.dt_secs > 0.0 { 1.0 / self.view.dt_secs } else { 0.0 };
        let bbox = |region: &Region| BBox {
            x0: region.x0 as f32 / width,
            y0: region.y0 as f32 / height,
            x1: (region.x1 + 1) as f32 / width,
            y1: (region.y1 + 1) as f32 / height,
        };
        let (stills, background) = (&self.stills, &self.background);
        let moving = self.regions.find(background, &self.own, columns, |block| stills.moving()[block]);
        for region in moving {
            let (x, y) = region.flow().unwrap_or_default();
            self.view.proposals.push(Proposal {
                bbox: bbox(region),
                strength: strength(region),
                flow_x: x * per_sec / width,
                flow_y: y * per_sec / height,
                still_secs: 0.0,
            });
        }
        let still = |block: usize| stills.since()[block].is_some() && !stills.moving()[block];
        let still = self.regions.find(background, &self.own, columns, still);
        for region in still {
            let (across, _) = background.size();
            let mut since = at;
            for y in region.y0 / BLOCK..=region.y1 / BLOCK {
                for x in region.x0 / BLOCK..=region.x1 / BLOCK {
                    let block = (y * across + x).min(stills.since().len() - 1);
                    since = stills.since()[block].map_or(since, |began| began.min(since));
                }
            }
            self.view.proposals.push(Proposal {
                bbox: bbox(region),
                strength: filled(region),
                flow_x: 0.0,
                flow_y: 0.0,
                still_secs: at.secs_since(since),
            });
        }
    }
}

/// Share of the box's blocks that belong to the region.
fn filled(region: &Region) -> f32 {
    let area = (region.x1 + 1 - region.x0) * (region.y1 + 1 - region.y0);
    (region.pixels as f32 / area.max(1) as f32).min(1.0)
}

/// How sure it is that something moves there: it is there, its flow is trusted, and all of it goes one way. What changes where it is, a
/// screen or a lamp, has a flow that points anywhere or none.
fn strength(region: &Region) -> f32 {
    let trust = (2.0 * region.trust / region.blocks.max(1) as f32).min(1.0);
    let way = region.flow_x.hypot(region.flow_y);
    let one_way = if region.length > 0.0 { way / region.length } else { 0.0 };
    let (x, y) = region.flow().unwrap_or_default();
    let pace = x.hypot(y);
    filled(region).sqrt() * (0.2 + 0.8 * trust * one_way * pace / (pace + FLOW_NOISE_PX))
}
