//! The network's look at a frame. Without the feature `detector`, there is none and detections come from recordings.

use std::path::PathBuf;
use vigie_engine::network::{InputSize, ModelName, fit_input};

/// Lowest score that is kept: the tracker and own rules decide what a weak box is worth.
const MIN_SCORE: f32 = 0.05;

/// Smallest person that should be found, pixels of the frame.
const SMALLEST_PERSON_PX: f32 = 32.0;

/// Most pixels of the input when nothing else is asked for. 768×640 has this many: what Lite0 needs to find nine in ten of the people
/// under 40 px on a picture of 768×576, at a third of a second a frame on one slow core.
const INPUT_BUDGET_PX: u32 = 768 * 640;

/// Which network, and how it looks.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct NetworkOptions {
    /// Network
    #[arg(long, value_parser = parse_model, default_value = "lite0")]
    pub(crate) model: ModelName,
    /// Size of its input, both sides multiples of 128 [default: fitted to the footage]
    #[arg(long, value_parser = parse_size, value_name = "WxH")]
    pub(crate) input: Option<InputSize>,
    /// Folder of the converted networks
    #[arg(long, env = "VIGIE_MODELS")]
    models: Option<PathBuf>,
}

impl NetworkOptions {
    /// The input size for frames of this size.
    pub(crate) fn input_for(&self, width: u32, height: u32) -> InputSize {
        self.input.unwrap_or_else(|| fit_input(width, height, SMALLEST_PERSON_PX, INPUT_BUDGET_PX))
    }
}

fn parse_model(text: &str) -> Result<ModelName, String> {
    match text {
        "lite0" => Ok(ModelName::Lite0),
        "lite1" => Ok(ModelName::Lite1),
        "lite2" => Ok(ModelName::Lite2),
        _ => Err("one of lite0, lite1, lite2".into()),
    }
}

fn parse_size(text: &str) -> Result<InputSize, String> {
    let (width, height) = text.split_once('x').ok_or("a size is written as 640x384")?;
    let side = |text: &str| text.parse::<u32>().map_err(|error| error.to_string());
    Ok(InputSize { width: side(width)?, height: side(height)? })
}

#[cfg(not(feature = "detector"))]
pub(crate) use absent::Network;
#[cfg(feature = "detector")]
pub(crate) use present::Network;

/// The build without networks.
#[cfg(not(feature = "detector"))]
mod absent {
    use super::NetworkOptions;
    use crate::video::Picture;
    use vigie_engine::Detection;

    /// Never made.
    #[derive(Debug)]
    pub(crate) enum Network {}

    impl Network {
        /// Refuses.
        pub(crate) fn load(_: &NetworkOptions) -> anyhow::Result<Self> {
            anyhow::bail!(
                "this build has no networks: give --detections, or build it with --features detector (cargo xtask eval does)"
            )
        }

        /// Never called.
        pub(crate) fn detect(&mut self, _: &Picture<'_>) -> anyhow::Result<Vec<Detection>> {
            match *self {}
        }
    }
}

/// The build with networks.
#[cfg(feature = "detector")]
mod present {
    use super::{MIN_SCORE, NetworkOptions};
    use crate::video::Picture;
    use anyhow::Context as _;
    use burn::tensor::Device;
    use std::path::{Path, PathBuf};
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};
    use vigie_engine::detector::{BurnDetector, CLASSES_IN_USE, Detector as _, Frame};
    use vigie_engine::{Detection, Micros};
    use vigie_models::Variant;
    use vigie_scenarios::RecordedFrame;

    /// A network on the CPU.
    pub(crate) struct Network {
        options: NetworkOptions,
        detector: BurnDetector,
    }

    impl Network {
        /// Reads the weights.
        ///
        /// # Errors
        /// When they are not there or not those of this network.
        pub(crate) fn load(options: &NetworkOptions) -> anyhow::Result<Self> {
            let folder = options.models.clone().unwrap_or_else(default_folder);
            let path = folder.join(format!("{}.bpk", Variant::from(options.model).name()));
            let bpk = std::fs::read(&path).with_context(|| {
                format!("no weights at {}: `cargo xtask models` makes them", path.display())
            })?;
            let input = options.input_for(1, 1);
            let detector =
                BurnDetector::from_bpk(bpk, options.model, input, &CLASSES_IN_USE, &Device::flex())?;
            Ok(Self { options: options.clone(), detector })
        }

        /// The boxes of a frame, rounded as a recording has them, so that a run from a recording comes to the same.
        pub(crate) fn detect(&mut self, picture: &Picture<'_>) -> anyhow::Result<Vec<Detection>> {
            self.detector.set_input(self.options.input_for(picture.width, picture.height))?;
            let frame = Frame::new(picture.rgba, picture.width, picture.height)?;
            let found = finish(self.detector.detect(&frame, MIN_SCORE))?;
            Ok(RecordedFrame::new(Micros(0), &found).detections())
        }
    }

    /// `<target>/models`, seen from `<target>/<profile>/vigie-eval`.
    fn default_folder() -> PathBuf {
        let binary = std::env::current_exe().unwrap_or_default();
        binary.ancestors().nth(2).unwrap_or(Path::new("")).join("models")
    }

    /// Runs a future to its end. On the CPU nothing ever has to be waited for.
    fn finish<T>(future: impl Future<Output = T>) -> T {
        let mut future = pin!(future);
        loop {
            if let Poll::Ready(done) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                return done;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{NetworkOptions, parse_model, parse_size};
    use vigie_engine::network::{InputSize, ModelName};

    #[test]
    fn the_input_fits_the_footage_unless_it_is_given() {
        let size = |width, height| InputSize { width, height };
        let mut options = NetworkOptions { model: ModelName::Lite0, input: None, models: None };
        assert_eq!(options.input_for(768, 576), size(768, 640));
        assert_eq!(options.input_for(1920, 1080), size(896, 512));
        assert_eq!(options.input_for(640, 360), size(640, 384));
        options.input = Some(parse_size("320x320").unwrap());
        assert_eq!(options.input_for(768, 576), size(320, 320));
        assert!(parse_size("320").is_err() && parse_size("axb").is_err() && parse_model("yolo").is_err());
    }
}
