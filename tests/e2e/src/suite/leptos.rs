//! The example app: the widget as a component of a host's Leptos app.

use anyhow::{Result, ensure};

use crate::page::Page;
use crate::session::Session;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("leptos",
    "the example app shows the widget, passes a prop and receives the change" => example,
);

async fn example(session: &mut Session) -> Result<()> {
    session.files.add("/start.js", "import init from './example/leptos-example.js'; await init();");
    // The app sends its requests to the origin of the base, which is the API's here.
    let page = "<base href=\"{api}/\"><body><script type=module src=\"{files}/start.js\"></script>";
    session.open(Page::new(page).without_widget()).await?;
    session.wait("document.querySelector('p')?.textContent === 'The backup is: scheduled'").await?;
    ensure!(session.text("[data-variant]", "badge").await?.as_deref() == Some("Scheduled"), "no badge");
    ensure!(session.text("[data-variant]", "label").await?.as_deref() == Some("CRM, EU"), "no label");
    let styled: bool =
        session.eval("widget('[data-variant]').shadowRoot.adoptedStyleSheets.length === 1").await?;
    ensure!(styled, "without its style");
    session.run("document.querySelector('button').click();").await?;
    session
        .wait("widget('[data-variant=badge]') && !parts(widget('[data-variant]'), 'label').length")
        .await?;
    session.no_errors().await
}
