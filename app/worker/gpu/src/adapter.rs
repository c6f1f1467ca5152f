//! Asks the browser for its WebGPU adapter, to learn whether there is one and what it is called. wgpu passes on only the
//! description, which most browsers leave empty.

use js_sys::{Function, Object, Promise, Reflect};
use vigie_worker::{adapter::AdapterFacts, host::Fault, messages::FailureCode};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Facts of the adapter that a request for high performance gets, as burn makes it.
///
/// # Errors
/// [`FailureCode::NoDevice`] where the browser has no WebGPU or no adapter to give.
pub(crate) async fn ask() -> Result<AdapterFacts, Fault> {
    let none =
        |thrown: JsValue| Fault::from_js(FailureCode::NoDevice, "asking for a WebGPU adapter", &thrown);
    let absent = |what: &str| Fault::new(FailureCode::NoDevice, what);

    let navigator = Reflect::get(&js_sys::global(), &"navigator".into()).map_err(none)?;
    let gpu = Reflect::get(&navigator, &"gpu".into()).map_err(none)?;
    if gpu.is_falsy() {
        return Err(absent("this browser gives workers no WebGPU"));
    }
    let options = Object::new();
    Reflect::set(&options, &"powerPreference".into(), &"high-performance".into()).map_err(none)?;
    let request: Function =
        Reflect::get(&gpu, &"requestAdapter".into()).map_err(none)?.dyn_into().map_err(none)?;
    let promise: Promise = request.call1(&gpu, &options).map_err(none)?.dyn_into().map_err(none)?;
    let adapter = JsFuture::from(promise).await.map_err(none)?;
    if adapter.is_falsy() {
        return Err(absent("the browser has WebGPU but no adapter for it"));
    }

    let info = Reflect::get(&adapter, &"info".into()).map_err(none)?;
    let property = |name: &str| Reflect::get(&info, &name.into()).unwrap_or(JsValue::UNDEFINED);
    let text = |name: &str| property(name).as_string().unwrap_or_default();
    // Older browsers keep the flag on the adapter itself.
    let fallback = property("isFallbackAdapter").is_truthy()
        || Reflect::get(&adapter, &"isFallbackAdapter".into()).is_ok_and(|flag| flag.is_truthy());
    Ok(AdapterFacts {
        vendor: text("vendor"),
        architecture: text("architecture"),
        device: text("device"),
        description: text("description"),
        fallback,
    })
}
