//! Who and what is on the square, second by second.

use super::standing;
use vigie_engine::BBox;
use vigie_engine::detection::own_class;

/// What a thing is.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    Person,
    Car,
    Suitcase,
    Flame,
    Weapon,
}

impl Kind {
    pub(crate) fn class_id(self) -> u8 {
        match self {
            Self::Person => 1,
            Self::Car => 3,
            Self::Suitcase => 33,
            Self::Flame => own_class::FLAME,
            Self::Weapon => own_class::HANDGUN,
        }
    }
}

/// One of them, where it is now.
pub(crate) struct Thing {
    pub(crate) kind: Kind,
    pub(crate) bbox: BBox,
    /// Chooses its texture.
    pub(crate) seed: u32,
}

const PERSON: (f32, f32) = (0.55, 1.75);
const LYING: (f32, f32) = (1.7, 0.5);
const SUITCASE: (f32, f32) = (0.45, 0.65);

/// Back and forth between two ends at this speed, metres.
fn pacing(from: f32, to: f32, speed: f32, secs: f32, start: f32) -> f32 {
    let length = to - from;
    let way = (start * length + speed * secs).rem_euclid(2.0 * length);
    from + if way < length { way } else { 2.0 * length - way }
}

/// Round and round from one end to the other, metres.
fn passing(from: f32, to: f32, speed: f32, secs: f32, start: f32) -> f32 {
    from + (start * (to - from) + speed * secs).rem_euclid(to - from)
}

/// Everything, a hundred things and three boxes of the own heads.
pub(crate) fn things(secs: f32) -> Vec<Thing> {
    let mut all = Vec::with_capacity(110);
    let mut add = |kind: Kind, x: f32, away: f32, size: (f32, f32)| {
        let seed = all.len() as u32;
        all.push(Thing { kind, bbox: standing(x, away, size), seed });
    };
    let share = |n: usize, of: usize| n as f32 / of as f32;
    // Thirty who walk across the square, each in a row of their own; six of them pull a suitcase.
    for n in 0..30 {
        let away = 7.0 + 0.25 * n as f32;
        let (x, speed) = (0.8 * away, 0.9 + 0.06 * (n % 11) as f32);
        let x = pacing(-x, x, speed, secs, share(n * 7 % 30, 15));
        add(Kind::Person, x, away, PERSON);
        if n % 5 == 0 {
            add(Kind::Suitcase, x - 0.7, away - 0.05, SUITCASE);
        }
    }
    // Twenty on the lane, two of them against it.
    for n in 0..20 {
        let (away, speed) = (15.3 + 0.12 * n as f32, 1.2 + 0.05 * (n % 5) as f32);
        let x = passing(-13.0, 13.0, speed, secs, share(n * 3 % 20, 20));
        add(Kind::Person, if n % 10 == 9 { -x } else { x }, away, PERSON);
    }
    // Twenty-four before the stage, who stand until half a minute has passed and then run apart for three seconds.
    for n in 0..24 {
        let (column, row) = ((n % 6) as f32, (n / 6) as f32);
        let fled = 4.0 * ((secs.rem_euclid(60.0) - 30.0).clamp(0.0, 3.0));
        let (dx, dy) = (column - 2.5, row - 1.5);
        let length = (dx * dx + dy * dy).sqrt();
        add(
            Kind::Person,
            1.0 + 0.9 * dx + fled * dx / length,
            10.0 + 0.9 * dy + 0.6 * fled * dy / length,
            PERSON,
        );
    }
    // Ten cars on the road, one of them the wrong way.
    for n in 0..10 {
        let x = passing(-26.0, 26.0, 7.0, secs, share(n, 10));
        let (x, away) = if n == 4 { (-x, 31.0) } else { (x, 26.0 + 0.4 * (n % 3) as f32) };
        add(Kind::Car, x, away, (4.2, 1.5));
    }
    // Three who fall over every twenty seconds and lie for six.
    for n in 0..3 {
        let (x, away) = (-9.0 + 1.5 * n as f32, 12.5 + 0.5 * n as f32);
        let into = secs.rem_euclid(20.0) - 6.0 - n as f32;
        let fallen = (into / 0.6).clamp(0.0, 1.0).min(((7.0 - into) / 0.8).clamp(0.0, 1.0));
        let mix = |a: f32, b: f32| a + fallen * (b - a);
        add(Kind::Person, x, away, (mix(PERSON.0, LYING.0), mix(PERSON.1, LYING.1)));
    }
    // Three who put a suitcase down after four seconds and walk off.
    for n in 0..3 {
        let (x, away) = (-3.0 + 2.5 * n as f32, 6.6 + 0.1 * n as f32);
        let gone = 1.3 * (secs - 4.0 - n as f32);
        add(Kind::Person, x + 0.6 + gone.clamp(0.0, 20.0), away, PERSON);
        add(Kind::Suitcase, x + gone.clamp(-20.0, 0.0) * 0.9, away, SUITCASE);
    }
    // For eight seconds of every thirty something burns and somebody holds a weapon.
    if secs.rem_euclid(30.0) > 20.0 {
        let grown = 0.3 + 0.05 * (secs.rem_euclid(30.0) - 20.0) + 0.1 * (secs * 5.0).rem_euclid(1.0);
        add(Kind::Flame, 8.5, 20.0, (1.2 * grown, 2.0 * grown));
        add(Kind::Weapon, pacing(-5.6, 5.6, 0.9, secs, 0.0) + 0.3, 6.9, (0.25, 0.15));
    }
    all
}
