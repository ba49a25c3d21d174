//! Steps of the tests of time.

use anyhow::{Context, Result};

use crate::page::{Page, element};
use crate::session::Session;

pub async fn countdown(session: &Session) -> Result<String> {
    session.advance(0).await?;
    session.text("#w", "countdown").await?.context("no countdown is shown")
}

/// Opens a page with one widget for this scenario, whose dates do not move with the clock.
pub async fn open_frozen(session: &Session, scenario: &str) -> Result<()> {
    session.respond_as(scenario, scenario)?;
    session
        .open(Page::new(element(scenario).replace(&format!("id=\"{scenario}\""), "id=w")).fake_clock())
        .await?;
    session.settled("#w").await.map(drop)
}

/// The page is seen again; no timer has fired meanwhile.
pub const LOOK: &str = "document.dispatchEvent(new Event('visibilitychange')); await __clock.settle();";

pub async fn next_run(session: &Session) -> Result<String> {
    session.eval("oneLine(parts(widget('#w'), 'next-run')[0].querySelector('time').innerText)").await
}
