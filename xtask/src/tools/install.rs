//! How a missing program is installed: by Debian's packages, rustup or cargo.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::command::{cargo, command, find, line, output, run};

/// Installs Debian packages unless `are_installed` returns true. `need` names what requires them.
///
/// # Errors
/// When they are missing and cannot be installed; the error says what to do.
pub fn packages(need: &str, packages: &[&str], are_installed: impl Fn() -> bool) -> Result<()> {
    if are_installed() {
        return Ok(());
    }
    let list = packages.join(" ");
    let by_hand = if find(&["apt-get"]).is_some() {
        format!("sudo apt-get update && sudo apt-get install -y {list}")
    } else {
        format!("install {list}, under the names of your system, and put their programs on PATH")
    };
    let Some(apt_get) = apt_get() else { bail!("{need}: {by_hand}") };
    announce(&format!("missing: installing {list} (about a minute)"));
    let install: Vec<_> = ["install", "-y"].iter().chain(packages).copied().collect();
    run(&mut apt_get(&["update"]))
        .and_then(|()| run(&mut apt_get(&install)))
        .with_context(|| format!("{list} cannot be installed: {by_hand}"))?;
    if !are_installed() {
        bail!(
            "the packages {list} are installed, but their programs are not on PATH: add their folder to it"
        );
    }
    Ok(())
}

/// Fetches the lists of Debian's packages anew.
///
/// # Errors
/// When this user may not.
pub fn update_lists() -> Result<()> {
    let apt_get =
        apt_get().context("apt-get is missing, or this user may not update its lists of packages")?;
    run(&mut apt_get(&["update"]))
}

/// `apt-get`, where this user may install packages without a password.
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

/// Runs `rustup`, announced beforehand.
///
/// # Errors
/// When it is missing or fails.
pub fn rustup(arguments: &[&str]) -> Result<()> {
    let mut rustup = command("rustup", arguments);
    let line = line(&rustup);
    announce(&format!("missing: {line} (up to a minute)"));
    run(&mut rustup).with_context(|| {
        format!("`{line}` failed: without rustup, install the same with your system's own tools")
    })
}

/// What a release build of a tool leaves out here: it would take longer than all the tool's runs. (Trunk and cargo-deny link
/// with LTO.)
const QUICK_BUILD: [(&str, &str); 3] = [
    ("CARGO_PROFILE_RELEASE_LTO", "off"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1"),
];

/// Runs `cargo install`, announced beforehand.
///
/// # Errors
/// When it fails.
pub fn cargo_install(package: &str, version: &str, options: &[&str]) -> Result<()> {
    announce(&format!(
        "{package} {version} is missing: installing it with cargo. This takes some minutes, once"
    ));
    // --force: a binary of another origin or version may lie where this one goes.
    let mut install = cargo(["install", package, "--version", version, "--force"]);
    run(install.args(options).envs(QUICK_BUILD))
}

/// Announces what takes a while.
fn announce(what: &str) {
    println!("==> {what}");
}
