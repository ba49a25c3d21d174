//! What each scenario sends.

use std::collections::BTreeSet;

use sandbox::{Delivery, SCENARIOS};
use serde_json::json;

use crate::client::{get, request, sandbox, scenario};

#[tokio::test]
async fn zohos_own_path_plays_the_scenario_scheduled() {
    let sandbox = sandbox().await;
    let response = get(&sandbox, "/crm/bulk/v6/backup").await;
    assert_eq!(response.status, 200);
    assert_eq!(response.header("content-type"), Some("application/json;charset=UTF-8"));
    assert_eq!(response.json()["backup"]["status"], "SCHEDULED");
    assert_eq!(response.json()["backup"]["requester"]["name"], "Patricia Boyle");
    assert_eq!(sandbox.record().of("scheduled").len(), 1);
}

#[tokio::test]
async fn every_scenario_without_a_delay_sends_what_its_row_says() {
    let sandbox = sandbox().await;
    for row in SCENARIOS {
        let expected = row.response_now();
        if expected.delivery != Delivery::Whole || !expected.delay.is_zero() {
            continue;
        }
        let response = scenario(&sandbox, row.name).await;
        assert_eq!(response.status, expected.status, "{}", row.name);
        assert_eq!(response.body.len(), expected.body.len(), "{}", row.name);
        assert_eq!(response.header("x-sandbox"), Some("zoho-backup-status"), "{}", row.name);
        // A date may have moved on by a second.
        let later = row.response_now();
        for ((name, value), (_, later)) in expected.headers.iter().zip(&later.headers) {
            let found = response.header(name).expect(name);
            assert!([value, later].contains(&&found.to_owned()), "{}: {found}", row.name);
        }
    }
}

#[tokio::test]
async fn an_error_comes_in_zohos_envelope() {
    let sandbox = sandbox().await;
    let envelope = json!({
        "code": "NO_PERMISSION", "message": "Permission denied to read", "details": {}, "status": "error",
    });
    let response = scenario(&sandbox, "no-permission").await;
    assert_eq!((response.status, response.json()), (403, envelope.clone()));
    let response = scenario(&sandbox, "nested-error").await;
    assert_eq!((response.status, response.json()), (403, json!({ "backup": envelope })));
}

#[tokio::test]
async fn nothing_scheduled_is_204_without_a_body() {
    let response = scenario(&sandbox().await, "none").await;
    assert_eq!((response.status, response.text()), (204, ""));
}

#[tokio::test]
async fn a_redirect_leads_to_a_page_that_exists() {
    let sandbox = sandbox().await;
    let response = scenario(&sandbox, "redirect").await;
    assert_eq!((response.status, response.header("location")), (302, Some("/sign-in")));
    let page = get(&sandbox, "/sign-in").await;
    assert_eq!(page.status, 200);
    assert!(page.text().starts_with("<!doctype html>"));
}

#[tokio::test]
async fn too_large_is_valid_json_beyond_64_kib() {
    let response = scenario(&sandbox().await, "too-large").await;
    assert_eq!(response.body.len(), 70 * 1024);
    assert_eq!(response.json()["backup"]["status"], "SCHEDULED");
}

#[tokio::test]
async fn a_gateway_error_has_a_retry_after_header() {
    let sandbox = sandbox().await;
    let response = scenario(&sandbox, "unavailable").await;
    assert_eq!((response.status, response.text()), (503, "Service Unavailable"));
    assert_eq!(response.header("retry-after"), Some("60"));

    let response = scenario(&sandbox, "rate-limited-retry-date").await;
    assert_eq!((response.status, response.text()), (429, "Too Many Requests"));
    let [date, retry_after] =
        ["date", "retry-after"].map(|name| second_of_day(response.header(name).unwrap()));
    let ahead = (retry_after - date).rem_euclid(24 * 60 * 60);
    assert!((119..=121).contains(&ahead), "{ahead} seconds: hyper reads the clock a moment earlier or later");
}

/// Of a date as in `Tue, 26 Jul 2022 04:28:45 GMT`.
fn second_of_day(date: &str) -> i32 {
    let time = date.split(' ').nth(4).unwrap();
    time.split(':').fold(0, |seconds, part| 60 * seconds + part.parse::<i32>().unwrap())
}

#[tokio::test]
async fn the_list_has_every_scenario_with_a_summary() {
    let sandbox = sandbox().await;
    let list = get(&sandbox, "/scenarios").await.json();
    let names: BTreeSet<_> = list
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["summary"].as_str().unwrap().ends_with('.'))
        .map(|row| row["name"].as_str().unwrap().to_owned())
        .collect();
    let expected: BTreeSet<_> = SCENARIOS.iter().map(|row| row.name.to_owned()).collect();
    assert_eq!(expected.len(), SCENARIOS.len(), "two scenarios have the same name");
    assert_eq!(names, expected);
    let page = request(&sandbox, "GET", "/scenarios", "accept: text/html,*/*\r\n").await;
    assert!(page.text().contains("/scenarios/overdue/crm/bulk/v6/backup"));
}

#[tokio::test]
async fn the_error_for_an_unknown_scenario_lists_the_known_ones() {
    let response = scenario(&sandbox().await, "nonesuch").await;
    assert_eq!(response.status, 404);
    for expected in ["/scenarios/nonesuch/", "/scenarios:", "overdue", "no-cors"] {
        assert!(response.text().contains(expected), "{}", response.text());
    }
}
