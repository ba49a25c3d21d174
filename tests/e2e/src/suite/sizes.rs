//! The widget in narrow and wide places, with larger text, mirrored, and on paper.

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use zoho_backup_words::languages::ALL;

use super::gallery::{Look, open, show};
use crate::page::{Page, element_with};
use crate::recipe::recipe;
use crate::session::Session;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("sizes",
    "from 240 to 1,200 pixels no card sticks out of its place" => |session| widths(session, "card"),
    "from 240 to 1,200 pixels no badge sticks out of its place" => |session| widths(session, "badge"),
    "with text twice as large no card sticks out of its place" => large_text,
    "at a zoom of 400 % an opened card is inside the window, and scrolls" => zoomed,
    "where one reads from right to left, marks that show a direction are mirrored" => mirrored,
    "on paper details are open, and there is no button" => paper,
    "in the place that a page reserves nothing moves, from the outline to the card and to an error" => reserved,
);

/// What sticks out of the widgets' places: the ids, with the text and by how many pixels.
const STICKING_OUT: &str = "[...document.querySelectorAll('zoho-backup-status')].flatMap((it) => {
    const place = it.parentElement.getBoundingClientRect();
    return [...it.shadowRoot.querySelectorAll('*')]
      .filter((element) => element.checkVisibility() && !element.closest('.said'))
      .map((element) => [element, element.getBoundingClientRect()])
      .filter(([, { left, right, width }]) => width > 0 && (left < place.left - 1 || right > place.right + 1))
      .map(([element, { left, right }]) =>
        `${it.id}: ${element.localName}.${element.className} ${left}-${right} of ${place.left}-${place.right}`);
  })";

async fn widths(session: &mut Session, variant: &'static str) -> Result<()> {
    open(session).await?;
    for lang in ALL.iter().map(|language| language.tag).chain(["en"]) {
        let look = Look { variant, theme: "light", lang };
        let widgets = show(session, look).await?;
        for width in [240, 320, 480, 800, 1200] {
            session.run(&format!("document.querySelector('main').style.width = '{width}px';")).await?;
            nothing_sticks_out(session).await.with_context(|| format!("{width} px, {look:?}"))?;
        }
        session.note(format!("{variant}, {lang}: {widgets} widgets in 5 widths"));
    }
    Ok(())
}

async fn nothing_sticks_out(session: &Session) -> Result<()> {
    let out: Vec<String> = session.eval(STICKING_OUT).await?;
    ensure!(out.is_empty(), "{} stick out: {:#?}", out.len(), &out[..out.len().min(5)]);
    Ok(())
}

async fn large_text(session: &mut Session) -> Result<()> {
    open(session).await?;
    session
        .run(
            "const { style } = document.querySelector('main');
              style.width = '320px';
              style.setProperty('--zoho-backup-font', '400 28px/1.45 sans-serif');",
        )
        .await?;
    for lang in ALL.iter().map(|language| language.tag).chain(["en"]) {
        show(session, Look { variant: "card", theme: "light", lang }).await?;
        nothing_sticks_out(session).await.context(lang)?;
    }
    Ok(())
}

/// 1,280 by 800 pixels at 400 % are 320 by 200.
async fn zoomed(session: &mut Session) -> Result<()> {
    session.open(Page::new("<iframe id=frame width=320 height=200></iframe>").without_widget()).await?;
    let widget = element_with("w", "scheduled", "variant=badge");
    let inner = Value::from(format!(
        "<!doctype html><title>Frame</title><body><div style='height: 90px'></div>{widget}
         <script type=module src='{{files}}/zoho-backup-status.js'></script>"
    ));
    session.run(&format!("widget('#frame').srcdoc = {inner};")).await?;
    session
        .run(
            "window.inner = () => widget('#frame').contentDocument;
                 window.root = () => inner().querySelector('zoho-backup-status')?.shadowRoot;",
        )
        .await?;
    session.wait("root()?.querySelector('[popovertarget]')").await?;
    session.wait("root().host.verdict.state === 'scheduled'").await?;
    session.run("root().querySelector('[popovertarget]').click();").await?;
    session.wait("root().querySelector('[part~=reason]')").await?;
    let (left, top, right, bottom, hidden): (f64, f64, f64, f64, f64) = session
        .eval("((it) => (({ left, top, right, bottom }) => [left, top, right, bottom, it.scrollHeight - it.clientHeight])(
                 it.getBoundingClientRect()))(root().querySelector('[popover]'))")
        .await?;
    session.note(format!("{left}, {top} to {right}, {bottom} of 320, 200; {hidden} px to scroll"));
    ensure!(left >= 0.0 && top >= 0.0 && right <= 320.0 && bottom <= 200.0, "it is not inside the window");
    ensure!(hidden > 0.0, "there is nothing to scroll");
    let sideways: bool =
        session.eval("((it) => it.scrollWidth <= it.clientWidth)(root().querySelector('[popover]'))").await?;
    ensure!(sideways, "it scrolls sideways");
    // To scroll inside does not close it.
    session
        .run("root().querySelector('[popover]').scrollTop = 50; await new Promise(requestAnimationFrame);")
        .await?;
    let is_open: bool = session.eval("root().querySelector('[popover]').matches(':popover-open')").await?;
    ensure!(is_open, "to scroll in the card closes it");
    session.no_errors().await
}

async fn mirrored(session: &mut Session) -> Result<()> {
    for (scenario, is_mirrored) in [
        ("unknown-status", true),
        ("unauthorized", true),
        ("scheduled", false),
        ("completed", false),
        ("running", false),
    ] {
        for lang in ["en", "ar"] {
            session.open(Page::new(element_with("w", scenario, &format!("lang={lang}")))).await?;
            session.settled("#w").await?;
            let scale: String =
                session.eval("getComputedStyle(parts(widget('#w'), 'icon')[0]).scale").await?;
            let expected = if is_mirrored && lang == "ar" { "-1 1" } else { "none" };
            ensure!(scale == expected, "{scenario}, {lang}: {scale}");
        }
    }
    session.no_errors().await
}

/// Makes what the style sheet says for paper true of the screen.
const ON_PAPER: &str = "for (const sheet of widget('#w').shadowRoot.adoptedStyleSheets) {
   for (const { media } of sheet.cssRules) {
     if (media?.mediaText.includes('print')) media.mediaText = 'screen';
   }
 }";

async fn paper(session: &mut Session) -> Result<()> {
    session.open(Page::new(element_with("w", "scheduled", ""))).await?;
    session.settled("#w").await?;
    const SEEN: &str = "((root) => [
         root.querySelector('[part~=refresh]').checkVisibility(),
         ...['details', 'upcoming'].map((name) =>
            root.querySelector(`[part=${name}] :is(dd, li)`).checkVisibility({ contentVisibilityAuto: true })),
         getComputedStyle(root.querySelector('.badge')).borderTopColor === getComputedStyle(root.querySelector('.badge')).color,
       ])(widget('#w').shadowRoot)";
    let on_screen: [bool; 4] = session.eval(SEEN).await?;
    ensure!(on_screen == [true, false, false, false], "on the screen: {on_screen:?}");
    session.run(ON_PAPER).await?;
    let on_paper: [bool; 4] = session.eval(SEEN).await?;
    ensure!(on_paper == [false, true, true, true], "on paper: {on_paper:?}");
    session.no_errors().await
}

/// Notes where the text below or beside the widget is, in every frame, and in Chromium what it counts as a shift of the
/// layout.
pub const WATCH: &str = "window.places = new Set(); window.shift = 0;
 (function look() {
   const { left, top } = document.querySelector('#next').getBoundingClientRect();
   places.add(`${left}, ${top}`);
   requestAnimationFrame(look);
 })();
 try {
   new PerformanceObserver((list) => { for (const { value } of list.getEntries()) shift += value; })
     .observe({ type: 'layout-shift', buffered: true });
 } catch {}";

/// Until what was changed is painted.
pub const PAINTED: &str =
    "for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);";

async fn reserved(session: &mut Session) -> Result<()> {
    let rules = recipe("reserve.css")?;
    for (variant, next) in [("card", "<p id=next>Below</p>"), ("badge", "<span id=next>Beside</span>")] {
        for first in ["scheduled", "forbidden"] {
            let widget = element_with("w", first, &format!("variant={variant}"));
            let page =
                Page::new(format!("<style>{rules}</style><main style='width: 480px'>{widget}{next}</main>"));
            session.open(page.without_widget().fake_clock()).await?;
            session.run(&[WATCH, PAINTED, "await import('{files}/zoho-backup-status.js');"].concat()).await?;
            session.settled("#w").await?;
            session.run(PAINTED).await?;
            let shift: f64 = session.eval("shift").await?;
            session.note(format!("{variant}, {first}: a shift of {shift}"));
            ensure!(shift == 0.0, "{variant}, {first}: a shift of {shift}");
            for answer in ["failed", "unauthorized", "running", "internal-error", "completed", "html"] {
                session.respond_as(first, answer)?;
                session.pass(10_000).await?;
                session.run(&["await widget('#w').refresh();", PAINTED].concat()).await?;
            }
            session.pass(1_500_000).await?;
            session.run(PAINTED).await?;
            let places: Vec<String> = session.eval("[...places]").await?;
            ensure!(places.len() == 1, "{variant}: the text next to it moves: {places:?}");
        }
    }
    session.no_errors().await
}
