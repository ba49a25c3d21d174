//! The requests to Zoho: two fixed ones, whatever a client sends, and nothing else.

mod upstream;

use std::io::{BufRead, BufReader, ErrorKind};
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use axum::http::Method;
use sandbox::accounts::{TOKEN, TOKEN_PATH};
use sandbox::scenarios::DEFAULT;
use sandbox::wire_response::WireResponse;
use sandbox::{Account, Options, Request, Sandbox, Tls};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use upstream::{Reply, Running, play, request_counts, scenario, settings, without_cache, zoho};
use zoho_backup_proxy::config::Settings;
use zoho_backup_proxy::secret::Source;
use zoho_backup_proxy::zoho::BACKUP_PATH;

const USER_AGENT: &str = concat!("zoho-backup-proxy/", env!("CARGO_PKG_VERSION"));

/// Every header of a request, sorted, with duplicates.
fn headers(request: &Request) -> Vec<(&str, &str)> {
    let mut headers: Vec<_> =
        request.headers.iter().map(|(name, value)| (name.as_str(), value.to_str().expect("text"))).collect();
    headers.sort_unstable();
    headers
}

/// Headers of clients that other proxies forward.
const CLIENTS: [(&str, &str); 12] = [
    ("none", ""),
    ("cookies", "cookie: session=portal\r\n"),
    ("its own token", "authorization: Zoho-oauthtoken 1000.mine\r\n"),
    ("another token", "authorization: Bearer 1000.mine\r\nproxy-authorization: Basic YTpi\r\n"),
    (
        "the headers of reverse proxies",
        "x-forwarded-for: 10.0.0.1\r\nx-forwarded-host: evil.example\r\nx-forwarded-proto: http\r\n\
      forwarded: for=10.0.0.1;host=evil.example\r\nx-real-ip: 10.0.0.1\r\nvia: 1.1 portal\r\n",
    ),
    (
        "media types and encodings",
        "accept: text/html\r\naccept-encoding: gzip, br\r\naccept-language: de\r\n",
    ),
    ("a range", "range: bytes=0-1\r\nif-range: \"a\"\r\n"),
    ("conditions", "if-none-match: \"a\"\r\nif-modified-since: Tue, 26 Jul 2022 04:28:45 GMT\r\n"),
    ("caches", "cache-control: no-cache\r\npragma: no-cache\r\n"),
    (
        "a browser",
        "user-agent: Mozilla/5.0\r\nreferer: https://portal.example/secret\r\nsec-fetch-site: same-origin\r\n\
      sec-fetch-mode: cors\r\ndnt: 1\r\n",
    ),
    (
        "other methods and paths",
        "x-http-method-override: DELETE\r\nx-original-url: /crm/v6/users\r\n\
      x-rewrite-url: /crm/v6/users\r\n",
    ),
    (
        "tracing, and headers of Zoho",
        "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n\
      x-crm-org: 1\r\nexpect: 100-continue\r\ncontent-type: text/plain\r\nupgrade: websocket\r\n",
    ),
];

#[tokio::test]
async fn requests_to_zoho_do_not_depend_on_the_headers_of_clients() {
    for (client, sent) in CLIENTS {
        let zoho = zoho().await;
        let running = Running::to(&zoho).await;
        assert_eq!(running.get_with(sent).await.status, 200, "{client}");
        let requests = zoho.record().all();
        let [renewal, request] = &requests[..] else { panic!("{client}: {requests:?}") };
        let host = zoho.address().to_string();
        assert_eq!((&request.method, request.path.as_str()), (&Method::GET, BACKUP_PATH), "{client}");
        let authorization = request.headers["authorization"].to_str().unwrap();
        assert!(authorization.starts_with("Zoho-oauthtoken 1000."), "{client}: {authorization}");
        let expected = [
            ("accept", "application/json"),
            ("authorization", authorization),
            ("host", &host),
            ("user-agent", USER_AGENT),
        ];
        assert_eq!(headers(request), expected, "{client}");
        assert_eq!((&renewal.method, renewal.path.as_str()), (&Method::POST, TOKEN_PATH), "{client}");
        let length = renewal.headers["content-length"].to_str().unwrap();
        let expected = [
            ("accept", "application/json"),
            ("content-length", length),
            ("content-type", "application/x-www-form-urlencoded"),
            ("host", &host),
            ("user-agent", USER_AGENT),
        ];
        assert_eq!(headers(renewal), expected, "{client}");
    }
}

#[tokio::test]
async fn a_token_is_requested_with_four_fields() {
    let zoho = zoho().await;
    Running::to(&zoho).await.get().await;
    let Account { client_id, client_secret, refresh_token, .. } = Account::default();
    let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let mut form = zoho.record().of(TOKEN).remove(0).form;
    form.sort_unstable();
    assert_eq!(
        form,
        [
            field("client_id", &client_id),
            field("client_secret", &client_secret),
            field("grant_type", "refresh_token"),
            field("refresh_token", &refresh_token),
        ]
    );
}

#[tokio::test]
async fn secrets_are_escaped_in_the_form() {
    let zoho = zoho().await;
    let odd = Account { client_secret: "a&b=c+d%20e;f".into(), ..Account::default() };
    zoho.set_account(odd.clone());
    let settings =
        Settings { client_secret: Source::Text(odd.client_secret.into()), ..settings(&zoho.origin()) };
    assert_eq!(Running::with(settings).await.get().await.status, 200);
}

#[tokio::test]
async fn cookies_that_zoho_sets_are_not_sent_back() {
    let zoho = zoho().await;
    zoho.play(DEFAULT, scenario(DEFAULT).with("set-cookie", "zohocookie=1; Path=/"));
    let running = Running::with(without_cache(&zoho.origin())).await;
    for _ in 0..2 {
        assert_eq!(running.get().await.status, 200);
    }
    assert_eq!(request_counts(&zoho), (2, 1));
    assert!(zoho.record().all().iter().all(|request| !request.headers.contains_key("cookie")));
}

#[tokio::test]
async fn refused_requests_do_not_reach_zoho() {
    let zoho = zoho().await;
    let running = Running::to(&zoho).await;
    for (client, headers) in [
        ("a foreign page", "origin: https://evil.example\r\n"),
        ("a sandboxed frame", "origin: null\r\n"),
        ("an image in a foreign page", "sec-fetch-site: cross-site\r\n"),
    ] {
        assert_eq!(running.get_with(headers).await.status, 403, "{client}");
    }
    assert_eq!(request_counts(&zoho), (0, 0));
}

/// No redirect is followed, neither with the token nor with the secrets.
#[tokio::test]
async fn redirects_are_not_followed() {
    for status in [301, 302, 303, 307, 308] {
        let elsewhere = Sandbox::start(0).await.unwrap();
        for target in [elsewhere.origin() + "/sign-in", "/sign-in".into(), "http://169.254.169.254/".into()] {
            let redirect = WireResponse::empty(status).with("location", target.clone());
            let api = zoho().await;
            play(&api, redirect.clone());
            assert_eq!(Running::to(&api).await.get().await.status, 502, "{status} {target}");
            assert_eq!(api.record().all().len(), 2, "{status} {target}");
            let accounts = zoho().await;
            accounts.play(TOKEN, redirect);
            assert_eq!(
                Running::to(&accounts).await.get().await.status,
                502,
                "{status} {target}, for a token"
            );
            assert_eq!(accounts.record().all().len(), 1, "{status} {target}, for a token");
        }
        assert!(elsewhere.record().all().is_empty(), "{status}");
    }
}

/// The program, which is killed when its handle is dropped.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Program {
    /// The address in its first log line.
    fn address(&mut self) -> SocketAddr {
        let log = BufReader::new(self.0.stderr.take().expect("its log"));
        let mut lines = log.lines().map(|line| line.expect("text"));
        let url = lines.find_map(|line| Some(line.split_once("answering at http://")?.1.to_owned()));
        let address = url.and_then(|url| url.split_once('/').map(|(address, _)| address.parse()));
        address.expect("it listens").expect("an address")
    }
}

/// Zoho's two servers over TLS, and the program that asks them. It trusts their certificates only, and has no other
/// variable.
struct OverTls {
    zoho: Sandbox,
    program: Command,
    authority: String,
}

impl OverTls {
    async fn start(name: &str) -> OverTls {
        let tls = Tls::new().unwrap();
        let authority = format!("{}/{name}-{}.pem", env!("CARGO_TARGET_TMPDIR"), std::process::id());
        std::fs::write(&authority, tls.authority()).unwrap();
        let account = Account::default();
        let options = Options { account: Some(account.clone()), tls: Some(tls) };
        let zoho = Sandbox::start_with(0, options).await.unwrap();
        let mut program = Command::new(env!("CARGO_BIN_EXE_zoho-backup-proxy"));
        program
            .env_clear()
            .env("SSL_CERT_FILE", &authority)
            .env("ZOHO_BACKUP_API_DOMAIN", zoho.origin())
            .env("ZOHO_BACKUP_ACCOUNTS_SERVER", zoho.origin())
            .env("ZOHO_BACKUP_CLIENT_ID", account.client_id)
            .env("ZOHO_BACKUP_CLIENT_SECRET", account.client_secret)
            .env("ZOHO_BACKUP_REFRESH_TOKEN", account.refresh_token)
            .env("ZOHO_BACKUP_LISTEN", "127.0.0.1:0")
            .stderr(Stdio::piped());
        OverTls { zoho, program, authority }
    }

    /// The answer of a new process.
    async fn answer(&mut self) -> Reply {
        let mut program = Program(self.program.spawn().unwrap());
        upstream::get(program.address(), "").await
    }
}

impl Drop for OverTls {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.authority);
    }
}

#[tokio::test]
async fn no_proxy_from_the_environment_is_used() {
    let proxy = TcpListener::bind("127.0.0.1:0").unwrap();
    proxy.set_nonblocking(true).unwrap();
    let proxy_url = format!("http://{}", proxy.local_addr().unwrap());
    let mut over_tls = OverTls::start("environment").await;
    for name in ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
        over_tls.program.env(name, &proxy_url);
    }
    let reply = over_tls.answer().await;
    assert_eq!((reply.status, request_counts(&over_tls.zoho)), (200, (1, 1)));
    let accepted = proxy.accept().map(|(_, client)| client).map_err(|error| error.kind());
    assert_eq!(accepted, Err(ErrorKind::WouldBlock));
}

/// A proxy that passes on what is sent to it after `CONNECT`, if the credentials are right. Returns its address and the
/// heads of its requests.
async fn connect_proxy(credentials: Option<&'static str>) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let heads = Arc::new(Mutex::new(Vec::new()));
    let record = heads.clone();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let record = record.clone();
            tokio::spawn(async move {
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    head.push(client.read_u8().await.unwrap());
                }
                let head = String::from_utf8(head).unwrap();
                record.lock().unwrap().push(head.clone());
                let line = credentials.map(|it| format!("proxy-authorization: Basic {it}\r\n"));
                if !line.is_none_or(|line| head.to_lowercase().contains(&line.to_lowercase())) {
                    let refusal = "HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n";
                    return client.write_all(refusal.as_bytes()).await.unwrap();
                }
                let target = head.split(' ').nth(1).unwrap();
                let mut server = tokio::net::TcpStream::connect(target).await.unwrap();
                client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
                let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
            });
        }
    });
    (address, heads)
}

#[tokio::test]
async fn an_upstream_proxy_is_asked_to_connect_and_sees_nothing_else() {
    let mut over_tls = OverTls::start("upstream-proxy").await;
    let (address, heads) = connect_proxy(None).await;
    over_tls.program.env("ZOHO_BACKUP_UPSTREAM_PROXY", &address);
    let reply = over_tls.answer().await;
    assert_eq!((reply.status, request_counts(&over_tls.zoho)), (200, (1, 1)));
    let target = over_tls.zoho.origin().replace("https://", "");
    for head in heads.lock().unwrap().iter() {
        assert!(head.starts_with(&format!("CONNECT {target} HTTP/1.1\r\n")), "{head}");
        let names: Vec<_> = head.lines().skip(1).filter_map(|line| line.split_once(": ")).collect();
        assert!(
            names.iter().all(|(name, _)| ["host", "user-agent"].contains(&&*name.to_lowercase())),
            "{head}"
        );
    }
    assert!(!heads.lock().unwrap().is_empty());
}

#[tokio::test]
async fn an_upstream_proxy_gets_its_credentials_and_its_failures_are_named() {
    // me:pa:ss%20
    let (address, heads) = connect_proxy(Some("bWU6cGE6c3MlMjA=")).await;
    let unused = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for (name, address, credentials, expected) in [
        ("right", address.clone(), Some("me:pa:ss%20"), None),
        ("wrong", address.clone(), Some("me:other"), Some("UPSTREAM_PROXY_FAILED")),
        ("none", address, None, Some("UPSTREAM_PROXY_FAILED")),
        ("down", format!("http://{unused}"), None, Some("UPSTREAM_PROXY_FAILED")),
    ] {
        let mut over_tls = OverTls::start(&format!("proxy-{name}")).await;
        over_tls.program.env("ZOHO_BACKUP_UPSTREAM_PROXY", address);
        if let Some(credentials) = credentials {
            over_tls.program.env("ZOHO_BACKUP_UPSTREAM_PROXY_CREDENTIALS", credentials);
        }
        let reply = over_tls.answer().await;
        assert_eq!(reply.code().as_deref(), expected, "{name}: {reply:?}");
        assert_eq!(reply.status, if expected.is_none() { 200 } else { 502 }, "{name}");
    }
    assert!(heads.lock().unwrap().len() >= 3);
}
