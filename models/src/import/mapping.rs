//! Which convolution of the file is which layer of ours. Both follow the same order, so the mapping is a walk through the
//! network's configuration with a finger on the file's list.

use super::ImportError;
use super::graph::{Conv, Graph};
use crate::bifpn::NODES;
use crate::config::{ANCHORS, CLASSES, Config, HEAD_DEPTH, LEVELS, Variant};
use std::collections::BTreeSet;

/// Copies of a shared layer's bias, which the file quantises anew on every level, may differ by this much.
const BIAS_ROUNDING: f32 = 1e-3;

/// A layer by its path in the network.
pub(super) struct Layer {
    /// As burn names the module.
    pub(super) name: String,
    /// `[out, in / groups, height, width]`.
    pub(super) shape: [usize; 4],
    /// In the order of `shape`.
    pub(super) weight: Vec<f32>,
    /// `[out]`.
    pub(super) bias: Vec<f32>,
}

/// What a layer must look like in the file.
#[derive(Clone, Copy)]
struct Expected {
    channels: [usize; 2],
    kernel: usize,
    stride: usize,
    relu6: bool,
    depthwise: bool,
}

fn dense(channels_in: usize, channels_out: usize, relu6: bool) -> Expected {
    Expected { channels: [channels_in, channels_out], kernel: 1, stride: 1, relu6, depthwise: false }
}

fn depthwise(channels: usize, kernel: usize, stride: usize, relu6: bool) -> Expected {
    Expected { channels: [1, channels], kernel, stride, relu6, depthwise: true }
}

struct Walk<'a> {
    graph: &'a Graph<'a>,
    next: usize,
    used: BTreeSet<usize>,
    layers: Vec<Layer>,
}

/// Every layer of the network, by name.
pub(super) fn layers(graph: &Graph<'_>, variant: Variant) -> Result<Vec<Layer>, ImportError> {
    let config = variant.config();
    let mut walk = Walk { graph, next: 0, used: BTreeSet::new(), layers: Vec::new() };
    walk.backbone(&config)?;
    walk.pyramid_and_heads(&config)?;
    walk.finish()
}

impl Walk<'_> {
    fn backbone(&mut self, config: &Config) -> Result<(), ImportError> {
        let stem = Expected { kernel: 3, stride: 2, ..dense(3, config.stem_channels, true) };
        self.take("backbone.stem", stem)?;
        for (index, block) in config.blocks().iter().enumerate() {
            let name = format!("backbone.blocks.{index}");
            let wide = block.channels_in * block.expansion;
            if block.expansion > 1 {
                self.take(&format!("{name}.expand"), dense(block.channels_in, wide, true))?;
            }
            self.take(&format!("{name}.depthwise"), depthwise(wide, block.kernel, block.stride, true))?;
            self.take(&format!("{name}.project"), dense(wide, block.channels_out, false))?;
        }
        Ok(())
    }

    fn pyramid_and_heads(&mut self, config: &Config) -> Result<(), ImportError> {
        let width = config.pyramid_channels;
        let [c3, c4, c5] = Config::FEATURE_STAGES.map(|stage| config.stages[stage].channels);
        let laterals =
            [("p5_down", c5), ("p5_up", c5), ("p4_down", c4), ("p4_up", c4), ("p3", c3), ("p6", c5)];
        for (name, channels) in laterals {
            self.take(&format!("bifpn.laterals.{name}"), dense(channels, width, false))?;
        }
        for cell in 0..config.pyramid_cells {
            let last = cell + 1 == config.pyramid_cells;
            for node in 0..NODES {
                let name = format!("bifpn.cells.{cell}.nodes.{node}");
                self.take(&format!("{name}.depthwise"), depthwise(width, 3, 1, false))?;
                self.take(&format!("{name}.pointwise"), dense(width, width, false))?;
                // The file computes the heads of a level as soon as the last cell has it: nodes 3 to 7 give P3 to P7.
                if last && node + LEVELS >= NODES {
                    let level = node + LEVELS - NODES;
                    self.head("box_head", level, width, ANCHORS * 4)?;
                    self.head("class_head", level, width, ANCHORS * CLASSES)?;
                }
            }
        }
        Ok(())
    }

    fn head(&mut self, head: &str, level: usize, width: usize, outputs: usize) -> Result<(), ImportError> {
        for layer in 0..=HEAD_DEPTH {
            self.take_shared(level, &format!("{head}.depthwise.{layer}"), depthwise(width, 3, 1, false))?;
            if layer < HEAD_DEPTH {
                let name = format!("{head}.levels.{level}.pointwise.{layer}");
                self.take(&name, dense(width, width, true))?;
            }
        }
        self.take_shared(level, &format!("{head}.predict"), dense(width, outputs, false))
    }

    /// The next convolution of the file is layer `name`.
    fn take(&mut self, name: &str, expected: Expected) -> Result<(), ImportError> {
        let layer = self.read(name, expected)?;
        self.layers.push(layer);
        Ok(())
    }

    /// As [`Self::take`], for a layer that all levels share: taken at the first, compared at the others.
    fn take_shared(&mut self, level: usize, name: &str, expected: Expected) -> Result<(), ImportError> {
        if level == 0 {
            return self.take(name, expected);
        }
        let again = self.read(name, expected)?;
        let first = self.layers.iter().find(|layer| layer.name == name);
        let same = first.is_some_and(|first| {
            first.weight == again.weight
                && first.bias.iter().zip(&again.bias).all(|(a, b)| (a - b).abs() <= BIAS_ROUNDING)
        });
        if same { Ok(()) } else { Err(ImportError::Graph(format!("{name} differs between levels"))) }
    }

    fn read(&mut self, name: &str, expected: Expected) -> Result<Layer, ImportError> {
        let conv = *self
            .graph
            .convs
            .get(self.next)
            .ok_or_else(|| ImportError::Graph(format!("the file ends before {name}")))?;
        self.next += 1;
        let mismatch =
            |what: &str| ImportError::Graph(format!("{name} (convolution {}): {what}", self.next - 1));
        let Conv { depthwise, stride, relu6, weight, bias } = conv;
        if (depthwise, stride, relu6) != (expected.depthwise, expected.stride, expected.relu6) {
            return Err(mismatch("another kind, stride or activation"));
        }
        let constant = |index: usize| self.graph.constants.get(index).and_then(Option::as_ref);
        let (Some(weights), Some(biases)) = (constant(weight), constant(bias)) else {
            return Err(mismatch("no quantised constants"));
        };
        let [channels_in, channels_out] = expected.channels;
        let kernel = expected.kernel;
        let stored = if depthwise {
            [1, kernel, kernel, channels_out]
        } else {
            [channels_out, kernel, kernel, channels_in]
        };
        if weights.shape != stored || biases.shape != [channels_out] {
            return Err(mismatch("another shape"));
        }
        let (values, bias_values) = (weights.dequantise()?, biases.dequantise()?);
        self.used.extend([weight, bias]);
        Ok(Layer {
            name: name.to_owned(),
            shape: [channels_out, channels_in, kernel, kernel],
            weight: if depthwise {
                transpose(&values, kernel * kernel, channels_out)
            } else {
                values.chunks_exact(kernel * kernel * channels_in).fold(Vec::new(), |mut all, filter| {
                    all.extend(transpose(filter, kernel * kernel, channels_in));
                    all
                })
            },
            bias: bias_values,
        })
    }

    fn finish(self) -> Result<Vec<Layer>, ImportError> {
        if self.next != self.graph.convs.len() {
            let left = self.graph.convs.len() - self.next;
            return Err(ImportError::Graph(format!("{left} convolutions are left over")));
        }
        let unused = (0..self.graph.constants.len())
            .find(|index| self.graph.constants[*index].is_some() && !self.used.contains(index));
        match unused {
            Some(index) => Err(ImportError::Graph(format!("constant {index} is not used"))),
            None => Ok(self.layers),
        }
    }
}

/// A row-major `rows × columns` matrix, its columns first.
fn transpose(values: &[f32], rows: usize, columns: usize) -> Vec<f32> {
    (0..rows * columns).map(|i| values[(i % rows) * columns + i / rows]).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn transposes() {
        assert_eq!(super::transpose(&[1., 2., 3., 4., 5., 6.], 2, 3), [1., 4., 2., 5., 3., 6.]);
    }
}
