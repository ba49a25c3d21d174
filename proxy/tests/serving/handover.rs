//! A socket that outlives the program, as systemd's do: a new process takes it over, and readers notice nothing.

use std::net::{Ipv4Addr, TcpListener};
use std::os::fd::AsRawFd;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use nix::sys::signal::Signal;

use crate::program::{PATH, Place, Program, Zoho, get, wait_until};
use crate::reply::Reply;

/// Gives its command to a process that inherits the socket as systemd passes it.
const AS_A_SERVICE: &str = r#"LISTEN_PID=$$ LISTEN_FDS=1 exec "$0" "$@" 3<&"#;

#[test]
fn no_answer_is_lost_while_one_process_takes_over_from_another() {
    const HANDOVERS: usize = 5;
    let zoho = Zoho::start();
    let socket = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    fcntl(&socket, FcntlArg::F_SETFD(FdFlag::empty())).expect("a socket that is inherited");
    let place = Place::Tcp(socket.local_addr().expect("an address"));
    let start = || {
        let mut command = Command::new("bash");
        command.args(["-c", &format!("{AS_A_SERVICE}{}", socket.as_raw_fd())]);
        command.arg(env!("CARGO_BIN_EXE_zoho-backup-proxy"));
        let (program, found) = Program::start(zoho.program_by(command));
        assert_eq!(found, place);
        program
    };
    let mut current = start();
    let (is_over, answers) = (AtomicBool::new(false), AtomicUsize::new(0));
    thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                while !is_over.load(Ordering::Relaxed) {
                    let answer = place.send(get(PATH)).expect("an answer");
                    assert_eq!(Reply::read(&answer).status, 200, "{}", String::from_utf8_lossy(&answer));
                    answers.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        for _ in 0..HANDOVERS {
            let before = answers.load(Ordering::Relaxed);
            wait_until("answers", || (answers.load(Ordering::Relaxed) > before + 100).then_some(()));
            let next = start();
            current.signal(Signal::SIGTERM);
            let (status, log) = std::mem::replace(&mut current, next).wait();
            assert!(status.success(), "{log:#?}");
        }
        is_over.store(true, Ordering::Relaxed);
    });
    println!("{} answers, {HANDOVERS} processes that ended", answers.into_inner());
}
