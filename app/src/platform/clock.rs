//! The two clocks of the page.

use super::js;
use gloo_timers::future::TimeoutFuture;

/// Milliseconds since the Unix epoch, on the machine's clock; may jump.
#[must_use]
pub fn epoch_ms() -> i64 {
    js_sys::Date::now() as i64
}

/// Milliseconds on a clock that never goes back; its origin is the start of the page.
#[must_use]
pub fn monotonic_ms() -> f64 {
    js::window().performance().map_or_else(js_sys::Date::now, |performance| performance.now())
}

/// The time of day at a moment of the monotonic clock, milliseconds since the Unix epoch.
#[must_use]
pub fn epoch_of(monotonic: f64) -> i64 {
    (js_sys::Date::now() - (monotonic_ms() - monotonic)) as i64
}

/// Waits. In a hidden tab browsers wake timers once a second at best.
pub async fn sleep(ms: f64) {
    TimeoutFuture::new(ms.clamp(0.0, 2e9) as u32).await;
}

/// A random share from 0 to 1, for jitter.
#[must_use]
pub fn chance() -> f64 {
    js_sys::Math::random()
}
