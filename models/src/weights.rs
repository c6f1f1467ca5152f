//! Reading a network's weights from a burnpack file.

use crate::config::Variant;
use crate::network::EfficientDet;
use burn::tensor::{Bytes, DType, Device};
use burn_store::{BurnpackStore, FloatCastAdapter, ModuleSnapshot};

/// Why weights could not be loaded. None of these passes by itself: the file is not the right one.
#[derive(Debug, thiserror::Error)]
pub enum WeightsError {
    /// The bytes are not a burnpack, are cut short, or hold other shapes than the network has.
    #[error("the weights cannot be read: {0}")]
    Unreadable(String),
    /// The file holds another network.
    #[error("the weights do not fit: {0}")]
    Unfit(String),
}

/// The network with its weights on `device`.
///
/// # Errors
/// When the bytes are not the burnpack of this network, whole: every parameter exactly once and nothing else.
pub fn load(variant: Variant, bpk: Vec<u8>, device: &Device) -> Result<EfficientDet, WeightsError> {
    let mut network = EfficientDet::new(variant, device);
    let mut store = BurnpackStore::from_bytes(Some(Bytes::from_bytes_vec(bpk)))
        .with_from_adapter(FloatCastAdapter::to(DType::F32));
    let result =
        network.load_from(&mut store).map_err(|error| WeightsError::Unreadable(error.to_string()))?;
    if !(result.missing.is_empty() && result.unused.is_empty() && result.errors.is_empty()) {
        return Err(WeightsError::Unfit(format!(
            "{} parameters missing, {} unknown, {} of a wrong shape",
            result.missing.len(),
            result.unused.len(),
            result.errors.len()
        )));
    }
    Ok(network)
}
