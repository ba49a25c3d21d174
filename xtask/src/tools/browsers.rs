//! The browsers that tests run in, with their drivers.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::Result;
use clap::ValueEnum;

use super::install;
use crate::command::find;

/// A browser engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Engine {
    Chromium,
    /// Firefox ESR, by geckodriver
    Firefox,
    /// `WebKitGTK`'s `MiniBrowser`, under Xvfb
    Webkit,
}

const GECKODRIVER: &str = "0.37.1";

impl Engine {
    /// The engines to test in by default: all of them on Linux. Elsewhere there is no `WebKitGTK`, and Firefox is
    /// installed on request only.
    pub fn defaults() -> Vec<Engine> {
        if cfg!(target_os = "linux") { Engine::value_variants().to_vec() } else { vec![Engine::Chromium] }
    }

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Engine::Chromium => "chromium",
            Engine::Firefox => "firefox",
            Engine::Webkit => "webkit",
        }
    }

    /// Installs the browser and its driver unless they are there.
    ///
    /// # Errors
    /// When one is missing and cannot be installed; the error says what to do.
    pub fn install(self) -> Result<()> {
        let need = format!(
            "the tests in {} need its browser and driver (or choose other engines with --engine)",
            self.name()
        );
        install::packages(&need, self.packages(), || self.has_packages())?;
        if self == Engine::Firefox && find(&["geckodriver"]).is_none() {
            install::cargo_install("geckodriver", GECKODRIVER, &["--locked"])?;
        }
        Ok(())
    }

    /// Debian's packages.
    fn packages(self) -> &'static [&'static str] {
        match self {
            Engine::Chromium => &["chromium", "chromium-driver"],
            Engine::Firefox => &["firefox-esr"],
            Engine::Webkit => &["webkit2gtk-driver", "xvfb", "xauth"],
        }
    }

    fn has_packages(self) -> bool {
        match self {
            Engine::Chromium => has_chromium() && chromedriver().is_some(),
            Engine::Firefox => find(&["firefox-esr", "firefox"]).is_some(),
            Engine::Webkit => {
                ["WebKitWebDriver", "xvfb-run", "xauth"].iter().all(|program| find(&[program]).is_some())
            }
        }
    }
}

/// The path of ChromeDriver: from the variable CHROMEDRIVER, else from PATH.
pub fn chromedriver() -> Option<OsString> {
    let named = env::var_os("CHROMEDRIVER").filter(|path| !path.is_empty());
    named.or_else(|| find(&["chromedriver"]).map(OsString::from))
}

fn has_chromium() -> bool {
    const ON_PATH: [&str; 5] =
        ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
    const ELSEWHERE: [&str; 2] = [
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ];
    find(&ON_PATH).is_some() || ELSEWHERE.iter().any(|path| PathBuf::from(path).is_file())
}
