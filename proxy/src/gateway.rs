//! The gateway's state: its rules, its files, and the cached answers of Zoho.

use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::Semaphore;

use crate::answers::{Answers, CachedResult};
use crate::config::Settings;
use crate::failure::Failure;
use crate::guard::Guard;
use crate::readiness::Readiness;
use crate::representation::Representation;
use crate::request_id::RequestIds;
use crate::request_refusal::RequestRefusal;
use crate::route::Route;
use crate::token_holder::TokenHolder;
use crate::widget_files::WidgetFiles;
use crate::zoho::{Timeouts, Upstream, Zoho};

/// How many requests may wait for Zoho at a time.
pub const MAX_WAITING: usize = 700;

/// The gateway. Clones share their state.
#[derive(Clone, Debug)]
pub struct Gateway(Arc<State>);

#[derive(Debug)]
struct State {
    guard: Guard,
    readiness: Readiness,
    /// Replaced as a whole, so that no page gets a file of one build and a file of another from one state.
    widget_files: RwLock<Option<WidgetFiles>>,
    answers: Arc<Answers>,
    /// One permit for each request that may wait for Zoho.
    waiting: Semaphore,
    request_ids: RequestIds,
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
        let zoho = Zoho::new(
            &settings.api_domain,
            &settings.accounts_server,
            settings.client_id.clone(),
            settings.client_secret.clone(),
            settings.refresh_token.clone(),
            timeouts.connect,
        )?;
        Ok(Gateway::with_token_holder(settings, TokenHolder::new(zoho, timeouts.total)))
    }

    /// A gateway to a substitute for Zoho.
    pub fn with_upstream(settings: Settings, upstream: impl Upstream) -> Gateway {
        Gateway::with_token_holder(settings, TokenHolder::new(upstream, Timeouts::default().total))
    }

    fn with_token_holder(settings: Settings, token_holder: TokenHolder<impl Upstream>) -> Gateway {
        let token_holder = Arc::new(token_holder);
        let answers = Answers::new(settings.cache_time, settings.stale_time, move || {
            let token_holder = token_holder.clone();
            async move {
                let backup = token_holder.fetch_backup().await?;
                let represent = |backup| Representation::of_backup(&backup, settings.include_requester);
                backup.map(represent).transpose().map_err(|_| Failure::Internal)
            }
        });
        Gateway(Arc::new(State {
            readiness: Readiness {
                client_secret: settings.client_secret,
                refresh_token: settings.refresh_token,
            },
            guard: Guard { origins: settings.origins, own_hosts: settings.own_hosts },
            widget_files: RwLock::new(settings.widget_files),
            answers,
            waiting: Semaphore::new(MAX_WAITING),
            request_ids: RequestIds::default(),
        }))
    }

    /// What this path leads to.
    #[must_use]
    pub fn route(&self, path: &str) -> Route {
        Route::parse(path, self.0.widget_files.read().unwrap_or_else(PoisonError::into_inner).as_ref())
    }

    /// Reads the widget's files again, and serves them from the next request on. The token and the answers stay. This
    /// blocks the thread while it reads. `false` if the gateway serves no files.
    ///
    /// # Errors
    /// When a file cannot be read. The old files are served on.
    pub fn reload_widget_files(&self) -> Result<bool, String> {
        let current = self.0.widget_files.read().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(current) = current else { return Ok(false) };
        let reloaded = current.reload()?;
        *self.0.widget_files.write().unwrap_or_else(PoisonError::into_inner) = Some(reloaded);
        Ok(true)
    }

    /// The rules for requests.
    #[must_use]
    pub fn guard(&self) -> &Guard {
        &self.0.guard
    }

    /// Whether the gateway can read its secrets.
    #[must_use]
    pub fn readiness(&self) -> &Readiness {
        &self.0.readiness
    }

    /// The id of the next request.
    #[must_use]
    pub fn next_request_id(&self) -> String {
        self.0.request_ids.next()
    }

    /// The backup details: cached, or requested from Zoho. If too many requests wait for Zoho already, the stale answer
    /// where there is one.
    ///
    /// # Errors
    /// When Zoho must be asked, too many requests wait for it already, and there is no stale answer.
    pub async fn backup(&self) -> Result<CachedResult, RequestRefusal> {
        if let Some(cached) = self.0.answers.cached() {
            return Ok(cached);
        }
        let Ok(_permit) = self.0.waiting.try_acquire() else {
            return self.0.answers.stale().map(Ok).ok_or(RequestRefusal::Busy);
        };
        Ok(self.0.answers.get().await)
    }
}
