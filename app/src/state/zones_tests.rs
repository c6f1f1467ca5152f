use super::*;

fn p(x: f32, y: f32) -> Point {
    Point { x, y }
}

fn id(n: u128) -> ZoneId {
    ZoneId(uuid::Uuid::from_u128(n))
}

fn square() -> Vec<Point> {
    vec![p(0.1, 0.1), p(0.6, 0.1), p(0.6, 0.6), p(0.1, 0.6)]
}

fn one_of_each() -> Vec<ZoneView> {
    let shapes = [
        Shape::Forbidden { polygon: square(), dwell_secs: 2.0 },
        Shape::Line { from: p(0.1, 0.5), to: p(0.9, 0.5), crossing: Crossing::ToLeft },
        Shape::Direction { polygon: square(), direction: Some(p(0.25, -0.5)) },
        Shape::Density { polygon: square(), limit: Limit::PerM2(4.5) },
    ];
    let view = |(n, shape)| ZoneView { id: id(n as u128), name: format!("Nr {n}"), shape };
    shapes.into_iter().enumerate().map(view).collect()
}

#[test]
fn what_is_drawn_comes_back_as_it_was() {
    let mut settings = CameraSettings::default();
    let before = settings.rules.len();
    for view in one_of_each() {
        put(&mut settings, &view).unwrap();
    }
    assert_eq!(drawn(&settings), one_of_each());
    assert_eq!(settings.rules.len(), before + 3);
    for (view, kind) in one_of_each().iter().zip(Kind::ALL) {
        assert_eq!(view.shape.kind(), kind);
        assert_eq!(take_out(&mut settings, view.id).as_ref(), Some(view));
        assert_eq!(take_out(&mut settings, view.id), None);
    }
    assert_eq!(settings, CameraSettings::default());
}

#[test]
fn a_change_keeps_identity_place_and_the_thresholds_that_are_not_drawn() {
    let mut settings = CameraSettings::default();
    let mut views = one_of_each();
    for view in &views {
        put(&mut settings, view).unwrap();
    }
    settings.zones[0].clear_secs = 7.0;
    let Shape::Forbidden { dwell_secs, .. } = &mut views[0].shape else { unreachable!() };
    *dwell_secs = 9.0;
    let Shape::Line { crossing, .. } = &mut views[1].shape else { unreachable!() };
    *crossing = crossing.next();
    views[2].name = "Rue".into();
    let Shape::Density { limit, .. } = &mut views[3].shape else { unreachable!() };
    *limit = Limit::Persons(80);
    for view in &views {
        put(&mut settings, view).unwrap();
    }
    assert_eq!(drawn(&settings), views);
    assert_eq!((settings.zones[0].clear_secs, settings.zones.len()), (7.0, 1));
}

#[test]
fn what_cannot_be_taken_in_changes_nothing() {
    let mut settings = CameraSettings::default();
    let crossed = vec![p(0.1, 0.1), p(0.6, 0.6), p(0.6, 0.1), p(0.1, 0.6)];
    for shape in [
        Shape::Forbidden { polygon: crossed.clone(), dwell_secs: 1.0 },
        Shape::Direction { polygon: crossed.clone(), direction: Some(p(1.0, 0.0)) },
        Shape::Density { polygon: crossed, limit: Limit::PerM2(4.0) },
    ] {
        let view = ZoneView { id: id(1), name: "A".into(), shape };
        assert!(matches!(put(&mut settings, &view), Err(Unfit::Shape(_))));
    }
    let line = |n: usize| ZoneView {
        id: id(n as u128),
        name: "A".into(),
        shape: Shape::Line { from: p(0.0, 0.0), to: p(1.0, 1.0), crossing: Crossing::Both },
    };
    for n in settings.rules.len()..CameraSettings::MAX_RULES {
        put(&mut settings, &line(n)).unwrap();
    }
    assert_eq!(put(&mut settings, &line(999)), Err(Unfit::RulesFull));
    assert_eq!(settings.rules.len(), CameraSettings::MAX_RULES);
}
