//! The network's look at a frame. Without the feature `detector`, there is none and detections come from recordings.

use std::path::PathBuf;
#[cfg(any(test, feature = "detector"))]
use vigie_engine::network::fit_input;
use vigie_engine::network::{InputSize, ModelName};

/// Lowest score that is kept: the tracker and own rules decide what a weak box is worth.
#[cfg(feature = "detector")]
const MIN_SCORE: f32 = 0.05;

/// Smallest person that should be found, pixels of the frame.
const SMALLEST_PERSON_PX: f32 = 32.0;

/// Most pixels of the input when nothing else is asked for. 640×512 has this many: Lite0 finds people on the PETS clip best at this
/// size, three in four of those under 40 px as well, and twice as many pixels would double the hours.
const INPUT_BUDGET_PX: u32 = 640 * 512;

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
    /// The network's name, as on the command line.
    pub(crate) fn model_name(&self) -> &'static str {
        match self.model {
            ModelName::Lite0 => "lite0",
            ModelName::Lite1 => "lite1",
            ModelName::Lite2 => "lite2",
        }
    }

    /// A name for the input size: the size where it is given, else what it is fitted to.
    pub(crate) fn input_name(&self) -> String {
        match self.input {
            Some(InputSize { width, height }) => format!("{width}x{height}"),
            None => format!("{SMALLEST_PERSON_PX}px-{INPUT_BUDGET_PX}"),
        }
    }

    /// The input size for frames of this size.
    #[cfg(any(test, feature = "detector"))]
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
        pub(crate) fn detect_tiles(
            &mut self,
            _: &Picture<'_>,
            _: Option<u32>,
        ) -> anyhow::Result<Vec<Detection>> {
            match *self {}
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
    use crate::footage::target_folder;
    use crate::video::Picture;
    use anyhow::Context as _;
    use burn::tensor::Device;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};
    use vigie_engine::detector::tiles::detect_tiles;
    use vigie_engine::detector::{BurnDetector, CLASSES_IN_USE, Detector as _, Frame};
    use vigie_engine::network::InputSize;
    use vigie_engine::tiles::{Tile, counting_looks, layout};
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
            let folder = options.models.clone().unwrap_or_else(|| target_folder().join("models"));
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

        /// The boxes of the whole picture and of square tiles of it, merged for counting. With this side, none where it is 0; left out,
        /// those of a post's counting passes.
        pub(crate) fn detect_tiles(
            &mut self,
            picture: &Picture<'_>,
            side: Option<u32>,
        ) -> anyhow::Result<Vec<Detection>> {
            let looks = side.map_or_else(
                || counting_looks(picture.width, picture.height),
                |side| looks(picture.width, picture.height, side),
            );
            if self.options.input.is_none() {
                let nominal = Variant::from(self.options.model).nominal_side() as u32;
                self.detector.set_input(InputSize { width: nominal, height: nominal })?;
            }
            let frame = Frame::new(picture.rgba, picture.width, picture.height)?;
            Ok(finish(detect_tiles(&mut self.detector, &frame, &looks, MIN_SCORE))?)
        }
    }

    /// The whole picture, and square tiles of it with this side unless it is 0.
    fn looks(width: u32, height: u32, side: u32) -> Vec<Tile> {
        let whole = Tile::whole(width, height);
        let mut looks = if side == 0 { Vec::new() } else { layout(width, height, side, side) };
        if !looks.contains(&whole) {
            looks.push(whole);
        }
        looks
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
        assert_eq!(options.input_for(768, 576), size(640, 512));
        assert_eq!(options.input_for(1920, 1080), size(768, 384));
        assert_eq!(options.input_for(640, 360), size(640, 384));
        options.input = Some(parse_size("320x320").unwrap());
        assert_eq!(options.input_for(768, 576), size(320, 320));
        assert!(parse_size("320").is_err() && parse_size("axb").is_err() && parse_model("yolo").is_err());
    }
}
