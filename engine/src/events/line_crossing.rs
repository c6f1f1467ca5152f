//! Zone intrusion by line: a line crossed in a forbidden direction.
//!
//! **Law.** Decree 2023-828, article 3: crossing of a forbidden or sensitive zone. A signal of this machine is a
//! `zone_intrusion` whose reason is the crossing of a line.
//!
//! **Input.** The tracks of each frame, of persons, vehicles, or whatever moves, as set. Each is where its foot point is: the middle
//! of the lower edge of the smoothed box.
//!
//! **Sides.** Whoever stands at `from` and looks towards `to`, as seen on the picture, has the left-hand side on their left
//! ([`crate::scene::LineDirection`] says it with examples). The sides go on beyond the ends of the line.
//!
//! **Crossing.** Somebody was clearly on the one side, further than `clear` from the line; their path has cut the line between its
//! ends, an odd number of times in the same sense; and now they are clearly on the other side. The moment and place of the cut are
//! interpolated between the two observations around it, so that three frames a second are enough. So these are not crossings:
//! dancing on the line, turning round at it, walking along it, walking round its end. Who is hidden for a moment and found again as
//! another track goes on where they were.
//!
//! **Legs out of sight.** When the box of a person suddenly loses a fifth of its height or more, something hides the feet or the person
//! bends: the lower edge is not where they stand. Such observations are passed over, for two seconds at most.
//!
//! **Rule.** A forbidden crossing by a confirmed track opens an incident: one signal. Crossings that follow each other within
//! `group_secs` join it, and so does who crosses again within `again_secs`. The incident closes `group_secs` after the last one.
//!
//! **Vetoes.** `camera_motion`: while the camera moves or its view does not match the drawing, crossings are only logged.
//!
//! | threshold | default | unit |
//! |---|---|---|
//! | `clear` | 0.15 | heights of the box |
//! | `group_secs` | 2.0 | seconds |
//! | `again_secs` | 30.0 | seconds |
//!
//! **After an interruption** everybody begins anew, on the side where they are then.

mod walk;

use super::followed::Followed;
use super::{EventMachine, Observation, Outbox, region};
use crate::scene::{LineDirection, Tripwire};
use crate::signals::{ClearedIncident, Clearing, Incident, Offer, RaisedSignal, VetoedSignal, Why};
use crate::tracker::{Track, TrackId};
use crate::{ClassGroup, Micros, Point};
use serde::{Deserialize, Serialize};
use vigie_protocol::{EventKind, Region};
use walk::{Crossing, Walk};

/// Why a crossing raised a signal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LineReason {
    /// Ephemeral number of the track.
    pub track: TrackId,
    /// Person, vehicle, or something that moves.
    pub group: ClassGroup,
    /// Which way: never [`LineDirection::Both`].
    pub direction: LineDirection,
    /// When the line was crossed.
    pub crossed: Micros,
    /// Where, on the picture.
    pub place: Point,
    /// When they were last clearly on the side that they came from.
    pub left: Micros,
    /// Mean detection score since they were first seen, 0 to 1.
    pub score: f32,
    /// Speed on the ground when it fired, metres per second; on a calibrated camera.
    pub metres_per_sec: Option<f32>,
}

/// The machine of one line.
#[derive(Clone, Debug)]
pub struct LineCrossing {
    line: Tripwire,
    walks: Followed<Walk>,
    /// Crossings of this frame.
    ripe: Vec<Ripe>,
    open: Option<Incident>,
    /// When the open incident was last joined.
    last: Micros,
}

/// A forbidden crossing.
#[derive(Clone, Debug)]
struct Ripe {
    region: Region,
    /// By somebody who crossed within `again_secs`.
    again: bool,
    reason: LineReason,
}

impl LineCrossing {
    /// A machine that has seen nothing yet. Thresholds outside their ranges are put inside.
    #[must_use]
    pub fn new(line: Tripwire) -> Self {
        Self {
            line: line.within_ranges(),
            walks: Followed::default(),
            ripe: Vec::new(),
            open: None,
            last: Micros::default(),
        }
    }

    /// Raises a signal for one crossing, lets it join, or holds it back.
    fn judge(&mut self, ripe: Ripe, held_back: bool, at: Micros, out: &mut Outbox) {
        let (Ripe { region, again, reason }, line) = (ripe, &self.line);
        if held_back {
            out.vetoed.push(VetoedSignal {
                event: EventKind::ZoneIntrusion,
                zone: Some(line.id),
                at,
                veto: "camera_motion".to_owned(),
                region,
                score: reason.score,
            });
            return;
        }
        if let Some(incident) = &mut self.open
            && incident.offer(reason.track, reason.crossed, !again, line.group_secs) == Offer::Join
        {
            incident.join(reason.track, reason.crossed, !again);
            self.last = at;
            return;
        }
        if again {
            return;
        }
        self.close(at, Clearing::Superseded, out);
        let (line, crossed) = (&self.line, reason.crossed);
        let incident = Incident::open(out.number(), reason.track, crossed, true);
        out.raised.push(RaisedSignal {
            incident: incident.id(),
            event: EventKind::ZoneIntrusion,
            zone: Some(line.id),
            zone_name: Some(line.name.clone()),
            since: crossed,
            at,
            dwell_secs: at.secs_since(crossed).max(0.0),
            score: reason.score,
            region,
            count: 1,
            why: Why::LineCrossing(reason),
        });
        self.open = Some(incident);
        self.last = at;
    }
}

/// Whether a kind of thing is meant.
fn takes(line: &Tripwire, track: &Track) -> bool {
    match track.group() {
        ClassGroup::Person => line.persons,
        ClassGroup::Vehicle => line.vehicles,
        ClassGroup::MovingObject => line.unnamed,
        ClassGroup::Bag => false,
    }
}

impl EventMachine for LineCrossing {
    fn step(&mut self, seen: &Observation<'_>, out: &mut Outbox) {
        let (at, line, ripe) = (seen.at, &self.line, &mut self.ripe);
        let held_back = line.vetoes.camera_motion && !seen.health.scene_holds();
        ripe.clear();
        self.walks.step(
            at,
            seen.tracks,
            seen.aspect,
            |track| takes(line, track),
            |track, walk| {
                let Some(Crossing { direction, crossed, place, left }) =
                    walk.follow(at, track, line, seen.aspect)
                else {
                    return;
                };
                if line.forbidden != LineDirection::Both && line.forbidden != direction {
                    return;
                }
                let speed =
                    seen.ground.and_then(|ground| ground.velocity(track.foot(), track.filter().velocity()));
                let again = walk.signalled.is_some_and(|when| at.secs_since(when) <= line.again_secs);
                if !held_back {
                    walk.signalled = Some(at);
                }
                ripe.push(Ripe {
                    region: region(&track.bbox()),
                    again,
                    reason: LineReason {
                        track: track.id(),
                        group: track.group(),
                        direction,
                        crossed,
                        place,
                        left,
                        score: walk.mean_score(),
                        metres_per_sec: speed.map(|v| (v.x * v.x + v.y * v.y).sqrt()),
                    },
                });
            },
        );
        let mut ripe = std::mem::take(&mut self.ripe);
        for crossing in ripe.drain(..) {
            self.judge(crossing, held_back, at, out);
        }
        self.ripe = ripe;
        if at.secs_since(self.last) > self.line.group_secs {
            self.close(at, Clearing::Emptied, out);
        }
    }

    fn interrupt(&mut self, last: Micros, _at: Micros, continues: bool, out: &mut Outbox) {
        self.walks.clear();
        if !continues {
            self.close(last, Clearing::Interrupted, out);
        }
    }

    fn close(&mut self, at: Micros, cause: Clearing, out: &mut Outbox) {
        if let Some(incident) = self.open.take() {
            out.cleared.push(ClearedIncident {
                incident: incident.id(),
                event: EventKind::ZoneIntrusion,
                zone: Some(self.line.id),
                since: incident.since(),
                at,
                people: incident.people(),
                cause,
            });
        }
    }
}
