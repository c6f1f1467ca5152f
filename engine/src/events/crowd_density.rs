//! Crowd density: persons per square metre, or persons, in a zone above the set limit.
//!
//! **Law.** Decree 2023-828, article 3: too high a density of people.
//!
//! **Input.** The boxes of each frame; where the caller makes one, the boxes of a tiled pass ([`crate::Counted`]); the ground.
//!
//! **Count.** The people whose foot point lies in the polygon, each box weighted with its probability of being a person of its own
//! ([`crate::counting`]), smoothed over `smooth_secs`. A tiled pass sees more than the single one but comes seldom: what it finds
//! more is taken over as a factor on the running count, for [`CORRECTION_SECS`].
//!
//! **Area.** That of the polygon on the ground, m². Without a calibration it is estimated from how high people appear
//! (`person_scale`), which is good for a factor of about 1.5: use `limit_persons` there, or calibrate.
//!
//! **Error.** One standard error of the count (chance, and 20 % for what boxes miss or make up) and of the area. It's part of the
//! reason; the limit is compared with the best estimate.
//!
//! **At least.** Where counting saturates, the figure is a lower bound and says so ([`Saturation`]): people further off are smaller than the detector
//! can find at this input, most of what moves in the zone belongs to no box, people stand so close that they hide others, or the
//! detector gave as many boxes as it can.
//!
//! **Rule.** Above a limit for `dwell_secs`: one signal, one incident. Over when the count has stayed below `clear_share` of the limit
//! for `clear_secs`.
//!
//! | threshold | default | unit |
//! |---|---|---|
//! | `limit_per_m2` | 4, where neither limit is set | persons per square metre |
//! | `limit_persons` | – | persons in the zone |
//! | `dwell_secs` | 3 | seconds |
//! | `smooth_secs` | 2 | seconds |
//! | `clear_share` | 0.8 | share of the limit |
//! | `clear_secs` | 5 | seconds |
//!
//! **Not judged** while the camera is blind or frozen, and while it is in motion or its view is not the one that the zone was drawn on. A zone
//! over the whole picture ([`WHOLE_PICTURE`]) is tied to no view: it goes on counting who is in the picture, in a limit of persons; the
//! estimated scale begins anew with every motion of the camera, and densities with it.
//!
//! **After an interruption** counting begins anew; an open incident stays open over a gap, and closes where the picture that follows
//! is another one.

mod estimate;
#[cfg(test)]
mod tests;

pub use estimate::{AreaSource, Saturation};

use super::{EventMachine, Observation, Outbox};
use crate::Micros;
use crate::scene::DensityZone;
use crate::signals::{ClearedIncident, Clearing, IncidentId, RaisedSignal, Why};
use estimate::{Estimate, Estimator};
use serde::{Deserialize, Serialize};
use vigie_protocol::{EventKind, Region};

/// A tiled pass corrects the count for this long, seconds.
pub const CORRECTION_SECS: f32 = 60.0;
/// A polygon over at least this share of the picture is the whole picture.
pub const WHOLE_PICTURE: f32 = 0.95;

/// Why it fired.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DensityReason {
    /// Persons in the zone, smoothed.
    pub persons: f32,
    /// Standard error of that.
    pub persons_error: f32,
    /// Area of the zone on the ground, square metres, where it is known.
    pub area_m2: Option<f32>,
    /// Where the area comes from.
    pub area_source: AreaSource,
    /// Persons per square metre.
    pub per_m2: Option<f32>,
    /// Standard error of that, the area's included.
    pub per_m2_error: Option<f32>,
    /// The limit that was exceeded, if it was one of persons per square metre.
    pub limit_per_m2: Option<f32>,
    /// The limit that was exceeded, if it was one of persons.
    pub limit_persons: Option<u16>,
    /// Seconds for which it was exceeded.
    pub above_secs: f32,
    /// Whether the figures are lower bounds, and why.
    pub saturation: Saturation,
    /// By how much the last tiled pass raised (above 1) or lowered the count; 1 without one.
    pub tiled_factor: f32,
}

impl DensityReason {
    /// Whether "at least" has to stand before the figures.
    #[must_use]
    pub fn is_at_least(&self) -> bool {
        self.saturation.is_any()
    }
}

/// The machine of one rule.
#[derive(Clone, Debug)]
pub struct CrowdDensity {
    settings: DensityZone,
    is_whole_picture: bool,
    estimator: Estimator,
    /// Since when a limit has been exceeded without a break.
    above_since: Option<Micros>,
    /// Since when an incident could end.
    below_since: Option<Micros>,
    open: Option<Open>,
}

#[derive(Clone, Copy, Debug)]
struct Open {
    incident: IncidentId,
    since: Micros,
    most_people: u16,
}

impl CrowdDensity {
    /// A machine that has seen nothing yet.
    #[must_use]
    pub fn new(settings: DensityZone) -> Self {
        let settings = settings.within_ranges();
        Self {
            is_whole_picture: settings.area.polygon.area() >= WHOLE_PICTURE,
            estimator: Estimator::default(),
            above_since: None,
            below_since: None,
            open: None,
            settings,
        }
    }

    /// The estimate over the limit, 1 at the limit: the larger where both are set. `None` where it cannot be told.
    fn load(&self, estimate: &Estimate) -> Option<f32> {
        let by_area =
            self.settings.limit_per_m2.zip(estimate.per_m2()).map(|(limit, density)| density / limit);
        let by_count = self.settings.limit_persons.map(|limit| estimate.persons / f32::from(limit));
        by_area.into_iter().chain(by_count).reduce(f32::max)
    }

    fn raise(&mut self, seen: &Observation<'_>, estimate: &Estimate, since: Micros, out: &mut Outbox) {
        let zone = &self.settings;
        let incident = out.number();
        let people = whole(estimate.persons);
        let exceeds = |limit: &f32| estimate.per_m2().is_some_and(|density| density >= *limit);
        let mut region = Region { x0: 1.0, y0: 1.0, x1: 0.0, y1: 0.0 };
        for corner in zone.area.polygon.corners() {
            region.x0 = region.x0.min(corner.x);
            region.y0 = region.y0.min(corner.y);
            region.x1 = region.x1.max(corner.x);
            region.y1 = region.y1.max(corner.y);
        }
        let reason = DensityReason {
            persons: estimate.persons,
            persons_error: estimate.persons_error,
            area_m2: estimate.area.map(|area| area.m2),
            area_source: estimate.area.map_or(AreaSource::Unknown, |area| area.source),
            per_m2: estimate.per_m2(),
            per_m2_error: estimate.per_m2_error(),
            limit_per_m2: zone.limit_per_m2.filter(exceeds),
            limit_persons: zone.limit_persons.filter(|limit| estimate.persons >= f32::from(*limit)),
            above_secs: seen.at.secs_since(since),
            saturation: self.estimator.saturation(seen, &zone.area.polygon),
            tiled_factor: self.estimator.factor(seen.at),
        };
        out.raised.push(RaisedSignal {
            incident,
            event: EventKind::CrowdDensity,
            zone: Some(zone.area.id),
            zone_name: Some(zone.area.name.clone()),
            since,
            at: seen.at,
            dwell_secs: reason.above_secs,
            score: estimate.mean_score,
            region,
            count: people,
            why: Why::CrowdDensity(reason),
        });
        self.open = Some(Open { incident, since, most_people: people });
    }

    /// Nothing can be told of this frame.
    fn pause(&mut self) {
        self.estimator.restart_count();
        self.above_since = None;
        self.below_since = None;
    }
}

impl EventMachine for CrowdDensity {
    fn step(&mut self, seen: &Observation<'_>, out: &mut Outbox) {
        let health = seen.health;
        if health.in_motion {
            self.estimator.forget_scale();
        }
        let other_view = health.in_motion || health.moved;
        if health.blind || health.frozen || (other_view && !self.is_whole_picture) {
            self.pause();
            return;
        }
        let zone = &self.settings;
        let estimate = self.estimator.step(seen, &zone.area.polygon, zone.smooth_secs);
        let Some(load) = self.load(&estimate) else {
            return;
        };
        self.above_since = (load >= 1.0).then(|| self.above_since.unwrap_or(seen.at));
        self.below_since = (load < zone.clear_share).then(|| self.below_since.unwrap_or(seen.at));
        let clears = |since: &Micros| seen.at.secs_since(*since) >= zone.clear_secs;
        if let Some(open) = &mut self.open {
            open.most_people = open.most_people.max(whole(estimate.persons));
            if self.below_since.as_ref().is_some_and(clears) {
                self.close(seen.at, Clearing::Emptied, out);
            }
        } else if let Some(since) = self.above_since
            && seen.at.secs_since(since) >= zone.dwell_secs
        {
            self.raise(seen, &estimate, since, out);
        }
    }

    fn interrupt(&mut self, last: Micros, _at: Micros, continues: bool, out: &mut Outbox) {
        self.pause();
        if !continues {
            self.estimator.forget_view();
            self.close(last, Clearing::Interrupted, out);
        }
    }

    fn close(&mut self, at: Micros, cause: Clearing, out: &mut Outbox) {
        if let Some(open) = self.open.take() {
            out.cleared.push(ClearedIncident {
                incident: open.incident,
                event: EventKind::CrowdDensity,
                zone: Some(self.settings.area.id),
                since: open.since,
                at,
                people: open.most_people,
                cause,
            });
        }
        self.above_since = None;
    }
}

/// The nearest whole number of people.
fn whole(persons: f32) -> u16 {
    persons.round().clamp(0.0, f32::from(u16::MAX)) as u16
}
