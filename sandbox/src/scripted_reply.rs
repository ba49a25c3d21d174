//! A reply as a scenario describes it, and the response that it becomes at a given instant.

use std::time::Duration;

use serde_json::json;
use time::OffsetDateTime;

use crate::document::Document;
use crate::instant::instant;
use crate::timeline::{Moment, Name, Playing, gateway_answer};
use crate::wire_response::{Delivery, JSON, WireResponse};

/// What a scenario replies, as data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScriptedReply {
    /// 200 with a backup document.
    Backup(Document),
    /// 200 with a backup document that is padded to this many bytes.
    Padded(usize, Document),
    /// What a gateway answers that has watched this timeline: the backup, and what became of past runs. The timeline is at
    /// its end unless it is played.
    Watched(Name),
    /// This status without a body.
    Empty(u16),
    /// This status with a verbatim body of this media type.
    Body(u16, &'static str, &'static str),
    /// An API error in Zoho's envelope.
    Envelope {
        /// The HTTP status.
        status: u16,
        /// Zoho's error code.
        code: &'static str,
        /// Zoho's message.
        message: &'static str,
        /// Whether the envelope is under the key `backup`, as in some of Zoho's APIs.
        nested: bool,
    },
    /// 302 to this path of the sandbox.
    Redirect(&'static str),
    /// The reply, of which only this much arrives.
    Delivered(Delivery, &'static ScriptedReply),
    /// The reply after this many seconds.
    Delayed(u64, &'static ScriptedReply),
    /// The reply with a `Retry-After` of this many seconds.
    RetryAfter(u32, &'static ScriptedReply),
    /// The reply with a `Retry-After` date this many seconds ahead.
    RetryAt(u32, &'static ScriptedReply),
    /// The reply without any CORS header: a page of another origin cannot read it.
    WithoutCors(&'static ScriptedReply),
    /// These replies in turn, one for each `GET`; the first follows the last. None of them is a sequence itself.
    Sequence(&'static [ScriptedReply]),
}

impl ScriptedReply {
    /// The reply after `earlier` replies: of a sequence the one whose turn it is, otherwise `self`.
    ///
    /// # Panics
    /// When the sequence is empty.
    #[must_use]
    pub fn after(&self, earlier: usize) -> &Self {
        match self {
            Self::Sequence(replies) => &replies[earlier % replies.len()],
            _ => self,
        }
    }

    /// The response at the instant `now` where a timeline is played.
    pub(crate) fn played_at(&self, playing: Playing, now: OffsetDateTime) -> WireResponse {
        let Self::Watched(name) = self else { return self.response_at(now) };
        let timeline = name.timeline();
        gateway_answer(&timeline, &Moment::played(&timeline, playing, instant(now)))
    }

    /// The response at the instant `now`; of a sequence the first one.
    ///
    /// # Panics
    /// When the reply is an empty sequence.
    #[must_use]
    pub fn response_at(&self, now: OffsetDateTime) -> WireResponse {
        match *self {
            Self::Backup(document) => WireResponse::body(200, JSON, document.to_json(now).to_string()),
            Self::Padded(bytes, document) => {
                let mut json = document.to_json(now);
                json["padding"] = json!("");
                let missing = bytes.saturating_sub(json.to_string().len());
                json["padding"] = json!("x".repeat(missing));
                WireResponse::body(200, JSON, json.to_string())
            }
            Self::Watched(name) => {
                let timeline = name.timeline();
                gateway_answer(&timeline, &Moment::at_rest(&timeline, instant(now)))
            }
            Self::Empty(status) => WireResponse::empty(status),
            Self::Body(status, media_type, body) => WireResponse::body(status, media_type, body.into()),
            Self::Envelope { status, code, message, nested } => {
                let envelope = json!({ "code": code, "message": message, "details": {}, "status": "error" });
                let body = if nested { json!({ "backup": envelope }) } else { envelope };
                WireResponse::body(status, JSON, body.to_string())
            }
            Self::Redirect(path) => WireResponse::empty(302).with("location", path),
            Self::Delivered(delivery, reply) => WireResponse { delivery, ..reply.response_at(now) },
            Self::Delayed(seconds, reply) => {
                WireResponse { delay: Duration::from_secs(seconds), ..reply.response_at(now) }
            }
            Self::RetryAfter(seconds, reply) => {
                reply.response_at(now).with("retry-after", seconds.to_string())
            }
            Self::RetryAt(seconds, reply) => {
                let date = httpdate::fmt_http_date((now + Duration::from_secs(seconds.into())).into());
                reply.response_at(now).with("retry-after", date)
            }
            Self::WithoutCors(reply) => WireResponse { cors: false, ..reply.response_at(now) },
            Self::Sequence(_) => self.after(0).response_at(now),
        }
    }
}
