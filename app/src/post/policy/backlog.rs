//! What waits to be stored, in order.

use std::collections::VecDeque;

/// A bounded line of things to be stored. The first may be on its way to the disk; it leaves the line when it is there.
#[derive(Clone, Debug)]
pub struct Backlog<T> {
    line: VecDeque<T>,
    most: usize,
    lost: u64,
}

impl<T> Backlog<T> {
    /// An empty line for `most` things, at least two. What comes when it is full pushes out the oldest that is not on its
    /// way.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self { line: VecDeque::new(), most: most.max(2), lost: 0 }
    }

    /// Puts something at the end.
    pub fn push(&mut self, thing: T) {
        if self.line.len() >= self.most {
            self.line.remove(1);
            self.lost += 1;
        }
        self.line.push_back(thing);
    }

    /// Puts something before everything else; only while nothing is on its way.
    pub fn push_first(&mut self, thing: T) {
        self.line.push_front(thing);
    }

    /// Whether nothing waits: only then may something new go straight to the disk.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.line.is_empty()
    }

    /// What is to be stored next; it stays in the line.
    #[must_use]
    pub fn first(&self) -> Option<&T> {
        self.line.front()
    }

    /// The first is on disk.
    pub fn first_is_stored(&mut self) -> Option<T> {
        self.line.pop_front()
    }

    /// How many were pushed out since this was last asked, once nothing waits any more: telling it earlier would push out
    /// one more.
    pub fn take_lost(&mut self) -> Option<u64> {
        (self.is_empty() && self.lost > 0).then(|| std::mem::take(&mut self.lost))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_leave_in_their_order_and_only_when_stored() {
        let mut backlog = Backlog::new(9);
        (1..=3).for_each(|n| backlog.push(n));
        backlog.push_first(0);
        assert_eq!(backlog.first(), Some(&0));
        assert_eq!(backlog.first(), Some(&0), "a failed attempt takes nothing away");
        backlog.push(4);
        let mut stored = Vec::new();
        while let Some(next) = backlog.first().copied() {
            stored.push(next);
            assert!(!backlog.is_empty(), "nothing may overtake what is on its way");
            assert_eq!(backlog.first_is_stored(), Some(next));
        }
        assert_eq!(stored, [0, 1, 2, 3, 4]);
    }

    #[test]
    fn a_full_line_loses_the_oldest_that_is_not_on_its_way_and_says_so_in_the_end() {
        let mut backlog = Backlog::new(3);
        (1..=5).for_each(|n| backlog.push(n));
        assert_eq!(backlog.take_lost(), None);
        let left: Vec<_> = std::iter::from_fn(|| backlog.first_is_stored()).collect();
        assert_eq!(left, [1, 4, 5]);
        assert_eq!(backlog.take_lost(), Some(2));
        assert_eq!(backlog.take_lost(), None);
    }
}
