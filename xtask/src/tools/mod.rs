//! The programs that the chores need. What is missing is installed.

pub mod browsers;
pub mod install;
pub mod npm;
pub mod promtool;

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::command::{cargo, command, find, output, root, trunk};
use browsers::Engine;
use install::{cargo_install, rustup};

const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// The versions of Trunk that Trunk.toml is written for, and the one that is installed when there is none.
const TRUNK_LINE: &str = "0.21.";
const TRUNK_VERSION: &str = "0.21.14";

/// The versions of cargo-deny that deny.toml is written for, and the one that is installed when there is none.
const DENY_LINE: &str = "0.20.";
const DENY_VERSION: &str = "0.20.2";

/// Installs what `trunk build` needs.
///
/// # Errors
/// When something is missing and cannot be installed; the error says what to do.
pub fn for_bundle() -> Result<()> {
    wasm_target()?;
    wasm_bindgen()?;
    trunk_itself()
}

/// Installs rustfmt, clippy, cargo-deny and the wasm target.
///
/// # Errors
/// As [`for_bundle`].
pub fn for_lint() -> Result<()> {
    component("rustfmt", "fmt")?;
    component("clippy", "clippy")?;
    cargo_deny()?;
    wasm_target()
}

/// Installs what native tests need: on Linux systemd's programs, with which the gateway's units and sockets are tested.
///
/// # Errors
/// As [`for_bundle`].
pub fn for_native() -> Result<()> {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    let programs = ["systemd-analyze", "systemd-socket-activate"];
    install::packages("the gateway's units are tested with systemd", &["systemd"], || {
        programs.iter().all(|program| find(&[program]).is_some())
    })
}

/// Installs what headless tests need. Returns the path of ChromeDriver.
///
/// # Errors
/// As [`for_bundle`].
pub fn for_headless() -> Result<OsString> {
    wasm_target()?;
    wasm_bindgen()?;
    Engine::Chromium.install()?;
    browsers::chromedriver().context("chromedriver was found a moment ago and is gone")
}

fn component(name: &str, subcommand: &str) -> Result<()> {
    if output(&mut cargo([subcommand, "--version"])).is_some() {
        return Ok(());
    }
    rustup(&["component", "add", name])
}

fn wasm_target() -> Result<()> {
    let query = ["--print", "target-libdir", "--target", WASM_TARGET];
    let libraries = output(&mut command("rustc", query));
    if libraries.is_some_and(|path| PathBuf::from(path).is_dir()) {
        return Ok(());
    }
    rustup(&["target", "add", WASM_TARGET])
}

fn wasm_bindgen() -> Result<()> {
    let lock = root().join("Cargo.lock");
    let lock = fs::read_to_string(&lock).with_context(|| format!("{} cannot be read", lock.display()))?;
    let needed = locked_version(&lock, "wasm-bindgen")
        .context("Cargo.lock does not name wasm-bindgen: `cargo generate-lockfile` writes a new one")?;
    let found = || {
        let tools = ["wasm-bindgen", "wasm-bindgen-test-runner"];
        tools.iter().all(|tool| tool_version(command(tool, ["--version"])).as_deref() == Some(needed))
    };
    if found() {
        return Ok(());
    }
    // Without --locked: its lock file may name versions that a registry's mirror does not have yet.
    cargo_install("wasm-bindgen-cli", needed, &[])?;
    if !found() {
        bail!("{}", still_missing("wasm-bindgen", needed));
    }
    Ok(())
}

fn trunk_itself() -> Result<()> {
    let found = || tool_version(trunk(["--version"])).is_some_and(|version| version.starts_with(TRUNK_LINE));
    if found() {
        return Ok(());
    }
    cargo_install("trunk", TRUNK_VERSION, &["--locked"])?;
    if !found() {
        bail!("{}", still_missing("trunk", TRUNK_VERSION));
    }
    Ok(())
}

/// Any version of the line will do: deny.toml is written for it.
fn cargo_deny() -> Result<()> {
    let found =
        || tool_version(cargo(["deny", "--version"])).is_some_and(|version| version.starts_with(DENY_LINE));
    if found() {
        return Ok(());
    }
    cargo_install("cargo-deny", DENY_VERSION, &["--locked"])?;
    if !found() {
        bail!("{}", still_missing("cargo-deny", DENY_VERSION));
    }
    Ok(())
}

fn still_missing(tool: &str, version: &str) -> String {
    format!(
        "{tool} {version} is installed, but PATH leads to another version or to none: \
         put cargo's folder of binaries (usually ~/.cargo/bin) first on PATH"
    )
}

/// The version in `name 1.2.3 …`, which is what tools print for `--version`.
fn tool_version(mut version: Command) -> Option<String> {
    output(&mut version)?.split_whitespace().nth(1).map(str::to_owned)
}

/// The version of `package` in the text of a Cargo.lock; the first if there are several.
fn locked_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| line.trim() != name);
    lines.nth(1)?.trim().strip_prefix("version = \"")?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::locked_version;

    const LOCK: &str = r#"
[[package]]
name = "wasm-bindgen-futures"
version = "0.4.80"

[[package]]
name = "wasm-bindgen"
version = "0.2.130"
source = "registry"
dependencies = [
 "wasm-bindgen-macro",
]
"#;

    #[test]
    fn the_lock_file_gives_the_version_of_exactly_that_package() {
        assert_eq!(locked_version(LOCK, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked_version(LOCK, "wasm-bindgen-futures"), Some("0.4.80"));
        assert_eq!(locked_version(LOCK, "wasm-bindgen-macro"), None);
        assert_eq!(locked_version(&LOCK.replace('\n', "\r\n"), "wasm-bindgen"), Some("0.2.130"));
    }
}
