//! Which frames a run analyses: their times, and what was detected in them.

use vigie_engine::Micros;

/// Part of the time line, and how densely it is analysed.
#[derive(clap::Args, Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Selection {
    /// Nothing before this, seconds
    #[arg(long)]
    pub(crate) from: Option<f64>,
    /// Nothing from this on, seconds
    #[arg(long)]
    pub(crate) until: Option<f64>,
    /// At most so many frames a second, evenly where the source is even
    #[arg(long)]
    pub(crate) fps: Option<f64>,
}

/// Frames may come this much of the interval early and still count as a full interval apart: clocks round.
const SLACK: f64 = 0.1;

impl Selection {
    /// Shortest time between two frames, seconds.
    pub(crate) fn spacing_secs(&self) -> f64 {
        self.fps.map_or(0.0, |fps| (1.0 - SLACK) / fps)
    }

    /// Whether a frame at this time is analysed, the last one that was having been at `last`.
    pub(crate) fn takes(&self, at: Micros, last: Option<Micros>) -> bool {
        let secs = at.0 as f64 / 1e6;
        self.from.is_none_or(|from| secs >= from)
            && self.until.is_none_or(|until| secs < until)
            && last.is_none_or(|last| (at.0 - last.0) as f64 / 1e6 >= self.spacing_secs() || at < last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(selection: Selection, source_fps: f64) -> Vec<i64> {
        let mut last = None;
        let mut taken = Vec::new();
        for n in 0..60 {
            let at = Micros((n as f64 * 1e6 / source_fps) as i64);
            if selection.takes(at, last) {
                last = Some(at);
                taken.push(n);
            }
        }
        taken
    }

    #[test]
    fn frames_are_thinned_evenly_and_never_beyond_the_rate() {
        let at_most = |fps| Selection { fps: Some(fps), ..Selection::default() };
        assert_eq!(taken(at_most(12.5), 25.0)[..3], [0, 2, 4]);
        assert_eq!(taken(at_most(12.5), 30.0)[..3], [0, 3, 6]);
        assert_eq!(taken(at_most(12.5), 60.0)[..3], [0, 5, 10]);
        assert_eq!(taken(at_most(12.5), 10.0).len(), 60);
        assert_eq!(taken(at_most(30.0), 29.97).len(), 60);
        assert_eq!(taken(Selection::default(), 60.0).len(), 60);
    }

    #[test]
    fn a_part_begins_and_ends_where_it_should() {
        let part = Selection { from: Some(1.0), until: Some(2.0), fps: None };
        assert_eq!(taken(part, 10.0), (10..20).collect::<Vec<i64>>());
    }
}
