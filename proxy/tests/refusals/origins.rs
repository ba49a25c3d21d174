//! Pages of other origins and sites.

use super::*;

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
