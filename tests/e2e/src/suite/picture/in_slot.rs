//! The picture inside the element, where it shows until the first answer.

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::steps::{is_seen, mount};
use crate::page::Page;
use crate::recipe::recipe;
use crate::session::Session;
use crate::suite::axe::run::{check, load};
use crate::suite::sizes::{PAINTED, WATCH};
use crate::test_case::{Test, tests};
use crate::verdict::Event;
use zoho_backup_proxy::zoho::BACKUP_PATH;

pub const TESTS: &[Test] = tests!("picture",
    "in a badge it shows from the first paint until the first answer, and nothing moves" => |session| gives_way(session, "badge", "scheduled"),
    "in a badge it shows until an error, and nothing moves" => |session| gives_way(session, "badge", "scope-mismatch"),
    "in a card it shows from the first paint until the first answer, and nothing moves" => |session| gives_way(session, "card", "scheduled"),
    "in a card it shows until an error, and nothing moves" => |session| gives_way(session, "card", "scope-mismatch"),
    "in the place of a badge it fits: there is nothing to scroll" => fits,
    "a widget that joins an answer that is there takes the picture's place without a request" => joins,
    "events, verdict and ready are those of a widget without a picture" => same_events,
    "a page that stops the event on its way sees the widget all the same" => stopped_event,
    "with a picture inside, axe-core finds no violation before the first answer and after it" => axe,
);

pub const SCRIPT: &str = "/zoho-backup-status.js";
pub const WASM: &str = "/widget_bg.wasm";

/// A widget with a picture inside.
pub fn element(id: &str, variant: &str) -> String {
    format!(
        "<zoho-backup-status id={id} variant={variant} proxy-url=\"{BACKUP_PATH}\">
           <img src=\"/badge.svg\" alt=\"State of the Zoho CRM backup\" width=\"440\" height=\"28\">
         </zoho-backup-status>"
    )
}

/// A page with a widget `w` and a picture inside, in the place that the documentation reserves. It loads no script yet.
pub fn page(variant: &str) -> Result<Page> {
    let (rules, widget) = (recipe("reserve.css")?, element("w", variant));
    let next = if variant == "card" { "<p id=next>Below</p>" } else { "<span id=next>Beside</span>" };
    Ok(Page::new(format!(
        "<title>Portal</title><style>{rules}</style><main style='width: 640px'>{widget}{next}</main>"
    ))
    .without_widget())
}

/// Notes in every frame which of picture, widget and outline are visible, if that is not what was visible before.
pub const WATCH_PLACE: &str = "window.shown = [];
 (function look() {
   const host = document.querySelector('#w');
   const has = (it) => Boolean(it) && it.checkVisibility({ visibilityProperty: true }) && it.getClientRects().length > 0;
   const picture = host?.querySelector('img');
   const now = [
     ...(has(picture) && picture.complete && picture.naturalWidth > 0 ? ['picture'] : []),
     ...([...(host?.shadowRoot?.querySelectorAll('[part~=card] *') ?? [])].some(has) ? ['widget'] : []),
     ...(has(host?.shadowRoot?.querySelector('.skeleton')) ? ['outline'] : []),
   ].join(' and ') || 'nothing';
   if (shown.at(-1) !== now) shown.push(now);
   requestAnimationFrame(look);
 })();";

/// What was visible so far, one after the other.
pub async fn shown(session: &Session) -> Result<Vec<String>> {
    session.run(PAINTED).await?;
    session.eval("shown").await
}

/// Checks what was visible so far.
pub async fn has_shown(session: &Session, expected: &[&str], when: &str) -> Result<()> {
    let shown = shown(session).await?;
    ensure!(shown == expected, "{when}: {shown:?} instead of {expected:?}");
    Ok(())
}

/// Opens the page, whose widget waits for its first answer.
pub async fn awaiting(session: &Session, variant: &str) -> Result<()> {
    session.host.hold(BACKUP_PATH);
    session.open(page(variant)?).await?;
    session.run(WATCH_PLACE).await?;
    session.run("await import('{files}/zoho-backup-status.js');").await?;
    session.wait("widget('#w').verdict?.state === 'loading'").await?;
    has_shown(session, &["picture"], "while the first answer is awaited").await
}

async fn gives_way(session: &mut Session, variant: &str, scenario: &str) -> Result<()> {
    let chain = mount(session).await?;
    chain.play(scenario)?;
    for held in [SCRIPT, WASM] {
        session.files.hold(held);
    }
    session.host.hold(BACKUP_PATH);
    session.open(page(variant)?).await?;
    session.run(&[WATCH, WATCH_PLACE].concat()).await?;
    session.run("import('{files}/zoho-backup-status.js');").await?;
    is_seen("the request for the script", || session.files.count(SCRIPT) == 1).await?;
    has_shown(session, &["picture"], "without the script").await?;

    session.files.release(SCRIPT);
    session.wait("widget('#w').shadowRoot").await?;
    is_seen("the request for the wasm", || session.files.count(WASM) == 1).await?;
    has_shown(session, &["picture"], "without the wasm").await?;

    session.files.release(WASM);
    session.wait("widget('#w').verdict?.state === 'loading'").await?;
    has_shown(session, &["picture"], "while the first answer is awaited").await?;

    session.host.release(BACKUP_PATH);
    let verdict = session.settled("#w").await?;
    ensure!((verdict.state == "error") == (scenario != "scheduled"), "{verdict:?}");
    has_shown(session, &["picture", "widget"], "after the first answer").await?;
    let boxes: usize = session.eval("widget('#w img').getClientRects().length").await?;
    ensure!(boxes == 0, "the picture still has a box");
    let (places, shift): (Vec<String>, f64) = session.eval("[[...places], shift]").await?;
    session.note(format!("next to it: {places:?}, a shift of {shift}"));
    ensure!(places.len() == 1, "what is next to it moves: {places:?}");
    ensure!(shift == 0.0, "a shift of {shift}");
    session.no_errors().await
}

/// The rules of the documentation let the element scroll, so what does not fit gets a scrollbar.
async fn fits(session: &mut Session) -> Result<()> {
    let _chain = mount(session).await?;
    session.open(page("badge")?).await?;
    let is_fitting = "(({ scrollWidth, clientWidth, scrollHeight, clientHeight }) =>
         `${scrollWidth} x ${scrollHeight} in ${clientWidth} x ${clientHeight}`)(widget('#w'))";
    for when in ["without the script", "with the script"] {
        let found: String = session.eval(is_fitting).await?;
        session.note(format!("{when}: {found}"));
        ensure!(found == "440 x 28 in 440 x 28", "{when}: {found}");
        session.host.hold(BACKUP_PATH);
        session.run("await import('{files}/zoho-backup-status.js'); await widget('#w').ready;").await?;
    }
    session.no_errors().await
}

async fn joins(session: &mut Session) -> Result<()> {
    let _chain = mount(session).await?;
    session.open(Page::new(format!("<main>{}</main>", element("first", "badge")))).await?;
    session.settled("#first").await?;
    session.run(WATCH_PLACE).await?;
    let requests = session.host.count(BACKUP_PATH);
    let second = Value::from(element("w", "badge"));
    session.run(&format!("widget('main').insertAdjacentHTML('beforeend', {second});")).await?;
    session.settled("#w").await?;
    let shown = shown(session).await?;
    session.note(format!("{shown:?}"));
    ensure!(shown.last().is_some_and(|last| last == "widget"), "it shows {shown:?}");
    ensure!(!shown.iter().any(|it| it.contains("and") || it == "outline"), "it shows {shown:?}");
    ensure!(session.host.count(BACKUP_PATH) == requests, "it sends a request of its own");
    session.no_errors().await
}

async fn same_events(session: &mut Session) -> Result<()> {
    for scenario in ["scheduled", "scope-mismatch"] {
        let chain = mount(session).await?;
        chain.play(scenario)?;
        session.host.hold(BACKUP_PATH);
        let plain = format!("<zoho-backup-status id=plain proxy-url=\"{BACKUP_PATH}\"></zoho-backup-status>");
        let listeners = "<script>
               window.heard = [];
               for (const it of document.querySelectorAll('zoho-backup-status')) {
                 it.addEventListener('backup-status-change', ({ detail }) => heard.push([it.id, detail.state]));
               }
             </script>";
        session.open(Page::new([&element("w", "card"), &plain, listeners].concat())).await?;
        for id in ["#w", "#plain"] {
            session.run(&format!("await widget('{id}').ready;")).await?;
            session.shows(id, "loading").await?;
        }
        let is_same = "JSON.stringify(widget('#w').verdict) === JSON.stringify(widget('#plain').verdict)";
        ensure!(session.eval::<bool>(is_same).await?, "the verdicts differ while the answer is awaited");
        session.host.release(BACKUP_PATH);
        for id in ["#w", "#plain"] {
            session.settled(id).await?;
        }
        session.barrier().await?;
        ensure!(session.eval::<bool>(is_same).await?, "the verdicts differ");
        let state = session.verdict("#w").await?.state;
        let heard: Vec<[String; 2]> = session.eval("heard.sort()").await?;
        let expected = ["plain", "w"].map(|id| [id.to_owned(), state.clone()]);
        ensure!(heard == expected, "the page hears {heard:?}");
        let events = session.events().await?;
        let of = |id: &str| {
            let own = events.iter().filter(|event| event.target == id);
            own.map(|Event { name, .. }| name.clone()).collect::<Vec<_>>()
        };
        session.note(format!("{scenario}: {:?}", of("w")));
        ensure!(!of("w").is_empty() && of("w") == of("plain"), "{:?}, {:?}", of("w"), of("plain"));
    }
    session.no_errors().await
}

async fn stopped_event(session: &mut Session) -> Result<()> {
    let _chain = mount(session).await?;
    awaiting(session, "badge").await?;
    session
        .run("addEventListener('backup-status-change', (event) => event.stopImmediatePropagation(), true);")
        .await?;
    session.host.release(BACKUP_PATH);
    session.settled("#w").await?;
    session.barrier().await?;
    has_shown(session, &["picture", "widget"], "after the first answer").await?;
    session.no_errors().await
}

async fn axe(session: &mut Session) -> Result<()> {
    for variant in ["badge", "card"] {
        let _chain = mount(session).await?;
        session.host.hold(BACKUP_PATH);
        let body = format!(
            "<title>Portal</title><style>{} html {{ background: Canvas; color: CanvasText }}</style>
             <main><h1>Portal</h1><h2>Backups</h2>{}</main>",
            recipe("reserve.css")?,
            element("w", variant)
        );
        session.open_with_fake_clock([body]).await?;
        session.shows("#w", "loading").await?;
        load(session).await?;
        for (when, is_picture) in [("before the first answer", true), ("after it", false)] {
            if !is_picture {
                session.host.release(BACKUP_PATH);
                session.settled("#w").await?;
            }
            let is_shown: bool = session.eval("widget('#w img').checkVisibility()").await?;
            ensure!(is_shown == is_picture, "{variant}, {when}: the picture is shown: {is_shown}");
            let findings = check(session).await.with_context(|| when)?;
            session.note(format!("{variant}, {when}: {} rules apply", findings.applied));
            ensure!(findings.violations.is_empty(), "{variant}, {when}: {:#?}", findings.violations);
        }
    }
    session.no_errors().await
}
