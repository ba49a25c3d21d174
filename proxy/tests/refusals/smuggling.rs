//! Requests that try to change what Zoho is asked, or to carry other requests.

use super::*;

/// Requests to Zoho are fixed: they contain nothing of a client's request.
#[tokio::test]
async fn headers_that_reverse_proxies_trust_change_nothing() {
    let usual = asked_for("").await;
    for headers in [
        "x-forwarded-host: evil.example\r\n",
        "x-forwarded-for: 127.0.0.1\r\nx-forwarded-proto: gopher\r\nx-forwarded-port: 1\r\n",
        "x-forwarded-server: evil.example\r\nx-forwarded-prefix: /x\r\n",
        "forwarded: for=127.0.0.1;host=evil.example;proto=http\r\n",
        "x-original-url: /crm/v6/users\r\n",
        "x-rewrite-url: /crm/v6/users\r\n",
        "x-original-uri: /crm/v6/users\r\n",
        "x-http-method-override: DELETE\r\n",
        "authorization: Zoho-oauthtoken 1000.mine\r\nproxy-authorization: Basic eDp5\r\n",
        "cookie: a=b\r\nreferer: https://portal.example/\r\nuser-agent: x\r\n",
        "if-modified-since: Tue, 26 Jul 2022 04:28:45 GMT\r\nrange: bytes=0-1\r\n",
        "accept: text/html\r\naccept-encoding: gzip\r\naccept-language: de\r\n",
        "cache-control: no-cache\r\npragma: no-cache\r\n",
        "x-request-id: mine\r\ntraceparent: 00-0-0-00\r\n",
        "via: 1.1 x\r\nmax-forwards: 0\r\nexpect: 100-continue\r\n",
        "content-type: application/json\r\ncontent-length: 0\r\n",
    ] {
        assert_eq!(asked_for(headers).await, usual, "{headers}");
    }
}

/// The requests to Zoho caused by one with these headers, by path and headers, without those that differ each time.
async fn asked_for(headers: &str) -> Vec<(String, HeaderMap)> {
    let sandbox = zoho().await;
    let gateway = Running::before(&sandbox).await;
    let reply = gateway.send(get(headers)).await;
    assert_eq!((reply.status, reply.header("x-request-id") == Some("mine")), (200, false), "{headers}");
    let seen = sandbox.record().all().into_iter().map(|mut request| {
        for name in ["host", "authorization"] {
            let value =
                request.headers.remove(name).map(|value| value.to_str().unwrap_or_default().to_owned());
            assert!(!value.unwrap_or_default().contains("mine"), "{headers}");
        }
        (request.path, request.headers)
    });
    seen.collect()
}

/// hyper refuses these by itself, without a body. They must not bypass the rules.
#[tokio::test]
async fn a_malformed_request_gets_an_empty_error_or_none() {
    let sandbox = zoho().await;
    let gateway = Running::before(&sandbox).await;
    let lines: [(&str, &[u8]); 13] = [
        ("no text", b"\x00\x01\x02\r\n\r\n"),
        ("TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"),
        ("HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        ("HTTP/0.9", b"GET /crm/bulk/v6/backup\r\n\r\n"),
        ("an unknown version", b"GET /crm/bulk/v6/backup HTTP/1.7\r\nhost: localhost\r\n\r\n"),
        ("a path without a slash", b"GET crm/bulk/v6/backup HTTP/1.1\r\nhost: localhost\r\n\r\n"),
        ("a space in the path", b"GET /crm/bulk/v6/backup x HTTP/1.1\r\nhost: localhost\r\n\r\n"),
        ("a folded header", b"GET /crm/bulk/v6/backup HTTP/1.1\r\nhost: localhost\r\n evil\r\n\r\n"),
        ("a space after a name", b"GET /crm/bulk/v6/backup HTTP/1.1\r\nhost : localhost\r\n\r\n"),
        ("a zero byte in a header", b"GET /crm/bulk/v6/backup HTTP/1.1\r\nhost: localhost\x00\r\n\r\n"),
        ("two content lengths", b"GET /crm/bulk/v6/backup HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nxx"),
        ("a negative content length", b"GET /crm/bulk/v6/backup HTTP/1.1\r\nhost: localhost\r\ncontent-length: -1\r\n\r\n"),
        ("an unknown transfer encoding", b"GET /crm/bulk/v6/backup HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: x\r\n\r\n"),
    ];
    for (name, line) in lines {
        let answer = gateway.raw(line).await;
        if !answer.is_empty() {
            let reply = Reply::read(&answer);
            assert_eq!((reply.status, reply.text()), (400, ""), "{name}");
        }
        assert_eq!(sandbox.record().all().len(), 0, "{name}");
    }
    let many: String = (0..200).map(|number| format!("x-{number}: y\r\n")).collect();
    let long = format!("x: {}\r\n", "y".repeat(1_000_000));
    for (name, request) in [
        ("too many headers", get(&many)),
        ("a header that is too long", get(&long)),
        ("a path that is too long", request("GET", &format!("/{}", "x".repeat(1_000_000)), "")),
    ] {
        let mut stream = gateway.connect().await;
        // Fails if the gateway closes the connection before the end.
        let _ = tokio::io::AsyncWriteExt::write_all(&mut stream, request.as_bytes()).await;
        let answer = downstream::rest(&mut stream).await;
        if !answer.is_empty() {
            let reply = Reply::read(&answer);
            assert!(matches!(reply.status, 414 | 431) && reply.body.is_empty(), "{name}: {reply:?}");
        }
        assert_eq!(sandbox.record().all().len(), 0, "{name}");
    }
    is_served(&gateway, &sandbox).await;
}

/// A reverse proxy and the gateway must agree where a request ends: otherwise one could be smuggled in another.
#[tokio::test]
async fn a_body_is_never_read_as_a_request() {
    let hidden = request("GET", BACKUP, "");
    let length = hidden.len();
    for (name, headers, body) in [
        ("a length", format!("content-length: {length}\r\n"), hidden.clone()),
        ("chunks", "transfer-encoding: chunked\r\n".into(), format!("{length:x}\r\n{hidden}\r\n0\r\n\r\n")),
        (
            "chunks and a length that is too short",
            "content-length: 4\r\ntransfer-encoding: chunked\r\n".into(),
            format!("{length:x}\r\n{hidden}\r\n0\r\n\r\n"),
        ),
    ] {
        let sandbox = zoho().await;
        let gateway = Running::before(&sandbox).await;
        let outer = format!("POST /nothing HTTP/1.1\r\nhost: localhost\r\n{headers}\r\n{body}");
        let answers = gateway.raw(outer + &request("GET", "/healthz", "")).await;
        let answers = String::from_utf8(answers).unwrap();
        let statuses: Vec<_> =
            answers.match_indices("HTTP/1.1 ").map(|(at, _)| &answers[at + 9..at + 12]).collect();
        assert!(["404 200", "404"].contains(&statuses.join(" ").as_str()), "{name}: {answers}");
        assert_eq!(sandbox.record().count(TOKEN), 0, "{name}");
        assert_eq!(sandbox.record().all().len(), 0, "{name}");
    }
}
