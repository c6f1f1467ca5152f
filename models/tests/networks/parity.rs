//! Parity with the reference run of `models/reference/make_fixture.py`.

use super::support::{crate_folder, detect, detector, read_png};
use vigie_engine::detector::parity::{Fixture, compare};
use vigie_engine::detector::{Detector, Frame, all_classes};
use vigie_engine::network::{InputSize, ModelName};

fn parity(model: ModelName, nominal: u32) {
    let folder = crate_folder().join("tests/fixtures");
    let fixture: Fixture =
        serde_json::from_str(&std::fs::read_to_string(folder.join("parity.json")).unwrap()).unwrap();
    let input = InputSize { width: nominal, height: nominal };
    let Some(mut detector) = detector(model, input, &all_classes()) else { return };
    let cases: Vec<_> = fixture.cases.iter().filter(|case| case.model == model).collect();
    let pictures: std::collections::BTreeSet<_> = cases.iter().map(|case| &case.picture).collect();
    assert!(pictures.len() >= 5, "the fixture has {} pictures", pictures.len());
    let mut boxes = 0;
    for case in cases {
        let (rgba, width, height) = read_png(&folder.join(&case.picture));
        detector.set_input(case.input).unwrap();
        let found = detect(&mut detector, &Frame::new(&rgba, width, height).unwrap(), 0.2).unwrap();
        let comparison = compare(case, &found);
        println!("{model:?} {}×{} {}: {comparison:?}", case.input.width, case.input.height, case.picture);
        assert!(comparison.passes(), "{} through {model:?}: {comparison:?}", case.picture);
        boxes += comparison.boxes;
    }
    assert!(boxes >= 40, "only {boxes} boxes were compared");
}

#[test]
fn lite0_agrees_with_the_reference() {
    parity(ModelName::Lite0, 320);
}

#[test]
fn lite1_agrees_with_the_reference() {
    parity(ModelName::Lite1, 384);
}

#[test]
fn lite2_agrees_with_the_reference() {
    parity(ModelName::Lite2, 448);
}
