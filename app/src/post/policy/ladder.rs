//! Which engine runs, and which comes next when it fails.

use vigie_worker::messages::{EngineKind, FailureCode};

/// What the address of the page asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum EngineChoice {
    /// The best that works.
    #[default]
    Auto,
    /// No GPU.
    Cpu,
    /// The GPU first, even one that is emulated.
    WebGpu,
}

/// One worker file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rung {
    /// WebGPU.
    Gpu,
    /// CPU with relaxed SIMD.
    CpuRelaxed,
    /// CPU with 128-bit SIMD.
    Cpu,
}

impl Rung {
    /// Where its script lies, under the page's own origin.
    #[must_use]
    pub fn script(self) -> &'static str {
        match self {
            Self::Gpu => "/workers/gpu/boot.js",
            Self::CpuRelaxed => "/workers/cpu-relaxed/boot.js",
            Self::Cpu => "/workers/cpu/boot.js",
        }
    }

    /// The engine in it.
    #[must_use]
    pub fn kind(self) -> EngineKind {
        match self {
            Self::Gpu => EngineKind::WebGpu,
            Self::CpuRelaxed | Self::Cpu => EngineKind::Cpu,
        }
    }
}

/// What the browser has.
#[derive(Clone, Debug)]
pub struct Means {
    /// `Err` says why there is no GPU worth using.
    pub gpu: Result<(), String>,
    /// Whether there is a GPU at all, emulated ones included.
    pub any_gpu: bool,
    /// Relaxed SIMD.
    pub relaxed_simd: bool,
}

/// The order of engines, best first, and where we stand in it.
#[derive(Clone, Debug)]
pub struct Ladder {
    rungs: Vec<Rung>,
    at: usize,
    given_up: Option<(FailureCode, String)>,
}

impl Ladder {
    /// Sets up the order. A GPU that is emulated on the CPU is slower than the CPU engine: it is skipped, with the reason
    /// told, unless the address asks for it.
    #[must_use]
    pub fn new(choice: EngineChoice, means: &Means) -> Self {
        let mut rungs = Vec::new();
        let mut given_up = None;
        match (choice, &means.gpu) {
            (EngineChoice::Cpu, _) => {}
            (_, Ok(())) => rungs.push(Rung::Gpu),
            (EngineChoice::WebGpu, Err(_)) if means.any_gpu => rungs.push(Rung::Gpu),
            (_, Err(why)) => given_up = Some((FailureCode::NoDevice, why.clone())),
        }
        if means.relaxed_simd {
            rungs.push(Rung::CpuRelaxed);
        }
        rungs.push(Rung::Cpu);
        Self { rungs, at: 0, given_up }
    }

    /// The engine to use now.
    #[must_use]
    pub fn rung(&self) -> Rung {
        self.rungs[self.at]
    }

    /// Why an engine higher in the order is not in use.
    #[must_use]
    pub fn given_up(&self) -> Option<&(FailureCode, String)> {
        self.given_up.as_ref()
    }

    /// The present engine failed. Returns the next one down, or `None` when this was the last: it is to be started
    /// again after a while.
    pub fn step_down(&mut self, code: FailureCode, message: String) -> Option<Rung> {
        if self.at + 1 >= self.rungs.len() {
            return None;
        }
        self.at += 1;
        // The highest engine that was given up explains the most; a missing adapter is less telling than a fault.
        if self.given_up.as_ref().is_none_or(|(known, _)| *known == FailureCode::NoDevice) {
            self.given_up = Some((code, message));
        }
        Some(self.rung())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn means(gpu: Result<(), &str>, any_gpu: bool, relaxed_simd: bool) -> Means {
        Means { gpu: gpu.map_err(str::to_owned), any_gpu, relaxed_simd }
    }

    #[test]
    fn the_best_engine_comes_first_and_the_plain_one_last() {
        let mut ladder = Ladder::new(EngineChoice::Auto, &means(Ok(()), true, true));
        assert_eq!(ladder.rung(), Rung::Gpu);
        assert_eq!(ladder.given_up(), None);
        assert_eq!(ladder.step_down(FailureCode::SelfTest, "off by 3".into()), Some(Rung::CpuRelaxed));
        assert_eq!(ladder.step_down(FailureCode::Internal, "trap".into()), Some(Rung::Cpu));
        assert_eq!(ladder.step_down(FailureCode::Internal, "trap".into()), None);
        assert_eq!(ladder.given_up(), Some(&(FailureCode::SelfTest, "off by 3".to_owned())));
    }

    #[test]
    fn a_software_gpu_is_skipped_unless_asked_for() {
        let software = means(Err("software GPU"), true, false);
        let ladder = Ladder::new(EngineChoice::Auto, &software);
        assert_eq!(ladder.rung(), Rung::Cpu);
        assert_eq!(ladder.given_up(), Some(&(FailureCode::NoDevice, "software GPU".to_owned())));
        assert_eq!(Ladder::new(EngineChoice::WebGpu, &software).rung(), Rung::Gpu);
    }

    #[test]
    fn asking_for_the_cpu_is_no_fall_back() {
        let ladder = Ladder::new(EngineChoice::Cpu, &means(Err("no WebGPU"), false, true));
        assert_eq!(ladder.rung(), Rung::CpuRelaxed);
        assert_eq!(ladder.given_up(), None);
    }

    #[test]
    fn asking_for_a_gpu_that_is_not_there_says_so() {
        let ladder = Ladder::new(EngineChoice::WebGpu, &means(Err("no WebGPU"), false, false));
        assert_eq!(ladder.rung(), Rung::Cpu);
        assert!(ladder.given_up().is_some());
    }
}
