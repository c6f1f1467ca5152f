//! One person's stay in a zone.

use crate::geometry::length;
use crate::tracker::{Track, TrackId};
use crate::{BBox, Micros, Point, Polygon, Zone};
use arrayvec::ArrayVec;
use serde::{Deserialize, Serialize};
use vigie_protocol::Region;

/// Why a presence raised a signal: what an operator is shown when they ask.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IntrusionReason {
    /// Ephemeral number of the track, as drawn on the picture at the time.
    pub track: TrackId,
    /// When the person entered.
    pub entered: Micros,
    /// Whether they were seen to come in; false when they were there at first sight.
    pub seen_entering: bool,
    /// Seconds from entering to the last sight inside.
    pub dwell_secs: f32,
    /// Seconds asked for.
    pub needed_secs: f32,
    /// Mean detection score since entering, 0 to 1.
    pub score: f32,
    /// Frames in which the person was seen since entering.
    pub observations: u32,
    /// Longest time between two such frames, seconds.
    pub longest_gap_secs: f32,
    /// Foot points since entering, oldest first, at most [`IntrusionReason::MAX_PATH`]; thinned evenly when longer.
    pub path: Vec<Point>,
}

impl IntrusionReason {
    /// Most points of a path.
    pub const MAX_PATH: usize = 32;
}

/// Where a person is now, as far as leaving is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moved {
    /// In the polygon.
    Inside,
    /// Outside, within the margin.
    OnTheEdge,
    /// Beyond the margin.
    Away,
}

impl Moved {
    /// Where a foot point is, as far as leaving is concerned.
    fn of(track: &Track, zone: &Zone, aspect: f32) -> Self {
        let outside = zone.polygon.distance_outside(track.foot(), aspect);
        if outside <= 0.0 {
            Self::Inside
        } else if outside <= zone.leave_margin * track.bbox().height() {
            Self::OnTheEdge
        } else {
            Self::Away
        }
    }
}

/// How a person came to be in the zone, as far as was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arrival {
    /// Over the edge of the polygon, in sight.
    Crossed,
    /// First seen inside, and nobody else can have turned into them: they came in between two frames.
    Appeared,
    /// First seen inside, and perhaps there before: under another track, behind somebody, or before the camera looked.
    Unclear,
}

/// One person's stay in a zone.
#[expect(clippy::struct_excessive_bools, reason = "four facts that do not depend on each other, not states")]
#[derive(Clone, Debug)]
pub(super) struct Presence {
    track: TrackId,
    entered: Micros,
    arrival: Arrival,
    last_inside: Micros,
    last_seen: Micros,
    /// Since when the foot point has been outside the polygon.
    outside_since: Option<Micros>,
    left: bool,
    seen_now: bool,
    confirmed: bool,
    /// Whether it has been judged.
    settled: bool,
    bbox: BBox,
    foot: Point,
    score_sum: f32,
    observations: u32,
    longest_gap_secs: f32,
    path: ArrayVec<Point, { IntrusionReason::MAX_PATH }>,
    /// Every how many observations a point is kept, and how many have passed since the last.
    path_stride: u32,
    path_skipped: u32,
}

/// A track is somebody when its first and last sighting are this far apart, seconds.
const CERTAIN_SECS: f32 = 0.25;
/// An entering that lies further back than this is not interpolated, seconds.
const INTERPOLATED_SECS: f32 = 1.0;
/// How far from where they were lost from sight a person may turn up again under another track, in box heights: at once …
const TURNS_UP_WITHIN: f32 = 0.75;
/// … per second since; a person is 1.7 m high and walks 1.4 m in a second …
const TURNS_UP_PER_SEC: f32 = 0.8;
/// … and at most.
const TURNS_UP_AT_MOST: f32 = 2.0;
/// Somebody first seen within this distance of a person in sight may have been behind them, in box heights.
const HIDES_WITHIN: f32 = 0.6;

impl Presence {
    /// Begins with a track whose foot point is in the polygon.
    pub(super) fn begin(at: Micros, track: &Track, polygon: &Polygon) -> Self {
        let came_from = track.foot_before().filter(|(_, foot)| !polygon.contains(*foot));
        let recent = came_from.filter(|(when, _)| at.secs_since(*when) <= INTERPOLATED_SECS);
        let entered = recent.map_or(at, |(when, from)| {
            let share = share_outside(from, track.foot(), polygon);
            when.plus_secs(share * at.secs_since(when))
        });
        Self {
            track: track.id(),
            entered,
            arrival: if came_from.is_some() { Arrival::Crossed } else { Arrival::Appeared },
            last_inside: at,
            last_seen: at,
            outside_since: None,
            left: false,
            seen_now: true,
            confirmed: is_certain(at, track),
            settled: false,
            bbox: track.bbox().on_picture(),
            foot: track.foot(),
            score_sum: track.score(),
            observations: 1,
            longest_gap_secs: 0.0,
            path: [track.foot()].into_iter().collect(),
            path_stride: 1,
            path_skipped: 0,
        }
    }

    /// Nobody has seen this person yet: neither in this frame, nor after they were gone.
    pub(super) fn begin_frame(&mut self) {
        self.seen_now = false;
    }

    /// Takes a new observation of the same track.
    pub(super) fn follow(&mut self, at: Micros, track: &Track, zone: &Zone, aspect: f32) {
        self.longest_gap_secs = self.longest_gap_secs.max(at.secs_since(self.last_seen));
        self.last_seen = at;
        self.seen_now = true;
        self.confirmed = is_certain(at, track);
        self.bbox = track.bbox().on_picture();
        self.foot = track.foot();
        match Moved::of(track, zone, aspect) {
            Moved::Inside => {
                self.last_inside = at;
                self.outside_since = None;
                self.score_sum += track.score();
                self.observations = self.observations.saturating_add(1);
                self.remember(track.foot());
            }
            Moved::OnTheEdge => {
                let since = *self.outside_since.get_or_insert(at);
                self.left = at.secs_since(since) >= zone.leave_secs;
            }
            Moved::Away => self.left = true,
        }
    }

    fn remember(&mut self, foot: Point) {
        self.path_skipped += 1;
        if self.path_skipped < self.path_stride {
            return;
        }
        self.path_skipped = 0;
        if self.path.is_full() {
            let mut index = 0;
            self.path.retain(|_| {
                index += 1;
                index % 2 == 1
            });
            self.path_stride = self.path_stride.saturating_mul(2);
        }
        self.path.push(foot);
    }

    /// How far `track` appears from where this person was last seen, as a share of how far they may have come since;
    /// `None` when that is too far, or they are in sight themselves.
    pub(super) fn distance_to(&self, track: &Track, at: Micros, aspect: f32) -> Option<f32> {
        let reach = TURNS_UP_WITHIN + TURNS_UP_PER_SEC * at.secs_since(self.last_seen);
        let share = self.heights_to(track, aspect) / reach.min(TURNS_UP_AT_MOST);
        (!self.seen_now && share <= 1.0).then_some(share)
    }

    /// Whether this person, in sight, may have hidden the one who appears as `track`.
    pub(super) fn may_have_hidden(&self, track: &Track, aspect: f32) -> bool {
        self.seen_now && self.heights_to(track, aspect) <= HIDES_WITHIN
    }

    /// Distance of the foot points, in heights of the track's box.
    fn heights_to(&self, track: &Track, aspect: f32) -> f32 {
        let (from, to) = (self.foot, track.foot());
        length((to.x - from.x) * aspect, to.y - from.y) / track.bbox().height()
    }

    /// What is known of the arrival of somebody first seen inside.
    pub(super) fn arrived(mut self, arrival: Arrival) -> Self {
        self.arrival = arrival;
        self
    }

    /// Goes on under another track.
    pub(super) fn go_on_as(&mut self, at: Micros, track: &Track, zone: &Zone, aspect: f32) {
        self.track = track.id();
        self.follow(at, track, zone, aspect);
    }

    pub(super) fn is_over(&self, at: Micros, bridge_secs: f32) -> bool {
        self.left || at.secs_since(self.last_seen) > bridge_secs
    }

    /// Whether it ended by walking out, not by getting lost from sight.
    pub(super) fn was_seen_leaving(&self) -> bool {
        self.left
    }

    /// Whether it has lasted long enough and was not judged before.
    pub(super) fn is_ripe(&self, needed_secs: f32) -> bool {
        !self.settled && self.confirmed && self.seen_now && self.dwell_secs() >= needed_secs
    }

    pub(super) fn settle(&mut self) {
        self.settled = true;
    }

    pub(super) fn is_settled(&self) -> bool {
        self.settled
    }

    pub(super) fn track(&self) -> TrackId {
        self.track
    }

    pub(super) fn entered(&self) -> Micros {
        self.entered
    }

    pub(super) fn arrival(&self) -> Arrival {
        self.arrival
    }

    pub(super) fn last_seen(&self) -> Micros {
        self.last_seen
    }

    pub(super) fn last_inside(&self) -> Micros {
        self.last_inside
    }

    pub(super) fn region(&self) -> Region {
        let BBox { x0, y0, x1, y1 } = self.bbox;
        Region { x0, y0, x1, y1 }
    }

    /// Seconds from entering to the last sight inside.
    pub(super) fn dwell_secs(&self) -> f32 {
        self.last_inside.secs_since(self.entered)
    }

    pub(super) fn mean_score(&self) -> f32 {
        self.score_sum / self.observations as f32
    }

    pub(super) fn reason(&self, needed_secs: f32) -> IntrusionReason {
        IntrusionReason {
            track: self.track,
            entered: self.entered,
            seen_entering: self.arrival == Arrival::Crossed,
            dwell_secs: self.dwell_secs(),
            needed_secs,
            score: self.mean_score(),
            observations: self.observations,
            longest_gap_secs: self.longest_gap_secs,
            path: self.path.to_vec(),
        }
    }
}

/// Whether somebody is there at all. The tracker wants to see those of low score for longer, which suits what is drawn; here the
/// dwell time asks for more anyway, and far people have low scores.
fn is_certain(at: Micros, track: &Track) -> bool {
    track.is_confirmed() || (track.observations() >= 2 && at.secs_since(track.born()) >= CERTAIN_SECS)
}

/// Share of the way from `outside` to `inside` that lies before the polygon's edge, by halving.
fn share_outside(outside: Point, inside: Point, polygon: &Polygon) -> f32 {
    let (mut low, mut high) = (0.0_f32, 1.0_f32);
    for _ in 0..12 {
        let middle = f32::midpoint(low, high);
        let point = Point {
            x: outside.x + middle * (inside.x - outside.x),
            y: outside.y + middle * (inside.y - outside.y),
        };
        if polygon.contains(point) {
            high = middle;
        } else {
            low = middle;
        }
    }
    high
}
