//! The dense flow on WebGPU: the shaders of `webgpu/flow.wgsl` on the device that burn computes on.
//!
//! The flow is a function of two grey pictures. [`WebGpuFlow::start`] hands them over in one submission, [`WebGpuFlow::finish`] brings the cells
//! back: five numbers each, 18 kB for a picture of 320 by 184. Between the two, a caller can give the device other work, so that it waits
//! once for both. Buffers stay while the picture's size does.
//!
//! It gives what the flow of the CPU gives within [`selftest::TOLERANCE`], not to the last bit: no two drivers round alike. A caller runs
//! [`selftest::self_test`] first, and says in its record which flow it goes by.

pub mod selftest;

use super::field::{FlowField, NUMBERS};
use super::flow::{CELL, PITCH};
use super::pyramid::level_count;
use crate::Luma;
use burn::tensor::wgpu::wgpu;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Poll, Waker};

/// Most sizes of a picture, as in the shaders.
const MAX_SIZES: usize = 4;
/// Words of a size in the shaders' `Setup`, and before the first one.
const SIZE_WORDS: usize = 8;
const HEAD_WORDS: usize = 4;

/// Why there is no flow from the device.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebGpuFlowError {
    /// Two pictures of different sizes, or of one that the shaders cannot take: sides are multiples of 8.
    #[error("no flow between pictures of {from:?} and {to:?} pixels")]
    BadPictures {
        /// The last picture's width and height.
        from: (usize, usize),
        /// This picture's.
        to: (usize, usize),
    },
    /// [`WebGpuFlow::finish`] without [`WebGpuFlow::start`].
    #[error("the flow was asked for before it was started")]
    NotStarted,
    /// The device does not take the shaders or lost the results.
    #[error("the device failed: {0}")]
    Device(String),
}

/// The flow on a device.
#[derive(Debug)]
pub struct WebGpuFlow {
    device: wgpu::Device,
    queue: wgpu::Queue,
    layout: wgpu::BindGroupLayout,
    smooth: wgpu::ComputePipeline,
    /// The first makes the half size.
    halve: Vec<wgpu::ComputePipeline>,
    align: wgpu::ComputePipeline,
    /// One for each size, the full one first.
    find: Vec<wgpu::ComputePipeline>,
    buffers: Option<Buffers>,
    numbers: Vec<f32>,
}

/// One size of a picture.
#[derive(Clone, Copy, Debug)]
struct Size {
    width: usize,
    height: usize,
    columns: usize,
    rows: usize,
}

/// Everything that depends on the picture's size.
#[derive(Debug)]
struct Buffers {
    sizes: Vec<Size>,
    grey: wgpu::Buffer,
    cells: wgpu::Buffer,
    read_back: wgpu::Buffer,
    group: wgpu::BindGroup,
    bytes: Vec<u8>,
    /// Set while the cells are under way.
    waiting: Option<Arc<Mutex<Landing>>>,
}

/// Where the device tells that the cells have come.
#[derive(Debug, Default)]
struct Landing {
    outcome: Option<Result<(), wgpu::BufferAsyncError>>,
    waker: Option<Waker>,
}

impl WebGpuFlow {
    /// Compiles the shaders for a device and its queue, those that burn computes on.
    ///
    /// # Errors
    /// [`WebGpuFlowError::Device`] with the device's words when it does not take them.
    pub async fn new(device: wgpu::Device, queue: wgpu::Queue) -> Result<Self, WebGpuFlowError> {
        let scope = device.push_error_scope(wgpu::ErrorFilter::Validation);
        let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some("flow"),
            source: wgpu::ShaderSource::Wgsl(include_str!("webgpu/flow.wgsl").into()),
        });
        let storage = |read_only| wgpu::BufferBindingType::Storage { read_only };
        let kinds = [
            wgpu::BufferBindingType::Uniform,
            storage(true),
            storage(false),
            storage(false),
            storage(false),
            storage(false),
        ];
        let entries: Vec<_> = (0..).zip(kinds).map(|(binding, ty)| layout_entry(binding, ty)).collect();
        let layout = device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
            label: Some("flow"),
            entries: &entries,
        });
        let pipeline_layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: Some("flow"),
            bind_group_layouts: &[Some(&layout)],
            immediate_size: 0,
        });
        let pipeline = |entry: &str, level: usize| {
            device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
                label: Some(entry),
                layout: Some(&pipeline_layout),
                module: &module,
                entry_point: Some(entry),
                compilation_options: wgpu::PipelineCompilationOptions {
                    constants: &[("LEVEL", level as f64)],
                    ..wgpu::PipelineCompilationOptions::default()
                },
                cache: None,
            })
        };
        let flow = Self {
            smooth: pipeline("smooth_pictures", 0),
            halve: (1..MAX_SIZES).map(|level| pipeline("halve", level)).collect(),
            align: pipeline("align", 0),
            find: (0..MAX_SIZES).map(|level| pipeline("find", level)).collect(),
            layout,
            buffers: None,
            numbers: Vec::new(),
            device,
            queue,
        };
        match scope.pop().await {
            Some(error) => Err(WebGpuFlowError::Device(error.to_string())),
            None => Ok(flow),
        }
    }

    /// Hands over two pictures, the last one and this one; the cells of an earlier pair that were not fetched are let go.
    ///
    /// # Errors
    /// [`WebGpuFlowError::BadPictures`].
    pub fn start(&mut self, last: Luma<'_>, now: Luma<'_>) -> Result<(), WebGpuFlowError> {
        let (from, to) = ((last.width(), last.height()), (now.width(), now.height()));
        if from != to || !to.0.is_multiple_of(CELL) || !to.1.is_multiple_of(CELL) {
            return Err(WebGpuFlowError::BadPictures { from, to });
        }
        let kept = self.buffers.take().filter(|buffers| {
            // A buffer that is on its way cannot be written to; a new one is the rare case.
            (buffers.sizes[0].width, buffers.sizes[0].height) == to && buffers.waiting.is_none()
        });
        let buffers = self.buffers.insert(match kept {
            Some(buffers) => buffers,
            None => Buffers::new(&self.device, &self.queue, &self.layout, to),
        });
        buffers.bytes.clear();
        buffers.bytes.extend_from_slice(last.pixels());
        buffers.bytes.extend_from_slice(now.pixels());
        self.queue.write_buffer(&buffers.grey, 0, &buffers.bytes);
        let mut encoder =
            self.device.create_command_encoder(&wgpu::CommandEncoderDescriptor { label: Some("flow") });
        {
            let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
            pass.set_bind_group(0, &buffers.group, &[]);
            let over = |size: &Size| (size.width.div_ceil(8) as u32, size.height.div_ceil(8) as u32);
            for (level, size) in buffers.sizes.iter().enumerate() {
                pass.set_pipeline(if level == 0 { &self.smooth } else { &self.halve[level - 1] });
                let (across, down) = over(size);
                pass.dispatch_workgroups(across, down, 2);
            }
            pass.set_pipeline(&self.align);
            pass.dispatch_workgroups(1, 1, 1);
            for (level, size) in buffers.sizes.iter().enumerate().rev() {
                pass.set_pipeline(&self.find[level]);
                pass.dispatch_workgroups((size.columns * size.rows).div_ceil(64) as u32, 1, 1);
            }
        }
        encoder.copy_buffer_to_buffer(&buffers.cells, 0, &buffers.read_back, 0, buffers.read_back.size());
        self.queue.submit([encoder.finish()]);
        let landing = Arc::new(Mutex::new(Landing::default()));
        buffers.waiting = Some(Arc::clone(&landing));
        buffers.read_back.map_async(wgpu::MapMode::Read, .., move |outcome| {
            let mut landing = landing.lock().unwrap_or_else(PoisonError::into_inner);
            landing.outcome = Some(outcome);
            if let Some(waker) = landing.waker.take() {
                waker.wake();
            }
        });
        Ok(())
    }

    /// The flow of the pictures that were handed over last.
    ///
    /// # Errors
    /// [`WebGpuFlowError::NotStarted`], [`WebGpuFlowError::Device`].
    pub async fn finish(&mut self) -> Result<FlowField<'_>, WebGpuFlowError> {
        let buffers = self.buffers.as_mut().ok_or(WebGpuFlowError::NotStarted)?;
        let landing = buffers.waiting.clone().ok_or(WebGpuFlowError::NotStarted)?;
        // Nothing drives a device of this machine but whoever waits for it; in a browser this does nothing.
        let polled = self.device.poll(wgpu::PollType::wait_indefinitely());
        polled.map_err(|error| WebGpuFlowError::Device(error.to_string()))?;
        let outcome = poll_fn(|context| {
            let mut landing = landing.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(outcome) = landing.outcome.take() {
                return Poll::Ready(outcome);
            }
            landing.waker = Some(context.waker().clone());
            Poll::Pending
        })
        .await;
        buffers.waiting = None;
        outcome.map_err(|error| WebGpuFlowError::Device(error.to_string()))?;
        self.numbers.clear();
        {
            let bytes = buffers.read_back.get_mapped_range(..);
            let bytes = bytes.map_err(|error| WebGpuFlowError::Device(error.to_string()))?;
            let words = bytes.chunks_exact(4);
            self.numbers.extend(words.map(|word| f32::from_le_bytes([word[0], word[1], word[2], word[3]])));
        }
        buffers.read_back.unmap();
        let size = buffers.sizes[0];
        FlowField::new(&self.numbers, size.width, size.height).ok_or_else(|| {
            WebGpuFlowError::Device("as many cells as the picture has did not come back".into())
        })
    }
}

fn layout_entry(binding: u32, ty: wgpu::BufferBindingType) -> wgpu::BindGroupLayoutEntry {
    wgpu::BindGroupLayoutEntry {
        binding,
        visibility: wgpu::ShaderStages::COMPUTE,
        ty: wgpu::BindingType::Buffer { ty, has_dynamic_offset: false, min_binding_size: None },
        count: None,
    }
}

impl Buffers {
    fn new(
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        layout: &wgpu::BindGroupLayout,
        (width, height): (usize, usize),
    ) -> Self {
        let sizes: Vec<Size> = (0..level_count(width, height).min(MAX_SIZES))
            .map(|level| {
                let (width, height) = (width >> level, height >> level);
                let pitch = if level == 0 { CELL } else { PITCH };
                // The full size has whole cells only.
                Size { width, height, columns: width.div_ceil(pitch), rows: height.div_ceil(pitch) }
            })
            .collect();
        let (mut words, mut level_at, mut found_at) = (vec![sizes.len() as u32, 0, 0, 0], 0, 0);
        for size in &sizes {
            let pixels = size.width * size.height;
            let numbers =
                [size.width, size.height, level_at, level_at + pixels, size.columns, size.rows, found_at, 0];
            words.extend(numbers.map(|number| number as u32));
            level_at += 2 * pixels;
            found_at += size.columns * size.rows;
        }
        words.resize(HEAD_WORDS + MAX_SIZES * SIZE_WORDS, 0);
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        let buffer = |label, size: usize, usage| {
            let size = size as u64;
            device.create_buffer(&wgpu::BufferDescriptor {
                label: Some(label),
                size,
                usage,
                mapped_at_creation: false,
            })
        };
        let storage = wgpu::BufferUsages::STORAGE;
        let setup =
            buffer("flow setup", bytes.len(), wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST);
        queue.write_buffer(&setup, 0, &bytes);
        let cell_bytes = 4 * NUMBERS * sizes[0].columns * sizes[0].rows;
        let grey = buffer("flow grey", 2 * width * height, storage | wgpu::BufferUsages::COPY_DST);
        let cells = buffer("flow cells", cell_bytes, storage | wgpu::BufferUsages::COPY_SRC);
        let all = [
            &setup,
            &grey,
            &buffer("flow levels", 4 * level_at, storage),
            &buffer("flow found", 16 * found_at, storage),
            &buffer("flow whole", 16, storage),
            &cells,
        ];
        let entries: Vec<_> = (0..)
            .zip(all)
            .map(|(binding, buffer)| wgpu::BindGroupEntry { binding, resource: buffer.as_entire_binding() })
            .collect();
        let group = device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("flow"),
            layout,
            entries: &entries,
        });
        let read_back =
            buffer("flow read-back", cell_bytes, wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::MAP_READ);
        Self { sizes, grey, cells, read_back, group, bytes: Vec::new(), waiting: None }
    }
}
