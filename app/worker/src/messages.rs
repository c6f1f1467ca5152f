//! What the page and the worker say to each other, as structured-clone objects (through `serde-wasm-bindgen`).
//!
//! A frame travels beside its [`ToWorker::Analyse`] in the property `frame` of the same JS object, transferred, as a
//! `VideoFrame` or an `ImageBitmap`; the worker closes it. At most one frame is under way per worker: the page offers the
//! newest one when the answer to the last has come, and counts the others as dropped.
//!
//! The small grey picture of a frame (see [`vigie_engine::luma`]) travels beside its [`FromWorker::Analysed`] in the property
//! [`GREY`], a transferred `Uint8Array`: one buffer per answer, which the worker gives away. Its size is in the message.
//!
//! A worker that measures motion ([`FlowReport::Device`]) needs the camera's last grey picture for it: it comes beside the
//! [`ToWorker::Analyse`] in the property [`LAST_GREY`], and the flow goes back beside the answer in the property [`FLOW`], a transferred
//! `Float32Array` of the numbers of [`vigie_engine::motion::FlowField`].

use serde::{Deserialize, Serialize};
pub use vigie_engine::network::{InputSize, ModelName};
use vigie_engine::{BBox, Detection};

/// The property of a [`FromWorker::Analysed`] that holds the grey picture's bytes.
pub const GREY: &str = "grey";
/// The property of a [`ToWorker::Analyse`] that holds the bytes of the camera's last grey picture, of the frame's own size.
pub const LAST_GREY: &str = "last_grey";
/// The property of a [`FromWorker::Analysed`] that holds the flow between the two.
pub const FLOW: &str = "flow";

/// Which engine a worker holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EngineKind {
    /// burn `flex` with wasm SIMD.
    Cpu,
    /// burn on wgpu through WebGPU.
    WebGpu,
}

/// A drill: makes the worker misbehave on purpose, so that fall-back can be tried out on a real installation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Drill {
    /// Disturbs a kernel's output, as a faulty driver would: the self-test must catch it.
    WrongKernel,
    /// Ends with an error after this many frames.
    FailAfter(u32),
}

/// Page to worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ToWorker {
    /// Load, self-test, and say [`FromWorker::Ready`] or [`FromWorker::Failed`].
    Start {
        /// Which network.
        model: ModelName,
        /// Where its weights are (`.bpk`), same origin.
        model_url: String,
        /// SHA-256 of that file, lower-case hexadecimal; the worker refuses another.
        model_sha256: String,
        /// Input size.
        input: InputSize,
        /// Misbehave on purpose.
        drill: Option<Drill>,
        /// Measure motion on the engine's device, if it has one that agrees with the CPU.
        #[serde(default)]
        flow: bool,
    },
    /// Find things in the frame that comes with this message.
    Analyse {
        /// Comes back with the answer.
        job: u32,
        /// Boxes under this score are not reported.
        min_score: f32,
        /// Look at this part of the frame alone, in shares of it: boxes come in shares of the part, and no grey picture with them.
        #[serde(default)]
        part: Option<BBox>,
    },
    /// From the next frame on, use this input size.
    Resize {
        /// New size.
        input: InputSize,
    },
}

/// Worker to page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FromWorker {
    /// Start-up is getting on.
    Progress {
        /// What is being done.
        stage: Stage,
        /// Bytes or steps done.
        done: f64,
        /// Of how many; 0 when unknown.
        total: f64,
    },
    /// The self-test passed; frames may come.
    Ready(EngineReport),
    /// The answer to one frame.
    Analysed {
        /// As in the request.
        job: u32,
        /// What was found, in shares of the frame or of the part that was asked for, by falling score.
        detections: Vec<Detection>,
        /// Size of the grey picture that comes with this message, in the property [`GREY`]; 0 for a part.
        luma: LumaSize,
        /// Where the time went.
        timing: Timing,
    },
    /// Something went wrong.
    Failed {
        /// The frame concerned, if any.
        job: Option<u32>,
        /// What kind of failure.
        code: FailureCode,
        /// Details for the record, in English.
        message: String,
        /// True when this worker is of no further use.
        fatal: bool,
    },
}

/// Size of a grey picture, pixels: a byte each, rows from the top.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LumaSize {
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
}

/// Steps of start-up, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Getting the device (adapter, kernels).
    Device,
    /// Fetching the weights.
    Download,
    /// Reading the weights into the network.
    Load,
    /// Running the reference picture.
    SelfTest,
}

/// What the worker is, once it is ready.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EngineReport {
    /// CPU or WebGPU.
    pub engine: EngineKind,
    /// The adapter's own name; for the CPU engine, its instruction set (`wasm simd128`, `wasm relaxed-simd`).
    pub adapter: String,
    /// True for a GPU that is emulated on the CPU.
    pub software_gpu: bool,
    /// Network in use.
    pub model: ModelName,
    /// Input size in use.
    pub input: InputSize,
    /// Largest deviation from the stored result that the self-test found.
    pub selftest_deviation: f32,
    /// Largest deviation that is accepted.
    pub selftest_tolerance: f32,
    /// Duration of the self-test's pass, milliseconds.
    pub selftest_ms: f64,
    /// Where motion is measured.
    #[serde(default)]
    pub flow: FlowReport,
}

/// Where motion is measured: the flow between two grey pictures.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum FlowReport {
    /// In the page, on the CPU: the same to the last bit on every machine.
    #[default]
    Page,
    /// In the worker, on the engine's device, for those frames with which the last picture comes.
    Device {
        /// Share of the self-test's cells that differ from the CPU's.
        apart: f32,
        /// Share that is accepted.
        tolerance: f32,
        /// Duration of the self-test, milliseconds.
        ms: f64,
    },
    /// In the page, since the device does not do it rightly.
    Refused {
        /// Details for the record, in English.
        why: String,
    },
}

impl FlowReport {
    /// Its name on the record: empty where the page measures.
    #[must_use]
    pub fn name(&self) -> &'static str {
        if matches!(self, Self::Device { .. }) { "webgpu" } else { "" }
    }
}

/// Where a frame's time went, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Timing {
    /// From the frame object to RGBA pixels at the input's size.
    pub ingest: f64,
    /// From pixels to the small grey picture, with the copy that goes to the page.
    #[serde(default)]
    pub luma: f64,
    /// From pixels to the input tensor.
    pub preprocess: f64,
    /// The network, with the read-back of its outputs.
    pub network: f64,
    /// From outputs to boxes.
    pub decode: f64,
    /// Motion on the engine's device: handing it the pictures, and waiting for its answer once the boxes are there.
    #[serde(default)]
    pub flow: f64,
}

impl Timing {
    /// All of it, milliseconds.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.ingest + self.luma + self.preprocess + self.network + self.decode + self.flow
    }
}

/// Kinds of failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureCode {
    /// No adapter, or the browser has no WebGPU.
    NoDevice,
    /// The device was lost.
    DeviceLost,
    /// The weights could not be fetched.
    ModelMissing,
    /// The weights are not the ones that were asked for.
    ModelCorrupt,
    /// The engine computes wrong results.
    SelfTest,
    /// The frame could not be read.
    BadFrame,
    /// Anything else.
    Internal,
}

impl EngineKind {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Cpu, Self::WebGpu];

    /// Its name in messages and on the record.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::WebGpu => "webgpu",
        }
    }

    /// The engine of this name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl FailureCode {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::NoDevice,
        Self::DeviceLost,
        Self::ModelMissing,
        Self::ModelCorrupt,
        Self::SelfTest,
        Self::BadFrame,
        Self::Internal,
    ];

    /// Its name in messages and on the record.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NoDevice => "no_device",
            Self::DeviceLost => "device_lost",
            Self::ModelMissing => "model_missing",
            Self::ModelCorrupt => "model_corrupt",
            Self::SelfTest => "self_test",
            Self::BadFrame => "bad_frame",
            Self::Internal => "internal",
        }
    }

    /// The failure as a line of the record: its name, then details in English.
    #[must_use]
    pub fn line(self, details: &str) -> String {
        format!("{}: {details}", self.name())
    }

    /// The failure that a line of the record tells of; `None` for a line of another form.
    #[must_use]
    pub fn of_line(line: &str) -> Option<Self> {
        let (name, _) = line.split_once(": ")?;
        Self::ALL.into_iter().find(|code| code.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::de::{IntoDeserializer, value::Error};

    #[test]
    fn names_on_the_record_are_those_in_messages() {
        for kind in EngineKind::ALL {
            let name = IntoDeserializer::<Error>::into_deserializer(kind.name());
            assert_eq!(EngineKind::deserialize(name), Ok(kind));
            assert_eq!(EngineKind::of_name(kind.name()), Some(kind));
        }
        for code in FailureCode::ALL {
            let name = IntoDeserializer::<Error>::into_deserializer(code.name());
            assert_eq!(FailureCode::deserialize(name), Ok(code));
            assert_eq!(FailureCode::of_line(&code.line("details: more")), Some(code));
        }
        assert_eq!(FailureCode::of_line("something else: happened"), None);
        assert_eq!(FailureCode::of_line("internal"), None);
    }
}
