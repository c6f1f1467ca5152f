//! One pass of a network as a bare wasm module, to be timed from JavaScript: see `models/benches/README.md`.
//!
//! The weights are zeros: no instruction here takes a different time for other numbers.

use burn::tensor::{Device, Tensor};
use vigie_models::config::Variant;
use vigie_models::network::EfficientDet;

use std::cell::RefCell;

/// Categories computed by the class head, as many as the engine asks for.
const CATEGORIES: [u8; 11] = [1, 2, 3, 4, 6, 7, 8, 17, 18, 27, 31];

thread_local! {
    static NETWORK: RefCell<Option<EfficientDet>> = const { RefCell::new(None) };
}

/// Prepares Lite0, Lite1 or Lite2; with `all_classes` not 0, with its whole class head.
#[expect(unsafe_code, reason = "the name is what JavaScript calls")]
#[unsafe(no_mangle)]
pub extern "C" fn prepare(variant: u32, all_classes: u32) {
    let variant = [Variant::Lite0, Variant::Lite1, Variant::Lite2][variant as usize];
    let network = EfficientDet::new(variant, &Device::flex());
    let network = if all_classes == 0 { network.keep_classes(&CATEGORIES) } else { network };
    NETWORK.set(Some(network));
}

/// One pass over a grey picture of this size. The number of values that came out.
///
/// # Panics
/// When `prepare` was not called first.
#[expect(unsafe_code, reason = "the name is what JavaScript calls")]
#[unsafe(no_mangle)]
pub extern "C" fn pass(height: usize, width: usize) -> usize {
    let image = Tensor::<4>::zeros([1, 3, height, width], &Device::flex());
    NETWORK.with_borrow(|network| {
        let network = network.as_ref().expect("prepare is called first");
        network.forward(image).flatten().dims()[0]
    })
}
