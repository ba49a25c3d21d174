//! Attributes of appearance.

use anyhow::{Result, ensure};
use serde_json::Value;

use crate::page::{Page, element};
use crate::session::Session;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("contract attribute",
    "theme: auto follows the page's color-scheme, light and dark do not" => theme,
    "variant: switches between card and badge" => variant,
    "label: names the heading and the group" => label,
    "heading-level: is the heading's level" => heading_level,
    "href: makes the heading a link, but never to a script" => href,
    "target: is where that link opens" => target,
);

/// The lightness of the card's background and of its text: 0 is black, 1 is white.
async fn lightness(session: &Session, id: &str) -> Result<(f64, f64)> {
    session
        .eval(&format!(
            "['backgroundColor', 'color'].map((name) => {{
               const colour = getComputedStyle(parts(widget('#{id}'), 'card')[0])[name];
               const [red, green, blue] = colour.match(/[\\d.]+/g).map(Number);
               return (red + green + blue) / 3 / 255;
             }})"
        ))
        .await
}

async fn is_light(session: &Session, id: &str, light: bool) -> Result<()> {
    let (background, text) = lightness(session, id).await?;
    let expected = if light { background > 0.9 && text < 0.3 } else { background < 0.2 && text > 0.7 };
    ensure!(expected, "{id}: background {background:.2}, text {text:.2}");
    Ok(())
}

async fn theme(session: &mut Session) -> Result<()> {
    let one =
        |id: &str, theme: &str| element("scheduled").replace("id=\"scheduled\"", &format!("id={id} {theme}"));
    let elements = [
        one("default", ""),
        one("auto", "theme=auto"),
        one("light", "theme=light"),
        one("dark", "theme=dark"),
    ];
    session.open(Page::new(format!("<div id=box>{}</div>", elements.concat()))).await?;
    for id in ["#default", "#auto", "#light", "#dark"] {
        session.settled(id).await?;
    }
    for (scheme, light) in [("normal", true), ("dark", false), ("light", true), ("only dark", false)] {
        for place in ["document.documentElement", "document.querySelector('#box')"] {
            session.run(&format!("{place}.style.colorScheme = '{scheme}';")).await?;
            is_light(session, "default", light).await?;
            is_light(session, "auto", light).await?;
            is_light(session, "light", true).await?;
            is_light(session, "dark", false).await?;
            session.run(&format!("{place}.style.colorScheme = '';")).await?;
        }
    }
    // A badge with its own theme is readable on a page with the other theme.
    session
        .run("document.documentElement.style.colorScheme = 'dark'; widget('#light').variant = 'badge';")
        .await?;
    is_light(session, "light", true).await?;
    session.run("document.documentElement.style.colorScheme = ''; widget('#light').variant = null;").await?;
    session.run("widget('#light').theme = 'dark'; widget('#dark').theme = null;").await?;
    is_light(session, "light", false).await?;
    is_light(session, "dark", true).await?;
    session.no_errors().await
}

async fn variant(session: &mut Session) -> Result<()> {
    session.open(Page::of("scheduled")).await?;
    session.settled("#scheduled").await?;
    let details = ["label", "reason", "next-run", "schedule", "details", "freshness"];
    let shapes = [("card", true), ("badge", false), ("card", true), ("badge", false)];
    for (variant, has_details) in shapes {
        session.run(&format!("widget().variant = '{variant}';")).await?;
        for part in ["badge", "countdown"] {
            ensure!(session.text("#scheduled", part).await?.is_some(), "the {variant} has no {part}");
        }
        for part in details {
            let shown = session.text("#scheduled", part).await?.is_some();
            ensure!(shown == has_details, "the {variant}'s {part} is shown: {shown}");
        }
        let cards: usize = session.eval("parts(widget(), 'card').length").await?;
        ensure!(cards == 1, "{cards} cards");
        let (height, display): (f64, String) = session
            .eval("[widget().getBoundingClientRect().height, getComputedStyle(widget()).display]")
            .await?;
        session.note(format!("{variant}: {height} px, {display}"));
        let in_line = display == "inline-block" && height < 40.0;
        ensure!(in_line != has_details, "{variant}: {height} px, {display}");
    }
    session.run("widget().variant = null;").await?;
    ensure!(session.text("#scheduled", "reason").await?.is_some(), "the default is not the card");
    ensure!(session.requests("scheduled")? == 1, "a variant caused another request");
    let names: Vec<_> = session.events().await?.into_iter().map(|event| event.name).collect();
    ensure!(names == ["backup-status-change", "backup-status-update"], "a variant fired an event: {names:?}");
    session.no_errors().await
}

async fn heading_level(session: &mut Session) -> Result<()> {
    session.open(Page::of("scheduled")).await?;
    session.settled("#scheduled").await?;
    let heading = "parts(widget(), 'label')[0]";
    for (given, level) in [("null", "3"), ("2", "2"), ("6", "6"), ("4", "4"), ("null", "3")] {
        session.run(&format!("widget().headingLevel = {given};")).await?;
        let found: String =
            session.eval(&format!("{heading}.ariaLevel ?? {heading}.getAttribute('aria-level')")).await?;
        ensure!(found == level, "{given}: {found}");
    }
    let console = session.console().await?;
    ensure!(console.is_empty(), "{console:?}");
    session.run("widget().headingLevel = 1;").await?;
    let found: String = session.eval(&format!("{heading}.getAttribute('aria-level')")).await?;
    let console = session.console().await?;
    ensure!(
        found == "3" && console.len() == 1 && console[0].contains("heading-level"),
        "{found}, {console:?}"
    );
    let attributes: Vec<String> = session.eval(&format!("{heading}.getAttributeNames()")).await?;
    ensure!(attributes.iter().all(|name| !name.contains(':')), "{attributes:?}");
    session.no_errors().await
}

async fn target(session: &mut Session) -> Result<()> {
    session.open(Page::of("scheduled")).await?;
    session.settled("#scheduled").await?;
    session.run("widget().href = '/backups';").await?;
    let link = "widget().shadowRoot.querySelector('[part=label] a')";
    for (given, expected) in [("null", ""), ("'_blank'", "_blank"), ("'crm'", "crm"), ("null", "")] {
        session.run(&format!("widget().target = {given};")).await?;
        let (found, rel): (String, String) = session.eval(&format!("[{link}.target, {link}.rel]")).await?;
        ensure!(found == expected && rel == "noopener", "{given}: {found}, {rel}");
    }
    session.no_errors().await
}

async fn label(session: &mut Session) -> Result<()> {
    session.open(Page::of("scheduled")).await?;
    session.settled("#scheduled").await?;
    for (given, shown) in [
        ("null", "Zoho CRM backup"),
        ("'Sales – EU'", "Sales – EU"),
        ("'<b>Sales</b> & \"more\"'", "<b>Sales</b> & \"more\""),
        ("'   '", "Zoho CRM backup"),
    ] {
        for variant in ["card", "badge"] {
            session.run(&format!("widget().variant = '{variant}'; widget().label = {given};")).await?;
            let name: String = session.eval("parts(widget(), 'card')[0].getAttribute('aria-label')").await?;
            ensure!(name == shown, "{variant}: {given} is named {name}");
        }
        session.run("widget().variant = 'card';").await?;
        let label = session.text("#scheduled", "label").await?;
        ensure!(label.as_deref() == Some(shown), "{given} shows {label:?}");
    }
    ensure!(session.requests("scheduled")? == 1, "a label caused another request");
    session.no_errors().await
}

async fn href(session: &mut Session) -> Result<()> {
    session.open(Page::of("scheduled")).await?;
    session.settled("#scheduled").await?;
    let link = "widget().shadowRoot.querySelector('[part=label] a')?.href ?? null";
    session.run("widget().href = '/backups'; await new Promise(requestAnimationFrame);").await?;
    let resolved: bool =
        session.eval(&format!("({link}) === new URL('/backups', document.baseURI).href")).await?;
    ensure!(resolved, "the link is {:?}", session.eval::<Value>(link).await?);
    session.run("widget().href = 'javascript:alert(1)'; await new Promise(requestAnimationFrame);").await?;
    let none: Value = session.eval(link).await?;
    ensure!(none.is_null(), "the link is {none}");
    session.expect_console(&["href \"javascript:alert(1)\""]).await?;
    session.no_errors().await
}
