//! Reading the record: heads, pages for the feed, and the whole table for verification and export.

use super::{DATABASE, Store};
use crate::error::ApiError;
use anyhow::Context as _;
use futures::{Stream, StreamExt as _};
use serde::{Deserialize, Serialize};
use sqlx::sqlite::{SqliteConnectOptions, SqliteRow};
use sqlx::{ConnectOptions as _, Row as _, SqliteConnection, SqliteExecutor};
use std::path::Path;
use std::time::Duration;
use uuid::Uuid;
use vigie_protocol::{ChainHead, Entry, Hash, PostId, RecordId};

/// An entry with what the relay knows of it. One line of an export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredEntry {
    /// The relay's order over all posts, from 1.
    pub ordinal: u64,
    /// When the relay took it, milliseconds since the Unix epoch.
    pub received_ms: i64,
    /// What the post wrote.
    #[serde(flatten)]
    pub entry: Entry,
}

/// A row as found: one that was tampered with may not even be an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoredRow {
    /// It reads as an entry; whether it is the right one, the chain says.
    Entry(StoredEntry),
    /// It does not.
    Unreadable {
        /// Where it stands; below 1 in a row that no relay wrote.
        ordinal: i64,
        /// What is wrong.
        why: String,
    },
}

impl Store {
    /// Where the relay's copy of a post's chain stands; [`ChainHead::EMPTY`] for a post never heard of.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn head(&self, post: PostId) -> Result<ChainHead, ApiError> {
        Ok(head(&self.readers, post).await?)
    }

    /// At most `limit` entries of any post from ordinal `after + 1` on, in the relay's order. A row that somebody made
    /// unreadable is left out and logged: it must not keep the others from the posts.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn page(&self, after: u64, limit: u32) -> Result<Page, ApiError> {
        const PAGE: &str = "SELECT ordinal, post, seq, prev, at_ms, record, hash, received_ms FROM entries \
                            WHERE ordinal > ? ORDER BY ordinal LIMIT ?";
        let rows = sqlx::query(PAGE)
            .bind(i64::try_from(after).unwrap_or(i64::MAX))
            .bind(limit)
            .fetch_all(&self.readers)
            .await?;
        let mut page = Page { last: after, entries: Vec::with_capacity(rows.len()) };
        for row in &rows {
            match decode(row) {
                StoredRow::Entry(stored) => {
                    page.last = stored.ordinal;
                    page.entries.push(stored.entry);
                }
                StoredRow::Unreadable { ordinal, why } => {
                    // Asked for above `after`, so it is positive.
                    page.last = ordinal.unsigned_abs();
                    tracing::error!(
                        "row {ordinal} of the record cannot be read ({why}): run `vigie-relay verify`"
                    );
                }
            }
        }
        Ok(page)
    }
}

/// A stretch of the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Ordinal of its last row; what was asked for when there is none.
    pub last: u64,
    /// The entries, in the relay's order.
    pub entries: Vec<Entry>,
}

pub(super) async fn head(database: impl SqliteExecutor<'_>, post: PostId) -> Result<ChainHead, sqlx::Error> {
    let row = sqlx::query("SELECT seq, hash FROM entries WHERE post = ? ORDER BY seq DESC LIMIT 1")
        .bind(post.0.as_bytes().as_slice())
        .fetch_optional(database)
        .await?;
    let Some(row) = row else { return Ok(ChainHead::EMPTY) };
    let hash: Vec<u8> = row.try_get("hash")?;
    let hash = hash.try_into().map_err(|_| sqlx::Error::Decode("a hash is not 32 bytes".into()))?;
    let seq = u64::try_from(row.try_get::<i64, _>("seq")?)
        .map_err(|_| sqlx::Error::Decode("an entry's number is below zero".into()))?;
    Ok(ChainHead { seq, hash: Hash(hash) })
}

pub(super) async fn record_id(database: impl SqliteExecutor<'_>) -> Result<RecordId, sqlx::Error> {
    let id: Vec<u8> = sqlx::query_scalar("SELECT id FROM record").fetch_one(database).await?;
    Uuid::from_slice(&id).map(RecordId).map_err(|error| sqlx::Error::Decode(error.into()))
}

pub(super) async fn last_ordinal(database: impl SqliteExecutor<'_>) -> Result<u64, sqlx::Error> {
    let last: Option<i64> =
        sqlx::query_scalar("SELECT max(ordinal) FROM entries").fetch_one(database).await?;
    // Rows below 1 are none of the relay's: its order starts there.
    Ok(last.and_then(|last| u64::try_from(last).ok()).unwrap_or(0))
}

/// Opens the database of a data folder for reading alone; a relay may be running on it.
///
/// # Errors
/// When there is none, or it cannot be read.
pub async fn open_read_only(folder: &Path) -> anyhow::Result<SqliteConnection> {
    let file = folder.join(DATABASE);
    anyhow::ensure!(
        file.is_file(),
        "{} holds no record: give the relay's data folder with --data",
        folder.display()
    );
    SqliteConnectOptions::new()
        .filename(&file)
        .read_only(true)
        .busy_timeout(Duration::from_secs(10))
        .connect()
        .await
        .with_context(|| format!("{} cannot be read", file.display()))
}

/// The highest ordinal that was ever given, of entries that are there or no longer.
///
/// # Errors
/// When the database cannot be read.
pub(crate) async fn highest_given(database: impl SqliteExecutor<'_>) -> Result<u64, sqlx::Error> {
    let given: Option<i64> = sqlx::query_scalar("SELECT seq FROM sqlite_sequence WHERE name = 'entries'")
        .fetch_optional(database)
        .await?;
    Ok(given.and_then(|given| u64::try_from(given).ok()).unwrap_or(0))
}

/// Every row, in the relay's order, one at a time.
pub(crate) fn every_row(
    database: &mut SqliteConnection,
) -> impl Stream<Item = Result<StoredRow, sqlx::Error>> {
    const ALL: &str =
        "SELECT ordinal, post, seq, prev, at_ms, record, hash, received_ms FROM entries ORDER BY ordinal";
    sqlx::query(ALL).fetch(database).map(|row| row.map(|row| decode(&row)))
}

/// Reads a row; nothing is taken for granted, because verification reads tables that somebody may have changed.
fn decode(row: &SqliteRow) -> StoredRow {
    let ordinal = row.try_get::<i64, _>("ordinal").unwrap_or_default();
    let read = || -> Result<StoredEntry, String> {
        let text = |error: sqlx::Error| error.to_string();
        let place = u64::try_from(ordinal).ok().filter(|place| *place >= 1);
        let post = Uuid::from_slice(row.try_get("post").map_err(text)?).map_err(|e| format!("post: {e}"))?;
        let seq: i64 = row.try_get("seq").map_err(text)?;
        let digest = |column: &str| -> Result<Hash, String> {
            let bytes: &[u8] = row.try_get(column).map_err(text)?;
            bytes.try_into().map(Hash).map_err(|_| format!("{column}: {} bytes, not 32", bytes.len()))
        };
        Ok(StoredEntry {
            ordinal: place.ok_or("rows are numbered from 1")?,
            received_ms: row.try_get("received_ms").map_err(text)?,
            entry: Entry {
                post: PostId(post),
                seq: u64::try_from(seq).map_err(|_| format!("seq: {seq}"))?,
                prev: digest("prev")?,
                at_ms: row.try_get("at_ms").map_err(text)?,
                record: row.try_get("record").map_err(text)?,
                hash: digest("hash")?,
            },
        })
    };
    match read() {
        Ok(stored) => StoredRow::Entry(stored),
        Err(why) => StoredRow::Unreadable { ordinal, why },
    }
}
