//! Recorded boxes, one frame a line: `{"t": seconds, "boxes": [[left, top, right, bottom, score, class], …]}`, and `tiled` in the same
//! form where a counting pass was made of the frame.

use crate::CaseError;
use serde::Deserialize;
use std::fmt::Write as _;
use std::path::Path;
use vigie_engine::{BBox, Detection, Micros};

/// A line of a recording.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordedFrame {
    /// Seconds from the start.
    pub t: f64,
    /// Whether it does not continue the line before.
    #[serde(default)]
    pub discontinuity: bool,
    /// Left, top, right, bottom in shares of the picture, score, COCO class or class of an own head.
    boxes: Vec<RecordedBox>,
    /// What a counting pass over tiles of the frame found, where there was one.
    #[serde(default)]
    tiled: Option<Vec<RecordedBox>>,
}

/// Left, top, right, bottom, score, class.
type RecordedBox = (f32, f32, f32, f32, f32, u8);

impl RecordedFrame {
    /// A line for these boxes. They are rounded as [`Self::to_line`] writes them, so that a recording read back equals what was
    /// recorded.
    #[must_use]
    pub fn new(at: Micros, detections: &[Detection]) -> Self {
        Self { t: at.0 as f64 / 1e6, discontinuity: false, boxes: rounded(detections), tiled: None }
    }

    /// The same with what a counting pass found.
    #[must_use]
    pub fn with_tiled(self, tiled: Option<&[Detection]>) -> Self {
        Self { tiled: tiled.map(rounded), ..self }
    }

    /// Reads a line.
    ///
    /// # Errors
    /// When it is not one.
    pub fn parse(line: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(line)
    }

    /// The line, without its end.
    #[must_use]
    pub fn to_line(&self) -> String {
        let mut line = format!("{{\"t\":{:.6},\"boxes\":", self.t);
        write_boxes(&mut line, &self.boxes);
        if let Some(tiled) = &self.tiled {
            line += ",\"tiled\":";
            write_boxes(&mut line, tiled);
        }
        if self.discontinuity {
            line += ",\"discontinuity\":true";
        }
        line + "}"
    }

    /// Its time.
    #[must_use]
    pub fn at(&self) -> Micros {
        Micros((self.t * 1e6).round() as i64)
    }

    /// Its boxes.
    #[must_use]
    pub fn detections(&self) -> Vec<Detection> {
        detections(&self.boxes)
    }

    /// The boxes of its counting pass.
    #[must_use]
    pub fn tiled(&self) -> Option<Vec<Detection>> {
        self.tiled.as_deref().map(detections)
    }
}

fn detections(boxes: &[RecordedBox]) -> Vec<Detection> {
    let detection =
        |&(x0, y0, x1, y1, score, class_id)| Detection { bbox: BBox { x0, y0, x1, y1 }, class_id, score };
    boxes.iter().map(detection).collect()
}

fn rounded(detections: &[Detection]) -> Vec<RecordedBox> {
    let round = |value: f32, steps: f32| (value * steps).round() / steps;
    let edge = |value| round(value, 1e4);
    let boxes = detections.iter().map(|d| {
        let b = d.bbox;
        (edge(b.x0), edge(b.y0), edge(b.x1), edge(b.y1), round(d.score, 1e3), d.class_id)
    });
    boxes.collect()
}

fn write_boxes(line: &mut String, boxes: &[RecordedBox]) {
    *line += "[";
    for (n, (x0, y0, x1, y1, score, class)) in boxes.iter().enumerate() {
        let comma = if n == 0 { "" } else { "," };
        // Writing to a string cannot fail.
        let _ = write!(line, "{comma}[{x0:.4},{y0:.4},{x1:.4},{y1:.4},{score:.3},{class}]");
    }
    *line += "]";
}

/// Reads a whole recording.
///
/// # Errors
/// When the file cannot be read, or a line is not a frame.
pub fn read_recording(path: &Path) -> Result<Vec<RecordedFrame>, CaseError> {
    let text = std::fs::read_to_string(path).map_err(|error| CaseError::new(path, &error))?;
    let line = |(n, line): (usize, &str)| {
        RecordedFrame::parse(line).map_err(|error| CaseError::new(path, &format!("line {}: {error}", n + 1)))
    };
    text.lines().enumerate().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back_the_same() {
        let bbox = BBox { x0: 0.123_456, y0: 0.0, x1: 0.999_99, y1: 1.0 };
        let detections =
            [Detection { bbox, class_id: 1, score: 0.123_45 }, Detection { bbox, class_id: 111, score: 1.0 }];
        let mut frame = RecordedFrame::new(Micros(1_234_567), &detections);
        assert_eq!(RecordedFrame::parse(&frame.to_line()).unwrap(), frame);
        assert_eq!((frame.at(), frame.detections()[0].class_id), (Micros(1_234_567), 1));
        frame.discontinuity = true;
        assert_eq!(RecordedFrame::parse(&frame.to_line()).unwrap(), frame);
        assert_eq!(frame.tiled(), None);
        let frame = frame.with_tiled(Some(&detections[1..]));
        assert_eq!(RecordedFrame::parse(&frame.to_line()).unwrap(), frame);
        assert_eq!(frame.tiled().map(|tiled| tiled.len()), Some(1));
        let empty = RecordedFrame::new(Micros(0), &[]);
        assert_eq!(empty.to_line(), "{\"t\":0.000000,\"boxes\":[]}");
    }

    #[test]
    fn a_line_that_is_no_frame_is_refused() {
        for line in
            ["", "{}", "{\"t\":1}", "{\"t\":1,\"boxes\":[[0,0,1,1,0.5]]}", "{\"t\":1,\"boxes\":[],\"x\":1}"]
        {
            assert!(RecordedFrame::parse(line).is_err(), "{line}");
        }
    }
}
