//! The square as the rules see it: motion and health of every frame worked out beforehand.

use super::{Camera, Frame, HEIGHT, WIDTH, frames};
use vigie_engine::analysis::Situations;
use vigie_engine::health::{Health, HealthWatch};
use vigie_engine::motion::{Motion, MotionView};
use vigie_engine::{CameraSettings, FrameInput, Luma};

/// A frame, its motion and its health.
pub(crate) struct Measured {
    frame: Frame,
    motion: Option<MotionView>,
    health: Health,
}

impl Measured {
    /// All of the square at 25 frames a second.
    pub(crate) fn all() -> Vec<Self> {
        let (mut motion, mut health) = (Motion::default(), HealthWatch::default());
        let measure = |frame: Frame| {
            let luma = Luma::new(&frame.grey, WIDTH, HEIGHT)?;
            let view = motion.step(frame.at, luma).cloned();
            let health = health.step(frame.at, luma, view.as_ref());
            Some(Self { frame, motion: view, health })
        };
        frames(25, Camera::Fixed).filter_map(measure).collect()
    }

    /// The frame as the page gives it to the analysis.
    pub(crate) fn input(&self) -> FrameInput<'_> {
        let mut input = FrameInput::new(self.frame.at, &self.frame.detections);
        input.luma = Luma::new(&self.frame.grey, WIDTH, HEIGHT);
        input.smallest_person = Some(0.05);
        input
    }
}

/// Rules that see the square over and over again.
pub(crate) struct Show<'a> {
    frames: &'a [Measured],
    settings: CameraSettings,
    situations: Situations,
    next: usize,
}

impl<'a> Show<'a> {
    pub(crate) fn new(frames: &'a [Measured], settings: CameraSettings) -> Self {
        Self { frames, situations: Situations::new(settings.clone()), settings, next: 0 }
    }

    /// Shows one frame. How many tracks there are.
    pub(crate) fn step(&mut self) -> usize {
        if self.next == self.frames.len() {
            *self = Self::new(self.frames, self.settings.clone());
        }
        let shown = &self.frames[self.next];
        self.next += 1;
        self.situations.begin_frame();
        self.situations.step(&shown.input(), shown.motion.as_ref(), shown.health);
        self.situations.tracks().len()
    }
}
