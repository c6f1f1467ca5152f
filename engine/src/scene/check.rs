//! What is wrong with a camera's settings, in words that a supervisor can act on.
//!
//! Polygons are checked when they are drawn ([`crate::Polygon::new`]: edges that cross, too small, outside the picture) and cannot be
//! wrong here. What is left are things that show only together: a zone and the calibration, a line and the picture's size.

use super::{Area, CameraSettings, DirectionZone, Ground, GroundError, Rule, Tripwire};
use crate::{Point, Polygon};
use serde::{Deserialize, Serialize};
use vigie_protocol::ZoneId;

/// Something wrong, and where. Its JSON has a `code`, from which the app takes its own words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[error("{}{fault}", name.as_ref().map(|name| format!("{name}: ")).unwrap_or_default())]
pub struct SceneProblem {
    /// The zone or line; none for the calibration and the whole.
    pub zone: Option<ZoneId>,
    /// Its name.
    pub name: Option<String>,
    /// What is wrong.
    #[serde(flatten)]
    pub fault: SceneFault,
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum SceneFault {
    /// The calibration gives no map; nothing is known in metres.
    #[error("{error}")]
    Calibration {
        /// Why.
        error: GroundError,
    },
    /// More zones or rules than are looked at; the last ones are left out.
    #[error("only the first {most} are looked at")]
    TooMany {
        /// How many are.
        most: usize,
    },
    /// Part of the zone lies on the horizon, where no distance can be told, or above.
    #[error("part of it lies at the horizon or in the sky: draw it on the ground")]
    HorizonInside,
    /// At its far end, persons are too small in the picture.
    #[error(
        "at the far end a person is {person_px:.0} pixels high and {needed_px:.0} are needed: move the far edge nearer or zoom in"
    )]
    FewPixels {
        /// Height of a standing person where they are smallest, pixels.
        person_px: f32,
        /// What is needed, pixels.
        needed_px: f32,
    },
    /// The calibration is so inexact there that measures in metres say little.
    #[error("distances there are only known to {:.0} %: add calibration points around it", error * 100.0)]
    Vague {
        /// One standard deviation of a length, as a share, where it is worst.
        error: f32,
    },
    /// The line has no usable length.
    #[error("the line is too short: people pass beside it")]
    LineTooShort,
    /// An end of the line lies outside the picture, or is no point.
    #[error("an end of the line lies outside the picture")]
    LineOutside,
    /// No direction is drawn and none is learnt.
    #[error("it has no direction: draw an arrow, or have the direction learnt")]
    NoDirection,
    /// An arrow has no length.
    #[error("an arrow has no length: draw it again")]
    ArrowWithoutLength,
    /// The directions together allow every way.
    #[error("its directions allow every way: nobody can go against them")]
    EveryWayAllowed,
    /// Neither persons nor anything else is judged.
    #[error("neither persons nor vehicles are chosen: nothing can raise a signal")]
    NobodyMeant,
}

impl SceneFault {
    /// Whether the rule cannot work at all; else it works, and less well.
    #[must_use]
    pub fn stops(&self) -> bool {
        !matches!(
            self,
            Self::FewPixels { .. } | Self::Vague { .. } | Self::TooMany { .. } | Self::HorizonInside
        )
    }
}

/// Height of a person from which the detector finds most of them, in pixels of the picture that it sees …
const PERSON_PX: f32 = 30.0;
/// … from which a fall can be told from sitting down …
const PERSON_DOWN_PX: f32 = 60.0;
/// … and from which heads are counted.
const COUNTED_PX: f32 = 16.0;
/// Error of a length from which measures say little, as a share.
const VAGUE: f32 = 0.25;
/// Shortest line: in metres where that is known, a person's shoulders and a step …
const SHORTEST_METRES: f32 = 0.8;
/// … else in picture heights.
const SHORTEST_LINE: f32 = 0.03;

/// Everything that is wrong with the settings of a camera whose frames have this size in pixels: width, height.
#[must_use]
pub fn check(settings: &CameraSettings, frame: (u32, u32)) -> Vec<SceneProblem> {
    let mut problems =
        Problems { found: Vec::new(), aspect: settings.aspect, height_px: frame.1 as f32, ground: None };
    match settings.ground.as_ref().map(|ground| Ground::new(ground, settings.aspect)) {
        Some(Ok(ground)) => problems.ground = Some(ground),
        Some(Err(error)) => problems.add(None, SceneFault::Calibration { error }),
        None => {}
    }
    if settings.zones.len() > CameraSettings::MAX_ZONES {
        problems.add(None, SceneFault::TooMany { most: CameraSettings::MAX_ZONES });
    }
    if settings.rules.len() > CameraSettings::MAX_RULES {
        problems.add(None, SceneFault::TooMany { most: CameraSettings::MAX_RULES });
    }
    for zone in settings.zones.iter().take(CameraSettings::MAX_ZONES) {
        problems.polygon((zone.id, &zone.name), &zone.polygon, PERSON_PX);
    }
    for rule in settings.rules.iter().take(CameraSettings::MAX_RULES) {
        match rule {
            Rule::Line(line) => problems.line(line),
            Rule::WrongWay(zone) => problems.direction(zone),
            Rule::CrowdDensity(zone) => problems.area(Some(&zone.area), COUNTED_PX),
            Rule::CrowdMovement(rule) => problems.area(rule.area.as_ref(), COUNTED_PX),
            Rule::AbandonedObject(rule) => problems.area(rule.area.as_ref(), PERSON_PX),
            Rule::PersonDown(rule) => problems.area(rule.area.as_ref(), PERSON_DOWN_PX),
            // Flames have no size of their own, and a weapon is looked for near persons of any size that shows hands.
            Rule::Fire(_) | Rule::Weapon(_) => {}
        }
    }
    problems.found
}

struct Problems {
    found: Vec<SceneProblem>,
    aspect: f32,
    height_px: f32,
    ground: Option<Ground>,
}

/// Identity and name of a zone or line.
type Named<'a> = (ZoneId, &'a str);

impl Problems {
    fn add(&mut self, place: Option<Named<'_>>, fault: SceneFault) {
        let (zone, name) = place.map(|(id, name)| (id, name.to_owned())).unzip();
        self.found.push(SceneProblem { zone, name, fault });
    }

    fn area(&mut self, area: Option<&Area>, needed_px: f32) {
        if let Some(area) = area {
            self.polygon((area.id, &area.name), &area.polygon, needed_px);
        }
    }

    fn polygon(&mut self, place: Named<'_>, polygon: &Polygon, needed_px: f32) {
        self.corners(place, polygon.corners(), needed_px);
    }

    /// What the ground says of the corners of something drawn on it. The horizon is a straight line, and what lies between the
    /// corners is nearer than the farthest of them.
    fn corners(&mut self, place: Named<'_>, corners: &[Point], needed_px: f32) {
        let Some(ground) = &self.ground else { return };
        let scales = || corners.iter().filter_map(|corner| ground.metres_per_picture(*corner));
        let in_sky = scales().count() < corners.len();
        let farthest = scales().map(|scale| scale.value).fold(0.0, f32::max);
        let error = corners.iter().filter_map(|corner| ground.scale_error(*corner)).fold(0.0, f32::max);
        let person_px = Ground::PERSON_METRES / farthest * self.height_px;
        if in_sky {
            self.add(Some(place), SceneFault::HorizonInside);
        }
        if person_px < needed_px {
            self.add(Some(place), SceneFault::FewPixels { person_px, needed_px });
        }
        if error > VAGUE {
            self.add(Some(place), SceneFault::Vague { error });
        }
    }

    fn line(&mut self, line: &Tripwire) {
        let place = (line.id, line.name.as_str());
        let ends = [line.from, line.to];
        let slack = -Polygon::EDGE_SLACK..=1.0 + Polygon::EDGE_SLACK;
        // Also refuses what is not a number.
        if !ends.iter().all(|end| slack.contains(&end.x) && slack.contains(&end.y)) {
            self.add(Some(place), SceneFault::LineOutside);
            return;
        }
        let (dx, dy) = ((line.to.x - line.from.x) * self.aspect, line.to.y - line.from.y);
        let metres = self.ground.as_ref().and_then(|ground| ground.distance(line.from, line.to));
        let short = match metres {
            Some(metres) => metres.value < SHORTEST_METRES,
            None => (dx * dx + dy * dy).sqrt() < SHORTEST_LINE,
        };
        if short {
            self.add(Some(place), SceneFault::LineTooShort);
        }
        if !(line.persons || line.vehicles || line.unnamed) {
            self.add(Some(place), SceneFault::NobodyMeant);
        }
        self.corners(place, &ends, PERSON_PX);
    }

    fn direction(&mut self, zone: &DirectionZone) {
        let place = (zone.area.id, zone.area.name.as_str());
        let drawn: Vec<Point> =
            zone.drawn().map(|arrow| Point { x: arrow.x * self.aspect, y: arrow.y }).collect();
        if drawn.len() < zone.also.len() + usize::from(zone.direction.is_some()) {
            self.add(Some(place), SceneFault::ArrowWithoutLength);
        } else if drawn.is_empty() && !zone.learn {
            self.add(Some(place), SceneFault::NoDirection);
        }
        // As the rule has it: against is opposite to one within 45°, and 60° or more from all. An arrow is of use when its own
        // opposite is.
        let cosine = |a: &Point, b: &Point| {
            (a.x * b.x + a.y * b.y) / ((a.x * a.x + a.y * a.y) * (b.x * b.x + b.y * b.y)).sqrt()
        };
        let forbids = |arrow: &Point| drawn.iter().all(|other| -cosine(arrow, other) < 0.5);
        if !drawn.is_empty() && !zone.learn && !drawn.iter().any(forbids) {
            self.add(Some(place), SceneFault::EveryWayAllowed);
        }
        if !(zone.persons || zone.vehicles || zone.unnamed) {
            self.add(Some(place), SceneFault::NobodyMeant);
        }
        self.area(Some(&zone.area), PERSON_PX);
    }
}
