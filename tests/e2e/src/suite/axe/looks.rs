//! Both variants, both themes, both directions.

use anyhow::{Context, Result, ensure};

use super::run::{check, has_no_violation, load};
use crate::page::Page;
use crate::session::Session;
use crate::suite::gallery::{Look, looks, open, show};
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("axe",
    "it finds a mistake in a shadow root" => finds,
    "cards have no violation" => |session| variant(session, "card"),
    "badges have no violation" => |session| variant(session, "badge"),
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
        let Look { theme, direction, .. } = look;
        has_no_violation(session, &format!("{variant}, {theme}, {direction}"), widgets)
            .await
            .with_context(|| format!("{look:?}"))?;
    }
    Ok(())
}
