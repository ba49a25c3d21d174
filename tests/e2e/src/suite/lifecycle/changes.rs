//! Attributes that change, and widgets that share a request.

use anyhow::{Result, ensure};

use super::steps::abandoned;
use crate::page::{Page, element_with};
use crate::session::Session;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("lifecycle",
    "1,000 attribute changes in one task cause one update and one new request" => batched_changes,
    "a new proxy-url shows loading, then the new state" => other_url,
    "two widgets of one URL share one request" => shared_request,
);

async fn batched_changes(session: &mut Session) -> Result<()> {
    session.open(Page::of("scheduled")).await?;
    session.settled("#scheduled").await?;
    session
        .run(&format!(
            "window.updates = 0;
             widget().getAttribute = function (name) {{
               if (name === 'proxy-url') updates += 1;
               return Element.prototype.getAttribute.call(this, name);
             }};
             for (let i = 0; i < 500; i += 1) {{
               widget().setAttribute('proxy-url', i < 499 ? '{}' : '{}');
               widget().setAttribute('label', `Account ${{i}}`);
             }}",
            session.url("none"),
            session.url("overdue")
        ))
        .await?;
    session.shows("#scheduled", "overdue").await?;
    session.expect_requests("overdue", 1).await?;
    session.expect_requests("none", 0).await?;
    session.expect_requests("scheduled", 1).await?;
    let updates: usize = session.eval("updates").await?;
    ensure!(updates == 1, "the widget read its options {updates} times");
    let label = session.text("#scheduled", "label").await?;
    ensure!(label.as_deref().is_some_and(|label| label.contains("Account 499")), "the label is {label:?}");
    session.no_errors().await
}

async fn other_url(session: &mut Session) -> Result<()> {
    session.open(Page::of("scheduled").fake_clock()).await?;
    session.settled("#scheduled").await?;
    session.run(&format!("widget().proxyUrl = '{}';", session.url("slow"))).await?;
    session.shows("#scheduled", "loading").await?;
    let countdown = session.text("#scheduled", "countdown").await?;
    ensure!(countdown.is_none(), "the old countdown is still shown: {countdown:?}");
    session
        .api_sees("the second URL", |requests| requests.iter().any(|r| r.scenario == Some("slow")))
        .await?;
    session.run(&format!("widget().proxyUrl = '{}';", session.url("overdue"))).await?;
    session.shows("#scheduled", "overdue").await?;
    abandoned(session).await?;
    session.no_errors().await
}

async fn shared_request(session: &mut Session) -> Result<()> {
    let elements = ["a", "b"].map(|id| element_with(id, "scheduled", ""));
    session.open(Page::new(elements.concat())).await?;
    session.settled("#a").await?;
    session.settled("#b").await?;
    session.expect_requests("scheduled", 1).await?;
    session.run("widget('#a').remove();").await?;
    session.barrier().await?;
    ensure!(session.text("#b", "badge").await?.is_some(), "the other widget lost its state");
    session.no_errors().await
}
