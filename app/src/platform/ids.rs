//! New identities: `UUIDv7` (RFC 9562), from the machine's clock and the browser's secure random numbers.

use super::clock;
use uuid::{NoContext, Timestamp, Uuid};

/// A new identity; sorts by birth.
#[must_use]
pub fn uuid() -> Uuid {
    let ms = clock::epoch_ms().max(0) as u64;
    Uuid::new_v7(Timestamp::from_unix(NoContext, ms / 1_000, (ms % 1_000) as u32 * 1_000_000))
}

/// When an identity was born, milliseconds since the Unix epoch; `None` for one of another kind.
#[must_use]
pub fn born_ms(id: Uuid) -> Option<i64> {
    let (secs, nanos) = id.get_timestamp()?.to_unix();
    Some(secs as i64 * 1_000 + i64::from(nanos) / 1_000_000)
}
