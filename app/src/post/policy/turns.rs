//! Whose turn it is when several cameras want the engine.

/// Fair turns: among those that want one, the one that has waited longest since its last turn.
#[derive(Clone, Debug)]
pub struct Turns<K> {
    order: Vec<K>,
}

impl<K> Default for Turns<K> {
    fn default() -> Self {
        Self { order: Vec::new() }
    }
}

impl<K: Clone + PartialEq> Turns<K> {
    /// Joins at the end of the row.
    pub fn join(&mut self, key: K) {
        if !self.order.contains(&key) {
            self.order.push(key);
        }
    }

    /// Leaves the row.
    pub fn leave(&mut self, key: &K) {
        self.order.retain(|k| k != key);
    }

    /// The first in the row that wants a turn; it goes to the end of the row.
    pub fn take(&mut self, wants: impl Fn(&K) -> bool) -> Option<K> {
        let at = self.order.iter().position(wants)?;
        let key = self.order.remove(at);
        self.order.push(key.clone());
        Some(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everyone_gets_a_turn_and_nobody_two_in_a_row_while_others_wait() {
        let mut turns = Turns::default();
        for key in ["a", "b", "c", "a"] {
            turns.join(key);
        }
        let taken: Vec<_> = (0..6).filter_map(|_| turns.take(|_| true)).collect();
        assert_eq!(taken, ["a", "b", "c", "a", "b", "c"]);
        assert_eq!(turns.take(|k| *k == "b"), Some("b"));
        assert_eq!(turns.take(|k| *k != "c"), Some("a"));
        assert_eq!(turns.take(|k| *k == "z"), None);
        turns.leave(&"a");
        assert_eq!(turns.take(|_| true), Some("c"));
        assert_eq!(turns.take(|_| true), Some("b"));
        assert_eq!(turns.take(|_| true), Some("c"));
    }
}
