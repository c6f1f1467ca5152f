//! One viewer: a WebRTC session that sends a clip. Sans-IO: `str0m` is told what came and when, and says what to send
//! and when to be woken; this task owns the socket and the clock.

use super::clip::{Clip, ClipCodec, TICKS_PER_SEC};
use super::playback::Playback;
use anyhow::Context as _;
use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use str0m::change::{SdpAnswer, SdpOffer, SdpPendingOffer};
use str0m::format::{Codec, FormatParams};
use str0m::media::{Direction, Frequency, MediaKind, MediaTime, Mid, Pt};
use str0m::net::{Protocol, Receive};
use str0m::{Candidate, Event, IceConnectionState, Input, Output, Rtc, RtcConfig};
use tokio::net::UdpSocket;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use uuid::Uuid;

/// How long a session may take from offer to connection.
const CONNECT_WITHIN: Duration = Duration::from_secs(30);
/// A viewer that is this far behind has slept: what was missed is left out.
const LATE: Duration = Duration::from_secs(1);
/// Largest datagram: an Ethernet frame with room to spare.
const DATAGRAM: usize = 2000;
/// Commands in line; more wait.
const COMMANDS: usize = 16;

/// Most rounds of the farewell.
const GOODBYE_ROUNDS: usize = 8;

/// What the HTTP side asks of a session.
enum Command {
    Answer(SdpAnswer, oneshot::Sender<Result<(), String>>),
    Candidate(Candidate),
    Close,
}

/// The HTTP side's hold on a session.
#[derive(Clone)]
pub struct Handle {
    camera: Arc<str>,
    /// Local ICE user fragment; names the ICE session in `ETag`.
    pub ufrag: Arc<str>,
    commands: mpsc::Sender<Command>,
    /// ICE user fragment of the viewer, once known.
    remote_ufrag: Arc<Mutex<Option<String>>>,
}

impl Handle {
    /// Passes the viewer's answer to the relay's offer on.
    ///
    /// # Errors
    /// Why the answer was refused.
    pub async fn answer(&self, sdp: SdpAnswer, remote_ufrag: Option<String>) -> Result<(), String> {
        let (reply, told) = oneshot::channel();
        let ended = || "the session has ended".to_owned();
        self.commands.send(Command::Answer(sdp, reply)).await.map_err(|_| ended())?;
        told.await.map_err(|_| ended())??;
        *self.remote_ufrag.lock().unwrap_or_else(PoisonError::into_inner) = remote_ufrag;
        Ok(())
    }

    /// Adds a candidate of the viewer.
    pub async fn candidate(&self, candidate: Candidate) {
        // A session that has ended needs none.
        let _ = self.commands.send(Command::Candidate(candidate)).await;
    }

    /// Ends the session.
    pub async fn close(&self) {
        // One that has ended already is what is wanted.
        let _ = self.commands.send(Command::Close).await;
    }

    /// The viewer's ICE user fragment, once known.
    #[must_use]
    pub fn remote_ufrag(&self) -> Option<String> {
        self.remote_ufrag.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// All viewers.
#[derive(Clone)]
pub struct Viewers {
    places: Arc<Semaphore>,
    sessions: Arc<Mutex<HashMap<String, Handle>>>,
}

impl Viewers {
    /// With so many places.
    #[must_use]
    pub fn new(places: usize) -> Self {
        Self { places: Arc::new(Semaphore::new(places)), sessions: Arc::default() }
    }

    /// A place, or none.
    #[must_use]
    pub fn place(&self) -> Option<OwnedSemaphorePermit> {
        self.places.clone().try_acquire_owned().ok()
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.lock().len()
    }

    /// Finds a session of a camera.
    #[must_use]
    pub fn find(&self, camera: &str, session: &str) -> Option<Handle> {
        self.lock().get(session).filter(|handle| &*handle.camera == camera).cloned()
    }

    /// Every session.
    #[must_use]
    pub fn all(&self) -> Vec<Handle> {
        self.lock().values().cloned().collect()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Handle>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A session that has its description and waits to be started.
pub struct Prepared {
    rtc: Rtc,
    socket: UdpSocket,
    clip: Arc<Clip>,
    media: Option<Mid>,
    pending: Option<SdpPendingOffer>,
    ufrag: Arc<str>,
}

impl Prepared {
    /// A session with a socket on loopback, without a description.
    ///
    /// # Errors
    /// When no socket can be had.
    pub fn new(cameras: &super::Cameras, clip: Arc<Clip>) -> anyhow::Result<Self> {
        let socket =
            std::net::UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).context("no UDP socket can be had")?;
        socket.set_nonblocking(true)?;
        let socket = UdpSocket::from_std(socket)?;
        let mut config = RtcConfig::new()
            .set_crypto_provider(cameras.crypto.clone())
            .set_dtls_cert((*cameras.certificate).clone())
            .clear_codecs();
        let codecs = config.codec_config();
        match clip.codec {
            ClipCodec::Vp8 => codecs.enable_vp8(true),
            ClipCodec::Vp9 => codecs.add_config(
                98.into(),
                Some(99.into()),
                Codec::Vp9,
                Frequency::NINETY_KHZ,
                None,
                FormatParams { profile_id: Some(0), ..FormatParams::default() },
            ),
        }
        let mut rtc = config.build(Instant::now());
        let host =
            Candidate::host(socket.local_addr()?, "udp").context("the socket's address cannot be offered")?;
        rtc.add_local_candidate(host);
        let ufrag = rtc.direct_api().local_ice_credentials().ufrag.into();
        Ok(Self { rtc, socket, clip, media: None, pending: None, ufrag })
    }

    /// Takes the viewer's offer and gives the answer.
    ///
    /// # Errors
    /// When the offer cannot be answered.
    pub fn take_offer(&mut self, offer: SdpOffer) -> Result<String, str0m::RtcError> {
        Ok(self.rtc.sdp_api().accept_offer(offer)?.to_sdp_string())
    }

    /// Makes an offer for the viewer.
    #[must_use]
    pub fn make_offer(&mut self) -> Option<String> {
        let mut api = self.rtc.sdp_api();
        let mid = api.add_media(MediaKind::Video, Direction::SendOnly, None, None, None);
        let (offer, pending) = api.apply()?;
        self.media = Some(mid);
        self.pending = Some(pending);
        Some(offer.to_sdp_string())
    }

    /// Starts the session as a task of its own and returns its name and the hold on it.
    #[must_use]
    pub fn start(
        self,
        viewers: &Viewers,
        place: OwnedSemaphorePermit,
        camera: &str,
        remote_ufrag: Option<String>,
    ) -> (String, Handle) {
        // 74 random bits: the address of a session cannot be guessed.
        let name = Uuid::now_v7().simple().to_string();
        let (commands, inbox) = mpsc::channel(COMMANDS);
        let handle = Handle {
            camera: camera.into(),
            ufrag: self.ufrag.clone(),
            commands,
            remote_ufrag: Arc::new(Mutex::new(remote_ufrag)),
        };
        viewers.lock().insert(name.clone(), handle.clone());
        let registered = Registered { viewers: viewers.clone(), name: name.clone(), _place: place };
        let now = Instant::now();
        let session = Session {
            rtc: self.rtc,
            socket: self.socket,
            media: self.media,
            pending: self.pending,
            playback: Playback::new(self.clip),
            started: None,
            connect_by: now + CONNECT_WITHIN,
        };
        let camera = handle.camera.clone();
        tokio::spawn(async move {
            // Dropped last, also when the session panics: its place is free again.
            let _registered = registered;
            match Box::pin(session.run(inbox)).await {
                Ok(why) => tracing::debug!("a viewer of {camera} left: {why}"),
                Err(error) => tracing::warn!("a viewer of {camera} was lost: {error:#}"),
            }
        });
        (name, handle)
    }
}

/// A session's place and entry in the list, given back on drop.
struct Registered {
    viewers: Viewers,
    name: String,
    _place: OwnedSemaphorePermit,
}

impl Drop for Registered {
    fn drop(&mut self) {
        self.viewers.lock().remove(&self.name);
    }
}

struct Session {
    rtc: Rtc,
    socket: UdpSocket,
    /// The video line that is sent on.
    media: Option<Mid>,
    pending: Option<SdpPendingOffer>,
    playback: Playback,
    /// When the first frame was due.
    started: Option<Instant>,
    connect_by: Instant,
}

impl Session {
    async fn run(mut self, mut inbox: mpsc::Receiver<Command>) -> anyhow::Result<&'static str> {
        let local = self.socket.local_addr()?;
        let mut datagram = [0; DATAGRAM];
        loop {
            let Some(wake) = self.send_pending().await? else { return Ok("ended") };
            let now = Instant::now();
            if self.started.is_none() && now >= self.connect_by {
                return Ok("never connected");
            }
            if self.send_due_frame(now)? {
                continue;
            }
            let wake = wake.min(self.next_frame_at().unwrap_or(self.connect_by));
            tokio::select! {
                received = self.socket.recv_from(&mut datagram) => {
                    // On loopback, a closed port of the viewer comes back as an error here; ICE finds out by itself.
                    let Ok((size, source)) = received else { continue };
                    self.receive(local, source, &datagram[..size])?;
                }
                () = tokio::time::sleep_until(wake.into()) => self.rtc.handle_input(Input::Timeout(Instant::now()))?,
                command = inbox.recv() => match command {
                    Some(Command::Candidate(candidate)) => self.rtc.add_remote_candidate(candidate),
                    Some(Command::Answer(answer, reply)) => {
                        // The asker may have gone away; the answer counts all the same.
                        let _ = reply.send(self.take_answer(answer));
                    }
                    Some(Command::Close) | None => {
                        self.say_goodbye().await?;
                        return Ok("closed");
                    }
                }
            }
        }
    }

    /// RTCP BYE and DTLS `close_notify`, sent once; nobody waits for a reply.
    async fn say_goodbye(&mut self) -> anyhow::Result<()> {
        self.rtc.close()?;
        // The farewell comes out over a few rounds; a viewer that never connected has none.
        for _ in 0..GOODBYE_ROUNDS {
            if self.send_pending().await?.is_none() {
                break;
            }
            self.rtc.handle_input(Input::Timeout(Instant::now()))?;
        }
        Ok(())
    }

    /// Sends what is ready and returns when to come back; `None` when the session is over.
    async fn send_pending(&mut self) -> anyhow::Result<Option<Instant>> {
        loop {
            match self.rtc.poll_output()? {
                Output::Timeout(wake) => return Ok(self.rtc.is_alive().then_some(wake)),
                Output::Transmit(transmit) => {
                    // A datagram that the system does not take is a lost one; ICE and RTX know what to do.
                    if let Err(error) = self.socket.send_to(&transmit.contents, transmit.destination).await {
                        tracing::trace!("datagram not sent: {error}");
                    }
                }
                Output::Event(event) => {
                    if !self.handle(&event) {
                        return Ok(None);
                    }
                }
            }
        }
    }

    /// False when the session is over.
    fn handle(&mut self, event: &Event) -> bool {
        match event {
            Event::Connected => self.started = Some(Instant::now()),
            Event::IceConnectionStateChange(IceConnectionState::Disconnected) | Event::Closed => {
                return false;
            }
            Event::MediaAdded(added)
                if added.kind == MediaKind::Video && added.direction.is_sending() && self.media.is_none() =>
            {
                self.media = Some(added.mid);
            }
            Event::KeyframeRequest(_) => self.playback.answer_keyframe_request(),
            _ => {}
        }
        true
    }

    fn receive(&mut self, local: SocketAddr, source: SocketAddr, datagram: &[u8]) -> anyhow::Result<()> {
        // What is neither STUN, DTLS nor SRTP is not for us.
        let Ok(contents) = datagram.try_into() else { return Ok(()) };
        let receive = Receive { proto: Protocol::Udp, source, destination: local, contents };
        let input = Input::Receive(Instant::now(), receive);
        if self.rtc.accepts(&input) {
            self.rtc.handle_input(input)?;
        }
        Ok(())
    }

    fn take_answer(&mut self, answer: SdpAnswer) -> Result<(), String> {
        let pending = self.pending.take().ok_or("there is no offer to answer")?;
        self.rtc.sdp_api().accept_answer(pending, answer).map_err(|error| {
            self.rtc.disconnect();
            error.to_string()
        })
    }

    fn next_frame_at(&self) -> Option<Instant> {
        let started = self.started?;
        Some(started + Duration::from_nanos(self.playback.due() * 1_000_000_000 / TICKS_PER_SEC))
    }

    /// Hands one frame over when it is due. One at a time: `str0m` wants to be polled in between.
    fn send_due_frame(&mut self, now: Instant) -> anyhow::Result<bool> {
        let (Some(at), Some(mid)) = (self.next_frame_at(), self.media) else { return Ok(false) };
        if now < at {
            return Ok(false);
        }
        let late = now - at;
        if late > LATE {
            self.playback.skip(late.as_millis() as u64 * (TICKS_PER_SEC / 1000));
        }
        let Some(pt) = self.payload_type(mid) else {
            anyhow::bail!("the viewer does not take the clip's codec")
        };
        let (ticks, data) = self.playback.take();
        let time = MediaTime::new(ticks, Frequency::NINETY_KHZ);
        let writer = self.rtc.writer(mid).context("the video line is gone")?;
        writer.write(pt, at, time, data)?;
        Ok(true)
    }

    /// Only the clip's codec was offered, so the first one will do.
    fn payload_type(&mut self, mid: Mid) -> Option<Pt> {
        self.rtc.writer(mid)?.payload_params().next().map(str0m::format::PayloadParams::pt)
    }
}
