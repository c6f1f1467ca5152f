//! From boxes to tracks: who of this frame is who of the last one. By motion alone; nobody's appearance is looked at.
//!
//! A two-stage association in the manner of `ByteTrack` (Zhang et al., ECCV 2022): boxes of high score first, then the
//! leftover tracks against boxes of low score, so that a person half hidden keeps their track. The motion model is a
//! Kalman filter in seconds and box heights, so that 3 and 25 frames per second need the same settings; after a gap the
//! filter is run again along the straight line between the observations on either side (OC-SORT, Cao et al., CVPR
//! 2023). Boxes pair by overlap and by the distance of their centres: people seen small and seldom no longer overlap
//! their last box. Pairs are chosen for the best sum (Kuhn–Munkres), separately in each cluster of boxes that compete.
//!
//! Tracks are ephemeral: an id is a counter that lives as long as this tracker and means nothing elsewhere.
//!
//! The same detections in another order give the same tracks. Boxes that are empty, not finite or outside the picture
//! are left out.

mod assign;
mod associate;
mod intake;
mod kalman;
mod track;

pub use kalman::{Axis, BoxFilter};
pub use track::{Track, TrackId};

use crate::motion::Proposal;
use crate::{Detection, Micros};
use associate::Associator;
use intake::Intake;
use serde::{Deserialize, Serialize};

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
    /// A track counts as confirmed when its first and last observation (two at least) are this far apart, seconds.
    pub confirm_secs: f32,
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
            lost_secs: 1.5,
            max_tracks: 512,
            max_detections: 512,
        }
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
    associator: Associator,
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
            associator: Associator::default(),
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

    /// Takes the boxes of the frame at time `at`, and boxes around whatever moves. The caller sees to it that time moves forward and resets the tracker
    /// where it does not; a frame at the same time as the last one, or before it, is taken as if no time had passed.
    pub fn step(&mut self, at: Micros, detections: &[Detection], _proposals: &[Proposal]) {
        let at = self.now.map_or(at, |now| at.max(now));
        let dt_secs = self.now.map_or(0.0, |now| at.secs_since(now)).max(0.0);
        self.now = Some(at);
        for track in &mut self.tracks {
            track.predict(dt_secs, self.aspect);
        }
        self.intake.sort(detections, &self.settings);
        self.associator.run(&mut self.tracks, &mut self.intake, at, self.aspect, &self.settings);
        self.drop_the_lost(at);
        self.begin_tracks(at);
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
            // A second box on somebody who already has one in this frame begins no track of its own.
            let doubled = |track: &Track| {
                track.group() == group && track.last_seen() == at && track.observed().iou(&bbox) > 0.7
            };
            if self.tracks.iter().any(doubled) || !self.make_room(at) {
                continue;
            }
            self.tracks.push(Track::begin(TrackId(self.next_id), group, bbox, score, at, self.aspect));
            self.next_id += 1;
        }
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
