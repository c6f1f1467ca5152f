//! What keeps a drawing from being saved.

use super::{Kind, Limit, Point, Polygon, Shape, ZoneEditor};
use vigie_engine::PolygonError;

/// What keeps a drawing from being saved.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Problem {
    /// The name is empty.
    NoName,
    /// The dwell time is not a number from 0 to [`ZoneEditor::MAX_DWELL_SECS`].
    BadDwell,
    /// The limit is not a number over 0 up to [`ZoneEditor::MAX_PER_M2`].
    BadLimit,
    /// The limit is not a whole number from 1 to [`ZoneEditor::MAX_PERSONS`].
    BadPersons,
    /// Ends of a line are missing.
    FewPoints {
        /// How many.
        left: usize,
    },
    /// The line is too short to be crossed.
    ShortLine,
    /// The common direction is missing.
    NoDirection,
    /// The corners do not make a polygon.
    Shape(PolygonError),
}

/// What was drawn, as it is saved.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn {
    /// Its name, trimmed.
    pub name: String,
    /// What it is and where.
    pub shape: Shape,
}

/// Shortest line and shortest arrow, in shares of the picture.
const SHORTEST: f32 = 0.02;

impl ZoneEditor {
    /// The drawing as it would be saved.
    ///
    /// # Errors
    /// The first thing that is wrong: shape, direction, name, number.
    pub fn check(&self) -> Result<Drawn, Problem> {
        let shape = match self.kind {
            Kind::Line => self.line()?,
            Kind::Forbidden => {
                let polygon = self.polygon()?;
                self.check_name()?;
                let dwell_secs = number(&self.dwell)
                    .filter(|secs| (0.0..=Self::MAX_DWELL_SECS).contains(secs))
                    .ok_or(Problem::BadDwell)?;
                Shape::Forbidden { polygon, dwell_secs }
            }
            Kind::Direction => {
                let polygon = self.polygon()?;
                let direction = self.arrow.map(|[tail, tip]| Point { x: tip.x - tail.x, y: tip.y - tail.y });
                let direction = direction.filter(|d| d.x.hypot(d.y) >= SHORTEST);
                if direction.is_none() && !self.learns {
                    return Err(Problem::NoDirection);
                }
                Shape::Direction { polygon, direction }
            }
            Kind::Density => {
                let polygon = self.polygon()?;
                self.check_name()?;
                Shape::Density { polygon, limit: self.limit()? }
            }
        };
        self.check_name()?;
        Ok(Drawn { name: self.name.trim().chars().take(Self::MAX_NAME).collect(), shape })
    }

    fn check_name(&self) -> Result<(), Problem> {
        if self.name.trim().is_empty() { Err(Problem::NoName) } else { Ok(()) }
    }

    fn limit(&self) -> Result<Limit, Problem> {
        if self.in_persons {
            let most = self.limit.trim().parse::<u16>().ok().filter(|n| (1..=Self::MAX_PERSONS).contains(n));
            return most.map(Limit::Persons).ok_or(Problem::BadPersons);
        }
        let most = number(&self.limit).filter(|most| *most > 0.0 && *most <= Self::MAX_PER_M2);
        most.map(Limit::PerM2).ok_or(Problem::BadLimit)
    }

    fn polygon(&self) -> Result<Vec<Point>, Problem> {
        let polygon = Polygon::new(self.corners.iter().copied()).map_err(Problem::Shape)?;
        Ok(polygon.corners().to_vec())
    }

    fn line(&self) -> Result<Shape, Problem> {
        let [from, to] = self.corners[..] else {
            return Err(Problem::FewPoints { left: 2_usize.saturating_sub(self.corners.len()) });
        };
        if (from.x - to.x).hypot(from.y - to.y) < SHORTEST {
            return Err(Problem::ShortLine);
        }
        Ok(Shape::Line { from, to, crossing: self.crossing })
    }
}

/// A number as people type it: with a comma or a point.
fn number(text: &str) -> Option<f32> {
    text.trim().replace(',', ".").parse::<f32>().ok()
}
