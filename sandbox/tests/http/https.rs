//! HTTPS, of the library and of `cargo run -p sandbox -- --https`.

use std::io::{self, BufRead, BufReader, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use sandbox::accounts::TOKEN_PATH;
use sandbox::{Account, Delivery, Options, Sandbox, Tls, WireResponse};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::client::{Request, Response};

/// A client that trusts this authority only.
fn trusting(pem: &str) -> TlsConnector {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(pem.as_bytes()).expect("a certificate")).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    TlsConnector::from(Arc::new(config))
}

async fn connect(client: &TlsConnector, address: SocketAddr, host: &str) -> io::Result<TlsStream<TcpStream>> {
    let name = ServerName::try_from(host.to_owned()).unwrap();
    client.connect(name, TcpStream::connect(address).await?).await
}

/// Requests a token with the credentials of the default account.
async fn request_token(stream: TlsStream<TcpStream>) -> Response {
    let body = "client_id=1000.SANDBOX&client_secret=sandbox-client-secret\
                &refresh_token=1000.sandbox-refresh-token&grant_type=refresh_token";
    let headers = "content-type: application/x-www-form-urlencoded\r\n";
    Response::read(&Request { method: "POST", path: TOKEN_PATH, headers, body }.send(stream).await)
}

#[tokio::test]
async fn only_a_client_that_trusts_the_authority_connects_by_https() {
    let tls = Tls::new().unwrap();
    let authority = tls.authority().to_owned();
    let options = Options { account: Some(Account::default()), tls: Some(tls) };
    let sandbox = Sandbox::start_with(0, options).await.unwrap();
    assert_eq!(sandbox.origin(), format!("https://localhost:{}", sandbox.address().port()));

    let stranger = trusting(Tls::new().unwrap().authority());
    let refused = connect(&stranger, sandbox.address(), "localhost").await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::InvalidData);

    let client = trusting(&authority);
    connect(&client, sandbox.address(), "zoho.example")
        .await
        .expect_err("the certificate is not for this host");
    for host in ["localhost", "127.0.0.1"] {
        let response = request_token(connect(&client, sandbox.address(), host).await.unwrap()).await;
        assert_eq!(response.json()["api_domain"], sandbox.origin());
    }
}

#[tokio::test]
async fn a_connection_is_reset_over_https_too() {
    let tls = Tls::new().unwrap();
    let client = trusting(tls.authority());
    let sandbox = Sandbox::start_with(0, Options { tls: Some(tls), ..Options::default() }).await.unwrap();
    sandbox.play("scheduled", WireResponse { delivery: Delivery::Reset, ..WireResponse::default() });
    let mut stream = connect(&client, sandbox.address(), "localhost").await.unwrap();
    let request = b"GET /crm/bulk/v6/backup HTTP/1.1\r\nhost: sandbox\r\n\r\n";
    stream.write_all(request).await.unwrap();
    assert_eq!(stream.read_u8().await.unwrap_err().kind(), ErrorKind::ConnectionReset);
}

/// A process that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn the_binary_prints_the_settings_for_a_gateway() {
    let ca_file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("folder/ca.pem");
    let mut sandbox = Command::new(env!("CARGO_BIN_EXE_sandbox"));
    let sandbox = sandbox.args(["--https", "0", "--ca-file"]).arg(&ca_file).stdout(Stdio::piped());
    let mut sandbox = Running(sandbox.spawn().unwrap());
    let lines = BufReader::new(sandbox.0.stdout.take().unwrap()).lines();
    let settings: Vec<_> = lines.skip(1).take(6).map(Result::unwrap).collect();

    let origin = settings[0].strip_prefix("api-domain=").unwrap();
    let expected = [
        format!("api-domain={origin}"),
        format!("accounts-server={origin}"),
        "client-id=1000.SANDBOX".into(),
        "client-secret=sandbox-client-secret".into(),
        "refresh-token=1000.sandbox-refresh-token".into(),
        format!("SSL_CERT_FILE={}", ca_file.display()),
    ];
    assert_eq!(settings, expected);

    let port = origin.strip_prefix("https://localhost:").unwrap().parse().unwrap();
    let client = trusting(&std::fs::read_to_string(&ca_file).unwrap());
    let stream = connect(&client, (Ipv4Addr::LOCALHOST, port).into(), "localhost").await.unwrap();
    assert_eq!(request_token(stream).await.json()["api_domain"], origin);
}
