//! A page with one widget for everything that a widget can show. The page has no mistakes of its own.

use std::collections::BTreeSet;

use anyhow::{Result, ensure};
use serde_json::Value;
use zoho_backup_core::reason::State;

use super::contract::every_scenario;
use super::contract::supplied::supplied;
use crate::page::{element_with, path};
use crate::session::Session;

/// How all widgets of the page look.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    pub variant: &'static str,
    pub theme: &'static str,
    /// The language of the page: Arabic is written from right to left.
    pub lang: &'static str,
}

/// Every look of this variant.
pub fn looks(variant: &'static str) -> impl Iterator<Item = Look> {
    let themes = ["light", "dark"];
    themes.into_iter().flat_map(move |theme| ["en", "ar"].map(|lang| Look { variant, theme, lang }))
}

/// The scenarios without a readable answer: the widget asks again before it says so, or waits for its deadline.
const LATE: [&str; 7] = ["slow", "dropped", "reset", "cut-off", "dripping", "stalled", "no-cors"];

/// What no scenario shows by itself. Each has a URL of its own, so that it shares no answer with another.
pub const LINKED: &str = "linked";
const REFRESHED: &str = "refreshed";
pub const KEPT: &str = "kept";
pub const BUSY: &str = "busy";
pub const LOADING: &str = "loading";
pub const OLD: &str = "old";

/// Opens the page. Its clock stands still, so that every widget keeps its state.
pub async fn open(session: &Session) -> Result<()> {
    let widgets = every_scenario().map(|scenario| element_with(scenario, scenario, "refresh-interval=0"));
    let body = [
        "<title>Portal</title><style>html { background: Canvas; color: CanvasText }</style>
         <main><h1>Portal</h1><h2>Backups</h2>\n"
            .to_owned(),
        widgets.collect(),
        "</main>".to_owned(),
    ];
    session.open_with_fake_clock(body).await?;
    let late = Value::from(LATE.as_slice());
    session.wait(&format!("{LOADING_IDS}.every((id) => {late}.includes(id))")).await?;
    // In steps in which a second request can be answered.
    session.wait(&format!("(await __clock.advance(100), {LOADING_IDS}.length === 0)")).await?;
    add_others(session).await
}

/// The ids of the widgets that are loading.
const LOADING_IDS: &str = "[...document.querySelectorAll('zoho-backup-status')]
    .filter((it) => (it.verdict?.state ?? 'loading') === 'loading').map((it) => it.id)";

async fn add_others(session: &Session) -> Result<()> {
    for (id, attributes) in [(LINKED, "href=/backups"), (REFRESHED, ""), (KEPT, ""), (BUSY, "")] {
        add(session, &scheduled(id, attributes)).await?;
    }
    add(session, "<zoho-backup-status id=supplied></zoho-backup-status>").await?;
    add(session, "<zoho-backup-status id=unset></zoho-backup-status>").await?;
    session.run(&format!("widget('#supplied').data = {};", supplied(3600))).await?;
    session.wait(&format!("{LOADING_IDS}.length === 0")).await?;

    // A widget refreshes at most once in 5 seconds.
    session.advance(5_000).await?;
    session.run(&format!("await widget('#{REFRESHED}').refresh();")).await?;
    session.respond_as("scheduled", "internal-error")?;
    session.run(&format!("await widget('#{KEPT}').refresh();")).await?;
    session.respond_as("scheduled", "scheduled")?;
    session.run("__clock.server(0, 1_000_000);").await?;
    add(session, &scheduled(OLD, "")).await?;
    session.settled(&format!("#{OLD}")).await?;
    session.respond_as("scheduled", "stalled")?;
    session.run(&format!("void widget('#{BUSY}').refresh();")).await?;
    add(session, &scheduled(LOADING, "")).await?;

    for (id, holds) in [
        (REFRESHED, "seen(it, 'outcome')"),
        (KEPT, "it.verdict.state === 'scheduled' && seen(it, 'notice')"),
        (BUSY, "parts(it, 'refresh')[0].ariaBusy === 'true'"),
        (OLD, "it.verdict.stale"),
        (LOADING, "it.verdict.state === 'loading'"),
        (LINKED, "it.shadowRoot.querySelector('a')"),
    ] {
        session.wait(&format!("((it) => {holds})(widget('#{id}'))")).await?;
    }
    let states: BTreeSet<String> = session
        .eval("[...document.querySelectorAll('zoho-backup-status')].map((it) => it.verdict.state)")
        .await?;
    ensure!(states.len() == State::ALL.len(), "the page shows only these states: {states:?}");
    Ok(())
}

/// A widget whose requests the scenario `scheduled` answers.
fn scheduled(id: &str, attributes: &str) -> String {
    let path = path("scheduled");
    format!(
        "<zoho-backup-status id={id} proxy-url=\"{{api}}{path}?{id}\" refresh-interval=0 {attributes}></zoho-backup-status>"
    )
}

async fn add(session: &Session, element: &str) -> Result<()> {
    let element = Value::from(element);
    session.run(&format!("widget('main').insertAdjacentHTML('beforeend', {element});")).await
}

/// Gives page and widgets this look, and opens everything that can be opened. Returns how many widgets there are.
pub async fn show(session: &Session, look: Look) -> Result<usize> {
    let Look { variant, theme, lang } = look;
    session
        .run(&format!(
            "document.documentElement.lang = '{lang}';
             document.documentElement.dir = '{lang}' === 'ar' ? 'rtl' : 'ltr';
             document.documentElement.style.colorScheme = '{theme}';
             for (const it of document.querySelectorAll('zoho-backup-status')) {{
               it.variant = '{variant}';
               it.theme = '{theme}';
             }}"
        ))
        .await?;
    session.speaks(lang).await?;
    session
        .run(
            "await new Promise(requestAnimationFrame);
             for (const it of document.querySelectorAll('zoho-backup-status')) {
               for (const details of it.shadowRoot.querySelectorAll('details')) details.open = true;
             }",
        )
        .await?;
    let (widgets, shown, opened): (usize, usize, usize) = session
        .eval(&format!(
            "((all) => [
               all.length,
               all.filter((it) => parts(it, 'card')[0]?.matches('[data-theme={theme}]')).length,
               all.filter((it) => it.shadowRoot.querySelector('details[open]')).length,
             ])([...document.querySelectorAll('zoho-backup-status')])"
        ))
        .await?;
    ensure!(shown == widgets, "{shown} of {widgets} widgets are drawn as {look:?}");
    ensure!((opened > 0) == (variant == "card"), "{look:?}: details are open in {opened} widgets");
    Ok(widgets)
}

/// The ids of one widget for each state, and of those that show what no state shows by itself.
pub async fn different(session: &Session) -> Result<Vec<String>> {
    let others = Value::from([LINKED, REFRESHED, KEPT, BUSY, OLD].as_slice());
    session
        .eval(&format!(
            "[...new Set([
               ...Map.groupBy(document.querySelectorAll('zoho-backup-status'), (it) => it.verdict.state)
                 .values().map(([first]) => first.id),
               ...{others},
             ])]"
        ))
        .await
}

/// Opens the card of a badge, and everything in it that can be opened, and hides all other widgets: axe-core does not
/// know that an open popover is above everything else.
pub async fn open_badge(session: &Session, id: &str) -> Result<()> {
    session
        .run(&format!(
            "const root = widget('#{id}').shadowRoot;
             for (const it of document.querySelectorAll('zoho-backup-status')) it.hidden = it !== root.host;
             await new Promise(requestAnimationFrame);
             root.querySelector('[popover]').showPopover();
             while (!root.querySelector('[part~=reason]')) await __clock.advance(0);
             for (const details of root.querySelectorAll('details')) details.open = true;"
        ))
        .await
}
