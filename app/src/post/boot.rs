//! From an open page to a working post.

use super::{
    Inner,
    commands::{CAMERA, NETWORK, StoredCamera},
    engines, link,
    policy::JournalUse,
    settings,
    signalling::SOFTWARE,
};
use crate::platform::{
    clock,
    db::{DbError, Journal, TailError, Write},
    page, tab_lock,
    task::{self, Task},
};
use crate::state::{Action, CameraSource, NoticeArg, NoticeLevel};
use futures::channel::oneshot;
use std::{collections::HashSet, pin::pin, rc::Rc};
use vigie_protocol::{CameraId, Entry, PostId, Record};

/// Own entries that are read, checked and shown at start.
const TAIL: u64 = 4_000;
/// Milliseconds between two looks at cameras.
const CAMERA_TICK_MS: f64 = 500.0;
/// Milliseconds between two attempts to open the journal, and between two looks at one that takes long.
const OPEN_RETRY_MS: f64 = 5_000.0;
/// Milliseconds that the relay's cameras wait for what the journal knows of them.
const REMEMBER_MS: f64 = 8_000.0;
/// Milliseconds that each part of the journal may take to be read at start.
const RESTORE_MS: f64 = 20_000.0;

/// Starts everything; returns at once.
pub(super) fn begin(post: &Rc<Inner>) {
    let me = Rc::clone(post);
    post.keep(Task::spawn(async move { start(me).await }));
}

async fn start(post: Rc<Inner>) {
    // Another tab of this browser may be the post already: two would analyse the same cameras and write one chain.
    let lock = tab_lock::acquire("vigie-post", || post.change_storage(|view| view.other_tab = true)).await;
    post.change_storage(|view| view.other_tab = false);
    post.keep(Task::spawn(engines::begin(Rc::clone(&post))));
    post.keep(Task::spawn(tick(Rc::clone(&post))));
    post.keep(Task::spawn(Rc::clone(&post).clear_backlog()));
    let leaving = page::on_leave({
        let me = post.me.clone();
        move || {
            // The page goes away: the servers should not have to find out by themselves.
            let Some(me) = me.upgrade() else { return };
            me.cameras
                .all()
                .iter()
                .filter_map(|camera| camera.session.borrow().clone())
                .for_each(|s| s.end());
        }
    });
    let (opened, remembered) = oneshot::channel();
    let me = Rc::clone(&post);
    post.keep(Task::spawn(async move {
        remember(&me).await;
        // Nobody waits when it took long.
        let _ = opened.send(());
    }));
    // The relay's cameras work without the journal; but it knows which of them were taken off the wall, and their zones.
    let _ = task::within(REMEMBER_MS, remembered).await;
    link::begin(&post);
    let persistent = page::persist_storage().await;
    post.change_storage(|view| view.persistent = persistent);
    // Held as long as the post lives.
    std::future::pending::<()>().await;
    drop((lock, leaving));
}

/// Opens the journal and brings back what is in it.
async fn remember(post: &Rc<Inner>) {
    let at_ms = clock::epoch_ms();
    let journal = open_journal(post).await;
    restore(post, &journal).await;
    let record = Record::PostStarted { software: SOFTWARE.to_owned(), name: journal.identity().name };
    post.recorder.set_journal(Rc::clone(&journal), Write { record, at_ms, puts: Vec::new() });
    reopen_cameras(post, &journal).await;
}

/// Opens the journal, for ever: without it nothing can be recorded, and a post that records nothing must say so.
async fn open_journal(post: &Inner) -> Rc<Journal> {
    let mut opening = pin!(Journal::open(post_name));
    loop {
        match task::within(OPEN_RETRY_MS, opening.as_mut()).await {
            Some(Ok(journal)) => {
                post.journal_works(JournalUse::Open);
                return Rc::new(journal);
            }
            Some(Err(error)) => {
                post.journal_failed(JournalUse::Open, &error);
                clock::sleep(OPEN_RETRY_MS).await;
                opening.set(Journal::open(post_name));
            }
            // Waited for all the same: an opening that was given up might still end and hold the database.
            None => post.journal_failed(JournalUse::Open, &"the browser has not opened its database yet"),
        }
    }
}

/// The name of a new post: as the address says, else by the end of its identity, in no language.
fn post_name(id: PostId) -> String {
    let asked = page::parameter("post").map(|name| name.trim().chars().take(64).collect::<String>());
    asked.filter(|name| !name.is_empty()).unwrap_or_else(|| {
        let id = id.to_string();
        format!("Vigie {}", &id[id.len() - 4..])
    })
}

/// Brings back what was there before the page was loaded: first what guards, then what is shown. Each part has its own
/// outcome, so that one value that cannot be read disarms nothing else.
async fn restore(post: &Inner, journal: &Journal) {
    let identity = journal.identity();
    post.dispatch(Action::PostKnown { id: identity.id, name: identity.name });
    let outcomes = [
        in_time(settings::restore(post, journal)).await,
        in_time(restore_network(post, journal)).await,
        in_time(restore_record(post, journal)).await,
        in_time(restore_peers(post, journal)).await,
        in_time(restore_clips(post, journal)).await,
    ];
    for error in outcomes.into_iter().filter_map(Result::err) {
        post.journal_failed(JournalUse::Restore, &error);
    }
}

/// A disk that does not answer must not hold up the parts that come after.
async fn in_time(part: impl Future<Output = Result<(), DbError>>) -> Result<(), DbError> {
    let late = || Err(DbError("the browser does not answer when its database is read".to_owned()));
    task::within(RESTORE_MS, part).await.unwrap_or_else(late)
}

async fn restore_network(post: &Inner, journal: &Journal) -> Result<(), DbError> {
    if let Some((model, input)) = journal.setting(NETWORK).await? {
        post.set_network(model, input);
    }
    Ok(())
}

async fn restore_record(post: &Inner, journal: &Journal) -> Result<(), DbError> {
    let head = journal.head().await?;
    // Without it the relay gets everything again, which does no harm.
    let acked = journal.acked().await;
    post.link.restore(acked.as_ref().copied().unwrap_or(0), head.seq);
    post.change_storage(|view| view.head = Some(head));
    post.relay_pending();
    let (own, fault) = journal.tail(TAIL).await?;
    if let Some(fault) = fault {
        let reason = match fault.error {
            TailError::Chain(error) => NoticeArg::Chain(error),
            TailError::Unreadable(why) => {
                // The notice has no room for what only a technician understands.
                post.journal_failed(JournalUse::Restore, &format!("entry {}: {why}", fault.seq));
                NoticeArg::Unreadable
            }
        };
        let args = vec![("entry", fault.seq.to_string().into()), ("reason", reason)];
        post.notify(NoticeLevel::Error, "notice-chain-broken", args);
    }
    show(post, &own, true).await;
    acked.map(drop)
}

async fn restore_peers(post: &Inner, journal: &Journal) -> Result<(), DbError> {
    show(post, &journal.peers().await?, false).await;
    Ok(())
}

async fn restore_clips(post: &Inner, journal: &Journal) -> Result<(), DbError> {
    for signal in journal.clips().await?.into_iter().collect::<HashSet<_>>() {
        post.register.borrow_mut().has_clip(signal);
        post.dispatch(Action::ClipStored(signal));
    }
    Ok(())
}

/// Shows entries in pieces, so that a long journal does not hold up the page.
async fn show(post: &Inner, entries: &[Entry], own: bool) {
    for piece in entries.chunks(100) {
        post.absorb(piece, own);
        clock::sleep(0.0).await;
    }
}

/// Cameras whose address is known come back by themselves.
async fn reopen_cameras(post: &Rc<Inner>, journal: &Journal) {
    match journal.settings::<StoredCamera>(CAMERA).await {
        Ok(stored) => {
            for (id, camera) in stored {
                let camera = match camera {
                    Ok(camera) => camera,
                    Err(error) => {
                        post.journal_failed(JournalUse::Restore, &format!("{CAMERA}{id}: {error}"));
                        continue;
                    }
                };
                if let (Ok(id), false) = (CameraId::new(id), camera.closed) {
                    let source = CameraSource::Whep { url: camera.url, server_offers: camera.server_offers };
                    post.open_camera(id, camera.name, source, false);
                }
            }
        }
        Err(error) => post.journal_failed(JournalUse::Restore, &error),
    }
}

/// Looks after cameras and engines, for ever. A hidden tab wakes this once a second at best: analysis goes on at that
/// pace.
async fn tick(post: Rc<Inner>) {
    let mut turn = 0u32;
    loop {
        clock::sleep(CAMERA_TICK_MS).await;
        turn = turn.wrapping_add(1);
        let mut new = false;
        for camera in post.cameras.all() {
            new |= camera.look();
            post.show_camera(&camera);
        }
        if turn.is_multiple_of(2) || page::is_hidden() {
            post.tend_engines();
        } else if new {
            post.pump();
        }
    }
}
