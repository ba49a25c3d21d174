//! The browser's Intl formatters, made once per locale.

use crate::host;
use std::cell::RefCell;
use std::rc::{Rc, Weak};
use wasm_bindgen::prelude::*;
use zoho_backup_core::clock::Timestamp;
use zoho_backup_core::countdown::Length;
use zoho_backup_core::options::HourCycle;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Intl)]
    type DateTimeFormat;

    // Unlike js-sys', these constructors are caught: an unknown zone or language throws.
    #[wasm_bindgen(js_namespace = Intl, constructor, catch)]
    fn new(locales: &JsValue, options: &JsValue) -> Result<DateTimeFormat, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn format(this: &DateTimeFormat, millis: f64) -> Result<String, JsValue>;

    #[wasm_bindgen(js_namespace = Intl)]
    type NumberFormat;

    #[wasm_bindgen(js_namespace = Intl, constructor, catch)]
    fn new(locales: &JsValue, options: &JsValue) -> Result<NumberFormat, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn format(this: &NumberFormat, value: f64) -> Result<String, JsValue>;
}

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

/// The formatters of one locale.
pub struct Formats {
    locale: Locale,
    date_time: Option<DateTimeFormat>,
    days: Option<NumberFormat>,
    hours: Option<NumberFormat>,
    minutes: Option<NumberFormat>,
}

impl Formats {
    /// The formatters of a locale. Parts of it that the browser does not know are left to the browser.
    pub fn of(locale: &Locale) -> Rc<Formats> {
        CACHE.with_borrow_mut(|cache| {
            cache.retain(|formats| formats.strong_count() > 0);
            let cached = cache.iter().filter_map(Weak::upgrade).find(|formats| formats.locale == *locale);
            cached.unwrap_or_else(|| {
                let formats = Rc::new(Formats::new(locale));
                cache.push(Rc::downgrade(&formats));
                formats
            })
        })
    }

    fn new(locale: &Locale) -> Formats {
        let parts = [
            ("weekday", "short"),
            ("day", "numeric"),
            ("month", "short"),
            ("year", "numeric"),
            ("hour", "numeric"),
            ("minute", "2-digit"),
            ("timeZoneName", "short"),
        ];
        Formats {
            locale: locale.clone(),
            date_time: date_time_format(locale, &parts),
            days: unit_format(locale, "day", "long"),
            hours: unit_format(locale, "hour", "short"),
            minutes: unit_format(locale, "minute", "short"),
        }
    }

    /// Weekday, date, time and zone.
    pub fn date_time(&self, at: Timestamp) -> String {
        written(self.date_time.as_ref(), at)
    }

    /// A length of time, apart from [`Length::LessThanAMinute`], which is a phrase.
    pub fn length(&self, length: Length) -> String {
        let days = |days: Option<u64>| unit(&self.days, days);
        match length {
            Length::LessThanAMinute => String::new(),
            Length::Units { days: some_days, hours, minutes } => {
                let units = [days(some_days), unit(&self.hours, hours), unit(&self.minutes, minutes)];
                units.into_iter().flatten().collect::<Vec<_>>().join(" ")
            }
            Length::Clock { days: some_days, hours, minutes, seconds } => {
                let mut text = days(some_days).map(|days| days + " ").unwrap_or_default();
                for part in [hours, Some(minutes)].into_iter().flatten() {
                    text.push_str(&two_digits(part));
                    text.push(':');
                }
                text + &two_digits(seconds)
            }
        }
    }
}

/// Whether the browser knows a time zone.
pub fn is_time_zone(name: &str) -> bool {
    !name.is_empty() && DateTimeFormat::new(&JsValue::UNDEFINED, &host::object(&[("timeZone", name)])).is_ok()
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

fn written(format: Option<&DateTimeFormat>, at: Timestamp) -> String {
    format.and_then(|format| format.format(at.as_millis() as f64).ok()).unwrap_or_else(|| iso(at))
}

fn unit(format: &Option<NumberFormat>, value: Option<u64>) -> Option<String> {
    let value = value?;
    let written = format.as_ref().and_then(|format| format.format(value as f64).ok());
    Some(written.unwrap_or_else(|| value.to_string()))
}

fn two_digits(value: u64) -> String {
    let text = value.to_string();
    if value < 10 { ["0", &text].concat() } else { text }
}

fn date_time_format(locale: &Locale, parts: &[(&str, &str)]) -> Option<DateTimeFormat> {
    let make = |time_zone: Option<&String>| {
        let options = host::object(parts);
        if let Some(hour_cycle) = locale.hour_cycle {
            host::set(&options, "hourCycle", &JsValue::from_str(hour_cycle.name()));
        }
        if let Some(time_zone) = time_zone {
            host::set(&options, "timeZone", &JsValue::from_str(time_zone));
        }
        attempt(locale, |lang| DateTimeFormat::new(lang, &options))
    };
    make(locale.time_zone.as_ref()).or_else(|| make(None))
}

fn unit_format(locale: &Locale, unit: &str, display: &str) -> Option<NumberFormat> {
    let options = host::object(&[("style", "unit"), ("unit", unit), ("unitDisplay", display)]);
    attempt(locale, |lang| NumberFormat::new(lang, &options))
}

/// Makes a formatter for the locale's language, or else for the browser's.
fn attempt<T>(locale: &Locale, make: impl Fn(&JsValue) -> Result<T, JsValue>) -> Option<T> {
    let lang = locale.lang.as_deref().map_or(JsValue::UNDEFINED, JsValue::from_str);
    make(&lang).or_else(|_| make(&JsValue::UNDEFINED)).ok()
}
