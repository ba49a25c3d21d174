//! When a token is requested, renewed, kept and given up.

use super::*;

#[tokio::test]
async fn nothing_is_requested_at_the_start() {
    let zoho = zoho().await;
    let running = Running::to(&zoho).await;
    let reply = running.get_with("origin: https://evil.example\r\n").await;
    assert_eq!((reply.status, request_counts(&zoho)), (403, (0, 0)), "it runs");
}

#[tokio::test]
async fn one_token_is_enough_for_many_requests() {
    let zoho = zoho().await;
    let running = Running::with(without_cache(&zoho.origin())).await;
    for _ in 0..20 {
        assert_eq!(running.get().await.status, 200);
    }
    assert_eq!(request_counts(&zoho), (20, 1));
}

#[tokio::test]
async fn a_token_is_renewed_before_its_end_and_only_when_it_is_needed() {
    let zoho = zoho_with(Account { token_life: seconds(1_000), ..Account::default() }).await;
    let running = Running::with(without_cache(&zoho.origin())).await;
    let mut tokens = Vec::new();
    for (wait, renewals) in [(0, 1), (690, 1), (11, 2), (690, 2), (5_000, 3)] {
        skip(wait).await;
        assert_eq!(running.get().await.status, 200);
        tokens.push(request_counts(&zoho).1);
        assert_eq!(request_counts(&zoho).1, renewals, "{tokens:?}");
    }
    assert!(zoho.record().of("invalid-token").is_empty(), "none was used after its end");
}

/// The lifetimes that the accounts server may send, and how they are read.
#[tokio::test]
async fn the_lifetime_of_a_token_is_read_with_its_quirks() {
    let cases = [
        ("Zoho's usual", json!({ "expires_in": 3_600 }), 3_600),
        ("a shorter one", json!({ "expires_in": 1_200 }), 1_200),
        ("milliseconds and seconds", json!({ "expires_in": 1_200_000, "expires_in_sec": 1_200 }), 1_200),
        ("the default in both units", json!({ "expires_in": 3_600_000, "expires_in_sec": 3_600 }), 3_600),
        ("milliseconds alone", json!({ "expires_in": 3_600_000 }), 3_600),
        ("seconds alone", json!({ "expires_in_sec": 900 }), 900),
        ("null for the seconds", json!({ "expires_in": 900, "expires_in_sec": null }), 900),
        ("none", json!({}), 3_600),
        ("null", json!({ "expires_in": null }), 3_600),
        ("a text", json!({ "expires_in": "900" }), 3_600),
        ("a negative number", json!({ "expires_in": -5 }), 3_600),
        ("a fraction", json!({ "expires_in": 0.5 }), 3_600),
        ("out of range", json!({ "expires_in": u64::MAX, "expires_in_sec": u64::MAX }), 3_600),
        ("a list", json!({ "expires_in": [900] }), 3_600),
    ];
    for (case, mut answer, life) in cases {
        let zoho = zoho().await;
        answer["access_token"] = json!(zoho.issue_token());
        zoho.play(TOKEN, json(200, answer));
        let running = Running::with(without_cache(&zoho.origin())).await;
        // The token is renewed five minutes before its end.
        for (wait, renewals) in [(0, 1), (life - 303, 1), (5, 2)] {
            skip(wait).await;
            assert_eq!(
                (running.get().await.status, request_counts(&zoho).1),
                (200, renewals),
                "{case} after {wait}"
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_without_a_lifetime_is_used_once_and_renewed_once_a_minute() {
    let upstream = Scripted::default();
    upstream.play_renewals([Gives(0)]);
    let gateway = uncached(&upstream);
    assert_eq!(gateway.summary().await, "200 age 0");
    advance(seconds(20)).await;
    assert_eq!(gateway.summary().await, "503 RENEWAL_PAUSED in 40");
    advance(seconds(40)).await;
    assert_eq!(gateway.summary().await, "200 age 0");
    assert_eq!(upstream.count(), (2, 2));
}

#[tokio::test(start_paused = true)]
async fn the_lifetime_of_a_token_counts_from_the_request() {
    let upstream = Scripted::default();
    upstream.play_renewals([Gives(1_000).later(8)]);
    let gateway = uncached(&upstream);
    gateway.get().await;
    advance(seconds(693)).await;
    gateway.get().await;
    assert_eq!(upstream.count(), (2, 2), "701 seconds after the request, 693 after the answer");
}

#[tokio::test(start_paused = true)]
async fn the_current_token_is_used_while_a_renewal_fails() {
    let refused = || Fails(Failure::TokenRefused(TokenRefusal::Other));
    let cases = [
        ("refused", refused()),
        ("unreachable", Fails(Failure::Unreachable)),
        ("too many", Fails(Failure::too_many_tokens(None))),
        ("an unreadable secret", Fails(Failure::UnreadableSecret(Secret::RefreshToken))),
        ("stalled", Stalls),
        ("slow", refused().later(8)),
    ];
    for (case, trouble) in cases {
        // If a secret cannot be read, nothing is requested, so the next attempt need not wait.
        let later =
            if matches!(trouble, Fails(Failure::UnreadableSecret(Secret::RefreshToken))) { 3 } else { 2 };
        let upstream = Scripted::default();
        upstream.play_renewals([Gives(1_000), trouble]);
        let gateway = uncached(&upstream);
        gateway.get().await;
        advance(seconds(710)).await;
        assert_eq!((gateway.summary().await.as_str(), upstream.last_token()), ("200 age 0", 1), "{case}");
        assert_eq!(upstream.count(), (2, 2), "{case}");
        assert_eq!(
            (gateway.summary().await.as_str(), upstream.count()),
            ("200 age 0", (3, later)),
            "{case}: later"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_renewal_is_tried_once_a_minute_until_the_token_ends() {
    let upstream = Scripted::default();
    upstream.play_renewals([Gives(600), Fails(Failure::Unreachable)]);
    let gateway = uncached(&upstream);
    gateway.get().await;
    advance(seconds(300)).await;
    let mut tried = Vec::new();
    for _ in 0..30 {
        assert_eq!(gateway.summary().await, "200 age 0");
        tried.push(upstream.count().1);
        advance(seconds(10)).await;
    }
    let expected: Vec<_> = (0..30).map(|turn| 2 + turn / 6).collect();
    assert_eq!(tried, expected, "once in six turns of ten seconds");
    let (answers, _) = upstream.count();
    assert_eq!(gateway.summary().await, "502 ZOHO_UNREACHABLE");
    advance(seconds(15)).await;
    assert_eq!(
        gateway.summary().await,
        "502 ZOHO_UNREACHABLE",
        "still the reason for which there is no token"
    );
    assert_eq!(upstream.count(), (answers, 7));
}

#[tokio::test(start_paused = true)]
async fn a_token_that_ends_during_its_renewal_is_not_used() {
    let upstream = Scripted::default();
    upstream.play_renewals([Gives(100), Stalls]);
    let gateway = uncached(&upstream);
    gateway.get().await;
    advance(seconds(97)).await;
    assert_eq!((gateway.summary().await.as_str(), upstream.count()), ("504 ZOHO_TIMED_OUT", (1, 2)));
}

#[tokio::test(start_paused = true)]
async fn a_refused_token_is_renewed_once_and_the_request_repeated_once() {
    let upstream = Scripted::default();
    let gateway = uncached(&upstream);
    gateway.get().await;
    advance(seconds(60)).await;
    upstream.play([invalid_token(), Gives(())]);
    assert_eq!((gateway.summary().await.as_str(), upstream.count()), ("200 age 0", (3, 2)));
    assert_eq!(upstream.last_token(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_token_that_stays_refused_is_reported_for_a_minute() {
    let upstream = Scripted::default();
    let gateway = uncached(&upstream);
    gateway.get().await;
    advance(seconds(60)).await;
    upstream.play([invalid_token()]);
    for _ in 0..60 {
        assert_eq!(gateway.summary().await, "502 INVALID_TOKEN");
        assert_eq!(upstream.count(), (3, 2), "a request, a renewal, a request again, and no more");
        advance(seconds(1)).await;
    }
    assert_eq!(gateway.summary().await, "502 INVALID_TOKEN");
    assert_eq!(upstream.count(), (4, 3), "a renewal and a request");
    upstream.play([Gives(())]);
    advance(seconds(119)).await;
    assert_eq!((gateway.summary().await.as_str(), upstream.count()), ("502 INVALID_TOKEN", (4, 3)));
    advance(seconds(1)).await;
    assert_eq!((gateway.summary().await.as_str(), upstream.count()), ("200 age 0", (5, 4)));
}

#[tokio::test(start_paused = true)]
async fn a_token_refused_right_after_its_renewal_is_not_renewed_again() {
    let upstream = Scripted::default();
    upstream.play([invalid_token(), Gives(())]);
    let gateway = uncached(&upstream);
    assert_eq!((gateway.summary().await.as_str(), upstream.count()), ("502 INVALID_TOKEN", (1, 1)));
    advance(seconds(60)).await;
    assert_eq!((gateway.summary().await.as_str(), upstream.count()), ("200 age 0", (2, 2)));
    assert_eq!(upstream.last_token(), 2, "the refused token is not used again");
}

#[tokio::test(start_paused = true)]
async fn errors_that_a_new_token_cannot_fix_cause_no_renewal() {
    for code in ["OAUTH_SCOPE_MISMATCH", "NO_PERMISSION", "INTERNAL_ERROR"] {
        let upstream = Scripted::default();
        let gateway = uncached(&upstream);
        gateway.get().await;
        upstream.play([Fails(Failure::ZohoError(code.into()))]);
        for turn in 1..=5 {
            advance(seconds(600)).await;
            assert_eq!(gateway.summary().await, format!("502 {code}"));
            assert_eq!(upstream.count(), (1 + turn, 1), "{code}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_that_has_worked_and_is_not_recognised_is_renewed_once() {
    let failure = || Fails(Failure::ZohoError("AUTHENTICATION_FAILURE".into()));
    let upstream = Scripted::default();
    let gateway = uncached(&upstream);
    gateway.get().await;
    advance(seconds(60)).await;
    upstream.play([failure(), Gives(())]);
    assert_eq!((gateway.summary().await.as_str(), upstream.count()), ("200 age 0", (3, 2)));
    // One that never worked stays: another would not work either.
    let upstream = Scripted::default();
    upstream.play([failure()]);
    let gateway = uncached(&upstream);
    for asked in 1..=3 {
        assert_eq!(gateway.summary().await, "502 AUTHENTICATION_FAILURE");
        assert_eq!(upstream.count(), (asked, 1));
        advance(seconds(600)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_refused_token_is_dropped_however_late_zoho_says_so() {
    for code in ["INVALID_TOKEN", "AUTHENTICATION_FAILURE"] {
        let upstream = Scripted::default();
        let gateway = uncached(&upstream);
        gateway.get().await;
        advance(seconds(60)).await;
        let refused = Fails(Failure::ZohoError(code.into()));
        upstream.play([Turn::Later(Duration::from_millis(8_500), Box::new(refused)), Gives(())]);
        assert_eq!(gateway.summary().await, format!("502 {code}"));
        assert_eq!(upstream.count(), (2, 1), "no time is left for another token");
        advance(seconds(60)).await;
        assert_eq!((gateway.summary().await.as_str(), upstream.count()), ("200 age 0", (3, 2)), "{code}");
        assert_eq!(upstream.last_token(), 2, "{code}");
    }
}

#[tokio::test(start_paused = true)]
async fn no_token_is_requested_for_another_data_center_until_a_secret_changes() {
    let upstream = Scripted::default();
    upstream.is_of_another_data_center();
    upstream.play([invalid_token()]);
    let gateway = uncached(&upstream);
    for _ in 0..20 {
        let reply = gateway.get().await;
        assert_eq!((reply.status, reply.code().as_deref()), (502, Some("WRONG_DATA_CENTER")));
        let message = reply.message();
        for name in ["us (https://www.zohoapis.com)", "eu (https://www.zohoapis.eu)"] {
            assert!(message.contains(name), "{message}");
        }
        assert_eq!(reply.json()["details"]["setting"], "--data-center");
        advance(seconds(3_600)).await;
    }
    assert_eq!(upstream.count(), (1, 1));
    upstream.change_secrets();
    upstream.play([Gives(())]);
    assert_eq!((gateway.summary().await.as_str(), upstream.count()), ("200 age 0", (2, 2)));
}

#[tokio::test(start_paused = true)]
async fn a_changed_secret_ends_every_wait() {
    for failure in [
        Failure::TokenRefused(TokenRefusal::Client),
        Failure::too_many_tokens(None),
        Failure::UnreadableSecret(Secret::ClientSecret),
        Failure::Unreachable,
    ] {
        let upstream = Scripted::default();
        upstream.play_renewals([Fails(failure.clone()), Gives(3_600)]);
        let gateway = uncached(&upstream);
        gateway.get().await;
        advance(seconds(1)).await;
        assert_ne!(gateway.get().await.status, 200, "{failure:?}");
        upstream.change_secrets();
        assert_eq!(gateway.summary().await, "200 age 0", "{failure:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_secret_that_changes_while_zoho_is_asked_ends_the_wait_for_the_old_one() {
    let upstream = Scripted::default();
    upstream.play_renewals([Fails(Failure::TokenRefused(TokenRefusal::Client)).later(5), Gives(3_600)]);
    let gateway = uncached(&upstream);
    let change = async {
        tokio::time::sleep(seconds(1)).await;
        upstream.change_secrets();
    };
    let (summary, ()) = tokio::join!(gateway.summary(), change);
    assert_eq!(summary, "502 CLIENT_REFUSED");
    assert_eq!((gateway.summary().await.as_str(), upstream.count()), ("200 age 0", (1, 2)));
}

#[tokio::test]
async fn a_revoked_token_is_replaced_with_one_renewal() {
    let zoho = zoho().await;
    let running = Running::with(without_cache(&zoho.origin())).await;
    running.get().await;
    skip(61).await;
    zoho.revoke_tokens();
    assert_eq!((running.get().await.status, request_counts(&zoho)), (200, (3, 2)));
    assert_eq!((running.get().await.status, request_counts(&zoho)), (200, (4, 2)));
}

#[tokio::test]
async fn a_renewal_outlives_the_client_that_caused_it() {
    let zoho = zoho().await;
    let token = json(200, json!({ "access_token": zoho.issue_token() }));
    zoho.play(TOKEN, WireResponse { delay: Duration::from_millis(500), ..token });
    let running = Running::to(&zoho).await;
    let client = ask(running.address, "").await;
    zoho.record().until(|requests| !requests.is_empty()).await;
    drop(client);
    zoho.record().until(|requests| requests.iter().any(|request| request.path.ends_with("/backup"))).await;
    assert_eq!(zoho.record().of(TOKEN)[0].outcome, Outcome::Answered);
    let reply = running.get().await;
    assert_eq!((reply.status, request_counts(&zoho)), (200, (1, 1)), "and so does the answer");
}

#[tokio::test(start_paused = true)]
async fn a_panic_during_a_renewal_does_not_cause_more_renewals() {
    let upstream = Scripted::default();
    upstream.play_renewals([Panics, Gives(3_600)]);
    let gateway = uncached(&upstream);
    assert_eq!(gateway.summary().await, "500 GATEWAY_FAILED");
    advance(seconds(15)).await;
    assert_eq!(gateway.summary().await, "503 RENEWAL_PAUSED in 45");
    advance(seconds(45)).await;
    assert_eq!((gateway.summary().await.as_str(), upstream.count()), ("200 age 0", (1, 2)));
}
