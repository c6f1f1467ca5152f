//! The calls of `vigie_protocol::sync`, but for the feed.

use crate::error::ApiError;
use crate::serve::App;
use crate::store::now_ms;
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use uuid::Uuid;
use vigie_protocol::sync::{CameraInfo, PushReply, PushRequest, RelayInfo};
use vigie_protocol::{ChainHead, PostId};

/// Largest body of a push: a full batch of largest records fits, its quotes escaped as JSON inside JSON.
pub const MAX_PUSH_BYTES: usize = 9 * 1024 * 1024;

/// `GET /api/v1/info`.
pub async fn info(State(app): State<App>) -> Json<RelayInfo> {
    Json(RelayInfo {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        demo: true,
        now_ms: now_ms(),
        record: app.store.record(),
    })
}

/// `GET /api/v1/cameras`.
pub async fn cameras(State(app): State<App>) -> Json<Vec<CameraInfo>> {
    Json(app.cameras.list())
}

/// `GET /api/v1/posts/{post}/head`.
///
/// # Errors
/// As [`ApiError`].
pub async fn head(State(app): State<App>, Path(post): Path<String>) -> Result<Json<ChainHead>, ApiError> {
    Ok(Json(app.store.head(post_id(&post)?).await?))
}

/// `POST /api/v1/posts/{post}/entries`.
///
/// # Errors
/// As [`ApiError`].
pub async fn push(
    State(app): State<App>,
    Path(post): Path<String>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<PushReply>, ApiError> {
    let post = post_id(&post)?;
    let body = whole_body(body)?;
    let request: PushRequest =
        serde_json::from_slice(&body).map_err(|error| ApiError::Malformed(format!("not a push: {error}")))?;
    let head = app.store.push(post, request.entries).await?;
    Ok(Json(PushReply { head }))
}

/// Any other address under `/api/`.
pub async fn no_such_call() -> ApiError {
    ApiError::NotFound("there is no such call")
}

/// Any other method on a known address.
pub async fn no_such_method() -> ApiError {
    ApiError::Unsupported(StatusCode::METHOD_NOT_ALLOWED, "this address does not take that method")
}

/// Only the hyphenated lower-case form: one post has one address.
fn post_id(text: &str) -> Result<PostId, ApiError> {
    let malformed = || ApiError::Malformed("the post in the address is not a UUID in its usual form".into());
    let id = Uuid::try_parse(text).map_err(|_| malformed())?;
    if id.as_hyphenated().to_string() == text { Ok(PostId(id)) } else { Err(malformed()) }
}

/// A body that came whole, or the refusal.
pub(crate) fn whole_body(body: Result<Bytes, BytesRejection>) -> Result<Bytes, ApiError> {
    body.map_err(|rejection| {
        if rejection.into_response().status() == StatusCode::PAYLOAD_TOO_LARGE {
            ApiError::TooLarge("the body is too large for this call".into())
        } else {
            ApiError::Malformed("the body did not come whole".into())
        }
    })
}
