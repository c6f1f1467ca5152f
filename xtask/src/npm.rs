//! Sets of npm packages, pinned by a lock file beside their `package.json` and installed under the target directory.

use crate::context::Context;
use crate::failure::Stop;
use crate::process::{Run, find};
use crate::stamp::{Inputs, unless_fresh};
use anyhow::Context as _;
use std::path::PathBuf;

/// Oldest major version of Node.js that the tools of the build run on.
pub(crate) const NODE_FOR_BUILD: u32 = 18;
/// Oldest that Playwright runs on.
pub(crate) const NODE_FOR_TESTS: u32 = 20;

/// Stops when npm is missing, or node is missing or older than the major version `oldest`.
pub(crate) fn require_node(context: &Context, oldest: u32) -> anyhow::Result<()> {
    let next = format!(
        "install Node.js {oldest} or later with npm (Debian has them as nodejs and npm), then run the same command again"
    );
    if find(context, &["node"]).is_none() || find(context, &["npm"]).is_none() {
        return Err(Stop::new("Node.js and npm are needed, and not both are on the path.", next));
    }
    let version = Run::new(context, "node", "node").arg("--version").go()?.join("");
    let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    if major.is_none_or(|major| major < oldest) {
        return Err(Stop::new(format!("Node.js {version} is too old: {oldest} is needed."), next));
    }
    Ok(())
}

/// Installs the set in `folder` (relative to the root) as `<target>/tools/<name>` and gives its `node_modules`.
pub(crate) fn install(context: &Context, name: &str, folder: &str) -> anyhow::Result<PathBuf> {
    let place = context.tools().join(name);
    let modules = place.join("node_modules");
    let manifest = format!("{folder}/package.json");
    let lock = format!("{folder}/package-lock.json");
    let inputs = Inputs::new().paths(context, &[&manifest, &lock])?;
    let step = format!("npm {name}");
    unless_fresh(context, &step, "fetching", inputs, &[modules.join(".package-lock.json")], || {
        require_node(context, NODE_FOR_BUILD)?;
        std::fs::create_dir_all(&place).context("creating a folder for npm packages")?;
        for (from, to) in [(&manifest, "package.json"), (&lock, "package-lock.json")] {
            std::fs::copy(context.root.join(from), place.join(to))
                .with_context(|| format!("copying {from}"))?;
        }
        Run::new(context, &step, "npm")
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
            .dir(&place)
            .go()
            .map(drop)
            .map_err(|_| unreachable_registry("npm"))
    })?;
    Ok(modules)
}

/// What to say when a fetch fails.
pub(crate) fn unreachable_registry(which: &str) -> anyhow::Error {
    Stop::new(
        format!("The {which} registry could not be reached, or it refused."),
        "look at the lines above; check the network or the proxy, then run the same command again (what is done stays done)",
    )
}
