//! A reply as data → what goes over the wire, and how. Pure: the instant is passed in.

use std::time::Duration;

use axum::body::Bytes;
use serde_json::json;
use time::OffsetDateTime;

use crate::scenarios::{JSON, Reply};

/// What the server is to send.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Headers besides those that every answer has. One that is named here is sent as it stands here, as often as it
    /// stands here, even if the sandbox has one of that name itself.
    pub headers: Vec<(&'static str, String)>,
    /// The body; empty for none.
    pub body: Bytes,
    /// How long to wait first.
    pub delay: Duration,
    /// Whether the page's origin is allowed to read it.
    pub cors: bool,
    /// What the network makes of it.
    pub delivery: Delivery,
}

/// How much of an answer comes through, and how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Delivery {
    /// All of it, at once.
    #[default]
    Whole,
    /// All of it, but no header says how long it is.
    Chunked,
    /// None of it: the connection is closed.
    Dropped,
    /// None of it: the connection is reset (TCP RST).
    Reset,
    /// The headers, which promise all of the body, and its first half; then the connection is closed.
    CutOff,
    /// The headers at once, then the body at one byte per second.
    Dripping,
    /// The headers at once, then nothing for as long as the client waits.
    Stalled,
}

impl Answer {
    /// The answer that `reply` describes, given at `now`; of a sequence the first.
    #[must_use]
    pub fn new(reply: &Reply, now: OffsetDateTime) -> Self {
        match *reply {
            Reply::Backup(document) => Self::body(200, JSON, document.to_json(now).to_string()),
            Reply::Padded(bytes, document) => {
                let mut reply = document.to_json(now);
                reply["padding"] = json!("");
                let missing = bytes.saturating_sub(reply.to_string().len());
                reply["padding"] = json!("x".repeat(missing));
                Self::body(200, JSON, reply.to_string())
            }
            Reply::Empty(status) => Self::empty(status),
            Reply::Body(status, media_type, body) => Self::body(status, media_type, body.into()),
            Reply::Envelope { status, code, message, nested } => {
                let envelope = json!({ "code": code, "message": message, "details": {}, "status": "error" });
                let body = if nested { json!({ "backup": envelope }) } else { envelope };
                Self::body(status, JSON, body.to_string())
            }
            Reply::Redirect(path) => Self::empty(302).with("location", path),
            Reply::Delivered(delivery, reply) => Self { delivery, ..Self::new(reply, now) },
            Reply::Delayed(seconds, reply) => {
                Self { delay: Duration::from_secs(seconds), ..Self::new(reply, now) }
            }
            Reply::RetryAfter(seconds, reply) => {
                Self::new(reply, now).with("retry-after", seconds.to_string())
            }
            Reply::RetryAt(seconds, reply) => {
                let date = httpdate::fmt_http_date((now + Duration::from_secs(seconds.into())).into());
                Self::new(reply, now).with("retry-after", date)
            }
            Reply::Sequence(_) => Self::new(reply.after(0), now),
            Reply::WithoutCors(reply) => Self { cors: false, ..Self::new(reply, now) },
        }
    }

    /// This status without a body, readable from every origin.
    #[must_use]
    pub fn empty(status: u16) -> Self {
        Self { status, cors: true, ..Self::default() }
    }

    /// This status with a body of this media type, readable from every origin.
    #[must_use]
    pub fn body(status: u16, media_type: &str, body: String) -> Self {
        Self::bytes(status, media_type, body)
    }

    /// The same with a body that need not be text.
    #[must_use]
    pub fn bytes(status: u16, media_type: &str, body: impl Into<Bytes>) -> Self {
        Self { body: body.into(), ..Self::empty(status).with("content-type", media_type) }
    }

    /// The same with one more header.
    ///
    /// # Example
    /// ```
    /// # use sandbox::answer::Answer;
    /// let two_cookies = Answer::empty(204).with("set-cookie", "a=1").with("set-cookie", "b=2");
    /// assert_eq!(two_cookies.headers.len(), 2);
    /// ```
    #[must_use]
    pub fn with(mut self, header: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((header, value.into()));
        self
    }
}
