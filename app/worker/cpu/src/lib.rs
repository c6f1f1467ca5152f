//! The CPU inference worker: burn `flex` with 128-bit SIMD, one thread. Two programs come of it, one for each set of
//! instructions, under names of their own: cargo would hand out one for the other if they shared theirs.

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

/// Runs the worker.
pub fn serve() {
    host::serve::<Cpu>();
}
