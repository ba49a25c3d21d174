//! `HEAD`: the headers of `GET`, without the content.

use super::*;

/// The headers that differ between two requests at different moments.
fn comparable(reply: &Reply) -> Vec<(&str, &str)> {
    let headers = reply.headers.iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap()));
    let mut headers: Vec<_> =
        headers.filter(|(name, _)| !["date", "age", "x-request-id"].contains(name)).collect();
    headers.sort_unstable();
    headers
}

#[tokio::test]
async fn head_is_answered_like_get_but_without_the_content() {
    let gateway = widget_files::with_widget().await;
    let tag = gateway.send(get("")).await.header("etag").unwrap().to_owned();
    for (target, headers, status) in [
        (BACKUP, String::new(), 200),
        (BACKUP, "origin: https://portal.example\r\n".into(), 200),
        (BACKUP, format!("if-none-match: {tag}\r\n"), 304),
        (BACKUP, "origin: https://evil.example\r\n".into(), 403),
        ("/crm/bulk/v6/backup?x", String::new(), 400),
        ("/healthz", String::new(), 200),
        ("/zoho-backup-status.js", String::new(), 200),
        ("/widget_bg.wasm?v=a24c8757", String::new(), 200),
        ("/nothing", String::new(), 404),
    ] {
        let get = gateway.send(request("GET", target, &headers)).await;
        let head = gateway.send(request("HEAD", target, &headers)).await;
        assert_eq!((get.status, head.status), (status, status), "{target} {headers}");
        assert_eq!(comparable(&head), comparable(&get), "{target} {headers}");
        let length = (status != 304).then_some(get.body.len() as u64);
        assert_eq!((head.number("content-length"), head.text()), (length, ""), "{target} {headers}");
    }
}

/// Otherwise the next response on the connection would be read as the content of this one.
#[tokio::test]
async fn after_head_the_connection_can_be_used_again() {
    let gateway = Running::to(FakeUpstream::scheduled()).await;
    let head = format!("HEAD {BACKUP} HTTP/1.1\r\nhost: localhost\r\n\r\n");
    let answers = String::from_utf8(gateway.raw(head + &request("GET", "/healthz", "")).await).unwrap();
    let (_, second) = answers.split_once("\r\n\r\n").unwrap();
    assert!(second.starts_with("HTTP/1.1 200 OK\r\n") && second.ends_with("\r\n\r\nok\n"), "{answers}");
}

#[tokio::test]
async fn head_of_nothing_scheduled_is_204() {
    let gateway = Running::to(FakeUpstream::of(|| Ok(nothing()))).await;
    let reply = gateway.send(request("HEAD", BACKUP, "")).await;
    assert_eq!((reply.status, reply.text(), reply.header("content-length")), (204, "", None));
}
