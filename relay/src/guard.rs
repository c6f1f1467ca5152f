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
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

/// The host names and origins that are the relay's own.
#[derive(Clone, Debug)]
pub struct Guard {
    hosts: Arc<[String]>,
    origins: Arc<[String]>,
}

impl Guard {
    /// For a relay that listens on a loopback address; `more_origins` are allowed besides (a development server in
    /// front of the relay).
    ///
    /// A host may go without its port: browsers leave port 80 out, and Trunk's proxy every port. That opens nothing, because
    /// a rebound name is refused for the name. An origin goes without it on port 80 alone, where it is this relay's.
    #[must_use]
    pub fn new(address: SocketAddr, more_origins: &[String]) -> Self {
        let (ip, port) = (address.ip(), address.port());
        let mut names = vec!["127.0.0.1".to_owned(), "localhost".to_owned(), "[::1]".to_owned()];
        names.push(match ip {
            IpAddr::V4(ip) => ip.to_string(),
            IpAddr::V6(ip) => format!("[{ip}]"),
        });
        let with_port = names.iter().map(|name| format!("{name}:{port}"));
        let bare = if port == 80 { names.as_slice() } else { &[] };
        let origins = with_port.clone().chain(bare.iter().cloned()).map(|host| format!("http://{host}"));
        Self {
            origins: origins.chain(more_origins.iter().cloned()).collect(),
            hosts: with_port.chain(names.iter().cloned()).collect(),
        }
    }

    fn check(&self, host: Option<&str>, headers: &HeaderMap) -> Result<(), ApiError> {
        let host = host.ok_or(ApiError::Forbidden("the request names no host"))?;
        if !self.hosts.iter().any(|own| own.eq_ignore_ascii_case(host)) {
            return Err(ApiError::Forbidden("this relay answers only under localhost and its own address"));
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
        allowed_at("127.0.0.1:8440", host, origin)
    }

    fn allowed_at(listen: &str, host: &str, origin: Option<&'static str>) -> bool {
        let mut headers = HeaderMap::new();
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
        }
        let guard = Guard::new(listen.parse().unwrap(), &["http://127.0.0.1:8080".into()]);
        guard.check(Some(host), &headers).is_ok()
    }

    #[test]
    fn own_pages_and_local_programs_pass() {
        assert!(allowed("127.0.0.1:8440", None));
        assert!(allowed("LOCALHOST:8440", None));
        assert!(allowed("localhost:8440", Some("http://localhost:8440")));
        assert!(allowed("[::1]:8440", Some("http://127.0.0.1:8440")));
        assert!(allowed("127.0.0.1:8440", Some("http://127.0.0.1:8080")));
        assert!(allowed("127.0.0.1", Some("http://127.0.0.1:8080")), "Trunk's proxy leaves the port out");
    }

    #[test]
    fn any_loopback_address_and_the_port_that_browsers_leave_out_serve_their_pages() {
        assert!(allowed_at("127.0.0.1:80", "127.0.0.1", Some("http://127.0.0.1")));
        assert!(allowed_at("127.0.0.1:80", "localhost", Some("http://localhost")));
        assert!(allowed_at("127.0.0.2:8440", "127.0.0.2:8440", Some("http://127.0.0.2:8440")));
        assert!(allowed_at("[::1]:8440", "[::1]:8440", Some("http://[::1]:8440")));
        assert!(!allowed_at("127.0.0.2:8440", "127.0.0.3:8440", None));
    }

    #[test]
    fn rebinding_and_other_sites_do_not() {
        assert!(!allowed("rebound.example:8440", None));
        assert!(!allowed("rebound.example", None));
        assert!(!allowed("127.0.0.1:9000", None), "another port of this machine");
        assert!(!allowed("127.0.0.1", Some("http://127.0.0.1")), "a page of another port of this machine");
        assert!(!allowed("127.0.0.2:8440", None), "not the address that it listens on");
        assert!(!allowed("127.0.0.1:8440", Some("https://example.org")));
        assert!(!allowed("127.0.0.1:8440", Some("http://localhost:9000")));
        assert!(!allowed("127.0.0.1:8440", Some("http://localhost:8440.example.org")));
        assert!(!allowed("127.0.0.1:8440", Some("null")));
        assert!(
            Guard::new(SocketAddr::from(([127, 0, 0, 1], 8440)), &[]).check(None, &HeaderMap::new()).is_err()
        );
    }
}
