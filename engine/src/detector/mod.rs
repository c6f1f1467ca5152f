//! From a picture to boxes: the detector behind one trait, whatever device it runs on.
//!
//! What lives here: bringing a frame to the network's input ([`preprocess`]), running the network ([`BurnDetector`]), and
//! bringing its outputs back to boxes on the frame ([`decode`]); also the two checks that every engine goes through, parity
//! with a reference ([`parity`]) and the start-up self-test ([`selftest`]); and the finer look for counting ([`tiles`]). What may not: a clock (the caller times the three
//! steps), a browser, a download.

mod burn_detector;
pub mod decode;
pub mod parity;
pub mod preprocess;
pub mod selftest;
pub mod tiles;

pub use burn_detector::{BurnDetector, CLASSES_IN_USE, all_classes};
pub use decode::RawOutput;
pub use preprocess::Frame;

use crate::Detection;
use crate::network::{InputSize, ModelName};
use vigie_models::Variant;
use vigie_models::weights::WeightsError;

/// Why a detector could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum DetectorError {
    /// The weights are not those of the network. The detector is of no use.
    #[error(transparent)]
    Weights(#[from] WeightsError),
    /// The frame's bytes do not fit its width and height. Other frames may still do.
    #[error("a frame of {width}×{height} has {bytes} bytes")]
    BadFrame {
        /// Width, pixels.
        width: u32,
        /// Height, pixels.
        height: u32,
        /// Length of its data.
        bytes: usize,
    },
    /// The network has no such input size; the size stays as it was.
    #[error("{}×{} is no input size of this network", .0.width, .0.height)]
    BadInput(InputSize),
    /// A step was asked for before the one that it rests on.
    #[error("{0} before the step that it rests on")]
    OutOfOrder(&'static str),
    /// The device failed while computing or while its results were read. Nothing more is to be expected of it.
    #[error("the device failed: {0}")]
    Device(String),
}

/// Something that finds things in frames.
///
/// A frame goes through [`Self::preprocess`], [`Self::infer`] and [`Self::decode`], in this order; [`Self::detect`] does all
/// three. They are apart so that the caller can time them.
#[expect(async_fn_in_trait, reason = "workers run one task on one thread, so the futures need not be Send")]
pub trait Detector {
    /// The input size in use.
    fn input(&self) -> InputSize;

    /// Uses another input size from the next frame on.
    ///
    /// # Errors
    /// [`DetectorError::BadInput`] unless both sides are a multiple of [`InputSize::STEP`], 128 to 2048 pixels, or the size is
    /// the network's nominal square.
    fn set_input(&mut self, input: InputSize) -> Result<(), DetectorError>;

    /// Fits the frame into the network's input, keeping its aspect.
    ///
    /// # Errors
    /// [`DetectorError::BadFrame`].
    fn preprocess(&mut self, frame: &Frame<'_>) -> Result<(), DetectorError>;

    /// Runs the network on the frame that was preprocessed last, and reads its outputs.
    ///
    /// # Errors
    /// [`DetectorError::OutOfOrder`] without such a frame, [`DetectorError::Device`].
    async fn infer(&mut self) -> Result<(), DetectorError>;

    /// The boxes of the last pass at or above `min_score`, in shares of the frame, by falling score.
    ///
    /// # Errors
    /// [`DetectorError::OutOfOrder`] before the first pass.
    fn decode(&self, min_score: f32) -> Result<Vec<Detection>, DetectorError>;

    /// The network's outputs of the last pass as they are, for parity and self-test.
    ///
    /// # Errors
    /// [`DetectorError::OutOfOrder`] before the first pass.
    fn raw(&self) -> Result<&RawOutput, DetectorError>;

    /// All three steps.
    ///
    /// # Errors
    /// Those of the steps.
    async fn detect(&mut self, frame: &Frame<'_>, min_score: f32) -> Result<Vec<Detection>, DetectorError> {
        self.preprocess(frame)?;
        self.infer().await?;
        self.decode(min_score)
    }
}

impl From<ModelName> for Variant {
    fn from(name: ModelName) -> Self {
        match name {
            ModelName::Lite0 => Self::Lite0,
            ModelName::Lite1 => Self::Lite1,
            ModelName::Lite2 => Self::Lite2,
        }
    }
}

/// True for sizes that the network takes.
fn is_valid_input(variant: Variant, input: InputSize) -> bool {
    let side = |px: u32| px.is_multiple_of(InputSize::STEP) && (InputSize::STEP..=2048).contains(&px);
    let nominal = variant.nominal_side() as u32;
    (side(input.width) && side(input.height)) || (input.width, input.height) == (nominal, nominal)
}
