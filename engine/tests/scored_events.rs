//! What must hold of falls, fires and weapons for any boxes and any grey pictures.

use proptest::prelude::*;
use std::collections::BTreeSet;
use vigie_engine::scene::{FireSettings, PersonDownSettings, Rule, WeaponSettings};
use vigie_engine::{BBox, CameraAnalysis, CameraSettings, Detection, FrameInput, Luma, Micros};

/// Size of the grey pictures, pixels.
const PICTURE: (usize, usize) = (64, 40);

fn edge() -> impl Strategy<Value = f32> {
    prop_oneof![30 => 0.0_f32..1.0, 1 => -1.0_f32..2.0, 1 => prop_oneof![Just(f32::NAN), Just(f32::INFINITY)]]
}

/// Boxes that hang together often enough for evidence to come together: few places, classes that matter.
fn any_detection() -> impl Strategy<Value = Detection> {
    let places = prop_oneof![4 => Just((0.4, 0.4)), 1 => (edge(), edge())];
    let class = prop_oneof![Just(1_u8), Just(18), Just(88), 101_u8..=103, 111_u8..=112, Just(121)];
    (places, 0.02_f32..0.5, 0.02_f32..0.5, class, edge()).prop_map(
        |((x0, y0), width, height, class_id, score)| Detection {
            bbox: BBox { x0, y0, x1: x0 + width, y1: y0 + height },
            class_id,
            score,
        },
    )
}

/// Frames: seconds since the last one, boxes, whether it continues, what its picture is made from.
fn any_frames() -> impl Strategy<Value = Vec<(f32, Vec<Detection>, bool, u8)>> {
    let pause = prop_oneof![20 => 0.02_f32..0.6, 1 => -1.0_f32..40.0];
    let boxes = prop::collection::vec(any_detection(), 0..12);
    prop::collection::vec((pause, boxes, prop::bool::weighted(0.03), any::<u8>()), 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn anything_gives_sound_signals_in_any_order_of_boxes(frames in any_frames()) {
        let rules = vec![
            Rule::PersonDown(PersonDownSettings::default()),
            Rule::Fire(FireSettings::default()),
            Rule::Weapon(WeaponSettings::default()),
        ];
        let settings = CameraSettings { rules, ..CameraSettings::default() };
        let mut camera = CameraAnalysis::new(settings.clone());
        let mut reversed = CameraAnalysis::new(settings);
        let (mut open, mut raised) = (BTreeSet::new(), BTreeSet::new());
        let mut at = Micros(0);
        for (pause, detections, discontinuity, seed) in frames {
            at = at.plus_secs(pause);
            let pixels: Vec<u8> =
                (0..PICTURE.0 * PICTURE.1).map(|n| (n as u8).wrapping_mul(seed | 1)).collect();
            let frame = |detections| FrameInput {
                luma: Luma::new(&pixels, PICTURE.0, PICTURE.1),
                discontinuity,
                ..FrameInput::new(at, detections)
            };
            let step = camera.step(&frame(&detections));
            for incident in step.cleared {
                prop_assert!(open.remove(&incident.incident), "an incident is raised once before it is cleared once");
            }
            for signal in step.raised {
                prop_assert!(raised.insert(signal.incident) && open.insert(signal.incident));
                prop_assert!((0.0..=1.0).contains(&signal.score) && signal.since <= signal.at && signal.at == at);
                prop_assert!(signal.region.x0 <= signal.region.x1 && signal.region.y0 <= signal.region.y1);
            }
            prop_assert!(step.vetoed.iter().all(|veto| (0.0..=1.0).contains(&veto.score)));
            let forwards = (step.raised.to_vec(), step.cleared.to_vec(), step.vetoed.to_vec());
            let backwards: Vec<Detection> = detections.iter().rev().copied().collect();
            let step = reversed.step(&frame(&backwards));
            prop_assert_eq!(forwards, (step.raised.to_vec(), step.cleared.to_vec(), step.vetoed.to_vec()));
        }
    }
}
