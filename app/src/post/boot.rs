//! From an open page to a working post.

use super::{
    Inner,
    commands::{CAMERA, NETWORK, StoredCamera, ZONES},
    engines, link,
    signalling::SOFTWARE,
};
use crate::platform::{clock, db::Journal, page, tab_lock, task::Task};
use crate::state::{Action, CameraSource, NoticeLevel};
use std::{collections::HashSet, rc::Rc};
use vigie_engine::Zone;
use vigie_protocol::{CameraId, Entry, PostId, Record, SignalId};

/// Own entries that are read, checked and shown at start.
const TAIL: u64 = 4_000;
/// Milliseconds between two looks at cameras.
const CAMERA_TICK_MS: f64 = 500.0;
/// Milliseconds between two attempts to open the journal.
const OPEN_RETRY_MS: f64 = 5_000.0;

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
    let journal = open_journal(&post).await;
    restore(&post, &journal).await;
    post.recorder.set_journal(Rc::clone(&journal));
    post.record(
        Record::PostStarted { software: SOFTWARE.to_owned(), name: journal.identity().name },
        Vec::new(),
    )
    .await;
    reopen_cameras(&post, &journal).await;
    link::begin(&post);
    post.keep(Task::spawn(Rc::clone(&post).clear_backlog()));
    post.keep(Task::spawn(tick(Rc::clone(&post))));
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
    let persistent = page::persist_storage().await;
    post.change_storage(|view| view.persistent = persistent);
    // Held as long as the post lives.
    std::future::pending::<()>().await;
    drop((lock, leaving));
}

/// Opens the journal, for ever: without it nothing can be recorded, and a post that records nothing must say so.
async fn open_journal(post: &Inner) -> Rc<Journal> {
    loop {
        match Journal::open(post_name).await {
            Ok(journal) => return Rc::new(journal),
            Err(error) => {
                post.change_storage(|view| view.error = Some(error.to_string()));
                clock::sleep(OPEN_RETRY_MS).await;
            }
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

/// Shows again what was there before the page was loaded.
async fn restore(post: &Inner, journal: &Journal) {
    let identity = journal.identity();
    post.dispatch(Action::PostKnown { id: identity.id, name: identity.name });
    post.change_storage(|view| view.error = None);
    let outcome = async {
        let head = journal.head().await?;
        post.link.restore(journal.acked().await?, head.seq);
        post.change_storage(|view| view.head = Some(head));
        post.relay_pending();
        let (own, fault) = journal.tail(TAIL).await?;
        if let Some(fault) = fault {
            let args = vec![("entry", fault.seq.to_string()), ("reason", fault.error.to_string())];
            post.notify(NoticeLevel::Error, "notice-chain-broken", args);
        }
        show(post, &own, true).await;
        show(post, &journal.peers().await?, false).await;
        show_clips(post, journal.clips().await?);
        for (camera, zones) in journal.settings::<Vec<Zone>>(ZONES).await? {
            if let Ok(camera) = CameraId::new(camera) {
                post.cameras.store_zones(&camera, zones);
            }
        }
        if let Some((model, input)) = journal.setting(NETWORK).await? {
            post.set_network(model, input);
        }
        Ok::<_, crate::platform::db::DbError>(())
    };
    if let Err(error) = outcome.await {
        post.change_storage(|view| view.error = Some(error.to_string()));
    }
}

/// Shows entries in pieces, so that a long journal does not hold up the page.
async fn show(post: &Inner, entries: &[Entry], own: bool) {
    for piece in entries.chunks(100) {
        post.absorb(piece, own);
        clock::sleep(0.0).await;
    }
}

fn show_clips(post: &Inner, clips: Vec<SignalId>) {
    for signal in clips.into_iter().collect::<HashSet<_>>() {
        post.register.borrow_mut().has_clip(signal);
        post.dispatch(Action::ClipStored(signal));
    }
}

/// Cameras whose address is known come back by themselves.
async fn reopen_cameras(post: &Rc<Inner>, journal: &Journal) {
    match journal.settings::<StoredCamera>(CAMERA).await {
        Ok(stored) => {
            for (id, camera) in stored {
                if let (Ok(id), false) = (CameraId::new(id), camera.closed) {
                    let source = CameraSource::Whep { url: camera.url, server_offers: camera.server_offers };
                    post.open_camera(id, camera.name, source, false);
                }
            }
        }
        Err(error) => post.change_storage(|view| view.error = Some(error.to_string())),
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
