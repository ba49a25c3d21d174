//! What a page's own style sheets do to the widget: nothing that it has not documented.

use anyhow::{Result, ensure};

use crate::page::{Page, element_with};
use crate::session::Session;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("isolated",
    "what a page inherits into the widget changes nothing" => inherited,
    "color-scheme and visibility are the page's" => passed_on,
    "::part(card) { font: inherit } takes the page's font" => font,
);

/// Properties that are inherited, as a page might set them.
const HOSTILE: &str =
    "text-transform: uppercase; letter-spacing: 4px; word-spacing: 9px; white-space: nowrap;
    text-align: right; text-align-last: center; line-height: 3; font: italic small-caps 900 30px/3 monospace;
    text-shadow: 1px 1px red; text-indent: 40px; word-break: break-all; overflow-wrap: normal; color: red;
    cursor: crosshair; list-style: square inside; quotes: none; hyphens: auto; tab-size: 1; text-wrap: nowrap;
    border-collapse: collapse; border-spacing: 9px; caption-side: bottom; empty-cells: hide; orphans: 9;
    text-underline-offset: 9px; text-emphasis: dot; text-decoration-skip-ink: none; font-kerning: none;
    font-feature-settings: 'tnum'; font-stretch: condensed; font-size-adjust: 0.9; font-synthesis: none;
    -webkit-text-stroke: 1px red; -webkit-text-fill-color: red; fill: red; stroke: red; stroke-width: 9px;
    accent-color: red; caret-color: red; text-rendering: geometricPrecision; writing-mode: vertical-rl;
    image-rendering: pixelated; scrollbar-color: red blue";

/// Every computed property of every element in the widget's shadow root, and its box.
const COMPUTED: &str = "((w) => [...w.shadowRoot.querySelectorAll('[part=card], [part=card] *')].map((element) => {
    const style = getComputedStyle(element);
    const { width, height } = element.getBoundingClientRect();
    return [element.localName, Math.round(width), Math.round(height),
      ...[...style].filter((name) => !name.startsWith('--')).map((name) => `${name}: ${style.getPropertyValue(name)}`)];
  }))";

async fn inherited(session: &mut Session) -> Result<()> {
    for variant in ["card", "badge"] {
        let widget = |id| element_with(id, "scheduled", &format!("variant={variant}"));
        let page = format!(
            "<style>.box {{ width: 400px }} #hostile {{ {HOSTILE} }} zoho-backup-status {{ writing-mode: horizontal-tb }}</style>
             <div class=box>{}</div><div class=box id=hostile>{}</div>",
            widget("plain"),
            widget("dressed")
        );
        session.open(Page::new(page).fake_clock()).await?;
        session.settled("#plain").await?;
        session.settled("#dressed").await?;
        session
            .run(
                "for (const w of document.querySelectorAll('zoho-backup-status'))
                    for (const details of w.shadowRoot.querySelectorAll('details')) details.open = true;",
            )
            .await?;
        let differences: Vec<String> = session
            .eval(&format!(
                "((plain, dressed) => plain.flatMap((element, at) => element
                   .filter((value, index) => value !== dressed[at]?.[index])
                   .map((value) => `${{element[0]}}: ${{value}}`)))(
                   {COMPUTED}(widget('#plain')), {COMPUTED}(widget('#dressed')))"
            ))
            .await?;
        ensure!(
            differences.is_empty(),
            "{variant}: {} differ, such as {:?}",
            differences.len(),
            &differences[..differences.len().min(8)]
        );
        let elements: usize = session.eval(&format!("{COMPUTED}(widget('#plain')).length")).await?;
        session.note(format!("{variant}: {elements} elements are the same"));
        ensure!(elements > 5, "{elements} elements");
    }
    session.no_errors().await
}

async fn passed_on(session: &mut Session) -> Result<()> {
    session.open(Page::new(element_with("w", "scheduled", ""))).await?;
    session.settled("#w").await?;
    for (set, property, value) in [
        ("style.colorScheme = 'dark'", "colorScheme", "dark"),
        ("style.visibility = 'hidden'", "visibility", "hidden"),
        ("style.pointerEvents = 'none'", "pointerEvents", "none"),
    ] {
        session.run(&format!("document.body.{set};")).await?;
        let found: String =
            session.eval(&format!("getComputedStyle(parts(widget(), 'reason')[0]).{property}")).await?;
        ensure!(found == value, "{property}: {found}");
    }
    session.no_errors().await
}

async fn font(session: &mut Session) -> Result<()> {
    let page = format!(
        "<style>body {{ font: italic 21px/2 monospace }} #own::part(card) {{ font: inherit }}</style>{}{}",
        element_with("own", "scheduled", ""),
        element_with("usual", "scheduled", "")
    );
    session.open(Page::new(page)).await?;
    session.settled("#own").await?;
    session.settled("#usual").await?;
    let font = |id: &str| {
        format!(
            "(({{ fontSize, fontStyle }}) => `${{fontStyle}} ${{fontSize}}`)(getComputedStyle(parts(widget('{id}'), 'reason')[0]))"
        )
    };
    let (own, usual): (String, String) =
        session.eval(&format!("[{}, {}]", font("#own"), font("#usual"))).await?;
    ensure!(own == "italic 21px" && usual == "normal 14px", "{own}, {usual}");
    session.no_errors().await
}
