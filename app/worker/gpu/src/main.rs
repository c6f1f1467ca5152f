//! The WebGPU inference worker as its own wasm module: burn on wgpu, without autotune and fusion, so that the same kernels
//! run every time.

mod adapter;
mod flow;

use burn::tensor::{Device, wgpu::wgpu::DeviceLostReason};
use std::sync::Arc;
use vigie_worker::{
    host::{self, DeviceFlow, Fault, OpenDevice, Platform, die},
    messages::{EngineKind, FailureCode},
};

struct WebGpu;

impl Platform for WebGpu {
    const KIND: EngineKind = EngineKind::WebGpu;

    async fn open() -> Result<OpenDevice, Fault> {
        let facts = adapter::ask().await?;
        let (device, setup) = Device::wgpu_options()
            .init_with_setup_async()
            .await
            .map_err(|error| Fault::new(FailureCode::NoDevice, error.to_string()))?;

        setup.device.set_device_lost_callback(|reason, message| {
            // "Destroyed" is this worker's own end; any other loss is news.
            if !matches!(reason, DeviceLostReason::Destroyed) {
                die(&Fault::new(FailureCode::DeviceLost, message));
            }
        });
        // A kernel that does not compile or a buffer that does not fit leaves wrong numbers behind, not an error in the
        // results: whatever the device complains of ends this worker.
        setup.device.on_uncaptured_error(Arc::new(|error| {
            die(&Fault::new(FailureCode::Internal, format!("the GPU device reported: {error}")));
        }));
        flow::remember(setup.device, setup.queue);
        Ok(OpenDevice { device, adapter: facts.name(), software_gpu: facts.is_software() })
    }

    async fn flow() -> Option<Result<Box<dyn DeviceFlow>, String>> {
        flow::open().await
    }
}

fn main() {
    host::serve::<WebGpu>();
}
