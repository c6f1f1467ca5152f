//! What of an engine's life is told, so that one that fails again and again does not fill the record.

use super::Rung;
use vigie_worker::messages::{FailureCode, ModelName};

/// What was told since an engine last proved itself. A self-test that passes proves little: an engine may pass it and die at
/// its first frame.
#[derive(Clone, Debug, Default)]
pub struct Telling {
    fault: Option<(FailureCode, String)>,
    ready: Option<(Rung, ModelName)>,
    analysed: u32,
}

impl Telling {
    /// Frames after which an engine works.
    pub const PROOF: u32 = 20;

    /// An engine is started.
    pub fn started(&mut self) {
        self.analysed = 0;
    }

    /// An engine failed; true when that is news.
    pub fn fault(&mut self, code: FailureCode, message: &str) -> bool {
        let fault = (code, message.to_owned());
        self.fault.replace(fault.clone()) != Some(fault)
    }

    /// An engine passed its self-test; true when that is news.
    pub fn ready(&mut self, rung: Rung, model: ModelName) -> bool {
        self.ready.replace((rung, model)) != Some((rung, model))
    }

    /// A frame was analysed; true when the engine has just proved itself.
    pub fn analysed(&mut self) -> bool {
        self.analysed = self.analysed.saturating_add(1);
        let proved = self.analysed == Self::PROOF;
        if proved {
            (self.fault, self.ready) = (None, None);
        }
        proved
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_engine_that_dies_at_its_first_frame_is_told_once() {
        let mut telling = Telling::default();
        let mut told = 0;
        for _ in 0..50 {
            telling.started();
            told += u32::from(telling.ready(Rung::Cpu, ModelName::Lite0));
            assert!(!telling.analysed(), "one frame proves nothing");
            told += u32::from(telling.fault(FailureCode::Internal, "trap"));
        }
        assert_eq!(told, 2);
        assert!(telling.fault(FailureCode::Internal, "another trap"));
        assert!(telling.ready(Rung::Cpu, ModelName::Lite1));
    }

    #[test]
    fn after_an_engine_has_worked_its_next_failure_is_news() {
        let mut telling = Telling::default();
        telling.started();
        assert!(telling.ready(Rung::Gpu, ModelName::Lite0));
        assert!(telling.fault(FailureCode::DeviceLost, "lost"));
        telling.started();
        let proofs = (0..100).filter(|_| telling.analysed()).count();
        assert_eq!(proofs, 1);
        assert!(telling.fault(FailureCode::DeviceLost, "lost"));
        assert!(telling.ready(Rung::Gpu, ModelName::Lite0));
    }
}
