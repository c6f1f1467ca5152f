//! How a camera's picture is got and kept: connect, watch, and connect again, for ever.

use super::{
    Inner,
    camera::Camera,
    policy::{Backoff, Picture, StallWatch},
};
use crate::platform::{
    clock,
    sources::{FileSource, Webcam, WebcamError, media_error},
    task::{Listener, Task},
    video,
    whep::{Connection, Session, WhepError},
};
use crate::state::{CameraSource, CameraStatus, NoticeLevel};
use std::rc::Rc;
use vigie_protocol::Record;

/// Milliseconds between two looks at a picture.
const LOOK_MS: f64 = 500.0;
/// A connection that is "disconnected" may come back by itself; not after this long.
const DISCONNECTED_MS: f64 = 3_000.0;
/// A stalled picture is given this long before the connection is made anew, seconds.
const GIVE_UP_STALLED_SECS: f32 = 6.0;
/// A connection without a first picture is made anew after this long.
const NO_PICTURE_MS: f64 = 10_000.0;

/// Why a picture ended.
struct Ended {
    /// As in [`Record::CameraLost`].
    kind: &'static str,
    cause: String,
    /// The operator wants the next attempt now.
    at_once: bool,
}

/// Starts to get the camera's picture.
pub(super) fn begin(post: &Rc<Inner>, camera: &Rc<Camera>, retry: Listener) {
    let (post, keeper) = (Rc::clone(post), Rc::clone(camera));
    let camera = Rc::clone(camera);
    keeper.keep(Task::spawn(async move {
        match camera.source.clone() {
            CameraSource::Whep { url, server_offers } => {
                whep(&post, &camera, retry, &url, server_offers).await;
            }
            CameraSource::File(file) => play_file(&post, &camera, retry, &file).await,
            CameraSource::Webcam { device_id } => webcam(&post, &camera, retry, &device_id).await,
        }
    }));
}

async fn whep(post: &Inner, camera: &Camera, mut retry: Listener, url: &str, server_offers: bool) {
    let mut backoff = Backoff::network();
    loop {
        let ended = match Session::connect(url, server_offers).await {
            Ok(session) => {
                let session = Rc::new(session);
                *camera.session.borrow_mut() = Some(Rc::clone(&session));
                // Asked for while it was made: this is the new session.
                retry.forget();
                let ended = watch_session(post, camera, &session, &mut retry, &mut backoff).await;
                camera.session.borrow_mut().take();
                ended
            }
            Err(error) => {
                let kind =
                    if matches!(error, WhepError::Refused { .. }) { "refused" } else { "disconnected" };
                Ended { kind, cause: error.to_string(), at_once: false }
            }
        };
        pause(post, camera, &mut retry, &mut backoff, &ended).await;
    }
}

/// Waits for the next attempt, counting down.
async fn pause(post: &Inner, camera: &Camera, retry: &mut Listener, backoff: &mut Backoff, ended: &Ended) {
    post.lost(camera, ended.kind);
    camera.break_continuity();
    if ended.at_once {
        backoff.reset();
    } else {
        count_down(camera, retry, backoff, ended).await;
    }
    retry.forget();
    camera.set_status(CameraStatus::Connecting);
    post.show_camera(camera);
}

async fn count_down(camera: &Camera, retry: &mut Listener, backoff: &mut Backoff, ended: &Ended) {
    let until = clock::monotonic_ms() + backoff.next_ms(clock::chance());
    loop {
        let left = until - clock::monotonic_ms();
        if left <= 0.0 {
            return;
        }
        camera.set_status(CameraStatus::Reconnecting {
            attempt: backoff.attempt(),
            next_in_secs: (left / 1e3) as f32,
            cause: ended.cause.clone(),
        });
        if retry.heard_within(left.min(LOOK_MS)).await {
            backoff.reset();
            return;
        }
    }
}

/// Watches a session until it has to be made anew.
async fn watch_session(
    post: &Inner,
    camera: &Camera,
    session: &Session,
    retry: &mut Listener,
    backoff: &mut Backoff,
) -> Ended {
    let mut watch = StallWatch::default();
    let mut since = clock::monotonic_ms();
    let mut disconnected_ms = None;
    let mut attached = false;
    let mut decoded_before = None::<u64>;
    let mut was_watched = Camera::is_watched();
    let mut restarted = false;
    loop {
        if !attached && let Some(stream) = session.stream() {
            video::show_stream(&camera.live.video, &stream);
            attached = true;
        }
        if retry.heard_within(LOOK_MS).await {
            return Ended { kind: "disconnected", cause: "connecting again".to_owned(), at_once: true };
        }
        let now = clock::monotonic_ms();
        // A hidden tab shows no frames, but it decodes them.
        let watched = Camera::is_watched();
        let decoded = if watched { 0 } else { session.frames_decoded().await.unwrap_or_default() };
        if decoded_before.replace(decoded).is_some_and(|before| before > 0 && decoded > before) {
            camera.frames_came_unseen();
        }
        let count = camera.frames() + decoded;
        if std::mem::replace(&mut was_watched, watched) != watched {
            watch.recount(count);
        }
        let picture = watch.look(now, count);
        post.report_picture(camera, picture);
        if picture == Picture::Moving {
            backoff.reset();
            restarted = false;
        }
        let connection = session.connection();
        match connection {
            Connection::Disconnected => {
                disconnected_ms.get_or_insert(now);
            }
            _ => disconnected_ms = None,
        }
        let trouble = match (connection, picture) {
            (Connection::Failed, _) => Some(("disconnected", "the connection failed".to_owned())),
            (Connection::Disconnected, _) if disconnected_ms.is_some_and(|at| now - at > DISCONNECTED_MS) => {
                Some(("disconnected", "the connection was lost".to_owned()))
            }
            (_, Picture::Stalled { secs }) if secs > GIVE_UP_STALLED_SECS => {
                Some(("stalled", format!("no new picture for {secs:.0} s")))
            }
            (_, Picture::Awaited) if now - since > NO_PICTURE_MS => {
                Some(("stalled", "connected, but no picture came".to_owned()))
            }
            _ => None,
        };
        if let Some((kind, cause)) = trouble {
            if restarted || !session.can_restart() || session.restart().await.is_err() {
                return Ended { kind, cause, at_once: false };
            }
            // A new path for the same session: it gets as much time as a new one.
            restarted = true;
            watch = StallWatch::default();
            since = clock::monotonic_ms();
            disconnected_ms = None;
        }
    }
}

async fn play_file(post: &Inner, camera: &Camera, mut retry: Listener, file: &web_sys::File) {
    loop {
        let ended = match FileSource::play(file, &camera.live.video) {
            Err(cause) => cause,
            Ok(_playing) => watch_file(post, camera, &mut retry).await,
        };
        post.lost(camera, "refused");
        camera.set_status(CameraStatus::Ended { cause: Some(ended) });
        retry.heard().await;
        camera.break_continuity();
        camera.set_status(CameraStatus::Connecting);
    }
}

async fn watch_file(post: &Inner, camera: &Camera, retry: &mut Listener) -> String {
    let mut watch = StallWatch::default();
    let mut awaited_ms = 0.0;
    loop {
        if let Some(cause) = media_error(&camera.live.video) {
            return cause;
        }
        // Rung while it plays: nothing to do.
        retry.heard_within(LOOK_MS).await;
        let picture = watch.look(clock::monotonic_ms(), camera.frames());
        // Browsers may pause a silent video in a hidden tab.
        if Camera::is_watched() || picture == Picture::Moving {
            post.report_picture(camera, picture);
            awaited_ms += LOOK_MS;
        }
        if picture == Picture::Awaited && awaited_ms > NO_PICTURE_MS {
            return "the file plays, but no picture came".to_owned();
        }
    }
}

async fn webcam(post: &Inner, camera: &Camera, mut retry: Listener, device_id: &str) {
    let mut backoff = Backoff::network();
    loop {
        let cause = match Webcam::open(device_id).await {
            Ok(webcam) => {
                video::show_stream(&camera.live.video, webcam.stream());
                let mut watch = StallWatch::default();
                let mut awaited_ms = 0.0;
                retry.forget();
                loop {
                    if webcam.has_ended() {
                        break "the camera was taken away".to_owned();
                    }
                    retry.heard_within(LOOK_MS).await;
                    let picture = watch.look(clock::monotonic_ms(), camera.frames());
                    if Camera::is_watched() || picture == Picture::Moving {
                        post.report_picture(camera, picture);
                        awaited_ms += LOOK_MS;
                    }
                    if picture == Picture::Moving {
                        backoff.reset();
                    }
                    if picture == Picture::Awaited && awaited_ms > NO_PICTURE_MS {
                        break "the camera is on, but no picture came".to_owned();
                    }
                }
            }
            Err(error @ WebcamError::Refused) => {
                post.lost(camera, "refused");
                camera.set_status(CameraStatus::Ended { cause: Some(error.to_string()) });
                post.notify(NoticeLevel::Warning, "notice-webcam-refused", Vec::new());
                retry.heard().await;
                camera.set_status(CameraStatus::Connecting);
                continue;
            }
            Err(WebcamError::Unavailable(cause)) => cause,
        };
        let ended = Ended { kind: "disconnected", cause, at_once: false };
        pause(post, camera, &mut retry, &mut backoff, &ended).await;
    }
}

impl Inner {
    /// Carries what a look at the picture found to the status and to the record.
    fn report_picture(&self, camera: &Camera, picture: Picture) {
        match picture {
            Picture::Awaited => {}
            Picture::Moving => {
                if let Some(blind_secs) = camera.picture_is_there() {
                    self.record_soon(Record::CameraRestored { camera: camera.id.clone(), blind_secs });
                }
            }
            Picture::Stalled { secs } => {
                camera.set_status(CameraStatus::Stalled { secs });
                self.lost(camera, "stalled");
            }
        }
        self.show_camera(camera);
    }

    /// Records that the picture is missing, once.
    fn lost(&self, camera: &Camera, cause: &str) {
        if camera.picture_is_lost() {
            self.record_soon(Record::CameraLost { camera: camera.id.clone(), cause: cause.to_owned() });
        }
        self.show_camera(camera);
    }
}
