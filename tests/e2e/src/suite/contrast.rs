//! The contrast of every text and every icon on the ground behind it, in both themes.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use super::gallery::{Look, looks, open, show};
use crate::page::{Page, element};
use crate::session::Session;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("contrast",
    "it is that of the painted colours" => painted,
    "texts and icons of cards stand out from their ground" => |session| variant(session, "card"),
    "texts and icons of badges stand out from their ground" => |session| variant(session, "badge"),
);

/// What WCAG 2.2 asks of text (1.4.3, AA), and of graphics that carry meaning (1.4.11).
const TEXT: f64 = 4.5;
const ICON: f64 = 3.0;

#[derive(Deserialize)]
struct Contrasts {
    texts: Vec<Contrast>,
    icons: Vec<Contrast>,
}

#[derive(Clone, Deserialize)]
struct Contrast {
    what: String,
    ratio: f64,
}

/// The contrast of texts and icons, widget by widget.
async fn measure(session: &Session) -> Result<Vec<Contrasts>> {
    session
        .eval(
            "import('{files}/harness/contrast.js').then(({ contrasts }) =>
               [...document.querySelectorAll('zoho-backup-status')].map(contrasts))",
        )
        .await
}

/// Half transparent black on white is #808080, whose contrast is 3.95.
async fn painted(session: &mut Session) -> Result<()> {
    let style = "<style>html { background: white; color-scheme: light }
        zoho-backup-status { --zoho-backup-text: rgb(0 0 0 / 0.498); --zoho-backup-background: transparent }</style>";
    session.open(Page::new([style, &element("scheduled")].concat())).await?;
    session.settled("#scheduled").await?;
    let all = measure(session).await?;
    let label = all.iter().flat_map(|of| &of.texts).find(|text| text.what == "Zoho CRM backup");
    let ratio = label.context("the label is not measured")?.ratio;
    ensure!((ratio - 3.95).abs() < 0.02, "the contrast is {ratio:.3}");
    Ok(())
}

async fn variant(session: &mut Session, variant: &'static str) -> Result<()> {
    open(session).await?;
    // The contrast does not depend on the direction.
    for look in looks(variant).filter(|look| look.lang == "en") {
        let widgets = show(session, look).await?;
        let all = measure(session).await?;
        let complete = all.iter().all(|of| !of.texts.is_empty() && !of.icons.is_empty());
        ensure!(complete && all.len() == widgets, "a widget without text or without an icon: {look:?}");
        let (texts, icons): (Vec<_>, Vec<_>) = all.into_iter().map(|of| (of.texts, of.icons)).unzip();
        stand_out(session, look, "texts", &texts.concat(), TEXT)?;
        stand_out(session, look, "icons", &icons.concat(), ICON)?;
    }
    Ok(())
}

/// Notes the lowest contrast, and fails if it is too low.
fn stand_out(session: &Session, look: Look, kind: &str, all: &[Contrast], least: f64) -> Result<()> {
    let lowest = all.iter().map(|contrast| contrast.ratio).fold(f64::INFINITY, f64::min);
    let of = all.iter().filter(|contrast| contrast.ratio <= lowest).map(|contrast| contrast.what.as_str());
    let of = of.collect::<BTreeSet<_>>().into_iter().take(3).collect::<Vec<_>>().join("; ");
    let (count, Look { variant, theme, .. }) = (all.len(), look);
    session.note(format!("{variant}, {theme}: {count} {kind}, lowest contrast {lowest:.2} ({of})"));
    ensure!(lowest >= least, "{look:?}: the contrast of {of} is {lowest:.2}, less than {least}");
    Ok(())
}
