//! The demo camera as a viewer sees it: a `str0m` client on real sockets.

use crate::support::{Relay, clip};
use reqwest::{Response, StatusCode};
use std::net::UdpSocket as StdSocket;
use std::sync::Arc;
use std::time::{Duration, Instant};
use str0m::change::{SdpAnswer, SdpOffer, SdpPendingOffer};
use str0m::media::{Direction, KeyframeRequestKind, MediaKind, Mid};
use str0m::net::{Protocol, Receive};
use str0m::{Candidate, Event, Input, Output, Rtc, RtcConfig};
use tokio::net::UdpSocket;
use vigie_protocol::sync::{ErrorBody, ErrorCode};
use vigie_relay::camera::clip::Clip;

const SDP: &str = "application/sdp";
const FRAGMENT: &str = "application/trickle-ice-sdpfrag";

/// A browser, as far as the relay can tell.
struct Viewer {
    rtc: Rtc,
    socket: UdpSocket,
    candidate: Candidate,
    mid: Option<Mid>,
}

/// A frame as received: 90 kHz ticks, the encoded frame, when it came.
struct Seen {
    ticks: u64,
    data: Arc<[u8]>,
    at: Instant,
}

impl Viewer {
    fn new(with_candidate: bool) -> Self {
        let socket = StdSocket::bind("127.0.0.1:0").unwrap();
        socket.set_nonblocking(true).unwrap();
        let mut rtc = RtcConfig::new()
            .set_crypto_provider(Arc::new(str0m::crypto::from_feature_flags()))
            .build(Instant::now());
        let candidate = Candidate::host(socket.local_addr().unwrap(), "udp").unwrap();
        if with_candidate {
            rtc.add_local_candidate(candidate.clone());
        }
        Self { rtc, socket: UdpSocket::from_std(socket).unwrap(), candidate, mid: None }
    }

    fn offer(&mut self) -> (String, SdpPendingOffer) {
        let mut api = self.rtc.sdp_api();
        self.mid = Some(api.add_media(MediaKind::Video, Direction::RecvOnly, None, None, None));
        let (offer, pending) = api.apply().unwrap();
        (offer.to_sdp_string(), pending)
    }

    fn take_answer(&mut self, pending: SdpPendingOffer, answer: &str) {
        self.rtc.sdp_api().accept_answer(pending, SdpAnswer::from_sdp_string(answer).unwrap()).unwrap();
    }

    /// Receives until `enough` says so, or panics after `limit`. It sees each frame and may ask for a keyframe by
    /// returning `Wish::Keyframe`.
    async fn watch(&mut self, limit: Duration, mut enough: impl FnMut(&[Seen]) -> Wish) -> Vec<Seen> {
        let deadline = Instant::now() + limit;
        let local = self.socket.local_addr().unwrap();
        let (mut seen, mut datagram) = (Vec::new(), [0; 2000]);
        loop {
            let wake = match self.rtc.poll_output().unwrap() {
                Output::Timeout(wake) => wake,
                Output::Transmit(transmit) => {
                    let _ = self.socket.send_to(&transmit.contents, transmit.destination).await;
                    continue;
                }
                Output::Event(Event::MediaAdded(added)) => {
                    self.mid = Some(added.mid);
                    continue;
                }
                Output::Event(Event::MediaData(frame)) => {
                    assert_eq!(frame.time.denom(), 90_000);
                    seen.push(Seen { ticks: frame.time.numer(), data: frame.data, at: Instant::now() });
                    match enough(&seen) {
                        Wish::More => {}
                        Wish::Keyframe => {
                            let mut writer = self.rtc.writer(self.mid.unwrap()).unwrap();
                            writer.request_keyframe(None, KeyframeRequestKind::Pli).unwrap();
                        }
                        Wish::Enough => return seen,
                    }
                    continue;
                }
                Output::Event(_) => continue,
            };
            assert!(Instant::now() < deadline, "only {} frames within {limit:?}", seen.len());
            tokio::select! {
                received = self.socket.recv_from(&mut datagram) => {
                    let Ok((size, source)) = received else { continue };
                    let contents = datagram[..size].try_into().unwrap();
                    let receive = Receive { proto: Protocol::Udp, source, destination: local, contents };
                    self.rtc.handle_input(Input::Receive(Instant::now(), receive)).unwrap();
                }
                () = tokio::time::sleep_until(wake.min(deadline).into()) => {
                    self.rtc.handle_input(Input::Timeout(Instant::now())).unwrap();
                }
            }
        }
    }

    /// The same clip over and over, from its first frame, at its own pace.
    async fn watch_whole(&mut self, clip: &Clip, frames: usize) {
        let seen = self
            .watch(
                Duration::from_secs(30),
                |seen| if seen.len() >= frames { Wish::Enough } else { Wish::More },
            )
            .await;
        let start = seen[0].ticks;
        for (n, frame) in seen.iter().enumerate() {
            assert_eq!(frame.ticks - start, n as u64 * 3600, "frame {n}");
            assert_eq!(frame.data[..], clip.frames[n % clip.frames.len()].data[..], "frame {n}");
        }
        let took = seen[frames - 1].at - seen[0].at;
        let due = Duration::from_millis(40 * (frames as u64 - 1));
        assert!(
            took + Duration::from_millis(700) > due && took < due + Duration::from_millis(1500),
            "{due:?} took {took:?}"
        );
    }
}

enum Wish {
    More,
    Keyframe,
    Enough,
}

async fn post(relay: &Relay, camera: &str, sdp: String) -> Response {
    relay
        .http
        .post(relay.url(&format!("/whep/{camera}")))
        .header("content-type", SDP)
        .body(sdp)
        .send()
        .await
        .unwrap()
}

fn location(response: &Response) -> String {
    response.headers()["location"].to_str().unwrap().to_owned()
}

async fn patch(relay: &Relay, location: &str, kind: &str, body: String) -> Response {
    relay.http.patch(relay.url(location)).header("content-type", kind).body(body).send().await.unwrap()
}

async fn delete(relay: &Relay, location: &str) -> StatusCode {
    relay.http.delete(relay.url(location)).send().await.unwrap().status()
}

/// Waits until the relay has so many viewers.
async fn until_viewers(relay: &Relay, count: usize) {
    for _ in 0..100 {
        if relay.running.cameras().viewers() == count {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{} viewers, not {count}", relay.running.cameras().viewers());
}

#[tokio::test]
async fn a_viewer_offers_and_sees_vp9_over_the_seam() {
    let relay = Relay::with_cameras().await;
    let mut viewer = Viewer::new(true);
    let (offer, pending) = viewer.offer();
    let response = post(&relay, "plaza", offer).await;
    assert_eq!(response.status(), 201);
    assert_eq!(response.headers()["content-type"], SDP);
    assert!(response.headers().contains_key("etag"));
    let location = location(&response);
    viewer.take_answer(pending, &response.text().await.unwrap());
    // 75 frames are 3 s; the clip has 40.
    viewer.watch_whole(&Clip::open(&clip("testsrc-vp9.webm")).unwrap(), 75).await;

    assert_eq!(delete(&relay, &location).await, 200);
    until_viewers(&relay, 0).await;
    assert_eq!(delete(&relay, &location).await, 404);
}

#[tokio::test]
async fn the_relay_offers_and_the_viewer_trickles() {
    let relay = Relay::with_cameras().await;
    let response = relay.http.post(relay.url("/whep/plaza")).send().await.unwrap();
    assert_eq!(response.status(), 201);
    let location = location(&response);
    let offer = SdpOffer::from_sdp_string(&response.text().await.unwrap()).unwrap();
    let mut viewer = Viewer::new(false);
    let answer = viewer.rtc.sdp_api().accept_offer(offer).unwrap().to_sdp_string();
    assert_eq!(patch(&relay, &location, SDP, answer.clone()).await.status(), 204);
    assert_eq!(patch(&relay, &location, SDP, answer).await.status(), 400, "it is answered already");

    viewer.rtc.add_local_candidate(viewer.candidate.clone());
    let fragment = format!("a={}\r\na=end-of-candidates\r\n", viewer.candidate.to_sdp_string());
    assert_eq!(patch(&relay, &location, FRAGMENT, fragment).await.status(), 204);
    viewer.watch_whole(&Clip::open(&clip("testsrc-vp9.webm")).unwrap(), 60).await;
}

#[tokio::test]
async fn vp8_goes_out_too() {
    let relay = Relay::with_cameras().await;
    let mut viewer = Viewer::new(true);
    let (offer, pending) = viewer.offer();
    let response = post(&relay, "gate", offer).await;
    viewer.take_answer(pending, &response.text().await.unwrap());
    viewer.watch_whole(&Clip::open(&clip("testsrc-vp8.webm")).unwrap(), 30).await;
}

#[tokio::test]
async fn a_viewer_that_lost_the_picture_gets_a_keyframe_before_the_next_one_is_due() {
    let relay = Relay::with_cameras().await;
    let clip = Clip::open(&clip("testsrc-vp9.webm")).unwrap();
    let index = |frame: &Seen| clip.frames.iter().position(|of_clip| of_clip.data == frame.data).unwrap();
    let mut viewer = Viewer::new(true);
    let (offer, pending) = viewer.offer();
    let response = post(&relay, "plaza", offer).await;
    viewer.take_answer(pending, &response.text().await.unwrap());
    let seen = viewer
        .watch(Duration::from_secs(30), |seen| {
            let now = index(seen.last().unwrap());
            let expected =
                seen.len().checked_sub(2).map_or(0, |before| (index(&seen[before]) + 1) % clip.frames.len());
            match now {
                // Out of turn: this is the answer.
                _ if now != expected => Wish::Enough,
                // Far enough from the last keyframe, and in time before the next.
                13 | 33 => Wish::Keyframe,
                _ => Wish::More,
            }
        })
        .await;
    let [.., before, answer] = &seen[..] else { panic!("too few frames") };
    assert!(clip.frames[index(answer)].is_key && index(answer) < index(before));
    assert_eq!(answer.ticks - before.ticks, 3600, "the clock goes on evenly");
}

#[tokio::test]
async fn what_a_camera_does_not_take_is_refused() {
    let relay = Relay::with_cameras().await;
    let mut viewer = Viewer::new(true);
    let (offer, _) = viewer.offer();
    let send = async |path: &str, kind: &str, body: String| {
        let response =
            relay.http.post(relay.url(path)).header("content-type", kind).body(body).send().await.unwrap();
        (response.status().as_u16(), response.json::<ErrorBody>().await.unwrap().code)
    };
    assert_eq!(send("/whep/nowhere", SDP, offer.clone()).await, (404, ErrorCode::NotFound));
    assert_eq!(send("/whep/..%2f", SDP, offer.clone()).await, (404, ErrorCode::NotFound));
    assert_eq!(send("/whep/plaza", "text/plain", offer.clone()).await, (415, ErrorCode::Unsupported));
    assert_eq!(send("/whep/plaza", SDP, "v=0".into()).await, (400, ErrorCode::Malformed));
    assert_eq!(send("/whep/plaza", SDP, "x".repeat(65 * 1024)).await, (413, ErrorCode::TooLarge));
    let without_vp9 = offer.replace("VP9/90000", "XYZ/90000");
    assert_eq!(send("/whep/plaza", SDP, without_vp9).await, (406, ErrorCode::Unsupported));
    let sending = offer.replace("a=recvonly", "a=sendonly");
    assert_eq!(send("/whep/plaza", SDP, sending).await, (406, ErrorCode::Unsupported));
    assert_eq!(relay.running.cameras().viewers(), 0, "a refused offer keeps no place");

    let response =
        relay.http.request("OPTIONS".parse().unwrap(), relay.url("/whep/plaza")).send().await.unwrap();
    assert_eq!(
        (response.status().as_u16(), &response.headers()["accept-post"]),
        (204, &SDP.parse().unwrap())
    );
    assert_eq!(relay.http.get(relay.url("/whep/plaza")).send().await.unwrap().status(), 405);
}

#[tokio::test]
async fn what_a_session_does_not_take_is_refused() {
    let relay = Relay::with_cameras().await;
    let mut viewer = Viewer::new(true);
    let (offer, _) = viewer.offer();
    let ufrag = offer.lines().find_map(|line| line.strip_prefix("a=ice-ufrag:")).unwrap().to_owned();
    let at = location(&post(&relay, "plaza", offer).await);
    let local_name = "a=candidate:1 1 udp 2113937151 0190163d-8694.local 54321 typ host\r\n";
    let cases = [
        (FRAGMENT, format!("a=ice-ufrag:{ufrag}\r\n{local_name}"), 204),
        (FRAGMENT, "a=ice-ufrag:another\r\na=ice-pwd:another\r\n".to_owned(), 422),
        (FRAGMENT, "a=candidate:nonsense\r\n".to_owned(), 400),
        (FRAGMENT, "a=candidate:1 1 udp 1 127.0.0.1 9 typ host\r\n".repeat(100), 413),
        ("text/plain", String::new(), 415),
        (SDP, "v=0\r\n".to_owned(), 400),
    ];
    for (kind, body, status) in cases {
        let response = patch(&relay, &at, kind, body.clone()).await;
        assert_eq!(response.status(), status, "{kind}: {body}");
    }
    let stale =
        relay.http.patch(relay.url(&at)).header("content-type", FRAGMENT).header("if-match", "\"old\"");
    assert_eq!(stale.send().await.unwrap().status(), 412);
    let elsewhere = at.replace("/plaza/", "/gate/");
    assert_eq!(delete(&relay, &elsewhere).await, 404, "a session is not found under another camera");
    assert_eq!(patch(&relay, "/whep/plaza/none", FRAGMENT, String::new()).await.status(), 404);
}

#[tokio::test]
async fn one_viewer_too_many_is_told_to_come_later() {
    let relay = Relay::with_cameras().await;
    let mut places = Vec::new();
    for _ in 0..vigie_relay::camera::Cameras::MAX_VIEWERS {
        let response = relay.http.post(relay.url("/whep/plaza")).send().await.unwrap();
        assert_eq!(response.status(), 201);
        places.push(location(&response));
    }
    let refused = relay.http.post(relay.url("/whep/plaza")).send().await.unwrap();
    assert_eq!(refused.status(), 503);
    assert!(refused.headers().contains_key("retry-after"));
    assert_eq!(delete(&relay, &places[0]).await, 200);
    until_viewers(&relay, places.len() - 1).await;
    assert_eq!(relay.http.post(relay.url("/whep/plaza")).send().await.unwrap().status(), 201);
}

#[tokio::test]
async fn a_viewer_that_vanishes_gives_its_place_back() {
    let relay = Relay::with_cameras().await;
    let mut viewer = Viewer::new(true);
    let (offer, pending) = viewer.offer();
    let response = post(&relay, "plaza", offer).await;
    viewer.take_answer(pending, &response.text().await.unwrap());
    viewer
        .watch(Duration::from_secs(30), |seen| if seen.len() > 5 { Wish::Enough } else { Wish::More })
        .await;
    assert_eq!(relay.running.cameras().viewers(), 1);
    drop(viewer);
    let gone = Instant::now();
    while relay.running.cameras().viewers() > 0 {
        assert!(gone.elapsed() < Duration::from_mins(1), "the session outlives its viewer");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Numbers that look random and are the same each time (Knuth's linear congruential generator).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }
}

fn mutated(sdp: &str, numbers: &mut Numbers) -> Vec<u8> {
    let mut lines: Vec<Vec<u8>> = sdp.split_inclusive('\n').map(|line| line.as_bytes().to_vec()).collect();
    for _ in 0..=numbers.below(4) {
        let (a, b) = (numbers.below(lines.len()), numbers.below(lines.len()));
        match numbers.below(7) {
            0 => lines.swap(a, b),
            1 => drop(lines.remove(a)),
            2 => lines.insert(b, lines[a].clone()),
            3 => lines[a].truncate(numbers.below(30)),
            4 => {
                let at = numbers.below(lines[a].len());
                lines[a].insert(at, b"\0\xff 9:=*-\n"[numbers.below(9)]);
            }
            5 => {
                // Digits become other, longer, numbers.
                let swelling = lines[a].iter().flat_map(|&byte| {
                    if byte.is_ascii_digit() { vec![byte, b'9', b'9'] } else { vec![byte] }
                });
                lines[a] = swelling.collect();
            }
            _ => {
                let at = numbers.below(lines[a].len());
                if let Some(byte) = lines[a].get_mut(at) {
                    *byte = numbers.below(256) as u8;
                }
            }
        }
        if lines.is_empty() {
            lines.push(Vec::new());
        }
    }
    lines.concat()
}

#[tokio::test]
async fn hostile_descriptions_are_refused_and_hurt_nobody() {
    let relay = Relay::with_cameras().await;
    let mut offering = Viewer::new(true);
    let (offer, _) = offering.offer();
    let mut numbers = Numbers(2026);
    let (mut refused, mut taken) = (0, 0);
    for round in 0..400 {
        let body = mutated(&offer, &mut numbers);
        let request =
            relay.http.post(relay.url("/whep/plaza")).header("content-type", SDP).body(body.clone());
        let response = request.send().await.unwrap();
        match response.status().as_u16() {
            201 => {
                taken += 1;
                delete(&relay, &location(&response)).await;
                until_viewers(&relay, 0).await;
            }
            400 | 406 => refused += 1,
            other => panic!("round {round}: {other} for {}", String::from_utf8_lossy(&body)),
        }
    }
    assert!(
        refused > 50 && taken > 50,
        "{refused} refused, {taken} taken: the mutations are too wild or too tame"
    );

    // The relay still serves.
    let mut viewer = Viewer::new(true);
    let (offer, pending) = viewer.offer();
    let response = post(&relay, "plaza", offer).await;
    viewer.take_answer(pending, &response.text().await.unwrap());
    viewer
        .watch(Duration::from_secs(30), |seen| if seen.len() > 10 { Wish::Enough } else { Wish::More })
        .await;
}
