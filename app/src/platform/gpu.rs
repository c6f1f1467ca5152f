//! What the browser says of the machine's GPU, before any engine is loaded.

use super::{js, task};
use vigie_worker::adapter::AdapterFacts;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Some drivers never answer; the post then goes ahead without a GPU.
const TIMEOUT_MS: f64 = 10_000.0;

/// The adapter that WebGPU would use.
///
/// # Errors
/// Why there is none, in English for the record.
pub async fn adapter() -> Result<AdapterFacts, String> {
    let gpu = js::get(&js::window().navigator(), "gpu");
    if !gpu.is_object() {
        return Err("this browser has no WebGPU here".to_owned());
    }
    let options = js::object(&[("powerPreference", "high-performance".into())]);
    let asked = js::call(&gpu, "requestAdapter", &[options.into()]).map_err(|e| js::describe(&e))?;
    let promise = asked.dyn_into::<js_sys::Promise>().map_err(|e| js::describe(&e))?;
    let adapter = match task::within(TIMEOUT_MS, JsFuture::from(promise)).await {
        None => return Err("the GPU driver did not answer within 10 s".to_owned()),
        Some(Err(thrown)) => return Err(js::describe(&thrown)),
        Some(Ok(adapter)) if !adapter.is_object() => return Err("WebGPU finds no adapter".to_owned()),
        Some(Ok(adapter)) => adapter,
    };
    Ok(facts(&adapter))
}

fn facts(adapter: &JsValue) -> AdapterFacts {
    let info = js::get(adapter, "info");
    // The flag moved from the adapter to its info; browsers have it in one place or the other.
    let fallback = [adapter, &info].into_iter().any(|place| js::get(place, "isFallbackAdapter").is_truthy());
    AdapterFacts {
        vendor: js::text(&info, "vendor"),
        architecture: js::text(&info, "architecture"),
        device: js::text(&info, "device"),
        description: js::text(&info, "description"),
        fallback,
    }
}
