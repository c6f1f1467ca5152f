//! The one error type of the HTTP interface and the one table from errors to status codes.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use vigie_protocol::ChainHead;
use vigie_protocol::sync::{ErrorBody, ErrorCode};

/// Why a request was refused. Everything but [`ApiError::Internal`] and the cause in [`ApiError::Unavailable`] is told
/// to the caller; those two are written to the log, once, when the reply is made.
#[derive(Debug)]
pub enum ApiError {
    /// 400: not a request of this API.
    Malformed(String),
    /// 403: from a page of another site, or under another host name.
    Forbidden(&'static str),
    /// 404: no such thing.
    NotFound(&'static str),
    /// 405, 406, 412, 415 or 422, as given: what this address does not take.
    Unsupported(StatusCode, &'static str),
    /// 409: entries before these are missing.
    Gap(ChainHead),
    /// 409: another entry is stored under this number.
    Fork(ChainHead),
    /// 413: body, batch or record too large.
    TooLarge(String),
    /// 422: an entry does not hash to what it says, or does not follow the one before it.
    BrokenChain(String),
    /// 503: cannot be done now; nothing was stored.
    Unavailable {
        /// What the caller is told.
        message: &'static str,
        /// What the log is told.
        cause: Option<anyhow::Error>,
    },
    /// 500: a fault of the relay; nothing was stored.
    Internal(anyhow::Error),
}

impl ApiError {
    /// After how many seconds a caller that was refused with 503 may come again.
    const RETRY_AFTER_SECS: u64 = 5;

    /// The table.
    fn status_and_code(&self) -> (StatusCode, ErrorCode) {
        match self {
            Self::Malformed(_) => (StatusCode::BAD_REQUEST, ErrorCode::Malformed),
            Self::Forbidden(_) => (StatusCode::FORBIDDEN, ErrorCode::Forbidden),
            Self::NotFound(_) => (StatusCode::NOT_FOUND, ErrorCode::NotFound),
            Self::Unsupported(status, _) => (*status, ErrorCode::Unsupported),
            Self::Gap(_) => (StatusCode::CONFLICT, ErrorCode::Gap),
            Self::Fork(_) => (StatusCode::CONFLICT, ErrorCode::Fork),
            Self::TooLarge(_) => (StatusCode::PAYLOAD_TOO_LARGE, ErrorCode::TooLarge),
            Self::BrokenChain(_) => (StatusCode::UNPROCESSABLE_ENTITY, ErrorCode::BrokenChain),
            Self::Unavailable { .. } => (StatusCode::SERVICE_UNAVAILABLE, ErrorCode::Unavailable),
            Self::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, ErrorCode::Internal),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, code) = self.status_and_code();
        let mut head = None;
        let message = match self {
            Self::Malformed(message) | Self::TooLarge(message) | Self::BrokenChain(message) => message,
            Self::Forbidden(message) | Self::NotFound(message) | Self::Unsupported(_, message) => {
                message.to_owned()
            }
            Self::Gap(at) => {
                head = Some(at);
                format!("entries are missing: the relay holds this post up to {}", at.seq)
            }
            Self::Fork(at) => {
                head = Some(at);
                format!("the relay holds other entries of this post; its copy ends at {}", at.seq)
            }
            Self::Unavailable { message, cause } => {
                if let Some(cause) = cause {
                    tracing::error!("refused with 503: {cause:#}");
                }
                message.to_owned()
            }
            Self::Internal(cause) => {
                tracing::error!("refused with 500: {cause:#}");
                "the relay has a fault; see its log".to_owned()
            }
        };
        let mut response = (status, Json(ErrorBody { code, message, head })).into_response();
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(Self::RETRY_AFTER_SECS));
        }
        response
    }
}

/// SQLite result codes (<https://www.sqlite.org/rescode.html>) that say "not now" and not "broken": busy, locked,
/// read-only, I/O error, full, cannot open.
const SQLITE_NOT_NOW: [u32; 6] = [5, 6, 8, 10, 13, 14];

impl From<sqlx::Error> for ApiError {
    fn from(error: sqlx::Error) -> Self {
        let primary = error
            .as_database_error()
            .and_then(sqlx::error::DatabaseError::code)
            .and_then(|code| code.parse::<u32>().ok())
            .map(|extended| extended & 0xff);
        let not_now = primary.is_some_and(|code| SQLITE_NOT_NOW.contains(&code))
            || matches!(error, sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_));
        if not_now {
            let message = if primary == Some(13) {
                "the relay's disk or database is full; nothing was stored"
            } else {
                "the relay cannot store now; nothing was stored"
            };
            Self::Unavailable { message, cause: Some(error.into()) }
        } else {
            Self::Internal(error.into())
        }
    }
}
