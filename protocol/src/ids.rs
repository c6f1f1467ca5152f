//! Identifiers. Posts, signals and zones carry UUIDv7, so that they sort by birth and never collide between posts that
//! work alone; cameras carry the short name under which the site knows them.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! uuid_id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}

uuid_id! {
    /// A command post: one browser profile with its own journal and its own hash chain.
    PostId
}
uuid_id! {
    /// One incident brought to an operator's attention.
    SignalId
}
uuid_id! {
    /// A zone drawn on one camera's picture.
    ZoneId
}

uuid_id! {
    /// One relay's record: made with it at random, so that a record in the place of another is known by it.
    RecordId
}

/// The short name of a camera at a site, such as `plaza`: 1 to 64 characters of `a–z`, `0–9`, `-` and `_`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CameraId(String);

impl CameraId {
    /// Longest accepted name, in characters.
    pub const MAX_LEN: usize = 64;

    /// Checks and wraps a name.
    ///
    /// # Errors
    /// [`BadCameraId`] when the name is empty, too long, or holds another character than `a–z 0–9 - _`.
    pub fn new(name: impl Into<String>) -> Result<Self, BadCameraId> {
        let name = name.into();
        let ok = !name.is_empty()
            && name.len() <= Self::MAX_LEN
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_');
        if ok { Ok(Self(name)) } else { Err(BadCameraId(name)) }
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A camera name that is not one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a camera name: 1 to 64 characters of a–z, 0–9, - and _")]
pub struct BadCameraId(pub String);

impl TryFrom<String> for CameraId {
    type Error = BadCameraId;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        Self::new(name)
    }
}

impl From<CameraId> for String {
    fn from(id: CameraId) -> Self {
        id.0
    }
}

impl std::fmt::Display for CameraId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
