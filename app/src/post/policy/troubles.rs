//! What is wrong with the journal, by what was asked of it: one thing that works does not mend another.

use std::collections::BTreeMap;

/// What the journal is asked for, worst to lose first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum JournalUse {
    /// To be there at all.
    Open,
    /// To keep what is recorded.
    Write,
    /// To give back zones, cameras and signals at start.
    Restore,
    /// To give entries for the relay.
    Read,
}

/// Troubles that last; each goes when the same use works again.
#[derive(Clone, Debug, Default)]
pub struct Troubles {
    present: BTreeMap<JournalUse, String>,
}

impl Troubles {
    /// This use failed, for this reason.
    pub fn failed(&mut self, asked: JournalUse, why: String) {
        self.present.insert(asked, why);
    }

    /// This use works.
    pub fn works(&mut self, asked: JournalUse) {
        self.present.remove(&asked);
    }

    /// Whether this use fails at present.
    #[must_use]
    pub fn fails(&self, asked: JournalUse) -> bool {
        self.present.contains_key(&asked)
    }

    /// The worst of them.
    #[must_use]
    pub fn worst(&self) -> Option<&str> {
        self.present.values().next().map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_write_that_works_does_not_hide_zones_that_could_not_be_read() {
        let mut troubles = Troubles::default();
        troubles.failed(JournalUse::Restore, "zones of plaza".into());
        troubles.failed(JournalUse::Write, "full".into());
        assert_eq!(troubles.worst(), Some("full"));
        assert!(troubles.fails(JournalUse::Write));
        troubles.works(JournalUse::Write);
        assert_eq!(troubles.worst(), Some("zones of plaza"));
        troubles.works(JournalUse::Restore);
        assert_eq!(troubles.worst(), None);
    }
}
