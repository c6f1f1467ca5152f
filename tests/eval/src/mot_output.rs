//! The people of a run as a file of the MOT challenges has them: `frame,id,left,top,width,height,confidence,-1,-1,-1`, frames from 1,
//! pixels from the top left. The format has no column for what a track is, so other things are left out. What is written of a track is
//! said at [`Paths`].

use crate::mot::{Paths, Row};
use crate::outputs::secs;
use vigie_engine::{ClassGroup, Micros, TrackView};

/// Used where there is no picture to tell the size: a picture of 1000 × 1000.
const NO_PICTURE: (u32, u32) = (1000, 1000);

/// Collects the tracks of a run.
#[derive(Debug, Default)]
pub(crate) struct MotWriter {
    paths: Paths,
    frame: u32,
}

impl MotWriter {
    /// The next frame's tracks.
    pub(crate) fn frame(&mut self, at: Micros, tracks: &[TrackView], size: Option<(u32, u32)>) {
        self.frame += 1;
        let (width, height) = size.unwrap_or(NO_PICTURE);
        let (width, height) = (f64::from(width), f64::from(height));
        let people = tracks.iter().filter(|track| track.group == ClassGroup::Person);
        for track in people.filter(|track| track.unseen_secs <= 0.0) {
            let b = track.bbox;
            let row = Row {
                frame: self.frame,
                id: track.id.0 as i64,
                rect: [
                    f64::from(b.x0) * width,
                    f64::from(b.y0) * height,
                    f64::from(b.width()) * width,
                    f64::from(b.height()) * height,
                ],
                confidence: f64::from(track.score),
            };
            self.paths.observe(secs(at), row, track.confirmed);
        }
    }

    /// The file.
    pub(crate) fn text(&self) -> String {
        crate::mot::write(&self.paths.rows())
    }
}
