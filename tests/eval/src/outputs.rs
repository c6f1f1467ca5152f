//! What a run writes: signals, tracks and the log, all described in the README.

use serde::Serialize;
use serde_json::Value;
use vigie_engine::signals::IncidentId;
use vigie_engine::{Health, Micros, RaisedSignal, StepOutput};
use vigie_protocol::{EventKind, Region};

/// A line of `signals.jsonl`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct SignalLine {
    /// Kind of situation.
    pub(crate) event: EventKind,
    /// When it could first be shown, seconds of the footage.
    pub(crate) at_secs: f64,
    /// When the situation began.
    from_secs: f64,
    /// When the incident cleared, or the end of the run.
    until_secs: f64,
    /// Whether it cleared within the run.
    cleared: bool,
    /// Confidence, 0 to 1.
    score: f32,
    /// Name of the zone.
    pub(crate) zone: Option<String>,
    /// People taking part, where the event counts them.
    pub(crate) count: u16,
    /// Where on the picture, in shares of it.
    region: Region,
    /// Number of the incident in this run.
    incident: IncidentId,
    /// Why it fired.
    why: Value,
}

/// Seconds, to the microsecond.
pub(crate) fn secs(at: Micros) -> f64 {
    at.0 as f64 / 1e6
}

/// Collects what the steps bring.
#[derive(Debug, Default)]
pub(crate) struct Collector {
    signals: Vec<SignalLine>,
    log: Vec<Value>,
    health: Health,
    first: Option<Micros>,
    last: Micros,
}

impl Collector {
    /// Takes a step.
    pub(crate) fn take(&mut self, step: &StepOutput<'_>) -> anyhow::Result<()> {
        self.first.get_or_insert(step.at);
        self.last = step.at;
        for signal in step.raised {
            self.signals.push(SignalLine::new(signal)?);
        }
        for cleared in step.cleared {
            let line = self.signals.iter_mut().rev().find(|line| line.incident == cleared.incident);
            if let Some(line) = line {
                line.until_secs = secs(cleared.at);
                line.cleared = true;
            }
            self.note("cleared", step.at, serde_json::to_value(cleared)?);
        }
        for vetoed in step.vetoed {
            self.note("vetoed", step.at, serde_json::to_value(vetoed)?);
        }
        if let Some(cause) = step.discontinuity {
            self.note("discontinuity", step.at, serde_json::json!({ "cause": cause }));
        }
        if step.health != self.health {
            self.health = step.health;
            self.note("health", step.at, serde_json::to_value(step.health)?);
        }
        Ok(())
    }

    /// A line of the log. What an engine's value calls `event` is called `of` there, so that the log has no line that could be taken
    /// for a signal.
    fn note(&mut self, what: &str, at: Micros, value: Value) {
        let mut line = serde_json::Map::new();
        line.insert("log".into(), what.into());
        line.insert("at_secs".into(), secs(at).into());
        if let Value::Object(fields) = value {
            for (name, value) in fields {
                match name.as_str() {
                    "event" => line.insert("of".into(), value),
                    "at" => None,
                    _ => line.insert(name, value),
                };
            }
        }
        self.log.push(Value::Object(line));
    }

    /// Ends the run: the lines of the signals, by the time of raising, and those of the log.
    pub(crate) fn finish(mut self) -> Outcome {
        for line in self.signals.iter_mut().filter(|line| !line.cleared) {
            line.until_secs = secs(self.last);
        }
        let hours = self.first.map_or(0.0, |first| (secs(self.last) - secs(first)) / 3600.0);
        Outcome { signals: self.signals, log: self.log, hours }
    }
}

impl SignalLine {
    fn new(signal: &RaisedSignal) -> anyhow::Result<Self> {
        Ok(Self {
            event: signal.event,
            at_secs: secs(signal.at),
            from_secs: secs(signal.since),
            until_secs: secs(signal.at),
            cleared: false,
            score: signal.score,
            zone: signal.zone_name.clone(),
            count: signal.count,
            region: signal.region,
            incident: signal.incident,
            why: serde_json::to_value(&signal.why)?,
        })
    }
}

/// What came of a run.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// Signals, by the time of raising.
    pub(crate) signals: Vec<SignalLine>,
    /// Everything else that is worth a line.
    pub(crate) log: Vec<Value>,
    /// Length of what was analysed, hours.
    pub(crate) hours: f64,
}

impl Outcome {
    /// The content of `signals.jsonl`.
    pub(crate) fn signals_text(&self) -> anyhow::Result<String> {
        lines(&self.signals)
    }

    /// The content of the log.
    pub(crate) fn log_text(&self) -> anyhow::Result<String> {
        lines(&self.log)
    }
}

fn lines<T: Serialize>(values: &[T]) -> anyhow::Result<String> {
    let mut text = String::new();
    for value in values {
        text += &serde_json::to_string(value)?;
        text.push('\n');
    }
    Ok(text)
}
