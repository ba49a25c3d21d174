//! A request under way.

use crate::endpoint::Endpoint;
use crate::fetch::body::{Failure, in_time, read_text};
use crate::fetch::head_start::{HeadStart, StartedRequest};
use crate::fetch::policy_watch::PolicyWatch;
use crate::json;
use crate::page::timeout::Timeout;
use crate::page::{clock, environment, objects};
use gloo_net::http::Response;
use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortController;
use zoho_backup_core::clock_error::{ClockError, ServerTime};
use zoho_backup_core::fault::Fault;
use zoho_backup_core::feed::Exchange;
use zoho_backup_core::freshness;
use zoho_backup_core::instant::Timestamp;
use zoho_backup_core::no_answer::{Attempt, NoAnswer, Permission, Place};
use zoho_backup_core::reply::{self, Body, DEADLINE, Details, Reply};
use zoho_backup_core::request::FETCH_OPTIONS;

#[wasm_bindgen]
extern "C" {
    // Looked up at every call, since a page may replace it. It may throw, return and reject with anything.
    #[wasm_bindgen(js_name = fetch, catch)]
    fn browser_fetch(url: &str, options: &js_sys::Object) -> Result<JsValue, JsValue>;
}

/// A request under way.
pub struct Request {
    url: String,
    /// By this computer's clock.
    sent: Timestamp,
    started: Option<StartedRequest>,
    /// `None` where the page's own `AbortController` cannot be made.
    controller: Option<AbortController>,
    response: Result<js_sys::Promise, JsValue>,
    policy: PolicyWatch,
    has_timed_out: Rc<Cell<bool>>,
    /// Rejects at the deadline, even where a page's own `fetch` ignores the abort signal.
    deadline: js_sys::Promise,
    _timer: Option<Timeout>,
}

/// Aborts its request when it is dropped before the request has ended.
#[must_use = "dropping it aborts the request"]
pub struct AbortOnDrop(Option<AbortController>);

impl AbortOnDrop {
    /// Whether it aborts this request.
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
    /// Starts a request, or continues the one that the script started.
    pub fn start(endpoint: &Endpoint, mut head_start: HeadStart) -> Request {
        let started = head_start.take_if_for(endpoint);
        let is_blocked = started.as_ref().is_some_and(StartedRequest::blocked);
        let policy = PolicyWatch::new(endpoint.url.clone(), is_blocked);
        let (controller, response, sent) = match &started {
            Some(started) => {
                let sent = clock::time_of(started.started());
                (Some(started.controller()), Ok(started.response()), sent)
            }
            None => {
                let (controller, sent) = (AbortController::new().ok(), clock::now());
                let response = browser_fetch(&endpoint.url, &fetch_options(endpoint, controller.as_ref()));
                (controller, response.map(|response| js_sys::Promise::resolve(&response)), sent)
            }
        };
        let has_timed_out = Rc::new(Cell::new(false));
        // A request that waited long for the wasm may have its answer by now: leave time to read it.
        let left = DEADLINE.saturating_sub(clock::now().since(sent)).max(Duration::from_secs(1));
        let (late, aborted) = (has_timed_out.clone(), controller.clone());
        let expire = move || {
            late.set(true);
            drop(AbortOnDrop(aborted));
        };
        let (deadline, timer) = rejected_after(left, Box::new(expire));
        Request {
            url: endpoint.url.clone(),
            sent,
            started,
            controller,
            response,
            policy,
            has_timed_out,
            deadline,
            _timer: timer,
        }
    }

    /// What aborts the request when it is dropped.
    pub fn abort_on_drop(&self) -> AbortOnDrop {
        AbortOnDrop(self.controller.clone())
    }

    /// Waits for the answer and reads it. An aborted request counts as unreachable.
    pub async fn answer(&self) -> Exchange {
        let mut exchange = Exchange {
            result: Ok(Details::default()),
            sent: self.sent,
            arrived: None,
            age: Duration::ZERO,
            date: None,
            set_back: ClockError::default(),
        };
        exchange.result = match self.reply(&mut exchange).await {
            Ok(reply) => reply::read(reply),
            Err(Failure::Fault(fault)) => Err(fault),
            Err(Failure::Unknown) => {
                let is_aborted = self.controller.as_ref().is_some_and(|it| it.signal().aborted());
                let is_dropped = is_aborted && !self.has_timed_out.get();
                // The event of a policy violation may follow the rejection, one task later.
                let (next_task, timer) = rejected_after(Duration::ZERO, Box::new(|| {}));
                let (late, later) = rejected_after(Duration::from_secs(1), Box::new(|| {}));
                let mut local_network = JsValue::UNDEFINED;
                if !is_dropped && timer.is_some() && later.is_some() {
                    // Without an answer in a second, it is not known.
                    let asked = environment::permission("local-network-access").unwrap_or(next_task.clone());
                    let asked = js_sys::Promise::race(&js_sys::Array::of2(&asked, &late));
                    let both = js_sys::Promise::all_settled(&js_sys::Array::of2(&asked, &next_task));
                    local_network = JsFuture::from(both).await.unwrap_or_default();
                }
                Err(self.no_answer(&local_network))
            }
        };
        exchange
    }

    /// Given what is known about the permission to reach the local network: a promise's outcome in a list.
    fn no_answer(&self, local_network: &JsValue) -> Fault {
        let ended = if self.policy.is_blocked() {
            NoAnswer::Blocked
        } else if self.has_timed_out.get() {
            NoAnswer::TimedOut
        } else {
            NoAnswer::Failed
        };
        let proxy = environment::resolve(&self.url);
        let [origin, host] = proxy.map(|url| [url.origin(), url.hostname()]).unwrap_or_default();
        Fault::no_answer(&Attempt {
            ended,
            is_online: environment::is_online(),
            page: Place { origin: &environment::origin(), host: &environment::hostname() },
            proxy: Place { origin: &origin, host: &host },
            is_framed: environment::is_framed(),
            has_service_worker: environment::has_service_worker(),
            local_network: permission(local_network).unwrap_or_default(),
        })
    }

    async fn reply(&self, exchange: &mut Exchange) -> Result<Reply, Failure> {
        let response = in_time(self.response.clone()?, &self.deadline).await?;
        let arrived = self.started.as_ref().and_then(StartedRequest::arrived);
        let arrived = arrived.map_or_else(clock::now, clock::time_of);
        exchange.arrived = Some(arrived);
        exchange.set_back = clock::set_back();
        if objects::text_of(&response, "type").is_some_and(|kind| kind == "opaqueredirect") {
            return Err(Failure::Fault(Fault::redirected()));
        }
        let response = Response::from(response.dyn_into::<web_sys::Response>()?);
        let headers = response.headers();
        exchange.date = headers.get("Date").and_then(|date| date_time(&date));
        exchange.age = headers.get("Age").and_then(|header| freshness::age(&header)).unwrap_or_default();
        let text = read_text(&response, &self.deadline).await?;
        let retry_after = headers.get("Retry-After");
        let server = exchange.date.map(|date| ServerTime { date, age: exchange.age });
        Ok(Reply {
            status: response.status(),
            body: Body::read(&text, json::parse),
            retry_at: retry_after.and_then(|header| reply::retry_at(&header, arrived, server, date_time)),
        })
    }
}

/// A permission, from the list of outcomes that begins with that of the browser's answer.
fn permission(outcomes: &JsValue) -> Option<Permission> {
    let status = objects::member(&objects::member(outcomes, "0")?, "value")?;
    match objects::text_of(&status, "state")?.as_str() {
        "prompt" => Some(Permission::Open),
        "denied" => Some(Permission::Denied),
        _ => None,
    }
}

/// A date as HTTP writes it.
fn date_time(text: &str) -> Option<Timestamp> {
    let millis = js_sys::Date::parse(text);
    (!millis.is_nan()).then(|| Timestamp::from_millis(millis as i64))
}

/// The options of `fetch`. They are not built by gloo-net, which appends a `&` to every URL that has a query.
fn fetch_options(endpoint: &Endpoint, controller: Option<&AbortController>) -> js_sys::Object {
    let options = objects::object(&FETCH_OPTIONS);
    objects::set(&options, "credentials", &endpoint.credentials.name().into());
    if let Some(controller) = controller {
        objects::set(&options, "signal", &controller.signal());
    }
    options
}

/// A promise that rejects after a while, when `act` is called as well. Never, if there is no timer or it is dropped.
fn rejected_after(wait: Duration, act: Box<dyn FnOnce()>) -> (js_sys::Promise, Option<Timeout>) {
    let mut reject = None;
    let promise = js_sys::Promise::new(&mut |_, function| reject = Some(function));
    let expire = move || {
        act();
        if let Some(reject) = reject {
            // A promise's own function: it does not throw.
            let _ = reject.call0(&JsValue::UNDEFINED);
        }
    };
    (promise, Timeout::new(wait, Box::new(expire)))
}
