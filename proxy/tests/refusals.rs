//! What the gateway refuses, and that Zoho hears nothing of it: it is no relay.

mod inward;

use axum::http::HeaderMap;
use inward::{BACKUP, Instead, LISTED, Reply, Running, bare, get, host, request, settings, zoho};
use sandbox::Sandbox;
use sandbox::accounts::{TOKEN, TOKEN_PATH};
use zoho_backup_proxy::config::Settings;
use zoho_backup_proxy::gateway::Gateway;

/// Sends each of these to a gateway that was never asked before, so that no answer is at hand; then something good, to
/// show that it could have been answered.
async fn refuses(status: u16, code: &str, requests: impl IntoIterator<Item = (&'static str, Vec<u8>)>) {
    let sandbox = zoho().await;
    let gateway = Running::before(&sandbox).await;
    for (name, request) in requests {
        let reply = gateway.send(request).await;
        assert_eq!((reply.status, reply.code().as_str()), (status, code), "{name}");
        let allow = matches!(status, 405).then_some("GET, OPTIONS");
        assert_eq!(reply.header("allow"), allow, "{name}");
        assert_eq!(sandbox.record().all().len(), 0, "{name} asks Zoho nothing");
    }
    is_served(&gateway, &sandbox).await;
}

async fn is_served(gateway: &Running, sandbox: &Sandbox) {
    assert_eq!(gateway.send(get("")).await.status, 200);
    let asked: Vec<_> = sandbox.record().all().into_iter().map(|request| request.path).collect();
    assert_eq!(asked, [TOKEN_PATH, BACKUP]);
}

fn to(target: &str) -> Vec<u8> {
    request("GET", target, "").into()
}

fn by(method: &str) -> Vec<u8> {
    request(method, BACKUP, "content-length: 0\r\n").into()
}

fn with(headers: &str) -> Vec<u8> {
    get(headers).into()
}

fn at_host(headers: &str) -> Vec<u8> {
    bare("GET", BACKUP, headers).into()
}

fn from(origin: &str) -> Vec<u8> {
    with(&format!("origin: {origin}\r\n"))
}

#[tokio::test]
async fn other_paths_are_not_found() {
    let cases = [
        ("the root", to("/")),
        ("no path of Zoho's", to("/admin")),
        ("the token endpoint", to("/oauth/v2/token")),
        ("another API of Zoho's", to("/crm/v6/users")),
        ("an older version", to("/crm/bulk/v2/backup")),
        ("a newer version", to("/crm/bulk/v8/backup")),
        ("a longer path", to("/crm/bulk/v6/backup/urls")),
        ("a shorter path", to("/crm/bulk/v6")),
        ("a longer last word", to("/crm/bulk/v6/backups")),
        ("a shorter last word", to("/crm/bulk/v6/backu")),
        ("a path before it", to("/x/crm/bulk/v6/backup")),
        ("upper case", to("/CRM/bulk/v6/backup")),
        ("two slashes at the start", to("//crm/bulk/v6/backup")),
        ("a host after two slashes", to("//evil.example/crm/bulk/v6/backup")),
        ("two slashes within", to("/crm//bulk/v6/backup")),
        ("a slash at the end", to("/crm/bulk/v6/backup/")),
        ("two slashes at the end", to("/crm/bulk/v6/backup//")),
        ("an encoded slash", to("/crm%2Fbulk/v6/backup")),
        ("an encoded slash in lower case", to("/crm/bulk/v6%2fbackup")),
        ("an encoded slash at the end", to("/crm/bulk/v6/backup%2F")),
        ("an encoded letter", to("/crm/bulk/v6/%62ackup")),
        ("a slash encoded twice", to("/crm%252Fbulk/v6/backup")),
        ("a letter encoded twice", to("/crm/bulk/v6/%2562ackup")),
        ("an overlong slash", to("/crm%C0%AFbulk/v6/backup")),
        ("an encoded zero at the end", to("/crm/bulk/v6/backup%00")),
        ("an encoded line end", to("/crm/bulk/v6/backup%0d%0aX:%20y")),
        ("an encoded query", to("/crm/bulk/v6/backup%3Fa=b")),
        ("an encoded fragment", to("/crm/bulk/v6/backup%23")),
        ("dots", to("/crm/bulk/v6/./backup")),
        ("dots at the start", to("/./crm/bulk/v6/backup")),
        ("a step up", to("/x/../crm/bulk/v6/backup")),
        ("a step up at the end", to("/crm/bulk/v6/backup/..")),
        ("a step up from it", to("/crm/bulk/v6/backup/../../../v6/users")),
        ("encoded dots", to("/x/%2e%2e/crm/bulk/v6/backup")),
        ("a step up behind a semicolon", to("/..;/crm/bulk/v6/backup")),
        ("a step up behind a semicolon within", to("/crm/bulk/v6/x/..;/backup")),
        ("a parameter", to("/crm/bulk/v6/backup;a=b")),
        ("an empty parameter", to("/crm/bulk/v6;/backup")),
        ("a health check with more", to("/healthz/crm/bulk/v6/backup")),
        ("a widget file where none are served", to("/zoho-backup-status.js")),
        ("the server as a whole", request("OPTIONS", "*", "").into()),
    ];
    refuses(404, "NOT_FOUND", cases).await;
}

#[tokio::test]
async fn other_paths_are_not_found_by_any_method_or_from_any_origin() {
    let mut cases = Vec::new();
    for (name, method) in [("POST", "POST"), ("PUT", "PUT"), ("DELETE", "DELETE"), ("OPTIONS", "OPTIONS")] {
        let headers = format!("content-length: 0\r\norigin: {}\r\n", LISTED[0]);
        cases.push((name, request(method, "/oauth/v2/token", &headers).into()));
    }
    refuses(404, "NOT_FOUND", cases).await;
}

#[tokio::test]
async fn requests_for_other_hosts_are_not_passed_on() {
    let with_host =
        |host: &str, target: &str| -> Vec<u8> { bare("GET", target, &format!("host: {host}\r\n")).into() };
    let cases = [
        ("another host", to("http://evil.example/crm/bulk/v6/backup")),
        ("another host with its Host", with_host("evil.example", "http://evil.example/crm/bulk/v6/backup")),
        ("another host over TLS", to("https://evil.example/crm/bulk/v6/backup")),
        ("Zoho itself", to("https://www.zohoapis.eu/crm/bulk/v6/backup")),
        ("the gateway's own host", to("http://localhost/crm/bulk/v6/backup")),
        (
            "the gateway's own host and port",
            with_host("127.0.0.1:8095", "http://127.0.0.1:8095/crm/bulk/v6/backup"),
        ),
        ("the gateway's host before an @", to("http://localhost@evil.example/crm/bulk/v6/backup")),
        ("the health check of another host", to("http://evil.example/healthz")),
        ("the root of another host", to("http://evil.example/")),
        ("another host and no path", to("http://evil.example")),
        ("a scheme in upper case", to("HTTP://evil.example/crm/bulk/v6/backup")),
        ("an unknown scheme", to("gopher://evil.example/crm/bulk/v6/backup")),
        ("a metadata service", to("http://169.254.169.254/latest/meta-data/")),
        ("POST to another host", request("POST", "http://evil.example/crm/bulk/v6/backup", "").into()),
        ("CONNECT", request("CONNECT", "www.zohoapis.eu:443", "").into()),
        ("CONNECT to the gateway", request("CONNECT", "localhost:443", "").into()),
        ("GET of a host and port", to("www.zohoapis.eu:443")),
    ];
    refuses(400, "NOT_A_PROXY", cases).await;
}

#[tokio::test]
async fn other_methods_are_not_allowed() {
    let overridden = |method: &str, headers: &str| -> Vec<u8> {
        request(method, BACKUP, &format!("content-length: 0\r\n{headers}")).into()
    };
    let cases = [
        ("POST", by("POST")),
        ("PUT", by("PUT")),
        ("DELETE", by("DELETE")),
        ("PATCH", by("PATCH")),
        ("TRACE", by("TRACE")),
        ("PROPFIND", by("PROPFIND")),
        ("QUERY", by("QUERY")),
        ("an unknown one", by("BACKUP")),
        ("GET in lower case", by("get")),
        ("POST from a page that may ask", overridden("POST", "origin: https://portal.example\r\n")),
        ("POST that would be GET", overridden("POST", "x-http-method-override: GET\r\n")),
        ("POST that would be GET by another name", overridden("POST", "x-method-override: GET\r\n")),
        ("POST that would be GET by a third name", overridden("POST", "x-http-method: GET\r\n")),
        (
            "POST with a query that would make it GET",
            request("POST", "/crm/bulk/v6/backup?_method=GET", "").into(),
        ),
        (
            "POST with a form",
            [request("POST", BACKUP, "content-length: 11\r\n"), "_method=GET".into()].concat().into(),
        ),
        ("POST whose body never comes", request("POST", BACKUP, "content-length: 1000000\r\n").into()),
    ];
    refuses(405, "INVALID_REQUEST_METHOD", cases).await;
}

#[tokio::test]
async fn head_is_refused_like_the_others_without_a_body() {
    let sandbox = zoho().await;
    let gateway = Running::before(&sandbox).await;
    let reply = gateway.send(request("HEAD", BACKUP, "")).await;
    assert_eq!((reply.status, reply.header("allow"), reply.text()), (405, Some("GET, OPTIONS"), ""));
    assert_eq!(sandbox.record().all().len(), 0);
    is_served(&gateway, &sandbox).await;
}

#[tokio::test]
async fn the_health_check_asks_zoho_nothing_and_is_only_got() {
    let sandbox = zoho().await;
    let gateway = Running::before(&sandbox).await;
    let reply = gateway.send(request("GET", "/healthz", "")).await;
    assert_eq!((reply.status, reply.text()), (200, "ok\n"));
    for method in ["POST", "OPTIONS", "DELETE"] {
        let reply = gateway.send(request(method, "/healthz", "content-length: 0\r\n")).await;
        assert_eq!((reply.status, reply.header("allow")), (405, Some("GET")), "{method}");
        assert_eq!(reply.code(), "INVALID_REQUEST_METHOD");
    }
    assert_eq!(sandbox.record().all().len(), 0);
    is_served(&gateway, &sandbox).await;
}

#[tokio::test]
async fn a_query_is_not_taken() {
    let cases = [
        ("an empty one", to("/crm/bulk/v6/backup?")),
        ("a parameter", to("/crm/bulk/v6/backup?a=b")),
        ("one to evade caches", to("/crm/bulk/v6/backup?1658809725")),
        ("another target", to("/crm/bulk/v6/backup?url=http://evil.example/")),
        ("a path", to("/crm/bulk/v6/backup?/../users")),
        ("two question marks", to("/crm/bulk/v6/backup??")),
        ("in a preflight", request("OPTIONS", "/crm/bulk/v6/backup?a=b", "").into()),
    ];
    refuses(400, "INVALID_QUERY", cases).await;
}

#[tokio::test]
async fn there_must_be_one_host() {
    let cases = [
        ("none", at_host("")),
        ("two", at_host("host: localhost\r\nhost: localhost\r\n")),
        ("a good one and another", at_host("host: localhost\r\nhost: evil.example\r\n")),
        ("another and a good one", at_host("host: evil.example\r\nhost: localhost\r\n")),
        ("none but a forwarded one", at_host("x-forwarded-host: localhost\r\n")),
        ("none, in HTTP/1.0", b"GET /crm/bulk/v6/backup HTTP/1.0\r\n\r\n".into()),
        (
            "one that is no text",
            b"GET /crm/bulk/v6/backup HTTP/1.1\r\nconnection: close\r\nhost: localhost\xff\r\n\r\n".into(),
        ),
        ("none for the health check", bare("GET", "/healthz", "").into()),
    ];
    refuses(400, "INVALID_HOST", cases).await;
}

#[tokio::test]
async fn the_host_must_be_the_gateways() {
    let host = |host: &str| at_host(&format!("host: {host}\r\n"));
    let cases = [
        ("another", host("evil.example")),
        ("another with a port", host("evil.example:8095")),
        ("an empty one", host("")),
        ("one that ends like it", host("evil-localhost")),
        ("one that starts like it", host("localhost.evil.example")),
        ("a part of it", host("local")),
        ("with a dot at the end", host("localhost.")),
        ("with user info", host("user@localhost")),
        ("as user info", host("localhost@evil.example")),
        ("as user info with a port", host("localhost:8095@evil.example")),
        ("with a port that is none", host("localhost:http")),
        ("with an empty port", host("localhost:")),
        ("with two ports", host("localhost:80:80")),
        ("with a path", host("localhost/")),
        ("with a scheme", host("http://localhost")),
        ("two in one header", host("localhost, evil.example")),
        ("two in one header, the other way round", host("evil.example, localhost")),
        ("another address of the loopback", host("127.0.0.2")),
        ("the address as a number", host("2130706433")),
        ("the address in short", host("127.1")),
        ("the address with a leading zero", host("127.0.0.01")),
        ("IPv6 without brackets", host("::1")),
        ("IPv6 at length", host("[0:0:0:0:0:0:0:1]")),
        ("IPv6 of IPv4", host("[::ffff:127.0.0.1]")),
        ("any address", host("0.0.0.0")),
        ("a name that points to the loopback", host("localtest.me")),
        ("a good forwarded one", at_host("host: evil.example\r\nx-forwarded-host: localhost\r\n")),
        ("a good one in Forwarded", at_host("host: evil.example\r\nforwarded: host=localhost\r\n")),
        (
            "a good original one",
            at_host("host: evil.example\r\nx-host: localhost\r\nx-original-host: localhost\r\n"),
        ),
        ("from a page that may ask", at_host("host: evil.example\r\norigin: https://portal.example\r\n")),
        ("for the health check", bare("GET", "/healthz", "host: evil.example\r\n").into()),
        ("for nothing", bare("GET", "/nothing", "host: evil.example\r\n").into()),
    ];
    refuses(403, "HOST_NOT_ALLOWED", cases).await;
}

#[tokio::test]
async fn the_hosts_names_are_served_with_any_port_and_in_any_case() {
    let sandbox = zoho().await;
    let gateway = Running::before(&sandbox).await;
    for host in ["localhost", "localhost:8095", "LocalHost", "127.0.0.1:1", "[::1]", "[::1]:8095"] {
        let reply = gateway.send(bare("GET", BACKUP, &format!("host: {host}\r\n"))).await;
        assert_eq!(reply.status, 200, "{host}");
    }
}

#[tokio::test]
async fn a_host_with_a_port_is_served_with_that_port_only() {
    let hosts = vec![host("backup.portal.example:8443"), host("other.example:80")];
    let settings = Settings { hosts, ..settings("https://zoho.invalid") };
    let gateway = Running::start(Gateway::to(Instead::scheduled(), settings)).await;
    for (host, status) in [
        ("backup.portal.example:8443", 200),
        ("BACKUP.portal.example:8443", 200),
        ("other.example:80", 200),
        ("backup.portal.example", 403),
        ("backup.portal.example:8444", 403),
        ("backup.portal.example:84430", 403),
        ("backup.portal.example:8443:1", 403),
        ("other.example", 403),
        ("localhost", 403),
    ] {
        let reply = gateway.send(bare("GET", BACKUP, &format!("host: {host}\r\n"))).await;
        assert_eq!(reply.status, status, "{host}");
    }
}

#[tokio::test]
async fn the_origin_must_be_listed_to_the_byte() {
    let unicode = "origin: https://pörtal.example\r\n";
    let two = |one: &str, other: &str| with(&format!("origin: {one}\r\norigin: {other}\r\n"));
    let cases = [
        ("a frame without one", from("null")),
        ("a frame without one, in upper case", from("NULL")),
        ("an empty one", from("")),
        ("any", from("*")),
        ("another", from("https://evil.example")),
        ("the gateway's own", from("http://localhost")),
        ("one that starts like it", from("https://portal.example.evil.example")),
        ("one that goes on", from("https://portal.examples")),
        ("one that ends like it", from("https://evilportal.example")),
        ("a name below it", from("https://evil.portal.example")),
        ("a name above it", from("https://example")),
        ("a part of it", from("https://portal.exampl")),
        ("a dot for any character", from("https://portalxexample")),
        ("upper case", from("https://Portal.example")),
        ("a scheme in upper case", from("HTTPS://portal.example")),
        ("a port more", from("https://portal.example:8443")),
        ("the scheme's own port", from("https://portal.example:443")),
        ("an empty port", from("https://portal.example:")),
        ("a port less", from("https://intranet.example")),
        ("another port", from("https://intranet.example:8444")),
        ("a longer port", from("https://intranet.example:84430")),
        ("another scheme", from("http://portal.example")),
        ("a scheme more", from("https://localhost:3000")),
        ("no scheme", from("portal.example")),
        ("a dot at the end", from("https://portal.example.")),
        ("a slash at the end", from("https://portal.example/")),
        ("a path", from("https://portal.example/x")),
        ("a query", from("https://portal.example?x")),
        ("a fragment", from("https://portal.example#x")),
        ("user info", from("https://user@portal.example")),
        ("as user info", from("https://portal.example@evil.example")),
        ("punycode that looks like it", from("https://xn--prtal-jua.example")),
        ("unicode that looks like it", with(unicode)),
        ("a zero that looks like an o", from("https://p0rtal.example")),
        ("an encoded dot", from("https://portal%2eexample")),
        ("an underscore", from("https://portal_.example")),
        ("a backtick", from("https://portal.example`.evil.example")),
        ("two in one header", from("https://portal.example https://evil.example")),
        ("two in one header with a comma", from("https://portal.example, https://evil.example")),
        ("two headers", two("https://portal.example", "https://evil.example")),
        ("two headers, the other way round", two("https://evil.example", "https://portal.example")),
        ("twice the same", two("https://portal.example", "https://portal.example")),
        ("a good Referer", with("origin: https://evil.example\r\nreferer: https://portal.example/\r\n")),
        ("within the same site", with("origin: https://evil.example\r\nsec-fetch-site: same-origin\r\n")),
        ("in a preflight", request("OPTIONS", BACKUP, "origin: https://evil.example\r\n").into()),
        ("before the method", request("POST", BACKUP, "origin: https://evil.example\r\n").into()),
        (
            "before the query",
            request("GET", "/crm/bulk/v6/backup?x", "origin: https://evil.example\r\n").into(),
        ),
    ];
    refuses(403, "ORIGIN_NOT_ALLOWED", cases).await;
}

#[tokio::test]
async fn pages_of_other_sites_must_say_their_origin() {
    let cases = [
        ("a script or an image", with("sec-fetch-site: cross-site\r\nsec-fetch-mode: no-cors\r\n")),
        ("a link", with("sec-fetch-site: cross-site\r\nsec-fetch-mode: navigate\r\n")),
        ("with a good Referer", with("sec-fetch-site: cross-site\r\nreferer: https://portal.example/\r\n")),
    ];
    refuses(403, "CROSS_SITE", cases).await;
}

#[tokio::test]
async fn who_says_no_origin_is_served_unless_of_another_site() {
    let sandbox = zoho().await;
    let gateway = Running::before(&sandbox).await;
    for (name, headers) in [
        ("no browser", ""),
        ("the gateway's own pages", "sec-fetch-site: same-origin\r\n"),
        ("pages of the same site", "sec-fetch-site: same-site\r\n"),
        ("who types the address", "sec-fetch-site: none\r\n"),
        ("a listed page of another site", "sec-fetch-site: cross-site\r\norigin: https://portal.example\r\n"),
    ] {
        let reply = gateway.send(get(headers)).await;
        assert_eq!(reply.status, 200, "{name}");
        assert_eq!(reply.json()["backup"]["status"], "SCHEDULED");
    }
}

/// What Zoho is asked is fixed: nothing of a client's request is in it.
#[tokio::test]
async fn headers_that_reverse_proxies_believe_change_nothing() {
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

/// The requests that Zoho saw because of one with these headers, by path and headers, without what differs each time.
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

/// What hyper refuses by itself has no body; it must be no way around the rules either.
#[tokio::test]
async fn what_is_no_request_is_answered_by_nobody() {
    let sandbox = zoho().await;
    let gateway = Running::before(&sandbox).await;
    let lines: [(&str, &[u8]); 13] = [
        ("no words", b"\x00\x01\x02\r\n\r\n"),
        ("TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"),
        ("HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        ("HTTP/0.9", b"GET /crm/bulk/v6/backup\r\n\r\n"),
        ("no version that exists", b"GET /crm/bulk/v6/backup HTTP/1.7\r\nhost: localhost\r\n\r\n"),
        ("a path without a slash", b"GET crm/bulk/v6/backup HTTP/1.1\r\nhost: localhost\r\n\r\n"),
        ("a space in the path", b"GET /crm/bulk/v6/backup x HTTP/1.1\r\nhost: localhost\r\n\r\n"),
        ("a folded header", b"GET /crm/bulk/v6/backup HTTP/1.1\r\nhost: localhost\r\n evil\r\n\r\n"),
        ("a space after a name", b"GET /crm/bulk/v6/backup HTTP/1.1\r\nhost : localhost\r\n\r\n"),
        ("a zero in a header", b"GET /crm/bulk/v6/backup HTTP/1.1\r\nhost: localhost\x00\r\n\r\n"),
        ("two lengths", b"GET /crm/bulk/v6/backup HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nxx"),
        ("a length that is none", b"GET /crm/bulk/v6/backup HTTP/1.1\r\nhost: localhost\r\ncontent-length: -1\r\n\r\n"),
        ("an unknown transfer", b"GET /crm/bulk/v6/backup HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: x\r\n\r\n"),
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
        // The gateway may have stopped listening before the end.
        let _ = tokio::io::AsyncWriteExt::write_all(&mut stream, request.as_bytes()).await;
        let answer = inward::rest(&mut stream).await;
        if !answer.is_empty() {
            let reply = Reply::read(&answer);
            assert!(matches!(reply.status, 414 | 431) && reply.body.is_empty(), "{name}: {reply:?}");
        }
        assert_eq!(sandbox.record().all().len(), 0, "{name}");
    }
    is_served(&gateway, &sandbox).await;
}

/// A reverse proxy and the gateway must agree where a request ends, or one client's could carry another's.
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
