//! Contact sheets: every state in every look, as pictures in docs/. No tests.

use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use zoho_backup_words::languages::ALL;

use super::gallery::{different, open};
use crate::accessibility::force_colors;
use crate::page::{Page, element_with};
use crate::session::Session;
use crate::test_case::{Test, tests};

/// What `--pictures` runs. Chromium only, whose tools give a picture of more than the window.
pub const SHEETS: &[Test] = tests!("pictures", "every state in every look" => sheets);

/// The folder of the documentation, from the repository's root.
const FOLDER: &str = "docs/looks";

/// Where the sheets of single languages go, for those who check a translation: all of them would double the repository.
const FOLDER_OF_LANGUAGES: &str = "target/looks";

/// A picture.
struct Sheet {
    name: &'static str,
    theme: &'static str,
    /// The language of the page.
    lang: &'static str,
    /// The width of a card, and how many stand side by side.
    columns: (u32, u32),
    are_forced: bool,
}

const SHEETS_TO_MAKE: [Sheet; 5] = [
    Sheet { name: "light", theme: "light", lang: "en", columns: (360, 3), are_forced: false },
    Sheet { name: "dark", theme: "dark", lang: "en", columns: (360, 3), are_forced: false },
    Sheet { name: "right-to-left", theme: "light", lang: "ar", columns: (360, 3), are_forced: false },
    Sheet { name: "narrow", theme: "light", lang: "en", columns: (240, 4), are_forced: false },
    Sheet { name: "forced-colours", theme: "light", lang: "en", columns: (360, 3), are_forced: true },
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
    for folder in [FOLDER, FOLDER_OF_LANGUAGES] {
        std::fs::create_dir_all(folder).with_context(|| format!("{folder} cannot be created"))?;
    }
    for sheet in SHEETS_TO_MAKE {
        make(session, &sheet, FOLDER).await.with_context(|| format!("the sheet {}", sheet.name))?;
    }
    for lang in ALL.iter().map(|language| language.tag) {
        let sheet = Sheet { name: lang, theme: "light", lang, columns: (360, 3), are_forced: false };
        make(session, &sheet, FOLDER_OF_LANGUAGES).await.with_context(|| format!("the sheet of {lang}"))?;
    }
    badges_as_pictures(session).await.context("the sheet of pictures")?;
    one_card_of_each_language(session).await.context("the sheet of languages")
}

/// A card with a history, and one of a fault as a badge, in each language.
async fn one_card_of_each_language(session: &Session) -> Result<()> {
    let card = |lang: &str| {
        let inside = [
            element_with(lang, "month", ""),
            element_with(&format!("{lang}-badge"), "overdue", "variant=badge"),
        ];
        format!("<div lang={lang}>{}</div>", inside.concat())
    };
    let all: String = ALL.iter().map(|language| card(language.tag)).collect();
    let style = "body { margin: 0; width: 1144px; display: grid; gap: 24px 16px; padding: 16px; box-sizing: border-box;
        grid-template-columns: repeat(3, 360px) } div { display: grid; gap: 8px; align-content: start; justify-items: start }
        [variant=badge] { margin: 4px } zoho-backup-status { justify-self: stretch }";
    session.open(Page::new(format!("<style>{style}</style>{all}"))).await?;
    let tags = Value::from(ALL.iter().map(|language| language.tag).collect::<Vec<_>>());
    session
        .wait(&format!(
            "{tags}.every((tag) => [tag, tag + '-badge'].every((id) =>
               (([root]) => root?.lang === tag && root.querySelector('[data-state]:not([data-state=loading])'))(
                 [document.getElementById(id).shadowRoot.querySelector('.widget')])))"
        ))
        .await?;
    capture(session, FOLDER, "languages", 1144).await
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
    capture(session, FOLDER, "pictures", 800).await
}

async fn make(session: &Session, sheet: &Sheet, folder: &str) -> Result<()> {
    let Sheet { name, theme, lang, columns: (width, columns), are_forced } = sheet;
    let total = (width + GAP) * columns + GAP;
    force_colors(session.web(), are_forced.then_some("dark")).await?;
    session
        .run(&format!(
            "document.documentElement.lang = '{lang}';
             widget('main').dir = widget('section').dir = '{lang}' === 'ar' ? 'rtl' : 'ltr';
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
    session.speaks(lang).await?;
    capture(session, folder, name, total).await
}

/// Writes a picture of the page, as wide as that.
async fn capture(session: &Session, folder: &str, name: &str, total: u32) -> Result<()> {
    let height: u32 = session.eval("Math.ceil(document.body.getBoundingClientRect().height)").await?;
    let clip = json!({ "x": 0, "y": 0, "width": total, "height": height, "scale": 1 });
    let options = json!({ "format": "webp", "quality": 85, "captureBeyondViewport": true, "clip": clip });
    let answer = session.web().cdp().send_raw("Page.captureScreenshot", options).await?;
    let picture = STANDARD.decode(answer["data"].as_str().context("Chromium gives no picture")?)?;
    let file = format!("{folder}/{name}.webp");
    std::fs::write(&file, &picture).with_context(|| format!("{file} cannot be written"))?;
    session.note(format!("{file}: {total} x {height} pixels, {} bytes", picture.len()));
    ensure!(height > 500, "it is only {height} pixels high");
    Ok(())
}
