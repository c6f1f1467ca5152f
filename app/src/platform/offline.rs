//! The service worker (`static/sw.js`), which lets a reload succeed while the relay is away.

use super::{js, task};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// Asks the browser to keep the page. Where it has no service workers (a page that is not from a secure origin), a reload
/// needs the relay; nothing else differs.
pub fn keep_page() {
    let container = js::get(&js::window().navigator(), "serviceWorker");
    let Ok(asked) = js::call(&container, "register", &[JsValue::from_str("/sw.js")]) else { return };
    task::spawn(async move {
        // A refusal changes nothing while the relay is there, and the next start asks again.
        let _ = JsFuture::from(js_sys::Promise::resolve(&asked)).await;
    });
}
