//! From the picture to metres on the ground.
//!
//! The ground is taken for a plane and the lens for one without distortion, so that the map is a homography. It comes from points
//! whose places are known ([`points`]) or from standing persons of known height ([`persons`]). Both say how sure they
//! are: beside the best map there is one map for every independent way in which it may be wrong by one standard deviation, so
//! that any quantity (a distance, an area, a speed) has its error by being computed on each.
//!
//! Only sums, products, quotients and square roots are used, in double precision: the same bits natively and in wasm.

mod persons;
mod plane;
mod points;
mod solve;

use crate::{BBox, Point, Polygon};
use plane::{Place, Plane};
use serde::{Deserialize, Serialize};

/// How the picture lies on the ground, as a supervisor has set it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroundSettings {
    /// Four points or more of the ground whose places are known, in metres of any frame of one's own. No three of four may lie on a
    /// line; more points make it more exact and show contradictions.
    Points(Vec<GroundPoint>),
    /// Persons who stand upright on the ground, near and far, three at least.
    PersonHeights {
        /// Boxes from head to feet, wholly on the picture.
        persons: Vec<BBox>,
        /// Their mean height, metres, 0.5 to 2.5.
        #[serde(default = "mean_height")]
        metres: f32,
    },
}

fn mean_height() -> f32 {
    Ground::PERSON_METRES
}

/// A point of the ground on the picture and in metres.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroundPoint {
    /// On the picture, in shares of it.
    pub image: Point,
    /// On the ground, metres.
    pub metres: Point,
}

/// Why a calibration does not give a map. Points and persons count from 0 in the order given.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum GroundError {
    /// A coordinate is not a number, or a person's box is empty.
    #[error("calibration point {point} has no place")]
    NotFinite {
        /// Which one.
        point: usize,
    },
    /// Fewer than four different points.
    #[error("{found} different calibration points are too few: four at least")]
    TooFewPoints {
        /// Different points found.
        found: usize,
    },
    /// The points lie on a line, or three of four do.
    #[error("the calibration points lie on a line: spread them over the ground")]
    Collinear,
    /// No single look from above shows the points in this order: two of them are exchanged.
    #[error("two calibration points are exchanged")]
    Crossed,
    /// The points do not fit together.
    #[error("calibration point {point} does not fit the others (error {error:.3} of the picture's height)")]
    Contradiction {
        /// The point that fits worst.
        point: usize,
        /// Root mean square of the error on the picture, in picture heights.
        error: f32,
    },
    /// A person's height that is none.
    #[error("the height of a standing person must be 0.5 to 2.5 m")]
    NotAHeight,
    /// Fewer than three persons.
    #[error("{found} persons are too few: three at least, near and far")]
    TooFewPersons {
        /// Persons found.
        found: usize,
    },
    /// The persons stand too much at the same distance, or are seen from too steeply above, to tell the ground from their heights.
    #[error("the persons tell too little: choose some near and some far, who stand upright")]
    PersonsTooAlike,
    /// The persons' heights do not fit together.
    #[error("person {person} does not fit the others (heights differ by {error:.2})")]
    PersonsContradict {
        /// The person who fits worst.
        person: usize,
        /// Root mean square of the relative differences.
        error: f32,
    },
}

/// What a calibration gives: maps from (x times aspect, y) in picture heights to metres.
struct Fit {
    plane: Plane,
    /// Each wrong by one standard deviation in a way of its own.
    variants: Vec<Plane>,
    /// What it rests on, on the picture.
    places: Vec<Place>,
    /// Root mean square of what does not fit: picture heights for points, a share of the height for persons.
    residual: f64,
}

/// A value and its standard deviation, in the same unit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Measured {
    /// Best value.
    pub value: f32,
    /// One standard deviation.
    pub error: f32,
}

/// The map from picture to ground.
#[derive(Clone, Debug, PartialEq)]
pub struct Ground {
    plane: Plane,
    back: Plane,
    variants: Vec<Plane>,
    aspect: f64,
    residual: f64,
}

impl Ground {
    /// Height of a standing adult, shoes included, metres.
    pub const PERSON_METRES: f32 = 1.75;
    /// Ground that is this many times further away than the middle of the calibration counts as horizon: a pixel there is worth more
    /// than anything that could be measured.
    pub const FARTHEST: f32 = 30.0;

    /// Fits the map. `aspect` is the picture's width over its height.
    ///
    /// # Errors
    /// Why the settings do not give one.
    pub fn new(settings: &GroundSettings, aspect: f32) -> Result<Self, GroundError> {
        let aspect = f64::from(aspect);
        let (fit, degenerate) = match settings {
            GroundSettings::Points(points) => (points::fit(points, aspect)?, GroundError::Collinear),
            GroundSettings::PersonHeights { persons, metres } => {
                (persons::fit(persons, f64::from(*metres), aspect)?, GroundError::PersonsTooAlike)
            }
        };
        let back = fit.plane.inverse().ok_or(degenerate)?;
        let ground = Self { plane: fit.plane, back, variants: fit.variants, aspect, residual: fit.residual };
        // A fit that cannot tell a distance among its own points to within half of it is no calibration.
        let vague = |place: &Place| ground.scale_error_at(*place).is_none_or(|error| error > 0.5);
        if fit.places.iter().any(vague) { Err(degenerate) } else { Ok(ground) }
    }

    fn place(&self, point: Point) -> Option<Place> {
        let place = (f64::from(point.x) * self.aspect, f64::from(point.y));
        (self.plane.nearness(place) > 1.0 / f64::from(Self::FARTHEST)).then_some(place)
    }

    /// Where a point of the picture lies on the ground, metres; `None` on the horizon, close to it ([`Self::FARTHEST`]) or above.
    #[must_use]
    pub fn to_metres(&self, point: Point) -> Option<Point> {
        let (x, y) = self.plane.apply(self.place(point)?)?;
        Some(Point { x: x as f32, y: y as f32 })
    }

    /// Where a place on the ground is seen, in shares of the picture, which it may lie outside; `None` for a place behind the camera.
    #[must_use]
    pub fn to_picture(&self, metres: Point) -> Option<Point> {
        let (u, v) = self.back.apply((f64::from(metres.x), f64::from(metres.y)))?;
        (self.plane.nearness((u, v)) > 0.0).then_some(Point { x: (u / self.aspect) as f32, y: v as f32 })
    }

    /// Metres between two points of the picture.
    #[must_use]
    pub fn distance(&self, a: Point, b: Point) -> Option<Measured> {
        let (a, b) = (self.place(a)?, self.place(b)?);
        self.measure(|plane| {
            let ((ax, ay), (bx, by)) = (plane.apply(a)?, plane.apply(b)?);
            Some(((ax - bx).powi(2) + (ay - by).powi(2)).sqrt())
        })
    }

    /// As [`Self::distance`], without the error, which costs eight times as much to know.
    #[must_use]
    pub fn metres_between(&self, a: Point, b: Point) -> Option<f32> {
        let ((ax, ay), (bx, by)) = (self.plane.apply(self.place(a)?)?, self.plane.apply(self.place(b)?)?);
        let metres = ((ax - bx).powi(2) + (ay - by).powi(2)).sqrt() as f32;
        metres.is_finite().then_some(metres)
    }

    /// A movement at a point of the picture, in shares of its width and height per second, as metres per second on the ground.
    #[must_use]
    pub fn velocity(&self, at: Point, per_sec: Point) -> Option<Point> {
        let [x_by_u, x_by_v, y_by_u, y_by_v] = self.plane.slopes(self.place(at)?)?;
        let (u, v) = (f64::from(per_sec.x) * self.aspect, f64::from(per_sec.y));
        let speed = Point { x: (x_by_u * u + x_by_v * v) as f32, y: (y_by_u * u + y_by_v * v) as f32 };
        (speed.x.is_finite() && speed.y.is_finite()).then_some(speed)
    }

    /// How many metres the height of the picture would span at a point if everything in it stood upright at that distance. A person
    /// whose feet are there is about [`Self::PERSON_METRES`] over this high, in picture heights.
    ///
    /// Measured on the ground in the direction in which it is widest in the picture: across the line of sight, where nothing is
    /// foreshortened.
    #[must_use]
    pub fn metres_per_picture(&self, at: Point) -> Option<Measured> {
        let place = self.place(at)?;
        self.measure(|plane| across(plane, place))
    }

    /// Error of [`Self::metres_per_picture`] and of lengths near the point, as a share, one standard deviation.
    #[must_use]
    pub fn scale_error(&self, at: Point) -> Option<f32> {
        self.scale_error_at(self.place(at)?).map(|error| error as f32)
    }

    fn scale_error_at(&self, place: Place) -> Option<f64> {
        let (scale, square) = self.spread(|plane| across(plane, place))?;
        Some(square.sqrt() / scale)
    }

    /// How far off [`Self::to_metres`] may be, metres, one standard deviation.
    #[must_use]
    pub fn position_error(&self, at: Point) -> Option<f32> {
        let place = self.place(at)?;
        let (_, x) = self.spread(|plane| Some(plane.apply(place)?.0))?;
        let (_, y) = self.spread(|plane| Some(plane.apply(place)?.1))?;
        Some((x + y).sqrt() as f32)
    }

    /// Area of a polygon on the ground, square metres; `None` when part of it reaches the horizon.
    #[must_use]
    pub fn area(&self, polygon: &Polygon) -> Option<Measured> {
        let corners = polygon.corners();
        for corner in corners {
            self.place(*corner)?;
        }
        let wide = |corner: &Point| (f64::from(corner.x) * self.aspect, f64::from(corner.y));
        self.measure(|plane| {
            // Straight edges stay straight, so the corners are enough.
            let origin = plane.apply(wide(corners.first()?))?;
            let mut twice = 0.0;
            for pair in corners.windows(2) {
                let (a, b) = (plane.apply(wide(&pair[0]))?, plane.apply(wide(&pair[1]))?);
                twice += (a.0 - origin.0) * (b.1 - origin.1) - (b.0 - origin.0) * (a.1 - origin.1);
            }
            Some(twice.abs() / 2.0)
        })
    }

    /// Where the horizon is in the column at `x`, as a share of the picture's height from its top; it may lie outside the picture.
    /// `None` where the column does not meet it: a camera that looks straight down.
    #[must_use]
    pub fn horizon(&self, x: f32) -> Option<f32> {
        let [.., by_u, by_v, rest] = self.plane.0;
        let y = -(by_u * f64::from(x) * self.aspect + rest) / by_v;
        y.is_finite().then_some(y as f32)
    }

    /// Root mean square of what does not fit: picture heights where it was made from points (0 for four, which always fit), a share of
    /// the height where from persons.
    #[must_use]
    pub fn residual(&self) -> f32 {
        self.residual as f32
    }

    /// A quantity and its error, as a finite number.
    fn measure(&self, quantity: impl Fn(&Plane) -> Option<f64>) -> Option<Measured> {
        let (value, square) = self.spread(quantity)?;
        let measured = Measured { value: value as f32, error: square.sqrt() as f32 };
        (measured.value.is_finite() && measured.error.is_finite()).then_some(measured)
    }

    /// A quantity and its variance.
    fn spread(&self, quantity: impl Fn(&Plane) -> Option<f64>) -> Option<(f64, f64)> {
        let value = quantity(&self.plane)?;
        let mut square = 0.0;
        for variant in &self.variants {
            square += (quantity(variant)? - value).powi(2);
        }
        Some((value, square))
    }
}

/// Metres per picture height in the direction in which the ground is widest: the smaller singular value of the slopes.
fn across(plane: &Plane, at: Place) -> Option<f64> {
    let [a, b, c, d] = plane.slopes(at)?;
    let (sum, determinant) = (a * a + b * b + c * c + d * d, (a * d - b * c).abs());
    // Both roots of s⁴ − sum·s² + determinant² = 0, the larger one first, which does not cancel.
    let root = (sum * sum - 4.0 * determinant * determinant).max(0.0).sqrt();
    let larger = f64::midpoint(sum, root).sqrt();
    (larger > 0.0).then(|| determinant / larger)
}
