//! A frame that came from the page: closed when dropped, whatever happened in between.

use super::port::Fault;
use crate::messages::FailureCode;
use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{ImageBitmap, VideoFrame};

/// One picture, owned. Frames hold decoder or GPU memory that garbage collection frees too late: dropping this closes it.
pub(crate) enum Frame {
    Video(VideoFrame),
    Bitmap(ImageBitmap),
}

impl Frame {
    /// Takes the frame out of a message, so that nothing else holds on to it. `None` when there is none.
    pub(crate) fn take(message: &JsValue) -> Option<Self> {
        let key = JsValue::from_str("frame");
        let value = Reflect::get(message, &key).ok()?;
        if let Some(object) = message.dyn_ref::<js_sys::Object>() {
            // A message of ours is a plain object: nothing can forbid this.
            let _ = Reflect::delete_property(object, &key);
        }
        match value.dyn_into::<VideoFrame>() {
            Ok(frame) => Some(Self::Video(frame)),
            Err(value) => value.dyn_into::<ImageBitmap>().ok().map(Self::Bitmap),
        }
    }

    /// Width and height as shown, in pixels.
    ///
    /// # Errors
    /// [`FailureCode::BadFrame`] for a frame that was closed already: both sides are 0 then.
    pub(crate) fn size(&self) -> Result<[u32; 2], Fault> {
        let size = match self {
            Self::Video(frame) => [frame.display_width(), frame.display_height()],
            Self::Bitmap(bitmap) => [bitmap.width(), bitmap.height()],
        };
        if size.contains(&0) {
            return Err(Fault::new(
                FailureCode::BadFrame,
                "the frame is empty or was closed before it arrived",
            ));
        }
        Ok(size)
    }
}

impl Drop for Frame {
    fn drop(&mut self) {
        match self {
            Self::Video(frame) => frame.close(),
            Self::Bitmap(bitmap) => bitmap.close(),
        }
    }
}
