//! Property tests: origins and hosts that are a few edits away from an allowed one are refused.

mod downstream;

use std::sync::LazyLock;

use downstream::{BACKUP, FakeUpstream, LISTED, Reply, Running, bare};
use proptest::prelude::*;
use tokio::runtime::Runtime;

const HOSTS: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// One gateway for all cases, and its upstream.
struct Subject {
    runtime: Runtime,
    upstream: FakeUpstream,
    gateway: Running,
}

static SUBJECT: LazyLock<Subject> = LazyLock::new(|| {
    let runtime = Runtime::new().expect("a runtime");
    let upstream = FakeUpstream::scheduled();
    let gateway = runtime.block_on(Running::to(upstream.clone()));
    Subject { runtime, upstream, gateway }
});

/// The response to a request with these headers; `None` if hyper closes the connection without one.
fn ask(headers: &[(&str, &[u8])]) -> Option<Reply> {
    let request = bare("GET", BACKUP, "");
    let mut bytes = request.strip_suffix("\r\n").expect("an end").as_bytes().to_vec();
    for (name, value) in headers {
        bytes.extend_from_slice(&[name.as_bytes(), b": ", value, b"\r\n"].concat());
    }
    bytes.extend_from_slice(b"\r\n");
    let answer = SUBJECT.runtime.block_on(SUBJECT.gateway.raw(bytes));
    (!answer.is_empty()).then(|| Reply::read(&answer))
}

#[derive(Clone, Debug)]
enum Edit {
    Insert(usize, u8),
    Replace(usize, u8),
    Remove(usize),
    Swap(usize),
    Double(usize),
    ChangeCase(usize),
    Cut(usize),
    Append(&'static [u8]),
    Prepend(&'static [u8]),
}

const ENDS: [&[u8]; 16] = [
    b".",
    b"/",
    b":",
    b":80",
    b":443",
    b":1",
    b".evil.example",
    b"@evil.example",
    b",",
    b" x",
    b"?",
    b"#",
    b"%00",
    b"\xc3\xb6",
    b";",
    b"*",
];
const STARTS: [&[u8]; 9] =
    [b"evil", b"http://", b"https://", b"//", b"x@", b"evil.example, ", b"www.", b"null ", b"\xe2\x80\xae"];

fn any_edit() -> impl Strategy<Value = Edit> {
    let at = 0..64_usize;
    prop_oneof![
        (at.clone(), any_byte()).prop_map(|(at, byte)| Edit::Insert(at, byte)),
        (at.clone(), any_byte()).prop_map(|(at, byte)| Edit::Replace(at, byte)),
        at.clone().prop_map(Edit::Remove),
        at.clone().prop_map(Edit::Swap),
        at.clone().prop_map(Edit::Double),
        at.clone().prop_map(Edit::ChangeCase),
        at.prop_map(Edit::Cut),
        prop::sample::select(&ENDS[..]).prop_map(Edit::Append),
        prop::sample::select(&STARTS[..]).prop_map(Edit::Prepend),
    ]
}

/// A byte that a header may contain; mostly one that origins contain.
fn any_byte() -> impl Strategy<Value = u8> {
    let usual = prop::sample::select(&b"abehlopst.:/-@[]0123456789"[..]);
    let any = any::<u8>().prop_filter("no end of a line", |byte| !matches!(byte, b'\r' | b'\n'));
    prop_oneof![3 => usual, 1 => any]
}

fn edited(text: &str, edits: &[Edit]) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for edit in edits {
        let length = bytes.len();
        // An index within the bytes.
        let place = |at: usize| at % length.max(1);
        match *edit {
            Edit::Insert(at, byte) => bytes.insert(at % (length + 1), byte),
            Edit::Append(more) => bytes.extend_from_slice(more),
            Edit::Prepend(more) => drop(bytes.splice(..0, more.iter().copied())),
            _ if length == 0 => {}
            Edit::Replace(at, byte) => bytes[place(at)] = byte,
            Edit::Remove(at) => drop(bytes.remove(place(at))),
            Edit::Swap(at) => bytes.swap(place(at), place(at + 1)),
            Edit::Double(at) => bytes.insert(place(at), bytes[place(at)]),
            Edit::ChangeCase(at) => {
                bytes[place(at)] ^= 0x20 * u8::from(bytes[place(at)].is_ascii_alphabetic())
            }
            Edit::Cut(at) => bytes.truncate(place(at)),
        }
    }
    bytes
}

/// A header's value: the bytes without the white space around them.
fn value(bytes: &[u8]) -> &[u8] {
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\t');
    let start = bytes.iter().position(|byte| !is_space(byte)).unwrap_or(bytes.len());
    let end = bytes.iter().rposition(|byte| !is_space(byte)).map_or(start, |last| last + 1);
    &bytes[start..end]
}

/// Whether this is one of the gateway's own hosts, in any case, with or without a port.
fn is_a_host(written: &[u8]) -> bool {
    HOSTS.iter().any(|host| {
        let Some((name, port)) = written.split_at_checked(host.len()) else { return false };
        let is_port = |port: &[u8]| !port.is_empty() && port.iter().all(u8::is_ascii_digit);
        name.eq_ignore_ascii_case(host.as_bytes())
            && (port.is_empty() || port.strip_prefix(b":").is_some_and(is_port))
    })
}

fn assert_refused(reply: Option<Reply>, code: &[&str]) -> Result<(), TestCaseError> {
    prop_assert_eq!(SUBJECT.upstream.request_count(), 0);
    let Some(reply) = reply else { return Ok(()) };
    let readable = reply.headers.keys().any(|name| name.as_str().starts_with("access-control-"));
    prop_assert!(!readable, "{:?}", reply);
    // Without a body, hyper itself refused a malformed request.
    let is_hypers = reply.status == 400 && reply.body.is_empty();
    prop_assert!(is_hypers || code.contains(&reply.envelope().as_str()), "{:?}", reply);
    Ok(())
}

proptest! {
    // Failures are not saved to a file: it would not be part of the repository.
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_origin_close_to_a_listed_one_is_refused(
        listed in prop::sample::select(&LISTED[..]),
        edits in prop::collection::vec(any_edit(), 1..4),
    ) {
        let origin = edited(listed, &edits);
        prop_assume!(LISTED.iter().all(|listed| value(&origin) != listed.as_bytes()));
        assert_refused(ask(&[("host", b"localhost"), ("origin", &origin)]), &["ORIGIN_NOT_ALLOWED"])?;
    }

    #[test]
    fn a_second_origin_beside_a_listed_one_is_refused(
        listed in prop::sample::select(&LISTED[..]),
        edits in prop::collection::vec(any_edit(), 0..2),
        listed_first in any::<bool>(),
    ) {
        let origin = edited(listed, &edits);
        let mut headers = [("host", &b"localhost"[..]), ("origin", listed.as_bytes()), ("origin", &origin)];
        if !listed_first {
            headers.swap(1, 2);
        }
        assert_refused(ask(&headers), &["ORIGIN_NOT_ALLOWED"])?;
    }

    #[test]
    fn a_host_close_to_the_gateways_own_is_refused(
        known in prop::sample::select(&HOSTS[..]),
        edits in prop::collection::vec(any_edit(), 1..4),
    ) {
        let host = edited(known, &edits);
        prop_assume!(!is_a_host(value(&host)));
        // The second code is for values that are not text.
        assert_refused(ask(&[("host", &host)]), &["HOST_NOT_ALLOWED", "INVALID_HOST"])?;
    }

    #[test]
    fn a_second_host_beside_an_own_one_is_refused(
        known in prop::sample::select(&HOSTS[..]),
        edits in prop::collection::vec(any_edit(), 0..2),
        known_first in any::<bool>(),
    ) {
        let host = edited(known, &edits);
        let mut headers = [("host", known.as_bytes()), ("host", &host[..])];
        if !known_first {
            headers.swap(0, 1);
        }
        assert_refused(ask(&headers), &["INVALID_HOST"])?;
    }
}

/// The same client is served if it sends an allowed host and origin.
#[test]
fn listed_origins_and_own_hosts_are_served() {
    let runtime = Runtime::new().unwrap();
    runtime.block_on(async {
        let gateway = Running::to(FakeUpstream::scheduled()).await;
        for (host, origin) in HOSTS.into_iter().zip(LISTED) {
            let headers = format!("host: {host}:8095\r\norigin:  {origin} \t\r\n");
            let reply = gateway.send(bare("GET", BACKUP, &headers)).await;
            assert_eq!((reply.status, reply.header("access-control-allow-origin")), (200, Some(origin)));
        }
    });
}
