//! The picture's own address in a tab.

use anyhow::{Result, ensure};

use super::steps::{BADGE, mount};
use crate::engine::Engine;
use crate::session::Session;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("picture",
    "opened in a tab, it has its colours and its sentences, and the policy stops nothing of it" => shown,
    "opened in a tab, it runs no script, not even one that is put into it" => no_script,
);

async fn open(session: &Session) -> Result<()> {
    session.is_quiet().await?;
    session.web().goto(format!("{}{BADGE}", session.host.origin())).await?;
    session.wait("document.documentElement?.localName === 'svg' && document.readyState === 'complete'").await
}

async fn shown(session: &mut Session) -> Result<()> {
    let _chain = mount(session).await?;
    open(session).await?;
    let title = session.web().title().await?;
    session.note(title.as_str());
    ensure!(title.starts_with("Zoho CRM backup: Scheduled."), "the title is {title}");
    let (wash, late): (String, String) = session
        .eval(
            "[getComputedStyle(document.querySelector('.now .wash')).fill,
              getComputedStyle(document.querySelector('.late')).opacity]",
        )
        .await?;
    ensure!(wash == "rgb(226, 244, 232)" && late == "0", "the pill is {wash}, what it says late is {late}");
    if session.engine == Engine::Chromium {
        let console = session.web().browser_log().await?;
        ensure!(console.is_empty(), "the console shows {console:?}");
    }
    Ok(())
}

async fn no_script(session: &mut Session) -> Result<()> {
    let _chain = mount(session).await?;
    open(session).await?;
    session
        .run(
            "const script = document.createElementNS('http://www.w3.org/2000/svg', 'script');
             script.textContent = 'document.documentElement.setAttribute(\"data-ran\", \"\");';
             document.documentElement.append(script);
             document.documentElement.setAttribute('onclick', script.textContent);
             document.documentElement.dispatchEvent(new MouseEvent('click'));",
        )
        .await?;
    let ran: bool = session.eval("document.documentElement.hasAttribute('data-ran')").await?;
    ensure!(!ran, "a script runs in it");
    Ok(())
}
