//! The video element of a camera, and word of each new frame in it.

use super::{clock, js};
use js_sys::Function;
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};
use wasm_bindgen::{JsCast, JsValue, closure::Closure, prelude::wasm_bindgen};
use web_sys::{HtmlVideoElement, MediaStream};

#[wasm_bindgen]
extern "C" {
    /// A video element with the frame callbacks that `web-sys` counts as unstable.
    #[wasm_bindgen(extends = HtmlVideoElement, js_name = HTMLVideoElement)]
    #[derive(Clone)]
    type FrameVideo;

    #[wasm_bindgen(method, catch, js_name = requestVideoFrameCallback)]
    fn request_frame(this: &FrameVideo, callback: &Function) -> Result<u32, JsValue>;

    #[wasm_bindgen(method, catch, js_name = cancelVideoFrameCallback)]
    fn cancel_frame(this: &FrameVideo, handle: u32) -> Result<(), JsValue>;
}

/// A new, silent, playing video element.
///
/// # Errors
/// What the browser threw.
pub fn create() -> Result<HtmlVideoElement, JsValue> {
    let document = js::window().document().ok_or_else(|| JsValue::from_str("no document"))?;
    let video: HtmlVideoElement = document.create_element("video")?.unchecked_into();
    video.set_muted(true);
    video.set_autoplay(true);
    for (name, value) in
        [("muted", ""), ("playsinline", ""), ("disablepictureinpicture", ""), ("style", "object-fit:contain")]
    {
        video.set_attribute(name, value)?;
    }
    Ok(video)
}

/// Shows a stream.
pub fn show_stream(video: &HtmlVideoElement, stream: &MediaStream) {
    video.set_src_object(Some(stream));
    keep_playing(video);
}

/// Shows nothing.
pub fn clear(video: &HtmlVideoElement) {
    video.set_src_object(None);
    // Without this a file's last picture would stay.
    let _ = video.remove_attribute("src");
    video.load();
}

/// Plays on. Browsers pause an element that is moved to another place of the page.
pub fn keep_playing(video: &HtmlVideoElement) {
    if video.paused()
        && let Ok(promise) = video.play()
    {
        super::task::spawn(async move {
            // Interrupted by a new source, or not ready: the next look tries again.
            let _ = wasm_bindgen_futures::JsFuture::from(promise).await;
        });
    }
}

/// Frames that the element has played so far, dropped ones included; starts again with a new source.
#[must_use]
pub fn frames_played(video: &HtmlVideoElement) -> u64 {
    u64::from(video.get_video_playback_quality().total_video_frames())
}

/// Width and height of the picture in pixels; `None` before the first.
#[must_use]
pub fn size(video: &HtmlVideoElement) -> Option<(u32, u32)> {
    let (width, height) = (video.video_width(), video.video_height());
    (width > 0 && height > 0).then_some((width, height))
}

/// A frame was put on screen.
#[derive(Clone, Copy, Debug)]
pub struct Shown {
    /// When it arrived (WebRTC) or was shown, on [`clock::monotonic_ms`].
    pub at_ms: f64,
    /// Frames shown so far in this source.
    pub presented: u64,
    /// Place in the medium, seconds.
    pub media_secs: f64,
    /// RTP time of the frame, where it came over WebRTC: ticks of 1/90 000 s that wrap (RFC 3550).
    pub rtp: Option<u32>,
}

/// Calls back for each new frame until dropped.
pub struct FrameCallbacks {
    video: FrameVideo,
    handle: Rc<Cell<u32>>,
    running: Rc<Cell<bool>>,
    closure: Rc<RefCell<Option<FrameClosure>>>,
}

type FrameClosure = Closure<dyn FnMut(f64, JsValue)>;

impl FrameCallbacks {
    /// Starts listening. `None` where the browser has no such callbacks: then a timer has to do.
    #[must_use]
    pub fn start(video: &HtmlVideoElement, on_frame: impl Fn(Shown) + 'static) -> Option<Self> {
        let video: FrameVideo = video.clone().unchecked_into();
        let (handle, running) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(true)));
        let again: Rc<RefCell<Option<FrameClosure>>> = Rc::default();
        let closure = Closure::new({
            let (video, handle, running, again) =
                (video.clone(), handle.clone(), running.clone(), again.clone());
            move |now: f64, metadata: JsValue| {
                if !running.get() {
                    return;
                }
                if let Some(closure) = again.borrow().as_ref() {
                    // An element that goes away throws; then there are no more frames to hear of.
                    handle.set(video.request_frame(closure.as_ref().unchecked_ref()).unwrap_or_default());
                }
                let number = |key: &str| js::get(&metadata, key).as_f64();
                let at_ms = number("receiveTime").or_else(|| number("presentationTime")).unwrap_or(now);
                on_frame(Shown {
                    // Some browsers give receive times of another clock: only believe what is just past.
                    at_ms: if (clock::monotonic_ms() - at_ms).abs() < 2_000.0 { at_ms } else { now },
                    presented: number("presentedFrames").unwrap_or_default() as u64,
                    media_secs: number("mediaTime").unwrap_or_default(),
                    rtp: number("rtpTimestamp").map(|ticks| ticks as u32),
                });
            }
        });
        let first = video.request_frame(closure.as_ref().unchecked_ref()).ok()?;
        handle.set(first);
        *again.borrow_mut() = Some(closure);
        Some(Self { video, handle, running, closure: again })
    }
}

impl Drop for FrameCallbacks {
    fn drop(&mut self) {
        self.running.set(false);
        // Throws only where the element is gone already.
        let _ = self.video.cancel_frame(self.handle.get());
        // The closure holds itself: taken out later, since it may be what is running now.
        let closure = Rc::clone(&self.closure);
        super::task::spawn(async move {
            closure.borrow_mut().take();
        });
    }
}

impl std::fmt::Debug for FrameCallbacks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FrameCallbacks").field("handle", &self.handle.get()).finish_non_exhaustive()
    }
}
