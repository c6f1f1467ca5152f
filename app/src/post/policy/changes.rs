//! What changed between two settings of a camera, as entries of the record.

use crate::state::zones::{event_of, place};
use vigie_engine::{CameraSettings, Zone, scene::Rule};
use vigie_protocol::{CameraId, Record};

/// The entries, removals first. None when nothing is different.
#[must_use]
pub fn changes(camera: &CameraId, before: &CameraSettings, after: &CameraSettings) -> Vec<Record> {
    let gone_zones = before.zones.iter().filter(|zone| after.zones.iter().all(|z| z.id != zone.id));
    let new_zones = after.zones.iter().filter(|zone| !before.zones.contains(zone));
    // Of one kind and place there is one rule as a rule; of more, each stands for itself.
    let key = |rule: &Rule| (event_of(rule), place(rule).map(|(id, _)| id));
    let replaced = |rule: &Rule| after.rules.iter().any(|r| key(r) == key(rule));
    let gone_rules = before.rules.iter().filter(|rule| !replaced(rule));
    let new_rules = after.rules.iter().filter(|rule| !before.rules.contains(rule));
    gone_zones
        .map(|zone| Record::ZoneRemoved { zone: zone.id, camera: camera.clone() })
        .chain(gone_rules.map(|rule| rule_removed(camera, rule)))
        .chain(new_zones.map(|zone| zone_saved(camera, zone)))
        .chain(new_rules.map(|rule| rule_saved(camera, rule)))
        .collect()
}

fn zone_saved(camera: &CameraId, zone: &Zone) -> Record {
    Record::ZoneSaved {
        zone: zone.id,
        camera: camera.clone(),
        name: zone.name.clone(),
        polygon: zone.polygon.corners().iter().map(|corner| [corner.x, corner.y]).collect(),
        dwell_secs: zone.dwell_secs,
    }
}

fn rule_saved(camera: &CameraId, rule: &Rule) -> Record {
    let (zone, name) = named(rule);
    // Plain data: this cannot fail.
    let settings = serde_json::to_string(rule).unwrap_or_default();
    Record::RuleSaved { camera: camera.clone(), event: event_of(rule), zone, name, settings }
}

fn rule_removed(camera: &CameraId, rule: &Rule) -> Record {
    let (zone, name) = named(rule);
    Record::RuleRemoved { camera: camera.clone(), event: event_of(rule), zone, name }
}

fn named(rule: &Rule) -> (Option<vigie_protocol::ZoneId>, String) {
    place(rule).map_or((None, String::new()), |(id, name)| (Some(id), name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::changes;
    use crate::state::{
        situations::switch,
        zones::{Crossing, Limit, Shape, ZoneView, put, take_out},
    };
    use vigie_engine::{CameraSettings, Point};
    use vigie_protocol::{CameraId, ChainHead, EventKind, PostId, Record, ZoneId};

    fn view(n: u128, shape: Shape) -> ZoneView {
        ZoneView { id: ZoneId(uuid::Uuid::from_u128(n)), name: format!("Nr {n}"), shape }
    }

    fn corners() -> Vec<Point> {
        let corner = |n: usize| {
            let angle = n as f32 / 64.0 * std::f32::consts::TAU;
            Point { x: 0.5 + 0.4 * angle.cos(), y: 0.5 + 0.4 * angle.sin() }
        };
        (0..64).map(corner).collect()
    }

    #[test]
    fn every_change_is_told_once() {
        let plaza = CameraId::new("plaza").unwrap();
        let (mut now, mut off) = (CameraSettings::default(), Vec::new());
        let zone = view(1, Shape::Forbidden { polygon: corners(), dwell_secs: 2.0 });
        let mut line = view(
            2,
            Shape::Line {
                from: Point { x: 0.0, y: 0.0 },
                to: Point { x: 1.0, y: 1.0 },
                crossing: Crossing::Both,
            },
        );
        let mut told = |change: &mut dyn FnMut(&mut CameraSettings)| {
            let before = now.clone();
            change(&mut now);
            changes(&plaza, &before, &now)
        };
        assert_eq!(told(&mut |_| {}), []);
        let saved = told(&mut |s| put(s, &zone).unwrap());
        assert!(matches!(&saved[..], [Record::ZoneSaved { polygon, .. }] if polygon.len() == 64));
        let saved = told(&mut |s| put(s, &line).unwrap());
        let [Record::RuleSaved { event: EventKind::ZoneIntrusion, zone: Some(id), settings, .. }] =
            &saved[..]
        else {
            panic!("{saved:?}")
        };
        assert!(*id == line.id && settings.contains(r#""rule":"line""#));
        line.name = "Quai".into();
        let renamed = told(&mut |s| put(s, &line).unwrap());
        assert!(matches!(&renamed[..], [Record::RuleSaved { name, .. }] if name == "Quai"));
        let gone = told(&mut |s| switch(s, &mut off, EventKind::Fire, false));
        assert!(matches!(&gone[..], [Record::RuleRemoved { event: EventKind::Fire, zone: None, .. }]));
        let gone = told(&mut |s| {
            take_out(s, zone.id);
            take_out(s, line.id);
        });
        assert!(matches!(&gone[..], [Record::ZoneRemoved { .. }, Record::RuleRemoved { zone: Some(_), .. }]));
    }

    #[test]
    fn the_largest_rule_fits_into_an_entry() {
        let mut settings = CameraSettings { rules: Vec::new(), ..CameraSettings::default() };
        let before = settings.clone();
        let mut large = view(1, Shape::Density { polygon: corners(), limit: Limit::PerM2(3.0) });
        large.name = "\"".repeat(64);
        put(&mut settings, &large).unwrap();
        let plaza = CameraId::new("plaza").unwrap();
        for record in changes(&plaza, &before, &settings) {
            let entry = ChainHead::EMPTY.link(PostId(uuid::Uuid::nil()), 0, &record);
            assert!(entry.is_ok(), "{:?}", entry.err());
        }
    }
}
