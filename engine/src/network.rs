//! Which network runs, and at which input size.

use serde::{Deserialize, Serialize};

/// A network of the EfficientDet-Lite family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ModelName {
    /// EfficientDet-Lite0.
    Lite0,
    /// EfficientDet-Lite1.
    Lite1,
    /// EfficientDet-Lite2.
    Lite2,
}

/// Size of the network's input, in pixels; both are multiples of 128.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct InputSize {
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
}

impl InputSize {
    /// Both sides are a multiple of this, so that every pyramid level halves evenly.
    pub const STEP: u32 = 128;
}
