//! The administrator's pages of the program.

use std::process::Command;

use crate::program::{PATH, Place, Program, Zoho, get};

fn with_admin(zoho: &Zoho, admin: &str) -> Command {
    let mut command = zoho.program();
    command.args(["--listen", "127.0.0.1:0", "--admin-listen", admin]);
    command
}

#[test]
fn they_are_on_a_listener_of_their_own() {
    let zoho = Zoho::start();
    let socket = format!("unix:{}", zoho.path("admin").display());
    for admin in ["127.0.0.1:0", "[::1]:0", &socket] {
        let (program, readers) = Program::start(with_admin(&zoho, admin));
        let admin = program.place("for an administrator at ");
        for path in ["/statusz", "/metrics"] {
            assert_eq!((admin.get(path).status, readers.get(path).status), (200, 404), "{admin:?}{path}");
        }
        assert_eq!((admin.get(PATH).status, admin.get("/healthz").status), (404, 404), "{admin:?}");
    }
    assert_eq!(zoho.sandbox.record().all().len(), 0, "Zoho is not asked");
}

#[test]
fn they_are_for_this_machine_only() {
    let zoho = Zoho::start();
    let (program, _) = Program::start(with_admin(&zoho, "127.0.0.9:0"));
    let admin = program.place("for an administrator at ");
    for (host, status) in [
        ("localhost", "200"),
        ("127.0.0.1:8096", "200"),
        ("127.0.0.9", "200"),
        ("evil.example", "403"),
        ("127.0.0.8", "403"),
    ] {
        for path in ["/statusz", "/metrics"] {
            let answer = admin.send(get(path).replace("localhost", host)).expect("an answer");
            assert_eq!(&answer[9..12], status.as_bytes(), "{host}{path}");
        }
    }
    let (status, log) = Program::spawn(with_admin(&zoho, "0.0.0.0:8096")).wait();
    assert_eq!(status.code(), Some(2));
    assert!(log.iter().any(|line| line.contains("--admin-listen")), "{log:#?}");
}

#[test]
fn they_hold_no_secret() {
    let zoho = Zoho::start();
    let (program, readers) = Program::start(with_admin(&zoho, "127.0.0.1:0"));
    let admin: Place = program.place("for an administrator at ");
    assert_eq!(readers.get(PATH).status, 200);
    let sandbox::Account { client_id, client_secret, refresh_token, .. } = sandbox::Account::default();
    let token = zoho.sandbox.record().all().iter().find_map(|request| {
        let header = request.headers.get("authorization")?.to_str().ok()?;
        header.rsplit(' ').next().map(str::to_owned)
    });
    let secrets = [client_id, client_secret, refresh_token, token.expect("a token was sent")];
    for path in ["/statusz", "/metrics"] {
        let reply = admin.get(path);
        for secret in &secrets {
            assert!(!reply.holds(secret.as_bytes()), "{path}: {reply:?}");
        }
    }
}
