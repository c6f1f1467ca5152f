//! Each veto holds back a signal that comes when it is switched off.

use std::path::Path;
use vigie_engine::CameraSettings;
use vigie_scenarios::{Run, load, replay};

/// Signals of a case's last run, with one veto of its first rule switched on or off.
fn signals(case: &str, veto: &str, on: bool) -> usize {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/scenarios").join(case);
    let run = load(&folder).expect("a case").runs.pop().expect("a run");
    let mut settings = serde_json::to_value(&run.settings).expect("settings are JSON");
    let switch = &mut settings["rules"][0]["vetoes"][veto];
    assert_eq!(*switch, serde_json::Value::Bool(true), "{veto} is on by default");
    *switch = serde_json::Value::Bool(on);
    let settings: CameraSettings = serde_json::from_value(settings).expect("settings read back");
    replay(&Run { settings, ..run }).signals.len()
}

#[test]
fn a_veto_that_is_switched_off_lets_the_signal_through() {
    let cases = [
        ("person_down/drops_onto_a_mattress", "raised"),
        ("person_down/far_away", "too_small"),
        ("person_down/out_at_the_bottom", "leaving_below"),
        ("person_down/passes_a_sunbather", "there_before"),
        ("fire/sign", "steady"),
        ("fire/beacon_fast", "beacon"),
        ("fire/headlights_boxes_only", "moving"),
        ("weapon/poster", "fixed"),
        ("weapon/weak_and_alone", "nobody_near"),
    ];
    for (case, veto) in cases {
        assert_eq!(signals(case, veto, true), 0, "{case} with {veto}");
        assert_ne!(signals(case, veto, false), 0, "{case} without {veto}");
    }
}
