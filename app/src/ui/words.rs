//! From values to words: which message stands for an event, a reason, a failure, a record. Every literal with a dash in
//! this file is the id of a message.

use crate::{
    i18n::{Arg, I18n},
    state::{CameraStatus, NoticeArg, Problem, Standby},
};
use vigie_engine::PolygonError;
use vigie_protocol::{CameraId, ChainError, EventKind, Reason, Record, Signal, Verb};
use vigie_worker::messages::{EngineKind, FailureCode, ModelName, Stage};

/// The message that names a kind of event.
pub(crate) fn event(kind: EventKind) -> &'static str {
    match kind {
        EventKind::AbandonedObject => "event-abandoned-object",
        EventKind::Weapon => "event-weapon",
        EventKind::WrongWay => "event-wrong-way",
        EventKind::ZoneIntrusion => "event-zone-intrusion",
        EventKind::PersonDown => "event-person-down",
        EventKind::CrowdMovement => "event-crowd-movement",
        EventKind::CrowdDensity => "event-crowd-density",
        EventKind::Fire => "event-fire",
    }
}

/// The message that asks for a verb.
pub(crate) fn verb(verb: Verb) -> &'static str {
    match verb {
        Verb::Confirm => "verb-confirm",
        Verb::LiftDoubt => "verb-lift-doubt",
    }
}

/// The message that tells that a verb was chosen.
pub(crate) fn answered(verb: Verb) -> &'static str {
    match verb {
        Verb::Confirm => "answered-confirm",
        Verb::LiftDoubt => "answered-lift-doubt",
    }
}

/// A verb's name on the wire.
pub(crate) fn verb_name(verb: Verb) -> &'static str {
    match verb {
        Verb::Confirm => "confirm",
        Verb::LiftDoubt => "lift_doubt",
    }
}

/// The message that names a reason.
pub(crate) fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::TeamSent => "reason-team-sent",
        Reason::UnderWatch => "reason-under-watch",
        Reason::AlreadyHandled => "reason-already-handled",
        Reason::Authorised => "reason-authorised",
        Reason::Ended => "reason-ended",
        Reason::FalseDetection => "reason-false-detection",
        Reason::NotRelevant => "reason-not-relevant",
        Reason::Other => "reason-other",
    }
}

/// A reason's name on the wire.
pub(crate) fn reason_name(reason: Reason) -> &'static str {
    match reason {
        Reason::TeamSent => "team_sent",
        Reason::UnderWatch => "under_watch",
        Reason::AlreadyHandled => "already_handled",
        Reason::Authorised => "authorised",
        Reason::Ended => "ended",
        Reason::FalseDetection => "false_detection",
        Reason::NotRelevant => "not_relevant",
        Reason::Other => "other",
    }
}

/// The message that explains why an engine is not in use.
pub(crate) fn failure(code: FailureCode) -> &'static str {
    match code {
        FailureCode::NoDevice => "failure-no-device",
        FailureCode::DeviceLost => "failure-device-lost",
        FailureCode::ModelMissing => "failure-model-missing",
        FailureCode::ModelCorrupt => "failure-model-corrupt",
        FailureCode::SelfTest => "failure-self-test",
        FailureCode::BadFrame => "failure-bad-frame",
        FailureCode::Internal => "failure-internal",
    }
}

/// The message that names a step of the engine's start.
pub(crate) fn stage(stage: Option<Stage>) -> &'static str {
    match stage {
        None => "stage-starting",
        Some(Stage::Device) => "stage-device",
        Some(Stage::Download) => "stage-download",
        Some(Stage::Load) => "stage-load",
        Some(Stage::SelfTest) => "stage-self-test",
    }
}

/// The message that names an engine.
pub(crate) fn engine(kind: EngineKind) -> &'static str {
    match kind {
        EngineKind::Cpu => "engine-cpu",
        EngineKind::WebGpu => "engine-webgpu",
    }
}

/// A network's proper name.
pub(crate) fn model(name: ModelName) -> &'static str {
    match name {
        ModelName::Lite0 => "EfficientDet Lite0",
        ModelName::Lite1 => "EfficientDet Lite1",
        ModelName::Lite2 => "EfficientDet Lite2",
    }
}

/// The message for a camera's state.
pub(crate) fn status(status: &CameraStatus) -> &'static str {
    match status {
        CameraStatus::Connecting => "camera-connecting",
        CameraStatus::Live => "camera-live",
        CameraStatus::Stalled { .. } => "camera-stalled",
        CameraStatus::Reconnecting { .. } => "camera-reconnecting",
        CameraStatus::Ended { .. } => "camera-ended",
    }
}

/// A camera state's name for style and tests.
pub(crate) fn status_name(status: &CameraStatus) -> &'static str {
    match status {
        CameraStatus::Connecting => "connecting",
        CameraStatus::Live => "live",
        CameraStatus::Stalled { .. } => "stalled",
        CameraStatus::Reconnecting { .. } => "lost",
        CameraStatus::Ended { .. } => "closed",
    }
}

/// What keeps a zone from being saved, in plain language.
pub(crate) fn problem(i18n: &I18n, problem: Problem) -> String {
    match problem {
        Problem::NoName => i18n.t("zone-problem-name"),
        Problem::BadDwell => i18n.t("zone-problem-dwell"),
        Problem::Shape(PolygonError::TooFewCorners { found }) => {
            i18n.ta("zone-problem-few", &[("left", (3 - found.min(3)).into())])
        }
        Problem::Shape(PolygonError::TooManyCorners) => i18n.t("zone-problem-many"),
        Problem::Shape(PolygonError::CrossingEdges { .. }) => i18n.t("zone-problem-crossing"),
        Problem::Shape(PolygonError::TooSmall { .. }) => i18n.t("zone-problem-small"),
        Problem::Shape(PolygonError::NotFinite { .. } | PolygonError::OutsidePicture { .. }) => {
            i18n.t("zone-problem-outside")
        }
    }
}

/// The messages that say why this tab is no post yet: in short, and what that means.
pub(crate) fn standby(standby: Standby) -> (&'static str, &'static str) {
    match standby {
        Standby::OtherTab => ("standby-other-tab", "standby-other-tab-text"),
        Standby::JournalClosed => ("standby-journal", "standby-journal-text"),
        Standby::Opening => ("standby-opening", "standby-opening-text"),
    }
}

/// Why a camera's picture was lost, from the name in the record.
fn loss(i18n: &I18n, cause: &str) -> String {
    match cause {
        "stalled" => i18n.t("loss-stalled"),
        "disconnected" => i18n.t("loss-disconnected"),
        "refused" => i18n.t("loss-refused"),
        other => other.to_owned(),
    }
}

/// What went wrong with an engine, from the line in the record, which keeps the details.
fn failed(i18n: &I18n, line: &str) -> String {
    FailureCode::of_line(line).map_or_else(|| line.to_owned(), |code| i18n.t(failure(code)))
}

/// An engine, from the name in the record.
fn named_engine(i18n: &I18n, name: &str) -> String {
    EngineKind::of_name(name).map_or_else(|| name.to_owned(), |kind| i18n.t(engine(kind)))
}

/// The message that says why an entry does not continue the chain.
fn chain(error: &ChainError) -> &'static str {
    match error {
        ChainError::Sequence { .. } => "chain-sequence",
        ChainError::Predecessor { .. } | ChainError::OtherPost { .. } => "chain-predecessor",
        ChainError::Altered { .. } => "chain-altered",
        ChainError::RecordTooLarge { .. } | ChainError::Unwritable(_) | ChainError::MalformedHash(_) => {
            "chain-unreadable"
        }
    }
}

/// What a notice tells, in words.
pub(crate) fn notice_arg(i18n: &I18n, arg: &NoticeArg) -> Arg {
    match arg {
        NoticeArg::Text(text) => Arg::guess(text),
        NoticeArg::Failure(code) => i18n.t(failure(*code)).into(),
        NoticeArg::Engine(kind) => i18n.t(engine(*kind)).into(),
        NoticeArg::Shape(error) => problem(i18n, Problem::Shape(*error)).into(),
        NoticeArg::Chain(error) => i18n.t(chain(error)).into(),
        NoticeArg::Unreadable => i18n.t("chain-unreadable").into(),
    }
}

/// A kind of source, from the name in the record.
pub(crate) fn source(i18n: &I18n, name: &str) -> String {
    match name {
        "whep" => i18n.t("source-whep"),
        "file" => i18n.t("source-file"),
        "webcam" => i18n.t("source-webcam"),
        other => other.to_owned(),
    }
}

/// Where a signal happened: zone and camera, or the camera alone.
pub(crate) fn place(i18n: &I18n, signal: &Signal, camera: &str) -> String {
    match &signal.zone_name {
        Some(zone) => i18n.ta("place-zone", &[("zone", zone.as_str().into()), ("camera", camera.into())]),
        None => camera.to_owned(),
    }
}

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
        Record::SignalRaised(signal) => i18n.ta(
            "record-signal-raised",
            &[
                ("event", i18n.t(event(signal.event)).into()),
                ("place", place(i18n, signal, &camera_name(&signal.camera)).into()),
                ("dwell", number(f64::from(signal.dwell_secs), 1).into()),
            ],
        ),
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
        Record::EngineReady { engine, adapter, model, fallback_reason, .. } => {
            let said = i18n.ta(
                "record-engine-ready",
                &[
                    ("engine", named_engine(i18n, engine).into()),
                    ("adapter", adapter.as_str().into()),
                    ("model", model.as_str().into()),
                ],
            );
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
