//! The badge as a button that opens the card.

use anyhow::{Result, ensure};

use crate::page::{Page, element, element_with};
use crate::session::Session;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("badge",
    "a click opens the card beside the badge, and a second one closes it" => click,
    "Enter and Space open it, Escape closes it, and the focus returns" => keys,
    "a click elsewhere and scrolling close it" => elsewhere,
    "the card is inside the window wherever the badge is" => places,
    "it opens inside hosts that clip or reposition their content" => clipping_hosts,
    "the card is built when it opens, is kept up to date while it is open, and is gone afterwards" => built,
    "inside a link or a button of the host's it is plain text, and the console says so once" => in_a_control,
    "its name says label and state, and does not change by the minute" => name,
    "a stale badge has a word of its own" => stale,
);

/// A page with a badge `w`, and short names for its parts.
async fn opened(session: &Session, page: Page) -> Result<()> {
    session.open(page).await?;
    session.settled("zoho-backup-status").await?;
    session
        .run(
            "window.w = widget();
             window.opener = () => w.shadowRoot.querySelector('button[popovertarget]');
             window.popover = () => w.shadowRoot.querySelector('[popover]');
             window.isOpen = () => popover().matches(':popover-open');
             window.press = () => opener().click();",
        )
        .await
}

fn badge() -> String {
    element_with("w", "scheduled", "variant=badge")
}

async fn is_open(session: &Session, expected: bool, case: &str) -> Result<()> {
    // What an opening builds and places, it does in tasks of its own.
    session
        .wait(&format!("isOpen() === {expected} && (parts(w, 'reason').length === 1) === {expected}"))
        .await
        .map_err(|error| error.context(format!("{case}: open is not {expected}")))
}

async fn click(session: &mut Session) -> Result<()> {
    opened(session, Page::new(format!("<p>Backups: {}</p>", badge()))).await?;
    is_open(session, false, "at first").await?;
    for _ in 0..2 {
        session.run("press();").await?;
        is_open(session, true, "a click").await?;
        let reason = session.text("#w", "reason").await?;
        ensure!(reason.is_some_and(|reason| !reason.is_empty()), "the card shows no reason");
        let (below, start): (f64, f64) = session
            .eval(
                "(([card, line]) => [card.top - line.bottom, card.left - line.left])(
                   [popover(), opener()].map((element) => element.getBoundingClientRect()))",
            )
            .await?;
        session.note(format!("{below} px below, {start} px beside"));
        ensure!((0.0..=16.0).contains(&below) && start.abs() <= 16.0, "{below} px below, {start} px beside");
        session.run("press();").await?;
        is_open(session, false, "a second click").await?;
    }
    session.no_errors().await
}

async fn keys(session: &mut Session) -> Result<()> {
    opened(session, Page::new(format!("<button id=before>Before</button>{}", badge()))).await?;
    session.run("document.querySelector('#before').focus();").await?;
    session.press("Tab").await?;
    let focused: bool = session.eval("w.shadowRoot.activeElement === opener()").await?;
    ensure!(focused, "the badge is not the next stop of the keyboard");
    for key in ["Enter", " "] {
        session.press(key).await?;
        is_open(session, true, key).await?;
        session.press("Tab").await?;
        let inside: bool = session.eval("popover().contains(w.shadowRoot.activeElement)").await?;
        ensure!(inside, "the keyboard does not reach the card");
        session.press("Escape").await?;
        is_open(session, false, "Escape").await?;
        let focused: bool = session.eval("w.shadowRoot.activeElement === opener()").await?;
        ensure!(focused, "{key}: the focus does not return to the badge");
    }
    session.no_errors().await
}

async fn elsewhere(session: &mut Session) -> Result<()> {
    let page = format!("<p id=text>Text</p>{}<div style='height: 3000px'></div>", badge());
    opened(session, Page::new(page)).await?;
    session.run("press();").await?;
    is_open(session, true, "a click").await?;
    session.click("#text").await?;
    is_open(session, false, "a click elsewhere").await?;
    session.run("press();").await?;
    is_open(session, true, "a click").await?;
    session.run("scrollBy(0, 200);").await?;
    is_open(session, false, "scrolling").await?;
    session.no_errors().await
}

async fn places(session: &mut Session) -> Result<()> {
    for (name, place) in [
        ("top left", "top: 0; left: 0"),
        ("top right", "top: 0; right: 0"),
        ("bottom left", "bottom: 0; left: 0"),
        ("bottom right", "bottom: 0; right: 0"),
        ("middle", "top: 50%; left: 50%"),
    ] {
        for (direction, lang) in [("ltr", "en"), ("rtl", "ar")] {
            let page = format!(
                "<div dir={direction} lang={lang} style='position: fixed; {place}'>{}</div>",
                badge()
            );
            opened(session, Page::new(page)).await?;
            session.run("press();").await?;
            is_open(session, true, name).await?;
            let inside: bool = session
                .eval(
                    "(({ left, top, right, bottom }) => left >= 0 && top >= 0
                       && right <= document.documentElement.clientWidth + 1
                       && bottom <= document.documentElement.clientHeight + 1)(popover().getBoundingClientRect())",
                )
                .await?;
            ensure!(inside, "{name}, {direction}: the card is not inside the window");
        }
    }
    session.no_errors().await
}

async fn clipping_hosts(session: &mut Session) -> Result<()> {
    for host in [
        "<div style='overflow: hidden; width: 130px; height: 30px'>{}</div>",
        "<table><tr><td style='overflow: hidden; white-space: nowrap'>{}</table>",
        "<div role=toolbar style='display: flex; contain: content'>{}</div>",
        "<div style='transform: rotate(0.01deg) scale(0.9)'>{}</div>",
    ] {
        opened(session, Page::new(host.replace("{}", &badge()))).await?;
        session.run("press();").await?;
        is_open(session, true, host).await?;
        let seen: bool = session
            .eval(
                "(({ left, top, width, height }) => {
                   const at = document.elementFromPoint(left + width / 2, top + height / 2);
                   return width >= 200 && height >= 100 && at === w;
                 })(popover().getBoundingClientRect())",
            )
            .await?;
        ensure!(seen, "{host}: the card is clipped");
    }
    session.no_errors().await
}

async fn built(session: &mut Session) -> Result<()> {
    opened(session, Page::new(badge()).fake_clock()).await?;
    let nodes: usize = session.eval("popover().childElementCount").await?;
    ensure!(nodes == 0, "{nodes} elements before it opens");
    session.run("press();").await?;
    is_open(session, true, "a click").await?;
    let cards: usize = session.eval("parts(w, 'card').length").await?;
    ensure!(cards == 2, "{cards} cards");
    session.respond_as("scheduled", "failed")?;
    session.pass(300_000).await?;
    let reason = session.text("#w", "reason").await?.unwrap_or_default();
    ensure!(reason.contains("failed"), "{reason}");
    let freshness = session.text("#w", "freshness").await?;
    session.pass(60_000).await?;
    let later = session.text("#w", "freshness").await?;
    ensure!(freshness != later && later.is_some(), "the age stands still: {freshness:?}, {later:?}");
    let kept: bool = session.eval("isOpen()").await?;
    ensure!(kept, "an update closes the card");
    session.run("press();").await?;
    is_open(session, false, "a second click").await?;
    // As a card and as a badge again it is closed.
    session.run("press();").await?;
    is_open(session, true, "a click").await?;
    session
        .run("w.variant = 'card'; await __clock.settle(); w.variant = 'badge'; await __clock.settle();")
        .await?;
    let nodes: usize = session.eval("popover().childElementCount").await?;
    ensure!(nodes == 0, "{nodes} elements in a badge that nobody has opened");
    session.no_errors().await
}

async fn in_a_control(session: &mut Session) -> Result<()> {
    let badge = element("scheduled").replace("id=", "variant=badge id=");
    for host in [
        "<a href='/backups'>{}</a>",
        "<button type=button>{}</button>",
        "<div role=button tabindex=0>{}</div>",
        "<details><summary>{}</summary></details>",
        "<a href='/backups'><span>{}</span></a>",
    ] {
        session.open(Page::new(host.replace("{}", &[badge.as_str(), &badge].concat()))).await?;
        session.settled("zoho-backup-status").await?;
        session.barrier().await?;
        let controls: usize =
            session.eval("widget().shadowRoot.querySelectorAll('button, [popover]').length").await?;
        ensure!(controls == 0, "{host}: a control inside a control");
        let word: Option<String> = session.eval("seen(widget(), 'badge')").await?;
        ensure!(word.as_deref() == Some("Scheduled"), "{host}: {word:?}");
        let console = session.console().await?;
        ensure!(console.len() == 1 && console[0].contains("opens no card"), "{host}: {console:?}");
    }
    session.no_errors().await
}

async fn name(session: &mut Session) -> Result<()> {
    let badge = element_with("w", "scheduled", "variant=badge label=Sales");
    opened(session, Page::new(badge).fake_clock()).await?;
    let name: String = session.eval("opener().ariaLabel ?? opener().getAttribute('aria-label')").await?;
    ensure!(name == "Sales: Scheduled", "{name}");
    session.run("window.changes = 0; new MutationObserver(() => changes += 1).observe(opener(), { attributes: true });").await?;
    session.pass(3_600_000).await?;
    let changes: usize = session.eval("changes").await?;
    ensure!(changes == 0, "{changes} changes of the button in an hour");
    let target: bool = session
        .eval("(({ width, height }) => width >= 24 && height >= 24)(opener().getBoundingClientRect())")
        .await?;
    ensure!(target, "the button is smaller than 24 pixels");
    session.no_errors().await
}

async fn stale(session: &mut Session) -> Result<()> {
    opened(session, Page::new(badge()).fake_clock()).await?;
    ensure!(session.text("#w", "stale").await?.is_none(), "a fresh badge is called stale");
    session.respond_as("scheduled", "dropped")?;
    session.pass(1_200_000).await?;
    let word = session.text("#w", "stale").await?;
    ensure!(word.as_deref() == Some("Not current"), "{word:?}");
    let name: String = session.eval("opener().getAttribute('aria-label')").await?;
    ensure!(name.ends_with("Scheduled, not current"), "{name}");
    session.no_errors().await
}
