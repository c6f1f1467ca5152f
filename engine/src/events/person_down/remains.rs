//! What is left to see of somebody whom the detector has lost: what differs from the background around the place.

use super::look::{Look, Source};
use crate::motion::MotionView;
use crate::{BBox, Micros};

/// From this share on a cell counts as foreground.
const FOREGROUND: f32 = 0.5;
/// Fewest cells of a body.
const MIN_CELLS: usize = 4;
/// Share of its box that a body fills at least.
const MIN_FILL: f32 = 0.4;
/// Flow under this confidence says nothing.
const MIN_CONFIDENCE: f32 = 0.2;

/// Working memory; grows to the number of cells and stays.
#[derive(Clone, Debug, Default)]
pub(super) struct Scratch {
    state: Vec<bool>,
    queue: Vec<(usize, usize)>,
}

/// Columns and rows of the cells whose middles lie in a box: `(from, until)` each.
fn cells(motion: &MotionView, bbox: &BBox) -> [(usize, usize); 2] {
    let range = |from: f32, until: f32, count: usize| {
        let cell = |share: f32| (share.clamp(0.0, 1.0) * count as f32).round() as usize;
        (cell(from), cell(until))
    };
    [range(bbox.x0, bbox.x1, motion.columns), range(bbox.y0, bbox.y1, motion.rows)]
}

/// The largest piece of foreground about the place where somebody like `upright` was: a box around it.
pub(super) fn find(
    scratch: &mut Scratch,
    motion: &MotionView,
    upright: &Look,
    at: Micros,
    aspect: f32,
) -> Option<Look> {
    let (height, centre) = (upright.height(), upright.bbox.centre());
    let search = BBox {
        x0: centre.x - 1.2 * height / aspect,
        x1: centre.x + 1.2 * height / aspect,
        y0: upright.bbox.y0 - 0.1 * height,
        y1: upright.bbox.y1 + 0.5 * height,
    };
    let [(left, right), (top, bottom)] = cells(motion, &search);
    scratch.state.clear();
    scratch.state.resize(motion.columns * motion.rows, false);
    let foreground = |x: usize, y: usize| {
        motion.foreground.get(y * motion.columns + x).is_some_and(|share| *share >= FOREGROUND)
    };
    let mut best: Option<(usize, BBox)> = None;
    for y in top..bottom {
        for x in left..right {
            if scratch.state[y * motion.columns + x] || !foreground(x, y) {
                continue;
            }
            let (mut count, mut x0, mut x1, mut y0, mut y1) = (0, x, x, y, y);
            scratch.state[y * motion.columns + x] = true;
            scratch.queue.push((x, y));
            while let Some((x, y)) = scratch.queue.pop() {
                count += 1;
                (x0, x1, y0, y1) = (x0.min(x), x1.max(x), y0.min(y), y1.max(y));
                for ny in y.saturating_sub(1).max(top)..(y + 2).min(bottom) {
                    for nx in x.saturating_sub(1).max(left)..(x + 2).min(right) {
                        let state = &mut scratch.state[ny * motion.columns + nx];
                        if !*state && foreground(nx, ny) {
                            *state = true;
                            scratch.queue.push((nx, ny));
                        }
                    }
                }
            }
            if best.is_none_or(|(most, _)| count > most) {
                let share = |cell: usize, of: usize| cell as f32 / of as f32;
                let bbox = BBox {
                    x0: share(x0, motion.columns),
                    y0: share(y0, motion.rows),
                    x1: share(x1 + 1, motion.columns),
                    y1: share(y1 + 1, motion.rows),
                };
                best = Some((count, bbox));
            }
        }
    }
    let (count, bbox) = best?;
    let all = (bbox.width() * motion.columns as f32) * (bbox.height() * motion.rows as f32);
    let body = count >= MIN_CELLS && count as f32 >= MIN_FILL * all;
    body.then_some(Look { at, bbox, score: 0.0, source: Source::Foreground })
}

/// Mean speed at which what is in a box moves down, shares of the picture's height per second; 0 where nothing is known.
pub(super) fn downward(motion: &MotionView, bbox: &BBox) -> f32 {
    let [(left, right), (top, bottom)] = cells(motion, bbox);
    let (mut sum, mut count) = (0.0, 0_u32);
    for y in top..bottom {
        for cell in y * motion.columns + left..y * motion.columns + right {
            let known = |values: &[f32], least: f32| values.get(cell).is_some_and(|value| *value >= least);
            if known(&motion.confidence, MIN_CONFIDENCE) && known(&motion.foreground, 0.3) {
                sum += motion.flow_y.get(cell).copied().unwrap_or_default();
                count += 1;
            }
        }
    }
    if count == 0 { 0.0 } else { sum / count as f32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(lying: (usize, usize, usize, usize)) -> MotionView {
        let (columns, rows) = (40, 24);
        let inside = |n: usize| {
            let (x, y) = (n % columns, n / columns);
            lying.0 <= x && x < lying.2 && lying.1 <= y && y < lying.3
        };
        let cells = || (0..columns * rows).map(|n| if inside(n) { 1.0 } else { 0.0 }).collect::<Vec<f32>>();
        MotionView {
            columns,
            rows,
            flow_x: vec![0.0; columns * rows],
            flow_y: cells(),
            confidence: vec![1.0; columns * rows],
            foreground: cells(),
            ..MotionView::default()
        }
    }

    #[test]
    fn finds_the_body_and_its_box() {
        let upright = Look {
            at: Micros(0),
            bbox: BBox { x0: 0.45, y0: 0.3, x1: 0.55, y1: 0.8 },
            score: 0.9,
            source: Source::Person,
        };
        let mut scratch = Scratch::default();
        let found = find(&mut scratch, &view((16, 16, 26, 20)), &upright, Micros(1), 1.6).unwrap();
        let expected = BBox { x0: 0.4, y0: 16.0 / 24.0, x1: 0.65, y1: 20.0 / 24.0 };
        assert!(found.bbox.iou(&expected) > 0.99, "{found:?}");
        assert_eq!(find(&mut scratch, &view((0, 0, 3, 3)), &upright, Micros(1), 1.6), None, "too far away");
        assert_eq!(find(&mut scratch, &view((20, 16, 21, 18)), &upright, Micros(1), 1.6), None, "too small");
    }

    #[test]
    fn downward_flow_is_that_of_what_moves() {
        let motion = view((16, 16, 26, 20));
        assert!((downward(&motion, &BBox { x0: 0.3, y0: 0.5, x1: 0.7, y1: 1.0 }) - 1.0).abs() < 1e-6);
        assert!(downward(&motion, &BBox { x0: 0.0, y0: 0.0, x1: 0.3, y1: 0.3 }).abs() < 1e-6);
    }
}
