//! Tracks as MOT16 writes them: `frame,id,left,top,width,height,confidence,-1,-1,-1`, frames from 1, pixels from the top left.

use std::fmt::Write as _;
use vigie_engine::TrackView;

/// Used where there is no picture to tell the size: a picture of 1000 × 1000.
const NO_PICTURE: (u32, u32) = (1000, 1000);

/// Collects the tracks of a run.
#[derive(Debug, Default)]
pub(crate) struct MotWriter {
    text: String,
    frame: u32,
}

impl MotWriter {
    /// The next frame's tracks: those that are confirmed and that this very frame shows.
    pub(crate) fn frame(&mut self, tracks: &[TrackView], size: Option<(u32, u32)>) {
        self.frame += 1;
        let (width, height) = size.unwrap_or(NO_PICTURE);
        let (width, height) = (width as f32, height as f32);
        for track in tracks.iter().filter(|track| track.confirmed && track.unseen_secs <= 0.0) {
            let (id, b) = (track.id.0, track.bbox);
            // Writing to a string cannot fail.
            let _ = writeln!(
                self.text,
                "{},{id},{:.2},{:.2},{:.2},{:.2},{:.3},-1,-1,-1",
                self.frame,
                b.x0 * width,
                b.y0 * height,
                b.width() * width,
                b.height() * height,
                track.score
            );
        }
    }

    /// The file.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }
}
