//! Requests for other hosts: forward-proxy requests, and `Host` headers that are not the gateway's own.

use super::*;

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

refused! { exactly_one_host_is_required: 400, "INVALID_HOST";
    none: at_host("");
    two: at_host("host: localhost\r\nhost: localhost\r\n");
    a_good_one_and_another: at_host("host: localhost\r\nhost: evil.example\r\n");
    another_and_a_good_one: at_host("host: evil.example\r\nhost: localhost\r\n");
    none_but_a_forwarded_one: at_host("x-forwarded-host: localhost\r\n");
    none_in_http_1_0: b"GET /crm/bulk/v6/backup HTTP/1.0\r\n\r\n".into();
    one_that_is_not_text: b"GET /crm/bulk/v6/backup HTTP/1.1\r\nconnection: close\r\nhost: localhost\xff\r\n\r\n".into();
    none_for_nothing: bare("GET", "/nothing", "").into();
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
