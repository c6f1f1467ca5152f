//! The app's files and their headers.

use crate::support::Relay;
use reqwest::header::HeaderMap;
use tempfile::TempDir;

const INLINE: &str = "import init from \"/app.js\"; init();";

async fn with_app() -> (TempDir, Relay) {
    let app = TempDir::new().unwrap();
    let put = |name: &str, text: &str| {
        let file = app.path().join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    };
    put("index.html", &format!("<!doctype html><script type=\"module\">{INLINE}</script>"));
    put("bench/index.html", "<!doctype html><title>bench</title>");
    put("app-0123456789abcdef_bg.wasm", "wasm");
    put("app-0123456789abcdef_bg.wasm.br", "brotli");
    put("workers/cpu/worker.js", "js");
    put("models/efficientdet-lite0.bpk", "weights");
    put("manifest.webmanifest", "{}");
    let folder = app.path().to_owned();
    let relay = Relay::start_with(move |config| {
        config.app = Some(folder);
        config.gateways = vec!["https://gateway.example:8889".into()];
    })
    .await;
    (app, relay)
}

async fn get(relay: &Relay, path: &str, accept: &str) -> (u16, HeaderMap, String) {
    let response = relay.http.get(relay.url(path)).header("accept", accept).send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    (status, headers, response.text().await.unwrap())
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn the_page_may_run_its_own_scripts_and_nothing_else() {
    let (_app, relay) = with_app().await;
    let (status, headers, _) = get(&relay, "/", "text/html").await;
    assert_eq!((status, header(&headers, "cache-control")), (200, "no-cache"));
    let policy = header(&headers, "content-security-policy");
    // printf 'import init from "/app.js"; init();' | openssl dgst -sha256 -binary | base64
    let own_socket = format!("ws://{}", relay.running.address());
    for part in [
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval' 'sha256-xIGkNiwiSjzwjgDM9hNzKD1LncVwGLHZo/XYHJIhiIU=';",
        &format!("connect-src 'self' {own_socket} https://gateway.example:8889;"),
        "worker-src 'self'",
        "frame-ancestors 'none'",
        "object-src 'none'",
        "base-uri 'none'",
    ] {
        assert!(policy.contains(part), "{part} is not in {policy}");
    }
    assert!(!policy.contains("'unsafe-eval'") && !policy.contains("script-src 'self' 'unsafe-inline'"));
    assert_eq!(header(&headers, "x-content-type-options"), "nosniff");
    assert_eq!(header(&headers, "referrer-policy"), "no-referrer");
    assert!(header(&headers, "permissions-policy").contains("camera=(self)"));
}

#[tokio::test]
async fn files_have_their_types_and_only_hashed_ones_are_kept() {
    let (_app, relay) = with_app().await;
    let cases = [
        ("/app-0123456789abcdef_bg.wasm", "application/wasm", "public, max-age=31536000, immutable"),
        ("/workers/cpu/worker.js", "text/javascript", "no-cache"),
        ("/models/efficientdet-lite0.bpk", "application/octet-stream", "no-cache"),
        ("/manifest.webmanifest", "application/manifest+json", "no-cache"),
        ("/bench/index.html", "text/html; charset=utf-8", "no-cache"),
    ];
    for (path, kind, caching) in cases {
        let (status, headers, _) = get(&relay, path, "*/*").await;
        assert_eq!((status, header(&headers, "content-type")), (200, kind), "{path}");
        assert_eq!(header(&headers, "cache-control"), caching, "{path}");
        // Workers run under the policy of their own script.
        assert!(header(&headers, "content-security-policy").contains("'wasm-unsafe-eval'"), "{path}");
    }
}

#[tokio::test]
async fn a_compressed_twin_is_sent_to_those_who_take_it() {
    let (_app, relay) = with_app().await;
    let url = relay.url("/app-0123456789abcdef_bg.wasm");
    let response = relay.http.get(url).header("accept-encoding", "br").send().await.unwrap();
    assert_eq!(header(response.headers(), "content-encoding"), "br");
    assert_eq!(header(response.headers(), "content-type"), "application/wasm");
    assert_eq!(response.text().await.unwrap(), "brotli");
}

#[tokio::test]
async fn routes_of_the_app_give_the_page_and_missing_files_do_not() {
    let (_app, relay) = with_app().await;
    for path in ["/record", "/camera/plaza"] {
        let (status, _, text) = get(&relay, path, "text/html,*/*").await;
        assert!(status == 200 && text.contains(INLINE), "{path}");
    }
    for path in ["/app-ffff.js", "/models/none.bpk", "/favicon.ico", "/none.html", "/workers/"] {
        assert_eq!(get(&relay, path, "*/*").await.0, 404, "{path}");
    }
    for path in
        ["/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc/passwd", "/%00", "/index.html/x", "/%2e%2e/x.html"]
    {
        let (status, _, text) = get(&relay, path, "*/*").await;
        assert!(status == 404 || status == 400, "{path}: {status}");
        assert!(!text.contains("root:"), "{path}");
    }
    let response = relay.http.post(relay.url("/index.html")).send().await.unwrap();
    assert_eq!(response.status(), 405);
}
