//! How answers of the accounts server without a token are reported.

use super::*;

/// The gateway's response to this answer of the accounts server.
async fn refused(case: &str, answer: WireResponse) -> Reply {
    let zoho = zoho().await;
    zoho.play(TOKEN, answer);
    let timeouts = Timeouts { connect: seconds(1), total: seconds(1) };
    let reply = Running::within(timeouts, settings(&zoho.origin())).await.get().await;
    assert_eq!(request_counts(&zoho), (0, 1), "{case}: the API is not asked without a token");
    assert!(!reply.holds(MARKER.as_bytes()), "{case}: {reply:?}");
    reply
}

const CLIENT: &str =
    "Zoho refuses the gateway's client id or client secret: correct them, and check the data center.";
const REFRESH_TOKEN: &str =
    "Zoho refuses the gateway's refresh token: create a new one, and check the data center.";
const TOO_MANY: &str = "Zoho has issued too many tokens to the gateway, and issues none for a while: find out who else uses its \
     refresh token.";
const NO_TOKEN: &str = "Zoho issues no token to the gateway: check the client id and the secrets, too.";

#[tokio::test]
async fn refusals_of_the_accounts_server_are_reported_in_the_gateways_own_words() {
    let error = |error: &str| json!({ "error": error, "error_description": MARKER, "status": MARKER });
    let token = |token: Value| json(200, json!({ "access_token": token, "a": MARKER }));
    let cases = [
        ("invalid_client", json(200, error("invalid_client")), 502, "CLIENT_REFUSED", CLIENT),
        ("invalid_client with 400", json(400, error("invalid_client")), 502, "CLIENT_REFUSED", CLIENT),
        ("invalid_client_secret", json(200, error("invalid_client_secret")), 502, "CLIENT_REFUSED", CLIENT),
        ("invalid_code", json(200, error("invalid_code")), 502, "REFRESH_TOKEN_REFUSED", REFRESH_TOKEN),
        ("invalid_token", json(401, error("invalid_token")), 502, "REFRESH_TOKEN_REFUSED", REFRESH_TOKEN),
        ("too many", json(200, error("Access Denied")), 503, "TOO_MANY_TOKENS", TOO_MANY),
        ("too many with 400", json(400, error("Access Denied")), 503, "TOO_MANY_TOKENS", TOO_MANY),
        (
            "too many, as an HTML page",
            WireResponse::body(429, "text/html", MARKER.into()),
            503,
            "TOO_MANY_TOKENS",
            TOO_MANY,
        ),
        (
            "too many, in the account's language",
            json(400, json!({ "error": MARKER, "error_description": MARKER, "status": "failure" })),
            503,
            "TOO_MANY_TOKENS",
            TOO_MANY,
        ),
        (
            "a refused client with the same status",
            json(400, json!({ "error": "invalid_client", "status": "failure" })),
            502,
            "CLIENT_REFUSED",
            CLIENT,
        ),
        ("another error", json(200, error(MARKER)), 502, "TOKEN_REFUSED", NO_TOKEN),
        ("another error with 500", json(500, error(MARKER)), 502, "TOKEN_REFUSED", NO_TOKEN),
        ("neither token nor error", json(200, "{}"), 502, "TOKEN_REFUSED", NO_TOKEN),
        ("a list", json(200, "[]"), 502, "TOKEN_REFUSED", NO_TOKEN),
        ("null", json(200, "null"), 502, "TOKEN_REFUSED", NO_TOKEN),
        ("a number for a token", token(json!(7)), 502, "TOKEN_REFUSED", NO_TOKEN),
        ("an empty token", token(json!("")), 502, "TOKEN_REFUSED", NO_TOKEN),
        ("a token with a space", token(json!(format!("1000.{MARKER} a"))), 502, "TOKEN_REFUSED", NO_TOKEN),
        (
            "a token with a line break",
            token(json!(format!("{MARKER}\r\nx: y"))),
            502,
            "TOKEN_REFUSED",
            NO_TOKEN,
        ),
        ("a token in another script", token(json!("ж")), 502, "TOKEN_REFUSED", NO_TOKEN),
        ("a token of 1,000 characters", token(json!(MARKER.repeat(40))), 502, "TOKEN_REFUSED", NO_TOKEN),
    ];
    for (case, answer, status, code, message) in cases {
        let reply = refused(case, answer).await;
        let error = (reply.status, reply.code(), reply.message());
        assert_eq!(error, (status, Some(code.into()), message.into()), "{case}");
        assert_eq!(reply.as_the_widget_reads_it(), Err(FaultKind::Gateway), "{case}");
    }
}

#[tokio::test]
async fn an_unusable_answer_of_the_accounts_server_is_a_bad_gateway() {
    let unreadable = "ACCOUNTS_ANSWER_UNREADABLE";
    let unreachable = "ZOHO_UNREACHABLE";
    let late = "ZOHO_TIMED_OUT";
    let delivered = |delivery| WireResponse { delivery, ..json(200, json!({ "access_token": "1000.a" })) };
    let page = |status| WireResponse::body(status, "text/html", format!("<title>{MARKER}</title>"));
    let deep = format!("{}{}", "[".repeat(1_000), "]".repeat(1_000));
    let cases = [
        ("a page", page(200), 502, unreadable),
        ("a page with 500", page(500), 502, "ZOHO_FAILED"),
        ("JSON with 500", json(500, json!({ "message": MARKER })), 502, "ZOHO_FAILED"),
        ("a redirect", WireResponse::empty(302).with("location", "http://169.254.169.254/"), 502, unreadable),
        ("no body", WireResponse::empty(200), 502, unreadable),
        ("10 MiB", json(200, MARKER.repeat((10 << 20) / MARKER.len())), 502, unreadable),
        (
            "a token in 10 MiB",
            json(200, json!({ "a": "a".repeat(10 << 20), "access_token": "b" })),
            502,
            unreadable,
        ),
        (
            "no text",
            WireResponse::bytes(200, JSON, b"{\"access_token\":\"\xff\"}".as_slice()),
            502,
            unreadable,
        ),
        ("deep JSON", json(200, deep), 502, unreadable),
        ("dropped", delivered(Delivery::Dropped), 502, unreachable),
        ("reset", delivered(Delivery::Reset), 502, unreachable),
        ("cut off", delivered(Delivery::CutOff), 502, unreachable),
        ("stalled", delivered(Delivery::Stalled), 504, late),
        ("dripping", delivered(Delivery::Dripping), 504, late),
        ("slow", WireResponse { delay: seconds(30), ..delivered(Delivery::Whole) }, 504, late),
    ];
    let checks = cases.into_iter().map(|(case, answer, status, code)| async move {
        let reply = refused(case, answer).await;
        assert_eq!((reply.status, reply.envelope().as_str()), (status, code), "{case}");
        assert_eq!(reply.as_the_widget_reads_it(), Err(FaultKind::Gateway), "{case}");
    });
    join_all(checks).await;
}

#[tokio::test]
async fn the_limit_of_tokens_is_known_in_any_language() {
    for is_localized in [false, true] {
        let account = Account { is_localized, token_life: seconds(301), ..Account::default() };
        let zoho = zoho_with(account).await;
        for _ in 0..10 {
            // Another gateway uses the same refresh token.
            assert_eq!(Running::to(&zoho).await.get().await.status, 200);
        }
        let running = Running::with(without_cache(&zoho.origin())).await;
        let reply = running.get().await;
        assert_eq!((reply.status, reply.code().as_deref()), (503, Some("TOO_MANY_TOKENS")), "{is_localized}");
        assert!(
            reply.number("retry-after").is_some_and(|wait| (590..=600).contains(&wait)),
            "{is_localized}"
        );
    }
}

#[tokio::test]
async fn a_dead_token_is_replaced_whichever_error_says_so() {
    for dead_token in ["invalid-token", "authentication-failure"] {
        let zoho = zoho_with(Account { dead_token, ..Account::default() }).await;
        let running = Running::with(without_cache(&zoho.origin())).await;
        running.get().await;
        skip(61).await;
        zoho.revoke_tokens();
        assert_eq!((running.get().await.status, request_counts(&zoho)), (200, (3, 2)), "{dead_token}");
    }
}

#[tokio::test]
async fn after_too_many_tokens_none_is_requested_for_ten_minutes() {
    let zoho = zoho().await;
    zoho.play(TOKEN, json(200, json!({ "error": "Access Denied" })));
    let running = Running::with(without_cache(&zoho.origin())).await;
    for (wait, left) in [(0, 600), (60, 540), (500, 40), (38, 2)] {
        skip(wait).await;
        let reply = running.get().await;
        // The clock runs a little meanwhile.
        let wait = reply.number("retry-after").unwrap();
        assert!(reply.status == 503 && (left - 1..=left).contains(&wait), "{left}: {wait}");
        assert_eq!(request_counts(&zoho), (0, 1));
    }
    zoho.play_in_turn(TOKEN, Vec::new());
    skip(2).await;
    assert_eq!((running.get().await.status, request_counts(&zoho)), (200, (1, 2)));
}
