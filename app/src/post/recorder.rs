//! The journal as the post uses it: what is recorded goes to disk first, then to the interface. While the disk refuses,
//! records wait here and the operator is told.

use super::{
    Inner,
    policy::{Backlog, JournalUse, Troubles},
};
use crate::platform::{
    clock,
    db::{Journal, Put, Write},
    task::{self, Bell, Listener},
};
use crate::state::{Action, AppState, NoticeLevel, RecordRow, StorageView};
use futures::channel::oneshot;
use std::{cell::RefCell, collections::VecDeque, rc::Rc};
use vigie_protocol::{ChainHead, Entry, Record};

/// Own rows that are held to be shown again when the relay acknowledges them.
const ROWS: usize = 500;
/// Records that wait while the disk refuses; beyond this the oldest are lost, which is recorded when it works again.
const BACKLOG: usize = 5_000;
/// Milliseconds that an operator is kept waiting for the disk.
const PATIENCE_MS: f64 = 2_000.0;
/// Milliseconds between attempts to store what waits.
const RETRY_MS: f64 = 3_000.0;

/// The journal and what waits for it.
pub(super) struct Recorder {
    journal: RefCell<Option<Rc<Journal>>>,
    backlog: RefCell<Backlog<Waiting>>,
    /// The journal is open: what waits can be stored.
    opened: Bell,
    listener: RefCell<Option<Listener>>,
    troubles: RefCell<Troubles>,
    view: RefCell<StorageView>,
    rows: RefCell<VecDeque<RecordRow>>,
}

/// A record that waits, and who waits for it.
struct Waiting {
    write: Write,
    stored: oneshot::Sender<()>,
}

impl Default for Recorder {
    fn default() -> Self {
        let (opened, listener) = Bell::new();
        Self {
            journal: RefCell::default(),
            backlog: RefCell::new(Backlog::new(BACKLOG)),
            opened,
            listener: RefCell::new(Some(listener)),
            troubles: RefCell::default(),
            view: RefCell::default(),
            rows: RefCell::default(),
        }
    }
}

impl Recorder {
    pub(super) fn journal(&self) -> Option<Rc<Journal>> {
        self.journal.borrow().clone()
    }

    /// The journal is open. `started` goes before everything that happened while it was not.
    pub(super) fn set_journal(&self, journal: Rc<Journal>, started: Write) {
        self.backlog.borrow_mut().push_first(Waiting { write: started, stored: oneshot::channel().0 });
        *self.journal.borrow_mut() = Some(journal);
        self.opened.ring();
    }

    /// Lets a record wait; the answer comes when the disk has it.
    fn put_off(&self, write: Write) -> oneshot::Receiver<()> {
        let (stored, answer) = oneshot::channel();
        self.backlog.borrow_mut().push(Waiting { write, stored });
        answer
    }

    /// The journal, when nothing waits that has to be stored first: the chain and the settings keep the order in which
    /// things happened.
    fn free_journal(&self) -> Option<Rc<Journal>> {
        self.journal().filter(|_| self.backlog.borrow().is_empty())
    }
}

impl Inner {
    /// Changes what the interface knows of the journal.
    pub(super) fn change_storage(&self, change: impl FnOnce(&mut StorageView)) {
        let view = {
            let mut view = self.recorder.view.borrow_mut();
            let before = view.clone();
            change(&mut view);
            if *view == before {
                return;
            }
            view.clone()
        };
        self.dispatch(Action::StorageChanged(view));
    }

    /// A use of the journal failed: the operator is told until the same use works again.
    pub(super) fn journal_failed(&self, asked: JournalUse, why: &impl ToString) {
        self.recorder.troubles.borrow_mut().failed(asked, why.to_string());
        self.tell_troubles();
    }

    /// A use of the journal works.
    pub(super) fn journal_works(&self, asked: JournalUse) {
        self.recorder.troubles.borrow_mut().works(asked);
        self.tell_troubles();
    }

    fn tell_troubles(&self) {
        let worst = self.recorder.troubles.borrow().worst().map(str::to_owned);
        self.change_storage(|view| view.error = worst);
    }

    /// Records something; true when the disk has it, false as soon as the disk is known to refuse. It waits then, and is
    /// stored when that works. This may take as long as the journal takes to open, and must not be ended before.
    pub(super) async fn record(&self, record: Record, puts: Vec<Put>) -> bool {
        let write = Write { record, at_ms: clock::epoch_ms(), puts };
        let Some(journal) = self.recorder.free_journal() else {
            let stored = self.recorder.put_off(write);
            let refused = self.recorder.troubles.borrow().fails(JournalUse::Write);
            return !refused && stored.await.is_ok();
        };
        match journal.append(write.clone()).await {
            Ok(entry) => {
                self.recorded(&entry);
                true
            }
            Err(error) => {
                drop(self.recorder.put_off(write));
                self.journal_failed(JournalUse::Write, &error);
                false
            }
        }
    }

    /// Records something that the operator waits for. When the disk does not have it in time the operator is told, and the
    /// answer is false; it is stored all the same as soon as that works.
    pub(super) async fn record_in_time(self: &Rc<Self>, record: Record) -> bool {
        let (done, stored) = oneshot::channel();
        let me = Rc::clone(self);
        task::spawn(async move {
            // Nobody listens any more after a while.
            let _ = done.send(me.record(record, Vec::new()).await);
        });
        let in_time = task::within(PATIENCE_MS, stored).await.is_some_and(|stored| stored == Ok(true));
        if !in_time {
            self.notify(NoticeLevel::Error, "notice-storage-failed", Vec::new());
        }
        in_time
    }

    /// Records something without waiting for it.
    pub(super) fn record_soon(&self, record: Record) {
        if let Some(me) = self.me.upgrade() {
            task::spawn(async move {
                me.record(record, Vec::new()).await;
            });
        }
    }

    /// An entry of this post is on disk: the interface and the relay may have it.
    fn recorded(&self, entry: &Entry) {
        let head = ChainHead { seq: entry.seq, hash: entry.hash };
        self.change_storage(|view| {
            if view.head.is_none_or(|known| known.seq < head.seq) {
                view.head = Some(head);
            }
        });
        self.journal_works(JournalUse::Write);
        self.link.grown_to(entry.seq);
        self.relay_pending();
        self.absorb(std::slice::from_ref(entry), true);
    }

    /// Takes entries, own or of other posts, into what the interface shows.
    pub(super) fn absorb(&self, entries: &[Entry], own: bool) {
        if entries.is_empty() {
            return;
        }
        let mut rows = Vec::with_capacity(entries.len());
        for entry in entries {
            // Text that is no record at all can only come from a broken peer: shown as unknown, like a newer one.
            let record = entry.parsed().unwrap_or(Record::Unknown);
            let synced = !own || entry.seq <= self.link.acked();
            let changed = self.register.borrow_mut().take_in(entry, &record, own, synced);
            for action in changed {
                self.dispatch(action);
            }
            rows.push(RecordRow {
                post: entry.post,
                seq: entry.seq,
                at_ms: entry.at_ms,
                record,
                hash: entry.hash,
                synced,
            });
        }
        if own {
            let mut kept = self.recorder.rows.borrow_mut();
            kept.extend(rows.iter().cloned());
            let excess = kept.len().saturating_sub(ROWS);
            kept.drain(..excess);
        }
        let older = rows.len().saturating_sub(AppState::MAX_ROWS);
        self.dispatch(Action::RecordRows(rows.split_off(older)));
    }

    /// The relay has acknowledged everything up to here.
    pub(super) fn acknowledged(&self, seq: u64) {
        let mut rows = Vec::new();
        for row in self.recorder.rows.borrow_mut().iter_mut().filter(|row| !row.synced && row.seq <= seq) {
            row.synced = true;
            rows.push(row.clone());
        }
        if !rows.is_empty() {
            self.dispatch(Action::RecordRows(rows));
        }
        let changed = self.register.borrow_mut().acknowledged(seq);
        for action in changed {
            self.dispatch(action);
        }
    }

    /// Stores what had to wait, for ever.
    pub(super) async fn clear_backlog(self: Rc<Self>) {
        let Some(mut opened) = self.recorder.listener.borrow_mut().take() else { return };
        loop {
            opened.heard_within(RETRY_MS).await;
            while let Some(journal) = self.recorder.journal() {
                let next = self.recorder.backlog.borrow().first().map(|waiting| waiting.write.clone());
                let Some(write) = next else { break };
                match journal.append(write).await {
                    Ok(entry) => {
                        let stored = self.recorder.backlog.borrow_mut().first_is_stored();
                        self.recorded(&entry);
                        if let Some(waiting) = stored {
                            // Not everybody waits.
                            let _ = waiting.stored.send(());
                        }
                    }
                    Err(error) => {
                        self.journal_failed(JournalUse::Write, &error);
                        break;
                    }
                }
            }
            let lost = self.recorder.backlog.borrow_mut().take_lost();
            if let Some(lost) = lost {
                let message = format!("{lost} records were lost while they could not be stored");
                self.record_soon(Record::EngineFault { message });
            }
        }
    }
}
