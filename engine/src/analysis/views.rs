//! Tracks and zones as an operator is shown them.

use crate::signals::IncidentId;
use crate::tracker::TrackId;
use crate::{BBox, ClassGroup, Micros, Point};
use serde::Serialize;
use vigie_protocol::ZoneId;

/// A track as of this frame.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct TrackView {
    /// Ephemeral number.
    pub id: TrackId,
    /// What it is.
    pub group: ClassGroup,
    /// Smoothed box, predicted where it was not seen; on the picture.
    pub bbox: BBox,
    /// Speed of the box's centre, in shares of the picture's width and height per second.
    pub velocity: Point,
    /// Score of the last detection, 0 to 1.
    pub score: f32,
    /// Seconds since it was first seen.
    pub age_secs: f32,
    /// Seconds since it was last seen; 0 for one that this frame shows.
    pub unseen_secs: f32,
    /// Whether it was seen for long enough to be taken for real.
    pub confirmed: bool,
    /// Zones in which it is present: bit `n` stands for `zones[n]`.
    pub in_zones: u32,
}

impl TrackView {
    /// Unseen for longer than this, a track is not drawn, seconds.
    pub const VISIBLE_SECS: f32 = 0.5;

    /// Whether it should be drawn: confirmed, and seen within [`Self::VISIBLE_SECS`].
    #[must_use]
    pub fn is_visible(&self) -> bool {
        self.confirmed && self.unseen_secs <= Self::VISIBLE_SECS
    }

    /// Whether it is present in the zone at this place in [`super::StepOutput::zones`].
    #[must_use]
    pub fn is_in(&self, zone_index: usize) -> bool {
        u32::try_from(zone_index).is_ok_and(|n| n < u32::BITS && self.in_zones >> n & 1 == 1)
    }
}

/// A zone as of this frame.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ZoneView {
    /// Which one.
    pub id: ZoneId,
    /// How many people are present.
    pub occupants: u16,
    /// Where it stands.
    pub state: ZoneState,
}

/// Where a zone stands.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ZoneState {
    /// Nobody inside, no incident.
    Empty,
    /// Somebody inside, not yet for the dwell time.
    Occupied {
        /// Share of the dwell time that the longest presence has passed, 0 to 1.
        dwell_progress: f32,
    },
    /// A signal has been raised and the zone has not been empty since.
    Incident {
        /// The incident.
        incident: IncidentId,
        /// When it began.
        since: Micros,
        /// How many people took part so far.
        people: u16,
    },
}
