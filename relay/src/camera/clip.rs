//! A clip in memory: encoded frames as they were in the WebM file, with exact times. Nothing is decoded.

use anyhow::Context as _;
use matroska_demuxer::{Frame as MatroskaFrame, MatroskaFile, TrackType};
use std::path::Path;
use std::sync::Arc;

/// Ticks of the video clock of RTP in one second.
pub const TICKS_PER_SEC: u64 = 90_000;

/// How the clip is encoded. Both go out over WebRTC as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClipCodec {
    /// VP8 (RFC 7741).
    Vp8,
    /// VP9 profile 0 (RFC 9628).
    Vp9,
}

impl ClipCodec {
    /// Its name in SDP.
    #[must_use]
    pub fn sdp_name(self) -> &'static str {
        match self {
            Self::Vp8 => "VP8",
            Self::Vp9 => "VP9",
        }
    }
}

/// One encoded frame.
#[derive(Clone, Debug)]
pub struct ClipFrame {
    /// When it is shown, ticks of 1/90 000 s from the first frame.
    pub ticks: u64,
    /// Whether decoding can start here.
    pub is_key: bool,
    /// The encoded frame.
    pub data: Arc<[u8]>,
}

/// A clip.
#[derive(Clone, Debug)]
pub struct Clip {
    /// Codec.
    pub codec: ClipCodec,
    /// In order of time; the first is a keyframe.
    pub frames: Vec<ClipFrame>,
    /// Length with the last frame's own time, ticks of 1/90 000 s.
    pub ticks: u64,
}

impl Clip {
    /// Largest file that is taken: the clip is held in memory.
    pub const MAX_BYTES: u64 = 256 * 1024 * 1024;

    /// Reads the first video track of a WebM file.
    ///
    /// # Errors
    /// When the file cannot be read, is too large, or holds no VP8 or VP9 (profile 0) track that starts with a keyframe.
    pub fn open(file: &Path) -> anyhow::Result<Self> {
        let name = file.display();
        let bytes = std::fs::metadata(file).with_context(|| format!("the clip {name} cannot be read"))?.len();
        anyhow::ensure!(bytes <= Self::MAX_BYTES, "the clip {name} is over {} MiB", Self::MAX_BYTES >> 20);
        let reader = std::io::BufReader::new(std::fs::File::open(file)?);
        Self::read(reader).with_context(|| format!("the clip {name} cannot be used"))
    }

    fn read(reader: impl std::io::Read + std::io::Seek) -> anyhow::Result<Self> {
        let mut webm = MatroskaFile::open(reader).context("it is not a WebM file")?;
        let nanos_per_unit = webm.info().timestamp_scale().get();
        let track = webm
            .tracks()
            .iter()
            .find(|track| track.track_type() == TrackType::Video)
            .context("it has no video track")?;
        let number = track.track_number().get();
        let frame_nanos = track.default_duration().map(std::num::NonZeroU64::get);
        let codec = match track.codec_id() {
            "V_VP8" => ClipCodec::Vp8,
            "V_VP9" => ClipCodec::Vp9,
            other => anyhow::bail!("it is encoded as {other}; VP8 and VP9 in WebM can be sent"),
        };

        let mut frames: Vec<ClipFrame> = Vec::new();
        let mut first_nanos = 0;
        let mut frame = MatroskaFrame::default();
        while webm.next_frame(&mut frame).context("it is damaged")? {
            if frame.track != number || frame.data.is_empty() {
                continue;
            }
            let nanos = frame.timestamp.saturating_mul(nanos_per_unit);
            if frames.is_empty() {
                first_nanos = nanos;
            }
            let ticks = ticks_from_nanos(nanos.saturating_sub(first_nanos));
            anyhow::ensure!(
                frames.last().is_none_or(|before| before.ticks < ticks),
                "its frames are out of order"
            );
            let is_key = match codec {
                ClipCodec::Vp8 => vp8_is_key(&frame.data),
                ClipCodec::Vp9 => vp9_is_key(&frame.data).context("it is not VP9 of profile 0")?,
            };
            frames.push(ClipFrame { ticks, is_key, data: frame.data.as_slice().into() });
        }
        let (Some(first), Some(last)) = (frames.first(), frames.last()) else {
            anyhow::bail!("it holds no frames")
        };
        anyhow::ensure!(first.is_key, "it does not start with a keyframe");
        let between = (last.ticks / (frames.len() as u64 - 1).max(1)).max(1);
        let ticks = last.ticks + frame_nanos.map_or(between, ticks_from_nanos).max(1);
        Ok(Self { codec, frames, ticks })
    }

    /// Length, milliseconds.
    #[must_use]
    pub fn millis(&self) -> u32 {
        (self.ticks * 1000 / TICKS_PER_SEC) as u32
    }
}

/// Rounded to the nearest tick; overflows after millennia.
fn ticks_from_nanos(nanos: u64) -> u64 {
    ((u128::from(nanos) * u128::from(TICKS_PER_SEC) + 500_000_000) / 1_000_000_000) as u64
}

/// RFC 6386, section 9.1: the lowest bit of the first byte is 0 for a key frame.
fn vp8_is_key(data: &[u8]) -> bool {
    data.first().is_some_and(|byte| byte & 1 == 0)
}

/// The uncompressed header of VP9 (bitstream specification, section 6.2): frame marker `10`, two profile bits, then for
/// profile 0 `show_existing_frame` and `frame_type`. `None` when this is not a frame of profile 0.
fn vp9_is_key(data: &[u8]) -> Option<bool> {
    let byte = *data.first()?;
    (byte >> 4 == 0b1000).then_some(byte & 0b1100 == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keyframes_are_told_from_the_bitstream() {
        assert_eq!(vp9_is_key(&[0b1000_0010]), Some(true));
        assert_eq!(vp9_is_key(&[0b1000_0110]), Some(false), "an inter frame");
        assert_eq!(vp9_is_key(&[0b1000_1000]), Some(false), "an earlier frame shown again");
        assert_eq!(vp9_is_key(&[0b1010_0010]), None, "profile 1");
        assert_eq!(vp9_is_key(&[]), None);
        assert!(vp8_is_key(&[0x10]) && !vp8_is_key(&[0x11]) && !vp8_is_key(&[]));
    }

    #[test]
    fn ticks_are_exact() {
        assert_eq!(ticks_from_nanos(40_000_000), 3600);
        assert_eq!(ticks_from_nanos(33_000_000), 2970);
        assert_eq!(ticks_from_nanos(1_000_000_000 * 3600), 3600 * 90_000);
    }

    #[test]
    fn other_files_are_refused() {
        assert!(Clip::read(std::io::Cursor::new(b"RIFF....WAVE")).is_err());
        assert!(Clip::open(Path::new("no-such-clip.webm")).is_err());
    }
}
