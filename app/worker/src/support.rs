//! What a browser must understand for each worker to run in it.
//!
//! Each probe is a whole wasm module with one function that uses one instruction of the proposal; a browser that lacks the
//! proposal refuses the module. The page gives the bytes to `WebAssembly.validate`, which neither compiles nor runs them.

/// Valid where the browser has 128-bit SIMD: `() -> v128 { i8x16.popcnt(i8x16.splat(0)) }`. Every CPU worker needs it.
pub const SIMD_PROBE: &[u8] = &[
    0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, // magic, version 1
    0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b, // one type: () -> v128
    0x03, 0x02, 0x01, 0x00, // one function of that type
    0x0a, 0x0a, 0x01, 0x08, 0x00, // its body, without locals
    0x41, 0x00, 0xfd, 0x0f, // i32.const 0, i8x16.splat
    0xfd, 0x62, 0x0b, // i8x16.popcnt, end
];

/// Valid where the browser has relaxed SIMD: `() -> v128 { i8x16.relaxed_swizzle(splat(1), splat(2)) }`. The worker
/// `cpu-relaxed` needs it.
pub const RELAXED_SIMD_PROBE: &[u8] = &[
    0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, // magic, version 1
    0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b, // one type: () -> v128
    0x03, 0x02, 0x01, 0x00, // one function of that type
    0x0a, 0x0f, 0x01, 0x0d, 0x00, // its body, without locals
    0x41, 0x01, 0xfd, 0x0f, // i32.const 1, i8x16.splat
    0x41, 0x02, 0xfd, 0x0f, // i32.const 2, i8x16.splat
    0xfd, 0x80, 0x02, 0x0b, // i8x16.relaxed_swizzle, end
];

#[cfg(test)]
mod tests {
    use super::*;
    use wasmparser::{Validator, WasmFeatures};

    fn accepted(module: &[u8], features: WasmFeatures) -> bool {
        Validator::new_with_features(features).validate_all(module).is_ok()
    }

    #[test]
    fn simd_probe_asks_for_simd_and_nothing_more() {
        let none = WasmFeatures::MVP;
        assert!(!accepted(SIMD_PROBE, none));
        assert!(accepted(SIMD_PROBE, none | WasmFeatures::SIMD));
    }

    #[test]
    fn relaxed_probe_asks_for_relaxed_simd() {
        let simd = WasmFeatures::MVP | WasmFeatures::SIMD;
        assert!(!accepted(RELAXED_SIMD_PROBE, simd));
        assert!(accepted(RELAXED_SIMD_PROBE, simd | WasmFeatures::RELAXED_SIMD));
    }
}
