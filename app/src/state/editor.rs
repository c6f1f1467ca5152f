//! Drawing a zone: pointer and key input in, corners out. Points are shares of the picture.

use super::view::ZoneView;
use vigie_engine::{Point, Polygon, PolygonError};
use vigie_protocol::ZoneId;

/// A zone being drawn or changed on one camera.
#[derive(Clone, Debug, PartialEq)]
pub struct ZoneEditor {
    /// The zone being changed; `None` for a new one.
    pub id: Option<ZoneId>,
    /// Name field.
    pub name: String,
    /// Dwell field, as typed.
    pub dwell: String,
    /// Corners in drawing order.
    pub corners: Vec<Point>,
    /// Whether the outline is closed: further presses move corners and add none.
    pub closed: bool,
    /// Where the pointer hovers, for the rubber band.
    pub hover: Option<Point>,
    gesture: Gesture,
    history: Vec<(Vec<Point>, bool)>,
}

/// What the pressed pointer is doing.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Gesture {
    None,
    /// Pressed on free ground: a corner when released, a rectangle when dragged from the very first corner.
    Pressed {
        from: Point,
    },
    /// Pulling up a rectangle.
    Rectangle {
        from: Point,
    },
    /// Moving a corner; `moved` once it has left its place.
    Corner {
        index: usize,
        moved: bool,
    },
}

/// What keeps a zone from being saved.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Problem {
    /// The name is empty.
    NoName,
    /// The dwell time is not a number from 0 to [`ZoneEditor::MAX_DWELL_SECS`].
    BadDwell,
    /// The corners do not make a polygon.
    Shape(PolygonError),
}

/// A zone as saved.
#[derive(Clone, Debug, PartialEq)]
pub struct DrawnZone {
    /// Its name, trimmed.
    pub name: String,
    /// Its corners.
    pub polygon: Vec<Point>,
    /// Presence needed before a signal, seconds.
    pub dwell_secs: f32,
}

impl ZoneEditor {
    /// Longest name, in characters.
    pub const MAX_NAME: usize = 40;
    /// Longest dwell time, seconds.
    pub const MAX_DWELL_SECS: f32 = 3600.0;
    /// Dwell time that a new zone starts with, seconds.
    const DEFAULT_DWELL: &'static str = "2";

    /// Starts a new zone with this name.
    #[must_use]
    pub fn blank(name: String) -> Self {
        Self {
            id: None,
            name,
            dwell: Self::DEFAULT_DWELL.to_owned(),
            corners: Vec::new(),
            closed: false,
            hover: None,
            gesture: Gesture::None,
            history: Vec::new(),
        }
    }

    /// Starts to change a zone; `dwell` is its dwell time as the field shows it.
    #[must_use]
    pub fn of(zone: &ZoneView, dwell: String) -> Self {
        Self {
            id: Some(zone.id),
            dwell,
            corners: zone.polygon.clone(),
            closed: true,
            ..Self::blank(zone.name.clone())
        }
    }

    /// The pointer goes down. `reach` is how far from a corner, along x and y, still counts as on it.
    pub fn press(&mut self, at: Point, reach: Point) {
        self.hover = Some(at);
        self.gesture = match self.corner_at(at, reach) {
            Some(index) => Gesture::Corner { index, moved: false },
            None if self.closed => Gesture::None,
            None => Gesture::Pressed { from: at },
        };
    }

    /// The pointer moves, pressed or not.
    pub fn drag(&mut self, at: Point, reach: Point) {
        self.hover = Some(at);
        match self.gesture {
            Gesture::None => {}
            Gesture::Pressed { from } if near(from, at, reach) => {}
            Gesture::Pressed { from } if self.corners.is_empty() => {
                self.remember();
                self.gesture = Gesture::Rectangle { from };
                self.corners = rectangle(from, at);
            }
            Gesture::Pressed { .. } => {
                self.remember();
                self.corners.push(at);
                self.gesture = Gesture::Corner { index: self.corners.len() - 1, moved: true };
            }
            Gesture::Rectangle { from } => self.corners = rectangle(from, at),
            Gesture::Corner { index, moved } => {
                let Some(corner) = self.corners.get(index).copied() else { return };
                if !moved && near(corner, at, Point { x: reach.x / 3.0, y: reach.y / 3.0 }) {
                    return;
                }
                if !moved {
                    self.remember();
                }
                self.corners[index] = on_picture(at);
                self.gesture = Gesture::Corner { index, moved: true };
            }
        }
    }

    /// The pointer goes up.
    pub fn release(&mut self, at: Point) {
        match std::mem::replace(&mut self.gesture, Gesture::None) {
            Gesture::Pressed { from } => {
                self.remember();
                self.corners.push(from);
            }
            Gesture::Rectangle { from } => {
                self.corners = rectangle(from, at);
                self.closed = true;
            }
            Gesture::Corner { index: 0, moved: false } => self.close(),
            Gesture::None | Gesture::Corner { .. } => {}
        }
    }

    /// The pointer was taken away: nothing is added.
    pub fn interrupt(&mut self) {
        if matches!(self.gesture, Gesture::Rectangle { .. }) {
            self.undo();
        }
        self.gesture = Gesture::None;
        self.hover = None;
    }

    /// Closes the outline when it has corners enough.
    pub fn close(&mut self) {
        if !self.closed && self.corners.len() >= Polygon::MIN_CORNERS {
            self.remember();
            self.closed = true;
        }
    }

    /// Takes back the last step; one that is still under the pointer ends there.
    pub fn undo(&mut self) {
        self.gesture = Gesture::None;
        if let Some((corners, closed)) = self.history.pop() {
            self.corners = corners;
            self.closed = closed;
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
        index == 0 && !self.closed && self.corners.len() >= Polygon::MIN_CORNERS
    }

    /// The zone as it would be saved.
    ///
    /// # Errors
    /// The first thing that is wrong: shape, name, dwell time.
    pub fn check(&self) -> Result<DrawnZone, Problem> {
        let polygon = Polygon::new(self.corners.iter().copied()).map_err(Problem::Shape)?;
        let name = self.name.trim();
        if name.is_empty() {
            return Err(Problem::NoName);
        }
        let dwell_secs = self.dwell.trim().replace(',', ".").parse::<f32>().map_err(|_| Problem::BadDwell)?;
        if !(0.0..=Self::MAX_DWELL_SECS).contains(&dwell_secs) {
            return Err(Problem::BadDwell);
        }
        let name = name.chars().take(Self::MAX_NAME).collect();
        Ok(DrawnZone { name, polygon: polygon.corners().to_vec(), dwell_secs })
    }

    fn remember(&mut self) {
        self.history.push((self.corners.clone(), self.closed));
    }

    fn corner_at(&self, at: Point, reach: Point) -> Option<usize> {
        self.corners.iter().position(|corner| near(*corner, at, reach))
    }
}

fn near(a: Point, b: Point, reach: Point) -> bool {
    let (dx, dy) = ((a.x - b.x) / reach.x, (a.y - b.y) / reach.y);
    dx * dx + dy * dy <= 1.0
}

fn on_picture(p: Point) -> Point {
    Point { x: p.x.clamp(0.0, 1.0), y: p.y.clamp(0.0, 1.0) }
}

fn rectangle(from: Point, to: Point) -> Vec<Point> {
    let (a, b) = (on_picture(from), on_picture(to));
    vec![a, Point { x: b.x, y: a.y }, b, Point { x: a.x, y: b.y }]
}

#[cfg(test)]
mod tests {
    use super::{Point, PolygonError, Problem, ZoneEditor};

    const REACH: Point = Point { x: 0.02, y: 0.03 };

    fn p(x: f32, y: f32) -> Point {
        Point { x, y }
    }

    fn tap(editor: &mut ZoneEditor, x: f32, y: f32) {
        editor.press(p(x, y), REACH);
        editor.release(p(x, y));
    }

    fn triangle() -> ZoneEditor {
        let mut editor = ZoneEditor::blank("Gate".into());
        tap(&mut editor, 0.2, 0.2);
        tap(&mut editor, 0.8, 0.2);
        tap(&mut editor, 0.5, 0.8);
        editor
    }

    #[test]
    fn taps_add_corners_and_a_tap_on_the_first_closes() {
        let mut editor = triangle();
        assert_eq!(editor.corners.len(), 3);
        assert!(!editor.closed);
        tap(&mut editor, 0.205, 0.21);
        assert!(editor.closed);
        assert_eq!(editor.corners.len(), 3);
        tap(&mut editor, 0.5, 0.4);
        assert_eq!(editor.corners.len(), 3, "a closed outline takes no further corner");
        let zone = editor.check().unwrap();
        assert_eq!((zone.name.as_str(), zone.dwell_secs, zone.polygon.len()), ("Gate", 2.0, 3));
    }

    #[test]
    fn a_drag_from_nothing_makes_a_rectangle() {
        let mut editor = ZoneEditor::blank("Gate".into());
        editor.press(p(0.1, 0.1), REACH);
        editor.drag(p(0.3, 0.3), REACH);
        editor.drag(p(0.5, 0.6), REACH);
        editor.release(p(0.5, 0.6));
        assert!(editor.closed);
        assert_eq!(editor.corners, [p(0.1, 0.1), p(0.5, 0.1), p(0.5, 0.6), p(0.1, 0.6)]);
        editor.undo();
        assert!(editor.corners.is_empty() && !editor.closed);
    }

    #[test]
    fn corners_move_and_stay_on_the_picture() {
        let mut editor = triangle();
        editor.close();
        editor.press(p(0.8, 0.2), REACH);
        editor.drag(p(1.2, 0.1), REACH);
        editor.release(p(1.2, 0.1));
        assert_eq!(editor.corners[1], p(1.0, 0.1));
        editor.undo();
        assert_eq!(editor.corners[1], p(0.8, 0.2));
    }

    #[test]
    fn undo_takes_back_one_corner_after_the_other() {
        let mut editor = triangle();
        editor.undo();
        assert_eq!(editor.corners.len(), 2);
        assert_eq!(editor.check(), Err(Problem::Shape(PolygonError::TooFewCorners { found: 2 })));
        editor.undo();
        editor.undo();
        editor.undo();
        assert!(editor.corners.is_empty() && !editor.can_undo());
    }

    #[test]
    fn a_step_taken_back_under_the_pointer_is_over() {
        let mut editor = ZoneEditor::blank("Gate".into());
        editor.press(p(0.1, 0.1), REACH);
        editor.drag(p(0.3, 0.3), REACH);
        editor.undo();
        editor.drag(p(0.5, 0.6), REACH);
        editor.release(p(0.5, 0.6));
        assert!(editor.corners.is_empty() && !editor.closed && !editor.can_undo());

        let mut editor = triangle();
        editor.press(p(0.8, 0.2), REACH);
        editor.drag(p(0.9, 0.3), REACH);
        editor.undo();
        editor.drag(p(0.95, 0.4), REACH);
        editor.release(p(0.95, 0.4));
        assert_eq!(editor.corners[1], p(0.8, 0.2));
        editor.undo();
        assert_eq!(editor.corners.len(), 2, "the steps before are still there");
    }

    #[test]
    fn an_interrupted_rectangle_leaves_nothing() {
        let mut editor = ZoneEditor::blank("Gate".into());
        editor.press(p(0.1, 0.1), REACH);
        editor.drag(p(0.3, 0.3), REACH);
        editor.interrupt();
        assert!(editor.corners.is_empty() && !editor.can_undo());
    }

    #[test]
    fn what_cannot_be_saved_is_named() {
        let mut editor = triangle();
        editor.name = "  ".into();
        assert_eq!(editor.check(), Err(Problem::NoName));
        editor.name = "Gate".into();
        for bad in ["", "soon", "-1", "NaN", "99999"] {
            editor.dwell = bad.into();
            assert_eq!(editor.check(), Err(Problem::BadDwell), "{bad}");
        }
        editor.dwell = "1,5".into();
        assert!((editor.check().unwrap().dwell_secs - 1.5).abs() < f32::EPSILON);
        tap(&mut editor, 0.9, 0.9);
        tap(&mut editor, 0.5, 0.05);
        assert!(matches!(editor.check(), Err(Problem::Shape(PolygonError::CrossingEdges { .. }))));
    }

    #[test]
    fn an_interrupted_press_adds_nothing() {
        let mut editor = ZoneEditor::blank("Gate".into());
        editor.press(p(0.4, 0.4), REACH);
        editor.interrupt();
        editor.release(p(0.4, 0.4));
        assert!(editor.corners.is_empty());
    }
}
