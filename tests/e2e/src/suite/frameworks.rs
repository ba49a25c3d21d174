//! The element in an app of each framework, defined before or after the app renders. The table of docs/embedding.md says
//! what holds; tests/package/frameworks has the apps.

use std::fs;

use anyhow::{Context, Result, ensure};

use super::gateway::Chain;
use crate::page::{Page, path};
use crate::session::Session;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("package frameworks",
    "React 19 has every row of the table where the element is defined first" => |session| rows(session, "react"),
    "Preact has every row of the table where the element is defined first" => |session| rows(session, "preact"),
    "Vue 3 has every row of the table where the element is defined first" => |session| rows(session, "vue"),
    "Svelte 5 has every row of the table where the element is defined first" => |session| rows(session, "svelte"),
    "Lit has every row of the table where the element is defined first" => |session| rows(session, "lit"),
    "Preact sets what is null to an empty text, and a ref is the way round" => empty_text,
    "React 19 has every row after the element is defined last" => |session| rows_late(session, "react"),
    "Preact has every row after the element is defined last" => |session| rows_late(session, "preact"),
    "Vue 3 has every row after the element is defined last" => |session| rows_late(session, "vue"),
    "Svelte 5 has every row after the element is defined last" => |session| rows_late(session, "svelte"),
    "Lit has every row after the element is defined last" => |session| rows_late(session, "lit"),
    "React 19 writes data as an attribute before the element is defined, and a ref is the way round" => |session| way_round(session, "react"),
    "Preact writes data as an attribute before the element is defined, and a ref is the way round" => |session| way_round(session, "preact"),
    "Vue 3 writes data as an attribute before the element is defined, and .prop is the way round" => |session| way_round(session, "vue"),
    "Svelte 5 sets data as a property before the element is defined" => |session| early_property(session, "svelte"),
    "Lit sets data as a property before the element is defined" => |session| early_property(session, "lit"),
    "React 19 hydrates the element without its listener, and a ref is the way round for data" => |session| hydrated(session, "react"),
    "Preact hydrates the element, and a ref is the way round for data" => |session| hydrated(session, "preact"),
    "Vue 3 hydrates the element with its listener and data" => |session| hydrated(session, "vue"),
    "Svelte 5 hydrates the element with its listener and data" => |session| hydrated(session, "svelte"),
    "the recipe for React 19 that hydrates shows the badge and reports its state" => recipe_hydrated,
    "the recipe for React 19 shows the badge and reports its state" => |session| recipe(session, "react"),
    "the recipe for Preact shows the badge and reports its state" => |session| recipe(session, "preact"),
    "the recipe for Vue 3 shows the badge and reports its state" => |session| recipe(session, "vue"),
    "the recipe for Svelte 5 shows the badge and reports its state" => |session| recipe(session, "svelte"),
    "the recipe for Lit shows the badge and reports its state" => |session| recipe(session, "lit"),
);

/// Backup documents that no scenario of these tests has, and sentences of one's own.
const REPLIES: &str =
    "const planned = { scheduled_date: '2030-10-15T21:58:45+05:30', rrule: 'RRULE:FREQ=DAILY' };
 const completed = { backup: { status: 'COMPLETED', ...planned } };
 const scheduled = { backup: { status: 'SCHEDULED', ...planned } };
 const words = { 'word.completed': 'Safe' };";

const ELEMENT: &str = "<script type=module src=\"{files}/zoho-backup-status.js\"></script>";

fn script(app: &str) -> String {
    format!("<script type=module src=\"{{files}}/built/frameworks/{app}.js\"></script>")
}

/// A page with this app, whose first props are these besides the URL of the scenario `overdue`, in place of what a server
/// has rendered.
fn page(app: &str, props: &str, rendered: &str) -> String {
    let url = path("overdue");
    format!(
        "<div id=root>{rendered}</div>
         <script>{REPLIES} window.initial = {{ 'proxy-url': '{{api}}{url}', {props} }};</script>{}",
        script(app)
    )
}

/// Opens the app with the element defined first.
async fn open(session: &Session, app: &str, props: &str) -> Result<()> {
    // Module scripts run in the order of the page.
    session
        .open(Page::new(format!("{ELEMENT}{}", page(app, props, ""))).without_widget().fake_clock())
        .await?;
    session.wait("window.app").await
}

/// Opens the app, and does not define the element.
async fn open_late(session: &Session, app: &str, props: &str) -> Result<()> {
    session.open(Page::new(page(app, props, "")).without_widget().fake_clock()).await?;
    session.wait("window.app").await?;
    let is_defined: bool = session.eval("Boolean(customElements.get('zoho-backup-status'))").await?;
    ensure!(!is_defined, "the app has defined the element");
    Ok(())
}

async fn define(session: &Session) -> Result<()> {
    session.run("await import('{files}/zoho-backup-status.js'); await app.element().ready;").await
}

async fn set(session: &Session, props: &str) -> Result<()> {
    session.run(&format!("{REPLIES} await app.set({{ {props} }});")).await
}

/// Waits until the widget shows this badge, while no time passes.
async fn shows(session: &Session, badge: &str) -> Result<()> {
    session.wait(&format!("(await __clock.pass(0), seen(widget(), 'badge') === '{badge}')")).await
}

async fn holds(session: &Session, condition: &str) -> Result<()> {
    let is_so: bool = session.eval(&format!("Boolean({condition})")).await?;
    ensure!(is_so, "`{condition}` is not so");
    Ok(())
}

/// The first props. Preact needs its way round for a property that becomes null.
fn labelled(app: &str) -> String {
    format!("label: 'EU', 'refresh-interval': 60, hasWayRound: {}", app == "preact")
}

async fn rows(session: &mut Session, app: &str) -> Result<()> {
    open(session, app, &labelled(app)).await?;
    all_rows(session, app).await
}

async fn rows_late(session: &mut Session, app: &str) -> Result<()> {
    open_late(session, app, &labelled(app)).await?;
    define(session).await?;
    all_rows(session, app).await
}

async fn all_rows(session: &Session, app: &str) -> Result<()> {
    shows(session, "Overdue").await?;
    events(session).await.context("events")?;
    attributes(session, app).await.context("attributes")?;
    properties(session).await.context("properties")?;
    removal(session).await.context("removal")?;
    session.no_errors().await
}

async fn attributes(session: &Session, app: &str) -> Result<()> {
    holds(session, "app.element().getAttribute('refresh-interval') === '60'").await?;
    holds(session, "app.element().refreshInterval === 60").await?;
    session.wait("seen(widget(), 'label') === 'EU'").await?;
    set(session, "label: 'US', 'refresh-interval': 120").await?;
    session.wait("seen(widget(), 'label') === 'US'").await?;
    holds(session, "app.element().refreshInterval === 120").await?;
    set(session, "label: undefined, 'refresh-interval': undefined").await?;
    // Preact sets the property `label` to an empty text, which is the same as none.
    let label: Option<String> = session.eval("app.element().getAttribute('label')").await?;
    ensure!(label.as_deref() == (app == "preact").then_some(""), "the label is {label:?}");
    holds(session, "!app.element().hasAttribute('refresh-interval')").await?;
    session.wait("seen(widget(), 'label') === 'Zoho CRM backup'").await
}

async fn properties(session: &Session) -> Result<()> {
    session.run(&format!("{REPLIES} window.reply = completed; await app.set({{ data: reply }});")).await?;
    holds(session, "app.element().data === reply").await?;
    shows(session, "Completed").await?;
    set(session, "messages: words").await?;
    shows(session, "Safe").await?;
    set(session, "messages: null").await?;
    shows(session, "Completed").await?;
    other_data(session).await
}

/// Replaces `data`, and takes it back.
async fn other_data(session: &Session) -> Result<()> {
    set(session, "data: scheduled").await?;
    shows(session, "Scheduled").await?;
    set(session, "data: null").await?;
    shows(session, "Overdue").await
}

async fn empty_text(session: &mut Session) -> Result<()> {
    open(session, "preact", "data: completed, messages: words").await?;
    shows(session, "Safe").await?;
    set(session, "data: null, messages: null").await?;
    holds(session, "app.element().data === '' && app.element().messages === ''").await?;
    session.barrier().await?;
    session.expect_console(&["messages is not an object of strings"]).await?;
    set(session, "variant: 'badge'").await?;
    set(session, "variant: undefined").await?;
    holds(session, "app.element().getAttribute('variant') === ''").await?;
    session.barrier().await?;
    session.expect_console(&[]).await?;

    open(session, "preact", "data: completed, messages: words, hasWayRound: true").await?;
    shows(session, "Safe").await?;
    set(session, "data: null, messages: null").await?;
    holds(session, "app.element().data === null && app.element().messages === null").await?;
    shows(session, "Overdue").await?;
    session.no_errors().await
}

async fn events(session: &Session) -> Result<()> {
    holds(session, "app.events.length === 1 && app.events[0].state === 'overdue'").await?;
    session.respond_as("overdue", "completed")?;
    session.pass(60_000).await?;
    shows(session, "Completed").await?;
    holds(session, "app.events.length === 2 && app.events[1].state === 'completed'").await?;
    set(session, "listening: false").await?;
    session.respond_as("overdue", "overdue")?;
    session.pass(60_000).await?;
    shows(session, "Overdue").await?;
    holds(session, "app.events.length === 2").await?;
    // The widget has fired it: nobody in the app listened.
    let states: Vec<String> = session
        .eval("__record.events.filter(({ type }) => type === 'backup-status-change').map(({ detail }) => detail.state)")
        .await?;
    ensure!(states == ["overdue", "completed", "overdue"], "{states:?}");
    Ok(())
}

async fn removal(session: &Session) -> Result<()> {
    session.pass(5_000).await?;
    session.run("window.refreshed = app.element().refresh(); await __clock.pass(0);").await?;
    holds(session, "(await refreshed).outcome === 'done'").await?;
    session.run("window.removed = app.element(); await app.remove();").await?;
    holds(session, "!app.element() && !widget()").await?;
    session.barrier().await?;
    let requests = session.requests("overdue")?;
    session.pass(3_600_000).await?;
    session.expect_requests("overdue", requests).await?;
    holds(session, "removed.verdict === null").await?;
    session.run("await app.add(); await app.element().ready;").await?;
    shows(session, "Overdue").await?;
    session.pass(300_000).await?;
    session.barrier().await?;
    ensure!(session.requests("overdue")? > requests + 1, "the new element sends no requests");
    Ok(())
}

async fn way_round(session: &mut Session, app: &str) -> Result<()> {
    const PROPS: &str = "data: completed, messages: words";
    open_late(session, app, PROPS).await?;
    holds(session, "app.element().getAttribute('data') === '[object Object]'").await?;
    define(session).await?;
    holds(session, "app.element().data === null && app.element().messages === null").await?;
    shows(session, "Overdue").await?;

    open_late(session, app, &format!("{PROPS}, hasWayRound: true")).await?;
    early(session).await
}

async fn early_property(session: &mut Session, app: &str) -> Result<()> {
    open_late(session, app, "data: completed, messages: words").await?;
    early(session).await
}

/// The element that the app has rendered takes over its properties when it is defined.
async fn early(session: &Session) -> Result<()> {
    let before = session.requests("overdue")?;
    holds(session, "!app.element().hasAttribute('data')").await?;
    define(session).await?;
    holds(session, "app.element().data === initial.data").await?;
    shows(session, "Safe").await?;
    session.expect_requests("overdue", before).await?;
    other_data(session).await?;
    session.no_errors().await
}

/// What the server has rendered of an app.
fn rendered(session: &Session, app: &str) -> Result<String> {
    let file = session.packages.join(format!("built/server/{app}.html"));
    let html = fs::read_to_string(&file)
        .with_context(|| format!("{}: `cargo xtask test e2e` renders it", file.display()))?;
    Ok(html.replace("PROXY-URL", &format!("{{api}}{}", path("overdue"))))
}

/// Opens what the server has rendered, with the element defined first.
async fn open_rendered(session: &Session, app: &str, props: &str) -> Result<()> {
    let page = page(app, props, &rendered(session, app)?);
    let keep = "<script>window.rendered = document.querySelector('zoho-backup-status');</script>";
    session.open(Page::new(format!("{ELEMENT}{page}{keep}")).without_widget().fake_clock()).await?;
    session.wait("window.app").await?;
    holds(session, "app.element() === rendered").await
}

async fn hydrated(session: &mut Session, app: &str) -> Result<()> {
    open_rendered(session, app, "").await?;
    shows(session, "Overdue").await?;
    session.run("window.heard = app.events.length").await?;
    session.respond_as("overdue", "completed")?;
    session.pass(300_000).await?;
    shows(session, "Completed").await?;
    let more = usize::from(app != "react");
    holds(session, &format!("app.events.length === heard + {more}")).await?;
    session.respond_as("overdue", "overdue")?;

    const PROPS: &str = "data: completed, messages: words";
    open_rendered(session, app, PROPS).await?;
    if matches!(app, "react" | "preact") {
        shows(session, "Overdue").await?;
        holds(session, "app.element().data === null && app.element().messages === null").await?;
        open_rendered(session, app, &format!("{PROPS}, hasWayRound: true")).await?;
    }
    shows(session, "Safe").await?;
    holds(session, "app.element().data === initial.data").await?;
    other_data(session).await?;
    session.no_errors().await
}

async fn recipe(session: &mut Session, app: &str) -> Result<()> {
    recipe_in(session, app, "").await
}

async fn recipe_hydrated(session: &mut Session) -> Result<()> {
    let rendered = rendered(session, "hydrated")?;
    recipe_in(session, "hydrated", &rendered).await
}

async fn recipe_in(session: &mut Session, app: &str, rendered: &str) -> Result<()> {
    let (_zoho, gateway) = Chain::start(&[], 60, None).await?;
    session.host.mount(gateway);
    let app = script(&format!("recipes/{app}"));
    session.open(Page::new(format!("<div id=root>{rendered}</div>{app}")).without_widget()).await?;
    session.wait("widget()?.shadowRoot && seen(widget(), 'badge') === 'Scheduled'").await?;
    let mut reported = session.console().await?;
    // What hydrates reports the verdict of that moment, too.
    reported.retain(|line| line != "log: loading");
    ensure!(reported == ["log: scheduled"], "{reported:?}");
    session.no_errors().await
}
