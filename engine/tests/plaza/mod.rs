//! A busy square under one camera: a hundred people, vehicles and bags, with something of everything that the rules look for, as boxes and
//! as grey pictures. The same bytes on every machine: whole numbers, sums, products and quotients only.
//!
//! The camera hangs 5 m high and looks level, so that the horizon is at [`HORIZON`] and a person's height on the picture grows with the row of
//! the feet.

#![allow(dead_code, reason = "each test and bench takes its own part of it")]

pub(crate) mod measured;
mod paint;
mod things;

use things::{Kind, Thing, things};
use vigie_engine::scene::{
    AbandonedObjectSettings, Area, DensityZone, DirectionZone, GroundPoint, GroundSettings,
    PersonDownSettings, Rule, Tripwire,
};
use vigie_engine::{BBox, CameraSettings, Detection, Micros, Point, Polygon, Zone};
use vigie_protocol::ZoneId;

/// Pixels across of the grey picture.
pub(crate) const WIDTH: usize = 320;
/// Pixels down.
pub(crate) const HEIGHT: usize = 184;
/// The picture's width over its height.
pub(crate) const ASPECT: f32 = WIDTH as f32 / HEIGHT as f32;
/// Height of the camera over the ground, metres.
const CAMERA: f32 = 5.0;
/// Row of the horizon, share of the picture's height.
const HORIZON: f32 = 0.15;

/// After this long every rule has had its turn, seconds.
const SECS: u32 = 36;

/// What the camera shows at a time.
pub(crate) struct Frame {
    pub(crate) at: Micros,
    pub(crate) detections: Vec<Detection>,
    /// [`WIDTH`] · [`HEIGHT`] grey levels.
    pub(crate) grey: Vec<u8>,
}

/// What the camera itself does.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Camera {
    /// Hangs still.
    Fixed,
    /// Is bumped now and then, and the sun comes and goes.
    Restless,
}

/// A place on the ground, metres to the right of the camera and away from it, on the picture.
fn on_picture(x: f32, away: f32) -> Point {
    Point { x: 0.5 + x / (away * ASPECT), y: HORIZON + CAMERA / away }
}

/// A box of this width and height in metres that stands there.
fn standing(x: f32, away: f32, (width, height): (f32, f32)) -> BBox {
    let foot = on_picture(x, away);
    let half = 0.5 * width / (away * ASPECT);
    BBox { x0: foot.x - half, y0: foot.y - height / away, x1: foot.x + half, y1: foot.y }
}

fn id(number: u8) -> ZoneId {
    serde_json::from_str(&format!("\"00000000-0000-7000-8000-0000000000{number:02x}\"")).expect("an id")
}

fn area(number: u8, name: &str, corners: [(f32, f32); 4]) -> Area {
    let corners = corners.map(|(x, away)| on_picture(x, away));
    let polygon = Polygon::new(corners).expect("four corners in order, on the picture");
    Area { id: id(number), name: name.to_owned(), polygon }
}

/// Every kind of rule at once, on a calibrated camera: two zones, two lines, a drawn and a learnt direction, a limit for the crowd, and
/// everything that needs no drawing.
pub(crate) fn settings() -> CameraSettings {
    let zone = |area: Area| Zone::new(area.id, area.name, area.polygon);
    let line = |number: u8, name: &str, from: (f32, f32), to: (f32, f32)| {
        Rule::Line(Tripwire::new(id(number), name, on_picture(from.0, from.1), on_picture(to.0, to.1)))
    };
    let walk = area(5, "lane", [(-12.0, 15.0), (12.0, 15.0), (14.0, 18.0), (-14.0, 18.0)]);
    let road = area(6, "road", [(-20.0, 24.0), (20.0, 24.0), (26.0, 34.0), (-26.0, 34.0)]);
    let crowd = area(7, "stage", [(-2.0, 8.0), (4.0, 8.0), (4.0, 12.0), (-2.0, 12.0)]);
    let mut rules = vec![
        line(3, "gate", (-4.0, 7.0), (-4.0, 14.0)),
        line(4, "kerb", (-16.0, 20.0), (16.0, 20.0)),
        Rule::WrongWay(DirectionZone::new(walk, Point { x: 1.0, y: 0.0 })),
        Rule::WrongWay(DirectionZone {
            learn: true,
            learn_secs: 60.0,
            ..DirectionZone::new(road, Point { x: 1.0, y: 0.0 })
        }),
        Rule::CrowdDensity(DensityZone { limit_per_m2: Some(0.5), ..DensityZone::new(crowd) }),
    ];
    rules.extend(Rule::without_drawing().into_iter().map(|rule| match rule {
        Rule::AbandonedObject(settings) => {
            Rule::AbandonedObject(AbandonedObjectSettings { after_secs: 5.0, ..settings })
        }
        Rule::PersonDown(settings) => Rule::PersonDown(PersonDownSettings { min_height: 0.05, ..settings }),
        rule => rule,
    }));
    let known = |x: f32, away: f32| GroundPoint { image: on_picture(x, away), metres: Point { x, y: away } };
    CameraSettings {
        aspect: ASPECT,
        zones: vec![
            zone(area(1, "store", [(4.0, 9.0), (7.5, 9.0), (9.0, 13.0), (5.0, 13.0)])),
            zone(area(2, "steps", [(-10.0, 15.0), (-4.0, 15.0), (-4.0, 19.0), (-10.0, 19.0)])),
        ],
        rules,
        ground: Some(GroundSettings::Points(vec![
            known(-4.0, 7.0),
            known(4.0, 7.0),
            known(10.0, 22.0),
            known(-10.0, 22.0),
        ])),
        ..CameraSettings::default()
    }
}

/// What the camera shows `secs` after the beginning; `number` counts the frames and makes what is left to chance.
pub(crate) fn frame(number: u32, at: Micros, camera: Camera) -> Frame {
    let secs = at.0 as f32 / 1e6;
    let mut all = things(secs);
    // The farthest first, as a painter would.
    all.sort_by(|a, b| a.bbox.y1.total_cmp(&b.bbox.y1));
    let restless = camera == Camera::Restless;
    let bumped = if restless && number % 97 < 6 { (number % 97 * 5 % 7) as i32 - 3 } else { 0 };
    let light = if restless && number / 60 % 2 == 1 { 24 } else { 0 };
    let grey = paint::picture(&all, number, bumped, light);
    let mut detections: Vec<Detection> =
        all.iter().enumerate().filter_map(|(n, thing)| detection(thing, n as u32, number)).collect();
    detections.sort_by(|a, b| b.score.total_cmp(&a.score));
    Frame { at, detections, grey }
}

/// The first [`SECS`] at this many frames a second.
pub(crate) fn frames(fps: u32, camera: Camera) -> impl Iterator<Item = Frame> {
    (0..fps * SECS).map(move |n| frame(n, Micros(i64::from(n) * 1_000_000 / i64::from(fps)), camera))
}

/// What a detector would say of a thing: a box that trembles, a score that varies, and nothing at all in one frame of eleven.
fn detection(thing: &Thing, n: u32, number: u32) -> Option<Detection> {
    let chance = |salt: u32| {
        hash(n.wrapping_mul(977).wrapping_add(number.wrapping_mul(7919)).wrapping_add(salt)) % 1000
    };
    if chance(0) < 90 {
        return None;
    }
    let tremble = |salt: u32, side: f32| (chance(salt) as f32 / 1000.0 - 0.5) * 0.04 * side;
    let (width, height) = (thing.bbox.width(), thing.bbox.height());
    let bbox = BBox {
        x0: thing.bbox.x0 + tremble(1, width),
        y0: thing.bbox.y0 + tremble(2, height),
        x1: thing.bbox.x1 + tremble(3, width),
        y1: thing.bbox.y1 + tremble(4, height),
    };
    let seen = bbox.x1 > 0.01 && bbox.x0 < 0.99;
    let score = match thing.kind {
        Kind::Flame | Kind::Weapon => 0.35 + chance(5) as f32 / 2500.0,
        _ => 0.45 + chance(5) as f32 / 2000.0,
    };
    seen.then_some(Detection { bbox, class_id: thing.kind.class_id(), score })
}

/// Mixes the bits of a number.
fn hash(number: u32) -> u32 {
    let mut bits = number.wrapping_add(0x9e37_79b9);
    bits = (bits ^ (bits >> 16)).wrapping_mul(0x85eb_ca6b);
    bits = (bits ^ (bits >> 13)).wrapping_mul(0xc2b2_ae35);
    bits ^ (bits >> 16)
}
