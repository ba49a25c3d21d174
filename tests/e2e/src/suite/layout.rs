//! The room that the widget takes in its host's layout.

use anyhow::{Result, ensure};

use crate::page::{Page, element, element_with};
use crate::session::Session;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("layout",
    "a card keeps its width where its host shrinks to its content" => card,
    "a badge is laid out in the line of text" => badge,
);

/// Layouts that shrink to their content, with `{}` for the widget.
const SHRINKING: [(&str, &str); 6] = [
    ("flex row", "<div style='display: flex'>{}</div>"),
    ("flex row with a greedy neighbour", "<div style='display: flex'>{}<p style='flex: 1'>Text</p></div>"),
    ("inline-block", "<div style='display: inline-block'>{}</div>"),
    ("table cell", "<table><tr><td>{}</table>"),
    ("grid", "<div style='display: grid; justify-items: start'>{}</div>"),
    ("float", "<div style='float: left'>{}</div>"),
];

/// The visible text nodes of the widget, each with its number of lines.
const LINES: &str = "[...w.shadowRoot.querySelectorAll('*')]
    .filter((element) => element.checkVisibility() && element.getBoundingClientRect().width > 1)
    .flatMap((element) => [...element.childNodes])
    .filter((node) => node.nodeType === Node.TEXT_NODE && node.data.trim())
    .map((node) => {
      const range = document.createRange();
      range.selectNodeContents(node);
      const tops = [...range.getClientRects()].map(({ top }) => Math.round(top));
      return [node.data.trim(), new Set(tops).size];
    })";

async fn card(session: &mut Session) -> Result<()> {
    for (name, layout) in SHRINKING {
        let body = layout.replace("{}", &element("scheduled"));
        session.open(Page::new(body).fake_clock()).await?;
        session.settled("#scheduled").await?;
        is_wide(session, &format!("{name}, element")).await?;

        let body = layout.replace("{}", "<div id=target></div>");
        session.open(Page::new(body).without_widget().fake_clock()).await?;
        mount(session, "card").await?;
        is_wide(session, &format!("{name}, mount()")).await?;
    }
    Ok(())
}

async fn is_wide(session: &Session, name: &str) -> Result<()> {
    session.run("window.w = widget('#scheduled, #target');").await?;
    let width: f64 = session.eval("w.offsetWidth").await?;
    session.note(format!("{name}: {width} px"));
    ensure!(width >= 200.0, "{name}: {width} px");
    let lines: Vec<(String, usize)> = session.eval(LINES).await?;
    ensure!(lines.len() >= 5, "{name}: no more texts than {lines:?}");
    for (text, lines) in lines {
        let letters = text.chars().count();
        ensure!(letters < 4 || lines * 3 <= letters, "{name}: {lines} lines for {text:?}");
    }
    session.no_errors().await
}

async fn mount(session: &Session, variant: &str) -> Result<()> {
    session
        .run(&format!(
            "const {{ mount }} = await import('{{files}}/zoho-backup-status.js');
             const options = {{ proxyUrl: '{}', variant: '{variant}' }};
             window.handle = await mount(widget('#target'), options);",
            session.url("scheduled")
        ))
        .await?;
    session.wait("handle.verdict.state !== 'loading'").await
}

async fn badge(session: &mut Session) -> Result<()> {
    for word in ["badge", "Badge", "BADGE"] {
        let element = element_with("scheduled", "scheduled", &format!("variant={word}"));
        session.open(Page::new(format!("<p>The backup: {element} as of now.</p>"))).await?;
        session.settled("#scheduled").await?;
        is_in_line(session, &format!("variant={word}")).await?;

        let body = "<p>The backup: <span id=target></span> as of now.</p>";
        session.open(Page::new(body).without_widget()).await?;
        mount(session, word).await?;
        is_in_line(session, &format!("mount() with {word}")).await?;
    }
    // In a block, and by a later change.
    session.open(Page::new("<div id=target></div>").without_widget()).await?;
    mount(session, "card").await?;
    session.run("handle.update({ variant: 'badge' });").await?;
    is_in_line(session, "update()").await
}

async fn is_in_line(session: &Session, name: &str) -> Result<()> {
    session.run("window.w = widget('#scheduled, #target');").await?;
    let (display, width, page): (String, f64, f64) =
        session.eval("[getComputedStyle(w).display, w.offsetWidth, document.body.offsetWidth]").await?;
    session.note(format!("{name}: {display}, {width} of {page} px"));
    ensure!(display.starts_with("inline"), "{name}: {display}");
    ensure!(width > 0.0 && width < page / 2.0, "{name}: {width} of {page} px");
    let label: Option<String> = session.eval("seen(w, 'label')").await?;
    ensure!(label.is_none(), "{name}: the badge has a heading, {label:?}");
    session.no_errors().await
}
