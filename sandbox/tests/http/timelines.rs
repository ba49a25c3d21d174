//! Timelines: at rest and played, as a gateway with a memory and as Zoho itself.

use std::time::{SystemTime, UNIX_EPOCH};

use sandbox::Sandbox;
use sandbox::timeline::{Name, Playing};
use serde_json::Value;
use zoho_backup_core::date_time::DateTime;
use zoho_backup_core::history::History;
use zoho_backup_core::instant::Timestamp;

use crate::client::{Response, get, request, sandbox, scenario};

const DAY: u64 = 86_400;

/// Seconds since the epoch.
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

/// A timeline that has been played for so many of its seconds. At 24 times the speed, a day is an hour: whatever a test
/// takes, it is over before the next run.
async fn played(sandbox: &Sandbox, name: &str, speed: u64, seconds: u64) -> Response {
    let start = now() - seconds / speed;
    let query = format!("?speed={speed}&start={start}");
    get(sandbox, &format!("/scenarios/{name}/crm/bulk/v6/backup{query}")).await
}

fn history(answer: &Value) -> History {
    History::read(&serde_json::from_value(answer["history"].clone()).unwrap()).unwrap()
}

fn outcomes(history: &History) -> Vec<&'static str> {
    history.runs.iter().map(|run| run.outcome.name()).collect()
}

/// In seconds since the epoch.
fn date(value: &Value) -> i64 {
    DateTime::parse(value.as_str().unwrap()).unwrap().at.as_millis() / 1_000
}

#[tokio::test]
async fn at_rest_a_timeline_has_just_ended() {
    let sandbox = sandbox().await;
    let answer = scenario(&sandbox, "failed-then-scheduled").await.json();
    assert_eq!(answer["backup"]["status"], "SCHEDULED");
    assert_eq!(answer["backup"]["rrule"], "RRULE:FREQ=DAILY;INTERVAL=1");
    let ahead = date(&answer["backup"]["scheduled_date"]) - now().cast_signed();
    assert!((0..DAY.cast_signed()).contains(&ahead), "{ahead} seconds");
    let history = history(&answer);
    assert_eq!((outcomes(&history)[..2].to_vec(), history.failures_since), (vec!["failed", "completed"], 1));
    let due = history.runs[0].due.as_ref().unwrap().at.as_millis() / 1_000;
    assert_eq!(due, date(&answer["backup"]["scheduled_date"]) - DAY.cast_signed());
}

#[tokio::test]
async fn nothing_is_scheduled_but_the_past_is_known() {
    let response = scenario(&sandbox().await, "nothing-scheduled").await;
    assert_eq!((response.status, &response.json()["backup"]), (200, &Value::Null));
    assert_eq!(outcomes(&history(&response.json())), ["completed"; 5]);
}

#[tokio::test]
async fn a_played_timeline_tells_what_has_been_until_then() {
    let sandbox = sandbox().await;
    for speed in [1, 24] {
        for (hour, status, runs) in
            [(0, "SCHEDULED", 0), (12, "SCHEDULED", 1), (10 * 24 + 3, "INPROGRESS", 10)]
        {
            let answer = played(&sandbox, "month", speed, hour * 3_600).await.json();
            assert_eq!(answer["backup"]["status"], status, "hour {hour} at {speed}");
            assert_eq!(outcomes(&history(&answer)), vec!["completed"; runs], "hour {hour} at {speed}");
        }
    }
}

#[tokio::test]
async fn when_it_has_ended_it_begins_again() {
    let length = Name::Month.timeline().end().since(Name::Month.timeline().start()).as_secs();
    let sandbox = sandbox().await;
    let answer = played(&sandbox, "month", 1, 3 * length + DAY + 3_600).await.json();
    assert_eq!(outcomes(&history(&answer)), ["completed"]);
}

#[tokio::test]
async fn a_fast_day_has_dates_of_the_readers_time_and_no_rule() {
    let sandbox = sandbox().await;
    let answer = played(&sandbox, "month", 24, 4 * DAY + 4 * 3_600).await.json();
    let next = date(&answer["backup"]["scheduled_date"]);
    // An hour is 150 seconds, and the next run is 22 hours ahead.
    let ahead = next - now().cast_signed();
    assert!((0..=22 * 150).contains(&ahead), "{ahead} seconds");
    assert!(answer["backup"]["rrule"].is_null());
    let history = history(&answer);
    for (earlier, run) in (1..).zip(&history.runs) {
        let due = run.due.as_ref().unwrap().at.as_millis() / 1_000;
        assert_eq!(next - due, 3_600 * earlier);
        // The run took 25 minutes.
        let took = run.ended.by.since(run.due.as_ref().unwrap().at).as_secs();
        assert!((60..=70).contains(&took), "{took} seconds");
    }
    let answer = played(&sandbox, "month", 1, 4 * DAY).await.json();
    assert_eq!(answer["backup"]["rrule"], "RRULE:FREQ=DAILY;INTERVAL=1");
}

#[tokio::test]
async fn its_dates_stand_still_while_it_is_played() {
    let sandbox = sandbox().await;
    let path = format!("/scenarios/good/crm/bulk/v6/backup?speed=24&start={}", now() - 2 * 3_600 - 900);
    let first = get(&sandbox, &path).await.json();
    for _ in 0..20 {
        let later = get(&sandbox, &path).await.json();
        assert_eq!(later["backup"]["scheduled_date"], first["backup"]["scheduled_date"]);
        assert_eq!(later["backup"]["start_date"], first["backup"]["start_date"]);
        assert_eq!(later["history"]["runs"], first["history"]["runs"]);
    }
}

#[tokio::test]
async fn while_zoho_or_the_gateway_is_down_there_is_no_backup() {
    let sandbox = sandbox().await;
    let down = played(&sandbox, "month", 1, 5 * DAY + 11 * 3_600).await;
    assert_eq!((down.status, &down.json()["code"]), (500, &Value::from("INTERNAL_ERROR")));
    let unwatched = played(&sandbox, "not-watched", 1, 5 * DAY).await;
    assert_eq!((unwatched.status, unwatched.text()), (502, "Bad Gateway\n"));
}

#[tokio::test]
async fn zohos_own_path_plays_a_timeline_without_its_history() {
    let sandbox = sandbox().await;
    for (name, hours, expected) in [
        (Name::Good, 1, Some("SCHEDULED")),
        (Name::FailedThenScheduled, 9 * 24 + 3, Some("FAILED")),
        (Name::NothingScheduled, 4 * 24 + 12, None),
    ] {
        let since = Timestamp::from_millis((now() - hours * 3_600).cast_signed() * 1_000);
        sandbox.replay(name, Playing::new(since, 1));
        let response = get(&sandbox, "/crm/bulk/v6/backup").await;
        match expected {
            Some(status) => {
                assert_eq!((response.status, &response.json()["backup"]["status"]), (200, &status.into()));
                assert!(response.json().get("history").is_none());
            }
            None => assert_eq!((response.status, response.text()), (204, "")),
        }
        assert_eq!(scenario(&sandbox, "scheduled").await.status, 200, "the scenario itself stays");
        let picture = get(&sandbox, "/badge.svg").await;
        assert!(picture.text().contains(if expected.is_some() { "Next run" } else { "Not set up" }));
    }
    assert_eq!(request(&sandbox, "POST", "/crm/bulk/v6/backup", "").await.status, 400);
    assert_eq!(sandbox.record().count("scheduled"), 6);
}

#[tokio::test]
async fn a_query_that_cannot_be_played_is_refused() {
    let sandbox = sandbox().await;
    for (query, status) in [
        ("?speed=0", 400),
        ("?speed=86401", 400),
        ("?speed=fast", 400),
        ("?speed=", 400),
        ("?speed=60&start=now", 400),
        ("?speed=60&start=-1", 400),
        ("?speed=60", 200),
        ("?speed=86400&start=4294967295", 200),
        ("?start=now", 200),
        ("?sample", 200),
    ] {
        let response = get(&sandbox, &format!("/scenarios/good/crm/bulk/v6/backup{query}")).await;
        assert_eq!(response.status, status, "{query}: {}", response.text());
    }
}
