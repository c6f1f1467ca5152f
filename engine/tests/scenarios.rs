//! Runs every scenario in `tests/scenarios` and compares the signals with the expected ones.
//!
//! `cargo test -p vigie-engine --test scenarios -- --nocapture` prints the table.

mod support;

use std::fmt::Write as _;
use support::{Dice, Expected, Frame, Run};
use vigie_engine::{CameraAnalysis, CameraSettings, FrameInput};

/// A signal as a scenario sees it.
#[derive(Debug)]
struct Got {
    zone: String,
    secs: f64,
    count: u16,
}

fn signals_of(run: &Run) -> Vec<Got> {
    let mut camera = CameraAnalysis::new(run.settings.clone());
    let mut got = Vec::new();
    for frame in &run.frames {
        let step = camera.step(&FrameInput {
            discontinuity: frame.discontinuity,
            ..FrameInput::new(frame.at, &frame.detections)
        });
        got.extend(step.raised.iter().map(|signal| Got {
            zone: signal.zone_name.clone().unwrap_or_default(),
            secs: frame.scenario_secs,
            count: signal.count,
        }));
    }
    got
}

/// What is wrong; empty when every expected signal came once, in its window, and nothing else.
fn complaints(expected: &Expected, run: &Run, got: &[Got]) -> Vec<String> {
    let mut complaints = Vec::new();
    // Whoever is there at the start of a run is seen for the dwell time that much later.
    let start_secs = run.frames.first().map_or(0.0, |frame| frame.scenario_secs);
    let mut unclaimed: Vec<&Got> = got.iter().collect();
    for signal in &expected.signals {
        let fits = |got: &&Got| {
            got.zone == signal.zone
                && (signal.from..=signal.until + start_secs).contains(&got.secs)
                && signal.count.is_none_or(|count| count == got.count)
        };
        match unclaimed.iter().position(fits) {
            Some(index) => {
                unclaimed.remove(index);
            }
            None if signal.optional.is_some() && !run.strict => {}
            None => complaints.push(format!("missing: {signal:?}")),
        }
    }
    complaints.extend(unclaimed.iter().map(|got| format!("unexpected: {got:?}")));
    complaints
}

#[test]
fn every_scenario_gives_its_signals() {
    let mut table = String::new();
    let mut failures = 0;
    let cases = support::cases();
    assert!(cases.len() > 10, "the scenarios are missing");
    for case in cases {
        let (expected, runs) = support::load(&case);
        for run in runs {
            let got = signals_of(&run);
            let complaints = complaints(&expected, &run, &got);
            let times: Vec<String> = got.iter().map(|got| format!("{:.2}", got.secs)).collect();
            let verdict = match (complaints.is_empty(), &expected.known_failure) {
                (true, None) => "ok",
                (false, Some(_)) => "known failure",
                (true, Some(_)) => "passes now: take its known_failure out",
                (false, None) => "FAILED",
            };
            let _ = writeln!(table, "{:<55} {verdict}: {}", run.name, times.join(" "));
            if complaints.is_empty() == expected.known_failure.is_some() {
                failures += 1;
                let _ = writeln!(table, "    {}\n    {}", expected.about, complaints.join("\n    "));
            }
        }
    }
    println!("{table}");
    assert_eq!(failures, 0, "\n{table}");
}

/// Everything that the engine says, as bytes.
fn transcript(
    settings: &CameraSettings,
    frames: &[Frame],
    mut before_step: impl FnMut(&mut CameraAnalysis),
) -> String {
    let mut camera = CameraAnalysis::new(settings.clone());
    let mut transcript = String::new();
    for frame in frames {
        before_step(&mut camera);
        let step = camera.step(&FrameInput {
            discontinuity: frame.discontinuity,
            ..FrameInput::new(frame.at, &frame.detections)
        });
        transcript += &serde_json::to_string(&step).expect("output is serialisable");
        transcript.push('\n');
    }
    transcript
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    for run in support::cases().iter().flat_map(|case| support::load(case).1) {
        let first = transcript(&run.settings, &run.frames, |_| ());
        assert_eq!(first, transcript(&run.settings, &run.frames, |_| ()), "{}: second run", run.name);

        let mut shuffled = run.frames.clone();
        let mut dice = Dice(11);
        for frame in &mut shuffled {
            for last in (1..frame.detections.len()).rev() {
                frame.detections.swap(last, (dice.roll() * (last + 1) as f32) as usize);
            }
        }
        assert_eq!(
            first,
            transcript(&run.settings, &shuffled, |_| ()),
            "{}: boxes in another order",
            run.name
        );

        // Saving a zone without a change must not disturb what is under way.
        let zones = run.settings.zones.clone();
        let resaved = transcript(&run.settings, &run.frames, |camera| camera.set_zones(zones.clone()));
        assert_eq!(first, resaved, "{}: zones saved again before every frame", run.name);
    }
}

#[test]
fn settings_survive_their_own_json() {
    for run in support::cases().iter().flat_map(|case| support::load(case).1) {
        let text = serde_json::to_string(&run.settings).unwrap();
        assert_eq!(serde_json::from_str::<CameraSettings>(&text).unwrap(), run.settings);
    }
}
