//! The journal as the post uses it: what is recorded goes to disk first, then to the interface. While the disk refuses,
//! records wait here and the operator is told.

use super::{
    Inner,
    policy::{JournalUse, Troubles},
};
use crate::platform::{
    clock,
    db::{Journal, Put, Write},
};
use crate::state::{Action, AppState, RecordRow, StorageView};
use std::{cell::RefCell, collections::VecDeque, rc::Rc};
use vigie_protocol::{ChainHead, Entry, Record};

/// Own rows that are held to be shown again when the relay acknowledges them.
const ROWS: usize = 500;
/// Records that wait while the disk refuses; beyond this the oldest are lost, which is recorded when it works again.
const BACKLOG: usize = 5_000;
/// Milliseconds between attempts to store what waits.
const RETRY_MS: f64 = 3_000.0;

/// The journal and what waits for it.
#[derive(Default)]
pub(super) struct Recorder {
    journal: RefCell<Option<Rc<Journal>>>,
    backlog: RefCell<VecDeque<Write>>,
    lost: std::cell::Cell<u64>,
    troubles: RefCell<Troubles>,
    view: RefCell<StorageView>,
    rows: RefCell<VecDeque<RecordRow>>,
}

impl Recorder {
    pub(super) fn journal(&self) -> Option<Rc<Journal>> {
        self.journal.borrow().clone()
    }

    pub(super) fn set_journal(&self, journal: Rc<Journal>) {
        *self.journal.borrow_mut() = Some(journal);
    }

    fn put_off(&self, write: Write) {
        let mut backlog = self.backlog.borrow_mut();
        if backlog.len() == BACKLOG {
            backlog.pop_front();
            self.lost.set(self.lost.get() + 1);
        }
        backlog.push_back(write);
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

    /// Records something; true when the disk has it. Otherwise it waits here, and is stored as soon as that works.
    pub(super) async fn record(&self, record: Record, puts: Vec<Put>) -> bool {
        let write = Write { record, at_ms: clock::epoch_ms(), puts };
        let Some(journal) = self.recorder.journal() else {
            // Still being opened; when that fails, the start says so.
            self.recorder.put_off(write);
            return false;
        };
        match journal.append(write.clone()).await {
            Ok(entry) => {
                self.recorded(&entry);
                true
            }
            Err(error) => {
                self.recorder.put_off(write);
                self.journal_failed(JournalUse::Write, &error);
                false
            }
        }
    }

    /// Records something without waiting for it.
    pub(super) fn record_soon(&self, record: Record) {
        if let Some(me) = self.me.upgrade() {
            crate::platform::task::spawn(async move {
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
        loop {
            clock::sleep(RETRY_MS).await;
            let lost = self.recorder.lost.take();
            if lost > 0 {
                let message = format!("{lost} records were lost while they could not be stored");
                self.recorder.put_off(Write {
                    record: Record::EngineFault { message },
                    at_ms: clock::epoch_ms(),
                    puts: Vec::new(),
                });
            }
            while let Some(journal) = self.recorder.journal() {
                let Some(write) = self.recorder.backlog.borrow_mut().pop_front() else { break };
                match journal.append(write.clone()).await {
                    Ok(entry) => self.recorded(&entry),
                    Err(error) => {
                        self.recorder.backlog.borrow_mut().push_front(write);
                        self.journal_failed(JournalUse::Write, &error);
                        break;
                    }
                }
            }
        }
    }
}
