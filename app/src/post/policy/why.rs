//! From the engine's reason to the figures on the record.

use serde_json::Value;
use vigie_engine::signals::Why;
use vigie_protocol::Measure;

/// The figures that are told. What is left out are the engine's own numbers: those of tracks, times on its clock, places, and
/// shapes that mean nothing to whoever reads the record.
pub const TOLD: [&str; 48] = [
    "above_secs",
    "area_m2",
    "direction.left_to_right",
    "direction.right_to_left",
    "dwell_secs",
    "flame_secs",
    "group.bag",
    "group.moving_object",
    "group.person",
    "group.vehicle",
    "growth",
    "held_secs",
    "kind.bottleneck",
    "kind.convergence",
    "kind.counter_flow",
    "kind.dispersal",
    "kind.handgun",
    "kind.knife",
    "kind.long_gun",
    "kind.run",
    "lain_secs",
    "learnt",
    "left_metres",
    "lengths",
    "limit_per_m2",
    "limit_persons",
    "matter.flame",
    "matter.smoke",
    "metres",
    "metres_per_sec",
    "needed_secs",
    "people",
    "people_in_area",
    "per_m2",
    "per_m2_error",
    "persons",
    "persons_error",
    "saturation.boxes_exhausted",
    "saturation.packed",
    "saturation.too_small",
    "saturation.unseen_motion",
    "seen_entering",
    "seen_leaving",
    "smoke_secs",
    "speed",
    "still_secs",
    "unattended_secs",
    "width_metres",
];

/// The figures of a reason, by the names of its fields: numbers as they are, facts that hold and names out of a list as 1.
/// What has parts is told part by part (`owner.left_secs`); lists are not told.
#[must_use]
pub fn measures(why: &Why) -> Vec<Measure> {
    let mut found = Vec::new();
    if let Ok(fields) = serde_json::to_value(why) {
        tell("", &fields, &mut found);
    }
    found.retain(|measure: &Measure| TOLD.contains(&measure.name.as_str()));
    found.truncate(Measure::MOST);
    found
}

fn tell(name: &str, value: &Value, found: &mut Vec<Measure>) {
    let mut push = |name: String, value: f32| {
        if value.is_finite() {
            found.push(Measure { name, value });
        }
    };
    match value {
        Value::Number(number) => push(name.to_owned(), number.as_f64().unwrap_or(f64::NAN) as f32),
        Value::Bool(true) => push(name.to_owned(), 1.0),
        Value::String(one) => push(format!("{name}.{one}"), 1.0),
        Value::Object(parts) => {
            for (part, value) in parts {
                let name = if name.is_empty() { part.clone() } else { format!("{name}.{part}") };
                tell(&name, value, found);
            }
        }
        Value::Bool(false) | Value::Null | Value::Array(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::{TOLD, Value, measures, tell};
    use serde_json::json;
    use vigie_engine::signals::Why;
    use vigie_protocol::Measure;

    #[test]
    fn figures_facts_and_names_are_told() {
        let why: Value = json!({
            "after_secs": 31.5,
            "saturated": true,
            "returned": false,
            "kind": "dispersal",
            "owner": { "left_secs": 12, "track": null },
            "path": [1, 2],
        });
        let mut found = Vec::new();
        tell("", &why, &mut found);
        let told = found.into_iter().map(|Measure { name, value }| (name, value)).collect::<Vec<_>>();
        let expected =
            [("after_secs", 31.5), ("kind.dispersal", 1.0), ("owner.left_secs", 12.0), ("saturated", 1.0)];
        assert_eq!(told, expected.map(|(name, value)| (name.to_owned(), value)));
    }

    #[test]
    fn the_engine_s_own_numbers_are_not_told() {
        let why: Why = serde_json::from_value(json!({
            "event": "zone_intrusion",
            "track": 7,
            "entered": 1_000_000,
            "seen_entering": true,
            "dwell_secs": 2.5,
            "needed_secs": 2.0,
            "score": 0.75,
            "observations": 12,
            "longest_gap_secs": 0.5,
            "path": [{ "x": 0.5, "y": 0.5 }],
        }))
        .unwrap();
        let told = measures(&why).into_iter().map(|measure| measure.name).collect::<Vec<_>>();
        assert_eq!(told, ["dwell_secs", "needed_secs", "seen_entering"]);
        assert!(TOLD.iter().all(|name| name.len() <= Measure::MAX_NAME));
    }
}
