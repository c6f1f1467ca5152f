//! A sign of life for runs that take minutes.

use std::time::{Duration, Instant};
use vigie_engine::Micros;

/// Says now and then how far a run has come, on standard error.
#[derive(Debug)]
pub(crate) struct Progress {
    what: &'static str,
    began: Instant,
    said: Instant,
    frames: u32,
}

impl Progress {
    const EVERY: Duration = Duration::from_secs(15);

    /// Starts now.
    pub(crate) fn new(what: &'static str) -> Self {
        let now = Instant::now();
        Self { what, began: now, said: now, frames: 0 }
    }

    /// One more frame is done.
    pub(crate) fn frame(&mut self, at: Micros) {
        self.frames += 1;
        if self.said.elapsed() > Self::EVERY {
            self.said = Instant::now();
            let rate = f64::from(self.frames) / self.began.elapsed().as_secs_f64();
            eprintln!("{}: {:.1} s of footage, {rate:.1} frames a second", self.what, at.0 as f64 / 1e6);
        }
    }
}
