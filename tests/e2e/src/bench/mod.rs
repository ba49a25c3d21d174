//! `--bench`: the widget's speed beside an element that is written by hand and one that is made with well-known libraries,
//! in Chromium. It asserts nothing: it writes docs/benchmarks.md.

mod chromium;
mod contender;
mod document;
mod portal;
mod series;
mod ticking;
mod visits;

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::json;

use crate::folders::Folders;
use chromium::{start, tools};
use document::Document;
use portal::Portal;

/// Where the figures are written, from the repository's root.
const FILE: &str = "docs/benchmarks.md";

/// Measures everything and writes the document. `contenders` is the folder with their bundled scripts, `rounds` how often
/// each figure is measured.
pub async fn run(folders: &Folders, contenders: &Path, rounds: usize) -> Result<()> {
    let portal = Portal::start(&folders.dist, contenders).await?;
    let browser = start().await?;
    let version = tools(browser.web(), "Browser.getVersion", json!({})).await?;
    let date = browser.web().execute("return new Date().toISOString().slice(0, 10)", Vec::new()).await?;
    browser.quit().await;
    let document = Document {
        date: date.json().as_str().unwrap_or_default().to_owned(),
        browser: version["product"].as_str().unwrap_or_default().to_owned(),
        rounds,
        sizes: portal.sizes,
        visits: visits::measure(&portal, rounds).await?,
        ticking: ticking::measure(&portal, rounds.div_ceil(3)).await?,
    };
    let text = document.text()?;
    std::fs::write(FILE, &text).with_context(|| format!("{FILE} cannot be written"))?;
    println!("\n{text}");
    Ok(())
}
