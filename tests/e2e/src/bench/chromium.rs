//! Chromium and its DevTools.

use anyhow::{Context, Result};
use serde_json::Value;
use thirtyfour::WebDriver;

use crate::browser::Browser;
use crate::engine::Engine;

/// A new browser, without a window.
pub async fn start() -> Result<Browser> {
    Browser::start(Engine::Chromium, false).await
}

/// A command of the DevTools.
pub async fn tools(web: &WebDriver, command: &str, parameters: Value) -> Result<Value> {
    web.cdp().send_raw(command, parameters).await.with_context(|| format!("{command} fails"))
}
