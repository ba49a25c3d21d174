//! Pages that allow little: the strict page is a wall.

use anyhow::{Result, ensure};

use crate::page::{Page, element, path};
use crate::runner::Test;
use crate::session::Session;

pub const TESTS: &[Test] = crate::tests!("policy",
    "the strict page shows the widget without a violation" => strict,
    "the strict page shows faults, details and a badge without a violation" => strict_in_every_shape,
    "without 'wasm-unsafe-eval' the light DOM stays and one message says what is missing" => without_wasm,
    "an API that connect-src does not name is a fault: blocked" => blocked,
    "with the wasm missing from the server the light DOM stays" => wasm_missing,
);

const STRICT: &str = "default-src 'none'; script-src {files} 'wasm-unsafe-eval'; connect-src {files} {api}; \
                      require-trusted-types-for 'script'; trusted-types 'none'";

async fn no_violations(session: &Session) -> Result<()> {
    let violations = session.violations().await?;
    println!("        violations: {}", violations.len());
    ensure!(violations.is_empty(), "{violations:?}");
    session.no_errors().await
}

async fn strict(session: &mut Session) -> Result<()> {
    session.open(Page::of("scheduled").policy(STRICT)).await?;
    let verdict = session.settled("#scheduled").await?;
    ensure!(verdict.state == "scheduled", "the state is {}", verdict.state);
    ensure!(session.text("#scheduled", "badge").await?.is_some(), "no badge is shown");
    ensure!(session.text("#scheduled", "countdown").await?.is_some(), "no countdown is shown");
    let styled: bool = session.eval("widget().shadowRoot.adoptedStyleSheets.length > 0").await?;
    ensure!(styled, "the stylesheet is not adopted");
    session.barrier().await?;
    no_violations(session).await
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
    no_violations(session).await
}

/// A widget with the host's own words inside, and a script of the host after it.
const WITH_FALLBACK: &str = r#"<zoho-backup-status id="w" proxy-url="{api}/crm/bulk/v6/backup">
  <p id="fallback">Ask the administrator about the backup.</p>
</zoho-backup-status>
<script type="module" src="{files}/host.js"></script>
"#;

const HOST_SCRIPT: &str = "window.hostScript = 'ran';";

async fn light_dom_stays(session: &Session) -> Result<()> {
    session.wait("window.hostScript === 'ran'").await?;
    let visible: bool = session.eval("visible(document.querySelector('#fallback'))").await?;
    ensure!(visible, "the host's own words are gone");
    let rejected: bool = session.eval("await widget().ready.then(() => false, () => true)").await?;
    ensure!(rejected, "`ready` does not tell that the widget cannot run");
    let verdict: bool = session.eval("widget().verdict === null").await?;
    ensure!(verdict, "there is a verdict without the wasm");
    Ok(())
}

async fn without_wasm(session: &mut Session) -> Result<()> {
    session.files.add("/host.js", HOST_SCRIPT);
    let policy = "default-src 'none'; script-src {files}; connect-src {files} {api}";
    session.open(Page::new(WITH_FALLBACK).policy(policy)).await?;
    session.wait("__record.console.length > 0").await?;
    light_dom_stays(session).await?;
    // Another widget tries again, and is as silent as the page can wish.
    session.run("const w = document.createElement('zoho-backup-status'); document.body.append(w); w.proxyUrl = '{api}/x'; await w.ready.catch(() => {});").await?;
    session.barrier().await?;
    let console = session.console().await?;
    println!("        console: {console:?}");
    ensure!(console.len() == 1, "{} messages instead of one", console.len());
    ensure!(console[0].contains("'wasm-unsafe-eval'"), "the message does not say which directive is missing");
    session.no_errors().await
}

async fn wasm_missing(session: &mut Session) -> Result<()> {
    session.files.add("/host.js", HOST_SCRIPT);
    session.files.add("/moved/zoho-backup-status.js", session.files.text("zoho-backup-status.js")?);
    let page = format!(
        "<script type=\"module\" src=\"{{files}}/moved/zoho-backup-status.js\"></script>{WITH_FALLBACK}"
    );
    session.open(Page::new(page).without_widget()).await?;
    session.wait("__record.console.length > 0").await?;
    light_dom_stays(session).await?;
    let console = session.console().await?;
    println!("        console: {console:?}");
    ensure!(console.len() == 1, "{} messages instead of one", console.len());
    ensure!(console[0].contains("widget_bg.wasm"), "the message does not name the file that is missing");
    session.no_errors().await
}

async fn blocked(session: &mut Session) -> Result<()> {
    let policy = "default-src 'none'; script-src {files} 'wasm-unsafe-eval'; connect-src {files}";
    session.open(Page::of("scheduled").policy(policy)).await?;
    let verdict = session.settled("#scheduled").await?;
    ensure!(verdict.state == "error", "the state is {}", verdict.state);
    ensure!(verdict.fault_kind() == Some("blocked"), "the fault is {:?}", verdict.fault_kind());
    let violations = session.violations().await?;
    ensure!(violations.iter().all(|violation| violation.starts_with("connect-src ")), "{violations:?}");
    ensure!(session.requests("scheduled")? == 0, "the API was reached all the same");
    session.no_errors().await
}
