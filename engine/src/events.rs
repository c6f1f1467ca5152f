//! The event machines, a file or folder each: from tracks and measures to situations.
//!
//! What lives here: state machines with their definitions, thresholds and vetoes. What may not: knowledge of other
//! cameras, of the operator, or of the time of day.

pub mod abandoned_object;
pub mod crowd_density;
pub mod crowd_movement;
pub mod fire;
mod followed;
pub mod line_crossing;
pub mod person_down;
mod person_scale;
mod place;
pub mod weapon;
pub mod wrong_way;
pub mod zone_intrusion;

use crate::health::Health;
use crate::motion::MotionView;
use crate::scene::{Ground, Rule};
use crate::signals::{ClearedIncident, Clearing, IncidentId, RaisedSignal, VetoedSignal};
use crate::tracker::Track;
use crate::{BBox, Counted, Detection, Luma, Micros};
use std::fmt::Debug;
use vigie_protocol::Region;

/// What the machines see of a frame. Everything on the picture is in shares of its width and height.
#[derive(Clone, Copy, Debug)]
pub struct Observation<'a> {
    /// Time of the frame.
    pub at: Micros,
    /// The picture's width over its height.
    pub aspect: f32,
    /// All tracks, by id. One that this frame shows has `last_seen() == at`.
    pub tracks: &'a [Track],
    /// The boxes of the frame as they came, those of own heads included.
    pub detections: &'a [Detection],
    /// Height from which on the detector finds people in this frame, in shares of the picture's height; `None` where the caller doesn't say.
    pub smallest_person: Option<f32>,
    /// The boxes of the last finer look at this view, when there was one.
    pub counted: Option<Counted<'a>>,
    /// The small grey picture, when the caller has one.
    pub luma: Option<Luma<'a>>,
    /// What moved; `None` without a grey picture or right after an interruption.
    pub motion: Option<&'a MotionView>,
    /// From the picture to metres, when the camera is calibrated and its view has not moved since.
    pub ground: Option<&'a Ground>,
    /// What the camera can be trusted with.
    pub health: Health,
}

/// What a machine adds to the output of a step.
#[derive(Debug, Default)]
pub struct Outbox {
    /// New signals.
    pub raised: Vec<RaisedSignal>,
    /// Incidents that are over.
    pub cleared: Vec<ClearedIncident>,
    /// Signals that a veto held back, each told once.
    pub vetoed: Vec<VetoedSignal>,
    /// The number that the next incident gets.
    pub next_incident: u64,
}

impl Outbox {
    /// A number for a new incident.
    pub fn number(&mut self) -> IncidentId {
        let number = IncidentId(self.next_incident);
        self.next_incident += 1;
        number
    }
}

/// One rule at work.
pub trait EventMachine: Debug {
    /// Takes a frame.
    fn step(&mut self, seen: &Observation<'_>, out: &mut Outbox);

    /// The picture was interrupted between the times `last` and `at`, and the tracks that follow are new ones. An open incident
    /// stays open where the picture `continues` after a gap, else it closes with [`Clearing::Interrupted`].
    fn interrupt(&mut self, last: Micros, at: Micros, continues: bool, out: &mut Outbox);

    /// Closes what is open.
    fn close(&mut self, at: Micros, cause: Clearing, out: &mut Outbox);
}

/// The part of a box that lies on the picture, as the record has it.
fn region(bbox: &BBox) -> Region {
    let BBox { x0, y0, x1, y1 } = bbox.on_picture();
    Region { x0, y0, x1, y1 }
}

/// The machine for a rule.
#[must_use]
pub fn machine_for(rule: &Rule) -> Box<dyn EventMachine> {
    match rule.clone() {
        Rule::Line(line) => Box::new(line_crossing::LineCrossing::new(line)),
        Rule::WrongWay(zone) => Box::new(wrong_way::WrongWay::new(zone)),
        Rule::CrowdDensity(zone) => Box::new(crowd_density::CrowdDensity::new(zone)),
        Rule::CrowdMovement(settings) => Box::new(crowd_movement::CrowdMovement::new(settings)),
        Rule::AbandonedObject(settings) => Box::new(abandoned_object::AbandonedObject::new(settings)),
        Rule::PersonDown(settings) => Box::new(person_down::PersonDown::new(settings)),
        Rule::Fire(settings) => Box::new(fire::Fire::new(settings)),
        Rule::Weapon(settings) => Box::new(weapon::Weapon::new(settings)),
    }
}
