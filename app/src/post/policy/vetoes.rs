//! Which vetoed signals are written: every veto is on the record, but one that strikes without end does not fill it.

use std::collections::VecDeque;

/// Entries of one veto within [`WINDOW_MS`].
const MOST: usize = 3;
/// Milliseconds over which they count.
const WINDOW_MS: f64 = 60_000.0;
/// Vetoes that are told apart on one camera; those of further ones count as one.
const NAMES: usize = 32;

/// Counts the vetoes of one camera.
#[derive(Clone, Debug, Default)]
pub struct Vetoes {
    known: Vec<(String, Count)>,
}

#[derive(Clone, Debug, Default)]
struct Count {
    written_ms: VecDeque<f64>,
    unwritten: u32,
}

impl Vetoes {
    /// A veto struck, at a time on a monotonic clock. When it is to be written, how many before it were not.
    pub fn struck(&mut self, now_ms: f64, veto: &str) -> Option<u32> {
        let known = self.known.iter().position(|(name, _)| name == veto);
        let index = known.unwrap_or_else(|| {
            if self.known.len() < NAMES {
                self.known.push((veto.to_owned(), Count::default()));
            }
            self.known.len() - 1
        });
        let (_, count) = self.known.get_mut(index)?;
        while count.written_ms.front().is_some_and(|at| now_ms - at >= WINDOW_MS) {
            count.written_ms.pop_front();
        }
        if count.written_ms.len() >= MOST {
            count.unwritten = count.unwritten.saturating_add(1);
            return None;
        }
        count.written_ms.push_back(now_ms);
        Some(std::mem::take(&mut count.unwritten))
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST, NAMES, Vetoes};

    #[test]
    fn a_veto_that_strikes_without_end_is_written_a_few_times_a_minute() {
        let mut vetoes = Vetoes::default();
        let written: Vec<u32> =
            (0..600).filter_map(|n| vetoes.struck(f64::from(n) * 100.0, "shadow")).collect();
        assert_eq!(written, [0; MOST]);
        assert_eq!(vetoes.struck(60_000.0, "shadow"), Some(597), "and none is forgotten");
        assert_eq!(vetoes.struck(60_000.0, "beacon"), Some(0), "another veto counts for itself");
    }

    #[test]
    fn names_are_bounded() {
        let mut vetoes = Vetoes::default();
        for n in 0..1000 {
            vetoes.struck(0.0, &n.to_string());
        }
        assert_eq!(vetoes.known.len(), NAMES);
    }
}
