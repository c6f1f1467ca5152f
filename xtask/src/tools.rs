//! The tools of the build, each at the version that the project needs, installed under `<target>/tools`. What is on the
//! path already at that version is used as it is.

use crate::context::Context;
use crate::failure::Stop;
use crate::npm;
use crate::process::{Run, find, path};
use crate::stamp::{Inputs, unless_fresh};
use anyhow::Context as _;
use std::process::Command;

/// A program that cargo builds.
pub(crate) struct CargoTool {
    /// Name of the crate.
    pub(crate) package: &'static str,
    /// Exact version; `None` for the one that `Cargo.lock` gives to `wasm-bindgen`.
    pub(crate) version: Option<&'static str>,
    /// Programs that must be there afterwards.
    pub(crate) programs: &'static [&'static str],
    /// Arguments that ask the first program for its version.
    pub(crate) ask: &'static [&'static str],
    /// More arguments for `cargo install`.
    pub(crate) more: &'static [&'static str],
    /// Optimisation level: what works through megabytes of wasm is worth some, what only calls others is not.
    pub(crate) level: &'static str,
    /// Any version on the path will do (tools that only judge or run, and make nothing that ships).
    pub(crate) any: bool,
}

/// Builds the page. 0.22 wants a newer Rust.
pub(crate) const TRUNK: CargoTool = CargoTool {
    package: "trunk",
    version: Some("0.21.14"),
    programs: &["trunk"],
    ask: &["--version"],
    // Without its update check, which would ask the internet.
    more: &["--no-default-features", "--features", "rustls"],
    level: "0",
    any: false,
};

/// Must be of the very version of the library in `Cargo.lock`.
const WASM_BINDGEN: CargoTool = CargoTool {
    package: "wasm-bindgen-cli",
    version: None,
    programs: &["wasm-bindgen", "wasm-bindgen-test-runner"],
    ask: &["--version"],
    more: &[],
    level: "1",
    any: false,
};

/// Runs tests, each in its own process.
pub(crate) const NEXTEST: CargoTool = CargoTool {
    package: "cargo-nextest",
    version: Some("0.9.151"),
    programs: &["cargo-nextest"],
    ask: &["nextest", "--version"],
    more: &["--no-default-features", "--features", "default-no-update"],
    level: "0",
    any: true,
};

/// Judges licences, sources and doubled crates.
pub(crate) const DENY: CargoTool = CargoTool {
    package: "cargo-deny",
    version: Some("0.20.2"),
    programs: &["cargo-deny"],
    ask: &["--version"],
    more: &[],
    level: "0",
    any: true,
};

/// Finds misspellings.
pub(crate) const TYPOS: CargoTool = CargoTool {
    package: "typos-cli",
    version: Some("1.52.0"),
    programs: &["typos"],
    ask: &["--version"],
    more: &[],
    level: "0",
    any: true,
};

/// What every build needs and xtask cannot install.
pub(crate) fn require_system(context: &Context) -> anyhow::Result<()> {
    require_cc(context)?;
    npm::require_node(context, npm::NODE_FOR_BUILD)
}

/// Everything that a build of the app needs. What takes seconds comes first: a registry that cannot be reached shows before
/// the tools have compiled for minutes.
pub(crate) fn for_build(context: &Context) -> anyhow::Result<()> {
    require_system(context)?;
    npm::install(context, "build", "xtask/npm/build")?;
    wasm_target(context)?;
    install(context, &WASM_BINDGEN)?;
    install(context, &TRUNK)
}

/// What the workers need.
pub(crate) fn for_workers(context: &Context) -> anyhow::Result<()> {
    require_system(context)?;
    wasm_target(context)?;
    install(context, &WASM_BINDGEN)
}

/// Build scripts and the tools need a linker.
pub(crate) fn require_cc(context: &Context) -> anyhow::Result<()> {
    match find(context, &["cc"]) {
        Some(_) => Ok(()),
        None => Err(Stop::new(
            "There is no C compiler (cc) on the path.",
            "install one (on Debian, as root: apt-get install build-essential), then run the same command again",
        )),
    }
}

/// The wasm32 target of the pinned toolchain.
pub(crate) fn wasm_target(context: &Context) -> anyhow::Result<()> {
    const TARGET: &str = "wasm32-unknown-unknown";
    let output = Command::new("rustc")
        .args(["--print", "target-libdir", "--target", TARGET])
        .current_dir(&context.root)
        .output()
        .map_err(|_| Stop::new("rustc is not on the path.", "install Rust with rustup, then try again"))?;
    let folder = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if output.status.success() && std::path::Path::new(&folder).is_dir() {
        return Ok(());
    }
    context.console.step("rust target", "adding wasm32-unknown-unknown", || {
        Run::new(context, "rust target", "rustup").args(["target", "add", TARGET]).go().map(drop)
    })
}

/// Installs a program with cargo, with settings that make it quick to build and quick enough to use.
pub(crate) fn install(context: &Context, tool: &CargoTool) -> anyhow::Result<()> {
    let version = match tool.version {
        Some(version) => version.to_owned(),
        None => locked_version(context, "wasm-bindgen")?,
    };
    if is_there(context, tool, &version) {
        return Ok(());
    }
    let programs: Vec<_> = tool.programs.iter().map(|program| context.tools_bin().join(program)).collect();
    let inputs = Inputs::new().text(tool.package).text(&version).text(&tool.more.join(" "));
    let doing = format!("building {version} (some minutes, once)");
    unless_fresh(context, tool.package, &doing, inputs, &programs, || {
        let locked = cargo_install(context, tool, &version, true);
        // A registry mirror may lag behind the versions that a tool was locked to; its own requirements then decide.
        if locked.is_err() {
            context.console.line(tool.package, "not with its own lock file; again without it");
            cargo_install(context, tool, &version, false).map_err(|_| {
                Stop::new(
                    format!("{} {version} could not be installed.", tool.package),
                    "look at the lines above: without network, try again when it is back; otherwise put the program on the path yourself",
                )
            })?;
        }
        Ok(())
    })
}

fn cargo_install(context: &Context, tool: &CargoTool, version: &str, locked: bool) -> anyhow::Result<()> {
    Run::cargo(context, tool.package)
        .args(["install", tool.package, "--version", &format!("={version}"), "--force", "--root"])
        .arg(context.tools().join("cargo"))
        .args(tool.more)
        .args(locked.then_some("--locked"))
        .env("CARGO_TARGET_DIR", context.tools().join("compile"))
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", tool.level)
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_DEBUG", "0")
        .env("CARGO_PROFILE_RELEASE_STRIP", "true")
        .go()
        .map(drop)
}

/// Whether the right program is on the path, ours or the system's.
fn is_there(context: &Context, tool: &CargoTool, version: &str) -> bool {
    let found: Option<Vec<_>> = tool.programs.iter().map(|program| find(context, &[program])).collect();
    let Some(program) = found.and_then(|found| found.into_iter().next()) else { return false };
    let Ok(output) = Command::new(program).args(tool.ask).output() else { return false };
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    output.status.success() && (tool.any || text.split_whitespace().any(|word| word == version))
}

/// The version of a crate in `Cargo.lock`.
fn locked_version(context: &Context, package: &str) -> anyhow::Result<String> {
    let lock = std::fs::read_to_string(context.root.join("Cargo.lock")).context("reading Cargo.lock")?;
    version_in_lock(&lock, package).with_context(|| format!("Cargo.lock does not name {package}"))
}

fn version_in_lock(lock: &str, package: &str) -> Option<String> {
    let mut lines = lock.lines().skip_while(|line| *line != format!("name = \"{package}\""));
    lines.nth(1)?.strip_prefix("version = \"")?.strip_suffix('"').map(str::to_owned)
}

/// Shell lines for `eval`.
pub(crate) fn print_env(context: &Context) {
    println!("export PATH='{}'", path(context).to_string_lossy());
    println!("export CARGO_TARGET_DIR='{}'", context.target.display());
    println!("export TRUNK_OFFLINE=true TRUNK_SKIP_VERSION_CHECK=true");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lock_version_is_that_of_the_named_package() {
        let lock = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.80\"\n\n[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\nsource = \"x\"\n";
        assert_eq!(version_in_lock(lock, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(version_in_lock(lock, "wasm"), None);
    }
}
