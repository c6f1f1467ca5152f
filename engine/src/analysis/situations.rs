//! From a measured frame to incidents: the tracker, the scene, and the machine of every zone and rule.
//!
//! What lives here: what [`super::CameraAnalysis`] does with a frame once its picture has been measured. What may not: the picture's own
//! measuring (motion, health) and the order of frames.

use super::{FrameInput, TrackView, ZoneState, ZoneView};
use crate::events::zone_intrusion::ZoneIntrusion;
use crate::events::{EventMachine, Observation, Outbox, machine_for};
use crate::health::Health;
use crate::motion::MotionView;
use crate::scene::{Ground, GroundError, GroundSettings, HeightSurvey, Rule};
use crate::signals::{ClearedIncident, Clearing};
use crate::tracker::{Track, Tracker};
use crate::{CameraSettings, Micros, Zone};

/// Tracker, scene and machines of one camera.
#[derive(Debug)]
pub struct Situations {
    tracker: Tracker,
    ground_settings: Option<GroundSettings>,
    ground: Option<Ground>,
    survey: HeightSurvey,
    zones: Vec<ZoneIntrusion>,
    rules: Vec<(Rule, Box<dyn EventMachine>)>,
    outbox: Outbox,
    /// Incidents that ended between two steps, by a change of zones.
    cleared_between: Vec<ClearedIncident>,
}

impl Situations {
    /// Starts without tracks. Zones beyond [`CameraSettings::MAX_ZONES`] and rules beyond [`CameraSettings::MAX_RULES`] are left out.
    #[must_use]
    pub fn new(settings: CameraSettings) -> Self {
        let mut situations = Self {
            tracker: Tracker::new(settings.tracker, settings.aspect),
            ground_settings: None,
            ground: None,
            survey: HeightSurvey::default(),
            zones: Vec::new(),
            rules: Vec::new(),
            outbox: Outbox { next_incident: 1, ..Outbox::default() },
            cleared_between: Vec::new(),
        };
        situations.set_zones(settings.zones, Micros::default());
        situations.set_rules(settings.rules, Micros::default());
        // A calibration that cannot be used is none; `scene::check` tells the supervisor.
        let _ = situations.set_ground(settings.ground);
        situations
    }

    pub(super) fn ground(&self) -> Option<&Ground> {
        self.ground.as_ref()
    }

    pub(super) fn proposed_ground(&self) -> Option<GroundSettings> {
        self.survey.proposal(self.tracker.aspect())
    }

    pub(super) fn set_ground(&mut self, settings: Option<GroundSettings>) -> Result<(), GroundError> {
        self.ground = None;
        self.ground_settings = settings;
        if let Some(settings) = &self.ground_settings {
            self.ground = Some(Ground::new(settings, self.tracker.aspect())?);
        }
        Ok(())
    }

    pub(super) fn rules(&self) -> impl ExactSizeIterator<Item = &Rule> {
        self.rules.iter().map(|(rule, _)| rule)
    }

    /// As [`super::CameraAnalysis::set_rules`]. Whether a rule is new.
    pub(super) fn set_rules(&mut self, rules: Vec<Rule>, at: Micros) -> bool {
        self.outbox.cleared.clear();
        let new = rules.iter().any(|rule| self.rules.iter().all(|(old, _)| old != rule));
        let mut before = std::mem::take(&mut self.rules);
        for rule in rules.into_iter().take(CameraSettings::MAX_RULES) {
            let kept = before.iter().position(|(old, _)| *old == rule).map(|index| before.remove(index));
            self.rules.push(kept.unwrap_or_else(|| {
                let machine = machine_for(&rule);
                (rule, machine)
            }));
        }
        for (_, mut machine) in before {
            machine.close(at, Clearing::ZoneChanged, &mut self.outbox);
        }
        self.cleared_between.append(&mut self.outbox.cleared);
        new
    }

    pub(super) fn zones(&self) -> impl ExactSizeIterator<Item = &Zone> {
        self.zones.iter().map(ZoneIntrusion::zone)
    }

    /// As [`super::CameraAnalysis::set_zones`]. Whether one is drawn anew.
    pub(super) fn set_zones(&mut self, zones: Vec<Zone>, at: Micros) -> bool {
        self.outbox.cleared.clear();
        let drawn = |zone: &Zone| self.zones.iter().any(|old| old.zone().polygon == zone.polygon);
        let new = !zones.iter().all(drawn);
        let mut before = std::mem::take(&mut self.zones);
        for zone in zones.into_iter().take(CameraSettings::MAX_ZONES) {
            let machine = if let Some(index) = before.iter().position(|m| m.zone().id == zone.id) {
                let mut machine = before.swap_remove(index);
                machine.change(zone, at, &mut self.outbox);
                machine
            } else {
                ZoneIntrusion::new(zone)
            };
            self.zones.push(machine);
        }
        before.sort_by_key(|machine| machine.zone().id);
        for mut machine in before {
            machine.close(at, Clearing::ZoneChanged, &mut self.outbox);
        }
        self.cleared_between.append(&mut self.outbox.cleared);
        new
    }

    pub(super) fn set_aspect(&mut self, aspect: f32) {
        let before = self.tracker.aspect();
        self.tracker.set_aspect(aspect);
        if self.tracker.aspect().to_bits() != before.to_bits() {
            let settings = self.ground_settings.take();
            // As in `new`.
            let _ = self.set_ground(settings);
        }
    }

    /// Empties the outbox: what follows belongs to the next frame.
    pub fn begin_frame(&mut self) {
        self.outbox.raised.clear();
        self.outbox.vetoed.clear();
        self.outbox.cleared.clear();
        self.outbox.cleared.append(&mut self.cleared_between);
    }

    /// The picture was interrupted between `last` and `at`: tracks begin anew, and incidents close unless the picture `continues`.
    pub(super) fn interrupt(&mut self, last: Micros, at: Micros, continues: bool) {
        self.tracker.reset();
        for zone in &mut self.zones {
            zone.interrupt(last, at, continues, &mut self.outbox);
        }
        for (_, machine) in &mut self.rules {
            machine.interrupt(last, at, continues, &mut self.outbox);
        }
    }

    /// Takes a frame of which motion and health are known. Frames come in the order of their times, without a break.
    pub fn step(&mut self, frame: &FrameInput<'_>, motion: Option<&MotionView>, health: Health) {
        let at = frame.at;
        self.tracker.step(at, frame.detections, motion.map_or(&[], |motion| &motion.proposals));
        if health.moved || health.in_motion {
            self.survey = HeightSurvey::default();
        } else {
            self.survey.step(at, self.tracker.tracks(), self.tracker.aspect());
        }
        let seen = Observation {
            at,
            aspect: self.tracker.aspect(),
            tracks: self.tracker.tracks(),
            detections: frame.detections,
            smallest_person: frame.smallest_person,
            counted: frame.counted,
            luma: frame.luma,
            motion,
            // Metres on another view would be wrong ones.
            ground: self.ground.as_ref().filter(|_| health.scene_holds()),
            health,
        };
        for zone in &mut self.zones {
            zone.step(at, seen.tracks, seen.aspect, &mut self.outbox);
        }
        for (_, machine) in &mut self.rules {
            machine.step(&seen, &mut self.outbox);
        }
    }

    /// What has been raised, vetoed and cleared since the frame began.
    #[must_use]
    pub fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    /// The tracks, by id.
    #[must_use]
    pub fn tracks(&self) -> &[Track] {
        self.tracker.tracks()
    }

    /// Fills in the tracks and zones as of `at`.
    pub(super) fn view(&self, at: Micros, tracks: &mut Vec<TrackView>, zones: &mut Vec<ZoneView>) {
        let in_zones = |track: &Track| {
            let bits = self.zones.iter().enumerate().map(|(n, zone)| u32::from(zone.holds(track)) << n);
            bits.fold(0, |all, bit| all | bit)
        };
        tracks.clear();
        tracks.extend(self.tracker.tracks().iter().map(|track| TrackView {
            id: track.id(),
            group: track.group(),
            bbox: track.bbox().on_picture(),
            velocity: track.filter().velocity(),
            score: track.score(),
            age_secs: at.secs_since(track.born()),
            unseen_secs: at.secs_since(track.last_seen()),
            confirmed: track.is_confirmed(),
            in_zones: in_zones(track),
        }));
        zones.clear();
        zones.extend(self.zones.iter().map(|zone| ZoneView {
            id: zone.zone().id,
            occupants: zone.occupants(),
            state: match zone.incident() {
                Some(incident) => ZoneState::Incident {
                    incident: incident.id(),
                    since: incident.since(),
                    people: incident.people(),
                },
                None if zone.occupants() == 0 => ZoneState::Empty,
                None => ZoneState::Occupied { dwell_progress: zone.dwell_progress() },
            },
        }));
    }
}
