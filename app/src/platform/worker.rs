//! The page's end of an inference worker.

use super::{frames::Frame, js};
use js_sys::{Array, Uint8Array};
use serde::Serialize;
use vigie_engine::BBox;
use vigie_worker::messages::{FailureCode, FromWorker, GREY, ToWorker};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{ErrorEvent, MessageEvent, Worker, WorkerOptions, WorkerType};

/// A message from a worker, and the bytes of the grey picture that comes with the answer to a frame; else none.
#[derive(Clone, Debug, PartialEq)]
pub struct Heard {
    /// The message.
    pub message: FromWorker,
    /// The grey picture, as the message describes it.
    pub grey: Vec<u8>,
}

/// A running worker; terminated when dropped.
#[derive(Debug)]
pub struct EngineWorker {
    worker: Worker,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(ErrorEvent)>,
}

impl EngineWorker {
    /// Starts the module worker at `script`. `on_message` also hears of a script that does not load or throws, as a fatal
    /// [`FromWorker::Failed`]; it must not drop the worker itself, but leave that to a task.
    ///
    /// # Errors
    /// What the browser threw.
    pub fn start(script: &str, on_message: impl Fn(Heard) + Clone + 'static) -> Result<Self, String> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(script, &options).map_err(|e| js::describe(&e))?;
        let deliver = on_message.clone();
        let on_message_event = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let data = event.data();
            let grey = take_grey(&data);
            deliver(match serde_wasm_bindgen::from_value(data) {
                Ok(message) => Heard { message, grey },
                Err(error) => fatal(format!("a message from the worker that cannot be read: {error}")),
            });
        });
        let script = script.to_owned();
        let on_error_event = Closure::<dyn FnMut(ErrorEvent)>::new(move |event: ErrorEvent| {
            // A script that cannot be loaded gives a plain event without a message.
            let message = js::text(&event, "message");
            let what = if message.is_empty() { "the script could not be loaded" } else { &message };
            on_message(fatal(format!("{script}: {what}")));
        });
        worker.set_onmessage(Some(on_message_event.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error_event.as_ref().unchecked_ref()));
        Ok(Self { worker, _on_message: on_message_event, _on_error: on_error_event })
    }

    /// Sends a message.
    ///
    /// # Errors
    /// What the browser threw.
    pub fn send(&self, message: &ToWorker) -> Result<(), String> {
        self.worker.post_message(&to_js(message)?).map_err(|e| js::describe(&e))
    }

    /// Sends a frame to be analysed, or a part of it in shares; the frame belongs to the worker from then on.
    ///
    /// # Errors
    /// What the browser threw.
    pub fn analyse(&self, job: u32, min_score: f32, part: Option<BBox>, frame: &Frame) -> Result<(), String> {
        let message = to_js(&ToWorker::Analyse { job, min_score, part })?;
        js_sys::Reflect::set(&message, &"frame".into(), frame.value()).map_err(|e| js::describe(&e))?;
        self.worker
            .post_message_with_transfer(&message, &Array::of1(frame.value()))
            .map_err(|e| js::describe(&e))
    }
}

impl Drop for EngineWorker {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

fn to_js(message: &ToWorker) -> Result<JsValue, String> {
    let serializer = serde_wasm_bindgen::Serializer::new().serialize_maps_as_objects(true);
    message.serialize(&serializer).map_err(|e| e.to_string())
}

/// Takes the grey picture's bytes off a message, so that they are copied once; none where none came.
fn take_grey(message: &JsValue) -> Vec<u8> {
    let key = JsValue::from_str(GREY);
    let bytes = js_sys::Reflect::get(message, &key).ok().and_then(|v| v.dyn_into::<Uint8Array>().ok());
    let Some(bytes) = bytes else { return Vec::new() };
    if let Some(object) = message.dyn_ref::<js_sys::Object>() {
        // A message of the worker is a plain object: nothing can forbid this.
        let _ = js_sys::Reflect::delete_property(object, &key);
    }
    bytes.to_vec()
}

fn fatal(message: String) -> Heard {
    let message = FromWorker::Failed { job: None, code: FailureCode::Internal, message, fatal: true };
    Heard { message, grey: Vec::new() }
}

/// Whether the browser accepts a wasm module: asked with the probes of [`vigie_worker::support`].
#[must_use]
pub fn accepts(module: &[u8]) -> bool {
    js_sys::WebAssembly::validate(&Uint8Array::from(module).into()).unwrap_or(false)
}
