//! `vigie-relay verify` and `vigie-relay export`: reading the whole record and saying what is wrong with it.

use crate::store::{StoredEntry, StoredRow, every_row, highest_given, open_read_only};
use anyhow::Context as _;
use futures::StreamExt as _;
use sqlx::Connection as _;
use std::collections::BTreeMap;
use std::fmt;
use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::path::Path;
use vigie_protocol::{ChainError, ChainHead, PostId};

/// What verification found of one post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostReport {
    /// Entries seen, sound or not.
    pub entries: u64,
    /// Where the sound part of the chain ends.
    pub head: ChainHead,
    /// The first broken entry: the number that belongs there, and what is wrong.
    pub broken: Option<(u64, ChainError)>,
}

/// What verification found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Per post.
    pub posts: BTreeMap<PostId, PostReport>,
    /// Faults of the table itself: rows removed or unreadable. At most [`Report::MAX_FAULTS`]; see `more_faults`.
    pub faults: Vec<String>,
    /// Faults beyond those.
    pub more_faults: u64,
    /// Ordinal of the last row seen.
    last: u64,
}

impl Report {
    /// Most faults of the table that are named one by one.
    pub const MAX_FAULTS: usize = 100;

    /// Takes the next row.
    pub fn take(&mut self, row: StoredRow) {
        match row {
            StoredRow::Entry(stored) => {
                self.follow(stored.ordinal);
                self.take_entry(&stored);
            }
            StoredRow::Unreadable { ordinal, why } => {
                // A row below 1 was planted; the relay's order starts after it.
                if let Some(place) = u64::try_from(ordinal).ok().filter(|place| *place >= 1) {
                    self.follow(place);
                }
                self.fault(format!("row {ordinal} cannot be read: {why}"));
            }
        }
    }

    /// True when nothing is wrong.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.faults.is_empty() && self.posts.values().all(|post| post.broken.is_none())
    }

    /// Rows from `self.last + 1` to `given` should have come and did not.
    fn expect_none_after_last(&mut self, given: u64) {
        if given > self.last {
            self.fault(hole(self.last + 1, given));
            self.last = given;
        }
    }

    fn follow(&mut self, ordinal: u64) {
        let next = self.last.saturating_add(1);
        if ordinal > next {
            self.fault(hole(next, ordinal - 1));
        } else if ordinal <= self.last {
            self.fault(format!("row {ordinal} stands after row {}", self.last));
        }
        self.last = self.last.max(ordinal);
    }

    fn take_entry(&mut self, stored: &StoredEntry) {
        let entry = &stored.entry;
        let post = self.posts.entry(entry.post).or_insert(PostReport {
            entries: 0,
            head: ChainHead::EMPTY,
            broken: None,
        });
        post.entries += 1;
        if post.broken.is_none() {
            match post.head.after(entry) {
                Ok(head) => post.head = head,
                Err(error) => post.broken = Some((post.head.seq + 1, error)),
            }
        }
    }

    fn fault(&mut self, what: String) {
        if self.faults.len() < Self::MAX_FAULTS {
            self.faults.push(what);
        } else {
            self.more_faults += 1;
        }
    }
}

fn hole(first: u64, last: u64) -> String {
    if first == last {
        format!("row {first} is missing: it was stored once and has been removed")
    } else {
        format!("rows {first} to {last} are missing: they were stored once and have been removed")
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (id, post) in &self.posts {
            match &post.broken {
                None => writeln!(f, "post {id}: {} entries, sound, head {}", post.entries, post.head.hash)?,
                Some((seq, error)) => writeln!(
                    f,
                    "post {id}: BROKEN at entry {seq}: {error} ({} of {} entries before it are sound)",
                    post.head.seq, post.entries
                )?,
            }
        }
        for fault in &self.faults {
            writeln!(f, "table: BROKEN: {fault}")?;
        }
        if self.more_faults > 0 {
            writeln!(f, "table: {} more faults", self.more_faults)?;
        }
        let entries: u64 = self.posts.values().map(|post| post.entries).sum();
        let broken = self.posts.values().filter(|post| post.broken.is_some()).count();
        if self.is_sound() {
            write!(f, "The record is sound: {} posts, {entries} entries.", self.posts.len())
        } else {
            write!(
                f,
                "The record is NOT sound: {broken} of {} posts broken, {} faults of the table, {entries} entries read.",
                self.posts.len(),
                self.faults.len() as u64 + self.more_faults
            )
        }
    }
}

/// Verifies the record in a data folder, as one snapshot; a relay may be running on it.
///
/// # Errors
/// When the database cannot be read. What is wrong with the record is no error: it is in the report.
pub async fn verify_data(folder: &Path) -> anyhow::Result<Report> {
    let mut database = open_read_only(folder).await?;
    let mut snapshot = database.begin().await?;
    let mut report = Report::default();
    {
        let mut rows = std::pin::pin!(every_row(&mut snapshot));
        while let Some(row) = rows.next().await {
            report.take(row.context("the database cannot be read to its end")?);
        }
    }
    report.expect_none_after_last(highest_given(&mut *snapshot).await?);
    Ok(report)
}

/// Verifies an export. A tail that was cut off a file shows only against the heads that are known from elsewhere.
///
/// # Errors
/// When the file cannot be read.
pub fn verify_export(file: &Path) -> anyhow::Result<Report> {
    let lines = BufReader::new(
        std::fs::File::open(file).with_context(|| format!("{} cannot be read", file.display()))?,
    );
    let mut report = Report::default();
    for (index, line) in lines.lines().enumerate() {
        let line = line.with_context(|| format!("{} cannot be read", file.display()))?;
        let row = match serde_json::from_str::<StoredEntry>(&line) {
            Ok(stored) => StoredRow::Entry(stored),
            Err(error) => StoredRow::Unreadable {
                ordinal: i64::try_from(report.last.saturating_add(1)).unwrap_or(i64::MAX),
                why: format!("line {}: {error}", index + 1),
            },
        };
        report.take(row);
    }
    Ok(report)
}

/// Writes the record as JSON Lines, one [`StoredEntry`] a line, in the relay's order, and returns how many. The file
/// appears under its name when it is whole.
///
/// # Errors
/// When the database cannot be read, a row is not an entry (run `verify`), or the file cannot be written.
pub async fn export(folder: &Path, out: &Path) -> anyhow::Result<u64> {
    let mut database = open_read_only(folder).await?;
    let unwritable = || format!("{} cannot be written", out.display());
    let mut part = out.as_os_str().to_owned();
    part.push(".part");
    let mut writer = BufWriter::new(std::fs::File::create(&part).with_context(unwritable)?);
    let mut count = 0;
    let mut rows = std::pin::pin!(every_row(&mut database));
    while let Some(row) = rows.next().await {
        match row.context("the database cannot be read to its end")? {
            StoredRow::Entry(stored) => {
                serde_json::to_writer(&mut writer, &stored).with_context(unwritable)?;
                writer.write_all(b"\n").with_context(unwritable)?;
                count += 1;
            }
            StoredRow::Unreadable { ordinal, why } => {
                anyhow::bail!(
                    "row {ordinal} cannot be read ({why}): `vigie-relay verify` says what else is wrong"
                )
            }
        }
    }
    writer
        .into_inner()
        .map_err(std::io::IntoInnerError::into_error)
        .and_then(|file| file.sync_all())
        .with_context(unwritable)?;
    std::fs::rename(&part, out).with_context(unwritable)?;
    Ok(count)
}
