//! The program under load: nothing is lost at a reload, readers recover from a crash, and no client harms the others.

use std::io::{ErrorKind, Read, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;

use crate::program::{PATH, Place, Program, Stream, Zoho, get, wait_until};
use crate::reply::Reply;

const SCRIPT: &str = "/zoho-backup-status.js";

fn listening_on_socket(zoho: &Zoho) -> Command {
    let mut command = zoho.program();
    command.arg("--listen").arg(format!("unix:{}", zoho.path("socket").display()));
    command
}

/// Sends a request on a connection that stays open, and reads its answer.
fn ask(stream: &mut dyn Stream, path: &str) -> Reply {
    write!(stream, "GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n").expect("a connection");
    let (mut answer, mut piece) = (Vec::new(), [0; 4_096]);
    loop {
        let read = stream.read(&mut piece).expect("an answer");
        assert!(read > 0, "the connection ended in {:?}", String::from_utf8_lossy(&answer));
        answer.extend_from_slice(&piece[..read]);
        if !answer.windows(4).any(|bytes| bytes == b"\r\n\r\n") {
            continue;
        }
        let reply = Reply::read(&answer);
        if reply.number("content-length") == Some(reply.body.len() as u64) {
            return reply;
        }
    }
}

#[test]
fn no_answer_is_lost_while_files_are_reloaded() {
    const RELOADS: usize = 20;
    let zoho = Zoho::start();
    let build = |number: usize| format!("build {number} ").repeat(2_000);
    let write = |number: usize| {
        // Written under another name first: a file must never be read while half of it is there.
        for name in ["zoho-backup-status.js", "widget_bg.wasm"] {
            let new = zoho.folder.write("new", build(number));
            std::fs::rename(new, zoho.path(name)).expect("one folder");
        }
    };
    write(0);
    let mut command = zoho.program();
    command.args(["--listen", "127.0.0.1:0", "--log-level", "info", "--widget-dir"]).arg(zoho.folder.path());
    let (program, place) = Program::start(command);
    let (is_over, answers) = (AtomicBool::new(false), AtomicUsize::new(0));
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let mut stream = place.connect().expect("a connection");
                let mut last = 0;
                while !is_over.load(Ordering::Relaxed) {
                    assert_eq!(ask(&mut *stream, PATH).status, 200);
                    let script = ask(&mut *stream, SCRIPT);
                    let number = script.text().split(' ').nth(1).and_then(|number| number.parse().ok());
                    let number = number.expect("a build");
                    assert!(script.text() == build(number) && number >= last, "{number} after {last}");
                    last = number;
                    answers.fetch_add(2, Ordering::Relaxed);
                }
            });
        }
        for number in 1..=RELOADS {
            write(number);
            program.signal(Signal::SIGHUP);
            program.wait_for_nth("were read again", number);
        }
        is_over.store(true, Ordering::Relaxed);
    });
    assert_eq!(place.get(SCRIPT).text(), build(RELOADS));
    assert_eq!(zoho.sandbox.record().all().len(), 2, "a token and an answer");
    println!("{} answers during {RELOADS} reloads", answers.into_inner());
}

#[test]
fn readers_recover_when_the_program_is_killed_and_started_again() {
    const READERS: usize = 64;
    let zoho = Zoho::start();
    let (mut program, place) = Program::start(listening_on_socket(&zoho));
    let (is_over, starts) = (AtomicBool::new(false), AtomicUsize::new(1));
    // How many readers were answered since the last start.
    let answered: Vec<_> = (0..READERS).map(|_| AtomicUsize::new(0)).collect();
    let failures = AtomicUsize::new(0);
    thread::scope(|scope| {
        for reader in &answered {
            let (place, is_over, starts, failures) = (&place, &is_over, &starts, &failures);
            scope.spawn(move || {
                while !is_over.load(Ordering::Relaxed) {
                    let start = starts.load(Ordering::Relaxed);
                    match place.send(get(PATH)) {
                        // A kill may end a connection anywhere, but what has a head has its status.
                        Ok(answer) if answer.windows(4).any(|bytes| bytes == b"\r\n\r\n") => {
                            assert!(
                                answer.starts_with(b"HTTP/1.1 200 "),
                                "{}",
                                String::from_utf8_lossy(&answer)
                            );
                            reader.fetch_max(start, Ordering::Relaxed);
                        }
                        _ => {
                            failures.fetch_add(1, Ordering::Relaxed);
                            thread::yield_now();
                        }
                    }
                }
            });
        }
        let all_are_answered = |start| {
            let is_answered = |reader: &AtomicUsize| reader.load(Ordering::Relaxed) >= start;
            wait_until("every reader is answered", || answered.iter().all(is_answered).then_some(()));
        };
        all_are_answered(1);
        for start in 2..=4 {
            program.signal(Signal::SIGKILL);
            program.wait();
            (program, _) = Program::start(listening_on_socket(&zoho));
            starts.store(start, Ordering::Relaxed);
            all_are_answered(start);
        }
        is_over.store(true, Ordering::Relaxed);
    });
    assert_eq!(zoho.sandbox.record().all().len(), 4 * 2, "each process asks for one token and one answer");
    println!("{} requests met no gateway", failures.into_inner());
}

#[test]
fn slow_and_half_closed_readers_keep_nobody_waiting() {
    const EACH: usize = 100;
    let zoho = Zoho::start();
    zoho.folder.write("zoho-backup-status.js", "script");
    zoho.folder.write("widget_bg.wasm", vec![b'w'; 4 << 20]);
    let mut command = listening_on_socket(&zoho);
    command.arg("--widget-dir").arg(zoho.folder.path());
    let (_program, place) = Program::start(command);
    assert_eq!(place.get(PATH).status, 200);
    let connect = || UnixStream::connect(zoho.path("socket")).expect("a connection");
    let mut open = Vec::new();
    for _ in 0..EACH {
        let mut slow = connect();
        slow.write_all(b"GET /crm/bulk/v6/backup HTTP/1.1\r\nhost: loc").expect("a connection");
        let mut unread = connect();
        unread.write_all(b"GET /widget_bg.wasm HTTP/1.1\r\nhost: localhost\r\n\r\n").expect("a connection");
        let mut half_closed = connect();
        half_closed.write_all(get(PATH).as_bytes()).expect("a connection");
        half_closed.shutdown(Shutdown::Write).expect("a connection");
        open.extend([slow, unread, connect()]);
        // It has sent all that it will, and still reads.
        let mut answer = Vec::new();
        half_closed.read_to_end(&mut answer).expect("an answer");
        assert_eq!(Reply::read(&answer).status, 200);
    }
    let started = Instant::now();
    for _ in 0..EACH {
        assert_eq!(place.get(PATH).status, 200);
    }
    assert!(started.elapsed() < Duration::from_secs(5), "{EACH} answers took {:?}", started.elapsed());
    drop(open);
    assert_eq!(place.get("/healthz").status, 200);
}

/// Numbers that are the same in every run (SplitMix64).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).expect("it is below the limit")
    }
}

/// Valid requests of every kind, to be changed.
const SEEDS: [&str; 7] = [
    "GET /crm/bulk/v6/backup HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n",
    "GET /crm/bulk/v6/backup HTTP/1.1\r\nhost: 127.0.0.1:8095\r\nif-none-match: \"x\", W/\"y\", *\r\nconnection: close\r\n\r\n",
    "OPTIONS /crm/bulk/v6/backup HTTP/1.1\r\nhost: [::1]\r\norigin: https://portal.example\r\nconnection: close\r\n\r\n",
    "GET /healthz HTTP/1.0\r\n\r\n",
    "GET /readyz?x=%00 HTTP/1.1\r\nhost: a\r\nsec-fetch-site: cross-site\r\nconnection: close\r\n\r\n",
    "POST /crm/bulk/v6/backup HTTP/1.1\r\nhost: localhost\r\ncontent-length: 5\r\nexpect: 100-continue\r\n\r\nhello",
    "GET / HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
];
/// What parsers stumble over.
const PIECES: [&str; 14] = [
    "\r\n",
    "\n",
    "\0",
    "\u{ff}",
    " ",
    ":",
    "\r\n\r\n",
    "host: localhost\r\n",
    "content-length: 18446744073709551616\r\n",
    "transfer-encoding: chunked\r\n",
    "http://evil.example",
    "%",
    "HTTP/2.0",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
];

fn mutate(numbers: &mut Numbers) -> Vec<u8> {
    let mut request = SEEDS[numbers.below(SEEDS.len())].as_bytes().to_vec();
    for _ in 0..=numbers.below(4) {
        let at = numbers.below(request.len() + 1);
        let end = (at + numbers.below(20)).min(request.len());
        let piece = match numbers.below(6) {
            0 => Vec::new(),
            1 => vec![numbers.next().to_le_bytes()[0]],
            2 => PIECES[numbers.below(PIECES.len())].into(),
            3 => request[at..end].repeat(1 + numbers.below(40)),
            4 => SEEDS[numbers.below(SEEDS.len())].into(),
            _ => vec![b'a'; numbers.below(20_000)],
        };
        request.splice(at..end, piece);
    }
    request
}

#[test]
fn ten_thousand_mutated_requests_neither_stop_it_nor_make_it_fail() {
    const REQUESTS: u64 = 10_000;
    const THREADS: u64 = 4;
    let zoho = Zoho::start();
    let mut command = listening_on_socket(&zoho);
    command.args(["--allowed-origins", "https://portal.example"]);
    let (program, place) = Program::start(command);
    assert_eq!(place.get(PATH).status, 200);
    let path = &zoho.path("socket");
    let send = |request: &[u8]| -> Vec<u8> {
        let mut stream = UnixStream::connect(path).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_secs(5))).expect("a limit");
        // It may have answered and closed the connection before it has read everything.
        let _ = stream.write_all(request);
        let _ = stream.shutdown(Shutdown::Write);
        let mut answer = Vec::new();
        match stream.read_to_end(&mut answer) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                panic!("no end of the answer to {:?}", String::from_utf8_lossy(request))
            }
            _ => answer,
        }
    };
    let statuses = thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|thread| {
                scope.spawn(move || {
                    let (mut numbers, mut statuses) = (Numbers(thread), std::collections::BTreeMap::new());
                    for _ in 0..REQUESTS / THREADS {
                        let request = mutate(&mut numbers);
                        let answer = send(&request);
                        let status =
                            answer.get(9..12).map(|status| String::from_utf8_lossy(status).into_owned());
                        let status = status.unwrap_or_default();
                        let is_expected =
                            ["", "100", "200", "204", "304", "400", "403", "404", "405", "414", "431"]
                                .contains(&&*status);
                        assert!(is_expected, "{status} to {:?}", String::from_utf8_lossy(&request));
                        *statuses.entry(status).or_insert(0_usize) += 1;
                    }
                    statuses
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().expect("it holds")).fold(
            std::collections::BTreeMap::new(),
            |mut all, part| {
                part.into_iter().for_each(|(status, count)| *all.entry(status).or_insert(0) += count);
                all
            },
        )
    });
    println!("{statuses:?}");
    assert!(statuses.len() > 6, "the requests reach every part: {statuses:?}");
    assert_eq!((place.get(PATH).status, place.get("/readyz").status), (200, 200));
    let log = program.lines();
    let bad = log.iter().find(|line| line.contains("panicked") || line.contains("ERROR"));
    assert_eq!(bad, None);
    assert_eq!(zoho.sandbox.record().all().len(), 2, "none of them reached Zoho");
    // The place is a Unix socket, as behind a web server.
    assert!(matches!(place, Place::Unix(_)));
}
