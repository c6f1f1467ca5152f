//! Where weights and pictures are, and how to run a detector to its end.

use burn::tensor::Device;
use std::path::{Path, PathBuf};
use vigie_engine::Detection;
use vigie_engine::detector::{BurnDetector, Detector, DetectorError, Frame};
use vigie_engine::network::{InputSize, ModelName};
use vigie_models::Variant;

/// The folder of imported weights.
fn models_folder() -> PathBuf {
    if let Some(folder) = std::env::var_os("VIGIE_MODELS") {
        return PathBuf::from(folder);
    }
    // <target>/<profile>/deps/<this test>
    let target = std::env::current_exe().ok().and_then(|exe| exe.ancestors().nth(3).map(Path::to_path_buf));
    target.unwrap_or_default().join("models")
}

/// A detector on the CPU; `None`, said aloud, where there are no weights.
pub(crate) fn detector(model: ModelName, input: InputSize, classes: &[u8]) -> Option<BurnDetector> {
    let path = models_folder().join(format!("{}.bpk", Variant::from(model).name()));
    let Ok(bpk) = std::fs::read(&path) else {
        eprintln!("skipped: no weights at {} (cargo xtask models makes them)", path.display());
        return None;
    };
    Some(BurnDetector::from_bpk(bpk, model, input, classes, &Device::flex()).unwrap())
}

/// The repository's folder of this crate.
pub(crate) fn crate_folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// RGBA bytes, width and height of a PNG with 8-bit RGB.
pub(crate) fn read_png(path: &Path) -> (Vec<u8>, u32, u32) {
    let file = std::io::BufReader::new(std::fs::File::open(path).unwrap());
    let mut reader = png::Decoder::new(file).read_info().unwrap();
    let mut rgb = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut rgb).unwrap();
    assert_eq!((info.color_type, info.bit_depth), (png::ColorType::Rgb, png::BitDepth::Eight));
    let rgba = rgb.chunks_exact(3).flat_map(|p| [p[0], p[1], p[2], 255]).collect();
    (rgba, info.width, info.height)
}

/// All three steps, waited for.
pub(crate) fn detect(
    detector: &mut BurnDetector,
    frame: &Frame<'_>,
    min_score: f32,
) -> Result<Vec<Detection>, DetectorError> {
    futures::executor::block_on(detector.detect(frame, min_score))
}
