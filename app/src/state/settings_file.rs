//! A camera's complete settings as a file, in the engine's own form: what this page saves is what a native replay takes, and
//! the other way round.

use super::zones;
use serde_json::Value;
use vigie_engine::{CameraSettings, Point, Polygon, PolygonError};

/// Why a file is not taken. The settings stay as they are then.
#[derive(Clone, Debug, PartialEq)]
pub enum FileProblem {
    /// Larger than any settings.
    TooLarge,
    /// No JSON from this line on.
    NotJson {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
    /// JSON, but no settings of a camera; the details are in English.
    NotSettings(String),
    /// A zone in it is no polygon.
    Shape {
        /// Its name.
        name: String,
        /// What is wrong with it.
        error: PolygonError,
    },
    /// More zones than a camera can have.
    ZonesFull,
    /// More rules than a camera can have.
    RulesFull,
}

/// The largest file that is read, in bytes. The most zones and rules with the most corners take a third.
pub const MAX_FILE_BYTES: usize = 1024 * 1024;

/// The file's text.
#[must_use]
pub fn write(settings: &CameraSettings) -> String {
    // Plain data: this cannot fail.
    serde_json::to_string_pretty(settings).map(|text| text + "\n").unwrap_or_default()
}

/// Reads a file.
///
/// # Errors
/// The first [`FileProblem`] found.
pub fn read(text: &str) -> Result<CameraSettings, FileProblem> {
    if text.len() > MAX_FILE_BYTES {
        return Err(FileProblem::TooLarge);
    }
    let text = text.trim_start_matches('\u{feff}');
    let value: Value = serde_json::from_str(text)
        .map_err(|error| FileProblem::NotJson { line: error.line(), column: error.column() })?;
    let Value::Object(fields) = &value else {
        return Err(FileProblem::NotSettings("not an object".to_owned()));
    };
    // Every field has a default: a file of something else would otherwise pass for a camera without zones.
    let known = serde_json::to_value(CameraSettings::default()).unwrap_or_default();
    if let Some(unknown) = fields.keys().find(|field| known.get(field.as_str()).is_none()) {
        return Err(FileProblem::NotSettings(format!("unknown field `{unknown}`")));
    }
    if fields.is_empty() {
        return Err(FileProblem::NotSettings("no field of a camera's settings".to_owned()));
    }
    for list in ["zones", "rules"] {
        shapes(fields.get(list))?;
    }
    let settings: CameraSettings =
        serde_json::from_value(value).map_err(|error| FileProblem::NotSettings(error.to_string()))?;
    if settings.zones.len() > CameraSettings::MAX_ZONES {
        return Err(FileProblem::ZonesFull);
    }
    if settings.rules.len() > CameraSettings::MAX_RULES {
        return Err(FileProblem::RulesFull);
    }
    unique(&settings)?;
    Ok(settings)
}

/// Looks at the polygons first, so that one that is wrong is named.
fn shapes(list: Option<&Value>) -> Result<(), FileProblem> {
    for item in list.and_then(Value::as_array).into_iter().flatten() {
        for place in [Some(item), item.get("area")].into_iter().flatten() {
            let corners =
                place.get("polygon").cloned().and_then(|p| serde_json::from_value::<Vec<Point>>(p).ok());
            if let Some(Err(error)) = corners.map(Polygon::new) {
                let name = place.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
                return Err(FileProblem::Shape { name, error });
            }
        }
    }
    Ok(())
}

/// Two things under one identity could not be told apart later.
fn unique(settings: &CameraSettings) -> Result<(), FileProblem> {
    let mut seen = std::collections::BTreeSet::new();
    let twice = zones::drawn(settings).into_iter().find(|view| !seen.insert(view.id));
    match twice {
        Some(view) => Err(FileProblem::NotSettings(format!("`{}` has an id that is not its own", view.name))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::zones::{Crossing, Limit, Shape, ZoneView, put},
        *,
    };
    use vigie_protocol::ZoneId;

    fn full() -> CameraSettings {
        let p = |x, y| Point { x, y };
        let square = || vec![p(0.1, 0.1), p(0.6, 0.1), p(0.6, 0.6), p(0.1, 0.6)];
        let shapes = [
            Shape::Forbidden { polygon: square(), dwell_secs: 2.5 },
            Shape::Line { from: p(0.1, 0.5), to: p(0.9, 0.5), crossing: Crossing::ToLeft },
            Shape::Direction { polygon: square(), direction: Some(p(0.25, -0.5)) },
            Shape::Density { polygon: square(), limit: Limit::PerM2(4.0) },
        ];
        let mut settings = CameraSettings::default();
        for (n, shape) in shapes.into_iter().enumerate() {
            let id = ZoneId(uuid::Uuid::from_u128(n as u128));
            put(&mut settings, &ZoneView { id, name: format!("Nr {n}"), shape }).unwrap();
        }
        settings
    }

    #[test]
    fn what_is_saved_is_read_as_it_was() {
        for settings in [CameraSettings::default(), full()] {
            assert_eq!(read(&write(&settings)), Ok(settings));
        }
        assert!(write(&full()).contains("\"rule\": \"line\""));
    }

    #[test]
    fn what_is_wrong_with_a_file_is_named() {
        assert_eq!(read("{\n  \"zones\": [,]\n}"), Err(FileProblem::NotJson { line: 2, column: 13 }));
        for no_settings in ["[]", "{}", "7", r#"{"type":"FeatureCollection"}"#, r#"{"zones":7}"#] {
            assert!(matches!(read(no_settings), Err(FileProblem::NotSettings(_))), "{no_settings}");
        }
        let crossed = write(&full()).replacen("0.6,\n          \"y\": 0.1", "0.6,\n          \"y\": 0.9", 1);
        let crossed = read(&crossed);
        assert!(
            matches!(&crossed, Err(FileProblem::Shape { name, error: PolygonError::CrossingEdges { .. } }) if name == "Nr 0"),
            "{crossed:?}"
        );
        let mut many = full();
        many.zones = vec![many.zones[0].clone(); CameraSettings::MAX_ZONES + 1];
        assert_eq!(read(&write(&many)), Err(FileProblem::ZonesFull));
        many.zones.truncate(2);
        assert!(matches!(read(&write(&many)), Err(FileProblem::NotSettings(_))), "one id twice");
        assert_eq!(read(&" ".repeat(MAX_FILE_BYTES + 1)), Err(FileProblem::TooLarge));
    }

    #[test]
    fn the_largest_settings_fit_into_a_file() {
        let mut settings = full();
        let corner = |n: usize| {
            let angle = n as f32 / 64.0 * std::f32::consts::TAU;
            Point { x: 0.5 + 0.4 * angle.cos(), y: 0.5 + 0.4 * angle.sin() }
        };
        settings.zones[0].polygon = Polygon::new((0..64).map(corner)).unwrap();
        settings.zones = vec![settings.zones[0].clone(); CameraSettings::MAX_ZONES];
        let rule = settings.rules.len() - 1;
        let view = ZoneView {
            id: ZoneId(uuid::Uuid::from_u128(3)),
            name: "x".repeat(64),
            shape: Shape::Density { polygon: (0..64).map(corner).collect(), limit: Limit::Persons(9) },
        };
        put(&mut settings, &view).unwrap();
        settings.rules = vec![settings.rules[rule].clone(); CameraSettings::MAX_RULES];
        assert!(write(&settings).len() < MAX_FILE_BYTES, "{}", write(&settings).len());
    }
}
