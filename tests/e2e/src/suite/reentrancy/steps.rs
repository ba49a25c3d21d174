//! Steps of the tests of reentrancy.

use anyhow::{Result, ensure};

use crate::session::Session;

pub async fn is_quiet(session: &Session) -> Result<()> {
    let console = session.console().await?;
    ensure!(console.is_empty(), "{console:?}");
    session.no_errors().await
}
