//! What countdowns that change every second cost the page.

use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::json;

use super::chromium::{start, tools};
use super::contender::Contender;
use super::portal::Portal;
use super::series::Series;

/// How long each is watched.
pub const WATCHED: Duration = Duration::from_secs(5);

/// How many elements tick.
pub const COUNTS: [usize; 3] = [1, 100, 1_000];

/// Milliseconds of main thread per second.
pub struct Cost {
    pub count: usize,
    pub is_on_screen: bool,
    /// In the order of [`Contender::TICKING`].
    pub figures: [Series; 3],
}

impl Cost {
    /// Where the elements are.
    pub fn place(&self) -> &'static str {
        if self.is_on_screen { "from the top of the page" } else { "below the window" }
    }
}

/// Measures each contender with each count, in turn.
pub async fn measure(portal: &Portal, rounds: usize) -> Result<Vec<Cost>> {
    let mut costs = Vec::new();
    for is_on_screen in [true, false] {
        for count in COUNTS {
            let mut figures = <[Series; 3]>::default();
            for round in 1..=rounds {
                println!("{count} ticking, on screen: {is_on_screen}, round {round} of {rounds}");
                for (contender, series) in Contender::TICKING.into_iter().zip(&mut figures) {
                    series.add(watch(portal, contender, count, is_on_screen).await?);
                }
            }
            costs.push(Cost { count, is_on_screen, figures });
        }
    }
    Ok(costs)
}

async fn watch(portal: &Portal, contender: Contender, count: usize, is_on_screen: bool) -> Result<f64> {
    let browser = start().await?;
    let web = browser.web();
    web.set_script_timeout(Duration::from_secs(60)).await?;
    web.goto(portal.url(&contender.crowd_path())).await?;
    let arguments = vec![json!(contender.tag()), json!(count), json!(is_on_screen)];
    web.execute_async(CREATE, arguments).await?;
    tools(web, "Performance.enable", json!({})).await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let before = busy(web).await?;
    tokio::time::sleep(WATCHED).await;
    let after = busy(web).await?;
    browser.quit().await;
    Ok((after.0 - before.0) * 1_000.0 / (after.1 - before.1))
}

/// The seconds that the main thread was busy, and the time.
async fn busy(web: &thirtyfour::WebDriver) -> Result<(f64, f64)> {
    let metrics = tools(web, "Performance.getMetrics", json!({})).await?;
    let metrics = metrics["metrics"].as_array().context("no metrics")?;
    let value = |name: &str| metrics.iter().find(|it| it["name"] == name).and_then(|it| it["value"].as_f64());
    Ok((value("TaskDuration").context("no TaskDuration")?, value("Timestamp").context("no Timestamp")?))
}

/// Creates cards that count down within the hour, in a grid as on a dashboard, from the top of the page or all below the
/// window.
const CREATE: &str = "
const [tag, count, isOnScreen, done] = arguments;
const at = (seconds) => new Date(Date.now() + seconds * 1000).toISOString().replace(/\\.\\d+Z$/, '+00:00');
const day = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'][new Date(Date.now() + 3000000).getUTCDay()];
const data = { backup: {
  id: '1', status: 'SCHEDULED', scheduled_date: at(3000), start_date: at(3000 - 14 * 86400),
  rrule: `RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=${day}`,
} };
customElements.whenDefined(tag).then(() => {
  const main = document.querySelector('main');
  main.style.cssText = 'display: grid; grid-template-columns: repeat(auto-fill, minmax(280px, 1fr)); gap: 16px; align-items: start';
  if (!isOnScreen) main.style.marginTop = '5000px';
  for (let index = 0; index < count; index += 1) {
    const element = document.createElement(tag);
    element.data = data;
    main.append(element);
  }
  done();
});";
