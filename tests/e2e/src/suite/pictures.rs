//! Contact sheets: every state in every look, as pictures in docs/. No tests.

use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::gallery::{different, open};
use crate::accessibility::force_colors;
use crate::page::Page;
use crate::session::Session;
use crate::test_case::{Test, tests};

/// What `--pictures` runs. Chromium only, whose tools give a picture of more than the window.
pub const SHEETS: &[Test] = tests!("pictures", "every state in every look" => sheets);

/// The folder of the documentation, from the repository's root.
const FOLDER: &str = "docs/looks";

/// A picture.
struct Sheet {
    name: &'static str,
    theme: &'static str,
    direction: &'static str,
    /// The width of a card, and how many stand side by side.
    columns: (u32, u32),
    are_forced: bool,
}

const SHEETS_TO_MAKE: [Sheet; 5] = [
    Sheet { name: "light", theme: "light", direction: "ltr", columns: (360, 3), are_forced: false },
    Sheet { name: "dark", theme: "dark", direction: "ltr", columns: (360, 3), are_forced: false },
    Sheet { name: "right-to-left", theme: "light", direction: "rtl", columns: (360, 3), are_forced: false },
    Sheet { name: "narrow", theme: "light", direction: "ltr", columns: (240, 4), are_forced: false },
    Sheet { name: "forced-colours", theme: "light", direction: "ltr", columns: (360, 3), are_forced: true },
];

const GAP: u32 = 16;

async fn sheets(session: &mut Session) -> Result<()> {
    open(session).await?;
    let ids = Value::from(different(session).await?);
    // The cards as they are, and a badge for each, which shares its answers.
    session
        .run(&format!(
            "const ids = {ids};
             const main = widget('main');
             for (const heading of main.querySelectorAll('h1, h2')) heading.remove();
             const badges = document.body.appendChild(document.createElement('section'));
             for (const it of document.querySelectorAll('zoho-backup-status')) {{
               it.hidden = !ids.includes(it.id);
               it.style.order = ids.indexOf(it.id);
             }}
             for (const id of ids) {{
               const badge = widget('#' + id).cloneNode();
               badge.id = `badge-${{id}}`;
               badge.setAttribute('variant', 'badge');
               badges.append(badge);
             }}
             await __clock.advance(0);"
        ))
        .await?;
    session
        .wait("document.querySelectorAll('section zoho-backup-status').values().every((it) => parts(it, 'badge').length)")
        .await?;
    std::fs::create_dir_all(FOLDER).with_context(|| format!("{FOLDER} cannot be created"))?;
    for sheet in SHEETS_TO_MAKE {
        make(session, &sheet).await.with_context(|| format!("the sheet {}", sheet.name))?;
    }
    badges_as_pictures(session).await.context("the sheet of pictures")
}

/// The badge of these scenarios as a picture, for light and for dark pages.
const PICTURED: [&str; 14] = [
    "scheduled",
    "due",
    "overdue",
    "running",
    "completed",
    "completed-passed",
    "failed",
    "stopped",
    "one-off",
    "none",
    "unknown-status",
    "contradiction",
    "scope-mismatch",
    "dropped",
];

async fn badges_as_pictures(session: &Session) -> Result<()> {
    force_colors(session.web(), None).await?;
    // The gallery has played others in its place.
    session.api()?.play_in_turn("scheduled", Vec::new());
    let pictures = |theme: &str| {
        let picture =
            |name| format!("<img src=\"{{api}}/scenarios/{name}/badge.svg?theme={theme}\" alt=\"\">");
        let all: String = PICTURED.map(picture).concat();
        format!(
            "<div class=\"{theme}\">{all}<img width=\"220\" height=\"24\" {}</div>",
            &picture("scheduled")[5..]
        )
    };
    let style = "body { margin: 0; width: 800px; display: grid; grid-template-columns: 1fr 1fr }
        div { padding: 16px; display: grid; gap: 12px; justify-items: start } .dark { background: #0f141c }";
    let body = format!("<style>{style}</style>{}{}", pictures("light"), pictures("dark"));
    session.open(Page::new(body).without_widget()).await?;
    session.wait("[...document.images].every((it) => it.complete && it.naturalWidth > 0)").await?;
    capture(session, "pictures", 800).await
}

async fn make(session: &Session, sheet: &Sheet) -> Result<()> {
    let Sheet { name, theme, direction, columns: (width, columns), are_forced } = sheet;
    let total = (width + GAP) * columns + GAP;
    force_colors(session.web(), are_forced.then_some("dark")).await?;
    session
        .run(&format!(
            "widget('main').dir = widget('section').dir = '{direction}';
             document.documentElement.style.colorScheme = '{theme}';
             document.body.style.cssText = 'margin: 0; width: {total}px';
             for (const it of document.querySelectorAll('zoho-backup-status')) it.theme = '{theme}';
             widget('main').style.cssText = 'display: grid; gap: {GAP}px; padding: {GAP}px; align-items: start; ' +
               'grid-template-columns: repeat({columns}, {width}px)';
             widget('section').style.cssText =
               'display: flex; flex-wrap: wrap; gap: {GAP}px 32px; padding: 0 {GAP}px {GAP}px';
             await new Promise(requestAnimationFrame);"
        ))
        .await?;
    capture(session, name, total).await
}

/// Writes a picture of the page, as wide as that.
async fn capture(session: &Session, name: &str, total: u32) -> Result<()> {
    let height: u32 = session.eval("Math.ceil(document.body.getBoundingClientRect().height)").await?;
    let clip = json!({ "x": 0, "y": 0, "width": total, "height": height, "scale": 1 });
    let options = json!({ "format": "webp", "quality": 85, "captureBeyondViewport": true, "clip": clip });
    let answer = session.web().cdp().send_raw("Page.captureScreenshot", options).await?;
    let picture = STANDARD.decode(answer["data"].as_str().context("Chromium gives no picture")?)?;
    let file = format!("{FOLDER}/{name}.webp");
    std::fs::write(&file, &picture).with_context(|| format!("{file} cannot be written"))?;
    session.note(format!("{file}: {total} x {height} pixels, {} bytes", picture.len()));
    ensure!(height > 500, "it is only {height} pixels high");
    Ok(())
}
