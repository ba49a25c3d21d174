//! The browser's Intl formatters, made once per locale when they are first needed.

use crate::page::objects;
use std::cell::{OnceCell, RefCell};
use std::rc::{Rc, Weak};
use wasm_bindgen::prelude::*;
use zoho_backup_core::countdown::{Length, Unit};
use zoho_backup_core::date_time::DateTime;
use zoho_backup_core::instant::Timestamp;
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

/// Weekday, date and time.
const MOMENT: [(&str, &str); 5] = [
    ("weekday", "short"),
    ("day", "numeric"),
    ("month", "short"),
    ("hour", "numeric"),
    ("minute", "2-digit"),
];
const YEAR: (&str, &str) = ("year", "numeric");
const UTC: &str = "UTC";

/// The formatters of one locale.
pub struct Formats {
    locale: Locale,
    date_time: OnceCell<Formatter>,
    elsewhere: OnceCell<Formatter>,
    offset: OnceCell<Formatter>,
    duration: OnceCell<Formatter>,
    units: [OnceCell<Formatter>; 3],
    days: OnceCell<Formatter>,
    lengths: OnceCell<Formatter>,
    plurals: OnceCell<Formatter>,
    lists: OnceCell<Formatter>,
    weekdays: OnceCell<Formatter>,
    times: OnceCell<Formatter>,
    calendar_days: OnceCell<Formatter>,
    days_of_writer: OnceCell<Formatter>,
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
                let formats = Rc::new(Formats {
                    locale,
                    date_time: OnceCell::new(),
                    elsewhere: OnceCell::new(),
                    offset: OnceCell::new(),
                    duration: OnceCell::new(),
                    units: [const { OnceCell::new() }; 3],
                    days: OnceCell::new(),
                    lengths: OnceCell::new(),
                    plurals: OnceCell::new(),
                    lists: OnceCell::new(),
                    weekdays: OnceCell::new(),
                    times: OnceCell::new(),
                    calendar_days: OnceCell::new(),
                    days_of_writer: OnceCell::new(),
                });
                cache.push(Rc::downgrade(&formats));
                formats
            })
        })
    }

    /// Weekday, date, time and zone.
    pub fn date_time(&self, at: Timestamp) -> String {
        let make = || {
            let options = [&MOMENT[..], &[YEAR, ("timeZoneName", "short")]].concat();
            self.dated(&options, self.locale.time_zone.as_deref())
        };
        self.date_time.get_or_init(make).date(at).unwrap_or_else(|| iso(at))
    }

    /// Weekday, date, time and offset at the date's own offset, if the reader has another.
    pub fn elsewhere(&self, date: &DateTime) -> Option<String> {
        let make = || self.dated(&MOMENT, Some(UTC));
        let offset = self.other_offset(date)?;
        Some(self.elsewhere.get_or_init(make).date(local_to_writer(date))? + &offset)
    }

    /// The time of day at the date's own offset; with that offset, if the reader has another.
    pub fn time(&self, date: &DateTime) -> String {
        let make = || self.dated(&[("hour", "numeric"), ("minute", "2-digit")], Some(UTC));
        let written = self.times.get_or_init(make).date(local_to_writer(date)).unwrap_or_default();
        written + &self.other_offset(date).unwrap_or_default()
    }

    /// The date's own offset, ready to follow a time, if the reader has another.
    fn other_offset(&self, date: &DateTime) -> Option<String> {
        (self.offset_at(date.at) != date.offset).then(|| [" UTC", &offset(date.offset)].concat())
    }

    /// The calendar day of a date at its own offset, in words and as `YYYY-MM-DD`.
    pub fn day_of_writer(&self, date: &DateTime) -> (String, String) {
        let local = local_to_writer(date);
        let machine = iso(local).split('T').next().unwrap_or_default().to_owned();
        let make =
            || self.dated(&[("weekday", "short"), ("day", "numeric"), ("month", "short"), YEAR], Some(UTC));
        (self.days_of_writer.get_or_init(make).date(local).unwrap_or_else(|| machine.clone()), machine)
    }

    /// A calendar day, given the instant at which it begins in UTC.
    pub fn calendar_day(&self, midnight: Timestamp) -> String {
        let options = [("day", "numeric"), ("month", "short"), YEAR];
        let make = || self.dated(&options, Some(UTC));
        self.calendar_days.get_or_init(make).date(midnight).unwrap_or_else(|| iso(midnight))
    }

    /// The name of a weekday, counted from Monday.
    pub fn weekday(&self, days_from_monday: u8) -> String {
        let make = || self.dated(&[("weekday", "long")], Some(UTC));
        // 1970-01-05 was a Monday.
        let day = Timestamp::from_millis(i64::from(4 + days_from_monday) * 86_400_000);
        self.weekdays.get_or_init(make).date(day).unwrap_or_default()
    }

    /// Several items as one text, joined as in the language.
    pub fn list(&self, items: Vec<String>) -> String {
        let make = || self.formatter("ListFormat", &[("type", "conjunction")]);
        let list: js_sys::Array = items.iter().map(|item| JsValue::from_str(item)).collect();
        self.lists.get_or_init(make).write("format", &[list.into()]).unwrap_or_else(|| items.join(", "))
    }

    /// The plural category of a number: `one`, `other`, and what else the language has.
    pub fn plural(&self, number: i64) -> String {
        let make = || self.formatter("PluralRules", &[]);
        let category = self.plurals.get_or_init(make).write("select", &[(number as f64).into()]);
        category.unwrap_or_else(|| "other".to_owned())
    }

    /// Seconds by which clocks in the reader's zone are ahead of UTC at an instant.
    pub fn offset_at(&self, at: Timestamp) -> i32 {
        let make = || {
            let options = objects::object(&[("timeZoneName", "longOffset")]);
            zoned(&options, self.locale.time_zone.as_deref());
            Formatter::new("DateTimeFormat", &JsValue::from_str("en"), &options)
        };
        let written = self.offset.get_or_init(make).date(at).unwrap_or_default();
        // "7/26/2022, GMT+05:30", and for UTC "… GMT". To search for a text would cost half a kilobyte.
        written.rsplit_once('T').map_or(0, |(_, offset)| seconds_of(offset))
    }

    /// "today", "tomorrow" or "yesterday", for a day that many days from now.
    pub fn day(&self, days: i64) -> Option<String> {
        let days = Some(days).filter(|days| (-1..=1).contains(days))?;
        let make = || self.formatter("RelativeTimeFormat", &[("numeric", "auto")]);
        self.days.get_or_init(make).write("format", &[(days as f64).into(), "day".into()])
    }

    /// "in 3 hours".
    pub fn in_time(&self, (count, unit): (u64, Unit)) -> Option<String> {
        // In numbers: a length that is rounded to a day need not end tomorrow.
        let make = || self.formatter("RelativeTimeFormat", &[("numeric", "always")]);
        self.lengths.get_or_init(make).write("format", &[(count as f64).into(), unit_name(unit).into()])
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
                    text.push_str(&two_digits(part));
                    text.push(':');
                }
                text + &two_digits(seconds)
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
        let make = || {
            // The same styles as below, for browsers without DurationFormat.
            self.formatter("DurationFormat", &[("style", "short"), ("days", "long"), ("daysDisplay", "auto")])
        };
        let written = self.duration.get_or_init(make).write("format", &[duration.into()]);
        written.unwrap_or_else(|| {
            units().map(|(unit, count)| self.unit(unit, count)).collect::<Vec<_>>().join(" ")
        })
    }

    fn unit(&self, unit: Unit, count: u64) -> String {
        let display = if unit == Unit::Day { "long" } else { "short" };
        let make = || {
            let options = [("style", "unit"), ("unit", unit_name(unit)), ("unitDisplay", display)];
            self.formatter("NumberFormat", &options)
        };
        let [days, hours, minutes] = &self.units;
        let formatter = match unit {
            Unit::Day => days,
            Unit::Hour => hours,
            Unit::Minute => minutes,
        };
        let written = formatter.get_or_init(make).write("format", &[(count as f64).into()]);
        written.unwrap_or_else(|| count.to_string())
    }

    fn dated(&self, options: &[(&str, &str)], time_zone: Option<&str>) -> Formatter {
        let options = objects::object(options);
        if let Some(hour_cycle) = self.locale.hour_cycle {
            objects::set(&options, "hourCycle", &JsValue::from_str(hour_cycle.name()));
        }
        zoned(&options, time_zone);
        self.make("DateTimeFormat", &options)
    }

    fn formatter(&self, kind: &str, options: &[(&str, &str)]) -> Formatter {
        self.make(kind, &objects::object(options))
    }

    /// Makes a formatter for the locale's language, or else for the browser's.
    fn make(&self, kind: &str, options: &js_sys::Object) -> Formatter {
        let lang = self.locale.lang.as_deref().map_or(JsValue::UNDEFINED, JsValue::from_str);
        let made = Formatter::new(kind, &lang, options);
        if made.0.is_some() { made } else { Formatter::new(kind, &JsValue::UNDEFINED, options) }
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

    fn date(&self, at: Timestamp) -> Option<String> {
        self.write("format", &[(at.as_millis() as f64).into()])
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

/// Whether a language tag is well-formed.
pub fn is_language(tag: &str) -> bool {
    Formatter::new("DateTimeFormat", &JsValue::from_str(tag), &objects::object(&[])).0.is_some()
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

/// An offset as `+05:30`.
fn offset(seconds: i32) -> String {
    let minutes = seconds.unsigned_abs() / 60;
    let sign = if seconds < 0 { "-" } else { "+" };
    [sign, &two_digits(u64::from(minutes / 60)), ":", &two_digits(u64::from(minutes % 60))].concat()
}

/// The seconds of `+05:30`, or `-00:44:30`.
fn seconds_of(offset: &str) -> i32 {
    let mut digits = offset.chars();
    let sign = digits.next();
    let parts = digits.as_str().split(':').filter_map(|part| part.parse::<i32>().ok());
    let seconds: i32 = parts.zip([3_600, 60, 1]).map(|(part, unit)| part * unit).sum();
    if sign == Some('+') { seconds } else { -seconds }
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
