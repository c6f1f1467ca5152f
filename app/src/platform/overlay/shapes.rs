//! Zones, lines and waiting signals on the canvas.

use super::{Alarm, Palette, Sheet};
use crate::{
    post::ZoneMark,
    state::{
        Shape, ZoneView,
        arrows::{Place, arrow_in, head, side_arrows},
    },
};
use std::f64::consts::{FRAC_PI_2, TAU};
use vigie_engine::Point;

/// Length of an arrow's head, CSS pixels.
const HEAD_PX: f64 = 10.0;
/// Length of the arrows that show a line's forbidden side, CSS pixels.
const SIDE_PX: f64 = 26.0;
/// Height of a label's letters, CSS pixels.
const LABEL_PX: f64 = 12.0;

/// Paints a zone or line with its state.
pub(super) fn paint_zone(sheet: &Sheet, palette: &Palette, zone: &ZoneView, mark: Option<&ZoneMark>) {
    let (share, alarm) = mark.map_or((0.0, false), |m| (f64::from(m.dwell_share.clamp(0.0, 1.0)), m.alarm));
    let colour = if alarm {
        &palette.alarm
    } else if share > 0.0 {
        &palette.warn
    } else {
        &palette.zone
    };
    let width = if alarm { 2.5 } else { 1.5 };
    sheet.context.set_line_join("round");
    match &zone.shape {
        Shape::Line { from, to, crossing } => {
            let ends = [sheet.at(*from), sheet.at(*to)];
            stroke_line(sheet, palette, ends, colour, width + 0.5);
            for arrow in side_arrows(ends, *crossing, SIDE_PX) {
                paint_arrow(sheet, palette, arrow, colour, width);
            }
        }
        Shape::Forbidden { polygon, .. }
        | Shape::Direction { polygon, .. }
        | Shape::Density { polygon, .. } => {
            outline(sheet, polygon);
            sheet.context.set_fill_style_str(colour);
            sheet.context.set_global_alpha(if alarm { 0.24 } else { 0.10 + 0.08 * share });
            sheet.context.fill();
            sheet.stroke(colour, width, 0.95);
            if let Shape::Direction { direction: Some(direction), .. } = &zone.shape {
                let arrow = arrow_in(polygon, *direction).map(|end| sheet.at(end));
                paint_arrow(sheet, palette, arrow, colour, width + 0.5);
            }
            if !alarm && share > 0.0 {
                ring(sheet, palette, centre(polygon), share);
            }
        }
    }
}

/// Paints where a signal waits: dashes, so that it is not taken for what is there now, and what it is called.
pub(super) fn paint_alarm(sheet: &Sheet, palette: &Palette, alarm: &Alarm) {
    let (x0, y0) = sheet.at(Point { x: alarm.region.x0, y: alarm.region.y0 });
    let (x1, y1) = sheet.at(Point { x: alarm.region.x1, y: alarm.region.y1 });
    let c = &sheet.context;
    let dashed = |on: f64, off: f64| {
        drop(c.set_line_dash(&js_sys::Array::of2(&on.into(), &off.into())));
    };
    c.begin_path();
    c.rect(x0, y0, x1 - x0, y1 - y0);
    dashed(6.0, 4.0);
    sheet.stroke(&palette.shade, 4.0, 0.55);
    sheet.stroke(&palette.alarm, 2.0, 1.0);
    drop(c.set_line_dash(&js_sys::Array::new()));
    // On a small tile a label would hide more than it says.
    if sheet.width < 320.0 {
        return;
    }
    c.set_font(&format!("700 {LABEL_PX}px {}", palette.font));
    let width = c.measure_text(&alarm.label).map_or(0.0, |measured| measured.width()) + 10.0;
    let height = LABEL_PX + 7.0;
    let x = x0.clamp(0.0, (sheet.width - width).max(0.0));
    let y = if y0 >= height { y0 - height } else { y1.min(sheet.height - height) };
    c.set_fill_style_str(&palette.alarm);
    c.fill_rect(x, y, width, height);
    c.set_fill_style_str(&palette.on_alarm);
    c.set_text_baseline("middle");
    drop(c.fill_text(&alarm.label, x + 5.0, y + height / 2.0 + 1.0));
}

fn stroke_line(sheet: &Sheet, palette: &Palette, [from, to]: [Place; 2], colour: &str, width: f64) {
    sheet.context.begin_path();
    sheet.context.move_to(from.0, from.1);
    sheet.context.line_to(to.0, to.1);
    sheet.stroke(&palette.shade, width + 2.5, 0.55);
    sheet.stroke(colour, width, 1.0);
}

fn paint_arrow(sheet: &Sheet, palette: &Palette, arrow: [Place; 2], colour: &str, width: f64) {
    stroke_line(sheet, palette, arrow, colour, width);
    let [a, b, c] = head(arrow, HEAD_PX);
    sheet.context.begin_path();
    sheet.context.move_to(a.0, a.1);
    sheet.context.line_to(b.0, b.1);
    sheet.context.line_to(c.0, c.1);
    sheet.context.close_path();
    sheet.stroke(&palette.shade, 2.5, 0.55);
    sheet.context.set_fill_style_str(colour);
    sheet.context.fill();
}

fn outline(sheet: &Sheet, polygon: &[Point]) {
    sheet.context.begin_path();
    for (index, corner) in polygon.iter().enumerate() {
        let (x, y) = sheet.at(*corner);
        if index == 0 {
            sheet.context.move_to(x, y);
        } else {
            sheet.context.line_to(x, y);
        }
    }
    sheet.context.close_path();
}

fn centre(polygon: &[Point]) -> Point {
    let count = polygon.len().max(1) as f32;
    let sum = polygon.iter().fold(Point::default(), |a, p| Point { x: a.x + p.x, y: a.y + p.y });
    Point { x: sum.x / count, y: sum.y / count }
}

/// How much of the dwell time has passed, as a ring that fills clockwise from the top.
fn ring(sheet: &Sheet, palette: &Palette, at: Point, share: f64) {
    let (x, y) = sheet.at(at);
    let radius = (sheet.width.min(sheet.height) * 0.035).clamp(8.0, 18.0);
    let arc = |to: f64| {
        sheet.context.begin_path();
        drop(sheet.context.arc(x, y, radius, -FRAC_PI_2, -FRAC_PI_2 + to));
    };
    arc(TAU);
    sheet.stroke(&palette.shade, 5.0, 0.7);
    arc(TAU * share);
    sheet.context.set_line_cap("round");
    sheet.stroke(&palette.warn, 3.0, 1.0);
    sheet.context.set_line_cap("butt");
}
