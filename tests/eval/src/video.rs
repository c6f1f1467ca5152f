//! Footage through ffmpeg: every frame as RGBA with its true presentation time.
//!
//! ffmpeg turns the picture upright and makes its pixels square; its `showinfo` filter tells time and size of every frame on
//! standard error, in step with the frames on standard output. Rates may vary.

use crate::source::Selection;
use anyhow::{Context as _, bail};
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use vigie_engine::Micros;

/// Frames whose times may be known before the first of them is read. Forwards, a handful is on the way; backwards, ffmpeg holds
/// all of them, and so many is the limit of that.
const MAX_AHEAD: usize = 1 << 16;

/// A frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Picture<'a> {
    /// When it is to be shown, from the start of the footage.
    pub(crate) at: Micros,
    /// Width, pixels.
    pub(crate) width: u32,
    /// Height, pixels.
    pub(crate) height: u32,
    /// Red, green, blue, alpha, a byte each.
    pub(crate) rgba: &'a [u8],
}

/// What ffmpeg says of a frame.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Stamp {
    at: Micros,
    width: u32,
    height: u32,
}

/// Frames of a file, one after the other.
#[derive(Debug)]
pub(crate) struct Video {
    child: Child,
    frames: BufReader<ChildStdout>,
    stamps: Receiver<Stamp>,
    /// The stamp of the next frame, when it has been looked at already.
    peeked: Option<Stamp>,
    /// In reverse: the stamps that are still to be used, in the footage's order.
    backwards: Option<Vec<Stamp>>,
    /// Reads standard error to its end and gives what ffmpeg complained of.
    listener: Option<JoinHandle<Complaints>>,
    rgba: Vec<u8>,
}

/// The last lines that say something else than where a frame lies.
type Complaints = Vec<String>;

impl Video {
    /// Starts reading. In reverse, the frames that would come forwards come from the last to the first, with the times that they
    /// have in the footage.
    ///
    /// # Errors
    /// When the file is not there or ffmpeg is not.
    pub(crate) fn open(path: &Path, selection: Selection, reverse: bool) -> anyhow::Result<Self> {
        anyhow::ensure!(path.exists(), "{} is not there", path.display());
        let mut child = Command::new("ffmpeg")
            .args(["-hide_banner", "-nostdin", "-nostats", "-loglevel", "info", "-i"])
            .arg(path)
            .args(["-map", "0:v:0", "-an", "-sn", "-dn", "-vf", &filters(selection, reverse)])
            .args(["-fps_mode", "passthrough", "-pix_fmt", "rgba", "-f", "rawvideo", "-"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .context("starting ffmpeg, which reads the footage; is it installed?")?;
        let frames = child.stdout.take().context("ffmpeg has no output")?;
        let messages = child.stderr.take().context("ffmpeg has no messages")?;
        let (sender, stamps) = sync_channel(MAX_AHEAD);
        Ok(Self {
            child,
            frames: BufReader::with_capacity(1 << 20, frames),
            stamps,
            peeked: None,
            backwards: reverse.then(Vec::new),
            listener: Some(std::thread::spawn(move || listen(messages, &sender))),
            rgba: Vec::new(),
        })
    }

    /// The time of the next frame; `None` at the end.
    ///
    /// # Errors
    /// When ffmpeg fails.
    pub(crate) fn peek(&mut self) -> anyhow::Result<Option<Micros>> {
        if self.peeked.is_none() {
            let over = self.backwards.is_some() && self.frames.fill_buf()?.is_empty();
            self.peeked = if over { None } else { self.next_stamp()? };
        }
        if self.peeked.is_none() {
            self.end()?;
        }
        Ok(self.peeked.map(|stamp| stamp.at))
    }

    /// The next frame; `None` at the end.
    ///
    /// # Errors
    /// When ffmpeg fails, or its output does not fit what it says of it.
    pub(crate) fn next(&mut self) -> anyhow::Result<Option<Picture<'_>>> {
        self.peek()?;
        let Some(Stamp { at, width, height }) = self.peeked.take() else { return Ok(None) };
        self.rgba.resize(4 * width as usize * height as usize, 0);
        self.frames.read_exact(&mut self.rgba).context("ffmpeg's output ends within a frame")?;
        Ok(Some(Picture { at, width, height, rgba: &self.rgba }))
    }

    fn next_stamp(&mut self) -> anyhow::Result<Option<Stamp>> {
        let Some(backwards) = &mut self.backwards else {
            return Ok(self.stamps.recv().ok());
        };
        // The first frame comes out when all have gone in, so that all that is said of them has been said.
        backwards.extend(self.stamps.try_iter());
        if backwards.len() >= MAX_AHEAD {
            bail!(
                "more than {MAX_AHEAD} frames cannot be turned round: take a part with --from and --until, or --fps"
            );
        }
        Ok(backwards.pop())
    }

    /// Waits for ffmpeg; an error when it failed.
    fn end(&mut self) -> anyhow::Result<()> {
        let status = self.child.wait().context("waiting for ffmpeg")?;
        let complaints = self.listener.take().and_then(|listener| listener.join().ok()).unwrap_or_default();
        if !status.success() {
            bail!("ffmpeg could not read the footage:\n{}", complaints.join("\n"));
        }
        Ok(())
    }
}

impl Drop for Video {
    fn drop(&mut self) {
        // Not read to the end: it would wait forever for somebody to take its frames. It may have ended by itself, too.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// The chain of filters that gives the selected frames.
fn filters(selection: Selection, reverse: bool) -> String {
    let mut wanted = Vec::new();
    if let Some(from) = selection.from {
        wanted.push(format!("gte(t,{from:.6})"));
    }
    if let Some(until) = selection.until {
        wanted.push(format!("lt(t,{until:.6})"));
    }
    if selection.fps.is_some() {
        let spacing = selection.spacing_secs();
        wanted.push(format!("(isnan(prev_selected_t)+gte(t-prev_selected_t,{spacing:.6}))"));
    }
    let mut chain = Vec::new();
    if !wanted.is_empty() {
        chain.push(format!("select='{}'", wanted.join("*")));
    }
    // Square pixels, as the app shows it; nothing to do for almost all footage. A size that changes on the way stays what it was.
    chain.push("scale=w='round(iw*sar)':h=ih".into());
    chain.push("setsar=1".into());
    chain.push("showinfo=checksum=0".into());
    if reverse {
        chain.push("reverse".into());
    }
    chain.join(",")
}

/// Takes ffmpeg's messages apart until it ends.
fn listen(messages: ChildStderr, stamps: &SyncSender<Stamp>) -> Complaints {
    let mut complaints = Complaints::new();
    let mut time_base = None;
    for line in BufReader::new(messages).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line);
        if let Some((_, said)) = line.split_once("config in time_base: ") {
            time_base = ratio(said.split(',').next().unwrap_or_default());
        } else if line.contains("showinfo") {
            let Some(stamp) = time_base.and_then(|base| stamp(&line, base)) else { continue };
            // Full only in reverse, where the reader then says so; gone when the reader has seen enough.
            if let Err(TrySendError::Disconnected(_)) = stamps.try_send(stamp) {
                break;
            }
        } else {
            if complaints.len() == 12 {
                complaints.remove(0);
            }
            complaints.push(line.trim_end().to_owned());
        }
    }
    complaints
}

/// `1/30`.
fn ratio(text: &str) -> Option<(i64, i64)> {
    let (over, under) = text.trim().split_once('/')?;
    let ratio = (over.parse().ok()?, under.parse().ok()?);
    (ratio.1 > 0).then_some(ratio)
}

/// Time and size from a line such as `[…] n:   1 pts:      2 pts_time:0.2 … s:768x576 …`. The time is taken from the whole number,
/// because the other one is cut to six digits.
fn stamp(line: &str, (over, under): (i64, i64)) -> Option<Stamp> {
    let after = |name: &str| line.split_once(name)?.1.split_whitespace().next();
    let pts: i128 = after(" pts:")?.parse().ok()?;
    let (width, height) = after(" s:")?.split_once('x')?;
    let micros = (pts * i128::from(over) * 1_000_000).div_euclid(i128::from(under));
    Some(Stamp {
        at: Micros(i64::try_from(micros).ok()?),
        width: width.parse().ok()?,
        height: height.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ffmpeg_says_of_a_frame_is_understood() {
        let line = "[Parsed_showinfo_1 @ 0x56] n:   1 pts:   1001 pts_time:0.0333667 pos: 88336 fmt:yuv420p sar:1/1 s:768x576 i:P iskey:0 type:P ";
        let expected = Stamp { at: Micros(33_366), width: 768, height: 576 };
        assert_eq!(stamp(line, (1, 30_000)), Some(expected));
        assert_eq!(stamp("[Parsed_showinfo_1 @ 0x56] color_range:unknown", (1, 30)), None);
        assert_eq!(stamp("n: 1 pts:NOPTS pts_time:NOPTS s:768x576", (1, 30)), None);
        assert_eq!((ratio("1/25"), ratio("0/0"), ratio("x")), (Some((1, 25)), None, None));
    }

    #[test]
    fn only_what_is_asked_for_is_filtered() {
        assert_eq!(
            filters(Selection::default(), false),
            "scale=w='round(iw*sar)':h=ih,setsar=1,showinfo=checksum=0"
        );
        let all = Selection { from: Some(1.0), until: Some(2.5), fps: Some(9.0) };
        assert_eq!(
            filters(all, true),
            "select='gte(t,1.000000)*lt(t,2.500000)*(isnan(prev_selected_t)+gte(t-prev_selected_t,0.100000))',\
             scale=w='round(iw*sar)':h=ih,setsar=1,showinfo=checksum=0,reverse"
        );
    }
}
