//! The scenarios' documents at a given instant, without a socket or a clock.

use sandbox::scenarios::find;
use serde_json::{Value, json};
use time::OffsetDateTime;

/// 2022-07-24T00:28:45Z, from which Zoho's sample is 2 d 4 h ahead.
const NOW: i64 = 1_658_622_525;

fn backup(name: &str) -> Value {
    let now = OffsetDateTime::from_unix_timestamp(NOW).unwrap();
    let response = find(name).unwrap().reply.response_at(now);
    serde_json::from_slice::<Value>(&response.body).unwrap()["backup"].take()
}

#[test]
fn scheduled_is_zohos_own_sample() {
    let sample = json!({
        "id": "4876876000001593003",
        "scheduled_date": "2022-07-26T09:58:45+05:30", "start_date": "2022-07-12T12:30:00+05:30",
        "rrule": "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
        "requester": { "id": "4876876000000327001", "name": "Patricia Boyle", "zuid": "7534658674" },
        "status": "SCHEDULED",
    });
    assert_eq!(backup("scheduled"), sample);
}

#[test]
fn dates_are_relative_to_now() {
    let cases = [
        ("scheduled-soon", "2022-07-24T06:00:15+05:30"),
        ("due", "2022-07-24T05:48:45+05:30"),
        ("overdue", "2022-07-24T00:58:45+05:30"),
        ("completed-passed", "2022-07-24T02:58:45+05:30"),
        ("odd-dates", "2022-07-26T09:58:45.250+0530"),
        ("malformed-date", "next Tuesday"),
    ];
    for (name, date) in cases {
        assert_eq!(backup(name)["scheduled_date"], date, "{name}");
    }
}

#[test]
fn a_retry_after_date_is_in_http_format() {
    let now = OffsetDateTime::from_unix_timestamp(NOW).unwrap();
    let response = find("rate-limited-retry-date").unwrap().reply.response_at(now);
    assert_eq!(response.headers.last(), Some(&("retry-after", "Sun, 24 Jul 2022 00:30:45 GMT".into())));
}

#[test]
fn an_absent_a_null_and_a_malformed_field_are_different() {
    assert!(backup("no-status").get("status").is_none());
    assert!(backup("no-date")["scheduled_date"].is_null());
    assert_eq!(backup("malformed-status")["status"], 7);
}

#[test]
fn hostile_text_is_long_and_starts_with_every_trap() {
    let backup = backup("hostile-text");
    for text in [&backup["rrule"], &backup["requester"]["name"]] {
        let text = text.as_str().unwrap();
        assert_eq!(text.chars().count(), 10_000);
        for trap in ["<script>", "\u{0}", "\u{202e}", "</bdi>"] {
            let place = text.find(trap).expect("every trap is there");
            assert!(place < 200, "a trap beyond the cut at 200 proves nothing");
        }
    }
    assert!(backup.to_string().len() < 64 * 1024);
}
