//! What the sandbox can answer: one row per scenario. Data only; `answer` carries it out.

use time::OffsetDateTime;

use crate::answer::Delivery::{CutOff, Dripping, Dropped, Reset, Stalled};
use crate::answer::{Answer, Delivery};
use crate::document::Document;
use crate::document::Field::{
    Absent, Ahead, FortnightBefore, Fortnightly, Hostile, Null, Number, OddAhead, Past, Text,
};
use Reply::{
    Body, Delayed, Delivered, Empty, Envelope, Padded, Redirect, RetryAfter, RetryAt, Sequence, WithoutCors,
};

/// One thing that Zoho, or what stands between it and the page, is known to answer.
#[derive(Clone, Copy, Debug)]
pub struct Scenario {
    /// Its name in the path: `/scenarios/{name}/crm/bulk/v6/backup`.
    pub name: &'static str,
    /// One sentence: what it answers.
    pub summary: &'static str,
    /// The answer.
    pub reply: Reply,
}

impl Scenario {
    /// What it answers at this moment; of a sequence the first.
    #[must_use]
    pub fn answer_now(&self) -> Answer {
        Answer::new(&self.reply, OffsetDateTime::now_utc())
    }
}

/// An answer, as data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// 200 with a backup document.
    Backup(Document),
    /// 200 with a backup document that is filled up to so many bytes.
    Padded(usize, Document),
    /// This status without a body.
    Empty(u16),
    /// This status with a body of this media type, as it stands.
    Body(u16, &'static str, &'static str),
    /// An API error in Zoho's envelope.
    Envelope {
        /// The HTTP status.
        status: u16,
        /// Zoho's error code.
        code: &'static str,
        /// Zoho's message.
        message: &'static str,
        /// Whether the envelope stands under the key `backup`, as on some calls.
        nested: bool,
    },
    /// 302 to this path of the sandbox.
    Redirect(&'static str),
    /// The network does this to the answer.
    Delivered(Delivery, &'static Reply),
    /// The answer comes so many seconds later.
    Delayed(u64, &'static Reply),
    /// The answer says after how many seconds to come again.
    RetryAfter(u32, &'static Reply),
    /// The answer says to come again at a date, so many seconds from now.
    RetryAt(u32, &'static Reply),
    /// The answer lacks every CORS header, so that a page of another origin cannot read it.
    WithoutCors(&'static Reply),
    /// Each `GET` is answered as the next of these scenarios, which are no sequences themselves; after the last comes
    /// the first again.
    Sequence(&'static [&'static str]),
}

impl Reply {
    /// What is replied after so many replies: this, or the one of the sequence whose turn it is.
    ///
    /// # Panics
    /// When a sequence is empty or names a scenario that does not exist.
    #[must_use]
    pub fn after(&self, replies: usize) -> &Self {
        let Self::Sequence(names) = self else { return self };
        let name = names[replies % names.len()];
        &find(name).expect("a sequence names scenarios that exist").reply
    }
}

/// What `GET /crm/bulk/v6/backup`, the path of Zoho itself, answers.
pub const DEFAULT: &str = "scheduled";

/// Where `redirect` sends the browser: a page that exists, so that a test can prove that nobody went there.
pub const SIGN_IN: &str = "/sign-in";

/// The sign-in page of an accounts server.
pub const SIGN_IN_PAGE: &str = "<!doctype html><html lang=\"en\"><title>Sign in</title>\
    <h1>Sign in</h1><form><input name=\"login\"><button>Next</button></form></html>";

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

const HTML: &str = "text/html; charset=utf-8";
const TEXT: &str = "text/plain; charset=utf-8";
/// The media type of Zoho's documents.
pub const JSON: &str = "application/json;charset=UTF-8";

/// Zoho's own sample, between two runs: next in 2 d 4 h. As there, the first run's time of day is not the next one's.
const SAMPLE: Document = Document {
    status: Text("SCHEDULED"),
    scheduled_date: Ahead(2 * DAY + 4 * HOUR),
    start_date: FortnightBefore,
    rrule: Fortnightly,
    requester: Text("Patricia Boyle"),
};

/// A backup that was asked for once: Zoho gives neither rule nor dates.
const ONE_OFF: Document = Document { scheduled_date: Null, start_date: Null, rrule: Null, ..SAMPLE };

const fn backup(document: Document) -> Reply {
    Reply::Backup(document)
}

const fn error(status: u16, code: &'static str, message: &'static str) -> Reply {
    Envelope { status, code, message, nested: false }
}

const fn scenario(name: &'static str, summary: &'static str, reply: Reply) -> Scenario {
    Scenario { name, summary, reply }
}

/// Every scenario, in the order of the verdict table, then of the faults.
#[rustfmt::skip]
pub const SCENARIOS: &[Scenario] = &[
    // A backup is on record.
    scenario("scheduled", "A fortnightly backup between two runs; the next in 2 days and 4 hours.",
        backup(SAMPLE)),
    scenario("scheduled-soon", "The next run is 90 seconds ahead.",
        backup(Document { scheduled_date: Ahead(90), ..SAMPLE })),
    scenario("due", "The run was to start 10 minutes ago.",
        backup(Document { scheduled_date: Past(10 * MINUTE), ..SAMPLE })),
    scenario("overdue", "The run was to start 5 hours ago and Zoho still says SCHEDULED.",
        backup(Document { scheduled_date: Past(5 * HOUR), ..SAMPLE })),
    scenario("running", "A run is in progress.",
        backup(Document { status: Text("INPROGRESS"), scheduled_date: Past(20 * MINUTE), ..SAMPLE })),
    scenario("completed", "The last run succeeded; the next is ahead.",
        backup(Document { status: Text("COMPLETED"), ..SAMPLE })),
    scenario("completed-last", "The last run of a rule with COUNT=3 succeeded; there is no next.",
        backup(Document { status: Text("COMPLETED"), scheduled_date: Null, rrule: Text("RRULE:FREQ=DAILY;COUNT=3"), ..SAMPLE })),
    scenario("completed-passed", "COMPLETED, but the next run given passed 3 hours ago.",
        backup(Document { status: Text("COMPLETED"), scheduled_date: Past(3 * HOUR), ..SAMPLE })),
    scenario("finished", "An older API's word for COMPLETED; the next run is ahead.",
        backup(Document { status: Text("FINISHED"), ..SAMPLE })),
    scenario("failed", "The last run failed; the next attempt is ahead.",
        backup(Document { status: Text("FAILED"), ..SAMPLE })),
    scenario("failed-no-next", "The last run failed and no other is planned.",
        backup(Document { status: Text("FAILED"), scheduled_date: Null, ..SAMPLE })),
    scenario("payment-failed", "The backup was not made because the payment failed.",
        backup(Document { status: Text("PAYMENT_FAILED"), ..SAMPLE })),
    scenario("stopped", "Stopped by somebody, although a date ahead is still given.",
        backup(Document { status: Text("STOPPED"), ..SAMPLE })),
    scenario("stopped-no-date", "Stopped by somebody; no date is given.",
        backup(Document { status: Text("STOPPED"), scheduled_date: Null, ..SAMPLE })),
    scenario("one-off", "A single backup without a rule is under way to its run.",
        backup(ONE_OFF)),
    scenario("one-off-completed", "A single backup without a rule was made.",
        backup(Document { status: Text("COMPLETED"), ..ONE_OFF })),
    scenario("no-date", "SCHEDULED with a rule, but the date of the next run is null.",
        backup(Document { scheduled_date: Null, ..SAMPLE })),
    scenario("malformed-date", "The date of the next run is \"next Tuesday\".",
        backup(Document { scheduled_date: Text("next Tuesday"), ..SAMPLE })),
    scenario("unknown-status", "A status that no page of Zoho's names: PAUSED.",
        backup(Document { status: Text("PAUSED"), ..SAMPLE })),
    scenario("no-status", "The document has no status.",
        backup(Document { status: Absent, ..SAMPLE })),
    scenario("malformed-status", "The status is the number 7.",
        backup(Document { status: Number(7), ..SAMPLE })),
    scenario("odd-dates", "The next run is given with an offset without colon and with fractions of a second.",
        backup(Document { scheduled_date: OddAhead(2 * DAY + 4 * HOUR), ..SAMPLE })),
    scenario("hostile-text", "Rule and requester are 10,000 characters of markup, control characters and direction overrides.",
        backup(Document { rrule: Hostile, requester: Hostile, ..SAMPLE })),

    // Nothing was ever scheduled.
    scenario("none", "204: nothing was ever scheduled.", Empty(204)),
    scenario("empty", "200 without a body.", Empty(200)),
    scenario("empty-object", "200 with an empty object.", Body(200, JSON, "{}")),
    scenario("null-backup", "200 with a backup that is null.", Body(200, JSON, r#"{"backup":null}"#)),

    // No document at all.
    scenario("truncated", "The document ends in the middle of a key.",
        Body(200, JSON, r#"{"backup":{"id":"4876876000001593003","scheduled_da"#)),
    scenario("html", "A sign-in page with status 200.", Body(200, HTML, SIGN_IN_PAGE)),
    scenario("backup-list", "The backup is a list.", Body(200, JSON, r#"{"backup":[]}"#)),
    scenario("backup-text", "The backup is text.", Body(200, JSON, r#"{"backup":"SCHEDULED"}"#)),
    scenario("list", "The reply is a list.", Body(200, JSON, "[]")),

    // Zoho refuses, in its envelope.
    scenario("invalid-url-pattern", "404 INVALID_URL_PATTERN: the path is wrong.",
        error(404, "INVALID_URL_PATTERN", "Please check if the URL trying to access is a correct one")),
    scenario("scope-mismatch", "401 OAUTH_SCOPE_MISMATCH: the token lacks the scope.",
        error(401, "OAUTH_SCOPE_MISMATCH", "Unauthorized")),
    scenario("no-permission", "403 NO_PERMISSION: the user may not read backup data.",
        error(403, "NO_PERMISSION", "Permission denied to read")),
    scenario("internal-error", "500 INTERNAL_ERROR: an exception in Zoho's server.",
        error(500, "INTERNAL_ERROR", "Internal Server Error")),
    scenario("invalid-request-method", "400 INVALID_REQUEST_METHOD: not GET.",
        error(400, "INVALID_REQUEST_METHOD", "The http request method type is not a valid one")),
    scenario("invalid-token", "401 INVALID_TOKEN: expired, revoked or of another data centre.",
        error(401, "INVALID_TOKEN", "invalid oauth token")),
    scenario("authentication-failure", "401 AUTHENTICATION_FAILURE: no usable token arrived.",
        error(401, "AUTHENTICATION_FAILURE", "Authentication failed")),
    scenario("nested-error", "403 NO_PERMISSION with its envelope under the key backup.",
        Envelope { status: 403, code: "NO_PERMISSION", message: "Permission denied to read", nested: true }),
    scenario("error-with-200", "INVALID_TOKEN with status 200.",
        error(200, "INVALID_TOKEN", "invalid oauth token")),
    scenario("unknown-code", "400 with a code that no page of Zoho's names here: LICENSE_EXPIRED.",
        error(400, "LICENSE_EXPIRED", "The license of this organization has expired")),

    // Somebody on the way refuses, without an envelope.
    scenario("unauthorized", "401 without a body.", Empty(401)),
    scenario("forbidden", "403 with a line of text.", Body(403, TEXT, "Forbidden")),
    scenario("not-found", "404 with a line of text.", Body(404, TEXT, "404 page not found")),
    scenario("bad-gateway", "502 with a proxy's HTML page.",
        Body(502, HTML, "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>")),
    scenario("gone", "410 with a line of text.", Body(410, TEXT, "Gone")),
    scenario("rate-limited", "429 in Zoho's envelope, which says nothing about when to come again.",
        error(429, "TOO_MANY_REQUESTS", "You have exceeded the number of requests allowed")),
    scenario("rate-limited-retry-after", "429 from a gateway that asks to come again after 120 seconds.",
        RetryAfter(120, &Body(429, TEXT, "Too Many Requests"))),
    scenario("rate-limited-retry-date", "429 from a gateway that asks to come again at a date 120 seconds ahead.",
        RetryAt(120, &Body(429, TEXT, "Too Many Requests"))),
    scenario("unavailable", "503 from a gateway that asks to come again after 60 seconds.",
        RetryAfter(60, &Body(503, TEXT, "Service Unavailable"))),

    // The answer does not come through.
    scenario("too-large", "A good document in a reply of 70 KiB.", Padded(70 * 1024, SAMPLE)),
    scenario("slow", "A good document after 30 seconds.", Delayed(30, &backup(SAMPLE))),
    scenario("dropped", "The connection is closed without an answer.", Delivered(Dropped, &backup(SAMPLE))),
    scenario("reset", "The connection is reset without an answer.", Delivered(Reset, &backup(SAMPLE))),
    scenario("cut-off", "The connection is closed after half of a good document.",
        Delivered(CutOff, &backup(SAMPLE))),
    scenario("dripping", "A good document at one byte per second; its headers come at once.",
        Delivered(Dripping, &backup(SAMPLE))),
    scenario("stalled", "The headers of a good document, and nothing more.", Delivered(Stalled, &backup(SAMPLE))),
    scenario("redirect", "302 to a sign-in page, as an expired single sign-on answers.", Redirect(SIGN_IN)),
    scenario("no-cors", "A good document without any CORS header.", WithoutCors(&backup(SAMPLE))),

    // Each request gets another answer.
    scenario("flapping", "Two good documents, two INTERNAL_ERRORs and another good document; then from the start again.",
        Sequence(&["scheduled", "scheduled", "internal-error", "internal-error", "scheduled"])),
];

/// The scenario of this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Scenario> {
    SCENARIOS.iter().find(|scenario| scenario.name == name)
}
