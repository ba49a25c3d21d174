//! What the tests of the gateway share: settings, a sandbox in place of Zoho, and a backup.

#![allow(dead_code, reason = "no test file uses all of it")]

pub mod picture;
pub mod reply;

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use reqwest::Url;
use sandbox::{Account, Options, Sandbox};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use zoho_backup_core::backup::Backup;
use zoho_backup_proxy::badge_sites::BadgeSites;
use zoho_backup_proxy::config::listen::Listen;
use zoho_backup_proxy::config::{Level, Settings};
use zoho_backup_proxy::gateway::Gateway;
use zoho_backup_proxy::log::LogFormat;
use zoho_backup_proxy::origin::Origins;
use zoho_backup_proxy::own_host::OwnHost;
use zoho_backup_proxy::router::router;
use zoho_backup_proxy::secret::Source;
use zoho_backup_proxy::serve::{Limits, serve};
use zoho_backup_proxy::zoho::Answer;

/// Settings for a gateway behind a portal, to the sandbox at this origin with the default account.
pub fn settings(zoho: &str) -> Settings {
    let url = Url::parse(zoho).expect("an origin");
    let Account { client_id, client_secret, refresh_token, .. } = Account::default();
    Settings {
        api_domain: url.clone(),
        accounts_server: url,
        client_id,
        client_secret: Source::Text(client_secret.into()),
        refresh_token: Source::Text(refresh_token.into()),
        upstream_proxy: None,
        origins: Origins::Listed(Vec::new()),
        own_hosts: ["localhost", "127.0.0.1", "[::1]"].map(host).into(),
        listen: Listen::Tcp((Ipv4Addr::LOCALHOST, 0).into()),
        admin_listen: None,
        idle_time: Duration::from_secs(75),
        cache_time: Duration::from_secs(60),
        stale_time: Duration::from_secs(3_600),
        watch_interval: None,
        state_dir: None,
        history_time: Duration::from_secs(400 * 86_400),
        overdue_after: Duration::from_secs(3_600),
        include_requester: false,
        widget_files: None,
        badge_sites: BadgeSites::SameOrigin,
        log_level: Level::INFO,
        log_format: LogFormat::Text,
    }
}

pub fn host(written: &str) -> OwnHost {
    OwnHost::new(written).expect("a host")
}

/// A sandbox that issues tokens to the default account, and requires them.
pub async fn zoho() -> Sandbox {
    zoho_with(Account::default()).await
}

pub async fn zoho_with(account: Account) -> Sandbox {
    let options = Options { account: Some(account), ..Options::default() };
    Sandbox::start_with(0, options).await.expect("a free port")
}

/// Lets a gateway serve on a free port until `stop` resolves. Returns its address and its task.
pub async fn listen(
    gateway: Gateway,
    stop: impl Future<Output = ()> + Send + 'static,
) -> (SocketAddr, JoinHandle<()>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    (address, tokio::spawn(serve(listener, router(gateway), Limits::default(), stop)))
}

/// The sample in Zoho's documentation, as an answer.
pub fn answer() -> Answer {
    let text = json!({ "backup": sample() }).to_string();
    Answer { backup: Some(backup()), text, date: None }
}

/// That nothing was ever scheduled.
pub fn nothing() -> Answer {
    Answer { backup: None, text: String::new(), date: None }
}

/// The sample in Zoho's documentation.
pub fn backup() -> Backup {
    Backup::read(&serde_json::from_value(sample()).expect("JSON")).expect("a backup")
}

fn sample() -> Value {
    json!({
        "id": "4876876000001593003",
        "scheduled_date": "2022-07-26T09:58:45+05:30",
        "start_date": "2022-07-12T12:30:00+05:30",
        "rrule": "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
        "requester": { "id": "4876876000000327001", "name": "Patricia Boyle", "zuid": "7534658674" },
        "status": "SCHEDULED",
    })
}
