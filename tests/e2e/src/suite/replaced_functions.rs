//! Pages that have replaced a function of the browser, without which the widget cannot go on, by one that throws: the
//! widget falls back, and the message names the function.

use anyhow::{Context, Result, ensure};

use crate::page::{Page, element};
use crate::session::Session;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("replaced functions",
    "one that throws from the start is named, and the widget falls back" => from_the_start,
    "one that throws later is named, and the widget falls back" => later,
    "where setTimeout throws, too, no listener is left behind" => without_timers,
    "one that throws inside a framework's call is not called the widget's error" => inside_a_call,
    "an error of the widget's own is called so" => own_error,
);

/// Checks that the fallback content is shown and that the only message contains this text.
async fn has_fallen_back(session: &Session, text: &str) -> Result<()> {
    session.wait("__record.console.length > 0").await?;
    session.barrier().await?;
    let console = session.console().await?;
    ensure!(console.len() == 1, "{} messages instead of one: {console:?}", console.len());
    session.note(console[0].lines().next().unwrap_or_default());
    ensure!(console[0].contains(text), "the message does not say {text}: {}", console[0]);
    let (rejected, visible, none): (bool, bool, bool) = session
        .eval("[await widget().ready.then(() => false, () => true), visible(widget('#fallback')), widget().verdict === null]")
        .await?;
    ensure!(
        rejected && visible && none,
        "`ready` rejects: {rejected}, fallback: {visible}, no verdict: {none}"
    );
    session.no_errors().await
}

fn with_fallback() -> String {
    element("scheduled").replace("></", "><p id=fallback>Ask the administrator.</p></")
}

const BREAK_DATE: &str = "window.Date = class extends Date {
       constructor(...parts) { if (parts.length === 1) throw new Error('out of order'); super(...parts); }
     };";

async fn from_the_start(session: &mut Session) -> Result<()> {
    for (script, name) in [
        ("Math.random = () => { throw new Error('out of order'); };", "Math.random"),
        ("Date.now = () => { throw new Error('out of order'); };", "Date.now"),
        (BREAK_DATE, "new Date"),
        ("Object.entries = () => { throw new Error('out of order'); };", "Object.entries"),
        ("Document.prototype.createTextNode = () => { throw 'out of order'; };", "createTextNode"),
    ] {
        let page = format!("<script>{script}</script>{}", with_fallback());
        session.open(Page::new(page)).await?;
        has_fallen_back(session, &format!("{name} throws on this page")).await.context(name)?;
        ensure!(session.console().await?[0].contains("out of order"), "the error is not shown");
    }
    Ok(())
}

async fn later(session: &mut Session) -> Result<()> {
    for (script, name) in [
        ("Math.random = () => { throw new Error('out of order'); };", "Math.random"),
        ("Date.now = () => { throw new Error('out of order'); };", "Date.now"),
    ] {
        session.open(Page::new(with_fallback()).fake_clock().ledger()).await?;
        session.settled("#scheduled").await?;
        session.run(script).await?;
        // The widget listens to this event: no call of the script's is on the stack.
        session.run("connect(true);").await?;
        has_fallen_back(session, &format!("{name} throws on this page")).await.context(name)?;
        session.wait("(await __clock.advance(0), __clock.pending() === 0)").await?;
        let listeners: usize = session.eval("__ledger.listeners()").await?;
        ensure!(listeners == 0, "{listeners} listeners are left");
    }
    Ok(())
}

async fn without_timers(session: &mut Session) -> Result<()> {
    // The driver needs the function.
    let page = "<script>
           const real = setTimeout;
           window.setTimeout = (...request) => {
             if (new Error().stack.includes('zoho-backup-status')) throw new Error('no timers');
             return real(...request);
           };
           console.warn = () => {};
         </script>";
    session.open(Page::new([page, &with_fallback()].concat()).ledger()).await?;
    session.settled("#scheduled").await?;
    // In a call of the script's: without a timer, the browser reports what is thrown elsewhere.
    session.run("Date.now = () => { throw new Error('out of order'); }; widget().label = 'Sales';").await?;
    has_fallen_back(session, "Date.now throws on this page").await?;
    let listeners: usize = session.eval("__ledger.listeners()").await?;
    ensure!(listeners == 0, "{listeners} listeners are left");
    Ok(())
}

async fn inside_a_call(session: &mut Session) -> Result<()> {
    let page = "<script>
           document.createElement = function (name, ...rest) {
             if (name === 'p') throw new Error('out of order');
             return Document.prototype.createElement.call(this, name, ...rest);
           };
         </script>";
    session.respond_as("scheduled", "no-permission")?;
    session.open(Page::new([page, &with_fallback()].concat())).await?;
    has_fallen_back(session, "a function of the browser throws on this page").await
}

async fn own_error(session: &mut Session) -> Result<()> {
    // From some moment on, every call of the wasm traps.
    let page = "<script>
           const trapping = (action) => (...values) => {
             if (window.traps) throw new WebAssembly.RuntimeError('unreachable');
             return action(...values);
           };
           WebAssembly.Instance = class extends WebAssembly.Instance {
             get exports() {
               const entries = Object.entries(super.exports);
               return Object.fromEntries(entries.map(([name, it]) => [name, it.call ? trapping(it) : it]));
             }
           };
         </script>";
    session.open(Page::new([page, &with_fallback()].concat())).await?;
    session.settled("#scheduled").await?;
    session.run("window.traps = true; widget().label = 'Sales';").await?;
    has_fallen_back(session, "an error in the widget itself. Please report it.").await
}
