//! Pages that have replaced `fetch`, badly: the widget says so, and the page goes on.

use anyhow::{Context, Result, ensure};

use crate::page::{Page, element, path};
use crate::runner::Test;
use crate::session::{Session, Verdict};

pub const TESTS: &[Test] = crate::tests!("wrapped",
    "a fetch that throws" => throws,
    "a fetch that returns no promise, or one of no response" => no_response,
    "a fetch that rejects, with an Error or with anything" => rejects,
    "a fetch that has read the body already" => body_read,
    "a fetch that hears no abort and never settles" => never_settles,
);

async fn throws(session: &mut Session) -> Result<()> {
    for thrown in ["new Error('out of order')", "'out of order'", "undefined"] {
        ends_as(session, &format!("throw {thrown};"), "unreachable").await?;
    }
    Ok(())
}

async fn no_response(session: &mut Session) -> Result<()> {
    for returned in ["undefined", "'text'", "Promise.resolve()", "Promise.resolve({ ok: true, status: 200 })"]
    {
        ends_as(session, &format!("return {returned};"), "unreachable").await?;
    }
    Ok(())
}

async fn rejects(session: &mut Session) -> Result<()> {
    for reason in ["new TypeError('out of order')", "'out of order'", "null", "42"] {
        ends_as(session, &format!("return Promise.reject({reason});"), "unreachable").await?;
    }
    Ok(())
}

async fn body_read(session: &mut Session) -> Result<()> {
    let action =
        "return real(...request).then(async (response) => { await response.text(); return response; });";
    ends_as(session, action, "unreachable").await
}

async fn never_settles(session: &mut Session) -> Result<()> {
    ends_as(session, "return new Promise(() => {});", "timed-out").await
}

/// Where `fetch` does this for the data, both the element's head start and a request of the running wasm end as this
/// fault; nothing else of the page is harmed, and once `fetch` is whole again, the state is shown.
async fn ends_as(session: &Session, action: &str, fault: &str) -> Result<()> {
    // A query keeps the element from a head start.
    for query in ["", "?by=wasm"] {
        ends_by_query_as(session, action, query, fault).await.with_context(|| format!("{action} {query}"))?;
    }
    Ok(())
}

async fn ends_by_query_as(session: &Session, action: &str, query: &str, fault: &str) -> Result<()> {
    session.api()?.record().clear();
    let path = path("scheduled");
    let page = format!(
        "<script>
           window.began = __clock.now();
           window.asked = [];
           window.real = fetch;
           window.fetch = (...request) => {{
             if (!String(request[0]).includes('{path}')) return real(...request);
             asked.push(request[0]);
             {action}
           }};
         </script>
         <zoho-backup-status id=w proxy-url=\"{{api}}{path}{query}\"></zoho-backup-status>{}",
        element("overdue")
    );
    session.open(Page::new(page).fake_clock()).await?;
    session.wait("asked.length > 0").await?;
    session.run("await widget('#w').ready;").await?;
    // A second at a time, until whatever timer the failure needs has fired.
    session.wait("(await __clock.advance(1000), widget('#w').verdict.state === 'error')").await?;
    let verdict: Verdict = session.eval("widget('#w').verdict").await?;
    ensure!(verdict.fault_kind() == Some(fault), "the fault is {:?}", verdict.fault);
    session.settled("#overdue").await?;

    session.advance(6_000).await?;
    session.run("window.refreshed = null; widget('#w').refresh().then((it) => { refreshed = it; });").await?;
    session.wait("(await __clock.advance(1000), refreshed)").await?;
    let verdict: Verdict = session.eval("refreshed").await?;
    ensure!(verdict.state == "error" && verdict.fault_kind() == Some(fault), "refreshed: {verdict:?}");
    let asked: usize = session.eval("asked.length").await?;
    let told = session.events().await?;
    let told = told.iter().filter(|event| event.target == "w" && event.name == "backup-status-error").count();
    // One more may be under way.
    ensure!(
        told >= 2 && (told..=told + 1).contains(&asked),
        "{asked} requests, of which {told} were told to have failed"
    );

    // Both ask again in time; the clock stands still while they do.
    session.run("window.fetch = real; await __clock.advance(began + 300_000 - __clock.now());").await?;
    session
        .api_sees("the other widget's second request", |requests| {
            requests.iter().filter(|request| request.scenario == Some("overdue")).count() == 2
        })
        .await?;
    session.wait("Date.parse(widget('#overdue').verdict.checkedAt) > began").await?;
    let other: Verdict = session.eval("widget('#overdue').verdict").await?;
    ensure!(other.state == "overdue" && other.fault.is_none(), "the other widget: {other:?}");
    session.wait("(await __clock.advance(1000), widget('#w').verdict.state === 'scheduled')").await?;
    let console = session.console().await?;
    ensure!(console.is_empty(), "{console:?}");
    session.no_errors().await
}
