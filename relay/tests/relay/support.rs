//! A relay of one's own per test, and a post that writes a chain.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use vigie_protocol::sync::{ErrorBody, PushReply, PushRequest};
use vigie_protocol::{CameraId, ChainHead, Entry, PostId, Record};
use vigie_relay::serve::{Config, Running, start};

/// A clip of our own making; see the folder's README.
pub(crate) fn clip(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

pub(crate) fn config(data: &Path) -> Config {
    Config {
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        app: None,
        data: data.to_owned(),
        max_data_mib: None,
        cameras: Vec::new(),
        gateways: Vec::new(),
        allow_origins: Vec::new(),
    }
}

/// A relay on a port and in a folder of its own.
pub(crate) struct Relay {
    pub(crate) folder: TempDir,
    pub(crate) running: Running,
    pub(crate) http: reqwest::Client,
}

impl Relay {
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    pub(crate) async fn with_cameras() -> Self {
        Self::start_with(|config| {
            for (name, file) in [("plaza", "testsrc-vp9.webm"), ("gate", "testsrc-vp8.webm")] {
                config.cameras.push((CameraId::new(name).unwrap(), clip(file)));
            }
        })
        .await
    }

    pub(crate) async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        let folder = TempDir::new().unwrap();
        let mut config = config(folder.path());
        change(&mut config);
        let running = start(config).await.unwrap();
        Self { folder, running, http: reqwest::Client::new() }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.running.address())
    }

    pub(crate) async fn push(&self, post: &Post, entries: &[Entry]) -> Result<ChainHead, (u16, ErrorBody)> {
        push(&self.http, &self.url(""), post.id, entries).await.unwrap()
    }
}

/// Pushes; the outer error is a relay that cannot be reached.
pub(crate) async fn push(
    http: &reqwest::Client,
    base: &str,
    post: PostId,
    entries: &[Entry],
) -> reqwest::Result<Result<ChainHead, (u16, ErrorBody)>> {
    let request = PushRequest { entries: entries.to_vec() };
    let response = http.post(format!("{base}/api/v1/posts/{post}/entries")).json(&request).send().await?;
    let status = response.status().as_u16();
    Ok(if status == 200 {
        Ok(response.json::<PushReply>().await?.head)
    } else {
        Err((status, response.json().await?))
    })
}

/// A post and all that it ever wrote.
pub(crate) struct Post {
    pub(crate) id: PostId,
    pub(crate) entries: Vec<Entry>,
}

impl Post {
    pub(crate) fn new() -> Self {
        Self { id: PostId(uuid::Uuid::now_v7()), entries: Vec::new() }
    }

    pub(crate) fn head(&self) -> ChainHead {
        self.entries.last().map_or(ChainHead::EMPTY, |last| ChainHead { seq: last.seq, hash: last.hash })
    }

    /// Writes `count` entries and returns them.
    pub(crate) fn write(&mut self, count: usize) -> Vec<Entry> {
        self.write_sized(count, 10)
    }

    pub(crate) fn write_sized(&mut self, count: usize, bytes: usize) -> Vec<Entry> {
        let from = self.entries.len();
        for _ in 0..count {
            let head = self.head();
            let record = Record::EngineFault { message: format!("{:0>bytes$}", head.seq) };
            self.entries.push(head.link(self.id, 1_768_478_400_000 + head.seq as i64, &record).unwrap());
        }
        self.entries[from..].to_vec()
    }
}
