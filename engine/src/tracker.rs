//! From boxes to tracks: who of this frame is who of the last one. By motion alone; nobody's appearance is looked at.
//!
//! **Detections.** A two-stage association in the manner of `ByteTrack` (Zhang et al., ECCV 2022): boxes of high score first,
//! then the leftover tracks against boxes of low score, so that a person half hidden keeps their track; what is left may go to
//! tracks that are not confirmed yet. The motion model is a Kalman filter in seconds and box heights, so that 3 and 25 frames per
//! second need the same settings; after a gap the filter is run again along the straight line between the observations on either
//! side, and who goes on in their direction is preferred to who turns round (OC-SORT, Cao et al., CVPR 2023). Boxes pair by
//! overlap, with a margin around them, and by the distance of their centres. Pairs are chosen for the best sum (Kuhn–Munkres),
//! separately in each cluster of boxes that compete. A track is confirmed when the detector has said for long enough that it is
//! there, the longer the less sure it was.
//!
//! **Proposals.** Boxes around whatever moves are the second source. They continue a confirmed track that the detector misses, with
//! less weight than a detection. What moves apart from all tracks begins one of [`ClassGroup::MovingObject`]; once the
//! detector has said for long enough what it is, it is that. How boxes that hold several things, or parts of one, are told from
//! these is said in `moving.rs`.
//!
//! Tracks are ephemeral: an id is a counter that lives as long as this tracker and means nothing elsewhere.
//!
//! The same detections in another order give the same tracks. Boxes that are empty, not finite or outside the picture
//! are left out.

mod assign;
mod associate;
mod intake;
mod kalman;
mod likeness;
mod moving;
mod overlap;
mod pairing;
mod sightings;
mod track;

pub use kalman::{Axis, BoxFilter};
pub use sightings::{Sighting, Sightings, Source};
pub use track::{Track, TrackId};

use crate::motion::Proposal;
use crate::{BBox, ClassGroup, Detection, Micros};
use associate::associate;
use intake::Intake;
use moving::MovingThings;
use overlap::same_thing;
use pairing::Pairing;
use serde::{Deserialize, Serialize};

/// So much longer a track is watched before it is confirmed, for every unit of score that it lacks, seconds.
const WANTED_SECS_PER_SCORE: f32 = 10.0;
/// A second box on somebody who already has one in this frame begins no track of its own: intersection over union.
const DOUBLED: f32 = 0.7;

/// Thresholds of the tracker. The defaults are meant to stay.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TrackerSettings {
    /// Boxes from this score on take part in the first association.
    pub high_score: f32,
    /// Boxes under this score are left out altogether.
    pub low_score: f32,
    /// A box without a track begins one from this score on.
    pub birth_score: f32,
    /// A track counts as confirmed when its first and last detection (two at least) are this far apart, seconds …
    pub confirm_secs: f32,
    /// … and their mean score is this high. One seen less surely needs longer: [`Self::wanted_secs`].
    pub confirm_score: f32,
    /// A confirmed track that is not seen is remembered for this long, seconds.
    pub lost_secs: f32,
    /// Most tracks at a time, those not confirmed or lost from sight included. When there is no room, a new box takes
    /// the place of the track that has gone unseen for longest; when all are in sight, the box begins no track.
    pub max_tracks: usize,
    /// Most boxes taken from one frame, the highest scores first.
    pub max_detections: usize,
}

impl Default for TrackerSettings {
    fn default() -> Self {
        Self {
            high_score: 0.35,
            low_score: 0.15,
            birth_score: 0.35,
            confirm_secs: 0.25,
            confirm_score: 0.45,
            lost_secs: 1.5,
            max_tracks: 512,
            max_detections: 512,
        }
    }
}

impl TrackerSettings {
    /// How long something must be seen, with such a mean score, to be taken for real, seconds: for a score that is lower by 0.1 than
    /// [`Self::confirm_score`], a second more.
    #[must_use]
    pub fn wanted_secs(&self, mean_score: f32) -> f32 {
        self.confirm_secs + WANTED_SECS_PER_SCORE * (self.confirm_score - mean_score).max(0.0)
    }
}

/// The tracks of one camera.
#[derive(Clone, Debug)]
pub struct Tracker {
    settings: TrackerSettings,
    aspect: f32,
    tracks: Vec<Track>,
    next_id: u64,
    now: Option<Micros>,
    intake: Intake,
    moving: MovingThings,
    pairing: Pairing,
}

impl Tracker {
    /// A tracker without tracks. `aspect` is the picture's width over its height.
    #[must_use]
    pub fn new(settings: TrackerSettings, aspect: f32) -> Self {
        Self {
            settings,
            aspect: usable_aspect(aspect),
            tracks: Vec::new(),
            next_id: 1,
            now: None,
            intake: Intake::default(),
            moving: MovingThings::default(),
            pairing: Pairing::default(),
        }
    }

    /// The picture's width over its height, from the next frame on. Anything but a sensible number counts as 16:9.
    pub fn set_aspect(&mut self, aspect: f32) {
        self.aspect = usable_aspect(aspect);
    }

    /// The picture's width over its height.
    #[must_use]
    pub fn aspect(&self) -> f32 {
        self.aspect
    }

    /// All tracks, by id.
    #[must_use]
    pub fn tracks(&self) -> &[Track] {
        &self.tracks
    }

    /// Forgets all tracks; ids are not given again.
    pub fn reset(&mut self) {
        self.tracks.clear();
        self.now = None;
    }

    /// Takes the boxes of the frame at time `at`, and boxes around whatever moves. The caller sees to it that time moves forward and
    /// resets the tracker where it does not; a frame at the same time as the last one, or before it, is taken as if no time had passed.
    pub fn step(&mut self, at: Micros, detections: &[Detection], proposals: &[Proposal]) {
        let at = self.now.map_or(at, |now| at.max(now));
        let dt_secs = self.now.map_or(0.0, |now| at.secs_since(now)).max(0.0);
        self.now = Some(at);
        for track in &mut self.tracks {
            track.predict(dt_secs, self.aspect);
        }
        self.intake.sort(detections, &self.settings);
        self.moving.sort(proposals);
        let (tracks, pairing) = (&mut self.tracks, &mut self.pairing);
        associate(tracks, &mut self.intake, pairing, at, self.aspect, &self.settings);
        self.moving.serve(tracks, pairing, at, self.aspect);
        self.drop_the_lost(at);
        self.begin_tracks(at);
        self.begin_moving(at);
    }

    fn drop_the_lost(&mut self, at: Micros) {
        let lost_secs = self.settings.lost_secs;
        self.tracks.retain(|track| !track.is_given_up(at, lost_secs));
    }

    fn begin_tracks(&mut self, at: Micros) {
        for index in 0..self.intake.boxes().len() {
            let candidate = &self.intake.boxes()[index];
            if candidate.taken || candidate.score < self.settings.birth_score {
                continue;
            }
            let (group, bbox, score) = (candidate.group, candidate.bbox, candidate.score);
            let doubled = |track: &Track| {
                track.group() == group && track.last_seen() == at && track.observed().iou(&bbox) > DOUBLED
            };
            if !self.tracks.iter().any(doubled) && self.make_room(at) {
                self.begin(group, bbox, score, at);
            }
        }
    }

    /// Begins tracks for what moves apart from all others, and ends those that turned out to be part of something the detector has
    /// found.
    fn begin_moving(&mut self, at: Micros) {
        let found = |track: &Track| track.last_seen() == at && track.source() == Source::Detection;
        for index in (0..self.tracks.len()).rev() {
            let moving = &self.tracks[index];
            let double = |other: &Track| {
                found(other)
                    && other.group() != ClassGroup::MovingObject
                    && same_thing(&other.observed(), &moving.observed())
            };
            if moving.group() == ClassGroup::MovingObject && self.tracks.iter().any(double) {
                self.tracks.remove(index);
            }
        }
        for index in 0..self.moving.len() {
            if let Some((bbox, strength)) = self.moving.newcomer(index, &self.tracks)
                && self.tracks.len() < self.settings.max_tracks
            {
                self.begin(ClassGroup::MovingObject, bbox, strength, at);
            }
        }
    }

    fn begin(&mut self, group: ClassGroup, bbox: BBox, score: f32, at: Micros) {
        self.tracks.push(Track::begin(TrackId(self.next_id), group, bbox, score, at, self.aspect));
        self.next_id += 1;
    }

    /// Whether there is a place for one more track, after giving up the one unseen for longest if need be.
    fn make_room(&mut self, at: Micros) -> bool {
        if self.tracks.len() < self.settings.max_tracks {
            return true;
        }
        let unseen = |track: &&Track| track.last_seen() < at;
        let oldest = self.tracks.iter().filter(unseen).min_by_key(|t| (t.last_seen(), t.id())).map(Track::id);
        if let Some(oldest) = oldest {
            self.tracks.retain(|track| track.id() != oldest);
        }
        oldest.is_some() && self.settings.max_tracks > 0
    }
}

fn usable_aspect(aspect: f32) -> f32 {
    if aspect.is_finite() && (0.1..=10.0).contains(&aspect) { aspect } else { 16.0 / 9.0 }
}
