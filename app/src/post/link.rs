//! The relay: entries go out in batches, those of other posts come in by the feed. Everything else goes on without it.

use super::{
    Inner,
    policy::{Backoff, JournalUse, NextStep, Outbox, PushOutcome},
};
use crate::platform::{
    clock,
    feed::Feed,
    http::{self, Call},
    task::{Bell, Listener, Task},
};
use crate::state::{Action, Link, NoticeLevel, RelayView};
use serde::de::DeserializeOwned;
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};
use vigie_protocol::{
    Entry, PostId, Record, RecordId,
    sync::{CameraInfo, ErrorBody, FeedMessage, PushReply, PushRequest, RelayInfo},
};

const TIMEOUT_MS: f64 = 15_000.0;
/// A relay that refuses this post's chain is asked again this often: somebody may have repaired it.
const REFUSED_MS: f64 = 60_000.0;
/// Milliseconds between two looks whether the journal is open.
const JOURNAL_MS: f64 = 500.0;
/// Signals of other posts ring when they are no older than this.
const RING_FOR_MS: i64 = 60_000;

/// What the post knows of its relay.
pub(super) struct RelayLink {
    view: RefCell<RelayView>,
    outbox: Cell<Outbox>,
    /// There is something to send, or the relay came back.
    bell: Bell,
    listener: RefCell<Option<Listener>>,
    /// The relay was reached again: the feed need not wait for its next attempt.
    knock: Bell,
    knocked: RefCell<Option<Listener>>,
}

impl Default for RelayLink {
    fn default() -> Self {
        let (bell, listener) = Bell::new();
        let (knock, knocked) = Bell::new();
        Self {
            view: RefCell::default(),
            outbox: Cell::default(),
            bell,
            listener: RefCell::new(Some(listener)),
            knock,
            knocked: RefCell::new(Some(knocked)),
        }
    }
}

impl RelayLink {
    pub(super) fn acked(&self) -> u64 {
        self.outbox.get().acked()
    }

    /// Starts from what was stored.
    pub(super) fn restore(&self, acked: u64, head: u64) {
        self.outbox.set(Outbox::new(acked, head));
    }

    /// The own chain grew.
    pub(super) fn grown_to(&self, seq: u64) {
        let mut outbox = self.outbox.get();
        outbox.grown_to(seq);
        self.outbox.set(outbox);
        self.bell.ring();
    }
}

/// A call that brought nothing.
#[derive(Debug)]
enum CallError {
    NoReply(String),
    Refused(ErrorBody),
}

async fn call<T: DeserializeOwned>(method: &str, url: &str, body: Option<&str>) -> Result<T, CallError> {
    let headers: &[(&str, &str)] = if body.is_some() { &[("Content-Type", "application/json")] } else { &[] };
    let reply = http::send(Call { method, url, headers, body, timeout_ms: TIMEOUT_MS })
        .await
        .map_err(|error| CallError::NoReply(error.to_string()))?;
    if reply.is_ok() {
        serde_json::from_str(&reply.body)
            .map_err(|error| CallError::NoReply(format!("{url} cannot be read: {error}")))
    } else {
        // Something in between (a proxy) may answer in its own words.
        Err(serde_json::from_str(&reply.body).map_or_else(
            |_| CallError::NoReply(format!("{url} answered {}", reply.status)),
            CallError::Refused,
        ))
    }
}

/// Starts both directions.
pub(super) fn begin(post: &Rc<Inner>) {
    if let Some(listener) = post.link.listener.borrow_mut().take() {
        post.keep(Task::spawn(Rc::clone(post).push_for_ever(listener)));
    }
    if let Some(knocked) = post.link.knocked.borrow_mut().take() {
        post.keep(Task::spawn(Rc::clone(post).follow_for_ever(knocked)));
    }
}

impl Inner {
    fn change_relay(&self, change: impl FnOnce(&mut RelayView)) {
        let view = {
            let mut view = self.link.view.borrow_mut();
            let before = view.clone();
            change(&mut view);
            if *view == before {
                return;
            }
            view.clone()
        };
        self.dispatch(Action::RelayChanged(view));
    }

    /// Tells the interface how much has to go out.
    pub(super) fn relay_pending(&self) {
        let pending = self.link.outbox.get().pending();
        self.change_relay(|view| view.pending = pending);
    }

    fn relay_is_there(&self) {
        if matches!(self.link.view.borrow().link, Link::Offline { .. }) {
            self.link.knock.ring();
        }
        self.change_relay(|view| {
            if view.link != Link::Refused {
                view.link = Link::Online;
            }
        });
    }

    fn relay_is_away(&self) {
        self.change_relay(|view| {
            if matches!(view.link, Link::Connecting | Link::Online) {
                view.link = Link::Offline { since_ms: clock::epoch_ms() };
            }
        });
    }

    /// Sends what the relay does not have, for ever.
    async fn push_for_ever(self: Rc<Self>, mut bell: Listener) {
        let mut backoff = Backoff::network();
        loop {
            let Some((first, last)) = self.link.outbox.get().batch() else {
                bell.heard().await;
                continue;
            };
            let Some(outcome) = self.push(first, last).await else {
                // Not readable now: the recorder has told the operator.
                clock::sleep(backoff.next_ms(clock::chance())).await;
                continue;
            };
            let reached = !matches!(outcome, PushOutcome::Unreachable(_));
            let mut outbox = self.link.outbox.get();
            let next = outbox.pushed(outcome);
            self.link.outbox.set(outbox);
            if reached {
                self.relay_is_there();
            } else {
                self.relay_is_away();
            }
            match next {
                NextStep::Continue => {
                    backoff.reset();
                    self.change_relay(|view| {
                        if view.link == Link::Refused {
                            (view.link, view.refusal) = (Link::Online, None);
                        }
                    });
                    self.acknowledged(outbox.acked());
                    self.relay_pending();
                    if let Some(journal) = self.recorder.journal() {
                        // Not stored, it would be sent again after a reload, which does no harm.
                        let _ = journal.set_acked(outbox.acked()).await;
                    }
                }
                NextStep::Wait => self.wait_for_relay(&mut backoff).await,
                NextStep::Stop(message) => {
                    if self.link.view.borrow().link != Link::Refused {
                        self.notify(
                            NoticeLevel::Error,
                            "notice-relay-refused",
                            vec![("reason", message.clone().into())],
                        );
                    }
                    self.change_relay(|view| (view.link, view.refusal) = (Link::Refused, Some(message)));
                    clock::sleep(REFUSED_MS).await;
                }
            }
        }
    }

    /// Waits for the next attempt, or until the feed shows that the relay is back.
    async fn wait_for_relay(&self, backoff: &mut Backoff) {
        let until = clock::monotonic_ms() + backoff.next_ms(clock::chance());
        let away = self.link.view.borrow().link != Link::Online;
        while clock::monotonic_ms() < until {
            clock::sleep((until - clock::monotonic_ms()).clamp(50.0, 250.0)).await;
            if away && self.link.view.borrow().link == Link::Online {
                return;
            }
        }
    }

    async fn push(&self, first: u64, last: u64) -> Option<PushOutcome> {
        let journal = self.recorder.journal()?;
        let entries = match journal.entries(first, last).await {
            Ok(entries) if !entries.is_empty() => {
                self.journal_works(JournalUse::Read);
                entries
            }
            // The relay is not to blame for what this browser lost.
            Ok(_) => {
                self.journal_failed(JournalUse::Read, &format!("entry {first} is missing in the journal"));
                return None;
            }
            Err(error) => {
                self.journal_failed(JournalUse::Read, &error);
                return None;
            }
        };
        let body = serde_json::to_string(&PushRequest { entries }).ok()?;
        let url = format!("/api/v1/posts/{}/entries", journal.identity().id);
        Some(match call::<PushReply>("POST", &url, Some(&body)).await {
            Ok(reply) => PushOutcome::Acknowledged(reply.head),
            Err(CallError::Refused(body)) => PushOutcome::Refused(body),
            Err(CallError::NoReply(error)) => PushOutcome::Unreachable(error),
        })
    }

    /// Greets the relay and follows its feed, for ever.
    async fn follow_for_ever(self: Rc<Self>, mut knocked: Listener) {
        let mut backoff = Backoff::network();
        loop {
            // What ends the feed shows as the relay being away; the details are of no use to an operator.
            let _ = self.follow(&mut backoff).await;
            self.relay_is_away();
            knocked.heard_within(backoff.next_ms(clock::chance())).await;
        }
    }

    async fn follow(&self, backoff: &mut Backoff) -> Result<(), CallError> {
        let info: RelayInfo = call("GET", "/api/v1/info", None).await?;
        self.change_relay(|view| (view.version, view.demo) = (info.version, info.demo));
        let cameras: Vec<CameraInfo> = call("GET", "/api/v1/cameras", None).await?;
        self.cameras_offered(cameras).await;
        // Without the journal the post does not know which of the feed's entries are its own.
        let journal = loop {
            if let Some(journal) = self.recorder.journal() {
                break journal;
            }
            self.relay_is_there();
            clock::sleep(JOURNAL_MS).await;
        };
        self.meet_record(info.record).await;
        let mut after = journal.feed_ordinal().await.unwrap_or(0);
        let broken = |ended: crate::platform::feed::FeedEnded| CallError::NoReply(ended.to_string());
        let mut feed = Feed::open(after).map_err(broken)?;
        loop {
            let message = feed.next().await.map_err(broken)?;
            backoff.reset();
            self.relay_is_there();
            match message {
                FeedMessage::Idle { .. } => {}
                FeedMessage::Entries { last, entries } => {
                    after = last;
                    self.take_from_feed(entries, after).await;
                }
            }
        }
    }

    /// A relay that keeps another record than the last time lacks what the old one had acknowledged: all of it goes out again.
    async fn meet_record(&self, record: RecordId) {
        let Some(journal) = self.recorder.journal() else { return };
        // Not readable or not stored now: it is met again when the feed opens the next time.
        if journal.meet_record(record).await.unwrap_or(false) {
            let outbox = self.link.outbox.get();
            self.link.restore(0, outbox.acked() + outbox.pending());
            self.link.bell.ring();
            self.relay_pending();
        }
    }

    async fn take_from_feed(&self, mut entries: Vec<Entry>, ordinal: u64) {
        let own: Option<PostId> = self.recorder.journal().map(|journal| journal.identity().id);
        entries.retain(|entry| Some(entry.post) != own);
        let before = entries.len();
        entries.retain(|entry| entry.computed_hash() == entry.hash);
        if entries.len() < before {
            self.notify(NoticeLevel::Error, "notice-peer-altered", Vec::new());
        }
        let fresh = entries.iter().any(|entry| {
            let recent = clock::epoch_ms() - entry.at_ms < RING_FOR_MS;
            recent && matches!(entry.parsed(), Ok(Record::SignalRaised(_)))
        });
        self.absorb(&entries, false);
        if fresh {
            self.sound.chime();
        }
        if let Some(journal) = self.recorder.journal() {
            // Not stored, they come again after a reload.
            let _ = journal.keep_peers(&entries, ordinal).await;
        }
    }
}
