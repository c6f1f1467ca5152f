//! What is drawn on a camera's picture, and how it lies in the camera's settings: forbidden zones, lines, zones with a common
//! direction, zones with a limit.

use vigie_engine::{
    CameraSettings, Point, Polygon, PolygonError, Zone,
    scene::{Area, DensityZone, DirectionZone, LineDirection, Rule, Tripwire},
};
use vigie_protocol::{EventKind, ZoneId};

/// A zone or line on a camera.
#[derive(Clone, Debug, PartialEq)]
pub struct ZoneView {
    /// Its identity.
    pub id: ZoneId,
    /// Its name.
    pub name: String,
    /// What it is and where.
    pub shape: Shape,
}

/// What can be drawn. Points are shares of the picture.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A zone in which nobody may stay.
    Forbidden {
        /// Its corners.
        polygon: Vec<Point>,
        /// Presence needed before a signal, seconds.
        dwell_secs: f32,
    },
    /// A line that may not be crossed.
    Line {
        /// One end.
        from: Point,
        /// The other end.
        to: Point,
        /// Which way it may not be crossed.
        crossing: Crossing,
    },
    /// A zone with a common direction.
    Direction {
        /// Its corners.
        polygon: Vec<Point>,
        /// To the right (x) and down (y), of any length; `None` where it is learnt.
        direction: Option<Point>,
    },
    /// A zone that may hold so many people.
    Density {
        /// Its corners.
        polygon: Vec<Point>,
        /// How many.
        limit: Limit,
    },
}

/// How many people a zone may hold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Limit {
    /// Persons per square metre; needs to know how the picture lies on the ground, or estimates it.
    PerM2(f32),
    /// Persons in the zone.
    Persons(u16),
}

/// Kinds of [`Shape`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A zone in which nobody may stay.
    #[default]
    Forbidden,
    /// A line that may not be crossed.
    Line,
    /// A zone with a common direction.
    Direction,
    /// A zone that may hold so many people.
    Density,
}

/// Which way a line may not be crossed, seen by somebody who goes along it from its first end to its second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Crossing {
    /// Neither way is allowed.
    #[default]
    Both,
    /// Not from the left to the right.
    ToRight,
    /// Not from the right to the left.
    ToLeft,
}

/// Why something drawn cannot be taken in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Unfit {
    /// It is no polygon.
    Shape(PolygonError),
    /// There are as many zones as there can be.
    ZonesFull,
    /// There are as many rules as there can be.
    RulesFull,
}

impl Kind {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Forbidden, Self::Line, Self::Direction, Self::Density];

    /// The kind of situation that it is drawn for.
    #[must_use]
    pub fn event(self) -> EventKind {
        match self {
            Self::Forbidden | Self::Line => EventKind::ZoneIntrusion,
            Self::Direction => EventKind::WrongWay,
            Self::Density => EventKind::CrowdDensity,
        }
    }
}

impl Crossing {
    /// Its name in the settings.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Both => "both",
            Self::ToRight => "left_to_right",
            Self::ToLeft => "right_to_left",
        }
    }

    /// The next one when somebody switches it.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Both => Self::ToRight,
            Self::ToRight => Self::ToLeft,
            Self::ToLeft => Self::Both,
        }
    }
}

impl Limit {
    fn of(zone: &DensityZone) -> Self {
        let per_m2 = zone.limit_per_m2.unwrap_or(DensityZone::USUAL_PER_M2);
        zone.limit_persons.map_or(Self::PerM2(per_m2), Self::Persons)
    }
}

impl From<LineDirection> for Crossing {
    fn from(direction: LineDirection) -> Self {
        match direction {
            LineDirection::Both => Self::Both,
            LineDirection::LeftToRight => Self::ToRight,
            LineDirection::RightToLeft => Self::ToLeft,
        }
    }
}

impl From<Crossing> for LineDirection {
    fn from(crossing: Crossing) -> Self {
        match crossing {
            Crossing::Both => Self::Both,
            Crossing::ToRight => Self::LeftToRight,
            Crossing::ToLeft => Self::RightToLeft,
        }
    }
}

impl Shape {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Forbidden { .. } => Kind::Forbidden,
            Self::Line { .. } => Kind::Line,
            Self::Direction { .. } => Kind::Direction,
            Self::Density { .. } => Kind::Density,
        }
    }

    /// Its corners, or its two ends.
    #[must_use]
    pub fn points(&self) -> Vec<Point> {
        match self {
            Self::Forbidden { polygon, .. }
            | Self::Direction { polygon, .. }
            | Self::Density { polygon, .. } => polygon.clone(),
            Self::Line { from, to, .. } => vec![*from, *to],
        }
    }
}

/// Everything that is drawn: forbidden zones first, then the rest in the order of the rules.
#[must_use]
pub fn drawn(settings: &CameraSettings) -> Vec<ZoneView> {
    let zones = settings.zones.iter().map(|zone| ZoneView {
        id: zone.id,
        name: zone.name.clone(),
        shape: Shape::Forbidden { polygon: zone.polygon.corners().to_vec(), dwell_secs: zone.dwell_secs },
    });
    zones.chain(settings.rules.iter().filter_map(of_rule)).collect()
}

/// What is drawn for a rule; `None` for one that holds without a drawing.
#[must_use]
pub fn of_rule(rule: &Rule) -> Option<ZoneView> {
    let (id, name, shape) = match rule {
        Rule::Line(line) => (
            line.id,
            &line.name,
            Shape::Line { from: line.from, to: line.to, crossing: line.forbidden.into() },
        ),
        Rule::WrongWay(zone) => {
            let polygon = zone.area.polygon.corners().to_vec();
            (zone.area.id, &zone.area.name, Shape::Direction { polygon, direction: zone.direction })
        }
        Rule::CrowdDensity(zone) => {
            let polygon = zone.area.polygon.corners().to_vec();
            (zone.area.id, &zone.area.name, Shape::Density { polygon, limit: Limit::of(zone) })
        }
        _ => return None,
    };
    Some(ZoneView { id, name: name.clone(), shape })
}

/// Takes something drawn into the settings: in the place of what has its identity, else as new. Thresholds that are not drawn
/// stay as they are.
///
/// # Errors
/// [`Unfit`]; nothing is changed then.
pub fn put(settings: &mut CameraSettings, view: &ZoneView) -> Result<(), Unfit> {
    let (id, name) = (view.id, view.name.as_str());
    let area = |polygon: &[Point]| {
        let polygon = Polygon::new(polygon.iter().copied()).map_err(Unfit::Shape)?;
        Ok(Area { id, name: name.to_owned(), polygon })
    };
    match &view.shape {
        Shape::Forbidden { polygon, dwell_secs } => {
            let area = area(polygon)?;
            let known = settings.zones.iter().position(|zone| zone.id == id);
            if known.is_none() && settings.zones.len() >= CameraSettings::MAX_ZONES {
                return Err(Unfit::ZonesFull);
            }
            let mut zone = known.map_or_else(
                || Zone::new(id, name, area.polygon.clone()),
                |index| settings.zones[index].clone(),
            );
            zone.name = area.name;
            zone.polygon = area.polygon;
            zone.dwell_secs = *dwell_secs;
            let zone = zone.within_ranges();
            match known {
                Some(index) => settings.zones[index] = zone,
                None => settings.zones.push(zone),
            }
            Ok(())
        }
        Shape::Line { from, to, crossing } => put_rule(settings, id, |known| {
            let known = known.and_then(|rule| if let Rule::Line(line) = rule { Some(line) } else { None });
            let line = known.cloned().unwrap_or_else(|| Tripwire::new(id, name, *from, *to));
            let (name, forbidden) = (name.to_owned(), (*crossing).into());
            Rule::Line(Tripwire { name, from: *from, to: *to, forbidden, ..line })
        }),
        Shape::Direction { polygon, direction } => {
            let area = area(polygon)?;
            put_rule(settings, id, |known| {
                let known =
                    known.and_then(|rule| if let Rule::WrongWay(zone) = rule { Some(zone) } else { None });
                let zone = known
                    .cloned()
                    .unwrap_or_else(|| DirectionZone::new(area.clone(), direction.unwrap_or_default()));
                Rule::WrongWay(DirectionZone { area, direction: *direction, ..zone })
            })
        }
        Shape::Density { polygon, limit } => {
            let area = area(polygon)?;
            let (limit_per_m2, limit_persons) = match limit {
                Limit::PerM2(most) => (Some(*most), None),
                Limit::Persons(most) => (None, Some(*most)),
            };
            put_rule(settings, id, |known| {
                let known = known
                    .and_then(|rule| if let Rule::CrowdDensity(zone) = rule { Some(zone) } else { None });
                let zone = known.cloned().unwrap_or_else(|| DensityZone::new(area.clone()));
                Rule::CrowdDensity(DensityZone { area, limit_per_m2, limit_persons, ..zone })
            })
        }
    }
}

/// Puts a rule in the place of the one with this identity, else behind the others. `make` gets the one that is known, so that
/// thresholds that are not drawn stay as they are.
fn put_rule(
    settings: &mut CameraSettings,
    id: ZoneId,
    make: impl FnOnce(Option<&Rule>) -> Rule,
) -> Result<(), Unfit> {
    let known = settings.rules.iter().position(|rule| place(rule).is_some_and(|(known, _)| known == id));
    if known.is_none() && settings.rules.len() >= CameraSettings::MAX_RULES {
        return Err(Unfit::RulesFull);
    }
    let rule = make(known.map(|index| &settings.rules[index]));
    match known {
        Some(index) => settings.rules[index] = rule,
        None => settings.rules.push(rule),
    }
    Ok(())
}

/// Takes something drawn out of the settings; gives it back as it was.
pub fn take_out(settings: &mut CameraSettings, id: ZoneId) -> Option<ZoneView> {
    let view = drawn(settings).into_iter().find(|view| view.id == id)?;
    settings.zones.retain(|zone| zone.id != id);
    settings.rules.retain(|rule| place(rule).is_none_or(|(known, _)| known != id));
    Some(view)
}

/// The kind of situation that a rule watches for.
#[must_use]
pub fn event_of(rule: &Rule) -> EventKind {
    match rule {
        Rule::Line(_) => EventKind::ZoneIntrusion,
        Rule::WrongWay(_) => EventKind::WrongWay,
        Rule::CrowdDensity(_) => EventKind::CrowdDensity,
        Rule::CrowdMovement(_) => EventKind::CrowdMovement,
        Rule::AbandonedObject(_) => EventKind::AbandonedObject,
        Rule::PersonDown(_) => EventKind::PersonDown,
        Rule::Fire(_) => EventKind::Fire,
        Rule::Weapon(_) => EventKind::Weapon,
    }
}

/// The line or zone of a rule and its name; `None` for a rule that holds for the whole picture.
#[must_use]
pub fn place(rule: &Rule) -> Option<(ZoneId, &str)> {
    fn of(area: &Area) -> (ZoneId, &str) {
        (area.id, &area.name)
    }
    match rule {
        Rule::Line(line) => Some((line.id, &line.name)),
        Rule::WrongWay(zone) => Some(of(&zone.area)),
        Rule::CrowdDensity(zone) => Some(of(&zone.area)),
        Rule::CrowdMovement(settings) => settings.area.as_ref().map(of),
        Rule::AbandonedObject(settings) => settings.area.as_ref().map(of),
        Rule::PersonDown(settings) => settings.area.as_ref().map(of),
        Rule::Fire(settings) => settings.area.as_ref().map(of),
        Rule::Weapon(settings) => settings.area.as_ref().map(of),
    }
}

#[cfg(test)]
#[path = "zones_tests.rs"]
mod tests;
