//! Zone intrusion: presence of a person in a forbidden or sensitive zone.
//!
//! **Law.** Decree 2023-828, article 3: crossing of, or presence of a person or vehicle in, a forbidden or sensitive
//! zone. This machine takes presence of persons in a polygon; it knows nothing of who they are.
//!
//! **Input.** The tracks of each frame. A person is where their foot point is: the middle of the lower edge of the
//! smoothed box, kept on the picture.
//!
//! **Presence.** Begins when the foot point comes into the polygon; the moment is interpolated between the two
//! observations on either side of its edge. People who already stand inside when the zone is drawn or the picture starts
//! are present, too, from that moment on. It ends when the foot point is further than `leave_margin` from the polygon,
//! has been outside the polygon for `leave_secs`, or the person has not been seen for `bridge_secs`. A track that appears
//! inside beside one just lost from sight takes its presence over.
//!
//! **Rule.** A presence that lasts `dwell_secs`, from entering to the last time that the person was *seen* inside, and
//! whose track is confirmed, is ripe once. The first ripe presence opens an incident: one signal. Which later ones join
//! it, without a signal, is said at [`Incident::offer`]. The incident closes when nobody has been in the zone for
//! `clear_secs` after the last one was seen to leave. People do not vanish, detectors lose them: where the last one was
//! not seen to leave it stays open for `vanish_secs`, and they may turn up again without a second signal.
//!
//! | threshold | default | unit |
//! |---|---|---|
//! | `dwell_secs` | 1.0 | seconds |
//! | `leave_margin` | 0.15 | heights of the person's box |
//! | `leave_secs` | 0.7 | seconds |
//! | `bridge_secs` | 1.0 | seconds |
//! | `group_secs` | 2.0 | seconds |
//! | `clear_secs` | 1.0 | seconds |
//! | `vanish_secs` | 3.0 | seconds |
//!
//! **States of the zone.** Empty → occupied (with the share of the dwell time that has passed) → incident open → empty.
//!
//! **After an interruption** ([`crate::analysis::Discontinuity`]) presences begin anew. An incident that was open stays
//! so over a gap in the picture, so that a stream that falters does not raise it again and again; it closes where the
//! picture that follows is another one.

mod presence;

pub use presence::IntrusionReason;

use crate::signals::{ClearedIncident, Clearing, Incident, IncidentId, Offer, RaisedSignal, Why};
use crate::tracker::Track;
use crate::{ClassGroup, Micros, Zone};
use presence::Presence;
use vigie_protocol::{EventKind, Region};

/// The machine of one zone.
#[derive(Clone, Debug)]
pub struct ZoneIntrusion {
    zone: Zone,
    presences: Vec<Presence>,
    open: Option<Incident>,
    /// Until when the incident stays open although nobody is present.
    held_until: Option<Micros>,
}

/// What a machine adds to the output of a step.
#[derive(Debug, Default)]
pub struct Outbox {
    /// New signals.
    pub raised: Vec<RaisedSignal>,
    /// Incidents that are over.
    pub cleared: Vec<ClearedIncident>,
    /// The number that the next incident gets.
    pub next_incident: u64,
}

impl ZoneIntrusion {
    /// A machine for an empty zone. Thresholds outside their ranges are put inside.
    #[must_use]
    pub fn new(zone: Zone) -> Self {
        Self { zone: zone.within_ranges(), presences: Vec::new(), open: None, held_until: None }
    }

    /// The zone.
    #[must_use]
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// How many people are present.
    #[must_use]
    pub fn occupants(&self) -> u16 {
        u16::try_from(self.presences.len()).unwrap_or(u16::MAX)
    }

    /// Whether this track is present.
    #[must_use]
    pub fn holds(&self, track: &Track) -> bool {
        self.presences.iter().any(|presence| presence.track() == track.id())
    }

    /// Share of the dwell time that the longest presence has passed, 0 to 1; 0 for an empty zone.
    #[must_use]
    pub fn dwell_progress(&self) -> f32 {
        let share = |presence: &Presence| {
            if self.zone.dwell_secs > 0.0 { presence.dwell_secs() / self.zone.dwell_secs } else { 1.0 }
        };
        self.presences.iter().map(share).fold(0.0, f32::max).clamp(0.0, 1.0)
    }

    /// The incident that is open.
    #[must_use]
    pub fn incident(&self) -> Option<&Incident> {
        self.open.as_ref()
    }

    /// Takes the tracks as they are at time `at`. `aspect` is the picture's width over its height.
    pub fn step(&mut self, at: Micros, tracks: &[Track], aspect: f32, out: &mut Outbox) {
        for presence in &mut self.presences {
            presence.begin_frame();
        }
        let seen_persons =
            || tracks.iter().filter(|t| t.group() == ClassGroup::Person && t.last_seen() == at);
        for track in seen_persons() {
            let known = self.presences.iter_mut().find(|presence| presence.track() == track.id());
            if let Some(presence) = known {
                presence.follow(at, track, &self.zone, aspect);
            }
        }
        for track in seen_persons() {
            if !self.holds(track) && self.zone.polygon.contains(track.foot()) {
                self.enter(at, track, aspect);
            }
        }
        self.part(at);
        self.judge(at, out);
        if self.presences.is_empty() && self.held_until.is_none_or(|until| at >= until) {
            self.close(at, Clearing::Emptied, out);
        }
    }

    fn enter(&mut self, at: Micros, track: &Track, aspect: f32) {
        let presence = Presence::begin(at, track, &self.zone.polygon);
        if !presence.seen_entering() {
            let lost = self.presences.iter_mut().find(|other| other.may_go_on_as(track, aspect));
            if let Some(lost) = lost {
                if let Some(incident) = &mut self.open {
                    incident.rename(lost.track(), track.id());
                }
                lost.go_on_as(at, track, &self.zone, aspect);
                return;
            }
        }
        self.presences.push(presence);
    }

    /// Lets go of presences that are over.
    fn part(&mut self, at: Micros) {
        let (zone, held_until) = (&self.zone, &mut self.held_until);
        self.presences.retain(|presence| {
            let over = presence.is_over(at, zone.bridge_secs);
            if over {
                let hold_secs = if presence.was_seen_leaving() { zone.clear_secs } else { zone.vanish_secs };
                *held_until = (*held_until).max(Some(presence.last_inside().plus_secs(hold_secs)));
            }
            !over
        });
    }

    /// Raises a signal for ripe presences, or lets them join.
    fn judge(&mut self, at: Micros, out: &mut Outbox) {
        let count = self.occupants();
        let zone = &self.zone;
        for presence in self.presences.iter_mut().filter(|presence| presence.is_ripe(zone.dwell_secs)) {
            presence.settle();
            let (track, entered, seen_entering) =
                (presence.track(), presence.entered(), presence.seen_entering());
            if let Some(incident) = &mut self.open {
                if incident.offer(track, entered, seen_entering, zone.group_secs) == Offer::Join {
                    incident.join(track, entered, seen_entering);
                    continue;
                }
                out.cleared.push(cleared(incident, zone, at, Clearing::Superseded));
            }
            let id = IncidentId(out.next_incident);
            out.next_incident += 1;
            self.open = Some(Incident::open(id, track, entered, seen_entering));
            let bbox = presence.bbox();
            out.raised.push(RaisedSignal {
                incident: id,
                event: EventKind::ZoneIntrusion,
                zone: Some(zone.id),
                zone_name: Some(zone.name.clone()),
                since: entered,
                at,
                dwell_secs: presence.dwell_secs(),
                score: presence.mean_score(),
                region: Region { x0: bbox.x0, y0: bbox.y0, x1: bbox.x1, y1: bbox.y1 },
                count,
                why: Why::ZoneIntrusion(presence.reason(zone.dwell_secs)),
            });
        }
    }

    /// Closes the incident, if one is open.
    pub fn close(&mut self, at: Micros, cause: Clearing, out: &mut Outbox) {
        if let Some(incident) = self.open.take() {
            out.cleared.push(cleared(&incident, &self.zone, at, cause));
        }
    }

    /// The picture was interrupted between the times `last` and `at`, and the tracks that follow are new ones. Presences
    /// end. The incident stays open where the picture `continues` after a gap, and has from `at` on to show itself again.
    pub fn interrupt(&mut self, last: Micros, at: Micros, continues: bool, out: &mut Outbox) {
        self.presences.clear();
        self.held_until = continues.then(|| at.plus_secs(self.zone.vanish_secs));
        if !continues {
            self.close(last, Clearing::Interrupted, out);
        }
    }

    /// Takes changed settings over. Presences and incident go on where the polygon is the same.
    pub fn change(&mut self, zone: Zone, at: Micros, out: &mut Outbox) {
        let zone = zone.within_ranges();
        if zone.polygon != self.zone.polygon {
            self.presences.clear();
            self.held_until = None;
            self.close(at, Clearing::ZoneChanged, out);
        }
        self.zone = zone;
    }
}

fn cleared(incident: &Incident, zone: &Zone, at: Micros, cause: Clearing) -> ClearedIncident {
    ClearedIncident {
        incident: incident.id(),
        event: EventKind::ZoneIntrusion,
        zone: Some(zone.id),
        since: incident.since(),
        at,
        people: incident.people(),
        cause,
    }
}
