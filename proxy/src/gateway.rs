//! The gateway's state: its rules, its files, and the cached answers of Zoho.

use std::sync::Arc;
use std::time::SystemTime;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::sync::Semaphore;

use crate::answers::{Answers, CachedResult, Fetched, Source};
use crate::config::Settings;
use crate::failure::Failure;
use crate::guard::Guard;
use crate::representation::Representation;
use crate::request_id::RequestIds;
use crate::request_refusal::RequestRefusal;
use crate::route::Route;
use crate::token_holder::TokenHolder;
use crate::widget_files::WidgetFiles;
use crate::zoho::{Timeouts, Upstream, Zoho};
use crate::zoho_clock::ZohoClock;

/// How many requests may wait for Zoho at a time.
pub const MAX_WAITING: usize = 700;

/// The gateway. Clones share their state.
#[derive(Clone, Debug)]
pub struct Gateway(Arc<State>);

#[derive(Debug)]
struct State {
    guard: Guard,
    clock: ZohoClock,
    widget_files: Option<WidgetFiles>,
    answers: Arc<Answers>,
    /// One permit for each request that may wait for Zoho.
    waiting: Semaphore,
    request_ids: RequestIds,
}

/// The account whose backup details are served.
struct Account<U> {
    token_holder: Arc<TokenHolder<U>>,
    include_requester: bool,
}

impl<U: Upstream> Source for Account<U> {
    fn fetch(&self) -> BoxFuture<'static, Result<Fetched, Failure>> {
        let Account { token_holder, include_requester } = self;
        let (token_holder, include_requester) = (token_holder.clone(), *include_requester);
        async move {
            let answer = token_holder.fetch_backup().await?;
            let represent = |_| Representation::of_document(&answer.text, include_requester);
            let representation = answer.backup.map(represent).transpose().map_err(|_| Failure::Internal)?;
            Ok(Fetched { representation, date: answer.date })
        }
        .boxed()
    }

    fn secrets(&self) -> u64 {
        self.token_holder.secrets()
    }
}

impl Gateway {
    /// A gateway to Zoho. It sends no request until it receives one.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(settings: Settings) -> anyhow::Result<Gateway> {
        Gateway::with_timeouts(settings, Timeouts::default())
    }

    /// A gateway to Zoho with other timeouts.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn with_timeouts(settings: Settings, timeouts: Timeouts) -> anyhow::Result<Gateway> {
        let zoho = Zoho::new(&settings, timeouts.connect)?;
        Ok(Gateway::with_token_holder(settings, TokenHolder::new(zoho, timeouts.total), ZohoClock::default()))
    }

    /// A gateway to a substitute for Zoho.
    pub fn with_upstream(settings: Settings, upstream: impl Upstream) -> Gateway {
        Gateway::with_clock(settings, upstream, ZohoClock::default())
    }

    /// A gateway to a substitute for Zoho, with another clock.
    pub fn with_clock(settings: Settings, upstream: impl Upstream, clock: ZohoClock) -> Gateway {
        Gateway::with_token_holder(settings, TokenHolder::new(upstream, Timeouts::default().total), clock)
    }

    fn with_token_holder(
        settings: Settings,
        token_holder: TokenHolder<impl Upstream>,
        clock: ZohoClock,
    ) -> Gateway {
        let account =
            Account { token_holder: Arc::new(token_holder), include_requester: settings.include_requester };
        let answers = Answers::new(settings.cache_time, settings.stale_time, account, clock.clone());
        Gateway(Arc::new(State {
            clock,
            guard: Guard { origins: settings.origins, own_hosts: settings.own_hosts },
            widget_files: settings.widget_files,
            answers,
            waiting: Semaphore::new(MAX_WAITING),
            request_ids: RequestIds::default(),
        }))
    }

    /// What this path leads to.
    #[must_use]
    pub fn route(&self, path: &str) -> Route {
        Route::parse(path, self.0.widget_files.as_ref())
    }

    /// The rules for requests.
    #[must_use]
    pub fn guard(&self) -> &Guard {
        &self.0.guard
    }

    /// Now, by Zoho's clock; `None` where that is this machine's.
    #[must_use]
    pub fn corrected_date(&self) -> Option<SystemTime> {
        self.0.clock.corrected()
    }

    /// The id of the next request.
    #[must_use]
    pub fn next_request_id(&self) -> String {
        self.0.request_ids.next()
    }

    /// The backup details: cached, or requested from Zoho.
    ///
    /// # Errors
    /// When Zoho must be asked and too many requests wait for it already.
    pub async fn backup(&self) -> Result<CachedResult, RequestRefusal> {
        if let Some(cached) = self.0.answers.cached() {
            return Ok(cached);
        }
        let _permit = self.0.waiting.try_acquire().map_err(|_| RequestRefusal::Busy)?;
        Ok(self.0.answers.get().await)
    }
}
