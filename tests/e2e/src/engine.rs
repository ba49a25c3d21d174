//! The three browser engines, and how each is driven.

use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};
use clap::ValueEnum;
use serde_json::{Map, Value, json};

/// A host name that resolves to this computer, but is not one of its own names.
pub const FOREIGN_HOST: &str = "portal.test";

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Engine {
    Chromium,
    Firefox,
    /// `WebKitGTK`'s `MiniBrowser`
    Webkit,
}

impl Engine {
    pub fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::Webkit => "webkit",
        }
    }

    /// The driver's command, listening on this port.
    pub fn driver(self, port: u16, headed: bool) -> Result<Command> {
        let mut command = match self {
            Self::Chromium => {
                let mut command = Command::new(find(&["chromedriver"], "chromium-driver")?);
                command.arg(format!("--port={port}"));
                command
            }
            Self::Firefox => {
                let driver = find(&["geckodriver"], "geckodriver (by cargo install geckodriver --locked)")?;
                let mut command = Command::new(driver);
                command.args(["--port", &port.to_string()]);
                command
            }
            // MiniBrowser has no headless mode.
            Self::Webkit => {
                let driver = find(&["WebKitWebDriver"], "webkit2gtk-driver")?;
                let mut command = if headed {
                    Command::new(driver)
                } else {
                    let mut command = Command::new(find(&["xvfb-run"], "xvfb")?);
                    command.arg("--auto-servernum").arg(driver);
                    command
                };
                command.arg(format!("--port={port}"));
                if is_root() {
                    command.env("WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS", "1");
                }
                command
            }
        };
        // The browser inherits these, so that its texts do not depend on the machine.
        command.env("TZ", "UTC").env("LANG", "C.UTF-8").env_remove("LANGUAGE");
        Ok(command)
    }

    /// The capabilities that a session requests from the driver.
    pub fn capabilities(self, headed: bool) -> Result<Map<String, Value>> {
        let capabilities = match self {
            Self::Chromium => {
                let rules = format!("--host-resolver-rules=MAP {FOREIGN_HOST} 127.0.0.1");
                let mut arguments = vec![
                    rules.as_str(),
                    "--window-size=1280,1000",
                    "--lang=en-US",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-dev-shm-usage",
                    "--disable-quic",
                    "--disable-sync",
                    "--no-first-run",
                ];
                if !headed {
                    arguments.push("--headless=new");
                }
                if is_root() {
                    arguments.push("--no-sandbox");
                }
                // Without user-data-dir, the driver makes a temporary profile for each session and removes it.
                json!({
                    "browserName": "chrome",
                    "goog:chromeOptions": {
                        "binary": find(&["chromium", "google-chrome"], "chromium")?,
                        "args": arguments,
                    },
                    "goog:loggingPrefs": { "browser": "ALL" },
                })
            }
            Self::Firefox => {
                let arguments: &[&str] = if headed { &[] } else { &["-headless"] };
                json!({
                    "browserName": "firefox",
                    "moz:firefoxOptions": {
                        "binary": find(&["firefox-esr", "firefox"], "firefox-esr")?,
                        "args": arguments,
                        "prefs": { "intl.accept_languages": "en-US", "network.dns.localDomains": FOREIGN_HOST },
                    },
                })
            }
            Self::Webkit => json!({
                "browserName": "MiniBrowser",
                "webkitgtk:browserOptions": { "binary": minibrowser()?, "args": ["--automation"] },
            }),
        };
        match capabilities {
            Value::Object(capabilities) => Ok(capabilities),
            other => bail!("the capabilities are {other} instead of an object"),
        }
    }
}

/// Chromium's and WebKit's sandboxes do not run as root.
fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

/// The first of these programs that is on the PATH.
fn find(programs: &[&str], package: &str) -> Result<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    for program in programs {
        if let Some(found) =
            std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
        {
            return Ok(found);
        }
    }
    bail!("{} is not on the PATH: install {package}", programs.join(" or "))
}

/// Debian installs it beside the library, not on the PATH.
fn minibrowser() -> Result<PathBuf> {
    let libraries = std::fs::read_dir("/usr/lib")?.flatten().map(|entry| entry.path());
    for library in libraries {
        for version in ["webkit2gtk-4.1", "webkit2gtk-4.0", "webkitgtk-6.0"] {
            let browser = library.join(version).join("MiniBrowser");
            if browser.is_file() {
                return Ok(browser);
            }
        }
    }
    bail!("WebKitGTK's MiniBrowser is not under /usr/lib: install webkit2gtk-driver")
}
