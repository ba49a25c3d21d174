//! Several accounts on one page.

use anyhow::{Result, ensure};

use super::steps::text;
use crate::page::Page;
use crate::session::Session;
use crate::suite::gateway::Chain;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("recipes",
    "each of several accounts has a card with its label and its own state" => accounts,
);

async fn accounts(session: &mut Session) -> Result<()> {
    let (_eu, gateway) = Chain::start(&[], 60, None).await?;
    session.host.mount_at("/eu", gateway);
    let (us, gateway) = Chain::start(&[], 60, None).await?;
    session.host.mount_at("/us", gateway);
    us.play("failed")?;
    let script = "<script type=\"module\" src=\"/widgets/zoho-backup-status.js\"></script>";
    session.open(Page::on_one_origin([script, &text(session, "accounts.html")?].concat())).await?;
    for (account, label, state) in [("eu", "CRM, EU", "scheduled"), ("us", "CRM, US", "failed")] {
        let selector = format!("[proxy-url^='/{account}/']");
        session.shows(&selector, state).await?;
        let shown = session.text(&selector, "label").await?;
        ensure!(shown.as_deref() == Some(label), "{account} is labelled {shown:?}");
        let requests = session.host.count(&format!("/{account}/crm/bulk/v6/backup"));
        ensure!(requests == 1, "{account}: {requests} requests");
    }
    session.no_errors().await
}
