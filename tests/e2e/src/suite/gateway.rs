//! The whole chain: the widget, the gateway, and Zoho's API and accounts server.

use std::net::Ipv4Addr;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use sandbox::accounts::TOKEN;
use sandbox::{Account, Options, Sandbox, WireResponse, scenarios};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
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
use zoho_backup_proxy::widget_files::WidgetFiles;
use zoho_backup_proxy::zoho::BACKUP_PATH;

use crate::page::Page;
use crate::session::Session;
use crate::test_case::{Test, tests};
use crate::verdict::Verdict;

pub const TESTS: &[Test] = tests!("gateway",
    "the widget works with a gateway on the page's own origin" => same_origin,
    "the widget works with a gateway of another origin that allows the page's" => listed_origin,
    "on a page of an origin that is not listed, the notice names the origin to allow" => unlisted_origin,
    "the gateway serves the widget's files" => files,
    "Zoho's errors keep their fault kinds, and the gateway's own name the gateway and its setting" => errors,
    "a gateway that refuses the host says so, and names its setting" => refused_host,
    "while Zoho is down, the gateway's old answer is stale" => stale,
    "many widgets and pages cause one request to Zoho" => shared,
);

/// The hosts by which tests address a gateway.
const OWN_HOSTS: [&str; 2] = ["localhost", "127.0.0.1"];

/// A sandbox that plays Zoho, and a gateway to it.
pub struct Chain {
    pub zoho: Sandbox,
    origin: String,
    server: JoinHandle<()>,
}

impl Drop for Chain {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Chain {
    /// Starts a gateway that allows pages of these origins.
    pub async fn start(
        origins: &[String],
        cache_time: u64,
        widget_files: Option<WidgetFiles>,
    ) -> Result<(Chain, Gateway)> {
        Chain::start_as(&OWN_HOSTS, origins, cache_time, widget_files, BadgeSites::default()).await
    }

    /// Starts a gateway whose picture pages of every site may show.
    pub async fn start_with_public_picture() -> Result<(Chain, Gateway)> {
        Chain::start_as(&OWN_HOSTS, &[], 60, None, BadgeSites::Any).await
    }

    /// The same of a gateway that is addressed by these hosts.
    async fn start_as(
        own_hosts: &[&str],
        origins: &[String],
        cache_time: u64,
        widget_files: Option<WidgetFiles>,
        badge_sites: BadgeSites,
    ) -> Result<(Chain, Gateway)> {
        let options = Options { account: Some(Account::default()), ..Options::default() };
        let zoho = Sandbox::start_with(0, options).await?;
        let Account { client_id, client_secret, refresh_token, .. } = Account::default();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let listen = listener.local_addr()?;
        let own_hosts = own_hosts.iter().map(|name| OwnHost::new(name).expect("a host"));
        let gateway = Gateway::new(Settings {
            api_domain: zoho.origin().parse()?,
            accounts_server: zoho.origin().parse()?,
            client_id,
            client_secret: Source::Text(client_secret.into()),
            refresh_token: Source::Text(refresh_token.into()),
            upstream_proxy: None,
            origins: Origins::Listed(origins.to_vec()),
            own_hosts: own_hosts.collect(),
            listen: Listen::Tcp(listen),
            admin_listen: None,
            idle_time: Duration::from_secs(75),
            cache_time: Duration::from_secs(cache_time),
            stale_time: Duration::from_secs(3_600),
            watch_interval: None,
            state_dir: None,
            history_time: Duration::from_secs(400 * 86_400),
            overdue_after: Duration::from_secs(3_600),
            include_requester: false,
            widget_files,
            badge_sites,
            alerts: Default::default(),
            log_level: Level::INFO,
            log_format: LogFormat::Text,
        })?;
        let server =
            tokio::spawn(serve(listener, router(gateway.clone()), Limits::default(), std::future::pending()));
        Ok((Chain { zoho, origin: format!("http://{listen}"), server }, gateway))
    }

    fn url(&self) -> String {
        format!("{}{BACKUP_PATH}", self.origin)
    }

    /// Makes Zoho reply as in this scenario from now on.
    pub fn play(&self, scenario: &str) -> Result<()> {
        let scenario = scenarios::find(scenario).with_context(|| format!("no scenario {scenario}"))?;
        self.zoho.play("scheduled", scenario.response_now());
        Ok(())
    }
}

fn element(url: &str) -> String {
    format!("<zoho-backup-status proxy-url=\"{url}\"></zoho-backup-status>\n")
}

async fn same_origin(session: &mut Session) -> Result<()> {
    let (chain, gateway) = Chain::start(&[], 60, None).await?;
    session.host.mount(gateway);
    let page = Page::new(element(BACKUP_PATH)).policy(
        "default-src 'none'; script-src {files} 'wasm-unsafe-eval'; connect-src 'self' {files} {api}",
    );
    session.open(page).await?;
    let verdict = session.settled("zoho-backup-status").await?;
    ensure!(verdict.state == "scheduled" && verdict.tone == "good", "{verdict:?}");
    let backup = verdict.backup.context("no document")?;
    ensure!(backup.get("requester").is_none(), "the reply contains personal data: {backup}");
    ensure!(chain.zoho.record().count("scheduled") == 1, "not one request to Zoho");
    session.no_errors().await
}

async fn listed_origin(session: &mut Session) -> Result<()> {
    let (chain, _gateway) = Chain::start(&[session.host.origin()], 60, None).await?;
    session.open(Page::new(element(&chain.url()))).await?;
    let verdict = session.settled("zoho-backup-status").await?;
    ensure!(verdict.state == "scheduled" && verdict.tone == "good", "{verdict:?}");
    // The headers that the widget needs are readable from this origin.
    let headers: Vec<Option<String>> = session
        .eval(&format!(
            "await fetch('{}').then(({{ headers }}) => ['Date', 'Age', 'ETag', 'X-Request-Id'].map((it) => headers.get(it)))",
            chain.url()
        ))
        .await?;
    session.note(format!("{headers:?}"));
    ensure!(headers.iter().all(Option::is_some), "{headers:?}");
    // With cookies, as for a single sign-on in front of the gateway.
    session.run("widget().credentials = 'include';").await?;
    session.shows("zoho-backup-status", "scheduled").await?;
    session.no_errors().await
}

async fn unlisted_origin(session: &mut Session) -> Result<()> {
    let (chain, _gateway) = Chain::start(&["https://portal.example".to_owned()], 60, None).await?;
    session.open(Page::new(element(&chain.url()))).await?;
    let verdict = session.settled("zoho-backup-status").await?;
    ensure!(verdict.state == "error" && verdict.fault_kind() == Some("unreachable"), "{verdict:?}");
    let notice = session.text("zoho-backup-status", "notice").await?.unwrap_or_default();
    session.note(notice.as_str());
    ensure!(notice.contains(&session.host.origin()), "the notice does not name the origin: {notice}");
    ensure!(chain.zoho.record().all().is_empty(), "a request reached Zoho");
    session.no_errors().await
}

async fn files(session: &mut Session) -> Result<()> {
    let widget_files = WidgetFiles::load(session.files.dist()).map_err(anyhow::Error::msg)?;
    let (chain, _gateway) = Chain::start(&[session.host.origin()], 60, Some(widget_files)).await?;
    let script = format!("<script type=module src=\"{}/zoho-backup-status.js\"></script>\n", chain.origin);
    session.open(Page::new([script, element(&chain.url())].concat()).without_widget()).await?;
    session.shows("zoho-backup-status", "scheduled").await?;
    session.run("document.documentElement.lang = 'de-AT';").await?;
    session.speaks("de-AT").await?;
    // The versions in the URLs of wasm and language are those that the gateway knows.
    for file in ["widget_bg.wasm", "lang/de.txt"] {
        let caching: String = session
            .eval(&format!(
                "await fetch(performance.getEntriesByType('resource').find(({{ name }}) => name.includes('{file}?v=')).name)
                   .then(({{ headers }}) => headers.get('Cache-Control'))"
            ))
            .await?;
        ensure!(caching.ends_with("immutable"), "{file} is served as {caching}");
    }
    session.no_errors().await
}

/// Behind a web server that passes on its own name.
async fn refused_host(session: &mut Session) -> Result<()> {
    let (_chain, gateway) =
        Chain::start_as(&["backup.example"], &[], 60, None, BadgeSites::default()).await?;
    session.host.mount(gateway);
    session.open(Page::new(element(BACKUP_PATH))).await?;
    let verdict = session.settled("zoho-backup-status").await?;
    let fault = verdict.fault.context("no fault")?;
    ensure!(fault.kind == "gateway" && fault.code.as_deref() == Some("HOST_NOT_ALLOWED"), "{fault:?}");
    let notice = session.text("zoho-backup-status", "notice").await?.unwrap_or_default();
    session.note(notice.as_str());
    ensure!(
        notice.contains("The gateway answers HOST_NOT_ALLOWED") && notice.contains("--allowed-hosts"),
        "{notice}"
    );
    ensure!(!notice.contains("Zoho"), "Zoho is blamed: {notice}");
    session.no_errors().await
}

/// (Zoho's scenario, the widget's fault)
const ERRORS: [(&str, &str); 10] = [
    ("scope-mismatch", "scope-mismatch"),
    ("no-permission", "no-permission"),
    ("internal-error", "internal-error"),
    ("invalid-url-pattern", "invalid-url-pattern"),
    ("authentication-failure", "authentication-failure"),
    ("unknown-code", "api-error"),
    ("rate-limited", "rate-limited"),
    ("rate-limited-retry-after", "rate-limited"),
    ("html", "gateway"),
    ("dropped", "gateway"),
];

async fn errors(session: &mut Session) -> Result<()> {
    for (scenario, kind) in ERRORS {
        let (chain, _gateway) = Chain::start(&[session.host.origin()], 60, None).await?;
        chain.play(scenario)?;
        shows_fault(session, &chain, scenario, kind).await?;
    }
    let (chain, _gateway) = Chain::start(&[session.host.origin()], 60, None).await?;
    let refusal = WireResponse::body(200, "application/json", r#"{"error":"invalid_code"}"#.to_owned());
    chain.zoho.play(TOKEN, refusal);
    shows_fault(session, &chain, "a refused refresh token", "gateway").await?;
    let notice = session.text("zoho-backup-status", "notice").await?.unwrap_or_default();
    session.note(notice.as_str());
    let names =
        ["The gateway answers REFRESH_TOKEN_REFUSED", "the gateway's setting ZOHO_BACKUP_REFRESH_TOKEN"];
    ensure!(names.iter().all(|name| notice.contains(name)), "{notice}");
    session.no_errors().await
}

async fn shows_fault(session: &Session, chain: &Chain, name: &str, kind: &str) -> Result<()> {
    session.open(Page::new(element(&chain.url()))).await?;
    let verdict = session.settled("zoho-backup-status").await?;
    let fault = verdict.fault.as_ref().with_context(|| format!("{name}: no fault"))?;
    session.note(format!(
        "{name} | {} | {:?} | {:?} | {:?}",
        fault.kind, fault.http_status, fault.code, fault.retry_at
    ));
    ensure!(fault.kind == kind, "{name}: {fault:?}");
    ensure!(!matches!(fault.http_status, Some(401 | 403)), "{name}: a portal would sign its users out");
    Ok(())
}

async fn stale(session: &mut Session) -> Result<()> {
    let (chain, _gateway) = Chain::start(&[session.host.origin()], 0, None).await?;
    session.open(Page::new(element(&chain.url())).fake_clock()).await?;
    let good = session.settled("zoho-backup-status").await?;
    chain.play("dropped")?;
    // By the page's clock, the `Age` of the gateway's answer is 20 minutes.
    session.run("__clock.server(0, 1_200_000);").await?;
    session.pass(300_000).await?;
    let old: Verdict = session.eval("widget().verdict").await?;
    ensure!(old.state == good.state && old.stale && old.tone == "neutral" && old.fault.is_none(), "{old:?}");
    session.note(format!("{:?}", session.text("zoho-backup-status", "freshness").await?));
    session.no_errors().await
}

async fn shared(session: &mut Session) -> Result<()> {
    let (chain, _gateway) = Chain::start(&[session.host.origin()], 60, None).await?;
    let elements: String = (0..10).map(|_| element(&chain.url())).collect();
    for _ in 0..3 {
        session.open(Page::new(elements.clone())).await?;
        session.settled("zoho-backup-status").await?;
    }
    let (requests, tokens) = (chain.zoho.record().count("scheduled"), chain.zoho.record().count(TOKEN));
    session.note(format!("30 widgets on 3 pages: {requests} request, {tokens} token"));
    ensure!((requests, tokens) == (1, 1), "{requests} requests, {tokens} tokens");
    session.no_errors().await
}
