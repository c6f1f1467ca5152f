//! Arrows on a picture. Those that are painted lie in a space whose units are equally long along x and y (pixels), y downwards.

use super::zones::Crossing;
use vigie_engine::Point;

/// A place in that space.
pub type Place = (f64, f64);

/// The corners of an arrow's head, the tip first; `length` is the head's.
#[must_use]
pub fn head([tail, tip]: [Place; 2], length: f64) -> [Place; 3] {
    let (dx, dy) = unit(tail, tip);
    let foot = (tip.0 - dx * length, tip.1 - dy * length);
    let half = length * 0.5;
    [tip, (foot.0 - dy * half, foot.1 + dx * half), (foot.0 + dy * half, foot.1 - dx * half)]
}

/// The arrows that show which way a line may not be crossed: from its middle to the side at which one must not arrive.
#[must_use]
pub fn side_arrows([from, to]: [Place; 2], crossing: Crossing, length: f64) -> Vec<[Place; 2]> {
    let (dx, dy) = unit(from, to);
    let middle = (f64::midpoint(from.0, to.0), f64::midpoint(from.1, to.1));
    // With y downwards, who goes to the right has their right hand below.
    let arrow = |side: f64| [middle, (middle.0 - dy * length * side, middle.1 + dx * length * side)];
    match crossing {
        Crossing::Both => vec![arrow(1.0), arrow(-1.0)],
        Crossing::ToRight => vec![arrow(1.0)],
        Crossing::ToLeft => vec![arrow(-1.0)],
    }
}

/// An arrow of a direction through the middle of a zone, a third of its size long.
#[must_use]
pub fn arrow_in(polygon: &[Point], direction: Point) -> [Point; 2] {
    let span = |of: fn(&Point) -> f32| {
        let (low, high) =
            polygon.iter().map(of).fold((1.0_f32, 0.0_f32), |(low, high), v| (low.min(v), high.max(v)));
        (f32::midpoint(low, high), (high - low).max(0.05))
    };
    let ((x, width), (y, height)) = (span(|p| p.x), span(|p| p.y));
    let length = direction.x.hypot(direction.y);
    let unit = if length > 1e-6 {
        Point { x: direction.x / length, y: direction.y / length }
    } else {
        Point { x: 1.0, y: 0.0 }
    };
    let half = width.min(height) / 3.0;
    let end = |sign: f32| on_picture(Point { x: x + sign * half * unit.x, y: y + sign * half * unit.y });
    [end(-1.0), end(1.0)]
}

/// The nearest point on the picture.
#[must_use]
pub fn on_picture(p: Point) -> Point {
    Point { x: p.x.clamp(0.0, 1.0), y: p.y.clamp(0.0, 1.0) }
}

fn unit(from: Place, to: Place) -> Place {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = dx.hypot(dy);
    if length > 1e-9 { (dx / length, dy / length) } else { (1.0, 0.0) }
}

#[cfg(test)]
mod tests {
    use super::{head, side_arrows};
    use crate::state::Crossing;

    #[test]
    fn sides_are_those_of_somebody_who_goes_along_the_line() {
        let to_the_right = [(0.0, 0.0), (10.0, 0.0)];
        assert_eq!(side_arrows(to_the_right, Crossing::ToRight, 4.0), [[(5.0, 0.0), (5.0, 4.0)]]);
        assert_eq!(side_arrows(to_the_right, Crossing::ToLeft, 4.0), [[(5.0, 0.0), (5.0, -4.0)]]);
        assert_eq!(side_arrows(to_the_right, Crossing::Both, 4.0).len(), 2);
        let down = [(0.0, 0.0), (0.0, 10.0)];
        assert_eq!(side_arrows(down, Crossing::ToRight, 4.0), [[(0.0, 5.0), (-4.0, 5.0)]]);
    }

    #[test]
    fn a_head_lies_on_its_arrow() {
        assert_eq!(head([(0.0, 0.0), (10.0, 0.0)], 4.0), [(10.0, 0.0), (6.0, 2.0), (6.0, -2.0)]);
        assert_eq!(head([(1.0, 1.0), (1.0, 1.0)], 4.0)[0], (1.0, 1.0), "none without a length");
    }
}
