//! Whom to tell, and how.

use std::path::Path;

use zoho_backup_core::untrusted_text;
use zoho_backup_words::texts::Texts;

use crate::alerts::address::read_address;
use crate::alerts::format::AlertFormat;
use crate::config::arguments::Arguments;
use crate::config::mistakes::Mistakes;
use crate::config::servers::read_proxy;
use crate::config::setting::{
    ALERT_FORMAT, ALERT_PROXY, ALERT_PROXY_CREDENTIALS, ALERT_URL_FILE, HEARTBEAT_URL_FILE, LABEL, STATE_DIR,
    Setting, WATCH_SECONDS,
};
use crate::secret::Source;
use crate::upstream_proxy::UpstreamProxy;

/// Whom to tell, and how.
#[derive(Clone, Debug)]
pub struct AlertSettings {
    /// Where the address is stored to which alerts are sent, if they are.
    pub url: Option<Source>,
    /// How they are written.
    pub format: AlertFormat,
    /// The proxy on the way to both addresses, if there is one.
    pub proxy: Option<UpstreamProxy>,
    /// The name of the account in alerts.
    pub label: String,
    /// Where the address is stored that is pinged after answers, if one is.
    pub heartbeat_url: Option<Source>,
}

impl Default for AlertSettings {
    fn default() -> AlertSettings {
        AlertSettings {
            url: None,
            format: AlertFormat::default(),
            proxy: None,
            label: Texts::default().plain("label"),
            heartbeat_url: None,
        }
    }
}

/// Reads whom to tell. `environment` returns the value of an environment variable.
pub fn read_alerts(
    given: &Arguments,
    environment: impl Fn(&str) -> Option<String>,
    mistakes: &mut Mistakes,
) -> Option<AlertSettings> {
    let url = mistakes.check(address(&ALERT_URL_FILE, given.alert_url_file.as_deref()));
    let heartbeat_url = mistakes.check(address(&HEARTBEAT_URL_FILE, given.heartbeat_url_file.as_deref()));
    let format = mistakes.check(format(given.alert_format.as_deref()));
    let address = given.alert_proxy.as_deref();
    let proxy = read_proxy(&ALERT_PROXY, &ALERT_PROXY_CREDENTIALS, address, environment, mistakes);
    let label = mistakes.check(label(given.label.as_deref()));
    let needs =
        |setting: &Setting, needed: &Setting, remedy: &str| format!("{setting} needs {needed}: {remedy}");
    let watch = "without it the gateway asks Zoho only for readers; 300 is a good choice";
    let folder = "name the folder in which alerts wait until they are delivered";
    let sends = given.alert_url_file.is_some();
    if sends && given.state_dir.is_none() {
        mistakes.add::<()>(needs(&ALERT_URL_FILE, &STATE_DIR, folder));
    }
    if sends && given.watch_seconds.is_none() {
        mistakes.add::<()>(needs(&ALERT_URL_FILE, &WATCH_SECONDS, watch));
    }
    if given.heartbeat_url_file.is_some() && given.watch_seconds.is_none() {
        mistakes.add::<()>(needs(&HEARTBEAT_URL_FILE, &WATCH_SECONDS, watch));
    }
    if given.alert_test && !sends {
        mistakes
            .add::<()>(ALERT_URL_FILE.missing("name the file with the address to which the test is sent"));
    }
    Some(AlertSettings {
        url: url?,
        format: format?,
        proxy: proxy?,
        label: label?,
        heartbeat_url: heartbeat_url?,
    })
}

/// Where an address is stored, which must be readable and usable. Nothing of it is in the message, also where it was given
/// in place of the file.
fn address(setting: &Setting, given: Option<&Path>) -> Result<Option<Source>, String> {
    let Some(path) = given else { return Ok(None) };
    if path.to_string_lossy().contains("://") {
        return Err(format!("{setting} is no path of a file: write the address into a file, and name that"));
    }
    let source = Source::file(path.to_owned());
    match read_address(&source) {
        Ok(_) => Ok(Some(source)),
        // What is no whole path may be an address without its scheme.
        Err(_) if !path.is_absolute() => Err(format!(
            "{setting} is not the whole path of a file with an address: write it from the root on"
        )),
        Err(problem) => {
            Err(format!("{setting}: {problem}: write one line into the file, the address of the receiver"))
        }
    }
}

fn format(given: Option<&str>) -> Result<AlertFormat, String> {
    let word = given.unwrap_or(ALERT_FORMAT.default).trim().to_ascii_lowercase();
    let format = AlertFormat::ALL.into_iter().find(|format| format.name() == word);
    format.ok_or_else(|| ALERT_FORMAT.wrong(&word, "is not one of json, slack and teams"))
}

fn label(given: Option<&str>) -> Result<String, String> {
    let Some(text) = given else { return Ok(AlertSettings::default().label) };
    let label = untrusted_text::clean(text);
    if label.is_empty() {
        Err(format!("{LABEL} has nothing that can be seen: name the account"))
    } else {
        Ok(label)
    }
}
