//! One person as this machine remembers them: the looks of the last seconds, and how far a fall has gone.

use super::look::{Look, Posture, Source};
use super::{FALL_SECS, LOST_SECS, STILL_WINDOW_SECS, UPRIGHT_SHAPE};
use crate::tracker::TrackId;
use crate::{BBox, Micros, Point};

/// Looks that are remembered: [`FALL_SECS`] and a little more at their closest spacing.
const MAX_LOOKS: usize = 32;
/// Looks closer together than this are not remembered, seconds.
const SPACING_SECS: f32 = 0.09;
/// Weights of a new box in the smoothed place of somebody on the ground, per second since the last.
const SMOOTH_SECS: f32 = 0.4;
/// Somebody whose smoothed middle stays within this distance is still, upright heights.
const STILL_HEIGHTS: f32 = 0.35;
/// Somebody seen upright for so long has got up, seconds.
const UP_SECS: f32 = 0.5;

/// The looks of the last seconds, oldest first.
#[derive(Clone, Debug)]
struct Looks {
    looks: [Option<Look>; MAX_LOOKS],
    next: usize,
}

impl Looks {
    fn push(&mut self, look: Look) {
        if self.last().is_some_and(|last| look.at.secs_since(last.at) < SPACING_SECS) {
            return;
        }
        self.looks[self.next] = Some(look);
        self.next = (self.next + 1) % MAX_LOOKS;
    }

    fn last(&self) -> Option<&Look> {
        self.looks[(self.next + MAX_LOOKS - 1) % MAX_LOOKS].as_ref()
    }

    /// Newest first.
    fn newest_first(&self) -> impl Iterator<Item = &Look> {
        (1..=MAX_LOOKS).filter_map(|back| self.looks[(self.next + MAX_LOOKS - back) % MAX_LOOKS].as_ref())
    }
}

/// A fall under way or over.
#[derive(Clone, Copy, Debug)]
pub(super) struct Descent {
    /// The last look before it.
    pub(super) upright: Look,
    /// Shape of the person while upright.
    pub(super) upright_shape: f32,
    /// First look on the ground.
    pub(super) down_since: Micros,
    /// Smoothed box on the ground.
    pub(super) bbox: BBox,
    /// The last look on the ground.
    pub(super) last_lying: Look,
    /// Largest drop of the top, upright heights.
    pub(super) drop: f32,
    /// Whether the head for people on the ground agreed.
    pub(super) own_head: bool,
    /// Whether something like it lay there before the fall.
    pub(super) there_before: bool,
    /// Whether the person was walking out over the lower edge.
    pub(super) leaving_below: bool,
    still_since: Micros,
    still_at: Point,
    last_step: Micros,
    up_since: Option<Micros>,
    lying_secs: f32,
    other_secs: f32,
    score_sum: f32,
    score_count: u32,
}

/// What became of a descent with a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Course {
    GoesOn,
    /// Got up, or nothing is to be seen any more.
    Over,
}

impl Descent {
    fn begin(upright: Look, upright_shape: f32, lying: Look) -> Self {
        Self {
            upright,
            upright_shape,
            down_since: lying.at,
            bbox: lying.bbox,
            last_lying: lying,
            drop: lying.drop_since(&upright),
            own_head: lying.source == Source::OwnHead,
            there_before: false,
            leaving_below: false,
            still_since: lying.at,
            still_at: lying.bbox.centre(),
            last_step: lying.at,
            up_since: None,
            lying_secs: 0.0,
            other_secs: 0.0,
            score_sum: lying.score,
            score_count: 1,
        }
    }

    /// Takes what this frame shows of the person; `None` when nothing.
    pub(super) fn follow(&mut self, at: Micros, look: Option<&Look>, aspect: f32) -> Course {
        let passed_secs = at.secs_since(self.last_step).clamp(0.0, 0.5);
        self.last_step = at;
        let Some(look) = look else {
            return if at.secs_since(self.last_lying.at) > LOST_SECS { Course::Over } else { Course::GoesOn };
        };
        match look.posture(&self.upright, aspect, true) {
            Posture::Lying => {
                self.up_since = None;
                self.lying_secs += passed_secs;
                self.lie(look, aspect);
            }
            Posture::Up => {
                self.other_secs += passed_secs;
                let since = *self.up_since.get_or_insert(at);
                if at.secs_since(since) >= UP_SECS {
                    return Course::Over;
                }
            }
            Posture::Between => {
                self.up_since = None;
                self.other_secs += passed_secs;
            }
        }
        if at.secs_since(self.last_lying.at) > LOST_SECS { Course::Over } else { Course::GoesOn }
    }

    fn lie(&mut self, look: &Look, aspect: f32) {
        let share = (look.at.secs_since(self.last_lying.at) / SMOOTH_SECS).clamp(0.05, 1.0) * 0.6;
        let mix = |old: f32, new: f32| old + share * (new - old);
        self.bbox = BBox {
            x0: mix(self.bbox.x0, look.bbox.x0),
            y0: mix(self.bbox.y0, look.bbox.y0),
            x1: mix(self.bbox.x1, look.bbox.x1),
            y1: mix(self.bbox.y1, look.bbox.y1),
        };
        let smoothed = Look { bbox: self.bbox, ..*look };
        if smoothed.distance_to(self.still_at, &self.upright, aspect) > STILL_HEIGHTS {
            self.still_since = look.at;
            self.still_at = self.bbox.centre();
        }
        self.last_lying = *look;
        self.drop = self.drop.max(look.drop_since(&self.upright));
        self.own_head |= look.source == Source::OwnHead;
        if look.source != Source::Foreground {
            self.score_sum += look.score;
            self.score_count += 1;
        }
    }

    /// Whether it has gone far enough for a signal.
    pub(super) fn is_ripe(&self, still_secs: f32) -> bool {
        let (lain_secs, still) = (self.lain_secs(), self.last_lying.at.secs_since(self.still_since));
        lain_secs >= still_secs
            && still >= STILL_WINDOW_SECS.min(still_secs)
            && self.lying_share() >= 0.6
            && self.lying_secs >= 0.2 * lain_secs
    }

    /// Seconds from the first to the last look on the ground.
    pub(super) fn lain_secs(&self) -> f32 {
        self.last_lying.at.secs_since(self.down_since)
    }

    /// Seconds for which they have been nearly still.
    pub(super) fn still_secs(&self) -> f32 {
        self.last_lying.at.secs_since(self.still_since)
    }

    /// Share of the looks since the fall, by time, that show somebody on the ground.
    pub(super) fn lying_share(&self) -> f32 {
        self.lying_secs / (self.lying_secs + self.other_secs).max(1e-6)
    }

    pub(super) fn mean_score(&self) -> f32 {
        self.score_sum / self.score_count as f32
    }
}

/// One person.
#[derive(Clone, Debug)]
pub(super) struct Subject {
    /// The track under which they go now; `None` once the tracker has given them up.
    pub(super) track: Option<TrackId>,
    looks: Looks,
    pub(super) descent: Option<Descent>,
    /// When they were last seen to move down fast.
    pub(super) sank: Option<Micros>,
    /// Whether the descent has been told, as a signal or as a veto.
    pub(super) told: bool,
}

impl Subject {
    pub(super) fn new(track: TrackId) -> Self {
        Self {
            track: Some(track),
            looks: Looks { looks: [None; MAX_LOOKS], next: 0 },
            descent: None,
            sank: None,
            told: false,
        }
    }

    pub(super) fn remember(&mut self, look: Look) {
        self.looks.push(look);
    }

    pub(super) fn last_look(&self) -> Option<&Look> {
        self.looks.last()
    }

    /// The last look at full height within [`FALL_SECS`] before `at`, and the shape that they had upright: the median one.
    ///
    /// Full height is the upper quartile of the upright looks of that time, less 15 %. One look makes nobody upright.
    pub(super) fn upright(&self, at: Micros, aspect: f32) -> Option<(Look, f32)> {
        let upright = || {
            let recent = self.looks.newest_first().filter(move |look| at.secs_since(look.at) <= FALL_SECS);
            recent.filter(move |look| look.source == Source::Person && look.shape(aspect) >= UPRIGHT_SHAPE)
        };
        let (mut heights, mut shapes) = ([0.0; MAX_LOOKS], [0.0; MAX_LOOKS]);
        let mut count = 0;
        for look in upright() {
            (heights[count], shapes[count]) = (look.height(), look.shape(aspect));
            count += 1;
        }
        if count < 2 {
            return None;
        }
        heights[..count].sort_unstable_by(f32::total_cmp);
        shapes[..count].sort_unstable_by(f32::total_cmp);
        let full = heights[(3 * count / 4).min(count - 1)];
        let look = upright().find(|look| look.height() >= 0.85 * full)?;
        Some((*look, shapes[count / 2]))
    }

    /// Whether they were seen at this place before `before`.
    pub(super) fn was_at(&self, bbox: &BBox, before: Micros) -> bool {
        self.looks.newest_first().any(|look| look.at < before && look.bbox.iou(bbox) > 0.4)
    }

    /// Speed of the lower edge down the picture over the second before the look `until`, upright heights per second; `None`
    /// where it was cut off all the while.
    fn walking_down(&self, until: &Look) -> Option<f32> {
        let uncut = |look: &&Look| look.at <= until.at && look.bbox.y1 < CUT_BELOW;
        let mut uncut = self.looks.newest_first().filter(uncut);
        let last = uncut.next()?;
        let first = uncut.take_while(|look| last.at.secs_since(look.at) <= 1.0).last()?;
        let secs = last.at.secs_since(first.at);
        (secs > 0.0).then(|| (last.bbox.y1 - first.bbox.y1) / secs / until.height().max(1e-6))
    }

    /// Begins a descent with a first look on the ground.
    pub(super) fn fall(&mut self, upright: Look, upright_shape: f32, lying: Look, aspect: f32) {
        let mut descent = Descent::begin(upright, upright_shape, lying);
        let cut = lying.bbox.y1 >= CUT_BELOW;
        let grown = lying.bbox.width() * aspect >= 0.5 * upright.height();
        let went_down = lying.rise_since(&upright) < -0.1;
        let walked = || self.walking_down(&upright).is_some_and(|speed| speed > 0.2);
        descent.leaving_below = cut && !grown && (went_down || walked());
        self.descent = Some(descent);
        self.told = false;
    }
}

/// A box that reaches below this is cut off by the picture's lower edge, share of its height.
const CUT_BELOW: f32 = 0.98;
