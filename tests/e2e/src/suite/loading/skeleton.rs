//! The skeleton, which stands for the widget until it runs, unless the host has content of its own.

use anyhow::{Context, Result, ensure};

use super::steps::WASM;
use crate::page::Page;
use crate::session::Session;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("loading",
    "the skeleton is shown before the wasm has arrived, without text" => without_text,
    "white space and comments between the tags leave the skeleton, anything else replaces it" => between_the_tags,
    "children that come later replace the skeleton, and it returns when they go" => later,
    "in a target of mount() white space leaves the skeleton, too" => mounted,
);

async fn without_text(session: &mut Session) -> Result<()> {
    session.files.hold(WASM);
    session.open(Page::of("scheduled")).await?;
    session.wait("widget().shadowRoot").await?;
    is_shown(session, "#scheduled", true).await?;
    let words: String = session.eval("oneLine(widget().shadowRoot.textContent)").await?;
    ensure!(words.is_empty(), "the skeleton has text: {words}");
    session.files.release(WASM);
    session.settled("#scheduled").await.map(drop)
}

async fn is_shown(session: &Session, selector: &str, wanted: bool) -> Result<()> {
    let shown: bool =
        session.eval(&format!("visible(widget('{selector}').shadowRoot.querySelector('.skeleton'))")).await?;
    ensure!(shown == wanted, "the skeleton is shown: {shown}");
    Ok(())
}

async fn between_the_tags(session: &mut Session) -> Result<()> {
    session.files.hold(WASM);
    let cases = [
        ("", true),
        ("\n", true),
        ("\n  <!-- the backup -->\n", true),
        ("\n  Loading …\n", false),
        ("\n  <p>Loading …</p>\n", false),
        ("<img alt=''>", false),
    ];
    let elements =
        cases.iter().map(|(content, _)| format!("<zoho-backup-status>{content}</zoho-backup-status>"));
    // The parser creates the first half of them after the script has run.
    let script = "<script type=module>
           import '{files}/zoho-backup-status.js';
           for (const it of [...document.querySelectorAll('zoho-backup-status')]) document.body.append(it.cloneNode(true));
           const box = document.body.appendChild(document.createElement('div'));
           box.innerHTML = [...document.querySelectorAll('zoho-backup-status')].slice(0, 6).map((it) => it.outerHTML).join('');
         </script>";
    session.open(Page::new(elements.collect::<String>() + script)).await?;
    session.wait("document.querySelectorAll('zoho-backup-status').length === 18").await?;
    let shown: Vec<bool> = session
        .eval("[...document.querySelectorAll('zoho-backup-status')].map((it) => visible(it.shadowRoot.querySelector('.skeleton')))")
        .await?;
    for (created, shown) in ["upgraded", "cloned", "parsed"].iter().zip(shown.chunks(cases.len())) {
        for ((content, wanted), shown) in cases.iter().zip(shown) {
            ensure!(shown == wanted, "{created}, {content:?}: the skeleton is shown: {shown}");
        }
    }
    session.no_errors().await
}

async fn later(session: &mut Session) -> Result<()> {
    session.files.hold(WASM);
    session.open(Page::new("<zoho-backup-status id=w>\n</zoho-backup-status>")).await?;
    session.wait("widget().shadowRoot").await?;
    for (change, wanted) in [
        ("widget().append('\\n')", true),
        ("widget().append('Loading')", false),
        ("widget().lastChild.remove()", true),
        ("widget().append(document.createElement('p'))", false),
        ("widget().replaceChildren()", true),
    ] {
        session.run(&format!("{change};")).await?;
        is_shown(session, "#w", wanted).await.context(change)?;
    }
    session.no_errors().await
}

async fn mounted(session: &mut Session) -> Result<()> {
    session.files.hold(WASM);
    session.open(Page::new("<div id=blank>\n</div><div id=full>\n<p>Loading …</p></div>")).await?;
    session
        .run(
            "const { mount } = await import('{files}/zoho-backup-status.js');
             for (const id of ['#blank', '#full']) mount(widget(id), { data: { backup: null } });
             await 0;",
        )
        .await?;
    is_shown(session, "#blank", true).await?;
    is_shown(session, "#full", false).await?;
    session.files.release(WASM);
    session.wait("seen(widget('#blank'), 'badge') && seen(widget('#full'), 'badge')").await?;
    session.no_errors().await
}
