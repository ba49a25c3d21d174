//! Forced colours, as in a high-contrast theme of the system.

use anyhow::{Context, Result, ensure};

use super::run::{has_no_violation, load};
use crate::accessibility::force_colors;
use crate::session::Session;
use crate::suite::gallery::{Look, looks, open, show};
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("axe",
    "in forced colours cards have no violation" => |session| forced(session, "card"),
    "in forced colours badges have no violation" => |session| forced(session, "badge"),
);

/// From now on a computed `-webkit-text-fill-color` is `color`. Chromium gives the former as the page wants it and the
/// latter as it is painted, and axe-core reads the former.
const PAINTED_TEXT: &str = "
    const { getPropertyValue } = CSSStyleDeclaration.prototype;
    CSSStyleDeclaration.prototype.getPropertyValue = function (name) {
      return getPropertyValue.call(this, name === '-webkit-text-fill-color' ? 'color' : name);
    };";

async fn forced(session: &mut Session, variant: &'static str) -> Result<()> {
    open(session).await?;
    load(session).await?;
    session.run(PAINTED_TEXT).await?;
    for look in looks(variant) {
        let Look { theme, lang, .. } = look;
        // The palette that the theme is not made for.
        let palette = if theme == "light" { "dark" } else { "light" };
        force_colors(session.web(), Some(palette)).await?;
        let forced: bool = session.eval("matchMedia('(forced-colors: active)').matches").await?;
        ensure!(forced, "colours are not forced");
        let widgets = show(session, look).await?;
        has_no_violation(session, &format!("{palette} palette, {variant}, {theme}, {lang}"), widgets)
            .await
            .with_context(|| format!("{look:?}"))?;
    }
    Ok(())
}
