//! A whole response of the gateway: status, headers and body.

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};
use zoho_backup_core::backup::Backup;
use zoho_backup_core::fault::FaultKind;
use zoho_backup_core::gateway_code::GatewayCode;
use zoho_backup_core::reply;

/// A response of the gateway, as it was sent.
#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Reply {
    /// Parses the bytes of a response.
    pub fn read(answer: &[u8]) -> Reply {
        let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n");
        let end = end.unwrap_or_else(|| panic!("an incomplete head: {:?}", String::from_utf8_lossy(answer)));
        let head = str::from_utf8(&answer[..end]).expect("headers are text");
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)).expect("a status line");
        let mut headers = HeaderMap::new();
        for (name, value) in lines.map(|line| line.split_once(": ").expect("a header")) {
            let name: HeaderName = name.parse().expect("a name");
            headers.append(name, HeaderValue::from_str(value).expect("a value"));
        }
        Reply { status: status.parse().expect("a status"), headers, body: answer[end + 4..].into() }
    }

    /// The value of a header, which must not be sent twice.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.get_all(name).iter();
        let value = values.next();
        assert_eq!(values.next(), None, "{name} is sent twice");
        value?.to_str().ok()
    }

    /// The number in a header.
    pub fn number(&self, name: &str) -> Option<u64> {
        self.header(name)?.parse().ok()
    }

    pub fn text(&self) -> &str {
        str::from_utf8(&self.body).expect("the body is text")
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{self:?} has no JSON"))
    }

    /// The `code` of the envelope.
    pub fn code(&self) -> Option<String> {
        let envelope: Value = serde_json::from_slice(&self.body).ok()?;
        envelope["code"].as_str().map(str::to_owned)
    }

    /// The `message` of the envelope.
    pub fn message(&self) -> String {
        self.json()["message"].as_str().expect("a message").to_owned()
    }

    /// The backup or fault that the widget reads from it.
    pub fn as_the_widget_reads_it(&self) -> Result<Option<Backup>, FaultKind> {
        let text = str::from_utf8(&self.body).expect("the body is text");
        let body = reply::Body::read(text, |text| serde_json::from_str(text).ok());
        let read = reply::read(reply::Reply { status: self.status, body, retry_at: None });
        read.map(|details| details.backup).map_err(|fault| fault.kind())
    }

    /// Whether a header or the body contains these bytes, in any case.
    pub fn holds(&self, bytes: &[u8]) -> bool {
        let is_in = |text: &[u8]| text.windows(bytes.len()).any(|part| part.eq_ignore_ascii_case(bytes));
        is_in(&self.body)
            || self.headers.iter().any(|(name, value)| is_in(name.as_ref()) || is_in(value.as_bytes()))
    }

    /// The code of an error body. There must be a sentence as well, and what marks the gateway's own codes.
    pub fn envelope(&self) -> String {
        let mut envelope = self.json();
        assert_eq!(self.header("content-type"), Some("application/json; charset=utf-8"));
        let (code, message) = (envelope["code"].take(), envelope["message"].take());
        let code = code.as_str().expect("a code");
        let details = match GatewayCode::from_name(code).map(GatewayCode::setting) {
            Some(Some(setting)) => json!({ "by": "zoho-backup-proxy", "setting": setting }),
            Some(None) => json!({ "by": "zoho-backup-proxy" }),
            None => json!({}),
        };
        assert_eq!(
            envelope,
            json!({ "code": null, "message": null, "details": details, "status": "error" }),
            "an envelope"
        );
        assert!(message.as_str().is_some_and(|message| message.ends_with('.')), "{message} is a sentence");
        code.to_owned()
    }
}
