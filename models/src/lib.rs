//! The networks of Vigie: EfficientDet-Lite0, 1 and 2 as burn modules, with their weights' origin on record.
//!
//! What lives here: the network ([`network`], and a file for each of its parts), its anchors, the kernels that it runs on
//! ([`ops`]), reading the weights ([`weights`]), the manifest of what is shipped ([`manifest`]), and, for builders only, the
//! import from the pinned public packages (feature `import`). What may not: pictures, thresholds, anything that decides.
//!
//! Paper: M. Tan, R. Pang, Q. V. Le, *EfficientDet: Scalable and Efficient Object Detection*, CVPR 2020. The Lite family
//! drops squeeze-and-excite, clamps activations at 6, and sums where the paper weighs.

pub mod anchors;
pub mod backbone;
pub mod bifpn;
pub mod config;
pub mod heads;
#[cfg(feature = "import")]
pub mod import;
pub mod layers;
pub mod manifest;
pub mod network;
pub mod ops;
pub mod weights;

pub use config::{Config, Variant};
pub use network::{EfficientDet, RawTensors};
