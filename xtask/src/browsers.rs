//! The browsers that tests run in, and how they are installed when they are missing.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::Result;
use clap::ValueEnum;

use crate::command::find;
use crate::tools::{self, install};

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
    /// The engines that this system can have: outside Linux there is no `WebKitGTK`, and the others are not installed
    /// unasked.
    pub fn usual() -> Vec<Engine> {
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

    /// Makes sure of the browser and its driver.
    ///
    /// # Errors
    /// When one is missing and cannot be installed; the error says what to do.
    pub fn make_sure(self) -> Result<()> {
        let need = format!(
            "the tests in {} need its browser and driver, or choose others with --engine",
            self.name()
        );
        tools::packages(&need, self.packages(), || self.has_packages())?;
        if self == Engine::Firefox && find(&["geckodriver"]).is_none() {
            install("geckodriver", GECKODRIVER, &["--locked"])?;
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
            Engine::Chromium => chromium_is_there() && chromedriver().is_some(),
            Engine::Firefox => find(&["firefox-esr", "firefox"]).is_some(),
            Engine::Webkit => {
                ["WebKitWebDriver", "xvfb-run", "xauth"].iter().all(|program| find(&[program]).is_some())
            }
        }
    }
}

/// The path of ChromeDriver: the variable's, or the one on PATH.
pub fn chromedriver() -> Option<OsString> {
    let named = env::var_os("CHROMEDRIVER").filter(|path| !path.is_empty());
    named.or_else(|| find(&["chromedriver"]).map(OsString::from))
}

fn chromium_is_there() -> bool {
    const ON_PATH: [&str; 5] =
        ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
    const ELSEWHERE: [&str; 2] = [
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ];
    find(&ON_PATH).is_some() || ELSEWHERE.iter().any(|path| PathBuf::from(path).is_file())
}
