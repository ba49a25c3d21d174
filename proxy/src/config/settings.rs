//! The settings: a configuration without mistakes.

use std::path::PathBuf;
use std::time::Duration;

use reqwest::Url;
use tracing::Level;
use zoho_backup_core::freshness::MAX_SOURCE_AGE;

use crate::badge_sites::BadgeSites;
use crate::config::arguments::Arguments;
use crate::config::cleaned::cleaned;
use crate::config::credentials::{Credentials, read_credentials};
use crate::config::listen::{Listen, read_admin_listen, read_listen};
use crate::config::mistakes::Mistakes;
use crate::config::readers::{read_origins, read_own_hosts};
use crate::config::servers::{Servers, read_servers, read_upstream_proxy};
use crate::config::setting::{
    ALLOW_ANY_ORIGIN, BADGE_SITES, CACHE_SECONDS, HISTORY_DAYS, IDLE_SECONDS, INCLUDE_REQUESTER, LOG_FORMAT,
    LOG_LEVEL, OVERDUE_SECONDS, STALE_SECONDS, STATE_DIR, WATCH_SECONDS, WIDGET_DIR,
};
use crate::config::values::{
    badge_sites, folder, history_days, log_format, log_level, overdue_seconds, seconds, switch, watch_seconds,
};
use crate::log::LogFormat;
use crate::origin::Origins;
use crate::own_host::OwnHost;
use crate::secret::Source;
use crate::upstream_proxy::UpstreamProxy;
use crate::widget_files::WidgetFiles;

/// A configuration without mistakes.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The server of the API.
    pub api_domain: Url,
    /// The server that issues tokens.
    pub accounts_server: Url,
    /// The id of the self client.
    pub client_id: String,
    /// Where the self client's secret is stored.
    pub client_secret: Source,
    /// Where the refresh token is stored.
    pub refresh_token: Source,
    /// The proxy between the gateway and Zoho, if there is one.
    pub upstream_proxy: Option<UpstreamProxy>,
    /// The origins whose pages may read the answers.
    pub origins: Origins,
    /// The hosts by which clients address the gateway.
    pub own_hosts: Vec<OwnHost>,
    /// Where to listen.
    pub listen: Listen,
    /// Where to serve the administrator's pages, if anywhere.
    pub admin_listen: Option<Listen>,
    /// How long a connection may be idle.
    pub idle_time: Duration,
    /// How long an answer is served without asking Zoho.
    pub cache_time: Duration,
    /// How long an old answer is served while Zoho gives no new one.
    pub stale_time: Duration,
    /// How often the gateway asks Zoho by itself, if it does.
    pub watch_interval: Option<Duration>,
    /// The folder for what it remembers, if it does.
    pub state_dir: Option<PathBuf>,
    /// How far its history goes back.
    pub history_time: Duration,
    /// How long after its date a run that has not started is missed.
    pub overdue_after: Duration,
    /// Whether the answers say who scheduled the backup.
    pub include_requester: bool,
    /// The widget's files, if the gateway serves them.
    pub widget_files: Option<WidgetFiles>,
    /// The sites whose pages may show the badge as a picture.
    pub badge_sites: BadgeSites,
    /// How much is logged.
    pub log_level: Level,
    /// How a line of the log is written.
    pub log_format: LogFormat,
}

impl Settings {
    /// Validates a configuration. `environment` returns the value of an environment variable; the secrets are read from
    /// there.
    ///
    /// # Errors
    /// Every mistake. Each message is one line; it names the setting, the value unless it is secret, and the remedy.
    pub fn validate(
        given: &Arguments,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Settings, Vec<String>> {
        let mut mistakes = Mistakes::default();
        let given = &cleaned(given, &mut mistakes);
        let servers = read_servers(given, &mut mistakes);
        let credentials = read_credentials(given, &environment, &mut mistakes);
        let upstream_proxy = read_upstream_proxy(given, &environment, &mut mistakes);
        let origins = read_origins(given, &mut mistakes);
        let include_requester =
            mistakes.check(switch(&INCLUDE_REQUESTER, given.include_requester.as_deref()));
        let listen = read_listen(given, &mut mistakes);
        let own_hosts = read_own_hosts(given, listen.as_ref().and_then(Listen::address), &mut mistakes);
        let admin_listen = read_admin_listen(given, &mut mistakes);
        let idle_time = mistakes.check(seconds(&IDLE_SECONDS, given.idle_seconds.as_deref(), 1));
        let cache_time = mistakes.check(seconds(&CACHE_SECONDS, given.cache_seconds.as_deref(), 1));
        let stale_time = mistakes.check(seconds(&STALE_SECONDS, given.stale_seconds.as_deref(), 0));
        let watch_interval = mistakes.check(watch_seconds(&WATCH_SECONDS, given.watch_seconds.as_deref()));
        let state_dir = mistakes.check(folder(&STATE_DIR, given.state_dir.as_deref()));
        let history_time = mistakes.check(history_days(&HISTORY_DAYS, given.history_days.as_deref()));
        let overdue_after =
            mistakes.check(overdue_seconds(&OVERDUE_SECONDS, given.overdue_seconds.as_deref()));
        let widget_files = given.widget_dir.as_deref().map(WidgetFiles::load).transpose();
        let widget_files = mistakes.check(widget_files.map_err(|problem| format!("{WIDGET_DIR} {problem}")));
        let badge_sites = mistakes.check(badge_sites(&BADGE_SITES, given.badge_sites.as_deref()));
        let log_level = mistakes.check(log_level(&LOG_LEVEL, given.log_level.as_deref()));
        let log_format = mistakes.check(log_format(&LOG_FORMAT, given.log_format.as_deref()));
        let settings = || {
            let Servers { api_domain, accounts_server } = servers?;
            let Credentials { client_id, client_secret, refresh_token } = credentials?;
            Some(Settings {
                api_domain,
                accounts_server,
                client_id,
                client_secret,
                refresh_token,
                upstream_proxy: upstream_proxy?,
                origins: origins?,
                own_hosts: own_hosts?,
                listen: listen?,
                admin_listen: admin_listen?,
                idle_time: idle_time?,
                cache_time: cache_time?,
                stale_time: stale_time?,
                watch_interval: watch_interval?,
                state_dir: state_dir?,
                history_time: history_time?,
                overdue_after: overdue_after?,
                include_requester: include_requester?,
                widget_files: widget_files?,
                badge_sites: badge_sites?,
                log_level: log_level?,
                log_format: log_format?,
            })
        };
        mistakes.finish(settings())
    }

    /// What is allowed, but dangerous: secrets that others can read, an open network, any origin.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        let proxys = self.upstream_proxy.as_ref().and_then(|proxy| proxy.credentials.as_ref());
        let secrets = [&self.client_secret, &self.refresh_token].into_iter().chain(proxys);
        let mut warnings: Vec<_> = secrets.filter_map(Source::new_exposure).collect();
        if !self.listen.is_local() {
            warnings.push(format!(
                "listening on {}, beyond this computer: everyone who can reach it can read when backups run, unless a \
                 sign-on in front of it prevents that",
                self.listen
            ));
        }
        if self.origins == Origins::Any {
            warnings.push(format!("pages of every origin may read the answers: {ALLOW_ANY_ORIGIN} is on"));
        }
        if self.badge_sites == BadgeSites::Any {
            warnings.push(format!(
                "pages of every site may show the badge as a picture, and see by its width which state it shows: \
                 {BADGE_SITES} is any"
            ));
        }
        if let Origins::Listed(origins) = &self.origins {
            let plain = origins.iter().filter(|origin| origin.starts_with("http://"));
            warnings.extend(plain.map(|origin| {
                format!(
                    "pages of {origin} may read the answers with the reader's sign-on, and anyone on the network can \
                     alter these pages: serve them by https"
                )
            }));
        }
        if self.cache_time > MAX_SOURCE_AGE {
            warnings.push(format!(
                "{CACHE_SECONDS} is {}: the widget calls answers stale that are older than {} seconds",
                self.cache_time.as_secs(),
                MAX_SOURCE_AGE.as_secs()
            ));
        }
        if let Some(interval) = self.watch_interval.filter(|interval| *interval < self.cache_time) {
            warnings.push(format!(
                "{WATCH_SECONDS} is {}, but an answer is served for {} seconds ({CACHE_SECONDS}) before Zoho is asked \
                 again",
                interval.as_secs(),
                self.cache_time.as_secs()
            ));
        }
        warnings
    }
}
