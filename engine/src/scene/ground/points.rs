//! The ground from points whose places are known: the direct linear transform on normalised points (Hartley and Zisserman, *Multiple
//! View Geometry*, algorithm 4.2), then steps that make the error on the picture smallest, where the hand has clicked.

use super::plane::{Place, Plane, middle_and_scale};
use super::solve::Normal;
use super::{Fit, GroundError, GroundPoint};

/// How exactly somebody clicks, standard deviation in picture heights: 3 px at 720 lines. Residuals can show a larger one.
const CLICK: f64 = 0.004;
/// Points that disagree by more than this, root mean square in picture heights, contradict each other: 14 px at 720 lines.
const CONTRADICTION: f64 = 0.02;
/// Steps after the linear solution; from exact points none is needed.
const STEPS: usize = 8;

/// Fits the map from picture (x times `aspect`, y) to metres.
pub(super) fn fit(points: &[GroundPoint], aspect: f64) -> Result<Fit, GroundError> {
    let wide = |(index, point): (usize, &GroundPoint)| {
        let pair = Pair {
            index,
            image: (f64::from(point.image.x) * aspect, f64::from(point.image.y)),
            metres: (f64::from(point.metres.x), f64::from(point.metres.y)),
        };
        let finite = [pair.image.0, pair.image.1, pair.metres.0, pair.metres.1].iter().all(|n| n.is_finite());
        if finite { Ok(pair) } else { Err(GroundError::NotFinite { point: index }) }
    };
    let mut pairs = points.iter().enumerate().map(wide).collect::<Result<Vec<_>, _>>()?;
    // Sums in an order of their own: the order in which the points were clicked changes nothing.
    pairs.sort_unstable_by(|a, b| {
        a.image
            .0
            .total_cmp(&b.image.0)
            .then(a.image.1.total_cmp(&b.image.1))
            .then(a.metres.0.total_cmp(&b.metres.0))
    });
    let count = different(&pairs);
    if count < 4 {
        return Err(GroundError::TooFewPoints { found: count });
    }
    fit_pairs(&pairs).ok_or(GroundError::Collinear)?
}

#[derive(Clone, Copy, Debug)]
struct Pair {
    index: usize,
    image: Place,
    metres: Place,
}

/// How many points lie apart from each other on the picture.
fn different(pairs: &[Pair]) -> usize {
    let apart = |a: &Pair, b: &Pair| (a.image.0 - b.image.0).abs().max((a.image.1 - b.image.1).abs()) > CLICK;
    let is_new = |n: &usize| pairs[..*n].iter().all(|earlier| apart(earlier, &pairs[*n]));
    (0..pairs.len()).filter(is_new).count()
}

/// `None` when the points do not span the ground.
fn fit_pairs(pairs: &[Pair]) -> Option<Result<Fit, GroundError>> {
    let images: Vec<Place> = pairs.iter().map(|pair| pair.image).collect();
    let metres: Vec<Place> = pairs.iter().map(|pair| pair.metres).collect();
    let ((middle, scale), (metre_middle, metre_scale)) =
        (middle_and_scale(&images)?, middle_and_scale(&metres)?);
    let normal_pairs: Vec<(Place, Place)> = pairs
        .iter()
        .map(|pair| (centred(pair.image, middle, scale), centred(pair.metres, metre_middle, metre_scale)))
        .collect();

    let mut linear = Normal::<8>::new();
    for &((u, v), (x, y)) in &normal_pairs {
        linear.add(&[u, v, 1.0, 0.0, 0.0, 0.0, -x * u, -x * v], x);
        linear.add(&[0.0, 0.0, 0.0, u, v, 1.0, -y * u, -y * v], y);
    }
    let mut h = linear.solve()?;
    if !in_front(&normal_pairs, &h) {
        return Some(Err(GroundError::Crossed));
    }
    for _ in 0..STEPS {
        let step = on_picture(&normal_pairs, &h)?.0.solve()?;
        let next: [f64; 8] = std::array::from_fn(|n| h[n] + step[n]);
        // A step too far is not taken; the linear solution is good enough then.
        if !in_front(&normal_pairs, &next)
            || on_picture(&normal_pairs, &next)?.1 > on_picture(&normal_pairs, &h)?.1
        {
            break;
        }
        h = next;
    }

    let (normal, square) = on_picture(&normal_pairs, &h)?;
    let freedom = 2.0 * pairs.len() as f64 - 8.0;
    let residual = if freedom > 0.0 { (square / freedom).sqrt() / scale } else { 0.0 };
    if residual > CONTRADICTION {
        let point = worst(&normal_pairs, &h).map_or(0, |n| pairs[n].index);
        return Some(Err(GroundError::Contradiction { point, error: residual as f32 }));
    }
    let click = residual.max(CLICK) * scale;
    let to_normal = Plane([scale, 0.0, -scale * middle.0, 0.0, scale, -scale * middle.1, 0.0, 0.0, 1.0]);
    let from_normal = Plane([
        1.0 / metre_scale,
        0.0,
        metre_middle.0, //
        0.0,
        1.0 / metre_scale,
        metre_middle.1, //
        0.0,
        0.0,
        1.0,
    ]);
    let whole = |h: &[f64; 8]| from_normal.after(&plane(h).after(&to_normal)).scaled_at(middle);
    let mut variants = Vec::with_capacity(8);
    for deviation in normal.factor()?.deviations() {
        variants.push(whole(&std::array::from_fn(|n| h[n] + click * deviation[n]))?);
    }
    Some(Ok(Fit { plane: whole(&h)?, variants, places: images, residual }))
}

fn centred(place: Place, middle: Place, scale: f64) -> Place {
    ((place.0 - middle.0) * scale, (place.1 - middle.1) * scale)
}

/// The last entry is 1: the middle of the points is never on the horizon.
fn plane(h: &[f64; 8]) -> Plane {
    Plane([h[0], h[1], h[2], h[3], h[4], h[5], h[6], h[7], 1.0])
}

/// Whether all points lie on the same side of the horizon, so that one look from above can have seen them all.
fn in_front(pairs: &[(Place, Place)], h: &[f64; 8]) -> bool {
    pairs.iter().all(|(image, _)| plane(h).nearness(*image) > 1e-3)
}

/// What a point is off by on the picture, to first order, and how that depends on the unknowns.
#[expect(clippy::many_single_char_names, reason = "the letters of the formula")]
fn off_by(h: &[f64; 8], (image, metres): (Place, Place)) -> Option<([f64; 2], [[f64; 8]; 2])> {
    let plane = plane(h);
    let (x, y) = plane.apply(image)?;
    let [a, b, c, d] = plane.slopes(image)?;
    let determinant = a * d - b * c;
    if determinant.abs() < 1e-9 {
        return None;
    }
    let ((u, v), w) = (image, plane.nearness(image));
    let along_x = [u / w, v / w, 1.0 / w, 0.0, 0.0, 0.0, -x * u / w, -x * v / w];
    let along_y = [0.0, 0.0, 0.0, u / w, v / w, 1.0 / w, -y * u / w, -y * v / w];
    let (dx, dy) = (metres.0 - x, metres.1 - y);
    let residual = [(d * dx - b * dy) / determinant, (a * dy - c * dx) / determinant];
    let rows = [
        std::array::from_fn(|n| (d * along_x[n] - b * along_y[n]) / determinant),
        std::array::from_fn(|n| (a * along_y[n] - c * along_x[n]) / determinant),
    ];
    Some((residual, rows))
}

/// Normal equations of the error on the picture, and its sum of squares.
fn on_picture(pairs: &[(Place, Place)], h: &[f64; 8]) -> Option<(Normal<8>, f64)> {
    let (mut normal, mut square) = (Normal::new(), 0.0);
    for pair in pairs {
        let (residual, rows) = off_by(h, *pair)?;
        for (row, residual) in rows.iter().zip(residual) {
            normal.add(row, residual);
            square += residual * residual;
        }
    }
    Some((normal, square))
}

/// The point that fits worst.
fn worst(pairs: &[(Place, Place)], h: &[f64; 8]) -> Option<usize> {
    let off = |pair: &(Place, Place)| off_by(h, *pair).map_or(f64::INFINITY, |([x, y], _)| x * x + y * y);
    (0..pairs.len()).max_by(|a, b| off(&pairs[*a]).total_cmp(&off(&pairs[*b])))
}
