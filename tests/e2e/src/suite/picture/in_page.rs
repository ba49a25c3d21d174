//! The picture on a page without scripts.

use anyhow::{Context, Result, ensure};

use super::steps::{BADGE, GOOD, IMG, becomes, is_loaded, mount, wiki};
use crate::accessibility::prefer;
use crate::session::Session;
use crate::suite::contract::every_scenario;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("picture",
    "a page whose policy forbids all scripts shows the gateway's picture, in its own size" => size,
    "a picture that has no scripts beside it causes one request to Zoho" => one_request,
    "every scenario's picture loads, in every theme" => every_picture,
    "its colours are those of the theme in its address" => theme,
    "without a theme it follows the color-scheme of the page" => color_scheme,
    "without a theme it follows the reader's preference" => preference,
);

async fn size(session: &mut Session) -> Result<()> {
    let _chain = mount(session).await?;
    session.open(wiki(IMG)).await?;
    is_loaded(session, "#picture").await?;
    let [width, height, shown_width, shown_height]: [f64; 4] = session
        .eval(
            "((it) => [it.naturalWidth, it.naturalHeight, it.getBoundingClientRect().width, it.getBoundingClientRect().height])(
               document.querySelector('#picture'))",
        )
        .await?;
    session.note(format!("{width} x {height}, shown as {shown_width} x {shown_height}"));
    ensure!((100.0..=440.0).contains(&width) && height == 28.0, "{width} x {height}");
    ensure!((shown_width, shown_height) == (width, height), "it is shown as {shown_width} x {shown_height}");
    Ok(())
}

async fn one_request(session: &mut Session) -> Result<()> {
    let chain = mount(session).await?;
    for _ in 0..2 {
        session.open(wiki(IMG)).await?;
        is_loaded(session, "#picture").await?;
    }
    ensure!(session.host.count(BADGE) >= 1, "the picture does not come from the gateway");
    let requests = chain.zoho.record().count("scheduled");
    ensure!(requests == 1, "{requests} requests to Zoho");
    Ok(())
}

async fn every_picture(session: &mut Session) -> Result<()> {
    let pictures = every_scenario().flat_map(|scenario| {
        ["", "?theme=light", "?theme=dark"].map(|theme| {
            format!(
                "<img src=\"{{api}}/scenarios/{scenario}/badge.svg{theme}\" alt=\"{scenario}\" height=\"28\">"
            )
        })
    });
    session.open(wiki(&pictures.collect::<String>())).await?;
    session.wait("[...document.images].every(({ complete }) => complete)").await?;
    let (pictures, wrong): (usize, Vec<String>) = session
        .eval(
            "((all) => [all.length, all.filter(({ naturalWidth, naturalHeight }) =>
                 naturalWidth < 100 || naturalWidth > 440 || naturalHeight !== 28)
               .map(({ src, naturalWidth, naturalHeight }) => `${src}: ${naturalWidth} x ${naturalHeight}`)])(
               [...document.images])",
        )
        .await?;
    session.note(format!("{pictures} pictures"));
    ensure!(pictures == 3 * every_scenario().count(), "{pictures} pictures");
    ensure!(wrong.is_empty(), "{wrong:#?}");
    Ok(())
}

async fn theme(session: &mut Session) -> Result<()> {
    let _chain = mount(session).await?;
    let [light, dark] = ["light", "dark"]
        .map(|theme| format!("<p><img id={theme} src=\"/badge.svg?theme={theme}\" alt=State height=28></p>"));
    session.open(wiki(&[IMG, &light, &dark].concat())).await?;
    for (selector, expected) in [("#picture", GOOD[0]), ("#light", GOOD[0]), ("#dark", GOOD[1])] {
        is_loaded(session, selector).await?;
        becomes(session, selector, expected).await?;
    }
    Ok(())
}

async fn color_scheme(session: &mut Session) -> Result<()> {
    let _chain = mount(session).await?;
    let page =
        ["<meta name=color-scheme content=dark><style>html { color-scheme: dark }</style>", IMG].concat();
    session.open(wiki(&page)).await?;
    is_loaded(session, "#picture").await?;
    becomes(session, "#picture", GOOD[1]).await
}

async fn preference(session: &mut Session) -> Result<()> {
    let _chain = mount(session).await?;
    session.open(wiki(IMG)).await?;
    is_loaded(session, "#picture").await?;
    for (preference, expected) in [("dark", GOOD[1]), ("light", GOOD[0])] {
        prefer(session.web(), &[("prefers-color-scheme", preference)]).await?;
        becomes(session, "#picture", expected).await.with_context(|| preference)?;
    }
    Ok(())
}
