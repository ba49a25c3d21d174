//! Steps of the tests of the life cycle.

use anyhow::Result;
use sandbox::Outcome;

use crate::session::Session;

pub async fn abandoned(session: &Session) -> Result<()> {
    session
        .api_sees("the request aborted", |requests| {
            requests.iter().any(|request| request.outcome == Outcome::Abandoned)
        })
        .await
}
