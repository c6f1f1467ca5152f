//! The hash chain of a post: every entry carries the hash of the one before, so that a change, a removal or an insertion
//! in the middle shows. (A removed tail shows only against the relay's acknowledgements.)
//!
//! The record's JSON text is hashed as the bytes that were written, and travels as that text: nobody has to agree on a
//! canonical form. The hash is SHA-256 (FIPS 180-4) over, in this order:
//!
//! | field | bytes |
//! |---|---|
//! | context | `vigie entry v1\n` |
//! | post | 16 bytes of the UUID |
//! | sequence number | `u64`, big endian, from 1 |
//! | previous hash | 32 bytes; zeros for the first entry |
//! | time | `i64`, big endian, milliseconds since the Unix epoch |
//! | record | its JSON text, UTF-8, to the end |

use crate::{PostId, Record};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// SHA-256 digest; lower-case hexadecimal on the wire.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// What the first entry of a chain names as its predecessor.
    pub const ZERO: Self = Self([0; 32]);
}

impl std::fmt::Display for Hash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl std::fmt::Debug for Hash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Hash({self})")
    }
}

impl From<Hash> for String {
    fn from(hash: Hash) -> Self {
        hash.to_string()
    }
}

impl TryFrom<String> for Hash {
    type Error = ChainError;

    fn try_from(text: String) -> Result<Self, ChainError> {
        let malformed = || ChainError::MalformedHash(text.chars().take(80).collect());
        if text.len() != 64 || !text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(malformed());
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| malformed())?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| malformed())?;
        }
        Ok(Self(bytes))
    }
}

/// One link of a post's chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Whose chain.
    pub post: PostId,
    /// Place in the chain, from 1 without gaps.
    pub seq: u64,
    /// Hash of the entry before; [`Hash::ZERO`] for the first.
    pub prev: Hash,
    /// When it was written, milliseconds since the Unix epoch on the post's clock.
    pub at_ms: i64,
    /// The [`Record`] as JSON text, exactly as hashed.
    pub record: String,
    /// Hash over all of the above.
    pub hash: Hash,
}

impl Entry {
    /// Largest record text, in bytes.
    pub const MAX_RECORD_BYTES: usize = 16 * 1024;

    /// Recomputes the hash from the other fields.
    #[must_use]
    pub fn computed_hash(&self) -> Hash {
        let mut hasher = Sha256::new();
        hasher.update(b"vigie entry v1\n");
        hasher.update(self.post.0.as_bytes());
        hasher.update(self.seq.to_be_bytes());
        hasher.update(self.prev.0);
        hasher.update(self.at_ms.to_be_bytes());
        hasher.update(self.record.as_bytes());
        Hash(hasher.finalize().into())
    }

    /// Reads the record.
    ///
    /// # Errors
    /// When the text is not the JSON of a [`Record`].
    pub fn parsed(&self) -> Result<Record, serde_json::Error> {
        serde_json::from_str(&self.record)
    }
}

/// Where a chain stands: the number and hash of its last entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainHead {
    /// Sequence number of the last entry; 0 for an empty chain.
    pub seq: u64,
    /// Its hash; [`Hash::ZERO`] for an empty chain.
    pub hash: Hash,
}

impl ChainHead {
    /// The head of a chain without entries.
    pub const EMPTY: Self = Self { seq: 0, hash: Hash::ZERO };

    /// Makes the entry that follows. The chain moves on when the caller has stored it and takes [`Self::after`].
    ///
    /// # Errors
    /// [`ChainError::RecordTooLarge`] when the record's text is over [`Entry::MAX_RECORD_BYTES`].
    pub fn link(&self, post: PostId, at_ms: i64, record: &Record) -> Result<Entry, ChainError> {
        let record = serde_json::to_string(record).map_err(|e| ChainError::Unwritable(e.to_string()))?;
        if record.len() > Entry::MAX_RECORD_BYTES {
            return Err(ChainError::RecordTooLarge { bytes: record.len() });
        }
        let mut entry = Entry { post, seq: self.seq + 1, prev: self.hash, at_ms, record, hash: Hash::ZERO };
        entry.hash = entry.computed_hash();
        Ok(entry)
    }

    /// Checks that `entry` follows this head and returns the new head.
    ///
    /// # Errors
    /// The first [`ChainError`] found: sequence, then predecessor, then hash, then size.
    pub fn after(&self, entry: &Entry) -> Result<Self, ChainError> {
        if entry.seq != self.seq + 1 {
            return Err(ChainError::Sequence { expected: self.seq + 1, found: entry.seq });
        }
        if entry.prev != self.hash {
            return Err(ChainError::Predecessor { seq: entry.seq, expected: self.hash, found: entry.prev });
        }
        if entry.record.len() > Entry::MAX_RECORD_BYTES {
            return Err(ChainError::RecordTooLarge { bytes: entry.record.len() });
        }
        let computed = entry.computed_hash();
        if computed != entry.hash {
            return Err(ChainError::Altered { seq: entry.seq, computed, found: entry.hash });
        }
        Ok(Self { seq: entry.seq, hash: entry.hash })
    }
}

/// Checks a whole chain of one post from its first entry and returns its head.
///
/// # Errors
/// The first broken entry: its sequence number as expected, and what is wrong.
pub fn verify<'a>(
    post: PostId,
    entries: impl IntoIterator<Item = &'a Entry>,
) -> Result<ChainHead, (u64, ChainError)> {
    let mut head = ChainHead::EMPTY;
    for entry in entries {
        let expected = head.seq + 1;
        if entry.post != post {
            return Err((expected, ChainError::OtherPost { expected: post, found: entry.post }));
        }
        head = head.after(entry).map_err(|error| (expected, error))?;
    }
    Ok(head)
}

/// What can be wrong with an entry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChainError {
    /// An entry is missing, doubled or out of order.
    #[error("entry {found} stands where entry {expected} belongs")]
    Sequence {
        /// Number that belongs here.
        expected: u64,
        /// Number found.
        found: u64,
    },
    /// The entry does not name the one before it.
    #[error("entry {seq} names {found} as its predecessor, not {expected}")]
    Predecessor {
        /// Entry.
        seq: u64,
        /// Hash of the entry before.
        expected: Hash,
        /// Hash named.
        found: Hash,
    },
    /// The content does not give the hash.
    #[error("entry {seq} was altered: its content gives {computed}, it carries {found}")]
    Altered {
        /// Entry.
        seq: u64,
        /// Hash of the content.
        computed: Hash,
        /// Hash carried.
        found: Hash,
    },
    /// The entry belongs to another chain.
    #[error("the entry belongs to post {found}, not {expected}")]
    OtherPost {
        /// Post of this chain.
        expected: PostId,
        /// Post named.
        found: PostId,
    },
    /// The record is larger than [`Entry::MAX_RECORD_BYTES`].
    #[error("a record of {bytes} bytes is too large")]
    RecordTooLarge {
        /// Its size.
        bytes: usize,
    },
    /// The record could not be written as JSON.
    #[error("the record cannot be written: {0}")]
    Unwritable(String),
    /// A hash that is not 64 lower-case hexadecimal digits.
    #[error("“{0}” is not a SHA-256 hash")]
    MalformedHash(String),
}
