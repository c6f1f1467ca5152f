//! The start-up self-test: one small picture through the engine, and every output compared with a stored run.
//!
//! Comparing boxes would miss much: a kernel that is wrong in a few channels or in the last columns may leave the strong boxes
//! nearly as they are. So the mean of every output channel over all positions and the mean of every column over all channels
//! are compared, on every level: every output counts in both. Some single values are compared on top.

use super::preprocess::Frame;
use super::{Detector, DetectorError, RawOutput};
use crate::network::{InputSize, ModelName};
use serde::{Deserialize, Serialize};
use vigie_models::config::{ANCHORS, LEVELS};

/// The picture of the self-test as a binary PPM: NASA's portrait of Eileen Collins (public domain; scikit-image's
/// `astronaut`), 144×96.
pub const PICTURE: &[u8] = include_bytes!("selftest.ppm");
/// The stored runs, as JSON: onnxruntime's on the same weights, by `models/reference/make_selftest.py`. Nothing of this program
/// had a part in them.
const EXPECTED: &str = include_str!("selftest.json");
/// The input size of the self-test. Its maps have widths like 24, 12, 6 and 3, so that kernels run through their tails.
pub const INPUT: InputSize = InputSize { width: 384, height: 256 };
/// Largest deviation that passes. The CPU kernels are off by 0.0007 at most, from rounding alone; one silent channel of the 32
/// in the first layer gives forty times this bound and more.
pub const TOLERANCE: f32 = 0.01;

/// What a run boils down to. Logits and codes as they come from the network.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Signature {
    /// For every level, the mean over positions of each anchor's and class's logit.
    pub logit_channels: Vec<Vec<f32>>,
    /// For every level, the mean over positions of each anchor's box code.
    pub code_channels: Vec<Vec<f32>>,
    /// For every level, the mean over rows and channels of each column's logits.
    pub logit_columns: Vec<Vec<f32>>,
    /// For every level, the mean over rows and channels of each column's box codes.
    pub code_columns: Vec<Vec<f32>>,
    /// Sixty-four single logits, spread over the levels, anchors, classes and positions.
    pub samples: Vec<f32>,
}

/// A stored run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Expected {
    /// Network.
    pub model: ModelName,
    /// What came out.
    pub signature: Signature,
}

/// How a self-test went.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SelfTestReport {
    /// Largest difference from the stored run.
    pub deviation: f32,
    /// Largest difference that passes.
    pub tolerance: f32,
}

impl SelfTestReport {
    /// True when the engine computes what it should.
    #[must_use]
    pub fn passes(&self) -> bool {
        // Written this way round so that a deviation that is not a number fails.
        self.deviation <= self.tolerance
    }
}

/// Runs the self-test, and puts the input size back to what it was. The detector must compute
/// [`super::CLASSES_IN_USE`].
///
/// # Errors
/// Those of the detector; a wrong result is no error but a report that does not pass.
pub async fn self_test(
    detector: &mut impl Detector,
    model: ModelName,
) -> Result<SelfTestReport, DetectorError> {
    let (rgba, width, height) = read_ppm(PICTURE).ok_or(DetectorError::OutOfOrder("the test picture"))?;
    let input = detector.input();
    detector.set_input(INPUT)?;
    let found = run(detector, &Frame::new(&rgba, width, height)?).await;
    detector.set_input(input)?;
    let found = found?;
    let deviation = expected(model).map_or(f32::INFINITY, |expected| expected.deviation(&found));
    Ok(SelfTestReport { deviation, tolerance: TOLERANCE })
}

async fn run(detector: &mut impl Detector, frame: &Frame<'_>) -> Result<Signature, DetectorError> {
    detector.preprocess(frame)?;
    detector.infer().await?;
    Ok(Signature::of(detector.raw()?))
}

/// The stored run of a network.
#[must_use]
pub fn expected(model: ModelName) -> Option<Signature> {
    let all: Vec<Expected> = serde_json::from_str(EXPECTED).ok()?;
    all.into_iter().find(|expected| expected.model == model).map(|expected| expected.signature)
}

impl Signature {
    /// Boils a run down.
    #[must_use]
    pub fn of(raw: &RawOutput) -> Self {
        let mut signature = Self::default();
        for level in 0..LEVELS {
            let logits: Vec<&[f32]> = (0..ANCHORS * raw.classes.len())
                .map(|i| raw.logits(level, i / raw.classes.len(), i % raw.classes.len()))
                .collect();
            let codes: Vec<&[f32]> = (0..ANCHORS * 4).map(|i| raw.codes(level, i / 4, i % 4)).collect();
            let columns = raw.anchors[level].size[1];
            signature.logit_channels.push(channel_means(&logits));
            signature.code_channels.push(channel_means(&codes));
            signature.logit_columns.push(column_means(&logits, columns));
            signature.code_columns.push(column_means(&codes, columns));
        }
        signature.samples = (0..64usize)
            .map(|i| {
                let level = i % LEVELS;
                let plane = raw.logits(level, (i * 7) % ANCHORS, (i * 5) % raw.classes.len());
                plane[(i * 7919) % plane.len()]
            })
            .collect();
        signature
    }

    /// Largest difference from another run; infinite when the two are not of the same shape or hold something that is not a
    /// number.
    #[must_use]
    pub fn deviation(&self, other: &Self) -> f32 {
        let parts = |s: &Self| {
            [&s.logit_channels, &s.code_channels, &s.logit_columns, &s.code_columns]
                .into_iter()
                .flatten()
                .chain([&s.samples])
                .cloned()
                .collect::<Vec<Vec<f32>>>()
        };
        let (ours, theirs) = (parts(self), parts(other));
        let same_shape =
            ours.len() == theirs.len() && ours.iter().zip(&theirs).all(|(a, b)| a.len() == b.len());
        if !same_shape {
            return f32::INFINITY;
        }
        let differences = ours.iter().flatten().zip(theirs.iter().flatten()).map(|(a, b)| (a - b).abs());
        // `f32::max` would let what is not a number go by.
        differences.fold(0.0, |worst, d| if d.is_nan() { f32::INFINITY } else { worst.max(d) })
    }
}

fn channel_means(planes: &[&[f32]]) -> Vec<f32> {
    planes.iter().map(|plane| mean(plane.iter())).collect()
}

fn column_means(planes: &[&[f32]], columns: usize) -> Vec<f32> {
    (0..columns)
        .map(|column| mean(planes.iter().flat_map(|plane| plane.iter().skip(column).step_by(columns))))
        .collect()
}

/// Mean, summed in double precision so that the order of summation does not matter.
fn mean<'a>(values: impl Iterator<Item = &'a f32>) -> f32 {
    let (sum, count) = values.fold((0.0f64, 0u32), |(sum, n), &v| (sum + f64::from(v), n + 1));
    (sum / f64::from(count.max(1))) as f32
}

/// RGBA bytes, width and height of a binary PPM (`P6`, 255 levels, no comments).
#[must_use]
pub fn read_ppm(bytes: &[u8]) -> Option<(Vec<u8>, u32, u32)> {
    let mut rest = bytes;
    let mut word = || {
        let end = rest.iter().position(u8::is_ascii_whitespace)?;
        let (head, tail) = rest.split_at(end);
        rest = &tail[1..];
        std::str::from_utf8(head).ok()
    };
    if word()? != "P6" {
        return None;
    }
    let (width, height): (u32, u32) = (word()?.parse().ok()?, word()?.parse().ok()?);
    if word()? != "255" || rest.len() as u64 != 3 * u64::from(width) * u64::from(height) {
        return None;
    }
    Some((rest.chunks_exact(3).flat_map(|p| [p[0], p[1], p[2], 255]).collect(), width, height))
}

#[cfg(test)]
mod tests {
    use super::{SelfTestReport, Signature, expected, read_ppm};
    use crate::network::ModelName;

    #[test]
    fn the_picture_and_the_runs_are_there() {
        let (rgba, width, height) = read_ppm(super::PICTURE).unwrap();
        assert_eq!(rgba.len(), (4 * width * height) as usize);
        for model in [ModelName::Lite0, ModelName::Lite1, ModelName::Lite2] {
            let signature = expected(model).unwrap();
            assert_eq!(signature.logit_channels.len(), 5);
            assert_eq!(signature.logit_columns[4].len(), 3);
        }
    }

    #[test]
    fn what_is_not_a_number_fails() {
        let good = Signature { samples: vec![1.0, 2.0], ..Signature::default() };
        let bad = Signature { samples: vec![1.0, f32::NAN], ..Signature::default() };
        let short = Signature { samples: vec![1.0], ..Signature::default() };
        assert!(good.deviation(&good).abs() < f32::EPSILON);
        assert!(good.deviation(&bad).is_infinite());
        assert!(good.deviation(&short).is_infinite());
        assert!(!SelfTestReport { deviation: f32::NAN, tolerance: 1.0 }.passes());
    }

    #[test]
    fn only_whole_ppms_are_read() {
        assert_eq!(read_ppm(b"P6\n1 1\n255\nabc"), Some((vec![b'a', b'b', b'c', 255], 1, 1)));
        assert!(read_ppm(b"P6\n1 1\n255\nab").is_none());
        assert!(read_ppm(b"P5\n1 1\n255\nabc").is_none());
    }
}
