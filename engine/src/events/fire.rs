//! Fire: flame or smoke in its first seconds.
//!
//! **Law.** Decree 2023-828, article 3: fire starts. A beacon, a sign, the low sun and headlights are not fire.
//!
//! **Input.** Boxes of [`own_class::FLAME`] and [`own_class::SMOKE`] with calibrated scores; the small grey picture, for
//! how what is inside a box changes; flow, for smoke that rises; the camera's own shift.
//!
//! **A place.** Boxes that touch, or lie within half their size of each other, are one place, flame and smoke alike: what
//! burns is below its smoke. At most 32 places.
//!
//! **Evidence.** Log-odds of the best box, over those of a score of 0.2, per second for which it stands; they fade to 37
//! % in 4 s. Smoke counts 0.75 times (steam and fog look like it), a place that grows threefold or smoke that rises 1.3
//! times. From three frames with boxes, 0.8 s apart, on, and `needed` log-odds: a signal. At a score of 0.5 in every
//! frame that takes 1.3 s, at 0.7 it takes 0.8 s, at 0.5 in two frames of three 2.2 s, at any frame rate from 3 a second;
//! one box, whatever its score, comes to 0.8 to 1.5 and never suffices.
//!
//! | threshold | default | unit |
//! |---|---|---|
//! | `min_score` | 0.25 | |
//! | `needed` | 1.5 | log-odds |
//! | [`MIN_BOXES`] | 3 | frames |
//! | [`MIN_SPAN_SECS`] | 0.8 | seconds |
//! | [`CLEAR_SECS`] | 10 | seconds |
//!
//! **Vetoes**, each told once per place and switchable. They hold a place back for as long as they hold, and judge flames
//! only:
//! - `steady`: fewer than half of the looks, 0.1 to 1 s apart, change the pixels inside by 2.5 grey levels of 256 more
//!   than the picture on the whole. Measured inside the labelled boxes of a house fire: 89 to 98 % of the looks do; a
//!   sign, a lamp, an advert between two cuts and the low sun do not.
//! - `beacon`: the pixels inside change together (four fifths of all change is that of the mean; 0.35 to 0.45 inside
//!   flames) and come back. Without a grey picture: boxes alike in place and size come back after gaps, twice.
//! - `moving`: the place has moved by 1.2 of its sizes without growing twofold. Fire stays where it began; headlights and
//!   torches go on.
//!
//! **One incident** per fire: places that burn within one size of an open incident, or three tenths of the picture's
//! height, join it: a house burns at several windows. It is cleared when no box has been seen for [`CLEAR_SECS`]. A gap
//! in the picture keeps it open.

mod flicker;
mod settings;
mod source;

pub use settings::{FireSettings, FireVetoes};

use super::{EventMachine, Observation, Outbox, place};
use crate::detection::own_class;
use crate::motion::MotionView;
use crate::signals::{ClearedIncident, Clearing, IncidentId, RaisedSignal, VetoedSignal, Why};
use crate::{BBox, Detection, Micros};
use flicker::Before;
use serde::{Deserialize, Serialize};
use source::{Found, Source};
use vigie_protocol::EventKind;

/// Frames with boxes that a signal needs.
pub const MIN_BOXES: u32 = 3;
/// Time from the first to the last of them, seconds.
pub const MIN_SPAN_SECS: f32 = 0.8;
/// An incident without boxes for so long is over, seconds.
pub const CLEAR_SECS: f32 = 10.0;

/// Most places at a time; further ones wait until one is forgotten.
const MAX_SOURCES: usize = 32;
/// Flames this close to an open incident are part of it, picture heights: a house burns at several windows.
const SAME_FIRE: f32 = 0.3;
/// A place without boxes for so long is forgotten, seconds.
const FORGET_SECS: f32 = 4.0;

/// What burns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Matter {
    /// Flame.
    Flame,
    /// Smoke.
    Smoke,
}

impl Matter {
    fn of(detection: &Detection) -> Option<Self> {
        match detection.class_id {
            own_class::FLAME => Some(Self::Flame),
            own_class::SMOKE => Some(Self::Smoke),
            _ => None,
        }
    }
}

/// Why it fired.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FireReason {
    /// What was seen; flame where there was both.
    pub matter: Matter,
    /// First box.
    pub first_at: Micros,
    /// Frames with boxes.
    pub boxes: u32,
    /// Log-odds that came together.
    pub log_odds: f32,
    /// Log-odds that were needed.
    pub needed: f32,
    /// Best score.
    pub best_score: f32,
    /// Seconds of flame.
    pub flame_secs: f32,
    /// Seconds of smoke.
    pub smoke_secs: f32,
    /// Area now over area at first.
    pub growth: f32,
    /// Share of the looks in which the pixels inside changed, 0 to 1; `None` without a grey picture.
    pub flickering: Option<f32>,
    /// Mean change of a pixel between two looks, grey levels of 256.
    pub flicker_levels: Option<f32>,
}

#[derive(Clone, Debug)]
struct Burning {
    incident: IncidentId,
    since: Micros,
    bbox: BBox,
    seen: Micros,
}

/// The machine of one rule.
#[derive(Clone, Debug)]
pub struct Fire {
    settings: FireSettings,
    sources: Vec<Source>,
    burning: Vec<Burning>,
    before: Before,
    last: Option<Micros>,
    /// The boxes of this frame, and what they show of each source.
    boxes: Vec<Found>,
    found: Vec<Option<Found>>,
}

impl Fire {
    /// A machine that has seen nothing yet.
    #[must_use]
    pub fn new(settings: FireSettings) -> Self {
        Self {
            settings: settings.within_ranges(),
            sources: Vec::new(),
            burning: Vec::new(),
            before: Before::default(),
            last: None,
            boxes: Vec::new(),
            found: Vec::new(),
        }
    }

    /// Sorts the boxes of a frame into places; a box that belongs to none begins one.
    fn sort(&mut self, seen: &Observation<'_>) {
        self.boxes.clear();
        for detection in seen.detections {
            let Some(matter) = Matter::of(detection) else { continue };
            let bbox = detection.bbox.on_picture();
            // A score that is not a number fails the comparison.
            let usable = detection.bbox.is_valid()
                && bbox.is_valid()
                && detection.score >= self.settings.min_score
                && place::counts(self.settings.area.as_ref(), bbox.centre());
            if usable {
                let score = detection.score.min(1.0);
                self.boxes.push(Found { bbox, score, matter, rising_per_sec: 0.0 });
            }
        }
        // The surest first: they begin the places.
        self.boxes.sort_unstable_by(|a, b| {
            let surer = b.score.total_cmp(&a.score);
            surer.then_with(|| place::order(&a.bbox, &b.bbox)).then(a.matter.cmp(&b.matter))
        });
        self.found.clear();
        self.found.resize(self.sources.len(), None);
        for found in &self.boxes {
            let index = self.sources.iter().position(|source| source.takes(&found.bbox)).or_else(|| {
                (self.sources.len() < MAX_SOURCES).then(|| {
                    self.sources.push(Source::begin(seen.at, found.bbox));
                    self.found.push(None);
                    self.sources.len() - 1
                })
            });
            if let Some(together) = index.and_then(|index| self.found.get_mut(index)) {
                *together = Some(together.map_or(*found, |before| before.with(found)));
            }
        }
    }

    fn measure(&mut self, seen: &Observation<'_>, passed_secs: f32) {
        if let Some(luma) = seen.luma {
            if self.before.is_comparable(seen.at, luma) {
                for (source, found) in self.sources.iter_mut().zip(&self.found) {
                    let bbox = found.map_or(source.bbox, |found| found.bbox);
                    if let Some(change) = self.before.change(luma, &bbox) {
                        source.flickers(change, passed_secs);
                    }
                }
            }
            self.before.take(seen.at, luma);
        }
        if let Some(motion) = seen.motion {
            for found in self.found.iter_mut().flatten().filter(|found| found.matter == Matter::Smoke) {
                found.rising_per_sec = rising(motion, &found.bbox);
            }
            for source in &mut self.sources {
                source.shift(motion.camera_shift.0, motion.camera_shift.1);
            }
        }
    }

    fn judge(&mut self, at: Micros, aspect: f32, out: &mut Outbox) {
        let settings = &self.settings;
        let (zone, zone_name) = place::label(settings.area.as_ref());
        for source in &mut self.sources {
            let evidence = &source.evidence;
            if evidence.last_box() != at {
                continue;
            }
            if let Some(burning) =
                self.burning.iter_mut().find(|burning| near(&burning.bbox, &source.bbox, aspect))
            {
                // Only what is fire in its own right makes the incident larger or longer.
                if source.raised || evidence.log_odds() >= settings.needed {
                    source.raised = true;
                    burning.seen = at;
                    burning.bbox = union(&burning.bbox, &source.bbox);
                }
                continue;
            }
            let ripe = evidence.log_odds() >= settings.needed
                && evidence.boxes() >= MIN_BOXES
                && evidence.span_secs() >= MIN_SPAN_SECS;
            if !ripe {
                continue;
            }
            let (region, score) = (place::region(&source.bbox), evidence.mean_score());
            if let Some(veto) = source.veto(settings.vetoes) {
                if !source.veto_told {
                    source.veto_told = true;
                    let veto = veto.to_owned();
                    out.vetoed.push(VetoedSignal { event: EventKind::Fire, zone, at, veto, region, score });
                }
                continue;
            }
            source.raised = true;
            let incident = out.number();
            self.burning.push(Burning { incident, since: evidence.first(), bbox: source.bbox, seen: at });
            let flickers = source.flicker.count() > 0;
            out.raised.push(RaisedSignal {
                incident,
                event: EventKind::Fire,
                zone,
                zone_name: zone_name.clone(),
                since: evidence.first(),
                at,
                dwell_secs: at.secs_since(evidence.first()),
                score,
                region,
                count: 0,
                why: Why::Fire(FireReason {
                    matter: source.matter(),
                    first_at: evidence.first(),
                    boxes: evidence.boxes(),
                    log_odds: evidence.log_odds(),
                    needed: settings.needed,
                    best_score: evidence.best_score(),
                    flame_secs: source.flame_secs,
                    smoke_secs: source.smoke_secs,
                    growth: source.growth(),
                    flickering: flickers.then(|| source.flicker.changing_share()),
                    flicker_levels: flickers.then(|| source.flicker.mean_change()),
                }),
            });
        }
    }

    fn clear(&mut self, at: Micros, out: &mut Outbox) {
        let zone = place::label(self.settings.area.as_ref()).0;
        for over in self.burning.extract_if(.., |burning| at.secs_since(burning.seen) > CLEAR_SECS) {
            out.cleared.push(cleared(&over, zone, at, Clearing::Emptied));
        }
    }
}

impl EventMachine for Fire {
    fn step(&mut self, seen: &Observation<'_>, out: &mut Outbox) {
        let passed_secs = self.last.map_or(0.0, |last| seen.at.secs_since(last).max(0.0));
        self.last = Some(seen.at);
        self.sort(seen);
        self.measure(seen, passed_secs);
        for (source, found) in self.sources.iter_mut().zip(&self.found) {
            source.step(seen.at, passed_secs, found.as_ref());
        }
        self.judge(seen.at, seen.aspect, out);
        self.sources.retain(|source| seen.at.secs_since(source.evidence.last_box()) <= FORGET_SECS);
        self.clear(seen.at, out);
    }

    fn interrupt(&mut self, last: Micros, at: Micros, continues: bool, out: &mut Outbox) {
        self.sources.clear();
        self.before.forget();
        self.last = None;
        if continues {
            for burning in &mut self.burning {
                burning.seen = at;
            }
        } else {
            self.close(last, Clearing::Interrupted, out);
        }
    }

    fn close(&mut self, at: Micros, cause: Clearing, out: &mut Outbox) {
        let zone = place::label(self.settings.area.as_ref()).0;
        for burning in self.burning.drain(..) {
            out.cleared.push(cleared(&burning, zone, at, cause));
        }
    }
}

impl Found {
    /// Two boxes of one place as one: flame before smoke, the better score of those.
    fn with(&self, other: &Self) -> Self {
        let bbox = union(&self.bbox, &other.bbox);
        let better = match (self.matter, other.matter) {
            (Matter::Flame, Matter::Smoke) => self,
            (Matter::Smoke, Matter::Flame) => other,
            _ if other.score > self.score => other,
            _ => self,
        };
        // Flame that is little more than a guess does not take from smoke that is sure.
        Self { bbox, score: self.score.max(other.score), ..*better }
    }
}

fn union(a: &BBox, b: &BBox) -> BBox {
    BBox { x0: a.x0.min(b.x0), y0: a.y0.min(b.y0), x1: a.x1.max(b.x1), y1: a.y1.max(b.y1) }
}

/// Whether two boxes are within one size of the larger, or [`SAME_FIRE`], of each other.
fn near(a: &BBox, b: &BBox, aspect: f32) -> bool {
    let width = a.width().max(b.width()).max(SAME_FIRE / aspect);
    let height = a.height().max(b.height()).max(SAME_FIRE);
    let grown = BBox { x0: a.x0 - width, x1: a.x1 + width, y0: a.y0 - height, y1: a.y1 + height };
    grown.iou(b) > 0.0
}

/// Mean upward speed of what moves inside a box, shares of the picture's height per second.
fn rising(motion: &MotionView, bbox: &BBox) -> f32 {
    let span = |from: f32, until: f32, count: usize| {
        let cell = |share: f32| (share.clamp(0.0, 1.0) * count as f32).round() as usize;
        cell(from)..cell(until)
    };
    let (mut sum, mut count) = (0.0, 0_u32);
    for y in span(bbox.y0, bbox.y1, motion.rows) {
        for x in span(bbox.x0, bbox.x1, motion.columns) {
            let cell = y * motion.columns + x;
            if motion.confidence.get(cell).is_some_and(|confidence| *confidence >= 0.2) {
                sum -= motion.flow_y.get(cell).copied().unwrap_or_default();
                count += 1;
            }
        }
    }
    if count == 0 { 0.0 } else { sum / count as f32 }
}

fn cleared(
    burning: &Burning,
    zone: Option<vigie_protocol::ZoneId>,
    at: Micros,
    cause: Clearing,
) -> ClearedIncident {
    let (incident, since) = (burning.incident, burning.since);
    ClearedIncident { incident, event: EventKind::Fire, zone, since, at, people: 0, cause }
}
