//! What must not be in the repository, whoever commits it.

use crate::context::Context;
use crate::failure::Stop;
use crate::process::Run;
use anyhow::Context as _;
use std::path::Path;

/// Crates that recognise persons or read plates: the law forbids the capability, so it must be absent from the build
/// (law 2023-380, article 10: no biometric identification, no linking).
const FORBIDDEN_CRATES: &[&str] = &[
    "rustface",
    "face_id",
    "face-crop",
    "dlib-face-recognition",
    "dlib-wrappers",
    "insightface",
    "arcface",
    "seetaface",
    "openalpr",
    "ocrs",
    "leptess",
    "tesseract",
    "rusty-tesseract",
    "visage",
];

/// Words that would name such a capability in code.
const FORBIDDEN_WORDS: &[&str] = &[
    "face_recogn",
    "facerecogn",
    "face_embed",
    "faceembed",
    "face_match",
    "person_embed",
    "appearance_embed",
    "reid_model",
    "re_identif",
    "gait_",
    "plate_read",
    "number_plate",
    "license_plate",
    "licence_plate",
];

/// Folders at the root of a file system under which people keep their own things.
const MACHINE_FOLDERS: &[&str] = &["home", "root", "users", "work"];

/// Parts of the names of package registries and their mirrors, written in two so that this file passes its own check.
const REGISTRY_HOSTS: &[&str] = &[
    concat!("registry.", "npmjs"),
    concat!("arti", "factory"),
    concat!("index.", "crates.io"),
    concat!("static.", "crates.io"),
    concat!("pypi.", "org"),
    concat!("python", "hosted"),
];

/// Sources of the crates that know no clock: time is given to them.
const PURE: &[&str] = &["engine/src/", "models/src/", "protocol/src/"];

/// Reading a clock.
const CLOCKS: &[&str] = &["Instant::now", "SystemTime", "Date::now", "Date::new_0"];

/// Sources that run in the browser.
const BROWSER: &str = "app/";

/// The browser's global objects, from which everything that is not a type starts.
const GLOBALS: &[&str] = &["web_sys::window", "js_sys::global", "gloo_utils::window", "gloo_utils::document"];

/// Where they may be used, and why where that is not plain.
const RIM: &[&str] = &[
    "app/src/platform/",
    "app/worker/src/host/",
    // Asks for the adapter, before the tensor library does: what only this worker does.
    "app/worker/gpu/src/adapter.rs",
    // Draws made-up pictures for those who work on the looks; behind a feature, never in a shipped build.
    "app/src/ui/gallery.rs",
];

/// Which crate must never depend on which: dependencies point one way, and the pure crates know no browser, no server and no clock.
const LAYERS: &[(&str, &[&str])] = &[
    (
        "protocol",
        &[
            "vigie-engine",
            "vigie-models",
            "vigie-worker",
            "web-sys",
            "js-sys",
            "tokio",
            "axum",
            "sqlx",
            "burn",
        ],
    ),
    (
        "models",
        &["vigie-engine", "vigie-worker", "vigie-protocol", "web-sys", "js-sys", "tokio", "axum", "sqlx"],
    ),
    ("engine", &["vigie-worker", "web-sys", "js-sys", "wasm-bindgen", "tokio", "axum", "sqlx"]),
    ("relay", &["vigie-engine", "vigie-models", "vigie-worker", "burn", "web-sys"]),
    ("app", &["vigie-models", "burn", "tokio", "axum", "sqlx"]),
];

/// A line that must not be there.
struct Finding {
    file: String,
    line: usize,
    why: &'static str,
}

/// Looks through every tracked text file; gives a closing line.
pub(crate) fn run(context: &Context) -> anyhow::Result<String> {
    let files = Run::new(context, "checks files", "git").args(["ls-files"]).go()?;
    let mut findings = Vec::new();
    let mut looked_at = 0;
    for file in files {
        // A file may be removed but not yet committed; what is not text has no lines.
        let Ok(text) = std::fs::read_to_string(context.root.join(&file)) else { continue };
        looked_at += 1;
        for (index, line) in text.lines().enumerate() {
            if let Some(why) = fault(&file, line) {
                findings.push(Finding { file: file.clone(), line: index + 1, why });
            }
        }
    }
    for (folder, forbidden) in LAYERS {
        let file = format!("{folder}/Cargo.toml");
        let text =
            std::fs::read_to_string(context.root.join(&file)).with_context(|| format!("reading {file}"))?;
        let lines = layer_faults(&text, forbidden).into_iter();
        findings.extend(lines.map(|line| Finding {
            file: file.clone(),
            line,
            why: "this crate must not depend on that one",
        }));
    }
    if findings.is_empty() {
        return Ok(format!("{looked_at} files hold nothing that must not be there"));
    }
    for Finding { file, line, why } in &findings {
        eprintln!("    {file}:{line}: {why}");
    }
    Err(Stop::new(
        format!("{} lines must not be in the repository.", findings.len()),
        "take them out; the reasons are named with each, the rules are in xtask/src/test/checks.rs",
    ))
}

/// Lines of a manifest that name a forbidden dependency, for any target and for build scripts as well; what only tests need
/// is not looked at.
fn layer_faults(manifest: &str, forbidden: &[&str]) -> Vec<usize> {
    let mut section = String::new();
    let mut faults = Vec::new();
    for (index, line) in manifest.lines().enumerate() {
        let line = line.trim();
        if line.starts_with('[') {
            line.trim_matches(['[', ']']).clone_into(&mut section);
        }
        let word = |text: &str| text.split(['.', ' ', '=']).next().unwrap_or_default().to_owned();
        let named = match section.rsplit_once("dependencies") {
            Some((before, _)) if before.ends_with("dev-") => continue,
            // A table of its own: its head names the crate, its lines are settings.
            Some((_, name)) if line.starts_with('[') => word(name.trim_start_matches('.')),
            Some((_, "")) => word(line),
            _ => continue,
        };
        if forbidden.contains(&named.as_str()) {
            faults.push(index + 1);
        }
    }
    faults
}

/// What is wrong with a line, if anything.
fn fault(file: &str, line: &str) -> Option<&'static str> {
    let lower = line.to_lowercase();
    if MACHINE_FOLDERS.iter().any(|folder| absolute(&lower, &format!("/{folder}/"))) {
        return Some("a path that exists on one machine only");
    }
    if REGISTRY_HOSTS.iter().any(|host| lower.contains(host))
        || lower.trim_start().starts_with("\"resolved\":")
    {
        return Some("the host of a package registry: it differs from site to site");
    }
    // The lists of what is forbidden name it.
    if file.ends_with("test/checks.rs") {
        return None;
    }
    if file == "Cargo.lock" {
        let name = line.strip_prefix("name = \"").and_then(|rest| rest.strip_suffix('"'));
        if name.is_some_and(|name| FORBIDDEN_CRATES.contains(&name)) {
            return Some("a crate that recognises persons or reads plates");
        }
        return None;
    }
    let code = [".rs", ".js", ".mjs", ".ts", ".wgsl", ".toml"].iter().any(|end| file.ends_with(end));
    if code && FORBIDDEN_WORDS.iter().any(|word| lower.contains(word)) {
        return Some("a capability that the law forbids");
    }
    let rust = Path::new(file).extension().is_some_and(|end| end == "rs");
    let comment = line.trim_start().starts_with("//");
    if rust && !comment {
        let calls = |names: &[&str]| names.iter().any(|name| line.contains(name));
        if PURE.iter().any(|place| file.starts_with(place)) && calls(CLOCKS) {
            return Some("this crate reads no clock: time is given to it");
        }
        if file.starts_with(BROWSER) && !RIM.iter().any(|place| file.starts_with(place)) && calls(GLOBALS) {
            return Some("the browser's global objects are for app/src/platform and the worker's host");
        }
    }
    let page = ["app/src/", "app/index.html", "app/worker/src", "static/", "engine/src"]
        .iter()
        .any(|place| file.starts_with(place));
    // A licence's text may say where it comes from.
    let text = Path::new(file).extension().is_some_and(|end| end == "txt");
    if page && !text && foreign_address(&lower) {
        return Some("the page must not name another host: everything works on a closed network");
    }
    None
}

/// Whether a path starts here and is not the tail of a longer one.
fn absolute(line: &str, place: &str) -> bool {
    line.match_indices(place).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        before.is_none_or(|c| {
            !(c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '}' | '>' | '~' | '*' | ')'))
        })
    })
}

/// An address of another host in code; namespaces of the W3C, examples and this machine are none.
fn foreign_address(line: &str) -> bool {
    let comment = line.trim_start();
    if comment.starts_with("//") || comment.starts_with('*') || comment.starts_with("/*") {
        return false;
    }
    ["http://", "https://", "stun:", "turn:"].iter().flat_map(|scheme| line.split(scheme).skip(1)).any(
        |rest| {
            let own = [
                "www.w3.org/",
                "localhost",
                "127.0.0.1",
                "{",
                "gateway.example",
                "example.",
                "\"",
                "'",
                "`",
                "…",
                " ",
            ];
            !rest.is_empty() && !own.iter().any(|start| rest.starts_with(start)) && !rest.contains(".example")
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_a_machine_are_found_and_others_left_alone() {
        for folder in MACHINE_FOLDERS {
            assert!(fault("a.rs", &format!("let p = \"/{folder}/ann/x\";")).is_some());
            assert!(fault("a.rs", &format!("cd /{folder}/project")).is_some());
            assert!(fault("a.rs", &format!("\"${{BASE}}/{folder}/x\"")).is_none());
            assert!(fault("a.rs", &format!("example.com/org/{folder}/x")).is_none());
        }
    }

    #[test]
    fn a_pure_crate_that_learns_of_the_browser_is_found() {
        let manifest = "[dependencies]\nserde.workspace = true\nweb-sys = \"0.3\"\n\n[dependencies.tokio]\nversion = \"1\"\n\n[dev-dependencies]\njs-sys = \"0.3\"\n";
        assert_eq!(layer_faults(manifest, &["web-sys", "tokio", "js-sys"]), [3, 5]);
    }

    #[test]
    fn a_dependency_of_one_target_or_of_a_build_script_is_found() {
        let manifest = concat!(
            "[target.'cfg(target_arch = \"wasm32\")'.dependencies]\nweb-sys = \"0.3\"\n\n",
            "[target.'cfg(unix)'.dependencies.tokio]\nversion = \"1\"\nfeatures = [\"net\"]\n\n",
            "[build-dependencies]\njs-sys.workspace = true\n\n",
            "[target.'cfg(unix)'.dev-dependencies]\ntokio = \"1\"\n\n[dev-dependencies.tokio]\nversion = \"1\"\n",
        );
        assert_eq!(layer_faults(manifest, &["web-sys", "tokio", "js-sys"]), [2, 4, 9]);
    }

    #[test]
    fn a_clock_in_a_pure_crate_and_the_browser_outside_the_rim_are_found() {
        let now = "let now = std::time::Instant::now();";
        assert!(fault("engine/src/a.rs", now).is_some());
        assert!(fault("models/src/a.rs", "use std::time::SystemTime;").is_some());
        assert!(fault("engine/src/a.rs", "/// Never calls `Instant::now`.").is_none());
        assert!(fault("relay/src/a.rs", now).is_none());

        let window = "let window = web_sys::window()?;";
        assert!(fault("app/src/ui/a.rs", window).is_some());
        assert!(fault("app/worker/cpu/src/main.rs", "js_sys::global()").is_some());
        assert!(fault("app/src/platform/a.rs", window).is_none());
        assert!(
            fault("app/src/ui/a.rs", "let input = target.dyn_into::<web_sys::HtmlInputElement>();").is_none()
        );
    }

    #[test]
    fn registry_hosts_are_found() {
        assert!(
            fault("package-lock.json", "      \"resolved\": \"https://mirror.example/x.tgz\",").is_some()
        );
        assert!(
            fault("Cargo.lock", "source = \"registry+https://github.com/rust-lang/crates.io-index\"")
                .is_none()
        );
    }

    #[test]
    fn forbidden_capabilities_are_found() {
        assert!(fault("Cargo.lock", "name = \"rustface\"").is_some());
        assert!(fault("engine/src/a.rs", "fn face_recognition() {}").is_some());
        assert!(fault("engine/src/a.rs", "fn surface() {}").is_none());
    }

    #[test]
    fn the_page_names_no_other_host() {
        assert!(fault("app/src/a.rs", "let stun = \"stun:stun.elsewhere.org\";").is_some());
        assert!(fault("app/src/a.rs", "let ns = \"http://www.w3.org/2000/svg\";").is_none());
        assert!(fault("app/src/a.rs", "/// See https://datatracker.ietf.org/doc/x").is_none());
        assert!(fault("relay/src/a.rs", "let ok = \"https://elsewhere.org\";").is_none());
    }
}
