//! Pictures that do not come over the network: a file of the operator, a camera of this device.

use super::js;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, HtmlVideoElement, MediaStream, MediaStreamConstraints, MediaStreamTrack, Url};

/// A file that plays in a loop; let go when dropped.
#[derive(Debug)]
pub struct FileSource {
    url: String,
}

impl FileSource {
    /// Plays `file` in `video`, for ever.
    ///
    /// # Errors
    /// What the browser threw.
    pub fn play(file: &File, video: &HtmlVideoElement) -> Result<Self, String> {
        let url = Url::create_object_url_with_blob(file).map_err(|e| js::describe(&e))?;
        video.set_loop(true);
        video.set_src(&url);
        super::video::keep_playing(video);
        Ok(Self { url })
    }
}

impl Drop for FileSource {
    fn drop(&mut self) {
        // Throws for no address that was made above.
        let _ = Url::revoke_object_url(&self.url);
    }
}

/// Why the element cannot play its source; `None` while it can.
#[must_use]
pub fn media_error(video: &HtmlVideoElement) -> Option<String> {
    let error = js::get(video, "error");
    if !error.is_object() {
        return None;
    }
    let message = js::text(&error, "message");
    let code = js::get(&error, "code").as_f64().unwrap_or_default();
    Some(if message.is_empty() { format!("media error {code}") } else { message })
}

/// A camera of this device; its light goes out when dropped.
#[derive(Debug)]
pub struct Webcam {
    stream: MediaStream,
}

/// Why there is no webcam.
#[derive(Clone, Debug, thiserror::Error)]
pub enum WebcamError {
    /// The operator or the browser's settings said no: only a person can change that.
    #[error("the browser was not allowed to use the camera")]
    Refused,
    /// Unplugged, in use by another program …: worth trying again.
    #[error("{0}")]
    Unavailable(String),
}

impl Webcam {
    /// Opens a camera; the empty string is the default one.
    ///
    /// # Errors
    /// [`WebcamError`].
    pub async fn open(device_id: &str) -> Result<Self, WebcamError> {
        let unavailable = |thrown: JsValue| WebcamError::Unavailable(js::describe(&thrown));
        let devices = js::window().navigator().media_devices().map_err(unavailable)?;
        let mut wishes = vec![("width", js::object(&[("ideal", 1280.into())]).into())];
        if !device_id.is_empty() {
            wishes.push(("deviceId", js::object(&[("exact", device_id.into())]).into()));
        }
        let constraints = MediaStreamConstraints::new();
        constraints.set_video(&js::object(&wishes));
        constraints.set_audio(&JsValue::FALSE);
        let asked = devices.get_user_media_with_constraints(&constraints).map_err(unavailable)?;
        match JsFuture::from(asked).await {
            Ok(stream) => Ok(Self { stream: stream.unchecked_into() }),
            Err(thrown)
                if matches!(js::text(&thrown, "name").as_str(), "NotAllowedError" | "SecurityError") =>
            {
                Err(WebcamError::Refused)
            }
            Err(thrown) => Err(unavailable(thrown)),
        }
    }

    /// Its pictures.
    #[must_use]
    pub fn stream(&self) -> &MediaStream {
        &self.stream
    }

    /// Whether the camera was unplugged or taken away.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        tracks(&self.stream).all(|track| js::text(&track, "readyState") == "ended")
    }
}

impl Drop for Webcam {
    fn drop(&mut self) {
        tracks(&self.stream).for_each(|track| track.stop());
    }
}

fn tracks(stream: &MediaStream) -> impl Iterator<Item = MediaStreamTrack> {
    stream.get_tracks().iter().map(JsCast::unchecked_into::<MediaStreamTrack>).collect::<Vec<_>>().into_iter()
}
