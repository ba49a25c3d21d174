//! Steps of the tests of policies.

use anyhow::{Context, Result, ensure};

use crate::session::Session;

/// Notes what the widget shows, the number of violations, and the console.
pub async fn row(session: &Session, page: &str, shown: &str) -> Result<()> {
    let violations = session.violations().await?;
    let console = session.console().await?.join(" ");
    let message: String = console.chars().take(230).collect();
    session.note(format!("{page} | {shown} | {} violations | {message}", violations.len()));
    Ok(())
}

/// Checks that the widget runs and is styled, without a violation and without a message.
pub async fn runs(session: &Session, page: &str) -> Result<()> {
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

/// A widget with fallback content inside, and a script of the host after it.
pub const WITH_FALLBACK: &str = r#"<zoho-backup-status id="w" proxy-url="{api}/crm/bulk/v6/backup">
  <p id="fallback">Ask the administrator about the backup.</p>
</zoho-backup-status>
<script type="module" src="{files}/host.js"></script>
"#;

pub const HOST_SCRIPT: &str = "window.hostScript = 'ran';";

/// Checks that the widget cannot run: the fallback content stays, and the only message contains these words.
pub async fn light_dom_stays(session: &Session, page: &str, words: &[&str]) -> Result<()> {
    session.wait("window.hostScript === 'ran' && __record.console.length > 0").await?;
    let visible: bool = session.eval("visible(document.querySelector('#fallback'))").await?;
    ensure!(visible, "the fallback content is not shown");
    let rejected: bool = session.eval("await widget().ready.then(() => false, () => true)").await?;
    ensure!(rejected, "`ready` does not reject although the widget cannot run");
    let none: bool = session.eval("widget().verdict === null").await?;
    ensure!(none, "there is a verdict without the wasm");
    // Another widget fails, too, without a second message.
    session
        .run(
            "const w = document.createElement('zoho-backup-status');
             document.body.append(w);
             w.proxyUrl = '{api}/x';
             await w.ready.catch(() => {});",
        )
        .await?;
    session.barrier().await?;
    row(session, page, "the fallback content").await?;
    let console = session.console().await?;
    ensure!(console.len() == 1, "{} messages instead of one: {console:?}", console.len());
    for word in words {
        ensure!(console[0].contains(word), "the message does not say {word}: {}", console[0]);
    }
    session.no_errors().await
}
