//! Widgets out of view: their texts that tick stand still, and everything else goes on.

use anyhow::{Context, Result, ensure};

use super::next_run::open_page_with_next_run_in;
use crate::page::{Page, element_with};
use crate::session::Session;
use crate::test_case::{Test, tests};
use crate::time_units::{MINUTE, SECOND};

pub const TESTS: &[Test] = tests!("out of view",
    "a countdown below the window stands still, and is right when it is scrolled into view" => stands_still,
    "half a window's height below the window it still ticks" => margin,
    "events fire at their second, and the state that is shown changes with them" => events,
    "it still asks every five minutes, and shows the answer" => answers,
    "with display: contents on the host it ticks on" => contents,
    "when the page is printed its countdown is right" => printed,
    "a badge whose card is open ticks on when it is pushed out of view" => pushed_out,
    "a card that is opened while its badge is out of view ticks" => opened_out_of_view,
    "where the page has no IntersectionObserver it ticks on" => |session| without_observer(session, "delete window.IntersectionObserver;"),
    "where the page's IntersectionObserver throws it ticks on" => |session| without_observer(session, "window.IntersectionObserver = class { constructor() { throw new Error('none here'); } };"),
    "where its observe() throws it ticks on" => |session| without_observer(session, "IntersectionObserver.prototype.observe = () => { throw new Error('not this'); };"),
);

/// How far the next run is ahead in these tests: the countdown shows seconds.
const AHEAD: i64 = 10 * MINUTE;
const AT_FIRST: &str = "Next run in 10:00";

/// Resolves when the browser has said whether the widget is in view: an observer that observes it later is called later.
const OBSERVED: &str = "await new Promise((resolve) => {
   const watch = new IntersectionObserver(() => { watch.disconnect(); resolve(); }, { rootMargin: '50%' });
   watch.observe(widget('#w'));
 });
 await __clock.settle();";

/// Opens a page with a widget `w` below this many pixels.
async fn open(session: &Session, pixels: u32, before: &str, attributes: &str) -> Result<()> {
    let page = format!(
        "{before}<div id=above style='height: {pixels}px'></div><zoho-backup-status id=w {attributes}></zoho-backup-status>
         <div style='height: 3000px'></div>"
    );
    open_page_with_next_run_in(session, Page::new(page), AHEAD).await
}

async fn open_below(session: &Session, attributes: &str) -> Result<()> {
    open(session, 5_000, "", attributes).await?;
    session.run(OBSERVED).await
}

async fn countdown(session: &Session) -> Result<String> {
    session.advance(0).await?;
    session.text("#w", "countdown").await?.context("no countdown is shown")
}

async fn is(session: &Session, expected: &str, when: &str) -> Result<()> {
    let found = countdown(session).await?;
    ensure!(found == expected, "{when}: {found:?} instead of {expected:?}");
    Ok(())
}

/// Waits until the countdown is this. The browser says in one of the next frames that the widget is in view.
async fn becomes(session: &Session, expected: &str) -> Result<()> {
    session
        .wait(&format!("(await __clock.advance(0), seen(widget('#w'), 'countdown') === '{expected}')"))
        .await
}

/// Moves the clock in steps, as a page lives.
async fn pass(session: &Session, milliseconds: i64) -> Result<()> {
    for _ in 0..milliseconds / SECOND {
        session.advance(SECOND).await?;
    }
    session.advance(milliseconds % SECOND).await
}

async fn stands_still(session: &mut Session) -> Result<()> {
    open_below(session, "").await?;
    is(session, AT_FIRST, "at first").await?;
    pass(session, 10 * SECOND).await?;
    is(session, AT_FIRST, "after 10 seconds").await?;
    session.advance(20 * SECOND).await?;
    is(session, AT_FIRST, "after half a minute").await?;
    session.run("widget('#w').scrollIntoView();").await?;
    becomes(session, "Next run in 09:30").await?;
    session.advance(SECOND).await?;
    is(session, "Next run in 09:29", "in view it ticks again").await?;
    session.run("scrollTo(0, 0);").await?;
    session.run(OBSERVED).await?;
    session.advance(5 * SECOND).await?;
    is(session, "Next run in 09:29", "out of view again").await?;
    session.no_errors().await
}

async fn margin(session: &mut Session) -> Result<()> {
    open(session, 0, "", "").await?;
    session.run("widget('#above').style.height = `${innerHeight * 1.25}px`;").await?;
    session.run(OBSERVED).await?;
    session.advance(5 * SECOND).await?;
    is(session, "Next run in 09:55", "a quarter of the window's height below").await?;
    session.no_errors().await
}

async fn events(session: &mut Session) -> Result<()> {
    open_below(session, "").await?;
    session.run("__record.events.length = 0;").await?;
    session.advance(AHEAD - SECOND).await?;
    session.barrier().await?;
    let early = session.events().await?;
    ensure!(early.is_empty(), "a second too early: {early:?}");
    session.advance(SECOND).await?;
    session.barrier().await?;
    let events = session.events().await?;
    let mut fired: Vec<_> = events.iter().map(|event| event.name.as_str()).collect();
    fired.sort_unstable();
    ensure!(fired == ["backup-status-change", "backup-status-due"], "{fired:?}");
    ensure!(events.iter().all(|event| event.detail.state == "due"), "{events:?}");
    let shown = session.text("#w", "badge").await?;
    ensure!(shown.as_deref() == Some("Due"), "the badge says {shown:?}");
    is(session, "Due now", "with the new state").await?;
    session.no_errors().await
}

async fn answers(session: &mut Session) -> Result<()> {
    let below = format!("<div style='height: 5000px'></div>{}", element_with("w", "scheduled", ""));
    session.open_with_fake_clock([below]).await?;
    session.settled("#w").await?;
    session.run(OBSERVED).await?;
    session.respond_as("scheduled", "failed")?;
    session.pass(5 * MINUTE).await?;
    session.expect_requests("scheduled", 2).await?;
    let shown = session.text("#w", "badge").await?;
    ensure!(shown.as_deref() == Some("Failed"), "the badge says {shown:?}");
    let times = session.fired("change", "w").await?;
    ensure!(times == 2, "{times} events of a change");
    session.no_errors().await
}

async fn contents(session: &mut Session) -> Result<()> {
    open_below(session, "style='display: contents'").await?;
    session.advance(5 * SECOND).await?;
    is(session, "Next run in 09:55", "after 5 seconds").await?;
    session.no_errors().await
}

async fn printed(session: &mut Session) -> Result<()> {
    open_below(session, "").await?;
    session.advance(40 * SECOND).await?;
    is(session, AT_FIRST, "before").await?;
    let text: String = session
        .eval(
            "(dispatchEvent(new Event('beforeprint')), await __clock.settle(), seen(widget('#w'), 'countdown'))",
        )
        .await?;
    ensure!(text == "Next run in 09:20", "on paper: {text}");
    session.advance(5 * SECOND).await?;
    is(session, "Next run in 09:15", "afterwards, for who prints it again").await?;
    session.no_errors().await
}

/// The countdown in the open card.
const IN_CARD: &str =
    "oneLine(widget('#w').shadowRoot.querySelector('[popover] [part~=countdown]').innerText)";

async fn open_card(session: &Session) -> Result<()> {
    session.run("widget('#w').shadowRoot.querySelector('[popover]').showPopover();").await?;
    card_is_built(session).await
}

async fn card_is_built(session: &Session) -> Result<()> {
    session
        .wait("(await __clock.advance(0), widget('#w').shadowRoot.querySelector('[popover] [part~=countdown]'))")
        .await
}

async fn card_is(session: &Session, expected: &str, when: &str) -> Result<()> {
    let is_open: bool =
        session.eval("widget('#w').shadowRoot.querySelector('[popover]').matches(':popover-open')").await?;
    ensure!(is_open, "{when}: the card is closed");
    let found: String = session.eval(IN_CARD).await?;
    ensure!(found == expected, "{when}: {found:?} instead of {expected:?}");
    Ok(())
}

async fn pushed_out(session: &mut Session) -> Result<()> {
    open(session, 0, "", "variant=badge").await?;
    open_card(session).await?;
    session.advance(5 * SECOND).await?;
    card_is(session, "Next run in 09:55", "in view").await?;
    // Not by scrolling, which closes it.
    session.run("widget('#above').style.height = '5000px';").await?;
    session.run(OBSERVED).await?;
    session.advance(5 * SECOND).await?;
    card_is(session, "Next run in 09:50", "out of view").await?;
    session.no_errors().await
}

/// By the keyboard: the badge keeps the focus while the page is scrolled.
async fn opened_out_of_view(session: &mut Session) -> Result<()> {
    open(session, 0, "", "variant=badge").await?;
    session.run("widget('#w').shadowRoot.querySelector('[popovertarget]').focus();").await?;
    session.run("widget('#above').style.height = '5000px';").await?;
    session.run(OBSERVED).await?;
    session.advance(5 * SECOND).await?;
    session.press("Enter").await?;
    card_is_built(session).await?;
    card_is(session, "Next run in 09:55", "opened").await?;
    session.advance(5 * SECOND).await?;
    card_is(session, "Next run in 09:50", "after 5 seconds").await?;
    session.no_errors().await
}

async fn without_observer(session: &mut Session, script: &'static str) -> Result<()> {
    open(session, 5_000, &format!("<script>{script}</script>"), "").await?;
    session
        .run("await new Promise(requestAnimationFrame); await new Promise(requestAnimationFrame);")
        .await?;
    session.advance(5 * SECOND).await?;
    is(session, "Next run in 09:55", "after 5 seconds").await?;
    session.no_errors().await
}
