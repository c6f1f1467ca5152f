//! Motion on the device that the network runs on.

use burn::tensor::wgpu::wgpu::{Device, Queue};
use std::cell::RefCell;
use vigie_engine::Luma;
use vigie_engine::motion::webgpu::{WebGpuFlow, selftest};
use vigie_worker::host::{Answer, DeviceFlow};

thread_local! {
    static GPU: RefCell<Option<(Device, Queue)>> = const { RefCell::new(None) };
}

/// Keeps what the flow needs of the device that was opened.
pub(crate) fn remember(device: Device, queue: Queue) {
    GPU.set(Some((device, queue)));
}

/// Compiles the shaders for it.
pub(crate) async fn open() -> Option<Result<Box<dyn DeviceFlow>, String>> {
    let (device, queue) = GPU.with_borrow(Clone::clone)?;
    let flow = WebGpuFlow::new(device, queue).await;
    Some(flow.map(|flow| Box::new(OnDevice(flow)) as Box<dyn DeviceFlow>).map_err(|error| error.to_string()))
}

struct OnDevice(WebGpuFlow);

impl DeviceFlow for OnDevice {
    fn self_test(&mut self) -> Answer<'_, (f32, f32)> {
        Box::pin(async {
            let agreement = selftest::self_test(&mut self.0).await.map_err(|error| error.to_string())?;
            // Where nothing could be compared, nothing agrees.
            let apart = if agreement.cells > 0 { agreement.apart } else { 1.0 };
            Ok((apart, selftest::TOLERANCE))
        })
    }

    fn start(&mut self, last: Luma<'_>, now: Luma<'_>) -> Result<(), String> {
        self.0.start(last, now).map_err(|error| error.to_string())
    }

    fn finish(&mut self) -> Answer<'_, Vec<f32>> {
        Box::pin(async {
            let field = self.0.finish().await.map_err(|error| error.to_string())?;
            Ok(field.numbers().to_vec())
        })
    }
}
