//! Signals against what was expected.

use crate::{Expected, ExpectedSignal, Got};

/// How a run did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verdict {
    /// For every expected signal the one that it got, by place in what was got.
    pub matched: Vec<Option<usize>>,
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

/// Pairs what came with what was expected. Whoever is there at the start of a run, `start_secs`, is seen for the dwell time that
/// much later; only `strict` runs miss signals that are marked as optional.
#[must_use]
pub fn judge(expected: &Expected, got: &[Got], start_secs: f64, strict: bool) -> Verdict {
    let mut verdict = Verdict::default();
    let mut unclaimed: Vec<usize> = (0..got.len()).collect();
    for signal in &expected.signals {
        let place = unclaimed.iter().position(|&n| fits(signal, &got[n], start_secs));
        let claimed = place.map(|place| unclaimed.remove(place));
        if claimed.is_none() && (strict || signal.optional.is_none()) {
            verdict.complaints.push(format!("missing: {signal:?}"));
        }
        verdict.matched.push(claimed);
    }
    verdict.complaints.extend(unclaimed.iter().map(|&n| format!("unexpected: {:?}", got[n])));
    verdict.unexpected = unclaimed;
    verdict
}

fn fits(expected: &ExpectedSignal, got: &Got, start_secs: f64) -> bool {
    expected.event == got.event
        && expected.zone.as_ref().is_none_or(|zone| got.zone.as_ref() == Some(zone))
        && (expected.from..=expected.until + start_secs).contains(&got.secs)
        && expected.count.is_none_or(|count| count == got.count)
}
