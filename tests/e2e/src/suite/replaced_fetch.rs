//! Pages that have replaced `fetch` by one that fails: the widget says so, and the page goes on.

use anyhow::{Context, Result, ensure};

use crate::page::{Page, element, path};
use crate::session::Session;
use crate::test_case::{Test, tests};
use crate::verdict::Verdict;

pub const TESTS: &[Test] = tests!("replaced fetch",
    "a fetch that throws means that the proxy is unreachable" => throws,
    "a fetch that returns no promise, or one without a response, means the same" => no_response,
    "a fetch that rejects, with an Error or any other value, means the same" => rejects,
    "a fetch that has consumed the body means the same" => body_read,
    "a fetch that ignores the abort and never settles times out" => never_settles,
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

/// Checks that `fetch` with this action leads to this fault, both for the early request of the element and for a request
/// of the running wasm; that the rest of the page works; and that the state is shown as soon as `fetch` works again.
async fn ends_as(session: &Session, action: &str, fault: &str) -> Result<()> {
    // A URL with a query gets no early request.
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
    // One second at a time, until every timer that leads to the fault has fired.
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
    // One more request may be in flight.
    ensure!(
        told >= 2 && (told..=told + 1).contains(&asked),
        "{asked} requests, of which {told} were reported to have failed"
    );

    // Both widgets send their next requests; the clock stands still meanwhile.
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
