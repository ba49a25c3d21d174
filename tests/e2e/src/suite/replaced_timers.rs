//! Pages that have replaced timers or listeners by ones that throw: the widget shows its state, and the page goes on.

use anyhow::{Result, ensure};

use crate::page::{Page, element};
use crate::session::Session;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("replaced timers",
    "a setTimeout that throws stops the updates, and the console says so once" => set_timeout,
    "a clearTimeout that throws changes nothing" => clear_timeout,
    "an addEventListener that throws is reported on the console once" => add_event_listener,
    "a removeEventListener that throws changes nothing" => remove_event_listener,
    "where setTimeout throws, a request that fails still ends" => failed_request,
);

/// Opens a page on which a function throws whenever the widget's own code calls it, and checks that the widgets show
/// their states. Returns what the console says.
async fn open(session: &Session, owner: &str, name: &str) -> Result<Vec<String>> {
    open_with(session, owner, name).await?;
    session.shows("#scheduled", "scheduled").await?;
    session.shows("#overdue", "overdue").await?;
    let badge = session.text("#scheduled", "badge").await?;
    ensure!(badge.as_deref() == Some("Scheduled"), "the badge reads {badge:?}");
    session.run("await widget('#scheduled').refresh(); widget('#overdue').remove();").await?;
    session.barrier().await?;
    session.no_errors().await?;
    session.console().await
}

async fn open_with(session: &Session, owner: &str, name: &str) -> Result<()> {
    let page = format!(
        "<script>
           const real = {owner}.{name};
           {owner}.{name} = function (...given) {{
             if (new Error().stack.includes('zoho-backup-status')) throw new Error('out of order');
             return real.apply(this, given);
           }};
         </script>{}{}",
        element("scheduled"),
        element("overdue")
    );
    session.open(Page::new(page)).await
}

/// Checks that the console names the function that throws this many times, and says nothing else.
async fn is_reported(session: &Session, owner: &str, name: &str, times: usize) -> Result<()> {
    let console = open(session, owner, name).await?;
    let said =
        console.iter().filter(|message| message.contains(&format!("{name} throws on this page"))).count();
    ensure!(said == times && console.len() == times, "the console says {console:?}");
    Ok(())
}

async fn set_timeout(session: &mut Session) -> Result<()> {
    is_reported(session, "window", "setTimeout", 1).await
}

async fn clear_timeout(session: &mut Session) -> Result<()> {
    is_reported(session, "window", "clearTimeout", 0).await
}

async fn add_event_listener(session: &mut Session) -> Result<()> {
    is_reported(session, "EventTarget.prototype", "addEventListener", 1).await
}

async fn remove_event_listener(session: &mut Session) -> Result<()> {
    is_reported(session, "EventTarget.prototype", "removeEventListener", 0).await
}

async fn failed_request(session: &mut Session) -> Result<()> {
    session.respond_as("scheduled", "dropped")?;
    open_with(session, "window", "setTimeout").await?;
    session.shows("#scheduled", "error").await?;
    let fault: String = session.eval("(await widget('#scheduled').refresh()).fault.kind").await?;
    ensure!(fault == "unreachable", "the fault is {fault}");
    session.expect_console(&["setTimeout throws on this page"]).await?;
    session.no_errors().await
}
