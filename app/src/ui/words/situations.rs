//! Situations, their settings and the health of a picture, in words.

use super::event;
use crate::{
    i18n::I18n,
    state::{
        Crossing, Problem, Shape,
        settings_file::FileProblem,
        situations::{Unit, threshold_of},
        zones::{event_of, of_rule},
    },
    ui::icons::Icon,
};
use vigie_engine::{
    CameraSettings,
    scene::{Rule, SceneFault, SceneProblem},
};
use vigie_protocol::{EventKind, HealthState};

/// The message that says what a kind of situation is.
pub(crate) fn event_about(kind: EventKind) -> &'static str {
    match kind {
        EventKind::AbandonedObject => "about-abandoned-object",
        EventKind::Weapon => "about-weapon",
        EventKind::WrongWay => "about-wrong-way",
        EventKind::ZoneIntrusion => "about-zone-intrusion",
        EventKind::PersonDown => "about-person-down",
        EventKind::CrowdMovement => "about-crowd-movement",
        EventKind::CrowdDensity => "about-crowd-density",
        EventKind::Fire => "about-fire",
    }
}

/// The icon of a kind of situation.
pub(crate) fn event_icon(kind: EventKind) -> Icon {
    match kind {
        EventKind::AbandonedObject => Icon::Bag,
        EventKind::Weapon => Icon::Weapon,
        EventKind::WrongWay => Icon::Direction,
        EventKind::ZoneIntrusion => Icon::Zone,
        EventKind::PersonDown => Icon::Down,
        EventKind::CrowdMovement => Icon::Spread,
        EventKind::CrowdDensity => Icon::Crowd,
        EventKind::Fire => Icon::Fire,
    }
}

/// The message that names the main threshold of a kind.
pub(crate) fn threshold(kind: EventKind) -> &'static str {
    match kind {
        EventKind::AbandonedObject => "threshold-abandoned-object",
        EventKind::PersonDown => "threshold-person-down",
        EventKind::CrowdMovement => "threshold-crowd-movement",
        EventKind::Weapon
        | EventKind::Fire
        | EventKind::WrongWay
        | EventKind::ZoneIntrusion
        | EventKind::CrowdDensity => "threshold-score",
    }
}

/// The message that names a threshold's unit.
pub(crate) fn threshold_unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Seconds => "threshold-seconds",
        Unit::Share => "threshold-percent",
    }
}

/// The message that names what is the matter with a picture.
pub(crate) fn health(state: HealthState) -> &'static str {
    match state {
        HealthState::Blind => "health-blind",
        HealthState::Blurred => "health-blurred",
        HealthState::Frozen => "health-frozen",
        HealthState::Moved => "health-moved",
        HealthState::LowLight => "health-low-light",
        HealthState::InMotion => "health-in-motion",
    }
}

/// The message that says what that means for the analysis.
pub(crate) fn health_about(state: HealthState) -> &'static str {
    match state {
        HealthState::Blind => "health-blind-about",
        HealthState::Blurred => "health-blurred-about",
        HealthState::Frozen => "health-frozen-about",
        HealthState::Moved => "health-moved-about",
        HealthState::LowLight => "health-low-light-about",
        HealthState::InMotion => "health-in-motion-about",
    }
}

/// What is wrong with a camera's settings, and where.
pub(crate) fn scene_problem(i18n: &I18n, problem: &SceneProblem) -> String {
    let number = |value: f32| i18n.number(f64::from(value), 0);
    let fault = match &problem.fault {
        SceneFault::Calibration { error } => {
            i18n.ta("fault-calibration", &[("why", error.to_string().into())])
        }
        SceneFault::TooMany { most } => i18n.ta("fault-too-many", &[("most", (*most).into())]),
        SceneFault::HorizonInside => i18n.t("fault-horizon"),
        SceneFault::FewPixels { person_px, needed_px } => i18n.ta(
            "fault-few-pixels",
            &[("found", number(*person_px).into()), ("needed", number(*needed_px).into())],
        ),
        SceneFault::Vague { error } => i18n.ta("fault-vague", &[("error", number(error * 100.0).into())]),
        SceneFault::LineTooShort => i18n.t("fault-line-short"),
        SceneFault::LineOutside => i18n.t("fault-line-outside"),
        SceneFault::NoDirection => i18n.t("fault-no-direction"),
        SceneFault::ArrowWithoutLength => i18n.t("fault-arrow"),
        SceneFault::EveryWayAllowed => i18n.t("fault-every-way"),
        SceneFault::NobodyMeant => i18n.t("fault-nobody"),
    };
    match &problem.name {
        Some(name) => i18n.ta("fault-in", &[("name", name.as_str().into()), ("fault", fault.into())]),
        None => fault,
    }
}

/// Why a settings file is not taken.
pub(crate) fn file_problem(i18n: &I18n, problem: &FileProblem) -> String {
    match problem {
        FileProblem::TooLarge => i18n.t("file-too-large"),
        FileProblem::NotJson { line, column } => {
            i18n.ta("file-not-json", &[("line", (*line).into()), ("column", (*column).into())])
        }
        FileProblem::NotSettings(why) => i18n.ta("file-not-settings", &[("why", why.as_str().into())]),
        FileProblem::Shape { name, error } => i18n.ta(
            "file-shape",
            &[
                ("name", name.as_str().into()),
                ("reason", super::problem(i18n, Problem::Shape(*error)).into()),
            ],
        ),
        FileProblem::ZonesFull => i18n.ta("file-zones-full", &[("most", CameraSettings::MAX_ZONES.into())]),
        FileProblem::RulesFull => i18n.ta("file-rules-full", &[("most", CameraSettings::MAX_RULES.into())]),
    }
}

/// A rule by its situation and, where it has one, its zone.
pub(super) fn rule_named(i18n: &I18n, kind: EventKind, has_zone: bool, name: &str) -> String {
    let kind = i18n.t(event(kind));
    if has_zone {
        i18n.ta("rule-in-zone", &[("event", kind.into()), ("name", name.into())])
    } else {
        i18n.ta("rule-whole", &[("event", kind.into())])
    }
}

/// The main figure of a rule's settings, in words; empty where there is none.
pub(super) fn rule_settings(i18n: &I18n, settings: &str) -> String {
    let Ok(rule) = serde_json::from_str::<Rule>(settings) else { return String::new() };
    let said = match of_rule(&rule).map(|view| view.shape) {
        Some(Shape::Line { crossing: way, .. }) => match way {
            Crossing::Both => i18n.t("crossing-both"),
            Crossing::ToRight => i18n.t("crossing-to-right"),
            Crossing::ToLeft => i18n.t("crossing-to-left"),
        },
        Some(shape) => super::figure(i18n, &shape),
        None => match threshold_of(&rule) {
            Some((known, value)) => i18n.ta(
                "rule-threshold",
                &[
                    ("threshold", i18n.t(threshold(event_of(&rule))).into()),
                    ("value", i18n.exact(value).into()),
                    ("unit", i18n.t(threshold_unit(known.unit)).into()),
                ],
            ),
            None => String::new(),
        },
    };
    if said.is_empty() { said } else { i18n.ta("rule-settings", &[("settings", said.into())]) }
}

/// A veto, in words where it is a known one; else by its name in the settings.
pub(super) fn veto_name(i18n: &I18n, veto: &str) -> String {
    let known = match veto {
        "camera" | "camera_motion" | "veto_camera_shift" => "veto-camera-motion",
        "flow_disagrees" => "veto-flow-disagrees",
        "furniture" => "veto-furniture",
        "no_carrier" => "veto-no-carrier",
        "light" => "veto-light",
        "reflection" => "veto-reflection",
        "uncovered" => "veto-uncovered",
        "person" => "veto-person",
        "vehicle" | "veto_riders" => "veto-vehicle",
        "size" | "too_small" => "veto-size",
        "raised" => "veto-raised",
        "leaving_below" => "veto-leaving-below",
        "there_before" => "veto-there-before",
        "steady" => "veto-steady",
        "beacon" => "veto-beacon",
        "moving" => "veto-moving",
        "nobody_near" => "veto-nobody-near",
        "fixed" => "veto-fixed",
        other => return other.to_owned(),
    };
    i18n.t(known)
}
