//! From what the event machines see to what an operator is shown: one incident, one signal.

mod incident;

pub use incident::{Clearing, Incident, IncidentId, Offer};

use crate::Micros;
use crate::events::{
    abandoned_object::AbandonedObjectReason, crowd_density::DensityReason, crowd_movement::MovementReason,
    fire::FireReason, line_crossing::LineReason, person_down::PersonDownReason, weapon::WeaponReason,
    wrong_way::WrongWayReason, zone_intrusion::IntrusionReason,
};
use serde::{Deserialize, Serialize};
use vigie_protocol::{EventKind, Region, ZoneId};

/// An incident that an operator should look at. The caller gives it a UUID and the time of day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RaisedSignal {
    /// Identity of the incident on this camera; comes again in [`ClearedIncident`].
    pub incident: IncidentId,
    /// Kind of situation.
    pub event: EventKind,
    /// Zone whose rule fired.
    pub zone: Option<ZoneId>,
    /// Name of that zone.
    pub zone_name: Option<String>,
    /// When the situation began: for an intrusion, when the person entered.
    pub since: Micros,
    /// When the rule fired.
    pub at: Micros,
    /// Seconds of presence when it fired.
    pub dwell_secs: f32,
    /// Confidence, 0 to 1: the mean detection score of what fired the rule.
    pub score: f32,
    /// Where on the picture.
    pub region: Region,
    /// How many people are present in the zone, those still short of the dwell time included.
    pub count: u16,
    /// Why it fired.
    pub why: Why,
}

/// Why a signal fired, as data for the operator's view and for the record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Why {
    /// Presence in a zone.
    ZoneIntrusion(IntrusionReason),
    /// A line crossed.
    LineCrossing(LineReason),
    /// Against the common direction.
    WrongWay(WrongWayReason),
    /// Too many people on a square metre.
    CrowdDensity(DensityReason),
    /// A crowd that suddenly moves.
    CrowdMovement(MovementReason),
    /// Something left behind.
    AbandonedObject(AbandonedObjectReason),
    /// Somebody on the ground.
    PersonDown(PersonDownReason),
    /// Flame or smoke.
    Fire(FireReason),
    /// A firearm or blade.
    Weapon(WeaponReason),
}

/// A signal that was ripe, had a veto not held it back. It is logged, and whoever disagrees can switch the veto off in the rule's
/// settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VetoedSignal {
    /// Kind of situation.
    pub event: EventKind,
    /// Zone whose rule would have fired.
    pub zone: Option<ZoneId>,
    /// When the veto was applied.
    pub at: Micros,
    /// Name of the veto, as in the rule's settings.
    pub veto: String,
    /// Where on the picture.
    pub region: Region,
    /// Confidence that the signal would have had, 0 to 1.
    pub score: f32,
}

/// An incident that is over. For display; nothing is decided by it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClearedIncident {
    /// As in [`RaisedSignal::incident`].
    pub incident: IncidentId,
    /// Kind of situation.
    pub event: EventKind,
    /// Zone.
    pub zone: Option<ZoneId>,
    /// When it began.
    pub since: Micros,
    /// When it was over.
    pub at: Micros,
    /// How many people took part, as far as the tracker could tell.
    pub people: u16,
    /// What ended it.
    pub cause: Clearing,
}
