//! `GET /api/v1/feed`: what any post wrote, pushed to the others.
//!
//! A reader has no queue of its own: it is woken when the table grows and reads the table from where it stands, a page at
//! a time. A slow one therefore costs no memory; it only reads later. One that takes nothing for [`SEND_WITHIN`] or is
//! silent for [`HEARD_WITHIN`] (browsers answer pings by themselves) is dropped and comes back with `after`.

use crate::error::ApiError;
use crate::serve::App;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code};
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};
use vigie_protocol::sync::FeedMessage;

/// Most feeds at once; one more is refused with 503.
pub const MAX_FEEDS: usize = 64;
/// How often a quiet feed says that it lives.
pub const IDLE_EVERY: Duration = Duration::from_secs(10);
const SEND_WITHIN: Duration = Duration::from_secs(10);
const HEARD_WITHIN: Duration = Duration::from_secs(35);
/// Entries in one message.
const PAGE: u32 = 128;
/// A reader has nothing to say but pongs.
const MAX_MESSAGE_BYTES: usize = 4096;

/// Where to resume.
#[derive(Debug, Deserialize)]
pub struct From {
    /// Ordinal of the last entry that the reader has; 0 for all.
    #[serde(default)]
    after: u64,
}

/// The upgrade.
///
/// # Errors
/// [`ApiError::Unavailable`] at the limit; [`ApiError::Malformed`] when `after` is no number or no WebSocket is asked for.
pub async fn feed(
    State(app): State<App>,
    from: Result<Query<From>, axum::extract::rejection::QueryRejection>,
    upgrade: Result<WebSocketUpgrade, axum::extract::ws::rejection::WebSocketUpgradeRejection>,
) -> Result<Response, ApiError> {
    let Query(from) =
        from.map_err(|_| ApiError::Malformed("`after` is the ordinal to resume from".into()))?;
    let upgrade = upgrade.map_err(|_| ApiError::Malformed("the feed is a WebSocket".into()))?;
    let permit = app
        .feeds
        .clone()
        .try_acquire_owned()
        .map_err(|_| ApiError::Unavailable { message: "too many feeds are open", cause: None })?;
    Ok(upgrade.max_message_size(MAX_MESSAGE_BYTES).on_upgrade(async move |socket| {
        let _permit = permit;
        if let Err(end) = run(&app, socket, from.after).await {
            tracing::debug!("feed ended: {end}");
        }
    }))
}

/// Why a feed ended.
#[derive(Debug, thiserror::Error)]
enum End {
    #[error("the reader went away")]
    Gone,
    #[error("the reader takes nothing or is silent")]
    Stalled,
    #[error("the record cannot be read: {0:?}")]
    Unreadable(ApiError),
}

async fn run(app: &App, mut socket: WebSocket, after: u64) -> Result<(), End> {
    let mut tail = app.store.tail();
    let mut shutdown = app.shutdown.clone();
    // A reader that is ahead of the table has known another one, or more of this one before it was set back. It gets all of
    // it. One that is not ahead knows by the record's id whether its ordinal is one of this record's.
    let mut after = if after > *tail.borrow() { 0 } else { after };
    let mut heard = Instant::now();
    let mut idle = interval_at(heard + IDLE_EVERY, IDLE_EVERY);
    idle.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // The first word tells a reader at once how far the record goes.
    let last = *tail.borrow_and_update();
    say(&mut socket, &FeedMessage::Idle { last }).await?;
    loop {
        let page = app.store.page(after, PAGE).await.map_err(End::Unreadable)?;
        if page.last > after {
            after = page.last;
            if !page.entries.is_empty() {
                say(&mut socket, &FeedMessage::Entries { last: page.last, entries: page.entries }).await?;
            }
            continue;
        }
        tokio::select! {
            changed = tail.changed() => changed.map_err(|_| End::Gone)?,
            () = stopping(&mut shutdown) => {
                let bye = CloseFrame { code: close_code::AWAY, reason: "the relay stops".into() };
                send(&mut socket, Message::Close(Some(bye))).await?;
                return Ok(());
            }
            _ = idle.tick() => {
                if heard.elapsed() > HEARD_WITHIN {
                    return Err(End::Stalled);
                }
                let last = *tail.borrow();
                say(&mut socket, &FeedMessage::Idle { last }).await?;
                send(&mut socket, Message::Ping(axum::body::Bytes::new())).await?;
            }
            message = socket.recv() => match message {
                None | Some(Err(_) | Ok(Message::Close(_))) => return Err(End::Gone),
                Some(Ok(_)) => heard = Instant::now(),
            }
        }
    }
}

/// Ends when the relay stops; the sender being gone is the same wish.
async fn stopping(shutdown: &mut watch::Receiver<bool>) {
    let _ = shutdown.wait_for(|stop| *stop).await;
}

async fn say(socket: &mut WebSocket, message: &FeedMessage) -> Result<(), End> {
    let text =
        serde_json::to_string(message).map_err(|error| End::Unreadable(ApiError::Internal(error.into())))?;
    send(socket, Message::Text(text.into())).await
}

async fn send(socket: &mut WebSocket, message: Message) -> Result<(), End> {
    match timeout(SEND_WITHIN, socket.send(message)).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) => Err(End::Gone),
        Err(_) => Err(End::Stalled),
    }
}
