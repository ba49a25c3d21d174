//! Steps of the tests of a feed.

use anyhow::Result;

use crate::session::Session;

/// Waits until there were this many requests for this scenario.
pub async fn is_requested(session: &Session, scenario: &str, times: usize) -> Result<()> {
    session
        .api_sees("the next request", |requests| {
            requests.iter().filter(|request| request.scenario == Some(scenario)).count() == times
        })
        .await
}

/// The events that this widget has fired: (name, state).
pub async fn fired_events(session: &Session, id: &str) -> Result<Vec<(String, String)>> {
    session.barrier().await?;
    let events = session.events().await?.into_iter().filter(|event| event.target == id);
    Ok(events.map(|event| (event.name, event.detail.state)).collect())
}
