//! One HTTP answer → the backup details, or a fault.

use crate::backup::Backup;
use crate::clock_error::ServerTime;
use crate::fault::{BadAnswer, Fault, FaultKind};
use crate::gateway_code::GATEWAY;
use crate::history::HistoryDocument;
use crate::instant::Timestamp;
use crate::json::Json;
use crate::untrusted_text;
use std::time::Duration;

/// The largest body that is read, in bytes. Zoho's document has some 400.
pub const MAX_BYTES: usize = 65_536;

/// How long a request may take, from its start to the last byte of its answer.
pub const DEADLINE: Duration = Duration::from_secs(10);

/// One HTTP answer, read to its end.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// What was sent.
    pub body: Body,
    /// The time before which it asked not to retry, as [`retry_at`] reads it.
    pub retry_at: Option<Timestamp>,
}

/// The body of an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// Nothing but white space.
    Empty,
    /// What a JSON parser accepted.
    Json(Json),
    /// Markup: it begins with a `<`.
    Html,
    /// Anything else.
    Text,
}

impl Body {
    /// Recognises the kind of a body, given a JSON parser.
    pub fn read(text: &str, parse: impl FnOnce(&str) -> Option<Json>) -> Body {
        let text = text.trim();
        if text.is_empty() {
            Body::Empty
        } else if text.starts_with('<') {
            Body::Html
        } else {
            parse(text).map_or(Body::Text, Body::Json)
        }
    }
}

/// The wait that a `Retry-After` header asks for: seconds, or a date, for which a parser is given. A date is compared
/// with `sent`, the answer's own time; one that has passed asks for nothing.
pub fn retry_after(
    header: &str,
    sent: Timestamp,
    parse_date: impl FnOnce(&str) -> Option<Timestamp>,
) -> Option<Duration> {
    let header = header.trim();
    match header.parse() {
        Ok(seconds) => Some(Duration::from_secs(seconds)),
        // Only as HTTP writes dates: browsers take almost anything for one.
        Err(_) if header.ends_with(" GMT") => {
            let until = parse_date(header)?;
            (until >= sent).then(|| until.since(sent))
        }
        Err(_) => None,
    }
}

/// The longest wait that is believed: a leap year.
const LONGEST_WAIT: Duration = Duration::from_secs(31_622_400);

/// The instant that a `Retry-After` header means, by this computer's clock, of an answer that arrived at that instant.
/// `None` for no wait, or for one that is too long to be believed.
///
/// A date is compared with the answer's own time, as this computer's clock may be wrong.
pub fn retry_at(
    header: &str,
    arrived: Timestamp,
    server: Option<ServerTime>,
    parse_date: impl FnOnce(&str) -> Option<Timestamp>,
) -> Option<Timestamp> {
    let sent = server.map_or(arrived, |server| server.date.after(server.age));
    let wait = retry_after(header, sent, parse_date)?;
    (!wait.is_zero() && wait <= LONGEST_WAIT).then(|| arrived.after(wait))
}

/// What an answer says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Details {
    /// The backup; `None` where nothing was ever scheduled.
    pub backup: Option<Backup>,
    /// What became of past runs, from a gateway that remembers. Zoho itself does not tell.
    pub history: Option<HistoryDocument>,
}

/// What an answer says.
///
/// Only 204 and `{"backup":null}` say that nothing was ever scheduled: an empty body or object may come from anybody.
///
/// # Errors
///
/// A fault, classified by the envelope's `code` first, then by the HTTP status, then by the body.
pub fn read(reply: Reply) -> Result<Details, Fault> {
    let Reply { status, body, retry_at } = reply;
    read_body(&body, Some(status), retry_at)
}

/// What a document says that the host supplied, read like the body of a successful answer.
///
/// # Errors
///
/// A fault without an HTTP status. What is no document at all is [`FaultKind::Malformed`].
pub fn read_supplied(body: &Body) -> Result<Details, Fault> {
    let malformed = || Fault::bad_answer(FaultKind::Malformed, BadAnswer::default());
    read_body(body, None, None).map_err(|fault| match fault.kind() {
        FaultKind::Empty | FaultKind::NotJson => malformed(),
        _ => fault,
    })
}

fn read_body(body: &Body, http_status: Option<u16>, retry_at: Option<Timestamp>) -> Result<Details, Fault> {
    let by_status = http_status.and_then(FaultKind::of_http_status);
    let bad_answer = BadAnswer { http_status, retry_at, ..BadAnswer::default() };
    let document = match (body, by_status) {
        (Body::Json(document), _) => document,
        (_, Some(kind)) => return Err(Fault::bad_answer(kind, bad_answer)),
        (Body::Empty, None) if http_status == Some(204) => return Ok(Details::default()),
        (Body::Empty, None) => return Err(Fault::bad_answer(FaultKind::Empty, bad_answer)),
        (Body::Html, None) => return Err(Fault::bad_answer(FaultKind::Html, bad_answer)),
        (Body::Text, None) => return Err(Fault::bad_answer(FaultKind::NotJson, bad_answer)),
    };
    if let Some(envelope) = Envelope::find(document) {
        return Err(envelope.fault(by_status, bad_answer));
    }
    // Others have messages of their own.
    let message = visible_text(document, "message");
    let bad_answer = BadAnswer { message, ..bad_answer };
    let backup = match (by_status, document.get("backup")) {
        (Some(kind), _) => return Err(Fault::bad_answer(kind, bad_answer)),
        (None, Some(Json::Null)) => None,
        (None, backup) => match backup.and_then(Backup::read) {
            Some(backup) => Some(backup),
            None => return Err(Fault::bad_answer(FaultKind::Malformed, bad_answer)),
        },
    };
    Ok(Details { backup, history: document.get("history").and_then(HistoryDocument::read) })
}

/// A text of the document, if it can be seen.
fn visible_text(document: &Json, key: &str) -> Option<String> {
    let text = document.get(key)?.as_text()?;
    (!untrusted_text::is_blank(text)).then(|| text.to_owned())
}

/// Zoho's error envelope: `{"code":…,"message":…,"details":…,"status":"error"}`. The gateway's own errors have its form.
struct Envelope<'a> {
    code: String,
    message: Option<String>,
    details: Option<&'a Json>,
}

impl Envelope<'_> {
    /// Some calls nest the envelope under `backup`.
    fn find(document: &Json) -> Option<Envelope<'_>> {
        Envelope::read(document).or_else(|| Envelope::read(document.get("backup")?))
    }

    fn read(value: &Json) -> Option<Envelope<'_>> {
        let text = |key| value.get(key).and_then(Json::as_text).map(str::to_owned);
        let code = text("code")?;
        let is_error = text("status").is_some_and(|status| status.eq_ignore_ascii_case("error"));
        (is_error && FaultKind::is_code(&code)).then(|| Envelope {
            code,
            message: visible_text(value, "message"),
            details: value.get("details"),
        })
    }

    fn fault(self, by_status: Option<FaultKind>, answer: BadAnswer) -> Fault {
        let Envelope { code, message, details } = self;
        let detail = |key| visible_text(details?, key);
        // What these say is certain, whatever an unknown code means.
        let is_certain = |_: &FaultKind| matches!(answer.http_status, Some(401 | 403 | 404 | 429));
        let (kind, setting) = if detail("by").is_some_and(|by| by == GATEWAY) {
            (FaultKind::Gateway, detail("setting"))
        } else {
            let by_code = FaultKind::of_code(&code).or(by_status.filter(is_certain));
            (by_code.unwrap_or(FaultKind::ApiError), None)
        };
        Fault::bad_answer(kind, BadAnswer { setting, code: Some(code), message, ..answer })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backup::Status;
    use crate::gateway_code::GatewayCode;

    fn reply(status: u16, text: &str) -> Reply {
        let body = Body::read(text, |text| serde_json::from_str(text).ok());
        Reply { status, body, retry_at: None }
    }

    fn kind(status: u16, text: &str) -> FaultKind {
        read(reply(status, text)).unwrap_err().kind()
    }

    #[test]
    fn a_document_is_read() {
        let details = read(reply(200, r#"{"backup":{"status":"SCHEDULED"}}"#)).unwrap();
        assert_eq!(details.backup.unwrap().status.value(), Some(&Status::Scheduled));
        assert_eq!(details.history, None);
    }

    #[test]
    fn a_history_stands_beside_a_backup_or_alone_and_spoils_neither() {
        let history = |backup: &str, history: &str| {
            let text = format!(r#"{{"backup":{backup},"history":{history}}}"#);
            let details = read(reply(200, &text)).unwrap();
            (details.backup.is_some(), details.history.map(|history| history.failures_since))
        };
        let scheduled = r#"{"status":"SCHEDULED"}"#;
        assert_eq!(history(scheduled, r#"{"failures_since":3}"#), (true, Some(3)));
        assert_eq!(history("null", r#"{"failures_since":3}"#), (false, Some(3)));
        for malformed in ["null", "[]", "7", r#""none""#] {
            assert_eq!(history(scheduled, malformed), (true, None), "{malformed}");
        }
    }

    #[test]
    fn nothing_scheduled_has_two_forms() {
        for (status, text) in [(204, ""), (204, " "), (200, r#"{"backup":null}"#)] {
            assert_eq!(read(reply(status, text)), Ok(Details::default()), "{status} {text:?}");
        }
    }

    #[test]
    fn a_document_of_one_with_a_code_of_its_own_is_no_error() {
        let text = r#"{"backup":{"status":"SCHEDULED","code":"DAILY"},"code":"OK"}"#;
        assert!(read(reply(200, text)).unwrap().backup.is_some());
    }

    /// A named case each, so that the list of tests says how each fault is recognised.
    macro_rules! faults {
        ($($name:ident: $status:literal, $text:expr => $kind:ident;)+) => { $(
            #[test]
            fn $name() {
                assert_eq!(kind($status, $text), FaultKind::$kind);
            }
        )+ };
    }

    faults! {
        fault_invalid_url_pattern: 404, r#"{"code":"INVALID_URL_PATTERN","details":{},"message":"Please check if the URL trying to access is a correct one","status":"error"}"# => InvalidUrlPattern;
        fault_scope_mismatch: 401, r#"{"code":"OAUTH_SCOPE_MISMATCH","details":{},"message":"Unauthorized","status":"error"}"# => ScopeMismatch;
        fault_no_permission: 403, r#"{"code":"NO_PERMISSION","details":{"permissions":["Crm_Implied_Backup"]},"message":"Permission denied to read","status":"error"}"# => NoPermission;
        fault_internal_error: 500, r#"{"code":"INTERNAL_ERROR","details":{},"message":"Internal Server Error","status":"error"}"# => InternalError;
        fault_invalid_request_method: 400, r#"{"code":"INVALID_REQUEST_METHOD","details":{},"message":"The http request method type is not a valid one","status":"error"}"# => InvalidRequestMethod;
        fault_invalid_token: 401, r#"{"code":"INVALID_TOKEN","details":{},"message":"invalid oauth token","status":"error"}"# => InvalidToken;
        fault_authentication_failure: 401, r#"{"code":"AUTHENTICATION_FAILURE","details":{},"message":"Authentication failed","status":"error"}"# => AuthenticationFailure;
        fault_code_outweighs_http_status: 502, r#"{"code":"INVALID_TOKEN","status":"error"}"# => InvalidToken;
        fault_code_with_http_success: 200, r#"{"code":"INVALID_TOKEN","message":"invalid oauth token","status":"error"}"# => InvalidToken;
        fault_nested_under_backup: 403, r#"{"backup":{"code":"NO_PERMISSION","details":{},"message":"Permission denied to read","status":"error"}}"# => NoPermission;
        fault_nested_with_http_success: 200, r#"{"backup":{"code":"INTERNAL_ERROR","status":"error"}}"# => InternalError;
        fault_code_without_status_word: 400, r#"{"code":"INVALID_TOKEN"}"# => HttpError;
        fault_code_of_somebody_else: 401, r#"{"code":"login_needed","message":"x"}"# => Unauthorized;
        fault_code_of_somebody_else_with_zohos_status: 403, r#"{"code":"login_needed","status":"error"}"# => Forbidden;
        fault_code_that_is_a_number: 404, r#"{"code":404,"status":"error"}"# => NotFound;
        fault_code_that_is_a_number_in_quotes: 502, r#"{"code":"502","message":"upstream down","status":"error"}"# => ServerError;
        fault_code_without_a_letter: 401, r#"{"code":"_1","status":"error"}"# => Unauthorized;
        fault_code_that_is_empty: 403, r#"{"code":"","status":"error"}"# => Forbidden;
        fault_unknown_code_with_401: 401, r#"{"code":"LICENSE_EXPIRED","status":"error"}"# => Unauthorized;
        fault_unknown_code_with_403: 403, r#"{"code":"IP_NOT_ALLOWED","status":"error"}"# => Forbidden;
        fault_unknown_code_with_404: 404, r#"{"code":"NO_SUCH_THING","status":"error"}"# => NotFound;
        fault_unknown_code_with_http_success: 200, r#"{"code":"LICENSE_EXPIRED","status":"error"}"# => ApiError;
        fault_empty: 200, "" => Empty;
        fault_white_space: 200, " \r\n" => Empty;
        fault_empty_and_no_204: 205, "" => Empty;
        fault_empty_object: 200, "{}" => Malformed;
        fault_empty_object_with_204: 204, "{}" => Malformed;
        fault_unknown_code: 400, r#"{"code":"LICENSE_EXPIRED","message":"…","status":"error"}"# => ApiError;
        fault_unknown_code_with_429: 429, r#"{"code":"TOO_MANY_REQUESTS","status":"error"}"# => RateLimited;
        fault_http_429: 429, "" => RateLimited;
        fault_spent_quota_told_by_a_gateway: 503, r#"{"code":"TOO_MANY_REQUESTS","status":"error"}"# => RateLimited;
        fault_unknown_code_passed_on_by_a_gateway: 502, r#"{"code":"LICENSE_EXPIRED","status":"error"}"# => ApiError;
        fault_of_the_gateway_itself: 504, r#"{"code":"ZOHO_TIMED_OUT","details":{"by":"zoho-backup-proxy"},"status":"error"}"# => Gateway;
        fault_http_401: 401, "" => Unauthorized;
        fault_http_403: 403, "Forbidden" => Forbidden;
        fault_http_404: 404, "<html>" => NotFound;
        fault_http_410: 410, "" => HttpError;
        fault_http_304: 304, "" => HttpError;
        fault_http_502_html: 502, "<html>Bad Gateway</html>" => ServerError;
        fault_http_500_with_a_document: 500, r#"{"backup":{"status":"SCHEDULED"}}"# => ServerError;
        fault_html: 200, "<!DOCTYPE html><title>Sign in</title>" => Html;
        fault_truncated_json: 200, r#"{"backup":{"status":"SCHED"# => NotJson;
        fault_plain_text: 200, "OK" => NotJson;
        fault_backup_is_a_list: 200, r#"{"backup":[{"status":"SCHEDULED"}]}"# => Malformed;
        fault_backup_is_a_text: 200, r#"{"backup":"none"}"# => Malformed;
        fault_backup_is_false: 200, r#"{"backup":false}"# => Malformed;
        fault_null: 200, "null" => Malformed;
        fault_of_the_accounts_server: 200, r#"{"error":"invalid_client"}"# => Malformed;
        fault_object_without_backup: 200, r#"{"message":"Unauthorized"}"# => Malformed;
        fault_error_without_code: 200, r#"{"status":"error","message":"oops"}"# => Malformed;
        fault_list: 200, "[]" => Malformed;
        fault_number: 200, "42" => Malformed;
        fault_text_document: 200, "\"SCHEDULED\"" => Malformed;
    }

    #[test]
    fn a_fault_carries_what_the_answer_said() {
        let text = r#"{"code":"LICENSE_EXPIRED","message":"renew it","status":"error"}"#;
        let retry_at = Some(Timestamp::from_millis(120_000));
        let fault = read(Reply { retry_at, ..reply(400, text) }).unwrap_err();
        assert_eq!(fault.code(), Some("LICENSE_EXPIRED"));
        assert_eq!(fault.message(), Some("renew it"));
        assert_eq!(fault.http_status(), Some(400));
        assert_eq!(fault.retry_at(), retry_at);
    }

    #[test]
    fn what_somebody_else_says_is_quoted() {
        let quoted = |status, text| {
            let fault = read(reply(status, text)).unwrap_err();
            (fault.code().map(str::to_owned), fault.message().map(str::to_owned))
        };
        let message = Some("sign on".to_owned());
        assert_eq!(quoted(401, r#"{"code":"login_needed","message":"sign on"}"#), (None, message.clone()));
        assert_eq!(quoted(200, r#"{"message":"sign on"}"#), (None, message.clone()));
        assert_eq!(quoted(403, r#"{"message":["sign on"]}"#), (None, None));
        let unknown = r#"{"code":"IP_NOT_ALLOWED","message":"sign on","status":"error"}"#;
        assert_eq!(quoted(403, unknown), (Some("IP_NOT_ALLOWED".to_owned()), message));
    }

    #[test]
    fn a_message_that_cannot_be_seen_is_none() {
        for message in ["", " ", "\u{200b}", "\n\u{e0041}"] {
            let text = serde_json::json!({ "message": message }).to_string();
            assert_eq!(read(reply(403, &text)).unwrap_err().message(), None, "{message:?}");
        }
    }

    #[test]
    fn what_the_gateway_says_of_itself_is_not_taken_for_zohos_word() {
        let envelope = |code: &str, details: &str| {
            format!(r#"{{"code":"{code}","message":"m","details":{details},"status":"error"}}"#)
        };
        let read = |status, text: String| read(reply(status, &text)).unwrap_err();
        // One that Zoho uses as well, and one of a newer gateway, too.
        let codes = GatewayCode::ALL.iter().map(|code| code.name()).chain(["INVALID_TOKEN", "SOMETHING_NEW"]);
        for code in codes {
            let marked = envelope(code, r#"{"by":"zoho-backup-proxy","setting":"--listen"}"#);
            for status in [200, 400, 403, 500, 502, 503] {
                let fault = read(status, marked.clone());
                assert_eq!((fault.kind(), fault.setting()), (FaultKind::Gateway, Some("--listen")), "{code}");
                assert_eq!((fault.code(), fault.message()), (Some(code), Some("m")), "{code}");
                assert_eq!(fault.quote(), None, "{code}: the kind says it all");
                let lasts = GatewayCode::from_name(code).is_some_and(GatewayCode::is_configuration);
                assert_eq!(fault.is_configuration(), lasts, "{code}");
            }
            let nameless = read(403, envelope(code, r#"{"by":"zoho-backup-proxy"}"#));
            assert_eq!((nameless.kind(), nameless.setting()), (FaultKind::Gateway, None));
        }
        for details in ["{}", "null", r#"{"by":"nginx"}"#, r#"{"by":1}"#, r#""zoho-backup-proxy""#] {
            let fault = read(400, envelope("HOST_NOT_ALLOWED", details));
            assert_eq!((fault.kind(), fault.setting()), (FaultKind::ApiError, None), "{details}");
        }
    }

    #[test]
    fn an_unknown_code_is_quoted_unless_the_kind_says_it() {
        let quote = |status, text: &str| read(reply(status, text)).unwrap_err().quote();
        let quoted = |text: &str| Some(text.to_owned());
        let unknown = r#"{"code":"IP_NOT_ALLOWED","message":"not from here","status":"error"}"#;
        for status in [401, 403, 404, 429] {
            assert_eq!(quote(status, unknown), quoted("IP_NOT_ALLOWED: not from here"), "{status}");
        }
        assert_eq!(quote(403, r#"{"code":"IP_NOT_ALLOWED","status":"error"}"#), quoted("IP_NOT_ALLOWED"));
        assert_eq!(quote(400, unknown), quoted("not from here"));
        assert_eq!(quote(401, r#"{"code":"INVALID_TOKEN","message":"m","status":"error"}"#), quoted("m"));
        assert_eq!(quote(401, r#"{"code":"INVALID_TOKEN","status":"error"}"#), None);
        assert_eq!(quote(500, ""), None);
    }

    #[test]
    fn a_supplied_document_is_read_without_a_status() {
        let body = |text: &str| Body::read(text, |text| serde_json::from_str(text).ok());
        let supplied = |text| read_supplied(&body(text));
        assert!(supplied(r#"{"backup":{"status":"SCHEDULED"}}"#).unwrap().backup.is_some());
        assert_eq!(supplied(r#"{"backup":null}"#), Ok(Details::default()));
        for (text, kind) in [
            ("", FaultKind::Malformed),
            ("{}", FaultKind::Malformed),
            ("not a document", FaultKind::Malformed),
            ("[]", FaultKind::Malformed),
            (r#"{"code":"INVALID_TOKEN","status":"error"}"#, FaultKind::InvalidToken),
        ] {
            let fault = supplied(text).unwrap_err();
            assert_eq!((fault.kind(), fault.http_status()), (kind, None), "{text}");
        }
    }

    #[test]
    fn retry_after_is_read_in_seconds_or_as_a_date_against_the_answers_own() {
        let at = Timestamp::from_millis;
        // This computer's clock is far from the server's, which says 1,000 seconds, and 10 more with a cache's.
        let arrived = at(5_000);
        let server = |age| Some(ServerTime { date: at(1_000_000), age: Duration::from_secs(age) });
        let dates = |text: &str| match text {
            "Thu, 01 Jan 1970 00:18:40 GMT" => Some(at(1_120_000)),
            "Thu, 01 Jan 1970 00:00:00 GMT" => Some(at(0)),
            _ => None,
        };
        let cases = [
            (" 120 ", server(0), Some(125_000)),
            ("0", None, None),
            ("99999999999999", None, None),
            ("Thu, 01 Jan 1970 00:18:40 GMT", server(0), Some(125_000)),
            (" Thu, 01 Jan 1970 00:18:40 GMT", server(10), Some(115_000)),
            ("Thu, 01 Jan 1970 00:18:40 GMT", None, Some(1_120_000)),
            ("Thu, 01 Jan 1970 00:00:00 GMT", server(0), None),
            ("tomorrow at noon GMT", server(0), None),
            ("", server(0), None),
            ("-1", server(0), None),
            ("1.5", server(0), None),
        ];
        for (header, server, expected) in cases {
            assert_eq!(retry_at(header, arrived, server, dates), expected.map(at), "{header:?}");
        }
        let never = |text: &str| -> Option<Timestamp> { panic!("{text:?} is no date") };
        for header in ["soon", "2026-11-25", "1.5", "Jan 5"] {
            assert_eq!(retry_at(header, arrived, None, never), None, "{header:?}");
        }
    }
}
