//! The scenarios: one row of data for each thing the sandbox can reply.

use time::OffsetDateTime;
use zoho_backup_core::options::Theme;

use crate::badge::badge;
use crate::document::Document;
use crate::document::Field::{
    Absent, Ahead, FortnightBefore, Fortnightly, Hostile, Null, Number, OddAhead, Past, Text,
};
use crate::scripted_reply::ScriptedReply::{
    self, Body, Delayed, Delivered, Empty, Envelope, Padded, Redirect, RetryAfter, RetryAt, Sequence,
    WithoutCors,
};
use crate::timeline::Name;
use crate::wire_response::Delivery::{CutOff, Dripping, Dropped, Reset, Stalled};
use crate::wire_response::{HTML, JSON, TEXT, WireResponse};

/// One reply that Zoho, or a server between Zoho and the page, gives.
#[derive(Clone, Copy, Debug)]
pub struct Scenario {
    /// Its name in the path: `/scenarios/{name}/crm/bulk/v6/backup`.
    pub name: &'static str,
    /// One sentence: what it replies.
    pub summary: &'static str,
    /// The reply.
    pub reply: ScriptedReply,
}

impl Scenario {
    /// The response at this moment; of a sequence the first one.
    #[must_use]
    pub fn response_now(&self) -> WireResponse {
        self.reply.response_at(OffsetDateTime::now_utc())
    }

    /// The badge of that response, as the gateway draws it.
    #[must_use]
    pub fn badge_now(&self) -> WireResponse {
        badge(&self.response_now(), Theme::Auto, OffsetDateTime::now_utc())
    }
}

/// The scenario of `GET /crm/bulk/v6/backup`, Zoho's own path.
pub const DEFAULT: &str = "scheduled";

/// The target of `redirect`. The page exists, so that a test can prove that no client followed the redirect.
pub const SIGN_IN: &str = "/sign-in";

/// The sign-in page of an accounts server.
pub const SIGN_IN_PAGE: &str = "<!doctype html><html lang=\"en\"><title>Sign in</title>\
    <h1>Sign in</h1><form><input name=\"login\"><button>Next</button></form></html>";

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Zoho's own sample, between two runs, the next one in 2 d 4 h. As in Zoho's sample, the first run has another time of
/// day than the next one.
const SAMPLE: Document = Document {
    status: Text("SCHEDULED"),
    scheduled_date: Ahead(2 * DAY + 4 * HOUR),
    start_date: FortnightBefore,
    rrule: Fortnightly,
    requester: Text("Patricia Boyle"),
};

/// A single backup without a schedule: Zoho gives neither rule nor dates.
const ONE_OFF: Document = Document { scheduled_date: Null, start_date: Null, rrule: Null, ..SAMPLE };

const SCHEDULED: ScriptedReply = backup(SAMPLE);
const INTERNAL_ERROR: ScriptedReply = error(500, "INTERNAL_ERROR", "Internal Server Error");

const fn backup(document: Document) -> ScriptedReply {
    ScriptedReply::Backup(document)
}

const fn error(status: u16, code: &'static str, message: &'static str) -> ScriptedReply {
    Envelope { status, code, message, nested: false }
}

const fn scenario(name: &'static str, summary: &'static str, reply: ScriptedReply) -> Scenario {
    Scenario { name, summary, reply }
}

const fn watched(name: Name, summary: &'static str) -> Scenario {
    scenario(name.name(), summary, ScriptedReply::Watched(name))
}

/// Every scenario, in the order of the verdict table, then of the faults.
#[rustfmt::skip]
pub const SCENARIOS: &[Scenario] = &[
    // A backup is scheduled, or was.
    scenario("scheduled", "A backup every two weeks, between two runs; the next run is in 2 days and 4 hours.",
        SCHEDULED),
    scenario("scheduled-soon", "The next run is 90 seconds ahead.",
        backup(Document { scheduled_date: Ahead(90), ..SAMPLE })),
    scenario("due", "The run was scheduled for 10 minutes ago.",
        backup(Document { scheduled_date: Past(10 * MINUTE), ..SAMPLE })),
    scenario("overdue", "The run was scheduled for 5 hours ago, and the status is still SCHEDULED.",
        backup(Document { scheduled_date: Past(5 * HOUR), ..SAMPLE })),
    scenario("running", "A run is in progress.",
        backup(Document { status: Text("INPROGRESS"), scheduled_date: Past(20 * MINUTE), ..SAMPLE })),
    scenario("running-long", "A run is in progress whose time was 2 days ago.",
        backup(Document { status: Text("INPROGRESS"), scheduled_date: Past(2 * DAY), ..SAMPLE })),
    scenario("completed", "The last run succeeded; the next date is in the future.",
        backup(Document { status: Text("COMPLETED"), ..SAMPLE })),
    scenario("completed-last", "The last run of a rule with COUNT=3 succeeded; there is no next run.",
        backup(Document { status: Text("COMPLETED"), scheduled_date: Null, rrule: Text("RRULE:FREQ=DAILY;COUNT=3"), ..SAMPLE })),
    scenario("completed-passed", "COMPLETED, but the date of the next run passed 3 hours ago.",
        backup(Document { status: Text("COMPLETED"), scheduled_date: Past(3 * HOUR), ..SAMPLE })),
    scenario("completed-long-passed", "COMPLETED, but the date of the next run passed 3 days ago.",
        backup(Document { status: Text("COMPLETED"), scheduled_date: Past(3 * DAY), ..SAMPLE })),
    scenario("completed-no-date", "COMPLETED, and the rule goes on, but the date of the next run is null.",
        backup(Document { status: Text("COMPLETED"), scheduled_date: Null, ..SAMPLE })),
    scenario("finished", "FINISHED, an older API's word for COMPLETED; the next date is in the future.",
        backup(Document { status: Text("FINISHED"), ..SAMPLE })),
    scenario("failed", "The last run failed; the next date is in the future.",
        backup(Document { status: Text("FAILED"), ..SAMPLE })),
    scenario("failed-passed", "FAILED, and the date of the next attempt passed 3 hours ago.",
        backup(Document { status: Text("FAILED"), scheduled_date: Past(3 * HOUR), ..SAMPLE })),
    scenario("failed-no-next", "The last run failed, and no other run is planned.",
        backup(Document { status: Text("FAILED"), scheduled_date: Null, ..SAMPLE })),
    scenario("payment-failed", "No backup was made, because the payment failed.",
        backup(Document { status: Text("PAYMENT_FAILED"), ..SAMPLE })),
    scenario("payment-failed-passed", "PAYMENT_FAILED, and the date of the next attempt passed 3 hours ago.",
        backup(Document { status: Text("PAYMENT_FAILED"), scheduled_date: Past(3 * HOUR), ..SAMPLE })),
    scenario("stopped", "A user stopped the backup; a future date is still given.",
        backup(Document { status: Text("STOPPED"), ..SAMPLE })),
    scenario("stopped-no-date", "A user stopped the backup; no date is given.",
        backup(Document { status: Text("STOPPED"), scheduled_date: Null, ..SAMPLE })),
    scenario("one-off", "A single backup without a rule is scheduled.",
        backup(ONE_OFF)),
    scenario("one-off-completed", "A single backup without a rule is complete.",
        backup(Document { status: Text("COMPLETED"), ..ONE_OFF })),
    scenario("no-date", "SCHEDULED with a rule, but the date of the next run is null.",
        backup(Document { scheduled_date: Null, ..SAMPLE })),
    scenario("malformed-date", "The date of the next run is \"next Tuesday\".",
        backup(Document { scheduled_date: Text("next Tuesday"), ..SAMPLE })),
    scenario("contradiction", "The date of the next run is years after the UNTIL of the rule.",
        backup(Document { rrule: Text("RRULE:FREQ=DAILY;UNTIL=20200101"), ..SAMPLE })),
    scenario("unknown-status", "A status that Zoho does not document: PAUSED.",
        backup(Document { status: Text("PAUSED"), ..SAMPLE })),
    scenario("no-status", "The document has no status.",
        backup(Document { status: Absent, ..SAMPLE })),
    scenario("malformed-status", "The status is the number 7.",
        backup(Document { status: Number(7), ..SAMPLE })),
    scenario("odd-dates", "The date of the next run has fractions of a second and an offset without a colon.",
        backup(Document { scheduled_date: OddAhead(2 * DAY + 4 * HOUR), ..SAMPLE })),
    scenario("hostile-text", "Rule and requester are each 10,000 characters of markup, control characters and direction overrides.",
        backup(Document { rrule: Hostile, requester: Hostile, ..SAMPLE })),

    // Nothing was ever scheduled.
    scenario("none", "204: nothing was ever scheduled.", Empty(204)),
    scenario("empty", "200 without a body.", Empty(200)),
    scenario("empty-object", "200 with an empty object.", Body(200, JSON, "{}")),
    scenario("null-backup", "200 with null for backup.", Body(200, JSON, r#"{"backup":null}"#)),

    // The reply is not a backup document.
    scenario("truncated", "The JSON ends in the middle of a key.",
        Body(200, JSON, r#"{"backup":{"id":"4876876000001593003","scheduled_da"#)),
    scenario("html", "A sign-in page with status 200.", Body(200, HTML, SIGN_IN_PAGE)),
    scenario("backup-list", "The value of backup is a list.", Body(200, JSON, r#"{"backup":[]}"#)),
    scenario("backup-text", "The value of backup is a text.", Body(200, JSON, r#"{"backup":"SCHEDULED"}"#)),
    scenario("list", "The reply is a list.", Body(200, JSON, "[]")),

    // Zoho's error envelope.
    scenario("invalid-url-pattern", "404 INVALID_URL_PATTERN: the path is wrong.",
        error(404, "INVALID_URL_PATTERN", "Please check if the URL trying to access is a correct one")),
    scenario("scope-mismatch", "401 OAUTH_SCOPE_MISMATCH: the token lacks the scope.",
        error(401, "OAUTH_SCOPE_MISMATCH", "Unauthorized")),
    scenario("no-permission", "403 NO_PERMISSION: the user may not read backup data.",
        error(403, "NO_PERMISSION", "Permission denied to read")),
    scenario("internal-error", "500 INTERNAL_ERROR: an exception in Zoho's server.",
        INTERNAL_ERROR),
    scenario("invalid-request-method", "400 INVALID_REQUEST_METHOD: not GET.",
        error(400, "INVALID_REQUEST_METHOD", "The http request method type is not a valid one")),
    scenario("invalid-token", "401 INVALID_TOKEN: the token is expired, revoked or of another data center.",
        error(401, "INVALID_TOKEN", "invalid oauth token")),
    scenario("authentication-failure", "401 AUTHENTICATION_FAILURE: no usable token arrived.",
        error(401, "AUTHENTICATION_FAILURE", "Authentication failed")),
    scenario("nested-error", "403 NO_PERMISSION with the envelope under the key backup.",
        Envelope { status: 403, code: "NO_PERMISSION", message: "Permission denied to read", nested: true }),
    scenario("error-with-200", "INVALID_TOKEN with status 200.",
        error(200, "INVALID_TOKEN", "invalid oauth token")),
    scenario("unknown-code", "400 with a code that Zoho does not document for this API: LICENSE_EXPIRED.",
        error(400, "LICENSE_EXPIRED", "The license of this organization has expired")),

    // An HTTP error without an envelope, from a server between Zoho and the page.
    scenario("unauthorized", "401 without a body.", Empty(401)),
    scenario("forbidden", "403 with a line of text.", Body(403, TEXT, "Forbidden")),
    scenario("not-found", "404 with a line of text.", Body(404, TEXT, "404 page not found")),
    scenario("bad-gateway", "502 with the HTML page of a proxy.",
        Body(502, HTML, "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>")),
    scenario("gone", "410 with a line of text.", Body(410, TEXT, "Gone")),
    scenario("rate-limited", "429 in Zoho's envelope, without a Retry-After header.",
        error(429, "TOO_MANY_REQUESTS", "You have exceeded the number of requests allowed")),
    scenario("rate-limited-retry-after", "429 from a gateway, with a Retry-After of 120 seconds.",
        RetryAfter(120, &Body(429, TEXT, "Too Many Requests"))),
    scenario("rate-limited-retry-date", "429 from a gateway, with a Retry-After date 120 seconds ahead.",
        RetryAt(120, &Body(429, TEXT, "Too Many Requests"))),
    scenario("unavailable", "503 from a gateway, with a Retry-After of 60 seconds.",
        RetryAfter(60, &Body(503, TEXT, "Service Unavailable"))),

    // The response does not arrive, or the page cannot read it.
    scenario("too-large", "A valid document in a reply of 70 KiB.", Padded(70 * 1024, SAMPLE)),
    scenario("slow", "A valid document after 30 seconds.", Delayed(30, &backup(SAMPLE))),
    scenario("dropped", "The connection is closed without a response.", Delivered(Dropped, &backup(SAMPLE))),
    scenario("reset", "The connection is reset without a response.", Delivered(Reset, &backup(SAMPLE))),
    scenario("cut-off", "The connection is closed after half of a valid document.",
        Delivered(CutOff, &backup(SAMPLE))),
    scenario("dripping", "The headers at once, then a valid document at one byte per second.",
        Delivered(Dripping, &backup(SAMPLE))),
    scenario("stalled", "The headers of a valid document, and nothing more.", Delivered(Stalled, &backup(SAMPLE))),
    scenario("redirect", "302 to a sign-in page, as from an expired single sign-on.", Redirect(SIGN_IN)),
    scenario("no-cors", "A valid document without any CORS header.", WithoutCors(&backup(SAMPLE))),

    // Each request gets another reply.
    scenario("flapping", "Two valid documents, two INTERNAL_ERRORs, one valid document; then the same again.",
        Sequence(&[SCHEDULED, SCHEDULED, INTERNAL_ERROR, INTERNAL_ERROR, SCHEDULED])),

    // A gateway watches and remembers: `history` tells what became of past runs.
    watched(Name::Good, "Ten good runs; the next one is tomorrow."),
    watched(Name::CompletedBetween, "Ten good runs; Zoho says COMPLETED between them."),
    watched(Name::Passed, "Ten runs; Zoho never says how they went."),
    watched(Name::Recovered, "A run failed; both runs since then were good."),
    watched(Name::FailedThenScheduled, "The last run failed, and Zoho says SCHEDULED for the next one."),
    watched(Name::MissedThenScheduled, "The last run did not take place, and Zoho says SCHEDULED for the next one."),
    watched(Name::RunningAfterFailure, "The last run failed; the next one is in progress."),
    watched(Name::NotWatched, "The gateway did not run for three days; the runs before and since then were good."),
    watched(Name::NothingScheduled, "The schedule was deleted after five good runs: null for backup."),
    watched(Name::Month, "Four weeks with a failure, a missed run, a stop of two days and a new time of day."),
];

/// The scenario of this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Scenario> {
    SCENARIOS.iter().find(|scenario| scenario.name == name)
}
