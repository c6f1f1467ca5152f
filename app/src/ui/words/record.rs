//! The record in words.

use super::{
    answered, event, failed, health, loss, named_engine, place, place_of, reason,
    situations::{rule_named, rule_settings, veto_name},
    source, why,
};
use crate::i18n::{Arg, I18n};
use vigie_protocol::{CameraId, Record, Signal};

/// Every type of record: its wire name and the message that names the type.
pub(crate) const RECORD_TYPES: &[(&str, &str)] = &[
    ("signal_raised", "record-type-signal-raised"),
    ("signal_shown", "record-type-signal-shown"),
    ("signal_decided", "record-type-signal-decided"),
    ("signal_reopened", "record-type-signal-reopened"),
    ("camera_opened", "record-type-camera-opened"),
    ("camera_closed", "record-type-camera-closed"),
    ("camera_lost", "record-type-camera-lost"),
    ("camera_restored", "record-type-camera-restored"),
    ("zone_saved", "record-type-zone-saved"),
    ("zone_removed", "record-type-zone-removed"),
    ("rule_saved", "record-type-rule-saved"),
    ("rule_removed", "record-type-rule-removed"),
    ("settings_loaded", "record-type-settings-loaded"),
    ("signal_vetoed", "record-type-signal-vetoed"),
    ("health_began", "record-type-health-began"),
    ("health_ended", "record-type-health-ended"),
    ("engine_ready", "record-type-engine-ready"),
    ("engine_fault", "record-type-engine-fault"),
    ("post_started", "record-type-post-started"),
    ("unknown", "record-type-unknown"),
];

/// A record's type on the wire.
pub(crate) fn record_name(record: &Record) -> &'static str {
    match record {
        Record::PostStarted { .. } => "post_started",
        Record::SignalRaised(_) => "signal_raised",
        Record::SignalShown { .. } => "signal_shown",
        Record::SignalDecided(_) => "signal_decided",
        Record::SignalReopened { .. } => "signal_reopened",
        Record::CameraOpened { .. } => "camera_opened",
        Record::CameraClosed { .. } => "camera_closed",
        Record::CameraLost { .. } => "camera_lost",
        Record::CameraRestored { .. } => "camera_restored",
        Record::ZoneSaved { .. } => "zone_saved",
        Record::ZoneRemoved { .. } => "zone_removed",
        Record::RuleSaved { .. } => "rule_saved",
        Record::RuleRemoved { .. } => "rule_removed",
        Record::SettingsLoaded { .. } => "settings_loaded",
        Record::SignalVetoed { .. } => "signal_vetoed",
        Record::HealthBegan { .. } => "health_began",
        Record::HealthEnded { .. } => "health_ended",
        Record::EngineReady { .. } => "engine_ready",
        Record::EngineFault { .. } => "engine_fault",
        Record::Unknown => "unknown",
    }
}

/// One sentence for a record. `camera_name` gives a camera's display name, `number` writes a number in the language.
pub(crate) fn sentence(
    i18n: &I18n,
    record: &Record,
    camera_name: &dyn Fn(&CameraId) -> String,
    number: &dyn Fn(f64, usize) -> String,
) -> String {
    let camera = |id: &CameraId| ("camera", Arg::from(camera_name(id)));
    match record {
        Record::PostStarted { software, name } => i18n.ta(
            "record-post-started",
            &[("name", name.as_str().into()), ("software", software.as_str().into())],
        ),
        Record::SignalRaised(signal) => raised(i18n, signal, &camera_name(&signal.camera), number),
        Record::SignalShown { .. } => i18n.t("record-signal-shown"),
        Record::SignalDecided(decision) => {
            i18n.ta(
                "record-signal-decided",
                &[
                    ("answer", i18n.t(answered(decision.verb)).into()),
                    ("reason", i18n.t(reason(decision.reason)).into()),
                    ("took", number(decision.took_ms as f64 / 1000.0, 1).into()),
                ],
            ) + &note(i18n, &decision.note)
        }
        Record::SignalReopened { .. } => i18n.t("record-signal-reopened"),
        Record::CameraOpened { camera: id, source: kind } => {
            i18n.ta("record-camera-opened", &[camera(id), ("source", source(i18n, kind).into())])
        }
        Record::CameraClosed { camera: id } => i18n.ta("record-camera-closed", &[camera(id)]),
        Record::CameraLost { camera: id, cause } => {
            i18n.ta("record-camera-lost", &[camera(id), ("cause", loss(i18n, cause).into())])
        }
        Record::CameraRestored { camera: id, blind_secs } => i18n
            .ta("record-camera-restored", &[camera(id), ("secs", number(f64::from(*blind_secs), 1).into())]),
        Record::ZoneSaved { camera: id, name, dwell_secs, .. } => i18n.ta(
            "record-zone-saved",
            &[camera(id), ("name", name.as_str().into()), ("dwell", i18n.exact(*dwell_secs).into())],
        ),
        Record::ZoneRemoved { camera: id, .. } => i18n.ta("record-zone-removed", &[camera(id)]),
        Record::RuleSaved { camera: id, event: kind, zone, name, settings } => {
            let rule = rule_named(i18n, *kind, zone.is_some(), name);
            let told = rule_settings(i18n, settings);
            i18n.ta("record-rule-saved", &[camera(id), ("rule", rule.into()), ("settings", told.into())])
        }
        Record::RuleRemoved { camera: id, event: kind, zone, name } => {
            let rule = rule_named(i18n, *kind, zone.is_some(), name);
            i18n.ta("record-rule-removed", &[camera(id), ("rule", rule.into())])
        }
        Record::SettingsLoaded { camera: id, zones, rules, .. } => i18n.ta(
            "record-settings-loaded",
            &[camera(id), ("zones", u64::from(*zones).into()), ("rules", u64::from(*rules).into())],
        ),
        Record::SignalVetoed { camera: id, event: kind, zone_name, veto, unwritten, .. } => {
            let place = place_of(i18n, zone_name.as_deref(), &camera_name(id));
            vetoed(i18n, &i18n.t(event(*kind)), &place, veto, *unwritten)
        }
        Record::HealthBegan { camera: id, state } => {
            i18n.ta("record-health-began", &[camera(id), ("state", i18n.t(health(*state)).into())])
        }
        Record::HealthEnded { camera: id, state, secs } => i18n.ta(
            "record-health-ended",
            &[
                camera(id),
                ("state", i18n.t(health(*state)).into()),
                ("secs", number(f64::from(*secs), 0).into()),
            ],
        ),
        Record::EngineReady { engine, adapter, model, flow, fallback_reason, .. } => {
            let mut said = i18n.ta(
                "record-engine-ready",
                &[
                    ("engine", named_engine(i18n, engine).into()),
                    ("adapter", adapter.as_str().into()),
                    ("model", model.as_str().into()),
                ],
            );
            if !flow.is_empty() {
                said += &i18n.t("record-engine-flow");
            }
            if fallback_reason.is_empty() {
                said
            } else {
                said + &i18n.ta(
                    "record-engine-fallback",
                    &[("why", failed(i18n, fallback_reason).trim_end_matches('.').into())],
                )
            }
        }
        Record::EngineFault { message } => {
            i18n.ta("record-engine-fault", &[("message", failed(i18n, message).into())])
        }
        Record::Unknown => i18n.t("record-unknown"),
    }
}

fn note(i18n: &I18n, note: &str) -> String {
    if note.is_empty() { String::new() } else { i18n.ta("record-note", &[("note", note.into())]) }
}

fn raised(i18n: &I18n, signal: &Signal, camera: &str, number: &dyn Fn(f64, usize) -> String) -> String {
    let what = ("event", i18n.t(event(signal.event)).into());
    let place = ("place", place(i18n, signal, camera).into());
    if let Some(why) = why(i18n, signal) {
        i18n.ta("record-signal-why", &[what, place, ("why", why.into())])
    } else {
        let dwell = ("dwell", number(f64::from(signal.dwell_secs), 1).into());
        i18n.ta("record-signal-raised", &[what, place, dwell])
    }
}

fn vetoed(i18n: &I18n, event: &str, place: &str, veto: &str, unwritten: u32) -> String {
    let veto = ("veto", veto_name(i18n, veto).into());
    let said = i18n.ta("record-signal-vetoed", &[("event", event.into()), ("place", place.into()), veto]);
    match unwritten {
        0 => said,
        count => said + &i18n.ta("record-unwritten", &[("count", u64::from(count).into())]),
    }
}
