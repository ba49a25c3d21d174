//! Which origins may read a response.

use crate::client::{request, sandbox, scenario};

#[tokio::test]
async fn a_page_of_another_origin_may_read_body_and_headers() {
    let sandbox = sandbox().await;
    for name in ["scheduled", "none", "html", "rate-limited-retry-after", "unavailable", "cut-off"] {
        let response = scenario(&sandbox, name).await;
        assert_eq!(response.header("access-control-allow-origin"), Some("https://portal.example"));
        assert_eq!(response.header("access-control-allow-credentials"), Some("true"));
        assert_eq!(response.header("vary"), Some("origin"));
        assert_eq!(
            response.header("access-control-expose-headers"),
            Some("date, etag, age, retry-after, x-sandbox")
        );
        assert!(response.header("date").is_some());
    }
    let response = request(&sandbox, "GET", "/crm/bulk/v6/backup", "").await;
    assert_eq!(response.header("access-control-allow-origin"), Some("*"));
}

#[tokio::test]
async fn no_cors_is_a_valid_document_that_no_other_origin_may_read() {
    let sandbox = sandbox().await;
    let response = scenario(&sandbox, "no-cors").await;
    assert_eq!(response.json()["backup"]["status"], "SCHEDULED");
    let path = "/scenarios/no-cors/crm/bulk/v6/backup";
    for method in ["GET", "OPTIONS", "POST"] {
        let response = request(&sandbox, method, path, "origin: https://portal.example\r\n").await;
        assert!(!response.head.to_lowercase().contains("access-control"));
    }
}

#[tokio::test]
async fn a_preflight_is_allowed_and_other_methods_are_refused() {
    let sandbox = sandbox().await;
    let headers = "origin: https://portal.example\r\naccess-control-request-headers: if-none-match\r\n";
    let response = request(&sandbox, "OPTIONS", "/crm/bulk/v6/backup", headers).await;
    assert_eq!(response.status, 204);
    assert_eq!(response.header("access-control-allow-headers"), Some("if-none-match"));
    for name in ["dropped", "reset", "cut-off", "dripping", "stalled"] {
        let path = format!("/scenarios/{name}/crm/bulk/v6/backup");
        assert_eq!(request(&sandbox, "OPTIONS", &path, headers).await.status, 204, "{name}");
    }
    let response = request(&sandbox, "POST", "/crm/bulk/v6/backup", headers).await;
    assert_eq!(response.status, 400);
    assert_eq!(response.json()["code"], "INVALID_REQUEST_METHOD");
}
