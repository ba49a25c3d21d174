//! The record of requests.

use sandbox::Outcome;

use crate::client::{get, request, sandbox, scenario};

#[tokio::test]
async fn every_get_of_a_scenario_is_counted_and_preflights_are_not() {
    let sandbox = sandbox().await;
    get(&sandbox, "/crm/bulk/v6/backup").await;
    scenario(&sandbox, "scheduled").await;
    request(&sandbox, "OPTIONS", "/scenarios/scheduled/crm/bulk/v6/backup", "").await;
    assert_eq!(sandbox.record().count("scheduled"), 2);
    assert_eq!(sandbox.record().count("overdue"), 0);

    let list = get(&sandbox, "/scenarios").await.json();
    for row in list.as_array().unwrap() {
        let expected = if row["name"] == "scheduled" { 2 } else { 0 };
        assert_eq!(row["requests"], expected, "{}", row["name"]);
    }
}

#[tokio::test]
async fn the_record_keeps_order_method_path_and_headers_until_cleared() {
    let sandbox = sandbox().await;
    get(&sandbox, "/crm/bulk/v6/backup?page=1").await;
    scenario(&sandbox, "due").await;
    let seen = sandbox.record().all();
    let paths: Vec<_> = seen.iter().map(|request| request.path.as_str()).collect();
    assert_eq!(paths, ["/crm/bulk/v6/backup?page=1", "/scenarios/due/crm/bulk/v6/backup"]);
    assert!(seen[0].at <= seen[1].at);
    assert_eq!(seen[0].method, "GET");
    assert_eq!(seen[0].headers["origin"], "https://portal.example");
    assert_eq!(seen[0].outcome, Outcome::Answered);
    sandbox.record().clear();
    assert!(sandbox.record().all().is_empty());
}
