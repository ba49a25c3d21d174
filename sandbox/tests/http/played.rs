//! Responses that a test plays in place of a scenario's own reply.

use std::io::{self, Read};

use flate2::Compression;
use flate2::write::GzEncoder;
use sandbox::WireResponse;
use sandbox::scenarios::find;
use sandbox::wire_response::JSON;
use serde_json::json;

use crate::client::{get, request, sandbox, scenario};

#[tokio::test]
async fn a_played_response_replaces_the_scenarios_own_reply() {
    let sandbox = sandbox().await;
    sandbox.play("scheduled", find("internal-error").unwrap().response_now());
    assert_eq!(scenario(&sandbox, "scheduled").await.status, 500);
    assert_eq!(get(&sandbox, "/crm/bulk/v6/backup").await.status, 500);
    assert_eq!(scenario(&sandbox, "overdue").await.status, 200);
    assert_eq!(sandbox.record().of("scheduled").len(), 2);

    sandbox.play("scheduled", WireResponse::body(200, JSON, r#"{"backup":null}"#.into()));
    let response = scenario(&sandbox, "scheduled").await;
    assert_eq!((response.status, response.json()), (200, json!({ "backup": null })));
}

#[tokio::test]
async fn responses_are_played_in_turn_and_the_last_one_repeats() {
    let sandbox = sandbox().await;
    let responses = [500, 503, 404].map(|status| WireResponse::body(status, JSON, "{}".into()));
    sandbox.play_in_turn("scheduled", responses.into());
    let path = "/scenarios/scheduled/crm/bulk/v6/backup";
    for status in [500, 503, 404, 404] {
        assert_eq!(
            request(&sandbox, "OPTIONS", path, "").await.status,
            204,
            "a preflight does not take a turn"
        );
        assert_eq!(scenario(&sandbox, "scheduled").await.status, status);
    }
    sandbox.play_in_turn("scheduled", vec![]);
    assert_eq!(scenario(&sandbox, "scheduled").await.status, 200);
}

#[tokio::test]
async fn flapping_repeats_its_sequence_even_when_the_record_is_cleared() {
    let sandbox = sandbox().await;
    for (number, status) in [200, 200, 500, 500, 200].into_iter().cycle().take(11).enumerate() {
        assert_eq!(scenario(&sandbox, "flapping").await.status, status, "{number}");
        sandbox.record().clear();
    }
}

#[tokio::test]
async fn a_gzip_bomb_is_small_on_the_wire() {
    let sandbox = sandbox().await;
    let mut bomb = GzEncoder::new(Vec::new(), Compression::best());
    io::copy(&mut io::repeat(b' ').take(10 << 20), &mut bomb).unwrap();
    let bomb = bomb.finish().unwrap();
    let response = WireResponse::bytes(200, JSON, bomb.clone()).with("content-encoding", "gzip");
    sandbox.play("scheduled", response);
    let response = scenario(&sandbox, "scheduled").await;
    assert_eq!(response.header("content-encoding"), Some("gzip"));
    assert!(response.body == bomb && bomb.len() < 20 << 10, "{} bytes", bomb.len());
}

#[tokio::test]
async fn the_headers_of_a_played_response_are_sent_unchanged() {
    let sandbox = sandbox().await;
    let response = WireResponse::empty(302)
        .with("set-cookie", "session=1")
        .with("set-cookie", "session=2")
        .with("access-control-allow-origin", "https://evil.example")
        .with("location", "http://169.254.169.254/latest/meta-data/");
    sandbox.play("scheduled", response);
    let response = scenario(&sandbox, "scheduled").await;
    let sent = |name| response.headers(name).collect::<Vec<_>>();
    assert_eq!(sent("set-cookie"), ["session=1", "session=2"]);
    assert_eq!(sent("access-control-allow-origin"), ["https://evil.example"]);
    assert_eq!(sent("location"), ["http://169.254.169.254/latest/meta-data/"]);
}
