//! Work that goes on beside the interface. The only place that spawns.

use super::clock;
use futures::{
    channel::mpsc,
    future::{AbortHandle, Either, abortable, select},
    stream::StreamExt,
};
use std::{future::Future, pin::pin};

/// Work that ends when this is dropped.
#[derive(Debug)]
pub struct Task(AbortHandle);

impl Task {
    /// Starts work on the page's event loop.
    #[must_use = "dropping a task ends it"]
    pub fn spawn(work: impl Future<Output = ()> + 'static) -> Self {
        let (work, handle) = abortable(work);
        wasm_bindgen_futures::spawn_local(async move {
            // `Err` means that the task was dropped, which is how it is meant to end.
            let _ = work.await;
        });
        Self(handle)
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Work that ends by itself, soon.
pub fn spawn(work: impl Future<Output = ()> + 'static) {
    wasm_bindgen_futures::spawn_local(work);
}

/// The result, or `None` when it takes longer.
pub async fn within<T>(ms: f64, work: impl Future<Output = T>) -> Option<T> {
    match select(pin!(work), pin!(clock::sleep(ms))).await {
        Either::Left((value, _)) => Some(value),
        Either::Right(_) => None,
    }
}

/// Wakes a task. Several wake-ups before it looks count as one.
#[derive(Clone, Debug)]
pub struct Bell(std::rc::Rc<std::cell::RefCell<mpsc::Sender<()>>>);

/// Where a [`Bell`] is heard.
#[derive(Debug)]
pub struct Listener(mpsc::Receiver<()>);

impl Bell {
    /// A bell and its listener.
    #[must_use]
    pub fn new() -> (Self, Listener) {
        let (sender, receiver) = mpsc::channel(0);
        (Self(std::rc::Rc::new(std::cell::RefCell::new(sender))), Listener(receiver))
    }

    /// Rings. A bell that rings already stays as it is.
    pub fn ring(&self) {
        let _ = self.0.borrow_mut().try_send(());
    }
}

impl Listener {
    /// Waits for the bell; never ends when the bell is gone.
    pub async fn heard(&mut self) {
        if self.0.next().await.is_none() {
            std::future::pending::<()>().await;
        }
    }

    /// Forgets that the bell rang: what it asked for has been done.
    pub fn forget(&mut self) {
        while self.0.try_recv().is_ok() {}
    }

    /// Waits for the bell, at most this long; true when it rang.
    pub async fn heard_within(&mut self, ms: f64) -> bool {
        within(ms, self.heard()).await.is_some()
    }
}
