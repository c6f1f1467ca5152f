//! Which box of the detector goes to which track.

use super::intake::{Candidate, Intake};
use super::likeness::Expectation;
use super::overlap::same_thing;
use super::pairing::Pairing;
use super::{Track, TrackerSettings};
use crate::{ClassGroup, Micros};

/// Boxes of low score only continue a track seen within this time, seconds …
const FRESH_SECS: f32 = 0.6;
/// … and only where they all but lie on the box expected: intersection over union. Around people there are many weak boxes that
/// show half of them, or two at once, and some on things that stand there all day; they would lead a track astray.
const WEAK_OVERLAP: f32 = 0.5;
/// Without a sure box for this long, weak ones no longer continue a track, seconds: whoever walks on is seen well now and then, and
/// what is never seen well is a thing that stands there.
const WEAK_SECS: f32 = 2.0;

/// Gives every track at most one box, and tells both. Sure boxes first, and those who have been there for longer before those
/// who may be a mistake: a false box beside somebody must not take theirs.
pub(super) fn associate(
    tracks: &mut [Track],
    intake: &mut Intake,
    pairing: &mut Pairing,
    at: Micros,
    aspect: f32,
    settings: &TrackerSettings,
) {
    let sure = |candidate: &Candidate| candidate.score >= settings.high_score;
    let known =
        |track: &Track, candidate: &Candidate| track.is_confirmed() && track.group() == candidate.group;
    let mut stage = |admits: &dyn Fn(&Track, &Candidate) -> bool| {
        pairing.clear();
        for (t, track) in tracks.iter().enumerate() {
            // A track that the stage before served; a frame at the same time as the last serves nobody twice.
            if track.last_seen() >= at {
                continue;
            }
            let expected = Expectation::of(track, at, aspect);
            for (c, candidate) in intake.boxes().iter().enumerate() {
                if !candidate.taken && admits(track, candidate) {
                    pairing.offer(t, c, expected.likeness(&candidate.bbox, aspect));
                }
            }
        }
        for (t, c) in pairing.choose(tracks.len(), intake.boxes().len()) {
            let candidate = &mut intake.boxes_mut()[*c as usize];
            candidate.taken = true;
            tracks[*t as usize].detect(candidate, at, aspect, settings);
        }
    };
    let trusted = |track: &Track, candidate: &Candidate| {
        let lies_on_it = || track.bbox().iou(&candidate.bbox) >= WEAK_OVERLAP;
        sure(candidate) || at.secs_since(track.last_sure()) <= WEAK_SECS && lies_on_it()
    };
    stage(&|track, candidate| known(track, candidate) && sure(candidate));
    stage(&|track, candidate| {
        known(track, candidate) && at.secs_since(track.last_seen()) <= FRESH_SECS && trusted(track, candidate)
    });
    stage(&|track, candidate| {
        !track.is_confirmed() && track.group() == candidate.group && trusted(track, candidate)
    });
    name_what_moves(tracks, intake, pairing, at, aspect, settings);
}

/// What is left of the sure boxes may show what a moving object is.
fn name_what_moves(
    tracks: &mut [Track],
    intake: &mut Intake,
    pairing: &mut Pairing,
    at: Micros,
    aspect: f32,
    settings: &TrackerSettings,
) {
    pairing.clear();
    let unnamed = |track: &Track| track.group() == ClassGroup::MovingObject && track.last_seen() < at;
    for (t, track) in tracks.iter().enumerate().filter(|(_, track)| unnamed(track)) {
        let (expected, bbox) = (Expectation::of(track, at, aspect), track.bbox());
        for (c, candidate) in intake.boxes().iter().enumerate() {
            // A person begins a track of their own: what moves of people is often several of them, or a part, and a track that began
            // as that is lost again two frames later. The double ends ([`super::Tracker`]).
            let nameable = candidate.group != ClassGroup::Person && candidate.score >= settings.high_score;
            if !candidate.taken && nameable {
                // What moves of a thing need not be the whole of it.
                let likeness = expected.likeness(&candidate.bbox, aspect);
                let same = same_thing(&bbox, &candidate.bbox);
                pairing.offer(t, c, if same { likeness.max(f32::MIN_POSITIVE) } else { likeness });
            }
        }
    }
    for (t, c) in pairing.choose(tracks.len(), intake.boxes().len()) {
        let candidate = &mut intake.boxes_mut()[*c as usize];
        candidate.taken = true;
        tracks[*t as usize].detect(candidate, at, aspect, settings);
    }
}
