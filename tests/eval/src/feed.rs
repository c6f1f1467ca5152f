//! The frames of a run, one after the other: picture and detections from wherever they come.

use crate::network::Network;
use crate::source::Selection;
use crate::video::{Picture, Video};
use anyhow::{Context as _, bail};
use std::path::{Path, PathBuf};
use vigie_engine::tiles::COUNT_EVERY_SECS;
use vigie_engine::{Detection, Micros, luma};
use vigie_scenarios::RecordedFrame;

/// A line of a recording belongs to the frame that differs by no more than this: recordings may be rounded to the millisecond.
const SAME_FRAME_MICROS: i64 = 1_500;

/// Where frames and detections come from.
pub(crate) enum Source<'a> {
    /// A recording alone. There is no picture, and with it no motion and no health.
    Recording(Vec<RecordedFrame>),
    /// A recording, and the footage that it was made of.
    Both(&'a Path, Vec<RecordedFrame>),
    /// Footage, looked at by the network.
    Network(&'a Path, Box<Network>),
}

/// A frame as the run needs it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Moment {
    /// Its time; in reverse, from the end.
    pub(crate) at: Micros,
    /// Whether it does not continue the frame before.
    pub(crate) discontinuity: bool,
    /// What was detected.
    pub(crate) detections: Vec<Detection>,
    /// The last counting pass: when, and what it found.
    pub(crate) counted: Option<(Micros, Vec<Detection>)>,
    /// The grey picture: width, height, pixels.
    pub(crate) grey: Option<(usize, usize, Vec<u8>)>,
    /// The picture's width and height, pixels.
    pub(crate) size: Option<(u32, u32)>,
    /// The picture itself.
    pub(crate) rgba: Vec<u8>,
}

/// The frames of a run.
pub(crate) struct Feed {
    video: Option<Video>,
    lines: Option<std::vec::IntoIter<RecordedFrame>>,
    network: Option<Box<Network>>,
    /// Footage that is read in step with lines: where it is, and the part of it that is still to come.
    paired: Option<(PathBuf, Selection)>,
    reverse: bool,
    /// In reverse, the time that counts as zero, once it is known.
    end: Option<Micros>,
    /// When the last counting pass was made, in the footage's time.
    last_count: Option<Micros>,
    /// Used again for every frame.
    moment: Moment,
    /// Whether the run wants the picture itself.
    keep_rgba: bool,
}

impl Feed {
    /// Prepares the frames.
    ///
    /// # Errors
    /// When the footage cannot be opened.
    pub(crate) fn open(
        source: Source<'_>,
        selection: Selection,
        reverse: bool,
        keep_rgba: bool,
    ) -> anyhow::Result<Self> {
        let mut feed = Self {
            video: None,
            lines: None,
            network: None,
            paired: None,
            reverse,
            end: None,
            last_count: None,
            moment: Moment::default(),
            keep_rgba,
        };
        match source {
            Source::Recording(lines) => feed.lines = Some(chosen(lines, selection, reverse).into_iter()),
            Source::Both(path, lines) => {
                let lines = chosen(lines, selection, reverse);
                let span = span(&lines);
                feed.video = Some(Video::open(path, span, reverse)?);
                feed.paired = Some((path.to_path_buf(), span));
                feed.lines = Some(lines.into_iter());
            }
            Source::Network(path, network) => {
                feed.video = Some(Video::open(path, selection, reverse)?);
                feed.network = Some(network);
            }
        }
        Ok(feed)
    }

    /// The next frame; `None` at the end.
    ///
    /// # Errors
    /// When the footage cannot be read, the recording belongs to other footage, or the network fails.
    pub(crate) fn next(&mut self) -> anyhow::Result<Option<&mut Moment>> {
        let mut tiled = None;
        let at = if let Some(lines) = &mut self.lines {
            let Some(line) = lines.next() else { return Ok(None) };
            if self.video.is_some() {
                self.seek(line.at())?;
            }
            if let Some(picture) = self.video.as_mut().map(Video::next).transpose()?.flatten() {
                self.moment.take_picture(&picture, self.keep_rgba);
            }
            self.moment.detections = line.detections();
            tiled = line.tiled();
            self.moment.discontinuity = line.discontinuity;
            line.at()
        } else {
            let Some(picture) = self.video.as_mut().map(Video::next).transpose()?.flatten() else {
                return Ok(None);
            };
            self.moment.take_picture(&picture, self.keep_rgba);
            if let Some(network) = &mut self.network {
                self.moment.detections = network.detect(&picture)?;
                let fresh = |at: Micros| picture.at.secs_since(at).abs() < COUNT_EVERY_SECS;
                if !self.last_count.is_some_and(fresh) {
                    let found = network.detect_tiles(&picture, None)?;
                    tiled = Some(RecordedFrame::new(picture.at, &found).detections());
                }
            }
            picture.at
        };
        self.moment.at = if self.reverse { Micros(self.end.get_or_insert(at).0 - at.0) } else { at };
        if let Some(tiled) = tiled {
            self.last_count = Some(at);
            self.moment.counted = Some((self.moment.at, tiled));
        }
        Ok(Some(&mut self.moment))
    }

    /// Passes over the footage's frames before (in reverse: after) this time, up to the one that belongs to it.
    fn seek(&mut self, at: Micros) -> anyhow::Result<()> {
        loop {
            let video = self.video.as_mut().context("there is no footage")?;
            let next = video.peek()?;
            let ahead = next.map(|next| if self.reverse { next.0 - at.0 } else { at.0 - next.0 });
            match ahead {
                Some(micros) if micros.abs() <= SAME_FRAME_MICROS => return Ok(()),
                Some(micros) if micros > 0 => {
                    video.next()?;
                }
                // Not among the frames that were thinned as the recording seemed to be: look at all of them.
                _ => match self.paired.take() {
                    Some((path, span)) if span.fps.is_some() => {
                        let slack = SAME_FRAME_MICROS as f64 / 1e6;
                        let secs = at.0 as f64 / 1e6;
                        let rest = if self.reverse {
                            Selection { until: Some(secs + slack), fps: None, ..span }
                        } else {
                            Selection { from: Some(secs - slack), fps: None, ..span }
                        };
                        self.video = Some(Video::open(&path, rest, self.reverse)?);
                    }
                    _ => bail!(
                        "the footage has no frame at {:.3} s: the recording was not made of it",
                        at.0 as f64 / 1e6
                    ),
                },
            }
        }
    }
}

impl Moment {
    fn take_picture(&mut self, picture: &Picture<'_>, keep_rgba: bool) {
        let (width, height) = (picture.width as usize, picture.height as usize);
        let mut grey = self.grey.take().map_or_else(Vec::new, |(_, _, grey)| grey);
        self.grey = luma::shrink(picture.rgba, width, height, &mut grey).map(|(w, h)| (w, h, grey));
        self.size = Some((picture.width, picture.height));
        self.rgba.clear();
        if keep_rgba {
            self.rgba.extend_from_slice(picture.rgba);
        }
    }
}

/// The lines that a selection takes, turned round where wanted.
fn chosen(lines: Vec<RecordedFrame>, selection: Selection, reverse: bool) -> Vec<RecordedFrame> {
    let mut last = None;
    let mut chosen: Vec<RecordedFrame> = lines
        .into_iter()
        .filter(|line| {
            let takes = selection.takes(line.at(), last);
            if takes {
                last = Some(line.at());
            }
            takes
        })
        .collect();
    if reverse {
        chosen.reverse();
    }
    chosen
}

/// The part of the footage from the first to the last of these lines, in time. Where the lines are evenly spaced, frames in
/// between are left out where it costs least, in ffmpeg.
fn span(lines: &[RecordedFrame]) -> Selection {
    let times = || lines.iter().map(|line| line.t);
    let gaps = || lines.windows(2).map(|pair| (pair[1].t - pair[0].t).abs());
    let slack = SAME_FRAME_MICROS as f64 / 1e6;
    let (shortest, longest) = (gaps().fold(f64::INFINITY, f64::min), gaps().fold(0.0, f64::max));
    let even = longest > 0.0 && longest < 1.2 * shortest;
    Selection {
        from: Some(times().fold(f64::INFINITY, f64::min) - slack),
        until: Some(times().fold(f64::NEG_INFINITY, f64::max) + slack),
        fps: even.then(|| 1.0 / shortest),
    }
}
