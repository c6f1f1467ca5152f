//! Playwright in a real Chromium, against the real relay and the built app.

use crate::context::Context;
use crate::failure::Stop;
use crate::process::Run;
use crate::workers::{Choice, Purpose};
use crate::{app, demo, npm, system};

/// Builds what is missing and runs the tests in `e2e/`; gives the closing lines.
pub(super) fn run(context: &Context, rest: &[String]) -> anyhow::Result<Vec<String>> {
    let chromium = system::chromium(context)?;
    let built = demo::build_all(context, Choice::default())?;
    let clip = built.clips.iter().find(|clip| clip.id == "plaza").ok_or_else(|| {
        Stop::new(
            "The tests need the plaza clip.",
            "make the npm registry reachable, then run the same command again",
        )
    })?;
    let modules = npm::install(context, "e2e", "e2e")?;
    let out = context.target.join("e2e");
    let lines = Run::new(context, "e2e", modules.join(".bin/playwright"))
        .args(["test", "--config"])
        .arg(context.root.join("e2e/playwright.config.ts"))
        .args(rest)
        .dir(context.root.join("e2e"))
        .env("NODE_PATH", &modules)
        .env("VIGIE_CHROMIUM", chromium)
        .env("VIGIE_RELAY", &built.relay)
        .env("VIGIE_APP", app::folder(context, Purpose::Demo))
        .env("VIGIE_CLIP", &clip.file)
        .env("VIGIE_OUT", &out)
        .env("VIGIE_MODELS", crate::models::folder(context))
        .env("FORCE_COLOR", "0")
        .shown()
        .go()?;
    context.console.line("e2e", &format!("pictures are in {}", out.display()));
    let closing =
        |line: &String| [" passed", " failed", " skipped", " flaky"].iter().any(|end| line.contains(end));
    Ok(lines.into_iter().rev().take(8).filter(closing).collect())
}
