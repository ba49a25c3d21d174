//! Pages that allow little, and files that are not as they should be: what is shown, and what is told.

use anyhow::{Context, Result, ensure};
use axum::http::HeaderName;

use crate::page::{Page, element, path};
use crate::runner::Test;
use crate::session::Session;

pub const TESTS: &[Test] = crate::tests!("policy",
    "plain: no violation, no message" => plain,
    "strict: no violation, no message" => strict,
    "strict, with faults, details and a badge" => strict_in_every_shape,
    "no wasm-unsafe-eval: the light DOM, and the directive that is missing" => without_wasm,
    "connect-src without the files: the light DOM, and what to add" => wasm_blocked,
    "connect-src without the API: the notice says so" => blocked,
    "COEP: no violation, no message" => coep,
    "integrity of the script: of the right one it runs, of another it does not" => script_integrity,
    "tampered wasm: the light DOM, and what is wrong" => wasm_tampered,
    "wrong MIME: it runs, and the header is named" => wrong_mime,
    "missing wasm: the light DOM, and the address" => wasm_missing,
    "unreachable wasm: the light DOM, and the address" => wasm_unreachable,
    "frame with an origin: it fetches" => frame,
    "opaque frame: it works from data, and fetches where it is allowed" => opaque_frame,
    "opaque frame, refused: the notice says why" => opaque_frame_refused,
    "a proxy of the local network, for a page of another host: the notice says so" => local_network,
    "a page without head, and one inside shadow roots" => odd_documents,
);

const WASM: &str = "/widget_bg.wasm";

const STRICT: &str = "default-src 'none'; script-src {files} 'wasm-unsafe-eval'; connect-src {files} {api}; \
                      require-trusted-types-for 'script'; trusted-types 'none'";

/// Prints a row: what the widget shows, what broke the policy, what the console says.
async fn row(session: &Session, page: &str, shown: &str) -> Result<()> {
    let violations = session.violations().await?;
    let console = session.console().await?.join(" ");
    let message: String = console.chars().take(230).collect();
    println!("        {page} | {shown} | {} violations | {message}", violations.len());
    Ok(())
}

/// The widget runs, styled, without a violation and without a word on the console.
async fn runs(session: &Session, page: &str) -> Result<()> {
    let verdict = session.settled("#scheduled").await?;
    ensure!(verdict.state == "scheduled", "the state is {}: {:?}", verdict.state, verdict.fault);
    let badge = session.text("#scheduled", "badge").await?.context("no badge is shown")?;
    let countdown = session.text("#scheduled", "countdown").await?.context("no countdown is shown")?;
    let styled: bool = session.eval("widget().shadowRoot.adoptedStyleSheets.length > 0").await?;
    ensure!(styled, "the stylesheet is not adopted");
    session.barrier().await?;
    row(session, page, &format!("{badge}, {countdown}")).await?;
    let (violations, console) = (session.violations().await?, session.console().await?);
    ensure!(violations.is_empty() && console.is_empty(), "{violations:?} {console:?}");
    session.no_errors().await
}

async fn plain(session: &mut Session) -> Result<()> {
    session.open(Page::of("scheduled")).await?;
    runs(session, "plain").await
}

async fn strict(session: &mut Session) -> Result<()> {
    session.open(Page::of("scheduled").policy(STRICT)).await?;
    runs(session, "strict").await
}

async fn strict_in_every_shape(session: &mut Session) -> Result<()> {
    let shapes =
        ["scheduled", "overdue", "failed", "stopped", "unknown-status", "none", "no-permission", "html"];
    let mut body: String = shapes.iter().map(|scenario| element(scenario)).collect();
    body += &format!(
        "<zoho-backup-status id=badge variant=badge theme=dark proxy-url=\"{{api}}{}\"></zoho-backup-status>",
        path("completed")
    );
    session.open(Page::new(body).policy(STRICT)).await?;
    for id in shapes.into_iter().chain(["badge"]) {
        session.settled(&format!("#{id}")).await?;
    }
    session.run("for (const w of document.querySelectorAll('zoho-backup-status')) w.lang = 'de';").await?;
    session.barrier().await?;
    let violations = session.violations().await?;
    ensure!(violations.is_empty(), "{violations:?}");
    session.no_errors().await
}

/// A page that requires of everything on it that it may be embedded.
async fn coep(session: &mut Session) -> Result<()> {
    let header = HeaderName::from_static("cross-origin-embedder-policy");
    session.open(Page::of("scheduled").header(header, "require-corp")).await?;
    runs(session, "COEP").await
}

/// A widget with the host's own words inside, and a script of the host after it.
const WITH_FALLBACK: &str = r#"<zoho-backup-status id="w" proxy-url="{api}/crm/bulk/v6/backup">
  <p id="fallback">Ask the administrator about the backup.</p>
</zoho-backup-status>
<script type="module" src="{files}/host.js"></script>
"#;

const HOST_SCRIPT: &str = "window.hostScript = 'ran';";

/// The widget cannot run: the host's own words stay, and one message has these words in it.
async fn light_dom_stays(session: &Session, page: &str, words: &[&str]) -> Result<()> {
    session.wait("window.hostScript === 'ran' && __record.console.length > 0").await?;
    let visible: bool = session.eval("visible(document.querySelector('#fallback'))").await?;
    ensure!(visible, "the host's own words are gone");
    let rejected: bool = session.eval("await widget().ready.then(() => false, () => true)").await?;
    ensure!(rejected, "`ready` does not tell that the widget cannot run");
    let none: bool = session.eval("widget().verdict === null").await?;
    ensure!(none, "there is a verdict without the wasm");
    // Another widget tries again, and is as silent as the page can wish.
    session
        .run(
            "const w = document.createElement('zoho-backup-status');
             document.body.append(w);
             w.proxyUrl = '{api}/x';
             await w.ready.catch(() => {});",
        )
        .await?;
    session.barrier().await?;
    row(session, page, "the host's own words").await?;
    let console = session.console().await?;
    ensure!(console.len() == 1, "{} messages instead of one: {console:?}", console.len());
    for word in words {
        ensure!(console[0].contains(word), "the message does not say {word}: {}", console[0]);
    }
    session.no_errors().await
}

async fn without_wasm(session: &mut Session) -> Result<()> {
    session.files.add("/host.js", HOST_SCRIPT);
    let policy = "default-src 'none'; script-src {files}; connect-src {files} {api}";
    session.open(Page::new(WITH_FALLBACK).policy(policy)).await?;
    light_dom_stays(session, "no wasm-unsafe-eval", &["'wasm-unsafe-eval'", "script-src"]).await
}

async fn wasm_blocked(session: &mut Session) -> Result<()> {
    session.files.add("/host.js", HOST_SCRIPT);
    let policy = "default-src 'none'; script-src {files} 'wasm-unsafe-eval'; connect-src {api}";
    session.open(Page::new(WITH_FALLBACK).policy(policy)).await?;
    let origin = session.files.origin();
    light_dom_stays(session, "connect-src without the files", &["connect-src", &origin]).await
}

async fn wasm_tampered(session: &mut Session) -> Result<()> {
    session.files.add("/host.js", HOST_SCRIPT);
    session.files.alter(WASM);
    session.open(Page::new(WITH_FALLBACK)).await?;
    light_dom_stays(session, "tampered wasm", &[WASM, "not the file that this script was built with"]).await
}

async fn wasm_missing(session: &mut Session) -> Result<()> {
    session.files.add("/host.js", HOST_SCRIPT);
    session.files.add("/moved/zoho-backup-status.js", session.files.text("zoho-backup-status.js")?);
    let page = format!(
        "<script type=\"module\" src=\"{{files}}/moved/zoho-backup-status.js\"></script>{WITH_FALLBACK}"
    );
    session.open(Page::new(page).without_widget()).await?;
    light_dom_stays(session, "missing wasm", &["/moved/widget_bg.wasm", "HTTP 404"]).await
}

async fn wasm_unreachable(session: &mut Session) -> Result<()> {
    session.files.add("/host.js", HOST_SCRIPT);
    // Nobody listens there.
    let script =
        session.files.text("zoho-backup-status.js")?.replace("import.meta.url", "\"http://127.0.0.1:9/\"");
    session.files.add("/elsewhere.js", script);
    let page = format!("<script type=\"module\" src=\"{{files}}/elsewhere.js\"></script>{WITH_FALLBACK}");
    session.open(Page::new(page).without_widget()).await?;
    let words = ["http://127.0.0.1:9/widget_bg.wasm", "cannot be reached", "Access-Control-Allow-Origin"];
    light_dom_stays(session, "unreachable wasm", &words).await
}

async fn wrong_mime(session: &mut Session) -> Result<()> {
    session.files.serve_as(WASM, "text/plain");
    session.open(Page::of("scheduled")).await?;
    let verdict = session.settled("#scheduled").await?;
    ensure!(verdict.state == "scheduled", "the state is {}", verdict.state);
    row(session, "wrong MIME", &session.text("#scheduled", "badge").await?.unwrap_or_default()).await?;
    let console = session.console().await?;
    ensure!(console.len() == 1 && console[0].starts_with("warn: "), "{console:?}");
    for word in [WASM, "\"text/plain\"", "application/wasm"] {
        ensure!(console[0].contains(word), "the message does not say {word}: {}", console[0]);
    }
    session.no_errors().await
}

async fn script_integrity(session: &mut Session) -> Result<()> {
    let integrity: String = {
        session.open(Page::new("").without_widget()).await?;
        session
            .eval(
                "await fetch('{files}/zoho-backup-status.js').then((it) => it.arrayBuffer())
                   .then((bytes) => crypto.subtle.digest('SHA-384', bytes))
                   .then((hash) => 'sha384-' + btoa(String.fromCharCode(...new Uint8Array(hash))))",
            )
            .await?
    };
    let page = || {
        let script = format!(
            "<script type=module src=\"{{files}}/zoho-backup-status.js\" integrity=\"{integrity}\" crossorigin></script>"
        );
        Page::new([script, element("scheduled").replace("></", "><p id=fallback>Ask.</p></")].concat())
            .without_widget()
    };
    session.open(page()).await?;
    runs(session, "integrity").await?;
    session.files.alter("/zoho-backup-status.js");
    session.open(page()).await?;
    session.barrier().await?;
    let defined: bool = session.eval("Boolean(customElements.get('zoho-backup-status'))").await?;
    ensure!(!defined, "a tampered script runs");
    let visible: bool = session.eval("visible(document.querySelector('#fallback'))").await?;
    ensure!(visible, "the host's own words are gone");
    row(session, "tampered script", "the host's own words").await
}

async fn blocked(session: &mut Session) -> Result<()> {
    let policy = "default-src 'none'; script-src {files} 'wasm-unsafe-eval'; connect-src {files}";
    session.open(Page::of("scheduled").policy(policy)).await?;
    let verdict = session.settled("#scheduled").await?;
    ensure!(verdict.state == "error", "the state is {}", verdict.state);
    ensure!(verdict.fault_kind() == Some("blocked"), "the fault is {:?}", verdict.fault_kind());
    let notice = session.text("#scheduled", "notice").await?.unwrap_or_default();
    row(session, "connect-src without the API", &notice).await?;
    ensure!(notice.contains("connect-src") && notice.contains(&session.url("scheduled")), "{notice}");
    let violations = session.violations().await?;
    ensure!(violations.iter().all(|violation| violation.starts_with("connect-src ")), "{violations:?}");
    ensure!(session.requests("scheduled")? == 0, "the API was reached all the same");
    session.no_errors().await
}

/// Opens a page in a frame of another, and goes into it.
async fn in_frame(session: &Session, sandbox: &str, page: &Page) -> Result<()> {
    let address = session.address_of(page);
    let frame = format!("<iframe sandbox=\"{sandbox}\" src=\"{address}\" width=600 height=600></iframe>");
    session.open(Page::new(frame).without_widget()).await?;
    session.enter_frame().await
}

async fn frame(session: &mut Session) -> Result<()> {
    in_frame(session, "allow-scripts allow-same-origin", &Page::of("scheduled")).await?;
    runs(session, "frame with an origin").await
}

async fn opaque_frame(session: &mut Session) -> Result<()> {
    let supplied = "<zoho-backup-status id=supplied></zoho-backup-status>";
    in_frame(session, "allow-scripts", &Page::new([&element("scheduled"), supplied].concat())).await?;
    let opaque: String = session.eval("window.origin").await?;
    ensure!(opaque == "null", "the frame's origin is {opaque}");
    // The sandbox allows every origin.
    runs(session, "opaque frame").await?;
    session.run("widget('#supplied').data = { backup: { status: 'STOPPED' } };").await?;
    session.shows("#supplied", "stopped").await?;
    ensure!(session.text("#supplied", "badge").await?.as_deref() == Some("Stopped"), "no badge from data");
    session.no_errors().await
}

async fn opaque_frame_refused(session: &mut Session) -> Result<()> {
    in_frame(session, "allow-scripts", &Page::of("no-cors")).await?;
    let verdict = session.settled("#no-cors").await?;
    ensure!(verdict.fault_kind() == Some("opaque-origin"), "{:?}", verdict.fault);
    let notice = session.text("#no-cors", "notice").await?.unwrap_or_default();
    row(session, "opaque frame, refused", &notice).await?;
    ensure!(notice.contains("allow-same-origin") && notice.contains("data"), "{notice}");
    session.no_errors().await
}

async fn local_network(session: &mut Session) -> Result<()> {
    let page = Page::of("scheduled");
    session.open_at_foreign_host(&page).await?;
    session.settled("#scheduled").await?;
    session.stop_api();
    session.open_at_foreign_host(&page).await?;
    let verdict = session.settled("#scheduled").await?;
    ensure!(verdict.fault_kind() == Some("local-network"), "{:?}", verdict.fault);
    let notice = session.text("#scheduled", "notice").await?.unwrap_or_default();
    row(session, "local network", &notice).await?;
    ensure!(notice.contains("local network") && notice.contains("https"), "{notice}");
    session.no_errors().await
}

async fn odd_documents(session: &mut Session) -> Result<()> {
    session.open(Page::new("<div id=outer></div>")).await?;
    let url = session.url("scheduled");
    session
        .run(&format!(
            "document.head.remove();
             const inner = document.createElement('div');
             document.querySelector('#outer').attachShadow({{ mode: 'open' }}).append(inner);
             const root = inner.attachShadow({{ mode: 'open' }});
             const box = root.appendChild(document.createElement('div'));
             box.innerHTML = '<zoho-backup-status proxy-url=\"{url}\"></zoho-backup-status>';
             window.w = box.firstChild;"
        ))
        .await?;
    session.wait("w.verdict?.state === 'scheduled'").await?;
    let badge: Option<String> = session.eval("seen(w, 'badge')").await?;
    row(session, "no head, in shadow roots", badge.as_deref().unwrap_or("–")).await?;
    ensure!(badge.as_deref() == Some("Scheduled"), "{badge:?}");
    session.no_errors().await
}
