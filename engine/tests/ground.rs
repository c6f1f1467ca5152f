//! The map from picture to ground: exact where it can be, sure of itself only where it may be.

use proptest::prelude::*;
use vigie_engine::scene::{Ground, GroundError, GroundPoint, GroundSettings};
use vigie_engine::{BBox, Point, Polygon};

const ASPECT: f32 = 16.0 / 9.0;

fn point(x: f32, y: f32) -> Point {
    Point { x, y }
}

/// A camera of focal length `focal` (picture heights), tilted down by a tangent, at a height in metres. The ground has its origin
/// under the camera, y ahead.
#[derive(Clone, Copy, Debug)]
struct Camera {
    focal: f32,
    tilt: f32,
    height: f32,
}

impl Camera {
    /// Where a point `up` metres above the ground is seen.
    fn sees(&self, x: f32, ahead: f32, up: f32) -> Point {
        let lean = (1.0 + self.tilt * self.tilt).sqrt();
        let (cos, sin) = (1.0 / lean, self.tilt / lean);
        let down = self.height - up;
        let depth = ahead * cos + down * sin;
        let (u, v) = (self.focal * x / depth, self.focal * (down * cos - ahead * sin) / depth);
        point(0.5 + u / ASPECT, 0.5 + v)
    }

    /// Metres ahead at which the middle of the picture meets the ground.
    fn aim(&self) -> f32 {
        self.height / self.tilt
    }

    fn person(&self, x: f32, ahead: f32, metres: f32) -> BBox {
        let (foot, head) = (self.sees(x, ahead, 0.0), self.sees(x, ahead, metres));
        let half = 0.2 * (foot.y - head.y) / ASPECT;
        BBox { x0: foot.x - half, y0: head.y, x1: foot.x + half, y1: foot.y }
    }
}

fn cameras() -> impl Strategy<Value = Camera> {
    (0.9_f32..3.0, 0.15_f32..2.0, 2.5_f32..25.0).prop_map(|(focal, tilt, height)| Camera {
        focal,
        tilt,
        height,
    })
}

/// Points of a trapezium around the aim, with an error of `noise` picture heights in alternating directions.
fn points(camera: &Camera, noise: f32) -> Vec<GroundPoint> {
    let (aim, side) = (camera.aim(), camera.height);
    let places = [(-0.4, 0.8), (0.4, 0.75), (0.5, 1.2), (-0.6, 1.3), (0.05, 1.0), (0.3, 1.05)];
    let seen = places.iter().enumerate().map(|(n, (x, share))| {
        let metres = point(x * side, share * aim);
        let exact = camera.sees(metres.x, metres.y, 0.0);
        let sign = if n % 2 == 0 { noise } else { -noise };
        GroundPoint { image: point(exact.x + sign / ASPECT, exact.y - sign), metres }
    });
    seen.collect()
}

fn ground(points: Vec<GroundPoint>) -> Result<Ground, GroundError> {
    Ground::new(&GroundSettings::Points(points), ASPECT)
}

fn off(a: Point, b: Point) -> f32 {
    ((a.x - b.x).powi(2) + (a.y - b.y).powi(2)).sqrt()
}

proptest! {
    #[test]
    fn exact_points_give_the_exact_ground_and_back(camera in cameras(), x in -0.5_f32..0.5, share in 0.7_f32..1.5, count in 4_usize..=6) {
        let ground = ground(points(&camera, 0.0)[..count].to_vec()).unwrap();
        let metres = point(x * camera.height, share * camera.aim());
        let seen = camera.sees(metres.x, metres.y, 0.0);
        let measured = ground.to_metres(seen).unwrap();
        // What single precision of the points allows, seen at a flat angle.
        prop_assert!(off(measured, metres) < 2e-3 * (camera.aim() + camera.height), "{measured:?} {metres:?}");
        let back = ground.to_picture(measured).unwrap();
        prop_assert!(off(back, seen) < 1e-5, "{back:?} {seen:?}");
        prop_assert!(ground.residual() < 1e-4);
    }

    #[test]
    fn the_order_of_the_points_does_not_matter(camera in cameras(), turns in 0_usize..6, noise in 0.0_f32..0.004) {
        let mut shuffled = points(&camera, noise);
        let first = ground(shuffled.clone());
        shuffled.rotate_left(turns);
        shuffled.swap(0, 3);
        prop_assert_eq!(first, ground(shuffled));
    }

    #[test]
    fn the_error_covers_what_noise_does_and_grows_with_distance(camera in cameras(), noise in 0.001_f32..0.004) {
        let ground = ground(points(&camera, noise)).unwrap();
        let mut last = 0.0;
        for share in [1.0, 1.4, 2.0] {
            let metres = point(0.0, share * camera.aim());
            let seen = camera.sees(metres.x, metres.y, 0.0);
            let (Some(measured), Some(error)) = (ground.to_metres(seen), ground.position_error(seen)) else { break };
            prop_assert!(off(measured, metres) < 4.0 * error, "{} of {error}", off(measured, metres));
            prop_assert!(error > last, "{error} after {last}");
            last = error;
        }
    }

    #[test]
    fn metres_per_picture_tells_how_high_a_person_is_seen(camera in cameras(), tilt in 0.15_f32..0.4, share in 0.8_f32..1.3) {
        let camera = Camera { tilt, ..camera };
        let ground = ground(points(&camera, 0.0)).unwrap();
        let person = camera.person(0.0, share * camera.aim(), 1.75);
        let expected = Ground::PERSON_METRES / ground.metres_per_picture(person.foot()).unwrap().value;
        // Tilt foreshortens the person by its cosine; perspective within the person does the rest.
        prop_assert!((0.8..1.3).contains(&(expected / person.height())), "{expected} {}", person.height());
    }

    #[test]
    fn above_the_horizon_there_is_no_ground(camera in cameras(), x in 0.0_f32..1.0) {
        let ground = ground(points(&camera, 0.0)).unwrap();
        let horizon = ground.horizon(x).unwrap();
        prop_assert!((horizon - (0.5 - camera.focal * camera.tilt)).abs() < 0.02 * camera.focal);
        prop_assert_eq!(ground.to_metres(point(x, horizon - 0.01)), None);
        prop_assert_eq!(ground.to_metres(point(x, horizon)), None);
    }

    #[test]
    fn persons_of_known_height_give_scale_within_the_stated_error(
        camera in cameras(),
        heights in prop::collection::vec(1.65_f32..1.85, 8),
    ) {
        let shares = [0.6, 0.75, 0.9, 1.0, 1.15, 1.3, 1.6, 2.0];
        let persons: Vec<BBox> = shares.iter().zip(&heights).enumerate()
            .map(|(n, (share, metres))| camera.person((n as f32 / 4.0 - 1.0) * 0.2 * camera.height, share * camera.aim(), *metres))
            .filter(|person| person.y0 >= 0.0 && person.y1 <= 1.0)
            .collect();
        prop_assume!(persons.len() >= 4);
        let Ok(ground) = Ground::new(&GroundSettings::PersonHeights { persons, metres: 1.75 }, ASPECT) else {
            // Those who stand too much alike; steep and long cameras.
            return Ok(());
        };
        let (near, far) = (camera.sees(0.0, 0.9 * camera.aim(), 0.0), camera.sees(0.0, 1.2 * camera.aim(), 0.0));
        let sideways = camera.sees(1.0, 0.9 * camera.aim(), 0.0);
        let one = ground.distance(near, sideways).unwrap();
        prop_assert!((one.value - 1.0).abs() < 4.0 * one.error.max(0.02), "{one:?}");
        prop_assert!(one.error < 0.5);
        let ahead = ground.distance(near, far).unwrap();
        prop_assert!((ahead.value - 0.3 * camera.aim()).abs() < 4.0 * ahead.error, "{ahead:?} {}", 0.3 * camera.aim());
    }
}

/// Looks at a car park from 6 m, at an angle of about 30°.
const ORDINARY: Camera = Camera { focal: 1.4, tilt: 0.6, height: 6.0 };

#[test]
fn areas_and_speeds_are_in_metres() {
    let ground = ground(points(&ORDINARY, 0.0)).unwrap();
    let corners = [(-1.0, 8.0), (2.0, 8.0), (2.0, 12.0), (-1.0, 12.0)];
    let polygon = Polygon::new(corners.map(|(x, y)| ORDINARY.sees(x, y, 0.0))).unwrap();
    let area = ground.area(&polygon).unwrap();
    assert!((area.value - 12.0).abs() < 0.02, "{area:?}");
    assert!(area.error > 0.05 && area.error < 1.2, "{area:?}");
    let (here, soon) = (ORDINARY.sees(1.0, 10.0, 0.0), ORDINARY.sees(1.001, 10.002, 0.0));
    let per_sec = point((soon.x - here.x) * 1000.0, (soon.y - here.y) * 1000.0);
    let speed = ground.velocity(here, per_sec).unwrap();
    assert!((speed.x - 1.0).abs() < 0.05 && (speed.y - 2.0).abs() < 0.05, "{speed:?}");
    let sky = Polygon::new([point(0.1, 0.0), point(0.9, 0.0), point(0.5, 0.9)]).unwrap();
    let flat = Camera { tilt: 0.2, ..ORDINARY };
    assert_eq!(self::ground(points(&flat, 0.0)).unwrap().area(&sky), None);
}

#[test]
fn wrong_calibrations_are_refused_by_name() {
    let good = points(&ORDINARY, 0.0);
    let refused = |points: &[GroundPoint]| ground(points.to_vec()).unwrap_err();
    assert_eq!(refused(&good[..3]), GroundError::TooFewPoints { found: 3 });
    assert_eq!(refused(&[good[0], good[1], good[2], good[2]]), GroundError::TooFewPoints { found: 3 });
    let line: Vec<_> = (0..4)
        .map(|n| GroundPoint { image: point(0.2 + 0.1 * n as f32, 0.5), metres: point(n as f32, 3.0) })
        .collect();
    assert_eq!(refused(&line), GroundError::Collinear);
    let mut three = good[..4].to_vec();
    three[1].image = point(
        f32::midpoint(three[0].image.x, three[2].image.x),
        f32::midpoint(three[0].image.y, three[2].image.y),
    );
    three[1].metres = point(
        f32::midpoint(three[0].metres.x, three[2].metres.x),
        f32::midpoint(three[0].metres.y, three[2].metres.y),
    );
    assert_eq!(refused(&three), GroundError::Collinear);
    let mut exchanged = good[..4].to_vec();
    let metres = exchanged[0].metres;
    exchanged[0].metres = exchanged[1].metres;
    exchanged[1].metres = metres;
    assert_eq!(refused(&exchanged), GroundError::Crossed);
    let mut moved = good.clone();
    moved[4].image.x += 0.08;
    assert!(matches!(refused(&moved), GroundError::Contradiction { point: 4, .. }), "{:?}", refused(&moved));
    let mut nan = good;
    nan[2].metres.y = f32::NAN;
    assert_eq!(refused(&nan), GroundError::NotFinite { point: 2 });
}

#[test]
fn persons_who_say_nothing_are_refused() {
    let heights = |persons: Vec<BBox>, metres| {
        Ground::new(&GroundSettings::PersonHeights { persons, metres }, ASPECT).unwrap_err()
    };
    let at = |ahead: f32, metres: f32| ORDINARY.person(0.0, ahead, metres);
    assert_eq!(heights(vec![at(9.0, 1.75), at(12.0, 1.75)], 1.75), GroundError::TooFewPersons { found: 2 });
    assert_eq!(heights(vec![at(9.0, 1.75); 3], 17.5), GroundError::NotAHeight);
    let mixed = vec![at(7.0, 1.75), at(9.0, 0.6), at(11.0, 1.75), at(13.0, 1.75)];
    assert!(matches!(heights(mixed, 1.75), GroundError::PersonsContradict { person: 1, .. }));
}

#[test]
fn persons_are_enough_for_an_ordinary_camera() {
    let persons = [7.0, 8.0, 9.5, 11.0, 13.0, 16.0].map(|ahead| ORDINARY.person(0.5, ahead, 1.75)).to_vec();
    let ground = Ground::new(&GroundSettings::PersonHeights { persons, metres: 1.75 }, ASPECT).unwrap();
    let across = ground.distance(ORDINARY.sees(-1.0, 10.0, 0.0), ORDINARY.sees(1.0, 10.0, 0.0)).unwrap();
    assert!((across.value - 2.0).abs() < 0.1 && across.error < 0.35, "{across:?}");
    let along = ground.distance(ORDINARY.sees(0.0, 9.0, 0.0), ORDINARY.sees(0.0, 12.0, 0.0)).unwrap();
    assert!((along.value - 3.0).abs() < 2.0 * along.error && along.error < 1.5, "{along:?}");
}
