//! What a test works with: a browser, three origins, and the questions it asks about a page.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use sandbox::{Sandbox, WireResponse};
use serde::de::DeserializeOwned;
use serde_json::Value;
use thirtyfour::{By, Key, WebDriver, WindowHandle};

use crate::browser::Browser;
use crate::engine::{Engine, FOREIGN_HOST};
use crate::folders::Folders;
use crate::page::{CLOCK, CONTRAST, LEDGER, Page, RECORDER, VOCABULARY, path};
use crate::servers::files::Files;
use crate::servers::host::Host;
use crate::verdict::{Event, Verdict};

/// How long a page may take to do what a test waits for, even on a busy machine. Longer than the widget's own deadline
/// of 10 s.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// The driver's own deadline for a script. It is never reached, since `execute` has a shorter one. In WebKit it is a
/// timer in the page, which clock.js recognizes by this delay.
const SCRIPT_TIMEOUT: Duration = Duration::from_millis(987_654_321);

pub struct Session {
    pub engine: Engine,
    web: WebDriver,
    pub files: Files,
    pub host: Host,
    /// The folder with the installed package, and with the apps that use it.
    pub packages: PathBuf,
    api: Option<Sandbox>,
    api_origin: String,
    notes: Mutex<Vec<String>>,
}

impl Session {
    pub async fn start(browser: &Browser, folders: &Folders) -> Result<Self> {
        let web = browser.web().clone();
        web.set_script_timeout(SCRIPT_TIMEOUT).await?;
        let files = Files::start(&folders.dist).await?;
        for (path, script) in [RECORDER, CLOCK, LEDGER, CONTRAST] {
            files.add(path, script);
        }
        files.also_serve("/example/", &folders.example);
        files.also_serve("/axe-core/", &folders.axe_core);
        files.also_serve("/built/", &folders.packages.join("built"));
        files.also_at("/widgets/");
        let api = Sandbox::start(0).await.context("no free port on 127.0.0.1 for the sandbox")?;
        let api_origin = api.origin();
        let host = Host::start(files.router()).await?;
        Ok(Self {
            engine: browser.engine,
            web,
            files,
            host,
            api: Some(api),
            api_origin,
            packages: folders.packages.clone(),
            notes: Mutex::default(),
        })
    }

    /// Adds a line to the output of this test: what was measured or shown.
    pub fn note(&self, line: impl Into<String>) {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner).push(line.into());
    }

    /// The lines that the test has noted.
    pub fn into_notes(self) -> Vec<String> {
        self.notes.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// The browser, for what is not a question about a page.
    pub fn web(&self) -> &WebDriver {
        &self.web
    }

    /// A file of a package of npm, as text.
    pub fn package(&self, file: &str) -> Result<String> {
        let file = self.packages.join("node_modules").join(file);
        std::fs::read_to_string(&file).with_context(|| {
            format!("{} cannot be read: `cargo xtask test package` fetches it", file.display())
        })
    }

    /// The API server.
    pub fn api(&self) -> Result<&Sandbox> {
        self.api.as_ref().context("the API server was stopped by this test")
    }

    /// Stops the API server, which is unreachable from now on.
    pub fn stop_api(&mut self) {
        self.api = None;
    }

    /// The URL of this scenario.
    pub fn url(&self, scenario: &str) -> String {
        format!("{}{}", self.api_origin, path(scenario))
    }

    /// The number of requests for this scenario so far.
    pub fn requests(&self, scenario: &str) -> Result<usize> {
        Ok(self.api()?.record().of(scenario).len())
    }

    /// Checks the number of requests for this scenario, those under way included.
    pub async fn expect_requests(&self, scenario: &str, times: usize) -> Result<()> {
        self.barrier().await?;
        let found = self.requests(scenario)?;
        ensure!(found == times, "{found} requests for {scenario} instead of {times}");
        Ok(())
    }

    /// Makes the API respond to this scenario with `response` from now on.
    pub fn respond(&self, scenario: &str, response: WireResponse) -> Result<()> {
        self.api()?.play(scenario, response);
        Ok(())
    }

    /// Makes the API respond to this scenario as to `other` from now on, with dates that do not move with the clock.
    pub fn respond_as(&self, scenario: &str, other: &str) -> Result<()> {
        let other = sandbox::scenarios::find(other)
            .with_context(|| format!("the sandbox has no scenario {other}"))?;
        self.respond(scenario, other.response_now())
    }

    /// Waits until the API's record of requests satisfies the condition.
    pub async fn api_sees(
        &self,
        what: &str,
        condition: impl FnMut(&[sandbox::Request]) -> bool,
    ) -> Result<()> {
        let seen = self.api()?.record().until(condition);
        tokio::time::timeout(PATIENCE, seen)
            .await
            .with_context(|| format!("the API has not seen {what} within {PATIENCE:?}"))
    }

    /// Opens the page; returns after its `load` event.
    pub async fn open(&self, page: Page) -> Result<()> {
        self.is_quiet().await?;
        self.web.goto(self.address_of(&page)).await.context("the page does not open")
    }

    /// Opens a page with these elements and a fake clock.
    pub async fn open_with_fake_clock<const N: usize>(&self, elements: [String; N]) -> Result<()> {
        self.open(Page::new(elements.concat()).fake_clock()).await
    }

    /// Goes back to the previous page.
    pub async fn back(&self) -> Result<()> {
        self.is_quiet().await?;
        self.web.back().await.context("the browser cannot go back")
    }

    /// Opens the page under a host name that is not one of this computer's.
    pub async fn open_at_foreign_host(&self, page: &Page) -> Result<()> {
        self.is_quiet().await?;
        let address = self.address_of(page).replace("//localhost:", &format!("//{FOREIGN_HOST}:"));
        self.web.goto(address).await.context("the page does not open")
    }

    /// The address of this page, for a frame.
    pub fn address_of(&self, page: &Page) -> String {
        self.host.add(page.serve(&self.files.origin(), &self.api_origin))
    }

    /// Serves this page at this path of the portal; returns its address.
    pub fn add_at(&self, path: &str, page: &Page) -> String {
        self.host.add_at(path, page.serve(&self.files.origin(), &self.api_origin))
    }

    /// Opens the page at this path of the portal.
    pub async fn open_at(&self, path: &str) -> Result<()> {
        self.is_quiet().await?;
        self.web.goto(format!("{}{path}", self.host.origin())).await.context("the page does not open")
    }

    /// Opens the page in a second window, which hides the first one, and switches to it; returns the first window. The
    /// page posts a message to the channel `opened` when it is loaded. The windows have no other reference to each
    /// other, which would keep the first page out of the back/forward cache.
    pub async fn open_window(&self, page: Page) -> Result<WindowHandle> {
        let first = self.web.window().await?;
        // A script of the driver may open a window without a click.
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
            .context("the second page does not report that it is loaded")?;
        let windows = self.web.windows().await?;
        let second = windows.into_iter().find(|window| *window != first).context("no window was opened")?;
        self.web.switch_to_window(second).await?;
        Ok(first)
    }

    /// Closes this window and switches to the first one.
    pub async fn close_window(&self, first: WindowHandle) -> Result<()> {
        self.is_quiet().await?;
        self.web.close_window().await?;
        self.web.switch_to_window(first).await?;
        Ok(())
    }

    /// Runs scripts in the first frame of the page from now on.
    pub async fn enter_frame(&self) -> Result<()> {
        self.web.enter_frame(0).await.context("the page has no frame")
    }

    /// Presses and releases a key, by its name in `KeyboardEvent.key`, as a person does.
    pub async fn press(&self, key: &str) -> Result<()> {
        let key = match key {
            "Tab" => Key::Tab.value(),
            "Enter" => Key::Enter.value(),
            "Escape" => Key::Escape.value(),
            letter => letter.chars().next().context("no key")?,
        };
        self.web.action_chain().send_keys(key).perform().await.context("the key was not pressed")
    }

    /// Clicks on the first element that matches this selector, as a person does.
    pub async fn click(&self, selector: &str) -> Result<()> {
        let element = self.web.find(By::Css(selector)).await.context("no such element")?;
        element.click().await.context("the click failed")
    }

    /// The value of this JavaScript expression; promises are awaited.
    pub async fn eval<T: DeserializeOwned>(&self, expression: &str) -> Result<T> {
        let value = self.execute(&format!("return ({expression});")).await?;
        serde_json::from_value(value.clone())
            .with_context(|| format!("`{expression}` gave {value}, which has not the expected type"))
    }

    /// Runs these JavaScript statements as one task, unless they contain `await`.
    pub async fn run(&self, statements: &str) -> Result<()> {
        self.execute(statements).await.map(drop)
    }

    async fn execute(&self, statements: &str) -> Result<Value> {
        let statements =
            statements.replace("{files}", &self.files.origin()).replace("{api}", &self.api_origin);
        let path =
            self.files.add_script(&format!("{VOCABULARY}\nexport default async () => {{ {statements} }};"));
        let script = format!(
            "return globalThis.__import ? __import('{path}').then((it) => it.default())
               : (async () => {{ {VOCABULARY}\n{statements} }})();"
        );
        // Shorter than the deadline of a test, so that the error names the statement that did not end.
        let result = tokio::time::timeout(PATIENCE, self.web.execute(script, Vec::new()))
            .await
            .with_context(|| format!("`{statements}` did not end within {PATIENCE:?}"))?
            .with_context(|| format!("the page failed to run `{statements}`"))?;
        Ok(result.json().clone())
    }

    /// Waits until this JavaScript expression is true.
    pub async fn wait(&self, condition: &str) -> Result<()> {
        let started = Instant::now();
        while !self.eval::<bool>(&format!("Boolean({condition})")).await? {
            if started.elapsed() > PATIENCE {
                bail!("`{condition}` is not true after {PATIENCE:?}");
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }

    /// The verdict of the first widget that matches this selector, as soon as it is not loading any more.
    pub async fn settled(&self, selector: &str) -> Result<Verdict> {
        let widget = format!("widget({})", Value::from(selector));
        self.wait(&format!("({widget}?.verdict?.state ?? 'loading') !== 'loading'"))
            .await
            .with_context(|| format!("{selector} has no verdict"))?;
        self.eval(&format!("{widget}.verdict")).await
    }

    /// The verdict of the first widget that matches this selector.
    pub async fn verdict(&self, selector: &str) -> Result<Verdict> {
        self.eval(&format!("widget({}).verdict", Value::from(selector))).await
    }

    /// Waits until the widget that matches this selector is in this state.
    pub async fn shows(&self, selector: &str, state: &str) -> Result<()> {
        self.wait(&format!("widget({})?.verdict?.state === '{state}'", Value::from(selector))).await
    }

    /// Waits until all widgets of the page say that they are in this language.
    pub async fn speaks(&self, lang: &str) -> Result<()> {
        self.wait(&format!(
            "(await globalThis.__clock?.settle(), [...document.querySelectorAll('zoho-backup-status')]
               .every((it) => it.shadowRoot.querySelector('.widget')?.lang === '{lang}'))"
        ))
        .await
        .with_context(|| format!("not all widgets are in {lang}"))
    }

    /// The visible text of this part of the widget.
    pub async fn text(&self, selector: &str, part: &str) -> Result<Option<String>> {
        self.eval(&format!("seen(widget({}), '{part}')", Value::from(selector))).await
    }

    /// The widgets' events so far.
    pub async fn events(&self) -> Result<Vec<Event>> {
        self.eval("window.__record.events").await
    }

    /// How many events `backup-status-{name}` this widget has fired.
    pub async fn fired(&self, name: &str, id: &str) -> Result<usize> {
        self.barrier().await?;
        let events = self.events().await?;
        let name = format!("backup-status-{name}");
        Ok(events.iter().filter(|event| event.name == name && event.target == id).count())
    }

    /// The lines that scripts wrote to the console so far, each after its level. What a test does not read fails it.
    pub async fn console(&self) -> Result<Vec<String>> {
        self.eval("__record.console.slice(0, __record.read = __record.console.length)").await
    }

    /// Checks that these lines, of which a part is enough, are all that scripts wrote to the console since the test has
    /// read it.
    pub async fn expect_console(&self, parts: &[&str]) -> Result<()> {
        let lines = self.read_console().await?;
        let as_expected =
            lines.len() == parts.len() && lines.iter().zip(parts).all(|(line, part)| line.contains(part));
        ensure!(as_expected, "the console shows {lines:#?} instead of {parts:#?}");
        Ok(())
    }

    /// The same, in any order.
    pub async fn expect_console_in_any_order(&self, parts: &[&str]) -> Result<()> {
        let lines = self.read_console().await?;
        let is_there = |part: &&str| lines.iter().any(|line| line.contains(*part));
        let is_expected = |line: &String| parts.iter().any(|part| line.contains(*part));
        let as_expected =
            lines.len() == parts.len() && parts.iter().all(is_there) && lines.iter().all(is_expected);
        ensure!(as_expected, "the console shows {lines:#?} instead of {parts:#?}, in any order");
        Ok(())
    }

    async fn read_console(&self) -> Result<Vec<String>> {
        self.eval("__record.console.slice(__record.read, __record.read = __record.console.length)").await
    }

    /// Fails when a script of the page has thrown, or has written to the console what the test has not read. It runs
    /// before a page is left and at the end of each test.
    pub async fn is_quiet(&self) -> Result<()> {
        let unexpected =
            "window.__record ? [...__record.errors, ...__record.console.slice(__record.read)] : []";
        let unexpected: Vec<String> = self.eval(unexpected).await?;
        ensure!(unexpected.is_empty(), "the page reports what the test does not expect: {unexpected:#?}");
        Ok(())
    }

    /// The violations of the page's policy so far: directive, blocked URL and source.
    pub async fn violations(&self) -> Result<Vec<String>> {
        self.eval("window.__record.violations").await
    }

    /// Fails when a script of the page has thrown, or a rejection was not handled.
    pub async fn no_errors(&self) -> Result<()> {
        let errors: Vec<String> = self.eval("window.__record.errors").await?;
        ensure!(errors.is_empty(), "errors in the page: {errors:?}");
        Ok(())
    }

    /// Moves the fake clock of the page.
    pub async fn advance(&self, milliseconds: i64) -> Result<()> {
        self.run(&format!("await window.__clock.advance({milliseconds});")).await
    }

    /// Moves the fake clock of the page, as if every response arrived without delay.
    pub async fn pass(&self, milliseconds: i64) -> Result<()> {
        self.run(&format!("await window.__clock.pass({milliseconds});")).await
    }

    /// Returns when every request that the page has begun has reached the API: a later request was answered. With it, a
    /// test can check without sleeping that a request was *not* sent.
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
