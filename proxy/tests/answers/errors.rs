//! Zoho's errors: their codes are passed on, their messages are not.

use super::*;

/// A named test for each error scenario of the sandbox: Zoho's errors, and those of proxies.
macro_rules! faults {
    ($($name:ident: $scenario:literal => $status:literal, $code:literal, $kind:ident;)+) => {
        mod the_fault {
            use super::*;

            $(#[tokio::test]
            async fn $name() {
                let reply = answer(scenario($scenario)).await;
                assert_envelope(&reply, ($status, $code), $scenario);
                assert_eq!(reply.as_the_widget_reads_it(), Err(FaultKind::$kind));
            })+
        }
    };
}

faults! {
    invalid_url_pattern: "invalid-url-pattern" => 502, "INVALID_URL_PATTERN", InvalidUrlPattern;
    scope_mismatch: "scope-mismatch" => 502, "OAUTH_SCOPE_MISMATCH", ScopeMismatch;
    no_permission: "no-permission" => 502, "NO_PERMISSION", NoPermission;
    internal_error: "internal-error" => 502, "INTERNAL_ERROR", InternalError;
    invalid_request_method: "invalid-request-method" => 502, "INVALID_REQUEST_METHOD", InvalidRequestMethod;
    invalid_token: "invalid-token" => 502, "INVALID_TOKEN", InvalidToken;
    authentication_failure: "authentication-failure" => 502, "AUTHENTICATION_FAILURE", AuthenticationFailure;
    nested_error: "nested-error" => 502, "NO_PERMISSION", NoPermission;
    error_with_200: "error-with-200" => 502, "INVALID_TOKEN", InvalidToken;
    unknown_code: "unknown-code" => 502, "LICENSE_EXPIRED", ApiError;
    rate_limited: "rate-limited" => 503, "TOO_MANY_REQUESTS", RateLimited;
    rate_limited_retry_after: "rate-limited-retry-after" => 503, "TOO_MANY_REQUESTS", RateLimited;
    rate_limited_retry_date: "rate-limited-retry-date" => 503, "TOO_MANY_REQUESTS", RateLimited;
    unavailable: "unavailable" => 502, "ZOHO_FAILED", Gateway;
    unauthorized: "unauthorized" => 502, "API_ANSWER_UNREADABLE", Gateway;
    forbidden: "forbidden" => 502, "API_ANSWER_UNREADABLE", Gateway;
    not_found: "not-found" => 502, "API_ANSWER_UNREADABLE", Gateway;
    gone: "gone" => 502, "API_ANSWER_UNREADABLE", Gateway;
    bad_gateway: "bad-gateway" => 502, "ZOHO_FAILED", Gateway;
}

/// Each code with each status, at the top and nested: the code is passed on, and nothing of the message.
#[tokio::test]
async fn error_codes_are_passed_on_with_any_status() {
    let codes = [
        "INVALID_URL_PATTERN",
        "OAUTH_SCOPE_MISMATCH",
        "NO_PERMISSION",
        "INTERNAL_ERROR",
        "INVALID_REQUEST_METHOD",
        "INVALID_TOKEN",
        "AUTHENTICATION_FAILURE",
        "LICENSE_EXPIRED",
    ];
    let envelope =
        |code| json!({ "code": code, "message": MARKER, "details": { "a": [MARKER] }, "status": "error" });
    for code in codes {
        for status in [200, 400, 401, 403, 404, 500, 503] {
            for body in [envelope(code), json!({ "backup": envelope(code), "info": MARKER })] {
                let case = format!("{status} {code}");
                assert_envelope(&answer(json(status, body)).await, (502, code), &case);
            }
        }
    }
}

#[tokio::test]
async fn text_that_does_not_look_like_an_error_code_is_not_passed_on() {
    let long = "A".repeat(65);
    let codes = [
        ("markup", "<script>alert(1)</script>"),
        ("lower case", MARKER),
        ("spaces", "NO PERMISSION"),
        ("none", ""),
        ("65 letters", long.as_str()),
        ("a line break", "A\r\nset-cookie: a=1"),
        ("other scripts", "ПРИВЕТ"),
        ("other digits", "ERROR٤"),
        ("the form of a token", "1000.A0"),
        ("a hyphen", "NO-PERMISSION"),
    ];
    for (case, code) in codes {
        let reply = answer(json(400, json!({ "code": code, "message": MARKER, "status": "error" }))).await;
        assert_envelope(&reply, (502, "API_ANSWER_UNREADABLE"), case);
        assert!(code.is_empty() || !reply.holds(code.as_bytes()), "{case}");
    }
}

#[tokio::test]
async fn used_up_credits_are_reported_with_retry_after() {
    let limited = || json(429, json!({ "code": "A_CODE", "message": MARKER, "status": "error" }));
    let cases = [
        ("none", limited(), 60),
        ("seconds", limited().with("retry-after", " 120 "), 120),
        ("zero seconds", limited().with("retry-after", "0"), 15),
        ("an hour", limited().with("retry-after", "3600"), 3_600),
        ("a day", limited().with("retry-after", "86400"), 3_600),
        ("out of range", limited().with("retry-after", "99999999999999999999"), 60),
        ("a negative number", limited().with("retry-after", "-5"), 60),
        ("a fraction", limited().with("retry-after", "1.5"), 60),
        ("a past date", limited().with("retry-after", "Tue, 26 Jul 2022 04:28:45 GMT"), 60),
        ("a date far ahead", limited().with("retry-after", "Sat, 26 Jul 2092 04:28:45 GMT"), 3_600),
        ("text", limited().with("retry-after", MARKER), 60),
        ("without an envelope", WireResponse::empty(429), 60),
        ("an HTML page", WireResponse::body(429, HTML, MARKER.into()).with("retry-after", "7"), 15),
        ("another status", json(400, r#"{"code":"TOO_MANY_REQUESTS","status":"error"}"#), 60),
    ];
    for (case, answered, seconds) in cases {
        let reply = answer(answered).await;
        assert_envelope(&reply, (503, "TOO_MANY_REQUESTS"), case);
        let wait = reply.number("retry-after").unwrap();
        // A new second may have begun meanwhile.
        assert!(wait == seconds || wait + 1 == seconds, "{case}: {wait}");
        assert_eq!(reply.as_the_widget_reads_it(), Err(FaultKind::RateLimited), "{case}");
    }
    let wait = answer(scenario("rate-limited-retry-date")).await.number("retry-after").unwrap();
    assert!((117..=120).contains(&wait), "a date 120 seconds ahead: {wait}");
}

/// A portal could take these for its own, and sign its user out.
#[tokio::test]
async fn no_scenario_of_the_sandbox_leads_to_401_or_403() {
    let timeouts = Timeouts { connect: Duration::from_secs(1), total: Duration::from_secs(2) };
    for scenario in SCENARIOS {
        // These are slow, and tested above.
        if ["slow", "dripping", "stalled"].contains(&scenario.name) {
            continue;
        }
        let zoho = zoho().await;
        play(&zoho, scenario.response_now());
        let reply = Running::within(timeouts, settings(&zoho.origin())).await.get().await;
        assert!([200, 204, 502, 503].contains(&reply.status), "{}: {}", scenario.name, reply.status);
        assert_is_the_gateways_own(&reply, scenario.name);
    }
}
