//! Sockets that systemd opens and passes to the program.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::process::Command;

use crate::program::{PATH, Place, Program, Zoho, wait_until};

/// The program behind `systemd-socket-activate`, which starts it at the first connection. `cargo xtask test native`
/// installs it.
fn activated(zoho: &Zoho, flags: &[&str]) -> Command {
    let mut command = Command::new("systemd-socket-activate");
    command.args(flags);
    for variable in ["ZOHO_BACKUP_CLIENT_SECRET", "ZOHO_BACKUP_REFRESH_TOKEN", "SSL_CERT_FILE"] {
        command.args(["-E", variable]);
    }
    command.arg(env!("CARGO_BIN_EXE_zoho-backup-proxy"));
    zoho.program_by(command)
}

fn free_address() -> SocketAddr {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .expect("a free port")
}

/// The response at a path, as soon as somebody listens.
fn get(place: &Place, path: &str) -> u16 {
    wait_until("a connection", || place.connect().ok().map(drop));
    place.get(path).status
}

#[test]
fn a_tcp_socket_from_systemd_is_used_instead_of_the_setting() {
    let zoho = Zoho::start();
    let address = free_address();
    let mut command = activated(&zoho, &["--listen", &address.to_string()]);
    // Nobody can listen there.
    command.args(["--listen", "192.0.2.1:1"]);
    let program = Program::spawn(command);
    program.wait_for("Listening on");
    assert_eq!(get(&Place::Tcp(address), PATH), 200);
    assert_eq!(program.place("answering at "), Place::Tcp(address));
}

#[test]
fn the_address_of_the_socket_is_a_host_of_the_gateway() {
    let zoho = Zoho::start();
    let address = SocketAddr::from(([127, 1, 2, 3], free_address().port()));
    let command = activated(&zoho, &["--listen", &address.to_string()]);
    let program = Program::spawn(command);
    program.wait_for("Listening on");
    for (host, status) in [("127.1.2.3", "200"), ("127.1.2.4", "403")] {
        let request = crate::program::get(PATH).replace("localhost", host);
        let answer = Place::Tcp(address).send(request).expect("an answer");
        assert_eq!(&answer[9..12], status.as_bytes(), "{host}");
    }
}

#[test]
fn a_unix_socket_from_systemd_stays_when_the_program_ends() {
    let zoho = Zoho::start();
    let path = zoho.path("socket");
    let command = activated(&zoho, &["--listen", path.to_str().expect("text")]);
    let program = Program::spawn(command);
    program.wait_for("Listening on");
    assert_eq!(get(&Place::Unix(path.clone()), PATH), 200);
    program.signal(nix::sys::signal::Signal::SIGTERM);
    program.wait();
    assert!(path.exists(), "it is systemd's to remove");
}

#[test]
fn a_socket_named_admin_serves_the_administrator() {
    let zoho = Zoho::start();
    let (address, admin) = (free_address(), zoho.path("admin"));
    let flags = [
        "--listen",
        &address.to_string(),
        "--listen",
        admin.to_str().expect("text"),
        "--fdname",
        "web:admin",
    ];
    let command = activated(&zoho, &flags);
    let program = Program::spawn(command);
    program.wait_for("Listening on");
    assert_eq!(get(&Place::Tcp(address), PATH), 200);
    let admin = Place::Unix(admin);
    assert_eq!((admin.get("/statusz").status, admin.get(PATH).status), (200, 404));
    assert_eq!(Place::Tcp(address).get("/statusz").status, 404);
}

#[test]
fn sockets_that_cannot_be_meant_are_refused() {
    let zoho = Zoho::start();
    let (one, two) = (free_address().to_string(), free_address().to_string());
    let everywhere = format!("0.0.0.0:{}", free_address().port());
    for (name, flags, reason) in [
        ("two for readers", vec!["--listen", &one, "--listen", &two], "several sockets for readers"),
        (
            "two for an administrator",
            vec!["--listen", &one, "--listen", &two, "--fdname", "admin:admin"],
            "several sockets for an administrator",
        ),
        (
            "an administrator's that others can reach",
            vec!["--listen", &everywhere, "--fdname", "admin"],
            "which other machines can reach",
        ),
        ("one for datagrams", vec!["--datagram", "--listen", &one], "neither a TCP nor a Unix stream socket"),
    ] {
        let command = activated(&zoho, &flags);
        let program = Program::spawn(command);
        program.wait_for("Listening on");
        match name {
            "one for datagrams" => {
                let client = std::net::UdpSocket::bind("127.0.0.1:0").expect("a port");
                client.send_to(b"x", &one).expect("sent");
            }
            _ => {
                let port = flags[1].rsplit_once(':').expect("a port").1;
                drop(Place::Tcp(format!("127.0.0.1:{port}").parse().expect("an address")).connect());
            }
        }
        program.wait_for(reason);
        assert_eq!(program.wait().0.code(), Some(2), "{name}");
    }
}
