//! Why an abandoned object was signalled.

use crate::Micros;
use crate::tracker::TrackId;
use serde::{Deserialize, Serialize};

/// Why it fired: what an operator is shown when they ask.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AbandonedObjectReason {
    /// When it first stood there.
    pub appeared: Micros,
    /// Who brought it, under the track of that time; `None` when nobody was seen to (only with the veto `no_carrier` off).
    pub carrier: Option<TrackId>,
    /// How far they were when it appeared, metres.
    pub carrier_metres: Option<f32>,
    /// When the last one who attended to it left: beyond the leaving distance, or last seen.
    pub left: Micros,
    /// Under which track they left.
    pub left_track: Option<TrackId>,
    /// How far away they were then, metres.
    pub left_metres: Option<f32>,
    /// Whether they were seen to walk away; false when they were lost from sight.
    pub seen_leaving: bool,
    /// Seconds without anybody who attends to it, and how many were asked for.
    pub unattended_secs: f32,
    /// Seconds asked for.
    pub needed_secs: f32,
    /// What shows it.
    pub evidence: ObjectEvidence,
    /// Width on the picture, metres, going by a person's height there.
    pub width_metres: Option<f32>,
    /// Height on the picture, metres.
    pub height_metres: Option<f32>,
    /// Whether metres are those of the calibration; else they are estimated from people's heights.
    pub calibrated: bool,
}

/// What shows that an object stands there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ObjectEvidence {
    /// Frames in which the detector called it a bag.
    pub sightings: u32,
    /// Mean score of these, 0 to 1.
    pub score: f32,
    /// Those since it was left, with nobody before it.
    pub sightings_since_left: u32,
    /// Share of its box that differs from the background; `None` without a grey picture.
    pub changed: Option<f32>,
    /// Share of the looks at it, since it was left and with nobody before it, in which it looked the same; `None` as above.
    pub steady: Option<f32>,
}
