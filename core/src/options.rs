//! The widget's options: their names, defaults and bounds.

use crate::verdict::Policy;
use std::time::Duration;

words! {
    /// How finely the countdown moves.
    pub enum CountdownMode {
        /// Two leading units; minutes and seconds in the last hour.
        Auto = "auto",
        /// Every second.
        Second = "second",
        /// Every minute.
        Minute = "minute",
        /// No countdown.
        Off = "off",
    }
}

words! {
    /// Light or dark.
    pub enum Theme {
        /// As the page's `color-scheme` has it.
        Auto = "auto",
        /// Always light.
        Light = "light",
        /// Always dark.
        Dark = "dark",
    }
}

words! {
    /// How much is shown.
    pub enum Variant {
        /// Everything.
        Card = "card",
        /// One line: badge and countdown.
        Badge = "badge",
    }
}

words! {
    /// Whether cookies are sent to the proxy, in the terms of `fetch`.
    pub enum Credentials {
        /// Only to the page's own origin.
        SameOrigin = "same-origin",
        /// Always.
        Include = "include",
        /// Never.
        Omit = "omit",
    }
}

words! {
    /// How hours are written, in the terms of `Intl`.
    pub enum HourCycle {
        /// 0 to 11, with am and pm.
        H11 = "h11",
        /// 12, 1 to 11, with am and pm.
        H12 = "h12",
        /// 0 to 23.
        H23 = "h23",
        /// 24, 1 to 23.
        H24 = "h24",
    }
}

/// The options of one widget.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Where the details are fetched from, as given: neither resolved nor judged yet.
    pub proxy_url: Option<String>,
    /// The time between fetches; `None`: only when asked.
    pub refresh_interval: Option<Duration>,
    /// How long after its date a run is *due* before it is *overdue*.
    pub overdue_after: Duration,
    /// How finely the countdown moves.
    pub countdown: CountdownMode,
    /// The IANA zone in which times are written, as given; `None`: inherited.
    pub time_zone: Option<String>,
    /// How hours are written; `None`: inherited.
    pub hour_cycle: Option<HourCycle>,
    /// The language, a BCP 47 tag as given; `None`: inherited.
    pub lang: Option<String>,
    /// Light or dark.
    pub theme: Theme,
    /// How much is shown.
    pub variant: Variant,
    /// Heading and accessible name; `None`: the usual one.
    pub label: Option<String>,
    /// Where one goes to fix it, as given: neither resolved nor judged yet.
    pub href: Option<String>,
    /// Whether cookies are sent to the proxy.
    pub credentials: Credentials,
}

/// Seconds between fetches unless asked otherwise.
const REFRESH_INTERVAL: u64 = 300;
/// Fewest seconds between fetches: an account's API credits are finite.
const MIN_REFRESH_INTERVAL: u64 = 30;
/// Seconds until *due* becomes *overdue* unless asked otherwise: a run takes minutes to hours.
const OVERDUE_AFTER: u64 = 3_600;

impl Default for Options {
    fn default() -> Self {
        Options {
            proxy_url: None,
            refresh_interval: Some(Duration::from_secs(REFRESH_INTERVAL)),
            overdue_after: Duration::from_secs(OVERDUE_AFTER),
            countdown: CountdownMode::Auto,
            time_zone: None,
            hour_cycle: None,
            lang: None,
            theme: Theme::Auto,
            variant: Variant::Card,
            label: None,
            href: None,
            credentials: Credentials::SameOrigin,
        }
    }
}

/// An option that could not be taken as given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The attribute's name.
    pub option: &'static str,
    /// What was given.
    pub given: String,
    /// What is the matter with it, and what is used instead.
    pub problem: Problem,
}

/// What is the matter with an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// A number was expected; the default, given here, is used.
    NotANumber(u64),
    /// The number is below its bound, given here, which is used.
    TooSmall(u64),
    /// No word that the option knows; the default is used.
    UnknownWord,
    /// No address of a page; there is no link.
    NotALink,
}

impl Options {
    /// Reads the options, given each one's text by its camelCase name. Absent and blank mean the default.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> (Options, Vec<Warning>) {
        let given = |name: &str| get(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let default = Options::default();
        let mut read = Reading { given, warnings: Vec::new() };
        let interval =
            read.seconds("refresh-interval", "refreshInterval", REFRESH_INTERVAL, MIN_REFRESH_INTERVAL);
        let overdue_after = read.seconds("overdue-after", "overdueAfter", OVERDUE_AFTER, 0);
        let options = Options {
            refresh_interval: (interval > 0).then(|| Duration::from_secs(interval)),
            overdue_after: Duration::from_secs(overdue_after),
            countdown: read.word("countdown", "countdown", CountdownMode::from_name, default.countdown),
            hour_cycle: read.word(
                "hour-cycle",
                "hourCycle",
                |word| HourCycle::from_name(word).map(Some),
                None,
            ),
            theme: read.word("theme", "theme", Theme::from_name, default.theme),
            variant: read.word("variant", "variant", Variant::from_name, default.variant),
            credentials: read.word("credentials", "credentials", Credentials::from_name, default.credentials),
            proxy_url: (read.given)("proxyUrl"),
            time_zone: (read.given)("timeZone"),
            lang: (read.given)("lang"),
            label: (read.given)("label"),
            href: (read.given)("href"),
        };
        (options, read.warnings)
    }

    /// What the verdict depends on.
    pub fn policy(&self) -> Policy {
        let interval = self.refresh_interval.unwrap_or(Duration::from_secs(REFRESH_INTERVAL));
        Policy {
            overdue_after: self.overdue_after,
            stale_after: interval.saturating_mul(2).saturating_add(Duration::from_secs(10)),
        }
    }
}

/// Options being read, and what was wrong with them so far.
struct Reading<G> {
    given: G,
    warnings: Vec<Warning>,
}

impl<G: Fn(&str) -> Option<String>> Reading<G> {
    /// A number of seconds, zero or at least `min`.
    fn seconds(&mut self, option: &'static str, name: &str, default: u64, min: u64) -> u64 {
        let Some(given) = (self.given)(name) else { return default };
        let Some(seconds) = whole(&given) else {
            self.warnings.push(Warning { option, given, problem: Problem::NotANumber(default) });
            return default;
        };
        match u64::try_from(seconds) {
            Ok(seconds) if seconds == 0 || seconds >= min => seconds,
            _ => {
                self.warnings.push(Warning { option, given, problem: Problem::TooSmall(min) });
                min
            }
        }
    }

    /// One of the words that the option knows, in any case.
    fn word<T>(
        &mut self,
        option: &'static str,
        name: &str,
        read: impl Fn(&str) -> Option<T>,
        default: T,
    ) -> T {
        let Some(given) = (self.given)(name) else { return default };
        read(&given.to_ascii_lowercase()).unwrap_or_else(|| {
            self.warnings.push(Warning { option, given, problem: Problem::UnknownWord });
            default
        })
    }
}

/// A decimal number, rounded away from zero. (Parsing floats would cost the widget kilobytes, and no option needs them.)
fn whole(text: &str) -> Option<i64> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits(whole) || !is_digits(fraction) {
        return None;
    }
    // More digits than fit are still a number, and a large one.
    let rounded =
        whole.parse().unwrap_or(i64::MAX).saturating_add(fraction.bytes().any(|digit| digit != b'0').into());
    Some(if unsigned == text { rounded } else { -rounded })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(given: &[(&str, &str)]) -> (Options, Vec<Warning>) {
        Options::read(|name| given.iter().find(|(key, _)| *key == name).map(|(_, text)| (*text).to_owned()))
    }

    #[test]
    fn without_options_the_defaults_hold() {
        assert_eq!(read(&[]), (Options::default(), vec![]));
        let blank =
            ["proxyUrl", "refreshInterval", "countdown", "hourCycle", "label"].map(|name| (name, "  "));
        assert_eq!(read(&blank), (Options::default(), vec![]));
    }

    #[test]
    fn every_option_is_read() {
        let (options, warnings) = read(&[
            ("proxyUrl", " /crm/bulk/v6/backup "),
            ("refreshInterval", "60"),
            ("overdueAfter", "0"),
            ("countdown", "second"),
            ("timeZone", "Asia/Kolkata"),
            ("hourCycle", "h23"),
            ("lang", "de-AT"),
            ("theme", "Dark"),
            ("variant", "badge"),
            ("label", "Sales"),
            ("href", "/backups"),
            ("credentials", "include"),
        ]);
        let expected = Options {
            proxy_url: Some("/crm/bulk/v6/backup".to_owned()),
            refresh_interval: Some(Duration::from_secs(60)),
            overdue_after: Duration::ZERO,
            countdown: CountdownMode::Second,
            time_zone: Some("Asia/Kolkata".to_owned()),
            hour_cycle: Some(HourCycle::H23),
            lang: Some("de-AT".to_owned()),
            theme: Theme::Dark,
            variant: Variant::Badge,
            label: Some("Sales".to_owned()),
            href: Some("/backups".to_owned()),
            credentials: Credentials::Include,
        };
        assert_eq!((options, warnings), (expected, vec![]));
    }

    #[test]
    fn intervals_keep_their_bounds() {
        let cases: [(&str, Option<u64>, Option<Problem>); 13] = [
            ("0", None, None),
            ("30", Some(30), None),
            ("45.9", Some(46), None),
            ("0.0", None, None),
            ("0.5", Some(30), Some(Problem::TooSmall(30))),
            ("-0.5", Some(30), Some(Problem::TooSmall(30))),
            ("86400", Some(86_400), None),
            ("29", Some(30), Some(Problem::TooSmall(30))),
            ("-1", Some(30), Some(Problem::TooSmall(30))),
            ("-99999999999999999999", Some(30), Some(Problem::TooSmall(30))),
            ("99999999999999999999", Some(i64::MAX as u64), None),
            ("often", Some(300), Some(Problem::NotANumber(300))),
            ("1e3", Some(300), Some(Problem::NotANumber(300))),
        ];
        for (given, seconds, problem) in cases {
            let (options, warnings) = read(&[("refreshInterval", given)]);
            assert_eq!(options.refresh_interval, seconds.map(Duration::from_secs), "{given}");
            let expected = problem.map(|problem| Warning {
                option: "refresh-interval",
                given: given.to_owned(),
                problem,
            });
            assert_eq!(warnings, Vec::from_iter(expected), "{given}");
        }
    }

    #[test]
    fn a_negative_overdue_after_is_zero() {
        let (options, warnings) = read(&[("overdueAfter", "-5")]);
        assert_eq!((options.overdue_after, warnings.len()), (Duration::ZERO, 1));
    }

    #[test]
    fn unknown_words_mean_the_default_and_warn_once_each() {
        let names = [
            ("countdown", "countdown"),
            ("hourCycle", "hour-cycle"),
            ("theme", "theme"),
            ("variant", "variant"),
            ("credentials", "credentials"),
        ];
        for (name, option) in names {
            let (options, warnings) = read(&[(name, "blue")]);
            let warning = Warning { option, given: "blue".to_owned(), problem: Problem::UnknownWord };
            assert_eq!((options, warnings), (Options::default(), vec![warning]));
        }
    }

    #[test]
    fn stale_is_measured_by_the_interval_and_by_the_usual_one_without() {
        let stale_after = |given| read(&[("refreshInterval", given)]).0.policy().stale_after.as_secs();
        assert_eq!(stale_after("60"), 130);
        assert_eq!(stale_after("0"), 610);
    }
}
