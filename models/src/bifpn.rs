//! BiFPN: the feature pyramid, crossed from coarse to fine and back several times.

use crate::config::{Config, LEVELS};
use crate::layers::{Conv, SeparableConv, max_pool};
use crate::ops::{add_coarser_relu6, add_finer_relu6};
use burn::module::Module;
use burn::tensor::{Device, Tensor};

/// Nodes of a cell: P6, P5, P4, P3 on the way down, P4, P5, P6, P7 on the way up.
pub const NODES: usize = 8;

/// 1×1 convolutions from the backbone's widths to the pyramid's. P4 and P5 have two each: the first cell's way down and its
/// way up see the backbone through weights of their own.
#[derive(Module, Debug)]
pub struct Laterals {
    /// P5 for the way down.
    pub p5_down: Conv,
    /// P5 for the way up.
    pub p5_up: Conv,
    /// P4 for the way down.
    pub p4_down: Conv,
    /// P4 for the way up.
    pub p4_up: Conv,
    /// P3.
    pub p3: Conv,
    /// P5 once more, pooled to P6 and P7.
    pub p6: Conv,
}

/// One crossing, down and up.
#[derive(Module, Debug)]
pub struct Cell {
    /// See [`NODES`].
    pub nodes: Vec<SeparableConv>,
}

/// The pyramid.
#[derive(Module, Debug)]
pub struct BiFpn {
    /// Into the pyramid.
    pub laterals: Laterals,
    /// Crossings, in order.
    pub cells: Vec<Cell>,
}

/// The five levels as a cell sees them: P4 to P6 may differ between the way down and the way up.
struct Inputs {
    down: [Tensor<4>; LEVELS],
    up: [Tensor<4>; LEVELS],
}

impl Cell {
    fn new(channels: usize, device: &Device) -> Self {
        Self { nodes: (0..NODES).map(|_| SeparableConv::new(channels, device)).collect() }
    }

    fn forward(&self, inputs: Inputs) -> [Tensor<4>; LEVELS] {
        let [d3, d4, d5, d6, d7] = inputs.down;
        let [_, u4, u5, u6, u7] = inputs.up;
        let node = |i: usize, sum: Tensor<4>| self.nodes[i].forward(sum);

        let m6 = node(0, add_coarser_relu6(d6, d7));
        let m5 = node(1, add_coarser_relu6(d5, m6.clone()));
        let m4 = node(2, add_coarser_relu6(d4, m5.clone()));
        let p3 = node(3, add_coarser_relu6(d3, m4.clone()));

        let p4 = node(4, add_finer_relu6(u4, Some(m4), p3.clone()));
        let p5 = node(5, add_finer_relu6(u5, Some(m5), p4.clone()));
        let p6 = node(6, add_finer_relu6(u6, Some(m6), p5.clone()));
        let p7 = node(7, add_finer_relu6(u7, None, p6.clone()));
        [p3, p4, p5, p6, p7]
    }
}

impl BiFpn {
    /// A pyramid whose weights are yet to be loaded.
    #[must_use]
    pub fn new(config: &Config, device: &Device) -> Self {
        let width = config.pyramid_channels;
        let [c3, c4, c5] = Config::FEATURE_STAGES.map(|stage| config.stages[stage].channels);
        let lateral = |channels_in| Conv::dense([channels_in, width], 1, 1, false, device);
        Self {
            laterals: Laterals {
                p5_down: lateral(c5),
                p5_up: lateral(c5),
                p4_down: lateral(c4),
                p4_up: lateral(c4),
                p3: lateral(c3),
                p6: lateral(c5),
            },
            cells: (0..config.pyramid_cells).map(|_| Cell::new(width, device)).collect(),
        }
    }

    /// P3 to P7.
    ///
    /// # Shapes
    /// - `features`: the backbone's three maps, `[batch, channels, height, width]`, strides 8, 16, 32
    /// - result: `[batch, pyramid_channels, height, width]` at strides 8, 16, 32, 64, 128
    ///
    /// # Panics
    /// When `features` are not three: the backbone always gives three.
    #[must_use]
    pub fn forward(&self, features: Vec<Tensor<4>>) -> [Tensor<4>; LEVELS] {
        let [c3, c4, c5]: [Tensor<4>; 3] =
            features.try_into().unwrap_or_else(|f: Vec<_>| panic!("three feature maps, not {}", f.len()));
        let laterals = &self.laterals;
        let p3 = laterals.p3.forward(c3);
        let p6 = max_pool(laterals.p6.forward(c5.clone()));
        let p7 = max_pool(p6.clone());
        let mut inputs = Inputs {
            down: [
                p3.clone(),
                laterals.p4_down.forward(c4.clone()),
                laterals.p5_down.forward(c5.clone()),
                p6.clone(),
                p7.clone(),
            ],
            up: [p3, laterals.p4_up.forward(c4), laterals.p5_up.forward(c5), p6, p7],
        };
        for cell in &self.cells {
            let levels = cell.forward(inputs);
            inputs = Inputs { down: levels.clone(), up: levels };
        }
        inputs.down
    }
}
