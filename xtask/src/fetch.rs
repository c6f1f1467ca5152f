//! Files from pinned npm packages: fetched with the ordinary client, held against the integrity that is written here,
//! unpacked, and each file held against its SHA-256.

use crate::context::Context;
use crate::failure::Stop;
use crate::npm;
use crate::process::Run;
use crate::stamp::hex;
use anyhow::Context as _;
use base64::Engine as _;
use sha2::{Digest as _, Sha256, Sha512};
use std::path::{Path, PathBuf};

/// A package of the npm registry.
pub(crate) struct Package {
    /// Name and exact version, as npm writes it.
    pub(crate) spec: &'static str,
    /// The registry's integrity: base64 of the SHA-512 of the tarball.
    pub(crate) sha512: &'static str,
}

/// A file of a package.
pub(crate) struct File {
    /// Path inside the tarball.
    pub(crate) path: &'static str,
    /// SHA-256, lower-case hexadecimal.
    pub(crate) sha256: &'static str,
}

/// Makes sure that the files lie in `place`, each under its last name, and gives their paths.
pub(crate) fn files(
    context: &Context,
    step: &str,
    package: &Package,
    files: &[File],
    place: &Path,
) -> anyhow::Result<Vec<PathBuf>> {
    let targets: Vec<PathBuf> = files.iter().map(|file| place.join(last_name(file.path))).collect();
    let good = |file: &File, target: &Path| sha256_of(target).is_ok_and(|found| found == file.sha256);
    if files.iter().zip(&targets).all(|(file, target)| good(file, target)) {
        context.console.line(step, "up to date");
        return Ok(targets);
    }
    context.console.step(step, &format!("fetching {}", package.spec), || {
        npm::require_node(context, npm::NODE_FOR_BUILD)?;
        std::fs::create_dir_all(place).context("creating a folder for fetched files")?;
        let scratch = place.join("unpack");
        std::fs::remove_dir_all(&scratch).ok();
        std::fs::create_dir_all(&scratch).context("creating a folder to unpack in")?;
        Run::new(context, step, "npm")
            .args(["pack", package.spec, "--ignore-scripts", "--pack-destination"])
            .arg(&scratch)
            .dir(&scratch)
            .go()
            .map_err(|_| npm::unreachable_registry("npm"))?;
        let tarball = tarball_in(&scratch)?;
        check_tarball(package, &tarball)?;
        Run::new(context, step, "tar")
            .arg("-xzf")
            .arg(&tarball)
            .arg("-C")
            .arg(&scratch)
            .args(files.iter().map(|file| file.path))
            .go()?;
        for (file, target) in files.iter().zip(&targets) {
            let unpacked = scratch.join(file.path);
            let found = sha256_of(&unpacked)?;
            if found != file.sha256 {
                return Err(wrong_hash(&format!("{} of {}", file.path, package.spec), file.sha256, &found));
            }
            std::fs::rename(&unpacked, target).with_context(|| format!("moving {}", file.path))?;
        }
        std::fs::remove_dir_all(&scratch).context("removing the folder to unpack in")
    })?;
    Ok(targets)
}

fn last_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn tarball_in(folder: &Path) -> anyhow::Result<PathBuf> {
    let entries = std::fs::read_dir(folder).context("listing what npm fetched")?;
    let mut paths = entries.flatten().map(|entry| entry.path());
    paths.find(|path| path.extension().is_some_and(|end| end == "tgz")).context("npm pack left no tarball")
}

fn check_tarball(package: &Package, tarball: &Path) -> anyhow::Result<()> {
    let digest = Sha512::digest(std::fs::read(tarball).context("reading what npm fetched")?);
    let found = base64::engine::general_purpose::STANDARD.encode(digest);
    if found == package.sha512 { Ok(()) } else { Err(wrong_hash(package.spec, package.sha512, &found)) }
}

fn wrong_hash(what: &str, expected: &str, found: &str) -> anyhow::Error {
    Stop::altered(
        format!("{what} is not the file that this project was made with: expected {expected}, got {found}."),
        "do not use it; find out whether the registry or the way to it alters files, then run the same command again",
    )
}

/// SHA-256 of a file, lower-case hexadecimal.
pub(crate) fn sha256_of(path: &Path) -> anyhow::Result<String> {
    let content = std::fs::read(path).with_context(|| format!("reading {}", path.display()))?;
    Ok(hex(&Sha256::digest(content)))
}
