//! Both variants, both themes, both directions of writing.

use anyhow::{Context, Result, ensure};

use super::run::{check, has_no_violation, has_no_violation_in, load};
use crate::page::Page;
use crate::session::Session;
use crate::suite::gallery::{Look, different, looks, open, open_badge, show};
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("axe",
    "it finds a mistake in a shadow root" => finds,
    "cards have no violation" => |session| variant(session, "card"),
    "badges have no violation" => |session| variant(session, "badge"),
    "cards that a badge has opened have no violation" => opened_cards,
);

/// Shows that axe-core looks into shadow roots: else its silence would mean nothing.
async fn finds(session: &mut Session) -> Result<()> {
    session
        .open(Page::new("<title>Portal</title><main><h1>Portal</h1><div id=box></div></main>").fake_clock())
        .await?;
    load(session).await?;
    let violations = check(session).await?.violations;
    ensure!(violations.is_empty(), "the page has violations of its own: {violations:#?}");
    session
        .run("widget('#box').attachShadow({ mode: 'open' }).append(document.createElement('button'));")
        .await?;
    let violations = check(session).await?.violations;
    let found = violations
        .iter()
        .any(|violation| violation.starts_with("button-name: ") && violation.ends_with("#box button"));
    ensure!(found, "a button without a name is not found: {violations:#?}");
    Ok(())
}

async fn variant(session: &mut Session, variant: &'static str) -> Result<()> {
    open(session).await?;
    load(session).await?;
    for look in looks(variant) {
        let widgets = show(session, look).await?;
        let Look { theme, lang, .. } = look;
        has_no_violation(session, &format!("{variant}, {theme}, {lang}"), widgets)
            .await
            .with_context(|| format!("{look:?}"))?;
    }
    Ok(())
}

/// One at a time, as a page shows one at a time, with everything in them that opens.
async fn opened_cards(session: &mut Session) -> Result<()> {
    open(session).await?;
    load(session).await?;
    let ids = different(session).await?;
    for look in looks("badge") {
        show(session, look).await?;
        for id in &ids {
            let case = || format!("{id}, {look:?}");
            open_badge(session, id).await.with_context(case)?;
            has_no_violation_in(session, id).await.with_context(case)?;
        }
        session.press("Escape").await?;
        session.wait("document.querySelectorAll('zoho-backup-status').values().every((it) => !it.shadowRoot.querySelector('details'))").await?;
        session.note(format!("{} opened, {}, {}: 0 violations", ids.len(), look.theme, look.lang));
    }
    Ok(())
}
