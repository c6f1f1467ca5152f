//! What of this post's chain the relay still has to get.

use vigie_protocol::{
    ChainHead,
    sync::{ErrorBody, ErrorCode, MAX_BATCH},
};

/// What a push came to.
#[derive(Clone, Debug)]
pub enum PushOutcome {
    /// Everything up to here is on the relay's disk.
    Acknowledged(ChainHead),
    /// The relay answered with an error.
    Refused(ErrorBody),
    /// No answer, or none that can be read.
    Unreachable(String),
}

/// What follows from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NextStep {
    /// Go on at once; there may be more.
    Continue,
    /// Wait, then send again.
    Wait,
    /// The chains differ: a person must look. Tried again now and then, in case the relay was repaired.
    Stop(String),
}

/// Where the relay's copy stands, as far as we know.
#[derive(Clone, Copy, Debug, Default)]
pub struct Outbox {
    acked: u64,
    head: u64,
}

impl Outbox {
    /// Starts from what was stored.
    #[must_use]
    pub fn new(acked: u64, head: u64) -> Self {
        Self { acked: acked.min(head), head }
    }

    /// The chain grew.
    pub fn grown_to(&mut self, head: u64) {
        self.head = self.head.max(head);
    }

    /// Last sequence number that the relay has acknowledged.
    #[must_use]
    pub fn acked(&self) -> u64 {
        self.acked
    }

    /// Entries not yet acknowledged.
    #[must_use]
    pub fn pending(&self) -> u64 {
        self.head - self.acked
    }

    /// First and last sequence number of the next batch; `None` when the relay has everything.
    #[must_use]
    pub fn batch(&self) -> Option<(u64, u64)> {
        (self.acked < self.head).then(|| (self.acked + 1, self.head.min(self.acked + MAX_BATCH as u64)))
    }

    /// Takes the outcome of a push into account.
    pub fn pushed(&mut self, outcome: PushOutcome) -> NextStep {
        match outcome {
            PushOutcome::Acknowledged(head) => {
                // A relay that reports more than we have holds another chain under our name.
                if head.seq > self.head {
                    return NextStep::Stop(format!(
                        "the relay holds {} entries of this post, not {}",
                        head.seq, self.head
                    ));
                }
                if head.seq <= self.acked {
                    return NextStep::Wait;
                }
                self.acked = head.seq;
                NextStep::Continue
            }
            PushOutcome::Refused(ErrorBody { code: ErrorCode::Gap, head: Some(head), .. })
                if head.seq < self.head =>
            {
                // Sent from there already: once more at once would get the same answer, for ever.
                if head.seq == self.acked {
                    return NextStep::Wait;
                }
                // The relay was set back (an older backup): it gets everything again from there.
                self.acked = head.seq;
                NextStep::Continue
            }
            PushOutcome::Refused(body) => match body.code {
                ErrorCode::Unavailable | ErrorCode::Internal => NextStep::Wait,
                _ => NextStep::Stop(body.message),
            },
            PushOutcome::Unreachable(_) => NextStep::Wait,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vigie_protocol::Hash;

    fn head(seq: u64) -> ChainHead {
        ChainHead { seq, hash: Hash([seq as u8; 32]) }
    }

    fn refused(code: ErrorCode, at: Option<u64>) -> PushOutcome {
        PushOutcome::Refused(ErrorBody { code, message: "because".into(), head: at.map(head) })
    }

    #[test]
    fn everything_goes_out_once_in_batches() {
        let mut outbox = Outbox::new(0, 600);
        let mut sent = Vec::new();
        while let Some((from, to)) = outbox.batch() {
            sent.push((from, to));
            assert_eq!(outbox.pushed(PushOutcome::Acknowledged(head(to))), NextStep::Continue);
        }
        assert_eq!(sent, [(1, 256), (257, 512), (513, 600)]);
        assert_eq!(outbox.pending(), 0);
        outbox.grown_to(601);
        assert_eq!(outbox.batch(), Some((601, 601)));
    }

    #[test]
    fn a_relay_that_was_set_back_gets_the_rest_again() {
        let mut outbox = Outbox::new(50, 60);
        assert_eq!(outbox.pushed(refused(ErrorCode::Gap, Some(10))), NextStep::Continue);
        assert_eq!(outbox.batch(), Some((11, 60)));
        assert_eq!(outbox.pushed(refused(ErrorCode::Gap, Some(10))), NextStep::Wait, "no use to hurry");
        assert_eq!(outbox.batch(), Some((11, 60)));
    }

    #[test]
    fn a_fork_stops_and_a_full_disk_waits() {
        let mut outbox = Outbox::new(1, 2);
        assert_eq!(outbox.pushed(refused(ErrorCode::Fork, Some(1))), NextStep::Stop("because".into()));
        assert_eq!(outbox.pushed(refused(ErrorCode::BrokenChain, None)), NextStep::Stop("because".into()));
        assert_eq!(outbox.pushed(refused(ErrorCode::Unavailable, None)), NextStep::Wait);
        assert_eq!(outbox.pushed(PushOutcome::Unreachable("refused".into())), NextStep::Wait);
        assert_eq!(outbox.pending(), 1);
    }

    #[test]
    fn an_acknowledgement_that_does_not_advance_waits_instead_of_spinning() {
        let mut outbox = Outbox::new(5, 9);
        assert_eq!(outbox.pushed(PushOutcome::Acknowledged(head(5))), NextStep::Wait);
        assert!(matches!(outbox.pushed(PushOutcome::Acknowledged(head(12))), NextStep::Stop(_)));
    }
}
