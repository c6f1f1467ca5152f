//! One camera, one call per analysed frame: boxes in, tracks, zone states and signals out.
//!
//! ```
//! use vigie_engine::{CameraAnalysis, CameraSettings, FrameInput, Micros};
//!
//! let mut camera = CameraAnalysis::new(CameraSettings::default());
//! let step = camera.step(&FrameInput::new(Micros(40_000), &[]));
//! assert!(step.raised.is_empty());
//! ```
//!
//! A frame costs time in proportion to its boxes times its tracks, more where many compete for the same places; both are
//! bounded ([`TrackerSettings`]), and nothing grows with the hours. The output is a function of the settings and of the frames so far, byte for byte.
//!
//! [`TrackerSettings`]: crate::tracker::TrackerSettings

use crate::events::zone_intrusion::ZoneIntrusion;
use crate::events::{EventMachine, Observation, Outbox, machine_for};
use crate::health::{Health, HealthWatch};
use crate::motion::Motion;
use crate::scene::{Ground, GroundError, GroundSettings, Rule};
use crate::signals::{ClearedIncident, Clearing, IncidentId, RaisedSignal, VetoedSignal};
use crate::tracker::{Track, TrackId, Tracker};
use crate::{BBox, CameraSettings, ClassGroup, Detection, Luma, Micros, Point, Zone};
use serde::Serialize;
use vigie_protocol::ZoneId;

/// A gap between two analysed frames that tracks do not survive, seconds.
pub const TRACK_GAP_SECS: f32 = 2.0;
/// A gap after which an open incident is over, too, seconds.
pub const INCIDENT_GAP_SECS: f32 = 30.0;

/// Why the tracks of a camera began anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Discontinuity {
    /// The caller said so: another picture, a loop's seam, a seek.
    Declared,
    /// The frame is older than the one before.
    TimeWentBack,
    /// More than [`TRACK_GAP_SECS`] since the frame before.
    Gap,
}

/// What a frame brings.
#[derive(Clone, Copy, Debug)]
pub struct FrameInput<'a> {
    /// Its time.
    pub at: Micros,
    /// What the detector found.
    pub detections: &'a [Detection],
    /// Height from which on the detector finds people at the input size that was used, in shares of the picture's height:
    /// [`crate::network::PERSON_PX_AT_INPUT`] over the height of the picture on the input. Lets a count say where it's too low.
    pub smallest_person: Option<f32>,
    /// A finer look at the picture, for counting. May be of an earlier frame, and come with some frames only.
    pub counted: Option<Counted<'a>>,
    /// The small grey picture of it (see [`crate::luma`]). Without it nothing is known of motion, and rules that rest on it rest.
    pub luma: Option<Luma<'a>>,
    /// That it does not continue the last frame: another source, a seek, the seam of a looped clip.
    pub discontinuity: bool,
}

impl<'a> FrameInput<'a> {
    /// A frame that continues the last one, without a grey picture.
    #[must_use]
    pub fn new(at: Micros, detections: &'a [Detection]) -> Self {
        Self { at, detections, smallest_person: None, counted: None, luma: None, discontinuity: false }
    }
}

/// What a slower pass found: several tiles of a frame, each at full resolution, put together by [`crate::tiles::merge`]. Tracks know
/// nothing of it; only counts are corrected by it. A caller that has time makes one every few seconds.
#[derive(Clone, Copy, Debug)]
pub struct Counted<'a> {
    /// Time of the frame that was looked at.
    pub at: Micros,
    /// The boxes, in shares of the whole picture.
    pub boxes: &'a [Detection],
    /// As [`FrameInput::smallest_person`], for this look.
    pub smallest_person: Option<f32>,
}

/// The analysis of one camera.
#[derive(Debug)]
pub struct CameraAnalysis {
    tracker: Tracker,
    motion: Motion,
    health: HealthWatch,
    ground_settings: Option<GroundSettings>,
    ground: Option<Ground>,
    zones: Vec<ZoneIntrusion>,
    rules: Vec<(Rule, Box<dyn EventMachine>)>,
    now: Option<Micros>,
    outbox: Outbox,
    track_views: Vec<TrackView>,
    zone_views: Vec<ZoneView>,
    /// Incidents that ended between two steps, by a change of zones.
    cleared_between: Vec<ClearedIncident>,
}

/// What a frame brought. Everything borrowed lives until the next step.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct StepOutput<'a> {
    /// Time of the frame.
    pub at: Micros,
    /// Set when the tracks began anew with this frame.
    pub discontinuity: Option<Discontinuity>,
    /// All tracks, by id; draw those that are [`TrackView::is_visible`].
    pub tracks: &'a [TrackView],
    /// All zones, in the order in which they were set.
    pub zones: &'a [ZoneView],
    /// New signals: each is to be recorded, then shown.
    pub raised: &'a [RaisedSignal],
    /// Incidents that are over.
    pub cleared: &'a [ClearedIncident],
    /// Signals that a veto held back.
    pub vetoed: &'a [VetoedSignal],
    /// What the camera can be trusted with.
    pub health: Health,
}

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

    /// Whether it is present in the zone at this place in [`StepOutput::zones`].
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

impl CameraAnalysis {
    /// Starts without tracks. Zones beyond [`CameraSettings::MAX_ZONES`] are left out.
    #[must_use]
    pub fn new(settings: CameraSettings) -> Self {
        let mut analysis = Self {
            tracker: Tracker::new(settings.tracker, settings.aspect),
            motion: Motion::default(),
            health: HealthWatch::default(),
            ground_settings: None,
            ground: None,
            zones: Vec::new(),
            rules: Vec::new(),
            now: None,
            outbox: Outbox { next_incident: 1, ..Outbox::default() },
            track_views: Vec::new(),
            zone_views: Vec::new(),
            cleared_between: Vec::new(),
        };
        analysis.set_zones(settings.zones);
        analysis.set_rules(settings.rules);
        // A calibration that cannot be used is none; `scene::check` tells the supervisor.
        let _ = analysis.set_ground(settings.ground);
        analysis
    }

    /// From the picture to metres, if the camera is calibrated.
    #[must_use]
    pub fn ground(&self) -> Option<&Ground> {
        self.ground.as_ref()
    }

    /// Replaces the calibration, from the next frame on.
    ///
    /// # Errors
    /// Why it cannot be used; the camera then has none.
    pub fn set_ground(&mut self, settings: Option<GroundSettings>) -> Result<(), GroundError> {
        self.ground = None;
        self.ground_settings = settings;
        if let Some(settings) = &self.ground_settings {
            self.ground = Some(Ground::new(settings, self.tracker.aspect())?);
        }
        Ok(())
    }

    /// The rules beside the zones.
    #[must_use]
    pub fn rules(&self) -> impl ExactSizeIterator<Item = &Rule> {
        self.rules.iter().map(|(rule, _)| rule)
    }

    /// Replaces the rules. One that is as it was goes on where it stood; the incidents of the others close, which the next step
    /// reports.
    pub fn set_rules(&mut self, rules: Vec<Rule>) {
        let at = self.now.unwrap_or_default();
        self.outbox.cleared.clear();
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
    }

    /// The zones, with every threshold inside its range.
    pub fn zones(&self) -> impl ExactSizeIterator<Item = &Zone> {
        self.zones.iter().map(ZoneIntrusion::zone)
    }

    /// Replaces the zones. One that keeps its id and polygon goes on where it stood; the incidents of the others close,
    /// which the next step reports.
    pub fn set_zones(&mut self, zones: Vec<Zone>) {
        let at = self.now.unwrap_or_default();
        self.outbox.cleared.clear();
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
    }

    /// The picture's width over its height, from the next frame on.
    pub fn set_aspect(&mut self, aspect: f32) {
        let before = self.tracker.aspect();
        self.tracker.set_aspect(aspect);
        if self.tracker.aspect().to_bits() != before.to_bits() {
            let settings = self.ground_settings.take();
            // As in `new`.
            let _ = self.set_ground(settings);
        }
    }

    /// Takes a frame.
    ///
    /// Where it is declared not to continue the last one, tracks begin anew and open incidents close. A frame from before the last
    /// one is treated likewise.
    /// After a gap of more than [`TRACK_GAP_SECS`] tracks begin anew, while incidents stay open up to a gap of
    /// [`INCIDENT_GAP_SECS`]. A second frame at the same time is passed over.
    pub fn step(&mut self, frame: &FrameInput<'_>) -> StepOutput<'_> {
        let at = frame.at;
        self.outbox.raised.clear();
        self.outbox.vetoed.clear();
        self.outbox.cleared.clear();
        self.outbox.cleared.append(&mut self.cleared_between);
        let broken = self.discontinuity_before(at, frame.discontinuity);
        if let Some(cause) = broken {
            self.begin_anew(at, cause);
        }
        if broken.is_some() || self.now != Some(at) {
            self.now = Some(at);
            let motion = frame.luma.and_then(|luma| self.motion.step(at, luma));
            let health = match frame.luma {
                Some(luma) => self.health.step(at, luma, motion),
                None => self.health.health(),
            };
            self.tracker.step(at, frame.detections, motion.map_or(&[], |motion| &motion.proposals));
            let seen = Observation {
                at,
                aspect: self.tracker.aspect(),
                tracks: self.tracker.tracks(),
                detections: frame.detections,
                smallest_person: frame.smallest_person,
                counted: frame.counted,
                luma: frame.luma,
                motion,
                ground: self.ground.as_ref().filter(|_| !(health.moved || health.in_motion)),
                health,
            };
            for zone in &mut self.zones {
                zone.step(at, seen.tracks, seen.aspect, &mut self.outbox);
            }
            for (_, machine) in &mut self.rules {
                machine.step(&seen, &mut self.outbox);
            }
        }
        self.view(at);
        StepOutput {
            at,
            discontinuity: broken,
            tracks: &self.track_views,
            zones: &self.zone_views,
            raised: &self.outbox.raised,
            cleared: &self.outbox.cleared,
            vetoed: &self.outbox.vetoed,
            health: self.health.health(),
        }
    }

    fn discontinuity_before(&self, at: Micros, declared: bool) -> Option<Discontinuity> {
        let passed_secs = at.secs_since(self.now?);
        if declared {
            Some(Discontinuity::Declared)
        } else if passed_secs < 0.0 {
            Some(Discontinuity::TimeWentBack)
        } else {
            (passed_secs > TRACK_GAP_SECS).then_some(Discontinuity::Gap)
        }
    }

    fn begin_anew(&mut self, at: Micros, cause: Discontinuity) {
        let last = self.now.unwrap_or(at);
        let continues = cause == Discontinuity::Gap && at.secs_since(last) <= INCIDENT_GAP_SECS;
        self.tracker.reset();
        self.motion.reset();
        self.health.reset();
        for zone in &mut self.zones {
            zone.interrupt(last, at, continues, &mut self.outbox);
        }
        for (_, machine) in &mut self.rules {
            machine.interrupt(last, at, continues, &mut self.outbox);
        }
    }

    fn view(&mut self, at: Micros) {
        let zones = &self.zones;
        let in_zones = |track: &Track| {
            let bits = zones.iter().enumerate().map(|(n, zone)| u32::from(zone.holds(track)) << n);
            bits.fold(0, |all, bit| all | bit)
        };
        self.track_views.clear();
        self.track_views.extend(self.tracker.tracks().iter().map(|track| TrackView {
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
        self.zone_views.clear();
        self.zone_views.extend(self.zones.iter().map(|zone| ZoneView {
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
