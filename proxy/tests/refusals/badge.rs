//! Requests for a picture that are refused, without asking Zoho.

use super::*;
use downstream::picture::{GOOD, document, title};
use zoho_backup_proxy::route::BADGE_PATH;

/// Sends each request to a gateway, which must refuse it.
async fn all_are_refused(status: u16, code: &str, requests: impl IntoIterator<Item = String>) {
    let upstream = FakeUpstream::of(|| Ok(document(GOOD)));
    let gateway = Running::to(upstream.clone()).await;
    for sent in requests {
        let reply = gateway.send(&sent).await;
        assert_eq!((reply.status, &*reply.envelope()), (status, code), "{sent}");
        assert_eq!(reply.header("allow"), (status == 405).then_some("GET, HEAD"), "{sent}");
        assert_eq!(reply.header("content-security-policy"), Some("default-src 'none'"), "{sent}");
        assert_eq!(upstream.request_count(), 0, "Zoho is asked nothing: {sent}");
    }
    title(&gateway.send(request("GET", BADGE_PATH, "")).await);
}

#[tokio::test]
async fn there_is_no_query_but_the_theme() {
    let queries = [
        "",
        "theme",
        "theme=",
        "theme=auto",
        "theme=Light",
        "THEME=light",
        "theme=light&",
        "&theme=light",
        "theme=light&theme=light",
        "theme=light&theme=dark",
        "theme=light&x",
        "x&theme=dark",
        "theme=dark%20",
        "theme=%64ark",
        "%74heme=dark",
        "theme=dark+",
        "theme==dark",
        "theme=dark?",
        "?theme=dark",
        "theme=dark/",
        "theme=dark;",
        "theme=darker",
        "theme[]=dark",
        "1658809725",
        "v=0.1.0",
        "url=http://evil.example/",
        "label=%3Cscript%3E",
    ];
    let target = |query: &str| request("GET", &format!("{BADGE_PATH}?{query}"), "");
    all_are_refused(400, "INVALID_QUERY", queries.map(target)).await;
}

#[tokio::test]
async fn it_is_only_read() {
    let methods = ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "get", "BADGE"];
    all_are_refused(
        405,
        "METHOD_NOT_ALLOWED",
        methods.map(|method| request(method, BADGE_PATH, "content-length: 0\r\n")),
    )
    .await;
}

#[tokio::test]
async fn the_host_must_be_one_of_the_gateways_own() {
    let named = |host: &str| bare("GET", BADGE_PATH, &format!("host: {host}\r\n"));
    let hosts = ["evil.example", "localhost.evil.example", "127.0.0.2", "user@localhost", ""];
    all_are_refused(403, "HOST_NOT_ALLOWED", hosts.map(named)).await;
    let none_or_two = ["", "host: localhost\r\nhost: localhost\r\n"];
    all_are_refused(400, "INVALID_HOST", none_or_two.map(|headers| bare("GET", BADGE_PATH, headers))).await;
    all_are_refused(400, "NOT_A_PROXY", [request("GET", &format!("http://localhost{BADGE_PATH}"), "")]).await;
}

#[tokio::test]
async fn other_paths_are_not_found() {
    let paths =
        ["/badge", "/badge.png", "/Badge.svg", "/badge.svg/", "//badge.svg", "/x/badge.svg", "/badge%2Esvg"];
    all_are_refused(404, "PATH_NOT_FOUND", paths.map(|path| request("GET", path, ""))).await;
}
