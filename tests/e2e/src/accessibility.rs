//! What Chromium's developer tools can change for people with other eyes.

use anyhow::Result;
use serde_json::json;
use thirtyfour::WebDriver;

/// Forces the colours of this palette, `light` or `dark`, as a high-contrast theme of the system does; with `None` no
/// longer. Only Chromium can.
pub async fn force_colors(web: &WebDriver, palette: Option<&str>) -> Result<()> {
    let feature =
        |name: &str, value: Option<&str>| json!({ "name": name, "value": value.unwrap_or_default() });
    let forced = feature("forced-colors", palette.map(|_| "active"));
    let features = json!({ "features": [forced, feature("prefers-color-scheme", palette)] });
    web.cdp().send_raw("Emulation.setEmulatedMedia", features).await?;
    Ok(())
}
