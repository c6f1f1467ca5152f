//! The worker's end of the line to its page, and its clock.

use super::session::Analysed;
use crate::messages::{FLOW, FailureCode, FromWorker, GREY};
use js_sys::{Array, Reflect, Uint8Array};
use std::cell::Cell;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::DedicatedWorkerGlobalScope;

/// A message is a line in the record, not a dump.
const MESSAGE_CHARS: usize = 400;

thread_local! {
    /// The job under way, so that a panic can name it.
    static JOB: Cell<Option<u32>> = const { Cell::new(None) };
    /// Set once a fatal failure has been told: from then on the worker is silent.
    static DEAD: Cell<bool> = const { Cell::new(false) };
}

/// Why something could not be done; told to the page exactly once.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// What kind.
    pub code: FailureCode,
    /// Details for the record, in English.
    pub message: String,
}

impl Fault {
    /// A fault of this kind. Long messages, such as a list of every tensor that does not fit, are cut.
    pub fn new(code: FailureCode, message: impl Into<String>) -> Self {
        let mut message = message.into();
        if let Some((end, _)) = message.char_indices().nth(MESSAGE_CHARS) {
            message.truncate(end);
            message.push('…');
        }
        Self { code, message }
    }

    /// A fault of this kind out of what JavaScript threw.
    #[must_use]
    pub fn from_js(code: FailureCode, doing: &str, thrown: &JsValue) -> Self {
        let reason = thrown
            .dyn_ref::<js_sys::Error>()
            .map_or_else(|| described(thrown), |error| String::from(error.to_string()));
        Self::new(code, format!("{doing}: {reason}"))
    }
}

/// What was thrown and is no `Error`: its name and message where it has them (a `DOMException` of another realm), else as
/// text.
fn described(thrown: &JsValue) -> String {
    let text = |key: &str| Reflect::get(thrown, &key.into()).ok().and_then(|value| value.as_string());
    match (text("name"), text("message")) {
        (Some(name), Some(message)) => format!("{name}: {message}"),
        (one, other) => {
            one.or(other).or_else(|| thrown.as_string()).unwrap_or_else(|| "without a reason".to_owned())
        }
    }
}

/// The worker's global object. This module only ever runs in a dedicated worker.
pub(crate) fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Milliseconds since the worker started, monotonic; 0 where the browser has no such clock.
pub(crate) fn now_ms() -> f64 {
    scope().performance().map_or(0.0, |performance| performance.now())
}

/// Tells the page, unless the worker has already said that it is of no further use.
pub(crate) fn post(message: &FromWorker) {
    if DEAD.get() {
        return;
    }
    if matches!(message, FromWorker::Failed { fatal: true, .. }) {
        DEAD.set(true);
    }
    // Plain data always clones; the only way for these two to fail is a page that is gone, and then nobody listens.
    if let Some(value) = to_js(message) {
        let _ = scope().post_message(&value);
    }
}

/// Tells the page the answer to a frame, and gives it the grey picture and the flow.
pub(crate) fn post_analysed(answer: &Analysed) {
    if DEAD.get() {
        return;
    }
    // As above; a message of ours is a plain object that takes a property, and the buffers are nobody else's.
    if let Some(value) = to_js(&answer.message) {
        let _ = Reflect::set(&value, &GREY.into(), &answer.grey);
        let buffers = Array::of1(&answer.grey.buffer());
        if let Some(flow) = &answer.flow {
            let _ = Reflect::set(&value, &FLOW.into(), flow);
            buffers.push(&flow.buffer());
        }
        let _ = scope().post_message_with_transfer(&value, &buffers);
    }
}

/// The bytes that came with a message under this name.
pub(crate) fn bytes(message: &JsValue, name: &str) -> Option<Vec<u8>> {
    let value = Reflect::get(message, &name.into()).ok()?;
    Some(value.dyn_into::<Uint8Array>().ok()?.to_vec())
}

fn to_js(message: &FromWorker) -> Option<JsValue> {
    use serde::Serialize;
    message.serialize(&serde_wasm_bindgen::Serializer::new().serialize_maps_as_objects(true)).ok()
}

/// Tells the page that a job (or, without one, the worker's state) failed in a way that leaves the worker usable.
pub(crate) fn post_failed(job: Option<u32>, fault: &Fault) {
    post(&FromWorker::Failed { job, code: fault.code, message: fault.message.clone(), fatal: false });
}

/// Tells the page that this worker is of no further use. The first call counts; a device that dies usually takes several
/// things down with it.
pub fn die(fault: &Fault) {
    post(&FromWorker::Failed {
        job: JOB.get(),
        code: fault.code,
        message: fault.message.clone(),
        fatal: true,
    });
}

/// True once [`die`] was called.
pub(crate) fn is_dead() -> bool {
    DEAD.get()
}

/// Notes the job under way.
pub(crate) fn set_job(job: Option<u32>) {
    JOB.set(job);
}

/// A panic is a bug; the page must hear of it all the same, since the module is unusable afterwards.
pub(crate) fn install_panic_hook() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        die(&Fault::new(FailureCode::Internal, format!("the worker panicked: {info}")));
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_messages_are_cut_between_characters() {
        let fault = Fault::new(FailureCode::Internal, "é".repeat(1000));
        assert_eq!(fault.message.chars().count(), MESSAGE_CHARS + 1);
        assert_eq!(Fault::new(FailureCode::Internal, "short").message, "short");
    }
}
