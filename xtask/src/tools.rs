//! What the chores need, and how it is installed when it is missing.

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::browsers::{self, Engine};
use crate::command::{cargo, command, find, line, output, root, run, trunk};

const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// The line of Trunk that Trunk.toml is written for, and the version that is installed when there is none.
const TRUNK_LINE: &str = "0.21.";
const TRUNK_VERSION: &str = "0.21.14";

/// Makes sure of what `trunk build` needs.
///
/// # Errors
/// When something is missing and cannot be installed; the error says what to do.
pub fn for_bundle() -> Result<()> {
    wasm_target()?;
    wasm_bindgen()?;
    trunk_itself()
}

/// Makes sure of rustfmt, clippy and the wasm target.
///
/// # Errors
/// As [`for_bundle`].
pub fn for_lint() -> Result<()> {
    component("rustfmt", "fmt")?;
    component("clippy", "clippy")?;
    wasm_target()
}

/// Makes sure of what headless tests need; answers with the path of ChromeDriver.
///
/// # Errors
/// As [`for_bundle`].
pub fn for_headless() -> Result<OsString> {
    wasm_target()?;
    wasm_bindgen()?;
    Engine::Chromium.make_sure()?;
    browsers::chromedriver().context("chromedriver has just been there, and is gone")
}

/// Makes sure of Debian's packages, which are there when `are_there` says so. `need` tells who wants them.
///
/// # Errors
/// As [`for_bundle`].
pub fn packages(need: &str, packages: &[&str], are_there: impl Fn() -> bool) -> Result<()> {
    if are_there() {
        return Ok(());
    }
    let list = packages.join(" ");
    let by_hand = if find(&["apt-get"]).is_some() {
        format!("sudo apt-get update && sudo apt-get install -y {list}")
    } else {
        format!("install {list}, as your system calls them, and put their programs on PATH")
    };
    let Some(apt_get) = apt_get() else { bail!("{need}: {by_hand}") };
    announce(&format!("missing: installing {list} (about a minute)"));
    let install: Vec<_> = ["install", "-y"].iter().chain(packages).copied().collect();
    run(&mut apt_get(&["update"]))
        .and_then(|()| run(&mut apt_get(&install)))
        .with_context(|| format!("{list} cannot be installed: {by_hand}"))?;
    if !are_there() {
        bail!(
            "the packages {list} are installed, but their programs are still not on PATH: add their folder to it"
        );
    }
    Ok(())
}

/// `apt-get`, where this user may install packages without being asked for a password.
fn apt_get() -> Option<impl Fn(&[&str]) -> Command> {
    find(&["apt-get"])?;
    let sudo = if is_root() {
        None
    } else {
        output(&mut command("sudo", ["-n", "true"]))?;
        Some(["-n", "DEBIAN_FRONTEND=noninteractive", "apt-get"])
    };
    Some(move |arguments: &[&str]| {
        let mut apt_get = match sudo {
            Some(words) => command("sudo", words),
            None => command::<&str>("apt-get", []),
        };
        apt_get.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
        apt_get
    })
}

#[cfg(unix)]
fn is_root() -> bool {
    nix::unistd::geteuid().is_root()
}

#[cfg(not(unix))]
fn is_root() -> bool {
    false
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

fn rustup(arguments: &[&str]) -> Result<()> {
    let mut rustup = command("rustup", arguments);
    let line = line(&rustup);
    announce(&format!("missing: {line} (up to a minute)"));
    run(&mut rustup).with_context(|| {
        format!("`{line}` did not help: without rustup, install the same by your system's own means")
    })
}

fn wasm_bindgen() -> Result<()> {
    let lock = root().join("Cargo.lock");
    let lock = fs::read_to_string(&lock).with_context(|| format!("{} cannot be read", lock.display()))?;
    let needed = locked_version(&lock, "wasm-bindgen")
        .context("Cargo.lock does not name wasm-bindgen: `cargo generate-lockfile` writes it anew")?;
    let found = || {
        let tools = ["wasm-bindgen", "wasm-bindgen-test-runner"];
        tools.iter().all(|tool| tool_version(command(tool, ["--version"])).as_deref() == Some(needed))
    };
    if found() {
        return Ok(());
    }
    // Without --locked: its lock file may name versions that a registry's mirror does not have yet.
    install("wasm-bindgen-cli", needed, &[])?;
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
    install("trunk", TRUNK_VERSION, &["--locked"])?;
    if !found() {
        bail!("{}", still_missing("trunk", TRUNK_VERSION));
    }
    Ok(())
}

/// `cargo install`, said beforehand.
///
/// # Errors
/// When it fails.
pub fn install(package: &str, version: &str, options: &[&str]) -> Result<()> {
    announce(&format!(
        "{package} {version} is missing: installing it with cargo. This takes some minutes, once"
    ));
    // --force: a binary of another origin or version may lie where this one goes.
    let mut install = cargo(["install", package, "--version", version, "--force"]);
    run(install.args(options))
}

fn still_missing(tool: &str, version: &str) -> String {
    format!(
        "{tool} {version} is installed, but PATH still leads to another or to none: \
         put cargo's folder of binaries (mostly ~/.cargo/bin) first on PATH"
    )
}

/// Says what takes a while.
pub fn announce(what: &str) {
    println!("==> {what}");
}

/// The version in `name 1.2.3 …`, as tools answer to `--version`.
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
