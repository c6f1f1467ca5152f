//! Grouping: which entries belong to one incident.

use crate::{Micros, tracker::TrackId};
use arrayvec::ArrayVec;
use serde::{Deserialize, Serialize};

/// Number of an incident, unique within one [`crate::CameraAnalysis`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IncidentId(pub u64);

/// What ended an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Clearing {
    /// Nobody was there any more for the set time.
    Emptied,
    /// Somebody attends again to what had been left.
    Attended,
    /// A later entry opened a new incident; those still there count towards it.
    Superseded,
    /// The picture was interrupted and what follows does not continue it.
    Interrupted,
    /// The zone was changed or removed.
    ZoneChanged,
}

/// What becomes of an entry that is ripe for a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offer {
    /// It begins an incident: one signal.
    Raise,
    /// It belongs to the incident that is open: no further signal.
    Join,
}

/// An incident that is open: one signal has been raised for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Incident {
    id: IncidentId,
    since: Micros,
    /// The last entry.
    last_entry: Option<Micros>,
    members: Members,
    people: u16,
    /// Members of the incidents that this one superseded.
    earlier: Members,
}

/// In place: joining takes no memory.
type Members = ArrayVec<TrackId, { Incident::MAX_MEMBERS }>;

impl Incident {
    /// Tracks remembered as members, the latest; older ones are forgotten but stay counted.
    pub const MAX_MEMBERS: usize = 64;

    /// Opens an incident with its first member. `is_entry` is false for somebody who may have been there before.
    #[must_use]
    pub fn open(id: IncidentId, member: TrackId, entered: Micros, is_entry: bool) -> Self {
        let last_entry = is_entry.then_some(entered);
        let mut members = Members::new();
        members.push(member);
        Self { id, since: entered, last_entry, members, people: 1, earlier: Members::new() }
    }

    /// Its number.
    #[must_use]
    pub fn id(&self) -> IncidentId {
        self.id
    }

    /// When it began.
    #[must_use]
    pub fn since(&self) -> Micros {
        self.since
    }

    /// How many took part so far.
    #[must_use]
    pub fn people(&self) -> u16 {
        self.people
    }

    /// Decides on a presence while this incident is open. It joins when
    /// - the same track is a member already, or was one of an incident that this one superseded: somebody who steps out and
    ///   in again is not a new incident; or
    /// - it may be nobody new (`is_entry` is false): one whom the tracker had lost, or who stood there before; or
    /// - it follows the last entry within `group_secs`: people who come together are one incident.
    ///
    /// Any other entry is a new incident, even while people of the last one are still there: somebody new came in.
    #[must_use]
    pub fn offer(&self, track: TrackId, entered: Micros, is_entry: bool, group_secs: f32) -> Offer {
        let known = self.members.contains(&track) || self.earlier.contains(&track);
        let together = self.last_entry.is_some_and(|last| entered.secs_since(last) <= group_secs);
        if known || !is_entry || together { Offer::Join } else { Offer::Raise }
    }

    /// Takes a presence in. One that is no entry does not prolong the time in which others may join.
    pub fn join(&mut self, track: TrackId, entered: Micros, is_entry: bool) {
        if is_entry {
            self.last_entry = self.last_entry.max(Some(entered));
        }
        if !self.members.contains(&track) {
            remember(&mut self.members, track);
            self.people = self.people.saturating_add(1);
        }
    }

    /// Remembers the members of the incident that this one supersedes.
    pub fn supersede(&mut self, before: Self) {
        self.earlier = before.earlier;
        for member in before.members {
            remember(&mut self.earlier, member);
        }
    }

    /// Somebody whom the tracker had lost goes on under another track.
    pub fn rename(&mut self, from: TrackId, to: TrackId) {
        for member in self.members.iter_mut().chain(&mut self.earlier) {
            if *member == from {
                *member = to;
            }
        }
    }
}

fn remember(members: &mut Members, track: TrackId) {
    if members.is_full() {
        members.remove(0);
    }
    members.push(track);
}
