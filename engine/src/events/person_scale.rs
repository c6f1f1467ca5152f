//! How large a metre appears where nobody has calibrated the camera: learnt from how high people appear, row by row.
//!
//! People are taken for 1.7 m high on level ground. The line of their heights over the rows of their feet gives the horizon (where
//! the height comes to nothing), the horizon the camera's tilt, and tilt and height together the camera's height above the ground:
//! the usual self-calibration from pedestrians (Lv, Zhao, Nevatia, CVPR 2002), with the focal length assumed.
//!
//! **Error.** Adults differ by 6 % (σ), crowds hide legs, children are smaller, and the focal length is an assumption: lengths along
//! a row are good for ±15 %, areas for a factor of about 1.5 ([`AREA_ERROR`]). Where people are seen in few rows only, the tilt is an
//! assumption, too (30°).

use crate::{BBox, Point, Polygon};

/// Height of the people whom everything is measured by, metres. Mean of adults with shoes, both sexes.
pub(super) const PERSON_METRES: f32 = 1.7;
/// Relative error of an area on the approximate ground.
pub(super) const AREA_ERROR: f32 = 0.5;
/// Focal length that is assumed, in picture heights: 42° of view from top to bottom, the middle of what video supervision uses.
const FOCAL: f32 = 1.3;
/// Tilt below the horizon that is assumed where people are seen in too few rows, radians: 30°.
const USUAL_TILT: f32 = 0.52;
/// Tilts that are believed, radians: 3° to 75°.
const TILTS: std::ops::RangeInclusive<f32> = 0.05..=1.3;
/// How much rows have to differ to say more of the tilt than [`USUAL_TILT`] does: standard deviation, shares of the height.
const USUAL_SPREAD: f32 = 0.06;
/// Width over height of a walking person's box, seen from the side; from above it is larger.
const UPRIGHT_RATIO: f32 = 0.42;
/// The camera looks down more steeply than the shape of the boxes says by this at most, radians: 20°.
const SHAPE_SLACK: f32 = 0.35;
/// What was seen this long ago has lost two thirds of its weight, seconds.
const MEMORY_SECS: f32 = 300.0;
/// Sight of people that is needed before anything is said, person-seconds.
const ENOUGH_PERSON_SECS: f64 = 2.0;
/// Below this angle under the horizon the ground is not measured: a pixel there is many metres. Radians, 4°.
const LEAST_DEPRESSION: f32 = 0.07;

/// Learns from the boxes of people how large a metre appears.
#[derive(Clone, Debug, Default)]
pub(super) struct PersonScale {
    weight: f64,
    rows: f64,
    heights: f64,
    rows_squared: f64,
    rows_heights: f64,
    ratios: f64,
}

impl PersonScale {
    /// What was seen before loses its weight.
    pub(super) fn pass(&mut self, dt_secs: f32) {
        let keep = f64::from((-dt_secs.max(0.0) / MEMORY_SECS).exp());
        let sums = [
            &mut self.weight,
            &mut self.rows,
            &mut self.heights,
            &mut self.rows_squared,
            &mut self.rows_heights,
            &mut self.ratios,
        ];
        for sum in sums {
            *sum *= keep;
        }
    }

    /// Somebody was seen for `dt_secs`. Boxes that the picture's edge cuts and such as no upright person has are left out.
    pub(super) fn learn(&mut self, bbox: &BBox, dt_secs: f32, aspect: f32) {
        const EDGE: f32 = 0.005;
        let cut = bbox.x0 < EDGE || bbox.y0 < EDGE || bbox.x1 > 1.0 - EDGE || bbox.y1 > 1.0 - EDGE;
        let (height, row) = (bbox.height(), bbox.y1);
        let ratio = bbox.width() * aspect / height.max(1e-6);
        if cut || !(0.2..=1.0).contains(&ratio) || height < 0.01 {
            return;
        }
        // A child or a box around two heads says less than the many before.
        let odd = |usual: f32| !(usual / 1.6..=usual * 1.6).contains(&height);
        if self.weight > 10.0 * ENOUGH_PERSON_SECS && self.height_at(row).is_some_and(odd) {
            return;
        }
        let weight = f64::from(dt_secs.clamp(0.02, 0.5));
        let (row, height) = (f64::from(row), f64::from(height));
        self.weight += weight;
        self.rows += weight * row;
        self.heights += weight * height;
        self.rows_squared += weight * row * row;
        self.rows_heights += weight * row * height;
        self.ratios += weight * f64::from(ratio);
    }

    /// Forgets: another view.
    pub(super) fn reset(&mut self) {
        *self = Self::default();
    }

    /// Mean row of the feet, mean height, and how the height grows with the row; in picture heights.
    fn line(&self) -> Option<(f32, f32, f32)> {
        if self.weight < ENOUGH_PERSON_SECS {
            return None;
        }
        let (row, height) = (self.rows / self.weight, self.heights / self.weight);
        let spread = (self.rows_squared / self.weight - row * row).max(0.0);
        let together = self.rows_heights / self.weight - row * height;
        let prior = f64::from(USUAL_SPREAD * USUAL_SPREAD);
        let usual_horizon = f64::from(0.5 - FOCAL * USUAL_TILT.tan());
        let usual_slope = height / (row - usual_horizon).max(0.05);
        let slope = (together + prior * usual_slope) / (spread + prior);
        Some((row as f32, height as f32, slope as f32))
    }

    /// How high an upright person appears whose feet are in this row, shares of the picture's height; `None` before enough people
    /// were seen.
    pub(super) fn height_at(&self, row: f32) -> Option<f32> {
        let (mean_row, height, slope) = self.line()?;
        Some((height + slope * (row - mean_row)).clamp(0.3 * height, 3.0 * height))
    }

    /// By how much people look shorter than they are because the camera looks down on them, 0.4 to 1: from the shape of their boxes.
    pub(super) fn foreshortening(&self) -> f32 {
        if self.weight < ENOUGH_PERSON_SECS {
            return 1.0;
        }
        let ratio = (self.ratios / self.weight) as f32;
        (UPRIGHT_RATIO / ratio.max(1e-3)).clamp(0.4, 1.0)
    }

    /// The approximate ground; `None` before enough people were seen.
    pub(super) fn ground(&self, aspect: f32) -> Option<ApproximateGround> {
        let (row, height, slope) = self.line()?;
        let horizon = if slope > 1e-3 { row - height / slope } else { f32::NEG_INFINITY };
        // People who look as high in every row are seen steeply from above, or from far away with a long focal length. Their shape
        // tells.
        let steepest = (self.foreshortening().acos() + SHAPE_SLACK).min(*TILTS.end());
        let tilt = ((0.5 - horizon) / FOCAL).atan().clamp(*TILTS.start(), steepest);
        let depression = |row: f32| tilt + ((row - 0.5) / FOCAL).atan();
        let (feet, head) = (depression(row).max(LEAST_DEPRESSION).tan(), depression(row - height).tan());
        // (camera − person) / distance = tan(head), camera / distance = tan(feet).
        let camera_metres =
            if feet > head { (PERSON_METRES * feet / (feet - head)).clamp(1.0, 100.0) } else { 100.0 };
        Some(ApproximateGround { aspect, tilt, camera_metres })
    }
}

/// Level ground under a camera of which tilt and height are estimates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct ApproximateGround {
    aspect: f32,
    tilt: f32,
    camera_metres: f32,
}

impl ApproximateGround {
    fn depression(&self, row: f32) -> f32 {
        self.tilt + ((row - 0.5) / FOCAL).atan()
    }

    /// Sine of the angle at which the ground in this row is looked down upon: a metre away from the camera looks that much shorter than
    /// one across.
    pub(super) fn flattening(&self, row: f32) -> f32 {
        self.depression(row).max(LEAST_DEPRESSION).sin()
    }

    /// Square metres of ground that one picture (width times height) at this row would hold; 0 at and above the horizon.
    fn metres2_at(&self, row: f32) -> f32 {
        let depression = self.depression(row);
        if depression < LEAST_DEPRESSION {
            return 0.0;
        }
        let off_axis = (depression - self.tilt).cos();
        let across = self.camera_metres / depression.sin() * off_axis / FOCAL;
        let away = self.camera_metres / depression.sin().powi(2) * off_axis * off_axis / FOCAL;
        across * away * self.aspect
    }

    /// Area of a polygon's ground, square metres; what lies at or above the horizon does not count.
    pub(super) fn area_m2(&self, polygon: &Polygon) -> f32 {
        const CELLS: u16 = 48;
        let cell = 1.0 / f32::from(CELLS);
        let mut area = 0.0;
        for row in 0..CELLS {
            let y = (f32::from(row) + 0.5) * cell;
            let inside = (0..CELLS)
                .filter(|column| polygon.contains(Point { x: (f32::from(*column) + 0.5) * cell, y }));
            area += inside.count() as f32 * cell * cell * self.metres2_at(y);
        }
        area
    }
}

#[cfg(test)]
mod tests {
    use super::{ApproximateGround, FOCAL, PersonScale};
    use crate::{BBox, Polygon};

    const ASPECT: f32 = 16.0 / 9.0;

    /// The box of a person of 1.7 m at this distance and to this side of a camera of 42° of view.
    fn person(tilt: f32, camera: f32, away: f32, side: f32) -> BBox {
        let row = |above: f32| 0.5 + FOCAL * (((camera - above) / away).atan() - tilt).tan();
        let depth = away * tilt.cos() + camera * tilt.sin();
        let x = 0.5 + FOCAL * side / depth / ASPECT;
        let (top, foot) = (row(1.7), row(0.0));
        let half = 0.2 * (foot - top) / ASPECT;
        BBox { x0: x - half, y0: top, x1: x + half, y1: foot }
    }

    fn learnt(tilt: f32, camera: f32, distances: &[f32]) -> PersonScale {
        let mut scale = PersonScale::default();
        for _ in 0..100 {
            scale.pass(0.1);
            for away in distances {
                scale.learn(&person(tilt, camera, *away, 0.0), 0.1, ASPECT);
            }
        }
        scale
    }

    #[test]
    fn nothing_is_said_before_people_were_seen() {
        let mut scale = PersonScale::default();
        scale.learn(&person(0.4, 6.0, 12.0, 0.0), 0.1, ASPECT);
        assert!(scale.height_at(0.5).is_none() && scale.ground(ASPECT).is_none());
    }

    #[test]
    fn tilt_and_height_of_the_camera_come_out_of_the_people() {
        for (tilt, camera, distances) in [
            (0.35, 6.0, [11.0, 14.0, 18.0, 24.0]),
            (0.6, 8.0, [8.0, 10.0, 12.0, 15.0]),
            (0.2, 4.0, [10.0, 14.0, 18.0, 24.0]),
        ] {
            let ground = learnt(tilt, camera, &distances).ground(ASPECT).unwrap();
            assert!((ground.tilt - tilt).abs() < 0.15, "tilt {tilt}: {ground:?}");
            assert!((ground.camera_metres / camera - 1.0).abs() < 0.35, "camera {camera}: {ground:?}");
        }
    }

    #[test]
    fn an_area_is_that_of_the_ground_within_its_error() {
        let (tilt, camera) = (0.45, 7.0);
        let scale = learnt(tilt, camera, &[9.0, 11.0, 14.0, 18.0]);
        // A square of 4 by 6 metres on the ground, by its corners on the picture.
        let corner = |away: f32, side: f32| person(tilt, camera, away, side).foot();
        let polygon =
            Polygon::new([corner(10.0, -2.0), corner(10.0, 2.0), corner(16.0, 2.0), corner(16.0, -2.0)])
                .unwrap();
        let area = scale.ground(ASPECT).unwrap().area_m2(&polygon);
        assert!((16.0..36.0).contains(&area), "{area} m² for 24");
        let exact = ApproximateGround { aspect: ASPECT, tilt, camera_metres: camera }.area_m2(&polygon);
        assert!((exact - 24.0).abs() < 2.5, "{exact} m² for 24");
    }

    #[test]
    fn children_and_cut_boxes_do_not_change_the_scale() {
        let mut scale = learnt(0.35, 6.0, &[11.0, 14.0, 18.0]);
        let before = scale.height_at(0.6).unwrap();
        for _ in 0..50 {
            scale.learn(&BBox { x0: 0.4, y0: 0.57, x1: 0.41, y1: 0.6 }, 0.1, ASPECT);
            scale.learn(&BBox { x0: 0.0, y0: 0.1, x1: 0.1, y1: 0.6 }, 0.1, ASPECT);
        }
        assert!((scale.height_at(0.6).unwrap() - before).abs() < 1e-3);
    }

    #[test]
    fn people_seen_from_above_are_known_by_their_shape() {
        let mut scale = PersonScale::default();
        for _ in 0..100 {
            scale.learn(&BBox { x0: 0.4, y0: 0.4, x1: 0.445, y1: 0.5 }, 0.1, ASPECT);
        }
        assert!(scale.foreshortening() < 0.6);
    }
}
