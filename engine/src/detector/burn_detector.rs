//! The detector over a burn device, CPU or GPU alike.

use super::decode::RawOutput;
use super::preprocess::{Frame, Letterbox, fill};
use super::{Detector, DetectorError, is_valid_input};
use crate::Detection;
use crate::network::{InputSize, ModelName};
use burn::tensor::{Device, Tensor, TensorData};
use vigie_models::{EfficientDet, Variant, weights};

/// COCO category ids that an event needs: person; bicycle, car, motorcycle, bus, train, truck, boat; backpack, handbag,
/// suitcase. Only these are computed in service: it saves a tenth of the network's work and most of the read-back.
pub const CLASSES_IN_USE: [u8; 11] = [1, 2, 3, 4, 6, 7, 8, 9, 27, 31, 33];

/// Every class slot of the networks, for comparison with a reference.
#[must_use]
pub fn all_classes() -> Vec<u8> {
    (1..=90).collect()
}

/// An EfficientDet-Lite network on a device.
pub struct BurnDetector {
    network: EfficientDet,
    variant: Variant,
    device: Device,
    classes: Vec<u8>,
    input: InputSize,
    /// The frame that waits to be analysed: its planes, and where it lies in them.
    waiting: Option<(Vec<f32>, Letterbox)>,
    /// The outputs of the last pass, and where its frame lay.
    done: Option<(RawOutput, Letterbox)>,
}

impl BurnDetector {
    /// A detector from a burnpack's bytes, for the classes with these COCO ids (see [`CLASSES_IN_USE`]).
    ///
    /// # Errors
    /// [`DetectorError::Weights`], [`DetectorError::BadInput`].
    pub fn from_bpk(
        bpk: Vec<u8>,
        model: ModelName,
        input: InputSize,
        classes: &[u8],
        device: &Device,
    ) -> Result<Self, DetectorError> {
        let variant = Variant::from(model);
        if !is_valid_input(variant, input) {
            return Err(DetectorError::BadInput(input));
        }
        let network = weights::load(variant, bpk, device)?.keep_classes(classes);
        Ok(Self {
            network,
            variant,
            device: device.clone(),
            classes: classes.to_vec(),
            input,
            waiting: None,
            done: None,
        })
    }

    /// Makes one channel of the first layer silent, as a faulty driver might: a drill for the self-test, which must notice.
    #[must_use]
    pub fn with_silent_channel(mut self, channel: usize) -> Self {
        self.network = self.network.silence_channel(channel);
        self
    }
}

impl Detector for BurnDetector {
    fn input(&self) -> InputSize {
        self.input
    }

    fn set_input(&mut self, input: InputSize) -> Result<(), DetectorError> {
        if !is_valid_input(self.variant, input) {
            return Err(DetectorError::BadInput(input));
        }
        if input != self.input {
            self.input = input;
            self.waiting = None;
        }
        Ok(())
    }

    fn preprocess(&mut self, frame: &Frame<'_>) -> Result<(), DetectorError> {
        let mut planes = self.waiting.take().map_or_else(Vec::new, |(planes, _)| planes);
        let letterbox = fill(&mut planes, frame, self.input);
        self.waiting = Some((planes, letterbox));
        Ok(())
    }

    async fn infer(&mut self) -> Result<(), DetectorError> {
        let (planes, letterbox) = self.waiting.take().ok_or(DetectorError::OutOfOrder("a pass"))?;
        let shape = [1, 3, self.input.height as usize, self.input.width as usize];
        let image = Tensor::<4>::from_data(TensorData::new(planes, shape), &self.device);
        let data = self
            .network
            .forward(image)
            .flatten()
            .into_data_async()
            .await
            .map_err(|error| DetectorError::Device(format!("{error:?}")))?;
        let flat = data.try_into_vec::<f32>().map_err(|error| DetectorError::Device(format!("{error:?}")))?;
        // A score that is not a number would pass for "nobody there".
        if flat.iter().any(|value| !value.is_finite()) {
            return Err(DetectorError::Device("it computed values that are not numbers".into()));
        }
        let raw = RawOutput::from_flat(&flat, &self.classes, self.input).ok_or_else(|| {
            DetectorError::Device(format!("{} outputs, not as many as expected", flat.len()))
        })?;
        self.done = Some((raw, letterbox));
        Ok(())
    }

    fn decode(&self, min_score: f32) -> Result<Vec<Detection>, DetectorError> {
        let (raw, letterbox) = self.done.as_ref().ok_or(DetectorError::OutOfOrder("decoding"))?;
        Ok(raw.detections(min_score, letterbox))
    }

    fn raw(&self) -> Result<&RawOutput, DetectorError> {
        self.done.as_ref().map(|(raw, _)| raw).ok_or(DetectorError::OutOfOrder("reading outputs"))
    }
}
