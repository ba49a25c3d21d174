//! Other programs: run in the repository's root, with errors that name them.

use std::env;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

use anyhow::{Context, Result, bail};

/// The repository's root.
pub fn root() -> PathBuf {
    // `cargo run` sets the variable; a binary started by hand has the path it was compiled with.
    let xtask = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let xtask = PathBuf::from(xtask);
    xtask.parent().map_or_else(|| xtask.clone(), Path::to_path_buf)
}

/// Cargo's target directory.
pub fn target_directory() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |folder| root().join(folder))
}

/// `program` with `arguments`, to be run in the repository's root.
pub fn command<A: AsRef<OsStr>>(program: &str, arguments: impl IntoIterator<Item = A>) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root());
    command
}

/// `cargo` with `arguments`.
pub fn cargo<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Command {
    command("cargo", arguments)
}

/// `trunk` with `arguments`.
pub fn trunk<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Command {
    let mut trunk = command("trunk", ["--skip-version-check"]);
    // Trunk accepts only `true` and `false` in NO_COLOR; by convention any value means yes.
    if env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) {
        trunk.args(["--color", "never"]);
    }
    trunk.env_remove("NO_COLOR").args(arguments);
    trunk
}

/// The command as one types it in a shell.
pub fn line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words = words.map(|word| {
        let word = word.to_string_lossy();
        if word.is_empty() || word.contains([' ', '"', '\'', '*', '$']) {
            format!("'{}'", word.replace('\'', r"'\''"))
        } else {
            word.into_owned()
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Runs the command. Its output goes to ours.
///
/// # Errors
/// When it cannot be started or reports failure.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| not_started(command))?;
    succeeded(command, status)
}

/// Runs the command. Its output goes to ours, and every line of its standard output to `each`.
///
/// # Errors
/// When it cannot be started or reports failure.
pub fn run_watched(command: &mut Command, mut each: impl FnMut(&str)) -> Result<()> {
    let mut child = command.stdout(Stdio::piped()).spawn().with_context(|| not_started(command))?;
    if let Some(output) = child.stdout.take() {
        let mut output = BufReader::new(output);
        let mut bytes = Vec::new();
        while output.read_until(b'\n', &mut bytes)? > 0 {
            let mut stdout = std::io::stdout().lock();
            stdout.write_all(&bytes)?;
            stdout.flush()?;
            each(&String::from_utf8_lossy(&bytes));
            bytes.clear();
        }
    }
    let status = child.wait()?;
    succeeded(command, status)
}

/// The command's standard output; `None` when it is not installed or fails.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The first file on PATH with one of these names.
pub fn find(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let files = env::split_paths(&path).flat_map(|directory| {
        names.iter().map(move |name| directory.join(format!("{name}{}", env::consts::EXE_SUFFIX)))
    });
    files.into_iter().find(|file| file.is_file())
}

fn not_started(command: &Command) -> String {
    format!("`{}` cannot be started: is it installed and on PATH?", command.get_program().to_string_lossy())
}

fn succeeded(command: &Command, status: ExitStatus) -> Result<()> {
    if !status.success() {
        bail!("`{}` failed ({status})", line(command));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_as_one_types_it() {
        let command = cargo(["run", "--", "a b", "it's"]);
        assert_eq!(line(&command), r"cargo run -- 'a b' 'it'\''s'");
    }
}
