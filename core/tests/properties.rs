//! What holds for every reply and every instant.

use proptest::prelude::*;
use std::time::Duration;
use zoho_backup_core::countdown::Countdown;
use zoho_backup_core::date_time::DateTime;
use zoho_backup_core::fault::Fault;
use zoho_backup_core::freshness::Freshness;
use zoho_backup_core::instant::Timestamp;
use zoho_backup_core::knowledge::{Answer, Knowledge};
use zoho_backup_core::no_answer::{Attempt, NoAnswer, Place};
use zoho_backup_core::policy::Policy;
use zoho_backup_core::proxy_url::UrlRefusal;
use zoho_backup_core::reason::Tone;
use zoho_backup_core::reply::{self, Body, Details, Reply};
use zoho_backup_core::verdict::verdict;

const NOW: Timestamp = Timestamp::from_millis(1_658_809_725_000);

fn read(status: u16, text: &str) -> Result<Details, Fault> {
    let body = Body::read(text, |text| serde_json::from_str(text).ok());
    reply::read(Reply { status, body, retry_at: None })
}

/// Values as Zoho, a careless proxy, or an attacker might send them.
fn any_value() -> impl Strategy<Value = String> {
    let date = (-100_000_i64..100_000, 0..2_u8).prop_map(|(seconds, form)| {
        let at = time::OffsetDateTime::from_unix_timestamp(NOW.as_millis() / 1_000 + seconds).unwrap();
        let (date, time) = (at.date(), at.time());
        let (hour, minute, second) = (time.hour(), time.minute(), time.second());
        let zone = if form == 0 { "Z" } else { "+0000" };
        format!("\"{date}T{hour:02}:{minute:02}:{second:02}{zone}\"")
    });
    let words = [
        "null",
        "\"\"",
        "7",
        "1.5e300",
        "true",
        "[]",
        "{}",
        "\"SCHEDULED\"",
        "\"FREQ=DAILY;COUNT=3\"",
        "{\"name\":\"A\"}",
    ];
    let statuses = ["STOPPED", "SCHEDULED", "INPROGRESS", "COMPLETED", "FAILED", "FINISHED", "PAUSED"];
    prop_oneof![
        4 => date,
        2 => prop::sample::select(words.to_vec()).prop_map(str::to_owned),
        3 => prop::sample::select(statuses.to_vec()).prop_map(|word| format!("\"{word}\"")),
        1 => any::<String>().prop_map(|text| serde_json::to_string(&text).unwrap()),
    ]
}

/// Mostly a plausible document, some of its fields replaced or repeated.
fn any_document() -> impl Strategy<Value = String> {
    let keys = ["status", "scheduled_date", "start_date", "rrule", "requester", "id", "code", "other"];
    let member = (prop::sample::select(keys.to_vec()), any_value());
    (any::<bool>(), prop::collection::vec(member, 0..5)).prop_map(|(plausible, members)| {
        let date = "2022-07-27T09:58:45+05:30";
        let base = plausible.then(|| format!(r#""status":"SCHEDULED","scheduled_date":"{date}""#));
        let others = members.iter().map(|(key, value)| format!("\"{key}\":{value}"));
        format!("{{\"backup\":{{{}}}}}", base.into_iter().chain(others).collect::<Vec<_>>().join(","))
    })
}

/// One fault for each way in which a request can fail.
fn any_fault() -> impl Strategy<Value = Fault> {
    let ended = [NoAnswer::Blocked, NoAnswer::TimedOut, NoAnswer::Failed];
    let no_answer = (prop::sample::select(ended.to_vec()), any::<[bool; 3]>());
    let no_answer = no_answer.prop_map(|(ended, [is_online, is_frame, is_local])| {
        let page_origin = if is_frame { "null" } else { "https://portal.example" };
        let proxy_host = if is_local { "localhost" } else { "proxy.example" };
        let page = Place { origin: page_origin, host: "portal.example" };
        let proxy = Place { origin: "https://proxy.example", host: proxy_host };
        Fault::no_answer(&Attempt { ended, is_online, page, proxy, ..Attempt::default() })
    });
    let failed = [Fault::redirected(), Fault::too_large()];
    prop_oneof![
        no_answer,
        prop::sample::select(failed.to_vec()),
        prop::sample::select(UrlRefusal::ALL).prop_map(Fault::bad_url),
        (300_u16..600).prop_map(|status| read(status, "").unwrap_err()),
    ]
}

fn any_knowledge() -> impl Strategy<Value = Knowledge> {
    let millis = || (0_u64..200_000_000).prop_map(Duration::from_millis);
    let age = prop_oneof![
        Just(None),
        (millis(), millis()).prop_map(|(since, age)| Some(Freshness::new(NOW.before(since), age, None))),
    ];
    (any_document(), age, prop::option::of(any_fault())).prop_map(|(text, freshness, fault)| Knowledge {
        answer: read(200, &text).ok().map(|details| Answer::new(details, freshness)),
        fault,
        ..Knowledge::default()
    })
}

proptest! {
    #[test]
    fn any_bytes_are_a_reply(status in 100_u16..600, bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = read(status, &String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_text_may_stand_where_a_date_should(text in "\\PC*") {
        let _ = DateTime::parse(&text);
    }

    #[test]
    fn every_date_zoho_may_write_is_read(
        seconds in 0_i64..4_000_000_000,
        offset_minutes in -720_i32..=840,
        colon in any::<bool>(),
    ) {
        let offset = time::UtcOffset::from_whole_seconds(offset_minutes * 60).unwrap();
        let at = time::OffsetDateTime::from_unix_timestamp(seconds).unwrap().to_offset(offset);
        let (sign, minutes) = (if offset_minutes < 0 { '-' } else { '+' }, offset_minutes.unsigned_abs());
        let colon = if colon { ":" } else { "" };
        let (hour, minute, second) = (at.hour(), at.minute(), at.second());
        let text = format!(
            "{}T{hour:02}:{minute:02}:{second:02}{sign}{:02}{colon}{:02}",
            at.date(), minutes / 60, minutes % 60,
        );
        let expected = DateTime { at: Timestamp::from_millis(seconds * 1_000), offset: offset_minutes * 60 };
        prop_assert_eq!(DateTime::parse(&text), Some(expected), "{}", text);
    }

    #[test]
    fn only_a_fresh_and_well_formed_answer_is_good(known in any_knowledge()) {
        let shown = verdict(&known, NOW, &Policy::default());
        if shown.tone == Tone::Good {
            let backup = shown.backup.as_ref().expect("a document");
            prop_assert!(!shown.stale);
            prop_assert_eq!(backup.malformed_key(), None);
            prop_assert!(backup.status.value().is_some());
        }
    }

    #[test]
    fn what_is_counted_down_to_lies_ahead(known in any_knowledge()) {
        let shown = verdict(&known, NOW, &Policy::default());
        if let Countdown::Until(at) = shown.countdown {
            prop_assert!(at > NOW);
            prop_assert_eq!(shown.next_run.map(|date| date.at), Some(at));
        }
    }

    #[test]
    fn a_verdict_holds_until_it_says_it_changes(known in any_knowledge(), share in 0.0_f64..1.0) {
        let policy = Policy::default();
        let shown = verdict(&known, NOW, &policy);
        let wait = match shown.changes_at {
            Some(at) => at.since(NOW) - Duration::from_millis(1),
            None => Duration::from_secs(1_000_000_000),
        };
        let later = verdict(&known, NOW.after(wait.mul_f64(share)), &policy);
        prop_assert_eq!(later, shown);
    }
}
