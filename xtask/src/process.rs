//! Runs other programs: their output goes to a log, their last line serves as a sign of life, and when they fail the end
//! of the log is shown.

use crate::console::SIGN_OF_LIFE;
use crate::context::{Context, cargo};
use crate::failure::Stop;
use anyhow::Context as _;
use std::ffi::{OsStr, OsString};
use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

/// Lines of the log that are shown when a program fails.
const TAIL: usize = 40;

/// A program to run.
pub(crate) struct Run<'a> {
    context: &'a Context,
    step: String,
    command: Command,
    shown: bool,
}

impl<'a> Run<'a> {
    /// A program of this machine or of the tools folder, started in the workspace root.
    pub(crate) fn new(context: &'a Context, step: &str, program: impl AsRef<OsStr>) -> Self {
        let mut command = Command::new(program);
        command
            .current_dir(&context.root)
            .env("PATH", path(context))
            .env("CARGO_TARGET_DIR", &context.target);
        // Variables that `cargo run` sets for this very binary; a nested cargo must not inherit another package's.
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy().into_owned();
            if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
                command.env_remove(name);
            }
        }
        Self { context, step: step.to_owned(), command, shown: false }
    }

    /// Cargo itself.
    pub(crate) fn cargo(context: &'a Context, step: &str) -> Self {
        Self::new(context, step, cargo())
    }

    pub(crate) fn args<I: IntoIterator<Item = S>, S: AsRef<OsStr>>(mut self, args: I) -> Self {
        self.command.args(args);
        self
    }

    pub(crate) fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.command.arg(arg);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn dir(mut self, dir: impl AsRef<Path>) -> Self {
        self.command.current_dir(dir);
        self
    }

    /// Shows every line as it comes, instead of a sign of life now and then.
    pub(crate) fn shown(mut self) -> Self {
        self.shown = true;
        self
    }

    /// Runs to the end and gives the output's lines.
    ///
    /// # Errors
    /// A [`Stop`] that shows the end of the log when the program fails.
    pub(crate) fn go(mut self) -> anyhow::Result<Vec<String>> {
        let program = self.command.get_program().to_string_lossy().into_owned();
        let log_path = self.log_path()?;
        let mut log = std::fs::File::create(&log_path).context("creating a log")?;
        writeln!(log, "$ {}", self.line()).context("writing a log")?;
        let mut child =
            self.command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(
                |error| Stop::new(format!("{program} cannot be started: {error}."), hint(&program)),
            )?;
        // Bounded: a program that prints faster than the log is written waits.
        let (sender, lines) = sync_channel(256);
        let readers = [
            child.stdout.take().map(|pipe| forward(pipe, sender.clone())),
            child.stderr.take().map(|pipe| forward(pipe, sender.clone())),
        ];
        drop(sender);
        let mut all: Vec<String> = Vec::new();
        let mut spoke = Instant::now();
        loop {
            match lines.recv_timeout(Duration::from_secs(1)) {
                Ok(line) => {
                    writeln!(log, "{line}").context("writing a log")?;
                    if self.shown {
                        println!("{line}");
                    }
                    all.push(line);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if !self.shown && spoke.elapsed() >= SIGN_OF_LIFE {
                spoke = Instant::now();
                let last = all.iter().rev().find(|line| !line.trim().is_empty());
                let last: String =
                    last.map(|line| line.trim().chars().take(90).collect()).unwrap_or_default();
                self.context.console.line(&self.step, &format!("· {last}"));
            }
        }
        for reader in readers.into_iter().flatten() {
            reader.join().ok();
        }
        let status = child.wait().context("waiting for a program")?;
        if status.success() {
            return Ok(all);
        }
        if !self.shown {
            for line in all.iter().skip(all.len().saturating_sub(TAIL)) {
                eprintln!("    {line}");
            }
        }
        Err(Stop::new(
            format!("{} failed ({status}).", self.step),
            format!("read the lines above; all of the output is in {}", log_path.display()),
        ))
    }

    fn line(&self) -> String {
        let words = std::iter::once(self.command.get_program()).chain(self.command.get_args());
        words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
    }

    fn log_path(&self) -> anyhow::Result<PathBuf> {
        let logs = self.context.logs();
        std::fs::create_dir_all(&logs).context("creating the folder of logs")?;
        let name: String =
            self.step.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        Ok(logs.join(format!("{name}.log")))
    }
}

/// Reads lines; a carriage return ends one as well, because progress bars use it.
fn forward(pipe: impl Read + Send + 'static, lines: SyncSender<String>) -> std::thread::JoinHandle<()> {
    std::thread::spawn(move || {
        let mut reader = BufReader::new(pipe);
        let mut bytes = Vec::new();
        while reader.read_until(b'\n', &mut bytes).is_ok_and(|read| read > 0) {
            let text = String::from_utf8_lossy(&bytes);
            for line in text.trim_end_matches(['\n', '\r']).split('\r') {
                if lines.send(line.to_owned()).is_err() {
                    return;
                }
            }
            bytes.clear();
        }
    })
}

/// The path on which the tools folder comes first.
pub(crate) fn path(context: &Context) -> OsString {
    let own = [context.tools_bin(), context.tools().join("build/node_modules/.bin")];
    let rest = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths(own.into_iter().chain(std::env::split_paths(&rest))).unwrap_or(rest)
}

/// First program of these names that is on the path.
pub(crate) fn find(context: &Context, names: &[&str]) -> Option<PathBuf> {
    let path = path(context);
    names.iter().find_map(|name| {
        std::env::split_paths(&path).map(|dir| dir.join(name)).find(|candidate| candidate.is_file())
    })
}

fn hint(program: &str) -> String {
    let name =
        Path::new(program).file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    match name.as_str() {
        "node" | "npm" => "install Node.js with npm, then try again".to_owned(),
        "rustup" => "install Rust with rustup, then try again".to_owned(),
        _ => format!("install {name} (on Debian, as root: apt-get install {name}), then try again"),
    }
}
