//! What a GPU is called, and whether it is one.

/// What a browser says of its WebGPU adapter (`GPUAdapterInfo`); every string may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AdapterFacts {
    /// `vendor`, such as `intel` or `google`.
    pub vendor: String,
    /// `architecture`, such as `gen-12lp` or `swiftshader`.
    pub architecture: String,
    /// `device`, often empty.
    pub device: String,
    /// `description`, the driver's own name for the adapter; most browsers leave it empty.
    pub description: String,
    /// `isFallbackAdapter`.
    pub fallback: bool,
}

/// Names under which GPUs that are emulated on the CPU are known.
const SOFTWARE: [&str; 6] =
    ["swiftshader", "llvmpipe", "lavapipe", "softpipe", "warp", "microsoft basic render"];

impl AdapterFacts {
    /// The most telling name there is, in the adapter's own words.
    #[must_use]
    pub fn name(&self) -> String {
        if !self.description.trim().is_empty() {
            return self.description.trim().to_owned();
        }
        let parts: Vec<&str> = [&self.vendor, &self.architecture, &self.device]
            .into_iter()
            .map(|part| part.trim())
            .filter(|part| !part.is_empty())
            .collect();
        if parts.is_empty() { "WebGPU (the browser does not name it)".to_owned() } else { parts.join(" ") }
    }

    /// True for a GPU that is emulated on the CPU.
    #[must_use]
    pub fn is_software(&self) -> bool {
        let known = |text: &str| SOFTWARE.iter().any(|name| text.to_lowercase().contains(name));
        self.fallback
            || [&self.vendor, &self.architecture, &self.device, &self.description]
                .into_iter()
                .any(|text| known(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(vendor: &str, architecture: &str, description: &str) -> AdapterFacts {
        AdapterFacts {
            vendor: vendor.to_owned(),
            architecture: architecture.to_owned(),
            description: description.to_owned(),
            ..AdapterFacts::default()
        }
    }

    #[test]
    fn prefers_the_drivers_own_name() {
        assert_eq!(facts("intel", "gen-12lp", "Intel Iris Xe").name(), "Intel Iris Xe");
        assert_eq!(facts("intel", "gen-12lp", "").name(), "intel gen-12lp");
        assert_eq!(AdapterFacts::default().name(), "WebGPU (the browser does not name it)");
    }

    #[test]
    fn software_gpus_are_recognised_under_each_of_their_names() {
        for software in [
            facts("google", "swiftshader", ""),
            facts("mesa", "", "llvmpipe (LLVM 15.0.6, 256 bits)"),
            facts("microsoft", "warp", ""),
            facts("microsoft", "", "Microsoft Basic Render Driver"),
            AdapterFacts { fallback: true, ..AdapterFacts::default() },
        ] {
            assert!(software.is_software(), "{software:?}");
        }
        for real in [facts("nvidia", "ampere", ""), facts("apple", "metal-3", ""), facts("", "", "")] {
            assert!(!real.is_software(), "{real:?}");
        }
    }
}
