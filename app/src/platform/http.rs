//! Requests to the relay and to camera gateways.

use super::{js, task};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Headers, RequestInit, Response};

/// A request.
#[derive(Clone, Debug)]
pub struct Call<'a> {
    /// `GET`, `POST`, `PATCH` or `DELETE`.
    pub method: &'a str,
    /// Absolute, or relative to the page.
    pub url: &'a str,
    /// Headers.
    pub headers: &'a [(&'a str, &'a str)],
    /// Body.
    pub body: Option<&'a str>,
    /// Given up after this long, milliseconds.
    pub timeout_ms: f64,
}

/// What came back, whatever its status.
#[derive(Clone, Debug)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Address after redirects.
    pub url: String,
    /// Body as text.
    pub body: String,
    headers: Headers,
}

impl Reply {
    /// A header; `None` when it is missing or the browser may not show it.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<String> {
        self.headers.get(name).ok().flatten()
    }

    /// Whether the status is 200 to 299.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// No reply: the network, the browser's rules, or time ran out. The text is for the record.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{0}")]
pub struct NoReply(pub String);

/// Sends a request and waits for the whole reply.
///
/// # Errors
/// [`NoReply`]; every status is a reply.
pub async fn send(call: Call<'_>) -> Result<Reply, NoReply> {
    let failed =
        |thrown: JsValue| NoReply(format!("{} {}: {}", call.method, call.url, js::describe(&thrown)));
    let controller = AbortController::new().map_err(failed)?;
    let init = request_init(&call).map_err(failed)?;
    init.set_signal(Some(&controller.signal()));
    let exchange = async {
        let response: Response =
            JsFuture::from(js::window().fetch_with_str_and_init(call.url, &init)).await?.unchecked_into();
        let body = JsFuture::from(response.text()?).await?.as_string().unwrap_or_default();
        Ok::<_, JsValue>(Reply {
            status: response.status(),
            url: response.url(),
            body,
            headers: response.headers(),
        })
    };
    if let Some(result) = task::within(call.timeout_ms, exchange).await {
        return result.map_err(failed);
    }
    controller.abort();
    Err(NoReply(format!("{} {}: no reply within {:.0} s", call.method, call.url, call.timeout_ms / 1e3)))
}

/// Sends a request that outlives the page, without waiting for what becomes of it.
pub fn send_and_forget(method: &str, url: &str) {
    let call = Call { method, url, headers: &[], body: None, timeout_ms: 0.0 };
    if let Ok(init) = request_init(&call) {
        // Not every binding knows the property; every current browser does.
        let _ = js_sys::Reflect::set(&init, &"keepalive".into(), &true.into());
        let promise = js::window().fetch_with_str_and_init(url, &init);
        task::spawn(async move {
            // Nobody is left to care: the other side drops the session by itself after a while.
            let _ = JsFuture::from(promise).await;
        });
    }
}

fn request_init(call: &Call<'_>) -> Result<RequestInit, JsValue> {
    let init = RequestInit::new();
    init.set_method(call.method);
    let headers = Headers::new()?;
    for (name, value) in call.headers {
        headers.append(name, value)?;
    }
    init.set_headers_headers(&headers);
    if let Some(body) = call.body {
        init.set_body_opt_str(Some(body));
    }
    Ok(init)
}
