//! The HTTP side of a demo camera: WHEP (draft-ietf-wish-whep), with either side making the offer.
//!
//! | call | reply |
//! |---|---|
//! | `POST /whep/{camera}` with an offer | 201, the answer, `Location`, `ETag` |
//! | `POST /whep/{camera}` without a body | 201, the relay's offer (as Janus does), then … |
//! | `PATCH` of that location with `application/sdp` | 204: the viewer's answer |
//! | `PATCH` with `application/trickle-ice-sdpfrag` | 204: more candidates; 422 for an ICE restart: make a new session |
//! | `DELETE` of the location | 200: the session has ended |
//! | `OPTIONS` | 204 with what is taken |

use super::session::Prepared;
use crate::api::whole_body;
use crate::error::ApiError;
use crate::serve::App;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use str0m::Candidate;
use str0m::change::{SdpAnswer, SdpOffer};

/// Largest session description.
pub const MAX_SDP_BYTES: usize = 64 * 1024;
/// Most candidates in one `PATCH`.
const MAX_CANDIDATES: usize = 64;

const SDP: &str = "application/sdp";
const FRAGMENT: &str = "application/trickle-ice-sdpfrag";

/// `POST /whep/{camera}`.
///
/// # Errors
/// As [`ApiError`].
pub async fn offer(
    State(app): State<App>,
    Path(camera): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, ApiError> {
    let body = whole_body(body)?;
    let clip = app.cameras.clip(&camera)?.clone();
    let theirs = if body.is_empty() { None } else { Some(sdp_text(&headers, &body)?) };
    let place = app
        .cameras
        .viewers
        .place()
        .ok_or(ApiError::Unavailable { message: "all places for viewers are taken", cause: None })?;

    let codec = clip.codec.sdp_name();
    let remote_ufrag = theirs.as_deref().and_then(ufrag);
    let cameras = app.cameras.clone();
    let (prepared, ours) = guarded(move || {
        let mut prepared = Prepared::new(&cameras, clip).map_err(ApiError::Internal)?;
        let ours = match theirs {
            Some(theirs) => {
                let offer = SdpOffer::from_sdp_string(&theirs).map_err(|error| refused(&error))?;
                let answer = prepared.take_offer(offer).map_err(|error| refused(&error))?;
                if !sends(&answer, codec) {
                    return Err(ApiError::Unsupported(
                        StatusCode::NOT_ACCEPTABLE,
                        "the offer takes no video in the codec of this clip",
                    ));
                }
                answer
            }
            None => prepared
                .make_offer()
                .ok_or_else(|| ApiError::Internal(anyhow::anyhow!("no offer was made")))?,
        };
        Ok((prepared, ours))
    })
    .await?;
    let (name, handle) = prepared.start(&app.cameras.viewers, place, &camera, remote_ufrag);
    let reply_headers = [
        (header::CONTENT_TYPE, SDP.to_owned()),
        (header::LOCATION, format!("/whep/{camera}/{name}")),
        (header::ETAG, format!("\"{}\"", handle.ufrag)),
        (header::HeaderName::from_static("accept-patch"), format!("{FRAGMENT}, {SDP}")),
    ];
    Ok((StatusCode::CREATED, reply_headers, ours).into_response())
}

/// `PATCH /whep/{camera}/{session}`.
///
/// # Errors
/// As [`ApiError`].
pub async fn patch(
    State(app): State<App>,
    Path((camera, session)): Path<(String, String)>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<StatusCode, ApiError> {
    let body = whole_body(body)?;
    let handle = app.cameras.session(&camera, &session)?;
    if is_type(&headers, SDP) {
        let text = sdp_text(&headers, &body)?;
        let remote_ufrag = ufrag(&text);
        let answer =
            guarded(move || SdpAnswer::from_sdp_string(&text).map_err(|error| refused(&error))).await?;
        handle.answer(answer, remote_ufrag).await.map_err(ApiError::Malformed)?;
        return Ok(StatusCode::NO_CONTENT);
    }
    if !is_type(&headers, FRAGMENT) {
        return Err(ApiError::Unsupported(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "send application/sdp or application/trickle-ice-sdpfrag",
        ));
    }
    let tag = format!("\"{}\"", handle.ufrag);
    let matches = |sent: &header::HeaderValue| sent.as_bytes() == b"*" || sent.as_bytes() == tag.as_bytes();
    if headers.get(header::IF_MATCH).is_some_and(|sent| !matches(sent)) {
        return Err(ApiError::Unsupported(
            StatusCode::PRECONDITION_FAILED,
            "the candidates are for another ICE session",
        ));
    }
    let text = text(&body)?;
    if let (Some(known), Some(sent)) = (handle.remote_ufrag(), ufrag(&text))
        && known != sent
    {
        return Err(ApiError::Unsupported(
            StatusCode::UNPROCESSABLE_ENTITY,
            "this camera does not restart ICE: end the session and make a new one",
        ));
    }
    for candidate in guarded(move || candidates(&text)).await? {
        handle.candidate(candidate).await;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /whep/{camera}/{session}`.
///
/// # Errors
/// [`ApiError::NotFound`].
pub async fn delete(
    State(app): State<App>,
    Path((camera, session)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    app.cameras.session(&camera, &session)?.close().await;
    Ok(StatusCode::OK)
}

/// `OPTIONS`: what is taken here. Pages of other sites are refused before, so no origin is allowed.
pub async fn options() -> Response {
    let headers = [
        (header::ALLOW, "POST, PATCH, DELETE, OPTIONS".to_owned()),
        (header::HeaderName::from_static("accept-post"), SDP.to_owned()),
        (header::HeaderName::from_static("accept-patch"), format!("{FRAGMENT}, {SDP}")),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

/// Runs the parser away from the server's threads. A panic in it is a fault of ours, but what set it off is the
/// viewer's text: the viewer is refused and nothing else suffers.
async fn guarded<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ApiError> + Send + 'static,
) -> Result<T, ApiError> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|panic| {
        tracing::error!("a session description was not understood: {panic}");
        Err(ApiError::Malformed("the session description is not understood".into()))
    })
}

fn refused(error: &impl std::fmt::Display) -> ApiError {
    ApiError::Malformed(format!("the session description is not understood: {error}"))
}

fn is_type(headers: &HeaderMap, wanted: &str) -> bool {
    let sent = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    sent.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case(wanted))
}

fn sdp_text(headers: &HeaderMap, body: &[u8]) -> Result<String, ApiError> {
    if is_type(headers, SDP) {
        text(body)
    } else {
        Err(ApiError::Unsupported(StatusCode::UNSUPPORTED_MEDIA_TYPE, "send the offer as application/sdp"))
    }
}

fn text(body: &[u8]) -> Result<String, ApiError> {
    std::str::from_utf8(body)
        .map(str::to_owned)
        .map_err(|_| ApiError::Malformed("the text is not UTF-8".into()))
}

/// The first ICE user fragment that a description names.
fn ufrag(sdp: &str) -> Option<String> {
    sdp.lines().find_map(|line| line.strip_prefix("a=ice-ufrag:")).map(|ufrag| ufrag.trim().to_owned())
}

/// Whether an answer has a live video line on which we send this codec.
fn sends(answer: &str, codec: &str) -> bool {
    let rtpmap = format!(" {codec}/90000");
    answer.split("m=").skip(1).any(|line| {
        line.starts_with("video ")
            && !line.starts_with("video 0 ")
            && line.contains(&rtpmap)
            && (line.contains("a=sendonly") || line.contains("a=sendrecv"))
    })
}

/// The candidates of a fragment (RFC 8840). Names of the local network (`….local`) are left out: the relay does not
/// look them up, and the viewer's own checks show its address.
fn candidates(fragment: &str) -> Result<Vec<Candidate>, ApiError> {
    let mut found = Vec::new();
    for line in fragment.lines() {
        let Some(line) = line.strip_prefix("a=").filter(|line| line.starts_with("candidate:")) else {
            continue;
        };
        let is_name = line
            .split_whitespace()
            .nth(4)
            .and_then(|address| address.rsplit_once('.'))
            .is_some_and(|(_, domain)| domain.eq_ignore_ascii_case("local"));
        if is_name {
            continue;
        }
        if found.len() == MAX_CANDIDATES {
            return Err(ApiError::TooLarge("too many candidates".into()));
        }
        let candidate = Candidate::from_sdp_string(line)
            .map_err(|error| ApiError::Malformed(format!("a candidate is not understood: {error}")))?;
        found.push(candidate);
    }
    Ok(found)
}
