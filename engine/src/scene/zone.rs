//! Forbidden and sensitive zones.

use crate::Polygon;
use serde::{Deserialize, Serialize};
use vigie_protocol::ZoneId;

/// A forbidden or sensitive zone. A person counts as present where their foot point (middle of the box's lower edge) is.
///
/// The thresholds are explained in [`crate::events::zone_intrusion`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Zone {
    /// Identity, made by the caller.
    pub id: ZoneId,
    /// Name that the supervisor gave.
    pub name: String,
    /// Where it is, in shares of the picture.
    pub polygon: Polygon,
    /// Presence needed before a signal, seconds, 0 to 3600.
    #[serde(default = "defaults::dwell_secs")]
    pub dwell_secs: f32,
    /// How far beyond the polygon a person may stand and still count as present once inside, in heights of the
    /// person's box, 0 to 1.
    #[serde(default = "defaults::leave_margin")]
    pub leave_margin: f32,
    /// Outside the polygon for this long is gone, however close; seconds, 0 to 60.
    #[serde(default = "defaults::leave_secs")]
    pub leave_secs: f32,
    /// A presence outlives this long without a detection, seconds, 0 to 10.
    #[serde(default = "defaults::bridge_secs")]
    pub bridge_secs: f32,
    /// People whose entries follow each other within this time are one incident, seconds, 0 to 3600.
    #[serde(default = "defaults::group_secs")]
    pub group_secs: f32,
    /// The incident closes when the zone has been empty for this long, seconds, 0 to 3600 …
    #[serde(default = "defaults::clear_secs")]
    pub clear_secs: f32,
    /// … or for this long when the last person was not seen to leave, seconds, 0 to 3600.
    #[serde(default = "defaults::vanish_secs")]
    pub vanish_secs: f32,
}

/// Default thresholds, in one place for serde and [`Zone::new`].
mod defaults {
    pub(super) fn dwell_secs() -> f32 {
        1.0
    }
    pub(super) fn leave_margin() -> f32 {
        0.15
    }
    pub(super) fn leave_secs() -> f32 {
        0.7
    }
    pub(super) fn bridge_secs() -> f32 {
        1.0
    }
    pub(super) fn group_secs() -> f32 {
        2.0
    }
    pub(super) fn clear_secs() -> f32 {
        1.0
    }
    pub(super) fn vanish_secs() -> f32 {
        3.0
    }
}

impl Zone {
    /// A zone with the default thresholds.
    #[must_use]
    pub fn new(id: ZoneId, name: impl Into<String>, polygon: Polygon) -> Self {
        Self {
            id,
            name: name.into(),
            polygon,
            dwell_secs: defaults::dwell_secs(),
            leave_margin: defaults::leave_margin(),
            leave_secs: defaults::leave_secs(),
            bridge_secs: defaults::bridge_secs(),
            group_secs: defaults::group_secs(),
            clear_secs: defaults::clear_secs(),
            vanish_secs: defaults::vanish_secs(),
        }
    }

    /// The zone with every threshold inside its range; one that is not a number takes its default.
    #[must_use]
    pub fn within_ranges(mut self) -> Self {
        let fix = |value: &mut f32, default: f32, most: f32| {
            *value = if value.is_nan() { default } else { value.clamp(0.0, most) };
        };
        fix(&mut self.dwell_secs, defaults::dwell_secs(), 3600.0);
        fix(&mut self.leave_margin, defaults::leave_margin(), 1.0);
        fix(&mut self.leave_secs, defaults::leave_secs(), 60.0);
        fix(&mut self.bridge_secs, defaults::bridge_secs(), 10.0);
        fix(&mut self.group_secs, defaults::group_secs(), 3600.0);
        fix(&mut self.clear_secs, defaults::clear_secs(), 3600.0);
        fix(&mut self.vanish_secs, defaults::vanish_secs(), 3600.0);
        self
    }
}
