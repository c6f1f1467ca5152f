//! The feed: catching up, live entries, and readers that should not be there.

use crate::support::{Post, Relay};
use futures::StreamExt as _;
use std::time::{Duration, Instant};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use vigie_protocol::Entry;
use vigie_protocol::sync::FeedMessage;

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

async fn open(relay: &Relay, after: u64) -> Socket {
    let url = format!("ws://{}/api/v1/feed?after={after}", relay.running.address());
    connect_async(url).await.unwrap().0
}

/// The next message of the feed; pings are answered by the socket itself.
async fn next(socket: &mut Socket) -> FeedMessage {
    loop {
        let message = timeout(Duration::from_secs(15), socket.next()).await.expect("the feed is silent");
        match message.expect("the feed ended").unwrap() {
            Message::Text(text) => return serde_json::from_str(&text).unwrap(),
            Message::Ping(_) => {}
            other => panic!("{other:?}"),
        }
    }
}

/// Reads until `count` entries have come.
async fn entries(socket: &mut Socket, count: usize) -> (u64, Vec<Entry>) {
    let (mut at, mut got) = (0, Vec::new());
    while got.len() < count {
        if let FeedMessage::Entries { last, entries } = next(socket).await {
            assert!(last > at);
            at = last;
            got.extend(entries);
        }
    }
    (at, got)
}

#[tokio::test]
async fn a_reader_catches_up_in_pages_and_then_hears_at_once() {
    let relay = Relay::start().await;
    let mut post = Post::new();
    for _ in 0..3 {
        let batch = post.write(200);
        relay.push(&post, &batch).await.unwrap();
    }
    let mut socket = open(&relay, 0).await;
    assert_eq!(next(&mut socket).await, FeedMessage::Idle { last: 600 });
    let (last, got) = entries(&mut socket, 600).await;
    assert_eq!(last, 600);
    assert_eq!(got, post.entries);

    let batch = post.write(1);
    let pushed = Instant::now();
    relay.push(&post, &batch).await.unwrap();
    assert_eq!(entries(&mut socket, 1).await, (601, batch));
    assert!(pushed.elapsed() < Duration::from_secs(1), "it took {:?}", pushed.elapsed());
}

#[tokio::test]
async fn a_reader_resumes_where_it_stopped() {
    let relay = Relay::start().await;
    let mut post = Post::new();
    let batch = post.write(10);
    relay.push(&post, &batch).await.unwrap();
    let mut socket = open(&relay, 7).await;
    assert_eq!(entries(&mut socket, 3).await, (10, batch[7..].to_vec()));
}

#[tokio::test]
async fn a_reader_of_another_record_gets_this_one_whole() {
    let relay = Relay::start().await;
    let mut post = Post::new();
    let batch = post.write(2);
    relay.push(&post, &batch).await.unwrap();
    let mut socket = open(&relay, 5000).await;
    assert_eq!(entries(&mut socket, 2).await, (2, batch));
}

#[tokio::test]
async fn every_reader_hears_every_post_in_the_same_order() {
    let relay = Relay::start().await;
    let mut sockets = Vec::new();
    for _ in 0..4 {
        sockets.push(open(&relay, 0).await);
    }
    let (mut one, mut two) = (Post::new(), Post::new());
    for _ in 0..10 {
        let batch = one.write(2);
        relay.push(&one, &batch).await.unwrap();
        let batch = two.write(1);
        relay.push(&two, &batch).await.unwrap();
    }
    let first = entries(&mut sockets[0], 30).await;
    for socket in &mut sockets[1..] {
        assert_eq!(entries(socket, 30).await, first);
    }
}

#[tokio::test]
async fn a_quiet_feed_says_that_it_lives() {
    let relay = Relay::start().await;
    let mut socket = open(&relay, 0).await;
    assert_eq!(next(&mut socket).await, FeedMessage::Idle { last: 0 });
    let asked = Instant::now();
    assert_eq!(next(&mut socket).await, FeedMessage::Idle { last: 0 });
    assert!((9..12).contains(&asked.elapsed().as_secs()), "{:?}", asked.elapsed());
}

#[tokio::test]
async fn pages_of_other_sites_get_no_feed() {
    let relay = Relay::start().await;
    let mut request = format!("ws://{}/api/v1/feed", relay.running.address()).into_client_request().unwrap();
    request.headers_mut().insert("origin", "https://example.org".parse().unwrap());
    match connect_async(request).await {
        Err(Error::Http(response)) => assert_eq!(response.status(), 403),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn one_feed_too_many_is_told_to_come_later() {
    let relay = Relay::start().await;
    let mut sockets = Vec::new();
    for _ in 0..vigie_relay::feed::MAX_FEEDS {
        sockets.push(open(&relay, 0).await);
    }
    match connect_async(format!("ws://{}/api/v1/feed", relay.running.address())).await {
        Err(Error::Http(response)) => {
            assert_eq!(response.status(), 503);
            assert!(response.headers().contains_key("retry-after"));
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_relay_that_stops_says_so() {
    let relay = Relay::start().await;
    let mut socket = open(&relay, 0).await;
    next(&mut socket).await;
    let stopped = Instant::now();
    relay.running.stop().await.unwrap();
    assert!(stopped.elapsed() < Duration::from_secs(4), "it took {:?}", stopped.elapsed());
    match socket.next().await {
        Some(Ok(Message::Close(Some(frame)))) => assert_eq!(u16::from(frame.code), 1001),
        other => panic!("{other:?}"),
    }
}
