//! The values of single settings: switches, seconds, the log's level and format.

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tracing::Level;

use crate::badge_sites::BadgeSites;
use crate::config::setting::Setting;
use crate::log::LogFormat;

const DAY: u64 = 86_400;
/// How often the gateway may ask by itself, in seconds. An answer is stale for readers after 15 minutes.
const WATCH: RangeInclusive<u64> = 60..=900;
/// How many days a history may go back.
const HISTORY: RangeInclusive<u64> = 1..=3_650;

/// A switch. An empty value means off, like no value.
///
/// # Errors
/// The mistake.
pub fn switch(setting: &Setting<&str>, given: Option<&str>) -> Result<bool, String> {
    match given.unwrap_or(setting.default).trim().to_ascii_lowercase().as_str() {
        "" | "false" | "no" | "off" | "0" => Ok(false),
        "true" | "yes" | "on" | "1" => Ok(true),
        word => Err(setting.wrong(word, "is neither true nor false")),
    }
}

/// A number of seconds, from `least` to a day.
///
/// # Errors
/// The mistake.
pub fn seconds(setting: &Setting<&str>, given: Option<&str>, least: u64) -> Result<Duration, String> {
    let text = given.unwrap_or(setting.default);
    number(setting, text, least..=DAY).map(Duration::from_secs)
}

/// How often the gateway asks by itself, if it does.
///
/// # Errors
/// The mistake.
pub fn watch_seconds(setting: &Setting, given: Option<&str>) -> Result<Option<Duration>, String> {
    given.map(|text| number(setting, text, WATCH).map(Duration::from_secs)).transpose()
}

/// How far a history goes back.
///
/// # Errors
/// The mistake.
pub fn history_days(setting: &Setting<&str>, given: Option<&str>) -> Result<Duration, String> {
    let days = number(setting, given.unwrap_or(setting.default), HISTORY)?;
    Ok(Duration::from_secs(days * DAY))
}

/// How long after its date a run that has not started is missed. The widget has no limit for it either.
///
/// # Errors
/// The mistake.
pub fn overdue_seconds(setting: &Setting<&str>, given: Option<&str>) -> Result<Duration, String> {
    let text = given.unwrap_or(setting.default);
    let seconds = text.trim().parse().map_err(|_| setting.wrong(text, "is not a whole number of seconds"));
    seconds.map(Duration::from_secs)
}

/// A folder that exists, if one is named.
///
/// # Errors
/// The mistake.
pub fn folder(setting: &Setting, given: Option<&Path>) -> Result<Option<PathBuf>, String> {
    match given {
        Some(path) if !path.is_dir() => {
            let problem = "is not a folder: create one that only the gateway's user can read and write";
            Err(setting.wrong(&path.to_string_lossy(), problem))
        }
        _ => Ok(given.map(Path::to_owned)),
    }
}

fn number<D>(setting: &Setting<D>, text: &str, allowed: RangeInclusive<u64>) -> Result<u64, String> {
    let number = text.trim().parse().ok().filter(|number| allowed.contains(number));
    let (least, most) = allowed.into_inner();
    number.ok_or_else(|| setting.wrong(text, &format!("is not a whole number from {least} to {most}")))
}

/// The sites whose pages may show the picture.
///
/// # Errors
/// The mistake.
pub fn badge_sites(setting: &Setting<&str>, given: Option<&str>) -> Result<BadgeSites, String> {
    let word = given.unwrap_or(setting.default).trim().to_ascii_lowercase();
    let sites = BadgeSites::ALL.into_iter().find(|sites| sites.name() == word);
    sites.ok_or_else(|| setting.wrong(&word, "is not one of same-origin, same-site and any"))
}

/// A log level.
///
/// # Errors
/// The mistake.
pub fn log_level(setting: &Setting<&str>, given: Option<&str>) -> Result<Level, String> {
    let text = given.unwrap_or(setting.default);
    text.parse().map_err(|_| setting.wrong(text, "is not one of error, warn, info, debug and trace"))
}

/// A format of the log.
///
/// # Errors
/// The mistake.
pub fn log_format(setting: &Setting<&str>, given: Option<&str>) -> Result<LogFormat, String> {
    match given.unwrap_or(setting.default).trim().to_ascii_lowercase().as_str() {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        word => Err(setting.wrong(word, "is neither text nor json")),
    }
}

/// An address as a message may show it. What stands before an `@`, and in a query or fragment, may be a secret.
#[must_use]
pub fn without_secrets(address: &str) -> &str {
    let rest = address.rsplit_once('@').map_or(address, |(_, rest)| rest);
    rest.split(['?', '#']).next().unwrap_or_default()
}
