//! From a frame to RGBA pixels at the network's input size.

use super::{frame::Frame, port::Fault};
use crate::messages::{FailureCode, InputSize};
use js_sys::{Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{OffscreenCanvas, OffscreenCanvasRenderingContext2d as Context};

/// A canvas of the input's size that lives in main memory (`willReadFrequently`): drawing converts and scales in one go, and
/// reading back is a copy, not a wait for the GPU.
pub(crate) struct Canvas {
    context: Context,
    input: InputSize,
    /// Where the last frame was drawn; what lies outside may hold an older picture.
    drawn: Option<[f64; 4]>,
}

impl Canvas {
    pub(crate) fn new(input: InputSize) -> Result<Self, Fault> {
        let failed = |thrown: JsValue| Fault::from_js(FailureCode::Internal, "the worker's canvas", &thrown);
        let canvas = OffscreenCanvas::new(input.width, input.height).map_err(failed)?;
        let options = Object::new();
        for (key, value) in [("willReadFrequently", true), ("alpha", false)] {
            Reflect::set(&options, &key.into(), &value.into()).map_err(failed)?;
        }
        let context = canvas
            .get_context_with_context_options("2d", &options)
            .map_err(failed)?
            .ok_or_else(|| Fault::new(FailureCode::Internal, "the browser gives workers no 2d canvas"))?
            .unchecked_into::<Context>();
        context.set_image_smoothing_enabled(true);
        // Mipmaps when the picture shrinks a lot: plain bilinear would skip pixels, and with them the far people. Not in
        // every binding, and only a wish: a browser that does not know the property draws plain bilinear.
        let _ = Reflect::set(&context, &"imageSmoothingQuality".into(), &"medium".into());
        Ok(Self { context, input, drawn: None })
    }

    /// Draws the frame into `place` (x, y, width, height in pixels of the input), black around it, and returns the whole
    /// input as RGBA rows from the top.
    ///
    /// # Errors
    /// [`FailureCode::BadFrame`] when the browser cannot draw the frame or hand out its pixels.
    pub(crate) fn pixels(&mut self, frame: &Frame, place: [f64; 4]) -> Result<Vec<u8>, Fault> {
        let bad = |thrown: JsValue| Fault::from_js(FailureCode::BadFrame, "drawing the frame", &thrown);
        let (width, height) = (f64::from(self.input.width), f64::from(self.input.height));
        if self.drawn != Some(place) {
            self.context.clear_rect(0.0, 0.0, width, height);
            self.drawn = Some(place);
        }
        let [x, y, w, h] = place;
        match frame {
            Frame::Video(frame) => {
                self.context.draw_image_with_video_frame_and_dw_and_dh(frame, x, y, w, h).map_err(bad)?;
            }
            Frame::Bitmap(bitmap) => {
                self.context.draw_image_with_image_bitmap_and_dw_and_dh(bitmap, x, y, w, h).map_err(bad)?;
            }
        }
        Ok(self.context.get_image_data(0.0, 0.0, width, height).map_err(bad)?.data().0)
    }
}
