//! What should come of a case: `expected.json`.

use serde::Deserialize;
use vigie_protocol::EventKind;

/// A signal that should be raised exactly once.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectedSignal {
    /// Kind of situation.
    #[serde(default = "intrusion")]
    pub event: EventKind,
    /// Name of the zone; left out where the rule has none.
    #[serde(default)]
    pub zone: Option<String>,
    /// Start of the window for the moment of raising, seconds.
    pub from: f64,
    /// Its end, seconds.
    pub until: f64,
    /// People in the zone when it is raised.
    #[serde(default)]
    pub count: Option<u16>,
    /// Why this signal may stay away in the runs that leave out frames at random or begin with a later one.
    #[serde(default)]
    pub optional: Option<String>,
}

fn intrusion() -> EventKind {
    EventKind::ZoneIntrusion
}

/// All that should come of a case, and nothing else.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// What happens, for people.
    pub about: String,
    /// The signals.
    pub signals: Vec<ExpectedSignal>,
    /// Why the engine does not manage this yet.
    #[serde(default)]
    pub known_failure: Option<String>,
}
