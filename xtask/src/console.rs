//! What the user sees: one line when a step begins, a sign of life while it runs, one line when it ends.

use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Prints whole lines with the time since the command began; several steps may run at once.
pub(crate) struct Console {
    began: Instant,
    out: Mutex<()>,
}

/// How often a running step says what it is at.
pub(crate) const SIGN_OF_LIFE: Duration = Duration::from_secs(20);

impl Console {
    pub(crate) fn new() -> Self {
        Self { began: Instant::now(), out: Mutex::new(()) }
    }

    /// One line about one step.
    pub(crate) fn line(&self, step: &str, text: &str) {
        let seconds = self.began.elapsed().as_secs_f64();
        let guard = self.out.lock();
        println!("{:>3}:{:04.1}  {step:<16} {text}", seconds as u64 / 60, seconds % 60.0);
        drop(guard);
    }

    /// Runs a step between its first and its last line.
    pub(crate) fn step<T>(
        &self,
        step: &str,
        doing: &str,
        work: impl FnOnce() -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        self.line(step, &format!("{doing} …"));
        let began = Instant::now();
        let result = work();
        let seconds = began.elapsed().as_secs_f64();
        match &result {
            Ok(_) => self.line(step, &format!("done in {seconds:.1} s")),
            Err(_) => self.line(step, &format!("FAILED after {seconds:.1} s")),
        }
        result
    }

    /// Time since the command began.
    pub(crate) fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }
}
