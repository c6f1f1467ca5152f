//! The self-test passes on a sound engine and fails on a disturbed one.

use super::support::detector;
use futures::executor::block_on;
use vigie_engine::detector::selftest::{Signature, TOLERANCE, expected, self_test};
use vigie_engine::detector::{CLASSES_IN_USE, Detector, RawOutput};
use vigie_engine::network::{InputSize, ModelName};

const SIZE: InputSize = InputSize { width: 256, height: 256 };

#[test]
fn a_sound_engine_passes_and_keeps_its_input_size() {
    for model in [ModelName::Lite0, ModelName::Lite1, ModelName::Lite2] {
        let Some(mut detector) = detector(model, SIZE, &CLASSES_IN_USE) else { return };
        let report = block_on(self_test(&mut detector, model)).unwrap();
        println!("{model:?}: {report:?}");
        assert!(report.passes(), "{model:?}: {report:?}");
        // Well below what passes, so that another engine's rounding has room.
        assert!(report.deviation < TOLERANCE / 5.0, "{model:?}: {report:?}");
        assert_eq!(detector.input(), SIZE);
    }
}

#[test]
fn a_silent_channel_of_the_first_layer_is_noticed() {
    // Channel 31 would not do: it is silent in the trained network.
    for channel in [0, 7, 13, 22, 30] {
        let Some(detector) = detector(ModelName::Lite0, SIZE, &CLASSES_IN_USE) else { return };
        let report =
            block_on(self_test(&mut detector.with_silent_channel(channel), ModelName::Lite0)).unwrap();
        println!("channel {channel} silent: {report:?}");
        assert!(!report.passes(), "channel {channel} silent: {report:?}");
    }
}

#[test]
fn the_weights_of_another_network_are_noticed() {
    let Some(mut detector) = detector(ModelName::Lite0, SIZE, &CLASSES_IN_USE) else { return };
    let report = block_on(self_test(&mut detector, ModelName::Lite1)).unwrap();
    assert!(!report.passes(), "{report:?}");
}

#[test]
fn a_wrong_last_column_of_any_level_is_noticed() {
    let Some(mut detector) = detector(ModelName::Lite0, SIZE, &CLASSES_IN_USE) else { return };
    assert!(block_on(self_test(&mut detector, ModelName::Lite0)).unwrap().passes());
    let sound = detector.raw().unwrap();
    let stored = expected(ModelName::Lite0).unwrap();
    for level in 0..5 {
        let disturbed = with_last_column_lost(sound, level);
        let deviation = stored.deviation(&Signature::of(&disturbed));
        assert!(deviation > TOLERANCE, "level {level}: {deviation}");
    }
}

/// As if a kernel had left the last column of one level's logits as the one before it.
fn with_last_column_lost(raw: &RawOutput, level: usize) -> RawOutput {
    let columns = raw.anchors[level].size[1];
    let mut flat = Vec::new();
    for l in 0..5 {
        for plane in 0..9 * raw.classes.len() {
            let mut values = raw.logits(l, plane / raw.classes.len(), plane % raw.classes.len()).to_vec();
            if l == level {
                for row in values.chunks_exact_mut(columns) {
                    row[columns - 1] = row[columns - 2];
                }
            }
            flat.extend(values);
        }
    }
    for l in 0..5 {
        for plane in 0..36 {
            flat.extend_from_slice(raw.codes(l, plane / 4, plane % 4));
        }
    }
    RawOutput::from_flat(&flat, &raw.classes, vigie_engine::detector::selftest::INPUT).unwrap()
}
