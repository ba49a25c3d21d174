//! What a card shows of past runs, from a gateway that remembers.

use std::collections::BTreeSet;

use anyhow::{Result, ensure};

use crate::accessibility::force_colors;
use crate::page::Page;
use crate::session::Session;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("past runs",
    "a closed strip is a row of icons, the latest at its end" => strip,
    "in forced colours the icons have the colour of text" => forced_colours,
    "it opens into a list of words, the latest first" => list,
    "further runs leave the list open" => stays_open,
    "without a history there is neither a strip nor a last good run" => none,
    "a history without a good run says since when it looked" => no_good_run,
    "what a hostile gateway tells of runs adds no text and no element" => hostile,
);

const ITEMS: &str = "[...widget().shadowRoot.querySelectorAll('[part=past-runs] li')]";

/// Whether the words of the first item are seen, as far as its box shows them.
const SHOWS_WORDS: &str =
    "widget().shadowRoot.querySelector('[part=past-runs] li').getBoundingClientRect().width > 60";

async fn open(session: &mut Session, scenario: &str) -> Result<()> {
    session.open(Page::of(scenario)).await?;
    session.settled(&format!("#{scenario}")).await?;
    Ok(())
}

async fn strip(session: &mut Session) -> Result<()> {
    open(session, "month").await?;
    let boxes: Vec<(f64, f64, f64)> = session
        .eval(&format!(
            "{ITEMS}.map((item) => item.getBoundingClientRect()).map((it) => [it.left, it.top, it.width])"
        ))
        .await?;
    ensure!(boxes.len() == 10, "{boxes:?}");
    let is_row = boxes.windows(2).all(|pair| pair[0].0 > pair[1].0 && pair[0].1 == pair[1].1);
    ensure!(is_row && boxes.iter().all(|it| it.2 == 16.0), "{boxes:?}");
    let icons: Vec<bool> =
        session.eval(&format!("{ITEMS}.map((item) => visible(item.querySelector('svg')))")).await?;
    ensure!(icons == [true; 10], "{icons:?}");
    session.no_errors().await
}

async fn forced_colours(session: &mut Session) -> Result<()> {
    open(session, "month").await?;
    force_colors(session.web(), Some("dark")).await?;
    let colours: BTreeSet<String> = session
        .eval(&format!(
            "{ITEMS}.flatMap((item) => [item, item.querySelector('svg')]).map((it) => getComputedStyle(it).color)"
        ))
        .await?;
    ensure!(colours.len() == 1, "{colours:?}");
    session.no_errors().await
}

async fn list(session: &mut Session) -> Result<()> {
    open(session, "month").await?;
    ensure!(!session.eval::<bool>(SHOWS_WORDS).await?, "it shows words already");
    session.run("widget().shadowRoot.querySelector('[part=past-runs] summary').click();").await?;
    session.wait(SHOWS_WORDS).await?;
    let told: Vec<(String, String)> = session
        .eval(&format!(
            "{ITEMS}.map((item) => [item.querySelector('time').dateTime, item.innerText.split(' ').at(-1)])"
        ))
        .await?;
    let runs: Vec<(String, String)> = session
        .eval("widget().verdict.history.runs.map((run) => [new Date(run.due).toISOString(), run.outcome])")
        .await?;
    ensure!(told.len() == 10 && told.is_sorted_by(|a, b| a.0 > b.0), "{told:?}");
    for ((date, word), (due, outcome)) in told.iter().zip(&runs) {
        ensure!(word == outcome && due.starts_with(date.trim_end_matches('Z')), "{told:?}, {runs:?}");
    }
    session.no_errors().await
}

async fn stays_open(session: &mut Session) -> Result<()> {
    open(session, "scheduled").await?;
    let supply = |runs: usize| {
        let run = "{ outcome: 'passed', ended: { by: '2026-11-25T02:00:00Z' } }";
        format!("widget().data = {{ backup: null, history: {{ runs: Array({runs}).fill({run}) }} }};")
    };
    session.run(&supply(2)).await?;
    session.wait(&format!("{ITEMS}.length === 2")).await?;
    session.run("widget().shadowRoot.querySelector('[part=past-runs] summary').click();").await?;
    session.wait(SHOWS_WORDS).await?;
    session.run(&supply(3)).await?;
    session.wait(&format!("{ITEMS}.length === 3")).await?;
    ensure!(session.eval::<bool>(SHOWS_WORDS).await?, "it is closed");
    session.no_errors().await
}

async fn none(session: &mut Session) -> Result<()> {
    open(session, "scheduled").await?;
    let parts: usize =
        session.eval("parts(widget(), 'past-runs').length + parts(widget(), 'last-good').length").await?;
    ensure!(parts == 0 && session.verdict("#scheduled").await?.history.is_none(), "{parts} parts");
    session.no_errors().await
}

async fn no_good_run(session: &mut Session) -> Result<()> {
    open(session, "scheduled").await?;
    session
        .run(
            "widget().data = { backup: null, history: { runs: [], last_good: null, failures_since: 0,
               watched_since: '2026-11-01T00:00:00Z' } };",
        )
        .await?;
    session.wait("parts(widget(), 'last-good').length === 1").await?;
    let text: String = session.eval("parts(widget(), 'last-good')[0].innerText").await?;
    ensure!(text.contains("None since the watch began on") && text.contains("2026"), "{text}");
    session.no_errors().await
}

async fn hostile(session: &mut Session) -> Result<()> {
    open(session, "scheduled").await?;
    let run = "{ outcome: 'failed', due: '2026-11-25T02:00:00Z', ended: { by: '2026-11-25T02:00:00Z' } }";
    session
        .run(&format!(
            "const text = '<img src=x onerror=\"document.title = `owned`\">';
             const odd = [text, {{}}, null, 7, [[]], {{ outcome: text }}, {{ outcome: 'failed', due: text }}];
             widget().data = {{ backup: null, history: {{ runs: [...odd, ...Array(500).fill({run})],
               last_good: text, failures_since: text, watched_since: text }} }};"
        ))
        .await?;
    session.wait(&format!("{ITEMS}.length > 0")).await?;
    let (items, images, text): (usize, usize, String) = session
        .eval(&format!(
            "[{ITEMS}.length, widget().shadowRoot.querySelectorAll('img').length,
              widget().shadowRoot.textContent]"
        ))
        .await?;
    ensure!(items == 10 && images == 0 && !text.contains("<img"), "{items} items, {images} images: {text}");
    ensure!(session.eval::<bool>("document.title !== 'owned'").await?, "it ran");
    session.no_errors().await
}
