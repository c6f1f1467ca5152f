//! The record of every post, in SQLite.
//!
//! What lives here: the database, the one writer, and the readers. What may not: HTTP, JSON on the wire.
//!
//! The database runs in WAL mode with `synchronous=FULL`: a commit has reached the disk before it is acknowledged
//! (<https://www.sqlite.org/pragma.html#pragma_synchronous>). There is one writing connection; pushes wait for it in a
//! line of at most [`Store::MAX_WAITING`], and one more is refused with 503.

mod push;
mod read;

pub(crate) use push::now_ms;
pub use read::{Page, StoredEntry, StoredRow, open_read_only};
pub(crate) use read::{every_row, highest_given};

use anyhow::Context as _;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use std::fs::{File, TryLockError};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Semaphore, watch};
use vigie_protocol::RecordId;

/// Name of the database inside the data folder.
pub const DATABASE: &str = "record.sqlite";

/// Name of the file whose lock shows that a relay works on the data folder.
const LOCK: &str = "relay.lock";

/// The record, open for reading and writing. Clones share the same database.
#[derive(Clone)]
pub struct Store {
    /// One connection: transactions that write follow one another.
    writer: SqlitePool,
    readers: SqlitePool,
    waiting: Arc<Semaphore>,
    /// Which record it is.
    record: RecordId,
    /// Highest ordinal on disk; feeds wake on it.
    tail: Arc<watch::Sender<u64>>,
    /// Held as long as the store lives: two relays on one folder would not wake each other's feeds.
    _lock: Arc<File>,
}

impl Store {
    /// Most pushes under way or in line for the writer.
    pub const MAX_WAITING: usize = 64;

    /// Opens or makes the database in `folder`. With `max_mib`, the database refuses to grow beyond that many mebibytes
    /// (pushes then get 503, as on a full disk).
    ///
    /// # Errors
    /// When the folder cannot be made or is in use by another relay, or the database cannot be opened or migrated.
    pub async fn open(folder: &Path, max_mib: Option<u32>) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("the data folder {} cannot be made", folder.display()))?;
        let lock = File::create(folder.join(LOCK))
            .with_context(|| format!("the data folder {} cannot be written", folder.display()))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => anyhow::bail!(
                "another relay works on the data folder {}: stop it, or give another folder with --data",
                folder.display()
            ),
            Err(TryLockError::Error(error)) => return Err(error).context("the data folder cannot be locked"),
        }

        let options = SqliteConnectOptions::new()
            .filename(folder.join(DATABASE))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(5));
        let mut writing = options.clone();
        if let Some(mib) = max_mib {
            // Pages of 4096 bytes, SQLite's default, 256 to the mebibyte.
            writing = writing.pragma("max_page_count", (u64::from(mib.max(1)) * 256).to_string());
        }
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(Duration::from_secs(10))
            .connect_with(writing)
            .await
            .context("the database cannot be opened")?;
        sqlx::migrate!("./migrations")
            .run(&writer)
            .await
            .context("the database cannot be brought up to date")?;
        let readers = SqlitePoolOptions::new()
            .max_connections(4)
            .acquire_timeout(Duration::from_secs(10))
            .connect_with(options.read_only(true))
            .await
            .context("the database cannot be opened for reading")?;

        let record =
            read::record_id(&readers).await.context("the database does not say which record it is")?;
        let last = read::last_ordinal(&readers).await.context("the database cannot be read")?;
        Ok(Self {
            writer,
            readers,
            waiting: Arc::new(Semaphore::new(Self::MAX_WAITING)),
            record,
            tail: Arc::new(watch::Sender::new(last)),
            _lock: Arc::new(lock),
        })
    }

    /// Which record it is; another database is another one.
    #[must_use]
    pub fn record(&self) -> RecordId {
        self.record
    }

    /// Watches the highest ordinal on disk.
    #[must_use]
    pub fn tail(&self) -> watch::Receiver<u64> {
        self.tail.subscribe()
    }

    /// Closes the database; what is under way ends first.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}
