//! What the program tells the service manager.

use std::os::unix::net::UnixDatagram;
use std::time::Duration;

use nix::sys::signal::Signal;

use crate::program::{PATH, Program, Zoho};

/// A service manager's socket.
struct Manager(UnixDatagram);

impl Manager {
    fn at(path: &std::path::Path) -> Manager {
        let socket = UnixDatagram::bind(path).expect("a socket");
        socket.set_read_timeout(Some(Duration::from_secs(20))).expect("a limit");
        Manager(socket)
    }

    /// The next notification, line by line.
    fn next(&self) -> Vec<String> {
        let mut bytes = [0; 1_024];
        let length = self.0.recv(&mut bytes).expect("a notification");
        str::from_utf8(&bytes[..length]).expect("text").lines().map(str::to_owned).collect()
    }

    /// Whether nothing more was sent.
    fn is_done(&self) -> bool {
        self.0.set_nonblocking(true).expect("a mode");
        self.0.recv(&mut [0; 1]).is_err()
    }
}

#[test]
fn the_manager_is_told_of_the_start_of_reloads_and_of_the_end() {
    let zoho = Zoho::start();
    zoho.folder.write("zoho-backup-status.js", "script");
    zoho.folder.write("widget_bg.wasm", "wasm");
    let manager = Manager::at(&zoho.path("notify"));
    let socket = zoho.path("socket");
    let mut command = zoho.program();
    command.arg("--listen").arg(format!("unix:{}", socket.display()));
    command.arg("--widget-dir").arg(zoho.folder.path()).env("NOTIFY_SOCKET", zoho.path("notify"));
    let program = Program::spawn(command);
    assert_eq!(manager.next(), ["READY=1"]);
    // It was told when the program listened, not before.
    let place = crate::program::Place::Unix(socket);
    assert_eq!(place.get(PATH).status, 200);

    let mut last = 0;
    for wasm in [Some("new"), None, Some("newer")] {
        match wasm {
            Some(content) => drop(zoho.folder.write("widget_bg.wasm", content)),
            None => std::fs::remove_file(zoho.path("widget_bg.wasm")).expect("it is there"),
        }
        program.signal(Signal::SIGHUP);
        let begin = manager.next();
        let [reloading, time] = &begin[..] else { panic!("{begin:?}") };
        assert_eq!(reloading, "RELOADING=1");
        let time: u64 =
            time.strip_prefix("MONOTONIC_USEC=").and_then(|time| time.parse().ok()).expect("a time");
        assert!(time > last, "{time} after {last}");
        last = time;
        assert_eq!(manager.next(), ["READY=1"], "also after a reload that fails");
    }

    program.signal(Signal::SIGTERM);
    assert_eq!(manager.next(), ["STOPPING=1"]);
    let (status, log) = program.wait();
    assert!(status.success() && manager.is_done(), "{log:#?}");
}

#[test]
fn a_manager_that_has_gone_is_only_logged() {
    let zoho = Zoho::start();
    let mut command = zoho.program();
    command.args(["--listen", "127.0.0.1:0"]).env("NOTIFY_SOCKET", zoho.path("nothing"));
    let (program, place) = Program::start(command);
    program.wait_for("NOTIFY_SOCKET");
    assert_eq!(place.get(PATH).status, 200);
}

#[test]
fn a_program_that_cannot_start_is_never_ready() {
    let zoho = Zoho::start();
    let manager = Manager::at(&zoho.path("notify"));
    let mut command = zoho.program();
    command.args(["--listen", "192.0.2.1:1"]).env("NOTIFY_SOCKET", zoho.path("notify"));
    assert_eq!(Program::spawn(command).wait().0.code(), Some(2));
    assert!(manager.is_done());
}
