//! Fetches the weights, tells how far it got, and refuses any that are not the ones asked for.

use super::port::{self, Fault};
use crate::messages::{FailureCode, FromWorker, Stage};
use js_sys::{Reflect, Uint8Array};
use sha2::{Digest, Sha256};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStreamDefaultReader, Request, RequestInit, RequestMode, Response};

/// Progress is told at most this often, so that a fast download does not flood the page.
const TELL_EVERY_BYTES: usize = 512 * 1024;

/// The file at `url` (same origin), whose SHA-256 is `sha256` (hexadecimal).
///
/// # Errors
/// [`FailureCode::ModelMissing`] when it cannot be had, [`FailureCode::ModelCorrupt`] when it is another file. The hash is
/// computed here and not by `crypto.subtle`, which browsers withhold from pages that come over plain HTTP on a closed network.
pub(crate) async fn weights(url: &str, sha256: &str) -> Result<Vec<u8>, Fault> {
    let bytes = fetch(url).await?;
    let found = hex(&Sha256::digest(&bytes));
    if found.eq_ignore_ascii_case(sha256.trim()) {
        Ok(bytes)
    } else {
        let len = bytes.len();
        Err(Fault::new(
            FailureCode::ModelCorrupt,
            format!("{url}: {len} bytes with SHA-256 {found}, expected {sha256}"),
        ))
    }
}

async fn fetch(url: &str) -> Result<Vec<u8>, Fault> {
    let missing = |thrown: JsValue| Fault::from_js(FailureCode::ModelMissing, url, &thrown);

    let init = RequestInit::new();
    init.set_mode(RequestMode::SameOrigin);
    let request = Request::new_with_str_and_init(url, &init).map_err(missing)?;
    let response: Response =
        JsFuture::from(port::scope().fetch_with_request(&request)).await.map_err(missing)?.unchecked_into();
    if !response.ok() {
        return Err(Fault::new(
            FailureCode::ModelMissing,
            format!("{url}: HTTP status {}", response.status()),
        ));
    }

    // With a content encoding, the length is that of the compressed bytes and says nothing of what will arrive.
    let header = |name: &str| response.headers().get(name).ok().flatten();
    let total = match header("content-encoding") {
        None => header("content-length").and_then(|text| text.parse::<usize>().ok()).unwrap_or(0),
        Some(_) => 0,
    };
    let tell = |done: usize| {
        port::post(&FromWorker::Progress { stage: Stage::Download, done: done as f64, total: total as f64 });
    };
    tell(0);

    let Some(body) = response.body() else {
        return Err(Fault::new(FailureCode::ModelMissing, format!("{url}: an empty answer")));
    };
    let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    let mut bytes = Vec::with_capacity(total);
    let mut told = 0;
    loop {
        let part = JsFuture::from(reader.read()).await.map_err(missing)?;
        if Reflect::get(&part, &"done".into()).map_err(missing)?.is_truthy() {
            break;
        }
        let chunk: Uint8Array = Reflect::get(&part, &"value".into()).map_err(missing)?.unchecked_into();
        let start = bytes.len();
        bytes.resize(start + chunk.length() as usize, 0);
        chunk.copy_to(&mut bytes[start..]);
        if bytes.len() - told >= TELL_EVERY_BYTES {
            told = bytes.len();
            tell(told);
        }
    }
    tell(bytes.len());
    Ok(bytes)
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing into a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hash_is_written_as_the_manifest_writes_it() {
        // FIPS 180-2, appendix B.1.
        assert_eq!(
            hex(&Sha256::digest(b"abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
