//! Pushing entries: what is taken, what is refused, and that nothing of a refused batch is stored.

use crate::support::{Post, Relay, config};
use std::net::SocketAddr;
use vigie_protocol::sync::{CameraInfo, ErrorBody, ErrorCode, MAX_BATCH, RelayInfo};
use vigie_protocol::{ChainHead, Entry, Hash};
use vigie_relay::serve::start;

#[tokio::test]
async fn entries_are_taken_and_taking_them_again_changes_nothing() {
    let relay = Relay::start().await;
    let mut post = Post::new();
    let batch = post.write(5);
    assert_eq!(relay.push(&post, &batch).await, Ok(post.head()));
    assert_eq!(relay.push(&post, &batch).await, Ok(post.head()), "all of it again");
    let more = post.write(3);
    let overlapping: Vec<Entry> = batch[3..].iter().chain(&more).cloned().collect();
    assert_eq!(relay.push(&post, &overlapping).await, Ok(post.head()), "some of it again");
    assert_eq!(relay.push(&post, &[]).await, Ok(post.head()), "nothing");

    let head: ChainHead = relay
        .http
        .get(relay.url(&format!("/api/v1/posts/{}/head", post.id)))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(head, post.head());
    let report = vigie_relay::audit::verify_data(relay.folder.path()).await.unwrap();
    assert_eq!(report.posts[&post.id].entries, 8);
    assert!(report.is_sound());
}

#[tokio::test]
async fn a_post_that_was_never_heard_of_has_an_empty_head() {
    let relay = Relay::start().await;
    let response =
        relay.http.get(relay.url(&format!("/api/v1/posts/{}/head", Post::new().id))).send().await.unwrap();
    assert_eq!(response.json::<ChainHead>().await.unwrap(), ChainHead::EMPTY);
}

#[tokio::test]
async fn a_gap_is_refused_with_the_head() {
    let relay = Relay::start().await;
    let mut post = Post::new();
    let entries = post.write(6);
    relay.push(&post, &entries[..2]).await.unwrap();
    let (status, body) = relay.push(&post, &entries[3..]).await.unwrap_err();
    assert_eq!((status, body.code), (409, ErrorCode::Gap));
    assert_eq!(body.head, Some(ChainHead { seq: 2, hash: entries[1].hash }));
    assert_eq!(relay.push(&post, &entries[2..]).await, Ok(post.head()));
}

#[tokio::test]
async fn another_entry_under_the_same_number_is_a_fork() {
    let relay = Relay::start().await;
    let mut post = Post::new();
    post.write(2);
    let mut twin = Post { id: post.id, entries: post.entries.clone() };
    post.write(2);
    twin.write_sized(3, 20);
    relay.push(&post, &post.entries).await.unwrap();
    for batch in [&twin.entries[..4], &twin.entries[2..3], &twin.entries[4..]] {
        let (status, body) = relay.push(&twin, batch).await.unwrap_err();
        assert_eq!((status, body.code, body.head), (409, ErrorCode::Fork, Some(post.head())));
    }
    assert_eq!(relay.push(&post, &[]).await, Ok(post.head()));
}

/// Breaks a sound batch.
type Break = fn(&mut Vec<Entry>);

#[tokio::test]
async fn a_broken_entry_is_named_and_nothing_of_its_batch_is_stored() {
    let relay = Relay::start().await;
    let mut post = Post::new();
    let sound = post.write(6);
    let breaks: [(&str, Break); 6] = [
        ("entry 4", |entries| entries[3].record = r#"{"type":"x"}"#.into()),
        ("entry 4", |entries| entries[3].at_ms += 1),
        ("entry 4", |entries| entries[3].post.0 = uuid::Uuid::now_v7()),
        ("entry 4", |entries| entries[3].prev = Hash([7; 32])),
        ("entry 5 stands where entry 4 belongs", |entries| entries.swap(3, 4)),
        ("not a JSON object", |entries| {
            entries.truncate(1);
            entries[0].record = "no json".into();
            entries[0].hash = entries[0].computed_hash();
        }),
    ];
    for (named, make) in breaks {
        let mut broken = sound.clone();
        make(&mut broken);
        let (status, body) = relay.push(&post, &broken).await.unwrap_err();
        assert_eq!((status, body.code), (422, ErrorCode::BrokenChain), "{}", body.message);
        assert!(body.message.contains(named), "“{}” does not say “{named}”", body.message);
        assert_eq!(relay.push(&post, &[]).await, Ok(ChainHead::EMPTY));
    }
    assert_eq!(relay.push(&post, &sound).await, Ok(post.head()));
}

#[tokio::test]
async fn limits_hold() {
    let relay = Relay::start().await;
    let mut post = Post::new();
    // A full batch of largest records is taken.
    let batch = post.write_sized(MAX_BATCH, Entry::MAX_RECORD_BYTES - 64);
    assert_eq!(relay.push(&post, &batch).await, Ok(post.head()));

    let mut other = Post::new();
    let too_many = other.write(MAX_BATCH + 1);
    let (status, body) = relay.push(&other, &too_many).await.unwrap_err();
    assert_eq!((status, body.code), (413, ErrorCode::TooLarge));

    let mut long = other.entries[0].clone();
    long.record = format!("{{\"x\":\"{}\"}}", "x".repeat(Entry::MAX_RECORD_BYTES));
    long.hash = long.computed_hash();
    let (status, body) = relay.push(&other, &[long]).await.unwrap_err();
    assert_eq!((status, body.code), (413, ErrorCode::TooLarge));

    let url = relay.url(&format!("/api/v1/posts/{}/entries", other.id));
    let response = relay.http.post(url).body(vec![b' '; 10 * 1024 * 1024]).send().await.unwrap();
    assert_eq!(response.status(), 413);
    assert_eq!(response.json::<ErrorBody>().await.unwrap().code, ErrorCode::TooLarge);
}

#[tokio::test]
async fn what_is_no_request_is_refused_in_the_same_form() {
    let relay = Relay::start().await;
    let id = Post::new().id.to_string();
    let entries = |id: &str| format!("/api/v1/posts/{id}/entries");
    let cases = [
        ("POST", entries(&id), "not json", 400, ErrorCode::Malformed),
        ("POST", entries(&id), r#"{"entries":[{"post":"x"}]}"#, 400, ErrorCode::Malformed),
        ("POST", entries(&id), r#"{"entries":[{"seq":-1}]}"#, 400, ErrorCode::Malformed),
        ("POST", entries("nobody"), r#"{"entries":[]}"#, 400, ErrorCode::Malformed),
        ("POST", entries(&id.to_uppercase()), r#"{"entries":[]}"#, 400, ErrorCode::Malformed),
        ("POST", entries(&id.replace('-', "")), r#"{"entries":[]}"#, 400, ErrorCode::Malformed),
        ("POST", entries("..%2f..%2fetc"), r#"{"entries":[]}"#, 400, ErrorCode::Malformed),
        ("GET", entries(&id), "", 405, ErrorCode::Unsupported),
        ("GET", "/api/v1/nothing".into(), "", 404, ErrorCode::NotFound),
        ("GET", "/api/v1/feed".into(), "", 400, ErrorCode::Malformed),
        ("GET", "/api/v1/feed?after=minus".into(), "", 400, ErrorCode::Malformed),
        ("POST", "/api/v1/info".into(), "", 405, ErrorCode::Unsupported),
    ];
    for (method, path, body, status, code) in cases {
        let request = relay.http.request(method.parse().unwrap(), relay.url(&path)).body(body);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), status, "{method} {path}");
        assert_eq!(response.json::<ErrorBody>().await.unwrap().code, code, "{method} {path}");
    }
}

#[tokio::test]
async fn a_full_database_acknowledges_nothing_and_keeps_what_it_has() {
    let relay = Relay::start_with(|config| config.max_data_mib = Some(1)).await;
    let mut post = Post::new();
    let mut acknowledged = ChainHead::EMPTY;
    let refusal = loop {
        let batch = post.write_sized(8, 12_000);
        match relay.push(&post, &batch).await {
            Ok(head) => acknowledged = head,
            Err(refusal) => break refusal,
        }
        assert!(post.entries.len() < 1000, "a megabyte holds no {} entries of 12 kB", post.entries.len());
    };
    assert_eq!((refusal.0, refusal.1.code), (503, ErrorCode::Unavailable));
    assert!(refusal.1.message.contains("full"), "{}", refusal.1.message);
    assert!(acknowledged.seq > 8);
    assert_eq!(relay.push(&post, &[]).await, Ok(acknowledged));
    let report = vigie_relay::audit::verify_data(relay.folder.path()).await.unwrap();
    assert!(report.is_sound(), "{report}");
    assert_eq!(report.posts[&post.id].head, acknowledged);
}

#[tokio::test]
async fn many_posts_push_at_once() {
    let relay = Relay::start().await;
    let pushes = (0..16).map(|_| async {
        let mut post = Post::new();
        for _ in 0..5 {
            let batch = post.write(4);
            assert_eq!(relay.push(&post, &batch).await, Ok(post.head()));
        }
    });
    futures::future::join_all(pushes).await;
    let report = vigie_relay::audit::verify_data(relay.folder.path()).await.unwrap();
    assert!(report.is_sound(), "{report}");
    assert_eq!(report.posts.len(), 16);
    assert!(report.posts.values().all(|post| post.entries == 20));
}

#[tokio::test]
async fn it_says_what_it_is_and_which_cameras_it_has() {
    let relay = Relay::with_cameras().await;
    let info: RelayInfo =
        relay.http.get(relay.url("/api/v1/info")).send().await.unwrap().json().await.unwrap();
    assert!(info.demo && !info.version.is_empty() && info.now_ms > 1_700_000_000_000);
    let cameras: Vec<CameraInfo> =
        relay.http.get(relay.url("/api/v1/cameras")).send().await.unwrap().json().await.unwrap();
    let told: Vec<_> = cameras.iter().map(|camera| (camera.whep.as_str(), camera.loop_ms)).collect();
    assert_eq!(told, [("/whep/gate", Some(800)), ("/whep/plaza", Some(1600))]);
}

#[tokio::test]
async fn a_record_keeps_its_id_and_another_one_has_another() {
    let told = async |relay: &Relay| -> RelayInfo {
        relay.http.get(relay.url("/api/v1/info")).send().await.unwrap().json().await.unwrap()
    };
    let relay = Relay::start().await;
    let first = told(&relay).await.record;
    assert_ne!(told(&Relay::start().await).await.record, first, "another folder");

    relay.running.stop().await.unwrap();
    let again = Relay {
        running: start(config(relay.folder.path())).await.unwrap(),
        folder: relay.folder,
        http: relay.http,
    };
    assert_eq!(told(&again).await.record, first, "the same folder after a restart");

    again.running.stop().await.unwrap();
    for file in std::fs::read_dir(again.folder.path()).unwrap() {
        std::fs::remove_file(file.unwrap().path()).unwrap();
    }
    let replaced = Relay {
        running: start(config(again.folder.path())).await.unwrap(),
        folder: again.folder,
        http: again.http,
    };
    assert_ne!(told(&replaced).await.record, first, "a new record in the same place");
}

#[tokio::test]
async fn pages_of_other_sites_and_other_host_names_are_refused() {
    let relay = Relay::start().await;
    let own = format!("http://{}", relay.running.address());
    let cases = [
        ("origin", own.as_str(), 200),
        ("origin", "https://example.org", 403),
        ("origin", "null", 403),
        ("host", "rebound.example", 403),
    ];
    for (name, value, status) in cases {
        let response = relay.http.get(relay.url("/api/v1/info")).header(name, value).send().await.unwrap();
        assert_eq!(response.status(), status, "{name}: {value}");
        assert!(response.headers().get("access-control-allow-origin").is_none());
    }
    let post = Post::new();
    let url = relay.url(&format!("/api/v1/posts/{}/entries", post.id));
    let forged = relay.http.post(url).header("origin", "https://example.org").body(r#"{"entries":[]}"#);
    let response = forged.send().await.unwrap();
    assert_eq!(response.status(), 403);
    assert_eq!(response.json::<ErrorBody>().await.unwrap().code, ErrorCode::Forbidden);
}

#[tokio::test]
async fn what_cannot_be_served_is_said_in_one_sentence() {
    let relay = Relay::start().await;
    let folder = tempfile::TempDir::new().unwrap();
    let said = async |config| start(config).await.err().expect("it must not start").to_string();

    let mut open = config(folder.path());
    open.listen = SocketAddr::from(([0, 0, 0, 0], 0));
    assert!(said(open).await.contains("listen on 127.0.0.1"));

    let mut taken = config(folder.path());
    taken.listen = relay.running.address();
    assert!(said(taken).await.contains("choose another port"));

    assert!(said(config(relay.folder.path())).await.contains("another relay works on the data folder"));

    let mut unbuilt = config(folder.path());
    unbuilt.app = Some(folder.path().to_owned());
    assert!(said(unbuilt).await.contains("build it first"));
}
