//! The example app: the widget as a component of somebody's Leptos app.

use anyhow::{Result, ensure};

use crate::page::Page;
use crate::runner::Test;
use crate::session::Session;

pub const TESTS: &[Test] = crate::tests!("leptos",
    "the example app shows the widget, passes a prop on and hears the change" => example,
);

async fn example(session: &mut Session) -> Result<()> {
    session.files.add("/start.js", "import init from './example/leptos-example.js'; await init();");
    // The app asks the page's own origin; here that is the API's.
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
