//! Answers that are neither a document nor an error of Zoho.

use super::*;

fn gzipped(bytes: &[u8]) -> WireResponse {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(bytes).unwrap();
    WireResponse::bytes(200, JSON, gzip.finish().unwrap()).with("content-encoding", "gzip")
}

fn deep(levels: usize) -> String {
    format!("{}{}", "[".repeat(levels), "]".repeat(levels))
}

fn padded(bytes: usize) -> WireResponse {
    WireResponse::body(200, JSON, MARKER.repeat(bytes / MARKER.len()))
}

/// A valid answer but for these header lines.
fn head(lines: &str) -> String {
    format!("HTTP/1.1 200 OK\r\n{lines}\r\n\r\n{{\"backup\":{{}}}}")
}

/// A named test for each unusable answer of the API.
macro_rules! no_answers {
    ($table:ident, $code:literal: $($name:ident: $asked:ident($answer:expr);)+) => {
        mod $table {
            use super::*;

            $(#[tokio::test]
            async fn $name() {
                let reply = $asked($answer).await;
                assert_envelope(&reply, (502, $code), stringify!($name));
                assert_eq!(reply.as_the_widget_reads_it(), Err(FaultKind::Gateway));
            })+
        }
    };
}

no_answers! { an_unusable_answer_is_a_bad_gateway, "API_ANSWER_UNREADABLE":
    no_body: answer(WireResponse::empty(200));
    white_space: answer(WireResponse::body(200, JSON, " \r\n".into()));
    an_empty_object: answer(WireResponse::body(200, JSON, "{}".into()));
    a_redirect_to_a_cloud_metadata_service: answer(WireResponse::empty(302).with("location", "http://169.254.169.254/"));
    a_redirect_to_a_sign_in_page: answer(scenario("redirect").with("x-a", MARKER));
    a_sign_in_page: answer(WireResponse::body(200, HTML, format!("<!doctype html>{MARKER}")));
    a_body_of_10_mib: answer(padded(10 << 20));
    a_body_of_10_mib_in_chunks: answer(WireResponse { delivery: Delivery::Chunked, ..padded(10 << 20) });
    a_valid_document_of_70_kib: answer(scenario("too-large"));
    a_body_of_10_mib_in_10_kib_of_gzip: answer(gzipped(&vec![b' '; 10 << 20]));
    a_valid_document_in_gzip: answer(gzipped(&good().body));
    bytes_that_are_not_utf_8: answer(WireResponse::bytes(200, JSON, b"{\"backup\":{\"status\":\"\xff\xfe\"}}".as_slice()));
    half_of_a_utf_8_character: answer(WireResponse::bytes(200, JSON, b"{\"backup\":{\"status\":\"\xe2\x82\"}}".as_slice()));
    plain_text: answer(json(200, MARKER));
    truncated_json: answer(scenario("truncated"));
    two_json_documents: answer(json(200, r#"{"backup":{}}{"backup":{}}"#));
    deeply_nested_json: answer(json(200, deep(100)));
    json_nested_too_deeply_for_the_parser: answer(json(200, deep(30_000)));
    deeply_nested_json_as_the_backup: answer(json(200, format!(r#"{{"backup":{}}}"#, deep(100))));
    a_number_out_of_range: answer(json(200, r#"{"backup":{"id":1e999}}"#));
    a_list_as_the_backup: answer(json(200, r#"{"backup":[]}"#));
    a_list_of_backups: answer(json(200, r#"{"backup":[{"status":"SCHEDULED"}]}"#));
    a_text_as_the_backup: answer(scenario("backup-text"));
    a_list_as_the_document: answer(scenario("list"));
    false_as_the_backup: answer(json(200, r#"{"backup":false}"#));
    null_as_the_document: answer(json(200, "null"));
    an_answer_of_the_accounts_server: answer(json(200, json!({ "error": MARKER })));
    an_error_without_a_code: answer(json(400, json!({ "status": "error", "message": MARKER })));
    status_401_without_a_body: answer(WireResponse::empty(401).with("www-authenticate", format!("Basic realm={MARKER}")));
    status_403_with_a_line_of_text: answer(WireResponse::body(403, "text/plain", MARKER.into()));
    status_407: answer(WireResponse::empty(407).with("proxy-authenticate", MARKER));
    status_304: answer(WireResponse::empty(304).with("etag", format!("\"{MARKER}\"")));
    status_404_with_a_document: answer(WireResponse { status: 404, ..good() });
    an_unknown_status: answer(WireResponse { status: 799, ..good() });
}

no_answers! { a_server_that_fails_is_a_bad_gateway, "ZOHO_FAILED":
    an_error_page_of_a_proxy: answer(WireResponse::body(502, HTML, format!("<h1>{MARKER}</h1>")));
    an_error_page_of_a_proxy_with_retry_after: answer(WireResponse::body(503, HTML, MARKER.into()).with("retry-after", "4000"));
    status_500_with_a_document: answer(WireResponse { status: 500, ..good() });
}

no_answers! { a_broken_connection_is_a_bad_gateway, "ZOHO_UNREACHABLE":
    a_truncated_transfer: answer(delivered(Delivery::CutOff));
    a_connection_that_is_reset: answer(delivered(Delivery::Reset));
    a_connection_that_is_closed: answer(delivered(Delivery::Dropped));
}

no_answers! { an_answer_of_another_protocol_is_a_bad_gateway, "API_ANSWER_UNREADABLE":
    a_protocol_upgrade: answer_raw(format!("HTTP/1.1 101 {MARKER}\r\nupgrade: a\r\nconnection: upgrade\r\n\r\n"));
}

// Bytes that no HTTP library would send.
no_answers! { an_answer_that_is_not_http_is_a_bad_gateway, "ZOHO_UNREACHABLE":
    no_bytes: answer_raw(String::new());
    plain_text: answer_raw(MARKER.to_owned());
    html_without_headers: answer_raw(format!("<html>{MARKER}</html>\r\n\r\n"));
    truncated_headers: answer_raw(format!("HTTP/1.1 200 OK\r\nx-a: {MARKER}\r\n"));
    another_protocol: answer_raw("SSH-2.0-OpenSSH_9.6\r\n\r\n".to_owned());
    an_invalid_status: answer_raw(format!("HTTP/1.1 2x0 OK\r\nx-a: {MARKER}\r\n\r\n"));
    two_content_lengths: answer_raw(head("content-length: 2\r\ncontent-length: 13"));
    a_negative_content_length: answer_raw(head("content-length: -1"));
    a_content_length_out_of_range: answer_raw(head("content-length: 99999999999999999999999"));
    invalid_chunks: answer_raw(head("transfer-encoding: chunked"));
    a_header_of_1_mib: answer_raw(head(&format!("x-a: {}", MARKER.repeat((1 << 20) / MARKER.len()))));
    an_answer_with_1_000_headers: answer_raw(head(&format!("x-a: {MARKER}\r\n").repeat(1_000)));
    a_header_with_a_zero_byte: answer_raw(head("x-a: \0"));
    a_body_shorter_than_its_content_length: answer_raw(head("content-length: 100"));
}

#[tokio::test]
async fn a_reason_phrase_is_not_passed_on() {
    let reply =
        answer_raw(format!("HTTP/1.1 200 {MARKER}\r\ncontent-length: 15\r\n\r\n{{\"backup\":null}}")).await;
    assert_is_the_gateways_own(&reply, "a reason phrase");
    assert_eq!(reply.status, 204);
    let reply = answer_raw(format!("HTTP/1.1 500 {MARKER}\r\ncontent-length: 0\r\n\r\n")).await;
    assert_envelope(&reply, (502, "ZOHO_FAILED"), "a reason phrase");
}

#[tokio::test]
async fn an_unreachable_server_is_a_bad_gateway() {
    let closed = zoho().await.origin();
    let reply = Running::with(settings(&closed)).await.get().await;
    assert_envelope(&reply, (502, "ZOHO_UNREACHABLE"), "closed");
    assert_eq!(reply.as_the_widget_reads_it(), Err(FaultKind::Gateway));
}

/// With short timeouts in real time: sockets do not wait for a paused clock.
#[tokio::test]
async fn a_slow_server_times_out_and_is_disconnected() {
    let timeouts = Timeouts { connect: Duration::from_secs(1), total: Duration::from_secs(1) };
    let cases = [
        ("slow", scenario("slow")),
        ("dripping", delivered(Delivery::Dripping)),
        ("stalled", delivered(Delivery::Stalled)),
    ];
    join_all(cases.into_iter().map(|(case, answered)| async move {
        let zoho = zoho().await;
        play(&zoho, answered);
        let running = Running::within(timeouts, settings(&zoho.origin())).await;
        let reply = running.get().await;
        assert_envelope(&reply, (504, "ZOHO_TIMED_OUT"), case);
        assert_eq!(reply.as_the_widget_reads_it(), Err(FaultKind::Gateway), "{case}");
        let is_abandoned = |request: &Request| request.outcome == Outcome::Abandoned;
        zoho.record().until(|requests| requests.iter().any(is_abandoned)).await;
        assert_eq!(request_counts(&zoho), (1, 1), "{case}: remembered, and not tried again");
    }))
    .await;
}

#[test]
fn the_gateway_waits_for_zoho_as_long_as_the_widget_waits() {
    let Timeouts { connect, total } = Timeouts::default();
    assert_eq!((connect, total), (Duration::from_secs(3), zoho_backup_core::reply::DEADLINE));
}
