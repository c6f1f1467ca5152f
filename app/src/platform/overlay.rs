//! What is painted over a picture: tracked things, zones, lines, and where a signal waits. Colours come from the style sheet's
//! tokens.

mod shapes;

use crate::{
    post::{Overlay, TrackMark},
    state::{CameraView, ZoneView},
};
use vigie_engine::{BBox, ClassGroup, Point};
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, HtmlImageElement};

/// The colours, as CSS text.
pub struct Palette {
    track: String,
    inside: String,
    thing: String,
    zone: String,
    warn: String,
    alarm: String,
    on_alarm: String,
    shade: String,
    font: String,
}

/// Where a signal that waits happened, and what it is called.
#[derive(Clone, Debug, PartialEq)]
pub struct Alarm {
    /// Where, when it was raised.
    pub region: BBox,
    /// Its name, in the language of the interface.
    pub label: String,
}

impl Palette {
    /// Reads the tokens that hold for an element.
    #[must_use]
    pub fn of(element: &web_sys::Element) -> Self {
        let token = |name: &str| super::dom::var(element, name);
        Self {
            track: token("--track"),
            inside: token("--track-inside"),
            thing: token("--track-thing"),
            zone: token("--zone"),
            warn: token("--warn"),
            alarm: token("--alarm"),
            on_alarm: token("--on-alarm"),
            shade: token("--shade"),
            font: token("--font"),
        }
    }
}

/// A canvas in CSS pixels, sharp on any screen.
struct Sheet {
    context: CanvasRenderingContext2d,
    width: f64,
    height: f64,
}

impl Sheet {
    /// Fits the canvas to its box and clears it; `None` while it has none.
    fn clear(canvas: &HtmlCanvasElement) -> Option<Self> {
        let (width, height) = (f64::from(canvas.client_width()), f64::from(canvas.client_height()));
        if width < 1.0 || height < 1.0 {
            return None;
        }
        let ratio = super::dom::pixel_ratio();
        let (backing_width, backing_height) =
            ((width * ratio).round() as u32, (height * ratio).round() as u32);
        if canvas.width() != backing_width || canvas.height() != backing_height {
            canvas.set_width(backing_width);
            canvas.set_height(backing_height);
        }
        let context = canvas.get_context("2d").ok()??.dyn_into::<CanvasRenderingContext2d>().ok()?;
        context.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0).ok()?;
        context.clear_rect(0.0, 0.0, width, height);
        Some(Self { context, width, height })
    }

    fn at(&self, point: Point) -> (f64, f64) {
        (f64::from(point.x) * self.width, f64::from(point.y) * self.height)
    }

    fn stroke(&self, colour: &str, width: f64, alpha: f64) {
        self.context.set_stroke_style_str(colour);
        self.context.set_line_width(width);
        self.context.set_global_alpha(alpha);
        self.context.stroke();
        self.context.set_global_alpha(1.0);
    }
}

/// A box is carried on with its speed for this long at most, milliseconds: an analysis comes later than the picture that
/// it is about, and people walk on meanwhile.
const CARRY_MS: f64 = 700.0;
/// Milliseconds between two steps of a box that is carried on.
const CARRY_STEP_MS: f64 = 100.0;

/// How far the boxes are to be carried on now: steps that grow while there is something to carry. `None` when the analysis
/// is too old to say anything of the picture.
#[must_use]
pub fn carry_steps(overlay: &Overlay) -> Option<u32> {
    let passed_ms = super::clock::monotonic_ms() - overlay.at_ms;
    if passed_ms > f64::from(CameraView::FRESH_SECS) * 1e3 {
        return None;
    }
    Some(if overlay.tracks.is_empty() { 0 } else { (passed_ms.clamp(0.0, CARRY_MS) / CARRY_STEP_MS) as u32 })
}

/// What stands still on a picture while its analysis goes on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fixed {
    /// What is drawn on it.
    pub zones: Vec<ZoneView>,
    /// One of them that is being changed, and painted by the editor.
    pub hide: Option<vigie_protocol::ZoneId>,
    /// Where signals wait.
    pub alarms: Vec<Alarm>,
}

/// Paints the last analysis, its boxes carried on by so many steps; the zones alone, without their state, when there is
/// none that holds.
pub fn paint(
    canvas: &HtmlCanvasElement,
    palette: &Palette,
    overlay: &Overlay,
    carry_steps: Option<u32>,
    fixed: &Fixed,
) {
    let Some(sheet) = Sheet::clear(canvas) else { return };
    for zone in fixed.zones.iter().filter(|z| Some(z.id) != fixed.hide) {
        let mark = carry_steps.and_then(|_| overlay.zones.iter().find(|m| m.id == zone.id));
        shapes::paint_zone(&sheet, palette, zone, mark);
    }
    for alarm in &fixed.alarms {
        shapes::paint_alarm(&sheet, palette, alarm);
    }
    let Some(carry_steps) = carry_steps else { return };
    let carried_secs = (f64::from(carry_steps) * CARRY_STEP_MS / 1e3) as f32;
    for track in &overlay.tracks {
        paint_track(&sheet, palette, track, carried_secs);
    }
}

/// Paints a picture of a loop with the boxes of that moment and the place where the rule fired.
pub fn paint_still(
    canvas: &HtmlCanvasElement,
    palette: &Palette,
    image: &HtmlImageElement,
    boxes: &[BBox],
    region: BBox,
) {
    let Some(sheet) = Sheet::clear(canvas) else { return };
    let drawn = sheet.context.draw_image_with_html_image_element_and_dw_and_dh(
        image,
        0.0,
        0.0,
        sheet.width,
        sheet.height,
    );
    if drawn.is_err() {
        return;
    }
    for bbox in boxes {
        corners(&sheet, palette, bbox, &palette.track, 0.9);
    }
    corners(&sheet, palette, &region, &palette.alarm, 1.0);
}

fn paint_track(sheet: &Sheet, palette: &Palette, track: &TrackMark, carried_secs: f32) {
    let colour = match track.group {
        ClassGroup::Person if track.in_zone => &palette.inside,
        ClassGroup::Person => &palette.track,
        ClassGroup::Vehicle | ClassGroup::Bag | ClassGroup::MovingObject => &palette.thing,
    };
    // A track that is no longer seen fades within two seconds: what is bright is really there.
    let fresh = f64::from(1.0 - track.unseen_secs / 2.0).clamp(0.15, 1.0);
    let (right, down) = (track.velocity.x * carried_secs, track.velocity.y * carried_secs);
    let BBox { x0, y0, x1, y1 } = track.bbox;
    let bbox = BBox { x0: x0 + right, y0: y0 + down, x1: x1 + right, y1: y1 + down };
    corners(sheet, palette, &bbox, colour, fresh);
}

/// A box: a hairline all round and strong corners, on a shade that keeps it legible on any picture.
fn corners(sheet: &Sheet, palette: &Palette, bbox: &BBox, colour: &str, alpha: f64) {
    let (x0, y0) = sheet.at(Point { x: bbox.x0, y: bbox.y0 });
    let (x1, y1) = sheet.at(Point { x: bbox.x1, y: bbox.y1 });
    let (x0, y0, x1, y1) = (x0.round(), y0.round(), x1.round(), y1.round());
    let arm = ((x1 - x0).min(y1 - y0) * 0.3).clamp(3.0, 14.0);
    let c = &sheet.context;
    c.begin_path();
    c.rect(x0, y0, x1 - x0, y1 - y0);
    sheet.stroke(&palette.shade, 2.0, 0.25 * alpha);
    sheet.stroke(colour, 1.0, 0.4 * alpha);
    c.begin_path();
    for (x, y, dx, dy) in [(x0, y0, arm, arm), (x1, y0, -arm, arm), (x1, y1, -arm, -arm), (x0, y1, arm, -arm)]
    {
        c.move_to(x + dx, y);
        c.line_to(x, y);
        c.line_to(x, y + dy);
    }
    sheet.stroke(&palette.shade, 4.0, 0.55 * alpha);
    sheet.stroke(colour, 2.0, alpha);
}
