//! Entries of other posts, as the relay's feed brought them: what this post shows of them when the relay is away.

use super::journal::{Journal, entry_key};
use super::store::{DbError, META, PEERS, finished, to_js};
use idb::Query;
use vigie_protocol::{Entry, RecordId};

/// Kept at least, the newest by their own clocks.
const KEEP: usize = 2_000;
/// Thinned out when there are more than this.
const MOST: u32 = 3_000;

impl Journal {
    /// Where to resume the feed.
    ///
    /// # Errors
    /// [`DbError`].
    pub async fn feed_ordinal(&self) -> Result<u64, DbError> {
        Ok(self.db.get(META, "feed").await?.unwrap_or(0))
    }

    /// Notes which record the relay keeps. When it is not the one that was noted, what the relay acknowledged and how far
    /// its feed has come count from nothing again, and the answer is true.
    ///
    /// # Errors
    /// [`DbError`]; nothing has changed then.
    pub async fn meet_record(&self, record: RecordId) -> Result<bool, DbError> {
        if self.db.get::<RecordId>(META, "record").await? == Some(record) {
            return Ok(false);
        }
        let transaction = self.db.write(&[META], "relaxed")?;
        let meta = transaction.object_store(META)?;
        meta.put(&to_js(&record)?, Some(&"record".into()))?;
        meta.put(&to_js(&0_u64)?, Some(&"acked".into()))?;
        meta.put(&to_js(&0_u64)?, Some(&"feed".into()))?;
        finished(transaction).await?;
        Ok(true)
    }

    /// Keeps entries of other posts, and how far the feed has come.
    ///
    /// # Errors
    /// [`DbError`]; they come again after the next start then.
    pub async fn keep_peers(&self, entries: &[Entry], ordinal: u64) -> Result<(), DbError> {
        let transaction = self.db.write(&[PEERS, META], "relaxed")?;
        let peers = transaction.object_store(PEERS)?;
        for entry in entries {
            peers.put(&to_js(entry)?, Some(&entry_key(entry.post, entry.seq)))?;
        }
        transaction.object_store(META)?.put(&to_js(&ordinal)?, Some(&"feed".into()))?;
        finished(transaction).await
    }

    /// The entries of other posts, oldest first by their own clocks; thins them out when there are too many.
    ///
    /// # Errors
    /// [`DbError`].
    pub async fn peers(&self) -> Result<Vec<Entry>, DbError> {
        let values = self.db.read(PEERS)?.get_all(None, None)?.await?;
        let mut entries: Vec<Entry> =
            values.into_iter().filter_map(|value| serde_wasm_bindgen::from_value(value).ok()).collect();
        entries.sort_by_key(|entry| (entry.at_ms, entry.post, entry.seq));
        if entries.len() > MOST as usize {
            let old = entries.drain(..entries.len() - KEEP);
            let transaction = self.db.write(&[PEERS], "relaxed")?;
            let peers = transaction.object_store(PEERS)?;
            for entry in old {
                peers.delete(Query::Key(entry_key(entry.post, entry.seq)))?;
            }
            finished(transaction).await?;
        }
        Ok(entries)
    }
}
