//! How long a frame takes, from boxes to signals: `cargo run --release -p vigie-engine --example pace`.
//!
//! People walk to and fro over a picture with two zones, 25 frames a second; every tenth box is missed.

use std::time::Instant;
use vigie_engine::{
    BBox, CameraAnalysis, CameraSettings, Detection, FrameInput, Micros, Point, Polygon, PolygonError, Zone,
};

const FRAMES: u32 = 1000;

fn zone(n: u8, x0: f32, x1: f32) -> Result<Zone, PolygonError> {
    let corners = [(x0, 0.5), (x1, 0.5), (x1, 0.9), (x0, 0.9)].map(|(x, y)| Point { x, y });
    let id =
        vigie_protocol::ZoneId(format!("0192f000-0000-7000-8000-00000000000{n}").parse().unwrap_or_default());
    Ok(Zone::new(id, n.to_string(), Polygon::new(corners)?))
}

/// Person `who` of the frame at `secs`.
fn walker(who: u32, secs: f32) -> Detection {
    let share = |n: u32| ((who + 1).wrapping_mul(n * 7919) % 997) as f32 / 997.0;
    let (lane, height) = (0.15 + 0.85 * share(37), 0.06 + 0.08 * share(53));
    let along = (share(71) * 2.0 + secs * (0.03 + 0.05 * share(29))) % 2.0;
    let x = 1.0 - (1.0 - along).abs();
    let bbox = BBox { x0: x - 0.1 * height, y0: lane - height, x1: x + 0.1 * height, y1: lane };
    Detection { bbox, class_id: 1, score: 0.3 + 0.6 * share(13) }
}

fn main() -> Result<(), PolygonError> {
    println!("{:>8} {:>8} {:>14} {:>12}", "people", "tracks", "µs a frame", "slowest");
    for people in [10, 40, 100, 300] {
        let zones = vec![zone(1, 0.05, 0.3)?, zone(2, 0.6, 0.9)?];
        let mut camera = CameraAnalysis::new(CameraSettings { zones, ..CameraSettings::default() });
        let (mut total, mut slowest, mut tracks) = (0.0, 0.0_f64, 0);
        for n in 0..FRAMES {
            let secs = n as f32 / 25.0;
            let seen = |who: &u32| !(who * 7 + n * 13).is_multiple_of(10);
            let boxes: Vec<Detection> = (0..people).filter(seen).map(|who| walker(who, secs)).collect();
            let begun = Instant::now();
            tracks = camera.step(&FrameInput::new(Micros(i64::from(n) * 40_000), &boxes)).tracks.len();
            let took = begun.elapsed().as_secs_f64() * 1e6;
            total += took;
            slowest = slowest.max(took);
        }
        println!("{people:>8} {tracks:>8} {:>14.1} {slowest:>12.0}", total / f64::from(FRAMES));
    }
    Ok(())
}
