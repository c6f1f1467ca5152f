//! Drawing on a picture: pointer and key input in; zones, lines and arrows out. Points are shares of the picture.

mod check;

pub use check::{Drawn, Problem};

use super::{
    arrows::{arrow_in, on_picture},
    zones::{Crossing, Kind, Limit, Shape, ZoneView},
};
use vigie_engine::{Point, Polygon};
use vigie_protocol::ZoneId;

/// Something being drawn or changed on one camera.
#[derive(Clone, Debug, PartialEq)]
pub struct ZoneEditor {
    /// What is being changed; `None` for something new.
    pub id: Option<ZoneId>,
    /// What it is.
    pub kind: Kind,
    /// Name field.
    pub name: String,
    /// Dwell field, as typed; of a forbidden zone.
    pub dwell: String,
    /// Limit field, as typed; of a zone with a limit.
    pub limit: String,
    /// Whether the limit counts persons in the zone, and not on a square metre.
    pub in_persons: bool,
    /// Corners in drawing order, or the ends of a line.
    pub corners: Vec<Point>,
    /// Whether the outline is closed: further presses move corners and add none.
    pub closed: bool,
    /// The common direction as an arrow, from tail to tip.
    pub arrow: Option<[Point; 2]>,
    /// Which way a line may not be crossed.
    pub crossing: Crossing,
    /// Where the pointer hovers, for the rubber band.
    pub hover: Option<Point>,
    /// The name that it came with: as long as it stands, another kind brings its own.
    usual_name: String,
    /// The common direction is learnt: none has to be drawn.
    learns: bool,
    gesture: Gesture,
    history: Vec<Step>,
}

/// What a step taken back restores.
#[derive(Clone, Debug, PartialEq)]
struct Step {
    kind: Kind,
    corners: Vec<Point>,
    closed: bool,
    arrow: Option<[Point; 2]>,
    crossing: Crossing,
}

/// What the pressed pointer is doing.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Gesture {
    None,
    /// Pressed on free ground: a corner when released, a rectangle or a line when dragged from the very first point.
    Pressed {
        from: Point,
    },
    /// Pulling up a rectangle, or a line.
    Stretch {
        from: Point,
    },
    /// Moving a corner; `moved` once it has left its place.
    Corner {
        index: usize,
        moved: bool,
    },
    /// Pressed inside a closed zone with a direction: an arrow when dragged.
    Aim {
        from: Point,
    },
    /// Moving an end of the arrow: 0 its tail, 1 its tip.
    ArrowEnd {
        end: usize,
        moved: bool,
    },
    /// Pressed on a line's middle, where its arrows are.
    Switch,
}

impl ZoneEditor {
    /// Longest name, in characters.
    pub const MAX_NAME: usize = 40;
    /// Longest dwell time, seconds.
    pub const MAX_DWELL_SECS: f32 = 3600.0;
    /// Highest limit, persons per square metre: more do not fit.
    pub const MAX_PER_M2: f32 = 10.0;
    /// Highest limit, persons.
    pub const MAX_PERSONS: u16 = 10_000;
    /// Dwell time that a new zone starts with, seconds.
    const DEFAULT_DWELL: &'static str = "2";
    /// Limit that a new zone starts with: from 4 persons per square metre on, nobody moves freely any more.
    const DEFAULT_LIMIT: &'static str = "4";
    /// Steps that can be taken back; the oldest go first.
    const MAX_STEPS: usize = 200;
    /// How far a key turns the arrow, degrees.
    const TURN_DEG: f32 = 15.0;

    /// Starts something new under this name.
    #[must_use]
    pub fn blank(kind: Kind, name: String) -> Self {
        Self {
            id: None,
            kind,
            dwell: Self::DEFAULT_DWELL.to_owned(),
            limit: Self::DEFAULT_LIMIT.to_owned(),
            in_persons: false,
            corners: Vec::new(),
            closed: false,
            arrow: None,
            crossing: Crossing::default(),
            hover: None,
            usual_name: name.clone(),
            learns: false,
            name,
            gesture: Gesture::None,
            history: Vec::new(),
        }
    }

    /// Starts to change what is there; `exact` writes a number as a field shows it.
    #[must_use]
    pub fn of(view: &ZoneView, exact: impl Fn(f32) -> String) -> Self {
        let mut editor = Self {
            id: Some(view.id),
            corners: view.shape.points(),
            closed: true,
            ..Self::blank(view.shape.kind(), view.name.clone())
        };
        match &view.shape {
            Shape::Forbidden { dwell_secs, .. } => editor.dwell = exact(*dwell_secs),
            Shape::Line { crossing, .. } => editor.crossing = *crossing,
            Shape::Direction { polygon, direction } => {
                editor.arrow = direction.map(|direction| arrow_in(polygon, direction));
                editor.learns = direction.is_none();
            }
            Shape::Density { limit: Limit::PerM2(most), .. } => editor.limit = exact(*most),
            Shape::Density { limit: Limit::Persons(most), .. } => {
                (editor.limit, editor.in_persons) = (most.to_string(), true);
            }
        }
        editor
    }

    /// Draws something else instead, if it is new; what was drawn is kept as far as it fits. `name` is what a new one of that
    /// kind is called.
    pub fn become_kind(&mut self, kind: Kind, name: String) {
        if self.id.is_some() || kind == self.kind {
            return;
        }
        if !self.corners.is_empty() {
            self.remember();
        }
        self.gesture = Gesture::None;
        let was_line = self.kind == Kind::Line;
        self.kind = kind;
        if kind == Kind::Line {
            self.corners.truncate(2);
            self.closed = self.corners.len() == 2;
        } else if was_line {
            self.closed = false;
        }
        if self.name == self.usual_name {
            self.name.clone_from(&name);
        }
        self.usual_name = name;
    }

    /// The pointer goes down. `reach` is how far from a corner, along x and y, still counts as on it.
    pub fn press(&mut self, at: Point, reach: Point) {
        self.hover = Some(at);
        let arrow_end = self.arrow.filter(|_| self.aims()).and_then(|ends| {
            // The tip first: a short arrow is turned by it.
            [1, 0].into_iter().find(|end| near(ends[*end], at, reach))
        });
        let corner = self.corners.iter().position(|corner| near(*corner, at, reach));
        self.gesture = if let Some(end) = arrow_end {
            Gesture::ArrowEnd { end, moved: false }
        } else if let Some(index) = corner {
            Gesture::Corner { index, moved: false }
        } else if self.middle().is_some_and(|middle| near(middle, at, reach)) {
            Gesture::Switch
        } else if self.aims() {
            Gesture::Aim { from: at }
        } else if self.closed {
            Gesture::None
        } else {
            Gesture::Pressed { from: at }
        };
    }

    /// The pointer moves, pressed or not.
    pub fn drag(&mut self, at: Point, reach: Point) {
        self.hover = Some(at);
        let still = |place: Point, moved: bool| {
            !moved && near(place, at, Point { x: reach.x / 3.0, y: reach.y / 3.0 })
        };
        match self.gesture {
            Gesture::None | Gesture::Switch => {}
            Gesture::Pressed { from } | Gesture::Aim { from } if near(from, at, reach) => {}
            Gesture::Pressed { from } if self.corners.is_empty() => {
                self.remember();
                self.gesture = Gesture::Stretch { from };
                self.stretch(from, at);
            }
            Gesture::Pressed { .. } => {
                self.add(at);
                self.gesture = Gesture::Corner { index: self.corners.len() - 1, moved: true };
            }
            Gesture::Stretch { from } => self.stretch(from, at),
            Gesture::Corner { index, moved } => {
                let Some(corner) = self.corners.get(index).copied() else { return };
                if still(corner, moved) {
                    return;
                }
                if !moved {
                    self.remember();
                }
                self.corners[index] = on_picture(at);
                self.gesture = Gesture::Corner { index, moved: true };
            }
            Gesture::Aim { from } => {
                self.remember();
                self.arrow = Some([on_picture(from), on_picture(at)]);
                self.gesture = Gesture::ArrowEnd { end: 1, moved: true };
            }
            Gesture::ArrowEnd { end, moved } => {
                let Some(ends) = self.arrow else { return };
                if still(ends[end], moved) {
                    return;
                }
                if !moved {
                    self.remember();
                }
                let mut ends = ends;
                ends[end] = on_picture(at);
                self.arrow = Some(ends);
                self.gesture = Gesture::ArrowEnd { end, moved: true };
            }
        }
    }

    /// The pointer goes up.
    pub fn release(&mut self, at: Point) {
        match std::mem::replace(&mut self.gesture, Gesture::None) {
            Gesture::Pressed { from } => self.add(from),
            Gesture::Stretch { from } => {
                self.stretch(from, at);
                self.closed = true;
            }
            Gesture::Corner { index: 0, moved: false } => self.close(),
            Gesture::Switch => self.turn(1),
            Gesture::None | Gesture::Corner { .. } | Gesture::Aim { .. } | Gesture::ArrowEnd { .. } => {}
        }
    }

    /// The pointer was taken away: nothing is added.
    pub fn interrupt(&mut self) {
        if matches!(self.gesture, Gesture::Stretch { .. }) {
            self.undo();
        }
        self.gesture = Gesture::None;
        self.hover = None;
    }

    /// Closes the outline when it has corners enough.
    pub fn close(&mut self) {
        if !self.closed && self.kind != Kind::Line && self.corners.len() >= Polygon::MIN_CORNERS {
            self.remember();
            self.closed = true;
        }
    }

    /// Turns what has a direction, by so many steps: a line's forbidden side, the common direction of a zone, which points to
    /// the right at first.
    pub fn turn(&mut self, by: i8) {
        match self.kind {
            Kind::Line if self.closed => {
                self.remember();
                self.crossing = if by < 0 { self.crossing.next().next() } else { self.crossing.next() };
            }
            Kind::Direction if self.closed => {
                self.remember();
                let angle = (f32::from(by) * Self::TURN_DEG).to_radians();
                self.arrow = Some(match self.arrow {
                    None => arrow_in(&self.corners, Point { x: 1.0, y: 0.0 }),
                    Some([tail, tip]) => {
                        let (x, y) = (tip.x - tail.x, tip.y - tail.y);
                        let turned = Point {
                            x: x * angle.cos() - y * angle.sin(),
                            y: x * angle.sin() + y * angle.cos(),
                        };
                        arrow_in(&self.corners, turned)
                    }
                });
            }
            _ => {}
        }
    }

    /// Takes back the last step; one that is still under the pointer ends there.
    pub fn undo(&mut self) {
        self.gesture = Gesture::None;
        if let Some(step) = self.history.pop() {
            let Step { kind, corners, closed, arrow, crossing } = step;
            (self.kind, self.corners, self.closed) = (kind, corners, closed);
            (self.arrow, self.crossing) = (arrow, crossing);
        }
    }

    /// Whether there is a step to take back.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        !self.history.is_empty()
    }

    /// Whether the corner is one that a press would close the outline with.
    #[must_use]
    pub fn closes_at(&self, index: usize) -> bool {
        index == 0 && !self.closed && self.kind != Kind::Line && self.corners.len() >= Polygon::MIN_CORNERS
    }

    /// Where a line's arrows are: a press there switches its forbidden side.
    #[must_use]
    pub fn middle(&self) -> Option<Point> {
        match (self.kind, self.corners.as_slice()) {
            (Kind::Line, [a, b]) => Some(Point { x: f32::midpoint(a.x, b.x), y: f32::midpoint(a.y, b.y) }),
            _ => None,
        }
    }

    fn aims(&self) -> bool {
        self.kind == Kind::Direction && self.closed
    }

    fn add(&mut self, at: Point) {
        self.remember();
        self.corners.push(on_picture(at));
        if self.kind == Kind::Line && self.corners.len() == 2 {
            self.closed = true;
        }
    }

    fn stretch(&mut self, from: Point, to: Point) {
        let (a, b) = (on_picture(from), on_picture(to));
        self.corners = if self.kind == Kind::Line {
            vec![a, b]
        } else {
            vec![a, Point { x: b.x, y: a.y }, b, Point { x: a.x, y: b.y }]
        };
    }

    fn remember(&mut self) {
        if self.history.len() >= Self::MAX_STEPS {
            self.history.remove(0);
        }
        self.history.push(Step {
            kind: self.kind,
            corners: self.corners.clone(),
            closed: self.closed,
            arrow: self.arrow,
            crossing: self.crossing,
        });
    }
}

fn near(a: Point, b: Point, reach: Point) -> bool {
    let (dx, dy) = ((a.x - b.x) / reach.x, (a.y - b.y) / reach.y);
    dx * dx + dy * dy <= 1.0
}

#[cfg(test)]
#[path = "editor_tests.rs"]
mod tests;
