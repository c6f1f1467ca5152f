//! Who may talk to the relay in demo mode: pages that it served itself, and programs on this machine.
//!
//! Without sign-in, the address is the only lock. A page of another site can reach localhost from the same browser, so
//! every request must name the relay's own host (this stops DNS rebinding) and, where a browser says from which page it
//! comes, that page must be one of the relay's own (this stops cross-site POST, PATCH, DELETE and WebSockets).

use crate::error::ApiError;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, header, uri::Authority};
use axum::middleware::Next;
use axum::response::Response;
use std::sync::Arc;

/// The host names and origins that are the relay's own.
#[derive(Clone, Debug)]
pub struct Guard {
    hosts: Arc<[String]>,
    origins: Arc<[String]>,
}

impl Guard {
    /// For a relay that listens on a loopback address at `port`; `more_origins` are allowed besides (a development
    /// server in front of the relay).
    #[must_use]
    pub fn new(port: u16, more_origins: &[String]) -> Self {
        let hosts: Vec<String> =
            ["127.0.0.1", "localhost", "[::1]"].iter().map(|host| format!("{host}:{port}")).collect();
        let origins =
            hosts.iter().map(|host| format!("http://{host}")).chain(more_origins.iter().cloned()).collect();
        Self { hosts: hosts.into(), origins }
    }

    fn check(&self, host: Option<&str>, headers: &HeaderMap) -> Result<(), ApiError> {
        let host = host.ok_or(ApiError::Forbidden("the request names no host"))?;
        if !self.hosts.iter().any(|own| own.eq_ignore_ascii_case(host)) {
            return Err(ApiError::Forbidden("this relay answers only under localhost, 127.0.0.1 and [::1]"));
        }
        for origin in headers.get_all(header::ORIGIN) {
            let known = origin.to_str().is_ok_and(|origin| self.origins.iter().any(|own| own == origin));
            if !known {
                return Err(ApiError::Forbidden("the request comes from a page of another site"));
            }
        }
        Ok(())
    }
}

/// The middleware.
///
/// # Errors
/// [`ApiError::Forbidden`].
pub async fn only_own_pages(
    State(guard): State<Guard>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let in_header = hosts.next().map(|host| host.to_str().unwrap_or_default());
    if hosts.next().is_some() {
        return Err(ApiError::Malformed("the request names two hosts".into()));
    }
    let host = request.uri().authority().map(Authority::as_str).or(in_header);
    guard.check(host, request.headers())?;
    Ok(next.run(request).await)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn allowed(host: &str, origin: Option<&'static str>) -> bool {
        let mut headers = HeaderMap::new();
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
        }
        Guard::new(8440, &["http://127.0.0.1:8080".into()]).check(Some(host), &headers).is_ok()
    }

    #[test]
    fn own_pages_and_local_programs_pass() {
        assert!(allowed("127.0.0.1:8440", None));
        assert!(allowed("LOCALHOST:8440", None));
        assert!(allowed("localhost:8440", Some("http://localhost:8440")));
        assert!(allowed("[::1]:8440", Some("http://127.0.0.1:8440")));
        assert!(allowed("127.0.0.1:8440", Some("http://127.0.0.1:8080")));
    }

    #[test]
    fn rebinding_and_other_sites_do_not() {
        assert!(!allowed("rebound.example:8440", None));
        assert!(!allowed("127.0.0.1", None), "another port of this machine");
        assert!(!allowed("127.0.0.1:8440", Some("https://example.org")));
        assert!(!allowed("127.0.0.1:8440", Some("http://localhost:9000")));
        assert!(!allowed("127.0.0.1:8440", Some("http://localhost:8440.example.org")));
        assert!(!allowed("127.0.0.1:8440", Some("null")));
        assert!(Guard::new(8440, &[]).check(None, &HeaderMap::new()).is_err());
    }
}
