//! Text from outside that is meant to do harm: it is shown as text, cleaned and cut.

use anyhow::{Context, Result, ensure};
use sandbox::WireResponse;
use sandbox::document::hostile_text;
use sandbox::wire_response::JSON;
use serde_json::{Value, json};

use crate::page::{Page, element};
use crate::session::Session;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("hostile",
    "rule and requester are shown as text" => document,
    "every field of the document at once is shown as text" => every_field,
    "label and messages of the host are shown as text" => host_texts,
    "an unknown status is shown as text" => status,
    "a status that is not a text is shown as text" => malformed_status,
    "a status that is an object is quoted as JSON" => object_status,
    "a malformed date is shown as text" => malformed_date,
    "the message of an error is shown as text, and a code that is none is not shown" => error,
    "an error on a badge leaves its attributes clean" => error_on_a_badge,
    "keys and values with a meaning in JavaScript change no prototype" => prototype,
);

/// Opens a widget with this reply and HTTP status, and checks that it does no harm.
async fn shows(session: &Session, status: u16, reply: Value) -> Result<()> {
    session.respond("scheduled", WireResponse::body(status, JSON, reply.to_string()))?;
    session.open(Page::of("scheduled")).await?;
    is_harmless(session, "#scheduled").await
}

async fn is_harmless(session: &Session, selector: &str) -> Result<()> {
    session.settled(selector).await?;
    let root = format!("widget('{selector}').shadowRoot");
    let injected: usize =
        session.eval(&format!("{root}.querySelectorAll('img, script, [onerror]').length")).await?;
    ensure!(injected == 0, "{injected} elements were injected");
    let owned: bool = session.eval("document.title === 'owned'").await?;
    ensure!(!owned, "a script of the reply ran");

    let shown: bool = session.eval(&format!("{root}.textContent.includes('<img src=x')")).await?;
    ensure!(shown, "the text is not shown as sent");
    let apart: bool = session
        .eval(&format!(
            "[...{root}.querySelectorAll('*')].flatMap((element) => [...element.childNodes])
               .filter((node) => node.nodeType === Node.TEXT_NODE && node.data.includes('<img'))
               .every((node) => node.parentNode.localName === 'bdi')"
        ))
        .await?;
    ensure!(apart, "a text from outside is not in a <bdi>");
    let longest: usize = session
        .eval(&format!(
            "Math.max(...[...{root}.querySelectorAll('bdi')].map((bdi) => [...bdi.textContent].length))"
        ))
        .await?;
    ensure!(longest <= 200, "a text from outside is {longest} characters long");
    is_clean(session, &format!("{root}.textContent")).await?;
    sentences_are_clean(session, selector).await?;
    session.no_errors().await
}

/// Checks that this JavaScript text has no control and no direction character.
async fn is_clean(session: &Session, text: &str) -> Result<()> {
    let unclean: Vec<String> = session
        .eval(&format!(
            r"[...new Set({text}.match(
                /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g
              ))].map((letter) => letter.codePointAt(0).toString(16))"
        ))
        .await?;
    ensure!(unclean.is_empty(), "control characters in {text}: {unclean:?}");
    Ok(())
}

/// Checks the verdict's sentences, which quote text from outside as the widget shows it.
async fn sentences_are_clean(session: &Session, selector: &str) -> Result<()> {
    let sentences = format!(
        "(({{ reason, fault }}) => [reason, fault?.cause, fault?.remedy].join(' '))(widget('{selector}').verdict)"
    );
    is_clean(session, &sentences).await?;
    let length: usize = session.eval(&format!("[...{sentences}].length")).await?;
    ensure!(length < 800, "{length} characters of sentences");
    Ok(())
}

async fn document(session: &mut Session) -> Result<()> {
    session.open(Page::of("hostile-text")).await?;
    is_harmless(session, "#hostile-text").await
}

async fn every_field(session: &mut Session) -> Result<()> {
    let text = hostile_text();
    let requester = json!({ "id": text, "name": text, "zuid": text });
    let backup = json!({
        "id": text, "status": text, "scheduled_date": text, "start_date": text, "rrule": text,
        "requester": requester, text.clone(): text,
    });
    // Together they are larger than a reply may be, so the host supplies them.
    session.open(Page::new("<zoho-backup-status id=scheduled></zoho-backup-status>")).await?;
    session.run(&format!("await widget().ready; widget().data = {{ backup: {backup} }};")).await?;
    session.shows("#scheduled", "unknown").await?;
    is_harmless(session, "#scheduled").await?;
    session.run("for (const it of widget().shadowRoot.querySelectorAll('details')) it.open = true;").await?;
    for part in ["reason", "schedule", "requester", "requester-id", "requester-zuid", "job"] {
        let shown = session.text("#scheduled", part).await?.unwrap_or_default();
        ensure!(shown.contains("<img src=x"), "the {part} does not show it: {shown}");
    }
    let wide: bool = session.eval("widget().scrollWidth > widget().clientWidth").await?;
    ensure!(!wide, "the card is wider than its container");
    session.no_errors().await
}

async fn host_texts(session: &mut Session) -> Result<()> {
    session.open(Page::of("scheduled")).await?;
    session.settled("#scheduled").await?;
    let text = Value::from(hostile_text());
    session
        .run(&format!(
            "widget().label = {text};
             widget().messages = {{ 'word.scheduled': {text}, 'reason.scheduled': {text}, 'details': {text} }};
             await new Promise(requestAnimationFrame);"
        ))
        .await?;
    let injected: usize = session.eval("widget().shadowRoot.querySelectorAll('img, script').length").await?;
    ensure!(injected == 0, "{injected} elements were injected");
    let shown = session.text("#scheduled", "label").await?.unwrap_or_default();
    ensure!(shown.contains("<img src=x") && shown.chars().count() <= 200, "{shown}");
    session.no_errors().await
}

async fn status(session: &mut Session) -> Result<()> {
    shows(session, 200, json!({ "backup": { "id": "1", "status": hostile_text() } })).await?;
    let verdict = session.settled("#scheduled").await?;
    ensure!(verdict.state == "unknown" && verdict.reason_code == "status-unknown", "{}", verdict.reason_code);
    ensure!(
        verdict.backup.is_some_and(|backup| backup["status"] == hostile_text()),
        "the status is not kept as sent"
    );
    Ok(())
}

async fn malformed_status(session: &mut Session) -> Result<()> {
    let status = json!([hostile_text(), { hostile_text(): 1 }]);
    shows(session, 200, json!({ "backup": { "id": "1", "status": status } })).await?;
    let verdict = session.settled("#scheduled").await?;
    ensure!(verdict.reason_code == "status-malformed", "{}", verdict.reason_code);
    Ok(())
}

async fn malformed_date(session: &mut Session) -> Result<()> {
    let backup =
        json!({ "id": "1", "status": "SCHEDULED", "rrule": "FREQ=DAILY", "scheduled_date": hostile_text() });
    shows(session, 200, json!({ "backup": backup })).await?;
    let verdict = session.settled("#scheduled").await?;
    ensure!(verdict.state == "scheduled" && verdict.tone == "neutral", "{} {}", verdict.state, verdict.tone);
    Ok(())
}

fn hostile_error() -> Value {
    json!({
        "code": hostile_text(), "message": hostile_text(), "status": "error",
        "details": { hostile_text(): hostile_text() },
    })
}

async fn error(session: &mut Session) -> Result<()> {
    shows(session, 400, hostile_error()).await?;
    let fault = session.settled("#scheduled").await?.fault.context("no fault")?;
    ensure!(fault.kind == "http-error", "the fault is {}", fault.kind);
    let quotes: usize = session
        .eval("[...parts(widget(), 'notice')[0].querySelectorAll('bdi')].filter((it) => it.textContent.includes('<img')).length")
        .await?;
    ensure!(quotes == 1, "the message is one quote, not {quotes}");
    Ok(())
}

async fn error_on_a_badge(session: &mut Session) -> Result<()> {
    session.respond("scheduled", WireResponse::body(400, JSON, hostile_error().to_string()))?;
    session.open(Page::new(element("scheduled").replace("id=", "variant=badge id="))).await?;
    session.settled("#scheduled").await?;
    let attributes = "[...widget().shadowRoot.querySelectorAll('*')]
        .flatMap((element) => [...element.attributes]).map(({ value }) => value).join(' ')";
    is_clean(session, &format!("({attributes})")).await?;
    let length: usize = session.eval(&format!("({attributes}).length")).await?;
    ensure!(length < 1_500, "{length} characters in attributes");
    let injected: usize = session.eval("widget().shadowRoot.querySelectorAll('img, script').length").await?;
    ensure!(injected == 0, "{injected} elements were injected");
    session.no_errors().await
}

async fn prototype(session: &mut Session) -> Result<()> {
    // A text, since a map of json! cannot have the key `__proto__` twice.
    let reply = r#"{"__proto__":{"polluted":"yes"},"constructor":{"prototype":{"polluted":"yes"}},
        "backup":{"__proto__":{"status":"COMPLETED","polluted":"yes"},"toString":1,"then":"x","id":"1",
                  "status":"STOPPED","constructor":null}}"#;
    session.respond("scheduled", WireResponse::body(200, JSON, reply.into()))?;
    session.open(Page::of("scheduled")).await?;
    let verdict = session.settled("#scheduled").await?;
    ensure!(verdict.state == "stopped", "the state is {}", verdict.state);
    let polluted: bool = session.eval("'polluted' in {} || 'polluted' in widget().verdict").await?;
    ensure!(!polluted, "a prototype was changed by the reply");
    session.no_errors().await
}

async fn object_status(session: &mut Session) -> Result<()> {
    let reply = json!({ "backup": { "status": { "a": "b" } } });
    session.respond("scheduled", WireResponse::body(200, JSON, reply.to_string()))?;
    session.open(Page::of("scheduled")).await?;
    let verdict = session.settled("#scheduled").await?;
    let quoted = r#"{"a":"b"}"#;
    ensure!(verdict.state == "unknown" && verdict.reason.contains(quoted), "{verdict:?}");
    let text = session.text("#scheduled", "reason").await?.context("no reason is shown")?;
    ensure!(text.contains(quoted), "{text}");
    session.no_errors().await
}
