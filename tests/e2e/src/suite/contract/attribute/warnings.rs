//! Invalid values, and what the properties return.

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use crate::page::{Page, element};
use crate::session::Session;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("contract attribute",
    "each invalid value warns once" => warnings,
    "an invalid word and zone warn once per page, even when the element is inserted again" => warned_once,
    "properties: defaults, reflection, numbers" => reflection,
);

async fn warnings(session: &mut Session) -> Result<()> {
    let wrong = [
        ("countdown", "fast"),
        ("theme", "pink"),
        ("variant", "tile"),
        ("hour-cycle", "h99"),
        ("credentials", "maybe"),
        ("refresh-interval", "soon"),
        ("overdue-after", "-7"),
        ("time-zone", "Mars/Base"),
        ("lang", "not_a_language"),
    ];
    let attributes: String = wrong.iter().map(|(name, value)| format!(" {name}={value}")).collect();
    session.open(Page::new(element("scheduled").replace(" id=", &format!("{attributes} id=")))).await?;
    session.settled("#scheduled").await?;
    let warned = async |times: usize| -> Result<Vec<String>> {
        session.barrier().await?;
        let console = session.console().await?;
        ensure!(console.len() == times, "{} messages instead of {times}: {console:?}", console.len());
        Ok(console)
    };
    let console = warned(wrong.len()).await?;
    for (name, value) in wrong {
        let found = console.iter().filter(|line| {
            line.starts_with("warn: zoho-backup-status: ") && line.contains(name) && line.contains(value)
        });
        ensure!(found.count() == 1, "not one warning for {name}={value}: {console:?}");
    }
    for change in
        ["label = 'Sales'", "theme = 'dark'", "data = { backup: null }", "data = null", "overdueAfter = 60"]
    {
        session.run(&format!("widget().{change};")).await?;
    }
    session.run("document.body.prepend(widget());").await?;
    warned(wrong.len()).await?;
    session.run("widget().countdown = 'faster';").await?;
    let console = warned(wrong.len() + 1).await?;
    ensure!(console.last().is_some_and(|line| line.contains("\"faster\"")), "{console:?}");
    session.no_errors().await
}

async fn warned_once(session: &mut Session) -> Result<()> {
    let attributes = "countdown=fast time-zone=Mars/Base";
    let one = |id: &str| format!("<zoho-backup-status id={id} {attributes}></zoho-backup-status>");
    session.open(Page::new([one("w"), one("twin")].concat())).await?;
    session.run("window.w = widget('#w'); await w.ready; await widget('#twin').ready;").await?;
    let warned = async || -> Result<()> {
        session.barrier().await?;
        let console = session.console().await?;
        let about = |word| console.iter().filter(|line| line.contains(word)).count();
        ensure!(console.len() == 2 && about("\"fast\"") == 1 && about("\"Mars/Base\"") == 1, "{console:?}");
        Ok(())
    };
    warned().await?;
    session.run("w.remove();").await?;
    session.barrier().await?;
    session.run("document.body.append(w);").await?;
    session.wait("w.verdict").await?;
    warned().await?;
    session.run("w.countdown = 'off'; w.timeZone = 'UTC';").await?;
    session.run("w.countdown = 'fast'; w.timeZone = 'Mars/Base';").await?;
    warned().await?;
    session.no_errors().await
}

async fn reflection(session: &mut Session) -> Result<()> {
    session.open(Page::new("<zoho-backup-status></zoho-backup-status>")).await?;
    session.wait("customElements.get('zoho-backup-status')").await?;
    let defaults: Value = session
        .eval(
            "(({ proxyUrl, refreshInterval, overdueAfter, countdown, theme, variant, label, credentials }) =>
               ({ proxyUrl, refreshInterval, overdueAfter, countdown, theme, variant, label, credentials }))(widget())",
        )
        .await?;
    session.note(format!("defaults: {defaults}"));
    ensure!(defaults["refreshInterval"] == 300 && defaults["overdueAfter"] == 3600, "{defaults}");
    let reflected: Value = session
        .eval(
            "(() => {
               const element = widget();
               element.refreshInterval = 60;
               element.setAttribute('overdue-after', 'soon');
               element.variant = 'badge';
               return [element.getAttribute('refresh-interval'), element.refreshInterval,
                       element.overdueAfter, element.getAttribute('variant')];
             })()",
        )
        .await?;
    ensure!(reflected == json!(["60", 60, 3600, "badge"]), "{reflected}");
    session.expect_console(&["overdue-after \"soon\""]).await?;
    session.no_errors().await
}
