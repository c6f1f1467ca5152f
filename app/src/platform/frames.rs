//! A frame on its way to a worker: a `VideoFrame` where the browser has it, else an `ImageBitmap`.

use super::js;
use js_sys::Function;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlVideoElement;

/// A picture taken from a video; closed when dropped unless it was handed over.
#[derive(Debug)]
pub struct Frame(JsValue);

impl Frame {
    /// Takes the picture that the element shows now.
    ///
    /// # Errors
    /// Why there is none: nothing loaded yet, or a source of another origin.
    pub async fn take(video: &HtmlVideoElement) -> Result<Self, String> {
        const HAVE_CURRENT_DATA: u16 = 2;
        if video.ready_state() < HAVE_CURRENT_DATA || super::video::size(video).is_none() {
            return Err("the video has no picture yet".to_owned());
        }
        let window = js::window();
        if let Ok(constructor) = js::get(&window, "VideoFrame").dyn_into::<Function>() {
            let args = js_sys::Array::of1(video);
            if let Ok(frame) = js_sys::Reflect::construct(&constructor, &args) {
                return Ok(Self(frame));
            }
        }
        let asked =
            js::call(&window, "createImageBitmap", &[video.clone().into()]).map_err(|e| js::describe(&e))?;
        let promise = asked.dyn_into::<js_sys::Promise>().map_err(|e| js::describe(&e))?;
        JsFuture::from(promise).await.map(Self).map_err(|e| js::describe(&e))
    }

    /// The JavaScript object, to be transferred.
    pub(super) fn value(&self) -> &JsValue {
        &self.0
    }
}

impl Drop for Frame {
    fn drop(&mut self) {
        // A transferred frame is detached: closing it again does nothing.
        let _ = js::call(&self.0, "close", &[]);
    }
}
