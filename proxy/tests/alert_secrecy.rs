//! The addresses of the receivers are nowhere in the log at any level, on the administrator's pages, in debug output or in
//! the state directory: neither the path nor the host.
//!
//! There is only one test in this file, because the log belongs to the whole process.

mod common;
#[allow(dead_code, reason = "not all of it is used here")]
#[path = "downstream/folder.rs"]
mod folder;

use std::fs;
use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use folder::Folder;
use secrecy::SecretString;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::time::Instant;
use tracing_subscriber::prelude::*;
use zoho_backup_proxy::alerts::http_courier::HttpCourier;
use zoho_backup_proxy::config::Settings;
use zoho_backup_proxy::config::alerts::AlertSettings;
use zoho_backup_proxy::failure::{Failure, TokenRefusal};
use zoho_backup_proxy::gateway::Gateway;
use zoho_backup_proxy::metrics::metrics;
use zoho_backup_proxy::secret::Source;
use zoho_backup_proxy::status::status;
use zoho_backup_proxy::store::Store;
use zoho_backup_proxy::zoho::{Answer, Token, Upstream};
use zoho_backup_proxy::zoho_clock::ZohoClock;

const SENTINEL: &str = "sentinel-of-a-receiver";

/// Everything that the gateway logs, at every level.
struct Log(Mutex<Vec<u8>>);

static LOG: Log = Log(Mutex::new(Vec::new()));

impl Write for &Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Zoho refuses the gateway, so that there is an alert at once.
struct Refusing;

impl Upstream for Refusing {
    async fn fetch_backup(&self, _: &SecretString, _: Instant) -> Result<Answer, Failure> {
        Err(Failure::TokenRefused(TokenRefusal::Client))
    }

    async fn renew_token(&self, _: Instant) -> Result<Token, Failure> {
        Err(Failure::TokenRefused(TokenRefusal::Client))
    }
}

/// A receiver that answers with this status, and names the address in whatever it can.
async fn receiver(status: &'static str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut buffer = [0; 65_536];
            let _ = stream.read(&mut buffer).await;
            let answer = format!(
                "HTTP/1.1 {status}\r\nlocation: https://{SENTINEL}.invalid/\r\nx-address: {SENTINEL}\r\n\
                 content-length: {}\r\nconnection: close\r\n\r\n{SENTINEL}",
                SENTINEL.len()
            );
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    port
}

#[tokio::test]
async fn no_address_is_shown_or_stored() {
    let layer = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(|| &LOG);
    let own =
        tracing_subscriber::filter::Targets::new().with_target("zoho_backup_proxy", tracing::Level::TRACE);
    tracing_subscriber::registry().with(layer.with_filter(own)).init();

    let (accepting, refusing, moved) =
        (receiver("200 OK").await, receiver("404 Not Found").await, receiver("302 Found").await);
    let addresses = [
        format!("http://localhost:{accepting}/{SENTINEL}"),
        format!("http://user:{SENTINEL}@localhost:{refusing}/{SENTINEL}"),
        format!("http://127.0.0.1:{moved}/?{SENTINEL}"),
        format!("https://{SENTINEL}.invalid/{SENTINEL}"),
        format!("https://localhost:{accepting}/{SENTINEL}"),
        format!("http://localhost:1/{SENTINEL}"),
        format!("http://{SENTINEL}.example/"),
        format!("{SENTINEL} and {SENTINEL}"),
    ];
    let mut shown = Vec::new();
    for address in &addresses {
        let folder = Folder::new();
        let source = || Some(Source::file(folder.write("address", address)));
        let alerts = AlertSettings { url: source(), heartbeat_url: source(), ..AlertSettings::default() };
        let settings = Settings {
            watch_interval: Some(Duration::from_secs(60)),
            alerts: alerts.clone(),
            ..common::settings("http://zoho.invalid")
        };
        shown.push(format!("{settings:?} {:?}", settings.warnings()));
        let courier = std::sync::Arc::new(HttpCourier::new(&alerts).expect("TLS"));
        shown.push(format!("{courier:?}"));
        let state = Folder::new();
        let store = Store::open(state.path(), Duration::from_secs(86_400));
        let gateway =
            Gateway::with_courier(settings, Refusing, ZohoClock::default(), Some(store.clone()), courier);
        let running = tokio::spawn({
            let gateway = gateway.clone();
            async move { gateway.alert(|| 0).await }
        });
        assert!(gateway.backup().await.expect("not busy").is_err());
        // Until it was tried, or delivered.
        let is_tried = || {
            let report = gateway.upkeep().alerts.expect("alerts");
            report.sent > 0 || report.last_problem.is_some()
        };
        while !is_tried() {
            tokio::task::yield_now().await;
        }
        let (observed, upkeep) = (gateway.observations().so_far(), gateway.upkeep());
        shown.push(status(&observed, None, &upkeep).to_string());
        shown.push(metrics(&observed, None, &upkeep));
        shown.push(format!("{gateway:?}"));
        running.abort();
        let _ = running.await;
        gateway.close().await;
        assert_eq!(store.alerts().len(), 1, "there is an alert");
        for entry in fs::read_dir(state.path()).expect("a folder") {
            let bytes = fs::read(entry.expect("a file").path()).expect("its content");
            shown.push(String::from_utf8_lossy(&bytes).into_owned());
        }
    }
    shown.push(String::from_utf8_lossy(&LOG.0.lock().unwrap()).into_owned());
    let log = shown.last().expect("a log");
    for word in ["an alert was delivered", "HTTP 404", "HTTP 302", "is not known", "refuses the connection"] {
        assert!(log.contains(word), "{word} is not in the log: {log}");
    }
    for text in &shown {
        assert!(!text.contains(SENTINEL), "an address is shown: {text}");
        assert!(!text.contains("localhost:"), "a host is shown: {text}");
    }
}
