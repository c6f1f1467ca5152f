//! A signal: one incident brought to an operator's attention.

use crate::{CameraId, EventKind, SignalId, ZoneId};
use serde::{Deserialize, Serialize};

/// A rectangle on the picture, in shares of its width and height: 0 to 1, origin at the top left.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Region {
    /// Left edge.
    pub x0: f32,
    /// Top edge.
    pub y0: f32,
    /// Right edge.
    pub x1: f32,
    /// Bottom edge.
    pub y1: f32,
}

/// One of the figures for which a rule fired. It describes the situation, never a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// What was measured, with its unit at the end: `still_secs`, `speed_mps`, `limit_per_m2`. A fact that holds or one of a
    /// list stands for itself with the value 1: `scattering`.
    pub name: String,
    /// How much. Always a finite number.
    pub value: f32,
}

impl Measure {
    /// Most measures of one signal.
    pub const MOST: usize = 16;
    /// Longest name, in bytes.
    pub const MAX_NAME: usize = 48;
}

/// What the engine raised. It carries no image: the loop of what happened stays in the browser that saw it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Signal {
    /// Identity of the incident.
    pub id: SignalId,
    /// Kind of situation.
    pub event: EventKind,
    /// Camera that saw it.
    pub camera: CameraId,
    /// Zone whose rule fired, if the rule has one.
    pub zone: Option<ZoneId>,
    /// Name of that zone when the rule fired.
    pub zone_name: Option<String>,
    /// When the situation began, milliseconds since the Unix epoch on the post's clock.
    pub since_ms: i64,
    /// When the rule fired, same clock.
    pub raised_ms: i64,
    /// Confidence, 0 to 1: the mean detection score of what fired the rule.
    pub score: f32,
    /// Where on the picture.
    pub region: Region,
    /// Seconds for which the situation had lasted when it fired: the presence for `zone_intrusion`.
    pub dwell_secs: f32,
    /// Why it fired, in figures; at most [`Measure::MOST`]. Earlier versions of Vigie wrote none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub why: Vec<Measure>,
    /// Network that produced the boxes, such as `efficientdet-lite0`.
    pub model: String,
    /// Engine that ran it: `cpu` or `webgpu`.
    pub engine: String,
    /// Version of Vigie.
    pub software: String,
}
