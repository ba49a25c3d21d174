//! The gateway's state: its rules, its files, and the cached answers of Zoho.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::sync::Semaphore;
use zoho_backup_core::history::HistoryDocument;
use zoho_backup_core::instant::Timestamp;
use zoho_backup_core::options::Theme;
use zoho_backup_core::policy::Policy;
use zoho_backup_words::language::Language;

use crate::alerts::Alerts;
use crate::alerts::courier::Courier;
use crate::alerts::http_courier::HttpCourier;
use crate::answers::{Answers, CachedAnswer, CachedFailure, CachedResult, Fetched, Source};
use crate::backup_document::BackupDocument;
use crate::config::Settings;
use crate::failure::Failure;
use crate::guard::Guard;
use crate::judgement::{not_known_yet, now_by, of_answer, of_failure};
use crate::observations::Observations;
use crate::observed_upstream::ObservedUpstream;
use crate::picture::BadgePicture;
use crate::readiness::Readiness;
use crate::renewal_log::RenewalLog;
use crate::request_id::RequestIds;
use crate::request_refusal::RequestRefusal;
use crate::retry_after::timestamp;
use crate::route::Route;
use crate::store::Store;
use crate::store::sighting::{ReadAt, Reading, Sighting};
use crate::token_holder::TokenHolder;
use crate::upkeep::Upkeep;
use crate::watch::watch;
use crate::widget_files::WidgetFiles;
use crate::zoho::{Timeouts, Upstream, Zoho};
use crate::zoho_clock::ZohoClock;

/// How many requests may wait for Zoho at a time.
pub const MAX_WAITING: usize = 700;

/// How long a reader waits for an answer: less than the 10 seconds after which the widget gives up.
const WAIT: Duration = Duration::from_secs(9);
/// How long a reader waits for the picture: a page is shown with its pictures.
const PICTURE_WAIT: Duration = Duration::from_secs(3);

/// The gateway. Clones share their state.
#[derive(Clone, Debug)]
pub struct Gateway(Arc<State>);

#[derive(Debug)]
struct State {
    guard: Guard,
    clock: ZohoClock,
    readiness: Readiness,
    /// Replaced as a whole, so that no page gets a file of one build and a file of another from one state.
    widget_files: RwLock<Option<WidgetFiles>>,
    answers: Arc<Answers>,
    /// One permit for each request that may wait for Zoho.
    waiting: Semaphore,
    request_ids: RequestIds,
    observations: Arc<Observations>,
    /// How often it asks by itself.
    watch_interval: Option<Duration>,
    /// What it remembers.
    store: Option<Store>,
    /// By what it judges: as a widget does with the same `overdue-after`.
    policy: Policy,
    /// What tells somebody.
    alerts: Option<Alerts>,
}

/// The account whose backup details are served.
struct Account<U> {
    token_holder: Arc<TokenHolder<U>>,
    include_requester: bool,
    observations: Arc<Observations>,
    store: Option<Store>,
    overdue_after: Duration,
}

impl<U: Upstream> Source for Account<U> {
    fn fetch(&self) -> BoxFuture<'static, Result<Fetched, Failure>> {
        let (token_holder, include_requester) = (self.token_holder.clone(), self.include_requester);
        let observations = self.observations.clone();
        let fetch = async move {
            let answer = token_holder.fetch_backup().await?;
            let document = match answer.backup {
                Some(_) => {
                    Some(BackupDocument::new(&answer.text, include_requester).ok_or(Failure::Internal)?)
                }
                None => None,
            };
            Ok(Fetched { document, date: answer.date })
        };
        async move {
            // A panic is a failure like any other.
            let fetched = AssertUnwindSafe(fetch).catch_unwind().await.unwrap_or(Err(Failure::Internal));
            observations.fetched(fetched.as_ref().map(|fetched| fetched.document.is_some()));
            fetched
        }
        .boxed()
    }

    fn secrets(&self) -> u64 {
        self.token_holder.secrets()
    }

    fn answered(&self, answer: &CachedAnswer) -> Option<HistoryDocument> {
        let store = self.store.as_ref()?;
        let sighting = Sighting::of(answer.document.as_ref().map(|document| &*document.backup));
        let at = ReadAt { zoho: timestamp(answer.date), machine: timestamp(answer.arrived()) };
        store.record(Reading::new(sighting, at));
        Some(HistoryDocument::of(store.history(at.zoho, self.overdue_after)?))
    }
}

impl Gateway {
    /// A gateway to Zoho. It sends no request until it receives one.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(settings: Settings) -> anyhow::Result<Gateway> {
        Gateway::with_store(settings, None)
    }

    /// A gateway to Zoho that remembers.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn with_store(settings: Settings, store: Option<Store>) -> anyhow::Result<Gateway> {
        Gateway::to_zoho(settings, Timeouts::default(), store)
    }

    /// A gateway to Zoho with other timeouts.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn with_timeouts(settings: Settings, timeouts: Timeouts) -> anyhow::Result<Gateway> {
        Gateway::to_zoho(settings, timeouts, None)
    }

    fn to_zoho(settings: Settings, timeouts: Timeouts, store: Option<Store>) -> anyhow::Result<Gateway> {
        let zoho = Zoho::new(&settings, timeouts.connect)?;
        let courier = Arc::new(HttpCourier::new(&settings.alerts)?);
        Ok(Gateway::within(timeouts, settings, zoho, ZohoClock::default(), store, Some(courier)))
    }

    /// A gateway to a substitute for Zoho.
    pub fn with_upstream(settings: Settings, upstream: impl Upstream) -> Gateway {
        Gateway::with_clock(settings, upstream, ZohoClock::default())
    }

    /// A gateway to a substitute for Zoho, with another clock.
    pub fn with_clock(settings: Settings, upstream: impl Upstream, clock: ZohoClock) -> Gateway {
        Gateway::within(Timeouts::default(), settings, upstream, clock, None, None)
    }

    /// A gateway to a substitute for Zoho, with another clock, that remembers.
    pub fn with_memory(
        settings: Settings,
        upstream: impl Upstream,
        clock: ZohoClock,
        store: Store,
    ) -> Gateway {
        Gateway::within(Timeouts::default(), settings, upstream, clock, Some(store), None)
    }

    /// A gateway to a substitute for Zoho, with another clock and a substitute for the receivers of alerts.
    pub fn with_courier(
        settings: Settings,
        upstream: impl Upstream,
        clock: ZohoClock,
        store: Option<Store>,
        courier: Arc<dyn Courier>,
    ) -> Gateway {
        Gateway::within(Timeouts::default(), settings, upstream, clock, store, Some(courier))
    }

    fn within(
        timeouts: Timeouts,
        settings: Settings,
        upstream: impl Upstream,
        clock: ZohoClock,
        store: Option<Store>,
        courier: Option<Arc<dyn Courier>>,
    ) -> Gateway {
        let policy = Policy { overdue_after: settings.overdue_after, ..Policy::default() };
        let observations = Arc::<Observations>::default();
        let upstream = ObservedUpstream { upstream, observations: observations.clone() };
        let log = store.clone().map(|store| RenewalLog { store, clock: clock.clone() });
        let account = Account {
            token_holder: Arc::new(TokenHolder::new(upstream, timeouts.total).with_log(log)),
            include_requester: settings.include_requester,
            observations: observations.clone(),
            store: store.clone(),
            overdue_after: policy.overdue_after,
        };
        let answers = Answers::new(settings.cache_time, settings.stale_time, account, clock.clone());
        let account = format!("{} {}", settings.api_domain, settings.client_id);
        let alerts = courier.and_then(|courier| {
            let (store, clock) = (store.clone(), clock.clone());
            Alerts::new(&settings.alerts, courier, store, clock, policy, account)
        });
        Gateway(Arc::new(State {
            clock,
            readiness: Readiness {
                client_secret: settings.client_secret,
                refresh_token: settings.refresh_token,
            },
            guard: Guard {
                origins: settings.origins,
                own_hosts: settings.own_hosts,
                badge_sites: settings.badge_sites,
            },
            widget_files: RwLock::new(settings.widget_files),
            answers,
            waiting: Semaphore::new(MAX_WAITING),
            request_ids: RequestIds::default(),
            observations,
            watch_interval: settings.watch_interval,
            store,
            policy,
            alerts,
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

    /// Now, by Zoho's clock; `None` where that is this machine's.
    #[must_use]
    pub fn corrected_date(&self) -> Option<SystemTime> {
        self.0.clock.corrected()
    }

    /// What this process has seen.
    #[must_use]
    pub fn observations(&self) -> &Observations {
        &self.0.observations
    }

    /// The last answer of Zoho, however old. Zoho is not asked.
    #[must_use]
    pub fn last_answer(&self) -> Option<Arc<CachedAnswer>> {
        self.0.answers.last()
    }

    /// Asks Zoho again and again by itself, for ever, if the settings say so. `chance` is random.
    pub async fn watch(&self, chance: impl FnMut() -> u32) {
        if let Some(interval) = self.0.watch_interval {
            watch(&self.0.answers, self.0.store.as_ref(), interval, chance).await;
        }
    }

    /// Tells somebody what happens, for ever, if the settings say so. `chance` is random.
    pub async fn alert(&self, chance: impl FnMut() -> u32) {
        if let Some(alerts) = &self.0.alerts {
            alerts.run(&self.0.answers, &self.0.observations, chance).await;
        }
    }

    /// Stores what is not yet stored, and leaves the state directory to others.
    pub async fn close(&self) {
        if let Some(alerts) = &self.0.alerts {
            alerts.close().await;
        }
        if let Some(store) = &self.0.store {
            store.close().await;
        }
    }

    /// How watching and remembering go, and what follows from what is remembered.
    #[must_use]
    pub fn upkeep(&self) -> Upkeep {
        let history = |store: &Store| store.history(self.now(), self.0.policy.overdue_after);
        Upkeep {
            watch_interval: self.0.watch_interval,
            store: self.0.store.as_ref().map(Store::report),
            alerts: self.0.alerts.as_ref().and_then(Alerts::report),
            history: self.0.store.as_ref().and_then(history),
            policy: self.0.policy,
        }
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
        let result = self.backup_within(WAIT).await?;
        Ok(result.unwrap_or_else(|| Err(CachedFailure::now(Failure::TimedOut))))
    }

    /// The badge of the backup details as a picture, in a language; `None`: English. Zoho is asked as for the details themselves. What is not known is a
    /// picture, too.
    pub async fn badge(&self, theme: Theme, language: Option<Language>) -> BadgePicture {
        let (verdict, now) = match self.backup_within(PICTURE_WAIT).await {
            Ok(Some(Ok(answer))) => {
                let now = now_by(&answer);
                (of_answer(&answer, now, &self.0.policy), now)
            }
            Ok(Some(Err(CachedFailure { failure, .. }))) => {
                let now = self.now();
                (of_failure(&failure, now), now)
            }
            Ok(None) | Err(_) => {
                let now = self.now();
                (not_known_yet(now), now)
            }
        };
        BadgePicture::draw(&verdict, now, theme, language)
    }

    /// The result, if there is one after the longest time that the reader waits.
    async fn backup_within(&self, longest: Duration) -> Result<Option<CachedResult>, RequestRefusal> {
        if let Some(cached) = self.0.answers.cached() {
            return Ok(Some(cached));
        }
        let Ok(_permit) = self.0.waiting.try_acquire() else {
            return self.0.answers.stale().map(|stale| Some(Ok(stale))).ok_or(RequestRefusal::Busy);
        };
        Ok(self.0.answers.get(longest).await)
    }

    /// Now, by Zoho's clock as far as it is known.
    fn now(&self) -> Timestamp {
        timestamp(self.0.clock.date_of(self.0.clock.moment()))
    }
}
