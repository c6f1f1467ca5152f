//! Small JPEG pictures of a video, for the loop of what happened.

use super::js;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, HtmlVideoElement, ImageEncodeOptions, OffscreenCanvas, OffscreenCanvasRenderingContext2d as Context,
};

/// Width of a picture in pixels; the height follows the video.
pub const WIDTH: u32 = 480;
/// JPEG quality, 0 to 1.
const QUALITY: f64 = 0.7;

/// Takes the picture that the element shows now. `None` when there is none yet or the browser cannot.
pub async fn take(video: &HtmlVideoElement) -> Option<Blob> {
    let (width, height) = (video.video_width(), video.video_height());
    if width == 0 || height == 0 {
        return None;
    }
    let height = (WIDTH * height).div_ceil(width).max(1);
    let canvas = OffscreenCanvas::new(WIDTH, height).ok()?;
    let context: Context = canvas.get_context("2d").ok()??.unchecked_into();
    js::call(&context, "drawImage", &[video.clone().into(), 0.into(), 0.into(), WIDTH.into(), height.into()])
        .ok()?;
    let options = ImageEncodeOptions::new();
    options.set_type("image/jpeg");
    options.set_quality(QUALITY);
    let blob = JsFuture::from(canvas.convert_to_blob_with_options(&options).ok()?).await.ok()?;
    blob.dyn_into().ok()
}
