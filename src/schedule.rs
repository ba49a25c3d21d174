//! A recurrence rule as a sentence, from parts that can be translated.

use crate::intl::Formats;
use zoho_backup_core::backup::{Backup, Field};
use zoho_backup_core::date_time::DateTime;
use zoho_backup_core::instant::Timestamp;
use zoho_backup_core::recurrence::{
    self, Date, End, Frequency, NthWeekday, Rule, Upcoming, lacks_days, upcoming,
};
use zoho_backup_core::untrusted_text;
use zoho_backup_words::sentence::{Piece, Sentence, joined};
use zoho_backup_words::texts::Texts;

/// The most runs that are listed after the next.
const LISTED: usize = 5;

/// What is shown of a schedule.
#[derive(Default)]
pub struct Schedule {
    /// The rule as a sentence, or verbatim where no sentence would be exact.
    pub sentence: Sentence,
    /// What a reader should know besides.
    pub note: Sentence,
    /// The runs after the next.
    pub upcoming: Vec<DateTime>,
}

/// The schedule of a document, given its next run if that is known and still ahead.
pub fn schedule(
    texts: &Texts,
    formats: &Formats,
    backup: &Backup,
    next: Option<&DateTime>,
    now: Timestamp,
) -> Option<Schedule> {
    let sent = match &backup.rrule {
        Field::Value(sent) if !untrusted_text::is_blank(sent) => sent,
        _ => return None,
    };
    let Some(rule) = Rule::parse(sent).filter(is_sayable) else {
        let sentence = texts.sentence("schedule.custom", &|_| vec![Piece::untrusted(sent)]);
        return Some(Schedule { sentence, ..Schedule::default() });
    };
    let words = Words { texts, formats };
    let found = next.map(|next| upcoming(&rule, next, backup.start_date.value(), LISTED));
    // Where rule and dates were written in different zones, they only seem to disagree.
    let fits = |next| recurrence::fits(&rule, next, backup.start_date.value());
    let disagrees = found == Some(Upcoming::Disagrees) && !next.is_some_and(fits);
    let notes = [
        (disagrees, "schedule.disagrees"),
        (lacks_days(&rule, backup.start_date.value()), "schedule.short-months"),
    ];
    let notes = notes.iter().filter(|(holds, _)| *holds).map(|(_, key)| vec![Piece::Own(texts.plain(key))]);
    Some(Schedule {
        sentence: vec![Piece::Own(words.sentence(&rule, next, backup.start_date.value()))],
        note: notes.fold(Sentence::new(), |said, note| texts.join(said, note)),
        upcoming: match found {
            Some(Upcoming::Dates(dates)) => dates.into_iter().filter(|date| date.at > now).collect(),
            _ => Vec::new(),
        },
    })
}

/// Whether a sentence can say exactly what the rule means.
fn is_sayable(rule: &Rule) -> bool {
    let is_plain = |day: &NthWeekday| day.ordinal.is_none();
    match (rule.frequency, &*rule.weekdays, &*rule.month_days) {
        // "Every 3 days on Monday" would be every Monday to most readers.
        (Frequency::Daily, weekdays, month_days) => {
            month_days.is_empty() && (weekdays.is_empty() || rule.interval == 1)
        }
        // "On day 13 if that is a Friday": one day, one name.
        (_, [weekday], [_]) => is_plain(weekday),
        // "On the first Monday and each Friday": no list of one kind.
        (_, weekdays, month_days) => {
            let is_of_one_kind = weekdays.iter().all(is_plain) || !weekdays.iter().any(is_plain);
            is_of_one_kind && (weekdays.is_empty() || month_days.is_empty())
        }
    }
}

struct Words<'a> {
    texts: &'a Texts,
    formats: &'a Formats,
}

impl Words<'_> {
    fn sentence(&self, rule: &Rule, next: Option<&DateTime>, start: Option<&DateTime>) -> String {
        let days = self.days(rule);
        let frequency = match rule.frequency {
            // Daily, if it is one of these weekdays.
            Frequency::Daily if !days.is_empty() => Frequency::Weekly,
            frequency => frequency,
        };
        let interval = u32::from(rule.interval);
        let mut sentence = self.plural(&["schedule.", frequency.name()].concat(), interval, &[]);
        if !days.is_empty() {
            sentence = self.plural("schedule.on", interval, &[("schedule", &sentence), ("days", &days)]);
        }
        if let Some(next) = next {
            let time = self.formats.time(next);
            sentence = self.fill("schedule.at", &[("schedule", &sentence), ("time", &time)]);
        }
        match rule.end {
            None => sentence,
            Some(End::Count(count)) => self.plural("schedule.count", count, &[("schedule", &sentence)]),
            Some(End::Until(until)) => {
                let offset = next.or(start).map_or(0, |date| date.offset);
                let date = self.formats.calendar_day(midnight(until.day_at(offset)));
                self.fill("schedule.until", &[("schedule", &sentence), ("date", &date)])
            }
        }
    }

    fn days(&self, rule: &Rule) -> String {
        match (&*rule.weekdays, &*rule.month_days) {
            ([weekday], [day]) => self.of_weekday("day.limited", weekday, &self.month_day(*day)),
            (weekdays, []) => self.formats.list(weekdays.iter().map(|day| self.weekday(rule, day)).collect()),
            (_, month_days) => self.formats.list(month_days.iter().map(|day| self.month_day(*day)).collect()),
        }
    }

    fn weekday(&self, rule: &Rule, day: &NthWeekday) -> String {
        match day.ordinal {
            Some(ordinal) => self.of_weekday(&["day.nth.", &ordinal.to_string()].concat(), day, ""),
            // Every Monday of a month is not the Monday of a week.
            None if rule.frequency == Frequency::Monthly => self.of_weekday("day.each", day, ""),
            None => self.of_weekday("day.weekday", day, ""),
        }
    }

    /// The sentence about a weekday, in the form for that day if it has one.
    fn of_weekday(&self, key: &str, day: &NthWeekday, of_month: &str) -> String {
        let number = day.weekday.number_from_monday().to_string();
        let form = [key, ".", &number].concat();
        let key = if self.texts.has(&form) { &form } else { key };
        let name = self.texts.plain(&["weekday.", &number].concat());
        self.fill(key, &[("weekday", &name), ("day", of_month)])
    }

    fn month_day(&self, day: i8) -> String {
        let key = if day < 0 { "day.from-end" } else { "day.of-month" };
        self.plural(key, day.unsigned_abs().into(), &[])
    }

    /// The sentence for a number, by the plural rules of the language.
    fn plural(&self, key: &str, number: u32, values: &[(&str, &str)]) -> String {
        // A category is no number: in some languages 21 is "one".
        let (exact, category) = (number.to_string(), self.formats.plural(number.into()));
        let keys = [&exact, &*category, "other"].map(|form| [key, ".", form].concat());
        let key = keys.into_iter().find(|key| self.texts.has(key)).unwrap_or_default();
        self.fill(&key, &[values, &[("n", &self.formats.number(number.into()))]].concat())
    }

    fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        joined(&self.texts.sentence(key, &|name| {
            let value = values.iter().find(|(key, _)| *key == name);
            value.map(|(_, value)| vec![Piece::Own((*value).to_owned())]).unwrap_or_default()
        }))
    }
}

/// A calendar day as the instant at which it begins in UTC.
fn midnight(day: Date) -> Timestamp {
    Timestamp::from_millis(day.midnight().assume_utc().unix_timestamp().saturating_mul(1_000))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intl::Locale;
    use wasm_bindgen_test::wasm_bindgen_test;
    use zoho_backup_core::json::Json;

    fn sentence(rule: &str) -> String {
        sentence_in("en", rule)
    }

    fn sentence_in(lang: &str, rule: &str) -> String {
        let backup = Json::Object(vec![("rrule".to_owned(), Json::Text(rule.to_owned()))]);
        let backup = Backup::read(&backup).unwrap();
        let formats = Formats::of(Locale { lang: Some(lang.to_owned()), ..Locale::default() });
        joined(&schedule(&Texts::default(), &formats, &backup, None, Timestamp::default()).unwrap().sentence)
    }

    #[wasm_bindgen_test]
    fn rules_read_like_sentences() {
        let cases = [
            ("RRULE:FREQ=DAILY", "Daily"),
            ("FREQ=DAILY;INTERVAL=3", "Every 3 days"),
            ("RRULE:FREQ=DAILY;COUNT=3", "Daily, 3 times in all"),
            ("FREQ=DAILY;COUNT=1", "Daily, once"),
            ("FREQ=DAILY;BYDAY=MO,WE,FR", "Every week on Monday, Wednesday, and Friday"),
            ("FREQ=DAILY;BYDAY=SU;COUNT=2", "Every week on Sunday, 2 times in all"),
            ("RRULE:FREQ=WEEKLY;INTERVAL=1;BYDAY=FR", "Every week on Friday"),
            ("RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "Every 2 weeks on Tuesday"),
            ("FREQ=WEEKLY;BYDAY=SA,SU", "Every week on Saturday and Sunday"),
            ("RRULE:FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=16", "Every month on day 16"),
            ("RRULE:FREQ=MONTHLY;BYMONTHDAY=31", "Every month on day 31"),
            ("FREQ=MONTHLY;BYMONTHDAY=-1", "Every month on the last day"),
            ("FREQ=MONTHLY;BYMONTHDAY=-3", "Every month on day 3 from the end"),
            ("RRULE:FREQ=MONTHLY;INTERVAL=1;BYDAY=1TH", "Every month on the first Thursday"),
            ("RRULE:FREQ=MONTHLY;INTERVAL=1;BYDAY=4TH", "Every month on the fourth Thursday"),
            ("FREQ=MONTHLY;BYDAY=-1FR", "Every month on the last Friday"),
            ("FREQ=MONTHLY;COUNT=3;BYDAY=WE;", "Every month on each Wednesday, 3 times in all"),
            ("FREQ=MONTHLY;INTERVAL=2;COUNT=3;BYMONTHDAY=14", "Every 2 months on day 14, 3 times in all"),
            ("FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR", "Every month on day 13 if that is a Friday"),
            ("FREQ=YEARLY", "Every year"),
            ("FREQ=WEEKLY;BYDAY=MO;UNTIL=20301224", "Every week on Monday, until Dec 24, 2030"),
            (
                "RRULE:FREQ=MONTHLYINTERVAL=1BYDAY=1TH",
                "Custom schedule: RRULE:FREQ=MONTHLYINTERVAL=1BYDAY=1TH",
            ),
            ("FREQ=DAILY;INTERVAL=3;BYDAY=MO", "Custom schedule: FREQ=DAILY;INTERVAL=3;BYDAY=MO"),
            ("FREQ=DAILY;BYMONTHDAY=16", "Custom schedule: FREQ=DAILY;BYMONTHDAY=16"),
            (
                "FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=MO,TU",
                "Custom schedule: FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=MO,TU",
            ),
            ("FREQ=MONTHLY;BYDAY=1MO,-1FR", "Every month on the first Monday and the last Friday"),
            ("FREQ=MONTHLY;BYDAY=MO,FR", "Every month on each Monday and each Friday"),
            ("FREQ=MONTHLY;BYDAY=1MO,FR", "Custom schedule: FREQ=MONTHLY;BYDAY=1MO,FR"),
            ("FREQ=MONTHLY;BYSETPOS=-1;BYDAY=MO,TU", "Custom schedule: FREQ=MONTHLY;BYSETPOS=-1;BYDAY=MO,TU"),
        ];
        for (rule, expected) in cases {
            assert_eq!(sentence(rule), expected, "{rule}");
        }
    }

    #[wasm_bindgen_test]
    fn the_day_of_the_end_is_that_of_the_schedules_own_zone() {
        for (until, next, expected) in [
            ("20261210T075959Z", "2026-12-09T09:00:00-08:00", "Dec 9, 2026"),
            ("20261208T203000Z", "2026-12-08T09:00:00+05:30", "Dec 9, 2026"),
            ("20261208T203000Z", "2026-12-08T09:00:00Z", "Dec 8, 2026"),
            ("20261209", "2026-12-08T09:00:00+05:30", "Dec 9, 2026"),
            ("20261209T235959", "2026-12-08T09:00:00-08:00", "Dec 9, 2026"),
        ] {
            let rule = ["FREQ=DAILY;UNTIL=", until].concat();
            let start = ("start_date".to_owned(), Json::Text(next.to_owned()));
            let backup = Json::Object(vec![("rrule".to_owned(), Json::Text(rule)), start]);
            let (backup, next) = (Backup::read(&backup).unwrap(), DateTime::parse(next).unwrap());
            let formats = Formats::of(Locale { lang: Some("en".to_owned()), ..Locale::default() });
            for next in [Some(&next), None] {
                let said =
                    schedule(&Texts::default(), &formats, &backup, next, Timestamp::default()).unwrap();
                let said = joined(&said.sentence);
                assert!(said.ends_with(&["until ", expected].concat()), "{until}: {said}");
            }
        }
    }

    #[wasm_bindgen_test]
    fn twenty_one_is_not_one_in_any_language() {
        for lang in ["ru", "uk", "hr", "lt", "lv", "is", "en"] {
            assert_eq!(sentence_in(lang, "FREQ=DAILY;INTERVAL=21"), "Every 21 days", "{lang}");
            assert_eq!(sentence_in(lang, "FREQ=DAILY;COUNT=21"), "Daily, 21 times in all", "{lang}");
        }
    }
}
