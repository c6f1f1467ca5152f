//! Motion measured on the engine's own device, for engines that can: the flow between a frame's grey picture and the last one's, which the page
//! would measure otherwise.
//!
//! A worker has no state of a camera: the page sends the last picture along. The device gets both before the network's turn, and its answer
//! is fetched after the network's, so that nothing waits for it.

use super::port::Fault;
use crate::messages::{FailureCode, FlowReport};
use std::future::Future;
use std::pin::Pin;
use vigie_engine::Luma;

/// What a device has to say, later.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, String>> + 'a>>;

/// Measures flow on a device. Errors are the device's words.
pub trait DeviceFlow {
    /// Measures pictures of which the flow is known: the share of the cells that are apart, and the share that may be.
    fn self_test(&mut self) -> Answer<'_, (f32, f32)>;

    /// Hands over the last picture and this one, of the same size.
    ///
    /// # Errors
    /// Pictures that the device cannot take.
    fn start(&mut self, last: Luma<'_>, now: Luma<'_>) -> Result<(), String>;

    /// The numbers of [`vigie_engine::motion::FlowField`] of the pictures that were handed over last.
    fn finish(&mut self) -> Answer<'_, Vec<f32>>;
}

/// The flow of a session, if its device has one that computes what the CPU does.
pub(crate) async fn tested(
    opened: Option<Result<Box<dyn DeviceFlow>, String>>,
    now_ms: impl Fn() -> f64,
) -> (Option<Box<dyn DeviceFlow>>, FlowReport) {
    let refused = |why: String| (None, FlowReport::Refused { why });
    let mut flow = match opened {
        None => return (None, FlowReport::Page),
        Some(Err(why)) => return refused(why),
        Some(Ok(flow)) => flow,
    };
    let before = now_ms();
    match flow.self_test().await {
        Err(why) => refused(why),
        Ok((apart, tolerance)) if apart <= tolerance => {
            (Some(flow), FlowReport::Device { apart, tolerance, ms: now_ms() - before })
        }
        Ok((apart, tolerance)) => refused(format!(
            "the reference pictures move otherwise in {apart} of the cells, accepted is {tolerance}"
        )),
    }
}

/// A device that has started and does not finish is of no further use.
pub(crate) fn fault(why: &str) -> Fault {
    Fault::new(FailureCode::DeviceLost, format!("measuring motion: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::executor::block_on;

    struct Fixed(Result<f32, String>);

    impl DeviceFlow for Fixed {
        fn self_test(&mut self) -> Answer<'_, (f32, f32)> {
            Box::pin(async { self.0.clone().map(|apart| (apart, 0.05)) })
        }

        fn start(&mut self, _last: Luma<'_>, _now: Luma<'_>) -> Result<(), String> {
            Ok(())
        }

        fn finish(&mut self) -> Answer<'_, Vec<f32>> {
            Box::pin(async { Ok(Vec::new()) })
        }
    }

    #[test]
    fn only_a_flow_that_agrees_is_used() {
        let report = |opened: Option<Result<f32, String>>| {
            let boxed = |apart| Ok(Box::new(Fixed(apart)) as Box<dyn DeviceFlow>);
            let (flow, report) = block_on(tested(opened.map(boxed), || 0.0));
            assert_eq!(flow.is_some(), matches!(report, FlowReport::Device { .. }));
            report
        };
        assert_eq!(report(None), FlowReport::Page);
        assert!(matches!(report(Some(Ok(0.01))), FlowReport::Device { .. }));
        for bad in [Ok(0.2), Ok(f32::NAN), Err("no such shader".to_owned())] {
            assert!(matches!(report(Some(bad)), FlowReport::Refused { .. }));
        }
    }
}
