//! Requests and replies between posts and the relay, version 1.
//!
//! | call | body → reply |
//! |---|---|
//! | `GET /api/v1/info` | → [`RelayInfo`] |
//! | `GET /api/v1/cameras` | → `[`[`CameraInfo`]`]` |
//! | `GET /api/v1/posts/{post}/head` | → [`crate::ChainHead`]: what the relay holds of this post |
//! | `POST /api/v1/posts/{post}/entries` | [`PushRequest`] → [`PushReply`], or 409/413/422 with [`ErrorBody`] |
//! | `GET /api/v1/feed?after=N` (WebSocket) | → a stream of [`FeedMessage`] as JSON text, from ordinal N + 1; from 1 when the relay has never come as far as N |
//! | `POST /whep/{camera}` … | WHEP (draft-ietf-wish-whep) |
//!
//! Pushing is idempotent: entries that the relay already holds are acknowledged again; one that differs from the stored
//! one under the same number is refused as a fork. An acknowledged entry has been synced to disk.
//!
//! Ordinals and acknowledgements hold for one record. Who meets another [`RelayInfo::record`] than before reads the feed from 0
//! and pushes from the first entry. An older copy of a record has the id of that record: that it was set back shows in
//! [`ErrorCode::Gap`] to those who push, and to readers only while they are ahead of it.

use crate::{CameraId, ChainHead, Entry, RecordId};
use serde::{Deserialize, Serialize};

/// Most entries in one [`PushRequest`].
pub const MAX_BATCH: usize = 256;

/// What the relay says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelayInfo {
    /// Version of Vigie.
    pub version: String,
    /// True in demo mode: localhost only, no sign-in.
    pub demo: bool,
    /// The relay's clock, milliseconds since the Unix epoch.
    pub now_ms: i64,
    /// Which record it keeps.
    pub record: RecordId,
}

/// A camera that the relay knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CameraInfo {
    /// Its name.
    pub id: CameraId,
    /// Its display name.
    pub name: String,
    /// Where to POST the WHEP offer; relative to the relay, or absolute for a gateway.
    pub whep: String,
    /// Set for a demo camera, which repeats one clip: its length, milliseconds. The scene jumps where it starts again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loop_ms: Option<u32>,
}

/// Entries of one post, in order, without gaps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushRequest {
    /// At most [`MAX_BATCH`].
    pub entries: Vec<Entry>,
}

/// Everything up to and with `head` is on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushReply {
    /// Where the relay's copy of the chain stands.
    pub head: ChainHead,
}

/// Something that the relay pushes over the feed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FeedMessage {
    /// Entries of any post, in the relay's order.
    Entries {
        /// Ordinal of the last one: where to resume.
        last: u64,
        /// The entries.
        entries: Vec<Entry>,
    },
    /// Nothing new; sent every 10 s, so that a dead connection is noticed.
    Idle {
        /// Ordinal of the last entry that the relay holds.
        last: u64,
    },
}

/// Body of every error reply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorBody {
    /// What a program looks at.
    pub code: ErrorCode,
    /// What a person reads.
    pub message: String,
    /// For [`ErrorCode::Gap`] and [`ErrorCode::Fork`]: where the relay's copy stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head: Option<ChainHead>,
}

/// Kinds of refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// 400: not a request of this API.
    Malformed,
    /// 403: the request comes from a page of another site.
    Forbidden,
    /// 404: no such thing.
    NotFound,
    /// 405, 406, 412, 415 or 422: a method, content type or session change that this address does not take.
    Unsupported,
    /// 409: entries before these are missing; send from `head.seq + 1`.
    Gap,
    /// 409: another entry is stored under this number.
    Fork,
    /// 413: body, batch or record too large.
    TooLarge,
    /// 422: an entry does not hash to what it says.
    BrokenChain,
    /// 503: cannot store now (disk full, shutting down); try again later.
    Unavailable,
    /// 500: a fault of the relay; nothing was stored.
    Internal,
}
