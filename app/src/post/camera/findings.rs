//! What an analysed frame brings: signals, vetoes, the state of the picture, and what is painted over it; and the settings by
//! which it is judged.

use super::{Camera, Moment, State, Stored};
use crate::platform::{clock, video};
use crate::post::{TrackMark, ZoneMark, policy::HealthChange};
use std::rc::Rc;
use vigie_engine::{
    BBox, CameraAnalysis, ClassGroup, Counted, Detection, FrameInput, Luma, Micros, RaisedSignal, StepOutput,
    ZoneState,
    motion::FlowField,
    network::{InputSize, PERSON_PX_AT_INPUT},
    scene::Rule,
    signals::VetoedSignal,
    tracker::TrackerSettings,
};

/// What a frame brought that is to be told.
#[derive(Debug, Default)]
pub(in crate::post) struct Findings {
    /// New signals.
    pub(in crate::post) raised: Vec<RaisedSignal>,
    /// Signals that a veto held back and that are to be written, each with how many before it were not.
    pub(in crate::post) vetoed: Vec<(VetoedSignal, u32)>,
    /// What changed about the picture's health.
    pub(in crate::post) health: Vec<HealthChange>,
}

/// What a worker has made of a frame's pixels, besides boxes.
#[derive(Clone, Copy, Debug)]
pub(in crate::post) struct Picture<'a> {
    /// The grey picture.
    pub(in crate::post) luma: Option<Luma<'a>>,
    /// The flow to it from the last one, where the worker measured that.
    pub(in crate::post) flow: Option<FlowField<'a>>,
}

/// Counting passes are looked at between analysed frames.
impl Camera {
    /// The part of the frame that was just taken which a counting pass wants to look at, in shares of the picture; `None` to analyse
    /// the whole.
    pub(in crate::post) fn part_to_count(&self) -> Option<BBox> {
        let size = video::size(&self.live.video)?;
        let state = &mut *self.state.borrow_mut();
        let watched = state.settings.rules.iter().any(|rule| matches!(rule, Rule::CrowdDensity(_)));
        if !watched || !std::mem::take(&mut state.whole_last) {
            return None;
        }
        let tile = state.counting.next(clock::monotonic_ms(), size);
        state.whole_last = tile.is_none();
        let (width, height) = (size.0 as f32, size.1 as f32);
        tile.map(|tile| BBox {
            x0: tile.left as f32 / width,
            y0: tile.top as f32 / height,
            x1: (tile.left + tile.width) as f32 / width,
            y1: (tile.top + tile.height) as f32 / height,
        })
    }

    /// What was found in that part.
    pub(in crate::post) fn part_counted(&self, at: Micros, detections: &[Detection]) {
        self.state.borrow_mut().counting.found(at, detections);
    }

    /// The engine did not look at it.
    pub(in crate::post) fn part_is_lost(&self) {
        self.state.borrow_mut().counting.give_up();
    }
}

/// Open incidents that are marked on the picture; of more, the oldest are no longer.
const MOST_OPEN: usize = 64;

impl Camera {
    /// Takes what was found in a frame at this input size, and its grey picture where there is one, which it `keeps` for the flow to
    /// the next.
    pub(in crate::post) fn analysed(
        &self,
        moment: Moment,
        input: InputSize,
        detections: &[Detection],
        picture: Picture<'_>,
        keeps: bool,
    ) -> Findings {
        let size = video::size(&self.live.video);
        let now_ms = clock::monotonic_ms();
        let state = &mut *self.state.borrow_mut();
        if let Some((width, height)) = size {
            let aspect = width as f32 / height as f32;
            if state.settings.aspect.to_bits() != aspect.to_bits() {
                state.analysis.set_aspect(aspect);
                Rc::make_mut(&mut state.settings).aspect = aspect;
            }
        }
        state.analysed += 1;
        state.analysed_ms = Some(now_ms);
        let sure = TrackerSettings::default().high_score;
        state.persons =
            detections.iter().filter(|d| d.score >= sure && d.group() == Some(ClassGroup::Person)).count();
        // The picture fills the input's width or its height.
        let height_on_input = (input.height as f32).min(input.width as f32 / state.settings.aspect);
        state.whole_last = true;
        if moment.discontinuity {
            state.counting.reset();
        }
        // A part fills the input's shorter side.
        let smallest_in_part =
            PERSON_PX_AT_INPUT / input.width.min(input.height) as f32 * state.counting.part_share();
        let counted = state.counting.counted().map(|(at, boxes)| Counted {
            at,
            boxes,
            smallest_person: Some(smallest_in_part),
        });
        let frame = FrameInput {
            smallest_person: Some(PERSON_PX_AT_INPUT / height_on_input.max(1.0)),
            counted,
            luma: picture.luma,
            flow: picture.flow,
            discontinuity: moment.discontinuity,
            ..FrameInput::new(moment.at, detections)
        };
        state.last_grey.clear();
        if let Some(luma) = picture.luma.filter(|_| keeps) {
            state.last_grey.extend_from_slice(luma.pixels());
        }
        let step = state.analysis.step(&frame);

        let overlay = &mut *self.live.overlay.borrow_mut();
        overlay.picture = size.unwrap_or_default();
        overlay.generation += 1;
        overlay.at_ms = moment.at.0 as f64 / 1e3;
        overlay.tracks.clear();
        overlay.tracks.extend(tracks(&step));
        overlay.zones.clear();
        overlay.zones.extend(zones(&step));
        for cleared in step.cleared {
            state.open.retain(|(incident, _)| *incident != cleared.incident);
        }
        state.open.extend(step.raised.iter().filter_map(|raised| Some((raised.incident, raised.zone?))));
        let excess = state.open.len().saturating_sub(MOST_OPEN);
        state.open.drain(..excess);
        for (_, id) in &state.open {
            if overlay.zones.iter().all(|mark| mark.id != *id) {
                overlay.zones.push(ZoneMark { id: *id, dwell_share: 1.0, alarm: true });
            }
        }

        state.health = step.health;
        let counts = &mut state.vetoes;
        let vetoed = step
            .vetoed
            .iter()
            .filter_map(|vetoed| Some((vetoed.clone(), counts.struck(now_ms, &vetoed.veto)?)))
            .collect();
        Findings { raised: step.raised.to_vec(), vetoed, health: state.health_log.step(now_ms, step.health) }
    }

    /// The grey picture that was analysed last, where it is kept.
    pub(in crate::post) fn last_grey(&self) -> Option<Vec<u8>> {
        let state = self.state.borrow();
        (!state.last_grey.is_empty()).then(|| state.last_grey.clone())
    }

    /// What is set for it.
    pub(in crate::post) fn stored(&self) -> Stored {
        let state = self.state.borrow();
        Stored { settings: (*state.settings).clone(), off: state.off.clone() }
    }

    /// Sets everything anew. Rules and zones that are as they were go on where they stood.
    pub(in crate::post) fn set_stored(&self, stored: Stored) {
        let state: &mut State = &mut self.state.borrow_mut();
        let before = Rc::clone(&state.settings);
        let Stored { mut settings, off } = stored;
        // The picture says what shape it has.
        settings.aspect = before.aspect;
        if settings.tracker == before.tracker {
            if settings.ground != before.ground {
                // One that cannot be used is none; the sheet of the camera says so.
                let _ = state.analysis.set_ground(settings.ground.clone());
            }
            state.analysis.set_zones(settings.zones.clone());
            state.analysis.set_rules(settings.rules.clone());
        } else {
            state.analysis = CameraAnalysis::new(settings.clone());
            state.open.clear();
        }
        (state.settings, state.off) = (Rc::new(settings), off);
    }
}

fn tracks(step: &StepOutput<'_>) -> impl Iterator<Item = TrackMark> {
    step.tracks.iter().filter(|track| track.is_visible()).map(|track| TrackMark {
        id: track.id.0,
        bbox: track.bbox,
        velocity: track.velocity,
        group: track.group,
        score: track.score,
        unseen_secs: track.unseen_secs,
        in_zone: track.in_zones != 0,
    })
}

fn zones(step: &StepOutput<'_>) -> impl Iterator<Item = ZoneMark> {
    step.zones.iter().map(|zone| match zone.state {
        ZoneState::Empty => ZoneMark { id: zone.id, dwell_share: 0.0, alarm: false },
        ZoneState::Occupied { dwell_progress } => {
            ZoneMark { id: zone.id, dwell_share: dwell_progress, alarm: false }
        }
        ZoneState::Incident { .. } => ZoneMark { id: zone.id, dwell_share: 1.0, alarm: true },
    })
}
