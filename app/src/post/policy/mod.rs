//! Decisions of the runtime as plain functions of their input: no browser, no clock, no random number. Time comes in as
//! milliseconds on a monotonic clock, chance as a share from 0 to 1.

mod backlog;
mod backoff;
mod changes;
mod counting;
mod health;
mod ladder;
mod latency;
mod outbox;
mod ring;
mod scene;
mod sizing;
mod stall;
mod telling;
mod troubles;
mod turns;
mod vetoes;
mod why;

pub use backlog::Backlog;
pub use backoff::Backoff;
pub use changes::changes;
pub use counting::Counting;
pub use health::{HealthChange, HealthLog};
pub use ladder::{EngineChoice, Ladder, Means, Rung};
pub use latency::{LatencyWindow, RateWindow};
pub use outbox::{NextStep, Outbox, PushOutcome};
pub use ring::Ring;
pub use scene::Scene;
pub use sizing::{Sizer, input_sizes};
pub use stall::{Picture, StallWatch};
pub use telling::Telling;
pub use troubles::{JournalUse, Troubles};
pub use turns::Turns;
pub use vetoes::Vetoes;
pub use why::{TOLD, measures};
