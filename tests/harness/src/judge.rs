//! What came against what was expected.

use crate::expected::{ExpectedHealth, HealthState};
use crate::{Expected, ExpectedSignal, Got, Playback};

/// How a run did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verdict {
    /// For every expected signal those that it got, by place in what was got.
    pub matched: Vec<Vec<usize>>,
    /// Places of signals that nothing expected.
    pub unexpected: Vec<usize>,
    /// What is wrong; empty when every expected signal came once, in its window, and nothing else.
    pub complaints: Vec<String>,
}

impl Verdict {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn passes(&self) -> bool {
        self.complaints.is_empty()
    }
}

/// Pairs what came with what was expected. Whoever is there at the start of a run is seen for the dwell time that much later; only
/// `strict` runs miss signals that are marked as optional.
#[must_use]
pub fn judge(expected: &Expected, got: &Playback, strict: bool) -> Verdict {
    let mut verdict = Verdict::default();
    let mut unclaimed: Vec<usize> = (0..got.signals.len()).collect();
    for signal in &expected.signals {
        let (least, most) = signal.times;
        let fitting = unclaimed.iter().copied().filter(|&n| fits(signal, &got.signals[n], got.start_secs));
        let claimed: Vec<usize> = fitting.take(most).collect();
        unclaimed.retain(|n| !claimed.contains(n));
        if claimed.len() < least && (strict || signal.optional.is_none()) {
            verdict.complaints.push(format!("{} of {least}: {signal:?}", claimed.len()));
        }
        verdict.matched.push(claimed);
    }
    verdict.complaints.extend(unclaimed.iter().map(|&n| format!("unexpected: {:?}", got.signals[n])));
    verdict.unexpected = unclaimed;
    for veto in &expected.vetoes {
        let came = got.vetoes.iter().any(|got| {
            got.event == veto.event && got.veto == veto.veto && (veto.from..=veto.until).contains(&got.secs)
        });
        if !came {
            verdict.complaints.push(format!("missing: {veto:?}; vetoes were {:?}", got.vetoes));
        }
    }
    if let Some(health) = &expected.health {
        verdict.complaints.extend(HealthState::ALL.into_iter().flat_map(|state| ills(state, health, got)));
    }
    verdict
}

fn fits(expected: &ExpectedSignal, got: &Got, start_secs: f64) -> bool {
    expected.event == got.event
        && expected.zone.as_ref().is_none_or(|zone| got.zone.as_ref() == Some(zone))
        && (expected.from..=expected.until + start_secs).contains(&got.secs)
        && expected.count.is_none_or(|count| count == got.count)
}

/// What is wrong with one state of the camera's health.
fn ills(state: HealthState, expected: &[ExpectedHealth], got: &Playback) -> Vec<String> {
    let mut ills = Vec::new();
    let windows: Vec<_> = expected.iter().filter(|window| window.state == state).collect();
    // Every span for which the state held.
    let ends = got.health.iter().skip(1).map(|(secs, _)| *secs).chain([f64::INFINITY]);
    let spans: Vec<(f64, f64)> = got
        .health
        .iter()
        .zip(ends)
        .filter(|((_, health), _)| state.holds(*health))
        .map(|((from, _), until)| (*from, until))
        .collect();
    for window in &windows {
        if !spans.iter().any(|(from, until)| *from <= window.until && *until > window.from) {
            ills.push(format!("not noticed: {window:?}"));
        }
    }
    for (from, until) in spans {
        // A state that holds to the end of the run has no end to judge.
        let in_window = |secs: f64| windows.iter().any(|window| (window.from..=window.until).contains(&secs));
        if !in_window(from) || (until.is_finite() && !in_window(until)) {
            ills.push(format!("{state:?} from {from:.2} to {until:.2} s"));
        }
    }
    ills
}

#[cfg(test)]
mod tests {
    use super::*;
    use vigie_engine::Health;
    use vigie_protocol::EventKind;

    fn expected(text: &str) -> Expected {
        serde_json::from_str(text).unwrap()
    }

    fn got(event: EventKind, zone: Option<&str>, secs: f64) -> Got {
        Got { event, zone: zone.map(str::to_owned), secs, count: 1 }
    }

    #[test]
    fn a_signal_is_claimed_once_and_others_are_complained_of() {
        let expected = expected(
            r#"{"about": "", "signals": [{"zone": "a", "from": 1, "until": 2}, {"event": "fire", "from": 1, "until": 2}]}"#,
        );
        let signals = vec![
            got(EventKind::Fire, None, 1.5),
            got(EventKind::ZoneIntrusion, Some("b"), 1.5),
            got(EventKind::Fire, None, 1.6),
        ];
        let verdict = judge(&expected, &Playback { signals, ..Playback::default() }, true);
        assert_eq!((verdict.matched, verdict.unexpected), (vec![vec![], vec![0]], vec![1, 2]));
        assert_eq!(verdict.complaints.len(), 3);
    }

    #[test]
    fn many_signals_of_a_kind_are_counted() {
        let expected = expected(
            r#"{"about": "", "signals": [{"event": "wrong_way", "from": 0, "until": 9, "times": [2, 3]}]}"#,
        );
        let passes = |count: usize| {
            let signals = (0..count).map(|n| got(EventKind::WrongWay, None, n as f64)).collect();
            judge(&expected, &Playback { signals, ..Playback::default() }, true).passes()
        };
        assert_eq!([1, 2, 3, 4].map(passes), [false, true, true, false]);
    }

    #[test]
    fn only_lenient_runs_may_miss_what_is_optional() {
        let expected =
            expected(r#"{"about": "", "signals": [{"from": 1, "until": 2, "optional": "because"}]}"#);
        let nothing = Playback::default();
        assert!(judge(&expected, &nothing, false).passes() && !judge(&expected, &nothing, true).passes());
    }

    #[test]
    fn health_holds_in_its_windows_and_nowhere_else() {
        let expected = expected(
            r#"{"about": "", "signals": [], "health": [{"state": "blind", "from": 5, "until": 12}]}"#,
        );
        let blind = Health { blind: true, ..Health::default() };
        let well = Health::default();
        let verdict = |health: Vec<(f64, Health)>| {
            judge(&expected, &Playback { health, ..Playback::default() }, true).passes()
        };
        assert!(verdict(vec![(0.0, well), (5.5, blind), (11.0, well)]));
        assert!(verdict(vec![(0.0, well), (5.5, blind)]));
        assert!(!verdict(vec![(0.0, well)]));
        assert!(!verdict(vec![(0.0, well), (4.0, blind), (11.0, well)]));
        assert!(!verdict(vec![(0.0, well), (5.5, blind), (11.0, well), (20.0, blind)]));
        assert!(!verdict(vec![(0.0, well), (5.5, Health { frozen: true, ..blind }), (11.0, well)]));
    }
}
