//! One GET through the proxy URL → a backup, nothing scheduled, or a fault.

use crate::endpoint::Endpoint;
use crate::{clock, host, json};
use gloo_events::EventListener;
use gloo_net::http::Response;
use gloo_timers::callback::Timeout;
use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortController;
use zoho_backup_core::backup::Backup;
use zoho_backup_core::clock::{ServerTime, Timestamp};
use zoho_backup_core::fault::{Fault, FaultKind};
use zoho_backup_core::reply::{self, Body, DEADLINE, MAX_BYTES, Reply};

#[wasm_bindgen]
extern "C" {
    /// A request that the element started while the wasm was loading: see `HeadStart` in www/head-start.js.
    #[derive(Clone, Debug)]
    pub type HeadStart;

    #[wasm_bindgen(method, getter)]
    fn url(this: &HeadStart) -> String;

    #[wasm_bindgen(method, getter)]
    fn credentials(this: &HeadStart) -> String;

    #[wasm_bindgen(method, getter)]
    fn started(this: &HeadStart) -> f64;

    /// When its answer arrived, if it has.
    #[wasm_bindgen(method, getter)]
    fn arrived(this: &HeadStart) -> Option<f64>;

    #[wasm_bindgen(method, getter)]
    fn blocked(this: &HeadStart) -> bool;

    #[wasm_bindgen(method, getter)]
    fn controller(this: &HeadStart) -> AbortController;

    #[wasm_bindgen(method, getter)]
    fn response(this: &HeadStart) -> js_sys::Promise;

    // Looked up at every call, so that pages may replace it: it may throw, return and reject with anything.
    #[wasm_bindgen(js_name = fetch, catch)]
    fn browser_fetch(url: &str, options: &js_sys::Object) -> Result<JsValue, JsValue>;
}

/// A head start that is to be used, or aborted: nobody else waits for its answer.
#[derive(Debug, Default)]
#[must_use = "dropping it aborts the request"]
pub struct Early(Option<HeadStart>);

impl Early {
    /// Takes charge of a head start, if there was one.
    pub fn new(head_start: Option<HeadStart>) -> Early {
        Early(head_start)
    }

    /// The head start, if it is the request that would be made now.
    fn take_if_for(&mut self, endpoint: &Endpoint) -> Option<HeadStart> {
        self.0.take_if(|started| {
            started.url() == endpoint.url && started.credentials() == endpoint.credentials.name()
        })
    }
}

impl Drop for Early {
    fn drop(&mut self) {
        if let Some(unused) = &self.0 {
            unused.controller().abort();
        }
    }
}

/// What a request has brought.
pub struct Answered {
    /// A backup, nothing scheduled, or what went wrong.
    pub result: Result<Option<Backup>, Fault>,
    /// When the answer arrived by this computer's clock, if one did.
    pub arrived: Option<Timestamp>,
    /// What the answer tells of the server's time, if the page may read that.
    pub server: Option<ServerTime>,
}

/// A request under way.
pub struct Request {
    url: String,
    /// When it was sent.
    pub sent: Timestamp,
    head_start: Option<HeadStart>,
    /// None where the page has none to give.
    controller: Option<AbortController>,
    response: Result<js_sys::Promise, JsValue>,
    blocked: Rc<Cell<bool>>,
    timed_out: Rc<Cell<bool>>,
    /// Rejects at the deadline, also where a page's own `fetch` does not heed the abort signal.
    deadline: js_sys::Promise,
    _timer: Timeout,
    _policy: Option<EventListener>,
}

/// Aborts its request when dropped before it has ended.
#[must_use = "dropping it aborts the request"]
pub struct AbortOnDrop(Option<AbortController>);

impl AbortOnDrop {
    /// Whether it is this request that it aborts.
    pub fn is_of(&self, request: &Request) -> bool {
        self.0 == request.controller
    }

    /// The request has ended: there is nothing to abort.
    pub fn disarm(mut self) {
        self.0 = None;
    }
}

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        if let Some(controller) = &self.0 {
            controller.abort();
        }
    }
}

impl Request {
    /// Starts a request, or goes on with the one that the element started.
    pub fn start(endpoint: &Endpoint, mut early: Early) -> Request {
        let blocked = Rc::new(Cell::new(false));
        let policy = watch_policy(endpoint.url.clone(), blocked.clone());
        let head_start = early.take_if_for(endpoint);
        let (controller, response, sent) = match &head_start {
            Some(head_start) => {
                blocked.set(head_start.blocked());
                let sent = Timestamp::from_millis(head_start.started() as i64);
                (Some(head_start.controller()), Ok(head_start.response()), sent)
            }
            None => {
                let (controller, sent) = (AbortController::new().ok(), clock::now());
                let response = browser_fetch(&endpoint.url, &request_options(endpoint, controller.as_ref()));
                (controller, response.map(|response| js_sys::Promise::resolve(&response)), sent)
            }
        };
        let timed_out = Rc::new(Cell::new(false));
        // A request that waited long for the wasm to load may have its answer by now: leave time to read it.
        let left = DEADLINE.saturating_sub(clock::now().since(sent)).max(Duration::from_secs(1));
        let (late, aborted) = (timed_out.clone(), controller.clone());
        let (deadline, timer) = rejected_after(left, move || {
            late.set(true);
            drop(AbortOnDrop(aborted));
        });
        Request {
            url: endpoint.url.clone(),
            sent,
            head_start,
            controller,
            response,
            blocked,
            timed_out,
            deadline,
            _timer: timer,
            _policy: policy,
        }
    }

    /// What aborts the request when it is dropped.
    pub fn abort_on_drop(&self) -> AbortOnDrop {
        AbortOnDrop(self.controller.clone())
    }

    /// Waits for the answer and reads it. An aborted request counts as unreachable.
    pub async fn answer(&self) -> Answered {
        let mut answered = Answered { result: Ok(None), arrived: None, server: None };
        answered.result = match self.reply(&mut answered).await {
            Ok(reply) => reply::read(reply),
            Err(Failure::Fault(kind)) => Err(Fault::new(kind)),
            Err(Failure::Network) => {
                let is_aborted = self.controller.as_ref().is_some_and(|it| it.signal().aborted());
                if !is_aborted {
                    // The event that tells of a policy's violation may follow the rejection, one task later.
                    let (next_task, _timer) = rejected_after(Duration::ZERO, || {});
                    let _ = JsFuture::from(next_task).await;
                }
                Err(Fault::new(if self.blocked.get() { FaultKind::Blocked } else { self.silence() }))
            }
        };
        answered
    }

    fn silence(&self) -> FaultKind {
        let proxy = host::resolve(&self.url).map(|url| url.hostname()).unwrap_or_default();
        FaultKind::of_silence(self.timed_out.get(), &host::origin(), &host::hostname(), &proxy)
    }

    async fn reply(&self, answered: &mut Answered) -> Result<Reply, Failure> {
        let response = self.in_time(&self.response.clone()?).await?;
        let arrived = self.head_start.as_ref().and_then(HeadStart::arrived);
        let arrived = arrived.map_or_else(clock::now, |millis| Timestamp::from_millis(millis as i64));
        answered.arrived = Some(arrived);
        if host::text_of(&response, "type").is_some_and(|kind| kind == "opaqueredirect") {
            return Err(Failure::Fault(FaultKind::Redirected));
        }
        let response = Response::from(response.dyn_into::<web_sys::Response>()?);
        answered.server = server_time(&response);
        let text = self.read_text(&response).await?;
        let retry_after = response.headers().get("Retry-After");
        Ok(Reply {
            status: response.status(),
            body: Body::read(&text, json::parse),
            retry_at: retry_after
                .and_then(|header| reply::retry_at(&header, arrived, answered.server, date_time)),
        })
    }

    async fn read_text(&self, response: &Response) -> Result<String, Failure> {
        let Some(body) = response.body() else { return Ok(String::new()) };
        // Caught, unlike web-sys' own: a page's `fetch` may have read the body already.
        let get_reader = js_sys::Reflect::get(&body, &"getReader".into())?.dyn_into::<js_sys::Function>()?;
        let reader = get_reader.call0(&body)?.unchecked_into::<web_sys::ReadableStreamDefaultReader>();
        let mut bytes = Vec::new();
        loop {
            let chunk = self.in_time(&reader.read()).await?;
            let Some(chunk) = host::member(&chunk, "value") else { break };
            let chunk = chunk.dyn_into::<js_sys::Uint8Array>()?;
            // Judged before it is copied: a page's `fetch` may give a chunk for which there is no room.
            if chunk.length() as usize > MAX_BYTES - bytes.len() {
                // Nobody waits for the rest; that its end can fail does not matter.
                let _ = reader.cancel();
                return Err(Failure::Fault(FaultKind::TooLarge));
            }
            bytes.extend(chunk.to_vec());
        }
        let text = String::from_utf8_lossy(&bytes);
        Ok(text.trim_start_matches('\u{feff}').to_owned())
    }

    /// Waits for a promise, until the deadline at the latest.
    async fn in_time(&self, promise: &js_sys::Promise) -> Result<JsValue, JsValue> {
        JsFuture::from(js_sys::Promise::race(&js_sys::Array::of2(promise, &self.deadline))).await
    }
}

/// The server's time, where the answer's headers tell it and the page may read them.
fn server_time(response: &Response) -> Option<ServerTime> {
    let headers = response.headers();
    let date = date_time(&headers.get("Date")?)?;
    let age = headers.get("Age").map_or(Some(0), |age| age.trim().parse().ok())?;
    Some(ServerTime { date, age: Duration::from_secs(age) })
}

/// A date as HTTP writes it.
fn date_time(text: &str) -> Option<Timestamp> {
    let millis = js_sys::Date::parse(text);
    (!millis.is_nan()).then(|| Timestamp::from_millis(millis as i64))
}

/// Why there is no reply to judge.
enum Failure {
    Fault(FaultKind),
    /// The browser says no more than that.
    Network,
}

impl From<JsValue> for Failure {
    fn from(_: JsValue) -> Self {
        Failure::Network
    }
}

/// A simple request, so that there is no preflight. `www/head-start.js` starts the first one with the same options.
fn request_options(endpoint: &Endpoint, controller: Option<&AbortController>) -> js_sys::Object {
    // Not by gloo-net's builder: it appends a `&` to every URL that has a query.
    let options = host::object(&[
        ("mode", "cors"),
        ("credentials", endpoint.credentials.name()),
        ("cache", "no-cache"),
        ("redirect", "manual"),
        ("referrerPolicy", "no-referrer"),
    ]);
    if let Some(controller) = controller {
        host::set(&options, "signal", &controller.signal());
    }
    options
}

/// A promise that is rejected after a while, when something else is done as well; never, if the timer is dropped.
fn rejected_after(wait: Duration, act: impl FnOnce() + 'static) -> (js_sys::Promise, Timeout) {
    let mut reject = None;
    let promise = js_sys::Promise::new(&mut |_, function| reject = Some(function));
    let act: Box<dyn FnOnce()> = Box::new(act);
    let timer = Timeout::new(wait.as_millis() as u32, move || {
        act();
        if let Some(reject) = reject {
            // A promise's own function: it does not throw.
            let _ = reject.call0(&JsValue::UNDEFINED);
        }
    });
    (promise, timer)
}

/// Notices when the page's own policy blocks the request: the fetch itself fails like any other.
fn watch_policy(url: String, blocked: Rc<Cell<bool>>) -> Option<EventListener> {
    let document = host::document()?;
    Some(EventListener::new(&document, "securitypolicyviolation", move |event| {
        let says = |member, expected: &str| host::text_of(event, member).is_some_and(|text| text == expected);
        let is_enforced = says("disposition", "enforce") && says("effectiveDirective", "connect-src");
        if is_enforced && says("blockedURI", &url) {
            blocked.set(true);
        }
    }))
}
