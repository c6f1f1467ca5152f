//! The CPU inference worker as its own wasm module, for every browser with wasm SIMD.

fn main() {
    vigie_worker_cpu::serve();
}
