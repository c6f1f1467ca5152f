//! The last few seconds of something.

use std::collections::VecDeque;

/// Holds timestamped items of the last `span_ms`, at most `most` of them; the oldest go first.
#[derive(Clone, Debug)]
pub struct Ring<T> {
    span_ms: f64,
    most: usize,
    items: VecDeque<(f64, T)>,
}

impl<T> Ring<T> {
    /// An empty ring.
    #[must_use]
    pub fn new(span_ms: f64, most: usize) -> Self {
        Self { span_ms, most, items: VecDeque::new() }
    }

    /// Adds an item. One that is not newer than the last is left out.
    pub fn push(&mut self, at_ms: f64, item: T) {
        if self.items.back().is_some_and(|(last, _)| *last >= at_ms) {
            return;
        }
        self.items.push_back((at_ms, item));
        while self.items.len() > self.most
            || self.items.front().is_some_and(|(at, _)| *at < at_ms - self.span_ms)
        {
            self.items.pop_front();
        }
    }

    /// The items from `from_ms` to `to_ms`, oldest first.
    pub fn between(&self, from_ms: f64, to_ms: f64) -> impl Iterator<Item = (f64, &T)> {
        self.items.iter().filter(move |(at, _)| (from_ms..=to_ms).contains(at)).map(|(at, item)| (*at, item))
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.items.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_last_seconds_and_never_more_than_the_limit() {
        let mut ring = Ring::new(1_000.0, 3);
        for at in [0.0, 200.0, 400.0, 600.0] {
            ring.push(at, at as u32);
        }
        ring.push(600.0, 999);
        let kept: Vec<u32> = ring.between(0.0, 1e9).map(|(_, item)| *item).collect();
        assert_eq!(kept, [200, 400, 600]);
        ring.push(1_500.0, 1_500);
        let kept: Vec<f64> = ring.between(500.0, 1_000.0).map(|(at, _)| at).collect();
        assert_eq!(kept, [600.0]);
    }
}
