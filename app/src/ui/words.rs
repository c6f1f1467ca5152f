//! From values to words: which message stands for an event, a reason, a failure, a record. Every literal with a dash in
//! this file and in the folder of its name is the id of a message.

mod drawing;
mod record;
mod situations;
mod why;

pub(crate) use drawing::{
    crossing, figure, hint_ready, hint_start, kind, kind_default_name, kind_draw, kind_icon, kind_name,
    problem,
};
pub(crate) use record::{RECORD_TYPES, record_name, sentence};
pub(crate) use situations::{
    event_about, event_icon, file_problem, health, health_about, scene_problem, threshold, threshold_unit,
};
pub(crate) use why::why;

use crate::{
    i18n::{Arg, I18n},
    state::{CameraStatus, NoticeArg, Problem, Standby},
};
use vigie_protocol::{ChainError, EventKind, Reason, Signal, Verb};
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

/// The messages that say why this tab is no post yet: in short, and what that means.
pub(crate) fn standby(standby: Standby) -> (&'static str, &'static str) {
    match standby {
        Standby::OtherTab => ("standby-other-tab", "standby-other-tab-text"),
        Standby::JournalClosed => ("standby-journal", "standby-journal-text"),
        Standby::Opening => ("standby-opening", "standby-opening-text"),
    }
}

/// Why a camera's picture was lost, from the name in the record.
pub(super) fn loss(i18n: &I18n, cause: &str) -> String {
    match cause {
        "stalled" => i18n.t("loss-stalled"),
        "disconnected" => i18n.t("loss-disconnected"),
        "refused" => i18n.t("loss-refused"),
        other => other.to_owned(),
    }
}

/// What went wrong with an engine, from the line in the record, which keeps the details.
pub(super) fn failed(i18n: &I18n, line: &str) -> String {
    FailureCode::of_line(line).map_or_else(|| line.to_owned(), |code| i18n.t(failure(code)))
}

/// An engine, from the name in the record.
pub(super) fn named_engine(i18n: &I18n, name: &str) -> String {
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

/// Where a signal happened: in which zone of which camera, or on its whole picture.
pub(crate) fn place(i18n: &I18n, signal: &Signal, camera: &str) -> String {
    place_of(i18n, signal.zone_name.as_deref(), camera)
}

fn place_of(i18n: &I18n, zone: Option<&str>, camera: &str) -> String {
    match zone {
        Some(zone) => i18n.ta("place-zone", &[("zone", zone.into()), ("camera", camera.into())]),
        None => i18n.ta("place-whole", &[("camera", camera.into())]),
    }
}
