//! The relay's feed: a WebSocket that pushes the entries of all posts.

use super::{page, task};
use futures::stream::StreamExt;
use gloo_net::websocket::{Message, futures::WebSocket};
use vigie_protocol::sync::FeedMessage;

/// An open feed; closed when dropped.
pub struct Feed {
    socket: WebSocket,
}

/// Why the feed ended. The text is for the record.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{0}")]
pub struct FeedEnded(pub String);

impl Feed {
    /// Silence longer than this means that the connection is dead: the relay says something every 10 s.
    pub const SILENCE_MS: f64 = 25_000.0;

    /// Opens the feed after this ordinal.
    ///
    /// # Errors
    /// An address that the browser refuses. A relay that cannot be reached shows with the first message.
    pub fn open(after: u64) -> Result<Self, FeedEnded> {
        let url = page::socket_url(&format!("/api/v1/feed?after={after}"));
        WebSocket::open(&url).map(|socket| Self { socket }).map_err(|e| FeedEnded(e.to_string()))
    }

    /// The next message.
    ///
    /// # Errors
    /// [`FeedEnded`] when the connection closed, fell silent, or said something that cannot be read.
    pub async fn next(&mut self) -> Result<FeedMessage, FeedEnded> {
        match task::within(Self::SILENCE_MS, self.socket.next()).await {
            None => Err(FeedEnded("the feed fell silent".to_owned())),
            Some(None) => Err(FeedEnded("the relay closed the feed".to_owned())),
            Some(Some(Err(error))) => Err(FeedEnded(error.to_string())),
            Some(Some(Ok(Message::Text(text)))) => {
                serde_json::from_str(&text).map_err(|e| FeedEnded(format!("the feed cannot be read: {e}")))
            }
            Some(Some(Ok(Message::Bytes(_)))) => Err(FeedEnded("the feed sent bytes".to_owned())),
        }
    }
}

impl std::fmt::Debug for Feed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Feed").finish_non_exhaustive()
    }
}
