//! The real program, killed without warning: what it acknowledged is there afterwards.

use crate::support::{Post, push};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use vigie_protocol::ChainHead;

const PROGRAM: &str = env!("CARGO_BIN_EXE_vigie-relay");

async fn serve(data: &Path) -> (Child, String) {
    let mut child = Command::new(PROGRAM)
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(data)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).await.unwrap();
    let address = line.split_whitespace().find(|word| word.starts_with("http://")).expect(&line);
    (child, address.trim_end_matches('/').to_owned())
}

#[tokio::test]
async fn killed_at_any_moment_it_keeps_every_acknowledged_entry() {
    let folder = TempDir::new().unwrap();
    let http = reqwest::Client::builder().timeout(Duration::from_secs(20)).build().unwrap();
    let mut post = Post::new();
    let mut acknowledged = ChainHead::EMPTY;
    // Moments spread over the first half second of work; pushes of different sizes are under way at each.
    for (round, kill_after_ms) in [7, 31, 73, 140, 260, 430].into_iter().enumerate() {
        let (mut child, base) = serve(folder.path()).await;
        let held = nothing_lost(&http, &base, &post, acknowledged, &format!("before round {round}")).await;
        // Like a post after a crash of the relay: go on from what it holds.
        let mut sent = held.seq as usize;
        let pushing = async {
            for batch in (1..=7).cycle() {
                if post.entries.len() < sent + batch {
                    post.write_sized(batch, 600);
                }
                match push(&http, &base, post.id, &post.entries[sent..sent + batch]).await {
                    Ok(Ok(now)) => {
                        acknowledged = now;
                        sent += batch;
                    }
                    Ok(Err(refusal)) => panic!("round {round}: {refusal:?}"),
                    Err(_) => break,
                }
            }
        };
        let killing = async {
            tokio::time::sleep(Duration::from_millis(kill_after_ms)).await;
            child.kill().await.unwrap();
        };
        tokio::join!(pushing, killing);
    }
    assert!(acknowledged.seq > 0, "nothing was ever acknowledged");

    let verified =
        Command::new(PROGRAM).args(["verify", "--data"]).arg(folder.path()).output().await.unwrap();
    let said = String::from_utf8(verified.stdout).unwrap();
    assert!(verified.status.success(), "{said}");
    assert!(said.contains("The record is sound: 1 posts"), "{said}");

    let (_child, base) = serve(folder.path()).await;
    nothing_lost(&http, &base, &post, acknowledged, "after the last round").await;
}

/// What the relay holds of the post: all that it acknowledged at least, and as the post wrote it.
async fn nothing_lost(
    http: &reqwest::Client,
    base: &str,
    post: &Post,
    acknowledged: ChainHead,
    when: &str,
) -> ChainHead {
    let url = format!("{base}/api/v1/posts/{}/head", post.id);
    let held: ChainHead = http.get(url).send().await.unwrap().json().await.unwrap();
    assert!(held.seq >= acknowledged.seq, "{when}: {} of {} entries left", held.seq, acknowledged.seq);
    if held.seq > 0 {
        assert_eq!(held.hash, post.entries[held.seq as usize - 1].hash, "{when}");
    }
    held
}

#[cfg(unix)]
#[tokio::test]
async fn asked_to_stop_it_stops_in_order() {
    let folder = TempDir::new().unwrap();
    let (mut child, base) = serve(folder.path()).await;
    let mut post = Post::new();
    let batch = post.write(3);
    push(&reqwest::Client::new(), &base, post.id, &batch).await.unwrap().unwrap();
    let id = child.id().unwrap().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().await.unwrap().success());
    let status = tokio::time::timeout(Duration::from_secs(10), child.wait()).await.unwrap().unwrap();
    assert_eq!(status.code(), Some(0));
}

#[tokio::test]
async fn it_refuses_other_machines_and_says_why() {
    let folder = TempDir::new().unwrap();
    let refused = Command::new(PROGRAM)
        .args(["serve", "--listen", "0.0.0.0:0", "--data"])
        .arg(folder.path())
        .output()
        .await
        .unwrap();
    assert_eq!(refused.status.code(), Some(2));
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains("demo mode has no sign-in"), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
}
