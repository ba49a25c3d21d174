//! What a test has in hand: three origins, a browser, and the words to speak about them.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use sandbox::Sandbox;
use sandbox::answer::Answer;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use thirtyfour::{WebDriver, WindowHandle};

use crate::engine::FOREIGN_HOST;
use crate::files::Files;
use crate::host::Host;
use crate::page::{CLOCK, LEDGER, Page, RECORDER, VOCABULARY, path};

/// How long a page may take to do what a test waits for: more than the widget's own deadline of 10 s.
const PATIENCE: Duration = Duration::from_secs(20);

/// The driver's own bound for a script, never reached: `execute` has one. In WebKit it is a timer in the page, which
/// clock.js tells by this delay.
const SCRIPT_TIMEOUT: Duration = Duration::from_millis(987_654_321);

/// What the widget says about itself.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
    pub state: String,
    pub tone: String,
    pub reason_code: String,
    pub reason: String,
    pub next_run: Option<String>,
    pub backup: Option<Value>,
    pub fault: Option<Fault>,
    pub checked_at: Option<String>,
    pub stale: bool,
}

impl Verdict {
    pub fn fault_kind(&self) -> Option<&str> {
        self.fault.as_ref().map(|fault| fault.kind.as_str())
    }
}

#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct Fault {
    pub kind: String,
    pub code: Option<String>,
    pub http_status: Option<u16>,
    pub message: Option<String>,
    pub cause: Option<String>,
    pub remedy: Option<String>,
    pub retry_at: Option<String>,
}

/// An event of the widget, as it reached the document.
#[derive(Clone, Debug, Deserialize)]
pub struct Event {
    #[serde(rename = "type")]
    pub name: String,
    pub bubbles: bool,
    pub composed: bool,
    pub detail: Verdict,
    pub target: String,
}

pub struct Session {
    web: WebDriver,
    pub files: Files,
    pub host: Host,
    api: Option<Sandbox>,
    api_origin: String,
}

impl Session {
    pub async fn start(web: WebDriver, dist: &Path, example: &Path) -> Result<Self> {
        web.set_script_timeout(SCRIPT_TIMEOUT).await?;
        let files = Files::start(dist).await?;
        for (path, script) in [RECORDER, CLOCK, LEDGER] {
            files.add(path, script);
        }
        files.also_serve("/example/", example);
        let api = Sandbox::start(0).await.context("no free port on 127.0.0.1 for the sandbox")?;
        let api_origin = api.origin();
        Ok(Self { web, files, host: Host::start().await?, api: Some(api), api_origin })
    }

    /// The API server.
    pub fn api(&self) -> Result<&Sandbox> {
        self.api.as_ref().context("the API server was stopped by this test")
    }

    /// Stops the API server: from now on it is unreachable.
    pub fn stop_api(&mut self) {
        self.api = None;
    }

    /// The address of this scenario.
    pub fn url(&self, scenario: &str) -> String {
        format!("{}{}", self.api_origin, path(scenario))
    }

    /// How often the API was asked for this scenario.
    pub fn requests(&self, scenario: &str) -> Result<usize> {
        Ok(self.api()?.record().of(scenario).len())
    }

    /// Makes sure that the API was asked for this scenario so many times, all that is under way included.
    pub async fn asked(&self, scenario: &str, times: usize) -> Result<()> {
        self.barrier().await?;
        let found = self.requests(scenario)?;
        ensure!(found == times, "{scenario} was asked for {found} times instead of {times}");
        Ok(())
    }

    /// From now on the API gives this answer for this scenario.
    pub fn answer(&self, scenario: &str, answer: Answer) -> Result<()> {
        self.api()?.play(scenario, answer);
        Ok(())
    }

    /// From now on the API answers for this scenario as for the other, with the dates of this moment.
    pub fn answer_as(&self, scenario: &str, other: &str) -> Result<()> {
        let other = sandbox::scenarios::find(other)
            .with_context(|| format!("the sandbox has no scenario {other}"))?;
        self.answer(scenario, other.answer_now())
    }

    /// Waits until the API's record satisfies the condition.
    pub async fn api_sees(
        &self,
        what: &str,
        condition: impl FnMut(&[sandbox::Request]) -> bool,
    ) -> Result<()> {
        let seen = self.api()?.record().until(condition);
        tokio::time::timeout(PATIENCE, seen)
            .await
            .with_context(|| format!("the API never saw {what} within {PATIENCE:?}"))
    }

    /// Opens the page; returns when its `load` event was fired.
    pub async fn open(&self, page: Page) -> Result<()> {
        self.web.goto(self.address_of(&page)).await.context("the page does not open")
    }

    /// Goes back to the page before.
    pub async fn back(&self) -> Result<()> {
        self.web.back().await.context("there is no way back")
    }

    /// Opens the page at a host that is not this computer's by name.
    pub async fn open_at_foreign_host(&self, page: &Page) -> Result<()> {
        let address = self.address_of(page).replace("//localhost:", &format!("//{FOREIGN_HOST}:"));
        self.web.goto(address).await.context("the page does not open")
    }

    /// The address of this page, for a frame.
    pub fn address_of(&self, page: &Page) -> String {
        self.host.add(page.serve(&self.files.origin(), &self.api_origin))
    }

    /// Opens this page in a second window, which hides the first, and goes there. The page tells the channel
    /// `opened` when it is there; they know nothing else of each other, or no cache would take the first. Returns the first.
    pub async fn open_window(&self, page: Page) -> Result<WindowHandle> {
        let first = self.web.window().await?;
        // By a script of the driver's own, which may open windows without a reader's click.
        let address = self.address_of(&page);
        let opened = format!(
            "return new Promise((resolve) => {{
               new BroadcastChannel('opened').onmessage = () => resolve();
               window.open('{address}', '_blank', 'noopener');
             }});"
        );
        self.web
            .execute(opened, Vec::new())
            .await
            .context("the second page has not told that it is there")?;
        let windows = self.web.windows().await?;
        let second = windows.into_iter().find(|window| *window != first).context("no window was opened")?;
        self.web.switch_to_window(second).await?;
        Ok(first)
    }

    /// Closes this window and goes back to the first.
    pub async fn close_window(&self, first: WindowHandle) -> Result<()> {
        self.web.close_window().await?;
        self.web.switch_to_window(first).await?;
        Ok(())
    }

    /// From now on scripts run in the page's first frame.
    pub async fn enter_frame(&self) -> Result<()> {
        self.web.enter_frame(0).await.context("the page has no frame")
    }

    /// The value of this JavaScript expression, promises awaited.
    pub async fn eval<T: DeserializeOwned>(&self, expression: &str) -> Result<T> {
        let value = self.execute(&format!("return ({expression});")).await?;
        serde_json::from_value(value.clone())
            .with_context(|| format!("`{expression}` gave {value}, which is not what was expected"))
    }

    /// Runs these JavaScript statements as one task; `await` waits.
    pub async fn run(&self, statements: &str) -> Result<()> {
        self.execute(statements).await.map(drop)
    }

    async fn execute(&self, statements: &str) -> Result<Value> {
        let statements =
            statements.replace("{files}", &self.files.origin()).replace("{api}", &self.api_origin);
        let path =
            self.files.add_script(&format!("{VOCABULARY}\nexport default async () => {{ {statements} }};"));
        let script = format!(
            "return globalThis.__import ? __import('{}{path}').then((it) => it.default())
               : (async () => {{ {VOCABULARY}\n{statements} }})();",
            self.files.origin()
        );
        // Below the deadline of a test, so that it fails with the statement that never ended.
        let result = tokio::time::timeout(PATIENCE, self.web.execute(script, Vec::new()))
            .await
            .with_context(|| format!("`{statements}` did not end within {PATIENCE:?}"))?
            .with_context(|| format!("the page fails at `{statements}`"))?;
        Ok(result.json().clone())
    }

    /// Waits until this JavaScript expression is truthy.
    pub async fn wait(&self, condition: &str) -> Result<()> {
        let started = Instant::now();
        while !self.eval::<bool>(&format!("Boolean({condition})")).await? {
            if started.elapsed() > PATIENCE {
                bail!("`{condition}` did not come true within {PATIENCE:?}");
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }

    /// The verdict of the first widget that this selector finds, once it is past loading.
    pub async fn settled(&self, selector: &str) -> Result<Verdict> {
        let widget = format!("widget({})", Value::from(selector));
        self.wait(&format!("({widget}?.verdict?.state ?? 'loading') !== 'loading'"))
            .await
            .with_context(|| format!("{selector} shows no verdict"))?;
        self.eval(&format!("{widget}.verdict")).await
    }

    /// Waits until the widget that this selector finds is in this state.
    pub async fn shows(&self, selector: &str, state: &str) -> Result<()> {
        self.wait(&format!("widget({})?.verdict?.state === '{state}'", Value::from(selector))).await
    }

    /// What a reader sees of this part of the widget.
    pub async fn text(&self, selector: &str, part: &str) -> Result<Option<String>> {
        self.eval(&format!("seen(widget({}), '{part}')", Value::from(selector))).await
    }

    /// The widgets' events so far.
    pub async fn events(&self) -> Result<Vec<Event>> {
        self.eval("window.__record.events").await
    }

    /// What scripts wrote to the console so far, each line after its level.
    pub async fn console(&self) -> Result<Vec<String>> {
        self.eval("window.__record.console").await
    }

    /// What broke the page's policy so far: the directive, what it blocked, and where.
    pub async fn violations(&self) -> Result<Vec<String>> {
        self.eval("window.__record.violations").await
    }

    /// Fails when a script of the page threw, or a promise was rejected without a listener.
    pub async fn no_errors(&self) -> Result<()> {
        let errors: Vec<String> = self.eval("window.__record.errors").await?;
        ensure!(errors.is_empty(), "errors in the page: {errors:?}");
        Ok(())
    }

    /// Lets time pass on a page with a fake clock.
    pub async fn advance(&self, milliseconds: i64) -> Result<()> {
        self.run(&format!("await window.__clock.advance({milliseconds});")).await
    }

    /// Lets time pass on a page with a fake clock and a network without delay.
    pub async fn pass(&self, milliseconds: i64) -> Result<()> {
        self.run(&format!("await window.__clock.pass({milliseconds});")).await
    }

    /// Returns when everything that the page had begun to ask for has reached the API: a request made after it
    /// was answered. Lets a test say that something was *not* asked for, without sleeping.
    pub async fn barrier(&self) -> Result<()> {
        self.run(
            "const task = () => new Promise((resolve) => {
               const { port1, port2 } = new MessageChannel();
               port1.onmessage = resolve;
               port2.postMessage(null);
             });
             for (let i = 0; i < 5; i += 1) await task();
             await new Promise(requestAnimationFrame);
             await task();
             await fetch('{api}/scenarios');",
        )
        .await
    }
}
