//! Pages that the browser translates: it replaces texts, also in shadow roots.

use anyhow::{Result, ensure};

use crate::page::{Page, element_with};
use crate::session::Session;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("translated",
    "times, counters, codes and ids are left alone" => left_alone,
    "a card whose texts were replaced shows the next state" => card,
    "a badge whose texts were replaced shows the next state, also when it opens" => badge,
);

/// Replaces the texts that may be translated, as translators do: in elements of their own, or in place.
const TRANSLATE: &str = "window.translate = (root, inPlace) => {
   const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
   const all = [];
   while (texts.nextNode()) all.push(texts.currentNode);
   for (const text of all) {
     if (!text.data.trim() || text.parentElement.closest('style,script') || !text.parentElement.translate) continue;
     const translated = document.createTextNode(`«${text.data}»`);
     const font = document.createElement('font');
     font.append(translated);
     text.replaceWith(inPlace ? translated : font);
   }
 };
 window.foreign = (root) => [...root.querySelectorAll('*')].flatMap((it) => [...it.childNodes])
   .filter((it) => it.nodeType === 3 && it.data.includes('«')).length;";

async fn left_alone(session: &mut Session) -> Result<()> {
    for scenario in ["scheduled", "overdue", "failed", "unauthorized"] {
        session.open(Page::new(element_with("w", scenario, "variant=card"))).await?;
        session.settled("#w").await?;
        session.run(TRANSLATE).await?;
        let missing: Vec<String> = session
            .eval(
                "[...widget('#w').shadowRoot.querySelectorAll('time, bdi, [part=countdown], [part=freshness]')]
                   .filter((it) => it.getAttribute('translate') !== 'no').map((it) => it.outerHTML)",
            )
            .await?;
        ensure!(missing.is_empty(), "{scenario}: {missing:?}");
        session.run("translate(widget('#w').shadowRoot, false);").await?;
        let (translated, altered): (usize, usize) = session
            .eval(
                "(([root]) => [foreign(root), [...root.querySelectorAll('time, bdi, [part=countdown]')]
                   .filter((it) => it.textContent.includes('«')).length])([widget('#w').shadowRoot])",
            )
            .await?;
        ensure!(translated > 3, "{scenario}: {translated} texts are translated");
        ensure!(altered == 0, "{scenario}: {altered} times or names are translated");
    }
    Ok(())
}

async fn card(session: &mut Session) -> Result<()> {
    next_states(session, "variant=card").await
}

async fn badge(session: &mut Session) -> Result<()> {
    next_states(session, "variant=badge").await?;
    session.run("widget('#w').shadowRoot.querySelector('[popovertarget]').click();").await?;
    session.wait("parts(widget('#w'), 'reason').length === 1").await?;
    session.run("translate(widget('#w').shadowRoot, false);").await?;
    session.respond_as("scheduled", "failed")?;
    session.pass(300_000).await?;
    let word = session.text("#w", "badge").await?;
    ensure!(word.as_deref() == Some("Failed"), "{word:?}");
    session.no_errors().await
}

async fn next_states(session: &mut Session, variant: &str) -> Result<()> {
    for in_place in [false, true] {
        session.open(Page::new(element_with("w", "scheduled", variant)).fake_clock()).await?;
        session.settled("#w").await?;
        session.run(TRANSLATE).await?;
        for (answer, word) in
            [("failed", "Failed"), ("running", "Running"), ("stopped", "Stopped"), ("completed", "Completed")]
        {
            session.run(&format!("translate(widget('#w').shadowRoot, {in_place});")).await?;
            session.respond_as("scheduled", answer)?;
            session.pass(300_000).await?;
            session.wait("widget('#w').verdict.state !== 'loading'").await?;
            let state: String =
                session.eval("widget('#w').shadowRoot.querySelector('[data-state]').textContent").await?;
            let left: usize = session.eval("foreign(widget('#w').shadowRoot)").await?;
            ensure!(left == 0, "{variant}, {answer}: {left} old texts are left: {state}");
            let shown = session.text("#w", "badge").await?.unwrap_or_default();
            ensure!(shown.starts_with(word), "{variant}, {answer}: {shown}");
        }
    }
    session.no_errors().await
}
