//! Endings that a person can act on: one sentence of what happened, one of what to do next.

/// A stop with a next step. Everything else that fails is reported as it is.
#[derive(Debug)]
pub(crate) struct Stop {
    what: String,
    next: String,
    altered: bool,
}

impl Stop {
    /// An error made of what happened and what to do next.
    #[expect(clippy::new_ret_no_self, reason = "it is always returned as an error, never held")]
    pub(crate) fn new(what: impl Into<String>, next: impl Into<String>) -> anyhow::Error {
        Self { what: what.into(), next: next.into(), altered: false }.into()
    }

    /// As [`Stop::new`], for a file that is not the one that was asked for.
    pub(crate) fn altered(what: impl Into<String>, next: impl Into<String>) -> anyhow::Error {
        Self { what: what.into(), next: next.into(), altered: true }.into()
    }
}

/// Whether the error says that a file was altered: nothing may go on without a look at it.
pub(crate) fn is_altered(error: &anyhow::Error) -> bool {
    error.downcast_ref::<Stop>().is_some_and(|stop| stop.altered)
}

impl std::fmt::Display for Stop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}\nNext: {}", self.what, self.next)
    }
}

impl std::error::Error for Stop {}

/// The last lines that the user reads.
pub(crate) fn report(error: &anyhow::Error) {
    if let Some(stop) = error.chain().find_map(|cause| cause.downcast_ref::<Stop>()) {
        eprintln!("\n{stop}");
    } else {
        eprintln!("\nStopped: {error:#}");
    }
}
