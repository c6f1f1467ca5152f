//! From a frame to RGBA pixels.

use super::{frame::Frame, port::Fault};
use crate::messages::FailureCode;
use js_sys::{Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{OffscreenCanvas, OffscreenCanvasRenderingContext2d as Context};

/// A canvas that lives in main memory (`willReadFrequently`): drawing converts and scales in one go, and reading back is a
/// copy, not a wait for the GPU.
pub(crate) struct Canvas {
    canvas: OffscreenCanvas,
    context: Context,
}

impl Canvas {
    pub(crate) fn new() -> Result<Self, Fault> {
        let failed = |thrown: JsValue| Fault::from_js(FailureCode::Internal, "the worker's canvas", &thrown);
        let canvas = OffscreenCanvas::new(1, 1).map_err(failed)?;
        let options = Object::new();
        for (key, value) in [("willReadFrequently", true), ("alpha", false)] {
            Reflect::set(&options, &key.into(), &value.into()).map_err(failed)?;
        }
        let context = canvas
            .get_context_with_context_options("2d", &options)
            .map_err(failed)?
            .ok_or_else(|| Fault::new(FailureCode::Internal, "the browser gives workers no 2d canvas"))?
            .unchecked_into::<Context>();
        Ok(Self { canvas, context })
    }

    /// The frame at this size, as RGBA rows from the top.
    ///
    /// # Errors
    /// [`FailureCode::BadFrame`] when the browser cannot draw the frame or hand out its pixels.
    pub(crate) fn pixels(&mut self, frame: &Frame, width: u32, height: u32) -> Result<Vec<u8>, Fault> {
        let bad = |thrown: JsValue| Fault::from_js(FailureCode::BadFrame, "drawing the frame", &thrown);
        if (self.canvas.width(), self.canvas.height()) != (width, height) {
            // Either one resets the context's state.
            self.canvas.set_width(width);
            self.canvas.set_height(height);
            // Mipmaps when the picture shrinks a lot: plain bilinear would skip pixels, and with them the far people. Not
            // in every binding, and only a wish: a browser that does not know the property draws plain bilinear.
            let _ = Reflect::set(&self.context, &"imageSmoothingQuality".into(), &"medium".into());
        }
        let (w, h) = (f64::from(width), f64::from(height));
        match frame {
            Frame::Video(frame) => {
                self.context.draw_image_with_video_frame_and_dw_and_dh(frame, 0.0, 0.0, w, h).map_err(bad)?;
            }
            Frame::Bitmap(bitmap) => {
                self.context
                    .draw_image_with_image_bitmap_and_dw_and_dh(bitmap, 0.0, 0.0, w, h)
                    .map_err(bad)?;
            }
        }
        Ok(self.context.get_image_data(0.0, 0.0, w, h).map_err(bad)?.data().0)
    }
}
