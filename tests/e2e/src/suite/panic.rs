//! The wasm panics: `document.createElement` of the page throws, and Leptos panics.

use anyhow::{Result, ensure};
use sandbox::Outcome;

use crate::page::{Page, element};
use crate::session::Session;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("panic",
    "every widget falls back to its light DOM, one message is logged, and the page goes on" => falls_back,
    "every widget falls back even when the console throws" => console_throws,
    "no event follows a panic while an answer is rendered" => no_event_follows,
    "an exception of the page's own code ends the instance in the same way" => page_throws,
    "a later mount() starts a new instance" => fresh_instance,
    "a widget that is inserted again starts a new instance" => put_back,
    "mount() rejects when it panics" => in_mount,
    "`ready` rejects when the start of an element panics" => in_start,
);

/// Makes `document.createElement` throw for an element that only the wasm creates.
const BREAK: &str = "document.createElement = function (name, ...rest) {
       if (name === 'p') throw new Error(`the page refuses <${name}>`);
       return Document.prototype.createElement.call(this, name, ...rest);
     };";

const MEND: &str = "delete document.createElement;";

/// Opens a page with three elements, one of which has a request in flight, and a mounted widget.
async fn running(session: &Session) -> Result<()> {
    let with_fallback = element("overdue").replace("></", "><p id=fallback>Ask the administrator.</p></");
    let elements = [element("scheduled"), with_fallback, element("slow")].concat();
    session
        .open(Page::new(elements + "<div id=target>Shown without widgets</div>").fake_clock().ledger())
        .await?;
    session.settled("#scheduled").await?;
    session.settled("#overdue").await?;
    session.api_sees("a request", |requests| requests.iter().any(|it| it.scenario == Some("slow"))).await?;
    session
        .run(&format!(
            "window.bundle = await import('{{files}}/zoho-backup-status.js');
             window.handle = await bundle.mount(widget('#target'), {{ proxyUrl: '{}' }});",
            session.url("failed")
        ))
        .await?;
    session.wait("handle.verdict?.state === 'failed'").await?;
    let hidden: bool = session.eval("!visible(document.querySelector('#fallback'))").await?;
    ensure!(hidden, "the fallback shows beside the widget");
    // An open card listens to the page.
    session
        .run(
            "widget('#overdue').variant = 'badge';
             await __clock.settle();
             widget('#overdue').shadowRoot.querySelector('[popovertarget]').click();",
        )
        .await?;
    session.wait("widget('#overdue').shadowRoot.querySelector(':popover-open')?.style.cssText").await?;
    session.run("window.firstReady = widget('#scheduled').ready;").await
}

const ALL: [&str; 4] = ["#scheduled", "#overdue", "#slow", "#target"];

/// Makes the wasm panic: the first widget must create elements while that throws.
async fn panic(session: &Session) -> Result<()> {
    session
        .run(&format!(
            "{BREAK} widget('#scheduled').data = {{ code: 'NO_PERMISSION', status: 'error' }};
             await __clock.settle();"
        ))
        .await?;
    session.wait("__record.console.length > 0").await
}

async fn has_fallen_back(session: &Session, selector: &str) -> Result<()> {
    let rest: usize = session
        .eval(&format!("widget('{selector}').shadowRoot.querySelectorAll(':not(slot)').length"))
        .await?;
    ensure!(rest == 0, "{selector} still has {rest} elements");
    Ok(())
}

async fn is_aborted(session: &Session) -> Result<()> {
    session
        .api_sees("the request in flight aborted", |requests| {
            requests.iter().any(|it| it.scenario == Some("slow") && it.outcome == Outcome::Abandoned)
        })
        .await
}

async fn falls_back(session: &mut Session) -> Result<()> {
    running(session).await?;
    // refresh() waits for `ready` before it sends a request.
    session
        .run("window.refreshed = null; widget('#slow').refresh().then((it) => { refreshed = [it]; }); await 0; await 0;")
        .await?;
    panic(session).await?;
    for selector in ALL {
        has_fallen_back(session, selector).await?;
    }
    session.wait("refreshed?.[0] === null").await?;
    let visible: bool = session.eval("visible(document.querySelector('#fallback'))").await?;
    ensure!(visible, "the fallback content is not shown");
    let none: bool = session
        .eval("[widget('#scheduled'), widget('#overdue'), widget('#slow'), handle].every((w) => w.verdict === null)")
        .await?;
    ensure!(none, "a widget that has fallen back has a verdict");
    let states: bool = session.eval("widget('#overdue').matches(':state(overdue)')").await?;
    ensure!(!states, "a custom state is left");
    let ready: Vec<bool> = session
        .eval(
            "Promise.all([firstReady, widget('#scheduled').ready, widget('#slow').ready]
                 .map((ready) => ready.then(() => true, () => false)))",
        )
        .await?;
    ensure!(
        ready == [true, false, false],
        "`ready` from before the panic, and of two elements after it: {ready:?}"
    );
    let refreshed: bool = session.eval("await handle.refresh() === null").await?;
    ensure!(refreshed, "refresh() of the mounted widget does not resolve with null");
    session
        .run("handle.update({ label: 'Sales' }); handle.unmount(); widget('#overdue').label = 'x';")
        .await?;

    let console = session.console().await?;
    session.note(format!("console: {console:?}"));
    ensure!(console.len() == 1, "{} messages instead of one", console.len());
    ensure!(
        console[0].contains("zoho-backup-status") && console[0].contains("panicked at"),
        "the message does not name the panic"
    );
    is_aborted(session).await?;
    session.wait("(await __clock.advance(0), __clock.pending() === 0)").await?;
    let listeners: usize = session.eval("__ledger.listeners()").await?;
    ensure!(listeners == 0, "{listeners} listeners are left");
    session.run("document.documentElement.lang = 'fr'; await __clock.settle();").await?;
    let requests = session.api()?.record().all().len();
    session.advance(86_400_000).await?;
    session.barrier().await?;
    ensure!(session.api()?.record().all().len() == requests + 1, "a request was sent");
    ensure!(session.console().await?.len() == 1, "{:?}", session.console().await?);
    session.no_errors().await
}

async fn console_throws(session: &mut Session) -> Result<()> {
    running(session).await?;
    session
        .run("console.error = () => { window.toldConsole = true; throw new Error('no errors here'); };")
        .await?;
    session
        .run(&format!(
            "{BREAK} widget('#scheduled').data = {{ code: 'NO_PERMISSION' }}; await __clock.settle();"
        ))
        .await?;
    session.wait("window.toldConsole").await?;
    for selector in ALL {
        has_fallen_back(session, selector).await?;
    }
    session.no_errors().await
}

async fn no_event_follows(session: &mut Session) -> Result<()> {
    running(session).await?;
    session.respond_as("overdue", "no-permission")?;
    session.respond_as("scheduled", "no-permission")?;
    let before = session.events().await?.len();
    session.run(BREAK).await?;
    session.run("window.asked = widget('#overdue').refresh();").await?;
    session.advance(300_000).await?;
    session.wait("__record.console.length > 0").await?;
    session.barrier().await?;
    session.advance(600_000).await?;
    let after = session.events().await?;
    ensure!(after.len() == before, "events of widgets that have fallen back: {:?}", &after[before..]);
    for selector in ALL {
        has_fallen_back(session, selector).await?;
    }
    session.expect_console(&["panicked at"]).await?;
    session.no_errors().await
}

async fn page_throws(session: &mut Session) -> Result<()> {
    running(session).await?;
    session.run("console.warn = () => { throw new Error('no warnings here'); };").await?;
    session.run("widget('#scheduled').theme = 'pink'; await __clock.settle();").await?;
    for selector in ALL {
        has_fallen_back(session, selector).await?;
    }
    let (events, requests) = (session.events().await?.len(), session.api()?.record().all().len());
    session.wait("(await __clock.advance(0), __clock.pending() === 0)").await?;
    session.advance(86_400_000).await?;
    session.barrier().await?;
    ensure!(session.events().await?.len() == events, "{:?}", session.events().await?);
    ensure!(session.api()?.record().all().len() == requests + 1, "a request was sent");
    let console = session.console().await?;
    ensure!(console.len() == 1 && console[0].contains("no warnings here"), "{console:?}");
    session.no_errors().await
}

async fn fresh_instance(session: &mut Session) -> Result<()> {
    running(session).await?;
    panic(session).await?;
    session.run(MEND).await?;
    session
        .run(&format!(
            "window.handle = await bundle.mount(widget('#target'), {{ proxyUrl: '{}' }});",
            session.url("completed")
        ))
        .await?;
    session.wait("handle.verdict?.state === 'completed'").await?;
    ensure!(session.text("#target", "badge").await?.as_deref() == Some("Completed"), "no badge is shown");
    // They stay fallen back, since one of them may have caused the panic.
    has_fallen_back(session, "#scheduled").await?;
    let instances: usize = session.eval("__ledger.memory().length").await?;
    ensure!(instances == 2, "{instances} instances");

    // The new instance may panic, too, which is logged again.
    session
        .run(&format!("{BREAK} handle.update({{ proxyUrl: '/elsewhere?token=x' }}); await __clock.settle();"))
        .await?;
    session.wait("__record.console.length > 1").await?;
    has_fallen_back(session, "#target").await?;
    session.expect_console(&["panicked at", "panicked at"]).await?;
    session.no_errors().await
}

async fn put_back(session: &mut Session) -> Result<()> {
    running(session).await?;
    panic(session).await?;
    session.run(MEND).await?;
    session.run("document.body.prepend(widget('#overdue')); await widget('#overdue').ready;").await?;
    session.shows("#overdue", "overdue").await?;
    ensure!(session.text("#overdue", "badge").await?.as_deref() == Some("Overdue"), "no badge is shown");
    has_fallen_back(session, "#scheduled").await?;
    ensure!(session.console().await?.len() == 1, "{:?}", session.console().await?);
    session.no_errors().await
}

async fn in_mount(session: &mut Session) -> Result<()> {
    session.open(Page::new("<div id=target>Shown without widgets</div>").without_widget()).await?;
    session
        .run(&format!(
            "{BREAK}
             const {{ mount }} = await import('{{files}}/zoho-backup-status.js');
             window.refused = await mount(widget('#target'), {{}}).then(() => null, String);
             {MEND}
             window.handle = await mount(widget('#target'), {{ data: {{ backup: null }} }});"
        ))
        .await?;
    let refused: Option<String> = session.eval("refused").await?;
    ensure!(refused.as_ref().is_some_and(|error| error.contains("panicked at")), "{refused:?}");
    ensure!(session.text("#target", "badge").await?.as_deref() == Some("Not set up"), "no badge is shown");
    ensure!(session.console().await?.len() == 1, "{:?}", session.console().await?);
    session.no_errors().await
}

async fn in_start(session: &mut Session) -> Result<()> {
    session.files.hold("/widget_bg.wasm");
    let pair = [element("scheduled"), element("slow")].concat();
    session.open(Page::new(pair).fake_clock()).await?;
    session.wait("customElements.get('zoho-backup-status')").await?;
    session.run(BREAK).await?;
    session
        .api_sees("the head start", |requests| requests.iter().any(|it| it.scenario == Some("slow")))
        .await?;
    session.files.release("/widget_bg.wasm");
    let ready: Vec<bool> = session
        .eval("Promise.all(['#scheduled', '#slow'].map((it) => widget(it).ready.then(() => true, () => false)))")
        .await?;
    ensure!(ready == [false, false], "`ready`: {ready:?}");
    for selector in ["#scheduled", "#slow"] {
        has_fallen_back(session, selector).await?;
    }
    is_aborted(session).await?;
    session.wait("(await __clock.advance(0), __clock.pending() === 0)").await?;
    ensure!(session.console().await?.len() == 1, "{:?}", session.console().await?);
    session.no_errors().await
}
