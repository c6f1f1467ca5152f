//! Small helpers around JavaScript values.

use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};

/// What was thrown, as one line for the record.
#[must_use]
pub fn describe(thrown: &JsValue) -> String {
    if let Some(error) = thrown.dyn_ref::<js_sys::Error>() {
        return String::from(error.to_string());
    }
    let (name, message) = (text(thrown, "name"), text(thrown, "message"));
    match (name.is_empty(), message.is_empty()) {
        (false, false) => format!("{name}: {message}"),
        (false, true) => name,
        (true, false) => message,
        (true, true) => thrown.as_string().unwrap_or_else(|| "without a reason".to_owned()),
    }
}

/// A property; `undefined` when there is none or the value is no object.
#[must_use]
pub fn get(object: &JsValue, key: &str) -> JsValue {
    if object.is_object() || object.is_function() {
        Reflect::get(object, &JsValue::from_str(key)).unwrap_or(JsValue::UNDEFINED)
    } else {
        JsValue::UNDEFINED
    }
}

/// A property as text; empty when there is none.
#[must_use]
pub fn text(object: &JsValue, key: &str) -> String {
    get(object, key).as_string().unwrap_or_default()
}

/// A plain object with these properties.
#[must_use]
pub fn object(properties: &[(&str, JsValue)]) -> js_sys::Object {
    let object = js_sys::Object::new();
    for (key, value) in properties {
        // A fresh plain object takes every property.
        let _ = Reflect::set(&object, &JsValue::from_str(key), value);
    }
    object
}

/// Calls a method by name; `Err` when it is missing or throws.
///
/// # Errors
/// What was thrown.
pub fn call(object: &JsValue, method: &str, args: &[JsValue]) -> Result<JsValue, JsValue> {
    let function = get(object, method)
        .dyn_into::<js_sys::Function>()
        .map_err(|_| JsValue::from_str(&format!("{method} is not a function here")))?;
    function.apply(object, &args.iter().collect::<js_sys::Array>())
}

/// The window. The app only ever runs in one.
///
/// # Panics
/// In a worker, where this module is never loaded.
#[must_use]
pub fn window() -> web_sys::Window {
    #[expect(clippy::expect_used, reason = "the page's module is loaded by the page alone")]
    web_sys::window().expect("the app runs in a window")
}
