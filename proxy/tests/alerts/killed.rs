//! A process that is killed while it writes and sends alerts: each that was committed is there, and reaches the receiver by
//! one id.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{self, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use serde_json::Value;
use zoho_backup_core::alert::{Alert, Facts, News, Trouble};
use zoho_backup_core::instant::Timestamp;
use zoho_backup_proxy::alerts::delivery::Delivery;
use zoho_backup_proxy::alerts::format::AlertFormat;
use zoho_backup_proxy::alerts::http_courier::HttpCourier;
use zoho_backup_proxy::alerts::outbox::Outbox;
use zoho_backup_proxy::alerts::pace::Pace;
use zoho_backup_proxy::config::alerts::AlertSettings;
use zoho_backup_proxy::secret::Source;
use zoho_backup_proxy::store::Store;
use zoho_backup_proxy::store::stored_alert::{AlertState, StoredAlert};
use zoho_backup_proxy::zoho_clock::ZohoClock;

use crate::folder::Folder;
use crate::world::YEAR;

const FOLDER: &str = "TEST_ALERTS_TO_WRITE";
const RECEIVER: &str = "TEST_ALERTS_RECEIVER";
const KILLS: u64 = 300;

/// What the receiver got: the number of an alert and its id, in order.
type Received = Arc<Mutex<Vec<(u32, String)>>>;

fn delivery(folder: &Path, receiver: &str) -> Delivery {
    let outbox = Outbox::new(Store::open(folder, YEAR), ZohoClock::default());
    let url = Some(Source::Text(format!("http://{receiver}/").into()));
    let courier = HttpCourier::new(&AlertSettings { url, ..AlertSettings::default() }).expect("TLS");
    // A process that lives for milliseconds waits for none.
    let pace = Pace { first: Duration::ZERO, longest: Duration::ZERO, ..Pace::default() };
    Delivery::new(outbox, Arc::new(courier), AlertFormat::Json, "Killed".to_owned(), pace)
}

/// The alert of that number. Another process would give it another id.
fn alert(number: u32) -> StoredAlert {
    let at = Timestamp::from_millis(i64::from(number));
    let now = ZohoClock::default().moment().by_system();
    let created = zoho_backup_proxy::retry_after::timestamp(now);
    StoredAlert {
        id: format!("{number}-{}", process::id()),
        alert: Alert { news: News::Begun, trouble: Trouble::Failed, key: at, ended: Some(at), at: created },
        facts: serde_json::to_string(&Facts { failures_since: number, ..Facts::default() }.to_json())
            .unwrap(),
        attempts: 0,
        last_attempt: None,
        pause: Duration::ZERO,
        state: AlertState::Waiting,
    }
}

fn number(stored: &StoredAlert) -> u32 {
    stored.alert.key.as_millis() as u32
}

/// The process that is killed: it prints the number of each alert after that is committed, and sends meanwhile. In the test
/// run itself it does nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writes_and_sends_until_it_is_killed() {
    let (Some(folder), Ok(receiver)) = (env::var_os(FOLDER), env::var(RECEIVER)) else { return };
    let delivery = delivery(Path::new(&folder), &receiver);
    let outbox = delivery.outbox().clone();
    let sending = delivery.clone();
    tokio::spawn(async move { sending.run(|| 0).await });
    let next = outbox.store().alerts().last().map_or(0, |last| number(last) + 1);
    for number in next.. {
        outbox.add(vec![alert(number)]).await;
        assert_eq!(outbox.store().report().problem, None);
        println!("committed {number}");
    }
}

/// A receiver that accepts whatever comes whole.
fn receive(listener: TcpListener) -> Received {
    let received = Received::default();
    let posts = received.clone();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            if let Some(post) = read_post(&stream) {
                posts.lock().unwrap().push(post);
                // A sender that was killed does not read it.
                let _ =
                    (&stream).write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            }
        }
    });
    received
}

fn read_post(stream: &TcpStream) -> Option<(u32, String)> {
    let mut reader = BufReader::new(stream);
    let (mut length, mut id) = (0, None);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|length| *length > 0)?;
        let line = line.trim_end().to_ascii_lowercase();
        match line.split_once(": ") {
            Some(("content-length", value)) => length = value.parse().ok()?,
            Some(("idempotency-key", value)) => id = Some(value.to_owned()),
            _ if line.is_empty() => break,
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let body: Value = serde_json::from_slice(&body).expect("JSON");
    assert_eq!(body["id"].as_str(), id.as_deref(), "the header and the body have the same id");
    Some((body["failures_since"].as_f64().expect("a number") as u32, id.expect("an id")))
}

#[test]
fn every_alert_that_was_committed_is_delivered_by_one_id_after_kills_at_any_instant() {
    let folder = Folder::new();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let receiver = listener.local_addr().expect("an address").to_string();
    let received = receive(listener);
    let mut committed = BTreeSet::new();
    for kill in 0..KILLS {
        let mut child = Command::new(env::current_exe().expect("this program"))
            .args(["--exact", "killed::writes_and_sends_until_it_is_killed", "--nocapture"])
            .env(FOLDER, folder.path())
            .env(RECEIVER, &receiver)
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut lines =
            BufReader::new(child.stdout.take().expect("its output")).lines().map_while(Result::ok);
        let number_of = |line: String| line.split_once("committed ")?.1.parse::<u32>().ok();
        let first = lines.by_ref().find_map(number_of).expect("it writes");
        // Spread over the steps of writing and sending, in microseconds.
        thread::sleep(Duration::from_micros(kill * 7_919 % 20_011));
        child.kill().expect("it runs");
        child.wait().expect("its end");
        committed.insert(first);
        committed.extend(lines.filter_map(number_of));

        let store = Store::open(folder.path(), YEAR);
        assert_eq!((store.report().problem, store.report().moved_aside), (None, None), "kill {kill}");
        let stored: BTreeSet<_> = store.alerts().iter().map(number).collect();
        let oldest = stored.first().copied().unwrap_or_default();
        let lost: Vec<_> = committed.range(oldest..).filter(|number| !stored.contains(number)).collect();
        assert!(lost.is_empty(), "kill {kill}: {lost:?}");
    }

    // What waits is sent by a process that is not killed.
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let all: BTreeSet<u32> = runtime.block_on(async {
        let delivery = delivery(folder.path(), &receiver);
        let sending = delivery.clone();
        let sending = tokio::spawn(async move { sending.run(|| 0).await });
        while delivery.outbox().next().is_some() {
            tokio::task::yield_now().await;
        }
        sending.abort();
        delivery.idle().await;
        delivery.outbox().store().close().await;
        delivery.outbox().store().alerts().iter().map(number).collect()
    });
    let mut ids = BTreeMap::<u32, BTreeSet<String>>::new();
    let received = received.lock().unwrap().clone();
    for (number, id) in &received {
        ids.entry(*number).or_default().insert(id.clone());
    }
    println!(
        "{KILLS} kills, {} alerts committed and printed, {} in all, {} posts, {} of them again",
        committed.len(),
        ids.len(),
        received.len(),
        received.len() - ids.len()
    );
    let missing: Vec<_> = committed.iter().chain(&all).filter(|number| !ids.contains_key(number)).collect();
    assert!(missing.is_empty(), "not delivered: {missing:?}");
    let several: Vec<_> = ids.iter().filter(|(_, ids)| ids.len() > 1).collect();
    assert!(several.is_empty(), "several ids: {several:?}");
    assert!(ids.values().flatten().all(|id| !id.is_empty()));
    let again = received.len() - ids.len();
    assert!(again <= KILLS as usize, "at most one more for each kill: {again}");
}
