//! Why a signal was raised, from its figures.

use crate::i18n::I18n;
use vigie_protocol::Signal;

/// The figures in the order in which they are said: name, message, decimals. One whose name ends in `_error` goes with the
/// figure before its ending.
const PARTS: &[(&str, &str, usize)] = &[
    ("group.person", "why-person", 0),
    ("group.vehicle", "why-vehicle", 0),
    ("group.bag", "why-bag", 0),
    ("group.moving_object", "why-moving-object", 0),
    ("kind.run", "why-run", 0),
    ("kind.dispersal", "why-dispersal", 0),
    ("kind.convergence", "why-convergence", 0),
    ("kind.counter_flow", "why-counter-flow", 0),
    ("kind.bottleneck", "why-bottleneck", 0),
    ("kind.handgun", "why-handgun", 0),
    ("kind.long_gun", "why-long-gun", 0),
    ("kind.knife", "why-knife", 0),
    ("matter.flame", "why-flame", 0),
    ("matter.smoke", "why-smoke", 0),
    ("flame_secs", "why-flame-secs", 1),
    ("smoke_secs", "why-smoke-secs", 1),
    ("growth", "why-growth", 1),
    ("direction.left_to_right", "why-left-to-right", 0),
    ("direction.right_to_left", "why-right-to-left", 0),
    ("metres_per_sec", "why-speed", 1),
    ("dwell_secs", "why-dwell", 1),
    ("seen_entering", "why-seen-entering", 0),
    ("lengths", "why-lengths", 1),
    ("metres", "why-metres", 1),
    ("learnt", "why-learnt", 0),
    ("unattended_secs", "why-unattended", 0),
    ("seen_leaving", "why-seen-leaving", 0),
    ("left_metres", "why-left-metres", 1),
    ("width_metres", "why-width", 1),
    ("lain_secs", "why-lain", 1),
    ("still_secs", "why-still", 1),
    ("people", "why-people", 0),
    ("people_in_area", "why-people-in-area", 0),
    ("speed", "why-speed", 1),
    ("held_secs", "why-held", 1),
    ("persons", "why-persons", 0),
    ("per_m2", "why-per-m2", 1),
    ("limit_per_m2", "why-limit-per-m2", 1),
    ("limit_persons", "why-limit-persons", 0),
    ("above_secs", "why-above", 1),
    ("area_m2", "why-area", 0),
    ("saturation.boxes_exhausted", "why-at-least", 0),
    ("saturation.packed", "why-at-least", 0),
    ("saturation.too_small", "why-too-small", 2),
    ("saturation.unseen_motion", "why-unseen-motion", 2),
    ("needed_secs", "why-needed", 1),
];

/// Shares under this are nothing to speak of.
const LEAST_SHARE: f32 = 0.05;

/// Why a signal was raised, in one line; `None` when it does not say.
pub(crate) fn why(i18n: &I18n, signal: &Signal) -> Option<String> {
    let find = |name: &str| signal.why.iter().find(|m| m.name == name).map(|m| m.value);
    let said = PARTS.iter().filter_map(|(name, message, decimals)| {
        let value = find(name)?;
        let number = |value: f32| i18n.number(f64::from(value), *decimals);
        if name.starts_with("saturation.") && *decimals > 0 {
            let share = i18n.number(f64::from(value) * 100.0, 0);
            return (value >= LEAST_SHARE).then(|| i18n.ta(message, &[("value", share.into())]));
        }
        let said = i18n.ta(message, &[("value", number(value).into())]);
        Some(match find(&format!("{name}_error")) {
            Some(error) => said + &i18n.ta("why-error", &[("value", number(error).into())]),
            None => said,
        })
    });
    let said = said.collect::<Vec<_>>().join(&i18n.t("why-and"));
    (!said.is_empty()).then_some(said)
}

#[cfg(test)]
mod tests {
    use super::{PARTS, why};
    use crate::{
        i18n::{I18n, Lang},
        post::policy::TOLD,
    };
    use vigie_protocol::{CameraId, EventKind, Measure, Region, Signal, SignalId};

    fn signal(why: &[(&str, f32)]) -> Signal {
        Signal {
            id: SignalId(uuid::Uuid::nil()),
            event: EventKind::CrowdDensity,
            camera: CameraId::new("plaza").unwrap(),
            zone: None,
            zone_name: None,
            since_ms: 0,
            raised_ms: 0,
            score: 0.5,
            region: Region { x0: 0.0, y0: 0.0, x1: 1.0, y1: 1.0 },
            dwell_secs: 1.0,
            why: why.iter().map(|(name, value)| Measure { name: (*name).into(), value: *value }).collect(),
            model: String::new(),
            engine: String::new(),
            software: String::new(),
        }
    }

    #[test]
    fn whatever_is_told_can_be_said() {
        for told in TOLD {
            let said = PARTS.iter().any(|(name, ..)| *name == told || told == format!("{name}_error"));
            assert!(said, "{told}");
        }
        for (name, ..) in PARTS {
            assert!(TOLD.contains(name), "{name}");
        }
    }

    #[test]
    fn a_reason_is_one_line_in_plain_words() {
        let counted = signal(&[
            ("above_secs", 3.3),
            ("limit_per_m2", 4.0),
            ("per_m2", 4.62),
            ("per_m2_error", 0.5),
            ("persons", 37.0),
            ("saturation.too_small", 0.01),
            ("of_a_later_version", 1.0),
        ]);
        let said = |lang| why(&I18n::new(lang), &counted).unwrap();
        assert_eq!(
            said(Lang::En),
            "37 persons counted, 4.6 per m² (± 0.5), limit 4.0 per m², exceeded for 3.3 s"
        );
        assert_eq!(
            said(Lang::Fr),
            "37 personnes comptées, 4,6 par m² (± 0,5), limite 4,0 par m², dépassée depuis 3,3 s"
        );
        assert_eq!(why(&I18n::new(Lang::Fr), &signal(&[])), None);
    }
}
