//! Documents are passed on with their documented fields, and with nothing else.

use super::*;

/// Valid answers with headers that must not be passed on.
fn with_hostile_headers() -> Vec<(&'static str, WireResponse)> {
    vec![
        (
            "cookies",
            good().with("set-cookie", format!("a={MARKER}")).with("set-cookie", "b=2; Domain=example"),
        ),
        (
            "permissions for all pages",
            good()
                .with("access-control-allow-origin", "*")
                .with("access-control-allow-origin", "https://evil.example")
                .with("access-control-allow-credentials", "true")
                .with("access-control-expose-headers", MARKER)
                .with("cross-origin-resource-policy", "cross-origin")
                .with("timing-allow-origin", "*"),
        ),
        (
            "instructions to browsers",
            good()
                .with("clear-site-data", "\"*\"")
                .with("refresh", "0; url=https://evil.example")
                .with("location", "https://evil.example")
                .with("link", "<https://evil.example>; rel=preload")
                .with("content-security-policy", "default-src *")
                .with("content-disposition", "attachment; filename=a.exe")
                .with("alt-svc", "h2=\"evil.example:443\"")
                .with("strict-transport-security", "max-age=1"),
        ),
        (
            "instructions to caches",
            good()
                .with("cache-control", "public, max-age=99999")
                .with("age", "4000")
                .with("etag", format!("\"{MARKER}\""))
                .with("date", "Tue, 26 Jul 2022 04:28:45 GMT")
                .with("expires", "Tue, 26 Jul 2092 04:28:45 GMT")
                .with("vary", "*"),
        ),
        ("identifiers", good().with("server", MARKER).with("x-request-id", MARKER).with("via", MARKER)),
        ("another media type", good().with("content-type", format!("text/html; a={MARKER}"))),
        ("retry-after", good().with("retry-after", "4000").with("www-authenticate", MARKER)),
        ("1,000 characters in a header", good().with("x-long", MARKER.repeat(40))),
    ]
}

#[tokio::test]
async fn no_header_of_zoho_is_passed_on() {
    for (case, answered) in with_hostile_headers() {
        let sent: Value = serde_json::from_slice(&answered.body).unwrap();
        let reply = answer(answered).await;
        assert_is_the_gateways_own(&reply, case);
        assert_eq!((reply.status, reply.json()), (200, sent), "{case}");
        assert_eq!(reply.header("age"), Some("0"), "{case}");
        assert_eq!(reply.header("vary"), Some("Origin"), "{case}");
        assert_eq!(reply.header("cross-origin-resource-policy"), Some("same-origin"), "{case}");
        assert_eq!(reply.header("content-type"), Some("application/json; charset=utf-8"), "{case}");
        let date = httpdate::parse_http_date(reply.header("date").unwrap()).unwrap();
        assert!(date.elapsed().unwrap() < Duration::from_secs(60), "{case}");
    }
}

#[tokio::test]
async fn no_unknown_key_of_zoho_is_passed_on() {
    let document = json!({
        "backup": {
            "id": "1", "scheduled_date": null, "start_date": null, "rrule": null, "status": "SCHEDULED",
            "requester": { "id": "2", "name": "Patricia Boyle", "zuid": "3", "email": MARKER },
            MARKER: 1, "download_links": [MARKER], "status ": MARKER, "Status": MARKER, "__proto__": { "a": MARKER },
        },
        "info": { "a": MARKER }, MARKER: {},
    });
    let reply = answer(json(200, document)).await;
    assert_is_the_gateways_own(&reply, "unknown keys");
    let expected = json!({ "backup": {
        "id": "1", "scheduled_date": null, "start_date": null, "rrule": null, "status": "SCHEDULED",
        "requester": { "id": "2", "name": "Patricia Boyle", "zuid": "3" },
    } });
    assert_eq!((reply.status, reply.json()), (200, expected));
}

#[tokio::test]
async fn nothing_scheduled_is_204_in_both_forms() {
    let cases = [
        ("204", WireResponse::empty(204)),
        ("204 with a type", WireResponse::empty(204).with("content-type", JSON)),
        ("null", json(200, r#"{"backup":null}"#)),
        ("null beside other fields", json(200, r#"{"backup":null,"info":{}}"#)),
    ];
    for (case, answered) in cases {
        let reply = answer(answered).await;
        assert_is_the_gateways_own(&reply, case);
        assert_eq!((reply.status, reply.body.as_slice()), (204, b"".as_slice()), "{case}");
        assert_eq!(reply.header("age"), Some("0"), "{case}");
        assert_eq!(reply.as_the_widget_reads_it(), Ok(None), "{case}");
    }
}

#[tokio::test]
async fn malformed_fields_are_passed_on_as_malformed() {
    let cases = [
        ("status", "7", "status"),
        ("status", "[]", "status"),
        ("status", r#"{"a":[true,null,1.5]}"#, "status"),
        ("scheduled_date", "1658809725", "scheduled_date"),
        ("scheduled_date", "\"next Tuesday\"", "scheduled_date"),
        ("scheduled_date", "\"<img src=x>\"", "scheduled_date"),
        ("start_date", "\"\"", "start_date"),
        ("start_date", "false", "start_date"),
        ("rrule", "{}", "rrule"),
        ("id", "4876876000001593003", "id"),
        ("requester", "\"Patricia Boyle\"", "requester"),
        ("requester", "[]", "requester"),
        ("requester", r#"{"name":1}"#, "requester.name"),
        ("requester", r#"{"zuid":7534658674}"#, "requester.zuid"),
    ];
    for (key, value, malformed) in cases {
        let document = format!(r#"{{"backup":{{"{key}":{value}}}}}"#);
        let reply = answer(json(200, &document)).await;
        let as_core_has_it = |text: &[u8]| serde_json::from_slice::<Json>(text).unwrap();
        assert_eq!(reply.status, 200, "{document}");
        assert_eq!(as_core_has_it(&reply.body), as_core_has_it(document.as_bytes()), "{document}");
        let backup = reply.as_the_widget_reads_it().unwrap().expect("a backup");
        assert_eq!(backup.malformed_key(), Some(malformed), "{document}");
    }
}

#[tokio::test]
async fn a_field_nested_too_deeply_is_passed_on_as_malformed() {
    let deep = format!(r#"{{"backup":{{"status":{}{}}}}}"#, "[".repeat(100), "]".repeat(100));
    let backup = answer(json(200, deep)).await.as_the_widget_reads_it().unwrap().expect("a backup");
    assert_eq!(backup.malformed_key(), Some("status"));
}

#[tokio::test]
async fn documents_of_the_sandbox_are_passed_on_unchanged() {
    let zoho = zoho().await;
    let running = Running::with(without_cache(&zoho.origin())).await;
    let documents = SCENARIOS.iter().take_while(|scenario| scenario.name != "none");
    for scenario in documents {
        let answered = scenario.response_now();
        let sent: Value = serde_json::from_slice(&answered.body).unwrap();
        play(&zoho, answered);
        let reply = running.get().await;
        // Numbers as core's JSON type represents them; members in any order.
        let as_numbers_are = |value: &Value| {
            serde_json::to_value(serde_json::from_value::<Json>(value.clone()).unwrap()).unwrap()
        };
        let got = reply.json();
        assert_eq!(reply.status, 200, "{}", scenario.name);
        for key in ["id", "scheduled_date", "start_date", "rrule", "status", "requester"] {
            let (got, sent) = (&got["backup"][key], &sent["backup"][key]);
            assert_eq!(as_numbers_are(got), as_numbers_are(sent), "{} {key}", scenario.name);
        }
    }
    assert_eq!(request_counts(&zoho).1, 1, "one token for all");
}

#[tokio::test]
async fn the_requester_is_passed_on_only_if_configured() {
    let zoho = zoho().await;
    let discreet = Settings { include_requester: false, ..settings(&zoho.origin()) };
    let reply = Running::with(discreet).await.get().await;
    assert_eq!((reply.status, reply.holds(b"Patricia")), (200, false));
    assert!(reply.json()["backup"].get("requester").is_none());
    assert!(Running::to(&zoho).await.get().await.holds(b"Patricia"));
}
