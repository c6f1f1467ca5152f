//! What this browser keeps (IndexedDB).
//!
//! | store | key | value |
//! |---|---|---|
//! | `entries` | `[post, seq]` | this post's chain: [`vigie_protocol::Entry`] |
//! | `meta` | name | `post`, `head`, `acked`, `feed`, `record` |
//! | `settings` | name | `zones/<camera>`, `camera/<camera>`, … |
//! | `clips` | signal | the loop of what happened |
//! | `peers` | `[post, seq]` | entries of other posts, from the relay's feed |

mod clips;
mod journal;
mod peers;
mod store;

pub use clips::{ClipPicture, StoredClip};
pub use journal::{Identity, Journal, Named, Put, TailError, TailFault, Write};
pub use store::{Db, DbError};
