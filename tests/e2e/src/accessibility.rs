//! What assistive technology is told about a node: by WebDriver's Get Computed Role and Get Computed Label, and in
//! Chromium by its developer tools, too.

use std::sync::Arc;

use anyhow::{Context, Result};
use axum::http::Method;
use serde_json::{Value, json};
use thirtyfour::WebDriver;
use thirtyfour::common::command::{Command, ExtensionCommand};

use crate::page::VOCABULARY;

/// The key under which WebDriver gives an element's id.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// What only Chromium's developer tools tell of a node.
#[derive(Debug, Default)]
pub struct Described {
    pub description: String,
    /// The level of a heading.
    pub level: Option<u64>,
}

/// Role and name of this node, as WebDriver gave it.
pub async fn role_and_name(web: &WebDriver, node: &Value) -> Result<(String, String)> {
    let element = node[ELEMENT].as_str().with_context(|| format!("{node} is not an element"))?;
    Ok((computed(web, element, "role").await?, computed(web, element, "label").await?))
}

async fn computed(web: &WebDriver, element: &str, what: &'static str) -> Result<String> {
    let command = Computed { element: element.into(), what };
    let answer = web.cmd(Command::ExtensionCommand(Box::new(command))).await;
    Ok(answer.with_context(|| format!("no computed {what}"))?.value()?)
}

/// `GET /session/{session}/element/{element}/computed{what}`
#[derive(Debug)]
struct Computed {
    element: String,
    what: &'static str,
}

impl ExtensionCommand for Computed {
    fn parameters_json(&self) -> Option<Value> {
        None
    }

    fn method(&self) -> Method {
        Method::GET
    }

    fn endpoint(&self) -> Arc<str> {
        format!("/element/{}/computed{}", self.element, self.what).into()
    }
}

/// What Chromium tells of the node that this JavaScript expression gives.
pub async fn describe(web: &WebDriver, expression: &str) -> Result<Described> {
    let tools = web.cdp();
    let script = format!("(() => {{ {VOCABULARY}\nreturn {expression}; }})()");
    let node = tools.send_raw("Runtime.evaluate", json!({ "expression": script })).await?;
    let id = &node["result"]["objectId"];
    let tree = json!({ "objectId": id, "fetchRelatives": false });
    let tree = tools.send_raw("Accessibility.getPartialAXTree", tree).await?;
    let node = &tree["nodes"][0];
    let properties = node["properties"].as_array().map(Vec::as_slice).unwrap_or_default();
    let level = properties.iter().find(|property| property["name"] == "level");
    Ok(Described {
        description: node["description"]["value"].as_str().unwrap_or_default().into(),
        level: level.and_then(|level| level["value"]["value"].as_u64()),
    })
}

/// Forces the colours of this palette, `light` or `dark`, as a high-contrast theme of the system does; with `None` no
/// longer. Only Chromium can.
pub async fn force_colors(web: &WebDriver, palette: Option<&str>) -> Result<()> {
    let forced = if palette.is_some() { "active" } else { "" };
    prefer(web, &[("forced-colors", forced), ("prefers-color-scheme", palette.unwrap_or_default())]).await
}

/// Makes these media features, each with its value, true of the reader, and no others. Only Chromium can.
pub async fn prefer(web: &WebDriver, features: &[(&str, &str)]) -> Result<()> {
    let features: Vec<_> =
        features.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
    web.cdp().send_raw("Emulation.setEmulatedMedia", json!({ "features": features })).await?;
    Ok(())
}
