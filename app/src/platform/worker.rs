//! The page's end of an inference worker.

use super::{frames::Frame, js};
use js_sys::{Array, Float32Array, Reflect, Uint8Array};
use serde::Serialize;
use vigie_engine::BBox;
use vigie_worker::messages::{FLOW, FailureCode, FromWorker, GREY, LAST_GREY, ToWorker};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{ErrorEvent, MessageEvent, Worker, WorkerOptions, WorkerType};

/// A message from a worker, and what comes with the answer to a frame.
#[derive(Clone, Debug, PartialEq)]
pub struct Heard {
    /// The message.
    pub message: FromWorker,
    /// The grey picture's bytes, as the message describes it; else none.
    pub grey: Vec<u8>,
    /// The flow from the last grey picture, where the worker has measured it.
    pub flow: Option<Vec<f32>>,
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
            let grey = take::<Uint8Array>(&data, GREY).map(|bytes| bytes.to_vec()).unwrap_or_default();
            let flow = take::<Float32Array>(&data, FLOW).map(|numbers| numbers.to_vec());
            deliver(match serde_wasm_bindgen::from_value(data) {
                Ok(message) => Heard { message, grey, flow },
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

    /// Sends a frame to be analysed, or a part of it in shares; the frame belongs to the worker from then on. `last_grey` is the camera's
    /// last grey picture, for a worker that measures motion.
    ///
    /// # Errors
    /// What the browser threw.
    pub fn analyse(
        &self,
        job: u32,
        min_score: f32,
        part: Option<BBox>,
        frame: &Frame,
        last_grey: Option<&[u8]>,
    ) -> Result<(), String> {
        let message = to_js(&ToWorker::Analyse { job, min_score, part })?;
        let set = |name: &str, value: &JsValue| {
            Reflect::set(&message, &name.into(), value).map_err(|e| js::describe(&e))
        };
        set("frame", frame.value())?;
        let given = Array::of1(frame.value());
        if let Some(grey) = last_grey {
            let grey = Uint8Array::from(grey);
            set(LAST_GREY, &grey)?;
            given.push(&grey.buffer());
        }
        self.worker.post_message_with_transfer(&message, &given).map_err(|e| js::describe(&e))
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

/// Takes numbers off a message, so that they are copied once; none where none came.
fn take<T: JsCast>(message: &JsValue, name: &str) -> Option<T> {
    let key = JsValue::from_str(name);
    let numbers = Reflect::get(message, &key).ok().and_then(|value| value.dyn_into::<T>().ok())?;
    if let Some(object) = message.dyn_ref::<js_sys::Object>() {
        // A message of the worker is a plain object: nothing can forbid this.
        let _ = Reflect::delete_property(object, &key);
    }
    Some(numbers)
}

fn fatal(message: String) -> Heard {
    let message = FromWorker::Failed { job: None, code: FailureCode::Internal, message, fatal: true };
    Heard { message, grey: Vec::new(), flow: None }
}

/// Whether the browser accepts a wasm module: asked with the probes of [`vigie_worker::support`].
#[must_use]
pub fn accepts(module: &[u8]) -> bool {
    js_sys::WebAssembly::validate(&Uint8Array::from(module).into()).unwrap_or(false)
}
