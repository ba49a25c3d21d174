//! The health check and the readiness check: probes connect by address, and neither depends on Zoho.

mod downstream;

use downstream::folder::Folder;
use downstream::{FakeUpstream, Running, bare, nothing, settings};
use zoho_backup_proxy::config::Settings;
use zoho_backup_proxy::failure::Failure;
use zoho_backup_proxy::gateway::Gateway;
use zoho_backup_proxy::secret::Source;

const SENTINEL: &str = "1000.sentinel";

#[tokio::test]
async fn probes_are_answered_whatever_host_they_name() {
    let gateway = Running::to(FakeUpstream::scheduled()).await;
    for path in ["/healthz", "/readyz"] {
        for (name, headers) in [
            ("its own", "host: localhost\r\n"),
            ("an address", "host: 10.1.2.3:8095\r\n"),
            ("a name of a cluster", "host: gateway.default.svc\r\n"),
            ("an empty one", "host: \r\n"),
            ("none", ""),
            ("two", "host: a\r\nhost: b\r\n"),
            ("one that is not ASCII", "host: \u{e9}\r\n"),
        ] {
            let reply = gateway.send(bare("GET", path, headers)).await;
            assert_eq!((reply.status, reply.text()), (200, "ok\n"), "{path} with {name}");
        }
        let old = gateway.send(format!("GET {path} HTTP/1.0\r\n\r\n")).await;
        assert_eq!((old.status, old.text()), (200, "ok\n"), "{path} by HTTP/1.0");
        let reply = gateway.send(bare("POST", path, "content-length: 0\r\n")).await;
        assert_eq!((reply.status, reply.envelope().as_str()), (405, "METHOD_NOT_ALLOWED"), "{path}");
    }
}

#[tokio::test]
async fn probes_do_not_depend_on_zoho_and_do_not_ask_it() {
    for answer in [Ok(nothing()), Err(Failure::Unreachable), Err(Failure::ZohoFailed)] {
        let upstream = FakeUpstream::of(move || answer.clone());
        let gateway = Running::to(upstream.clone()).await;
        for path in ["/healthz", "/readyz"] {
            assert_eq!(gateway.send(bare("GET", path, "")).await.status, 200, "{path}");
        }
        assert_eq!(upstream.request_count(), 0);
        gateway.send(downstream::get("")).await;
        assert_eq!(gateway.send(bare("GET", "/readyz", "")).await.status, 200, "after Zoho was asked");
    }
}

#[tokio::test]
async fn the_readiness_check_reads_the_secrets_again_and_says_which_cannot_be_read() {
    let folder = Folder::new();
    let (secret, token) = ("client-secret", "refresh-token");
    let file = |name| Source::file(folder.write(name, SENTINEL));
    let settings = Settings {
        client_secret: file(secret),
        refresh_token: file(token),
        ..settings("https://zoho.invalid")
    };
    let upstream = FakeUpstream::scheduled();
    let gateway = Running::start(Gateway::with_upstream(settings, upstream.clone())).await;
    let line = |variable| format!("the secret of {variable} cannot be read: the log says why\n");
    let secret_line = line("ZOHO_BACKUP_CLIENT_SECRET_FILE");
    let token_line = line("ZOHO_BACKUP_REFRESH_TOKEN_FILE");
    let remove = |name| std::fs::remove_file(folder.path().join(name)).expect("it is there");
    let steps: [(&str, &dyn Fn(), u16, String); 6] = [
        ("both are readable", &|| {}, 200, "ok\n".into()),
        ("no client secret", &|| remove(secret), 503, secret_line.clone()),
        ("no refresh token either", &|| remove(token), 503, secret_line.clone() + &token_line),
        ("an empty client secret", &|| drop(folder.write(secret, "\n")), 503, secret_line + &token_line),
        ("a client secret", &|| drop(folder.write(secret, SENTINEL)), 503, token_line),
        ("both again", &|| drop(folder.write(token, SENTINEL)), 200, "ok\n".into()),
    ];
    for (name, change, status, text) in steps {
        change();
        let reply = gateway.send(bare("GET", "/readyz", "")).await;
        assert_eq!((reply.status, reply.text()), (status, text.as_str()), "{name}");
        assert_eq!(reply.header("content-type"), Some("text/plain; charset=utf-8"), "{name}");
        assert!(
            !reply.holds(SENTINEL.as_bytes()) && !reply.holds(folder.path().as_os_str().as_encoded_bytes())
        );
        assert_eq!(gateway.send(bare("GET", "/healthz", "")).await.status, 200, "the process runs: {name}");
    }
    assert_eq!(upstream.request_count(), 0);
}
