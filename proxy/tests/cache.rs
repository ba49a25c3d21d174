//! The cache: an answer is fresh, then stale, then not served any more. Failures are remembered for a shorter time.

mod upstream;

use std::time::Duration;

use futures_util::future::join_all;
use sandbox::accounts::TOKEN;
use sandbox::scenarios::DEFAULT;
use sandbox::wire_response::JSON;
use sandbox::wire_response::WireResponse;
use serde_json::json;
use tokio::time::{Instant, advance, sleep};
use upstream::Turn::{Fails, Gives, Panics, Stalls};
use upstream::{
    InProcess, Running, Scripted, Turn, play, request_counts, scenario, settings, skip, without_cache, zoho,
};
use zoho_backup_proxy::config::Settings;
use zoho_backup_proxy::failure::{Failure, TokenRefusal};

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn zoho_fails<T>() -> Turn<T> {
    Fails(Failure::ZohoError("INTERNAL_ERROR".into()))
}

/// Moves the clock from row to row: seconds since the start, the expected summary, and how often the API was asked.
async fn assert_timeline(gateway: &InProcess, upstream: &Scripted, rows: &[(u64, &str, usize)]) {
    let mut now = 0;
    for (at, summary, times) in rows {
        advance(seconds(at - now)).await;
        now = *at;
        assert_eq!(
            (gateway.summary().await.as_str(), upstream.count().0),
            (*summary, *times),
            "after {at} seconds"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_is_fresh_for_the_cache_time_and_its_age_counts() {
    for cache_time in [1, 60, 86_400] {
        let upstream = Scripted::default();
        let long = Settings { cache_time: seconds(cache_time), ..settings("http://zoho.invalid") };
        let gateway = InProcess::with(&upstream, long);
        let last = format!("200 age {}", cache_time - 1);
        let rows = [(0, "200 age 0", 1), (cache_time - 1, &last, 1), (cache_time, "200 age 0", 2)];
        assert_timeline(&gateway, &upstream, &rows).await;
    }
}

#[tokio::test(start_paused = true)]
async fn age_counts_from_the_answer_not_from_the_request() {
    let upstream = Scripted::default();
    upstream.play([Gives(()).later(8)]);
    let gateway = InProcess::to(&upstream);
    assert_eq!(gateway.summary().await, "200 age 0");
    advance(seconds(59)).await;
    assert_eq!((gateway.summary().await.as_str(), upstream.count()), ("200 age 59", (1, 1)));
}

#[tokio::test(start_paused = true)]
async fn a_cached_answer_keeps_its_date_and_entity_tag() {
    let upstream = Scripted::default();
    let gateway = InProcess::to(&upstream);
    let first = gateway.get().await;
    advance(seconds(30)).await;
    let second = gateway.get().await;
    for header in ["date", "etag"] {
        assert_eq!(first.header(header).expect(header), second.header(header).expect(header), "{header}");
    }
    assert_eq!(first.body, second.body);
}

#[tokio::test(start_paused = true)]
async fn a_stale_answer_is_served_during_failures_until_it_is_too_old() {
    let cases = [
        ("an error", zoho_fails(), "502 INTERNAL_ERROR"),
        ("unreachable", Fails(Failure::Unreachable), "502 ZOHO_UNREACHABLE"),
        ("unreadable", Fails(Failure::UnreadableAnswer), "502 API_ANSWER_UNREADABLE"),
    ];
    for (case, failure, summary) in cases {
        let upstream = Scripted::default();
        upstream.play([Gives(()), failure]);
        let short = Settings { stale_time: seconds(100), ..settings("http://zoho.invalid") };
        let gateway = InProcess::with(&upstream, short);
        let rows = [
            (0, "200 age 0", 1),
            (59, "200 age 59", 1),
            (60, "200 age 60", 2),
            // Zoho is not asked for 15 seconds, then for 30, 60, 120, and 120 again.
            (74, "200 age 74", 2),
            (75, "200 age 75", 3),
            (99, "200 age 99", 3),
            (100, summary, 3),
            (104, summary, 3),
            (105, summary, 4),
            (164, summary, 4),
            (165, summary, 5),
            (284, summary, 5),
            (285, summary, 6),
            (404, summary, 6),
            (405, summary, 7),
            (524, summary, 7),
        ];
        println!("{case}");
        assert_timeline(&gateway, &upstream, &rows).await;
        upstream.play([Gives(())]);
        advance(seconds(15)).await;
        assert_eq!(gateway.summary().await, "200 age 0", "{case}: at once after the failure");
        advance(seconds(59)).await;
        assert_eq!(gateway.summary().await, "200 age 59", "{case}: and fresh again");
    }
}

#[tokio::test(start_paused = true)]
async fn a_stale_answer_is_served_after_three_seconds_if_zoho_is_slow() {
    let upstream = Scripted::default();
    upstream.play([Gives(()), Stalls]);
    let gateway = InProcess::to(&upstream);
    gateway.get().await;
    advance(seconds(60)).await;
    // Zoho has ten seconds. Readers meanwhile wait for the same request, for three seconds each.
    for summary in ["200 age 63", "200 age 66", "200 age 69", "200 age 70", "200 age 70"] {
        assert_eq!((gateway.summary().await.as_str(), upstream.count()), (summary, (2, 1)));
    }
}

#[tokio::test(start_paused = true)]
async fn readers_wait_less_than_the_widget_and_a_late_answer_is_cached() {
    let upstream = Scripted::default();
    upstream.play([Turn::Later(Duration::from_millis(9_500), Box::new(Gives(())))]);
    let gateway = InProcess::to(&upstream);
    let asked = Instant::now();
    assert_eq!((gateway.summary().await.as_str(), asked.elapsed()), ("504 ZOHO_TIMED_OUT", seconds(9)));
    assert!(asked.elapsed() < zoho_backup_core::reply::DEADLINE);
    assert_eq!((gateway.summary().await.as_str(), upstream.count()), ("200 age 0", (1, 1)));
}

#[tokio::test(start_paused = true)]
async fn a_stale_answer_is_served_while_there_is_no_token() {
    let upstream = Scripted::default();
    upstream.play_renewals([Gives(301), Fails(Failure::too_many_tokens(None))]);
    let gateway = InProcess::to(&upstream);
    let rows = [(0, "200 age 0", 1), (301, "200 age 301", 1), (900, "200 age 900", 1)];
    assert_timeline(&gateway, &upstream, &rows).await;
    assert_eq!(upstream.count(), (1, 2));
}

#[tokio::test(start_paused = true)]
async fn without_a_stale_time_no_stale_answer_is_served() {
    let upstream = Scripted::default();
    upstream.play([Gives(()), zoho_fails()]);
    let gateway = InProcess::with(
        &upstream,
        Settings { stale_time: Duration::ZERO, ..settings("http://zoho.invalid") },
    );
    let rows = [(0, "200 age 0", 1), (59, "200 age 59", 1), (60, "502 INTERNAL_ERROR", 2)];
    assert_timeline(&gateway, &upstream, &rows).await;
}

/// Each failure, how long it is remembered, and the response in its first and its last second.
#[tokio::test(start_paused = true)]
async fn failures_are_remembered_and_zoho_is_not_asked_meanwhile() {
    let limited = |wait| Fails(Failure::RateLimited(seconds(wait)));
    let cases = [
        ("an error", zoho_fails(), 15, "502 INTERNAL_ERROR", "502 INTERNAL_ERROR"),
        ("unreachable", Fails(Failure::Unreachable), 15, "502 ZOHO_UNREACHABLE", "502 ZOHO_UNREACHABLE"),
        (
            "unreadable",
            Fails(Failure::UnreadableAnswer),
            15,
            "502 API_ANSWER_UNREADABLE",
            "502 API_ANSWER_UNREADABLE",
        ),
        ("too slow", Fails(Failure::TimedOut), 15, "504 ZOHO_TIMED_OUT", "504 ZOHO_TIMED_OUT"),
        (
            "an invalid token",
            Fails(Failure::ZohoError("INVALID_TOKEN".into())),
            60,
            "502 INVALID_TOKEN",
            "502 INVALID_TOKEN",
        ),
        ("a second", limited(1), 1, "503 TOO_MANY_REQUESTS in 1", "503 TOO_MANY_REQUESTS in 1"),
        ("two minutes", limited(120), 120, "503 TOO_MANY_REQUESTS in 120", "503 TOO_MANY_REQUESTS in 1"),
        ("an hour", limited(3_600), 3_600, "503 TOO_MANY_REQUESTS in 3600", "503 TOO_MANY_REQUESTS in 1"),
    ];
    for (case, failure, remembered, first, last) in cases {
        println!("{case}");
        let upstream = Scripted::default();
        upstream.play([failure, Gives(())]);
        let rows = [(0, first, 1), (remembered - 1, last, 1), (remembered, "200 age 0", 2)];
        assert_timeline(&InProcess::to(&upstream), &upstream, &rows).await;
    }
}

#[tokio::test(start_paused = true)]
async fn refusals_of_the_accounts_server_are_remembered() {
    let refused = |refusal| Fails(Failure::TokenRefused(refusal));
    let cases = [
        ("the client", refused(TokenRefusal::Client), 60, "502 CLIENT_REFUSED", "502 CLIENT_REFUSED"),
        (
            "the refresh token",
            refused(TokenRefusal::RefreshToken),
            60,
            "502 REFRESH_TOKEN_REFUSED",
            "502 REFRESH_TOKEN_REFUSED",
        ),
        ("another", refused(TokenRefusal::Other), 60, "502 TOKEN_REFUSED", "502 TOKEN_REFUSED"),
        (
            "too many",
            Fails(Failure::too_many_tokens(None)),
            600,
            "503 TOO_MANY_TOKENS in 600",
            "503 TOO_MANY_TOKENS in 1",
        ),
        ("unreachable", Fails(Failure::Unreachable), 60, "502 ZOHO_UNREACHABLE", "502 ZOHO_UNREACHABLE"),
    ];
    for (case, failure, remembered, first, last) in cases {
        println!("{case}");
        let upstream = Scripted::default();
        upstream.play_renewals([failure, Gives(3_600)]);
        let gateway = InProcess::to(&upstream);
        assert_timeline(&gateway, &upstream, &[(0, first, 0), (remembered - 1, last, 0)]).await;
        assert_eq!(upstream.count(), (0, 1), "{case}");
        // The failure while no token may be requested is itself remembered like any failure.
        advance(seconds(30)).await;
        assert_eq!((gateway.summary().await.as_str(), upstream.count()), ("200 age 0", (1, 2)), "{case}");
    }
}

#[tokio::test(start_paused = true)]
async fn retry_after_counts_down_by_the_second() {
    let upstream = Scripted::default();
    upstream.play([Fails(Failure::RateLimited(seconds(30)))]);
    let gateway = InProcess::to(&upstream);
    for left in (1..=30).rev() {
        assert_eq!(gateway.summary().await, format!("503 TOO_MANY_REQUESTS in {left}"));
        advance(Duration::from_millis(500)).await;
        // Rounded up: otherwise a reader would retry too early.
        assert_eq!(gateway.summary().await, format!("503 TOO_MANY_REQUESTS in {left}"));
        advance(Duration::from_millis(500)).await;
    }
    assert_eq!(upstream.count(), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn requests_during_a_fetch_share_its_answer() {
    let upstream = Scripted::default();
    upstream.play([Gives(()).later(5), zoho_fails().later(5)]);
    let gateway = InProcess::with(&upstream, without_cache("http://zoho.invalid"));
    for summary in ["200 age 0", "502 INTERNAL_ERROR"] {
        let callers = (0..100).map(|caller| {
            let gateway = &gateway;
            async move {
                // Not all at once.
                sleep(Duration::from_millis(caller * 49)).await;
                gateway.summary().await
            }
        });
        assert_eq!(join_all(callers).await, vec![summary; 100]);
    }
    assert_eq!(upstream.count(), (2, 1));
}

#[tokio::test]
async fn two_hundred_clients_at_once_use_one_token_and_one_call() {
    let zoho = zoho().await;
    let token = json!({ "access_token": zoho.issue_token() }).to_string();
    zoho.play(
        TOKEN,
        WireResponse { delay: Duration::from_millis(300), ..WireResponse::body(200, JSON, token) },
    );
    zoho.play(DEFAULT, WireResponse { delay: Duration::from_millis(300), ..scenario(DEFAULT) });
    let running = Running::to(&zoho).await;
    let replies = join_all((0..200).map(|_| running.get())).await;
    let bodies: Vec<_> = replies.iter().map(|reply| (reply.status, &reply.body)).collect();
    assert_eq!(bodies, vec![(200, &replies[0].body); 200]);
    assert_eq!(request_counts(&zoho), (1, 1));
}

#[tokio::test]
async fn a_failure_and_its_end_over_sockets() {
    let zoho = zoho().await;
    let running = Running::to(&zoho).await;
    let status = || async {
        let reply = running.get().await;
        (reply.status, reply.code(), reply.number("age").is_some_and(|age| age >= 60))
    };
    assert_eq!(status().await, (200, None, false));
    play(&zoho, scenario("internal-error"));
    skip(61).await;
    assert_eq!(status().await, (200, None, true), "the stale answer");
    assert_eq!((status().await, request_counts(&zoho)), ((200, None, true), (2, 1)), "and Zoho is not asked");
    skip(3_600).await;
    assert_eq!(status().await, (502, Some("INTERNAL_ERROR".into()), false), "too old");
    play(&zoho, scenario(DEFAULT));
    skip(31).await;
    assert_eq!(status().await, (200, None, false), "working again");
}

#[tokio::test]
async fn nothing_scheduled_is_cached_like_any_answer() {
    let zoho = zoho().await;
    play(&zoho, WireResponse::empty(204));
    let running = Running::to(&zoho).await;
    for _ in 0..3 {
        assert_eq!(running.get().await.status, 204);
    }
    assert_eq!(request_counts(&zoho), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_remembered_like_any_failure() {
    let upstream = Scripted::default();
    upstream.play([Panics, Gives(())]);
    let gateway = InProcess::to(&upstream);
    let reply = gateway.get().await;
    assert_eq!(
        (reply.status, reply.message().as_str()),
        (500, "The gateway failed: report it, with its log.")
    );
    assert!(!reply.holds(b"script"), "nothing of the panic message");
    assert_timeline(&gateway, &upstream, &[(0, "500 GATEWAY_FAILED", 1), (14, "500 GATEWAY_FAILED", 1)])
        .await;
    advance(seconds(1)).await;
    assert_eq!((gateway.summary().await.as_str(), upstream.count()), ("200 age 0", (2, 1)));
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_reported_to_all_waiting_readers_unless_there_is_a_stale_answer() {
    let upstream = Scripted::default();
    upstream.play([Panics.later(1), Gives(()), Panics]);
    let gateway = InProcess::to(&upstream);
    let summary = join_all((0..10).map(|_| gateway.summary())).await;
    assert_eq!(summary, vec!["500 GATEWAY_FAILED"; 10]);
    advance(seconds(15)).await;
    assert_eq!(gateway.summary().await, "200 age 0");
    advance(seconds(60)).await;
    assert_eq!(gateway.summary().await, "200 age 60");
    assert_eq!(upstream.count(), (3, 1));
}
