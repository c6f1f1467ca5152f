//! Motion on made-up pictures, where it is known what moves.

#[path = "support/scene.rs"]
mod scene;

use proptest::prelude::*;
use scene::{HEIGHT, WIDTH, noisy, picture, put};
use vigie_engine::motion::crowd::{TrendWatch, ZoneCells, measure};
use vigie_engine::motion::{FlowField, Motion, MotionView, Proposal, flow_between};
use vigie_engine::{Luma, Micros, Point, Polygon};

/// Runs pictures, `fps` a second, from a frame number on.
fn run(motion: &mut Motion, fps: f32, frames: std::ops::Range<u32>, picture: impl Fn(u32) -> Vec<u8>) {
    for frame in frames {
        let grey = noisy(picture(frame), frame);
        let at = Micros((frame as f32 * 1e6 / fps) as i64);
        motion.step(at, Luma::new(&grey, WIDTH, HEIGHT).expect("the picture's size"));
    }
}

/// Flow of a cell, pixels a frame.
fn flow_px(view: &MotionView, cell: usize) -> (f32, f32) {
    (view.flow_x[cell] * view.dt_secs * WIDTH as f32, view.flow_y[cell] * view.dt_secs * HEIGHT as f32)
}

fn moving(view: &MotionView) -> impl Iterator<Item = &Proposal> {
    view.proposals.iter().filter(|proposal| proposal.still_secs == 0.0 && proposal.strength > 0.4)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_shift_of_the_whole_view_is_the_cameras(seed in 0_u32..1000, x in -24.0_f32..24.0, y in -24.0_f32..24.0) {
        let mut motion = Motion::default();
        run(&mut motion, 5.0, 0..2, |frame| picture(seed, x * frame as f32, y * frame as f32));
        let (right, down) = motion.view().camera_shift;
        let (right, down) = (right * WIDTH as f32, down * HEIGHT as f32);
        // Beyond a cell's width some cells lose their match: a twentieth of the shift.
        let largest = x.abs().max(y.abs());
        let most = if largest <= 8.0 { 0.25 } else { largest / 20.0 };
        let error = (right - x).abs().max((down - y).abs());
        prop_assert!(error < most, "{x} {y} came out as {right} {down}");
    }

    #[test]
    fn a_sway_of_less_than_half_a_pixel_is_the_cameras(seed in 0_u32..1000, x in -0.5_f32..0.5, y in -0.5_f32..0.5) {
        let mut motion = Motion::default();
        run(&mut motion, 5.0, 0..2, |frame| picture(seed, x * frame as f32, y * frame as f32));
        let (right, down) = motion.view().camera_shift;
        let error = (right * WIDTH as f32 - x).abs().max((down * HEIGHT as f32 - y).abs());
        prop_assert!(error < 0.25, "{x} {y} came out as {right} {down}");
    }

    #[test]
    fn what_drifts_before_a_still_camera_is_not_the_cameras(seed in 0_u32..1000, x in 0.2_f32..0.45) {
        let mut motion = Motion::default();
        run(&mut motion, 5.0, 0..2, |frame| {
            let mut grey = picture(seed, 0.0, 0.0);
            // Two thirds of the view.
            put(&mut grey, seed + 1, (40.0 + x * frame as f32, 10.0), (240, 160));
            grey
        });
        let (right, down) = motion.view().camera_shift;
        prop_assert!(right == 0.0 && down == 0.0, "{x} came out as {} {}", right * WIDTH as f32, down * HEIGHT as f32);
    }

    #[test]
    fn a_thing_that_moves_is_followed_to_a_quarter_pixel(
        seed in 0_u32..1000,
        x in -24.0_f32..24.0,
        y in -24.0_f32..24.0,
        gain in 0.7_f32..1.1,
    ) {
        let mut motion = Motion::default();
        run(&mut motion, 5.0, 0..2, |frame| {
            let mut grey = picture(seed, 0.0, 0.0);
            let at = |from: f32, by: f32| from + by * frame as f32;
            put(&mut grey, seed + 1, (at(120.0, x), at(60.0, y)), (80, 64));
            // The exposure changes between the two.
            let gain = if frame == 1 { gain } else { 1.0 };
            grey.iter().map(|&pixel| (f32::from(pixel) * gain) as u8).collect()
        });
        let view = motion.view();
        let (mut right, mut wrong) = (0, 0);
        for cell in 0..view.columns * view.rows {
            let (left, top) = ((cell % view.columns * 8) as f32, (cell / view.columns * 8) as f32);
            // Cells that lie in the thing with a margin.
            let inside = left >= 128.0 + x && left + 8.0 <= 192.0 + x && top >= 68.0 + y && top + 8.0 <= 116.0 + y;
            if inside && view.confidence[cell] > 0.5 {
                let (u, v) = flow_px(view, cell);
                if (u - x).abs() < 0.25 && (v - y).abs() < 0.25 { right += 1 } else { wrong += 1 }
            }
        }
        // Cells near its rim see what is behind it as well: of 1,500 draws, the worst had three wrong and seventeen right.
        prop_assert!(right >= 10 && wrong * 5 <= right, "{right} right, {wrong} wrong");
        prop_assert!(view.camera_shift.0.abs() * (WIDTH as f32) < 0.25, "the camera stood still");
    }
}

#[test]
fn what_moves_gets_one_box_and_the_box_goes_with_it() {
    for fps in [4.0, 12.0, 25.0] {
        let place = |frame: u32| (40.0 + 60.0 * (frame as f32 / fps - 2.0).max(0.0), 90.0);
        let mut motion = Motion::default();
        let last = (4.0 * fps) as u32;
        run(&mut motion, fps, 0..last + 1, |frame| {
            let mut grey = picture(1, 0.0, 0.0);
            if frame as f32 >= 2.0 * fps {
                put(&mut grey, 2, place(frame), (24, 48));
            }
            grey
        });
        let boxes: Vec<_> = moving(motion.view()).collect();
        let [one] = boxes.as_slice() else { panic!("{fps} fps: {boxes:?}") };
        let (x, y) = place(last);
        let expected = [x, y, x + 24.0, y + 48.0];
        let got = [one.bbox.x0 * 320.0, one.bbox.y0 * 184.0, one.bbox.x1 * 320.0, one.bbox.y1 * 184.0];
        let off = expected.iter().zip(got).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(off <= 4.0, "{fps} fps: {expected:?} came out as {got:?}");
        assert!((one.flow_x * 320.0 - 60.0).abs() < 8.0, "{fps} fps: {} px a second", one.flow_x * 320.0);
    }
}

#[test]
fn two_that_pass_each_other_stay_two() {
    let mut motion = Motion::default();
    run(&mut motion, 10.0, 0..31, |frame| {
        let mut grey = picture(1, 0.0, 0.0);
        let way = 8.0 * (frame as f32 - 20.0);
        if frame >= 10 {
            put(&mut grey, 2, (140.0 + way, 70.0), (32, 24));
            put(&mut grey, 3, (300.0 - 140.0 - way, 94.0), (32, 24));
        }
        grey
    });
    let view = motion.view();
    let ways: Vec<f32> = moving(view).map(|proposal| proposal.flow_x).collect();
    assert!(
        ways.len() == 2 && ways.iter().any(|x| *x > 0.1) && ways.iter().any(|x| *x < -0.1),
        "{:?}",
        view.proposals
    );
}

#[test]
fn a_change_of_exposure_is_not_motion() {
    for (gain, offset) in [(0.75, 0.0), (1.15, 5.0), (1.0, -30.0)] {
        let mut motion = Motion::default();
        for frame in 0..60 {
            run(&mut motion, 20.0, frame..frame + 1, |frame| {
                let grey = picture(4, 0.0, 0.0);
                let change = |pixel: &u8| (f32::from(*pixel) * gain + offset).clamp(0.0, 255.0) as u8;
                if frame < 50 { grey } else { grey.iter().map(change).collect() }
            });
            let view = motion.view();
            assert_eq!(moving(view).count(), 0, "gain {gain}, frame {frame}");
            let share = view.foreground.iter().sum::<f32>() / view.foreground.len() as f32;
            assert!(share < 0.03, "gain {gain}, frame {frame}: {share} in the foreground");
            assert_eq!(view.exposure_changed, frame == 50, "gain {gain}, frame {frame}");
        }
    }
}

#[test]
fn what_is_left_behind_is_known_for_minutes_and_what_has_gone_is_not() {
    let fps = 4.0;
    let mut motion = Motion::default();
    let at_minutes = |minutes: f32| (minutes * 60.0 * fps) as u32;
    let empty = picture(5, 0.0, 0.0);
    let scene = |frame: u32| {
        let mut grey = empty.clone();
        // Put down after 20 s; a second thing is there from the start and goes after 40 s.
        if frame as f32 >= 20.0 * fps {
            put(&mut grey, 6, (200.0, 120.0), (20, 16));
        }
        if (frame as f32) < 40.0 * fps {
            put(&mut grey, 7, (60.0, 60.0), (28, 40));
        }
        grey
    };
    run(&mut motion, fps, 0..at_minutes(3.0), scene);
    let still: Vec<_> = motion.view().proposals.iter().filter(|proposal| proposal.still_secs > 0.0).collect();
    let [one] = still.as_slice() else { panic!("{still:?}") };
    assert!((one.still_secs - 160.0).abs() < 2.0 && one.newness > 0.0, "{one:?}");
    assert!(
        (one.bbox.x0 * 320.0 - 200.0).abs() <= 4.0 && (one.bbox.y1 * 184.0 - 136.0).abs() <= 4.0,
        "{one:?}"
    );
    // Somebody passes before it for a second: it is no newer for that.
    let passing = |frame: u32| {
        let mut grey = scene(frame);
        let way = (frame - at_minutes(3.0)) as f32 * 12.0;
        put(&mut grey, 9, (160.0 + way, 90.0), (20, 60));
        grey
    };
    run(&mut motion, fps, at_minutes(3.0)..at_minutes(3.0) + 12, passing);
    run(&mut motion, fps, at_minutes(3.0) + 12..at_minutes(3.1), scene);
    let still = motion.view().proposals.iter().map(|proposal| proposal.still_secs).fold(0.0, f32::max);
    assert!(still > 160.0, "{still}");
    // Taken away: gone at once.
    run(&mut motion, fps, at_minutes(3.1)..at_minutes(3.1) + 12, |_| empty.clone());
    assert_eq!(motion.view().proposals, []);
}

#[test]
fn a_camera_that_sways_keeps_its_background() {
    let mut motion = Motion::default();
    for frame in 0..200 {
        run(&mut motion, 20.0, frame..frame + 1, |frame| {
            let sway =
                |per_sec: f32, of: f32| of * (std::f32::consts::TAU * per_sec * frame as f32 / 20.0).sin();
            picture(8, sway(1.3, 1.6), sway(0.9, 1.1))
        });
        if frame > 40 {
            assert!(!motion.view().lost, "frame {frame}");
            assert_eq!(moving(motion.view()).count(), 0, "frame {frame}: {:?}", motion.view().proposals);
        }
    }
}

#[test]
fn a_pan_is_the_cameras_and_who_walks_against_it_still_moves() {
    let mut motion = Motion::default();
    run(&mut motion, 10.0, 0..20, |frame| {
        let pan = -6.0 * frame as f32;
        let mut grey = picture(9, pan, 0.0);
        put(&mut grey, 10, (100.0 + 2.0 * frame as f32, 60.0), (40, 64));
        grey
    });
    let view = motion.view();
    assert!(view.camera_moves && view.lost);
    assert!((view.camera_shift.0 * 320.0 + 6.0).abs() < 0.25, "{:?}", view.camera_shift);
    let middle = (92 / 8) * view.columns + (158 / 8);
    let (x, y) = flow_px(view, middle);
    assert!((x - 8.0).abs() < 0.3 && y.abs() < 0.3, "{x} {y}");
}

#[test]
fn a_reset_or_another_size_begins_anew() {
    let mut motion = Motion::default();
    run(&mut motion, 10.0, 0..5, |_| picture(1, 0.0, 0.0));
    motion.reset();
    assert!(motion.view().proposals.is_empty() && motion.view().dt_secs == 0.0);
    let grey = picture(2, 0.0, 0.0);
    assert!(motion.step(Micros(1_000_000), Luma::new(&grey, WIDTH, HEIGHT).unwrap()).is_none());
    let tall: Vec<u8> = grey.iter().copied().take(184 * 304).collect();
    assert!(motion.step(Micros(1_100_000), Luma::new(&tall, 184, 304).unwrap()).is_none());
    assert!(motion.step(Micros(1_200_000), Luma::new(&tall, 184, 304).unwrap()).is_some());
    // The smallest picture there is, and an odd one.
    for (width, height) in [(8, 8), (37, 19)] {
        for time in 0..5 {
            motion.step(
                Micros(2_000_000 + 40_000 * time),
                Luma::new(&grey[..width * height], width, height).unwrap(),
            );
        }
    }
}

/// A view in which every cell moves by `flow` (picture heights a second, at a point in picture heights).
fn crowd_view(flow: impl Fn(f32, f32) -> (f32, f32)) -> MotionView {
    let (columns, rows) = (40, 23);
    let aspect = 320.0 / 184.0;
    let mut view = MotionView { columns, rows, dt_secs: 0.1, ..MotionView::default() };
    for cell in 0..columns * rows {
        let (x, y) = ((cell % columns) as f32 / 40.0 * aspect, (cell / columns) as f32 / 23.0);
        let (u, v) = flow(x, y);
        view.flow_x.push(u / aspect);
        view.flow_y.push(v);
        view.confidence.push(0.8);
        view.foreground.push(1.0);
        view.still.push(0.0);
    }
    view
}

#[test]
fn crowd_measures_are_those_of_the_flow() {
    let aspect = 320.0 / 184.0;
    let zone = ZoneCells::new(None, 40, 23);
    let stream = measure(&crowd_view(|_, _| (0.3, 0.4)), &zone, aspect).unwrap();
    assert!((stream.speed - 0.5).abs() < 1e-3 && (stream.order - 1.0).abs() < 1e-3, "{stream:?}");
    assert!(
        stream.expansion.abs() < 1e-3 && stream.counter_flow == 0.0 && stream.unrest < 1e-3,
        "{stream:?}"
    );
    // Twice as long in metres.
    let metres = measure(&crowd_view(|_, _| (0.3, 0.4)), &zone.clone().scaled(|_| 2.0), aspect).unwrap();
    assert!((metres.speed - 1.0).abs() < 1e-3);
    // Away from a point, 0.2 a second for each unit of distance: the area grows by 0.4 of itself a second.
    let burst = measure(&crowd_view(|x, y| (0.2 * (x - 0.8), 0.2 * (y - 0.5))), &zone, aspect).unwrap();
    assert!((burst.expansion - 0.4).abs() < 0.01 && (burst.divergence - 0.4).abs() < 0.01, "{burst:?}");
    assert!(burst.convergence < 1e-3 && burst.order < 0.2, "{burst:?}");
    let rush = measure(&crowd_view(|x, y| (-0.2 * (x - 0.8), -0.2 * (y - 0.5))), &zone, aspect).unwrap();
    assert!((rush.expansion + 0.4).abs() < 0.01 && (rush.convergence - 0.4).abs() < 0.01, "{rush:?}");
    // 18 rows one way, 5 the other.
    let both = measure(&crowd_view(|_, y| (if y < 0.74 { 0.3 } else { -0.3 }, 0.0)), &zone, aspect).unwrap();
    assert!((both.counter_flow - 5.0 / 23.0).abs() < 1e-3, "{both:?}");
    // Only what lies inside counts.
    let corner = |x, y| Point { x, y };
    let top =
        Polygon::new(vec![corner(0.0, 0.0), corner(1.0, 0.0), corner(1.0, 0.5), corner(0.0, 0.5)]).unwrap();
    let upper = ZoneCells::new(Some(&top), 40, 23);
    let both = measure(&crowd_view(|_, y| (if y < 0.7 { 0.3 } else { -0.3 }, 0.0)), &upper, aspect).unwrap();
    assert!(both.counter_flow == 0.0 && both.foreground > 0.99, "{both:?}");
    assert_eq!(measure(&crowd_view(|_, _| (0.0, 0.0)), &ZoneCells::new(None, 4, 4), aspect), None);
}

#[test]
fn a_zone_that_fills_while_it_slows_down_is_compressed() {
    let mut watch = TrendWatch::default();
    let mut trend = None;
    for step in 0..150 {
        let late = step >= 130;
        let crowd = vigie_engine::motion::crowd::CrowdMotion {
            foreground: if late { 0.6 } else { 0.3 },
            speed: if late { 0.1 } else { 0.4 },
            ..Default::default()
        };
        trend = watch.step(Micros(step * 100_000), &crowd);
        if !late {
            assert!(trend.is_none_or(|trend| trend.compression < 1e-3), "{trend:?}");
        }
    }
    assert!(trend.is_some_and(|trend| trend.compression > 0.2), "{trend:?}");
}

#[test]
fn the_same_pictures_give_the_same_bytes() {
    let view = || {
        let mut motion = Motion::default();
        run(&mut motion, 10.0, 0..30, |frame| {
            let mut grey = picture(3, 0.0, 0.0);
            put(&mut grey, 2, (100.0 + 40.0 * (frame as f32).sin(), 60.0), (30, 30));
            grey
        });
        motion.view().clone()
    };
    assert_eq!(view(), view());
}

#[test]
fn a_flow_measured_elsewhere_stands_for_our_own() {
    let frame = |n: u8| {
        let mut grey = picture(3, 0.7 * f32::from(n), 0.0);
        put(&mut grey, 4, (60.0 + 5.0 * f32::from(n), 60.0), (48, 48));
        noisy(grey, u32::from(n))
    };
    let frames: Vec<_> = (0..8).map(frame).collect();
    let luma = |n: usize| Luma::new(&frames[n], WIDTH, HEIGHT).expect("the picture's size");
    let at = |n: usize| Micros(n as i64 * 100_000);
    let between = |n: usize| flow_between(luma(n - 1), luma(n)).expect("of one size");

    // On its own, each pair gives what was given: nothing of ours is mixed in.
    let (mut own, mut given) = (Motion::default(), Motion::default());
    own.step(at(0), luma(0));
    let numbers = between(1);
    let field = FlowField::new(&numbers, WIDTH, HEIGHT).expect("a number for each");
    // There is nothing before the first picture, whatever is said.
    assert!(given.step_with(at(0), luma(0), Some(field)).is_none());
    assert_eq!(own.step(at(1), luma(1)), given.step_with(at(1), luma(1), Some(field)));

    // A given flow is followed from frame to frame, and what is no number is no motion.
    for n in 2..5 {
        let mut numbers = between(n);
        numbers[0] = f32::NAN;
        let field = FlowField::new(&numbers, WIDTH, HEIGHT);
        let view = given.step_with(at(n), luma(n), field).expect("there is flow");
        assert!(view.flow_x.iter().chain(&view.flow_y).all(|way| way.is_finite()));
        assert!(moving(view).count() <= 2 && view.camera_support > 0.5);
    }
    // Without one, the next picture begins anew, and the one after that has motion again.
    assert!(given.step(at(5), luma(5)).is_none());
    assert!(given.step(at(6), luma(6)).is_some());

    // Neither one of another size nor one after too long a gap is taken.
    let small = vec![0.0; 5];
    assert!(given.step_with(at(7), luma(7), FlowField::new(&small, 8, 8)).is_none());
    let numbers = between(7);
    let field = FlowField::new(&numbers, WIDTH, HEIGHT);
    assert!(given.step_with(at(40), luma(7), field).is_none());
    assert!(FlowField::new(&numbers, WIDTH, HEIGHT + 8).is_none());
}
