//! Every setting, defined once: its flag, its environment variable, and its default.

use std::fmt::{self, Display};

/// A setting with a flag and an environment variable. `D` is the type of its default: `()` for none.
#[derive(Clone, Copy, Debug)]
pub struct Setting<D = ()> {
    /// The flag, without its two hyphens.
    pub flag: &'static str,
    /// The environment variable.
    pub variable: &'static str,
    /// The value if none is given, as it would be written.
    pub default: D,
}

/// A secret. It has no flag, because other users of the machine can see command lines.
#[derive(Clone, Copy, Debug)]
pub struct SecretSetting {
    /// The environment variable with the secret itself.
    pub variable: &'static str,
    /// The environment variable with the path of a file that contains the secret.
    pub file_variable: &'static str,
    /// What the secret is.
    pub meaning: &'static str,
}

const fn setting(flag: &'static str, variable: &'static str) -> Setting {
    Setting { flag, variable, default: () }
}

impl Setting {
    const fn with_default(self, default: &'static str) -> Setting<&'static str> {
        Setting { flag: self.flag, variable: self.variable, default }
    }
}

/// Zoho's data centre.
pub const DATA_CENTER: Setting = setting("data-center", "ZOHO_BACKUP_DATA_CENTER");
/// The API's address, in place of the data centre's.
pub const API_DOMAIN: Setting = setting("api-domain", "ZOHO_BACKUP_API_DOMAIN");
/// The accounts server's address, in place of the data centre's.
pub const ACCOUNTS_SERVER: Setting = setting("accounts-server", "ZOHO_BACKUP_ACCOUNTS_SERVER");
/// The proxy between the gateway and Zoho.
pub const UPSTREAM_PROXY: Setting = setting("upstream-proxy", "ZOHO_BACKUP_UPSTREAM_PROXY");
/// The id of the self client.
pub const CLIENT_ID: Setting = setting("client-id", "ZOHO_BACKUP_CLIENT_ID");
/// The origins whose pages may read the answers.
pub const ALLOWED_ORIGINS: Setting = setting("allowed-origins", "ZOHO_BACKUP_ALLOWED_ORIGINS");
/// The gateway's own hosts besides the loopback names.
pub const ALLOWED_HOSTS: Setting = setting("allowed-hosts", "ZOHO_BACKUP_ALLOWED_HOSTS");
/// The address or the Unix socket to listen on.
pub const LISTEN: Setting<&str> = setting("listen", "ZOHO_BACKUP_LISTEN").with_default("127.0.0.1:8095");
/// The group that may connect to the Unix socket to listen on.
pub const SOCKET_GROUP: Setting = setting("socket-group", "ZOHO_BACKUP_SOCKET_GROUP");
/// The address or the Unix socket for the administrator's pages.
pub const ADMIN_LISTEN: Setting = setting("admin-listen", "ZOHO_BACKUP_ADMIN_LISTEN");
/// How long a connection may be idle.
pub const IDLE_SECONDS: Setting<&str> =
    setting("idle-seconds", "ZOHO_BACKUP_IDLE_SECONDS").with_default("75");
/// How long an answer is served without asking Zoho.
pub const CACHE_SECONDS: Setting<&str> =
    setting("cache-seconds", "ZOHO_BACKUP_CACHE_SECONDS").with_default("60");
/// How long an old answer is served while Zoho gives no new one.
pub const STALE_SECONDS: Setting<&str> =
    setting("stale-seconds", "ZOHO_BACKUP_STALE_SECONDS").with_default("3600");
/// How often the gateway asks Zoho by itself.
pub const WATCH_SECONDS: Setting = setting("watch-seconds", "ZOHO_BACKUP_WATCH_SECONDS");
/// The folder for what the gateway remembers.
pub const STATE_DIR: Setting = setting("state-dir", "ZOHO_BACKUP_STATE_DIR");
/// How long observations are kept.
pub const HISTORY_DAYS: Setting<&str> =
    setting("history-days", "ZOHO_BACKUP_HISTORY_DAYS").with_default("400");
/// When a run that has not started is missed.
pub const OVERDUE_SECONDS: Setting<&str> =
    setting("overdue-seconds", "ZOHO_BACKUP_OVERDUE_SECONDS").with_default("3600");
/// Whether the answers say who scheduled the backup.
pub const INCLUDE_REQUESTER: Setting<&str> =
    setting("include-requester", "ZOHO_BACKUP_INCLUDE_REQUESTER").with_default("false");
/// The folder of the widget's files.
pub const WIDGET_DIR: Setting = setting("widget-dir", "ZOHO_BACKUP_WIDGET_DIR");
/// Whether pages of every origin may read the answers.
pub const ALLOW_ANY_ORIGIN: Setting<&str> =
    setting("dangerously-allow-any-origin", "ZOHO_BACKUP_DANGEROUSLY_ALLOW_ANY_ORIGIN").with_default("false");
/// The sites whose pages may show the badge as a picture.
pub const BADGE_SITES: Setting<&str> =
    setting("badge-sites", "ZOHO_BACKUP_BADGE_SITES").with_default("same-origin");
/// How much is logged.
pub const LOG_LEVEL: Setting<&str> = setting("log-level", "ZOHO_BACKUP_LOG_LEVEL").with_default("info");
/// How a line of the log is written.
pub const LOG_FORMAT: Setting<&str> = setting("log-format", "ZOHO_BACKUP_LOG_FORMAT").with_default("text");

/// The secret of the self client.
pub const CLIENT_SECRET: SecretSetting = SecretSetting {
    variable: "ZOHO_BACKUP_CLIENT_SECRET",
    file_variable: "ZOHO_BACKUP_CLIENT_SECRET_FILE",
    meaning: "the self client's secret",
};
/// The refresh token.
pub const REFRESH_TOKEN: SecretSetting = SecretSetting {
    variable: "ZOHO_BACKUP_REFRESH_TOKEN",
    file_variable: "ZOHO_BACKUP_REFRESH_TOKEN_FILE",
    meaning: "the refresh token, with the scope ZohoCRM.bulk.backup.READ",
};

/// The credentials for the proxy between the gateway and Zoho.
pub const UPSTREAM_PROXY_CREDENTIALS: SecretSetting = SecretSetting {
    variable: "ZOHO_BACKUP_UPSTREAM_PROXY_CREDENTIALS",
    file_variable: "ZOHO_BACKUP_UPSTREAM_PROXY_CREDENTIALS_FILE",
    meaning: "user:password for the upstream proxy, if it requires them",
};

/// Both spellings, as messages name the setting: `--listen (ZOHO_BACKUP_LISTEN)`.
impl<D> Display for Setting<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "--{} ({})", self.flag, self.variable)
    }
}

impl<D> Setting<D> {
    /// The mistake that no value is given. `remedy` says what to do.
    #[must_use]
    pub fn missing(&self, remedy: &str) -> String {
        format!("{self} is missing: {remedy}")
    }

    /// The mistake that a value is wrong. `problem` says why and what to write, as in `is not …`.
    #[must_use]
    pub fn wrong(&self, value: &str, problem: &str) -> String {
        format!("{self} \"{value}\" {problem}")
    }
}
