//! `--draw`: what the engine saw, burnt into a film: zones and rules, tracks with their numbers, boxes of our own heads, signals.

mod canvas;
mod font;

use anyhow::Context as _;
use canvas::{Canvas, Colour};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use vigie_engine::scene::{Area, Rule};
use vigie_engine::signals::IncidentId;
use vigie_engine::{BBox, CameraSettings, ClassGroup, Detection, Point, StepOutput};
use vigie_protocol::{EventKind, Region};

const ZONE: Colour = [90, 160, 255];
const SIGNAL: Colour = [255, 40, 40];
const OWN_HEAD: Colour = [255, 0, 255];
const WORDS: Colour = [255, 255, 255];

/// First class id of our own heads, which no track stands for.
const FIRST_OWN_CLASS: u8 = 100;

/// A signal whose incident has not cleared.
#[derive(Clone, Debug, PartialEq)]
struct Open {
    incident: IncidentId,
    event: EventKind,
    region: Region,
}

/// Draws frames and hands them to ffmpeg.
pub(crate) struct Film {
    out: PathBuf,
    outlines: Vec<(Vec<Point>, bool)>,
    encoder: Option<(Child, ChildStdin)>,
    fps: f64,
    size: (u32, u32),
    open: Vec<Open>,
}

impl Film {
    /// A film of the camera with these settings; `fps` is the rate at which it plays.
    pub(crate) fn new(out: &Path, settings: &CameraSettings, fps: f64) -> Self {
        let mut outlines: Vec<(Vec<Point>, bool)> =
            settings.zones.iter().map(|zone| (zone.polygon.corners().to_vec(), true)).collect();
        outlines.extend(settings.rules.iter().filter_map(outline));
        Self { out: out.to_path_buf(), outlines, encoder: None, fps, size: (0, 0), open: Vec::new() }
    }

    /// Draws on a frame and appends it.
    ///
    /// # Errors
    /// When ffmpeg is not there or stops.
    pub(crate) fn frame(
        &mut self,
        rgba: &mut [u8],
        size: (u32, u32),
        detections: &[Detection],
        step: &StepOutput<'_>,
    ) -> anyhow::Result<()> {
        self.open.retain(|open| step.cleared.iter().all(|cleared| cleared.incident != open.incident));
        self.open.extend(step.raised.iter().map(|signal| Open {
            incident: signal.incident,
            event: signal.event,
            region: signal.region,
        }));
        if let Some(mut canvas) = Canvas::new(rgba, size.0, size.1) {
            self.paint(&mut canvas, detections, step);
        }
        if self.encoder.is_none() {
            self.size = size;
            self.encoder = Some(encoder(&self.out, size, self.fps)?);
        }
        anyhow::ensure!(size == self.size, "the footage's size changes on the way");
        let Some((_, pipe)) = &mut self.encoder else { return Ok(()) };
        pipe.write_all(rgba).context("ffmpeg takes no more frames")
    }

    /// Ends the film.
    ///
    /// # Errors
    /// When ffmpeg fails.
    pub(crate) fn finish(self) -> anyhow::Result<()> {
        let Some((mut child, pipe)) = self.encoder else { return Ok(()) };
        drop(pipe);
        let status = child.wait().context("waiting for ffmpeg")?;
        anyhow::ensure!(status.success(), "ffmpeg could not write {}", self.out.display());
        Ok(())
    }

    fn paint(&self, canvas: &mut Canvas<'_>, detections: &[Detection], step: &StepOutput<'_>) {
        let unit = canvas.unit();
        for (points, closed) in &self.outlines {
            for pair in points.windows(2) {
                canvas.line(pair[0], pair[1], ZONE, unit);
            }
            if let (true, Some(&first), Some(&last)) = (*closed, points.first(), points.last()) {
                canvas.line(last, first, ZONE, unit);
            }
        }
        for detection in detections.iter().filter(|d| d.class_id > FIRST_OWN_CLASS) {
            canvas.frame(&detection.bbox, OWN_HEAD, unit);
            let (x, y) = canvas.px(Point { x: detection.bbox.x0, y: detection.bbox.y1 });
            canvas.text((x, y), &format!("{} {:.2}", detection.class_id, detection.score), OWN_HEAD, unit);
        }
        for track in step.tracks.iter().filter(|track| track.is_visible()) {
            let colour = group_colour(track.group);
            canvas.frame(&track.bbox, colour, unit);
            let (x, y) = canvas.px(Point { x: track.bbox.x0, y: track.bbox.y0 });
            canvas.text((x, y - 7 * unit), &track.id.0.to_string(), colour, unit);
        }
        let mut top = unit;
        let secs = step.at.0 as f64 / 1e6;
        let mut words = format!("{secs:.2}");
        let health = step.health;
        let states = [
            (health.blind, "blind"),
            (health.blurred, "blurred"),
            (health.frozen, "frozen"),
            (health.moved, "moved"),
            (health.low_light, "dark"),
            (health.in_motion, "in motion"),
        ];
        for (_, name) in states.iter().filter(|(holds, _)| *holds) {
            words += " ";
            words += name;
        }
        canvas.text((unit, top), &words, WORDS, 2 * unit);
        for open in &self.open {
            top += 16 * unit;
            canvas.text((unit, top), &format!("{} {}", open.incident.0, name(open.event)), SIGNAL, 2 * unit);
            let Region { x0, y0, x1, y1 } = open.region;
            canvas.frame(&BBox { x0, y0, x1, y1 }, SIGNAL, 2 * unit);
        }
    }
}

/// The kind as the formats write it.
fn name(event: EventKind) -> String {
    let text = serde_json::to_value(event).ok().and_then(|value| value.as_str().map(str::to_owned));
    text.unwrap_or_default()
}

fn group_colour(group: ClassGroup) -> Colour {
    match group {
        ClassGroup::Person => [80, 255, 80],
        ClassGroup::Vehicle => [255, 220, 60],
        ClassGroup::Bag => [255, 140, 0],
        ClassGroup::MovingObject => [170, 170, 170],
    }
}

/// What a rule has drawn on the picture: its points, and whether they close to a polygon.
fn outline(rule: &Rule) -> Option<(Vec<Point>, bool)> {
    let area = |area: &Area| (area.polygon.corners().to_vec(), true);
    match rule {
        Rule::Line(line) => Some((vec![line.from, line.to], false)),
        Rule::WrongWay(zone) => Some(area(&zone.area)),
        Rule::CrowdDensity(zone) => Some(area(&zone.area)),
        Rule::CrowdMovement(settings) => settings.area.as_ref().map(area),
        Rule::AbandonedObject(settings) => settings.area.as_ref().map(area),
        Rule::PersonDown(settings) => settings.area.as_ref().map(area),
        Rule::Fire(settings) => settings.area.as_ref().map(area),
        Rule::Weapon(settings) => settings.area.as_ref().map(area),
    }
}

fn encoder(out: &Path, (width, height): (u32, u32), fps: f64) -> anyhow::Result<(Child, ChildStdin)> {
    let mut child = Command::new("ffmpeg")
        .args(["-hide_banner", "-nostdin", "-nostats", "-loglevel", "error", "-y", "-f", "rawvideo"])
        .args(["-pix_fmt", "rgba", "-s", &format!("{width}x{height}"), "-r", &format!("{fps:.6}"), "-i", "-"])
        // The usual encoding has whole pairs of pixels. Bit-exact: the same run gives the same file.
        .args(["-vf", "pad=ceil(iw/2)*2:ceil(ih/2)*2", "-pix_fmt", "yuv420p", "-fflags", "+bitexact"])
        .args(["-flags:v", "+bitexact", "-movflags", "+faststart"])
        .arg(out)
        .stdin(Stdio::piped())
        .spawn()
        .context("starting ffmpeg, which writes the film; is it installed?")?;
    let pipe = child.stdin.take().context("ffmpeg takes no input")?;
    Ok((child, pipe))
}
