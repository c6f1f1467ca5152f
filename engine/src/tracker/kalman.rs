//! Where a box is and where it is going, with the uncertainty of both.
//!
//! Centre x, centre y, width and height each follow a constant-velocity model with white-noise acceleration (Bar-Shalom,
//! Li, Kirubarajan: *Estimation with Applications to Tracking and Navigation*, 6.2.2). Noise on one does not touch the
//! others, so that the usual 8 × 8 filter falls apart into four of 2 × 2 with the same result. All noise is stated in
//! heights of the box, which makes a near and a far person move alike.

use crate::{BBox, Point};

/// Standard deviation of a measured centre, in box heights.
const CENTRE_NOISE: f32 = 0.1;
/// Standard deviation of a measured width or height, in box heights.
const SIZE_NOISE: f32 = 0.08;
/// Standard deviation of the speed of somebody just seen for the first time, in box heights per second.
const FIRST_SPEED: f32 = 1.0;
/// The same for the growth of the box.
const FIRST_GROWTH: f32 = 0.2;
/// Spectral density of the acceleration, in squared box heights per second cubed: a walker's speed may change by about
/// 0.7 heights per second within a second.
const CENTRE_ACCELERATION: f32 = 0.5;
/// The same for the growth of the box.
const SIZE_ACCELERATION: f32 = 0.02;
/// A filtered side is never shorter than this share of the picture.
const SMALLEST_SIDE: f32 = 1e-3;

/// One coordinate: value and speed, and their covariance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axis {
    /// Value.
    pub value: f32,
    /// Change per second.
    pub speed: f32,
    /// Variance of the value.
    pub var_value: f32,
    /// Covariance of value and speed.
    pub covar: f32,
    /// Variance of the speed.
    pub var_speed: f32,
}

impl Axis {
    fn at_rest(value: f32, noise: f32, speed_noise: f32) -> Self {
        Self { value, speed: 0.0, var_value: noise * noise, covar: 0.0, var_speed: speed_noise * speed_noise }
    }

    fn predict(&mut self, dt: f32, density: f32) {
        self.value += self.speed * dt;
        self.var_value += dt * (2.0 * self.covar + dt * self.var_speed) + density * dt * dt * dt / 3.0;
        self.covar += dt * self.var_speed + density * dt * dt / 2.0;
        self.var_speed += density * dt;
    }

    fn correct(&mut self, measured: f32, noise: f32) {
        let variance = noise * noise;
        let total = self.var_value + variance;
        let (gain, speed_gain) = (self.var_value / total, self.covar / total);
        let surprise = measured - self.value;
        self.value += gain * surprise;
        self.speed += speed_gain * surprise;
        // Joseph's form: a sum of squares, which rounding cannot make negative.
        let rest = 1.0 - gain;
        let var_speed = self.var_speed - 2.0 * speed_gain * self.covar
            + speed_gain * speed_gain * (self.var_value + variance);
        self.covar = rest * (self.covar - speed_gain * self.var_value) + gain * speed_gain * variance;
        self.var_value = rest * rest * self.var_value + gain * gain * variance;
        self.var_speed = var_speed.max(f32::MIN_POSITIVE);
    }

    /// Whether value and speed are finite and their covariance matrix is positive definite.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let finite = [self.value, self.speed, self.var_value, self.covar, self.var_speed]
            .iter()
            .all(|number| number.is_finite());
        let determinant =
            f64::from(self.var_value) * f64::from(self.var_speed) - f64::from(self.covar).powi(2);
        finite && self.var_value > 0.0 && self.var_speed > 0.0 && determinant > 0.0
    }
}

/// The filter of one box.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BoxFilter {
    centre_x: Axis,
    centre_y: Axis,
    width: Axis,
    height: Axis,
}

impl BoxFilter {
    /// Starts from a first box. `aspect` is the picture's width over its height.
    #[must_use]
    pub fn begin(bbox: &BBox, aspect: f32) -> Self {
        let centre = bbox.centre();
        let (y, x) = (bbox.height(), bbox.height() / aspect);
        Self {
            centre_x: Axis::at_rest(centre.x, CENTRE_NOISE * x, FIRST_SPEED * x),
            centre_y: Axis::at_rest(centre.y, CENTRE_NOISE * y, FIRST_SPEED * y),
            width: Axis::at_rest(bbox.width(), SIZE_NOISE * x, FIRST_GROWTH * x),
            height: Axis::at_rest(bbox.height(), SIZE_NOISE * y, FIRST_GROWTH * y),
        }
    }

    /// Moves on by `dt_secs`.
    pub fn predict(&mut self, dt_secs: f32, aspect: f32) {
        let y = self.height.value.max(SMALLEST_SIDE);
        let x = y / aspect;
        self.centre_x.predict(dt_secs, CENTRE_ACCELERATION * x * x);
        self.centre_y.predict(dt_secs, CENTRE_ACCELERATION * y * y);
        self.width.predict(dt_secs, SIZE_ACCELERATION * x * x);
        self.height.predict(dt_secs, SIZE_ACCELERATION * y * y);
        self.stay_a_box();
    }

    /// Takes a measured box. A lower `score` (0 to 1) counts as a less exact box.
    pub fn correct(&mut self, bbox: &BBox, score: f32, aspect: f32) {
        self.correct_in_doubt(bbox, 2.0 - score.clamp(0.0, 1.0), aspect);
    }

    /// Takes a measured box whose errors are `doubt` times those of a sure one.
    pub(super) fn correct_in_doubt(&mut self, bbox: &BBox, doubt: f32, aspect: f32) {
        let centre = bbox.centre();
        let (y, x) = (bbox.height() * doubt, bbox.height() * doubt / aspect);
        self.centre_x.correct(centre.x, CENTRE_NOISE * x);
        self.centre_y.correct(centre.y, CENTRE_NOISE * y);
        self.width.correct(bbox.width(), SIZE_NOISE * x);
        self.height.correct(bbox.height(), SIZE_NOISE * y);
        self.stay_a_box();
    }

    /// A box that shrank to nothing stops shrinking.
    fn stay_a_box(&mut self) {
        for side in [&mut self.width, &mut self.height] {
            if side.value < SMALLEST_SIDE {
                side.value = SMALLEST_SIDE;
                side.speed = side.speed.max(0.0);
            }
        }
    }

    /// The estimated box. It may reach beyond the picture.
    #[must_use]
    pub fn bbox(&self) -> BBox {
        let (half_width, half_height) = (self.width.value / 2.0, self.height.value / 2.0);
        BBox {
            x0: self.centre_x.value - half_width,
            y0: self.centre_y.value - half_height,
            x1: self.centre_x.value + half_width,
            y1: self.centre_y.value + half_height,
        }
    }

    /// Speed of the centre, in shares of the picture's width and height per second.
    #[must_use]
    pub fn velocity(&self) -> Point {
        Point { x: self.centre_x.speed, y: self.centre_y.speed }
    }

    /// Centre x, centre y, width, height.
    #[must_use]
    pub fn axes(&self) -> [Axis; 4] {
        [self.centre_x, self.centre_y, self.width, self.height]
    }
}
