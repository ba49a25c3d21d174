//! The configuration: flags and environment in, settings or every mistake at once out.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;
use reqwest::Url;
use secrecy::SecretString;
pub use tracing::Level;

use crate::data_center::{DATA_CENTERS, DataCenter};
use crate::origin::{Host, Origins, check_origin};
use crate::secret::Source;
use crate::widget::Widget;

/// Holds the token for Zoho's "Get Data Backup Details", and answers that one question to the widget
///
/// It does not authenticate its readers: whoever reaches it learns when backups run. Keep it on the loopback interface
/// behind the portal's own sign-on.
#[allow(rustdoc::bare_urls, reason = "these are the words of --help, where they stand bare")]
#[derive(Debug, Default, Parser)]
#[command(name = "zoho-backup-proxy", version, after_long_help = SECRETS)]
pub struct Arguments {
    /// Zoho's data centre, in which the account lives: us, eu, in, au, cn, jp, ca, sa or uk
    #[arg(long, env = "ZOHO_BACKUP_DATA_CENTER", hide_env_values = true)]
    pub data_center: Option<String>,

    /// The API's address instead of a data centre's, such as https://sandbox.zohoapis.com; https only
    #[arg(long, env = "ZOHO_BACKUP_API_DOMAIN", hide_env_values = true)]
    pub api_domain: Option<String>,

    /// The accounts server's address instead of a data centre's; https only
    #[arg(long, env = "ZOHO_BACKUP_ACCOUNTS_SERVER", hide_env_values = true)]
    pub accounts_server: Option<String>,

    /// The id of the self client, from Zoho's API console
    #[arg(long, env = "ZOHO_BACKUP_CLIENT_ID", hide_env_values = true)]
    pub client_id: Option<String>,

    /// Origins of pages that may read the answers from elsewhere, such as https://portal.example; several with commas
    #[arg(long, env = "ZOHO_BACKUP_ALLOWED_ORIGINS", hide_env_values = true, value_delimiter = ',')]
    pub allowed_origins: Vec<String>,

    /// Hosts by which the gateway is known beside this computer's loopback names, such as backup.portal.example; several
    /// with commas
    #[arg(long, env = "ZOHO_BACKUP_ALLOWED_HOSTS", hide_env_values = true, value_delimiter = ',')]
    pub allowed_hosts: Vec<String>,

    /// The address to listen on [default: 127.0.0.1:8095]
    #[arg(long, env = "ZOHO_BACKUP_LISTEN", hide_env_values = true)]
    pub listen: Option<String>,

    /// Seconds for which an answer is told again without asking Zoho, up to a day [default: 60]
    #[arg(long, env = "ZOHO_BACKUP_CACHE_SECONDS", hide_env_values = true)]
    pub cache_seconds: Option<String>,

    /// Seconds for which an old answer is told while Zoho gives no other, up to a day [default: 3600]
    #[arg(long, env = "ZOHO_BACKUP_STALE_SECONDS", hide_env_values = true)]
    pub stale_seconds: Option<String>,

    /// Pass on who scheduled the backup: personal data
    #[arg(long, env = "ZOHO_BACKUP_INCLUDE_REQUESTER", hide_env_values = true)]
    #[arg(num_args = 0..=1, default_missing_value = "true", value_name = "true|false")]
    pub include_requester: Option<String>,

    /// A folder with zoho-backup-status.js and widget_bg.wasm, to be served as well
    #[arg(long, env = "ZOHO_BACKUP_WIDGET_DIR", hide_env_values = true)]
    pub widget_dir: Option<PathBuf>,

    /// Let every page of the world read the answers
    #[arg(long, env = "ZOHO_BACKUP_DANGEROUSLY_ALLOW_ANY_ORIGIN", hide_env_values = true)]
    #[arg(num_args = 0..=1, default_missing_value = "true", value_name = "true|false")]
    pub dangerously_allow_any_origin: Option<String>,

    /// How much to log: error, warn, info or debug [default: info]
    #[arg(long, env = "ZOHO_BACKUP_LOG_LEVEL", hide_env_values = true)]
    pub log_level: Option<String>,

    /// Judge the configuration, and stop
    #[arg(long)]
    pub check: bool,

    /// Print an example configuration with every setting explained, and stop
    #[arg(long)]
    pub example: bool,
}

/// What `--help` says about secrets, which have no flags.
const SECRETS: &str = "\
Secrets come from the environment or from files, never from flags, which other users of the machine can see:
  ZOHO_BACKUP_CLIENT_SECRET or ZOHO_BACKUP_CLIENT_SECRET_FILE    the self client's secret
  ZOHO_BACKUP_REFRESH_TOKEN or ZOHO_BACKUP_REFRESH_TOKEN_FILE    the refresh token, of scope ZohoCRM.bulk.backup.READ
Files are read anew for every token: a rotation needs no restart, unless they are copies as systemd makes them.";

/// An example of a configuration, for systemd's `EnvironmentFile` or a container.
pub const EXAMPLE: &str = include_str!("../example.env");

/// A configuration without a mistake.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where the API is.
    pub api_domain: Url,
    /// Where tokens are given.
    pub accounts_server: Url,
    /// The self client.
    pub client_id: String,
    /// Its secret.
    pub client_secret: Source,
    /// The refresh token.
    pub refresh_token: Source,
    /// Who may read from elsewhere.
    pub origins: Origins,
    /// By which names the gateway is known.
    pub hosts: Vec<Host>,
    /// Where to listen.
    pub listen: SocketAddr,
    /// For how long an answer is fresh.
    pub cache_time: Duration,
    /// For how long an old one is better than none.
    pub stale_time: Duration,
    /// Whether to pass on who scheduled the backup.
    pub include_requester: bool,
    /// The widget's files, if they are to be served.
    pub widget: Option<Widget>,
    /// How much to log.
    pub log_level: Level,
}

const LISTEN: &str = "127.0.0.1:8095";
const LOOPBACK_NAMES: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

impl Settings {
    /// Judges arguments; `environment` gives the variables of the secrets.
    ///
    /// # Errors
    /// Every mistake, each a sentence that names the setting, what was given unless that is secret, and the remedy.
    pub fn judge(
        given: &Arguments,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Settings, Vec<String>> {
        let mut mistakes = Mistakes::default();
        let servers = servers(given, &mut mistakes);
        let client_id = match given.client_id.as_deref().map(str::trim) {
            Some(id) if !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_graphic()) => Some(id.to_owned()),
            Some(_) => mistakes.add("--client-id is no client id: one word of ASCII is expected".to_owned()),
            None => mistakes.add(
                "--client-id (ZOHO_BACKUP_CLIENT_ID) is missing: register a self client in Zoho's API console"
                    .to_owned(),
            ),
        };
        let client_secret = secret("ZOHO_BACKUP_CLIENT_SECRET", &environment, &mut mistakes);
        let refresh_token = secret("ZOHO_BACKUP_REFRESH_TOKEN", &environment, &mut mistakes);
        let origins = origins(given, &mut mistakes);
        let include_requester =
            switch("--include-requester", given.include_requester.as_deref(), &mut mistakes);
        let written = given.listen.as_deref().unwrap_or(LISTEN);
        let listen = written.parse::<SocketAddr>().ok().or_else(|| {
            mistakes.add(format!(
                "--listen \"{written}\" is no address: write it like {LISTEN}, with a number for the host"
            ))
        });
        let hosts = hosts(given, listen, &mut mistakes);
        let cache_time = seconds("--cache-seconds", given.cache_seconds.as_deref(), 60, 1, &mut mistakes);
        let stale_time = seconds("--stale-seconds", given.stale_seconds.as_deref(), 3_600, 0, &mut mistakes);
        let widget = match given.widget_dir.as_deref().map(Widget::load) {
            Some(Err(problem)) => mistakes.add(format!("--widget-dir {problem}")),
            Some(Ok(widget)) => Some(Some(widget)),
            None => Some(None),
        };
        let log_level = match given.log_level.as_deref() {
            None => Some(Level::INFO),
            Some(word) => word.parse().ok().or_else(|| {
                mistakes.add(format!("--log-level \"{word}\" is none of error, warn, info, debug and trace"))
            }),
        };
        let settings = || {
            let (api_domain, accounts_server) = servers?;
            Some(Settings {
                api_domain,
                accounts_server,
                client_id: client_id?,
                client_secret: client_secret?,
                refresh_token: refresh_token?,
                origins: origins?,
                hosts: hosts?,
                listen: listen?,
                cache_time: cache_time?,
                stale_time: stale_time?,
                include_requester: include_requester?,
                widget: widget?,
                log_level: log_level?,
            })
        };
        settings().filter(|_| mistakes.0.is_empty()).ok_or(mistakes.0)
    }

    /// What is not wrong, but should be known to whoever runs this.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings: Vec<_> =
            [&self.client_secret, &self.refresh_token].into_iter().filter_map(Source::exposure).collect();
        if !self.listen.ip().is_loopback() {
            warnings.push(format!(
                "listening on {}, beyond this computer: whoever reaches it can read when backups run, unless something \
                 in front of it asks who they are",
                self.listen
            ));
        }
        if self.origins == Origins::Any {
            warnings.push(
                "every page of the world may read the answers (--dangerously-allow-any-origin)".to_owned(),
            );
        }
        warnings
    }
}

#[derive(Default)]
struct Mistakes(Vec<String>);

impl Mistakes {
    /// Notes a mistake, in place of a value.
    fn add<T>(&mut self, mistake: String) -> Option<T> {
        self.0.push(mistake);
        None
    }
}

/// The API's address and the accounts server's.
fn servers(given: &Arguments, mistakes: &mut Mistakes) -> Option<(Url, Url)> {
    let data_center = given.data_center.as_deref().and_then(|name| {
        DataCenter::find(name.trim()).or_else(|| {
            let names = DATA_CENTERS.map(|data_center| data_center.name).join(", ");
            mistakes.add(format!("--data-center \"{name}\" is none of Zoho's: they are {names}"))
        })
    });
    let mut server = |flag: &str, explicit: &Option<String>, of_data_center: Option<&str>| {
        match (explicit.as_deref(), of_data_center) {
            (Some(address), _) => match https_origin(address) {
                Ok(url) => Some(url),
                Err(problem) => mistakes.add(format!("{flag} \"{}\" {problem}", without_secrets(address))),
            },
            (None, Some(address)) => Url::parse(address).ok(),
            (None, None) if given.data_center.is_some() => None,
            (None, None) => mistakes.add(format!(
                "{flag} is missing: set it, or the account's data centre with --data-center (ZOHO_BACKUP_DATA_CENTER)"
            )),
        }
    };
    let api_domain = server("--api-domain", &given.api_domain, data_center.map(|it| it.api_domain));
    let accounts_server =
        server("--accounts-server", &given.accounts_server, data_center.map(|it| it.accounts_server));
    Some((api_domain?, accounts_server?))
}

fn https_origin(address: &str) -> Result<Url, String> {
    let url = Url::parse(address.trim())
        .map_err(|_| "is no address: write it like https://www.zohoapis.com".to_owned())?;
    if url.scheme() != "https" {
        return Err("is not https: the token must not travel in the clear".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("has a user name or password: remove them".to_owned());
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err(format!("is more than an origin: write {}", url.origin().ascii_serialization()));
    }
    Ok(url)
}

/// An address as it may be shown: what stands before an `@` may be a password.
fn without_secrets(address: &str) -> String {
    let rest = address.rsplit_once('@').map_or(address, |(_, rest)| rest);
    rest.split(['?', '#']).next().unwrap_or_default().to_owned()
}

fn secret(
    name: &str,
    environment: &impl Fn(&str) -> Option<String>,
    mistakes: &mut Mistakes,
) -> Option<Source> {
    let file = format!("{name}_FILE");
    let source = match (environment(name), environment(&file)) {
        (None, None) => {
            return mistakes
                .add(format!("{name} is missing: set it, or {file} to the path of a file with it"));
        }
        (Some(_), Some(_)) => {
            return mistakes.add(format!("{name} and {file} are both set: unset one of them"));
        }
        (Some(text), None) => Source::Text(SecretString::from(text)),
        (None, Some(path)) => Source::File(PathBuf::from(path)),
    };
    match source.read() {
        Ok(_) => Some(source),
        Err(problem) => mistakes
            .add(format!("{}: {problem}", if matches!(source, Source::File(_)) { &file } else { name })),
    }
}

fn origins(given: &Arguments, mistakes: &mut Mistakes) -> Option<Origins> {
    let mut listed = Vec::new();
    for origin in given.allowed_origins.iter().map(|origin| origin.trim()).filter(|origin| !origin.is_empty())
    {
        match check_origin(origin) {
            Ok(origin) => listed.push(origin),
            Err(problem) => {
                mistakes.0.push(format!("--allowed-origins \"{}\" {problem}", without_secrets(origin)));
            }
        }
    }
    let any =
        switch("--dangerously-allow-any-origin", given.dangerously_allow_any_origin.as_deref(), mistakes)?;
    match (any, listed.is_empty()) {
        (true, true) => Some(Origins::Any),
        (true, false) => mistakes.add(
            "--allowed-origins and --dangerously-allow-any-origin are both set: decide for one".to_owned(),
        ),
        (false, _) => Some(Origins::Listed(listed)),
    }
}

fn hosts(given: &Arguments, listen: Option<SocketAddr>, mistakes: &mut Mistakes) -> Option<Vec<Host>> {
    let written: Vec<_> =
        given.allowed_hosts.iter().map(|host| host.trim()).filter(|host| !host.is_empty()).collect();
    if let (true, Some(address)) = (written.is_empty(), listen.filter(|address| !address.ip().is_loopback()))
    {
        return mistakes.add(format!(
            "--allowed-hosts (ZOHO_BACKUP_ALLOWED_HOSTS) is missing: listening on {address}, the gateway must know its own \
             names, or other sites could point theirs at it"
        ));
    }
    // No other site can have these names.
    let mut hosts: Vec<_> = LOOPBACK_NAMES.into_iter().filter_map(|name| Host::new(name).ok()).collect();
    for host in written {
        match Host::new(host) {
            Ok(host) => hosts.push(host),
            Err(problem) => {
                mistakes.0.push(format!("--allowed-hosts \"{}\" {problem}", without_secrets(host)));
            }
        }
    }
    Some(hosts)
}

/// What is on or off. Not given, or given as nothing, it is off.
fn switch(flag: &str, given: Option<&str>, mistakes: &mut Mistakes) -> Option<bool> {
    match given.map(|word| word.trim().to_ascii_lowercase()).as_deref() {
        None | Some("" | "false" | "no" | "off" | "0") => Some(false),
        Some("true" | "yes" | "on" | "1") => Some(true),
        Some(word) => mistakes.add(format!("{flag} \"{word}\" is neither true nor false")),
    }
}

/// A number of seconds, from `least` up to a day.
fn seconds(
    flag: &str,
    given: Option<&str>,
    usual: u64,
    least: u64,
    mistakes: &mut Mistakes,
) -> Option<Duration> {
    const DAY: u64 = 86_400;
    let Some(written) = given else { return Some(Duration::from_secs(usual)) };
    match written.trim().parse() {
        Ok(seconds) if (least..=DAY).contains(&seconds) => Some(Duration::from_secs(seconds)),
        _ => mistakes.add(format!("{flag} \"{written}\" is no whole number from {least} to {DAY}")),
    }
}
