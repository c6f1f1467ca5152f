//! What networks there are: origin, licence, hashes, figures. The file is `manifest.json` beside this crate's `Cargo.toml`, and
//! the same file is served to the page.

use crate::config::Variant;
use serde::{Deserialize, Serialize};

/// The manifest as this build knows it.
const BUILT_IN: &str = include_str!("../manifest.json");

/// All networks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Where the weights come from.
    pub package: Package,
    /// The networks.
    pub networks: Vec<Network>,
}

/// A package on a public registry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Package {
    /// Registry: `npm`.
    pub registry: String,
    /// Name.
    pub name: String,
    /// Exact version.
    pub version: String,
    /// Subresource integrity of the package file, as the registry states it.
    pub integrity: String,
}

/// One network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Network {
    /// Name, also the stem of its model card in `cards/`.
    pub name: String,
    /// Which of the family.
    pub variant: Variant,
    /// Path of the TFLite file in the package file.
    pub source_path: String,
    /// SHA-256 of that file, lower-case hexadecimal.
    pub source_sha256: String,
    /// SPDX identifier, as stated inside the TFLite file.
    pub licence: String,
    /// File name of the imported weights.
    pub file: String,
    /// Its SHA-256, lower-case hexadecimal.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
    /// Side of the square input that it was trained at, in pixels.
    pub nominal_input: u32,
    /// What the class slots mean.
    pub classes: String,
    /// Published mean average precision on COCO val2017, in per cent. Not measured here.
    pub published_map: f32,
}

impl Manifest {
    /// The manifest of this build.
    ///
    /// # Panics
    /// Never in a build that passed its tests: the file is part of the program.
    #[must_use]
    pub fn built_in() -> Self {
        Self::parse(BUILT_IN).expect("the built-in manifest is well-formed")
    }

    /// Reads a manifest.
    ///
    /// # Errors
    /// When the text is not a manifest.
    pub fn parse(json: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(json)
    }

    /// The entry of a network.
    #[must_use]
    pub fn network(&self, variant: Variant) -> Option<&Network> {
        self.networks.iter().find(|network| network.variant == variant)
    }
}

#[cfg(test)]
mod tests {
    use super::Manifest;
    use crate::config::Variant;

    #[test]
    fn every_network_is_listed_once_and_agrees_with_the_code() {
        let manifest = Manifest::built_in();
        assert_eq!(manifest.networks.len(), Variant::ALL.len());
        for variant in Variant::ALL {
            let network = manifest.network(variant).unwrap();
            assert_eq!(network.name, variant.name());
            assert_eq!(network.file, format!("{}.bpk", variant.name()));
            assert_eq!(network.nominal_input as usize, variant.nominal_side());
            for hash in [&network.sha256, &network.source_sha256] {
                assert!(hash.len() == 64 && hash.bytes().all(|b| b"0123456789abcdef".contains(&b)));
            }
        }
    }
}
