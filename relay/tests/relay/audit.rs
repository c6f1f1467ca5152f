//! `verify` and `export`: a record that somebody changed is named.

use crate::support::{Post, Relay};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;
use vigie_relay::store::DATABASE;

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_vigie-relay")).args(arguments).output().unwrap()
}

/// Exit code and what was said.
fn verify(option: &str, path: &Path) -> (i32, String) {
    let output = run(&["verify", option, path.to_str().unwrap()]);
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

/// A record of two posts with ten and four entries, alternating; the relay has stopped.
async fn record() -> (TempDir, Post, Post) {
    let relay = Relay::start().await;
    let (mut one, mut two) = (Post::new(), Post::new());
    for _ in 0..2 {
        let batch = one.write(5);
        relay.push(&one, &batch).await.unwrap();
        let batch = two.write(2);
        relay.push(&two, &batch).await.unwrap();
    }
    relay.running.stop().await.unwrap();
    (relay.folder, one, two)
}

async fn tamper(folder: &Path, sql: &'static str, post: &Post) {
    let mut database = SqliteConnectOptions::new().filename(folder.join(DATABASE)).connect().await.unwrap();
    let done = sqlx::query(sql).bind(post.id.0.as_bytes().as_slice()).execute(&mut database).await.unwrap();
    assert!(done.rows_affected() > 0, "nothing was changed");
    database.close().await.unwrap();
}

#[tokio::test]
async fn a_sound_record_is_called_sound_with_its_heads() {
    let (folder, one, two) = record().await;
    let (code, said) = verify("--data", folder.path());
    assert_eq!(code, 0, "{said}");
    assert!(
        said.contains(&format!("post {}: 10 entries, sound, head {}", one.id, one.head().hash)),
        "{said}"
    );
    assert!(said.contains(&format!("post {}: 4 entries, sound, head {}", two.id, two.head().hash)), "{said}");
    assert!(said.contains("The record is sound: 2 posts, 14 entries."), "{said}");
}

#[tokio::test]
async fn a_changed_entry_is_named_and_the_other_post_stays_sound() {
    let changes = [
        (
            "UPDATE entries SET record = replace(record, 'fault', 'calm') WHERE post = ? AND seq = 3",
            "entry 3: entry 3 was altered",
        ),
        ("UPDATE entries SET at_ms = at_ms + 1 WHERE post = ? AND seq = 7", "entry 7: entry 7 was altered"),
        ("UPDATE entries SET prev = zeroblob(32) WHERE post = ? AND seq = 2", "entry 2: entry 2 names"),
        (
            "UPDATE entries SET hash = randomblob(32) WHERE post = ? AND seq = 10",
            "entry 10: entry 10 was altered",
        ),
        (
            "UPDATE entries SET seq = 99 WHERE post = ? AND seq = 10",
            "entry 10: entry 99 stands where entry 10 belongs",
        ),
    ];
    for (sql, named) in changes {
        let (folder, one, two) = record().await;
        tamper(folder.path(), sql, &one).await;
        let (code, said) = verify("--data", folder.path());
        assert_eq!(code, 1, "{said}");
        assert!(said.contains(&format!("post {}: BROKEN at {named}", one.id)), "{sql}: {said}");
        assert!(said.contains(&format!("post {}: 4 entries, sound", two.id)), "{said}");
        assert!(said.contains("The record is NOT sound: 1 of 2 posts broken"), "{said}");
    }
}

#[tokio::test]
async fn a_removed_entry_leaves_a_hole_even_at_the_end() {
    let (folder, one, _) = record().await;
    tamper(folder.path(), "DELETE FROM entries WHERE post = ? AND seq = 4", &one).await;
    let (code, said) = verify("--data", folder.path());
    assert_eq!(code, 1);
    assert!(said.contains("BROKEN at entry 4: entry 5 stands where entry 4 belongs"), "{said}");
    assert!(said.contains("row 4 is missing"), "{said}");

    let (folder, _, two) = record().await;
    tamper(folder.path(), "DELETE FROM entries WHERE post = ? AND seq >= 3", &two).await;
    let (code, said) = verify("--data", folder.path());
    assert_eq!(code, 1);
    assert!(said.contains("rows 13 to 14 are missing"), "the cut-off tail does not show: {said}");
}

#[tokio::test]
async fn a_planted_row_is_a_fault_and_not_the_end_of_the_verification() {
    let plants = [
        ("UPDATE entries SET ordinal = -1 WHERE post = ? AND seq = 1", "row -1 cannot be read"),
        ("UPDATE entries SET ordinal = 0 WHERE post = ? AND seq = 1", "row 0 cannot be read"),
        (
            "UPDATE entries SET ordinal = 9223372036854775807 WHERE post = ? AND seq = 10",
            "rows 15 to 9223372036854775806 are missing",
        ),
    ];
    for (sql, named) in plants {
        let (folder, one, two) = record().await;
        tamper(folder.path(), sql, &one).await;
        let (code, said) = verify("--data", folder.path());
        assert_eq!(code, 1, "{said}");
        assert!(said.contains(named), "{sql}: {said}");
        assert!(said.contains(&format!("post {}: 4 entries, sound", two.id)), "{said}");
    }

    let (folder, _, _) = record().await;
    let out = folder.path().join("export.jsonl");
    assert!(
        run(&["export", "--data", folder.path().to_str().unwrap(), "--out", out.to_str().unwrap()])
            .status
            .success()
    );
    let text = std::fs::read_to_string(&out).unwrap();
    let last = format!("\"ordinal\":{}", u64::MAX);
    std::fs::write(&out, text.replacen("\"ordinal\":13", &last, 1) + "no entry\n").unwrap();
    let (code, said) = verify("--export", &out);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("line 15"), "{said}");
}

#[tokio::test]
async fn a_running_relay_can_be_verified_and_serves_what_is_left_of_a_damaged_record() {
    let relay = Relay::start().await;
    let mut post = Post::new();
    let batch = post.write(5);
    relay.push(&post, &batch).await.unwrap();
    let (code, said) = verify("--data", relay.folder.path());
    assert_eq!(code, 0, "{said}");
    tamper(
        relay.folder.path(),
        "UPDATE entries SET record = CAST(x'ff' AS TEXT) WHERE post = ? AND seq = 2",
        &post,
    )
    .await;
    let (code, said) = verify("--data", relay.folder.path());
    assert_eq!(code, 1);
    assert!(said.contains("row 2 cannot be read"), "{said}");
    let batch = post.write(1);
    assert_eq!(relay.push(&post, &batch).await, Ok(post.head()));
}

#[tokio::test]
async fn an_export_is_verified_without_the_database() {
    let (folder, one, _) = record().await;
    let out = folder.path().join("export.jsonl");
    let exported =
        run(&["export", "--data", folder.path().to_str().unwrap(), "--out", out.to_str().unwrap()]);
    assert!(exported.status.success());
    let (code, said) = verify("--export", &out);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("2 posts, 14 entries"), "{said}");

    let text = std::fs::read_to_string(&out).unwrap();
    assert_eq!(text.lines().count(), 14);
    std::fs::write(&out, text.replacen("000000002", "000000003", 1)).unwrap();
    let (code, said) = verify("--export", &out);
    assert_eq!(code, 1);
    assert!(said.contains(&format!("post {}: BROKEN at entry 3", one.id)), "{said}");

    std::fs::write(&out, text.replacen('{', "", 1)).unwrap();
    let (code, said) = verify("--export", &out);
    assert_eq!(code, 1);
    assert!(said.contains("line 1"), "{said}");
}

#[test]
fn a_folder_without_a_record_is_an_error_not_a_sound_record() {
    let folder = TempDir::new().unwrap();
    let output = run(&["verify", "--data", folder.path().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("holds no record"));
}
