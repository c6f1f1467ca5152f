//! Who attends to an object, and since when nobody does.

use super::people::{People, Person, Scale};
use super::settings::AbandonedObjectSettings;
use crate::tracker::TrackId;
use crate::{Micros, Point};
use arrayvec::ArrayVec;

/// Somebody else than the owner attends to an object from this distance, metres …
const CLOSE_METRES: f32 = 1.0;
/// … when they stay for this long, seconds. Whoever walks past at a step and a half a second is within a metre for less than two.
pub(super) const COMPANY_SECS: f32 = 4.0;
/// The owner who comes back attends to it again after this long within [`CLOSE_METRES`], seconds …
const RETURN_CLOSE_SECS: f32 = 2.5;
/// … or this long within the attending distance, seconds. Whoever walks past is there for three and a half at most.
const RETURN_NEAR_SECS: f32 = 5.0;
/// Detectors miss somebody for so long who still stands there, seconds.
const BLINK_SECS: f32 = 1.0;
/// Somebody unseen for this long is gone, seconds.
const GONE_SECS: f32 = 3.0;
/// How far from where somebody was lost from sight they may turn up under another track: at once, metres …
const TURNS_UP_WITHIN: f32 = 0.7;
/// … and per second since, metres.
const TURNS_UP_PER_SEC: f32 = 1.5;
/// Most people near an object; the ones who came last are left out.
const MAX_VISITS: usize = 8;
/// Time that a visit counts for a frame, at most, seconds: after a gap nobody knows who was there.
const MOST_STEP_SECS: f32 = 1.0;

/// How the last one who attended to it left.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Left {
    /// When they were beyond the leaving distance, or last seen.
    pub(super) at: Micros,
    /// Under which track.
    pub(super) track: TrackId,
    /// How far they were, metres.
    pub(super) metres: f32,
    /// Whether they were seen to walk away; else they were lost from sight.
    pub(super) seen: bool,
}

/// Somebody near an object.
#[derive(Clone, Copy, Debug)]
struct Visit {
    track: TrackId,
    owner: bool,
    attends: bool,
    /// Seconds within the attending distance, and within [`CLOSE_METRES`].
    near_secs: f32,
    close_secs: f32,
    /// Within [`CLOSE_METRES`] now.
    close: bool,
    last_seen: Micros,
    foot: Point,
    metres: f32,
}

/// Who is near an object, and who was.
#[derive(Clone, Debug, Default)]
pub(super) struct Attendance {
    visits: ArrayVec<Visit, MAX_VISITS>,
    /// The tracks under which its owner was last known.
    owner: Option<TrackId>,
    left: Option<Left>,
    /// When somebody was last close by.
    last_close: Option<Micros>,
    last: Option<Micros>,
}

impl Attendance {
    /// Its owner is known: who was nearest when it appeared, and attends to it until they leave.
    pub(super) fn set_owner(&mut self, track: TrackId, at: Micros, foot: Point, metres: f32) {
        self.owner = Some(track);
        self.left = None;
        if let Some(visit) = self.visits.iter_mut().find(|visit| visit.track == track) {
            (visit.owner, visit.attends) = (true, true);
            return;
        }
        self.visits.truncate(MAX_VISITS - 1);
        self.visits.push(Visit {
            track,
            owner: true,
            attends: true,
            near_secs: 0.0,
            close_secs: 0.0,
            close: false,
            last_seen: at,
            foot,
            metres,
        });
    }

    /// Takes a frame: who is how far from the object's `place` on the ground.
    pub(super) fn step(
        &mut self,
        at: Micros,
        place: Point,
        people: &People,
        settings: &AbandonedObjectSettings,
        scale: Scale<'_>,
    ) {
        let passed_secs = self.last.map_or(0.0, |last| at.secs_since(last)).min(MOST_STEP_SECS);
        self.last = Some(at);
        for person in people.in_sight() {
            let metres = scale.metres(person.foot, place, person.body);
            let known = self.visits.iter().position(|visit| visit.track == person.track);
            if known.is_none() && metres > settings.attend_metres {
                continue;
            }
            if let Some(n) = known.or_else(|| self.begin_or_go_on(at, person, metres, place, people, scale)) {
                self.visits[n].follow(at, person, metres, passed_secs, settings);
                if self.visits[n].close {
                    self.last_close = Some(at);
                }
            }
        }
        self.part(at, settings.leave_metres);
    }

    /// Somebody new is near: a visit goes on under another track, or begins. Its index; `None` when there are too many.
    fn begin_or_go_on(
        &mut self,
        at: Micros,
        person: &Person,
        metres: f32,
        place: Point,
        people: &People,
        scale: Scale<'_>,
    ) -> Option<usize> {
        let in_sight = |track: TrackId| people.in_sight().any(|other| other.track == track);
        // A track that begins where another was lost goes on with it. Somebody who comes from elsewhere does not.
        let goes_on = |visit: &Visit| {
            let gap_secs = person.first_seen.secs_since(visit.last_seen);
            let reach = TURNS_UP_WITHIN + TURNS_UP_PER_SEC * gap_secs;
            gap_secs >= 0.0
                && !in_sight(visit.track)
                && scale.metres(person.first_foot, visit.foot, person.body) <= reach
        };
        let lost = (0..self.visits.len()).filter(|n| goes_on(&self.visits[*n]));
        // Rather the owner than somebody else.
        if let Some(n) = lost.min_by_key(|n| (!self.visits[*n].owner, !self.visits[*n].attends, *n)) {
            if self.visits[n].owner {
                self.owner = Some(person.track);
            }
            self.visits[n].track = person.track;
            return Some(n);
        }
        if self.visits.is_full() {
            return None;
        }
        let mut owner = self.owner == Some(person.track);
        // The owner was lost from sight beside it, and somebody turns up there out of nothing: they never left.
        if let Some(left) = self.left
            && !left.seen
            && person.first_seen >= left.at
            && scale.metres(person.first_foot, place, person.body) <= left.metres.max(CLOSE_METRES)
            && !in_sight(left.track)
        {
            owner = true;
            self.owner = Some(person.track);
        }
        self.visits.push(Visit {
            track: person.track,
            owner,
            attends: false,
            near_secs: 0.0,
            close_secs: 0.0,
            close: false,
            last_seen: at,
            foot: person.foot,
            metres,
        });
        Some(self.visits.len() - 1)
    }

    /// Lets those go who have left or were lost from sight.
    fn part(&mut self, at: Micros, leave_metres: f32) {
        let last_left = &mut self.left;
        self.visits.retain(|visit| {
            let seen = visit.metres > leave_metres;
            let over = seen || at.secs_since(visit.last_seen) > GONE_SECS;
            if over && visit.attends {
                let left = Left { at: visit.last_seen, track: visit.track, metres: visit.metres, seen };
                if last_left.is_none_or(|before| before.at < left.at) {
                    *last_left = Some(left);
                }
            }
            !over
        });
        if self.visits.iter().any(|visit| visit.attends) {
            self.left = None;
        }
    }

    /// Who left it last; `None` while somebody attends to it, and before anybody has.
    pub(super) fn left(&self) -> Option<Left> {
        self.left
    }

    /// Whether somebody attends to it.
    pub(super) fn is_attended(&self) -> bool {
        self.visits.iter().any(|visit| visit.attends)
    }

    /// Whether somebody may be about to attend to it, or to take it.
    pub(super) fn is_undecided(&self, at: Micros, attend_metres: f32) -> bool {
        let may = |visit: &Visit| visit.close || (visit.owner && visit.metres <= attend_metres);
        self.visits.iter().any(|visit| at.secs_since(visit.last_seen) <= BLINK_SECS && may(visit))
    }

    /// When somebody was last close enough to take it.
    pub(super) fn last_close(&self) -> Option<Micros> {
        self.last_close
    }

    /// The tracks that follow are new ones.
    pub(super) fn forget_tracks(&mut self, last: Micros) {
        for visit in self.visits.take().into_iter().filter(|visit| visit.attends) {
            self.left = Some(Left { at: last, track: visit.track, metres: visit.metres, seen: false });
        }
        self.owner = None;
        self.last = None;
    }
}

impl Visit {
    fn follow(
        &mut self,
        at: Micros,
        person: &Person,
        metres: f32,
        passed_secs: f32,
        settings: &AbandonedObjectSettings,
    ) {
        self.last_seen = at;
        self.foot = person.foot;
        self.metres = metres;
        self.close = metres <= CLOSE_METRES.min(settings.attend_metres);
        if metres <= settings.attend_metres {
            self.near_secs += passed_secs;
        }
        if self.close {
            self.close_secs += passed_secs;
        } else if !self.attends {
            self.close_secs = 0.0;
        }
        self.attends |= self.close_secs >= COMPANY_SECS
            || (self.owner && (self.close_secs >= RETURN_CLOSE_SECS || self.near_secs >= RETURN_NEAR_SECS));
    }
}
