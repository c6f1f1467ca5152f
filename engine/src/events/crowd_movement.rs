//! Crowd movement: sudden run, dispersal, convergence, counter-flow, bottleneck.
//!
//! **Law.** Decree 2023-828, article 3: a movement of the crowd.
//!
//! **Input.** The tracks of people. Speeds are in metres per second on the calibrated ground; without one, from how high people appear
//! (1.7 m): along the picture, with no correction for people who come nearer or go away, so that they are rather too low than too
//! high. People on and in vehicles do not count (`veto_riders`).
//!
//! **What is seen** in a frame ([`MovementKind`]; `pattern`), by at least `min_people`:
//! - *run*: people at `run_speed` or more. Walking is 1.4 m/s with a deviation of 0.25; a crowd that starts at a green light reaches
//!   that from nothing and is no run, however sudden.
//! - *dispersal*, *convergence*: people at 0.8 of that or more, away from or towards one point, in directions that span a good part of
//!   the circle. A bus that empties walks.
//! - *counter-flow*: people of two groups, `min_people` − 1 of each at least, who face each other within a step and whom that slowed to half of their own
//!   usual speed. Two flows that pass each other keep theirs.
//! - *bottleneck*: twice `min_people` who are slowed to half of their speed where there are three people or more on a square metre,
//!   while others press on towards them. A queue and a crowd at a red light are looser, and nobody walks into them.
//!
//! **Rule.** The share of the area's people who take part must reach `share`, and be well above what has been usual there in the last
//! minutes (`baseline`; learnt from [`crate::CameraAnalysis::step`] to step, five seconds at least), for `sustain_secs`; three times as long for counter-flow and bottleneck, which are no
//! matter of a second. One signal per incident, named after the most specific pattern that holds.
//! Over when none holds for `clear_secs`.
//!
//! | threshold | default | unit |
//! |---|---|---|
//! | `min_people` | 5 | people |
//! | `run_speed` | 2.5 | metres per second |
//! | `share` | 0.4 | share of the people in the area |
//! | `sustain_secs` | 1 | seconds |
//! | `clear_secs` | 5 | seconds |
//! | `veto_camera_shift`, `veto_riders` | on | – |
//!
//! **Vetoes.** `camera_shift`: everybody on the picture moves alike, those who stand, too. Not judged at all, without a word, while the camera's
//! health says that it is in motion, blind, frozen or moved, and for [`SETTLE_SECS`] afterwards.
//!
//! **Limits.** A group of joggers or cyclists without visible bicycles is a run, once. Where people hide each other so that no track
//! lasts a second nothing is seen.

mod baseline;
mod pace;
mod pattern;

use super::{EventMachine, Observation, Outbox};
use crate::Micros;
use crate::scene::CrowdMovementSettings;
use crate::signals::{ClearedIncident, Clearing, IncidentId, RaisedSignal, VetoedSignal, Why};
use baseline::Baseline;
use pace::Pace;
use pattern::{Agreement, Patterns};
use serde::{Deserialize, Serialize};
use vigie_protocol::{EventKind, Region};

/// After a motion of the camera, or something else that stops the judging, nothing is judged for this long, seconds.
pub const SETTLE_SECS: f32 = 1.0;
/// A pattern may be away for this long without beginning anew, seconds, or for one frame.
const BREAK_SECS: f32 = 0.35;
/// Counter-flow and bottleneck have to last so many times `sustain_secs`.
const SLOW_PATTERNS: f32 = 3.0;

/// What a crowd does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MovementKind {
    /// Away from a point, hurriedly.
    Dispersal,
    /// Towards a point, hurriedly.
    Convergence,
    /// Two groups against each other.
    CounterFlow,
    /// People pressed together.
    Bottleneck,
    /// Many run.
    Run,
}

impl MovementKind {
    /// All, the more specific first.
    pub const ALL: [Self; 5] =
        [Self::Dispersal, Self::Convergence, Self::CounterFlow, Self::Bottleneck, Self::Run];

    fn needed_secs(self, sustain_secs: f32) -> f32 {
        match self {
            Self::CounterFlow | Self::Bottleneck => SLOW_PATTERNS * sustain_secs,
            Self::Dispersal | Self::Convergence | Self::Run => sustain_secs,
        }
    }
}

/// Why it fired.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MovementReason {
    /// What the crowd does.
    pub kind: MovementKind,
    /// How many take part.
    pub people: u16,
    /// Of how many in the area whose speed is known.
    pub people_in_area: u16,
    /// Share of them that takes part, 0 to 1.
    pub share: f32,
    /// Largest share that was usual here lately.
    pub usual_share: f32,
    /// Share that was needed.
    pub needed_share: f32,
    /// Mean speed of those who take part, metres per second.
    pub speed: f32,
    /// Whether speeds rest on a calibration; otherwise on how high people appear.
    pub calibrated: bool,
    /// Seconds for which it had lasted.
    pub held_secs: f32,
    /// Seconds asked for.
    pub needed_secs: f32,
}

/// One pattern over time.
#[derive(Clone, Debug, Default)]
struct Evidence {
    baseline: Baseline,
    /// First and last frame in which it held without a longer break.
    held: Option<(Micros, Micros)>,
}

impl Evidence {
    fn held_secs(&self) -> f32 {
        self.held.map_or(0.0, |(first, last)| last.secs_since(first))
    }
}

#[derive(Clone, Copy, Debug)]
struct Open {
    incident: IncidentId,
    since: Micros,
    last_held: Micros,
    most_people: u16,
}

/// The machine of one rule.
#[derive(Clone, Debug)]
pub struct CrowdMovement {
    settings: CrowdMovementSettings,
    pace: Pace,
    patterns: Patterns,
    evidence: [Evidence; MovementKind::ALL.len()],
    now: Option<Micros>,
    /// Nothing is judged before this time.
    settles_at: Option<Micros>,
    /// Whether the camera shift under way has been told of.
    told_shift: bool,
    open: Option<Open>,
}

impl CrowdMovement {
    /// A machine that has seen nothing yet.
    #[must_use]
    pub fn new(settings: CrowdMovementSettings) -> Self {
        Self {
            settings: settings.within_ranges(),
            pace: Pace::default(),
            patterns: Patterns::default(),
            evidence: Default::default(),
            now: None,
            settles_at: None,
            told_shift: false,
            open: None,
        }
    }

    /// Updates what holds, and gives the most specific pattern that is ripe.
    fn weigh(&mut self, at: Micros, dt_secs: f32) -> Option<MovementKind> {
        let settings = &self.settings;
        for kind in MovementKind::ALL {
            let (evidence, found) = (&mut self.evidence[kind as usize], self.patterns.of(kind));
            let sudden_from = evidence.baseline.sudden_from(settings.share);
            let holds = found.enough && sudden_from.is_some_and(|least| found.share >= least);
            if holds {
                evidence.held = Some((evidence.held.map_or(at, |(first, _)| first), at));
                evidence.baseline.drop_waiting();
                continue;
            }
            evidence.held =
                evidence.held.filter(|(_, last)| at.secs_since(*last) <= BREAK_SECS.max(1.5 * dt_secs));
            if self.open.is_none() {
                // Too few to be a crowd are no pattern, whatever share of everybody they are.
                evidence.baseline.learn(if found.enough { found.share } else { 0.0 }, dt_secs);
            }
        }
        let ripe = |share: f32| {
            let evidence = &self.evidence;
            move |kind: &MovementKind| {
                let held_secs = evidence[*kind as usize].held_secs();
                let holds_now = evidence[*kind as usize].held.is_some_and(|(_, last)| last == at);
                holds_now && held_secs > 0.0 && held_secs >= share * kind.needed_secs(settings.sustain_secs)
            }
        };
        // A dispersal is a run as well; whichever is ripe first, the more specific name is the better one.
        MovementKind::ALL.iter().copied().find(ripe(1.0))?;
        MovementKind::ALL.iter().copied().find(ripe(0.5))
    }

    fn raise(&mut self, seen: &Observation<'_>, kind: MovementKind, out: &mut Outbox) {
        let Agreement { people, share, speed, score, region, .. } = *self.patterns.of(kind);
        let evidence = &self.evidence[kind as usize];
        let since = evidence.held.map_or(seen.at, |(first, _)| first);
        let reason = MovementReason {
            kind,
            people: clamped(people),
            people_in_area: clamped(self.pace.movers().len()),
            share,
            usual_share: evidence.baseline.usual(),
            needed_share: evidence.baseline.sudden_from(self.settings.share).unwrap_or(1.0),
            speed,
            calibrated: false,
            held_secs: evidence.held_secs(),
            needed_secs: kind.needed_secs(self.settings.sustain_secs),
        };
        let incident = out.number();
        self.open = Some(Open { incident, since, last_held: seen.at, most_people: reason.people });
        out.raised.push(RaisedSignal {
            incident,
            event: EventKind::CrowdMovement,
            zone: self.settings.area.as_ref().map(|area| area.id),
            zone_name: self.settings.area.as_ref().map(|area| area.name.clone()),
            since,
            at: seen.at,
            dwell_secs: reason.held_secs,
            score,
            region: region.unwrap_or(WHOLE),
            count: reason.people,
            why: Why::CrowdMovement(reason),
        });
    }

    /// Nothing seen so far goes on.
    fn pause(&mut self) {
        self.pace.forget_people();
        for evidence in &mut self.evidence {
            evidence.held = None;
            evidence.baseline.drop_waiting();
        }
        self.now = None;
    }

    /// Whether a camera that moves explains everything; told once, if something would have been ripe.
    fn is_vetoed(&mut self, seen: &Observation<'_>, ripe: Option<MovementKind>, out: &mut Outbox) -> bool {
        if !self.settings.veto_camera_shift || !pattern::is_camera_shift(self.pace.movers()) {
            self.told_shift = false;
            return false;
        }
        if let Some(kind) = ripe
            && !self.told_shift
        {
            self.told_shift = true;
            let found = self.patterns.of(kind);
            out.vetoed.push(VetoedSignal {
                event: EventKind::CrowdMovement,
                zone: self.settings.area.as_ref().map(|area| area.id),
                at: seen.at,
                veto: "veto_camera_shift".to_owned(),
                region: found.region.unwrap_or(WHOLE),
                score: found.score,
            });
        }
        true
    }
}

/// The whole picture.
const WHOLE: Region = Region { x0: 0.0, y0: 0.0, x1: 1.0, y1: 1.0 };

impl EventMachine for CrowdMovement {
    fn step(&mut self, seen: &Observation<'_>, out: &mut Outbox) {
        if !seen.health.scene_holds() {
            if seen.health.in_motion || seen.health.moved {
                self.pace.forget_view();
            }
            self.pause();
            self.settles_at = Some(seen.at.plus_secs(SETTLE_SECS));
        } else if self.settles_at.is_none_or(|when| seen.at >= when) {
            let dt_secs = self.now.map_or(0.0, |now| seen.at.secs_since(now)).max(0.0);
            self.now = Some(seen.at);
            let area = self.settings.area.as_ref();
            let in_area = |foot| area.is_none_or(|area| area.polygon.contains(foot));
            self.pace.step(seen, in_area, self.settings.veto_riders);
            self.patterns.measure(self.pace.movers(), &self.settings);
            let ripe = self.weigh(seen.at, dt_secs);
            if !self.is_vetoed(seen, ripe, out)
                && let Some(kind) = ripe
            {
                match &mut self.open {
                    Some(open) => {
                        open.last_held = seen.at;
                        open.most_people = open.most_people.max(clamped(self.patterns.of(kind).people));
                    }
                    None => self.raise(seen, kind, out),
                }
            }
        }
        let clear_secs = self.settings.clear_secs;
        if self.open.is_some_and(|open| seen.at.secs_since(open.last_held) >= clear_secs) {
            self.close(seen.at, Clearing::Emptied, out);
        }
    }

    fn interrupt(&mut self, last: Micros, at: Micros, continues: bool, out: &mut Outbox) {
        self.pause();
        self.settles_at = None;
        if !continues {
            self.pace.forget_view();
            self.evidence = Default::default();
            self.close(last, Clearing::Interrupted, out);
        }
        if let Some(open) = &mut self.open {
            open.last_held = at;
        }
    }

    fn close(&mut self, at: Micros, cause: Clearing, out: &mut Outbox) {
        if let Some(open) = self.open.take() {
            out.cleared.push(ClearedIncident {
                incident: open.incident,
                event: EventKind::CrowdMovement,
                zone: self.settings.area.as_ref().map(|area| area.id),
                since: open.since,
                at,
                people: open.most_people,
                cause,
            });
        }
    }
}

fn clamped(people: usize) -> u16 {
    u16::try_from(people).unwrap_or(u16::MAX)
}
