//! The command line, and what `--help` and `--example` print.

use std::path::PathBuf;

use clap::Parser;
use clap::builder::{OsStringValueParser, TypedValueParser};

use crate::config::setting::{
    ACCOUNTS_SERVER, ADMIN_LISTEN, ALERT_FORMAT, ALERT_PROXY, ALERT_PROXY_CREDENTIALS, ALERT_URL_FILE,
    ALLOW_ANY_ORIGIN, ALLOWED_HOSTS, ALLOWED_ORIGINS, API_DOMAIN, BADGE_SITES, CACHE_SECONDS, CLIENT_ID,
    CLIENT_SECRET, DATA_CENTER, HEARTBEAT_URL_FILE, HISTORY_DAYS, IDLE_SECONDS, INCLUDE_REQUESTER, LABEL,
    LISTEN, LOG_FORMAT, LOG_LEVEL, OVERDUE_SECONDS, REFRESH_TOKEN, SOCKET_GROUP, STALE_SECONDS, STATE_DIR,
    SecretSetting, UPSTREAM_PROXY, UPSTREAM_PROXY_CREDENTIALS, WATCH_SECONDS, WIDGET_DIR,
};

/// Holds the token for Zoho's "Get Data Backup Details", and serves that one request to the widget
///
/// It does not authenticate its readers: everyone who can reach it can read when backups run. Let it listen on the loopback
/// interface, behind the portal's own sign-on.
#[allow(rustdoc::bare_urls, reason = "--help prints these sentences")]
#[derive(Clone, Debug, Default, Parser)]
#[command(name = "zoho-backup-proxy", version, after_long_help = secrets_help())]
pub struct Arguments {
    /// The Zoho data centre of the account: us, eu, in, au, cn, jp, ca, sa, uk or ae
    #[arg(long = DATA_CENTER.flag, env = DATA_CENTER.variable, hide_env_values = true)]
    pub data_center: Option<String>,

    /// The address of the API, in place of a data centre's, such as https://sandbox.zohoapis.com; https only
    #[arg(long = API_DOMAIN.flag, env = API_DOMAIN.variable, hide_env_values = true)]
    pub api_domain: Option<String>,

    /// The address of the accounts server, in place of a data centre's; https only
    #[arg(long = ACCOUNTS_SERVER.flag, env = ACCOUNTS_SERVER.variable, hide_env_values = true)]
    pub accounts_server: Option<String>,

    /// The proxy on the way to Zoho, such as http://proxy.intranet:3128: it is asked to CONNECT, and TLS goes on to Zoho;
    /// none is taken from other variables
    #[arg(long = UPSTREAM_PROXY.flag, env = UPSTREAM_PROXY.variable, hide_env_values = true)]
    pub upstream_proxy: Option<String>,

    /// The client id of the self client, from Zoho's API console
    #[arg(long = CLIENT_ID.flag, env = CLIENT_ID.variable, hide_env_values = true)]
    pub client_id: Option<String>,

    /// The origins whose pages may read the answers across origins, such as https://portal.example; separated by commas
    #[arg(long = ALLOWED_ORIGINS.flag, env = ALLOWED_ORIGINS.variable, hide_env_values = true)]
    #[arg(value_delimiter = ',')]
    pub allowed_origins: Vec<String>,

    /// The hosts by which clients address the gateway, besides the loopback names, such as backup.portal.example;
    /// separated by commas
    #[arg(long = ALLOWED_HOSTS.flag, env = ALLOWED_HOSTS.variable, hide_env_values = true)]
    #[arg(value_delimiter = ',')]
    pub allowed_hosts: Vec<String>,

    /// The address to listen on, or unix:PATH for a Unix socket
    #[arg(long = LISTEN.flag, env = LISTEN.variable, hide_env_values = true, default_value = LISTEN.default)]
    pub listen: Option<String>,

    /// The group that may connect to the Unix socket, such as the web server's; by default the gateway's own
    #[arg(long = SOCKET_GROUP.flag, env = SOCKET_GROUP.variable, hide_env_values = true)]
    pub socket_group: Option<String>,

    /// Where to serve /statusz and /metrics, for an administrator: an address of the loopback interface, or unix:PATH;
    /// by default nowhere
    #[arg(long = ADMIN_LISTEN.flag, env = ADMIN_LISTEN.variable, hide_env_values = true)]
    pub admin_listen: Option<String>,

    /// How many seconds a connection may be idle; longer than a web server in front keeps it; at most a day
    #[arg(long = IDLE_SECONDS.flag, env = IDLE_SECONDS.variable, hide_env_values = true)]
    #[arg(default_value = IDLE_SECONDS.default)]
    pub idle_seconds: Option<String>,

    /// How many seconds an answer is served without asking Zoho again; at most a day
    #[arg(long = CACHE_SECONDS.flag, env = CACHE_SECONDS.variable, hide_env_values = true)]
    #[arg(default_value = CACHE_SECONDS.default)]
    pub cache_seconds: Option<String>,

    /// How many seconds an old answer is served while Zoho gives no new one; at most a day
    #[arg(long = STALE_SECONDS.flag, env = STALE_SECONDS.variable, hide_env_values = true)]
    #[arg(default_value = STALE_SECONDS.default)]
    pub stale_seconds: Option<String>,

    /// Ask Zoho by itself this often, in seconds, and every minute while a run is due or under way; from 60 to 900, such as
    /// 300; by default only readers make it ask
    #[arg(long = WATCH_SECONDS.flag, env = WATCH_SECONDS.variable, hide_env_values = true)]
    pub watch_seconds: Option<String>,

    /// A folder for what the gateway remembers: what Zoho's answers said over time, and when tokens were requested; by
    /// default it writes nothing to disk
    #[arg(long = STATE_DIR.flag, env = STATE_DIR.variable, hide_env_values = true)]
    #[arg(value_parser = path())]
    pub state_dir: Option<PathBuf>,

    /// How many days the history in --state-dir goes back; at most 3650
    #[arg(long = HISTORY_DAYS.flag, env = HISTORY_DAYS.variable, hide_env_values = true)]
    #[arg(default_value = HISTORY_DAYS.default)]
    pub history_days: Option<String>,

    /// How many seconds after its date a run that has not started is missed; as overdue-after of the widget
    #[arg(long = OVERDUE_SECONDS.flag, env = OVERDUE_SECONDS.variable, hide_env_values = true)]
    #[arg(default_value = OVERDUE_SECONDS.default)]
    pub overdue_seconds: Option<String>,

    /// Let the answers say who scheduled the backup: personal data
    #[arg(long = INCLUDE_REQUESTER.flag, env = INCLUDE_REQUESTER.variable, hide_env_values = true)]
    #[arg(num_args = 0..=1, default_missing_value = "true", value_name = "true|false")]
    #[arg(default_value = INCLUDE_REQUESTER.default)]
    pub include_requester: Option<String>,

    /// A folder with zoho-backup-status.js and widget_bg.wasm, or with a folder of them for each version; the gateway then
    /// serves these files
    #[arg(long = WIDGET_DIR.flag, env = WIDGET_DIR.variable, hide_env_values = true)]
    #[arg(value_parser = path())]
    pub widget_dir: Option<PathBuf>,

    /// Let pages of every origin read the answers
    #[arg(long = ALLOW_ANY_ORIGIN.flag, env = ALLOW_ANY_ORIGIN.variable, hide_env_values = true)]
    #[arg(num_args = 0..=1, default_missing_value = "true", value_name = "true|false")]
    #[arg(default_value = ALLOW_ANY_ORIGIN.default)]
    pub dangerously_allow_any_origin: Option<String>,

    /// The sites whose pages may show the badge as a picture, /badge.svg: same-origin, same-site or any
    #[arg(long = BADGE_SITES.flag, env = BADGE_SITES.variable, hide_env_values = true)]
    #[arg(default_value = BADGE_SITES.default)]
    pub badge_sites: Option<String>,

    /// Send alerts to the address in this file: a POST for each failed or missed run, a stop of the schedule, answers that
    /// do not arrive, and when that is over; needs --watch-seconds and --state-dir
    #[arg(long = ALERT_URL_FILE.flag, env = ALERT_URL_FILE.variable, hide_env_values = true)]
    #[arg(value_parser = path())]
    pub alert_url_file: Option<PathBuf>,

    /// How alerts are written: json, slack or teams
    #[arg(long = ALERT_FORMAT.flag, env = ALERT_FORMAT.variable, hide_env_values = true)]
    #[arg(default_value = ALERT_FORMAT.default)]
    pub alert_format: Option<String>,

    /// The proxy on the way to the receivers of alerts and heartbeats, such as http://proxy.intranet:3128; that of
    /// --upstream-proxy is not used for them
    #[arg(long = ALERT_PROXY.flag, env = ALERT_PROXY.variable, hide_env_values = true)]
    pub alert_proxy: Option<String>,

    /// The name of the account in alerts; by default "Zoho CRM backup"
    #[arg(long = LABEL.flag, env = LABEL.variable, hide_env_values = true)]
    pub label: Option<String>,

    /// Ping the address in this file after answers of Zoho, at most once a minute, so that a monitor notices when the
    /// gateway does not watch; needs --watch-seconds
    #[arg(long = HEARTBEAT_URL_FILE.flag, env = HEARTBEAT_URL_FILE.variable, hide_env_values = true)]
    #[arg(value_parser = path())]
    pub heartbeat_url_file: Option<PathBuf>,

    /// How much to log: error, warn, info, debug or trace
    #[arg(long = LOG_LEVEL.flag, env = LOG_LEVEL.variable, hide_env_values = true)]
    #[arg(default_value = LOG_LEVEL.default)]
    pub log_level: Option<String>,

    /// How to log: text, or json for one JSON object per line
    #[arg(long = LOG_FORMAT.flag, env = LOG_FORMAT.variable, hide_env_values = true)]
    #[arg(default_value = LOG_FORMAT.default)]
    pub log_format: Option<String>,

    /// Ask a gateway that runs with the same --listen whether it is ready, and exit with 0 or 1
    #[arg(long)]
    pub healthcheck: bool,

    /// Print the history in --state-dir as JSON lines, without ids, and exit; a gateway may be running
    #[arg(long)]
    pub export_history: bool,

    /// Send a test alert, print whether it was accepted, and exit with 0 or 1
    #[arg(long)]
    pub alert_test: bool,

    /// Check the configuration, and exit
    #[arg(long)]
    pub check: bool,

    /// Print an example configuration that explains every setting, and exit
    #[arg(long)]
    pub example: bool,
}

/// An example configuration, for systemd's `EnvironmentFile` or a container.
pub const EXAMPLE: &str = include_str!("../../example.env");

/// A path that may be empty: a variable that is empty counts as unset, and clap's own paths refuse it.
fn path() -> impl TypedValueParser<Value = PathBuf> {
    OsStringValueParser::new().map(PathBuf::from)
}

/// What `--help` says about the secrets, which have no flags.
fn secrets_help() -> String {
    let line = |secret: SecretSetting| {
        format!("  {} or {}    {}", secret.variable, secret.file_variable, secret.meaning)
    };
    format!(
        "Secrets come from environment variables or from files. They have no flags, because other users of the machine \
         can see command lines:\n{}\n{}\n{}\n{}\n\
         The files are read again for every new token: a rotation needs no restart, unless they are copies, as systemd \
         makes them.",
        line(CLIENT_SECRET),
        line(REFRESH_TOKEN),
        line(UPSTREAM_PROXY_CREDENTIALS),
        line(ALERT_PROXY_CREDENTIALS)
    )
}
