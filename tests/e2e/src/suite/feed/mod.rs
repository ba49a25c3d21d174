//! A feed over time: when it asks, when not, and what the widgets make of bad networks and answers that age.

mod ageing;
mod away;
mod cadence;
mod outage;
mod refresh;

pub use ageing::VERDICTS;
pub use cadence::REFRESH_INTERVAL;

use anyhow::Result;

use crate::page::{Page, path};
use crate::runner::Test;
use crate::session::{Session, Verdict};

pub fn all() -> Vec<Test> {
    [cadence::TESTS, ageing::TESTS, outage::TESTS, away::TESTS, refresh::TESTS].concat()
}

/// A widget of this id for this scenario, with these attributes besides.
fn one(id: &str, scenario: &str, attributes: &str) -> String {
    let path = path(scenario);
    format!("<zoho-backup-status id={id} proxy-url=\"{{api}}{path}\" {attributes}></zoho-backup-status>\n")
}

async fn open<const N: usize>(session: &Session, elements: [String; N]) -> Result<()> {
    session.open(Page::new(elements.concat()).fake_clock()).await
}

/// How many events of this name this widget has fired.
async fn fired(session: &Session, name: &str, id: &str) -> Result<usize> {
    session.barrier().await?;
    let events = session.events().await?;
    Ok(events
        .iter()
        .filter(|event| event.name == format!("backup-status-{name}") && event.target == id)
        .count())
}

async fn verdict(session: &Session, selector: &str) -> Result<Verdict> {
    session.eval(&format!("widget('{selector}').verdict")).await
}
