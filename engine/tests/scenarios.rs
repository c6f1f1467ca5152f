//! Runs every scenario in `tests/scenarios` and compares the signals with the expected ones.
//!
//! `cargo test -p vigie-engine --test scenarios -- --nocapture` prints the table.

use std::fmt::Write as _;
use vigie_engine::CameraSettings;
use vigie_scenarios::{Case, Dice, cases, judge, load, replay, transcript};

fn all_cases() -> Vec<Case> {
    let folders = cases().expect("the scenarios can be listed");
    folders.iter().map(|folder| load(folder).unwrap_or_else(|error| panic!("{error}"))).collect()
}

#[test]
fn every_scenario_gives_its_signals() {
    let mut table = String::new();
    let mut failures = 0;
    let cases = all_cases();
    assert!(cases.len() > 10, "the scenarios are missing");
    for Case { expected, runs, .. } in cases {
        for run in runs {
            let got = replay(&run);
            let start_secs = run.frames.first().map_or(0.0, |frame| frame.scenario_secs);
            let verdict = judge(&expected, &got, start_secs, run.strict);
            let times: Vec<String> = got.iter().map(|got| format!("{:.2}", got.secs)).collect();
            let word = match (verdict.passes(), &expected.known_failure) {
                (true, None) => "ok",
                (false, Some(_)) => "known failure",
                (true, Some(_)) => "passes now: take its known_failure out",
                (false, None) => "FAILED",
            };
            let _ = writeln!(table, "{:<55} {word}: {}", run.name, times.join(" "));
            if verdict.passes() == expected.known_failure.is_some() {
                failures += 1;
                let _ = writeln!(table, "    {}\n    {}", expected.about, verdict.complaints.join("\n    "));
            }
        }
    }
    println!("{table}");
    assert_eq!(failures, 0, "\n{table}");
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    for run in all_cases().into_iter().flat_map(|case| case.runs) {
        let first = transcript(&run, &run.frames, |_| ());
        assert_eq!(first, transcript(&run, &run.frames, |_| ()), "{}: second run", run.name);

        let mut shuffled = run.frames.clone();
        let mut dice = Dice(11);
        for frame in &mut shuffled {
            for last in (1..frame.detections.len()).rev() {
                frame.detections.swap(last, (dice.roll() * (last + 1) as f32) as usize);
            }
        }
        assert_eq!(first, transcript(&run, &shuffled, |_| ()), "{}: boxes in another order", run.name);

        // Saving a zone or a rule without a change must not disturb what is under way.
        let (zones, rules) = (run.settings.zones.clone(), run.settings.rules.clone());
        let resaved = transcript(&run, &run.frames, |camera| {
            camera.set_zones(zones.clone());
            camera.set_rules(rules.clone());
        });
        assert_eq!(first, resaved, "{}: zones and rules saved again before every frame", run.name);
    }
}

#[test]
fn settings_survive_their_own_json() {
    for run in all_cases().into_iter().flat_map(|case| case.runs) {
        let text = serde_json::to_string(&run.settings).unwrap();
        assert_eq!(serde_json::from_str::<CameraSettings>(&text).unwrap(), run.settings);
    }
}
