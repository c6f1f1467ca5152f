//! The CPU inference worker as its own wasm module: burn `flex` with 128-bit SIMD, one thread.

use vigie_worker::{
    host::{self, Fault, OpenDevice, Platform},
    messages::EngineKind,
};

struct Cpu;

impl Platform for Cpu {
    const KIND: EngineKind = EngineKind::Cpu;

    async fn open() -> Result<OpenDevice, Fault> {
        let adapter = if cfg!(feature = "relaxed") { "wasm relaxed-simd" } else { "wasm simd128" };
        Ok(OpenDevice {
            device: burn::tensor::Device::flex(),
            adapter: adapter.to_owned(),
            software_gpu: false,
        })
    }
}

fn main() {
    host::serve::<Cpu>();
}
