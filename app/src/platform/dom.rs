//! Small calls into the page: address, storage, clock and number formats, observers. Each guard undoes itself on drop.

/// For components, which need the page alone.
pub use super::{clock::epoch_ms as now_ms, page::parameter, task::spawn};
use gloo_timers::callback::Timeout;
use std::{cell::RefCell, rc::Rc};
use vigie_engine::Point;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, HtmlElement};

fn window() -> Option<web_sys::Window> {
    web_sys::window()
}

fn document() -> Option<web_sys::Document> {
    window()?.document()
}

/// A setting kept in this browser.
#[must_use]
pub fn stored(key: &str) -> Option<String> {
    window()?.local_storage().ok()??.get_item(key).ok()?
}

/// Keeps a setting in this browser. Without storage (a private window) it lasts as long as the page.
pub fn store(key: &str, value: &str) {
    if let Some(Ok(Some(storage))) = window().map(|w| w.local_storage()) {
        drop(storage.set_item(key, value));
    }
}

/// The browser's languages, preferred first.
#[must_use]
pub fn languages() -> Vec<String> {
    let Some(window) = window() else { return Vec::new() };
    window.navigator().languages().iter().filter_map(|tag| tag.as_string()).collect()
}

/// The address path.
#[must_use]
pub fn path() -> String {
    window().and_then(|w| w.location().pathname().ok()).unwrap_or_default()
}

/// Moves to a path of this page; the parameters stay.
pub fn go_to(to: &str) {
    if path() == to {
        return;
    }
    let Some(window) = window() else { return };
    let search = window.location().search().unwrap_or_default();
    if let Ok(history) = window.history() {
        drop(history.push_state_with_url(&JsValue::NULL, "", Some(&format!("{to}{search}"))));
    }
}

/// Calls back when the operator walks through the browser's history.
#[must_use]
pub fn on_history(mut f: impl FnMut() + 'static) -> Option<gloo_events::EventListener> {
    Some(gloo_events::EventListener::new(window()?.as_ref(), "popstate", move |_| f()))
}

/// Calls back on every key in the page.
#[must_use]
pub fn on_key(mut f: impl FnMut(&web_sys::KeyboardEvent) + 'static) -> Option<gloo_events::EventListener> {
    let options = gloo_events::EventListenerOptions::enable_prevent_default();
    Some(gloo_events::EventListener::new_with_options(window()?.as_ref(), "keydown", options, move |event| {
        if let Some(event) = event.dyn_ref() {
            f(event);
        }
    }))
}

/// Calls back on every press in the page.
#[must_use]
pub fn on_press(mut f: impl FnMut() + 'static) -> Option<gloo_events::EventListener> {
    Some(gloo_events::EventListener::new(window()?.as_ref(), "pointerdown", move |_| f()))
}

/// Calls back whenever a press in the page ends.
#[must_use]
pub fn on_release(mut f: impl FnMut() + 'static) -> Option<gloo_events::EventListener> {
    Some(gloo_events::EventListener::new(window()?.as_ref(), "pointerup", move |_| f()))
}

/// Where the focus is, as far as keys care.
#[must_use]
pub fn focus() -> crate::state::Focus {
    let active = document().and_then(|d| d.active_element());
    let on_free = active.as_ref().is_none_or(|a| a.matches("body, .card, .tile").unwrap_or(false));
    crate::state::Focus { typing: typing(), in_queue: focus_is_in(".queue"), on_other: !on_free }
}

/// Gives the focus to the first element of a selector, if there is one.
pub fn focus_on(selector: &str) {
    if let Some(Ok(Some(element))) = document().map(|d| d.query_selector(selector))
        && let Some(element) = element.dyn_ref::<HtmlElement>()
    {
        drop(element.focus());
    }
}

/// Whether the focus is on an element of a selector, or inside one.
#[must_use]
pub fn focus_is_in(selector: &str) -> bool {
    let active = document().and_then(|d| d.active_element());
    active.is_some_and(|active| active.closest(selector).is_ok_and(|found| found.is_some()))
}

/// Whether the focus is on nothing in particular, as after what had it has left the page.
#[must_use]
pub fn focus_is_lost() -> bool {
    document().is_some_and(|d| d.active_element().is_none_or(|active| active.tag_name() == "BODY"))
}

fn typing() -> bool {
    let Some(active) = document().and_then(|d| d.active_element()) else { return false };
    if let Some(input) = active.dyn_ref::<web_sys::HtmlInputElement>() {
        return !["checkbox", "radio", "range", "button", "file"].contains(&input.type_().as_str());
    }
    active.is_instance_of::<web_sys::HtmlTextAreaElement>()
        || active.is_instance_of::<web_sys::HtmlSelectElement>()
}

/// Whether Enter would already do something with what has the focus: a button, a link, a list of choices. In the queue, what
/// is chosen already does not count: there, Enter sends the answer.
#[must_use]
pub fn on_control() -> bool {
    let Some(active) = document().and_then(|d| d.active_element()) else { return false };
    let is = |name: &str| active.get_attribute(name).as_deref() == Some("true");
    let in_queue = active.closest(".queue").is_ok_and(|found| found.is_some());
    let chosen = in_queue && ["aria-current", "aria-pressed"].into_iter().any(is);
    let pressable = ["BUTTON", "A", "SUMMARY", "SELECT"].contains(&active.tag_name().as_str());
    pressable && !chosen && !active.has_attribute("disabled")
}

/// Tells the page's language and title.
pub fn set_page(lang: &str, title: &str) {
    let Some(document) = document() else { return };
    if let Some(root) = document.document_element() {
        drop(root.set_attribute("lang", lang));
    }
    if document.title() != title {
        document.set_title(title);
    }
}

/// Sets a custom property of an element's style. (A `style` attribute would need a wider content security policy.)
pub fn set_var(element: &HtmlElement, name: &str, value: &str) {
    drop(element.style().set_property(name, value));
}

/// A custom property of an element's style, as computed.
#[must_use]
pub fn var(element: &Element, name: &str) -> String {
    let style = window().and_then(|w| w.get_computed_style(element).ok().flatten());
    style.and_then(|s| s.get_property_value(name).ok()).map(|v| v.trim().to_owned()).unwrap_or_default()
}

/// Device pixels per CSS pixel.
#[must_use]
pub fn pixel_ratio() -> f64 {
    window().map_or(1.0, |w| w.device_pixel_ratio())
}

/// Puts a text on the clipboard.
pub fn copy(text: &str) {
    if let Some(window) = window() {
        drop(window.navigator().clipboard().write_text(text));
    }
}

/// Where on an element a pointer is, in shares of its width and height, and how long `px` CSS pixels are in these shares.
#[must_use]
pub fn share_of(element: &Element, event: &web_sys::MouseEvent, px: f64) -> (Point, Point) {
    let rect = element.get_bounding_client_rect();
    let (width, height) = (rect.width().max(1.0), rect.height().max(1.0));
    let x = (f64::from(event.client_x()) - rect.left()) / width;
    let y = (f64::from(event.client_y()) - rect.top()) / height;
    let at = Point { x: x as f32, y: y as f32 };
    (at, Point { x: (px / width) as f32, y: (px / height) as f32 })
}

/// Options of `Intl` formats.
fn options(pairs: &[(&str, &str)]) -> js_sys::Object {
    let object = js_sys::Object::new();
    for (name, value) in pairs {
        let value = match value.parse::<f64>() {
            Ok(number) => JsValue::from_f64(number),
            Err(_) => JsValue::from_str(value),
        };
        drop(js_sys::Reflect::set(&object, &JsValue::from_str(name), &value));
    }
    object
}

fn date(ms: i64, locale: &str, format: &[(&str, &str)]) -> String {
    let date = js_sys::Date::new(&JsValue::from_f64(ms as f64));
    let call = |name: &str| {
        let method = js_sys::Reflect::get(&date, &JsValue::from_str(name))
            .ok()?
            .dyn_into::<js_sys::Function>()
            .ok()?;
        method.call2(&date, &JsValue::from_str(locale), &options(format)).ok()?.as_string()
    };
    call("toLocaleString").unwrap_or_default()
}

/// Time of day to the second, on a 24-hour clock.
#[must_use]
pub fn time_of_day(ms: i64, locale: &str) -> String {
    date(
        ms,
        locale,
        &[("hour", "2-digit"), ("minute", "2-digit"), ("second", "2-digit"), ("hourCycle", "h23")],
    )
}

/// Day and month in figures.
#[must_use]
pub fn day(ms: i64, locale: &str) -> String {
    date(ms, locale, &[("day", "2-digit"), ("month", "2-digit"), ("year", "numeric")])
}

/// Weekday, day and month in words.
#[must_use]
pub fn day_in_words(ms: i64, locale: &str) -> String {
    date(ms, locale, &[("weekday", "short"), ("day", "numeric"), ("month", "long")])
}

type FrameCallback = Rc<RefCell<Option<Closure<dyn FnMut()>>>>;

/// Pause between two calls of [`Repaint`], milliseconds. Asking for every frame of the screen makes the browser lay out and
/// composite the whole page sixty times a second, which costs a tenth of a core where it does so in software.
const PAUSE_MS: u32 = 40;

/// What a [`Repaint`] waits for.
enum Awaited {
    Frame(i32),
    Pause { _timeout: Timeout },
}

type Waiting = Rc<RefCell<Option<Awaited>>>;

/// Calls back before a repaint of the page, some twenty times a second, until dropped.
pub struct Repaint {
    callback: FrameCallback,
    waiting: Waiting,
}

impl Repaint {
    /// Starts.
    pub fn each(mut paint: impl FnMut() + 'static) -> Self {
        let (callback, waiting) = (FrameCallback::default(), Waiting::default());
        let (again, next) = (Rc::downgrade(&callback), Rc::clone(&waiting));
        *callback.borrow_mut() = Some(Closure::new(move || {
            paint();
            let (again, soon) = (again.clone(), Rc::clone(&next));
            let pause = Timeout::new(PAUSE_MS, move || {
                if let Some(callback) = again.upgrade() {
                    request(&callback, &soon);
                }
            });
            *next.borrow_mut() = Some(Awaited::Pause { _timeout: pause });
        }));
        request(&callback, &waiting);
        Self { callback, waiting }
    }
}

fn request(callback: &FrameCallback, waiting: &Waiting) {
    if let (Some(window), Ok(callback)) = (window(), callback.try_borrow())
        && let Some(callback) = callback.as_ref()
        && let Ok(id) = window.request_animation_frame(callback.as_ref().unchecked_ref())
    {
        *waiting.borrow_mut() = Some(Awaited::Frame(id));
    }
}

impl Drop for Repaint {
    fn drop(&mut self) {
        if let (Some(Awaited::Frame(id)), Some(window)) = (self.waiting.take(), window()) {
            drop(window.cancel_animation_frame(id));
        }
        // The closure holds what it paints; letting go of it here and not with the last request frees that at once.
        if let Ok(mut callback) = self.callback.try_borrow_mut() {
            drop(callback.take());
        }
    }
}

/// Tells an element's size in CSS pixels, at once and whenever it changes, until dropped.
pub struct SizeWatch {
    observer: web_sys::ResizeObserver,
    _callback: Closure<dyn FnMut(js_sys::Array)>,
}

impl SizeWatch {
    /// Starts; `None` where the browser refuses.
    pub fn new(element: &Element, mut tell: impl FnMut(f64, f64) + 'static) -> Option<Self> {
        let callback = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
            if let Ok(entry) = entries.get(0).dyn_into::<web_sys::ResizeObserverEntry>() {
                let rect = entry.content_rect();
                tell(rect.width(), rect.height());
            }
        });
        let observer = web_sys::ResizeObserver::new(callback.as_ref().unchecked_ref()).ok()?;
        observer.observe(element);
        Some(Self { observer, _callback: callback })
    }
}

impl Drop for SizeWatch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// Tells once when an element has really come into sight: most of it on screen, the page not hidden.
pub struct SightWatch {
    observer: web_sys::IntersectionObserver,
    _callback: Closure<dyn FnMut(js_sys::Array)>,
}

impl SightWatch {
    /// Starts; `None` where the browser refuses.
    pub fn new(element: &Element, seen: impl FnOnce() + 'static) -> Option<Self> {
        let mut seen = Some(seen);
        let callback = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
            let entries =
                entries.iter().filter_map(|e| e.dyn_into::<web_sys::IntersectionObserverEntry>().ok());
            // A browser reports nothing while the page is hidden, and catches up when it is shown.
            if entries.into_iter().any(|entry| entry.is_intersecting())
                && let Some(seen) = seen.take()
            {
                seen();
            }
        });
        let options = web_sys::IntersectionObserverInit::new();
        options.set_threshold(&JsValue::from_f64(0.6));
        let observer =
            web_sys::IntersectionObserver::new_with_options(callback.as_ref().unchecked_ref(), &options)
                .ok()?;
        observer.observe(element);
        Some(Self { observer, _callback: callback })
    }
}

impl Drop for SightWatch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// A decoded picture; its memory is given back on drop.
pub struct Picture {
    /// To draw or to show.
    pub image: web_sys::HtmlImageElement,
    url: String,
}

impl Picture {
    /// Decodes a picture; `None` when it is none.
    pub async fn decode(file: &web_sys::Blob) -> Option<Self> {
        let image = web_sys::HtmlImageElement::new().ok()?;
        let url = web_sys::Url::create_object_url_with_blob(file).ok()?;
        let picture = Self { image, url };
        picture.image.set_src(&picture.url);
        JsFuture::from(picture.image.decode()).await.ok()?;
        Some(picture)
    }

    /// An address to show it by, as long as this lives.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Picture {
    fn drop(&mut self) {
        drop(web_sys::Url::revoke_object_url(&self.url));
    }
}

/// The first file that an operator dropped onto the page.
#[must_use]
pub fn dropped_file(event: &web_sys::DragEvent) -> Option<web_sys::File> {
    event.data_transfer()?.files()?.get(0)
}

/// Scrolls an element's list just far enough that it can be seen.
pub fn into_view(element: &Element) {
    let options = web_sys::ScrollIntoViewOptions::new();
    options.set_block(web_sys::ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}

/// Opens a `<dialog>` over the page; the browser keeps the focus inside and closes it on Escape.
pub fn open_dialog(element: &Element) {
    if let Some(dialog) = element.dyn_ref::<web_sys::HtmlDialogElement>()
        && !dialog.open()
    {
        drop(dialog.show_modal());
    }
}

/// Closes a `<dialog>`; the browser gives the focus back to what had it before.
pub fn close_dialog(element: &Element) {
    if let Some(dialog) = element.dyn_ref::<web_sys::HtmlDialogElement>()
        && dialog.open()
    {
        dialog.close();
    }
}

/// Moves an element to sit in another, if it does not already; a video that was playing goes on.
pub fn adopt(parent: &Element, video: &web_sys::HtmlVideoElement) {
    if video.parent_element().as_ref() != Some(parent) {
        drop(parent.prepend_with_node_1(video));
        if let Ok(playing) = video.play() {
            // A refusal shows as a camera without pictures; the runtime watches for that.
            spawn(async move { drop(JsFuture::from(playing).await) });
        }
    }
}
