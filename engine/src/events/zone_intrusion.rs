//! Zone intrusion: presence of a person in a forbidden or sensitive zone.
//!
//! **Law.** Decree 2023-828, article 3: crossing of, or presence of a person or vehicle in, a forbidden or sensitive
//! zone. This machine takes presence of persons in a polygon; it knows nothing of who they are.
//!
//! **Input.** The tracks of each frame. A person is where their foot point is: the middle of the lower edge of the
//! smoothed box, kept on the picture. Only frames in which the detector found them count: what merely moves where they were last
//! may be somebody else, and must not keep their presence.
//!
//! **Presence.** Begins when the foot point comes into the polygon; the moment is interpolated between the two
//! observations on either side of its edge. People who already stand inside when the zone is drawn or the picture starts
//! are present, too, from that moment on. It ends when the foot point is further than `leave_margin` from the polygon,
//! has been outside the polygon for `leave_secs`, or the person has not been seen for `bridge_secs`. A track that appears
//! inside beside one just lost from sight takes its presence over.
//!
//! **Entry.** A presence is an entry when it came in over the edge of the polygon, and also when it is first seen inside and
//! nobody known can have turned into it: at three frames a second, people at the picture's edge are first seen two steps
//! into the zone. It is no entry, and only joins what is open, when one who was lost or who left within `vanish_secs` may have
//! come so far since, when somebody in sight may have hidden it, or within `vanish_secs` of the first look at the zone.
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

use super::Outbox;
use crate::signals::{ClearedIncident, Clearing, Incident, Offer, RaisedSignal, Why};
use crate::tracker::Track;
use crate::{ClassGroup, Micros, Zone};
use presence::{Arrival, Presence};
use vigie_protocol::EventKind;

/// Most people remembered after they were gone.
const MAX_GONE: usize = 64;

/// The machine of one zone.
#[derive(Clone, Debug)]
pub struct ZoneIntrusion {
    zone: Zone,
    presences: Vec<Presence>,
    /// Those that ended within the last `vanish_secs`, oldest first.
    gone: Vec<Presence>,
    /// Since when the zone has been watched without an interruption.
    watched_since: Option<Micros>,
    open: Option<Incident>,
    /// Until when the incident stays open although nobody is present.
    held_until: Option<Micros>,
}

impl ZoneIntrusion {
    /// A machine for an empty zone. Thresholds outside their ranges are put inside.
    #[must_use]
    pub fn new(zone: Zone) -> Self {
        Self {
            zone: zone.within_ranges(),
            presences: Vec::new(),
            gone: Vec::new(),
            watched_since: None,
            open: None,
            held_until: None,
        }
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
        self.watched_since.get_or_insert(at);
        for presence in &mut self.presences {
            presence.begin_frame();
        }
        let seen_persons =
            || tracks.iter().filter(|t| t.group() == ClassGroup::Person && t.last_detected() == Some(at));
        for track in seen_persons() {
            let known = self.presences.iter_mut().find(|presence| presence.track() == track.id());
            if let Some(presence) = known {
                presence.follow(at, track, &self.zone, aspect);
            }
        }
        for track in seen_persons() {
            if !self.holds(track) && self.zone.polygon.contains(track.foot()) {
                self.enter(at, track, tracks, aspect);
            }
        }
        self.part(at);
        self.judge(at, out);
        if self.presences.is_empty() && self.held_until.is_none_or(|until| at >= until) {
            self.close(at, Clearing::Emptied, out);
        }
    }

    fn enter(&mut self, at: Micros, track: &Track, tracks: &[Track], aspect: f32) {
        let mut presence = Presence::begin(at, track, &self.zone.polygon);
        if presence.arrival() == Arrival::Appeared {
            if let Some(n) = nearest(&self.presences, at, track, aspect, |_| true) {
                let (zone, lost) = (&self.zone, &mut self.presences[n]);
                if let Some(incident) = &mut self.open {
                    incident.rename(lost.track(), track.id());
                }
                lost.go_on_as(at, track, zone, aspect);
                return;
            }
            presence = presence.arrived(self.arrival_of(at, track, tracks, aspect));
        }
        self.presences.push(presence);
    }

    /// How somebody came in whom this frame shows inside for the first time, as one of `tracks`.
    fn arrival_of(&mut self, at: Micros, track: &Track, tracks: &[Track], aspect: f32) -> Arrival {
        let watched_secs = self.watched_since.map_or(0.0, |since| at.secs_since(since));
        let hidden = || self.presences.iter().any(|other| other.may_have_hidden(track, aspect));
        if watched_secs <= self.zone.vanish_secs || hidden() {
            return Arrival::Unclear;
        }
        self.gone.retain(|gone| at.secs_since(gone.last_seen()) <= self.zone.vanish_secs);
        // Somebody who left and is in sight outside is not the one who appears inside.
        let in_sight = |gone: &Presence| {
            let others =
                tracks.iter().filter(|other| other.last_detected() == Some(at) && other.id() != track.id());
            others.map(Track::id).any(|id| id == gone.track())
        };
        let known = nearest(&self.gone, at, track, aspect, |gone| gone.is_settled() && !in_sight(gone));
        // Nobody turns up again twice. Whoever was gone before being judged is judged now.
        match known.or_else(|| nearest(&self.gone, at, track, aspect, |gone| !in_sight(gone))) {
            Some(n) => {
                let gone = self.gone.remove(n);
                if gone.is_settled() { Arrival::Unclear } else { gone.arrival() }
            }
            None => Arrival::Appeared,
        }
    }

    /// Lets go of presences that are over.
    fn part(&mut self, at: Micros) {
        let over = |presence: &mut Presence| presence.is_over(at, self.zone.bridge_secs);
        for mut presence in self.presences.extract_if(.., over) {
            let hold_secs =
                if presence.was_seen_leaving() { self.zone.clear_secs } else { self.zone.vanish_secs };
            self.held_until = self.held_until.max(Some(presence.last_inside().plus_secs(hold_secs)));
            if self.gone.len() == MAX_GONE {
                self.gone.remove(0);
            }
            presence.begin_frame();
            self.gone.push(presence);
        }
    }

    /// Raises a signal for ripe presences, or lets them join.
    fn judge(&mut self, at: Micros, out: &mut Outbox) {
        let count = self.occupants();
        for n in 0..self.presences.len() {
            if !self.presences[n].is_ripe(self.zone.dwell_secs) {
                continue;
            }
            self.presences[n].settle();
            let (presence, zone) = (&self.presences[n], &self.zone);
            let (track, entered) = (presence.track(), presence.entered());
            let is_entry = presence.arrival() != Arrival::Unclear;
            if let Some(incident) = &mut self.open
                && incident.offer(track, entered, is_entry, zone.group_secs) == Offer::Join
            {
                incident.join(track, entered, is_entry);
                continue;
            }
            let mut incident = Incident::open(out.number(), track, entered, is_entry);
            out.raised.push(RaisedSignal {
                incident: incident.id(),
                event: EventKind::ZoneIntrusion,
                zone: Some(zone.id),
                zone_name: Some(zone.name.clone()),
                since: entered,
                at,
                dwell_secs: presence.dwell_secs(),
                score: presence.mean_score(),
                region: presence.region(),
                count,
                why: Why::ZoneIntrusion(presence.reason(zone.dwell_secs)),
            });
            for other in self.presences.iter().filter(|other| other.is_settled()) {
                incident.join(other.track(), other.entered(), false);
            }
            if let Some(before) = self.open.take() {
                out.cleared.push(cleared(&before, zone, at, Clearing::Superseded));
                incident.supersede(before);
            }
            self.open = Some(incident);
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
        self.forget();
        self.held_until = continues.then(|| at.plus_secs(self.zone.vanish_secs));
        if !continues {
            self.close(last, Clearing::Interrupted, out);
        }
    }

    /// Everybody seen from now on may have been there before.
    fn forget(&mut self) {
        self.presences.clear();
        self.gone.clear();
        self.watched_since = None;
    }

    /// Takes changed settings over. Presences and incident go on where the polygon is the same.
    pub fn change(&mut self, zone: Zone, at: Micros, out: &mut Outbox) {
        let zone = zone.within_ranges();
        if zone.polygon != self.zone.polygon {
            self.forget();
            self.held_until = None;
            self.close(at, Clearing::ZoneChanged, out);
        }
        self.zone = zone;
    }
}

/// Which of these people, as far as they are out of sight and `may` be the one, most likely turns up again as `track`.
fn nearest(
    presences: &[Presence],
    at: Micros,
    track: &Track,
    aspect: f32,
    may: impl Fn(&Presence) -> bool,
) -> Option<usize> {
    let candidates = presences.iter().enumerate().filter(|(_, presence)| may(presence));
    let near = candidates.filter_map(|(n, presence)| Some((n, presence.distance_to(track, at, aspect)?)));
    near.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(n, _)| n)
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
