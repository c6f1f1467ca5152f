//! Pictures over WebRTC by WHEP (draft-ietf-wish-whep): offer and answer over HTTP, DELETE at the end.
//!
//! Only addresses of this network are offered (no STUN, no TURN): the post works on a closed network and asks nobody
//! outside it.

use super::{
    clock,
    http::{self, Call, Reply},
    js, page, sdp,
};
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    MediaStream, RtcConfiguration, RtcIceGatheringState, RtcOfferOptions, RtcPeerConnection,
    RtcPeerConnectionState, RtcRtpTransceiverDirection, RtcRtpTransceiverInit, RtcSdpType,
    RtcSessionDescriptionInit, RtcTrackEvent,
};

const SDP: &str = "application/sdp";
const TIMEOUT_MS: f64 = 10_000.0;
/// A server that does not answer a restart at once is gone: a new session is the better way.
const RESTART_MS: f64 = 3_000.0;
/// Addresses of the own machine are found at once; longer than this nobody waits.
const GATHERING_MS: f64 = 2_000.0;

/// Why there is no session.
#[derive(Clone, Debug, thiserror::Error)]
pub enum WhepError {
    /// The endpoint was not reached.
    #[error("{0}")]
    NoReply(#[from] http::NoReply),
    /// The endpoint refused.
    #[error("the endpoint answered {status}: {reason}")]
    Refused {
        /// HTTP status.
        status: u16,
        /// What it said.
        reason: String,
    },
    /// The endpoint does not speak WHEP as agreed.
    #[error("the endpoint's reply is not WHEP: {0}")]
    Protocol(String),
    /// The browser could not.
    #[error("WebRTC: {0}")]
    Browser(String),
}

impl From<JsValue> for WhepError {
    fn from(thrown: JsValue) -> Self {
        Self::Browser(js::describe(&thrown))
    }
}

/// How the connection does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connection {
    /// Being made.
    Connecting,
    /// Made.
    Connected,
    /// Lost for the moment; may come back by itself.
    Disconnected,
    /// Lost.
    Failed,
}

/// A session; its resource is deleted when dropped.
#[derive(Debug)]
pub struct Session {
    peer: RtcPeerConnection,
    /// Address of the session, and its entity tag when the server can restart ICE.
    resource: RefCell<Option<Resource>>,
    stream: Rc<RefCell<Option<MediaStream>>>,
    _on_track: Closure<dyn FnMut(RtcTrackEvent)>,
}

#[derive(Clone, Debug)]
struct Resource {
    url: String,
    etag: Option<String>,
}

impl Session {
    /// Connects to the endpoint at `url` (relative to the page, or absolute). With `server_offers` the endpoint makes the
    /// offer, as Janus does.
    ///
    /// # Errors
    /// [`WhepError`].
    pub async fn connect(url: &str, server_offers: bool) -> Result<Self, WhepError> {
        let url =
            page::resolve(url, "").ok_or_else(|| WhepError::Protocol(format!("{url} is not an address")))?;
        let session = Self::new()?;
        if server_offers {
            session.answer(&url).await?;
        } else {
            session.offer(&url).await?;
        }
        Ok(session)
    }

    fn new() -> Result<Self, WhepError> {
        let configuration = RtcConfiguration::new();
        configuration.set_ice_servers(&js_sys::Array::new());
        let peer = RtcPeerConnection::new_with_configuration(&configuration)?;
        let stream: Rc<RefCell<Option<MediaStream>>> = Rc::default();
        let on_track = Closure::<dyn FnMut(RtcTrackEvent)>::new({
            let stream = Rc::clone(&stream);
            move |event: RtcTrackEvent| {
                // An endpoint that names no stream still sends a track.
                let named = event.streams().get(0).dyn_into::<MediaStream>().ok();
                let made = || {
                    let made = MediaStream::new().ok()?;
                    made.add_track(&event.track());
                    Some(made)
                };
                *stream.borrow_mut() = named.or_else(made);
            }
        });
        peer.set_ontrack(Some(on_track.as_ref().unchecked_ref()));
        Ok(Self { peer, resource: RefCell::default(), stream, _on_track: on_track })
    }

    async fn offer(&self, url: &str) -> Result<(), WhepError> {
        let receive = RtcRtpTransceiverInit::new();
        receive.set_direction(RtcRtpTransceiverDirection::Recvonly);
        self.peer.add_transceiver_with_str_and_init("video", &receive);
        let offer = JsFuture::from(self.peer.create_offer()).await?;
        let local = self.set_local(&offer).await?;
        let reply = post(url, Some(&local)).await?;
        let remote = self.accept(&reply)?;
        self.set_remote(RtcSdpType::Answer, &remote).await
    }

    async fn answer(&self, url: &str) -> Result<(), WhepError> {
        let reply = post(url, None).await?;
        let remote = self.accept(&reply)?;
        self.set_remote(RtcSdpType::Offer, &remote).await?;
        let answer = JsFuture::from(self.peer.create_answer()).await?;
        let local = self.set_local(&answer).await?;
        let resource = self.resource.borrow().clone();
        let resource =
            resource.ok_or_else(|| WhepError::Protocol("an offer without a Location".to_owned()))?;
        let mut headers = vec![("Content-Type", SDP)];
        headers.extend(resource.etag.as_deref().map(|etag| ("If-Match", etag)));
        let call = Call {
            method: "PATCH",
            url: &resource.url,
            headers: &headers,
            body: Some(&local),
            timeout_ms: TIMEOUT_MS,
        };
        checked(http::send(call).await?).map(drop)
    }

    /// Notes the session's address from the reply; returns the description in it.
    fn accept(&self, reply: &Reply) -> Result<String, WhepError> {
        let location = reply.header("Location").and_then(|location| page::resolve(&location, &reply.url));
        *self.resource.borrow_mut() = location.map(|url| Resource { url, etag: reply.header("ETag") });
        if reply.status != 201 {
            return Err(WhepError::Protocol(format!("status {} instead of 201", reply.status)));
        }
        if !reply.body.starts_with("v=0") {
            return Err(WhepError::Protocol("no session description".to_owned()));
        }
        Ok(reply.body.clone())
    }

    /// Sets the local description, waits for its candidates, and returns it.
    async fn set_local(&self, description: &JsValue) -> Result<String, WhepError> {
        JsFuture::from(self.peer.set_local_description(description.unchecked_ref())).await?;
        let from = clock::monotonic_ms();
        while self.peer.ice_gathering_state() != RtcIceGatheringState::Complete
            && clock::monotonic_ms() - from < GATHERING_MS
        {
            clock::sleep(20.0).await;
        }
        let local = self.peer.local_description().map(|description| description.sdp());
        local.ok_or_else(|| WhepError::Browser("no local description".to_owned()))
    }

    async fn set_remote(&self, kind: RtcSdpType, text: &str) -> Result<(), WhepError> {
        let description = RtcSessionDescriptionInit::new(kind);
        description.set_sdp(text);
        JsFuture::from(self.peer.set_remote_description(&description)).await?;
        Ok(())
    }

    /// The pictures; `None` until the other side's description came.
    #[must_use]
    pub fn stream(&self) -> Option<MediaStream> {
        self.stream.borrow().clone()
    }

    /// How the connection does.
    #[must_use]
    pub fn connection(&self) -> Connection {
        match self.peer.connection_state() {
            RtcPeerConnectionState::Connected => Connection::Connected,
            RtcPeerConnectionState::Disconnected => Connection::Disconnected,
            RtcPeerConnectionState::Failed | RtcPeerConnectionState::Closed => Connection::Failed,
            _ => Connection::Connecting,
        }
    }

    /// Video frames decoded so far, also in a hidden tab, which shows none.
    pub async fn frames_decoded(&self) -> Option<u64> {
        let report = JsFuture::from(self.peer.get_stats()).await.ok()?;
        let mut decoded = None;
        report.unchecked_into::<js_sys::Map>().for_each(&mut |entry, _| {
            if js::text(&entry, "type") == "inbound-rtp" && js::text(&entry, "kind") == "video" {
                decoded = js::get(&entry, "framesDecoded").as_f64();
            }
        });
        decoded.map(|count| count as u64)
    }

    /// Whether the server said that it can restart ICE (it gave the session an entity tag).
    #[must_use]
    pub fn can_restart(&self) -> bool {
        self.resource.borrow().as_ref().is_some_and(|resource| resource.etag.is_some())
    }

    /// Restarts ICE on the same session: the picture goes on as soon as a path is found.
    ///
    /// # Errors
    /// [`WhepError`]; the session is then of no further use.
    pub async fn restart(&self) -> Result<(), WhepError> {
        let resource = self.resource.borrow().clone();
        let resource = resource.ok_or_else(|| WhepError::Protocol("no session address".to_owned()))?;
        let options = RtcOfferOptions::new();
        options.set_ice_restart(true);
        let offer = JsFuture::from(self.peer.create_offer_with_rtc_offer_options(&options)).await?;
        let local = self.set_local(&offer).await?;
        let fragment = sdp::restart_fragment(&local);
        // "*": the client asks for a restart and not for a change of the present ICE session (RFC 9725, 4.3.3).
        let headers = [("Content-Type", "application/trickle-ice-sdpfrag"), ("If-Match", "*")];
        let call = Call {
            method: "PATCH",
            url: &resource.url,
            headers: &headers,
            body: Some(&fragment),
            timeout_ms: RESTART_MS,
        };
        let reply = checked(http::send(call).await?)?;
        let before = self.peer.remote_description().map(|description| description.sdp()).unwrap_or_default();
        let remote = sdp::with_fragment(&before, &reply.body)
            .ok_or_else(|| WhepError::Protocol("the restart brought no credentials".to_owned()))?;
        let etag = reply.header("ETag").or(resource.etag);
        *self.resource.borrow_mut() = Some(Resource { url: resource.url, etag });
        self.set_remote(RtcSdpType::Answer, &remote).await
    }

    /// Ends the session. Also works while the page goes away.
    pub fn end(&self) {
        self.peer.set_ontrack(None);
        self.peer.close();
        if let Some(resource) = self.resource.borrow_mut().take() {
            http::send_and_forget("DELETE", &resource.url);
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.end();
    }
}

async fn post(url: &str, offer: Option<&str>) -> Result<Reply, WhepError> {
    let headers: &[(&str, &str)] =
        if offer.is_some() { &[("Content-Type", SDP), ("Accept", SDP)] } else { &[("Accept", SDP)] };
    let call = Call { method: "POST", url, headers, body: offer, timeout_ms: TIMEOUT_MS };
    checked(http::send(call).await?)
}

/// The reply, or what the endpoint said against it: the `message` of a JSON body, else the start of the text.
fn checked(reply: Reply) -> Result<Reply, WhepError> {
    if reply.is_ok() {
        return Ok(reply);
    }
    let told = serde_json::from_str::<serde_json::Value>(&reply.body).ok();
    let told = told.and_then(|body| body.get("message")?.as_str().map(str::to_owned));
    let reason = told.unwrap_or_else(|| reply.body.chars().take(200).collect());
    Err(WhepError::Refused { status: reply.status, reason })
}
