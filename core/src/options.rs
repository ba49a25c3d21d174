//! The widget's options: their names, defaults and limits.

use crate::countdown::CountdownMode;
use crate::policy::{OVERDUE_AFTER, Policy, REFRESH_INTERVAL};
use std::ops::RangeInclusive;
use std::time::Duration;

named_enum! {
    /// An option of the widget. Its name is that of the element's attribute.
    pub enum OptionName {
        /// Where the details are fetched from.
        ProxyUrl = "proxy-url",
        /// Seconds between fetches.
        RefreshInterval = "refresh-interval",
        /// Seconds until *due* becomes *overdue*.
        OverdueAfter = "overdue-after",
        /// How finely the countdown moves.
        Countdown = "countdown",
        /// The time zone of dates and times.
        TimeZone = "time-zone",
        /// How hours are written.
        HourCycle = "hour-cycle",
        /// The language.
        Lang = "lang",
        /// Light or dark.
        Theme = "theme",
        /// How much is shown.
        Variant = "variant",
        /// Heading and accessible name.
        Label = "label",
        /// The level of the heading.
        HeadingLevel = "heading-level",
        /// Where the heading links to.
        Href = "href",
        /// Where that link opens.
        Target = "target",
        /// Whether cookies are sent to the proxy.
        Credentials = "credentials",
    }
}

impl OptionName {
    /// The name of the element's property, and of the option of `mount()`.
    pub const fn property(self) -> &'static str {
        match self {
            OptionName::ProxyUrl => "proxyUrl",
            OptionName::RefreshInterval => "refreshInterval",
            OptionName::OverdueAfter => "overdueAfter",
            OptionName::TimeZone => "timeZone",
            OptionName::HourCycle => "hourCycle",
            OptionName::HeadingLevel => "headingLevel",
            OptionName::Countdown
            | OptionName::Lang
            | OptionName::Theme
            | OptionName::Variant
            | OptionName::Label
            | OptionName::Href
            | OptionName::Target
            | OptionName::Credentials => self.name(),
        }
    }
}

named_enum! {
    /// Light or dark.
    pub enum Theme {
        /// Follows the page's `color-scheme`.
        Auto = "auto",
        /// Always light.
        Light = "light",
        /// Always dark.
        Dark = "dark",
    }
}

named_enum! {
    /// How much is shown.
    pub enum Variant {
        /// Everything.
        Card = "card",
        /// One line: badge and countdown.
        Badge = "badge",
    }
}

named_enum! {
    /// The level of the card's heading among those of the page.
    pub enum HeadingLevel {
        /// As `h2`.
        Two = "2",
        /// As `h3`.
        Three = "3",
        /// As `h4`.
        Four = "4",
        /// As `h5`.
        Five = "5",
        /// As `h6`.
        Six = "6",
    }
}

named_enum! {
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

named_enum! {
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
    /// Where the details are fetched from, as given: not resolved or checked yet.
    pub proxy_url: Option<String>,
    /// The time between fetches; `None`: only on request.
    pub refresh_interval: Option<Duration>,
    /// How long after its date a run is *due* before it is *overdue*.
    pub overdue_after: Duration,
    /// How finely the countdown moves.
    pub countdown: CountdownMode,
    /// The IANA time zone of dates and times, as given; `None`: inherited.
    pub time_zone: Option<String>,
    /// How hours are written; `None`: inherited.
    pub hour_cycle: Option<HourCycle>,
    /// The language, a BCP 47 tag as given; `None`: inherited.
    pub lang: Option<String>,
    /// Light or dark.
    pub theme: Theme,
    /// How much is shown.
    pub variant: Variant,
    /// Heading and accessible name; `None`: the default.
    pub label: Option<String>,
    /// The level of the card's heading.
    pub heading_level: HeadingLevel,
    /// Where the heading links to, as given: not resolved or checked yet.
    pub href: Option<String>,
    /// Where that link opens, in the terms of HTML; `None`: in the same frame.
    pub target: Option<String>,
    /// Whether cookies are sent to the proxy.
    pub credentials: Credentials,
}

/// The fewest seconds between fetches: an account's API credits are limited.
const MIN_REFRESH_INTERVAL: u64 = 30;
/// The most seconds between fetches, six hours: after a day without an answer nothing is known.
const MAX_REFRESH_INTERVAL: u64 = 6 * 3_600;
const INTERVALS: RangeInclusive<u64> = MIN_REFRESH_INTERVAL..=MAX_REFRESH_INTERVAL;

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
            heading_level: HeadingLevel::Three,
            href: None,
            target: None,
            credentials: Credentials::SameOrigin,
        }
    }
}

/// An option that was given an invalid value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The option.
    pub option: OptionName,
    /// The value.
    pub given: String,
    /// What is wrong with it, and what is used instead.
    pub problem: Problem,
}

/// What is wrong with the value of an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// It is not a number; the default, given here, is used.
    NotANumber(u64),
    /// It is below the limit, given here, which is used.
    TooSmall(u64),
    /// It is above the limit, given here, which is used.
    TooLarge(u64),
    /// The option does not have this value; the default is used.
    UnknownWord,
    /// It is not the address of a page; there is no link.
    NotALink,
}

impl Options {
    /// Reads the options from their texts. What is absent or blank has its default.
    pub fn read(get: impl Fn(OptionName) -> Option<String>) -> (Options, Vec<Warning>) {
        let given = |name| get(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let default = Options::default();
        let mut read = OptionReader { given, warnings: Vec::new() };
        let interval = read.seconds(OptionName::RefreshInterval, REFRESH_INTERVAL, INTERVALS);
        let overdue_after = read.seconds(OptionName::OverdueAfter, OVERDUE_AFTER, 0..=u64::MAX);
        let options = Options {
            refresh_interval: (interval > 0).then(|| Duration::from_secs(interval)),
            overdue_after: Duration::from_secs(overdue_after),
            countdown: read.word(OptionName::Countdown, CountdownMode::from_name, default.countdown),
            hour_cycle: read.word(OptionName::HourCycle, |word| HourCycle::from_name(word).map(Some), None),
            theme: read.word(OptionName::Theme, Theme::from_name, default.theme),
            variant: read.word(OptionName::Variant, Variant::from_name, default.variant),
            heading_level: read.word(
                OptionName::HeadingLevel,
                HeadingLevel::from_name,
                default.heading_level,
            ),
            credentials: read.word(OptionName::Credentials, Credentials::from_name, default.credentials),
            proxy_url: (read.given)(OptionName::ProxyUrl),
            time_zone: (read.given)(OptionName::TimeZone),
            lang: (read.given)(OptionName::Lang),
            label: (read.given)(OptionName::Label),
            href: (read.given)(OptionName::Href),
            target: (read.given)(OptionName::Target),
        };
        (options, read.warnings)
    }

    /// What verdicts depend on.
    pub fn policy(&self) -> Policy {
        Policy::new(self.overdue_after, self.refresh_interval)
    }
}

/// Reads options and collects what is wrong with them.
struct OptionReader<G> {
    given: G,
    warnings: Vec<Warning>,
}

impl<G: Fn(OptionName) -> Option<String>> OptionReader<G> {
    /// A number of seconds, zero or within the limits.
    fn seconds(&mut self, option: OptionName, default: u64, limits: RangeInclusive<u64>) -> u64 {
        let Some(given) = (self.given)(option) else { return default };
        let Some(seconds) = whole(&given) else {
            self.warnings.push(Warning { option, given, problem: Problem::NotANumber(default) });
            return default;
        };
        let (min, max) = limits.into_inner();
        let (used, problem) = match u64::try_from(seconds) {
            Ok(seconds) if seconds > max => (max, Problem::TooLarge(max)),
            Ok(seconds) if seconds == 0 || seconds >= min => return seconds,
            _ => (min, Problem::TooSmall(min)),
        };
        self.warnings.push(Warning { option, given, problem });
        used
    }

    /// One of the words that the option accepts, in any case.
    fn word<T>(&mut self, option: OptionName, read: impl Fn(&str) -> Option<T>, default: T) -> T {
        let Some(given) = (self.given)(option) else { return default };
        read(&given.to_ascii_lowercase()).unwrap_or_else(|| {
            self.warnings.push(Warning { option, given, problem: Problem::UnknownWord });
            default
        })
    }
}

/// A decimal number, rounded away from zero. (Parsing floats would add kilobytes to the widget.)
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
        Options::read(|name| {
            let given = given.iter().find(|(key, _)| *key == name.property());
            given.map(|(_, text)| (*text).to_owned())
        })
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
            ("headingLevel", "2"),
            ("href", "/backups"),
            ("target", "_blank"),
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
            heading_level: HeadingLevel::Two,
            href: Some("/backups".to_owned()),
            target: Some("_blank".to_owned()),
            credentials: Credentials::Include,
        };
        assert_eq!((options, warnings), (expected, vec![]));
    }

    #[test]
    fn intervals_keep_their_bounds() {
        let cases: [(&str, Option<u64>, Option<Problem>); 15] = [
            ("0", None, None),
            ("30", Some(30), None),
            ("45.9", Some(46), None),
            ("0.0", None, None),
            ("0.5", Some(30), Some(Problem::TooSmall(30))),
            ("-0.5", Some(30), Some(Problem::TooSmall(30))),
            ("21600", Some(21_600), None),
            ("21600.1", Some(21_600), Some(Problem::TooLarge(21_600))),
            ("86400", Some(21_600), Some(Problem::TooLarge(21_600))),
            ("29", Some(30), Some(Problem::TooSmall(30))),
            ("-1", Some(30), Some(Problem::TooSmall(30))),
            ("-99999999999999999999", Some(30), Some(Problem::TooSmall(30))),
            ("99999999999999999999", Some(21_600), Some(Problem::TooLarge(21_600))),
            ("often", Some(300), Some(Problem::NotANumber(300))),
            ("1e3", Some(300), Some(Problem::NotANumber(300))),
        ];
        for (given, seconds, problem) in cases {
            let (options, warnings) = read(&[("refreshInterval", given)]);
            assert_eq!(options.refresh_interval, seconds.map(Duration::from_secs), "{given}");
            let expected = problem.map(|problem| Warning {
                option: OptionName::RefreshInterval,
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
            OptionName::Countdown,
            OptionName::HourCycle,
            OptionName::Theme,
            OptionName::Variant,
            OptionName::HeadingLevel,
            OptionName::Credentials,
        ];
        for option in names {
            let (options, warnings) = read(&[(option.property(), "blue")]);
            let warning = Warning { option, given: "blue".to_owned(), problem: Problem::UnknownWord };
            assert_eq!((options, warnings), (Options::default(), vec![warning]));
        }
    }

    /// A property is its attribute in camelCase, as in HTML.
    #[test]
    fn the_two_names_of_an_option_are_one_name_in_two_spellings() {
        for option in OptionName::ALL {
            let mut words = option.name().split('-');
            let first = words.next().unwrap().to_owned();
            let camel_case = words.fold(first, |name, word| name + &word[..1].to_uppercase() + &word[1..]);
            assert_eq!(option.property(), camel_case);
        }
    }

    #[test]
    fn stale_is_measured_by_the_interval_and_by_the_usual_one_without() {
        let stale_after = |given| read(&[("refreshInterval", given)]).0.policy().stale_after.as_secs();
        assert_eq!(stale_after("60"), 130);
        assert_eq!(stale_after("0"), 610);
    }
}
