//! Serves the built app: files, caching, and the headers that keep the page to itself.
//!
//! Cross-origin isolation (COOP, COEP) is not asked for: it only unlocks `SharedArrayBuffer` and precise timers, and the
//! workers share no memory. It would keep gateways without CORP headers out.

use crate::error::ApiError;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest as _, Sha256};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use tower_http::services::ServeDir;

/// The built app, ready to serve.
#[derive(Clone, Debug)]
pub struct Site {
    folder: Arc<Path>,
    files: ServeDir,
    /// Gateways that the page may also connect to, each preceded by a space.
    gateways: Arc<str>,
}

impl Site {
    /// For the built app in `folder`; `gateways` are origins such as `https://gateway.example:8889`.
    ///
    /// # Errors
    /// When there is no `index.html`, or a gateway is not an origin.
    pub fn new(folder: &Path, gateways: &[String]) -> anyhow::Result<Self> {
        anyhow::ensure!(
            folder.join("index.html").is_file(),
            "{} holds no built app (no index.html): build it first, for example with `cargo xtask demo`",
            folder.display()
        );
        let mut list = String::new();
        for gateway in gateways {
            check_origin(gateway)?;
            list.push(' ');
            list.push_str(gateway);
        }
        let files = ServeDir::new(folder)
            .append_index_html_on_directories(false)
            .precompressed_br()
            .precompressed_gzip();
        Ok(Self { folder: folder.into(), files, gateways: list.into() })
    }

    /// The policy for a page or worker: `hashes` are the quoted hashes of its inline scripts and styles.
    ///
    /// `style-src-attr` allows `style="…"` attributes, which carry the positions of things on the video; style sheets
    /// and `<style>` elements must be the app's own.
    fn policy(&self, headers: &HeaderMap, inline: &Inline) -> HeaderValue {
        // `'self'` does not cover `ws:` in every browser, so the relay's own address is named. The guard has checked it.
        let own_socket = headers
            .get(header::HOST)
            .and_then(|host| host.to_str().ok())
            .map(|host| format!(" ws://{host}"))
            .unwrap_or_default();
        let policy = format!(
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{scripts}; worker-src 'self'; \
             connect-src 'self'{own_socket}{gateways}; img-src 'self' blob: data:; media-src 'self' blob:; \
             style-src 'self'{styles}; style-src-attr 'unsafe-inline'; font-src 'self'; manifest-src 'self'; \
             object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            scripts = inline.scripts,
            styles = inline.styles,
            gateways = self.gateways,
        );
        HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
    }

    /// An HTML page with the hashes of what it carries inline. Pages are small and read anew each time, so that a rebuilt
    /// app is served without a restart.
    async fn page(&self, file: &Path, request: &HeaderMap) -> Result<Response, ApiError> {
        let html = match tokio::fs::read_to_string(file).await {
            Ok(html) => html,
            Err(error) if names_nothing(&error) => {
                return Err(ApiError::NotFound("there is no such page"));
            }
            Err(error) => return Err(ApiError::Internal(error.into())),
        };
        let policy = self.policy(request, &Inline::find(&html));
        let kind = HeaderValue::from_static("text/html; charset=utf-8");
        let headers = [(header::CONTENT_TYPE, kind), (header::CONTENT_SECURITY_POLICY, policy)];
        Ok((headers, html).into_response())
    }
}

/// Everything that is not the API: pages, files, and `index.html` for the app's own routes.
///
/// # Errors
/// [`ApiError::NotFound`] and [`ApiError::Unsupported`].
pub async fn serve(State(site): State<Option<Site>>, request: Request) -> Result<Response, ApiError> {
    let Some(mut site) = site else { return Err(ApiError::NotFound("this relay serves no app")) };
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Err(ApiError::Unsupported(StatusCode::METHOD_NOT_ALLOWED, "files are only read"));
    }
    let asked = request.headers().clone();
    let uri = request.uri().clone();
    let mut response = if let Some(page) = page_path(&uri) {
        site.page(&site.folder.join(page), &asked).await?
    } else {
        let served = match site.files.try_call(request).await {
            Ok(served) => {
                Some(served.map(Body::new)).filter(|served| served.status() != StatusCode::NOT_FOUND)
            }
            Err(error) if names_nothing(&error) => None,
            Err(error) => return Err(ApiError::Internal(error.into())),
        };
        match served {
            Some(served) => served,
            None if is_app_route(&uri, &asked) => site.page(&site.folder.join("index.html"), &asked).await?,
            None => return Err(ApiError::NotFound("there is no such file")),
        }
    };
    let policy = site.policy(&asked, &Inline::default());
    let headers = response.headers_mut();
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(policy);
    let caching = if is_hashed(uri.path()) { "public, max-age=31536000, immutable" } else { "no-cache" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static(
            "camera=(self), microphone=(), geolocation=(), display-capture=(), payment=(), usb=()",
        ),
    );
    Ok(response)
}

/// The address names no file, or cannot name one.
fn names_nothing(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{InvalidFilename, InvalidInput, IsADirectory, NotADirectory, NotFound};
    matches!(error.kind(), NotFound | NotADirectory | IsADirectory | InvalidInput | InvalidFilename)
}

/// The file of an address that names an HTML page: `/` and `….html`, without a way out of the folder.
fn page_path(uri: &Uri) -> Option<PathBuf> {
    let path = uri.path().trim_start_matches('/');
    if path.is_empty() {
        return Some("index.html".into());
    }
    let path = Path::new(path);
    let html = path.extension().is_some_and(|extension| extension == "html");
    let inside = path.components().all(|part| matches!(part, Component::Normal(_)));
    (html && inside).then(|| path.to_owned())
}

/// An address inside the app, such as `/record`: a browser asks for a page, and no file of that name is meant.
fn is_app_route(uri: &Uri, headers: &HeaderMap) -> bool {
    let last = uri.path().rsplit('/').next().unwrap_or_default();
    let wants_page = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    !last.contains('.') && wants_page.is_some_and(|accept| accept.contains("text/html"))
}

/// Whether the file's name carries a hash of its content, as the bundler's do: `app-0123456789abcdef_bg.wasm`.
fn is_hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.split(['-', '_', '.']).any(|part| {
        part.len() >= 12
            && part.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
            && part.bytes().any(|b| b.is_ascii_digit())
    })
}

fn check_origin(origin: &str) -> anyhow::Result<()> {
    let uri: Option<Uri> = origin.parse().ok();
    let ok = uri.is_some_and(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https"))
            && uri.authority().is_some_and(|authority| !authority.as_str().contains('@'))
            && matches!(uri.path(), "" | "/")
            && uri.query().is_none()
            && !origin.ends_with('/')
            && !origin.contains([';', ',', ' ', '\'', '*'])
    });
    anyhow::ensure!(
        ok,
        "“{origin}” is not an origin: give scheme, host and port alone, as in https://gateway.example:8889"
    );
    Ok(())
}

/// Hashes of inline scripts and styles, as sources of a policy, each preceded by a space.
#[derive(Debug, Default, PartialEq, Eq)]
struct Inline {
    scripts: String,
    styles: String,
}

impl Inline {
    fn find(html: &str) -> Self {
        Self {
            scripts: hashes(html, "script", |attributes| !attributes.contains("src=")),
            styles: hashes(html, "style", |_| true),
        }
    }
}

/// The app's own pages are read here, not strangers': a plain search for the element is enough, and an inline script
/// that it does not find is blocked, not let through.
fn hashes(html: &str, element: &str, counts: impl Fn(&str) -> bool) -> String {
    let (open, close) = (format!("<{element}"), format!("</{element}>"));
    let mut found = String::new();
    let mut rest = html;
    while let Some(start) = rest.find(&open) {
        rest = &rest[start + open.len()..];
        let Some(tag_end) = rest.find('>') else { break };
        let attributes = &rest[..tag_end];
        rest = &rest[tag_end + 1..];
        let Some(end) = rest.find(&close) else { break };
        if counts(attributes) && attributes.is_empty() | attributes.starts_with(char::is_whitespace) {
            let digest = BASE64_STANDARD.encode(Sha256::digest(&rest.as_bytes()[..end]));
            found.extend([" 'sha256-", &digest, "'"]);
        }
        rest = &rest[end + close.len()..];
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_scripts_are_hashed_and_others_are_not() {
        // printf 'import a from "/a.js";' | openssl dgst -sha256 -binary | base64
        let hash = " 'sha256-AKNl4B43ZnuG3iM/53bpG8CHSjgnrNdG3slGHmXvyQg='";
        let html = "<script src=\"/x.js\"></script><script type=\"module\">import a from \"/a.js\";</script>";
        assert_eq!(Inline::find(html).scripts, hash);
        assert_eq!(Inline::find("<scripted>import a</scripted><script>").scripts, "");
        assert_eq!(
            Inline::find("<style>a{}</style>").styles,
            " 'sha256-X1RutGBrXCt9KkSaXMK7tHftWiRscFHOhxsS8tv8hBk='"
        );
    }

    #[test]
    fn names_with_a_hash_are_kept_for_ever() {
        assert!(is_hashed("/vigie-app-3f0c2b1a9d8e7f60_bg.wasm"));
        assert!(is_hashed("/snippets/3f0c2b1a9d8e7f60.js"));
        assert!(!is_hashed("/workers/cpu/worker_bg.wasm"));
        assert!(!is_hashed("/models/efficientdet-lite0.bpk"));
        assert!(!is_hashed("/"));
    }

    #[test]
    fn pages_stay_inside_the_folder() {
        let page = |path: &str| page_path(&path.parse().unwrap());
        assert_eq!(page("/"), Some("index.html".into()));
        assert_eq!(page("/bench/index.html?x=1"), Some("bench/index.html".into()));
        assert_eq!(page("/../secret.html"), None);
        assert_eq!(page("/app.js"), None);
    }

    #[test]
    fn a_gateway_is_an_origin() {
        for good in ["https://gateway.example:8889", "http://192.0.2.7:1984"] {
            assert!(check_origin(good).is_ok(), "{good}");
        }
        for bad in [
            "gateway",
            "https://a.example/path",
            "https://a.example/",
            "https://*",
            "ws://a",
            "https://u@a",
            "https://a;b",
        ] {
            assert!(check_origin(bad).is_err(), "{bad}");
        }
    }
}
