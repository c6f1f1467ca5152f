//! The command itself: what it writes, twice the same, and what it says when something is missing.

#![expect(clippy::unwrap_used, reason = "helpers of tests: what fails here fails the test")]

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn eval(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_vigie-eval")).args(arguments).output().expect("the command starts")
}

fn done(arguments: &[&str]) {
    let output = eval(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A folder of this test alone.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::remove_dir_all(&folder).ok();
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn path(folder: &Path, name: &str) -> String {
    folder.join(name).to_str().unwrap().to_owned()
}

fn plaza(name: &str) -> String {
    path(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios/zone_intrusion/plaza"), name)
}

/// Two seconds of a test picture, ten frames of them late; `None`, said aloud, without ffmpeg.
fn footage(folder: &Path) -> Option<String> {
    let file = path(folder, "footage.mkv");
    let made = Command::new("ffmpeg")
        .args(["-v", "error", "-f", "lavfi", "-i", "testsrc=size=160x120:rate=10:duration=2", "-vf"])
        .args([
            "settb=1/1000,setpts='if(gte(N,10),PTS+0.05/TB,PTS)'",
            "-c:v",
            "ffv1",
            "-enc_time_base",
            "1/1000",
            "-fps_mode",
            "passthrough",
            &file,
        ])
        .status();
    match made {
        Ok(status) if status.success() => Some(file),
        _ => {
            eprintln!("skipped: no ffmpeg here that makes a test picture");
            None
        }
    }
}

/// Boxes for that footage: somebody who walks to the right, in every second frame.
fn recording(folder: &Path) -> String {
    let file = path(folder, "recording.jsonl");
    let line = |n: u32| {
        let late = if n >= 10 { 0.05 } else { 0.0 };
        let x = 0.1 + 0.03 * f64::from(n);
        format!(
            "{{\"t\":{:.3},\"boxes\":[[{x:.3},0.3,{:.3},0.8,0.7,1]]}}\n",
            f64::from(n) / 10.0 + late,
            x + 0.15
        )
    };
    std::fs::write(&file, (0..20).step_by(2).map(line).collect::<String>()).unwrap();
    file
}

const ZONE: &str = r#"{"rules": [], "zones": [{"id": "0192f000-0000-7000-8000-000000000001", "name": "right",
    "polygon": [{"x": 0.4, "y": 0.1}, {"x": 1, "y": 0.1}, {"x": 1, "y": 1}, {"x": 0.4, "y": 1}], "dwell_secs": 0.3}]}"#;

fn lines(file: &str) -> Vec<Value> {
    std::fs::read_to_string(file).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_run_writes_the_same_bytes_twice() {
    let folder = folder("twice");
    let written = |run: &str| {
        let [out, log, mot] = ["signals", "log", "mot"].map(|name| path(&folder, &format!("{name}{run}")));
        let (settings, detections) = (plaza("settings.json"), plaza("detections.jsonl"));
        done(&[
            "run",
            "--settings",
            &settings,
            "--detections",
            &detections,
            "--out",
            &out,
            "--log",
            &log,
            "--mot",
            &mot,
        ]);
        [out, log, mot]
    };
    let (first, second) = (written("1"), written("2"));
    for (first, second) in first.iter().zip(&second) {
        assert_eq!(std::fs::read(first).unwrap(), std::fs::read(second).unwrap());
    }
    let signals = lines(&first[0]);
    assert_eq!(signals.len(), 10);
    for signal in &signals {
        let number = |name: &str| signal[name].as_f64().unwrap();
        assert_eq!(signal["event"], "zone_intrusion");
        assert!(["left", "right"].contains(&signal["zone"].as_str().unwrap()));
        assert!(number("from_secs") <= number("at_secs") && number("at_secs") <= number("until_secs"));
        assert!((0.0..=1.0).contains(&number("score")) && signal["why"].is_object());
    }
    assert!(lines(&first[1]).iter().all(|line| line["event"].is_null() && line["log"].is_string()));
    let tracks = std::fs::read_to_string(&first[2]).unwrap();
    assert!(tracks.lines().count() > 1000 && tracks.lines().all(|line| line.split(',').count() == 10));
}

#[test]
fn footage_is_paired_with_its_recording_forwards_and_backwards() {
    let folder = folder("paired");
    let Some(video) = footage(&folder) else { return };
    let (detections, settings) = (recording(&folder), path(&folder, "settings.json"));
    std::fs::write(&settings, ZONE).unwrap();
    let run = |name: &str, more: &[&str]| {
        let [out, film, mot] = ["jsonl", "mp4", "txt"].map(|end| path(&folder, &format!("{name}.{end}")));
        let mut arguments =
            vec!["run", "--video", &video, "--settings", &settings, "--detections", &detections];
        arguments.extend(["--out", &out, "--draw", &film, "--mot", &mot]);
        arguments.extend(more);
        done(&arguments);
        (lines(&out), std::fs::read(&film).unwrap(), std::fs::read_to_string(&mot).unwrap())
    };
    let (signals, film, tracks) = run("forwards", &[]);
    // Feet cross x = 0.4 between frames 6 and 8.
    assert_eq!(signals.len(), 1, "{signals:?}");
    let at = signals[0]["at_secs"].as_f64().unwrap();
    assert!((0.9..=1.3).contains(&at), "{at}");
    assert!(film.len() > 1000 && tracks.lines().count() >= 6);
    assert_eq!(run("again", &[]), (signals, film, tracks));
    // Backwards, they are in the zone from the start and leave it.
    let (signals, _, _) = run("backwards", &["--reverse"]);
    assert_eq!((signals.len(), signals[0]["from_secs"].as_f64()), (1, Some(0.0)));
}

#[test]
fn a_recording_of_other_footage_is_refused() {
    let folder = folder("other");
    let Some(video) = footage(&folder) else { return };
    let (detections, settings) = (path(&folder, "other.jsonl"), path(&folder, "settings.json"));
    std::fs::write(&detections, "{\"t\":0.04,\"boxes\":[]}\n").unwrap();
    std::fs::write(&settings, "{}").unwrap();
    let out = path(&folder, "out");
    let output = eval(&[
        "run",
        "--video",
        &video,
        "--settings",
        &settings,
        "--detections",
        &detections,
        "--out",
        &out,
    ]);
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("the recording was not made of it"));
}

#[test]
fn what_is_missing_is_said() {
    let folder = folder("missing");
    let (settings, out) = (path(&folder, "settings.json"), path(&folder, "out"));
    let said = |arguments: &[&str]| String::from_utf8_lossy(&eval(arguments).stderr).into_owned();
    let (absent, detections) = (path(&folder, "absent"), plaza("detections.jsonl"));
    assert!(
        said(&["run", "--settings", &settings, "--detections", &detections, "--out", &out])
            .contains("settings.json")
    );
    std::fs::write(&settings, "{\"zones\": 1}").unwrap();
    assert!(
        said(&["run", "--settings", &settings, "--detections", &detections, "--out", &out])
            .contains("expected a sequence")
    );
    std::fs::write(&settings, "{}").unwrap();
    assert!(
        said(&["run", "--settings", &settings, "--detections", &absent, "--out", &out]).contains("absent")
    );
    let no_input = said(&["run", "--settings", &settings, "--out", &out]);
    assert!(no_input.contains("--video") || no_input.contains("--detections"));
}
