//! The JSON that travels, word for word. A test that fails here means that posts and relays of different versions may no
//! longer understand each other.

#![expect(clippy::unwrap_used, reason = "a helper of a test may fail like the test itself")]

use serde::{Serialize, de::DeserializeOwned};
use std::fmt::Debug;
use vigie_protocol::sync::{
    CameraInfo, ErrorBody, ErrorCode, FeedMessage, PushReply, PushRequest, RelayInfo,
};
use vigie_protocol::{
    CameraId, ChainHead, Decision, Entry, EventKind, Hash, HealthState, Measure, PostId, Reason, Record,
    Region, Signal, SignalId, Verb, ZoneId,
};

/// Writes as this JSON, and reads back from it as the same value.
#[track_caller]
fn same<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T, json: &str) {
    assert_eq!(serde_json::to_string(value).unwrap(), json);
    assert_eq!(&serde_json::from_str::<T>(json).unwrap(), value);
}

fn id<T: std::str::FromStr<Err: Debug>>(last_digit: u8) -> T {
    format!("0190163d-8694-739b-aea5-966c26f8ad9{last_digit}").parse().unwrap()
}

fn plaza() -> CameraId {
    CameraId::new("plaza").unwrap()
}

fn entry() -> Entry {
    Entry {
        post: id::<PostId>(1),
        seq: 7,
        prev: Hash([0xab; 32]),
        at_ms: 1_768_478_400_000,
        record: r#"{"type":"camera_closed","camera":"plaza"}"#.into(),
        hash: Hash([0x01; 32]),
    }
}

#[test]
fn records() {
    let signal = id::<SignalId>(2);
    let zone = id::<ZoneId>(3);
    let camera = plaza();
    same(
        &Record::PostStarted { software: "0.1.0".into(), name: "Poste 1".into() },
        r#"{"type":"post_started","software":"0.1.0","name":"Poste 1"}"#,
    );
    same(
        &Record::SignalRaised(Signal {
            id: signal,
            event: EventKind::ZoneIntrusion,
            camera: camera.clone(),
            zone: Some(zone),
            zone_name: Some("Scène".into()),
            since_ms: 1_768_478_398_000,
            raised_ms: 1_768_478_400_000,
            score: 0.75,
            region: Region { x0: 0.125, y0: 0.25, x1: 0.5, y1: 1.0 },
            dwell_secs: 2.0,
            why: Vec::new(),
            model: "efficientdet-lite0".into(),
            engine: "cpu".into(),
            software: "0.1.0".into(),
        }),
        r#"{"type":"signal_raised","id":"0190163d-8694-739b-aea5-966c26f8ad92","event":"zone_intrusion","camera":"plaza","zone":"0190163d-8694-739b-aea5-966c26f8ad93","zone_name":"Scène","since_ms":1768478398000,"raised_ms":1768478400000,"score":0.75,"region":{"x0":0.125,"y0":0.25,"x1":0.5,"y1":1.0},"dwell_secs":2.0,"model":"efficientdet-lite0","engine":"cpu","software":"0.1.0"}"#,
    );
    same(
        &Record::SignalShown { signal },
        r#"{"type":"signal_shown","signal":"0190163d-8694-739b-aea5-966c26f8ad92"}"#,
    );
    same(
        &Record::SignalDecided(Decision {
            signal,
            verb: Verb::LiftDoubt,
            reason: Reason::FalseDetection,
            note: String::new(),
            decided_ms: 1_768_478_405_000,
            took_ms: 4200,
        }),
        r#"{"type":"signal_decided","signal":"0190163d-8694-739b-aea5-966c26f8ad92","verb":"lift_doubt","reason":"false_detection","note":"","decided_ms":1768478405000,"took_ms":4200}"#,
    );
    same(
        &Record::SignalReopened { signal },
        r#"{"type":"signal_reopened","signal":"0190163d-8694-739b-aea5-966c26f8ad92"}"#,
    );
    same(
        &Record::CameraOpened { camera: camera.clone(), source: "whep".into() },
        r#"{"type":"camera_opened","camera":"plaza","source":"whep"}"#,
    );
    same(&Record::CameraClosed { camera: camera.clone() }, r#"{"type":"camera_closed","camera":"plaza"}"#);
    same(
        &Record::CameraLost { camera: camera.clone(), cause: "stalled".into() },
        r#"{"type":"camera_lost","camera":"plaza","cause":"stalled"}"#,
    );
    same(
        &Record::CameraRestored { camera: camera.clone(), blind_secs: 5.5 },
        r#"{"type":"camera_restored","camera":"plaza","blind_secs":5.5}"#,
    );
    same(
        &Record::ZoneSaved {
            zone,
            camera: camera.clone(),
            name: "Scène".into(),
            polygon: vec![[0.0, 0.5], [0.5, 0.5], [0.5, 1.0]],
            dwell_secs: 2.0,
        },
        r#"{"type":"zone_saved","zone":"0190163d-8694-739b-aea5-966c26f8ad93","camera":"plaza","name":"Scène","polygon":[[0.0,0.5],[0.5,0.5],[0.5,1.0]],"dwell_secs":2.0}"#,
    );
    same(
        &Record::ZoneRemoved { zone, camera },
        r#"{"type":"zone_removed","zone":"0190163d-8694-739b-aea5-966c26f8ad93","camera":"plaza"}"#,
    );
    same(
        &Record::EngineReady {
            engine: "cpu".into(),
            adapter: "WebAssembly SIMD".into(),
            model: "efficientdet-lite0".into(),
            selftest_deviation: 0.0,
            flow: String::new(),
            fallback_reason: String::new(),
        },
        r#"{"type":"engine_ready","engine":"cpu","adapter":"WebAssembly SIMD","model":"efficientdet-lite0","selftest_deviation":0.0,"fallback_reason":""}"#,
    );
    same(
        &Record::EngineReady {
            engine: "webgpu".into(),
            adapter: "intel gen-12lp".into(),
            model: "efficientdet-lite0".into(),
            selftest_deviation: 0.5,
            flow: "webgpu".into(),
            fallback_reason: String::new(),
        },
        r#"{"type":"engine_ready","engine":"webgpu","adapter":"intel gen-12lp","model":"efficientdet-lite0","selftest_deviation":0.5,"flow":"webgpu","fallback_reason":""}"#,
    );
    same(
        &Record::EngineFault { message: "out of memory".into() },
        r#"{"type":"engine_fault","message":"out of memory"}"#,
    );
}

#[test]
fn records_of_rules() {
    let (camera, zone) = (plaza(), id::<ZoneId>(3));
    same(
        &Record::RuleSaved {
            camera: camera.clone(),
            event: EventKind::ZoneIntrusion,
            zone: Some(zone),
            name: "Ligne 1".into(),
            settings: r#"{"rule":"line"}"#.into(),
        },
        r#"{"type":"rule_saved","camera":"plaza","event":"zone_intrusion","zone":"0190163d-8694-739b-aea5-966c26f8ad93","name":"Ligne 1","settings":"{\"rule\":\"line\"}"}"#,
    );
    same(
        &Record::RuleRemoved {
            camera: camera.clone(),
            event: EventKind::AbandonedObject,
            zone: None,
            name: String::new(),
        },
        r#"{"type":"rule_removed","camera":"plaza","event":"abandoned_object","zone":null,"name":""}"#,
    );
    same(
        &Record::SettingsLoaded { camera: camera.clone(), zones: 2, rules: 6, calibrated: false },
        r#"{"type":"settings_loaded","camera":"plaza","zones":2,"rules":6,"calibrated":false}"#,
    );
    same(
        &Record::SignalVetoed {
            camera,
            event: EventKind::AbandonedObject,
            zone: None,
            zone_name: None,
            veto: "shadow".into(),
            score: 0.5,
            region: Region { x0: 0.125, y0: 0.25, x1: 0.5, y1: 1.0 },
            unwritten: 4,
        },
        r#"{"type":"signal_vetoed","camera":"plaza","event":"abandoned_object","zone":null,"zone_name":null,"veto":"shadow","score":0.5,"region":{"x0":0.125,"y0":0.25,"x1":0.5,"y1":1.0},"unwritten":4}"#,
    );
}

#[test]
fn records_of_camera_health() {
    for state in HealthState::ALL {
        same(&state, &format!("\"{}\"", state.as_str()));
    }
    same(
        &Record::HealthBegan { camera: plaza(), state: HealthState::LowLight },
        r#"{"type":"health_began","camera":"plaza","state":"low_light"}"#,
    );
    same(
        &Record::HealthEnded { camera: plaza(), state: HealthState::Frozen, secs: 12.5 },
        r#"{"type":"health_ended","camera":"plaza","state":"frozen","secs":12.5}"#,
    );
}

#[test]
fn a_signal_says_why_and_those_of_earlier_versions_do_not() {
    let why = Measure { name: "still_secs".into(), value: 4.5 };
    same(&why, r#"{"name":"still_secs","value":4.5}"#);
    let earlier = r#"{"id":"0190163d-8694-739b-aea5-966c26f8ad92","event":"person_down","camera":"plaza","zone":null,"zone_name":null,"since_ms":1,"raised_ms":2,"score":0.75,"region":{"x0":0.0,"y0":0.0,"x1":0.5,"y1":1.0},"dwell_secs":2.0,"model":"m","engine":"cpu","software":"0.1.0"}"#;
    let mut signal: Signal = serde_json::from_str(earlier).unwrap();
    assert!(signal.why.is_empty());
    signal.why.push(why);
    let now = earlier.replace(r#""model":"#, r#""why":[{"name":"still_secs","value":4.5}],"model":"#);
    same(&signal, &now);
}

#[test]
fn a_record_of_a_later_version_is_kept_as_unknown() {
    let later = r#"{"type":"drone_sighted","altitude_m":40}"#;
    assert_eq!(serde_json::from_str::<Record>(later).unwrap(), Record::Unknown);
}

#[test]
fn every_event_kind_has_one_name() {
    for kind in EventKind::ALL {
        same(&kind, &format!("\"{}\"", kind.as_str()));
    }
}

#[test]
fn entries_and_batches() {
    let ab = "ab".repeat(32);
    let ones = "01".repeat(32);
    let json = format!(
        r#"{{"post":"0190163d-8694-739b-aea5-966c26f8ad91","seq":7,"prev":"{ab}","at_ms":1768478400000,"record":"{{\"type\":\"camera_closed\",\"camera\":\"plaza\"}}","hash":"{ones}"}}"#
    );
    same(&entry(), &json);
    same(&PushRequest { entries: vec![entry()] }, &format!(r#"{{"entries":[{json}]}}"#));
    let head = ChainHead { seq: 7, hash: Hash([0x01; 32]) };
    same(&PushReply { head }, &format!(r#"{{"head":{{"seq":7,"hash":"{ones}"}}}}"#));
    same(
        &FeedMessage::Entries { last: 42, entries: vec![entry()] },
        &format!(r#"{{"type":"entries","last":42,"entries":[{json}]}}"#),
    );
    same(&FeedMessage::Idle { last: 42 }, r#"{"type":"idle","last":42}"#);
}

#[test]
fn the_relay_and_its_refusals() {
    same(
        &RelayInfo { version: "0.1.0".into(), demo: true, now_ms: 1_768_478_400_000, record: id(7) },
        r#"{"version":"0.1.0","demo":true,"now_ms":1768478400000,"record":"0190163d-8694-739b-aea5-966c26f8ad97"}"#,
    );
    same(
        &CameraInfo { id: plaza(), name: "Plaza".into(), whep: "/whep/plaza".into(), loop_ms: Some(13_640) },
        r#"{"id":"plaza","name":"Plaza","whep":"/whep/plaza","loop_ms":13640}"#,
    );
    same(
        &CameraInfo { id: plaza(), name: "Plaza".into(), whep: "/whep/plaza".into(), loop_ms: None },
        r#"{"id":"plaza","name":"Plaza","whep":"/whep/plaza"}"#,
    );
    let zeros = "00".repeat(32);
    same(
        &ErrorBody { code: ErrorCode::Gap, message: "send from 1".into(), head: Some(ChainHead::EMPTY) },
        &format!(r#"{{"code":"gap","message":"send from 1","head":{{"seq":0,"hash":"{zeros}"}}}}"#),
    );
    let codes = [
        (ErrorCode::Malformed, "malformed"),
        (ErrorCode::Forbidden, "forbidden"),
        (ErrorCode::NotFound, "not_found"),
        (ErrorCode::Unsupported, "unsupported"),
        (ErrorCode::Fork, "fork"),
        (ErrorCode::TooLarge, "too_large"),
        (ErrorCode::BrokenChain, "broken_chain"),
        (ErrorCode::Unavailable, "unavailable"),
        (ErrorCode::Internal, "internal"),
    ];
    for (code, name) in codes {
        same(
            &ErrorBody { code, message: "m".into(), head: None },
            &format!(r#"{{"code":"{name}","message":"m"}}"#),
        );
    }
}

#[test]
fn camera_names() {
    for good in ["plaza", "a", "north-gate_2", &"x".repeat(64)] {
        assert!(CameraId::new(good).is_ok(), "{good}");
    }
    for bad in ["", "Plaza", "a b", "../etc", "é", &"x".repeat(65)] {
        assert!(CameraId::new(bad).is_err(), "{bad}");
        assert!(serde_json::from_str::<CameraId>(&format!("\"{bad}\"")).is_err(), "{bad}");
    }
}
