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

mod situations;
mod views;

pub use situations::Situations;
pub use views::{TrackView, ZoneState, ZoneView};

use crate::health::{Health, HealthWatch};
use crate::motion::{FlowField, Motion};
use crate::scene::{Ground, GroundError, GroundSettings, Rule};
use crate::signals::{ClearedIncident, RaisedSignal, VetoedSignal};
use crate::{CameraSettings, Detection, Luma, Micros, Zone};
use serde::Serialize;

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
    /// The flow from the last frame's grey picture to this one's, where somebody has measured it already; else it's measured here.
    pub flow: Option<FlowField<'a>>,
    /// That it does not continue the last frame: another source, a seek, the seam of a looped clip.
    pub discontinuity: bool,
}

impl<'a> FrameInput<'a> {
    /// A frame that continues the last one, without a grey picture.
    #[must_use]
    pub fn new(at: Micros, detections: &'a [Detection]) -> Self {
        Self {
            at,
            detections,
            smallest_person: None,
            counted: None,
            luma: None,
            flow: None,
            discontinuity: false,
        }
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
    motion: Motion,
    health: HealthWatch,
    situations: Situations,
    now: Option<Micros>,
    track_views: Vec<TrackView>,
    zone_views: Vec<ZoneView>,
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

impl CameraAnalysis {
    /// Starts without tracks. Zones beyond [`CameraSettings::MAX_ZONES`] are left out.
    #[must_use]
    pub fn new(settings: CameraSettings) -> Self {
        Self {
            motion: Motion::default(),
            health: HealthWatch::default(),
            situations: Situations::new(settings),
            now: None,
            track_views: Vec::new(),
            zone_views: Vec::new(),
        }
    }

    /// From the picture to metres, if the camera is calibrated.
    #[must_use]
    pub fn ground(&self) -> Option<&Ground> {
        self.situations.ground()
    }

    /// A calibration that the people seen so far speak for, once they are enough. It is for a supervisor to accept.
    #[must_use]
    pub fn proposed_ground(&self) -> Option<GroundSettings> {
        self.situations.proposed_ground()
    }

    /// Replaces the calibration, from the next frame on.
    ///
    /// # Errors
    /// Why it cannot be used; the camera then has none.
    pub fn set_ground(&mut self, settings: Option<GroundSettings>) -> Result<(), GroundError> {
        self.situations.set_ground(settings)
    }

    /// The rules beside the zones.
    #[must_use]
    pub fn rules(&self) -> impl ExactSizeIterator<Item = &Rule> {
        self.situations.rules()
    }

    /// Replaces the rules. One that is as it was goes on where it stood; the incidents of the others close, which the next step
    /// reports.
    pub fn set_rules(&mut self, rules: Vec<Rule>) {
        if self.situations.set_rules(rules, self.now.unwrap_or_default()) {
            self.health.learn_view();
        }
    }

    /// The zones, with every threshold inside its range.
    #[must_use]
    pub fn zones(&self) -> impl ExactSizeIterator<Item = &Zone> {
        self.situations.zones()
    }

    /// Replaces the zones. One that is drawn anew makes the view of the next seconds the one that the camera is held against
    /// ([`HealthWatch::learn_view`]). One that keeps its id and polygon goes on where it stood; the incidents of the others close,
    /// which the next step reports.
    pub fn set_zones(&mut self, zones: Vec<Zone>) {
        if self.situations.set_zones(zones, self.now.unwrap_or_default()) {
            self.health.learn_view();
        }
    }

    /// The picture's width over its height, from the next frame on.
    pub fn set_aspect(&mut self, aspect: f32) {
        self.situations.set_aspect(aspect);
    }

    /// Takes a frame.
    ///
    /// Where it is declared not to continue the last one, tracks begin anew and open incidents close. A frame from before the last
    /// one is treated likewise.
    /// After a gap of more than [`TRACK_GAP_SECS`] tracks begin anew, while incidents stay open up to a gap of
    /// [`INCIDENT_GAP_SECS`]. A second frame at the same time is passed over.
    pub fn step(&mut self, frame: &FrameInput<'_>) -> StepOutput<'_> {
        let at = frame.at;
        self.situations.begin_frame();
        let broken = self.discontinuity_before(at, frame.discontinuity);
        if let Some(cause) = broken {
            self.begin_anew(at, cause);
        }
        if broken.is_some() || self.now != Some(at) {
            self.now = Some(at);
            let motion = frame.luma.and_then(|luma| self.motion.step_with(at, luma, frame.flow));
            let health = match frame.luma {
                Some(luma) => self.health.step(at, luma, motion),
                None => self.health.health(),
            };
            self.situations.step(frame, motion, health);
        }
        self.situations.view(at, &mut self.track_views, &mut self.zone_views);
        let outbox = self.situations.outbox();
        StepOutput {
            at,
            discontinuity: broken,
            tracks: &self.track_views,
            zones: &self.zone_views,
            raised: &outbox.raised,
            cleared: &outbox.cleared,
            vetoed: &outbox.vetoed,
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
        self.motion.reset();
        self.health.reset();
        self.situations.interrupt(last, at, continues);
    }
}
