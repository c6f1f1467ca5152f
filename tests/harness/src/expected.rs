//! What should come of a case: `expected.json`.

use serde::Deserialize;
use vigie_engine::Health;
use vigie_protocol::EventKind;

/// A signal that should be raised exactly once, unless `times` says otherwise.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectedSignal {
    /// Kind of situation.
    #[serde(default = "intrusion")]
    pub event: EventKind,
    /// Name of the zone; left out, any will do.
    #[serde(default)]
    pub zone: Option<String>,
    /// Start of the window for the moment of raising, seconds.
    pub from: f64,
    /// Its end, seconds.
    pub until: f64,
    /// People in the zone when it is raised.
    #[serde(default)]
    pub count: Option<u16>,
    /// Where there are too many to list: how many there should be in the window, at least and at most.
    #[serde(default = "once")]
    pub times: (usize, usize),
    /// Why this signal may stay away in the runs that leave out frames at random or begin with a later one.
    #[serde(default)]
    pub optional: Option<String>,
}

fn once() -> (usize, usize) {
    (1, 1)
}

fn intrusion() -> EventKind {
    EventKind::ZoneIntrusion
}

/// A signal that should be held back, and that the log should say so, once or more.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectedVeto {
    /// Kind of situation.
    pub event: EventKind,
    /// Name of the veto.
    pub veto: String,
    /// Start of the window, seconds.
    pub from: f64,
    /// Its end, seconds.
    pub until: f64,
}

/// A state of the camera that should be noticed within a window, and that should not hold outside of any of its windows.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectedHealth {
    /// Which.
    pub state: HealthState,
    /// Start of the window, seconds.
    pub from: f64,
    /// Its end, seconds.
    pub until: f64,
}

/// Names of the states in [`Health`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HealthState {
    /// [`Health::blind`]
    Blind,
    /// [`Health::blurred`]
    Blurred,
    /// [`Health::frozen`]
    Frozen,
    /// [`Health::moved`]
    Moved,
    /// [`Health::low_light`]
    LowLight,
    /// [`Health::in_motion`]
    InMotion,
}

impl HealthState {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Blind, Self::Blurred, Self::Frozen, Self::Moved, Self::LowLight, Self::InMotion];

    /// Whether it holds.
    #[must_use]
    pub fn holds(self, health: Health) -> bool {
        match self {
            Self::Blind => health.blind,
            Self::Blurred => health.blurred,
            Self::Frozen => health.frozen,
            Self::Moved => health.moved,
            Self::LowLight => health.low_light,
            Self::InMotion => health.in_motion,
        }
    }
}

/// All that should come of a case, and nothing else.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// What happens, for people.
    pub about: String,
    /// The signals.
    pub signals: Vec<ExpectedSignal>,
    /// What should be held back; other vetoes do no harm.
    #[serde(default)]
    pub vetoes: Vec<ExpectedVeto>,
    /// What the camera's health should be; not looked at when left out.
    #[serde(default)]
    pub health: Option<Vec<ExpectedHealth>>,
    /// Why the engine does not manage this yet.
    #[serde(default)]
    pub known_failure: Option<String>,
}
