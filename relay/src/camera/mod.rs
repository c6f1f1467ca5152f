//! Demo cameras: a clip that repeats, served as WHEP.
//!
//! | module | what lives there |
//! |---|---|
//! | [`clip`] | encoded frames from WebM |
//! | [`playback`] | which frame is due when |
//! | [`session`] | one viewer: ICE, DTLS, SRTP through `str0m`, one UDP socket on loopback, one task |
//! | [`whep`] | the HTTP side |

pub mod clip;
pub mod playback;
pub mod session;
pub mod whep;

use crate::error::ApiError;
use anyhow::Context as _;
use clip::Clip;
use session::{Handle, Viewers};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use str0m::config::{CryptoProvider, DtlsCert};
use vigie_protocol::CameraId;
use vigie_protocol::sync::CameraInfo;

/// The demo cameras of a relay. Clones share the same cameras and viewers.
#[derive(Clone)]
pub struct Cameras {
    clips: Arc<BTreeMap<CameraId, Arc<Clip>>>,
    viewers: Viewers,
    crypto: Arc<CryptoProvider>,
    /// One certificate for all sessions of this run: making one takes longer than a handshake.
    certificate: Arc<DtlsCert>,
}

impl Cameras {
    /// Most viewers of all cameras together; one more is refused with 503.
    pub const MAX_VIEWERS: usize = 32;

    /// Reads the clips into memory.
    ///
    /// # Errors
    /// When a clip cannot be read or sent, or two cameras have one name.
    pub fn open(cameras: &[(CameraId, PathBuf)]) -> anyhow::Result<Self> {
        let mut clips = BTreeMap::new();
        for (id, file) in cameras {
            let clip = Clip::open(file)?;
            tracing::info!(
                "camera {id}: {} frames, {} ms, {}",
                clip.frames.len(),
                clip.millis(),
                clip.codec.sdp_name()
            );
            anyhow::ensure!(clips.insert(id.clone(), Arc::new(clip)).is_none(), "two cameras are named {id}");
        }
        let crypto = Arc::new(str0m::crypto::from_feature_flags());
        let certificate = crypto
            .dtls_provider
            .generate_certificate()
            .context("the certificate for WebRTC cannot be made")?;
        Ok(Self {
            clips: Arc::new(clips),
            viewers: Viewers::new(Self::MAX_VIEWERS),
            crypto,
            certificate: Arc::new(certificate),
        })
    }

    /// What the relay says of them.
    #[must_use]
    pub fn list(&self) -> Vec<CameraInfo> {
        self.clips
            .iter()
            .map(|(id, clip)| CameraInfo {
                id: id.clone(),
                name: id.to_string(),
                whep: format!("/whep/{id}"),
                loop_ms: Some(clip.millis()),
            })
            .collect()
    }

    /// How many viewers there are.
    #[must_use]
    pub fn viewers(&self) -> usize {
        self.viewers.count()
    }

    /// Ends all sessions.
    pub async fn close_all(&self) {
        for handle in self.viewers.all() {
            handle.close().await;
        }
    }

    fn clip(&self, camera: &str) -> Result<&Arc<Clip>, ApiError> {
        CameraId::new(camera)
            .ok()
            .and_then(|id| self.clips.get(&id))
            .ok_or(ApiError::NotFound("there is no such camera"))
    }

    fn session(&self, camera: &str, session: &str) -> Result<Handle, ApiError> {
        self.viewers
            .find(camera, session)
            .ok_or(ApiError::NotFound("there is no such session, or it has ended"))
    }
}
