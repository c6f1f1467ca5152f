//! What the people of an area do together in one frame. No memory: suddenness is for the baseline, duration for the machine.

use super::MovementKind;
use super::pace::{Mover, Pair, dot, length, minus};
use crate::Point;
use crate::scene::CrowdMovementSettings;
use vigie_protocol::Region;

/// From this share of the running speed on people who go from or to one point are taken for hurried: 2 m/s at the default. Of
/// people who walk, 2 % are as fast.
const BRISK_SHARE: f32 = 0.8;
/// Least cosine between a person's way and the direction from or to the common point: 37°.
const RADIAL_COS: f32 = 0.8;
/// Largest length of the mean of all directions (1: all the same; 0.64: evenly over half a circle) of people who go from or to a
/// point. Streams are above.
const RADIAL_MEAN: f32 = 0.78;
/// Two people go against each other when the cosine between their ways is less: beyond 120°.
const AGAINST_COS: f32 = -0.5;
/// People block each other within this distance, metres: about a step.
const BLOCKS_METRES: f32 = 1.5;
/// Somebody is held up below this share of their own usual speed …
const HELD_UP_SHARE: f32 = 0.5;
/// … if that is at least this, metres per second: those who stroll or stand are not held up.
const WALKS: f32 = 0.7;
/// Local density from which on people can no longer pass each other freely, persons per square metre.
const PACKED_PER_M2: f32 = 3.0;
/// Neighbours by whose distance the local density is measured.
const NEIGHBOURS: usize = 3;
/// People this near a packed core, metres, who walk towards it at …
const INFLOW_METRES: f32 = 6.0;
/// … this speed or more, metres per second, press it.
const INFLOW_SPEED: f32 = 0.5;
/// Fewest of them.
const INFLOW_PEOPLE: usize = 3;

/// How many do the same, and where.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Agreement {
    pub(super) people: usize,
    /// Of all people in the area, 0 to 1.
    pub(super) share: f32,
    /// Mean of their speeds, metres per second.
    pub(super) speed: f32,
    /// Mean of their detection scores.
    pub(super) score: f32,
    /// Around their feet and a person's height above them.
    pub(super) region: Option<Region>,
    /// Whether there are enough of them for the event, its share of the people aside.
    pub(super) enough: bool,
}

/// Working buffers.
#[derive(Clone, Debug, Default)]
pub(super) struct Patterns {
    members: Vec<bool>,
    distances: Vec<f32>,
    agreements: [Agreement; MovementKind::ALL.len()],
}

impl Patterns {
    /// What was measured last.
    pub(super) fn of(&self, kind: MovementKind) -> &Agreement {
        &self.agreements[kind as usize]
    }

    pub(super) fn measure(&mut self, movers: &[Mover], settings: &CrowdMovementSettings) {
        let least = usize::from(settings.min_people);
        let runs = |mover: &Mover| mover.speed() >= settings.run_speed;
        self.note(MovementKind::Run, movers, least, runs);

        let brisk = |mover: &Mover| mover.speed() >= BRISK_SHARE * settings.run_speed;
        let centre = common_point(movers.iter().filter(|mover| brisk(mover)), least);
        let along = |mover: &Mover| {
            let Some(centre) = centre.filter(|_| brisk(mover)) else { return 0.0 };
            let out = minus(mover.place, centre);
            dot(out, mover.velocity) / (length(out) * mover.speed()).max(1e-6)
        };
        self.note(MovementKind::Dispersal, movers, least, |mover| along(mover) >= RADIAL_COS);
        self.note(MovementKind::Convergence, movers, least, |mover| along(mover) <= -RADIAL_COS);

        self.counter_flow(movers, least);
        self.bottleneck(movers, least);
    }

    fn note(
        &mut self,
        kind: MovementKind,
        movers: &[Mover],
        least: usize,
        is_member: impl Fn(&Mover) -> bool,
    ) {
        self.members.clear();
        self.members.extend(movers.iter().map(is_member));
        self.note_members(kind, movers, least);
    }

    fn note_members(&mut self, kind: MovementKind, movers: &[Mover], least: usize) {
        let mut found = Agreement::default();
        for mover in movers.iter().zip(&self.members).filter(|(_, is_member)| **is_member).map(|(m, _)| m) {
            found.people += 1;
            found.speed += mover.speed();
            found.score += mover.score;
            found.region = Some(grown(found.region, mover.foot));
        }
        let people = found.people.max(1) as f32;
        found.speed /= people;
        found.score /= people;
        found.share = found.people as f32 / movers.len().max(1) as f32;
        found.enough = found.people >= least;
        self.agreements[kind as usize] = found;
    }

    /// Two groups that walk against each other and hold each other up.
    fn counter_flow(&mut self, movers: &[Mover], least: usize) {
        self.members.clear();
        self.members.resize(movers.len(), false);
        for (n, a) in movers.iter().enumerate().filter(|(_, mover)| is_held_up(mover)) {
            for (k, b) in movers.iter().enumerate().skip(n + 1).filter(|(_, mover)| is_held_up(mover)) {
                let from_a = minus(b.place, a.place);
                let facing = dot(from_a, a.heading) > 0.0 && dot(from_a, b.heading) < 0.0;
                if dot(a.heading, b.heading) < AGAINST_COS && facing && a.apart(b) <= BLOCKS_METRES {
                    self.members[n] = true;
                    self.members[k] = true;
                }
            }
        }
        let blocked =
            || movers.iter().zip(&self.members).filter(|(_, is_member)| **is_member).map(|(m, _)| m);
        let first = blocked().next().map_or((0.0, 0.0), |mover| mover.heading);
        let along = blocked().filter(|mover| dot(mover.heading, first) > 0.0).count();
        let against = blocked().count() - along;
        // Two groups of friends who meet and talk are fewer.
        let each = least.saturating_sub(1);
        self.note_members(MovementKind::CounterFlow, movers, least);
        self.agreements[MovementKind::CounterFlow as usize].enough = along >= each && against >= each;
    }

    /// A packed core of people who were held up, with others still pressing on.
    fn bottleneck(&mut self, movers: &[Mover], least: usize) {
        self.members.clear();
        self.members.resize(movers.len(), false);
        for (n, mover) in movers.iter().enumerate().filter(|(_, mover)| is_held_up(mover)) {
            self.members[n] = local_density(mover, movers, &mut self.distances) >= PACKED_PER_M2;
        }
        let core = || movers.iter().zip(&self.members).filter(|(_, is_member)| **is_member).map(|(m, _)| m);
        let count = core().count();
        let sum = core().fold((0.0, 0.0), |sum, mover| (sum.0 + mover.place.0, sum.1 + mover.place.1));
        let centre = (sum.0 / count.max(1) as f32, sum.1 / count.max(1) as f32);
        let presses = |mover: &&Mover| {
            let way = minus(centre, mover.place);
            let towards = dot(way, mover.velocity) > 0.7 * length(way) * mover.speed();
            mover.speed() >= INFLOW_SPEED && towards && length(way) <= INFLOW_METRES
        };
        let outside = movers.iter().zip(&self.members).filter(|(_, is_member)| !**is_member).map(|(m, _)| m);
        let inflow = outside.filter(presses).count();
        self.note_members(MovementKind::Bottleneck, movers, 2 * least);
        self.agreements[MovementKind::Bottleneck as usize].enough &= inflow >= INFLOW_PEOPLE;
    }
}

fn is_held_up(mover: &Mover) -> bool {
    mover.usual_speed >= WALKS && mover.speed() < HELD_UP_SHARE * mover.usual_speed
}

/// Persons per square metre around somebody, themselves left out.
fn local_density(mover: &Mover, movers: &[Mover], distances: &mut Vec<f32>) -> f32 {
    distances.clear();
    let others = movers.iter().filter(|other| other.track != mover.track);
    distances.extend(others.map(|other| mover.apart(other)));
    if distances.len() < NEIGHBOURS {
        return 0.0;
    }
    let (_, radius, _) = distances.select_nth_unstable_by(NEIGHBOURS - 1, f32::total_cmp);
    // The last neighbour lies on the circle's edge and counts half.
    (NEIGHBOURS as f32 - 0.5) / (std::f32::consts::PI * radius.max(0.1).powi(2))
}

/// The point that the lines along which people walk come nearest to (least squares); `None` where they are too few or walk too much the
/// same way for one.
fn common_point<'a>(movers: impl Iterator<Item = &'a Mover>, least: usize) -> Option<Pair> {
    let (mut count, mut mean) = (0, (0.0, 0.0));
    // Σ (1 − d dᵀ) and Σ (1 − d dᵀ) p, for direction d at place p.
    let (mut xx, mut xy, mut yy, mut bx, mut by) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for mover in movers {
        let speed = mover.speed().max(1e-6);
        let (dx, dy) = (mover.velocity.0 / speed, mover.velocity.1 / speed);
        let (px, py) = mover.place;
        let (axx, axy, ayy) = (1.0 - dx * dx, -dx * dy, 1.0 - dy * dy);
        count += 1;
        mean = (mean.0 + dx, mean.1 + dy);
        (xx, xy, yy) = (xx + axx, xy + axy, yy + ayy);
        (bx, by) = (bx + axx * px + axy * py, by + axy * px + ayy * py);
    }
    if count < least || length(mean) > RADIAL_MEAN * count as f32 {
        return None;
    }
    let det = xx * yy - xy * xy;
    // Lines that are all but parallel meet nowhere in particular.
    let well_posed = det > 0.05 * (count * count) as f32;
    well_posed.then(|| ((yy * bx - xy * by) / det, (xx * by - xy * bx) / det))
}

fn grown(region: Option<Region>, foot: Point) -> Region {
    let region = region.unwrap_or(Region { x0: foot.x, y0: foot.y, x1: foot.x, y1: foot.y });
    Region {
        x0: region.x0.min(foot.x),
        y0: region.y0.min(foot.y),
        x1: region.x1.max(foot.x),
        y1: region.y1.max(foot.y),
    }
}

/// Whether everything on the picture shifts alike, those who stand included: then the camera moved.
pub(super) fn is_camera_shift(movers: &[Mover]) -> bool {
    /// Slower is no motion of a camera, picture heights per second.
    const LEAST: f32 = 0.05;
    /// People differ more, whoever they run with.
    const SPREAD: f32 = 0.12;
    let count = movers.len().max(1) as f32;
    let sum = movers.iter().fold((0.0, 0.0), |sum, m| (sum.0 + m.on_picture.0, sum.1 + m.on_picture.1));
    let mean = (sum.0 / count, sum.1 / count);
    let variance = movers.iter().map(|m| length(minus(m.on_picture, mean)).powi(2)).sum::<f32>() / count;
    movers.len() >= 3 && length(mean) >= LEAST && variance.sqrt() < SPREAD * length(mean)
}
