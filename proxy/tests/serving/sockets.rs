//! Unix sockets to listen on: their files, and what a new gateway does about an old file.

use std::fs;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;

use nix::sys::signal::Signal;

use crate::program::{PATH, Place, Program, Zoho, get, wait_until};

fn listening_on(zoho: &Zoho, path: &Path) -> Command {
    let mut command = zoho.program();
    command.arg("--listen").arg(format!("unix:{}", path.display()));
    command
}

#[test]
fn the_socket_is_for_its_owner_and_group_and_is_removed_at_the_end() {
    let zoho = Zoho::start();
    let path = zoho.path("socket");
    let groups = nix::unistd::getgroups().expect("groups");
    let group = groups.last().copied().unwrap_or(nix::unistd::getgid());
    for signal in [Signal::SIGTERM, Signal::SIGINT] {
        let mut command = listening_on(&zoho, &path);
        command.args(["--socket-group", &group.to_string()]);
        let (program, place) = Program::start(command);
        assert_eq!(place, Place::Unix(path.clone()));
        assert_eq!(place.get(PATH).status, 200);
        let metadata = fs::symlink_metadata(&path).expect("a file");
        assert!(metadata.file_type().is_socket());
        assert_eq!((metadata.permissions().mode() & 0o777, metadata.gid()), (0o660, group.as_raw()));
        program.signal(signal);
        let (status, log) = program.wait();
        assert!(status.success() && !path.exists(), "{log:#?}");
    }
}

#[test]
fn the_host_is_checked_on_a_socket_too() {
    let zoho = Zoho::start();
    let (_program, place) = Program::start(listening_on(&zoho, &zoho.path("socket")));
    for (host, status) in [("localhost", 200), ("127.0.0.1:1", 200), ("evil.example", 403), ("socket", 403)] {
        let request = get(PATH).replace("localhost", host);
        let reply = crate::reply::Reply::read(&place.send(request).expect("an answer"));
        assert_eq!(reply.status, status, "{host}");
    }
}

#[test]
fn a_socket_that_was_left_behind_is_taken_over() {
    let zoho = Zoho::start();
    let path = zoho.path("socket");
    let (program, _) = Program::start(listening_on(&zoho, &path));
    program.signal(Signal::SIGKILL);
    program.wait();
    assert!(path.exists(), "a killed process leaves it behind");
    let (_program, place) = Program::start(listening_on(&zoho, &path));
    assert_eq!(place.get(PATH).status, 200);
}

#[test]
fn a_socket_on_which_a_program_listens_is_not_taken_over() {
    let zoho = Zoho::start();
    let path = zoho.path("socket");
    let (_first, place) = Program::start(listening_on(&zoho, &path));
    let (status, log) = Program::spawn(listening_on(&zoho, &path)).wait();
    assert_eq!(status.code(), Some(1));
    let message = log.last().expect("a reason");
    let named = format!("another program listens on {}: stop it first", path.display());
    assert!(message.contains(&named) && message.contains("--listen"), "{message}");
    assert_eq!(place.get(PATH).status, 200, "the first one is served on");

    // Nor if that program is too busy to accept: here, one that never does.
    let busy = zoho.path("busy");
    let _listener = UnixListener::bind(&busy).expect("a socket");
    let full = || std::os::unix::net::UnixStream::connect(&busy).expect("room in the queue");
    let _waiting: Vec<_> = (0..16).map(|_| full()).collect();
    let (status, log) = Program::spawn(listening_on(&zoho, &busy)).wait();
    assert_eq!(status.code(), Some(1));
    assert!(log.last().is_some_and(|line| line.contains("another program listens on")), "{log:#?}");
}

#[test]
fn a_path_at_which_something_else_is_is_refused() {
    let zoho = Zoho::start();
    let file = zoho.folder.write("file", "content");
    let link = zoho.path("link");
    std::os::unix::fs::symlink(&file, &link).expect("a link");
    for (name, path, words) in [
        ("a file", file.clone(), "exists and is not a socket"),
        ("a folder", zoho.folder.path().to_owned(), "exists and is not a socket"),
        ("a link", link, "exists and is not a socket"),
        ("a path in no folder", zoho.path("missing/socket"), "cannot be created"),
        ("a path below a file", zoho.path("file/socket"), "cannot be looked at"),
    ] {
        let (status, log) = Program::spawn(listening_on(&zoho, &path)).wait();
        let message = log.last().expect("a reason");
        assert_eq!(status.code(), Some(2), "{name}");
        assert!(
            message.contains(words) && message.contains(path.to_str().expect("text")),
            "{name}: {message}"
        );
    }
    assert_eq!(fs::read_to_string(file).expect("the file"), "content");
}

#[test]
fn a_gateway_removes_no_socket_but_its_own() {
    let zoho = Zoho::start();
    let path = zoho.path("socket");
    let (program, _) = Program::start(listening_on(&zoho, &path));
    // As if somebody had removed the file, and another gateway listened there.
    fs::remove_file(&path).expect("it is there");
    let (_other, place) = Program::start(listening_on(&zoho, &path));
    program.signal(Signal::SIGTERM);
    program.wait();
    assert_eq!(
        wait_until("an answer of the other", || place.send(get(PATH)).ok()).get(9..12),
        Some(&b"200"[..])
    );
}
