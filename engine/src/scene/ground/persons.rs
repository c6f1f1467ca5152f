//! The ground from standing persons whose height is known: no point of the ground has to be measured.
//!
//! A camera of focal length `f`, tilted by `t = tan θ` at height `c`, without roll, with square pixels and its axis through the middle
//! of the picture, shows a standing person between a foot and a head that follow from these three. They are fitted to the boxes
//! (the exact form of the linear law of height against foot; compare Hoiem, Efros, Hebert: *Putting Objects in Perspective*, IJCV
//! 2008). Heights tell the scale across the picture well and the focal length hardly, so what cameras usually have is
//! brought in as a weak observation, and the error says what it costs.

use super::plane::{Place, Plane};
use super::solve::Normal;
use super::{Fit, GroundError};
use crate::BBox;

/// How far a box's height may differ from what the model says of a person of mean height, standard deviation as a share: 4 % among
/// adults, 5 % by the detector.
const HEIGHT_SPREAD: f64 = 0.065;
/// How well the mean height of those chosen is known, as a share: an error of the whole scale.
const MEAN_HEIGHT: f64 = 0.03;
/// Focal length of usual cameras, in picture heights: 60° across at 16:9 …
const USUAL_FOCAL: f64 = 1.5;
/// … and how far others are from it, as a share: 35° to 90° across.
const FOCAL_SPREAD: f64 = 0.5;
/// Usual tangent of the tilt, and its spread.
const USUAL_TILT: (f64, f64) = (0.4, 0.6);
/// Heights that are off by more than this many standard deviations, root mean square, contradict each other.
const CONTRADICTION: f64 = 2.5;
/// An error of the scale at somebody's feet beyond which the fit says too little.
const TOO_UNCERTAIN: f64 = 0.35;
const STEPS: usize = 60;

/// A person on the picture: foot and head in picture heights below the middle.
#[derive(Clone, Copy, Debug)]
struct Standing {
    index: usize,
    foot: Place,
    head: f64,
}

/// Focal length in picture heights, tangent of the tilt, and height of the camera in heights of a person.
type Camera = [f64; 3];

/// Fits the map from picture (x times `aspect`, y) to metres, with the origin under the camera, y away from it and x to the right.
pub(super) fn fit(persons: &[BBox], metres: f64, aspect: f64) -> Result<Fit, GroundError> {
    if !(0.5..=2.5).contains(&metres) {
        return Err(GroundError::NotAHeight);
    }
    let mut standing = Vec::with_capacity(persons.len());
    for (index, person) in persons.iter().enumerate() {
        if !person.is_valid() {
            return Err(GroundError::NotFinite { point: index });
        }
        let foot = (f64::from(person.foot().x) * aspect - aspect / 2.0, f64::from(person.y1) - 0.5);
        standing.push(Standing { index, foot, head: f64::from(person.y0) - 0.5 });
    }
    if standing.len() < 3 {
        return Err(GroundError::TooFewPersons { found: standing.len() });
    }
    standing.sort_unstable_by(|a, b| {
        a.foot.1.total_cmp(&b.foot.1).then(a.head.total_cmp(&b.head)).then(a.foot.0.total_cmp(&b.foot.0))
    });
    let camera = search(&standing).ok_or(GroundError::PersonsTooAlike)?;
    let (normal, square) = equations(&standing, &camera).ok_or(GroundError::PersonsTooAlike)?;
    // The two observations of what is usual are not counted: they pull, and do not disagree.
    let sigma = (square / (standing.len() as f64 - 2.0).max(1.0)).sqrt().max(1.0);
    if sigma > CONTRADICTION {
        let off = |person: &Standing| residual(person, &camera).map_or(f64::INFINITY, f64::abs);
        let worst = standing.iter().max_by(|a, b| off(a).total_cmp(&off(b)));
        let point = worst.map_or(0, |person| person.index);
        return Err(GroundError::PersonsContradict { person: point, error: (sigma * HEIGHT_SPREAD) as f32 });
    }
    let places: Vec<Place> =
        standing.iter().map(|person| (person.foot.0 + aspect / 2.0, person.foot.1 + 0.5)).collect();
    let middle = places[places.len() / 2];
    let whole = |camera: &Camera, metres: f64| plane(camera, metres, aspect).scaled_at(middle);
    // Where the persons and what is usual disagree, the fit lies between the two, and the truth may lie at either.
    let pull = usual(&camera).iter().map(|(_, value)| value.abs()).fold(1.0, f64::max);
    let build = || {
        let mut variants = Vec::with_capacity(4);
        for deviation in normal.factor()?.deviations() {
            let varied = std::array::from_fn(|n| camera[n] + sigma * pull * deviation[n]);
            variants.push(whole(&varied, metres)?);
        }
        variants.push(whole(&camera, metres * (1.0 + MEAN_HEIGHT))?);
        Some(Fit { plane: whole(&camera, metres)?, variants, places, residual: sigma * HEIGHT_SPREAD })
    };
    let fit = build().ok_or(GroundError::PersonsTooAlike)?;
    // Across the picture, which is what heights can tell.
    let across = |plane: &Plane, place: Place| Some(1.0 / plane.slopes(place)?[0].abs());
    let uncertain = |place: &Place| {
        let scale = across(&fit.plane, *place).unwrap_or(f64::NAN);
        let square: f64 = fit
            .variants
            .iter()
            .map(|variant| {
                across(variant, *place).map_or(f64::INFINITY, |other| (other / scale - 1.0).powi(2))
            })
            .sum();
        square.is_nan() || square > TOO_UNCERTAIN * TOO_UNCERTAIN
    };
    if fit.places.iter().any(uncertain) { Err(GroundError::PersonsTooAlike) } else { Ok(fit) }
}

/// From the picture, in picture heights from its corner, to metres on the ground.
fn plane(camera: &Camera, metres: f64, aspect: f64) -> Plane {
    let [focal, tilt, height] = *camera;
    let (high, lean) = (height * metres, (1.0 + tilt * tilt).sqrt());
    let (u0, v0) = (aspect / 2.0, 0.5);
    Plane([
        high * lean / focal,
        0.0,
        -high * lean / focal * u0, //
        0.0,
        -high * tilt / focal,
        high * (1.0 + tilt * v0 / focal), //
        0.0,
        1.0 / focal,
        tilt - v0 / focal,
    ])
}

/// Where the model has the head of a person of height 1 whose foot is seen at `foot`; `None` for a foot on the horizon or above.
fn head(foot: f64, camera: &Camera) -> Option<f64> {
    let [focal, tilt, height] = *camera;
    let (down, forward) = (foot / focal + tilt, 1.0 - foot / focal * tilt);
    let ahead = height * forward / down;
    let depth = (height - 1.0) * tilt + ahead;
    (down > 1e-4 && depth > 1e-6).then(|| focal * ((height - 1.0) - ahead * tilt) / depth)
}

/// Difference of the height seen from the one expected, in standard deviations.
fn residual(person: &Standing, camera: &Camera) -> Option<f64> {
    let seen = person.foot.1 - person.head;
    let expected = person.foot.1 - head(person.foot.1, camera)?;
    (expected > 1e-6).then(|| (seen / expected - 1.0) / HEIGHT_SPREAD)
}

/// Normal equations of a step from `camera`, and the sum of squares of the persons alone.
fn equations(standing: &[Standing], camera: &Camera) -> Option<(Normal<3>, f64)> {
    let mut normal = Normal::new();
    let mut square = 0.0;
    for person in standing {
        let here = residual(person, camera)?;
        let mut row = [0.0; 3];
        for (n, slope) in row.iter_mut().enumerate() {
            let step = 1e-5 * camera[n].abs().max(0.1);
            let (mut more, mut less) = (*camera, *camera);
            more[n] += step;
            less[n] -= step;
            *slope = (residual(person, &more)? - residual(person, &less)?) / (2.0 * step);
        }
        normal.add(&row, -here);
        square += here * here;
    }
    for (row, value) in usual(camera) {
        normal.add(&row, value);
    }
    Some((normal, square))
}

/// What cameras usually have, as two observations: half the difference of a ratio and its inverse stands for its logarithm.
fn usual(camera: &Camera) -> [([f64; 3], f64); 2] {
    let [focal, tilt, _] = *camera;
    let (ratio, inverse) = (focal / USUAL_FOCAL, USUAL_FOCAL / focal);
    let slope = (1.0 / USUAL_FOCAL + inverse / focal) / (2.0 * FOCAL_SPREAD);
    [
        ([slope, 0.0, 0.0], (inverse - ratio) / (2.0 * FOCAL_SPREAD)),
        ([0.0, 1.0 / USUAL_TILT.1, 0.0], (USUAL_TILT.0 - tilt) / USUAL_TILT.1),
    ]
}

/// All that is to be made small; infinite where the model cannot have made the picture.
fn cost(standing: &[Standing], camera: &Camera) -> f64 {
    if !(0.2..=20.0).contains(&camera[0])
        || !(-0.5..=4.0).contains(&camera[1])
        || !(0.2..=200.0).contains(&camera[2])
    {
        return f64::INFINITY;
    }
    let persons = standing.iter().map(|person| residual(person, camera).map_or(f64::INFINITY, |r| r * r));
    persons.sum::<f64>() + usual(camera).iter().map(|(_, value)| value * value).sum::<f64>()
}

/// Where the search begins: every combination is tried once.
static FOCALS: [f64; 3] = [0.8, 1.5, 3.0];
static TILTS: [f64; 5] = [0.0, 0.2, 0.5, 1.0, 2.0];
static HEIGHTS: [f64; 6] = [0.8, 1.5, 2.5, 5.0, 12.0, 30.0];

/// Levenberg–Marquardt from the best of a few usual cameras.
fn search(standing: &[Standing]) -> Option<Camera> {
    let starts =
        FOCALS.iter().flat_map(|f| TILTS.iter().flat_map(move |t| HEIGHTS.iter().map(move |h| [*f, *t, *h])));
    let mut best = starts
        .map(|camera| (cost(standing, &camera), camera))
        .min_by(|a, b| a.0.total_cmp(&b.0))
        .filter(|(cost, _)| cost.is_finite())?;
    let mut damping = 1e-2;
    for _ in 0..STEPS {
        let (mut normal, _) = equations(standing, &best.1)?;
        normal.damp(damping);
        let step = normal.solve()?;
        let next: Camera = std::array::from_fn(|n| best.1[n] + step[n]);
        let next_cost = cost(standing, &next);
        if next_cost < best.0 {
            let gained = best.0 - next_cost;
            best = (next_cost, next);
            damping /= 4.0;
            if gained < 1e-10 {
                break;
            }
        } else {
            damping *= 8.0;
            if damping > 1e9 {
                break;
            }
        }
    }
    Some(best.1)
}
