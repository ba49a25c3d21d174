//! The browser's Intl formatters, made once per locale when they are first needed.

use crate::page::objects;
use std::cell::{OnceCell, RefCell};
use std::rc::{Rc, Weak};
use wasm_bindgen::prelude::*;
use zoho_backup_core::countdown::{Length, Unit};
use zoho_backup_core::date_time::DateTime;
use zoho_backup_core::instant::Timestamp;
use zoho_backup_core::language_tag::language_tag;
use zoho_backup_core::options::HourCycle;

/// How dates, times and numbers are written for one reader. What is `None` is the browser's choice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Locale {
    /// A BCP 47 tag.
    pub lang: Option<String>,
    /// An IANA time zone.
    pub time_zone: Option<String>,
    /// How hours are written.
    pub hour_cycle: Option<HourCycle>,
}

thread_local! {
    static CACHE: RefCell<Vec<Weak<Formats>>> = const { RefCell::new(Vec::new()) };
}

/// What is written by one of Intl's formatters.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    DateTime,
    Elsewhere,
    Time,
    DayOfWriter,
    CalendarDay,
    Offset,
    RelativeDay,
    RelativeTime,
    Duration,
    Days,
    Hours,
    Minutes,
    Number,
    TwoDigits,
    Plural,
    List,
}

/// The zone of the dates that a formatter writes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Zone {
    /// It writes no dates.
    None,
    /// The reader's.
    Reader,
    Utc,
}

impl Format {
    const COUNT: usize = Format::List as usize + 1;

    /// The class of the formatter, its options, and its zone.
    fn definition(self) -> (&'static str, &'static [(&'static str, &'static str)], Zone) {
        const DATE: &str = "DateTimeFormat";
        const NUMBER: &str = "NumberFormat";
        const RELATIVE: &str = "RelativeTimeFormat";
        const WEEKDAY: (&str, &str) = ("weekday", "short");
        const DAY: (&str, &str) = ("day", "numeric");
        const MONTH: (&str, &str) = ("month", "short");
        const YEAR: (&str, &str) = ("year", "numeric");
        const HOUR: (&str, &str) = ("hour", "numeric");
        const MINUTE: (&str, &str) = ("minute", "2-digit");
        const UNIT: (&str, &str) = ("style", "unit");
        const LONG: (&str, &str) = ("unitDisplay", "long");
        const SHORT: (&str, &str) = ("unitDisplay", "short");
        match self {
            Format::DateTime => {
                (DATE, &[WEEKDAY, DAY, MONTH, HOUR, MINUTE, YEAR, ("timeZoneName", "short")], Zone::Reader)
            }
            Format::Elsewhere => (DATE, &[WEEKDAY, DAY, MONTH, HOUR, MINUTE], Zone::Utc),
            Format::Time => (DATE, &[HOUR, MINUTE], Zone::Utc),
            Format::DayOfWriter => (DATE, &[WEEKDAY, DAY, MONTH, YEAR], Zone::Utc),
            Format::CalendarDay => (DATE, &[DAY, MONTH, YEAR], Zone::Utc),
            Format::Offset => (DATE, &[("timeZoneName", "longOffset")], Zone::Reader),
            Format::RelativeDay => (RELATIVE, &[("numeric", "auto")], Zone::None),
            // In numbers: a length that is rounded to a day need not end tomorrow.
            Format::RelativeTime => (RELATIVE, &[("numeric", "always")], Zone::None),
            // The same styles as those of the units, for browsers without DurationFormat.
            Format::Duration => (
                "DurationFormat",
                &[("style", "short"), ("days", "long"), ("daysDisplay", "auto")],
                Zone::None,
            ),
            Format::Days => (NUMBER, &[UNIT, ("unit", "day"), LONG], Zone::None),
            Format::Hours => (NUMBER, &[UNIT, ("unit", "hour"), SHORT], Zone::None),
            Format::Minutes => (NUMBER, &[UNIT, ("unit", "minute"), SHORT], Zone::None),
            Format::Number => (NUMBER, &[], Zone::None),
            Format::TwoDigits => (NUMBER, &[("minimumIntegerDigits", "2")], Zone::None),
            Format::Plural => ("PluralRules", &[], Zone::None),
            Format::List => ("ListFormat", &[("type", "conjunction")], Zone::None),
        }
    }
}

/// The formatters of one locale.
pub struct Formats {
    locale: Locale,
    made: [OnceCell<Formatter>; Format::COUNT],
}

impl Formats {
    /// The formatters of a locale. Parts of it that the browser does not know are left to the browser.
    pub fn of(mut locale: Locale) -> Rc<Formats> {
        // By name, as the computer may be moved to another zone.
        locale.time_zone = locale.time_zone.or_else(own_time_zone);
        CACHE.with_borrow_mut(|cache| {
            cache.retain(|formats| formats.strong_count() > 0);
            let cached = cache.iter().filter_map(Weak::upgrade).find(|formats| formats.locale == locale);
            cached.unwrap_or_else(|| {
                let formats = Rc::new(Formats { locale, made: [const { OnceCell::new() }; Format::COUNT] });
                cache.push(Rc::downgrade(&formats));
                formats
            })
        })
    }

    /// Weekday, date, time and zone.
    pub fn date_time(&self, at: Timestamp) -> String {
        self.date(Format::DateTime, at).unwrap_or_else(|| iso(at))
    }

    /// Weekday, date, time and offset at the date's own offset, if the reader has another.
    pub fn elsewhere(&self, date: &DateTime) -> Option<String> {
        let offset = self.other_offset(date)?;
        Some(self.date(Format::Elsewhere, local_to_writer(date))? + &offset)
    }

    /// The time of day at the date's own offset; with that offset, if the reader has another.
    pub fn time(&self, date: &DateTime) -> String {
        let written = self.date(Format::Time, local_to_writer(date)).unwrap_or_default();
        written + &self.other_offset(date).unwrap_or_default()
    }

    /// The date's own offset, ready to follow a time, if the reader has another.
    fn other_offset(&self, date: &DateTime) -> Option<String> {
        (self.offset_at(date.at) != date.offset).then(|| [" UTC", &self.offset(date.offset)].concat())
    }

    /// The calendar day of a date at its own offset, in words and as `YYYY-MM-DD`.
    pub fn day_of_writer(&self, date: &DateTime) -> (String, String) {
        let local = local_to_writer(date);
        let machine = iso(local).split('T').next().unwrap_or_default().to_owned();
        (self.date(Format::DayOfWriter, local).unwrap_or_else(|| machine.clone()), machine)
    }

    /// A calendar day, given the instant at which it begins in UTC.
    pub fn calendar_day(&self, midnight: Timestamp) -> String {
        self.date(Format::CalendarDay, midnight).unwrap_or_else(|| iso(midnight))
    }

    /// Several items as one text, joined as in the language.
    pub fn list(&self, items: Vec<String>) -> String {
        let list: js_sys::Array = items.iter().map(|item| JsValue::from_str(item)).collect();
        self.write(Format::List, &[list.into()]).unwrap_or_else(|| listed(items.iter().cloned(), ", "))
    }

    /// The plural category of a number: `one`, `other`, and what else the language has.
    pub fn plural(&self, number: u64) -> String {
        self.numeral(Format::Plural, number).unwrap_or_else(|| "other".to_owned())
    }

    /// A whole number, in the digits of the language.
    pub fn number(&self, number: u64) -> String {
        self.numeral(Format::Number, number).unwrap_or_else(|| number.to_string())
    }

    /// Seconds by which clocks in the reader's zone are ahead of UTC at an instant.
    pub fn offset_at(&self, at: Timestamp) -> i32 {
        let written = self.date(Format::Offset, at).unwrap_or_default();
        // "7/26/2022, GMT+05:30", and for UTC "… GMT". To search for a text would cost half a kilobyte.
        written.rsplit_once('T').map_or(0, |(_, offset)| seconds_of(offset))
    }

    /// "today", "tomorrow" or "yesterday", for a day that many days from now.
    pub fn day(&self, days: i64) -> Option<String> {
        let days = Some(days).filter(|days| (-1..=1).contains(days))?;
        self.write(Format::RelativeDay, &[(days as f64).into(), "day".into()])
    }

    /// "in 3 hours".
    pub fn in_time(&self, (count, unit): (u64, Unit)) -> Option<String> {
        self.write(Format::RelativeTime, &[(count as f64).into(), unit_name(unit).into()])
    }

    /// A length of time, apart from [`Length::LessThanAMinute`], which is a phrase.
    pub fn length(&self, length: Length) -> String {
        match length {
            Length::LessThanAMinute => String::new(),
            Length::Units { days, hours, minutes } => {
                let units = [(Unit::Day, days), (Unit::Hour, hours), (Unit::Minute, minutes)];
                self.units(&units.map(|(unit, count)| count.map(|count| (unit, count))))
            }
            Length::Clock { days, hours, minutes, seconds } => {
                let mut text = days.map(|days| self.unit(Unit::Day, days) + " ").unwrap_or_default();
                for part in [hours, Some(minutes)].into_iter().flatten() {
                    text.push_str(&self.two_digits(part));
                    text.push(':');
                }
                text + &self.two_digits(seconds)
            }
        }
    }

    /// Several units as one length.
    pub fn units(&self, units: &[Option<(Unit, u64)>]) -> String {
        let units = || units.iter().flatten().copied();
        let duration = objects::object(&[]);
        for (unit, count) in units() {
            objects::set(&duration, &[unit_name(unit), "s"].concat(), &JsValue::from_f64(count as f64));
        }
        self.write(Format::Duration, &[duration.into()])
            .unwrap_or_else(|| listed(units().map(|(unit, count)| self.unit(unit, count)), " "))
    }

    fn unit(&self, unit: Unit, count: u64) -> String {
        let format = match unit {
            Unit::Day => Format::Days,
            Unit::Hour => Format::Hours,
            Unit::Minute => Format::Minutes,
        };
        self.numeral(format, count).unwrap_or_else(|| count.to_string())
    }

    /// An offset as `+05:30`.
    fn offset(&self, seconds: i32) -> String {
        let minutes = u64::from(seconds.unsigned_abs() / 60);
        let sign = if seconds < 0 { "-" } else { "+" };
        [sign, &self.two_digits(minutes / 60), ":", &self.two_digits(minutes % 60)].concat()
    }

    fn two_digits(&self, part: u64) -> String {
        self.numeral(Format::TwoDigits, part).unwrap_or_else(|| two_digits(part))
    }

    fn date(&self, format: Format, at: Timestamp) -> Option<String> {
        self.write(format, &[(at.as_millis() as f64).into()])
    }

    fn numeral(&self, format: Format, number: u64) -> Option<String> {
        self.write(format, &[(number as f64).into()])
    }

    fn write(&self, format: Format, arguments: &[JsValue]) -> Option<String> {
        let formatter = self.made.get(format as usize)?.get_or_init(|| self.make(format));
        formatter.write(if format == Format::Plural { "select" } else { "format" }, arguments)
    }

    /// Makes a formatter for the locale's language, or else for the browser's.
    fn make(&self, format: Format) -> Formatter {
        let (class, options, zone) = format.definition();
        let options = objects::object(options);
        let Locale { lang, time_zone, hour_cycle } = &self.locale;
        if let (true, Some(hour_cycle)) = (zone != Zone::None, hour_cycle) {
            objects::set(&options, "hourCycle", &JsValue::from_str(hour_cycle.name()));
        }
        match zone {
            Zone::None => {}
            Zone::Reader => zoned(&options, time_zone.as_deref()),
            Zone::Utc => zoned(&options, Some("UTC")),
        }
        // What is not shown is read in English.
        let lang = if format == Format::Offset { Some("en") } else { lang.as_deref() };
        let lang = lang.map_or(JsValue::UNDEFINED, JsValue::from_str);
        let made = Formatter::new(class, &lang, &options);
        if made.0.is_some() { made } else { Formatter::new(class, &JsValue::UNDEFINED, &options) }
    }
}

/// One of Intl's formatters; `None` where the browser lacks this kind or refuses its options.
struct Formatter(Option<JsValue>);

impl Formatter {
    // By name: a binding for each kind would weigh more, and some browsers lack some of them.
    fn new(kind: &str, lang: &JsValue, options: &js_sys::Object) -> Formatter {
        let intl = objects::member(&js_sys::global(), "Intl");
        let arguments = js_sys::Array::of2(lang, options);
        Formatter(intl.and_then(|intl| objects::construct(&intl, kind, &arguments)))
    }

    fn write(&self, method: &str, arguments: &[JsValue]) -> Option<String> {
        let formatter = self.0.as_ref()?;
        let method = objects::member(formatter, method)?.dyn_into::<js_sys::Function>().ok()?;
        method.apply(formatter, &arguments.iter().collect()).ok()?.as_string()
    }
}

/// The time on the clock of a date's writer, as if that were the clock of UTC.
fn local_to_writer(date: &DateTime) -> Timestamp {
    Timestamp::from_millis(date.at.as_millis().saturating_add(i64::from(date.offset) * 1_000))
}

fn zoned(options: &js_sys::Object, time_zone: Option<&str>) {
    if let Some(time_zone) = time_zone {
        objects::set(options, "timeZone", &JsValue::from_str(time_zone));
    }
}

/// Whether the browser knows a time zone.
pub fn is_time_zone(name: &str) -> bool {
    let options = objects::object(&[("timeZone", name)]);
    !name.is_empty() && Formatter::new("DateTimeFormat", &JsValue::UNDEFINED, &options).0.is_some()
}

/// The language tag that this is, if it is one.
pub fn language_of(name: &str) -> Option<String> {
    let tag = language_tag(name);
    let is_tag = !tag.is_empty()
        && Formatter::new("DateTimeFormat", &JsValue::from_str(&tag), &objects::object(&[])).0.is_some();
    is_tag.then_some(tag)
}

/// The computer's zone.
fn own_time_zone() -> Option<String> {
    let format = Formatter::new("DateTimeFormat", &JsValue::UNDEFINED, &objects::object(&[])).0?;
    let resolve = objects::member(&format, "resolvedOptions")?.dyn_into::<js_sys::Function>().ok()?;
    // Some computers' zone has a name that Intl itself does not know.
    objects::text_of(&resolve.call0(&format).ok()?, "timeZone").filter(|name| is_time_zone(name))
}

/// The instant as `YYYY-MM-DDTHH:MM:SSZ`; empty if it lies beyond what the browser's dates can hold.
pub fn iso(at: Timestamp) -> String {
    let date = js_sys::Date::new(&JsValue::from_f64(at.as_millis() as f64));
    if date.get_time().is_nan() {
        return String::new();
    }
    let text = String::from(date.to_iso_string());
    text.split_once('.').map_or(text.clone(), |(seconds, _)| [seconds, "Z"].concat())
}

/// The seconds of `+05:30`, or `-00:44:30`.
fn seconds_of(offset: &str) -> i32 {
    let digits = offset.bytes().filter(u8::is_ascii_digit).map(|digit| i32::from(digit - b'0'));
    let seconds: i32 = digits.zip([36_000, 3_600, 600, 60, 10, 1]).map(|(digit, unit)| digit * unit).sum();
    if offset.starts_with('+') { seconds } else { -seconds }
}

/// Texts with another between each two. (That of the standard library is three times as large.)
fn listed(texts: impl Iterator<Item = String>, between: &str) -> String {
    texts.reduce(|all, text| [&*all, between, &text].concat()).unwrap_or_default()
}

fn unit_name(unit: Unit) -> &'static str {
    match unit {
        Unit::Day => "day",
        Unit::Hour => "hour",
        Unit::Minute => "minute",
    }
}

fn two_digits(value: u64) -> String {
    let text = value.to_string();
    if value < 10 { ["0", &text].concat() } else { text }
}
