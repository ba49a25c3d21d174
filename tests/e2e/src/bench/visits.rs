//! How long it takes from a navigation to what a reader sees.

use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use thirtyfour::WebDriver;

use super::chromium::{start, tools};
use super::contender::Contender;
use super::portal::Portal;
use super::series::Series;

/// A line and a computer.
#[derive(Clone, Copy, Debug)]
pub struct Conditions {
    pub title: &'static str,
    /// In bits per second and milliseconds for each request; `None`: as fast as this computer.
    line: Option<(f64, f64)>,
    /// How many times slower than this computer.
    slowdown: u32,
}

pub const CONDITIONS: [Conditions; 3] = [
    Conditions { title: "loopback", line: None, slowdown: 1 },
    Conditions { title: "20 Mbit/s, 20 ms", line: Some((20e6, 20.0)), slowdown: 1 },
    Conditions { title: "1.6 Mbit/s, 150 ms, a quarter of the CPU", line: Some((1.6e6, 150.0)), slowdown: 4 },
];

/// What a reader waits for, in milliseconds.
#[derive(Clone, Debug, Default)]
pub struct Visit {
    /// The state of the backup, from a running element.
    pub badge: Series,
    /// The picture in the slot.
    pub picture: Series,
}

/// First and second visit to a contender.
pub struct Visits {
    pub contender: Contender,
    pub first: Visit,
    pub second: Visit,
}

/// Visits each contender under all conditions, in turn, in a new browser each time.
pub async fn measure(portal: &Portal, rounds: usize) -> Result<Vec<(Conditions, Vec<Visits>)>> {
    let mut all = Vec::new();
    for conditions in CONDITIONS {
        let mut visits: Vec<_> = Contender::VISITED
            .map(|contender| Visits { contender, first: Visit::default(), second: Visit::default() })
            .into();
        for round in 1..=rounds {
            println!("{}: round {round} of {rounds}", conditions.title);
            for it in &mut visits {
                visit_twice(portal, conditions, it)
                    .await
                    .with_context(|| format!("{}, {}", conditions.title, it.contender.title()))?;
            }
        }
        all.push((conditions, visits));
    }
    Ok(all)
}

async fn visit_twice(portal: &Portal, conditions: Conditions, visits: &mut Visits) -> Result<()> {
    let browser = start().await?;
    let web = browser.web();
    web.set_script_timeout(Duration::from_secs(60)).await?;
    // The browser's own start is over, and the first connection is made.
    web.goto(portal.url("/")).await?;
    tokio::time::sleep(Duration::from_millis(500)).await;
    conditions.apply(web).await?;
    for visit in [&mut visits.first, &mut visits.second] {
        web.goto(portal.url(&visits.contender.visit_path())).await?;
        let shown = web.execute_async(WAIT, Vec::new()).await?;
        let shown = shown.json();
        visit.badge.add(shown["badge"].as_f64().context("no badge")?);
        if let Some(at) = shown["picture"].as_f64() {
            visit.picture.add(at);
        }
        web.goto(portal.url("/")).await?;
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    browser.quit().await;
    Ok(())
}

/// Calls back with what is shown once the badge is.
const WAIT: &str = "
const done = arguments[0];
if (shown.badge) done(shown);
else window.onshown = () => done(shown);";

impl Conditions {
    /// Whether the line or the computer is slow.
    pub fn is_slow(&self) -> bool {
        self.slowdown > 1
    }

    async fn apply(self, web: &WebDriver) -> Result<()> {
        tools(web, "Network.enable", json!({})).await?;
        tools(web, "Emulation.setCPUThrottlingRate", json!({ "rate": self.slowdown })).await?;
        if let Some((bits, latency)) = self.line {
            tools(web, "Network.emulateNetworkConditions", line(bits, latency)).await?;
        }
        Ok(())
    }
}

fn line(bits: f64, latency: f64) -> Value {
    let bytes = bits / 8.0;
    json!({ "offline": false, "latency": latency, "downloadThroughput": bytes, "uploadThroughput": bytes })
}
