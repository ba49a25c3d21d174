//! Weeks of a daily backup: what is told, and when.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};
use zoho_backup_proxy::config::Settings;
use zoho_backup_proxy::config::alerts::AlertSettings;
use zoho_backup_proxy::failure::{Failure, TokenRefusal};
use zoho_backup_proxy::store::Store;

use crate::folder::Folder;
use crate::world::{DAY, HOUR, MINUTE, Story, World, YEAR, accepts, daily, pass, start, stop};

/// A failed run on day 3; one that starts three hours late on day 5; no schedule from noon of day 7 to noon of day 9; no
/// connection for two hours on day 11; a refused token for an hour on day 12.
fn two_weeks(now: u64) -> Result<(&'static str, Option<u64>), Failure> {
    let (day, hour) = (now / DAY, now % DAY / HOUR);
    let due = |day| Some(day * DAY + 2 * HOUR);
    let is_over = now % DAY >= 8_400;
    Ok(match (day, hour) {
        (3, _) if is_over => ("FAILED", due(4)),
        (4, 0..2) => ("FAILED", due(4)),
        (5, 2..5) => ("SCHEDULED", due(5)),
        (5, 5) => ("INPROGRESS", due(5)),
        (7, 12..) | (8, _) | (9, 0..12) => ("STOPPED", None),
        (9, 12..) | (10, 0..2) => ("SCHEDULED", due(10)),
        (11, 12..14) => return Err(Failure::Unreachable),
        (12, 12) => return Err(Failure::TokenRefused(TokenRefusal::RefreshToken)),
        _ => daily(now),
    })
}

/// When each alert was sent, in hours and minutes of a day.
fn table(world: &World) -> Vec<String> {
    let kinds = world.accepted();
    let written = |(post, kind): (crate::world::Post, String)| {
        let minutes = post.at as u64 / MINUTE;
        let (day, hour, minute) = (minutes / 1_440, minutes / 60 % 24, minutes % 60);
        // The watch looks every five minutes, and every minute while a run is due.
        format!("day {day}, {hour:02}:{:02}: {kind}", minute / 10 * 10)
    };
    world.posts().into_iter().zip(kinds).map(written).collect()
}

#[tokio::test(start_paused = true)]
async fn two_weeks_of_troubles() {
    let world = World::new(two_weeks, accepts);
    let folder = Folder::new();
    let gateway = world.gateway(folder.path());
    let running = start(&gateway);
    pass(15 * DAY).await;
    stop(gateway, running).await;
    let table = table(&world);
    println!("{table:#?}");
    let expected = [
        "day 3, 02:20: failed",
        "day 4, 02:20: good-again (failed)",
        "day 5, 03:00: missed",
        "day 5, 06:00: good-again (missed)",
        "day 7, 12:00: stopped",
        "day 8, 12:00: reminder (stopped)",
        "day 9, 12:00: good-again (stopped)",
        "day 11, 13:00: unreadable",
        "day 11, 14:00: good-again (unreadable)",
        "day 12, 12:00: refused",
        "day 12, 13:00: good-again (refused)",
    ];
    assert_eq!(table, expected);
    let posts = world.posts();
    let ids: BTreeSet<_> = posts.iter().map(|post| &post.id).collect();
    assert_eq!(
        (ids.len(), posts.len()),
        (expected.len(), expected.len()),
        "each has an id, and is sent once"
    );
}

#[tokio::test(start_paused = true)]
async fn an_alert_has_typed_fields_and_a_text() {
    let world = World::new(two_weeks, accepts);
    let folder = Folder::new();
    let running = start(&world.gateway(folder.path()));
    pass(4 * DAY).await;
    running.abort();
    let Value::Object(mut body) = world.posts()[0].body.clone() else { panic!("an object") };
    let take = |body: &mut serde_json::Map<String, Value>, name| {
        body.remove(name).unwrap_or_else(|| panic!("{name}"))
    };
    let text = take(&mut body, "text");
    let lines: Vec<_> = text.as_str().unwrap().lines().collect();
    let expected = [
        "A backup has failed: Zoho CRM backup",
        "Zoho reports that the run that was due on 2026-11-29 02:00 UTC (2026-11-29 07:30 +05:30) has failed.",
        "Last good run: due on 2026-11-28 02:00 UTC (2026-11-28 07:30 +05:30)",
        "Failed or missed since then: 1",
        "Next run: 2026-11-30 02:00 UTC (2026-11-30 07:30 +05:30)",
        "What to do: look at the data backup in the settings of Zoho CRM, and start a backup by hand.",
        "As of 2026-11-29 02:20 UTC",
    ];
    assert_eq!(lines, expected);
    assert_eq!(take(&mut body, "id").as_str().map(str::len), Some(32));
    let at = take(&mut body, "at");
    assert!(at.as_str().unwrap().starts_with("2026-11-29T02:2"), "{at}");
    let run = take(&mut body, "run");
    assert_eq!((&run["due"], &run["outcome"]), (&json!("2026-11-29T07:30:00+05:30"), &json!("failed")));
    assert_eq!(take(&mut body, "last_good_run")["due"], "2026-11-28T07:30:00+05:30");
    let rest = json!({
        "version": 1,
        "kind": "failed",
        "about": "failed",
        "label": "Zoho CRM backup",
        "failures_since": 1,
        "next_run": "2026-11-30T07:30:00+05:30",
        "since": null,
        "code": null,
    });
    assert_eq!(Value::Object(body), rest, "nothing else");
}

/// Two weeks, of which a history remembers so many seconds. Nobody is told of them.
async fn remembered(folder: &Folder, seconds: u64) -> World {
    let quiet = World::new(two_weeks, accepts);
    let settings = Settings { alerts: AlertSettings::default(), ..quiet.settings() };
    let gateway = quiet.gateway_by(settings, Some(Store::open(folder.path(), YEAR)));
    let running = start(&gateway);
    pass(seconds).await;
    stop(gateway, running).await;
    assert_eq!(quiet.posts().len(), 0);
    quiet
}

#[tokio::test(start_paused = true)]
async fn a_history_that_is_older_than_the_last_run_is_told_only_after_a_question() {
    let folder = Folder::new();
    let world = remembered(&folder, 3 * DAY + 12 * HOUR).await;
    // The run of day 4 is good, and nobody looks.
    pass(DAY).await;
    let gateway = world.gateway(folder.path());
    let running = start(&gateway);
    pass(HOUR).await;
    stop(gateway, running).await;
    assert_eq!(world.accepted(), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn the_first_start_with_alerts_tells_only_what_stands() {
    let folder = Folder::new();
    let quiet = remembered(&folder, 4 * DAY + 12 * HOUR).await;
    let gateway = quiet.gateway(folder.path());
    let running = start(&gateway);
    pass(HOUR).await;
    assert_eq!(quiet.accepted(), Vec::<String>::new(), "the failure of day 3 is over");
    pass(DAY).await;
    stop(gateway, running).await;
    assert_eq!(quiet.accepted(), ["missed", "good-again (missed)"]);
}

#[tokio::test(start_paused = true)]
async fn a_restart_tells_nothing_twice_and_forgets_nothing() {
    let world = World::new(two_weeks, accepts);
    let folder = Folder::new();
    // Every seven hours.
    for _ in 0..15 * 24 / 7 {
        let gateway = world.gateway(folder.path());
        let running = start(&gateway);
        pass(7 * HOUR).await;
        stop(gateway, running).await;
    }
    let expected = [
        "failed",
        "good-again (failed)",
        "missed",
        "good-again (missed)",
        "stopped",
        "reminder (stopped)",
        "good-again (stopped)",
        "unreadable",
        "good-again (unreadable)",
        "refused",
        "good-again (refused)",
    ];
    assert_eq!(world.accepted(), expected);
}

#[tokio::test(start_paused = true)]
async fn heartbeats_follow_answers_and_stop_with_them() {
    let world = World::new(two_weeks, accepts);
    let folder = Folder::new();
    let running = start(&world.gateway(folder.path()));
    pass(12 * DAY).await;
    running.abort();
    let pings = world.pings();
    let outage = (11 * DAY + 12 * HOUR) as f64..(11 * DAY + 14 * HOUR) as f64;
    assert_eq!(pings.iter().filter(|at| outage.contains(*at)).count(), 0, "not without an answer");
    let gaps: Vec<_> = pings.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let short = gaps.iter().filter(|gap| **gap < 60.0).count();
    let long = gaps.iter().filter(|gap| **gap > 331.0).count();
    println!("{} heartbeats in 12 days", pings.len());
    assert_eq!((short, long), (0, 1), "at most one a minute, and one for each answer otherwise");
}

#[tokio::test(start_paused = true)]
async fn who_must_act_is_told_at_once_and_why() {
    for (refusal, code, why) in [
        (
            TokenRefusal::RefreshToken,
            "REFRESH_TOKEN_REFUSED",
            "Zoho refuses the gateway's refresh token: create a new one",
        ),
        (
            TokenRefusal::Client,
            "CLIENT_REFUSED",
            "Zoho refuses the gateway's client id or client secret: correct them",
        ),
        (TokenRefusal::Other, "TOKEN_REFUSED", "Zoho issues no token to the gateway: check the client id"),
    ] {
        let story: Story = match refusal {
            TokenRefusal::RefreshToken => |_| Err(Failure::TokenRefused(TokenRefusal::RefreshToken)),
            TokenRefusal::Client => |_| Err(Failure::TokenRefused(TokenRefusal::Client)),
            TokenRefusal::Other => |_| Err(Failure::TokenRefused(TokenRefusal::Other)),
        };
        let world = World::new(story, accepts);
        let folder = Folder::new();
        let running = start(&world.gateway(folder.path()));
        pass(MINUTE).await;
        running.abort();
        assert_eq!(world.accepted(), ["refused"], "{code}");
        let body = &world.posts()[0].body;
        assert_eq!((&body["code"], &body["run"]), (&json!(code), &Value::Null));
        let text = body["text"].as_str().expect("a text");
        assert!(text.contains(code) && text.contains(why), "{text}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_of_zoho_is_named_by_its_code() {
    let world = World::new(|_| Err(Failure::ZohoError("OAUTH_SCOPE_MISMATCH".into())), accepts);
    let folder = Folder::new();
    let running = start(&world.gateway(folder.path()));
    pass(MINUTE).await;
    running.abort();
    assert_eq!(world.accepted(), ["refused"]);
    let text = world.posts()[0].body["text"].to_string();
    assert!(text.contains("Zoho answered OAUTH_SCOPE_MISMATCH."), "{text}");
}

#[tokio::test(start_paused = true)]
async fn many_answers_bring_one_heartbeat_a_minute_without_a_store_too() {
    let world = World::new(two_weeks, accepts);
    let settings = world.settings();
    let alerts = AlertSettings { url: None, ..settings.alerts.clone() };
    let gateway = world.gateway_by(Settings { cache_time: Duration::from_secs(5), alerts, ..settings }, None);
    let running = start(&gateway);
    for _ in 0..120 {
        pass(5).await;
        assert!(gateway.backup().await.expect("not busy").is_ok());
    }
    running.abort();
    let pings = world.pings();
    assert!((9..=11).contains(&pings.len()), "{pings:?}");
    assert!(pings.windows(2).all(|pair| pair[1] - pair[0] >= 60.0), "{pings:?}");
    assert_eq!(gateway.upkeep().alerts, None);
}

#[tokio::test(start_paused = true)]
async fn what_zoho_says_without_showing_that_all_is_well_is_told_after_an_hour() {
    let world = World::new(
        |now| {
            Ok(match now / HOUR {
                5 | 6 => ("PAUSED", Some(DAY + 2 * HOUR)),
                _ => daily(now),
            })
        },
        accepts,
    );
    let folder = Folder::new();
    let gateway = world.gateway(folder.path());
    let running = start(&gateway);
    pass(12 * HOUR).await;
    stop(gateway, running).await;
    assert_eq!(table(&world), ["day 0, 06:00: unclear", "day 0, 07:00: good-again (unclear)"]);
    assert_eq!(world.posts()[0].body["code"], "status-unknown");
}
