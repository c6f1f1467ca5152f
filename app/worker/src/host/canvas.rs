//! From a frame to RGBA pixels.

use super::{frame::Frame, port::Fault};
use crate::messages::FailureCode;
use js_sys::{Object, Reflect};
use vigie_engine::BBox;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{OffscreenCanvas, OffscreenCanvasRenderingContext2d as Context};

/// A part of a frame, in its pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cut {
    pub(crate) left: u32,
    pub(crate) top: u32,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

impl Cut {
    /// The part of a frame of this size that a box in shares of it covers, at least a pixel; all of it without one.
    pub(crate) fn of(part: Option<BBox>, [width, height]: [u32; 2]) -> Self {
        let Some(part) = part else { return Self { left: 0, top: 0, width, height } };
        let span = |from: f32, to: f32, side: u32| {
            let first = ((from * side as f32).round() as u32).min(side.saturating_sub(1));
            (first, ((to * side as f32).round() as u32).clamp(first + 1, side.max(1)) - first)
        };
        let (left, width) = span(part.x0, part.x1, width);
        let (top, height) = span(part.y0, part.y1, height);
        Self { left, top, width, height }
    }
}

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

    /// A part of the frame at this size, as RGBA rows from the top.
    ///
    /// # Errors
    /// [`FailureCode::BadFrame`] when the browser cannot draw the frame or hand out its pixels.
    pub(crate) fn pixels(
        &mut self,
        frame: &Frame,
        cut: Cut,
        width: u32,
        height: u32,
    ) -> Result<Vec<u8>, Fault> {
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
        let [left, top] = [f64::from(cut.left), f64::from(cut.top)];
        let [across, down] = [f64::from(cut.width), f64::from(cut.height)];
        match frame {
            Frame::Video(frame) => {
                self.context.draw_image_with_video_frame_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
                    frame, left, top, across, down, 0.0, 0.0, w, h,
                )
            }
            Frame::Bitmap(bitmap) => {
                self.context.draw_image_with_image_bitmap_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
                    bitmap, left, top, across, down, 0.0, 0.0, w, h,
                )
            }
        }
        .map_err(bad)?;
        Ok(self.context.get_image_data(0.0, 0.0, w, h).map_err(bad)?.data().0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_cut_where_it_lies() {
        let bbox = |x0, y0, x1, y1| Some(BBox { x0, y0, x1, y1 });
        let cut = |left, top, width, height| Cut { left, top, width, height };
        assert_eq!(Cut::of(None, [1280, 720]), cut(0, 0, 1280, 720));
        assert_eq!(Cut::of(bbox(0.25, 0.5, 0.75, 1.0), [1280, 720]), cut(320, 360, 640, 360));
        assert_eq!(Cut::of(bbox(1.0, 1.0, 1.0, 1.0), [1280, 720]), cut(1279, 719, 1, 1));
        assert_eq!(Cut::of(bbox(-1.0, f32::NAN, 2.0, 2.0), [10, 10]), cut(0, 0, 10, 10));
    }
}
