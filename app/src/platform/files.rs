//! Files that an operator saves and loads.

use super::js;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Offers a text as a file to be saved under this name.
///
/// # Errors
/// What the browser threw.
pub fn save_text(name: &str, mime: &str, text: &str) -> Result<(), String> {
    let failed = |thrown: JsValue| js::describe(&thrown);
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(mime);
    let parts = js_sys::Array::of1(&text.into());
    let blob = web_sys::Blob::new_with_str_sequence_and_options(&parts, &options).map_err(failed)?;
    let url = web_sys::Url::create_object_url_with_blob(&blob).map_err(failed)?;
    let document = web_sys::window().and_then(|window| window.document());
    let anchor = document.and_then(|document| document.create_element("a").ok());
    if let Some(anchor) = anchor.and_then(|anchor| anchor.dyn_into::<web_sys::HtmlAnchorElement>().ok()) {
        anchor.set_href(&url);
        anchor.set_download(name);
        anchor.click();
    }
    // The click has taken the file already.
    drop(web_sys::Url::revoke_object_url(&url));
    Ok(())
}

/// The text of a file that is no larger than this; `None` for a larger one.
///
/// # Errors
/// What the browser threw.
pub async fn read_text(file: web_sys::File, most_bytes: usize) -> Result<Option<String>, String> {
    if file.size() > most_bytes as f64 {
        return Ok(None);
    }
    let text = JsFuture::from(file.text()).await.map_err(|thrown| js::describe(&thrown))?;
    Ok(text.as_string())
}
