//! Requests that the gateway refuses, without asking Zoho.

mod downstream;

use axum::http::HeaderMap;
use downstream::{BACKUP, FakeUpstream, LISTED, Reply, Running, bare, get, host, request, settings, zoho};
use sandbox::Sandbox;
use sandbox::accounts::{TOKEN, TOKEN_PATH};
use zoho_backup_proxy::config::Settings;
use zoho_backup_proxy::gateway::Gateway;

/// Sends this to a new gateway, which has no cached answer; then a valid request, to show that it would have been
/// answered.
async fn refuses(status: u16, code: &str, refused: Vec<u8>) {
    let sandbox = zoho().await;
    let gateway = Running::before(&sandbox).await;
    let reply = gateway.send(refused).await;
    assert_eq!((reply.status, reply.envelope().as_str()), (status, code));
    assert_eq!(reply.header("allow"), matches!(status, 405).then_some("GET, OPTIONS"));
    assert_eq!(sandbox.record().all().len(), 0, "Zoho is asked nothing");
    is_served(&gateway, &sandbox).await;
}

/// A named test for each request that is refused with this status and code.
macro_rules! refused {
    ($table:ident: $status:literal, $code:literal; $($name:ident: $request:expr;)+) => {
        mod $table {
            use super::*;

            $(#[tokio::test]
            async fn $name() {
                refuses($status, $code, $request).await;
            })+
        }
    };
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

refused! { other_paths_are_not_found: 404, "NOT_FOUND";
    the_root: to("/");
    an_unknown_path: to("/admin");
    the_token_endpoint: to("/oauth/v2/token");
    another_api_of_zoho: to("/crm/v6/users");
    an_older_version: to("/crm/bulk/v2/backup");
    a_newer_version: to("/crm/bulk/v8/backup");
    a_longer_path: to("/crm/bulk/v6/backup/urls");
    a_shorter_path: to("/crm/bulk/v6");
    a_longer_last_segment: to("/crm/bulk/v6/backups");
    a_shorter_last_segment: to("/crm/bulk/v6/backu");
    a_path_before_it: to("/x/crm/bulk/v6/backup");
    upper_case: to("/CRM/bulk/v6/backup");
    two_slashes_at_the_start: to("//crm/bulk/v6/backup");
    a_host_after_two_slashes: to("//evil.example/crm/bulk/v6/backup");
    two_slashes_within: to("/crm//bulk/v6/backup");
    a_slash_at_the_end: to("/crm/bulk/v6/backup/");
    two_slashes_at_the_end: to("/crm/bulk/v6/backup//");
    an_encoded_slash: to("/crm%2Fbulk/v6/backup");
    an_encoded_slash_in_lower_case: to("/crm/bulk/v6%2fbackup");
    an_encoded_slash_at_the_end: to("/crm/bulk/v6/backup%2F");
    an_encoded_letter: to("/crm/bulk/v6/%62ackup");
    a_slash_encoded_twice: to("/crm%252Fbulk/v6/backup");
    a_letter_encoded_twice: to("/crm/bulk/v6/%2562ackup");
    an_overlong_slash: to("/crm%C0%AFbulk/v6/backup");
    an_encoded_zero_at_the_end: to("/crm/bulk/v6/backup%00");
    an_encoded_line_end: to("/crm/bulk/v6/backup%0d%0aX:%20y");
    an_encoded_query: to("/crm/bulk/v6/backup%3Fa=b");
    an_encoded_fragment: to("/crm/bulk/v6/backup%23");
    a_dot_segment: to("/crm/bulk/v6/./backup");
    a_dot_segment_at_the_start: to("/./crm/bulk/v6/backup");
    a_parent_segment: to("/x/../crm/bulk/v6/backup");
    a_parent_segment_at_the_end: to("/crm/bulk/v6/backup/..");
    parent_segments_after_it: to("/crm/bulk/v6/backup/../../../v6/users");
    an_encoded_parent_segment: to("/x/%2e%2e/crm/bulk/v6/backup");
    a_parent_segment_with_a_semicolon: to("/..;/crm/bulk/v6/backup");
    a_parent_segment_with_a_semicolon_inside: to("/crm/bulk/v6/x/..;/backup");
    a_parameter: to("/crm/bulk/v6/backup;a=b");
    an_empty_parameter: to("/crm/bulk/v6;/backup");
    a_path_below_the_health_check: to("/healthz/crm/bulk/v6/backup");
    a_widget_file_if_none_are_served: to("/zoho-backup-status.js");
    the_asterisk_form: request("OPTIONS", "*", "").into();
}

fn at_the_token_endpoint(method: &str) -> Vec<u8> {
    request(method, TOKEN_PATH, &format!("content-length: 0\r\norigin: {}\r\n", LISTED[0])).into()
}

refused! { other_paths_are_not_found_with_any_method: 404, "NOT_FOUND";
    post: at_the_token_endpoint("POST");
    put: at_the_token_endpoint("PUT");
    delete: at_the_token_endpoint("DELETE");
    options: at_the_token_endpoint("OPTIONS");
}

fn to_and_at(target: &str, host: &str) -> Vec<u8> {
    bare("GET", target, &format!("host: {host}\r\n")).into()
}

refused! { requests_for_other_hosts_are_not_forwarded: 400, "NOT_A_PROXY";
    another_host: to("http://evil.example/crm/bulk/v6/backup");
    another_host_with_its_host: to_and_at("http://evil.example/crm/bulk/v6/backup", "evil.example");
    another_host_over_tls: to("https://evil.example/crm/bulk/v6/backup");
    zoho_itself: to("https://www.zohoapis.eu/crm/bulk/v6/backup");
    the_gateways_own_host: to("http://localhost/crm/bulk/v6/backup");
    the_gateways_own_host_and_port: to_and_at("http://127.0.0.1:8095/crm/bulk/v6/backup", "127.0.0.1:8095");
    the_gateways_own_host_as_user_info: to("http://localhost@evil.example/crm/bulk/v6/backup");
    the_health_check_of_another_host: to("http://evil.example/healthz");
    the_root_of_another_host: to("http://evil.example/");
    another_host_and_no_path: to("http://evil.example");
    a_scheme_in_upper_case: to("HTTP://evil.example/crm/bulk/v6/backup");
    an_unknown_scheme: to("gopher://evil.example/crm/bulk/v6/backup");
    a_metadata_service: to("http://169.254.169.254/latest/meta-data/");
    post_to_another_host: request("POST", "http://evil.example/crm/bulk/v6/backup", "").into();
    connect: request("CONNECT", "www.zohoapis.eu:443", "").into();
    connect_to_the_gateway: request("CONNECT", "localhost:443", "").into();
    get_of_a_host_and_port: to("www.zohoapis.eu:443");
}

fn overridden(method: &str, headers: &str) -> Vec<u8> {
    request(method, BACKUP, &format!("content-length: 0\r\n{headers}")).into()
}

refused! { other_methods_are_not_allowed: 405, "INVALID_REQUEST_METHOD";
    post: by("POST");
    put: by("PUT");
    delete: by("DELETE");
    patch: by("PATCH");
    trace: by("TRACE");
    propfind: by("PROPFIND");
    query: by("QUERY");
    an_unknown_method: by("BACKUP");
    get_in_lower_case: by("get");
    post_from_a_page_that_may_ask: overridden("POST", "origin: https://portal.example\r\n");
    post_that_would_be_get: overridden("POST", "x-http-method-override: GET\r\n");
    post_that_would_be_get_by_another_name: overridden("POST", "x-method-override: GET\r\n");
    post_that_would_be_get_by_a_third_name: overridden("POST", "x-http-method: GET\r\n");
    post_with_a_query_that_would_make_it_get: request("POST", "/crm/bulk/v6/backup?_method=GET", "").into();
    post_with_a_form: [request("POST", BACKUP, "content-length: 11\r\n"), "_method=GET".into()].concat().into();
    post_without_its_body: request("POST", BACKUP, "content-length: 1000000\r\n").into();
}

#[tokio::test]
async fn head_is_refused_like_other_methods_but_without_a_body() {
    let sandbox = zoho().await;
    let gateway = Running::before(&sandbox).await;
    let reply = gateway.send(request("HEAD", BACKUP, "")).await;
    assert_eq!((reply.status, reply.header("allow"), reply.text()), (405, Some("GET, OPTIONS"), ""));
    assert_eq!(sandbox.record().all().len(), 0);
    is_served(&gateway, &sandbox).await;
}

#[tokio::test]
async fn the_health_check_does_not_ask_zoho_and_allows_only_get() {
    let sandbox = zoho().await;
    let gateway = Running::before(&sandbox).await;
    let reply = gateway.send(request("GET", "/healthz", "")).await;
    assert_eq!((reply.status, reply.text()), (200, "ok\n"));
    for method in ["POST", "OPTIONS", "DELETE"] {
        let reply = gateway.send(request(method, "/healthz", "content-length: 0\r\n")).await;
        assert_eq!((reply.status, reply.header("allow")), (405, Some("GET")), "{method}");
        assert_eq!(reply.envelope(), "INVALID_REQUEST_METHOD");
    }
    assert_eq!(sandbox.record().all().len(), 0);
    is_served(&gateway, &sandbox).await;
}

refused! { a_query_is_not_allowed: 400, "INVALID_QUERY";
    an_empty_one: to("/crm/bulk/v6/backup?");
    a_parameter: to("/crm/bulk/v6/backup?a=b");
    a_query_that_bypasses_caches: to("/crm/bulk/v6/backup?1658809725");
    another_target: to("/crm/bulk/v6/backup?url=http://evil.example/");
    a_path: to("/crm/bulk/v6/backup?/../users");
    two_question_marks: to("/crm/bulk/v6/backup??");
    in_a_preflight: request("OPTIONS", "/crm/bulk/v6/backup?a=b", "").into();
}

refused! { exactly_one_host_is_required: 400, "INVALID_HOST";
    none: at_host("");
    two: at_host("host: localhost\r\nhost: localhost\r\n");
    a_good_one_and_another: at_host("host: localhost\r\nhost: evil.example\r\n");
    another_and_a_good_one: at_host("host: evil.example\r\nhost: localhost\r\n");
    none_but_a_forwarded_one: at_host("x-forwarded-host: localhost\r\n");
    none_in_http_1_0: b"GET /crm/bulk/v6/backup HTTP/1.0\r\n\r\n".into();
    one_that_is_not_text: b"GET /crm/bulk/v6/backup HTTP/1.1\r\nconnection: close\r\nhost: localhost\xff\r\n\r\n".into();
    none_for_the_health_check: bare("GET", "/healthz", "").into();
}

fn named(host: &str) -> Vec<u8> {
    at_host(&format!("host: {host}\r\n"))
}

refused! { the_host_must_be_one_of_the_gateways_own: 403, "HOST_NOT_ALLOWED";
    another: named("evil.example");
    another_with_a_port: named("evil.example:8095");
    an_empty_one: named("");
    one_that_ends_with_it: named("evil-localhost");
    one_that_starts_with_it: named("localhost.evil.example");
    a_part_of_it: named("local");
    with_a_dot_at_the_end: named("localhost.");
    with_user_info: named("user@localhost");
    as_user_info: named("localhost@evil.example");
    as_user_info_with_a_port: named("localhost:8095@evil.example");
    with_an_invalid_port: named("localhost:http");
    with_an_empty_port: named("localhost:");
    with_two_ports: named("localhost:80:80");
    with_a_path: named("localhost/");
    with_a_scheme: named("http://localhost");
    two_in_one_header: named("localhost, evil.example");
    two_in_one_header_the_other_way_round: named("evil.example, localhost");
    another_address_of_the_loopback: named("127.0.0.2");
    the_address_as_a_number: named("2130706433");
    the_address_in_short: named("127.1");
    the_address_with_a_leading_zero: named("127.0.0.01");
    ipv6_without_brackets: named("::1");
    ipv6_in_full: named("[0:0:0:0:0:0:0:1]");
    ipv6_mapped_from_ipv4: named("[::ffff:127.0.0.1]");
    any_address: named("0.0.0.0");
    a_name_that_points_to_the_loopback: named("localtest.me");
    a_good_forwarded_one: at_host("host: evil.example\r\nx-forwarded-host: localhost\r\n");
    a_good_one_in_forwarded: at_host("host: evil.example\r\nforwarded: host=localhost\r\n");
    a_good_original_one: at_host("host: evil.example\r\nx-host: localhost\r\nx-original-host: localhost\r\n");
    from_a_page_that_may_ask: at_host("host: evil.example\r\norigin: https://portal.example\r\n");
    for_the_health_check: bare("GET", "/healthz", "host: evil.example\r\n").into();
    for_nothing: bare("GET", "/nothing", "host: evil.example\r\n").into();
}

#[tokio::test]
async fn own_hosts_are_served_with_any_port_and_in_any_case() {
    let sandbox = zoho().await;
    let gateway = Running::before(&sandbox).await;
    for host in ["localhost", "localhost:8095", "LocalHost", "127.0.0.1:1", "[::1]", "[::1]:8095"] {
        let reply = gateway.send(bare("GET", BACKUP, &format!("host: {host}\r\n"))).await;
        assert_eq!(reply.status, 200, "{host}");
    }
}

#[tokio::test]
async fn an_own_host_with_a_port_is_served_with_that_port_only() {
    let own_hosts = vec![host("backup.portal.example:8443"), host("other.example:80")];
    let settings = Settings { own_hosts, ..settings("https://zoho.invalid") };
    let gateway = Running::start(Gateway::with_upstream(settings, FakeUpstream::scheduled())).await;
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

fn from_both(one: &str, other: &str) -> Vec<u8> {
    with(&format!("origin: {one}\r\norigin: {other}\r\n"))
}

refused! { the_origin_must_equal_a_listed_one_byte_by_byte: 403, "ORIGIN_NOT_ALLOWED";
    the_opaque_origin: from("null");
    the_opaque_origin_in_upper_case: from("NULL");
    an_empty_one: from("");
    a_wildcard: from("*");
    another: from("https://evil.example");
    the_gateways_own: from("http://localhost");
    one_that_starts_with_it: from("https://portal.example.evil.example");
    a_longer_one: from("https://portal.examples");
    one_that_ends_with_it: from("https://evilportal.example");
    a_subdomain: from("https://evil.portal.example");
    the_parent_domain: from("https://example");
    a_part_of_it: from("https://portal.exampl");
    a_dot_for_any_character: from("https://portalxexample");
    upper_case: from("https://Portal.example");
    a_scheme_in_upper_case: from("HTTPS://portal.example");
    an_extra_port: from("https://portal.example:8443");
    the_schemes_own_port: from("https://portal.example:443");
    an_empty_port: from("https://portal.example:");
    a_missing_port: from("https://intranet.example");
    another_port: from("https://intranet.example:8444");
    a_longer_port: from("https://intranet.example:84430");
    another_scheme: from("http://portal.example");
    https_in_place_of_http: from("https://localhost:3000");
    no_scheme: from("portal.example");
    a_dot_at_the_end: from("https://portal.example.");
    a_slash_at_the_end: from("https://portal.example/");
    a_path: from("https://portal.example/x");
    a_query: from("https://portal.example?x");
    a_fragment: from("https://portal.example#x");
    user_info: from("https://user@portal.example");
    as_user_info: from("https://portal.example@evil.example");
    punycode_that_looks_like_it: from("https://xn--prtal-jua.example");
    unicode_that_looks_like_it: from("https://pörtal.example");
    a_zero_that_looks_like_an_o: from("https://p0rtal.example");
    an_encoded_dot: from("https://portal%2eexample");
    an_underscore: from("https://portal_.example");
    a_backtick: from("https://portal.example`.evil.example");
    two_in_one_header: from("https://portal.example https://evil.example");
    two_in_one_header_with_a_comma: from("https://portal.example, https://evil.example");
    two_headers: from_both("https://portal.example", "https://evil.example");
    two_headers_the_other_way_round: from_both("https://evil.example", "https://portal.example");
    twice_the_same: from_both("https://portal.example", "https://portal.example");
    a_good_referer: with("origin: https://evil.example\r\nreferer: https://portal.example/\r\n");
    within_the_same_site: with("origin: https://evil.example\r\nsec-fetch-site: same-origin\r\n");
    in_a_preflight: request("OPTIONS", BACKUP, "origin: https://evil.example\r\n").into();
    before_the_method: request("POST", BACKUP, "origin: https://evil.example\r\n").into();
    before_the_query: request("GET", "/crm/bulk/v6/backup?x", "origin: https://evil.example\r\n").into();
}

refused! { pages_of_other_sites_must_send_their_origin: 403, "CROSS_SITE";
    a_script_or_an_image: with("sec-fetch-site: cross-site\r\nsec-fetch-mode: no-cors\r\n");
    a_link: with("sec-fetch-site: cross-site\r\nsec-fetch-mode: navigate\r\n");
    with_a_good_referer: with("sec-fetch-site: cross-site\r\nreferer: https://portal.example/\r\n");
}

#[tokio::test]
async fn a_request_without_an_origin_is_served_unless_it_is_cross_site() {
    let sandbox = zoho().await;
    let gateway = Running::before(&sandbox).await;
    for (name, headers) in [
        ("no browser", ""),
        ("the gateway's own pages", "sec-fetch-site: same-origin\r\n"),
        ("pages of the same site", "sec-fetch-site: same-site\r\n"),
        ("an address typed by the user", "sec-fetch-site: none\r\n"),
        ("a listed page of another site", "sec-fetch-site: cross-site\r\norigin: https://portal.example\r\n"),
    ] {
        let reply = gateway.send(get(headers)).await;
        assert_eq!(reply.status, 200, "{name}");
        assert_eq!(reply.json()["backup"]["status"], "SCHEDULED");
    }
}

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
