//! The page itself: its address, whether it is seen, and its end.

use super::js;
use gloo_events::EventListener;
use wasm_bindgen_futures::JsFuture;

/// A parameter of the page's address, such as `engine` in `?engine=cpu`.
#[must_use]
pub fn parameter(name: &str) -> Option<String> {
    let query = js::window().location().search().ok()?;
    web_sys::UrlSearchParams::new_with_str(&query).ok()?.get(name)
}

/// `ws://…` or `wss://…` for a path under the page's own origin.
#[must_use]
pub fn socket_url(path: &str) -> String {
    let location = js::window().location();
    let scheme = if location.protocol().is_ok_and(|p| p == "https:") { "wss" } else { "ws" };
    format!("{scheme}://{}{path}", location.host().unwrap_or_default())
}

/// An address, resolved against another one.
#[must_use]
pub fn resolve(address: &str, base: &str) -> Option<String> {
    let page = js::window().location().href().ok()?;
    let base = web_sys::Url::new_with_base(base, &page).ok()?.href();
    web_sys::Url::new_with_base(address, &base).ok().map(|url| url.href())
}

/// Whether the tab is in the background.
#[must_use]
pub fn is_hidden() -> bool {
    js::window().document().is_some_and(|document| document.hidden())
}

/// Logical processors, 1 when the browser does not say.
#[must_use]
pub fn cores() -> usize {
    (js::window().navigator().hardware_concurrency() as usize).max(1)
}

/// Calls back when the page goes away; ends when dropped.
pub fn on_leave(call: impl Fn() + 'static) -> EventListener {
    EventListener::new(&js::window(), "pagehide", move |_| call())
}

/// Tells the script in `index.html` that the app cannot go on: it shows so in a page of its own.
pub fn broke_down(what: &str) {
    let about = web_sys::CustomEventInit::new();
    about.set_detail(&what.into());
    // Called while a panic is under way: nothing here may fail.
    if let (Some(window), Ok(event)) =
        (web_sys::window(), web_sys::CustomEvent::new_with_event_init_dict("vigie-broke-down", &about))
    {
        drop(window.dispatch_event(&event));
    }
}

/// Asks the browser not to evict what is stored; true when it promises.
pub async fn persist_storage() -> bool {
    let Ok(asked) = js::window().navigator().storage().persist() else { return false };
    JsFuture::from(asked).await.is_ok_and(|granted| granted.as_bool() == Some(true))
}
