//! The convolutions of a TFLite graph, in order, with their constants.
//!
//! Field numbers and codes: TensorFlow, `tensorflow/compiler/mlir/lite/schema/schema.fbs`.

use super::ImportError;
use super::flatbuffer::{Table, Vector};

const CONV_2D: i32 = 3;
const DEPTHWISE_CONV_2D: i32 = 4;
const INT32: i8 = 2;
const INT8: i8 = 9;
const RELU6: i8 = 3;

/// A quantised constant.
pub(super) struct Constant<'a> {
    /// As stored: `[out, height, width, in]`, depthwise `[1, height, width, channels]`, bias `[channels]`.
    pub(super) shape: Vec<usize>,
    /// One per entry of `axis`, or one for all.
    scales: Vec<f32>,
    axis: usize,
    kind: i8,
    data: Vector<'a>,
}

impl Constant<'_> {
    /// The values as they count: integer times scale.
    pub(super) fn dequantise(&self) -> Result<Vec<f32>, ImportError> {
        let integers: Vec<i32> = match self.kind {
            INT8 => self.data.as_bytes()?.iter().map(|&b| i32::from(b.cast_signed())).collect(),
            _ => self
                .data
                .as_bytes()?
                .chunks_exact(4)
                .map(|w| i32::from_le_bytes([w[0], w[1], w[2], w[3]]))
                .collect(),
        };
        if integers.len() != self.shape.iter().product::<usize>() {
            return Err(ImportError::Unreadable("a constant's data does not fill its shape"));
        }
        let inner: usize = self.shape[self.axis + 1..].iter().product();
        let scale = |i: usize| match self.scales.len() {
            1 => self.scales[0],
            n => self.scales[(i / inner) % n],
        };
        Ok(integers.iter().enumerate().map(|(i, &q)| q as f32 * scale(i)).collect())
    }
}

/// A convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Conv {
    /// Within each channel.
    pub(super) depthwise: bool,
    /// Stride, the same both ways.
    pub(super) stride: usize,
    /// Followed by a clamp to 0..=6 (else by nothing).
    pub(super) relu6: bool,
    /// Tensor number of the weights.
    pub(super) weight: usize,
    /// Tensor number of the bias.
    pub(super) bias: usize,
}

/// What of a TFLite file matters here.
pub(super) struct Graph<'a> {
    /// In the order in which the file computes them.
    pub(super) convs: Vec<Conv>,
    /// By tensor number; `None` for what is not a quantised constant.
    pub(super) constants: Vec<Option<Constant<'a>>>,
}

impl<'a> Graph<'a> {
    /// Reads a file.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, ImportError> {
        if bytes.get(4..8) != Some(b"TFL3") {
            return Err(ImportError::Unreadable("no TFL3 mark"));
        }
        let model = Table::root(bytes)?;
        let codes = model.vector(1)?.to_tables()?;
        let buffers = model.vector(4)?.to_tables()?;
        let subgraphs = model.vector(2)?.to_tables()?;
        let [main] = subgraphs.as_slice() else {
            return Err(ImportError::Unreadable("more or less than one graph"));
        };
        let constants = main
            .vector(0)?
            .to_tables()?
            .iter()
            .map(|tensor| constant(tensor, &buffers))
            .collect::<Result<Vec<_>, _>>()?;
        let mut convs = Vec::new();
        for operator in main.vector(3)?.to_tables()? {
            let code = codes
                .get(operator.i32(0)? as usize)
                .ok_or(ImportError::Unreadable("an operator without a code"))?;
            let builtin = code.i32(3)?.max(i32::from(code.i8(0)?));
            if builtin == CONV_2D || builtin == DEPTHWISE_CONV_2D {
                convs.push(conv(&operator, builtin == DEPTHWISE_CONV_2D)?);
            }
        }
        Ok(Self { convs, constants })
    }
}

fn constant<'a>(tensor: &Table<'a>, buffers: &[Table<'a>]) -> Result<Option<Constant<'a>>, ImportError> {
    let kind = tensor.i8(1)?;
    let buffer = buffers
        .get(tensor.i32(2)? as usize)
        .ok_or(ImportError::Unreadable("a tensor without a buffer"))?
        .vector(0)?;
    let Some(quantisation) = tensor.table(4)? else { return Ok(None) };
    let scales = quantisation.vector(2)?.to_f32()?;
    if buffer.as_bytes()?.is_empty() || scales.is_empty() || !(kind == INT8 || kind == INT32) {
        return Ok(None);
    }
    let shape: Vec<usize> = tensor.vector(0)?.to_i32()?.iter().map(|&d| d.max(0) as usize).collect();
    let axis = quantisation.i32(6)?.max(0) as usize;
    if scales.len() > 1 && shape.get(axis) != Some(&scales.len()) {
        return Err(ImportError::Unreadable("a constant's scales do not fit its shape"));
    }
    if axis >= shape.len() {
        return Err(ImportError::Unreadable("a constant without that axis"));
    }
    Ok(Some(Constant { shape, scales, axis, kind, data: buffer }))
}

fn conv(operator: &Table<'_>, depthwise: bool) -> Result<Conv, ImportError> {
    let inputs = operator.vector(1)?.to_i32()?;
    let options = operator.table(4)?.ok_or(ImportError::Unreadable("a convolution without options"))?;
    let &[_, weight, bias] = inputs.as_slice() else {
        return Err(ImportError::Unreadable("a convolution without three inputs"));
    };
    let activation = options.i8(if depthwise { 4 } else { 3 })?;
    let (across, down) = (options.i32(1)?, options.i32(2)?);
    if across != down || (activation != 0 && activation != RELU6) {
        return Err(ImportError::Graph("a convolution of a kind that the network has not".into()));
    }
    Ok(Conv {
        depthwise,
        stride: across as usize,
        relu6: activation == RELU6,
        weight: weight as usize,
        bias: bias as usize,
    })
}
