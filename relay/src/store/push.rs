//! Taking a batch of entries: one transaction, all or nothing.

use super::{Store, read};
use crate::error::ApiError;
use sqlx::{Connection as _, Sqlite, SqliteConnection, Transaction};
use std::time::{SystemTime, UNIX_EPOCH};
use vigie_protocol::sync::MAX_BATCH;
use vigie_protocol::{ChainError, ChainHead, Entry, PostId};

impl Store {
    /// Stores the entries of `post` that are not held yet and returns where its chain stands, on disk.
    ///
    /// The work goes on when the caller goes away: a commit that happened is always made known to the feeds.
    ///
    /// # Errors
    /// [`ApiError::TooLarge`], [`ApiError::BrokenChain`], [`ApiError::Gap`], [`ApiError::Fork`] for the batch;
    /// [`ApiError::Unavailable`] when the line is full or the disk is; nothing is stored in any of these.
    pub async fn push(&self, post: PostId, entries: Vec<Entry>) -> Result<ChainHead, ApiError> {
        check_batch(post, &entries)?;
        let permit = self.waiting.clone().try_acquire_owned().map_err(|_| ApiError::Unavailable {
            message: "too many pushes at once; try again",
            cause: None,
        })?;
        let store = self.clone();
        let work = tokio::spawn(async move {
            let _permit = permit;
            store.push_in_transaction(post, &entries).await
        });
        work.await.map_err(|error| ApiError::Internal(error.into()))?
    }

    async fn push_in_transaction(&self, post: PostId, entries: &[Entry]) -> Result<ChainHead, ApiError> {
        let mut connection = self.writer.acquire().await?;
        let pushed = self.push_on(&mut connection, post, entries).await;
        if let Err(ApiError::Unavailable { .. } | ApiError::Internal(_)) = pushed {
            // On a full disk, SQLite may have ended the transaction itself. A new connection starts from a known state.
            connection.close_on_drop();
        }
        pushed
    }

    async fn push_on(
        &self,
        connection: &mut SqliteConnection,
        post: PostId,
        entries: &[Entry],
    ) -> Result<ChainHead, ApiError> {
        // IMMEDIATE: the head that is read here must be the head that is written after.
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
        let held = read::head(&mut *transaction, post).await?;
        let Some(first) = entries.first() else { return Ok(held) };
        if first.seq > held.seq + 1 {
            return Err(ApiError::Gap(held));
        }
        let known = entries.partition_point(|entry| entry.seq <= held.seq);
        let (known, new) = entries.split_at(known);
        check_known(&mut transaction, post, held, known).await?;
        let Some(next) = new.first() else { return Ok(held) };
        if next.prev != held.hash {
            return Err(ApiError::Fork(held));
        }
        let received_ms = now_ms();
        let mut end = held;
        let mut last = 0;
        for entry in new {
            end = end.after(entry).map_err(|error| broken(entry.seq, &error))?;
            last = insert(&mut transaction, entry, received_ms).await?;
        }
        transaction.commit().await?;
        self.tail.send_if_modified(|tail| {
            let grows = last > *tail;
            *tail = last.max(*tail);
            grows
        });
        Ok(end)
    }
}

/// What can be said of a batch without the database: size, owner, order, hashes.
fn check_batch(post: PostId, entries: &[Entry]) -> Result<(), ApiError> {
    if entries.len() > MAX_BATCH {
        return Err(ApiError::TooLarge(format!(
            "{} entries in one batch; {MAX_BATCH} at most",
            entries.len()
        )));
    }
    let Some(first) = entries.first() else { return Ok(()) };
    if first.seq == 0 || i64::try_from(first.seq).is_err() {
        return Err(ApiError::BrokenChain(format!("entry {}: entries are numbered from 1", first.seq)));
    }
    let mut head = ChainHead { seq: first.seq - 1, hash: first.prev };
    for entry in entries {
        let seq = entry.seq;
        if entry.post != post {
            return Err(broken(seq, &ChainError::OtherPost { expected: post, found: entry.post }));
        }
        head = head.after(entry).map_err(|error| match error {
            ChainError::RecordTooLarge { .. } => ApiError::TooLarge(format!("entry {seq}: {error}")),
            other => broken(seq, &other),
        })?;
        if serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(&entry.record).is_err() {
            return Err(ApiError::BrokenChain(format!("entry {seq}: the record is not a JSON object")));
        }
    }
    Ok(())
}

/// Entries that are held already must be the ones that are held. Their hashes cover every field and were recomputed in
/// [`check_batch`], so equal hashes are equal entries.
async fn check_known(
    transaction: &mut Transaction<'_, Sqlite>,
    post: PostId,
    held: ChainHead,
    known: &[Entry],
) -> Result<(), ApiError> {
    let (Some(first), Some(last)) = (known.first(), known.last()) else { return Ok(()) };
    let stored: Vec<Vec<u8>> =
        sqlx::query_scalar("SELECT hash FROM entries WHERE post = ? AND seq BETWEEN ? AND ? ORDER BY seq")
            .bind(post.0.as_bytes().as_slice())
            .bind(first.seq as i64)
            .bind(last.seq as i64)
            .fetch_all(&mut **transaction)
            .await?;
    let same =
        stored.len() == known.len() && stored.iter().zip(known).all(|(hash, entry)| hash[..] == entry.hash.0);
    if same { Ok(()) } else { Err(ApiError::Fork(held)) }
}

async fn insert(
    transaction: &mut Transaction<'_, Sqlite>,
    entry: &Entry,
    received_ms: i64,
) -> Result<u64, ApiError> {
    let done = sqlx::query(
        "INSERT INTO entries (post, seq, prev, at_ms, record, hash, received_ms) VALUES (?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(entry.post.0.as_bytes().as_slice())
    .bind(entry.seq as i64)
    .bind(entry.prev.0.as_slice())
    .bind(entry.at_ms)
    .bind(entry.record.as_str())
    .bind(entry.hash.0.as_slice())
    .bind(received_ms)
    .execute(&mut **transaction)
    .await?;
    Ok(done.last_insert_rowid() as u64)
}

fn broken(seq: u64, error: &ChainError) -> ApiError {
    ApiError::BrokenChain(format!("entry {seq}: {error}"))
}

/// The relay's clock, milliseconds since the Unix epoch; 0 on a machine whose clock stands before 1970.
pub(crate) fn now_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64)
}
