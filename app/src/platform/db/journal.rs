//! This post's chain, appended to by one task, one transaction at a time.
//!
//! The head is read inside the transaction that writes: two tabs cannot fork the chain, whatever else goes wrong.

use super::store::{Db, DbError, ENTRIES, META, SETTINGS, finished, to_js};
use crate::platform::{clock, ids, task::Task};
use futures::{
    channel::{mpsc, oneshot},
    stream::StreamExt,
};
use idb::{KeyRange, Query};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{cell::RefCell, rc::Rc};
use vigie_protocol::{ChainError, ChainHead, Entry, PostId, Record};
use wasm_bindgen::JsValue;

/// Writes that may wait. When it is full, a write is refused and the caller keeps it for later.
const QUEUE: usize = 1_024;
/// Writes that share one transaction.
const BATCH: usize = 64;
/// Entries read at a time.
const READ: u64 = 250;

/// Who this browser profile is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Its identity.
    pub id: PostId,
    /// Its display name.
    pub name: String,
}

/// A setting that is stored, or removed, together with a record.
#[derive(Clone, Debug)]
pub struct Put {
    /// Its name.
    pub key: String,
    /// As JSON; `None` removes it.
    pub value: Option<serde_json::Value>,
}

/// Something to be recorded.
#[derive(Clone, Debug)]
pub struct Write {
    /// What.
    pub record: Record,
    /// When it happened, milliseconds since the Unix epoch.
    pub at_ms: i64,
    /// Settings that change with it, in the same transaction.
    pub puts: Vec<Put>,
}

/// What is wrong with the stored chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TailFault {
    /// The first broken entry.
    pub seq: u64,
    /// What is wrong with it.
    pub error: TailError,
}

/// What is wrong with a stored entry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TailError {
    /// It does not continue the chain.
    #[error("{0}")]
    Chain(ChainError),
    /// What is stored in its place is no entry.
    #[error("what is stored there is no entry: {0}")]
    Unreadable(String),
}

/// A setting that was read, under the end of its name.
pub type Named<T> = (String, Result<T, DbError>);

struct Job {
    write: Write,
    done: oneshot::Sender<Result<Entry, DbError>>,
}

/// The open journal.
#[derive(Debug)]
pub struct Journal {
    pub(super) db: Rc<Db>,
    identity: RefCell<Identity>,
    queue: RefCell<mpsc::Sender<Job>>,
    _writer: Task,
}

impl Journal {
    /// Opens the journal. A new browser profile becomes a new post, called `name`.
    ///
    /// # Errors
    /// [`DbError`].
    pub async fn open(name: impl FnOnce(PostId) -> String) -> Result<Self, DbError> {
        let db = Rc::new(Db::open().await?);
        let identity = if let Some(identity) = db.get::<Identity>(META, "post").await? {
            identity
        } else {
            let id = PostId(ids::uuid());
            let identity = Identity { id, name: name(id) };
            db.put(META, "post", &identity).await?;
            identity
        };
        let (queue, mut jobs) = mpsc::channel::<Job>(QUEUE);
        let writer = Task::spawn({
            let (db, post) = (Rc::clone(&db), identity.id);
            async move {
                while let Some(first) = jobs.next().await {
                    let mut batch = vec![first];
                    while batch.len() < BATCH
                        && let Ok(job) = jobs.try_recv()
                    {
                        batch.push(job);
                    }
                    let (writes, done): (Vec<_>, Vec<_>) =
                        batch.into_iter().map(|job| (job.write, job.done)).unzip();
                    let stored = append(&db, post, &writes).await;
                    for (place, done) in done.into_iter().enumerate() {
                        // One entry came for each write. A caller that is gone does not need the answer.
                        let _ = done.send(
                            stored.as_ref().map(|entries| entries[place].clone()).map_err(Clone::clone),
                        );
                    }
                }
            }
        });
        Ok(Self { db, identity: RefCell::new(identity), queue: RefCell::new(queue), _writer: writer })
    }

    /// Who we are.
    #[must_use]
    pub fn identity(&self) -> Identity {
        self.identity.borrow().clone()
    }

    /// Changes the display name.
    ///
    /// # Errors
    /// [`DbError`].
    pub async fn rename(&self, name: String) -> Result<(), DbError> {
        let identity = Identity { name, ..self.identity() };
        self.db.put(META, "post", &identity).await?;
        *self.identity.borrow_mut() = identity;
        Ok(())
    }

    /// Appends a record. When this returns `Ok`, the disk has it.
    ///
    /// # Errors
    /// [`DbError`]; nothing was stored then.
    pub async fn append(&self, write: Write) -> Result<Entry, DbError> {
        let (done, answer) = oneshot::channel();
        let queued = self.queue.borrow_mut().try_send(Job { write, done });
        queued.map_err(|_| DbError("too many records are waiting to be stored".to_owned()))?;
        answer.await.map_err(|_| DbError("the journal was closed".to_owned()))?
    }

    /// Last entry of the chain.
    ///
    /// # Errors
    /// [`DbError`].
    pub async fn head(&self) -> Result<ChainHead, DbError> {
        Ok(self.db.get(META, "head").await?.unwrap_or(ChainHead::EMPTY))
    }

    /// Own entries from `first` to `last`, in order.
    ///
    /// # Errors
    /// [`DbError`].
    pub async fn entries(&self, first: u64, last: u64) -> Result<Vec<Entry>, DbError> {
        let values = self.stored(first, last).await?;
        values.into_iter().map(|value| Ok(serde_wasm_bindgen::from_value(value)?)).collect()
    }

    async fn stored(&self, first: u64, last: u64) -> Result<Vec<JsValue>, DbError> {
        let post = self.identity().id;
        let range = KeyRange::bound(&entry_key(post, first), &entry_key(post, last), None, None)?;
        Ok(self.db.read(ENTRIES)?.get_all(Some(Query::KeyRange(range)), None)?.await?)
    }

    /// The last `most` own entries, and whether they form a chain that ends at the stored head. An entry that cannot be
    /// read is left out, and is a fault.
    ///
    /// # Errors
    /// [`DbError`].
    pub async fn tail(&self, most: u64) -> Result<(Vec<Entry>, Option<TailFault>), DbError> {
        let head = self.head().await?;
        if head.seq == 0 {
            return Ok((Vec::new(), None));
        }
        let first = head.seq.saturating_sub(most - 1).max(1);
        let mut entries: Vec<Entry> = Vec::new();
        let mut unreadable = None;
        // In pieces, so that a long journal does not hold up the page.
        for from in (first..=head.seq).step_by(READ as usize) {
            for value in self.stored(from, head.seq.min(from + READ - 1)).await? {
                match serde_wasm_bindgen::from_value::<Entry>(value) {
                    Ok(entry) => entries.push(entry),
                    Err(error) => drop(unreadable.get_or_insert_with(|| TailFault {
                        seq: entries.last().map_or(first, |entry| entry.seq + 1),
                        error: TailError::Unreadable(error.to_string()),
                    })),
                }
            }
        }
        let fault = first_fault(first, &entries, head, unreadable);
        Ok((entries, fault))
    }

    /// Last own entry that the relay acknowledged.
    ///
    /// # Errors
    /// [`DbError`].
    pub async fn acked(&self) -> Result<u64, DbError> {
        Ok(self.db.get(META, "acked").await?.unwrap_or(0))
    }

    /// Notes what the relay acknowledged.
    ///
    /// # Errors
    /// [`DbError`]; the entries are then sent again one day, which does no harm.
    pub async fn set_acked(&self, seq: u64) -> Result<(), DbError> {
        self.db.put(META, "acked", &seq).await
    }

    /// A setting.
    ///
    /// # Errors
    /// [`DbError`], also for a setting of another form.
    pub async fn setting<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, DbError> {
        self.db.get(SETTINGS, key).await
    }

    /// Settings whose names start with `prefix`, by the rest of their names; `Err` for one of another form.
    ///
    /// # Errors
    /// [`DbError`].
    pub async fn settings<T: DeserializeOwned>(&self, prefix: &str) -> Result<Vec<Named<T>>, DbError> {
        let range = || KeyRange::bound(&prefix.into(), &format!("{prefix}\u{ffff}").into(), None, None);
        // Both in one transaction: a setting that comes or goes between them would shift names against values.
        let settings = self.db.read(SETTINGS)?;
        let keys = settings.get_all_keys(Some(Query::KeyRange(range()?)), None)?;
        let values = settings.get_all(Some(Query::KeyRange(range()?)), None)?;
        let (keys, values) = (keys.await?, values.await?);
        let named = keys.into_iter().zip(values).filter_map(|(key, value)| {
            let name = key.as_string()?.strip_prefix(prefix)?.to_owned();
            Some((name, serde_wasm_bindgen::from_value(value).map_err(DbError::from)))
        });
        Ok(named.collect())
    }

    /// Stores a setting that needs no record.
    ///
    /// # Errors
    /// [`DbError`].
    pub async fn put_setting<T: Serialize>(&self, key: &str, value: &T) -> Result<(), DbError> {
        self.db.put(SETTINGS, key, value).await
    }
}

/// The first thing that keeps `entries`, from number `first` on, from being a chain that ends at `head`. What comes before
/// the first entry is not looked at: its hash is taken on trust.
fn first_fault(
    first: u64,
    entries: &[Entry],
    head: ChainHead,
    unreadable: Option<TailFault>,
) -> Option<TailFault> {
    let mut at = entries.first().map_or(ChainHead::EMPTY, |e| ChainHead { seq: first - 1, hash: e.prev });
    let mut broken = None;
    for entry in entries {
        match at.after(entry) {
            Ok(next) => at = next,
            Err(error) => {
                broken = Some(error);
                break;
            }
        }
    }
    let broken = broken
        .or_else(|| (at != head).then_some(ChainError::Sequence { expected: head.seq, found: at.seq }))
        .map(|error| TailFault { seq: at.seq + 1, error: TailError::Chain(error) });
    // An unreadable entry leaves a hole in the chain; it is what explains the hole.
    match (unreadable, broken) {
        (Some(unreadable), Some(broken)) if broken.seq < unreadable.seq => Some(broken),
        (unreadable, broken) => unreadable.or(broken),
    }
}

async fn append(db: &Db, post: PostId, writes: &[Write]) -> Result<Vec<Entry>, DbError> {
    let transaction = db.write(&[ENTRIES, META, SETTINGS], "strict")?;
    let (entries_store, meta) = (transaction.object_store(ENTRIES)?, transaction.object_store(META)?);
    let settings = transaction.object_store(SETTINGS)?;
    let mut head = match meta.get(Query::Key("head".into()))?.await? {
        Some(value) => serde_wasm_bindgen::from_value(value)?,
        None => ChainHead::EMPTY,
    };
    let mut entries = Vec::with_capacity(writes.len());
    for write in writes {
        let entry = link(&head, post, write)?;
        // `add` fails, and the whole transaction with it, where the number is taken.
        entries_store.add(&to_js(&entry)?, Some(&entry_key(post, entry.seq)))?;
        for put in &write.puts {
            match &put.value {
                Some(value) => drop(settings.put(&to_js(value)?, Some(&put.key.as_str().into()))?),
                None => drop(settings.delete(Query::Key(put.key.as_str().into()))?),
            }
        }
        head = ChainHead { seq: entry.seq, hash: entry.hash };
        entries.push(entry);
    }
    meta.put(&to_js(&head)?, Some(&"head".into()))?;
    finished(transaction).await?;
    Ok(entries)
}

/// A record that is too large must not stop those behind it: its place says what happened.
fn link(head: &ChainHead, post: PostId, write: &Write) -> Result<Entry, DbError> {
    let linked = head.link(post, write.at_ms, &write.record).or_else(|error| {
        let told = Record::EngineFault { message: format!("a record could not be kept: {error}") };
        head.link(post, clock::epoch_ms(), &told)
    });
    linked.map_err(|error| DbError(error.to_string()))
}

pub(super) fn entry_key(post: PostId, seq: u64) -> JsValue {
    js_sys::Array::of2(&post.to_string().into(), &(seq as f64).into()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain(length: u64) -> (Vec<Entry>, ChainHead) {
        let post = PostId(uuid::Uuid::from_u128(1));
        let mut head = ChainHead::EMPTY;
        let entries = (0..length)
            .map(|n| {
                let record = Record::EngineFault { message: format!("number {n}") };
                let entry = head.link(post, 7, &record).unwrap();
                head = ChainHead { seq: entry.seq, hash: entry.hash };
                entry
            })
            .collect();
        (entries, head)
    }

    fn unreadable(seq: u64) -> TailFault {
        TailFault { seq, error: TailError::Unreadable("missing field".into()) }
    }

    #[test]
    fn a_whole_tail_has_no_fault() {
        let (entries, head) = chain(9);
        assert_eq!(first_fault(1, &entries, head, None), None);
        assert_eq!(first_fault(5, &entries[4..], head, None), None);
        assert_eq!(first_fault(5, &entries[4..8], head, None).map(|fault| fault.seq), Some(9));
    }

    #[test]
    fn an_entry_that_cannot_be_read_is_named_and_the_others_are_kept() {
        let (mut entries, head) = chain(9);
        entries.remove(3);
        assert_eq!(first_fault(1, &entries, head, Some(unreadable(4))), Some(unreadable(4)));
        assert_eq!(first_fault(1, &entries, head, None).map(|fault| fault.seq), Some(4));
        entries[1].record.push(' ');
        assert_eq!(first_fault(1, &entries, head, Some(unreadable(4))).map(|fault| fault.seq), Some(2));
        assert_eq!(first_fault(1, &[], head, Some(unreadable(1))), Some(unreadable(1)));
    }
}
