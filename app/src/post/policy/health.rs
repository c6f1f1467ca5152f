//! When a camera's health is worth an entry of the record: a state that holds, and one that is over for a while. What flickers
//! is shown, and not written.

use crate::state::holds;
use vigie_engine::Health;
use vigie_protocol::HealthState;

/// What changed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum HealthChange {
    /// A state holds.
    Began(HealthState),
    /// It is over, after so many seconds.
    Ended(HealthState, f32),
}

/// Watches the states of one camera.
#[derive(Clone, Debug, Default)]
pub struct HealthLog {
    states: [Held; HealthState::ALL.len()],
}

/// One state: since when it is as it is now, and since when it is on the record.
#[derive(Clone, Copy, Debug, Default)]
struct Held {
    holds: bool,
    since_ms: f64,
    recorded_ms: Option<f64>,
}

/// So long a state holds before it is written, milliseconds.
const BEGIN_MS: f64 = 2_000.0;
/// So long it is over before its end is written, milliseconds.
const END_MS: f64 = 5_000.0;

impl HealthLog {
    /// Takes the health as of now, on a monotonic clock; gives what is to be written.
    pub fn step(&mut self, now_ms: f64, health: Health) -> Vec<HealthChange> {
        let mut changes = Vec::new();
        for (state, held) in HealthState::ALL.into_iter().zip(&mut self.states) {
            let holds = holds(health, state);
            if holds != held.holds {
                (held.holds, held.since_ms) = (holds, now_ms);
            }
            let passed_ms = now_ms - held.since_ms;
            match held.recorded_ms {
                None if holds && passed_ms >= BEGIN_MS => {
                    held.recorded_ms = Some(held.since_ms);
                    changes.push(HealthChange::Began(state));
                }
                Some(began_ms) if !holds && passed_ms >= END_MS => {
                    held.recorded_ms = None;
                    changes.push(HealthChange::Ended(state, ((held.since_ms - began_ms) / 1e3) as f32));
                }
                _ => {}
            }
        }
        changes
    }
}

#[cfg(test)]
mod tests {
    use super::{HealthChange, HealthLog};
    use vigie_engine::Health;
    use vigie_protocol::HealthState;

    const WELL: Health = Health {
        blind: false,
        blurred: false,
        frozen: false,
        moved: false,
        low_light: false,
        in_motion: false,
    };

    #[test]
    fn a_state_is_written_when_it_holds_and_when_it_is_over() {
        let mut log = HealthLog::default();
        let blind = Health { blind: true, ..WELL };
        assert_eq!(log.step(0.0, WELL), []);
        assert_eq!(log.step(1_000.0, blind), []);
        assert_eq!(log.step(2_900.0, blind), []);
        assert_eq!(log.step(3_000.0, blind), [HealthChange::Began(HealthState::Blind)]);
        assert_eq!(log.step(60_000.0, blind), []);
        assert_eq!(log.step(61_000.0, WELL), []);
        assert_eq!(log.step(66_000.0, WELL), [HealthChange::Ended(HealthState::Blind, 60.0)]);
        assert_eq!(log.step(99_000.0, WELL), []);
    }

    #[test]
    fn what_flickers_is_not_written_again_and_again() {
        let mut log = HealthLog::default();
        let shaking = Health { in_motion: true, ..WELL };
        let written: usize = (0..600)
            .map(|n| log.step(f64::from(n) * 1e3, if n % 2 == 0 { shaking } else { WELL }).len())
            .sum();
        assert_eq!(written, 0);
        let written: usize = (600..1200)
            .map(|n| log.step(f64::from(n) * 1e3, if n % 4 == 0 { WELL } else { shaking }).len())
            .sum();
        assert_eq!(written, 1, "it began once");
    }

    #[test]
    fn states_are_independent() {
        let mut log = HealthLog::default();
        let both = Health { moved: true, low_light: true, ..WELL };
        log.step(0.0, both);
        let began = log.step(5_000.0, both);
        assert_eq!(
            began,
            [HealthChange::Began(HealthState::Moved), HealthChange::Began(HealthState::LowLight)]
        );
    }
}
