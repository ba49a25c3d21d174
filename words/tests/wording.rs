//! Which sentence says what of a verdict.

use std::time::Duration;

use zoho_backup_core::date_time::DateTime;
use zoho_backup_core::freshness::Freshness;
use zoho_backup_core::instant::Timestamp;
use zoho_backup_core::json::Json;
use zoho_backup_core::knowledge::{Answer, Knowledge};
use zoho_backup_core::no_answer::{Attempt, Place};
use zoho_backup_core::policy::Policy;
use zoho_backup_core::proxy_url::UrlRefusal;
use zoho_backup_core::reply::{self, Body, Reply};
use zoho_backup_core::verdict::{Verdict, verdict};
use zoho_backup_core::{fault::Fault, reason::Reason};
use zoho_backup_words::sentence::{Piece, joined};
use zoho_backup_words::texts::Texts;
use zoho_backup_words::wording::Wording;

const NOW: Timestamp = Timestamp::from_millis(1_795_633_000_000);

/// A reader who writes dates as seconds before now.
struct Reader {
    verdict: Verdict,
    texts: Texts,
    is_supplied: bool,
}

impl Wording for Reader {
    fn texts(&self) -> &Texts {
        &self.texts
    }

    fn verdict(&self) -> &Verdict {
        &self.verdict
    }

    fn label(&self) -> Piece {
        Piece::Own("Sales".to_owned())
    }

    fn date_time(&self, at: Timestamp) -> String {
        format!("{} s ago", NOW.since(at).as_secs())
    }

    fn json(&self, value: &Json) -> String {
        serde_json::to_string(value).unwrap()
    }

    fn number(&self, number: u64) -> String {
        number.to_string()
    }

    fn origin(&self) -> Option<Piece> {
        Some(Piece::untrusted("https://portal.example"))
    }

    fn url(&self) -> Option<Piece> {
        Some(Piece::untrusted("/backup"))
    }

    fn is_supplied(&self) -> bool {
        self.is_supplied
    }
}

fn reader(verdict: Verdict) -> Reader {
    Reader { verdict, texts: Texts::default(), is_supplied: false }
}

fn of(known: &Knowledge) -> Verdict {
    verdict(known, NOW, &Policy::default())
}

fn body(text: &str) -> Body {
    Body::read(text, |text| serde_json::from_str(text).ok())
}

fn supplied(members: &str) -> Verdict {
    of(&Knowledge::supplied(&body(&format!(r#"{{"backup":{{{members}}}}}"#))))
}

fn faulty(fault: Fault) -> Reader {
    reader(of(&Knowledge { fault: Some(fault), ..Knowledge::default() }))
}

fn refused(status: u16, text: &str) -> Fault {
    reply::read(Reply { status, body: body(text), retry_at: None }).unwrap_err()
}

#[test]
fn a_reason_is_in_the_past_where_it_is_stale_and_says_since_when_where_that_is_known() {
    let ago = |seconds| NOW.before(Duration::from_secs(seconds));
    let running = supplied(r#""status":"INPROGRESS""#);
    let since = Verdict { runs_since: Some(ago(60)), ..running.clone() };
    let stale = Verdict { stale: true, checked_at: Some(ago(700)), ..since.clone() };
    let failed = Verdict { stale: true, ..supplied(r#""status":"FAILED""#) };
    for (verdict, reason) in [
        (running, "A backup is running now."),
        (since, "A backup is running now, since 60 s ago at the earliest."),
        (stale, "A backup was running when the proxy was last read, on 700 s ago."),
        (failed, "Zoho reports that the last backup failed."),
        (supplied(r#""status":7"#), "The status in Zoho's answer is not a word: 7.0."),
        (supplied(r#""status":" ""#), r#"Zoho reports a status that is not known here: " "."#),
        (
            supplied(r#""status":"SCHEDULED","scheduled_date":"soon","rrule":"x""#),
            "A backup is scheduled, but its date cannot be read: soon.",
        ),
    ] {
        assert_eq!(joined(&reader(verdict).reason()), reason);
    }
}

/// What a gateway answered so many seconds ago that has seen these runs, the latest first: when each was due, and how it
/// went. Without a date, it had ended when the watch began.
fn remembered(backup: &str, runs: &[(Option<&str>, &str)], seconds: u64) -> Verdict {
    let run = |(due, outcome): &(Option<&str>, &str)| serde_json::json!({ "due": due, "ended": { "by": "2026-11-25T00:00:00Z" }, "outcome": outcome });
    let runs: Vec<_> = runs.iter().map(run).collect();
    let last_good = runs.iter().find(|run| run["outcome"] == "completed" || run["outcome"] == "passed");
    let history = serde_json::json!({ "runs": runs, "last_good": last_good });
    let body = body(&format!(r#"{{"backup":{{{backup}}},"history":{history}}}"#));
    let details = reply::read(Reply { status: 200, body, retry_at: None }).unwrap();
    let read_at = NOW.before(Duration::from_secs(seconds));
    let freshness = Some(Freshness::new(read_at, Duration::ZERO, None));
    of(&Knowledge { answer: Some(Answer::new(details, freshness)), ..Knowledge::default() })
}

#[test]
fn what_goes_on_beside_a_failure_is_in_the_past_where_it_is_stale() {
    let running = r#""status":"INPROGRESS""#;
    let due = r#""status":"SCHEDULED","scheduled_date":"2026-11-25T18:46:00Z","rrule":"FREQ=DAILY""#;
    let failed = [(Some("2026-11-24T18:56:40Z"), "failed")];
    for (backup, seconds, reason) in [
        (running, 5, "A backup is running now. The last known run, of 86400 s ago, failed."),
        (
            running,
            2_000,
            "A backup was running when the proxy was last read, on 2000 s ago. The last known run, of 86400 s ago, failed.",
        ),
        (due, 5, "The run is due. The last known run, of 86400 s ago, failed."),
        (
            due,
            2_000,
            "The run was due on 640 s ago; the proxy was last read on 2000 s ago. The last known run, of 86400 s ago, failed.",
        ),
    ] {
        assert_eq!(joined(&reader(remembered(backup, &failed, seconds)).reason()), reason);
    }
}

/// When the watch begins, COMPLETED or FAILED may have stood for weeks.
#[test]
fn a_run_without_a_date_is_not_said_to_have_been_when_it_was_seen() {
    let backup = r#""status":"SCHEDULED","scheduled_date":"2026-11-26T18:46:00Z","rrule":"FREQ=DAILY""#;
    let ended = NOW.since(DateTime::parse("2026-11-25T00:00:00Z").unwrap().at).as_secs();
    let failed = reader(remembered(backup, &[(None, "failed")], 5));
    assert_eq!(joined(&failed.reason()), format!("The last known run, of {ended} s ago or earlier, failed."));
    let completed = reader(remembered(backup, &[(None, "completed")], 5));
    assert_eq!(joined(&completed.last_good()), format!("{ended} s ago or earlier"));
    let passed = reader(remembered(backup, &[(Some("2026-11-24T18:56:40Z"), "passed")], 5));
    assert_eq!(joined(&passed.last_good()), "86400 s ago (no failure seen)");
}

#[test]
fn a_history_that_does_not_say_since_when_it_is_names_no_good_run_and_no_beginning() {
    let backup = r#""status":"SCHEDULED","scheduled_date":"2026-11-26T18:46:00Z","rrule":"FREQ=DAILY""#;
    assert!(reader(remembered(backup, &[], 5)).last_good().is_empty());
}

#[test]
fn the_name_of_the_badge_has_its_label_its_word_and_whether_it_is_current() {
    let fresh = supplied(r#""status":"STOPPED""#);
    let stale = Verdict { stale: true, ..fresh.clone() };
    assert_eq!(joined(&reader(fresh).badge_name()), "Sales: Stopped");
    assert_eq!(joined(&reader(stale).badge_name()), "Sales: Stopped, not current");
}

#[test]
fn a_fault_has_a_cause_and_a_remedy_of_its_own() {
    let portal = Place { origin: "https://portal.example", host: "portal.example" };
    let attempt = Attempt { is_online: true, page: portal, ..Attempt::default() };
    let elsewhere = Attempt { proxy: Place { origin: "https://a.example", host: "a.example" }, ..attempt };
    let worker = Attempt { has_service_worker: true, ..elsewhere };
    let gateway =
        r#"{"code":"A_CODE","message":"No.","details":{"by":"zoho-backup-proxy"SETTING},"status":"error"}"#;
    let own = |setting: &str| refused(502, &gateway.replace("SETTING", setting));
    for (fault, cause, remedy) in [
        (
            Fault::no_answer(&Attempt { proxy: portal, ..attempt }),
            "The proxy does not answer, although it is on this page's own origin.",
            "Check that the proxy runs, and that this site passes /backup on to it.",
        ),
        (
            Fault::no_answer(&elsewhere),
            "The proxy does not answer, or does not allow this page to read its answer (CORS).",
            "Check that the proxy runs and that it allows the origin https://portal.example.",
        ),
        (
            Fault::no_answer(&worker),
            "The proxy does not answer, or does not allow this page to read its answer (CORS).",
            "Check that the proxy runs and that it allows the origin https://portal.example. If this page's service worker \
             follows a redirect of the proxy, let it leave these requests to the browser.",
        ),
        (
            Fault::bad_url(UrlRefusal::Missing),
            "No proxy URL is set.",
            "Set the attribute proxy-url to the address of your proxy.",
        ),
        (
            own(""),
            "The gateway answers A_CODE: No.",
            "Look this code up in the gateway's documentation, and check its log.",
        ),
        (
            own(r#","setting":"--client-id""#),
            "The gateway answers A_CODE: No.",
            "Check the gateway's setting --client-id, and its log.",
        ),
        (
            refused(503, ""),
            "The proxy failed (HTTP 503).",
            "Look into the proxy's log, and check that it reaches Zoho.",
        ),
    ] {
        let reader = faulty(fault);
        assert_eq!((&*joined(&reader.cause()), &*joined(&reader.remedy())), (cause, remedy));
    }
}

#[test]
fn a_document_that_the_page_supplied_is_not_blamed_on_a_proxy() {
    let reader = faulty(refused(200, "[]"));
    assert_eq!(joined(&reader.cause()), "The answer is not a backup document.");
    let reader = Reader { is_supplied: true, ..reader };
    assert_eq!(joined(&reader.cause()), "What this page supplied is not a backup document.");
}

#[test]
fn without_a_fault_there_is_neither_cause_nor_remedy() {
    let reader = reader(supplied(r#""status":"STOPPED""#));
    assert_eq!(reader.verdict.reason, Reason::Stopped);
    assert!(reader.cause().is_empty() && reader.remedy().is_empty());
}
