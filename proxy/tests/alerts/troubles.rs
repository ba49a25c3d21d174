//! A full disk, a clock that is set, a second process, and what an administrator sees.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use rusqlite::Connection;
use tokio::sync::Notify;
use tokio::time::Instant;
use zoho_backup_proxy::alerts::courier::{Courier, Parcel};
use zoho_backup_proxy::alerts::problem::Refusal;
use zoho_backup_proxy::failure::{Failure, TokenRefusal};
use zoho_backup_proxy::metrics::metrics;
use zoho_backup_proxy::status::status;
use zoho_backup_proxy::store::Store;
use zoho_backup_proxy::store::database::HISTORY;
use zoho_backup_proxy::store::stored_alert::AlertState;

use crate::folder::Folder;
use crate::world::{DAY, HOUR, World, YEAR, accepts, daily, pass, refuses, start, stop};

/// The run of day 1 fails, and that of day 3.
fn two_failures(now: u64) -> Result<(&'static str, Option<u64>), Failure> {
    let due = |day| Some(day * DAY + 2 * HOUR);
    Ok(match now / DAY {
        day @ (1 | 3) if now % DAY >= 8_400 => ("FAILED", due(day + 1)),
        day @ (2 | 4) if now % DAY < 2 * HOUR => ("FAILED", due(day)),
        _ => daily(now),
    })
}

const ALL: [&str; 4] = ["failed", "good-again (failed)", "failed", "good-again (failed)"];

#[tokio::test(start_paused = true)]
async fn a_full_disk_silences_nobody() {
    for pragma in ["PRAGMA max_page_count = 1", "PRAGMA query_only = 1"] {
        let world = World::new(two_failures, accepts);
        let folder = Folder::new();
        // A history that was begun before the disk was full: one more alert needs a further page.
        stop_at_once(&world, &folder).await;
        let filler = "INSERT INTO alert VALUES (1, 'x', 'known', 'failed', 0, 0, printf('%3500d', 0), 0, 0, 0, 0, 'known', 0)";
        Connection::open(folder.path().join(HISTORY)).unwrap().execute_batch(filler).unwrap();
        let is_full = Arc::new(AtomicBool::new(true));
        let switch = is_full.clone();
        let store = Store::open_with(folder.path(), YEAR, move |connection| {
            if switch.load(Ordering::Relaxed) { connection.execute_batch(pragma) } else { Ok(()) }
        });
        let gateway = world.gateway_with(store.clone());
        let running = start(&gateway);
        pass(2 * DAY + 12 * HOUR).await;
        assert!(store.report().problem.is_some(), "{pragma}: the disk is full");
        assert_eq!(world.accepted(), ALL[..2], "{pragma}");
        is_full.store(false, Ordering::Relaxed);
        pass(2 * DAY).await;
        stop(gateway, running).await;
        assert_eq!(world.accepted(), ALL, "{pragma}");
        let stored = Store::open(folder.path(), YEAR).alerts();
        let delivered = stored.iter().filter(|it| matches!(it.state, AlertState::Delivered(_))).count();
        assert_eq!(delivered, 4, "{pragma}: what was sent meanwhile is stored, too");
    }
}

#[tokio::test(start_paused = true)]
async fn what_waits_is_sent_when_a_folder_can_be_used_that_could_not_at_the_start() {
    let world =
        World::new(two_failures, |now| if now < 60 * HOUR { refuses(500, None) } else { accepts(now) });
    let folder = Folder::new();
    let gateway = world.gateway(folder.path());
    let running = start(&gateway);
    pass(60 * HOUR).await;
    stop(gateway, running).await;
    assert_eq!(world.accepted(), Vec::<String>::new());

    let is_broken = Arc::new(AtomicBool::new(true));
    let switch = is_broken.clone();
    let store = Store::open_with(folder.path(), YEAR, move |_| match switch.load(Ordering::Relaxed) {
        true => Err(rusqlite::Error::InvalidQuery),
        false => Ok(()),
    });
    let gateway = world.gateway_with(store.clone());
    let running = start(&gateway);
    pass(HOUR).await;
    assert!(store.report().problem.is_some());
    is_broken.store(false, Ordering::Relaxed);
    pass(2 * HOUR).await;
    stop(gateway, running).await;
    assert_eq!(world.accepted(), ALL[..2]);
}

async fn stop_at_once(world: &World, folder: &Folder) {
    let gateway = world.gateway(folder.path());
    let running = start(&gateway);
    pass(HOUR).await;
    stop(gateway, running).await;
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_is_set_by_a_day_tells_nothing_that_is_not_so() {
    for ahead in [DAY as i64, -(DAY as i64)] {
        let world = World::new(two_failures, accepts);
        let folder = Folder::new();
        let gateway = world.gateway(folder.path());
        let running = start(&gateway);
        for hour in 0..5 * 24 {
            // Right, wrong for ten hours, right again, at all times of the day.
            world.set_clock(if hour / 10 % 2 == 1 { ahead } else { 0 });
            pass(HOUR).await;
        }
        stop(gateway, running).await;
        assert_eq!(world.accepted(), ALL, "{ahead}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_is_set_while_nothing_can_be_read_is_no_hour() {
    let story = |now| match now {
        7_200..10_000 => Err(Failure::Unreachable),
        _ => Ok(("SCHEDULED", Some(30 * DAY))),
    };
    let world = World::new(story, accepts);
    let folder = Folder::new();
    let gateway = world.gateway(folder.path());
    let running = start(&gateway);
    pass(8_000).await;
    world.set_clock(DAY as i64);
    pass(2 * HOUR).await;
    stop(gateway, running).await;
    assert_eq!(world.accepted(), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn a_second_process_sends_nothing_until_the_first_ends() {
    let world = World::new(two_failures, accepts);
    let folder = Folder::new();
    let (first, second) = (world.gateway(folder.path()), world.gateway(folder.path()));
    let (running, standing_by) = (start(&first), start(&second));
    for _ in 0..60 {
        // It serves readers, and so reads what it could tell of.
        pass(HOUR).await;
        assert!(second.backup().await.expect("not busy").is_ok());
    }
    assert_eq!(world.accepted(), ALL[..2]);
    assert_eq!(second.upkeep().alerts.map(|alerts| alerts.waiting), Some(0), "nor does it decide");
    stop(first, running).await;
    pass(2 * DAY).await;
    assert_eq!(world.accepted(), ALL, "then it goes on where the first has ended");
    stop(second, standing_by).await;
}

#[tokio::test(start_paused = true)]
async fn an_administrator_sees_what_waits_and_why() {
    let world = World::new(two_failures, |now| if now < 2 * DAY { refuses(404, None) } else { accepts(now) });
    let folder = Folder::new();
    let gateway = world.gateway(folder.path());
    let running = start(&gateway);
    let pages = || {
        let (observed, upkeep) = (gateway.observations().so_far(), gateway.upkeep());
        (status(&observed, None, &upkeep)["alerts"].clone(), metrics(&observed, None, &upkeep))
    };
    pass(HOUR).await;
    let (alerts, text) = pages();
    assert_eq!(alerts, serde_json::json!({ "waiting": 0, "last_delivered": null, "last_problem": null }));
    assert!(text.contains("zoho_backup_proxy_alerts_waiting 0\n"), "{text}");
    pass(DAY + 3 * HOUR).await;
    let (alerts, text) = pages();
    assert_eq!((&alerts["waiting"], &alerts["last_problem"]["passes_by_itself"]), (&1.into(), &false.into()));
    let problem = alerts["last_problem"]["problem"].as_str().expect("a problem");
    assert!(problem.contains("HTTP 404") && problem.contains("check its address"), "{problem}");
    assert!(text.contains("zoho_backup_proxy_alerts_waiting 1\n"), "{text}");
    assert!(text.contains("zoho_backup_proxy_alert_failures_total{problem=\"refused\"} 2\n"), "{text}");
    pass(DAY).await;
    let (alerts, text) = pages();
    assert_eq!(alerts["waiting"], 0);
    assert!(alerts["last_delivered"].as_str().is_some_and(|at| at.starts_with("2026-11-28T0")), "{alerts}");
    assert!(text.contains("zoho_backup_proxy_alerts_sent_total 2\n"), "{text}");
    stop(gateway, running).await;
}

#[tokio::test(start_paused = true)]
async fn a_history_of_the_first_version_gets_the_table_of_alerts() {
    let world = World::new(two_failures, accepts);
    let folder = Folder::new();
    stop_at_once(&world, &folder).await;
    let before = Store::open(folder.path(), YEAR).observations();
    assert!(!before.is_empty());
    let connection = Connection::open(folder.path().join(HISTORY)).unwrap();
    connection.execute_batch("DROP TABLE alert; PRAGMA user_version = 1").unwrap();
    drop(connection);
    let store = Store::open(folder.path(), YEAR);
    assert_eq!((store.report().problem, store.report().moved_aside), (None, None));
    assert_eq!((store.observations(), store.alerts().len()), (before, 0));
    drop(store);
    let gateway = world.gateway(folder.path());
    let running = start(&gateway);
    pass(2 * DAY + 12 * HOUR).await;
    stop(gateway, running).await;
    assert_eq!(world.accepted(), ALL[..2]);
    let connection = Connection::open(folder.path().join(HISTORY)).unwrap();
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    let alerts: i64 = connection.query_row("SELECT count(*) FROM alert", [], |row| row.get(0)).unwrap();
    assert_eq!((version, alerts), (2, 2));
}

/// A receiver that never answers.
#[derive(Debug, Default)]
struct Silent {
    is_asked: Notify,
    ids: Mutex<Vec<String>>,
}

impl Courier for Silent {
    fn post(&self, parcel: Parcel) -> BoxFuture<'static, Result<u16, Refusal>> {
        self.ids.lock().unwrap().push(parcel.id);
        self.is_asked.notify_one();
        std::future::pending().boxed()
    }

    fn ping(&self) -> BoxFuture<'static, Result<u16, Refusal>> {
        std::future::pending().boxed()
    }
}

#[tokio::test(start_paused = true)]
async fn the_end_waits_for_a_receiver_for_a_second_and_the_next_process_sends_again() {
    let world = World::new(|_| Err(Failure::TokenRefused(TokenRefusal::Client)), accepts);
    let folder = Folder::new();
    let silent = Arc::new(Silent::default());
    let gateway = world.gateway_to(Store::open(folder.path(), YEAR), silent.clone());
    let running = start(&gateway);
    silent.is_asked.notified().await;
    let begun = Instant::now();
    stop(gateway, running).await;
    assert_eq!(begun.elapsed().as_secs(), 1);

    let gateway = world.gateway(folder.path());
    let running = start(&gateway);
    pass(10).await;
    assert_eq!(world.accepted(), Vec::<String>::new(), "the attempt that was cut off counts: it waits");
    pass(50).await;
    stop(gateway, running).await;
    let (before, after) = (silent.ids.lock().unwrap().clone(), world.posts());
    assert_eq!(before, after.iter().map(|post| post.id.clone()).collect::<Vec<_>>(), "by the same id");
}
