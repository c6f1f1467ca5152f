//! The CPU inference worker as its own wasm module, for browsers with relaxed SIMD.

fn main() {
    vigie_worker_cpu::serve();
}
