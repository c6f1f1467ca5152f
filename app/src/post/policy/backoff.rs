//! How long to wait before the next attempt: exponential, with full jitter, for ever.

/// Waiting times that double up to a limit. Full jitter: the wait is anywhere from zero to the current bound, so that
/// many posts whose relay came back do not all knock at once ("Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
#[derive(Clone, Debug)]
pub struct Backoff {
    first_ms: f64,
    limit_ms: f64,
    attempt: u32,
}

impl Backoff {
    /// Shortest wait in milliseconds: even the luckiest draw does not hammer.
    pub const FLOOR_MS: f64 = 200.0;

    /// Starts with a bound of `first_ms`, which doubles with every attempt up to `limit_ms`.
    #[must_use]
    pub fn new(first_ms: f64, limit_ms: f64) -> Self {
        Self { first_ms, limit_ms, attempt: 0 }
    }

    /// The waiting times of everything that goes over the network: 1 s to 30 s.
    #[must_use]
    pub fn network() -> Self {
        Self::new(1_000.0, 30_000.0)
    }

    /// Milliseconds to wait now. `chance` is a random share, 0 to 1.
    pub fn next_ms(&mut self, chance: f64) -> f64 {
        let bound = (self.first_ms * 2f64.powi(self.attempt.min(30) as i32)).min(self.limit_ms);
        self.attempt = self.attempt.saturating_add(1);
        (bound * chance.clamp(0.0, 1.0)).max(Self::FLOOR_MS)
    }

    /// Attempts that failed since the last success.
    #[must_use]
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// It worked: the next failure starts from the first bound again.
    pub fn reset(&mut self) {
        self.attempt = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_double_up_to_the_limit_and_start_again_after_success() {
        let mut backoff = Backoff::network();
        let waits: Vec<f64> = (0..7).map(|_| backoff.next_ms(1.0)).collect();
        assert_eq!(waits, [1_000.0, 2_000.0, 4_000.0, 8_000.0, 16_000.0, 30_000.0, 30_000.0]);
        assert_eq!(backoff.attempt(), 7);
        backoff.reset();
        assert!((backoff.next_ms(0.5) - 500.0).abs() < 1e-9);
    }

    #[test]
    fn never_shorter_than_the_floor_and_never_overflows() {
        let mut backoff = Backoff::network();
        for _ in 0..10_000 {
            let wait = backoff.next_ms(0.0);
            assert!((wait - Backoff::FLOOR_MS).abs() < f64::EPSILON);
        }
        assert!(backoff.next_ms(1.0) <= 30_000.0);
    }
}
